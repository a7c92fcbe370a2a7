"""Junk in the admin's forms: a key that is no number, or too great a one, is a mistake of the field and no failure."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.forms import ModelChoiceField
from django.test import Client

from schools.models import School, User
from staff.models import StaffMember
from tests.test_admin import filled, staff_cast, url

pytestmark = pytest.mark.django_db
__all__ = ["filled", "staff_cast"]  # fixtures

EVERY = sorted(admin.site._registry, key=lambda model: model._meta.label)
EVERY_ID = [model._meta.label for model in EVERY]
JUNK = ("zzz", str(10**20), "-1", "9" * 5000, "1.5")


def form_pages(client: Client, model: Any) -> Iterator[tuple[str, Any]]:
    """The pages of a model where something is filled in, with what they show."""
    row = model._default_manager.order_by("pk").first()
    addresses = [url(model, "add"), *([url(model, "change", row.pk)] if row else [])]
    for address in addresses:
        page = client.get(address, follow=True)
        if page.status_code == 200 and page.context and "adminform" in page.context:
            yield address, page.context


def filled_in(form: Any, junk: str) -> dict[str, Any]:
    """A form with junk in every field."""
    return {form.add_prefix(name): [junk] for name in form.fields}


def sent(context: Any, junk: str) -> dict[str, Any]:
    """Junk for a page: its form and the rows that hang on it."""
    data = filled_in(context["adminform"].form, junk)
    for inline in context["inline_admin_formsets"]:
        formset = inline.formset
        data |= {f"{formset.prefix}-TOTAL_FORMS": len(formset.forms) + 1, f"{formset.prefix}-INITIAL_FORMS": 0}
        for form in [*formset.forms, formset.empty_form]:
            data |= {name.replace("__prefix__", "0"): value for name, value in filled_in(form, junk).items()}
    return data


def test_forms_with_choices_are_met() -> None:
    assert {Group, User, School, StaffMember} < set(EVERY)


@pytest.mark.parametrize("model", EVERY, ids=EVERY_ID)
def test_junk_in_every_field_is_a_mistake_of_the_field(
    filled: Any, client_of: Callable[..., Client], model: Any
) -> None:
    client = client_of(filled.root)
    Group.objects.create(name="Группа")

    for address, context in form_pages(client, model):
        for junk in JUNK:
            page = client.post(address, sent(context, junk))

            if page.status_code == 403:  # looked at only
                continue
            assert page.status_code == 200, (address, junk[:30], page.status_code)
            form = page.context["adminform"].form
            choices = {name for name, field in form.fields.items() if isinstance(field, ModelChoiceField)}
            assert choices <= set(form.errors), (address, junk[:30])


@pytest.mark.parametrize("model", EVERY, ids=EVERY_ID)
def test_junk_in_an_address_or_among_chosen_rows_is_no_failure(
    filled: Any, client_of: Callable[..., Client], model: Any
) -> None:
    client = client_of(filled.root)
    listed = client.get(url(model, "changelist"))
    action_form = listed.context.get("action_form")
    actions = [name for name, _ in action_form.fields["action"].choices if name] if action_form else []

    for junk in JUNK:
        for address, context in form_pages(client, model):
            every = dict.fromkeys(context["adminform"].form.fields, junk)
            assert client.get(address, every).status_code == 200, (address, junk[:30])
        for action in actions:
            chosen = {"action": action, "_selected_action": [junk]}
            answer = client.post(url(model, "changelist"), chosen, follow=True)
            assert answer.status_code == 200, (action, junk[:30])
