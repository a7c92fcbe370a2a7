"""The text of an order: paragraphs, numbered points, fields in braces, and what is wrong with it (pure).

An editor writes what she would type: paragraphs, then points that begin with their numbers («1. …», «2.1. …»; at most
four levels, ГОСТ Р 7.0.97-2025). `{администратор.вин}` is a field in a form, `[…]` is left out where a field in it is
empty. Points are numbered anew, so that one left out leaves no gap.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

MOST_LEVELS = 4
_POINT = re.compile(r"(\[?)\s*(?:(\d{1,2}(?:\.\d{1,2})+)\.?|(\d{1,2})\.)\s+(?=\S)")
_SPACES = re.compile(r"[^\S\u00a0]+")  # all but the one that keeps «5 мая» on a line
_SLOT = re.compile(r"\{([^{}\n]*)\}")
_NUMBER_SIGN = re.compile(r"№ +")
_GROUP = re.compile(r"\[([^\[\]\n]*)\]")


@dataclass(frozen=True, slots=True)
class Slot:
    """A field asked for in the text: its name and the forms after the dots («администратор», («должность», «вин»))."""

    name: str
    forms: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "Slot":
        """Read what stands between the braces."""
        name, *forms = (part.strip().casefold() for part in text.split("."))
        return cls(name, tuple(forms))


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a text and where: the line and the column an editor counts from 1, the words, what to do."""

    line: int
    column: int
    words: str
    message: str


@dataclass(frozen=True, slots=True)
class Point:
    """A numbered point: «2.1.», its level from 1, its text."""

    number: str
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Body:
    """A text with its fields filled in: what stands before «ПРИКАЗЫВАЮ», and the points after it."""

    preamble: tuple[str, ...]
    points: tuple[Point, ...]


def slots_of(text: str) -> list[Slot]:
    """The fields a text asks for, each once, in the order they are met."""
    return list(dict.fromkeys(Slot.of(found[1]) for found in _SLOT.finditer(text)))


def fill(text: str, value_of: Callable[[Slot], str], blank: str = "") -> Body:
    """Fill the fields in and number the points.

    `value_of` returns "" for a field that is empty, which leaves out the brackets it stands in; outside of brackets it
    is written as `blank`.
    """
    preamble: list[str] = []
    points: list[Point] = []
    counters: list[int] = []
    for line in text.splitlines():
        level, rest = _level(line.strip())
        words = _NUMBER_SIGN.sub("№\u00a0", _SPACES.sub(" ", _filled(rest, value_of, blank)).strip())
        if not words:
            continue
        if level == 0 and not points:
            preamble.append(words)
            continue
        level = min(level or 1, len(counters) + 1)
        counters = [*counters[: level - 1], (counters[level - 1] if len(counters) >= level else 0) + 1]
        points.append(Point("".join(f"{number}." for number in counters), level, words))
    return Body(tuple(preamble), tuple(points))


def _level(line: str) -> tuple[int, str]:
    """(0 for a paragraph or the level of a point, the line without its number)."""
    found = _POINT.match(line)
    if found is None:
        return 0, line
    return (found[2] or found[3]).count(".") + 1, found[1] + line[found.end() :]


def _filled(line: str, value_of: Callable[[Slot], str], blank: str) -> str:
    def group(found: re.Match[str]) -> str:
        asked = [Slot.of(slot[1]) for slot in _SLOT.finditer(found[1])]
        return found[1] if all(value_of(slot) for slot in asked) else ""

    return _SLOT.sub(lambda found: value_of(Slot.of(found[1])) or blank, _GROUP.sub(group, line))


def mistakes_of(text: str, known: Callable[[Slot], str]) -> list[Mistake]:
    """All that keeps a text from being a template: unknown fields, loose braces, a fifth level, no point at all.

    `known` returns why a field cannot be used, "" where it can.
    """
    found = [
        mistake for number, line in enumerate(text.splitlines(), start=1) for mistake in _of_line(number, line, known)
    ]
    if not any(_level(line.strip())[0] for line in text.splitlines()):
        found.append(Mistake(1, 1, "", "В приказе нет ни одного пункта. Пункт начинается с номера: «1. Назначить…»."))
    return found


