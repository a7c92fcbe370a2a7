"""Choices of the admin's forms: rows in sight only, and what is no key of a table is a mistake, never a failure."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db.models import Field, ForeignKey, ManyToManyField, Model
from django.forms import ModelChoiceField, ModelMultipleChoiceField
from django.http import HttpRequest

from schools.scope import seen_rows


def is_key(model: type[Model], value: Any) -> bool:
    """Whether a text could be a key of a model's table: «zzz» and a number too great for the column could not."""
    key: Field[Any, Any] = model._meta.pk
    while isinstance(key, ForeignKey):
        key = key.target_field  # type: ignore[assignment]
    try:
        key.run_validators(key.to_python(value))
    except ValidationError:
        return False
    return True


class KeyField(ModelChoiceField):
    """One row of a table; Django's own looks the text up as it came."""

    queryset: Any

    def to_python(self, value: Any) -> Any:
        """Return the row. Raises ValidationError for a text that is no key, or no key of a row that is offered."""
        if value not in self.empty_values and not is_key(self.queryset.model, value):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)


class KeysField(ModelMultipleChoiceField):
    """Several rows of a table."""

    queryset: Any

    def clean(self, value: Any) -> Any:
        """Return the rows. Raises ValidationError that names the first text that is no key."""
        for each in value or ():
            if not is_key(self.queryset.model, each):
                short = str(each)[:30]
                raise ValidationError(
                    self.error_messages["invalid_pk_value"], code="invalid_pk_value", params={"pk": short}
                )
        return super().clean(value)


class KeySelect(AutocompleteSelect):
    """A field with search: what is no key is not looked for when the form comes back with its mistakes."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        """The option that is chosen, if there is such a row."""
        model = self.field.remote_field.model
        return super().optgroups(name, [each for each in value if each == "" or is_key(model, each)], attr)


class ScopedChoices:
    """For admins and inlines: a field never offers, nor takes, a row out of sight."""

    admin_site: admin.AdminSite

    def formfield_for_foreignkey(self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any) -> Any:
        """Limit the choices of a foreign key."""
        kwargs |= {"queryset": seen_rows(db_field.remote_field.model, request.user), "form_class": KeyField}
        if db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            kwargs["widget"] = KeySelect(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(
        self, db_field: "ManyToManyField[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Limit the choices of a many-to-many field."""
        kwargs |= {"queryset": seen_rows(db_field.remote_field.model, request.user), "form_class": KeysField}
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]
