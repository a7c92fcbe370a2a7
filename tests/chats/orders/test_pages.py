"""Pages of orders: for whom they open, what a wrong form says and keeps, what is downloaded and under which name."""

import datetime
import re
from typing import Any
from urllib.parse import quote, unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from chats.models import Acknowledgement, Duty, Order
from chats.orders import readers
from schools.models import StepPlan, StoredFile
from staff.models import StaffMember
from tests.chats.orders.office import DAY, about, begun, changed, furnish, hire, issued
from tests.conftest import Cast, ClientOf
from tests.papers import PDF

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 9, 10)


def form_of(order: Order, **facts: str) -> dict[str, str]:
    """The form of a draft as a browser sends it when nothing has been touched but what is named."""
    sent = {name: getattr(order, name) for name in ("subject", "text", "founder", "city", "signer_name", "profile")}
    sent |= {"version": str(order.version), "signer_position": order.signer_position}
    for key, value in order.values.items():
        if isinstance(value, dict) and "staff_id" in value:
            sent[f"f-{key}"] = str(value["staff_id"] or "other")
        elif isinstance(value, str):
            sent[f"f-{key}"] = value
    return sent | {name.replace("__", "-"): text for name, text in facts.items()}


def saved(client: Client, order: Order, **facts: str) -> Any:
    """The answer to a form."""
    return client.post(f"/orders/{order.pk}/", form_of(order, **facts))


def acted(client: Client, order: Order, act: str, **facts: Any) -> Any:
    """The answer to a button of an order."""
    return client.post(f"/orders/{order.pk}/act/", {"act": act, **facts})


def text_of(page: Any) -> str:
    """The page's words, spaces alike."""
    return page.content.decode().replace("\u00a0", " ")


# Opening


@pytest.mark.parametrize("name", ["root", "nina", "marat", "sveta", "observer", "stranger"])
def test_every_page_opens_for_those_below_the_country_alone(office: Cast, client_of: ClientOf, name: str) -> None:
    draft, order = begun(office.sveta, office.school), issued(office.sveta, office.school)
    client, wanted = client_of(office.people[name]), 404 if name in ("observer", "stranger") else 200
    addresses = [f"/schools/{office.school.pk}/orders/", f"/orders/{draft.pk}/", f"/orders/{order.pk}/"]
    addresses += [
        f"{order.get_absolute_url()}{tail}" for tail in ("?show=waiting", "?page=99", "order.docx", "order.pdf")
    ]

    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(addresses, wanted)


@pytest.mark.parametrize("name", ["sveta", "marat", "nina", "observer"])
def test_order_out_of_sight_is_not_there_for_any_door(office: Cast, client_of: ClientOf, name: str) -> None:
    furnish(office.foreign)
    order, draft = issued(office.root, office.foreign), begun(office.root, office.foreign)
    client = client_of(office.people[name])

    statuses = {
        saved(client, draft, subject="Моё").status_code,
        acted(client, draft, "discard").status_code,
        acted(client, order, "cancel", on="2026-09-10", reason="Просто так").status_code,
        acted(client, order, "read_all").status_code,
        client.post(f"/schools/{office.foreign.pk}/orders/new/", {"template": "sferum-use"}).status_code,
    }

    if name != "observer":
        assert statuses == {404}
    assert statuses <= {403, 404}
    assert sorted(Order.objects.values_list("state", flat=True)) == ["draft", "issued"]
    assert not Order.objects.filter(subject="Моё").exists()


@pytest.mark.parametrize("key", [
    "sferum-use", "responsible", "my-school", "chats", "move-to-max", "amend", "cancel", "municipal-coordinator",
])  # fmt: skip
def test_every_text_is_begun_shown_and_drawn(office: Cast, client_of: ClientOf, key: str) -> None:
    place = office.municipality if key == "municipal-coordinator" else office.school
    client = client_of(office.marat)

    answer = client.post(f"{place.get_absolute_url()}orders/new/", {"template": key})

    order = Order.objects.get()
    assert answer["Location"] == order.get_absolute_url()
    statuses = [client.get(f"{order.get_absolute_url()}{tail}").status_code for tail in ("", "order.docx", "order.pdf")]
    assert statuses == [200, 200, 200]


