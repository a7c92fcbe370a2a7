"""What the page of a new webhook asks for."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from schools.models import User
from schools.own_tokens.forms import PlaceFields
from schools.webhooks.events import EVENT_KINDS
from schools.webhooks.sending import AddressRefused, check_url


class WebhookForm(PlaceFields):
    """A webhook: what it is, where it goes, of what it tells, about which place."""

    name = forms.CharField(
        label="Название", max_length=100, error_messages={"required": "Назовите вебхук: по названию вы его узнаете."}
    )
    url = forms.CharField(
        label="Адрес", max_length=500, error_messages={"required": "Впишите адрес, который начинается с https://."}
    )
    events = forms.MultipleChoiceField(
        label="О чём сообщать",
        choices=[(kind.key, f"{kind.title[:1].upper()}{kind.title[1:]}") for kind in EVENT_KINDS],
        initial=[kind.key for kind in EVENT_KINDS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Отметьте хотя бы одно событие."},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        cast(Any, self.fields["url"].widget).input_type = "url"

    def clean_url(self) -> str:
        """A plain https address that is not one of ours inside."""
        url = str(self.cleaned_data["url"]).strip()
        try:
            check_url(url)
        except AddressRefused as refusal:
            raise ValidationError(str(refusal)) from refusal
        return url
