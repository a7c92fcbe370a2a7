"""Names in cases: right forms per thousand against reference lists, beside what pytrovich alone makes of them.

The lists are petrovich's test data, in the folder that BENCH_NAMES tells (../shared/data/names by default). They hold two
references. The small one is theirs: forms written by hand. The large one is made here: every name of their gender lists
that pymorphy3's dictionary (OpenCorpora) knows as such, in the forms the dictionary gives. Where the dictionary allows two
forms either is right; ё and е are one letter. The dictionary was filled by a machine in part, so some of it is no Russian:
it holds «Пинчук» and «Кучма» still, and every man's name on -я. Such words are named in DOUBTFUL, and counted all the same.
"""

import csv
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from pymorphy3 import MorphAnalyzer
from pytrovich.detector import PetrovichGenderDetector
from pytrovich.enums import Case as PetrovichCase
from pytrovich.enums import Gender as PetrovichGender
from pytrovich.enums import NamePart
from pytrovich.maker import PetrovichDeclinationMaker

from chats.orders.cases import Case, Gender
from chats.orders.genders import gender_of
from chats.orders.name_parts import decline_part
from chats.orders.name_rules.rule import Part
from chats.orders.names import decline_name
from chats.orders.positions import decline_position
from staff.names import proper_case
from tests.bench.lines import at_most, not_below

FOLDER = Path(os.environ.get("BENCH_NAMES") or Path(__file__).parents[3] / "shared/data/names")
SHOWN = 60  # failures printed; the rest are counted
RIGHT, MILLISECONDS = 999.5, 1.0  # forms per thousand; for a person in all cases
CASES = {
    "рд": Case.GENITIVE,
    "дт": Case.DATIVE,
    "вн": Case.ACCUSATIVE,
    "тв": Case.INSTRUMENTAL,
    "пр": Case.PREPOSITIONAL,
}
TAGS = dict(zip(CASES.values(), ("gent", "datv", "accs", "ablt", "loct"), strict=True))
GENDERS: dict[str, Gender] = {"мр": "m", "жр": "f"}
PARTS: dict[Part, tuple[NamePart, str, str, str]] = {  # pytrovich's word for it, the dictionary's, its two lists
    "last_name": (NamePart.LASTNAME, "Surn", "surnames.gender.tsv", "surnames.misc.tsv"),
    "first_name": (NamePart.FIRSTNAME, "Name", "firstnames.gender.tsv", "firstnames.misc.tsv"),
    "patronymic": (NamePart.MIDDLENAME, "Patr", "midnames.gender.tsv", ""),
}
PEOPLE_COLUMNS = dict(zip(PARTS, ("lastname", "firstname", "midname"), strict=True))
PEOPLE_EXPECTED = dict(zip(PARTS, ("lastname", "firstname", "middlename"), strict=True))

DOUBTFUL = {  # of the dictionary: why its form is no model
    "a man's surname or name on a consonant held still": "масюк монсеррат пинчук савчук федорчук трофимофф",
    "unstressed а, я held still": "абидя аксания алья аминя афоня барилла бембя берия вала вилля гарсия геня гия гулия "
    "данелия дореаня еркия загиря закария закия захария зекерия кирикия куркулия кучма ларья мазия мота муршидя навоша "
    "пихоя ркия тюня цайся чайка шендля эйдя эркия",
    "а after a vowel declined": "айхуа алаа арменуа клаудиа",
    "-ем where -ом is said": "ахтырец гришковец кравец сосковец",
    "another word's forms": "верунчик гудзий застрожний самотечний чепурной",
}
_DOUBTED = {word for words in DOUBTFUL.values() for word in words.split()}
_MAKER, _DETECTOR = PetrovichDeclinationMaker(), PetrovichGenderDetector()


class Wanted(NamedTuple):
    """A word, its gender, a case, and the forms that are right."""

    part: Part
    word: str
    gender: Gender
    case: Case
    right: frozenset[str]


def run() -> list[str]:
    """Measure forms, genders and speed; return the lines to print."""
    if not FOLDER.is_dir():
        return [f"declension: no reference lists, for {FOLDER.name} is absent (BENCH_NAMES tells where)", *speed()]
    lines = judged("by hand", list(by_hand()))
    return [*lines, *judged("by the dictionary", list(by_dictionary()), goal=RIGHT), *genders(), *speed()]


def rows(name: str) -> Iterator[dict[str, str]]:
    """Rows of a list."""
    with (FOLDER / name).open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t")


def folded(text: str) -> str:
    """A form as it is compared."""
    return text.lower().replace("ё", "е")


# References


