"""Pages of appointing: the list, the form, the card and what is pressed there, for each of the cast."""

import datetime
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from schools.models import Appointment, Invitation, School, User
from schools.scope import Level
from schools.second_factor import services as second_factor
from tests.conftest import Cast, ClientOf, make_school
from tests.schools.appointing.people import ANNA, accepted, appointed, last, mailed_link, person

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
FORM = {"last_name": "Ёлкина", "first_name": "Анна", "patronymic": "Петровна", "email": "elkina@school.example"}


def text(answer: Any) -> str:
    """The page's text with plain spaces."""
    return " ".join(answer.content.decode().replace("\u00a0", " ").replace("\u2009", " ").split())


def form(**changes: Any) -> dict[str, Any]:
    """The fields of the appointing form."""
    day = timezone.localdate().isoformat()
    return {
        **FORM,
        "phone": "8 900 000-31-77",
        "order_number": "№ 114-ОД",
        "order_on": "04.09.2026",
        "starts_on": day,
    } | changes


# Appointing in the browser


def test_coordinator_appoints_and_sees_the_card(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.marat)

    answer = client.post(f"/appointments/new/?school={cast.sibling.pk}", form())

    made = cast.sibling.appointments.get()
    card = text(client.get(answer["Location"]))
    assert answer["Location"] == f"/appointments/{made.pk}/"
    assert (made.order_number, made.order_on) == ("114-ОД", datetime.date(2026, 9, 4))
    assert made.user.phone == "+79000003177"
    for words in ("Ёлкина Анна Петровна", "Администратор школы", "приглашён", "elkina@school.example",
                  "+7 900 000-31-77", "№ 114-ОД от 4 сентября", "отправляется"):  # fmt: skip
        assert words in card, words


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"last_name": ""}, "Впишите фамилию"),
        ({"first_name": "Анна1"}, "Может быть, Анна?"),
        ({"last_name": "Petrova", "first_name": "Anna"}, "впишите по-русски, как в паспорте"),
        ({"last_name": "Ёлкинa"}, "Может быть, Ёлкина?"),
        ({"patronymic": "Petrovna"}, "впишите по-русски"),
        ({"email": "елкина"}, "Впишите"),
        ({"email": "elkinа@school.example"}, "elkina@school.example"),
        ({"email": "elkina@school,example"}, "запятая"),
        ({"phone": "112"}, "номер пишут так"),
        ({"starts_on": "31.02.2026"}, "Дату пишут так"),
        ({"starts_on": ""}, "Впишите день"),
        ({"starts_on": "0001-01-01"}, "Проверьте год"),
        ({"order_on": "вчера"}, "Дату пишут так"),
        ({"order_on": "04.09.2062"}, "До 04.09.2062 больше года: проверьте год приказа"),
        ({"order_on": "04.09.2016"}, "В 2016 году площадок ещё не было: проверьте год приказа"),
        ({"order_number": "1" * 41}, "40"),
        ({"last_name": "Ё" * 101}, "100"),
        ({"last_name": "Ёл\0кина"}, "симвoл"),
    ],
)
def test_mistake_is_told_beside_its_field_and_nobody_is_appointed(
    cast: Cast, client_of: ClientOf, changes: dict[str, str], words: str
) -> None:
    answer = client_of(cast.marat).post(f"/appointments/new/?school={cast.sibling.pk}", form(**changes))

    page = text(answer)
    assert answer.status_code == 422
    assert "field-error" in page
    if words not in {"Впишите", "симвoл"}:
        assert words in page
    assert not cast.sibling.appointments.exists()
    assert 'value="Анна"' in page or "first_name" in changes


def test_refusal_of_the_service_stands_in_the_form(cast: Cast, client_of: ClientOf) -> None:
    appointed(cast.marat, cast.sibling)

    answer = client_of(cast.marat).post(f"/appointments/new/?school={cast.sibling.pk}", form())

    assert answer.status_code == 422
    assert "уже назначен" in text(answer)


def test_place_is_found_by_name_and_code_within_ones_own(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.nina)

    by_name = text(client.get("/appointments/new/?q=гимназия"))
    by_code = text(client.get("/appointments/new/?q=780003"))
    by_town = text(client.get("/appointments/new/?q=центральный"))
    foreign = text(client.get("/appointments/new/?q=470004"))

    assert f"?school={cast.sibling.pk}" in by_name
    assert f"?school={cast.school.pk}" not in by_name
    assert f"?school={cast.cousin.pk}" in by_code
    assert f"?municipality={cast.other_municipality.pk}" in by_town
    assert "Такого места среди ваших нет" in foreign


