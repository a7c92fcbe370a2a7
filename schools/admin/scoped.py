"""The base of every admin page: the rule of sight for rows, choices and searches, and lists of a constant cost."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.db.models import Model, Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from schools import codes
from schools.admin.choices import ScopedChoices, is_key
from schools.admin.paging import BoundedPaginator
from schools.scope import Level, editable_rows, seen_rows, sight_of

OUT_OF_SIGHT = "Сохранить нельзя: запись оказалась бы за пределами ваших мест. Выберите место, за которое вы отвечаете."


class OutOfSight(Exception):
    """A saved row would not be the person's own to change: the whole save is taken back."""


def seen(model: type[Model], request: HttpRequest) -> "QuerySet[Any]":
    """Rows the person behind a request may see."""
    return seen_rows(model, request.user)


def editable(model: type[Model], request: HttpRequest) -> "QuerySet[Any]":
    """Rows the person behind a request may change."""
    return editable_rows(model, request.user)


class ScopedAdmin(ScopedChoices, admin.ModelAdmin):
    """A model in the admin.

    Rows come from `visible_to`, changes ask `editable_by` before and after the save, lists cost the same number of
    queries for any number of rows and are never counted to the end.
    """

    paginator = BoundedPaginator
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 50
    show_facets = admin.ShowFacets.NEVER  # a count of the whole table for every choice
    change_list_template: ClassVar[Any] = "admin/hinted_change_list.html"
    hint: ClassVar[str] = ""  # a sentence above the list
    fixed_fields: ClassVar[Sequence[str]] = ()  # chosen once, when the row is added
    linked_lookups: ClassVar[Sequence[str]] = ()  # look-ups in addresses our own pages link to

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        """Visible rows in the list's order."""
        rows = seen(self.model, request)
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    # Rights

    def _may_change(self, request: HttpRequest, row: Model) -> bool:
        """Whether the row is the person's to change; asked once per request."""
        answers: dict[tuple[str, Any], bool] = request.__dict__.setdefault("_editable_rows", {})
        key = (self.opts.label, row.pk)
        if key not in answers:
            answers[key] = editable(self.model, request).filter(pk=row.pk).exists()
        return answers[key]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Django's right, held by somebody who could change at least some rows of this model."""
        return super().has_add_permission(request) and changes_something(self.model, request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Django's right, and the rule of sight for the row."""
        return super().has_change_permission(request, obj) and (obj is None or self._may_change(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Django's right, and the rule of sight for the row."""
        return super().has_delete_permission(request, obj) and (obj is None or self._may_change(request, obj))

    def delete_queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> None:
        """Delete what the person may change of the chosen rows."""
        editable(self.model, request).filter(pk__in=queryset.values("pk")).delete()

    # Forms

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Fields that are fixed once the row is there are shown, not asked."""
        fixed = tuple(self.fixed_fields) if obj is not None else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        """Save, then ask whether the row is still the person's own; if not, all is taken back."""
        super().save_model(request, obj, form, change)
        if not editable(self.model, request).filter(pk=obj.pk).exists():
            raise OutOfSight

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show or take the form; a row that would leave the person's places is refused in words."""
        try:
            return super().changeform_view(
                request, object_id, form_url, {**self._title(object_id), **(extra_context or {})}
            )
        except OutOfSight:
            messages.error(request, OUT_OF_SIGHT)
            return HttpResponseRedirect(request.get_full_path())

    def _title(self, object_id: str | None) -> dict[str, str]:
        """Django's «Добавить школа» and «Изменить школа» do not decline."""
        name = upper_first(self.opts.verbose_name)
        return {"title": name if object_id else f"{name}: новая запись"}

    # Lists

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list under its plural name, with its hint."""
        facts = {"title": upper_first(self.opts.verbose_name_plural), "hint": self.hint}
        return super().changelist_view(request, {**facts, **(extra_context or {})})

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Allow only the list's own filters: any other look-up in an address would be an oracle (threats.md A04)."""
        if "\0" in value:  # PostgreSQL keeps no such character
            return False
        fields = [each for each in self.list_filter if isinstance(each, str)]
        own = {getattr(each, "parameter_name", None) for each in self.list_filter}
        return (
            lookup in self.linked_lookups
            or lookup in own
            or any(lookup == name or lookup.startswith(f"{name}__") for name in fields)
        )

    def response_action(self, request: HttpRequest, queryset: "QuerySet[Any]", *where: Any) -> HttpResponse | None:
        """Act on the chosen rows; a choice that is no row's number is answered in words."""
        if all(is_key(self.model, chosen) for chosen in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            return super().response_action(request, queryset, *where)
        messages.warning(request, "Таких строк в списке нет. Отметьте строки галочками и повторите.")
        return HttpResponseRedirect(request.get_full_path())

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Any]", search_term: str
    ) -> "tuple[QuerySet[Any], bool]":
        """Rows that hold every word of the text; keys are compared folded, since SQLite does not fold Cyrillic."""
        paths = self.get_search_fields(request)
        for word in search_term.replace("\0", "")[: codes.LONGEST_SEARCH].split()[: codes.MOST_WORDS] if paths else ():
            found = Q()
            for path in paths:
                for spelling in spellings(path, word):
                    found |= Q(**{path: spelling})
            queryset = queryset.filter(found)
        return queryset, False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row behind an address; None, which is 404, for one out of sight or an address that is no number."""
        if "\0" in unquote(object_id):
            return None
        return super().get_object(request, object_id, from_field)


def spellings(path: str, word: str) -> set[str]:
    """How a typed word is looked for: folded in a search key, in its usual cases in any other text."""
    if "_key" in path:
        return {codes.fold(word)}
    return {word, word.lower(), word.upper(), word.capitalize()}


def changes_something(model: type[Model], request: HttpRequest) -> bool:
    """Whether the person's appointments let them change rows of a model at all."""
    sight = sight_of(request.user)
    paths = getattr(model, "sight", None)
    if sight.everything or paths is None:
        return sight.everything
    held = {
        Level.REGION: sight.region_ids,
        Level.MUNICIPALITY: sight.municipality_ids,
        Level.SCHOOL: sight.school_ids,
    }
    return any(ids and level in paths.changed_from for level, ids in held.items())


class NoDelete:
    """History hangs on these rows: they are closed, not deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes."""
        return False


class ReadOnly(NoDelete):
    """Rows that are made elsewhere and only looked at here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes."""
        return False


def all_fields(model: type[Model], *without: str) -> Any:
    """Names of a model's own columns, in their order, for pages that show a row."""
    return [field.name for field in model._meta.concrete_fields if field.name not in without]


def upper_first(text: Any) -> str:
    """The text with a capital first letter, the rest as it is: names of laws and codes keep theirs."""
    return f"{str(text)[:1].upper()}{str(text)[1:]}"


def short(text: str, longest: int = 12) -> str:
    """The beginning of a long code."""
    return f"{text[:longest]}…" if len(text) > longest else text
