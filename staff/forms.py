"""What the upload page and the plan's page take from a person."""

from django import forms

from staff.columns import COLUMNS
from staff.models import ImportMode


class UploadForm(forms.Form):
    """A file and what to do with those it does not name."""

    file = forms.FileField(
        error_messages={
            "required": "Выберите файл: xlsx, xls, ods или csv.",
            "empty": "Файл пустой. Сохраните его ещё раз и загрузите снова.",
        },
        allow_empty_file=True,
    )
    mode = forms.ChoiceField(choices=ImportMode.choices, initial=ImportMode.UPDATE)


def column_choices() -> list[tuple[str, str]]:
    """(key, heading) of every column a person may name by hand."""
    return [(column.key, column.header) for column in COLUMNS if not column.is_ignored and not column.hidden]


def mapping_from(data: "dict[str, str]") -> dict[int, str]:
    """Read «column-3» → key from a posted form; empty choices say «не брать»."""
    known = {key for key, _ in column_choices()}
    chosen = {}
    for name, key in data.items():
        index = name.removeprefix("column-")
        if name.startswith("column-") and index.isdecimal() and len(index) < 5 and (not key or key in known):
            chosen[int(index)] = key
    return chosen
