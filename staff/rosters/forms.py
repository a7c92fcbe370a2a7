"""Forms of one class, one pupil, one representative: they carry texts, the rules are those of an upload."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils import timezone

from schools.models import Guardian, Guardianship, Pupil, School, SchoolClass
from schools.scope import AnyUser
from staff.imports.plan import WAIT
from staff.models import ClassTeacher, ImportMode, StaffMember
from staff.names import NO_PATRONYMIC
from staff.rosters.changing import Result
from staff.rosters.columns.cleaners import KIND_TITLES
from staff.rosters.present import row_key

NEEDED = {"required": "Заполните это поле."}


class DateInput(forms.DateInput):
    """The browser's own choice of a day."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def date_field(label: str, hint: str = "", **how: Any) -> forms.DateField:
    """A day that may be left empty."""
    wrong = {"invalid": "Впишите дату, например 05.09.2026."}
    formats = ["%Y-%m-%d", "%d.%m.%Y"]
    return forms.DateField(
        label=label,
        help_text=hint,
        widget=DateInput(),
        input_formats=formats,
        error_messages=wrong | NEEDED,
        **{"required": False, **how},
    )


def text_field(label: str, hint: str = "", *, longest: int = 100, required: bool = False) -> forms.CharField:
    """A line of text."""
    wrong = {"max_length": f"Слишком длинно: оставьте не больше {longest} знаков."}
    return forms.CharField(
        label=label, help_text=hint, max_length=longest, required=required, error_messages=wrong | NEEDED
    )


def told(form: forms.Form, result: Result) -> bool:
    """Put what is wrong with a row into its form; tell whether there was anything."""
    if result.action != WAIT:
        return False
    for key, message, suggestion in result.problems:
        offered = f" Может быть, «{suggestion}»?" if suggestion and suggestion != "-" else ""
        sentence = message if message.endswith((".", "?")) else f"{message}."
        form.add_error(_FIELDS.get(key, key if key in form.fields else None), f"{sentence}{offered}")
    return True


_FIELDS = {"row_key": None, "pupil_key": None, "school_class": "school_class", "class_name": "class_name", "": None}


def day_text(day: datetime.date | None) -> str:
    """A day as the cleaners of cells read it."""
    return day.isoformat() if day else ""


class UploadForm(forms.Form):
    """A file, the school year it is for, and what to do with pupils it does not name."""

    file = forms.FileField(
        error_messages={
            "required": "Выберите файл: xlsx, xls, ods, csv или архив OneRoster.",
            "empty": "Файл пустой. Сохраните его ещё раз и загрузите снова.",
        },
        allow_empty_file=True,
    )
    mode = forms.ChoiceField(choices=ImportMode.choices, initial=ImportMode.UPDATE)
    year = forms.IntegerField(required=False, min_value=2000, max_value=2100)