@pytest.mark.parametrize("key", ["", "no-such", "municipal-coordinator", "sferum-use\x00x", "й" * 100])
def test_text_that_is_not_there_begins_nothing(office: Cast, client_of: ClientOf, key: str) -> None:
    answer = client_of(office.sveta).post(f"/schools/{office.school.pk}/orders/new/", {"template": key})

    assert answer.status_code == 404
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    "query", ["year=2025", "year=zzz", "year=٢٠٢٦", "page=zzz", "page=-1", "year=%00", "page=" + "9" * 9]
)
def test_register_opens_whatever_its_address_says(office: Cast, client_of: ClientOf, query: str) -> None:
    issued(office.sveta, office.school, signed_on=datetime.date(2025, 3, 1), number="7-ОД")
    issued(office.sveta, office.school, number="8-ОД")

    page = client_of(office.sveta).get(f"/schools/{office.school.pk}/orders/?{query}")

    assert page.status_code == 200
    listed = re.findall(r"\d-ОД", "".join(re.findall(r"<tbody>.*?</tbody>", text_of(page), re.DOTALL)))
    assert list(dict.fromkeys(listed)) == (["7-ОД"] if query == "year=2025" else ["8-ОД", "7-ОД"])


def test_pages_ask_no_more_for_more_rows(office: Cast, client_of: ClientOf) -> None:
    client = client_of(office.sveta)
    draft, order = begun(office.sveta, office.school), issued(office.sveta, office.school)
    addresses = [f"/schools/{office.school.pk}/orders/", f"/orders/{draft.pk}/", f"/orders/{order.pk}/"]

    def asked() -> dict[str, int]:
        counts = {}
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            counts[address] = len(queries)
        return counts

    asked()
    few = asked()
    for number in range(12):
        hire(office.school, f"Новая{number}", "учитель")
        issued(office.sveta, office.school)
        begun(office.sveta, office.school)
        Acknowledgement.objects.create(order=order, name=f"Читателева {number}")

    assert asked() == few


def test_hostile_words_are_escaped_on_every_page(office: Cast, client_of: ClientOf) -> None:
    bad = "<script>alert(1)</script>"
    StaffMember.objects.filter(last_name="Аверина").update(last_name=bad, position=bad)
    order = changed(begun(office.sveta, office.school), office.sveta, values={"цель": bad}, city=bad, founder=bad)
    order = changed(order, office.sveta, subject=bad)
    client = client_of(office.sveta)
    before = text_of(client.get(f"/orders/{order.pk}/"))

    assert bad not in before
    assert escape(bad) in before
    sheet = text_of(client.get(issued(office.sveta, office.school, city="Уфа", founder="").get_absolute_url()))
    assert bad not in sheet
    assert escape(bad) in sheet
    assert bad not in text_of(client.get(f"/schools/{office.school.pk}/orders/"))


# The form of a draft


def test_form_sent_back_untouched_changes_no_word(office: Cast, client_of: ClientOf) -> None:
    order = begun(office.sveta, office.school)

    answer = saved(client_of(office.sveta), order)

    after = Order.objects.get()
    assert answer.status_code == 302
    assert (after.values, after.text, after.signer_name, after.version) == (
        order.values, order.text, order.signer_name, 2,
    )  # fmt: skip


def test_person_chosen_and_forms_put_right_are_kept(office: Cast, client_of: ClientOf) -> None:
    order, client = begun(office.sveta, office.school), client_of(office.sveta)
    moroz = StaffMember.objects.get(last_name="Мороз")

    saved(client, order, **{"n-администратор-accusative": "Зимину Анну", "f-методист": str(moroz.pk)})

    order.refresh_from_db()
    assert order.values["администратор"]["names"] == {"accusative": "Зимину Анну"}
    assert "Зимину Анну, заместителя" in text_of(client.get(f"/orders/{order.pk}/"))
    following = begun(office.sveta, office.school, "responsible")
    assert following.values["администратор"]["names"] == {"accusative": "Зимину Анну"}


