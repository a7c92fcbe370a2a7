"""What happens to a list of schools on its way: misspelt, renumbered and merged names, lost zeros, shuffled columns."""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

MISSPELT = Path(__file__).parents[3] / "shared/data/schools/name-typos.txt"
_WORD = re.compile(r"[А-Яа-яЁё-]{6,}")
_LATIN = str.maketrans("аеорсхАЕОРСХМТНК", "aeopcxAEOPCXMTHK")
_SOUNDS = str.maketrans("оаеиыяшщтдкгбп", "аоиеиешщдтгкпб")
_FORMS = (
    ("Государственное бюджетное общеобразовательное учреждение", "ГБОУ"),
    ("Государственное бюджетное образовательное учреждение", "ГБОУ"),
    ("Муниципальное бюджетное общеобразовательное учреждение", "МБОУ"),
    ("Муниципальное казённое общеобразовательное учреждение", "МКОУ"),
    ("Муниципальное автономное общеобразовательное учреждение", "МАОУ"),
    ("средняя общеобразовательная школа", "СОШ"),
    ("основная общеобразовательная школа", "ООШ"),
)


@dataclass(frozen=True)
class Listed:
    """A school in a list: `truth` is which school it is, and None for one that our register does not have."""

    truth: int | None
    name: str
    territory: str = ""
    codes: dict[str, str] = field(default_factory=dict)
    was: str = ""  # what was done to it


# One name


def real_typos() -> list[tuple[str, str]]:
    """(wrong, right) pairs of people's own misspellings, where they are at hand."""
    if not MISSPELT.exists():
        return []
    pairs = (line.split("\t")[:2] for line in MISSPELT.read_text(encoding="utf-8").splitlines() if "\t" in line)
    return [(wrong.strip(), right.strip()) for wrong, right in pairs]


def misspelt(name: str, dice: random.Random, typos: Sequence[tuple[str, str]] = ()) -> str:
    """A name with one mistake or two of those people make; its numbers stay."""
    for _ in range(dice.choice((1, 1, 1, 2))):
        name = _once(name, dice, typos)
    return name


def _once(name: str, dice: random.Random, typos: Sequence[tuple[str, str]]) -> str:
    fitting = [pair for pair in typos if pair[1].lower() in name.lower() and not re.search(r"\d", "".join(pair))]
    if fitting and dice.random() < 0.5:
        wrong, right = dice.choice(fitting)
        return re.sub(re.escape(right), lambda _: wrong, name, count=1, flags=re.IGNORECASE)
    while True:
        changed = dice.choice(_MISTAKES)(name, dice)
        if changed != name:
            return changed


def _in_a_word(change: Callable[[str, random.Random], str]) -> Callable[[str, random.Random], str]:
    def changed(name: str, dice: random.Random) -> str:
        words = list(_WORD.finditer(name))
        if not words:
            return name.upper() if name != name.upper() else name.lower()
        word = dice.choice(words)
        return name[: word.start()] + change(word.group(), dice) + name[word.end() :]

    return changed


def _dropped(word: str, dice: random.Random) -> str:
    at = dice.randrange(1, len(word))
    return word[:at] + word[at + 1 :]


def _doubled(word: str, dice: random.Random) -> str:
    at = dice.randrange(1, len(word))
    return word[:at] + word[at] + word[at:]


def _swapped(word: str, dice: random.Random) -> str:
    at = dice.randrange(1, len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _heard(word: str, dice: random.Random) -> str:
    at = dice.randrange(1, len(word))
    return word[:at] + word[at].translate(_SOUNDS) + word[at + 1 :]


def _latin(word: str, dice: random.Random) -> str:
    at = dice.randrange(len(word))
    return word[:at] + word[at].translate(_LATIN) + word[at + 1 :]


def _broken(word: str, dice: random.Random) -> str:
    at = dice.randrange(3, len(word) - 2)
    return word[:at] + dice.choice((" ", "-", "- ")) + word[at:]


def _glued(name: str, dice: random.Random) -> str:
    gaps = [match.start() for match in re.finditer(r"(?<=[а-яё]{4}) (?=[а-яё]{5})", name)]
    if not gaps:
        return name
    at = dice.choice(gaps)
    return name[:at] + name[at + 1 :]


def _abbreviated(name: str, dice: random.Random) -> str:
    for long, short in _FORMS:
        if long.lower() in name.lower():
            return re.sub(long, short, name, count=1, flags=re.IGNORECASE)
    return name


def _without_yo(name: str, dice: random.Random) -> str:
    return name.replace("ё", "е").replace("Ё", "Е")


def _requoted(name: str, dice: random.Random) -> str:
    quotes = dice.choice((('"', '"'), ("“", "”"), ("", ""), ("„", "“")))
    return name.replace("«", quotes[0]).replace("»", quotes[1]).replace("№ ", dice.choice(("№", "N ", "№  ")))


_MISTAKES: tuple[Callable[[str, random.Random], str], ...] = (
    *(_in_a_word(change) for change in (_dropped, _doubled, _swapped, _heard, _latin, _broken)),
    _glued,
    _abbreviated,
    _requoted,
    _without_yo,
    lambda name, dice: name.upper(),
)


def renumbered(name: str, dice: random.Random, taken: set[str]) -> str:
    """The same name under a number no school has: with a letter, with a digit more, turned round, another one."""
    found = re.search(r"№ ?(\d+)", name)
    if found is None:
        return name
    number = found[1]
    while True:
        near = (
            number + dice.choice("АБ"),
            number + dice.choice("0123456789"),
            number[::-1],
            str(dice.randrange(1, 99999)),
        )
        other = dice.choice(near)
        if other not in taken and other[0] != "0":
            taken.add(other)
            return f"{name[: found.start(1)]}{other}{name[found.end(1) :]}"


# The whole list


def damaged(
    schools: Sequence[Listed],
    seed: int,
    *,
    typos: Sequence[tuple[str, str]] = (),
    shares: tuple[float, float, float] = (0.05, 0.03, 0.02),
) -> list[Listed]:
    """The list with 5 % of names misspelt, 3 % renumbered and 2 % merged into a neighbour; rows shuffled.

    A renumbered school keeps its codes; without them it is another school, since nothing says otherwise.
    """
    dice = random.Random(seed)
    order = list(range(len(schools)))
    dice.shuffle(order)
    wrong, other, gone = (round(len(order) * share) for share in shares)
    numbered = [place for place in order if re.search(r"№ ?\d", schools[place].name)]
    merged, renamed = set(order[:gone]), set([place for place in numbered if place not in order[:gone]][:other])
    spoilt = set([place for place in order if place not in merged | renamed][:wrong])
    taken = {number for school in schools for number in re.findall(r"№ ?(\d+[А-Я]?)", school.name)}
    out = []
    for place, school in enumerate(schools):
        if place in merged:
            continue
        if place in renamed:
            out.append(replace(school, name=renumbered(school.name, dice, taken), was="renumbered"))
        elif place in spoilt:
            out.append(replace(school, name=misspelt(school.name, dice, typos), was="misspelt"))
        else:
            out.append(school)
    dice.shuffle(out)
    return out
