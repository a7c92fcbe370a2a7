"""Forms of signing in."""

from typing import Any

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.forms import AuthenticationForm, PasswordResetForm, SetPasswordForm

from schools.texts import counted


class LoginForm(AuthenticationForm):
    """Login or e-mail and password; a wrong password says how many tries are left, known account or not."""

    error_messages = {
        "invalid_login": "Логин или пароль не подошёл.",
        "inactive": "Логин или пароль не подошёл.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "Логин или почта"
        self.fields["password"].label = "Пароль"

    def get_invalid_login_error(self) -> forms.ValidationError:
        """Name the tries left before the pause (schools/login.py counts them)."""
        knock = None if self.request is None else self.request.__dict__.get("knock")
        rest = ""
        if knock is not None:
            pause = counted(-(-knock.wait // 60), "минута", "минуты", "минут")
            left = counted(knock.left, "попытка", "попытки", "попыток")
            rest = f" Осталось {left}, потом пауза {pause}." if knock.left else f" Попытки кончились: пауза {pause}."
        return forms.ValidationError(f"{self.error_messages['invalid_login']}{rest}", code="invalid_login")

    def confirm_login_allowed(self, user: AbstractBaseUser) -> None:
        """A switched-off account is refused in the words of a wrong password."""
        if not user.is_active:
            raise self.get_invalid_login_error()


class ResetForm(PasswordResetForm):
    """Asks where to send the link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "Электронная почта"


class NewPasswordForm(SetPasswordForm):
    """Two fields for the new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = "Новый пароль"
        self.fields["new_password2"].label = "Ещё раз"
        self.fields["new_password1"].help_text = "Не короче 10 знаков и не из самых частых."
        self.fields["new_password2"].help_text = ""
