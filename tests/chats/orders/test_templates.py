"""Texts of orders: a change is a new version, orders keep theirs, mistakes are told with line and column."""

from typing import Any

import pytest

from chats.models import OrderTemplate
from chats.orders import templates
from tests.chats.orders.office import REASON, begun, refusal_of, template
from tests.conftest import Cast, ClientOf

pytestmark = pytest.mark.django_db
NEW = "1. Назначить {администратор.вин} до {срок}.\n2. Контроль оставляю за собой."


def rewritten(cast: Cast, key: str = "sferum-use", **facts: Any) -> OrderTemplate:
    """A text changed by the portal's administrator."""
    return templates.rewrite(template(key), facts, reason=REASON, by=cast.root)


def test_changed_text_is_a_new_version_and_the_old_one_is_replaced(office: Cast) -> None:
    before = template("sferum-use")
    order = begun(office.sveta, office.school)

    new = rewritten(office, text=NEW)

    before.refresh_from_db()
    order.refresh_from_db()
    assert (new.version, new.key, new.level, new.name, new.changed_by) == (
        2, before.key, before.level, before.name, office.root,
    )  # fmt: skip
    assert before.replaced_at is not None
    assert before.text != NEW
    assert order.template == before
    assert template("sferum-use") == new
    assert begun(office.sveta, office.school).text == NEW


def test_same_facts_make_no_version(office: Cast) -> None:
    now = template("sferum-use")

    again = rewritten(office, text=f"{now.text}\n".replace("\n", "\r\n"), subject=f" {now.subject} ")

    assert again == now
    assert OrderTemplate.objects.filter(key="sferum-use").count() == 1


@pytest.mark.parametrize(
    "facts, field, told",
    [
        ({"text": f"{NEW}\n3. До {{дедлайн}}."}, "text", "Строка 3, знак 7: Поля «{дедлайн}» нет. Есть:"),
        ({"text": f"{NEW}\n3. До {{срок.вин}}."}, "text", "Строка 3, знак 7: У поля «{срок}» нет формы"),
        ({"text": f"{NEW}\n3. До {{срок"}, "text", "Строка 3, знак 7: Скобка «{» без пары"),
        ({"text": f"{NEW}\n3.1.1.1.1. Пятый"}, "text", "Строка 3, знак 1: Уровней пунктов не больше 4"),
        ({"text": "Ни одного пункта {срок}"}, "text", "нет ни одного пункта"),
        ({"text": "1. " + "а" * 20_000}, "text", "длиннее 20000"),
        ({"subject": " \x00 "}, "subject", "о чём приказ"),
        ({"plans": {"10": "срок"}}, "plans", "Этапа «10» нет: этапы — с 1 по 9."),
        ({"plans": {"x": "срок"}}, "plans", "Этапа «x» нет"),
        ({"plans": {"9": "переход"}}, "plans", "Есть: срок."),
        ({"plans": {"9": ["срок"]}}, "plans", "в тексте нет"),
        ({"plans": ["9"]}, "plans", "Сроки пишутся так"),
        ({"acts": ["no-such-act"]}, "acts", "«no-such-act» в нормативной базе нет"),
        ({"acts": ["r-210"]}, "acts", "«r-210» ссылаться нельзя"),
        ({"acts": ["methodology"]}, "acts", "ссылаться нельзя"),
        ({"acts": [1]}, "acts", "Основания пишутся так"),
        ({"acts": "law-149"}, "acts", "Основания пишутся так"),
    ],
)
def test_mistake_is_told_with_what_to_write_and_nothing_is_replaced(
    office: Cast, facts: dict[str, Any], field: str, told: str
) -> None:
    refusal = refusal_of(rewritten, office, **facts)

    assert told in str(refusal)
    assert refusal.field == field
    assert OrderTemplate.objects.filter(key="sferum-use", replaced_at=None).count() == 1
    assert OrderTemplate.objects.filter(key="sferum-use").count() == 1


