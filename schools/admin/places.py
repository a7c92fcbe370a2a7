"""Places in the admin: regions, municipalities, schools, and what hangs on a school."""

import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import admin
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest

from schools.admin.exchange import ExchangesList
from schools.admin.filters import by_municipality, by_region
from schools.admin.resources import MunicipalityResource, RegistrationResource, SchoolResource
from schools.admin.scoped import NoDelete, ReadOnly, ScopedAdmin, all_fields
from schools.models import Municipality, Region, RegisterImport, School, SchoolRegistration, StoredFile, Succession
from schools.tabular import regions_around


@admin.register(Region)
class RegionAdmin(ReadOnly, ScopedAdmin):
    """The regions come from schools/regions.py by migration."""

    list_display = ["code", "name", "federal_district", "timezone"]
    list_filter = ["federal_district"]
    search_fields = ["code__startswith", "name__contains"]
    fields = all_fields(Region, "id")


@admin.register(Municipality)
class MunicipalityAdmin(ExchangesList, NoDelete, ScopedAdmin):
    """Territories of a region; one that is no more is closed."""

    list_display = ["name", "region", "kind", "oktmo", "opened_on", "closed_on"]
    list_select_related = ["region"]
    list_filter = [by_region("region_id"), "kind"]
    search_fields = ["name_key__contains", "oktmo__startswith"]
    ordering = ["region_id", "name_key"]
    fixed_fields = ["region"]
    resource_classes = [MunicipalityResource]
    hint = "Упразднённый муниципалитет не удаляют: ему ставят дату упразднения."


@admin.register(School)
class SchoolAdmin(ExchangesList, NoDelete, ScopedAdmin):
    """Schools; one that is no more is closed."""

    list_display = ["code", "short_name", "place", "kind", "subordination", "declared_teachers", "closed_on"]
    list_display_links = ["code", "short_name"]
    list_select_related = ["region", "municipality"]
    list_filter = [by_region("region_id"), by_municipality("municipality_id"), "kind", "subordination"]
    search_fields = ["name_key__contains", "code__startswith", "inn__startswith", "ogrn__startswith"]
    ordering = ["region_id", "name_key", "id"]
    autocomplete_fields = ["municipality", "parent"]
    fixed_fields = ["region"]
    readonly_fields = ["updated_at"]
    resource_classes = [SchoolResource]
    hint = "Закрытую школу не удаляют: ей ставят дату закрытия. Реестр целиком загружает команда import_register."
    fieldsets = [
        (None, {"fields": ["code", "short_name", "full_name", "region", "municipality", "kind", "subordination"]}),
        ("Реквизиты", {"fields": ["inn", "kpp", "ogrn", "oktmo", "parent", "opened_on", "closed_on", "external_id"]}),
        ("Связь", {"fields": ["address", "phone", "email", "website", "director_name"]}),
        (
            "Численность по ОО-1",
            {"fields": ["declared_teachers", "declared_classes", "declared_pupils", "declared_on", "excluded_because"]},
        ),
        (None, {"fields": ["updated_at"]}),
    ]

    def formfield_for_foreignkey(self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any) -> Any:
        """A municipality's coordinator adds schools too, and her region is the only choice."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "region":
            field.queryset = regions_around(request.user)
        return field

    @admin.display(description="территория")
    def place(self, school: School) -> str:
        """Municipality, or region."""
        return school.place_name


@admin.register(SchoolRegistration)
class SchoolRegistrationAdmin(ExchangesList, ScopedAdmin):
    """Registrations of schools on the platforms."""

    list_display = ["school", "platform", "channel", "registered_on", "closed_on"]
    list_select_related = ["school"]
    list_filter = ["platform", by_region("school__region_id"), by_municipality("school__municipality_id")]
    search_fields = ["school__name_key__contains", "school__code__startswith"]
    ordering = ["school_id", "platform"]
    autocomplete_fields = ["school"]
    fixed_fields = ["school"]
    resource_classes = [RegistrationResource]


@admin.register(Succession)
class SuccessionAdmin(ScopedAdmin):
    """Which school came out of which."""

    list_display = ["predecessor", "successor", "kind", "happened_on"]
    list_select_related = ["predecessor", "successor"]
    list_filter = ["kind"]
    search_fields = ["predecessor__name_key__contains", "successor__name_key__contains"]
    ordering = ["-id"]
    autocomplete_fields = ["predecessor", "successor"]


@admin.register(StoredFile)
class StoredFileAdmin(ReadOnly, ScopedAdmin):
    """Uploads: that they were, not what was in them."""

    list_display = ["shown_name", "school", "size", "uploaded_by", "uploaded_at", "kept"]
    list_select_related = ["school", "uploaded_by"]
    search_fields = ["school__name_key__contains", "school__code__startswith"]
    fields = [*all_fields(StoredFile, "id", "content"), "kept"]
    readonly_fields = ["kept"]
    sortable_by: ClassVar[Any] = ()

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        """Never fetch the bytes."""
        return super().get_queryset(request).defer("content")

    @admin.display(description="хранится до")
    def kept(self, file: StoredFile) -> str:
        """Until when the bytes stay."""
        return f"{file.uploaded_at + datetime.timedelta(days=settings.KEEP_FILES_DAYS):%d.%m.%Y}"


@admin.register(RegisterImport)
class RegisterImportAdmin(ReadOnly, ScopedAdmin):
    """Registers of schools taken in."""

    list_display = [
        "created_at",
        "region",
        "shown_name",
        "rows_read",
        "schools_added",
        "schools_changed",
        "rows_refused",
    ]
    list_select_related = ["region"]
    list_filter = [by_region("region_id")]
    fields = all_fields(RegisterImport, "id")
    hint = "Реестр загружает команда import_register: она сначала показывает, что сделает."
