"""Exchange of lists in the admin: export what one sees, import what one may change, a look at it in between."""

from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from import_export.admin import ExportMixin, ImportExportMixin
from import_export.forms import ConfirmImportForm, ExportForm

from schools.models.files import printable_name
from schools.sheets import SheetError
from schools.tabular import MOST_ROWS, AnySheet, Csv, UploadStorage, Xlsx
from schools.texts import number

_SALT = "admin.import"


class OwnConfirmForm(ConfirmImportForm):
    """The confirmation of one's own preview: the file's number is signed for the person who uploaded it."""

    def __init__(self, *args: Any, user_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user_id = user_id

    def clean_import_file_name(self) -> str:
        """Return the file's number. Raises ValidationError for a number that was not signed for this person."""
        try:
            user_id, name = signing.loads(self.cleaned_data["import_file_name"], salt=_SALT, max_age=24 * 3600)
        except signing.BadSignature:
            user_id, name = None, ""
        if user_id != self.user_id:
            raise ValidationError("Загрузите файл ещё раз.")
        return str(name)


class ExportsList(ExportMixin):
    """An admin whose visible rows may be taken away as a table."""

    resource_classes: Any = []
    export_formats = [Xlsx, Csv]
    import_formats = [AnySheet]
    export_form_class = ExportForm

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Who may look may take away."""
        return self.has_view_permission(request)

    def get_resource_kwargs(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Bind a resource to the person."""
        return {"user": request.user}

    def get_export_data(
        self, file_format: Any, request: HttpRequest, queryset: "QuerySet[Any]", **kwargs: Any
    ) -> bytes:
        """Return the file. Raises ValueError, which is shown, for more rows than a browser should wait for."""
        if queryset.order_by()[: MOST_ROWS * 4 + 1].count() > MOST_ROWS * 4:
            raise ValueError(f"Строк больше {number(MOST_ROWS * 4)}. Сузьте список фильтром и выгрузите по частям.")
        return file_format.export_data(self.get_data_for_export(request, queryset, force_native_type=True, **kwargs))


class ExchangesList(ExportsList, ImportExportMixin):
    """An admin whose rows are exchanged as tables: file → preview → confirmation, all rows or none."""

    confirm_form_class = OwnConfirmForm
    tmp_storage_class = UploadStorage

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Whoever may add and change rows by hand."""
        return self.has_add_permission(request) and self.has_change_permission(request)

    def add_data_read_fail_error_to_form(self, form: Any, e: Exception) -> None:
        """Say what is wrong with the file."""
        plain = "Прочитать файл не удалось. Сохраните таблицу как xlsx и загрузите снова."
        form.add_error("import_file", e.message if isinstance(e, SheetError) else plain)

    def get_confirm_form_kwargs(self, request: HttpRequest, import_form: Any = None) -> dict[str, Any]:
        """Tell the confirmation whose it is."""
        return {**super().get_confirm_form_kwargs(request, import_form), "user_id": request.user.pk}

    def get_confirm_form_initial(self, request: HttpRequest, import_form: Any) -> dict[str, Any]:
        """Sign the file's number."""
        initial = super().get_confirm_form_initial(request, import_form)
        if "import_file_name" in initial:
            initial["import_file_name"] = signing.dumps([request.user.pk, initial["import_file_name"]], salt=_SALT)
            initial["original_file_name"] = printable_name(initial["original_file_name"])
        return initial

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Take the confirmed file in; one that is gone, or in already, is said to be so."""
        try:
            response = super().process_import(request, **kwargs)
        except SheetError:
            return self._again(request, "Этот файл уже внесён или устарел. Загрузите его ещё раз.")
        if response.status_code == 200:  # the form came back: it was not this person's preview
            return self._again(request, "Подтвердить можно только свою загрузку. Загрузите файл ещё раз.")
        return response

    def process_result(self, result: Any, request: HttpRequest) -> HttpResponse:
        """Say what was done; mistakes found only now mean that nothing was."""
        if result.has_errors() or result.has_validation_errors():
            return self._again(request, "Ничего не внесено: данные изменились после проверки. Загрузите файл ещё раз.")
        return super().process_result(result, request)

    def _again(self, request: HttpRequest, sentence: str) -> HttpResponse:
        messages.error(request, sentence)
        app, model = self.get_model_info()
        return HttpResponseRedirect(reverse(f"admin:{app}_{model}_import"))
