"""Users, their rights, appointments and tokens in the admin."""

from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.contrib.auth.models import Group
from django.db.models import Field, QuerySet
from django.http import HttpRequest

from schools.admin.exchange import ExportsList
from schools.admin.resources import AppointmentResource
from schools.admin.scoped import NoDelete, ScopedAdmin
from schools.appointing.forms import taken
from schools.appointing.people import clean_order_day
from schools.models import AccessToken, Appointment, User
from schools.own_tokens.services import counts_of
from schools.scope import Level, sight_of
from schools.second_factor import services as second_factor
from schools.texts import counted


class PasswordForm(AdminPasswordChangeForm):
    """A new password for somebody; says what ends with the old one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tokens = counts_of(self.user)["working"]
        if tokens:
            words = ("токен REST", "токена REST", "токенов REST")
            self.fields["password2"].help_text = f"Перестанут действовать: {counted(tokens, *words)} этого человека."


@admin.register(User)
class PortalUserAdmin(NoDelete, ScopedAdmin, UserAdmin):
    """Accounts, for superusers; one that is not needed is switched off."""

    list_display = ["username", "last_name", "first_name", "email", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff", "is_superuser"]
    search_fields = ["username__contains", "email__contains", "last_name__contains", "first_name__contains"]
    ordering = ["username"]
    change_password_form = PasswordForm
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Кто это", {"fields": ["last_name", "first_name", "patronymic", "email", "phone"]}),
        ("Права в этом разделе", {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
        ("Даты", {"fields": ["last_login", "first_seen_on", "seen_on", "factor_on", "date_joined"]}),
    ]
    readonly_fields = ["last_login", "first_seen_on", "seen_on", "factor_on", "date_joined"]
    hint = "Что человек видит на портале, решают его назначения. Учётную запись не удаляют, а выключают."
    actions = ["reset_second_factor"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers: accounts and their rights are not for coordinators."""
        return super().has_view_permission(request, obj) and sight_of(request.user).everything

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers."""
        return super().has_change_permission(request, obj) and sight_of(request.user).everything

    @admin.action(description="Сбросить второй фактор", permissions=["change"])
    def reset_second_factor(self, request: HttpRequest, queryset: "QuerySet[Any]") -> None:
        """Take the factor away from those who lost their phones; written down in the journal."""
        done = 0
        for user in queryset:
            try:
                second_factor.reset(user=user, by=request.user, reason="сброшен администратором портала")  # type: ignore[arg-type]
            except second_factor.CodeRefused as refusal:
                messages.warning(request, f"{user}: {refusal}")
            else:
                done += 1
        messages.success(request, f"Сброшено: {done}.")


admin.site.unregister(Group)


@admin.register(Group)
class PortalGroupAdmin(ScopedAdmin, GroupAdmin):  # type: ignore[misc]
    """Groups of Django's rights, for superusers: whoever edits them could give herself any."""

    search_fields = ["name__contains"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers."""
        return super().has_view_permission(request, obj) and sight_of(request.user).everything

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers."""
        return super().has_change_permission(request, obj) and sight_of(request.user).everything


def order_day(day: date) -> None:
    """A day an order of today may have, as on the pages. Raises ValidationError."""
    taken(clean_order_day(day))


@admin.register(Appointment)
class AppointmentAdmin(ExportsList, NoDelete, ScopedAdmin):
    """Appointments: seen within one's place, changed below one's own level, ended and not deleted."""

    list_display = ["user", "title", "where", "starts_on", "ends_on", "order_number"]
    list_select_related = ["user", "region", "municipality", "school"]
    list_filter = ["level"]
    search_fields = ["user__last_name__contains", "user__username__contains", "school__name_key__contains"]
    ordering = ["level", "-starts_on", "id"]
    autocomplete_fields = ["user", "municipality", "school"]
    fixed_fields = ["user", "level", "region", "municipality", "school"]
    fields = ["user", "level", "region", "municipality", "school", "starts_on", "ends_on", "order_number", "order_on"]
    resource_classes = [AppointmentResource]
    hint = "Назначение не удаляют: ему ставят дату окончания. Новое назначает администратор портала."

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Superusers: to appoint is to choose among all accounts."""
        return super().has_add_permission(request) and sight_of(request.user).everything

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        """Say which place goes with the level."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "level" and field is not None:
            field.help_text = "Укажите одно место этого уровня; для уровня «страна» места не указывают."
        if db_field.name == "order_on" and field is not None:
            field.validators = [*field.validators, order_day]
        return field

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Write down who appointed."""
        if not change:
            obj.appointed_by = request.user
        super().save_model(request, obj, form, change)

    @admin.display(description="назначение")
    def title(self, row: Appointment) -> str:
        """What the person is called."""
        return row.title

    @admin.display(description="место")
    def where(self, row: Appointment) -> str:
        """The place answered for."""
        return str(row.place) if row.level != Level.COUNTRY else "Россия"


@admin.register(AccessToken)
class AccessTokenAdmin(ScopedAdmin):
    """Tokens, for superusers: a list by their first signs; to delete one is to revoke it."""

    list_display = ["token_key", "user", "name", "loads_activity", "loads_staff", "appoints", "expiry", "used_at"]
    list_select_related = ["user"]
    list_filter = ["loads_activity", "loads_staff", "appoints"]
    search_fields = ["user__username__contains", "name__contains"]
    ordering = ["-created"]
    fields = [
        *("token_key", "user", "name", "purpose", "region", "municipality", "school", "networks", "loads_activity"),
        *("loads_staff", "appoints", "marks_steps", "reconciles", "writes_orders", "created", "expiry", "used_at"),
        "used_from",
    ]
    hint = "Удалить токен — значит отозвать его. Новый человек выпускает в профиле; доверенный — команда issue_token."

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody: a token would pass through the browser's history of messages."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers."""
        return super().has_view_permission(request, obj) and sight_of(request.user).everything

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: a token's rights do not change under its owner's feet."""
        return False