def test_forms_of_cases_the_text_does_not_ask_for_are_not_lost(office: Cast, client_of: ClientOf) -> None:
    client, order = client_of(office.sveta), begun(office.sveta, office.school)
    saved(client, order, **{"n-администратор-accusative": "Зимину Анну"})
    following = begun(office.sveta, office.school, "chats")
    following = changed(following, office.sveta, text="1. Поручить {администратор.дат}.")

    saved(client, following, **{"n-администратор-dative": "Зиминой Анне"})

    again = begun(office.sveta, office.school, "responsible")
    assert again.values["администратор"]["names"] == {"accusative": "Зимину Анну", "dative": "Зиминой Анне"}


def test_somebody_not_in_the_list_is_written_by_hand(office: Cast, client_of: ClientOf) -> None:
    order = begun(office.sveta, office.school)
    facts = {"f-методист": "other", "f-методист-last_name": " Ольхова ", "f-методист-first_name": "Вера"}

    saved(client_of(office.sveta), order, **facts)

    order.refresh_from_db()
    assert (order.values["методист"]["last_name"], order.values["методист"]["staff_id"]) == ("Ольхова", None)


@pytest.mark.parametrize("chosen", ["", "999999999", "9" * 30, "zzz", "other", "-1", "٣"])
def test_choice_that_is_nobody_leaves_the_field_empty(office: Cast, client_of: ClientOf, chosen: str) -> None:
    order = begun(office.sveta, office.school)

    answer = saved(client_of(office.sveta), order, **{"f-методист": chosen})

    order.refresh_from_db()
    assert answer.status_code == 302
    assert order.values["методист"] is None


def test_staff_of_another_school_cannot_be_named(office: Cast, client_of: ClientOf) -> None:
    stranger, order = hire(office.sibling, "Чужак", "учитель"), begun(office.nina, office.school)

    saved(client_of(office.nina), order, **{"f-методист": str(stranger.pk)})

    order.refresh_from_db()
    assert order.values["методист"] is None


@pytest.mark.parametrize(
    "facts, told",
    [
        ({"text": "1. До {дедлайн}."}, "Строка 1, знак 7: Поля «{дедлайн}» нет"),
        ({"text": "Ни одного пункта"}, "нет ни одного пункта"),
        ({"subject": "  "}, "Впишите заголовок"),
        ({"version": "99"}, "в другом окне"),
        ({"version": "zzz"}, "в другом окне"),
    ],
)
def test_wrong_form_is_told_and_every_word_stays_in_it(
    office: Cast, client_of: ClientOf, facts: dict[str, str], told: str
) -> None:
    order = begun(office.sveta, office.school)
    typed = {"f-цель": "моя особая цель", "city": "Мой город", "signer_name": "Моя подпись"}

    page = saved(client_of(office.sveta), order, **typed, **facts)

    words = text_of(page)
    assert page.status_code == 422
    assert told in words.replace("&#34;", '"')
    assert all(text in words for text in typed.values())
    assert all(escape(text) in words for name, text in facts.items() if name == "text")
    assert Order.objects.get().version == 1


@pytest.mark.parametrize(
    "facts, told",
    [
        ({"number": "без номера"}, "Впишите номер так"),
        ({"signed_on": "2030-01-01"}, "будущим днём не подписывают"),
        ({"signed_on": "вчера"}, "Впишите дату подписания"),
        ({"signed_on": "2026-02-31"}, "Впишите дату подписания"),
        ({"f-срок": ""}, "Заполните: «Срок»"),
        ({"signer_name": ""}, "кто подписывает"),
        ({"f-цель": "помощи ГБУ ИМЦ"}, "не ваша организация"),
    ],
)
def test_order_that_cannot_be_issued_says_why_and_its_draft_is_saved(
    office: Cast, client_of: ClientOf, facts: dict[str, str], told: str
) -> None:
    order = begun(office.sveta, office.school)
    sent = {"number": "45-ОД", "signed_on": "2026-09-10", "issue": "1", "city": "Мой город", **facts}

    page = saved(client_of(office.sveta), order, **sent)

    order.refresh_from_db()
    assert page.status_code == 422
    assert told in text_of(page)
    assert (order.state, order.city) == ("draft", "Мой город")
    assert f'value="{sent["number"]}"' in text_of(page)


