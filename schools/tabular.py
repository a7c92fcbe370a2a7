"""Lists exchanged as tables: formats that read in a child process and write no formulas, cells, scoped resources."""

from collections.abc import Callable, Iterable
from typing import Any

import tablib
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.html import format_html
from import_export import fields, widgets
from import_export.formats import base_formats
from import_export.resources import Diff, ModelResource
from import_export.results import Error
from import_export.tmp_storages import BaseStorage

from schools.codes import fold
from schools.exports import Sheet, csv_stream, xlsx_file
from schools.models import Municipality, Region, StoredFile
from schools.models.files import fingerprint
from schools.scope import AnyUser, editable_rows, seen_rows
from schools.sheets import SheetError, is_error_text, read_workbook
from schools.texts import number
from schools.values import clean_count, clean_date, clean_flag, clean_text

MOST_ROWS = 5_000  # of one exchange in the browser; whole registers go through `import_register`
NOBODY = AnonymousUser()
NOT_FOUND = "Не найдено среди того, что вам можно менять. Проверьте код или номер."
Rows = Callable[[AnyUser], "QuerySet[Any]"]
Choices = Iterable[tuple[Any, str]] | Callable[[], Iterable[tuple[Any, str]]]


# Formats


class AnySheet(base_formats.Format):
    """Import: xlsx, xls, xlsb, ods or csv, whatever its name; the bytes are opened in a child process with limits."""

    def __init__(self, encoding: str | None = None) -> None:
        self.encoding = encoding

    def get_title(self) -> str:
        """What the form says."""
        return "xlsx, xls, ods или csv"

    def can_import(self) -> bool:
        """It is for import alone."""
        return True

    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        """Return the first sheet with rows, its first row as the header. Raises SheetError with a Russian sentence."""
        sheet = next(sheet for sheet in read_workbook(in_stream).sheets if any(map(any, sheet.rows)))
        (_, header), *rows = [(at, row) for at, row in enumerate(sheet.rows, sheet.first_row) if any(row)]
        _check(header, [row for _, row in rows])
        table = NumberedRows(headers=header)
        for at, row in rows:
            table.append(["" if is_error_text(cell) else cell for cell in row])
            table.numbers.append(at)
        return table


class NumberedRows(tablib.Dataset):
    """Rows that know under which numbers Excel shows them: blank rows between them are left out, but counted."""

    def __init__(self, *rows: Any, **facts: Any) -> None:
        super().__init__(*rows, **facts)
        self.numbers: list[int] = []


def _check(header: list[str], rows: list[list[str]]) -> None:
    if len(rows) > MOST_ROWS:
        raise SheetError(
            "too_many_rows", f"В файле больше {number(MOST_ROWS)} строк. Разделите его на части и загрузите по одной."
        )
    named = [fold(title) for title in header if title]
    if len(set(named)) < len(named):
        raise SheetError("twin_columns", "Два столбца называются одинаково. Оставьте один и загрузите снова.")
    if not rows:
        raise SheetError("only_header", "Под заголовком нет ни одной строки. Заполните таблицу и загрузите снова.")


class Xlsx(base_formats.Format):
    """Export: a workbook whose texts stay texts."""

    def get_title(self) -> str:
        """What the form says."""
        return "xlsx"

    def get_extension(self) -> str:
        """Ending of the file's name."""
        return "xlsx"

    def get_content_type(self) -> str:
        """MIME type."""
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def can_export(self) -> bool:
        """It is for export alone."""
        return True

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        """Return the file."""
        with xlsx_file([Sheet("Данные", dataset.headers or [], dataset)]) as file:
            return file.read()


class Csv(Xlsx):
    """Export: a CSV for a Russian Excel, no cell of which is a formula."""

    def get_title(self) -> str:
        """What the form says."""
        return "csv"

    def get_extension(self) -> str:
        """Ending of the file's name."""
        return "csv"

    def get_content_type(self) -> str:
        """MIME type."""
        return "text/csv; charset=utf-8"

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        """Return the file."""
        return b"".join(csv_stream(dataset.headers or [], dataset))


# Uploads