def test_earlier_version_is_not_changed(office: Cast) -> None:
    before = template("sferum-use")
    rewritten(office, text=NEW)

    refusal = refusal_of(templates.rewrite, before, {"text": f"{NEW}\n3. Ещё."}, reason=REASON, by=office.root)

    assert "прежняя версия" in str(refusal)


@pytest.mark.parametrize("name", ["nina", "sveta", "observer"])
def test_only_the_portals_administrator_writes_texts(office: Cast, name: str) -> None:
    by = office.people[name]
    now = template("sferum-use")

    assert "администратор портала" in str(refusal_of(templates.rewrite, now, {"text": NEW}, reason=REASON, by=by))
    assert "администратор портала" in str(refusal_of(templates.begin, "new", 4, facts_of(now), by=by))
    assert template("sferum-use") == now


def facts_of(text: OrderTemplate) -> dict[str, Any]:
    """What may be changed of a text."""
    return {name: getattr(text, name) for name in templates.CHANGEABLE}


# In the admin


def sent(old: OrderTemplate, **facts: Any) -> dict[str, Any]:
    """The form of a text as a browser sends it."""
    form = {
        **facts_of(old),
        "plans": '{"9": "срок"}',
        "acts": '["law-149"]',
        "key": old.key,
        "level": old.level,
        "reason": REASON,
    }
    return {key: value for key, value in {**form, **facts}.items() if value is not False}


def test_saving_a_text_in_the_admin_makes_a_version(office: Cast, client_of: ClientOf) -> None:
    before = template("chats")

    answer = client_of(office.root).post(f"/admin/chats/ordertemplate/{before.pk}/change/", sent(before, text=NEW))

    now = template("chats")
    assert answer.status_code == 302
    assert (now.version, now.text, now.plans, now.acts, now.changed_by) == (
        2, NEW, {"9": "срок"}, ["law-149"], office.root,
    )  # fmt: skip
    before.refresh_from_db()
    assert before.text != NEW


@pytest.mark.parametrize(
    "facts, told",
    [
        ({"text": "1. До {дедлайн}."}, "Строка 1, знак 7"),
        ({"plans": '{"12": "срок"}'}, "Этапа «12» нет"),
        ({"plans": "[" * 5000}, "JSON"),
        ({"acts": '["r-210"]'}, "ссылаться нельзя"),
    ],
)
def test_mistake_in_the_admin_is_one_of_its_field(
    office: Cast, client_of: ClientOf, facts: dict[str, str], told: str
) -> None:
    before = template("chats")

    page = client_of(office.root).post(f"/admin/chats/ordertemplate/{before.pk}/change/", sent(before, **facts))

    (field,) = facts
    assert page.status_code == 200
    assert any(told in error for error in page.context["adminform"].form.errors[field])
    assert template("chats") == before


def test_new_text_is_added_once(office: Cast, client_of: ClientOf) -> None:
    client, facts = client_of(office.root), sent(template("chats"), key="library", name="О библиотеке")

    assert client.post("/admin/chats/ordertemplate/add/", facts).status_code == 302
    page = client.post("/admin/chats/ordertemplate/add/", facts)

    assert "ключ уже есть" in page.context["adminform"].form.errors["key"][0]
    assert OrderTemplate.objects.filter(key="library").count() == 1


def test_earlier_version_is_shown_and_not_saved_and_nothing_is_deleted(office: Cast, client_of: ClientOf) -> None:
    client, before = client_of(office.root), template("chats")
    rewritten(office, "chats", text=NEW)
    address = f"/admin/chats/ordertemplate/{before.pk}"

    statuses = [
        client.get(f"{address}/change/").status_code,
        client.post(f"{address}/change/", sent(before, text=f"{NEW}\n3. Ещё.")).status_code,
        client.post(f"{address}/delete/", {"post": "yes"}).status_code,
    ]

    assert statuses == [200, 403, 403]
    assert OrderTemplate.objects.filter(key="chats").count() == 2