@pytest.mark.parametrize("day", ["2026-09-09", "09.09.2026", " 9.09.2026 "])
def test_draft_is_saved_and_issued_by_one_button(office: Cast, client_of: ClientOf, day: str) -> None:
    order, client = begun(office.sveta, office.school), client_of(office.sveta)

    answer = saved(client, order, number="45-ОД", signed_on=day, issue="1")

    order.refresh_from_db()
    assert answer.status_code == 302, text_of(answer)
    assert (order.number, order.signed_on) == ("45-ОД", TODAY - DAY)
    assert "Приказ № 45-ОД" in text_of(client.get(answer["Location"]))


def test_form_sent_twice_leads_to_the_issued_order_and_writes_nothing(office: Cast, client_of: ClientOf) -> None:
    draft = begun(office.sveta, office.school)
    form = form_of(draft, subject="Другое")
    order = issued(office.sveta, office.school)

    answer = client_of(office.sveta).post(f"/orders/{order.pk}/", form)

    assert answer.headers["Location"] == f"/orders/{order.pk}/"
    assert not Order.objects.filter(subject="Другое").exists()


def test_control_signs_in_every_field_break_nothing(office: Cast, client_of: ClientOf) -> None:
    order = begun(office.sveta, office.school)
    bad = {name: f"{text}\x00\x0b" for name, text in form_of(order).items()} | {"version": "1"}

    answer = client_of(office.sveta).post(f"/orders/{order.pk}/", bad)
    acts = acted(client_of(office.sveta), order, "cancel\x00", on="\x00", reason="\x00")

    assert answer.status_code == 302
    assert acts.status_code == 302
    assert "\x00" not in str(Order.objects.values().get())


# What is done with an order


def test_draft_is_thrown_away(office: Cast, client_of: ClientOf) -> None:
    order = begun(office.sveta, office.school)

    answer = acted(client_of(office.sveta), order, "discard")

    assert answer["Location"] == f"/schools/{office.school.pk}/orders/"
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    "act, facts, told",
    [
        ("discard", {}, "уже издан"),
        ("cancel", {"on": "zzz", "reason": "Издан по ошибке"}, "Впишите день"),
        ("cancel", {"on": "2030-01-01", "reason": "Издан по ошибке"}, "не позже сегодняшнего"),
        ("cancel", {"on": "2026-09-10", "reason": "ой"}, "Напишите, почему"),
        ("read", {"on": "2030-01-01", "who": ["1"]}, "не позже сегодняшнего"),
        ("scan", {}, "Выберите файл"),
        ("appoint", {}, "ниже своего уровня"),
    ],
)
def test_act_that_cannot_be_done_is_told_on_the_orders_page(
    office: Cast, client_of: ClientOf, act: str, facts: dict[str, Any], told: str
) -> None:
    order = issued(office.sveta, office.school)

    page = acted(client_of(office.sveta), order, act, **facts)

    assert page.status_code == 422
    assert told in text_of(page)
    assert Order.objects.get().state == "issued"
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("act", ["", "zzz", "__class__", "issue"])
def test_unknown_act_leads_back(office: Cast, client_of: ClientOf, act: str) -> None:
    order = issued(office.sveta, office.school)

    assert acted(client_of(office.sveta), order, act)["Location"] == order.get_absolute_url()
    assert Order.objects.get().state == "issued"


def test_readers_are_marked_shown_and_unmarked(office: Cast, client_of: ClientOf) -> None:
    order, client = issued(office.sveta, office.school), client_of(office.sveta)
    moroz = order.acknowledgements.get(name__startswith="Мороз").pk

    acted(client, order, "read", who=[moroz, "zzz", "9" * 30, "-1"], on="2026-09-10")
    waiting = text_of(client.get(f"/orders/{order.pk}/?show=waiting"))
    assert f'value="{moroz}"' not in waiting
    assert "1 из 4" in waiting

    acted(client, order, "unread", who=[moroz])
    assert order.acknowledgements.filter(acknowledged_on=None).count() == 4
    acted(client, order, "read_all", on="")
    assert order.acknowledgements.filter(acknowledged_on=TODAY).count() == 4


