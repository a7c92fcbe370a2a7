"""REST of orders: sight, filters, drafts, issuing and cancelling, files, marks of readers, what a token may."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chats.models import Acknowledgement, Order
from staff.models import StaffMember
from tests.chats.orders.office import REASON, about, begun, changed, furnish, hire, issued
from tests.conftest import Cast, ClientOf

pytestmark = pytest.mark.django_db
Tokens = Callable[..., dict[str, str]]
ORDERS, READERS = "/api/v1/orders/", "/api/v1/acknowledgements/"


def post(client: Client, address: str, body: Any = None, **facts: Any) -> Any:
    """The answer to a body of JSON."""
    return client.post(address, {} if body is None else body, content_type="application/json", **facts)


def ids(client: Client, address: str) -> set[int]:
    """Numbers of the records of a list."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.content
    return {row["id"] for row in answer.json()["results"]}


def of_all(cast: Cast) -> dict[str, Order]:
    """An order issued in every school."""
    for name in ("sibling", "cousin", "foreign"):
        furnish(getattr(cast, name))
    return {name: issued(cast.root, getattr(cast, name)) for name in ("school", "sibling", "cousin", "foreign")}


SEEN = {
    "root": {"school", "sibling", "cousin", "foreign"},
    "nina": {"school", "sibling", "cousin"},
    "marat": {"school", "sibling"},
    "sveta": {"school"},
    "observer": set(),
    "stranger": set(),
}


# Reading


@pytest.mark.parametrize("name", SEEN)
def test_orders_and_their_readers_are_served_within_sight(office: Cast, client_of: ClientOf, name: str) -> None:
    orders, client = of_all(office), client_of(office.people[name])

    seen = {where for where, order in orders.items() if order.pk in ids(client, ORDERS)}
    opened = {where for where, order in orders.items() if client.get(f"{ORDERS}{order.pk}/").status_code == 200}
    files = {where for where, order in orders.items() if client.get(f"{ORDERS}{order.pk}/pdf/").status_code == 200}
    sheets = {where for where, order in orders.items() if ids(client, f"{READERS}?order={order.pk}")}

    assert seen == opened == files == sheets == SEEN[name]


def test_order_has_its_requisites_its_counts_and_its_files(office: Cast, client_of: ClientOf) -> None:
    order = issued(office.sveta, office.school, number="45-ОД")
    Acknowledgement.objects.filter(name__startswith="Мороз").update(acknowledged_on="2026-09-10")

    record = client_of(office.sveta).get(f"{ORDERS}{order.pk}/").json()

    wanted = {
        "template": "sferum-use", "state": "issued", "number": "45-ОД", "signed_on": "2026-09-10", "year": 2026,
        "requisites": "№ 45-ОД от 10.09.2026", "readers": 4, "have_read": 1, "municipality": None, "changes": None,
        "docx": f"{ORDERS}{order.pk}/docx/", "pdf": f"{ORDERS}{order.pk}/pdf/", "sha256": order.sha256,
    }  # fmt: skip
    assert {key: record[key] for key in wanted} == wanted
    assert record["school"]["code"] == "780001"
    assert not {"values", "paper_kept", "done"} & set(record)


def test_orders_are_narrowed(office: Cast, client_of: ClientOf) -> None:
    orders, client = of_all(office), client_of(office.root)
    draft = begun(office.marat, office.municipality, "municipal-coordinator")
    moment = quote(timezone.now().isoformat())
    Order.objects.filter(pk=orders["cousin"].pk).update(year=2025)
    Order.objects.filter(pk=orders["sibling"].pk).update(updated_at="2020-01-01T00:00:00Z")

    def found(query: str) -> set[int]:
        return ids(client, f"{ORDERS}?{query}")

    schools = {name: order.pk for name, order in orders.items()}
    assert found(f"school={office.school.pk}") == {schools["school"]}
    assert found("state=draft") == found("template=municipal-coordinator") == {draft.pk}
    assert found("year=2025") == {schools["cousin"]}
    assert found("region=47") == {schools["foreign"]}
    assert found("region=78") == {draft.pk, *schools.values()} - {schools["foreign"]}
    assert found(f"municipality={office.municipality.pk}") == {schools["school"], schools["sibling"], draft.pk}
    assert schools["sibling"] not in found(f"updated_since={moment}")


@pytest.mark.parametrize(
    "query", ["state=zzz", "year=zzz", "year=99999", "school=zzz", "updated_since=zzz", "number=1"]
)
def test_filter_that_makes_no_sense_is_a_mistake(office: Cast, client_of: ClientOf, query: str) -> None:
    assert client_of(office.root).get(f"{ORDERS}?{query}").status_code == 400


