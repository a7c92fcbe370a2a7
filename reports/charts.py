"""Numbers → geometry: widths, paths and ticks that the chart macros print as SVG attributes (pure).

Shares are fractions (0.834); None is «not measured» and becomes a gap, never a zero. Lengths are SVG units, and every
coordinate comes ready to print ("83.4"), so a template does no arithmetic.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from schools.texts import number, out_of, percent

SPARK_WIDTH, SPARK_HEIGHT = 76, 18
PAD = 2.5  # room for the last point's dot
TICK_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25)


def _point(value: float) -> str:
    """A coordinate with at most one decimal and no tail: 12.0 → "12"."""
    return f"{value:.1f}".removesuffix(".0")


@dataclass(frozen=True, slots=True)
class Spark:
    """A line without axes: `path` has one M per unbroken stretch; last_x is empty when the last week has no data."""

    path: str
    last_x: str
    last_y: str
    target_y: str
    width: int
    height: int


def scale_of(series: Iterable[Sequence[float | None]]) -> tuple[float, float]:
    """The one scale of a column of sparklines: the lowest and highest share in all rows, (0, 1) when there is none."""
    known = [value for values in series for value in values if value is not None]
    return (min(known), max(known)) if known else (0.0, 1.0)


def _path(places: Sequence[tuple[float, float] | None]) -> str:
    """An SVG path through the places; None lifts the pen; a lone place becomes a dot under round line caps."""
    parts: list[str] = []
    pen_up = True
    for index, place in enumerate(places):
        if place is None:
            pen_up = True
            continue
        parts.append(f"{'M' if pen_up else 'L'}{_point(place[0])} {_point(place[1])}")
        if pen_up and (index + 1 == len(places) or places[index + 1] is None):
            parts.append("h0")
        pen_up = False
    return "".join(parts)


def sparkline_path(
    values: Sequence[float | None],
    width: int = SPARK_WIDTH,
    height: int = SPARK_HEIGHT,
    low: float | None = None,
    high: float | None = None,
    target: float | None = None,
) -> Spark:
    """Shares of 8–12 weeks, oldest first → a Spark; low and high are the column's scale (see scale_of)."""
    own_low, own_high = scale_of([values if target is None else [*values, target]])
    low, high = own_low if low is None else low, own_high if high is None else high
    span = (high - low) or 1.0
    step = (width - 2 * PAD) / max(len(values) - 1, 1)

    def y_of(share: float) -> float:
        middle = height / 2
        return middle if high == low else height - PAD - (share - low) / span * (height - 2 * PAD)

    places = [None if value is None else (PAD + i * step, y_of(value)) for i, value in enumerate(values)]
    last = places[-1] if places else None
    return Spark(
        path=_path(places),
        last_x=_point(last[0]) if last else "",
        last_y=_point(last[1]) if last else "",
        target_y="" if target is None else _point(y_of(target)),
        width=width,
        height=height,
    )


def share_width(share: float | None, width: float = 100) -> str:
    """The length of a bar on a scale from 0 to 1: shares over 1 fill it, a missing one has none."""
    return _point(min(max(share or 0.0, 0.0), 1.0) * width)


@dataclass(frozen=True, slots=True)
class Bar:
    """A share bar of 100 units: filled to `width`, with a target tick at `target_x` ("" for none)."""

    width: str
    target_x: str
    tone: str


def share_bar(share: float | None, target: float | None = None, act_below: float | None = None) -> Bar:
    """A Bar whose tone is "bad" below the action threshold only, "none" where nothing was measured, else "data"."""
    if share is None:
        tone = "none"
    else:
        tone = "bad" if act_below is not None and share < act_below else "data"
    return Bar(share_width(share), "" if target is None else share_width(target), tone)


@dataclass(frozen=True, slots=True)
class Segment:
    """One piece of a stacked bar; `amount_text` is its count ready to print."""

    x: str
    width: str
    tone: str
    label: str
    amount_text: str


