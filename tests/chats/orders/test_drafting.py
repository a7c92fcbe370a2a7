"""Drafts: what is filled in of itself, who may write them, what is refused without loss, which forms are remembered."""

import datetime

import pytest

from chats.models import LegalAct, NameForms, Order
from chats.orders import drafting, issuing
from chats.orders.issuing import paper_of
from schools.models import User
from staff.models import StaffMember
from tests.chats.orders.office import begun, change_of, changed, hire, issued, refusal_of, template
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


# Beginning


def test_draft_is_filled_from_the_card_and_the_staff(office: Cast) -> None:
    order = begun(office.sveta, office.school)

    assert (order.signer_name, order.signer_position, order.city) == (
        "Иванова Мария Ильинична", "Директор", "Санкт-Петербург",
    )  # fmt: skip
    assert order.values["администратор"]["last_name"] == "Зимина"
    assert order.values["администратор"]["email"] == "zimina@school.example"
    assert order.values["методист"]["last_name"] == "Мороз"
    assert order.values["срок"] == "2026-09-24"
    assert [act["key"] for act in order.values["основание"]] == ["letter-04-643"]
    assert "Зимину Анну Петровну, заместителя директора по информатизации" in paper_of(order).text
    assert issuing.missing_in(order) == []


def test_deputies_come_before_a_secretary_whose_position_holds_the_same_word(office: Cast) -> None:
    """«секретарь учебной части» stands first by the alphabet and holds «учебн»."""
    assert begun(office.sveta, office.school).values["методист"]["position"].startswith("заместитель")

    StaffMember.objects.filter(position__startswith="заместитель").delete()

    assert begun(office.sveta, office.school).values["методист"]["last_name"] == "Аверина"


def test_deputy_comes_before_a_secretary_even_where_the_secretarys_word_is_the_more_usual(office: Cast) -> None:
    StaffMember.objects.filter(last_name="Мороз").update(position="заместитель директора по методической работе")

    assert begun(office.sveta, office.school).values["методист"]["last_name"] == "Мороз"


def test_those_who_have_left_are_not_named(office: Cast) -> None:
    StaffMember.objects.filter(last_name="Зимина").update(left_on=datetime.date(2026, 9, 1))

    assert begun(office.sveta, office.school).values["администратор"] is None


def test_act_that_has_lost_force_since_is_not_cited(office: Cast) -> None:
    LegalAct.objects.filter(key="letter-04-643").update(state="lost")

    order = begun(office.sveta, office.school)

    assert order.values["основание"] == []
    assert "в соответствии" not in paper_of(order).text


def test_act_without_known_requisites_is_not_cited(office: Cast) -> None:
    assert [act["key"] for act in drafting.acts_value(["methodology", "law-149"])] == ["law-149"]


def test_next_order_begins_with_the_letterhead_of_the_last(office: Cast) -> None:
    changed(begun(office.sveta, office.school), office.sveta, founder="Администрация района", signer_name="Ли А.А.")

    order = begun(office.sveta, office.school, "responsible")

    assert (order.founder, order.signer_name) == ("Администрация района", "Ли А.А.")


def test_order_of_a_municipality_is_refused_at_a_school_and_the_other_way_round(office: Cast) -> None:
    for place, key in ((office.school, "municipal-coordinator"), (office.municipality, "sferum-use")):
        refusal = refusal_of(drafting.begin, place=place, template=template(key), by=office.nina)
        assert "на другом уровне" in str(refusal)
    assert not Order.objects.exists()


WRITERS = {
    "school": {"root", "nina", "marat", "sveta"},
    "sibling": {"root", "nina", "marat"},
    "cousin": {"root", "nina"},
    "foreign": {"root"},
    "municipality": {"root", "nina", "marat"},
    "other_municipality": {"root", "nina"},
    "foreign_municipality": {"root"},
}


@pytest.mark.parametrize("place", WRITERS)
@pytest.mark.parametrize("name", ["root", "nina", "marat", "sveta", "observer", "stranger"])
def test_drafts_are_begun_by_those_who_answer_for_the_place_and_above(office: Cast, place: str, name: str) -> None:
    where = getattr(office, place)
    text = template("municipal-coordinator" if "municipality" in place else "sferum-use")

    if name in WRITERS[place]:
        drafting.begin(place=where, template=text, by=office.people[name])
    else:
        refusal = refusal_of(drafting.begin, place=where, template=text, by=office.people[name])
        assert "её администратор и координаторы" in str(refusal)

    assert Order.objects.exists() == (name in WRITERS[place])


# Changing


def test_change_is_written_and_counted(office: Cast) -> None:
    order = changed(
        begun(office.sveta, office.school), office.sveta, subject="  О   чатах ", text="1. Раз.\r\n2. Два.", city="Уфа"
    )

    assert (order.subject, order.text, order.city, order.version) == ("О чатах", "1. Раз.\n2. Два.", "Уфа", 2)


def test_stale_draft_is_refused_and_the_newer_text_stays(office: Cast) -> None:
    order = begun(office.sveta, office.school)
    stale = change_of(order, text="1. Моё.")
    changed(order, office.marat, text="1. Чужое.")

    refusal = refusal_of(drafting.change, order, stale, by=office.sveta)

    assert "в другом окне" in str(refusal)
    order.refresh_from_db()
    assert (order.text, order.version) == ("1. Чужое.", 2)


