"""Read-only tables on a row's page, for what Django's admin cannot register: models with composite primary keys."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib.admin import ModelAdmin
from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import HttpRequest

from schools.admin.paging import BoundedPaginator

ROWS = 50


@dataclass(frozen=True, slots=True)
class Link:
    """A link over a table: a page or a choice; the present one has no address."""

    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One page of rows, ready to print."""

    title: str
    header: Sequence[str]
    rows: list[Sequence[Any]]
    choices: Sequence[Link]
    pages: Sequence[Link]
    more: bool  # whether there are rows beyond the last page


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice over a table: the parameter's value, its title, the rows it leaves."""

    value: str
    title: str
    filter: dict[str, Any]


@dataclass(frozen=True, slots=True)
class TableOf:
    """How rows become a table: `cells` takes a page of rows at once, so that it may look up their places together."""

    key: str  # begins the names of its parameters in the address
    title: str
    header: Sequence[str]
    cells: Callable[[HttpRequest, list[Any]], list[Sequence[Any]]]
    choices: Sequence[Choice] = ()

    def page(self, request: HttpRequest, rows: "QuerySet[Any]") -> Table:
        """Return the page the address asks for."""
        chosen = self._chosen(request)
        if chosen is not None:
            rows = rows.filter(**chosen.filter)
        paginator = BoundedPaginator(rows, ROWS)
        page = paginator.get_page(request.GET.get(f"{self.key}_page"))
        return Table(
            title=self.title,
            header=self.header,
            rows=self.cells(request, list(page)),
            choices=[
                Link(
                    each.title, "" if each is chosen else _url(request, {self.key: each.value, f"{self.key}_page": ""})
                )
                for each in self.choices
            ],
            pages=self._pages(request, page),
            more=paginator.has_more,
        )

    def _chosen(self, request: HttpRequest) -> Choice | None:
        value = request.GET.get(self.key)
        return next((each for each in self.choices if each.value == value), next(iter(self.choices), None))

    def _pages(self, request: HttpRequest, page: "Page[Any]") -> list[Link]:
        if page.paginator.num_pages < 2:
            return []
        return [
            Link(str(number), "" if number == page.number else _url(request, {f"{self.key}_page": str(number)}))
            if isinstance(number, int)
            else Link(str(number))
            for number in page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
        ]


def _url(request: HttpRequest, changes: dict[str, str]) -> str:
    """The page's address with some parameters changed; an empty value takes one away."""
    parameters = {**request.GET.dict(), **changes}
    return f"?{urlencode({name: value for name, value in parameters.items() if value})}"


class WithTables(ModelAdmin):
    """An admin whose change page ends with tables."""

    change_form_template: ClassVar[Any] = "admin/tables_change_form.html"

    def tables(self, request: HttpRequest, row: Any) -> list[Table]:
        """The tables of a row."""
        raise NotImplementedError

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Add the tables to the page of a row that is there."""
        row = kwargs.get("obj")
        context["tables"] = self.tables(request, row) if row is not None and request.method == "GET" else []
        return super().render_change_form(request, context, *args, **kwargs)