def stack(parts: Sequence[tuple[str, int, str]], width: float = 100, whole: int | None = None) -> list[Segment]:
    """(label, count, tone) in order → segments side by side; the whole defaults to the sum of the parts.

    The tone is one of ink, data, part, accent, bad, good, rest. Empty parts keep their place in the legend.
    """
    total = max(whole or 0, sum(amount for _, amount, _ in parts)) or 1
    segments, x = [], 0.0
    for label, amount, tone in parts:
        length = amount / total * width
        segments.append(Segment(_point(x), _point(length), tone, label, number(amount)))
        x += length
    return segments


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """One of the nine steps: how many places are done, at work and stalled, on the scale of the whole."""

    number: int
    title: str
    url: str
    segments: list[Segment]
    done_text: str
    whole_text: str
    stalled_text: str
    sentence: str


def funnel_row(step: int, title: str, counts: Mapping[str, int], url: str = "", show_whole: bool = False) -> FunnelRow:
    """`counts` holds done, working, stalled and whole; show_whole prints «18 из 18» where the whole is its own."""
    done, whole, stalled = counts["done"], counts["whole"], counts["stalled"]
    segments = stack(
        [("выполнен", done, "data"), ("в работе", counts["working"], "part"), ("застрял", stalled, "bad")], whole=whole
    )
    sentence = f"{title}: выполнен {out_of(done, whole)}, в работе {counts['working']}, застряли {stalled}"
    return FunnelRow(
        number=step,
        title=title,
        url=url,
        segments=segments,
        done_text=number(done),
        whole_text=number(whole) if show_whole else "",
        stalled_text=number(stalled) if stalled else "",
        sentence=sentence,
    )


@dataclass(frozen=True, slots=True)
class Change:
    """One bar of «what changed»: it grows right of `axis_x` for a gain, left for a loss (tone good or bad)."""

    label: str
    x: str
    width: str
    axis_x: str
    tone: str
    delta: float


def changes(deltas: Sequence[tuple[str, float]], width: float = 100) -> list[Change]:
    """(label, difference of shares) → bars on one scale around a common zero."""
    lowest = min([0.0, *(delta for _, delta in deltas)])
    highest = max([0.0, *(delta for _, delta in deltas)])
    unit = width / ((highest - lowest) or 1.0)
    axis = -lowest * unit
    bars = []
    for label, delta in deltas:
        x, length = axis + min(delta, 0.0) * unit, abs(delta) * unit
        bars.append(Change(label, _point(x), _point(length), _point(axis), "bad" if delta < 0 else "good", delta))
    return bars


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of an axis: where it stands, what is written there, and whether it is the subject's own."""

    place: str
    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """A tinted stretch of weeks, such as school holidays, and the word in it."""

    x: str
    width: str
    middle: str
    text: str


@dataclass(frozen=True, slots=True)
class LineChart:
    """A line of weeks with its target, holiday bands, forecast and direct labels, ready for parts/charts.html."""

    width: int
    height: int
    left: int
    right: str
    bottom: str
    path: str
    forecast: str
    fan: str
    way: str
    target_y: str
    target_text: str
    last_x: str
    last_y: str
    last_text: str
    last_text_y: str
    rows: list[Tick]
    columns: list[Tick]
    bands: list[Band]
    sentence: str


@dataclass(frozen=True, slots=True)
class LineSpec:
    """What a line chart shows: week numbers and shares side by side, the week looked at, and what surrounds it.

    `holidays` maps a week number to a word («каникулы»); `forecast` continues the line after the last week.
    """

    weeks: Sequence[int]
    values: Sequence[float | None]
    target: float | None = None
    holidays: Mapping[int, str] | None = None
    forecast: Sequence[float] = ()
    title: str = "Доля"
    way: Sequence[float | None] = ()  # where the line should be, week by week, on the way to a target with a date


def _bounds(known: Sequence[float]) -> tuple[float, float, float]:
    """Round low, high and step (shares) that hold the values with two to five rows; a line need not start at 0."""
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    for step in TICK_STEPS:
        floor, ceiling = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
        if ceiling - floor <= 3.5 * step:
            break
    return floor, max(ceiling, floor + step), step


@dataclass(frozen=True, slots=True)
class _Frame:
    """The drawing area and its scales."""

    left: float
    right: float
    top: float
    bottom: float
    low: float
    high: float
    step: float
    slots: int

    def x(self, slot: float) -> float:
        return self.left + slot * (self.right - self.left) / max(self.slots - 1, 1)

    def y(self, share: float) -> float:
        return self.bottom - (share - self.low) / (self.high - self.low) * (self.bottom - self.top)