class UploadStorage(BaseStorage):
    """Keeps an upload between its preview and its confirmation in the database: every web process sees it."""

    def save(self, data: bytes) -> None:
        """Keep the bytes; `name` becomes the row's number."""
        file = StoredFile.objects.create(
            shown_name="список для сверки", size=len(data), sha256=fingerprint(data), content=data
        )
        self.name = str(file.pk)

    def read(self) -> bytes:
        """Return the bytes; empty if the file is gone."""
        file = StoredFile.objects.filter(pk=self.name, school=None).first()
        return file.data if file else b""

    def remove(self) -> None:
        """Forget the file: it is in, or was refused."""
        StoredFile.objects.filter(pk=self.name, school=None).delete()


# Cells


class CellWidget(widgets.Widget):
    """A cell: its text is cleaned by one of our own cleaners; its value is exported as it is, typed."""

    def __init__(self, cleaner: Callable[[str], Any]) -> None:
        super().__init__()
        self.cleaner = cleaner

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """Return the value; raises ValueError with a sentence."""
        cleaned = self.cleaner(str(value or "").removeprefix("'"))
        if cleaned.is_mistaken:
            raise ValueError(f"{cleaned.problem.message}.")
        return cleaned.value

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        """The value itself."""
        return value


class ChoiceWidget(widgets.Widget):
    """A choice: shown by its name, taken by its name or its key."""

    def __init__(self, choices: Choices) -> None:
        super().__init__()
        self.choices = choices

    def _pairs(self) -> list[tuple[Any, str]]:
        return list(self.choices() if callable(self.choices) else self.choices)

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """Return the key; None for an empty cell; raises ValueError that names the choices."""
        wanted = fold(str(value or ""))
        if not wanted:
            return None
        for key, name in self._pairs():
            if wanted in {fold(str(key)), fold(name)}:
                return key
        names = ", ".join(name for _, name in self._pairs()[:12])
        raise ValueError(f"Такого значения нет. Подойдёт: {names}.")

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        """The name."""
        return dict(self._pairs()).get(value, "")


class PlaceWidget(widgets.Widget):
    """A place by its code or number, found only within the sight of the resource's user."""

    user: AnyUser = NOBODY

    def __init__(self, model: type[Model], key: str, rows: Rows | None = None) -> None:
        super().__init__()
        self.model, self.key, self.rows = model, key, rows or (lambda user: seen_rows(model, user))
        self.known: dict[str, Any] = {}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """Return the place; None for an empty cell; raises ValueError for one out of sight, as if it were not there."""
        text = str(value or "").strip()
        if text and text not in self.known:
            self.known[text] = self._find(text)
        return self.known.get(text)

    def _find(self, text: str) -> Any:
        usable = len(text) < 19 and (self.key != "pk" or (text.isascii() and text.isdecimal()))
        found = self.rows(self.user).filter(**{self.key: text}).first() if usable else None
        if found is None:
            raise ValueError(NOT_FOUND)
        return found

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        """The code or number."""
        return getattr(value, self.key, "") if value is not None else ""


def text(name: str, title: str, *, longest: int = 300) -> fields.Field:
    """A column of text; an empty cell empties the field."""
    return fields.Field(name, title, CellWidget(lambda value: clean_text(value, longest)))


def date(name: str, title: str) -> fields.Field:
    """A column of dates."""
    return fields.Field(name, title, CellWidget(clean_date))


def count(name: str, title: str) -> fields.Field:
    """A column of whole numbers."""
    return fields.Field(name, title, CellWidget(clean_count))


def flag(name: str, title: str) -> fields.Field:
    """A column of «да» and «нет»."""
    return fields.Field(name, title, CellWidget(clean_flag))


def choice(name: str, title: str, choices: Choices) -> fields.Field:
    """A column of choices by name; an empty cell keeps what there is."""
    return fields.Field(name, title, ChoiceWidget(choices), saves_null_values=False)


def place(name: str, title: str, model: type[Model], key: str = "code", rows: Rows | None = None) -> fields.Field:
    """A column of places by code, or by our number with key="pk", among `rows` of a person: by default those seen."""
    return fields.Field(name, title, PlaceWidget(model, key, rows))