def test_files_are_given_by_their_own_addresses(office: Cast, client: Client, token_of: Tokens) -> None:
    order, headers = begun(office.sveta, office.school), token_of(office.sveta)

    docx = client.get(f"{ORDERS}{order.pk}/docx/", headers=headers)
    pdf = client.get(f"{ORDERS}{order.pk}/pdf/", headers=headers)

    assert docx.content.startswith(b"PK")
    assert docx["Content-Type"].endswith("wordprocessingml.document")
    assert pdf.content.startswith(b"%PDF-")
    assert pdf["Content-Type"] == "application/pdf"
    assert "no-store" in pdf["Cache-Control"]


def test_lists_cost_the_same_for_more_rows(office: Cast, client_of: ClientOf) -> None:
    client = client_of(office.sveta)
    issued(office.sveta, office.school)

    def asked() -> list[int]:
        counts = []
        for address in (ORDERS, READERS, f"{ORDERS}?format=csv"):
            with CaptureQueriesContext(connection) as queries:
                b"".join(client.get(address))
            counts.append(len(queries))
        return counts

    asked()
    few = asked()
    for _ in range(5):
        issued(office.sveta, office.school)

    assert asked() == few


# Texts


def test_texts_in_use_are_read_with_the_fields_they_ask_for(office: Cast, client_of: ClientOf) -> None:
    client = client_of(office.stranger)

    texts = client.get("/api/v1/order-templates/").json()["results"]
    one = client.get("/api/v1/order-templates/sferum-use/").json()

    assert {text["key"] for text in texts} >= {"sferum-use", "cancel", "municipal-coordinator"}
    assert [field["key"] for field in one["fields_asked"]] == ["цель", "основание", "администратор", "методист", "срок"]
    assert (one["level"], one["version"], one["to_all"]) == ("school", 1, True)
    assert ids(client, "/api/v1/order-templates/?level=municipality") == {
        text["id"] for text in texts if text["level"] == "municipality"
    }


# Drafts


def test_draft_is_begun_with_what_the_portal_knows_and_the_values_given(office: Cast, client_of: ClientOf) -> None:
    teacher = StaffMember.objects.get(last_name="Учителева")
    values = {"срок": "2026-12-15", "администратор": teacher.pk, "основание": ["law-149"], "цель": "порядка"}
    body = {"school": "780001", "template": "sferum-use", "values": values, "signer_name": "Ли А.А."}

    answer = post(client_of(office.sveta), ORDERS, body)

    order = Order.objects.get()
    assert answer.status_code == 201, answer.content
    assert answer["Location"].endswith(f"{ORDERS}{order.pk}/")
    assert (answer.json()["state"], answer.json()["signer_name"]) == ("draft", "Ли А.А.")
    assert (order.values["срок"], order.values["цель"]) == ("2026-12-15", "порядка")
    assert order.values["администратор"]["staff_id"] == teacher.pk
    assert order.values["методист"]["last_name"] == "Мороз"
    assert [act["key"] for act in order.values["основание"]] == ["law-149"]
    assert order.created_by == office.sveta


def test_other_order_and_list_of_chats_are_named_by_number_and_by_yes(office: Cast, client_of: ClientOf) -> None:
    client, other = client_of(office.sveta), issued(office.sveta, office.school)

    cancelling = post(client, ORDERS, {"school": "780001", "template": "cancel", "values": {"приказ": other.pk}})
    chats = post(client, ORDERS, {"school": "780001", "template": "chats", "values": {"чаты": True}})
    none = post(client, ORDERS, {"school": "780001", "template": "chats", "values": {"чаты": False}})

    assert Order.objects.get(pk=cancelling.json()["id"]).values["приказ"] == about(other)
    listed = Order.objects.get(pk=chats.json()["id"]).values["чаты"]
    assert ["Администрация", "Административная команда", "Зимина Анна Петровна"] in listed
    assert not Order.objects.get(pk=none.json()["id"]).values["чаты"]


