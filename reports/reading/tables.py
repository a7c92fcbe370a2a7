"""Tables of places: their rows, their order and their pages, without a query (pure)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from django.http import QueryDict

from reports.charts import Spark, scale_of
from reports.reading.figures import Figure, spark
from schools.texts import number, unbroken

PAGE = 50
EMPTY = spark([])
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Child:
    """A place in the table of its parent; `silent` counts schools below it, or weeks when it is a school itself."""

    place_id: int
    name: str
    url: str
    opens: str
    schools: int
    figure: Figure
    silent: int = 0
    note: str = ""
    own: bool = False
    spark: Spark = EMPTY
    common: str = ""

    @property
    def title(self) -> str:
        """The name with № kept to its number."""
        return unbroken(self.name)

    @property
    def short(self) -> str:
        """The name without the word the column's header already says («Невский» under «Район»)."""
        return self.title.removesuffix(self.common)


def with_sparks(children: Sequence[Child], lines: Mapping[int, Sequence[float | None]]) -> list[Child]:
    """Give every row its sparkline, all on the one scale of the column."""
    scale = scale_of(lines.values())
    return [replace(child, spark=spark(lines.get(child.place_id, ()), scale)) for child in children]


def arranged(children: Iterable[Child], sort: str) -> list[Child]:
    """Children in the order asked for («-» descends), worst first by default; the unmeasured come last."""
    key, descending = sort.removeprefix("-"), sort.startswith("-")
    if key not in SORTS:
        key, descending = "share", False

    def value(child: Child) -> Any:
        figure = child.figure
        return {
            "name": child.name.casefold(),
            "schools": child.schools,
            "share": figure.share if figure.share is not None else None,
            "delta": figure.delta,
            "gap": figure.gap,
            "silent": child.silent,
        }[key]

    known = [child for child in children if value(child) is not None]
    unknown = [child for child in children if value(child) is None]
    known.sort(key=lambda child: child.name.casefold())
    known.sort(key=lambda child: value(child), reverse=descending)
    return known + sorted(unknown, key=lambda child: child.name.casefold())


SORTS = ("share", "name", "schools", "delta", "gap", "silent")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list: its rows, «1–50 из 776», the addresses beside it."""

    rows: list[T]
    total: int
    text: str
    previous_url: str
    next_url: str

    @property
    def needs_pager(self) -> bool:
        """Whether there is more than this page."""
        return bool(self.previous_url or self.next_url)


def page_number(params: QueryDict, name: str = "page") -> int:
    """The page asked for, from 1; anything else than a reasonable number is the first."""
    text = params.get(name, "")
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 6 else 1


def bounds(params: QueryDict, total: int, name: str = "page", size: int = PAGE) -> tuple[int, int]:
    """(first, last + 1) of the page asked for, kept within the list: a page too far is the last one."""
    last_page = max(1, -(-total // size))
    first = (min(page_number(params, name), last_page) - 1) * size
    return first, min(first + size, total)


def page_of(
    rows: list[T], params: QueryDict, total: int, name: str = "page", size: int = PAGE, anchor: str = ""
) -> Page[T]:
    """Wrap the rows of one page (already cut) with its text and addresses."""
    first, last = bounds(params, total, name, size)
    number_of = first // size + 1

    def address(page: int) -> str:
        changed = params.copy()
        changed[name] = str(page)
        if page == 1:
            del changed[name]
        return f"?{changed.urlencode()}{anchor}"

    return Page(
        rows=rows,
        total=total,
        text=f"{number(first + 1)}–{number(last)} из {number(total)}" if total else "",
        previous_url=address(number_of - 1) if first else "",
        next_url=address(number_of + 1) if last < total else "",
    )


def cut(rows: Sequence[T], params: QueryDict, name: str = "page", size: int = PAGE, anchor: str = "") -> Page[T]:
    """Cut a list in memory to the page asked for."""
    first, last = bounds(params, len(rows), name, size)
    return page_of(list(rows[first:last]), params, len(rows), name, size, anchor)