def regions_around(user: AnyUser) -> "QuerySet[Region]":
    """Regions a person sees, or a municipality of which she does: her own region is no news to a municipality."""
    towns = seen_rows(Municipality, user).order_by().values("region")
    return Region._default_manager.filter(Q(pk__in=seen_rows(Region, user).order_by().values("pk")) | Q(pk__in=towns))


def shown(name: str, title: str) -> fields.Field:
    """A column that is only exported: an attribute, through relations if need be."""
    return fields.Field(name, title, CellWidget(clean_text), readonly=True)


# Resources


class QuietError(Error):
    """A mistake of a row, without the traceback import-export would show."""

    traceback = ""

    def __init__(self, error: Exception, row: Any = None, number: int | None = None) -> None:
        said = error if isinstance(error, ValueError | ValidationError) else ValueError("Эту строку внести не удалось.")
        super().__init__(said, None, number)


class PlainDiff(Diff):
    """Old and new value of each cell, without the style attributes our content security policy refuses."""

    def as_html(self) -> list[str]:
        """Return one safe piece of HTML per column."""
        return [self._cell("" if self.new else old, new) for old, new in zip(self.left, self.right, strict=False)]

    @staticmethod
    def _cell(old: Any, new: Any) -> str:
        before, after = ("" if value is None else str(value) for value in (old, new))
        if before == after:
            return format_html("{}", after)
        return (
            format_html("<del>{}</del> <ins>{}</ins>", before, after) if before else format_html("<ins>{}</ins>", after)
        )


class ScopedResource(ModelResource):
    """A list within a person's sight: exports what they see, imports only rows they may change, all of them or none."""

    def __init__(self, user: AnyUser = NOBODY, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.user = user
        for field in self.fields.values():
            if isinstance(field.widget, PlaceWidget):
                field.widget.user = user

    def get_queryset(self) -> "QuerySet[Any]":
        """Rows an import may change."""
        return editable_rows(self._meta.model, self.user)

    @classmethod
    def get_error_result_class(cls) -> type[Error]:
        """Mistakes without tracebacks."""
        return QuietError

    @classmethod
    def get_diff_class(cls) -> type[Diff]:
        """Differences without inline styles."""
        return PlainDiff

    def import_data(self, dataset: tablib.Dataset, **kwargs: Any) -> Any:
        """Import all rows or none (threats.md F26)."""
        result = super().import_data(dataset, **{"rollback_on_validation_errors": True, **kwargs})
        if isinstance(dataset, NumberedRows):
            for row in (*result.error_rows, *result.invalid_rows):
                row.number = dataset.numbers[row.number - 1]
        return result

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        """Take headings in any case and spelling of ё; say which of the key columns is missing."""
        names = {fold(field.column_name): field.column_name for field in self.fields.values()}
        dataset.headers = [names.get(fold(title), title) for title in dataset.headers or []]
        for key in self.get_import_id_fields():
            title = self.fields[key].column_name
            if title not in dataset.headers:
                raise ValueError(f"Не найден столбец «{title}». Возьмите за образец файл, который даёт «Экспорт».")

    def get_or_init_instance(self, instance_loader: Any, row: dict[str, Any]) -> tuple[Any, bool]:
        """The row to change, or a new one; a number that is not among one's own is not found."""
        instance, new = super().get_or_init_instance(instance_loader, row)
        if new and self._names_another(row):
            raise ValidationError(NOT_FOUND)
        return instance, new

    def _names_another(self, row: dict[str, Any]) -> bool:
        """Whether a row that is not among one's own names one that is somewhere else, or a number that is nowhere."""
        keys = [self.fields[name] for name in self.get_import_id_fields()]
        if keys[0].attribute == "id":
            return bool(row.get(keys[0].column_name))
        wanted = {key.attribute: key.clean(row) for key in keys}
        return self._meta.model._default_manager.filter(**wanted).exists()

    def after_save_instance(self, instance: Any, row: dict[str, Any], **kwargs: Any) -> None:
        """Refuse a row that is not, once saved, the person's own to change; its save is rolled back."""
        if not self.get_queryset().filter(pk=instance.pk).exists():
            raise ValidationError(NOT_FOUND)


class ScopedMeta:
    """What all resources share."""

    skip_unchanged = True
    report_skipped = False  # the preview shows what would change
    clean_model_instances = True
    use_transactions = True
