"""What the page of a new token asks for."""

import ipaddress
import re
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from schools.models import Municipality, Region, School, User
from schools.own_tokens.rights import rights_to_give
from schools.own_tokens.services import MOST_DAYS, Place, Wish
from schools.scope import sight_of

MOST_TOWNS = 300  # a longer list is no help: there the school's code is typed
MOST_NETWORKS = 10
WIDEST = {4: 8, 6: 24}  # a wider network lets everybody in


class PlaceFields(forms.Form):
    """One place the thing is limited to: a region or a municipality from a list, or a school by its code."""

    place = forms.ChoiceField(
        label="Ограничить местом",
        required=False,
        error_messages={"invalid_choice": "Этого места среди ваших нет. Выберите из списка."},
    )
    school = forms.CharField(label="Или одной школой: её код", max_length=16, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        cast(forms.ChoiceField, self.fields["place"]).choices = places_of(user)

    def clean(self) -> dict[str, Any]:
        """One place at most, and one that is seen."""
        data = super().clean() or {}
        chosen, code = data.get("place", ""), data.get("school", "").strip()
        if chosen and code:
            self.add_error("school", "Выберите что-то одно: место из списка или школу.")
        elif code:
            data["limit"] = School.objects.visible_to(self.user).filter(code=code).first()
            if data["limit"] is None:
                self.add_error("school", "Школы с таким кодом среди ваших нет. Код стоит на странице школы.")
        elif chosen:
            data["limit"] = _place(chosen, self.user)
        return data


class TokenForm(PlaceFields):
    """A token: what for, what it may, where, until when, from where; and who asks."""

    name = forms.CharField(
        label="Название", max_length=100, error_messages={"required": "Назовите токен: по названию вы его узнаете."}
    )
    purpose = forms.CharField(label="Для чего", max_length=200, required=False)
    days = forms.IntegerField(
        label="Сколько дней действует",
        min_value=1,
        max_value=MOST_DAYS,
        initial=90,
        error_messages={
            "required": f"Впишите, сколько дней: от 1 до {MOST_DAYS}.",
            "invalid": f"Впишите число от 1 до {MOST_DAYS}.",
            "min_value": f"Впишите число от 1 до {MOST_DAYS}.",
            "max_value": f"Не больше {MOST_DAYS} дней. Потом выпустите новый.",
        },
    )
    rights = forms.MultipleChoiceField(
        label="Кроме чтения может",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Этого права у вас нет. Выберите из предложенных."},
    )
    networks = forms.CharField(label="С каких адресов принимать", max_length=500, required=False)
    secret = forms.CharField(max_length=200, strip=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        cast(forms.MultipleChoiceField, self.fields["rights"]).choices = [
            (right.flag, f"{right.title}: {right.hint[:1].lower()}{right.hint[1:]}") for right in rights_to_give(user)
        ]
        self._ask_who(by_code=user.factor_on is not None)

    def _ask_who(self, *, by_code: bool) -> None:
        secret = self.fields["secret"]
        if by_code:
            secret.label, secret.help_text = "Код", "Шесть цифр из приложения или один из кодов восстановления."
            secret.widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none"})
            secret.error_messages["required"] = "Впишите код из приложения."
        else:
            secret.label, secret.help_text = (
                "Ваш пароль",
                "Чтобы чужой за вашим столом не выпустил токен за вас.",
            )
            secret.widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
            secret.error_messages["required"] = "Впишите пароль, с которым вы входите."

    def clean_networks(self) -> list[str]:
        """Addresses and networks, apart by spaces, commas or lines."""
        texts = [text for text in re.split(r"[\s,;]+", self.cleaned_data["networks"]) if text]
        if len(texts) > MOST_NETWORKS:
            raise ValidationError(f"Не больше {MOST_NETWORKS} адресов и сетей.")
        return list(dict.fromkeys(_network(text) for text in texts))

    def wish(self) -> Wish:
        """The token asked for; after is_valid()."""
        data = self.cleaned_data
        rights = [right for right in rights_to_give(self.user) if right.flag in data["rights"]]
        return Wish(data["name"], data["purpose"], data["days"], rights, data.get("limit"), data["networks"])


def _network(text: str) -> str:
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        shown = text[:40]
        raise ValidationError(f"«{shown}» — не адрес и не сеть. Пишут так: 203.0.113.7 или 203.0.113.0/24.") from error
    if network.prefixlen < WIDEST[network.version]:
        raise ValidationError(f"Сеть {network} слишком широкая. Если годятся любые адреса, оставьте поле пустым.")
    return str(network)


def places_of(user: User) -> list[tuple[str, Any]]:
    """Regions and municipalities a token may be limited to, as choices; without a limit stands first."""
    regions = Region.objects.visible_to(user).order_by("name").values_list("code", "name")
    towns = Municipality.objects.visible_to(user).order_by("region__name", "name")
    rows = towns.values_list("pk", "name", "region__name")[: MOST_TOWNS + 1]
    found: list[tuple[str, Any]] = [("", "Без ограничения: всё, что видно мне")]
    if regions:
        found.append(("Регионы", [(f"region-{code}", name) for code, name in regions]))
    if 0 < len(rows) <= MOST_TOWNS:
        several = len({region for _, _, region in rows}) > 1
        listed = [(f"municipality-{pk}", f"{name}, {region}" if several else name) for pk, name, region in rows]
        found.append(("Муниципалитеты", listed))
    return found if sight_of(user).level is not None else found[:1]


def _place(chosen: str, user: User) -> Place | None:
    kind, _, key = chosen.partition("-")
    if kind == "region":
        return Region.objects.visible_to(user).filter(code=key).first()
    return Municipality.objects.visible_to(user).filter(pk=key).first()
