"""Saving the form of a chat: what the service refuses is told on the form."""

from django.core.exceptions import ValidationError

from chats.talks import services
from chats.talks.forms import ChatForm
from chats.talks.services import ChatRefused
from schools.models import User


def saved(form: ChatForm, by: User) -> bool:
    """Save a valid form; False where the service refused, with the reason beside its field."""
    try:
        services.save_chat(chat=form.instance, by=by, known_version=form.cleaned_data.get("version"))
    except ChatRefused as refusal:
        form.add_error(None, str(refusal))
    except ValidationError as mistakes:
        for field, texts in mistakes.message_dict.items():
            form.add_error(field if field in form.fields else None, texts)  # type: ignore[arg-type]
    return not form.errors