@pytest.mark.parametrize(
    "facts, field, told",
    [
        ({"text": "1. Раз.\n2. До {дедлайн}."}, "text", "Строка 2, знак 7: Поля «{дедлайн}» нет"),
        ({"text": "1. Раз {срок"}, "text", "Строка 1, знак 8: Скобка «{» без пары"),
        ({"text": "1. {администратор.винит}"}, "text", "Строка 1, знак 4: У поля «{администратор}» нет формы"),
        ({"text": "Просто слова"}, "text", "нет ни одного пункта"),
        ({"text": "1. " + "а" * 20_000}, "text", "слишком длинный"),
        ({"subject": "   "}, "subject", "Впишите заголовок"),
    ],
)
def test_mistake_of_a_text_is_told_with_its_place_and_nothing_is_written(
    office: Cast, facts: dict[str, str], field: str, told: str
) -> None:
    order = begun(office.sveta, office.school)

    refusal = refusal_of(changed, order, office.sveta, **facts, city="Уфа")

    assert told in str(refusal)
    assert refusal.field == field
    order.refresh_from_db()
    assert (order.version, order.city) == (1, "Санкт-Петербург")


def test_issued_order_is_not_changed(office: Cast) -> None:
    order = issued(office.sveta, office.school)

    refusal = refusal_of(changed, order, office.sveta, subject="Другое")

    assert "уже издан" in str(refusal)
    assert Order.objects.get().subject != "Другое"


def test_nobody_changes_or_discards_what_is_not_theirs(office: Cast) -> None:
    order = begun(office.root, office.sibling)

    for action in (
        lambda: changed(order, office.sveta, subject="Моё"),
        lambda: drafting.discard(order, by=office.sveta),
    ):
        assert "её администратор" in str(refusal_of(action))
    assert Order.objects.get().subject == order.subject


def test_control_signs_are_left_out_wherever_they_stand(office: Cast) -> None:
    order = changed(
        begun(office.sveta, office.school), office.sveta, subject="О\x00 чатах", text="1. Раз\x00\x1b {цель}",
        signer_name="Ли\x00 А.А.", values={"цель": "учить\x00", "чаты": [["Ча\x00т", "", ""]]},
    )  # fmt: skip

    assert (order.subject, order.text, order.signer_name) == ("О чатах", "1. Раз {цель}", "Ли А.А.")
    assert (order.values["цель"], order.values["чаты"]) == ("учить", [["Чат", "", ""]])


def test_unknown_fields_are_not_kept_and_an_unknown_profile_changes_nothing(office: Cast) -> None:
    order = changed(begun(office.sveta, office.school), office.sveta, values={"лишнее": "1"}, profile="no such")

    assert "лишнее" not in order.values
    assert order.profile == "gost2025"


def test_draft_is_thrown_away_and_an_issued_order_is_not(office: Cast) -> None:
    order = begun(office.sveta, office.school)
    kept = issued(office.sveta, office.school)

    drafting.discard(order, by=office.sveta)

    assert "уже издан" in str(refusal_of(drafting.discard, kept, by=office.sveta))
    assert list(Order.objects.all()) == [kept]
    assert "уже выбросили" in str(refusal_of(changed, order, office.sveta, subject="Поздно"))


# Forms put right


def put_right(order: Order, by: User, form: str = "Зимину Анну", key: str = "администратор") -> Order:
    """Put the accusative of the administrator right."""
    person = {**order.values[key], "names": {"accusative": form} if form else {}}
    return changed(order, by, values={key: person})


def test_form_put_right_is_in_the_text_and_in_the_next_order(office: Cast) -> None:
    order = put_right(begun(office.sveta, office.school), office.sveta)

    following = begun(office.sveta, office.school, "responsible")

    assert "Платформы Зимину Анну, заместителя" in paper_of(order).text
    assert following.values["администратор"]["names"] == {"accusative": "Зимину Анну"}


def test_form_is_forgotten_when_the_name_changes_and_position_keeps_its_own(office: Cast) -> None:
    order = begun(office.sveta, office.school)
    person = {**order.values["администратор"], "names": {"accusative": "А"}, "positions": {"accusative": "Б"}}
    changed(order, office.sveta, values={"администратор": person})
    StaffMember.objects.get(last_name="Зимина").save()
    member = StaffMember.objects.get(last_name="Зимина")
    member.last_name = "Летова"
    member.save()

    value = drafting.person_value(member)

    assert (value.names, value.positions) == ({}, {"accusative": "Б"})


def test_form_taken_back_is_forgotten(office: Cast) -> None:
    order = put_right(begun(office.sveta, office.school), office.sveta)

    put_right(order, office.sveta, "")

    assert begun(office.sveta, office.school).values["администратор"]["names"] == {}


def test_older_draft_saved_without_forms_makes_the_portal_forget_nothing(office: Cast) -> None:
    older = begun(office.sveta, office.school)
    put_right(begun(office.sveta, office.school), office.sveta)

    changed(older, office.sveta, city="Уфа")

    assert NameForms.objects.get().names == {"accusative": "Зимину Анну"}


def test_forms_of_somebody_elses_staff_are_not_remembered(office: Cast) -> None:
    stranger = hire(office.sibling, "Чужак", "учитель")
    order = begun(office.sveta, office.school)
    person = {**drafting.person_value(stranger).kept(), "names": {"accusative": "Чужака"}}

    changed(order, office.sveta, values={"администратор": person})

    assert not NameForms.objects.exists()
