"""Forms of a chat: its own fields, the day it was closed."""

import datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from chats.models import Chat
from chats.moving import newest
from chats.proposals import title_of
from chats.roster import ClassLine, Place
from chats.use_cases import USE_CASES, Group
from chats.use_cases.kinds import Unit
from schools.admin.choices import KeyField
from schools.models import School, SchoolClass
from schools.platforms import CHAT_CHANNELS
from schools.scope import AnyUser
from schools.years import school_year_of
from staff.models import StaffMember

NEEDED = {"required": "Заполните это поле."}
WRONG_DAY = "Впишите дату, например 05.09.2026."
CHOOSE = {"invalid_choice": "Выберите из списка."}


def _days() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def case_choices() -> list[Any]:
    """Cases under the titles of their groups."""
    groups = [
        (group.value, [(case.number, f"{case.number}. {case.name}") for case in USE_CASES if case.group == group])
        for group in Group
    ]
    return [("", "выберите"), *groups]


class ChatForm(forms.ModelForm):
    """A chat of a school; an empty title is filled in by the case's rule."""

    use_case = forms.TypedChoiceField(label="Кейс", choices=case_choices, coerce=int, error_messages=NEEDED | CHOOSE)
    school_class = KeyField(
        queryset=SchoolClass.objects.none(),
        required=False,
        label="Класс",
        empty_label="не о классе",
        error_messages=CHOOSE,
    )
    owner = KeyField(
        queryset=StaffMember.objects.none(),
        required=False,
        label="Владелец",
        empty_label="не назван",
        error_messages=CHOOSE,
        help_text="Кто ведёт чат и отвечает за состав.",
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    class Meta:
        model = Chat
        fields: ClassVar[Any] = [
            "use_case",
            "school_class",
            "area",
            "channel",
            "title",
            "link",
            "owner",
            "opened_on",
            "ends_on",
            "external_id",
        ]
        widgets: ClassVar[dict[str, Any]] = {"opened_on": _days(), "ends_on": _days()}
        help_texts: ClassVar[dict[str, str]] = {
            "area": "Только для чата методического объединения.",
            "title": "Пусто — назовём по правилу кейса.",
            "link": "Приглашение из самого чата: по нему печатаем плакат с QR-кодом.",
            "ends_on": "Для временных чатов: после этого дня напомним закрыть.",
            "external_id": "По нему узнаем чат в недельной выгрузке.",
        }
        error_messages: ClassVar[dict[str, Any]] = {
            "channel": NEEDED | CHOOSE,
            "area": CHOOSE,
            "opened_on": NEEDED | {"invalid": WRONG_DAY},
            "ends_on": {"invalid": WRONG_DAY},
        }

    def __init__(self, *args: Any, user: AnyUser, school: School, owners: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.instance.school = school
        classes: Any = SchoolClass.objects.visible_to(user).filter(school=school)
        years = {school_year_of(today), self.instance.school_class.year if self.instance.school_class else 0}
        fields: Any = self.fields
        fields["school_class"].queryset = classes.filter(year__in=years).order_by("-year", "grade", "letter")
        people: Any = StaffMember.objects.visible_to(user).filter(school=school)
        fields["owner"].queryset = people.working(today).order_by("name_key", "id")
        fields["channel"].choices = [("", "выберите"), *((each.number, each.name) for each in CHAT_CHANNELS)]
        fields["area"].choices = [("", "не о нём"), *fields["area"].choices[1:]]
        fields["title"].required = False
        fields["version"].initial = self.instance.version if self.instance.pk else None
        for name in ("title", "link", "external_id"):
            fields[name].error_messages["max_length"] = "Слишком длинно: сократите."
        if not self.instance.pk:
            usual = {"channel": newest(), "opened_on": today, "owner": owners[0] if owners else None}
            given = {name: value for name, value in (kwargs.get("initial") or {}).items() if value}
            self.initial = {**self.initial, **usual, **given}

    def clean(self) -> dict[str, Any]:
        """A class's chat names its class, an association's its association, others neither."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        case = next((each for each in USE_CASES if each.number == given.get("use_case")), None)
        if case is None:
            return given
        if case.unit == Unit.CLASS and not given.get("school_class") and "school_class" not in self.errors:
            self.add_error("school_class", "Выберите класс: чат этого кейса — о нём.")
        if case.unit == Unit.ASSOCIATION and not given.get("area") and "area" not in self.errors:
            self.add_error("area", "Выберите объединение: чат этого кейса — о нём.")
        given["school_class"] = given.get("school_class") if case.unit == Unit.CLASS else None
        given["area"] = given.get("area") if case.unit == Unit.ASSOCIATION else None
        if not given.get("title"):
            one = given["school_class"]
            line = ClassLine(one.pk, one.grade, one.letter) if one else None
            given["title"] = title_of(case, Place(line, given["area"]), given.get("opened_on") or timezone.localdate())
        return given

    def clean_opened_on(self) -> datetime.date:
        """A chat is not of before the platform, and not of the future."""
        day: datetime.date = self.cleaned_data["opened_on"]
        if not day.year >= 2015 or day > timezone.localdate():
            raise ValidationError("Проверьте дату: чат создают не раньше 2015 года и не позже сегодняшнего дня.")
        return day


class CloseForm(forms.Form):
    """The day a chat was closed."""

    closed_on = forms.DateField(
        label="Закрыт", widget=_days(), error_messages={"required": "Впишите день.", "invalid": WRONG_DAY}
    )
