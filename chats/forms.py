"""The form of a useful resource: its region is one the person answers for, or the country for the administrator."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from chats.models import Resource
from schools.admin.choices import KeyField
from schools.models import Region
from schools.scope import AnyUser, sight_of

NEEDED = {"required": "Заполните это поле."}
COUNTRY = "вся страна"


class ResourceForm(forms.ModelForm):
    """A link with what it is and whom it is for."""

    region = KeyField(
        queryset=Region.objects.none(),
        label="Где показывать",
        error_messages=NEEDED | {"invalid_choice": "Выберите регион из списка."},
    )

    class Meta:
        model = Resource
        fields: ClassVar[Any] = [
            "region",
            "title",
            "kind",
            "link",
            "for_coordinators",
            "for_administrators",
            "for_teachers",
            "for_families",
            "body",
            "note",
            "checked_on",
        ]
        widgets: ClassVar[dict[str, Any]] = {
            "link": forms.URLInput(),
            "checked_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        error_messages: ClassVar[dict[str, Any]] = {
            "title": NEEDED,
            "kind": {"required": "Выберите вид.", "invalid_choice": "Выберите вид из списка."},
            "link": {"required": "Впишите ссылку."},
            "checked_on": {"invalid": "Впишите дату, например 05.09.2026."},
        }

    def __init__(self, *args: Any, user: AnyUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sight = sight_of(user)
        seen: Any = Region.objects.visible_to(user).order_by("name")
        region: Any = self.fields["region"]
        region.queryset = seen if sight.everything else seen.filter(pk__in=sight.region_ids)
        region.required, region.empty_label = not sight.everything, COUNTRY if sight.everything else None
        if not sight.everything:
            region.initial = region.queryset.first()
        self.fields["kind"].choices = [("", "выберите"), *self.fields["kind"].choices[1:]]  # type: ignore[attr-defined]
        for name in ("title", "link", "body", "note"):
            limit = self.fields[name].max_length  # type: ignore[attr-defined]
            self.fields[name].error_messages["max_length"] = f"Слишком длинно: оставьте не больше {limit} знаков."

    def clean_checked_on(self) -> Any:
        """A link cannot have been looked at tomorrow."""
        day = self.cleaned_data["checked_on"]
        if day and day > timezone.localdate():
            raise ValidationError("Этот день ещё не наступил: впишите день, когда ссылку открывали.")
        return day
