"""Findings in words: the sentence a page opens with, the titles of its blocks, what the trend promises (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.forecasts import pace, weeks_to
from reports.indicators import MAIN_INDICATOR, Indicator
from reports.reading.figures import Figure
from reports.reading.tables import Child
from schools.texts import NBSP, counted, number, percent, plural

WORDS = ("ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять")
Noun = tuple[str, str, str]
SCHOOL: Noun = ("школа", "школы", "школ")
NOUNS: dict[str, Noun] = {
    "city_district": ("район", "района", "районов"),
    "district": ("район", "района", "районов"),
    "okrug": ("округ", "округа", "округов"),
    "city_okrug": ("округ", "округа", "округов"),
}
MUNICIPALITY: Noun = ("муниципалитет", "муниципалитета", "муниципалитетов")


def noun_of(kinds: Sequence[str]) -> Noun:
    """What the municipalities of a region are called where all of them are called alike."""
    nouns = {NOUNS.get(kind, MUNICIPALITY) for kind in kinds}
    return nouns.pop() if len(nouns) == 1 else MUNICIPALITY


def in_words(n: int, noun: Noun) -> str:
    """«три района», «14 районов», «одна школа»: numbers up to ten in words."""
    if n >= len(WORDS):
        return counted(n, *noun)
    word = WORDS[n]
    if noun[0].endswith(("а", "я")):
        word = {"один": "одна", "два": "две"}.get(word, word)
    return f"{word} {plural(n, *noun)}"


@dataclass(frozen=True, slots=True)
class Lead:
    """The opening sentence in pieces: before the number, the number, after it, the way as a link, a quieter line."""

    before: str
    value: str
    after: str
    link: str = ""
    tail: str = ""
    note: str = ""


def lead(figure: Figure, children: Sequence[Child], silent: int) -> Lead:
    """Say how the place is, whether the target is met, who is behind; nothing is invented where nothing is known."""
    subject = figure.indicator
    main = subject == MAIN_INDICATOR
    if figure.kind == "missing":
        return Lead("По показателю «" + subject.short_name + "» ", "данных за эту неделю нет", ".")
    if figure.share is None:
        return Lead(f"{subject.short_name}: ", figure.text, ".", note=figure.note)
    before = "В чатах за неделю писали " if main else f"{subject.short_name}: "
    words = (" педагогов" if main else "") + _against_last_week(figure)
    note = _who_is_behind(children, subject, silent)
    if figure.target is None:
        return Lead(before, figure.text, f"{words}.", note=note)
    goal = percent(figure.target, 0)
    if figure.reached:
        return Lead(before, figure.text, f"{words}. Цель {goal} достигнута.", note=note)
    joint = ", но цель" if (figure.delta or 0) > 0.0005 else ", цель"
    missing = counted(figure.gap or 0, "человека", "человек", "человек") if subject.counts_people else figure.gap_text
    return Lead(before, figure.text, f"{words}{joint} {goal} пока не достигнута. Не хватает ", missing, ".", note)


def _against_last_week(figure: Figure) -> str:
    if figure.delta is None:
        return ""
    if abs(figure.delta) < 0.0005:
        return " — столько же, сколько на прошлой"
    return " — больше, чем на прошлой" if figure.delta > 0 else " — меньше, чем на прошлой"


def _who_is_behind(children: Sequence[Child], indicator: Indicator, silent: int) -> str:
    """«Отстающим вместе недостаёт 964 …; больше всего — Невский район (422), …»; empty without laggards."""
    behind = sorted((child for child in children if child.figure.gap), key=lambda child: -(child.figure.gap or 0))
    sentences = []
    if behind:
        total = sum(child.figure.gap or 0 for child in behind)
        most = ", ".join(f"{child.title} ({number(child.figure.gap)})" for child in behind[:3])
        sentences.append(f"Отстающим вместе недостаёт {counted(total, *indicator.unit)}, больше всего: {most}.")
    if silent:
        verb = plural(silent, "молчит", "молчат", "молчат")
        sentences.append(f"Две недели и дольше {verb} {counted(silent, *SCHOOL)}.")  # territories.LONG_SILENCE
    return " ".join(sentences)


def table_title(children: Sequence[Child], indicator: Indicator, noun: Noun, target: float | None) -> str:
    """«Три района ниже 80 %, семь уже за целью»; a plain noun where there is nothing to find."""
    named = [
        child for child in children if child.place_id
    ]  # the row of schools under the region itself is not one of them
    low = sum(child.figure.alarming for child in named)
    done = sum(child.figure.reached for child in named)
    parts = []
    if low and indicator.alarm is not None:
        parts.append(f"{in_words(low, noun)} ниже {percent(indicator.alarm, 0)}")
    if done and target is not None:
        words = in_words(done, noun).rsplit(" ", 1)[0] if parts and done < len(WORDS) else in_words(done, noun)
        parts.append(f"{words} уже за целью" if parts else f"{words} за целью {percent(target, 0)}")
    text = ", ".join(parts)
    return text[:1].upper() + text[1:] if text else noun[2].capitalize() if noun is not SCHOOL else "Школы"


@dataclass(frozen=True, slots=True)
class Trend:
    """What the last weeks promise: a title and, where a pace leads to the target, the weeks ahead."""

    title: str
    ahead: tuple[float, ...] = ()


def trend(values: Sequence[float | None], target: float | None, breaks: Sequence[bool]) -> Trend:
    """Weeks (oldest first; `breaks` marks holidays) → «До цели — две недели, если темп сохранится», or a plain noun.

    The pace is the robust one of forecasts.pace; a promise further than eight weeks is not made in a title.
    """
    last = values[-1] if values else None
    plain = Trend("Двенадцать недель" if len(values) == 12 else f"{number(len(values))}{NBSP}недель")
    speed = pace(values, breaks)
    if last is None or target is None or speed is None:
        return plain
    if last >= target - 1e-9:
        return Trend(f"Цель {percent(target, 0)} достигнута")
    weeks = weeks_to(last, target, speed)
    if weeks is None or weeks > 8:
        return plain
    words = in_words(weeks, ("неделя", "недели", "недель"))
    return Trend(
        f"До цели — {words}, если темп сохранится", tuple(last + speed * (i + 1) for i in range(min(weeks, 3)))
    )
