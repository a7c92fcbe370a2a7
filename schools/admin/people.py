"""Classes, pupils and their representatives in the admin: only their own school's people see them."""

from typing import Any, ClassVar

from django.contrib import admin

from schools.admin.filters import by_municipality, by_region
from schools.admin.scoped import ScopedAdmin
from schools.models import Guardian, Guardianship, Pupil, SchoolClass
from schools.models.people import Person

BY_SCHOOL = ["school__name_key__contains", "school__code__startswith"]
NAME_FIELDS = ["last_name", "first_name", "patronymic", "no_patronymic"]


class PersonAdmin(ScopedAdmin):
    """Somebody a school answers for; СНИЛС is only ever shown masked."""

    list_select_related = ["school"]
    search_fields = ["name_key__contains"]
    ordering: ClassVar[Any] = ["school_id", "name_key", "id"]
    sortable_by: ClassVar[Any] = ()
    fixed_fields = ["school"]

    @admin.display(description="ФИО")
    def person(self, row: Person) -> str:
        """The full name."""
        return row.full_name

    @admin.display(description="СНИЛС")
    def snils_mask(self, row: Person) -> str:
        """«***-***-445 95»."""
        return row.masked_snils or "—"


@admin.register(SchoolClass)
class SchoolClassAdmin(ScopedAdmin):
    """Classes of the school years."""

    list_display = ["name", "year", "school", "declared_pupils"]
    list_select_related = ["school"]
    list_filter = ["grade", by_region("school__region_id"), by_municipality("school__municipality_id")]
    search_fields = BY_SCHOOL
    ordering = ["school_id", "-year", "grade", "letter"]
    sortable_by: ClassVar[Any] = ()
    autocomplete_fields = ["school"]
    fixed_fields = ["school"]

    @admin.display(description="класс")
    def name(self, row: SchoolClass) -> str:
        """«7Б»."""
        return row.name


class GuardianshipInline(admin.TabularInline):
    """Who represents a pupil: looked at here, changed in its own list."""

    model = Guardianship
    fields = ("guardian", "kind", "invited_on", "registered_on", "declined_on")
    readonly_fields = ("guardian", "kind", "invited_on", "registered_on", "declined_on")
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        """Added in their own list."""
        return False

    def get_queryset(self, request: Any) -> Any:
        """With the people's names, in one query."""
        return super().get_queryset(request).select_related("guardian")


@admin.register(Pupil)
class PupilAdmin(PersonAdmin):
    """Pupils."""

    list_display = ["person", "school_class", "school", "enrolled_on", "left_on"]
    list_select_related = ["school", "school_class"]
    readonly_fields = ["snils_mask"]
    fields = ["school", *NAME_FIELDS, "snils_mask", "school_class", "born_on", "enrolled_on", "left_on", "external_id"]
    autocomplete_fields = ["school", "school_class"]
    inlines = [GuardianshipInline]


@admin.register(Guardian)
class GuardianAdmin(PersonAdmin):
    """Legal representatives."""

    list_display = ["person", "school", "phone", "email"]
    readonly_fields = ["snils_mask"]
    fields = ["school", *NAME_FIELDS, "snils_mask", "phone", "email"]
    autocomplete_fields = ["school"]


@admin.register(Guardianship)
class GuardianshipAdmin(ScopedAdmin):
    """Who represents whom."""

    list_display = ["pupil", "guardian", "kind", "invited_on", "registered_on", "declined_on"]
    list_select_related = ["pupil", "guardian"]
    list_filter = ["kind"]
    search_fields = ["pupil__name_key__contains", "guardian__name_key__contains"]
    ordering = ["-id"]
    sortable_by: ClassVar[Any] = ()
    autocomplete_fields = ["pupil", "guardian"]
    fixed_fields = ["pupil", "guardian"]
