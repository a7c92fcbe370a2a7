"""What the pages of a reconciliation take from a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict

from schools.reconciling.board import FIELDS, LINK, Filter
from schools.reconciling.lines import KIND_BY_KEY
from schools.registers import COLUMNS

MARKS = {"hints": "есть подсказка", "zeros": "вернули ноль", "mistakes": "ошибка в ячейке"}
STATES = ("open", "settled", "all")


class ListForm(forms.Form):
    """An official list, and whether it speaks of the whole region."""

    file = forms.FileField(
        error_messages={
            "required": "Выберите файл: xlsx, xls, ods или csv.",
            "empty": "Файл пустой. Сохраните его ещё раз и загрузите снова.",
        },
        allow_empty_file=True,
    )
    scope = forms.ChoiceField(choices=[("whole", ""), ("part", "")], initial="whole")


def column_choices() -> list[tuple[str, str]]:
    """(key, heading) of every column a person may name by hand."""
    return [(column.key, column.header) for column in COLUMNS if not column.is_ignored]


def mapping_from(data: Mapping[str, Any]) -> dict[int, str]:
    """Read «column-3» → key from a posted form; empty choices say «не брать»."""
    known = {key for key, _ in column_choices()}
    chosen = {}
    for name, key in data.items():
        index = name.removeprefix("column-")
        if name.startswith("column-") and index.isdecimal() and len(index) < 5 and (not key or key in known):
            chosen[int(index)] = str(key)
    return chosen


def filter_from(params: Mapping[str, Any]) -> Filter:
    """What an address asks to see: lines that wait, unless it says otherwise; what it cannot mean is left out."""
    kind, mark, state = (str(params.get(name, "")) for name in ("kind", "mark", "state"))
    return Filter(
        kind=kind if kind in KIND_BY_KEY else "",
        mark=mark if mark in MARKS else "",
        state="" if state == "all" or KIND_BY_KEY.get(kind) in _QUIET else state if state in STATES else "open",
        words=str(params.get("q", ""))[:100],
        territory=str(params.get("territory", ""))[:150],
    )


_QUIET = (KIND_BY_KEY["same"], KIND_BY_KEY["duplicate"])  # nothing waits among them


def item_from(key: str, post: QueryDict) -> dict[str, Any]:
    """A decision as a page posts it: «do», «field-phone» → take or keep, or «all» for every field."""
    do = post.get("do", "")
    item: dict[str, Any] = {"line": key, "do": do, "reason": post.get("reason", ""), "on": post.get("on", "")}
    item |= {"school": post.get("school", ""), "schools": post.getlist("schools"), "kind": post.get("kind", "")}
    if do in {FIELDS, LINK}:
        named = {
            name.removeprefix("field-"): str(choice)
            for name, choice in post.items()
            if name.startswith("field-") and choice
        }
        item["fields"] = post.get("all") or named
    return item


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the forms of a line's page: each keeps what was posted with it or what it decided, none another's.

    Forms are told apart by their hidden field «form»: «fields», «link-345», «found», «close»…
    """

    decision: Mapping[str, Any] = field(default_factory=dict)
    posted: QueryDict = field(default_factory=QueryDict)

    def text(self, form: str, name: str, default: str = "") -> str:
        """What stands in a field; the default where the form was neither posted nor decided by."""
        values = self._values(form, name)
        return default if values is None else "".join(values[-1:])

    def chose(self, form: str, name: str, value: Any, default: bool = False) -> bool:
        """Whether a box of a form is ticked."""
        values = self._values(form, name)
        return default if values is None else str(value) in values

    def _values(self, form: str, name: str) -> Sequence[str] | None:
        if self.posted.get("form") == form:
            return [str(value) for value in self.posted.getlist(name)]
        return self._decided(name) if form in self._deciding_forms() else None

    def _deciding_forms(self) -> set[str]:
        do = self.decision.get("do")
        if do == LINK:
            return {FIELDS, f"link-{self.decision['school']}"}
        return {FIELDS, "fine"} if do == FIELDS else {str(do)}

    def _decided(self, name: str) -> Sequence[str]:
        fields = {f"field-{key}": choice for key, choice in self.decision.get("fields", {}).items()}
        value = (fields | dict(self.decision)).get(name)
        return [str(one) for one in (value if isinstance(value, list) else [value]) if one]


def quick_from(post: QueryDict) -> dict[str, Any]:
    """A decision of one button in the list: «r14:take», «r14:add», «r14:undo»."""
    key, _, verb = post.get("quick", "").partition(":")
    quick: dict[str, dict[str, Any]] = {
        "take": {"do": FIELDS, "fields": "take"},
        "fine": {"do": FIELDS, "fields": {}},
        "add": {"do": "add"},
        "undo": {"do": ""},
    }
    return {"line": key} | quick.get(verb, {"do": verb or "?"})