def _columns(spec: LineSpec, frame: _Frame, narrow: bool) -> list[Tick]:
    """Week numbers under the line: the last one always and in bold, the others thinned to what fits."""
    last = len(spec.weeks) - 1
    every = max(1, math.ceil(len(spec.weeks) / (5 if narrow else 8)))
    return [
        Tick(_point(frame.x(i)), str(week), i == last)
        for i, week in enumerate(spec.weeks)
        if i == last or (i % every == 0 and last - i >= every)
    ]


def _bands(spec: LineSpec, frame: _Frame) -> list[Band]:
    """One band per stretch of holiday weeks with the same word, half a week wide to each side."""
    stretches: list[tuple[int, int, str]] = []
    for i, week in enumerate(spec.weeks):
        word = (spec.holidays or {}).get(week, "")
        if word and stretches and stretches[-1][1] == i - 1 and stretches[-1][2] == word:
            stretches[-1] = (stretches[-1][0], i, word)
        elif word:
            stretches.append((i, i, word))
    bands = []
    for first, last, word in stretches:
        x, end = max(frame.x(first - 0.5), frame.left), min(frame.x(last + 0.5), frame.right)
        bands.append(Band(_point(x), _point(end - x), _point((x + end) / 2), word))
    return bands


def _forecast(spec: LineSpec, frame: _Frame) -> tuple[str, str]:
    """The dotted continuation and its band, which widens by half a row per week; empty without a last value."""
    last = spec.values[-1] if spec.values else None
    if last is None or not spec.forecast:
        return "", ""
    start = len(spec.values) - 1
    line = [(start, last), *((start + 1 + i, value) for i, value in enumerate(spec.forecast))]
    path = _path([(frame.x(slot), frame.y(value)) for slot, value in line])
    spread = frame.step / 8
    upper = [(frame.x(slot), frame.y(value + spread * (slot - start))) for slot, value in line]
    lower = [(frame.x(slot), frame.y(value - spread * (slot - start))) for slot, value in reversed(line)]
    return path, _path([*upper, *lower]) + "Z"


def _sentence(spec: LineSpec) -> str:
    """What the line says, for those who do not see it."""
    known = [(week, value) for week, value in zip(spec.weeks, spec.values, strict=True) if value is not None]
    if not known:
        return f"{spec.title}: данных ещё нет"
    (first, start), (last, end) = known[0], known[-1]
    target = "" if spec.target is None else f", цель {percent(spec.target, 0)}"
    return f"{spec.title}: {percent(start)} на {first}-й неделе, {percent(end)} на {last}-й{target}"


def line_chart(spec: LineSpec, width: int = 400, height: int = 220) -> LineChart:
    """LineSpec → LineChart; make a second one about 350 wide for phones, where text must not shrink."""
    known = [value for value in (*spec.values, *spec.forecast, *spec.way, spec.target) if value is not None]
    low, high, step = _bounds(known)
    slots = max(len(spec.weeks) + len(spec.forecast), len(spec.way))
    frame = _Frame(30, width - (58 if spec.target is not None else 12), 10, height - 26, low, high, step, slots)
    places = [None if v is None else (frame.x(i), frame.y(v)) for i, v in enumerate(spec.values)]
    last = places[-1] if places else None
    forecast, fan = _forecast(spec, frame)
    lines = range(round((high - low) / step) + 1)
    under = last is not None and last[1] < frame.bottom - 30
    return LineChart(
        width=width,
        height=height,
        left=30,
        right=_point(frame.right),
        bottom=_point(frame.bottom),
        path=_path(places),
        forecast=forecast,
        fan=fan,
        way=_path([None if share is None else (frame.x(i), frame.y(share)) for i, share in enumerate(spec.way)]),
        target_y="" if spec.target is None else _point(frame.y(spec.target)),
        target_text="" if spec.target is None else f"цель {number(spec.target * 100)}",
        last_x=_point(last[0]) if last else "",
        last_y=_point(last[1]) if last else "",
        last_text=percent(spec.values[-1]) if last else "",
        last_text_y=_point(last[1] + (20 if under else -12)) if last else "",
        rows=[Tick(_point(frame.y(low + i * step)), number((low + i * step) * 100)) for i in lines],
        columns=_columns(spec, frame, width < 380),
        bands=_bands(spec, frame),
        sentence=_sentence(spec),
    )
