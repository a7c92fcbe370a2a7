"""What the pages of the second factor ask for."""

from typing import Any

from django import forms


class CodeForm(forms.Form):
    """One field for a code of the app or a recovery code."""

    code = forms.CharField(
        label="Код",
        max_length=40,
        error_messages={"required": "Впишите код из приложения или код восстановления."},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "autocapitalize": "none"}),
    )

    def __init__(self, *args: Any, hint: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = hint