def test_form_says_who_is_there_already(cast: Cast, client_of: ClientOf) -> None:
    page = text(client_of(cast.marat).get(f"/appointments/new/?school={cast.school.pk}"))

    assert "Сейчас назначен" in page
    assert "Sveta" in page


def test_root_appoints_a_region_and_an_observer(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.root)

    region = client.post("/appointments/new/?region=47", form())
    country = client.post("/appointments/new/?country=1", form(email="other@school.example"))

    assert region.status_code == country.status_code == 302
    assert Appointment.objects.filter(region=cast.other_region).exists()
    assert Appointment.objects.filter(level=Level.COUNTRY).count() == 2


@pytest.mark.parametrize("name", ["sveta", "observer", "stranger", "marat"])
def test_nobody_appoints_above_oneself_by_an_address_made_up(cast: Cast, client_of: ClientOf, name: str) -> None:
    client = client_of(cast.people[name])
    before = Appointment.objects.count()

    statuses = {
        client.post(f"/appointments/new/?{query}", form()).status_code
        for query in (
            "country=1", "region=78", "region=47", f"municipality={cast.municipality.pk}",
            f"municipality={cast.foreign_municipality.pk}", f"school={cast.foreign.pk}", f"school={cast.cousin.pk}",
        )
    }  # fmt: skip

    assert statuses <= {403, 404}
    assert Appointment.objects.count() == before


# The list


def test_list_holds_ones_own_people_and_puts_those_in_need_first(cast: Cast, client_of: ClientOf) -> None:
    lost = appointed(cast.nina, cast.school, person(1, last_name="Потерянная"))
    Invitation.objects.filter(appointment=lost).update(delivery_error="Почтовый сервер не ответил.")
    appointed(cast.nina, cast.cousin, person(2, last_name="Соседская"))
    appointed(cast.root, cast.foreign, person(3, last_name="Чужая"))

    marat = text(client_of(cast.marat).get("/appointments/"))
    nina = text(client_of(cast.nina).get("/appointments/"))

    assert "Потерянная" in marat
    assert "Соседская" not in marat
    assert "Соседская" in nina
    assert "Чужая" not in nina
    assert marat.index("Потерянная") < marat.index("Sveta")
    assert "Отправить ещё раз" in marat


def test_administrator_sees_her_schools_people_and_no_buttons(cast: Cast, client_of: ClientOf) -> None:
    appointed(cast.marat, cast.school, person(1, last_name="Вторая"))
    appointed(cast.marat, cast.sibling, person(2, last_name="Соседская"))

    client = client_of(cast.sveta)
    page = text(client.get("/appointments/"))
    card = text(client.get(f"/appointments/{cast.school.appointments.latest('pk').pk}/"))

    assert "Вторая" in page
    assert "Соседская" not in page
    assert "Marat" not in page
    for button in ("/appointments/new/", "/appointments/bulk/", "вакансии", "Отправить ещё раз"):
        assert button not in page, button
    assert "<form" not in card.split("<main")[1].split("</main>")[0]


def test_filters_narrow_the_list(cast: Cast, client_of: ClientOf) -> None:
    User.objects.filter(pk=cast.sveta.pk).update(seen_on=timezone.localdate())
    appointed(cast.nina, cast.cousin, person(1, last_name="Ожидаемая"))
    gone = appointed(cast.nina, cast.sibling, person(2, last_name="Ушедшая"))
    day = timezone.localdate()
    Appointment.objects.filter(pk=gone.pk).update(starts_on=day - 9 * DAY, ends_on=day - DAY)
    client = client_of(cast.nina)

    def main(query: str) -> str:
        return text(client.get(f"/appointments/?{query}")).split("<main")[1]

    assert "Sveta" not in main("show=waiting")
    assert "Ожидаемая" in main("show=waiting")
    assert "Ушедшая" in main("show=ended")
    assert "Ожидаемая" not in main("show=ended")
    assert "Ушедшая" not in main("")
    assert "Marat" in main("level=municipality")
    assert "Sveta" not in main("level=municipality")
    assert "Ожидаемая" in main("q=ожид")
    assert "Ничего не нашли" in main("q=никого-нет")
    assert main("show=nonsense&level=nonsense&page=999&q=" + "%00" * 3)


