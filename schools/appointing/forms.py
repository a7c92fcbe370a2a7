"""What the pages of appointing ask for."""

import datetime
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from schools.appointing.people import NAME_CLEANERS, Order, Person, clean_order_day
from schools.codes import Cleaned, clean_email, clean_phone
from schools.models import User

WRONG_DATE = "Дату пишут так: 01.09.2026."


def taken(cleaned: Cleaned[Any]) -> Any:
    """The value of a cleaned text. Raises ValidationError with the mistake's sentence and its suggestion."""
    problem = cleaned.problem
    if problem is not None and problem.severity == "mistake":
        hint = f" Может быть, {problem.suggestion}?" if problem.suggestion else ""
        raise ValidationError(f"{problem.message}.{hint}")
    return cleaned.value


class DayField(forms.DateField):
    """A day: the browser's own calendar, or typed as people do."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            input_formats=["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"],
            error_messages={"invalid": WRONG_DATE, "required": f"Впишите день. {WRONG_DATE}"},
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        """A day of this century, or of the last."""
        day = super().clean(value)
        if isinstance(day, datetime.date) and not 1990 <= day.year <= 2200:
            raise ValidationError("Проверьте год.")
        return day


class NameFields(forms.Form):
    """Three parts of a name."""

    last_name = forms.CharField(label="Фамилия", max_length=100, error_messages={"required": "Впишите фамилию."})
    first_name = forms.CharField(label="Имя", max_length=100, error_messages={"required": "Впишите имя."})
    patronymic = forms.CharField(label="Отчество", max_length=100, required=False)

    def clean_last_name(self) -> str:
        """Russian letters."""
        return self._taken("last_name")

    def clean_first_name(self) -> str:
        """Russian letters."""
        return self._taken("first_name")

    def clean_patronymic(self) -> str:
        """Russian letters, or none."""
        return self._taken("patronymic")

    def _taken(self, part: str) -> str:
        return str(taken(NAME_CLEANERS[part](self.cleaned_data[part])))


class AddressForm(forms.Form):
    """Where to send an invitation."""

    email = forms.CharField(label="Электронная почта", max_length=254, required=False)

    def clean_email(self) -> str:
        """An address, its usual misprints told."""
        return str(taken(clean_email(self.cleaned_data["email"])))


class OrderForm(forms.Form):
    """The order behind an appointment."""

    order_number = forms.CharField(label="Номер приказа", max_length=40, required=False)
    order_on = DayField(label="Дата приказа", required=False)

    def clean_order_number(self) -> str:
        """Without the sign of number, which is printed by us."""
        return str(self.cleaned_data["order_number"]).strip().lstrip("№N ").strip()

    def clean_order_on(self) -> datetime.date | None:
        """A day an order of today may have."""
        day: datetime.date | None = taken(clean_order_day(self.cleaned_data["order_on"]))
        return day

    @property
    def order(self) -> Order:
        """The order, once the form is valid."""
        return Order(self.cleaned_data["order_number"], self.cleaned_data["order_on"])


class AppointForm(NameFields, AddressForm, OrderForm):
    """Whom to appoint, since when, by what order."""

    phone = forms.CharField(label="Телефон", max_length=60, required=False)
    starts_on = DayField(label="Начинает", initial=timezone.localdate)
    field_order = (
        "last_name", "first_name", "patronymic", "email", "phone", "order_number", "order_on", "starts_on",
    )  # fmt: skip

    def clean_phone(self) -> str:
        """A Russian number."""
        return str(taken(clean_phone(self.cleaned_data["phone"])))

    @property
    def person(self) -> Person:
        """The person, once the form is valid."""
        return Person(
            **{key: self.cleaned_data[key] for key in ("last_name", "first_name", "patronymic", "email", "phone")}
        )


class EndForm(forms.Form):
    """The last day of an appointment."""

    ends_on = DayField(label="Последний день", initial=timezone.localdate)


class ResetForm(forms.Form):
    """Why somebody's second factor is taken away."""

    reason = forms.CharField(
        label="Причина", max_length=200, error_messages={"required": "Напишите, почему: «потерян телефон»."}
    )


class AcceptForm(NameFields):
    """The newcomer's name as she writes it, and her password."""

    password = forms.CharField(
        label="Придумайте пароль",
        max_length=128,
        strip=False,
        help_text="Не короче 10 знаков и не из самых частых.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Придумайте пароль."},
    )
    again = forms.CharField(
        label="Ещё раз",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Повторите пароль."},
    )

    def clean(self) -> dict[str, Any]:
        """The password is good and typed twice alike."""
        data: dict[str, Any] = super().clean() or {}
        password, again = data.get("password"), data.get("again")
        if password and again and password != again:
            self.add_error("again", "Пароли не совпали. Впишите ещё раз.")
        elif password:
            self._check_password(password, data)
        return data

    def _check_password(self, password: str, data: dict[str, Any]) -> None:
        names = {key: data.get(key, "") for key in ("last_name", "first_name")}
        try:
            validate_password(password, User(**names))
        except ValidationError as error:
            self.add_error("password", error)

    @property
    def name(self) -> tuple[str, str, str]:
        """The three parts, once the form is valid."""
        data = self.cleaned_data
        return data["last_name"], data["first_name"], data["patronymic"]