def _of_line(number: int, line: str, known: Callable[[Slot], str]) -> Iterator[Mistake]:
    for slot in _SLOT.finditer(line):
        if why := known(Slot.of(slot[1])):
            yield Mistake(number, slot.start() + 1, slot[0], why)
    for group in _GROUP.finditer(line):
        if not _SLOT.search(group[1]):
            message = "В квадратных скобках нет поля: такие скобки пропадут. Впишите сведения или уберите скобки."
            yield Mistake(number, group.start() + 1, group[0], message)
    loose = _GROUP.sub(lambda group: " " + group[1] + " ", _SLOT.sub(lambda slot: " " * len(slot[0]), line))
    for sign in re.finditer(r"[{}\[\]]", loose):
        yield Mistake(number, sign.start() + 1, sign[0], f"Скобка «{sign[0]}» без пары: закройте или уберите её.")
    level, _ = _level(line.strip())
    if level > MOST_LEVELS:
        words = line.strip().split()[0]
        yield Mistake(number, 1, words, f"Уровней пунктов не больше {MOST_LEVELS}: перенесите пункт выше.")


# What is left of somebody else's order, or of nobody's.
_BLANK = re.compile(
    r"_{3,}|-{4,}|<[^<>\n]{1,60}>|\bX{3,}\b|\bХ{3,}\b|…{2,}|(?<!\w)…(?!\w)|\.{4,}|\bФИО\b|\bTODO\b|\b00\.00\.0000\b"
    r"|\((?:наименование|указать|вписать)[^()\n]*\)"
)
_NUMBERED = re.compile(
    r"\b(школ\w{0,3}(?:-интернат\w{0,3})?|гимнази\w{0,3}|лице\w{0,3}|(?:детск\w+\s+)?сад\w{0,3}|интернат\w{0,3}|ЦДО|ДДТ|ОУ|СОШ|ООШ"
    r"|[А-ЯЁ]{2,6}ОУ)(?:\s+[А-ЯЁ]{3,4})?\s*(?:(?:№|N|номер)\s*(\d{1,4})|(\d{1,4})(?=\s*(?:[.,;:)»]|$)))",
    re.IGNORECASE,
)
_KINDS_OF_BODIES = re.compile(
    r"\b(?:Г|М|Ч|К)?(?:А|Б|К)?У\s+(?:ДПО\s+)?[А-ЯЁ]{2,6}\b|\bИМЦ\b|\bИРО\b|\bЦОКО\b|\bРЦОКОиИТ\b"
    r"|\b[ГМЧ]?[АБК]?[А-ЯЁ]{0,4}(?:ОУ|УДО|У)\s+«[^»\n]{2,80}»+|[Ии]нформационно-методическ\w+\s+центр\w*"
)


def leftovers(
    text: str, *, own_names: Collection[str], other_names: Collection[str] = (), foreign: bool = True
) -> list[Mistake]:
    """Blanks nobody filled in, and organisations that are not the one issuing the order.

    `own_names` are all names of the organisation, `other_names` those of its neighbours. A body above schools writes
    about many of them: for it nothing is foreign.
    """
    own = " ".join(own_names)
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        found += [
            Mistake(
                number, blank.start() + 1, blank[0], "Осталось незаполненное место: впишите сведения или уберите его."
            )
            for blank in _BLANK.finditer(line)
        ]
        if not foreign:
            continue
        found += [
            Mistake(number, at + 1, words, f"«{words}» — не ваша организация: текст взят из чужого приказа?")
            for at, words in _foreign(line.replace("\u00a0", " "), own, other_names)
        ]
    return found


def _foreign(line: str, own: str, other_names: Collection[str]) -> Iterator[tuple[int, str]]:
    own_numbers = set(re.findall(r"№\s*(\d{1,4})", own))
    for school in _NUMBERED.finditer(line):
        if (school[2] or school[3]) not in own_numbers:
            yield school.start(), school[0]
    for body in _KINDS_OF_BODIES.finditer(line):
        if body[0] not in own:
            yield body.start(), body[0]
    for name in other_names:
        at = line.casefold().find(name.casefold()) if len(name) > 5 and name not in own else -1
        if at >= 0 and not _NUMBERED.search(line):
            yield at, name
