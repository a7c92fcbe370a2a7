"""A school's name taken apart: its number, kind and level, and the words that are its own (pure).

«МБОУ СОШ № 12А с. Ивановка» and «Муниципальное бюджетное общеобразовательное учреждение "Средняя общеобразовательная
школа №12-А" села Ивановка» come apart into the same parts. The legal form is left out.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from schools.codes import fold, tidy
from schools.reconciling.words import is_typo, joined, sort_of, stem, unglued


class Name(NamedTuple):
    """The parts of a name; `words` are stems in their order, without those any school may have, `shown` as written."""

    numbers: tuple[str, ...]
    kinds: frozenset[str]
    level: str
    words: tuple[str, ...]
    is_private: bool
    shown: tuple[str, ...] = ()
    honour: frozenset[str] = frozenset()  # those of the words that stand after «имени»

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for names that say the same."""
        return self.numbers, self.kinds, self.level, tuple(sorted(self.words))

    @property
    def core(self) -> frozenset[str]:
        """Kinds that tell organisations apart: «школа», «центр» and «комплекс» do not."""
        return self.kinds - _LOOSE_KINDS


_LOOSE_KINDS = frozenset({"школа", "центр", "комплекс"})
# Grammar, types of places, and words that any school may carry without another one being meant.
_EMPTY = frozenset(
    """и в на при для с со к о об из по им имени г гор город города городе село села с пос поселок поселка поселке п
    пгт рп д дер деревня деревни ст станица станицы х хутор хутора аул аула мкр р н рн район района районный районная
    области область обл край края республика республики округ округа муниципального муниципальный городского городской
    образования образование обучения открытая углубленным углубленного изучением изучения отдельных предметов предмета
    вида вид типа тип очная общего среднего основного начального высшего полного детский детского обще общественная
    специальная специальное общеобразовательных дополнительного обучающихся воспитанников ограниченными возможностями
    здоровья героя советского союза российской федерации россии рф no номер""".split()
)
_LONG_EMPTY = tuple(sorted(word for word in _EMPTY if len(word) > 5))  # known misspelt too
_PLACE_TYPES = frozenset(
    """г гор город города с село села п пос поселок поселка пгт рп д дер деревня деревни ст станица станицы х хутор
    хутора аул аула мкр""".split()
)
_SHIFT = re.compile(r"\b([овОВ])\s*\(\s*[сСcC]\s*\)\s*([оО][шШ])\b")
_TOUCHING = re.compile(r"(?<=\d)(?=[^\W\d_]{2})|(?<=[^\W\d_]{2})(?=\d)")
_LATIN = str.maketrans("aeopcxykmhtbABEKMHOPCTX", "аеорсхукмнтвАВЕКМНОРСТХ")
_SIGNS = re.compile(r"[^\w]+")


@lru_cache(maxsize=100_000)
def parse(text: str) -> Name:
    """Take a name apart; never raises."""
    shown = _TOUCHING.sub(" ", _SHIFT.sub(r"\1с\2", tidy(text)))
    numbers, rest = _numbers(shown)
    pieces = [part for word in _SIGNS.sub(" ", fold(rest)).split() for part in unglued(_cyrillic(word))]
    sorts = [(word, sort_of(word)) for word in joined(pieces)]
    own = [word for word, sort in sorts if not sort.is_known and _is_own(word)]
    return Name(
        numbers=tuple(sorted(numbers)),
        kinds=frozenset(kind for _, sort in sorts for kind in sort.kinds),
        level=next((sort.level for _, sort in sorts if sort.level), ""),
        words=tuple(map(stem, own)),
        is_private=any(sort.is_private for _, sort in sorts),
        shown=tuple(own),
        honour=frozenset(map(stem, _honour([word for word, _ in sorts]))),
    )


def _honour(words: list[str]) -> list[str]:
    """What stands after «имени» until a place begins: «имени А. С. Пушкина с. Ключи» ends at «с.», initials do not."""
    start = next((at for at, word in enumerate(words) if word in {"имени", "им"}), len(words))
    for at in range(start + 1, len(words)):
        around = words[at - 1], words[at + 1] if at + 1 < len(words) else ""
        is_initial = len(words[at]) == 1 and (at == start + 1 or 1 in map(len, around))
        if words[at] in _PLACE_TYPES and not is_initial:
            return words[start + 1 : at]
    return words[start + 1 :]


