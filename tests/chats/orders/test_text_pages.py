"""Pages of the texts of orders: everyone reads, the portal's administrator writes versions with a reason."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chats.models import OrderTemplate
from chats.orders import templates
from chats.orders.sample import sample_paper
from tests.chats.orders.office import REASON, begun, refusal_of, template
from tests.conftest import Cast, ClientOf

pytestmark = pytest.mark.django_db
NEW = "1. Назначить {администратор.вин} до {срок}.\n2. Контроль оставляю за собой."


@pytest.fixture
def root(office: Cast, client_of: ClientOf) -> Client:
    """The browser of the portal's administrator."""
    return client_of(office.root)


def url(text: OrderTemplate, tail: str = "") -> str:
    """Address of a text."""
    return f"/order-templates/{text.pk}/{tail}"


def page(client: Client, address: str, status: int = 200) -> str:
    """A page as text."""
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def form_of(old: OrderTemplate, **facts: Any) -> dict[str, Any]:
    """The form of a text as a browser sends it; False leaves a field out."""
    kept = {name: getattr(old, name) for name in ("name", "purpose", "subject", "text", "acts", "place_in_list")}
    steps = {"plan_steps": list(old.plans), "plan_field": next(iter(old.plans.values()), "срок")}
    sent = {**kept, **steps, "to_all": "on" if old.to_all else False, "reason": REASON, **facts}
    return {name: value for name, value in sent.items() if value is not False}


def rewritten(office: Cast, **facts: Any) -> OrderTemplate:
    """The text changed once more."""
    return templates.rewrite(template("sferum-use"), facts, reason=REASON, by=office.root)


def test_everyone_reads_the_list_and_a_text_with_its_fields_and_acts(office: Cast, client_of: ClientOf) -> None:
    text = template("sferum-use")
    for name in ("sveta", "nina", "observer"):
        client = client_of(office.people[name])

        listed, shown = page(client, "/order-templates/"), page(client, url(text))

        assert "Издаёт муниципалитет" in listed
        assert text.name in listed
        assert "{администратор}" in shown
        assert "Администратор платформы" in shown
        assert "/library/letter-04-643/" in shown
        assert "Зимину Анну Петровну" in shown
        assert "Изменить текст" not in shown
    assert "Изменить текст" in page(client_of(office.root), url(text))


def test_only_the_portals_administrator_changes_a_text(office: Cast, client_of: ClientOf) -> None:
    text = template("sferum-use")
    for name in ("sveta", "marat", "nina", "observer"):
        client = client_of(office.people[name])

        assert client.get(url(text, "edit/")).status_code == 403
        assert client.post(url(text, "edit/"), form_of(text, text=NEW)).status_code == 403
    assert template("sferum-use") == text


def test_saving_makes_a_version_with_who_when_and_why(office: Cast, root: Client) -> None:
    before = template("sferum-use")
    order = begun(office.sveta, office.school)

    answer = root.post(url(before, "edit/"), form_of(before, text=NEW, plan_steps=["9"], acts=["law-149"]))

    now = template("sferum-use")
    assert (answer.status_code, answer["Location"]) == (302, url(now))
    assert (now.version, now.text, now.plans, now.acts, now.reason, now.changed_by) == (
        2, NEW, {"9": "срок"}, ["law-149"], REASON, office.root,
    )  # fmt: skip
    assert now.to_all == before.to_all
    order.refresh_from_db()
    assert order.template == before
    shown = page(root, url(now))
    assert REASON in shown
    assert str(office.root) in shown


@pytest.mark.parametrize(
    "facts, told",
    (
        ({"reason": " "}, "Впишите, что и почему изменили"),
        ({"text": f"{NEW}\n3. До {{дедлайн}}."}, "Строка 3, знак 7: Поля «{дедлайн}» нет"),
        ({"text": "Без пунктов"}, "нет ни одного пункта"),
        ({"text": ""}, "Заполните это поле"),
        ({"subject": ""}, "Заполните это поле"),
        ({"acts": ["r-210"]}, "ссылаться нельзя"),
        ({"acts": ["\0", "x"]}, "ссылаться нельзя"),
        ({"plan_steps": ["12"]}, "Выберите этап из списка"),
        ({"plan_field": "переход"}, "Поля с датой"),
        ({"plan_field": "нет"}, "Выберите поле из списка"),
        ({"place_in_list": "много"}, "Впишите число"),
    ),
)
def test_mistakes_are_told_what_was_typed_stays_and_nothing_is_written(
    office: Cast, root: Client, facts: dict[str, Any], told: str
) -> None:
    text = template("sferum-use")

    answer = root.post(url(text, "edit/"), form_of(text, **{"name": "Набранное имя", **facts}))

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert "Набранное имя" in answer.content.decode()
    assert template("sferum-use") == text