def test_vacancies_are_listed_with_their_days_and_a_way_to_fill_them(cast: Cast, client_of: ClientOf) -> None:
    School.objects.filter(pk=cast.sibling.pk).update(created_at=timezone.now() - 14 * DAY)

    page = text(client_of(cast.nina).get("/appointments/?show=vacant"))
    towns = text(client_of(cast.nina).get("/appointments/?show=vacant&level=municipality"))

    assert "2 из 3 школ</a> без администратора, дольше всех — 14 дней." in page
    assert page.index("Гимназия") < page.index("Лицей")
    assert f"/appointments/new/?school={cast.sibling.pk}" in page
    assert "Центральный район" in towns
    assert "ещё не назначали" in towns


def test_list_is_paged_by_fifty(cast: Cast, client_of: ClientOf) -> None:
    for number in range(55):
        appointed(cast.nina, cast.cousin, person(number, last_name="Многая"))

    first = text(client_of(cast.nina).get("/appointments/"))
    second = text(client_of(cast.nina).get("/appointments/?page=2"))

    assert "1–50 из 58" in first
    assert "51–58 из 58" in second


@pytest.mark.parametrize(
    "path", ["/appointments/", "/appointments/?show=vacant", "/appointments/new/", "/appointments/?q=многая"]
)
def test_ten_times_the_people_cost_no_more_queries(cast: Cast, client_of: ClientOf, path: str) -> None:
    client = client_of(cast.nina)
    client.get(path)

    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(path).status_code == 200
        return len(caught)

    appointed(cast.nina, cast.cousin, person(99, last_name="Многая"))
    few = asked()
    for number in range(20):
        school = make_school(cast.municipality, f"78100{number:02}", f"Школа № {number}")
        if number % 2:
            appointed(cast.nina, school, person(number, last_name="Многая"))

    assert asked() == few <= 22


# The card


def pressed(client: Client, appointment: Appointment, **fields: str) -> Any:
    """Press a button of the card."""
    return client.post(f"/appointments/{appointment.pk}/act/", fields)


def test_card_does_what_its_buttons_say(cast: Cast, client_of: ClientOf) -> None:
    made = appointed(cast.marat, cast.sibling)
    client = client_of(cast.marat)
    day = timezone.localdate()

    sent = pressed(client, made, invite="1", email="second@school.example")
    wrong = pressed(client, made, invite="1", email="нет адреса")
    taken_back = pressed(client, made, withdraw="1")
    nothing = pressed(client, made, withdraw="1")
    order = pressed(client, made, order="1", order_number="№ 5-к", order_on="01.10.2026")
    bad_order = pressed(client, made, order="1", order_number="5", order_on="когда-то")
    far_order = pressed(client, made, order="1", order_number="5", order_on="01.10.2062")
    ended = pressed(client, made, end="1", ends_on=(day + 3 * DAY).isoformat())
    too_soon = pressed(client, made, end="1", ends_on="2020-01-01")
    other = pressed(client, made)

    made.refresh_from_db()
    assert [answer.status_code for answer in (sent, taken_back, order, ended, other)] == [302] * 5
    assert [answer.status_code for answer in (wrong, nothing, bad_order, far_order, too_soon)] == [409] * 5
    assert "Отзывать нечего" in text(nothing)
    assert "Дату пишут так" in text(bad_order)
    assert "раньше закончить нельзя" in text(too_soon)
    assert (made.order_number, made.order_on, made.ends_on) == ("5-к", datetime.date(2026, 10, 1), day + 3 * DAY)
    assert last(made).email == "second@school.example"


@pytest.mark.parametrize("button", ["invite", "link", "withdraw", "order", "end", "factor"])
@pytest.mark.parametrize("name, status", [("sveta", 403), ("observer", 404), ("stranger", 404)])
def test_buttons_of_others_are_refused(cast: Cast, client_of: ClientOf, button: str, name: str, status: int) -> None:
    made = appointed(cast.marat, cast.school)
    before = list(Appointment.objects.values()), list(Invitation.objects.values())

    answer = pressed(client_of(cast.people[name]), made, **{button: "1"}, email="a@b.example", ends_on="2026-12-01")

    assert answer.status_code == status
    assert (list(Appointment.objects.values()), list(Invitation.objects.values())) == before


def test_form_from_another_site_is_refused(cast: Cast) -> None:
    made = appointed(cast.marat, cast.sibling)
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.marat, backend="schools.login.LoginOrEmailBackend")

    assert pressed(client, made, end="1", ends_on="2026-12-01").status_code == 403