@pytest.mark.parametrize(
    "values, told",
    [
        ({"дедлайн": "2026-12-15"}, "Такого поля в этом тексте нет. Есть: цель, основание"),
        ({"срок": "завтра"}, "срок: Впишите дату: 2026-11-22"),
        ({"срок": 5}, "срок: Впишите дату"),
        ({"администратор": "Зимина"}, "администратор: Впишите номер сотрудника"),
        ({"администратор": True}, "администратор: Впишите номер сотрудника"),
        ({"администратор": 10**30}, "администратор: Впишите номер сотрудника"),
        ({"администратор": 999_999}, "администратор: Не нашли"),
        ({"основание": ["r-210"]}, "основание: Не нашли"),
        ({"основание": "law-149"}, "основание: Впишите список"),
        ({"цель": "а" * 5000}, "цель: Впишите текст до 4000"),
        ({"цель": ["а"]}, "цель: Впишите текст"),
    ],
)
def test_wrong_value_is_told_by_its_field_and_no_draft_is_left(
    office: Cast, client_of: ClientOf, values: dict[str, Any], told: str
) -> None:
    answer = post(client_of(office.sveta), ORDERS, {"school": "780001", "template": "sferum-use", "values": values})

    assert answer.status_code == 400
    assert told in answer.json()["errors"][0]["message"]
    assert not Order.objects.exists()


def test_somebody_of_another_school_is_not_found(office: Cast, client_of: ClientOf) -> None:
    foreign = hire(office.sibling, "Чужак", "учитель")
    body = {"school": "780001", "template": "sferum-use", "values": {"администратор": foreign.pk}}

    answer = post(client_of(office.nina), ORDERS, body)

    assert answer.status_code == 400
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    "body, status",
    [
        ({"template": "sferum-use"}, 400),
        ({"school": "780001", "municipality": 1, "template": "sferum-use"}, 400),
        ({"school": "470004", "template": "sferum-use"}, 400),
        ({"school": "780001", "template": "no-such"}, 400),
        ({"school": "780001", "template": "\u0000"}, 400),
        ({"school": "780001", "template": "municipal-coordinator"}, 409),
        ({"school": "780001", "template": "sferum-use", "values": []}, 400),
        ({"school": "780001", "template": "sferum-use", "text": "1. Иное"}, 400),
        ([], 400),
    ],
)
def test_wrong_body_begins_nothing(office: Cast, client_of: ClientOf, body: Any, status: int) -> None:
    answer = post(client_of(office.marat), ORDERS, body)

    assert answer.status_code == status, answer.content
    assert answer.json()["detail"]
    assert not Order.objects.exists()


def test_observer_sees_a_school_and_begins_nothing_in_it(office: Cast, client_of: ClientOf) -> None:
    answer = post(client_of(office.observer), ORDERS, {"school": "780001", "template": "sferum-use"})

    assert answer.status_code == 403
    assert not Order.objects.exists()


# Issuing and cancelling


def test_draft_is_issued_and_cancelled(office: Cast, client_of: ClientOf) -> None:
    client, draft = client_of(office.sveta), begun(office.sveta, office.school)

    first = post(client, f"{ORDERS}{draft.pk}/issue/", {"number": "45-ОД", "signed_on": "2026-09-09"})
    again = post(client, f"{ORDERS}{draft.pk}/issue/", {"number": "46-ОД"})
    over = post(client, f"{ORDERS}{draft.pk}/cancel/", {"reason": REASON})

    assert (first.status_code, first.json()["requisites"], first.json()["readers"]) == (200, "№ 45-ОД от 09.09.2026", 4)
    assert (again.status_code, "уже издан" in again.json()["detail"]) == (409, True)
    assert (over.status_code, over.json()["state"], over.json()["cancelled_on"]) == (200, "cancelled", "2026-09-10")


def test_number_that_is_not_named_is_the_next(office: Cast, client_of: ClientOf) -> None:
    issued(office.sveta, office.school, number="45-ОД")
    draft = begun(office.sveta, office.school)

    assert post(client_of(office.sveta), f"{ORDERS}{draft.pk}/issue/").json()["number"] == "46-ОД"


@pytest.mark.parametrize(
    "verb, body, status",
    [
        ("issue", {"number": "<b>"}, 409),
        ("issue", {"signed_on": "2030-01-01"}, 409),
        ("issue", {"signed_on": "завтра"}, 400),
        ("issue", {"state": "issued"}, 400),
        ("cancel", {"reason": REASON}, 409),
        ("cancel", {}, 400),
    ],
)
def test_wrong_action_is_refused_in_words(
    office: Cast, client_of: ClientOf, verb: str, body: dict[str, str], status: int
) -> None:
    draft = begun(office.sveta, office.school)

    answer = post(client_of(office.sveta), f"{ORDERS}{draft.pk}/{verb}/", body)

    assert answer.status_code == status, answer.content
    assert Order.objects.get().state == "draft"


def test_draft_with_blanks_is_not_issued(office: Cast, client_of: ClientOf) -> None:
    draft = changed(begun(office.sveta, office.school), office.sveta, values={"срок": ""})

    answer = post(client_of(office.sveta), f"{ORDERS}{draft.pk}/issue/")

    assert (answer.status_code, "«Срок»" in answer.json()["detail"]) == (409, True)