def by_hand() -> Iterator[Wanted]:
    """Forms that petrovich's authors wrote."""
    for part, (_, _, _, misc) in PARTS.items():
        for row in rows(misc) if misc else ():
            yield from wanted(part, row["lemma"], row["word"], row["grammemes"])
    for row in rows("people.tsv"):
        for part in PARTS:
            word, right = row[PEOPLE_COLUMNS[part]], row[f"{PEOPLE_EXPECTED[part]}_expected"]
            yield from wanted(part, word, right, row["grammemes"])


def wanted(part: Part, word: str, right: str, grammemes: str) -> Iterator[Wanted]:
    """A row of petrovich's lists; the nominative is not asked."""
    gender, _, case = grammemes.split(",")
    if word and case in CASES:
        yield Wanted(part, word, GENDERS[gender], CASES[case], frozenset([folded(right)]))


def by_dictionary() -> Iterator[Wanted]:
    """Forms that OpenCorpora's dictionary gives to names of the gender lists."""
    analyzer = MorphAnalyzer(lang="ru")
    for part, (_, tag, listed, _) in PARTS.items():
        for row in rows(listed):
            for gender in (GENDERS[name] for name in row["gender"].split("-")):
                forms = dictionary_forms(analyzer, row["lemma"].lower(), tag, {"m": "masc", "f": "femn"}[gender])
                for case, right in forms.items():
                    yield Wanted(part, proper_case(row["lemma"].lower()), gender, case, frozenset(right))


def dictionary_forms(analyzer: Any, word: str, tag: str, gender: str) -> dict[Case, set[str]]:
    """The forms of a word that the dictionary knows as this part of a name; none for others."""
    of_both = {"ms-f", "GNdr"}
    parses = [
        parse
        for parse in analyzer.parse(word)
        if {tag, "nomn", "sing"} <= parse.tag.grammemes
        and parse.is_known
        and not {"Abbr", "Infr"} & parse.tag.grammemes
        if {gender, *of_both} & parse.tag.grammemes
    ]
    found: dict[str, set[str]] = {}
    for form in (form for parse in parses for form in parse.lexeme if form.tag.number == "sing"):
        if form.tag.gender in (gender, None) or of_both & form.tag.grammemes:
            found.setdefault(form.tag.case, set()).add(folded(form.word))
    return {case: found[name] for case, name in TAGS.items() if name in found}


# What comes of it


def raw(one: Wanted) -> str:
    """What pytrovich alone makes of a word."""
    gender = {"m": PetrovichGender.MALE, "f": PetrovichGender.FEMALE}[one.gender]
    return _MAKER.make(PARTS[one.part][0], gender, PetrovichCase[one.case.name], one.word)


def ours(one: Wanted) -> str:
    """What the portal makes of a word."""
    return decline_part(one.part, one.word, one.gender).forms[one.case]


def judged(name: str, asked: list[Wanted], goal: float = 1000.0) -> list[str]:
    """Right forms per thousand: of each part in each case, raw and ours; then our failures."""
    total, wrong = Counter[Any](), {"raw": Counter[Any](), "ours": Counter[Any]()}
    failed: dict[tuple[Part, str, Gender], list[str]] = {}
    for one in asked:
        places = [(one.part, one.case), (one.part, ""), ("all", "")]
        total.update(places)
        if folded(raw(one)) not in one.right:
            wrong["raw"].update(places)
        if folded(ours(one)) not in one.right:
            wrong["ours"].update(places)
            told = f"{ours(one)}, not {'/'.join(sorted(one.right))}"
            failed.setdefault((one.part, one.word, one.gender), []).append(told)
    lines = [
        f"{name}, {part} {case}: raw {share(wrong['raw'], total, place)}, ours {share(wrong['ours'], total, place)} ‰ of {total[place]}"
        for place in total
        for part, case in [place]
    ]
    sure = sum(len(told) for key, told in failed.items() if folded(key[1]) not in _DOUBTED)
    goals = [not_below(f"{name}, right forms, doubtful references let pass, ‰", 1000 - 1000 * sure / len(asked), goal)]
    return [*sorted(lines), *goals, noise(name, asked), *failures(name, failed)]


def share(wrong: Counter[Any], total: Counter[Any], place: tuple[str, str]) -> str:
    """Right ones per thousand."""
    return f"{1000 - 1000 * wrong[place] / total[place]:.2f}"


def noise(name: str, asked: list[Wanted]) -> str:
    """How many words a person is asked to look at: a flag on every second one would soon be read by nobody."""
    words = {(one.part, one.word, one.gender) for one in asked}
    flagged = sum(bool(decline_part(*word).doubts) for word in words)
    return f"{name}: flagged unsure {flagged} of {len(words)} words, {1000 * flagged / len(words):.1f} ‰"