@lru_cache(maxsize=65536)
def _is_own(word: str) -> bool:
    if word.isdigit():
        return True
    if word in _EMPTY or len(word) < 2:
        return False
    return len(word) < 6 or not any(is_typo(word, one) for one in _LONG_EMPTY)


def is_usual(word: str) -> bool:
    """Whether a word of a name says nothing of which school it is: grammar, form, kind."""
    return not _is_own(word) or sort_of(word).is_known


def _cyrillic(word: str) -> str:
    """Latin look-alikes inside a Russian word; a Roman number stays Latin."""
    return word if word.isascii() else word.translate(_LATIN)


# Numbers


_FOUND = re.compile(
    r"""(?P<sign>(?:№|\#|(?<!\w)N[oº]?\.?|(?<!\w)номер)\s*)?
        (?<![\w])0*(?P<digits>\d+(?:/\d+)*)
        (?P<tail>(?P<gap>\s?[-–—]\s?|\s?["«“'`]\s?|\s?)(?P<letter>[A-Za-zА-Яа-яЁё])(?!\w))?""",
    re.VERBOSE,
)
_KIND_BEFORE = re.compile(
    r"(?:школ[аы]?|лице[йя]|гимнази[яи]|интернат|[а-я]{0,3}ош[и]?|сш|цо|центр|образования|колледж|сад)\s*[-–«\"]?\s*$"
)
_ORDINAL_AFTER = re.compile(
    r"\s*-?\s*(?:лет|ти\b|го\b|й\b|я\b|е\b|ой\b|ая\b|мая|октябр|январ|феврал|июн|съезд|дивизи|гвардей|геро)"
)
_RATHER_WORDS = frozenset("ивскогпдху")  # lone letters after a number that are words or «г.», «п.» more often than not


def _numbers(text: str) -> tuple[set[str], str]:
    """The school's own numbers, «12а» with their letter, and the text without them; other numbers stay words."""
    found = [(match, _letter(match, text)) for match in _FOUND.finditer(text)]
    signed = [pair for pair in found if pair[0]["sign"]]
    own = signed or [pair for pair in found if _follows_kind(pair[0], text)] or _first_plain(found, text)
    rest, at = "", 0
    for match, letter in own:
        end = match.end() if letter else match.start("tail") if match["tail"] else match.end()
        rest, at = f"{rest}{text[at : match.start()]} ", end
    return {match["digits"] + letter for match, letter in own}, rest + text[at:]


def _follows_kind(match: re.Match[str], text: str) -> bool:
    before = fold(text[max(match.start() - 24, 0) : match.start()] + "|").removesuffix("|")
    return bool(_KIND_BEFORE.search(before)) and not _is_ordinal(match, text)


def _is_ordinal(match: re.Match[str], text: str) -> bool:
    return bool(_ORDINAL_AFTER.match(fold(text[match.end("digits") : match.end("digits") + 12])))


def _first_plain(found: "list[tuple[re.Match[str], str]]", text: str) -> "list[tuple[re.Match[str], str]]":
    return [pair for pair in found if not _is_ordinal(pair[0], text)][:1]


def _letter(match: re.Match[str], text: str) -> str:
    """The letter that belongs to a number: «12А», «12-а», «12 "А"», «12 А»; not «12 г. Энска», not «5-я»."""
    if not match["tail"]:
        return ""
    letter, gap = fold(match["letter"].translate(_LATIN)), match["gap"]
    after = text[match.end() :]
    if gap.strip() in {"-", "–", "—"}:
        return "" if letter in "йяе" else letter
    if gap and not gap.isspace() and not re.match(r"\s*[\"»”'`]", after):
        return ""
    if after.startswith("."):
        return ""
    if gap.isspace() and letter in _RATHER_WORDS:
        return letter if match["letter"].isupper() and not _is_shouted(text) else letter if not after.strip() else ""
    return letter


def _is_shouted(text: str) -> bool:
    return text.upper() == text