# Readers


def test_reading_is_marked_and_taken_back(office: Cast, client_of: ClientOf) -> None:
    issued(office.sveta, office.school)
    row = Acknowledgement.objects.get(name__startswith="Мороз")
    client, address = client_of(office.sveta), f"{READERS}{row.pk}/"

    marked = post(client, f"{address}mark/", {"acknowledged_on": "2026-09-10"})
    tomorrow = post(client, f"{address}mark/", {"acknowledged_on": "2026-09-11"})
    taken = post(client, f"{address}unmark/")

    assert (marked.status_code, marked.json()["acknowledged_on"]) == (200, "2026-09-10")
    assert marked.json()["requisites"] == "№ 1-ОД от 10.09.2026"
    assert tomorrow.status_code == 409
    assert (taken.status_code, taken.json()["acknowledged_on"]) == (200, None)


def test_sheets_are_narrowed(office: Cast, client_of: ClientOf) -> None:
    client, order = client_of(office.nina), issued(office.sveta, office.school)
    issued(office.sveta, office.school)
    row = order.acknowledgements.get(name__startswith="Мороз")
    Acknowledgement.objects.update(updated_at="2020-01-01T00:00:00Z")
    moment = quote(timezone.now().isoformat())
    post(client, f"{READERS}{row.pk}/mark/")

    assert ids(client, f"{READERS}?acknowledged=true") == ids(client, f"{READERS}?updated_since={moment}") == {row.pk}
    assert len(ids(client, f"{READERS}?order={order.pk}&acknowledged=false")) == 3
    assert len(ids(client, f"{READERS}?staff={row.staff_id}")) == 2
    assert ids(client, f"{READERS}?school={office.sibling.pk}") == set()


def test_list_of_marks_tells_of_each(office: Cast, client_of: ClientOf) -> None:
    furnish(office.sibling)
    order, foreign = issued(office.sveta, office.school), issued(office.marat, office.sibling)
    own = [row.pk for row in order.acknowledgements.order_by("name")]
    body = [
        {"id": own[0]},
        {"id": own[1], "acknowledged_on": "2030-01-01"},
        {"id": foreign.acknowledgements.earliest("pk").pk},
        {"id": own[2], "acknowledged_on": None},
        {"id": "x"},
        {"id": own[0], "acknowledged_on": None},
        5,
    ]

    results = post(client_of(office.sveta), f"{READERS}bulk/", body).json()["results"]

    assert [each["changed"] for each in results] == [True, False, False, False, False, True, False]
    assert [each["id"] for each in results] == [own[0], own[1], None, own[2], None, own[0], None]
    assert "не позже сегодняшнего" in results[1]["error"]
    assert "Проверьте номер" in results[2]["error"]
    assert results[3]["error"] is None
    assert not Acknowledgement.objects.exclude(acknowledged_on=None).exists()


@pytest.mark.parametrize("body", [[], {}, [{"id": 1}] * 501])
def test_list_that_is_empty_or_too_long_is_refused(office: Cast, client_of: ClientOf, body: Any) -> None:
    answer = post(client_of(office.sveta), f"{READERS}bulk/", body)

    assert answer.status_code == 400
    assert "от 1 до 500" in answer.json()["detail"]


def test_foreign_line_is_not_there(office: Cast, client_of: ClientOf) -> None:
    furnish(office.sibling)
    row = issued(office.marat, office.sibling).acknowledgements.earliest("pk")

    for verb in ("mark", "unmark"):
        assert post(client_of(office.sveta), f"{READERS}{row.pk}/{verb}/").status_code == 404
    row.refresh_from_db()
    assert row.acknowledged_on is None


# Tokens


@pytest.mark.parametrize("flags, status", [({}, 403), ({"appoints": True}, 403), ({"writes_orders": True}, 201)])
def test_token_writes_orders_only_with_its_right(
    office: Cast, client: Client, token_of: Tokens, flags: dict[str, bool], status: int
) -> None:
    headers = token_of(office.sveta, **flags)
    order = issued(office.sveta, office.school)
    row = order.acknowledgements.earliest("pk")
    body = {"school": "780001", "template": "sferum-use"}

    answers = [
        post(client, ORDERS, body, headers=headers).status_code,
        post(client, f"{READERS}{row.pk}/mark/", headers=headers).status_code,
        post(client, f"{READERS}bulk/", [{"id": row.pk}], headers=headers).status_code,
        post(client, f"{ORDERS}{order.pk}/cancel/", {"reason": REASON}, headers=headers).status_code,
    ]

    assert answers == ([201, 200, 200, 200] if status == 201 else [403] * 4)
