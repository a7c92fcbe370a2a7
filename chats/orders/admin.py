"""Orders in the admin: texts are rewritten version by version, orders and what hangs on them are looked at."""

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import QuerySet
from django.forms.fields import InvalidJSONInput
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from chats.models import Acknowledgement, Duty, NameForms, Order, OrderBatch, OrderTemplate
from chats.orders import templates
from chats.orders.drafting import OrderRefused
from chats.orders.text_form import TextForm
from schools.admin.filters import by_municipality, by_region
from schools.admin.jobs import JOB_FIELDS, JobAdmin
from schools.admin.scoped import NoDelete, ReadOnly, ScopedAdmin, all_fields
from schools.models import User

PLACES = ["school", "municipality"]
OF_ORDER = ["order__school", "order__municipality", "order__region"]
BY_SCHOOL = ["order__school__name_key__contains", "order__school__code__startswith"]


class AnyJSONField(forms.JSONField):
    """JSON by hand: what Python itself refuses to read (a number of five thousand digits) is a mistake too."""

    def to_python(self, value: Any) -> Any:
        """The value; raises ValidationError."""
        try:
            return super().to_python(value)
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What was typed, as the form shows it again."""
        try:
            return super().bound_data(data, initial)
        except (ValueError, RecursionError):
            return InvalidJSONInput(data)


class OrderTemplateForm(TextForm):
    """The form of the admin: a new text gets its key and level here."""

    class Meta(TextForm.Meta):
        fields: ClassVar[Any] = ["key", "level", *TextForm.Meta.fields]

    def check_text(self) -> None:
        """A key is of one text."""
        if self.instance.pk is None:
            templates.check_key(self.cleaned_data["key"])
        super().check_text()


@admin.register(OrderTemplate)
class OrderTemplateAdmin(NoDelete, ScopedAdmin):
    """Texts: a change makes a new version, the older ones stay with the orders written by them."""

    form = OrderTemplateForm
    formfield_overrides: ClassVar[Any] = {models.JSONField: {"form_class": AnyJSONField}}
    list_display = ["name", "key", "version", "level", "replaced_at", "changed_by"]
    list_select_related = ["changed_by"]
    list_filter = ["level"]
    search_fields = ["key__startswith", "name__contains", "text__contains"]
    ordering = ["place_in_list", "key", "-version"]
    sortable_by: ClassVar[Any] = ()
    fixed_fields = ["key", "level"]
    hint = (
        "Изменённый текст — новая версия: изданные приказы остаются при той, по которой их писали. "
        "Прежние версии не меняют."
    )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only the version in use."""
        return super().has_change_permission(request, obj) and (obj is None or obj.replaced_at is None)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show or take the form; what another editor has changed meanwhile is refused in words."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except OrderRefused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: OrderTemplate, form: forms.ModelForm, change: bool) -> None:
        """Write through the service; the row shown next is the new version."""
        facts = {name: form.cleaned_data[name] for name in templates.CHANGEABLE}
        by = cast(User, request.user)
        if change:
            made = templates.rewrite(obj, facts, reason=form.cleaned_data["reason"], by=by)
        else:
            made = templates.begin(obj.key, obj.level, facts, by=by)
        obj.pk, obj.version = made.pk, made.version
        obj.refresh_from_db()


class OrderLog(ReadOnly, ScopedAdmin):
    """Rows that are made on the pages of orders."""

    sortable_by: ClassVar[Any] = ()
    ordering: ClassVar[Any] = ["-id"]


@admin.register(Order)
class OrderAdmin(OrderLog):
    """Orders; they are written, issued and cancelled on their pages."""

    list_display = ["__str__", *PLACES, "state", "signed_on", "issued_by", "cancelled_on"]
    list_select_related = [*PLACES, "issued_by"]
    list_filter = ["state", by_region("school__region_id"), by_municipality("school__municipality_id")]
    search_fields = ["number__startswith", "school__name_key__contains", "school__code__startswith"]
    fields = all_fields(Order, "id", "region", "values", "paper_kept", "done")
    hint = "Приказы пишут, издают и отменяют на странице «Приказы» школы или муниципалитета."


@admin.register(Acknowledgement)
class AcknowledgementAdmin(OrderLog):
    """Who is to read an order and who has."""

    list_display = ["name", "order", "acknowledged_on", "marked_by"]
    list_select_related = ["order", *OF_ORDER, "marked_by"]
    list_filter = [by_region("order__school__region_id")]
    search_fields = ["name__contains", *BY_SCHOOL]
    fields = all_fields(Acknowledgement, "id")
    hint = "Ознакомление отмечают на странице приказа."


@admin.register(Duty)
class DutyAdmin(OrderLog):
    """Who answers for what by which order."""

    list_display = ["staff", "field", "order", "starts_on", "ends_on"]
    list_select_related = ["staff", "order", *OF_ORDER]
    list_filter = ["field", by_region("order__school__region_id")]
    search_fields = ["staff__name_key__contains", *BY_SCHOOL]
    fields = all_fields(Duty, "id")
    hint = "Обязанности закрепляет и снимает приказ."


@admin.register(NameForms)
class NameFormsAdmin(OrderLog):
    """Forms of names put right by hand."""

    list_display = ["staff", "name", "position"]
    list_select_related = ["staff", "staff__school"]
    list_filter = [by_region("staff__school__region_id")]
    search_fields = ["staff__name_key__contains", "staff__school__code__startswith"]
    fields = all_fields(NameForms, "id")
    hint = "Падежи исправляют в проекте приказа: они запоминаются для следующих."


@admin.register(OrderBatch)
class OrderBatchAdmin(JobAdmin):
    """Orders prepared for many schools at once."""

    list_display = ["template", "region", "municipality", "state", "created_by", "created_at"]
    list_select_related = ["template", "region", "municipality", "created_by"]
    fields = ["region", "municipality", "template", "archive", *JOB_FIELDS]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        """The newest first."""
        return super().get_queryset(request).order_by("-id")