def test_resending_from_the_list_comes_back_to_it(cast: Cast, client_of: ClientOf) -> None:
    made = appointed(cast.marat, cast.sibling)
    client = client_of(cast.marat)

    back = pressed(client, made, invite="1", email=ANNA.email, back="/appointments/?show=waiting")
    elsewhere = pressed(client, made, invite="1", email=ANNA.email, back="//evil.example/appointments/?")

    assert back["Location"] == "/appointments/?show=waiting"
    assert elsewhere["Location"] == f"/appointments/{made.pk}/"


def test_lost_second_factor_is_reset_from_the_card(cast: Cast, client_of: ClientOf) -> None:
    second_factor.begin(user=cast.marat)
    User.objects.filter(pk=cast.marat.pk).update(factor_on=timezone.now())
    made = cast.marat.appointments.get()
    client = client_of(cast.nina)

    page = text(client.get(f"/appointments/{made.pk}/"))
    silent = pressed(client, made, factor="1", reason="")
    done = pressed(client, made, factor="1", reason="потерян телефон")

    cast.marat.refresh_from_db()
    assert "Потерян телефон" in page
    assert silent.status_code == 409
    assert done.status_code == 302
    assert cast.marat.factor_on is None
    assert cast.marat.factor_events.get().reason == "потерян телефон"


def test_ended_appointment_has_no_buttons(cast: Cast, client_of: ClientOf) -> None:
    day = timezone.localdate()
    cast.sveta.appointments.update(starts_on=day - 9 * DAY, ends_on=day - DAY)
    pk = Appointment.objects.get(user=cast.sveta).pk

    page = text(client_of(cast.marat).get(f"/appointments/{pk}/")).split("<main")[1].split("</main>")[0]

    assert "окончено" in page
    assert "<form" not in page
    assert "hand-over" not in page


def test_handing_over_in_the_browser(cast: Cast, client_of: ClientOf) -> None:
    day = timezone.localdate()
    cast.sveta.appointments.update(starts_on=day - 90 * DAY)
    pk = cast.sveta.appointments.get().pk
    client = client_of(cast.marat)

    shown = text(client.get(f"/appointments/{pk}/hand-over/"))
    answer = client.post(f"/appointments/{pk}/hand-over/", form(starts_on=(day + 5 * DAY).isoformat()))
    early = client.post(f"/appointments/{pk}/hand-over/", form(email="x@y.example", starts_on="2026-01-01"))

    made = cast.school.appointments.latest("pk")
    assert f'value="{(day + DAY).isoformat()}"' in shown
    assert "Sveta" in shown
    assert answer["Location"] == f"/appointments/{made.pk}/"
    assert made.starts_on == day + 5 * DAY
    assert Appointment.objects.get(pk=pk).ends_on == day + 4 * DAY
    assert early.status_code == 422
    assert "не раньше" in text(early)


def test_card_tells_who_was_there_before(cast: Cast, client_of: ClientOf) -> None:
    made = appointed(cast.marat, cast.school)

    page = text(client_of(cast.marat).get(f"/appointments/{made.pk}/"))

    assert f'href="/appointments/{cast.sveta.appointments.get().pk}/"' in page


def test_text_of_people_is_escaped_everywhere(cast: Cast, client_of: ClientOf) -> None:
    made = appointed(cast.marat, cast.sibling)
    evil = '<script>alert("1")</script>'
    User.objects.filter(pk=made.user_id).update(last_name=evil, phone=evil)
    Appointment.objects.filter(pk=made.pk).update(order_number=evil[:40])
    Invitation.objects.update(delivery_error=evil)
    client = client_of(cast.marat)

    for path in ("/appointments/", f"/appointments/{made.pk}/", f"/appointments/{made.pk}/hand-over/"):
        assert "<script>alert" not in client.get(path).content.decode(), path


def test_list_and_rest_name_the_same_people(cast: Cast, client_of: ClientOf) -> None:
    for number, school in enumerate((cast.school, cast.sibling, cast.cousin, cast.foreign)):
        appointed(cast.root, school, person(number))

    for name in ("sveta", "marat", "nina", "root"):
        client = client_of(cast.people[name])
        page = {
            int(pk) for pk in re.findall(r'href="/appointments/(\d+)/"', client.get("/appointments/").content.decode())
        }
        rest = {row["id"] for row in client.get("/api/v1/appointments/").json()["results"]}
        assert page == rest, name


def test_everything_above_works_for_those_who_came_by_a_link(cast: Cast) -> None:
    appointed(cast.nina, cast.municipality)
    client, _ = accepted(mailed_link())

    answer = client.post(f"/appointments/new/?school={cast.sibling.pk}", form(email="next@school.example"))

    assert answer.status_code == 302
    assert cast.sibling.appointments.get().appointed_by == User.objects.get(email=ANNA.email)