def test_form_offers_acts_that_may_be_cited_and_asks_for_a_reason_anew(office: Cast, root: Client) -> None:
    now = rewritten(office, text=NEW)

    shown = page(root, url(now, "edit/"))

    assert 'value="letter-04-643"' in shown
    assert 'value="r-210"' not in shown
    assert REASON not in shown


def test_text_changed_meanwhile_is_not_overwritten(office: Cast, root: Client) -> None:
    text = template("sferum-use")
    rewritten(office, text=NEW)

    answer = root.post(url(text, "edit/"), form_of(text, text=f"{NEW}\n3. Ещё."))

    assert answer.status_code == 422
    assert "Это прежняя версия текста." in answer.content.decode()
    assert "3. Ещё." in answer.content.decode()
    assert template("sferum-use").version == 2
    assert root.get(url(text, "edit/"))["Location"] == url(text)
    assert "Это прежняя версия." in page(root, url(text))


def test_check_shows_mistakes_with_their_places_or_the_order_and_saves_nothing(office: Cast, root: Client) -> None:
    text = template("sferum-use")
    sent = form_of(text, check="1", name="Набранное имя")

    bad = root.post(url(text, "edit/"), sent | {"text": f"{NEW}\n3. До {{дедлайн}} и {{срок.вин}}."})
    good = root.post(url(text, "edit/"), sent | {"text": NEW})
    junk = root.post(url(text, "edit/"), sent | {"text": NEW, "acts": ["\0"]})

    assert (bad.status_code, good.status_code, junk.status_code) == (200, 200, 200)
    assert "2\u00a0ошибки" in bad.content.decode()
    assert "Строка 3, знак 19" in bad.content.decode()
    assert "1. Назначить Зимину Анну Петровну до " in good.content.decode()
    assert "Набранное имя" in good.content.decode()
    assert "Заполните это поле" not in good.content.decode()
    assert template("sferum-use") == text


def test_hostile_words_stay_words(office: Cast, root: Client) -> None:
    hostile = "1. <script>alert(1)</script> {{ 7*7 }}"
    now = rewritten(office, text="1. <script>alert(1)</script>", plans={}, name="<b>имя</b>")

    pages = page(root, url(now) + "?with=1") + page(root, "/order-templates/")
    checked = root.post(url(now, "edit/"), form_of(now, text=hostile, check="1")).content.decode()

    assert "<script>alert" not in pages + checked
    assert "<b>имя" not in pages + checked


def test_versions_are_compared(office: Cast, root: Client) -> None:
    first = template("sferum-use")
    now = rewritten(office, text=NEW, subject="О новом")

    shown = page(root, f"{url(now)}?with=1")
    backwards = page(root, f"{url(first)}?with=2")

    for each in (shown, backwards):
        assert "версия 1 → версия 2" in each
        assert "<ins>О новом</ins>" in each
        assert "добавлено: " in each
    for nonsense in ("2", "99", "x", "0", "9" * 30, "1\0"):
        assert "Что изменилось: версия" not in root.get(url(now), {"with": nonsense}).content.decode()


def test_version_of_another_text_is_not_compared_with(office: Cast, root: Client) -> None:
    now = rewritten(office, text=NEW)
    other = template("chats")

    assert "Что изменилось: версия" not in page(root, f"{url(other)}?with={now.version}")


def test_days_from_different_fields_are_left_as_they_are(office: Cast, root: Client) -> None:
    text = "1. До {срок} и с {переход}."
    before = rewritten(office, text=text, plans={"5": "срок", "9": "переход"})
    sent = form_of(before, plan_steps=False, plan_field=False, text=f"{text}\n2. Контроль.")

    assert "из разных полей" in page(root, url(before, "edit/"))
    root.post(url(before, "edit/"), sent)

    assert (template("sferum-use").version, template("sferum-use").plans) == (3, {"5": "срок", "9": "переход"})


def test_change_without_a_reason_is_refused_by_the_service(office: Cast) -> None:
    refusal = refusal_of(templates.rewrite, template("chats"), {"text": NEW}, reason=" \n", by=office.root)

    assert refusal.field == "reason"
    assert template("chats").version == 1


@pytest.mark.parametrize("key", ["sferum-use", "responsible", "chats", "amend", "cancel", "municipal-coordinator"])
def test_sample_has_no_blank_left(office: Cast, key: str) -> None:
    paper = sample_paper(template(key))

    assert "____" not in paper.text
    assert "{" not in paper.text


def test_pages_ask_as_many_queries_for_ten_versions_more(office: Cast, root: Client) -> None:
    now = rewritten(office, text=NEW)
    first = OrderTemplate.objects.get(key="sferum-use", version=1)
    urls = ["/order-templates/", url(first), f"{url(first)}?with=2"]

    def asked() -> list[int]:
        counts = []
        for address in urls:
            with CaptureQueriesContext(connection) as queries:
                page(root, address)
            counts.append(len(queries))
        return counts

    asked()
    before = asked()
    for number in range(10):
        now = rewritten(office, text=f"{NEW}\n3. Пункт {number}.")

    assert now.version == 12
    assert asked() == before