def test_cancelled_order_says_so_and_offers_no_marks(office: Cast, client_of: ClientOf) -> None:
    order, client = issued(office.sveta, office.school), client_of(office.sveta)

    acted(client, order, "cancel", on="10.09.2026", reason="Издан по ошибке")

    page = text_of(client.get(f"/orders/{order.pk}/"))
    assert "Приказ отменён с 10 сентября" in page
    assert "Издан по ошибке" in page
    assert 'name="who"' not in page
    assert StepPlan.objects.latest("pk").planned_on is None
    assert not Duty.objects.filter(ends_on=None).exists()


def test_coordinator_appoints_by_an_order_that_waits(office: Cast, client_of: ClientOf) -> None:
    order = issued(office.sveta, office.school)
    assert "доступ откроет координатор" in text_of(client_of(office.sveta).get(f"/orders/{order.pk}/"))

    answer = acted(client_of(office.marat), order, "appoint")

    assert answer.status_code == 302
    assert "Назначены на портале: 1 человек" in text_of(client_of(office.sveta).get(f"/orders/{order.pk}/"))


def test_order_about_another_links_to_it_and_back(office: Cast, client_of: ClientOf) -> None:
    client, other = client_of(office.sveta), issued(office.sveta, office.school)
    order = issued(office.sveta, office.school, "amend", values={"приказ": about(other), "изменения": "срок продлить"})

    assert f'href="{other.get_absolute_url()}"' in text_of(client.get(f"/orders/{order.pk}/"))
    assert f'href="{order.get_absolute_url()}"' in text_of(client.get(f"/orders/{other.pk}/"))


# Files


@pytest.mark.parametrize(
    "number, name", [("01-03/482", "Приказ 01-03-482 от 10.09.2026"), ("45-ОД", "Приказ 45-ОД от 10.09.2026")]
)
def test_files_are_named_by_the_requisites(office: Cast, client_of: ClientOf, number: str, name: str) -> None:
    order, client = issued(office.sveta, office.school, number=number), client_of(office.sveta)

    for ending, kind, sign in (
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK"),
        ("pdf", "application/pdf", b"%PDF-"),
    ):
        answer = client.get(f"/orders/{order.pk}/order.{ending}")
        header = answer["Content-Disposition"]
        assert answer.content.startswith(sign)
        assert answer["Content-Type"] == kind
        assert unquote(header) == f"attachment; filename*=UTF-8''{name}.{ending}"
        assert header.isascii()
        assert "private" in answer["Cache-Control"]


def test_draft_is_downloaded_as_one(office: Cast, client_of: ClientOf) -> None:
    order = begun(office.sveta, office.school)

    answer = client_of(office.sveta).get(f"/orders/{order.pk}/order.pdf")

    assert quote("Проект приказа") in answer["Content-Disposition"]


@pytest.mark.parametrize(
    "name, shown",
    [
        ("скан.pdf", "скан.pdf"),
        ("../../etc/passwd", "passwd"),
        ('a"b\r\nSet-Cookie: x=1.pdf', 'a"bSet-Cookie: x=1.pdf'),
        ("\u202efdp.exe", "fdp.exe"),
        ("", None),
    ],
)
def test_scan_is_a_download_that_is_never_opened_in_the_page(
    office: Cast, client_of: ClientOf, name: str, shown: str | None
) -> None:
    order, client = issued(office.sveta, office.school), client_of(office.sveta)
    if shown is None:
        assert client.get(f"/orders/{order.pk}/scan/").status_code == 404
        return
    readers.attach_scan(order, name=name, data=PDF, by=office.sveta)

    answer = client.get(f"/orders/{order.pk}/scan/")

    assert answer.content == PDF
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == f"attachment; filename*=UTF-8''{quote(shown)}"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_scan_is_attached_and_a_wrong_one_refused_on_the_page(office: Cast, client_of: ClientOf) -> None:
    order, client = issued(office.sveta, office.school), client_of(office.sveta)

    right = acted(client, order, "scan", file=SimpleUploadedFile("скан.pdf", PDF))
    wrong = acted(client, order, "scan", file=SimpleUploadedFile("скан.pdf", b"<svg/>"))

    assert right.status_code == 302
    assert (wrong.status_code, "Приложите документ PDF" in text_of(wrong)) == (422, True)
    assert StoredFile.objects.get().data == PDF