class ClassForm(forms.Form):
    """A class."""

    class_name = text_field("Класс", "Параллель и литера вместе: 5А.", longest=20, required=True)
    teacher = forms.ChoiceField(label="Классный руководитель", required=False)
    second = forms.ChoiceField(label="Второй классный руководитель", required=False)
    declared_pupils = forms.IntegerField(
        label="Число обучающихся",
        help_text="По данным школы: сверим с внесёнными.",
        min_value=0,
        max_value=60,
        required=False,
        error_messages={"invalid": "Впишите целое число.", "max_value": "В классе не бывает больше 60 обучающихся."},
    )

    def __init__(self, data: Any, *, user: AnyUser, school: School, school_class: SchoolClass | None) -> None:
        initial: dict[str, Any] = {}
        if school_class:
            led = ClassTeacher.objects.visible_to(user).filter(school_class=school_class, staff__left_on=None)
            keys = [row_key("staff", pk) for pk in led.order_by("staff__name_key").values_list("staff_id", flat=True)]
            initial = {"class_name": school_class.name, "declared_pupils": school_class.declared_pupils}
            initial |= dict(zip(("teacher", "second"), keys, strict=False))
        super().__init__(data, initial=initial)
        staff = StaffMember.objects.visible_to(user).filter(school=school).working().order_by("name_key", "id")
        choices = [("", "не назначен"), *((row_key("staff", one.pk), one.full_name) for one in staff)]
        for name in ("teacher", "second"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def texts(self) -> dict[str, str]:
        """The cells of its row."""
        given = self.cleaned_data
        declared = given["declared_pupils"]
        return {
            "class_name": given["class_name"],
            "teachers": "; ".join(dict.fromkeys(key for key in (given["teacher"], given["second"]) if key)),
            "declared_pupils": "" if declared is None else str(declared),
        }


class _NameForm(forms.Form):
    """A person's name and СНИЛС."""

    last_name = text_field("Фамилия", required=True)
    first_name = text_field("Имя", required=True)
    patronymic = text_field("Отчество", "Если отчества нет по документам, отметьте ниже.")
    no_patronymic = forms.BooleanField(label="Отчества нет по документам", required=False)
    snils = text_field("СНИЛС", longest=20)
    phone = text_field("Мобильный телефон", longest=40)

    def __init__(self, data: Any, person: Pupil | Guardian | None, initial: Mapping[str, Any]) -> None:
        self.person = person
        if person:
            names = ("last_name", "first_name", "patronymic", "no_patronymic", "phone")
            initial = {name: getattr(person, name) for name in names} | dict(initial)
        super().__init__(data, initial=dict(initial))
        if person and person.snils:
            known = f"Внесён {person.masked_snils}. Впишите новый, чтобы заменить; «-» — чтобы стереть."
            self.fields["snils"].help_text = known

    def name_texts(self) -> dict[str, str]:
        """The cells of the name; an empty СНИЛС keeps the known one."""
        given = self.cleaned_data
        middle = given["patronymic"] or (NO_PATRONYMIC if given["no_patronymic"] else "")
        texts = {key: given[key] for key in ("last_name", "first_name", "phone")} | {"patronymic": middle}
        return texts | ({"snils": given["snils"]} if given["snils"] else {})


class PupilForm(_NameForm):
    """A pupil."""

    school_class = forms.ChoiceField(label="Класс", required=False)
    born_on = date_field("Дата рождения")
    external_id = text_field("Номер личного дела", "Номер в журнале школы или другой системе.", longest=64)
    enrolled_on = date_field("Зачислен")
    field_order = ("last_name", "first_name", "patronymic", "no_patronymic", "school_class", "born_on")

    def __init__(self, data: Any, *, classes: Iterable[str], pupil: Pupil | None, place: str = "") -> None:
        kept = ("born_on", "external_id", "enrolled_on")
        initial: dict[str, Any] = {name: getattr(pupil, name) for name in kept} if pupil else {}
        super().__init__(data, pupil, initial | {"school_class": place})
        self.fields["school_class"].choices = [  # type: ignore[attr-defined]
            ("", "без класса" if pupil else "выберите класс"),
            *((name, name) for name in classes),
        ]
        self.fields["phone"].help_text = "Телефон самого ребёнка, не родителя."

    def texts(self) -> dict[str, str]:
        """The cells of its row."""
        given = self.cleaned_data
        return self.name_texts() | {
            "school_class": given["school_class"],
            "born_on": day_text(given["born_on"]),
            "external_id": given["external_id"],
            "enrolled_on": day_text(given["enrolled_on"]),
        }


class LeaveForm(forms.Form):
    """The day a pupil left."""

    left_on = date_field("С какого дня не учится в школе", required=True)

    def clean_left_on(self) -> datetime.date:
        """Not before the pupil came, at most a year ahead."""
        day: datetime.date = self.cleaned_data["left_on"]
        today = timezone.localdate()
        if not today.year - 20 <= day.year <= today.year + 1:
            raise forms.ValidationError("Проверьте год: такая дата не похожа на день выбытия.")
        if self.enrolled_on and day < self.enrolled_on:
            raise forms.ValidationError(f"Раньше дня зачисления, {self.enrolled_on:%d.%m.%Y}. Проверьте дату.")
        return day

    def __init__(self, data: Any, *, pupil: Pupil) -> None:
        self.enrolled_on = pupil.enrolled_on
        super().__init__(data, initial={"left_on": pupil.left_on or timezone.localdate()})


class GuardianForm(_NameForm):
    """A representative's own fields."""

    email = text_field("Электронная почта", longest=254)
    field_order: Any = ("last_name", "first_name", "patronymic", "no_patronymic", "phone", "email", "snils")

    def __init__(self, data: Any, *, guardian: Guardian | None) -> None:
        super().__init__(data, guardian, {"email": guardian.email} if guardian else {})
        self.fields["phone"].help_text = "По нему входят в «Сферум»."

    def texts(self) -> dict[str, str]:
        """The cells of its row."""
        return self.name_texts() | {"email": self.cleaned_data["email"]}


KIND_CHOICES = [("", "выберите"), *((title, title) for title in KIND_TITLES.values())]


class _AnswersForm(forms.Form):
    """Who represents whom, and what they answered."""

    kind = forms.ChoiceField(label="Кем приходится", choices=KIND_CHOICES, error_messages=NEEDED)
    invited_on = date_field("Приглашён")
    registered_on = date_field("Зарегистрирован", "В «Сферум» или «Моей школе».")
    declined_on = date_field("Отказался", "Отказ — право представителя: напоминать не будем.")

    def answer_texts(self) -> dict[str, str]:
        """The cells of the answers; an empty one says «нет»."""
        given = self.cleaned_data
        return {key: day_text(given[key]) or "нет" for key in ("invited_on", "registered_on", "declined_on")} | {
            "kind": given["kind"]
        }


class NewGuardianForm(GuardianForm, _AnswersForm):
    """A new representative of a pupil."""

    field_order: Any = (
        "last_name", "first_name", "patronymic", "no_patronymic", "kind", "phone", "email", "snils", "invited_on",
        "registered_on", "declined_on",
    )  # fmt: skip

    def texts(self) -> dict[str, str]:
        """The cells of its row."""
        return super().texts() | self.answer_texts()


class LinkForm(_AnswersForm):
    """What a representative is to a pupil and what they answered."""

    def __init__(self, data: Any, *, link: Guardianship | None) -> None:
        kept = ("invited_on", "registered_on", "declined_on")
        initial = {name: getattr(link, name) for name in kept} | {"kind": link.get_kind_display()} if link else {}
        super().__init__(data, initial=initial)

    def texts(self) -> dict[str, str]:
        """The cells of its row."""
        return self.answer_texts()