def failures(name: str, failed: dict[tuple[Part, str, Gender], list[str]]) -> list[str]:
    """The words that fail, those first that neither we nor this file doubt."""
    flagged = {key for key in failed if decline_part(*key).doubts}
    doubted = {key for key in failed if folded(key[1]) in _DOUBTED}
    lines = [
        f"  {word} ({gender}): {told[0]}{' [flagged]' if (part, word, gender) in flagged else ''}"
        f"{' [the reference is doubtful]' if (part, word, gender) in doubted else ''}"
        for (part, word, gender), told in sorted(
            failed.items(), key=lambda item: (item[0] in flagged | doubted, item[0])
        )
    ]
    rest = [f"  … and {len(lines) - SHOWN} words more"] if len(lines) > SHOWN else []
    silent = len(set(failed) - flagged - doubted)
    return [
        f"{name}: {len(failed)} words fail, {len(flagged)} of them flagged unsure, {len(doubted)} doubtful in the "
        f"reference, {silent} neither",
        *lines[:SHOWN],
        *rest,
    ]


# Genders


def genders() -> list[str]:
    """Genders told rightly, wrongly and not at all, by each part alone; names of both genders are left out."""
    return [f"gender by {part} alone: raw {told(raw_gender, part)}, ours {told(our_gender, part)}" for part in PARTS]


def told(detect: Any, part: Part) -> str:
    """Right, wrong and untold, per thousand."""
    listed = [row for row in rows(PARTS[part][2]) if row["gender"] in GENDERS]
    found = Counter(
        {GENDERS[row["gender"]]: "right", "": "untold"}.get(detect(part, row["lemma"]), "wrong") for row in listed
    )
    return " ".join(f"{name} {1000 * found[name] / len(listed):.1f}" for name in ("right", "wrong", "untold")) + " ‰"


def raw_gender(part: Part, word: str) -> Gender:
    """What pytrovich alone takes a word for."""
    names = dict(zip(PARTS, ("lastname", "firstname", "middlename"), strict=True))
    found = _DETECTOR.detect(**{names[part]: word})
    return {PetrovichGender.MALE: "m", PetrovichGender.FEMALE: "f"}.get(found, "")  # type: ignore[return-value]


def our_gender(part: Part, word: str) -> Gender:
    """What the portal takes a word for."""
    return gender_of(*(word if each == part else "" for each in PARTS)).gender


# Speed


def speed() -> list[str]:
    """CPU of a person in all cases, met for the first time and again; loading time and memory of the two libraries."""
    dice = random.Random(1)
    people = [made_up(dice) for _ in range(2000)]
    lines = [at_most("a person in all cases, met first, ms of CPU", in_all_cases(people), MILLISECONDS)]
    lines.append(at_most("a person in all cases, met again, ms of CPU", in_all_cases(people[-500:]), MILLISECONDS))
    return [*lines, *loading()]


def made_up(dice: random.Random) -> tuple[str, str, str]:
    """Three words in the shape of a name, none met twice."""
    stem = "".join(dice.choice("бвгдлмнрст") + dice.choice("аеиоу") for _ in range(3)).capitalize()
    return stem + dice.choice(("ов", "ский", "ко", "ец", "ль", "швили")), stem + "н", stem + "нович"


def in_all_cases(people: Iterable[tuple[str, str, str]]) -> float:
    """Milliseconds of CPU for one person."""
    people = list(people)
    begun = time.process_time()
    for person in people:
        for case in Case:
            decline_name(*person, case=case)
    return 1000 * (time.process_time() - begun) / len(people)


LOADING = """
import time
def held():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmRSS")).split()[1]) / 1024
before, begun = held(), time.process_time()
{work}
print(f"{{1000 * (time.process_time() - begun):.0f}} ms of CPU, {{held() - before:.0f}} MB")
"""
WORKS = {
    "names": "import chats.orders.names",
    "positions": "from chats.orders.cases import Case\nfrom chats.orders.positions import decline_position\n"
    "decline_position('учитель', Case.DATIVE)",
}


def loading() -> list[str]:
    """What loading costs, each library in a process of its own (Linux only); then a position met first."""
    lines = [
        f"loading of {name}: "
        + subprocess.check_output([sys.executable, "-c", LOADING.format(work=work)], text=True).strip()
        for name, work in WORKS.items()
    ]
    begun = time.process_time()
    for number in range(200):
        decline_position(f"старший методист отдела {number}", Case.DATIVE)
    return [*lines, f"a position met first: {5 * (time.process_time() - begun):.3f} ms of CPU"]
