"""The acts the library begins with: each that the deck cites, nothing remembered; and how an act is cited."""

import datetime as dt
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from chats.first_content import add_missing
from chats.legal_acts.catalogue import ACT_BY_KEY, ACTS
from chats.legal_acts.kinds import CITED_CASES, KIND_BY_KEY, KINDS, LOST, STATE_BY_KEY, SUPERSEDED, Case
from chats.models import LegalAct, Resource
from chats.models.library import act_search_key
from chats.useful_links import AUDIENCE_BY_KEY, RESOURCES
from chats.useful_links import KIND_BY_KEY as RESOURCE_KINDS
from schools.models import User
from tests.conftest import Cast

# What the slides of the source deck name, by number and day; the federal project and the seminar have no number.
CITED_BY_THE_DECK = {
    ("Р-210", dt.date(2021, 9, 1)),
    ("04-127", dt.date(2022, 2, 22)),
    ("2040", dt.date(2020, 12, 7)),
    ("1241", dt.date(2022, 7, 13)),
    ("542/1", dt.date(2022, 7, 15)),
    ("04-643", dt.date(2022, 8, 26)),
    ("", dt.date(2022, 9, 9)),
    ("1612-пр", dt.date(2022, 10, 18)),
    ("П13/1838пр", dt.date(2022, 11, 14)),
    ("149-ФЗ", dt.date(2006, 7, 27)),
    ("474", dt.date(2020, 7, 21)),
    ("3427-р", dt.date(2021, 12, 2)),
    ("396", dt.date(2021, 6, 30)),
    ("472-ФЗ", dt.date(2021, 12, 30)),
}


def act(**facts: object) -> LegalAct:
    """An act nobody has saved."""
    usual = {"kind": "order", "body": "Минцифры России", "adopted_on": dt.date(2022, 7, 15), "number": "542/1"}
    return LegalAct(**{**usual, **facts})


def test_every_act_the_deck_cites_is_in_the_library() -> None:
    held = {(act.number, act.adopted_on) for act in ACTS}

    missing = CITED_BY_THE_DECK - held

    assert missing == set()


@pytest.mark.parametrize("first", ACTS, ids=lambda first: first.key)
def test_first_act_is_whole(first: object) -> None:
    facts = ACT_BY_KEY[first.key]  # type: ignore[attr-defined]

    related = {facts.superseded_by, facts.amends} - {""}

    assert facts.kind in KIND_BY_KEY
    assert facts.state in STATE_BY_KEY
    assert related <= set(ACT_BY_KEY)
    assert all((facts.source, facts.state_note, facts.passage, facts.gives, facts.checked_on))
    assert facts.link.startswith("https://") or not facts.link


def test_fate_without_a_source_is_said_to_be_unknown() -> None:
    unknown = [act for act in ACTS if act.state == "unverified" and act.kind not in ("materials", "project")]

    silent = [act.key for act in unknown if "провер" not in f"{act.state_note}{act.passage}"]

    assert len(unknown) > 5
    assert silent == []


@pytest.mark.parametrize("first", RESOURCES, ids=lambda first: first.key)
def test_first_resource_leads_to_the_web_and_is_for_somebody(first: object) -> None:
    kind, link, audiences = first.kind, first.link, first.audiences  # type: ignore[attr-defined]

    known = set(audiences) <= set(AUDIENCE_BY_KEY)

    assert kind in RESOURCE_KINDS
    assert link.startswith("https://")
    assert audiences
    assert known


# Citing


@pytest.mark.parametrize(
    ("facts", "case", "text"),
    [
        (
            {"title": "О создании ФГИС «Моя школа»"},
            Case.INSTRUMENTAL,
            "приказом Минцифры России от 15.07.2022 № 542/1 «О создании ФГИС „Моя школа“»",
        ),
        ({}, Case.GENITIVE, "приказа Минцифры России от 15.07.2022 № 542/1"),
        (
            {"kind": "resolution", "body": "Правительство РФ", "body_genitive": "Правительства РФ"},
            Case.NOMINATIVE,
            "постановление Правительства РФ от 15.07.2022 № 542/1",
        ),
        (
            {"kind": "law", "body": "Государственная Дума", "number": "149-ФЗ", "title": "Об информации"},
            Case.INSTRUMENTAL,
            "Федеральным законом от 15.07.2022 № 149-ФЗ «Об информации»",
        ),
        (
            {"kind": "protocol", "number": "1612-пр", "title": "с регионами по вопросам «Моей школы»"},
            Case.INSTRUMENTAL,
            "протоколом совещания Минцифры России с регионами по вопросам «Моей школы» от 15.07.2022 № 1612-пр",
        ),
        (
            {"kind": "standard", "body": "Росстандарт", "number": "7.0.97-2025", "title": "Требования"},
            Case.GENITIVE,
            "ГОСТ Р 7.0.97-2025 «Требования»",
        ),
        ({"kind": "letter", "adopted_on": None, "number": ""}, Case.INSTRUMENTAL, "письмом Минцифры России"),
        ({"number": "", "title": "О чатах"}, Case.NOMINATIVE, "приказ Минцифры России от 15.07.2022 «О чатах»"),
    ],
)
def test_act_is_cited_in_the_case_the_sentence_needs(facts: dict[str, object], case: Case, text: str) -> None:
    found = act(**facts)

    cited = found.cited(case)

    assert cited == text


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_every_kind_has_all_its_case_forms(kind: object) -> None:
    found = act(kind=kind.key, title="О чатах")  # type: ignore[attr-defined]

    texts = [found.cited(case) for case in CITED_CASES]

    assert all(text and not text.startswith(" ") and "  " not in text for text in texts)


def test_requisites_that_are_not_known_are_named() -> None:
    bare, agreement = act(number="", adopted_on=None, title=""), act(kind="agreement", number="", title="о чатах")

    unknown = bare.unknown()

    assert unknown == ["дата", "номер", "название"]
    assert agreement.unknown() == []
    assert bare.heading == "Приказ Минцифры России"


def test_search_key_holds_a_number_as_people_type_it() -> None:
    key = act_search_key("protocol", "П13/1838пр", dt.date(2022, 11, 14), "Минцифры России", "Ёлка")

    held = [word for word in ("п13/1838пр", "№п13/1838пр", "п131838пр", "14.11.2022", "елка") if word in key]

    assert len(held) == 5


# Rows


@pytest.mark.django_db
def test_migration_has_filled_the_library() -> None:
    rows = {row.key: row for row in LegalAct.objects.select_related("superseded_by", "amends")}

    first = rows["r-210"]

    assert set(rows) == set(ACT_BY_KEY)
    assert first.state == LOST.key
    assert first.superseded_by == rows["methodology"]
    assert rows["resolution-1545"].amends == rows["resolution-1241"]
    assert first.search_key == act_search_key(
        first.kind, first.number, first.adopted_on, first.body, first.body_genitive, first.title, first.passage
    )
    assert Resource.objects.count() == len(RESOURCES)


@pytest.mark.django_db
def test_second_copy_adds_what_is_missing_and_keeps_every_edit() -> None:
    LegalAct.objects.filter(key="r-210").update(passage="Правка", superseded_by=None)
    LegalAct.objects.filter(key="law-149").delete()
    Resource.objects.filter(key="sferum-site").update(title="Правка")
    Resource.objects.filter(key="sferum-calendar").delete()
    Resource.objects.create(title="Наш календарь", kind="calendar", link="https://prof-sferum.ru/calendar")

    import_module("chats.migrations.0004_first_acts_and_resources").fill(apps, None)
    add_missing(LegalAct, Resource)

    kept = LegalAct.objects.get(key="r-210")
    assert (kept.passage, kept.superseded_by) == ("Правка", None)
    assert LegalAct.objects.filter(key="law-149").count() == 1
    assert Resource.objects.get(key="sferum-site").title == "Правка"
    assert Resource.objects.filter(link="https://prof-sferum.ru/calendar").count() == 1
    assert LegalAct.objects.count() == len(ACTS)


@pytest.mark.django_db
def test_successors_make_no_circle() -> None:
    first = LegalAct.objects.create(key="first", kind="order", number="1")
    second = LegalAct.objects.create(key="second", kind="order", number="2", superseded_by=first)
    first.superseded_by = second

    with pytest.raises(ValidationError) as refused:
        first.clean()

    assert "круг" in str(refused.value)
    assert first.successors(10) == [second, first]


@pytest.mark.django_db
def test_superseded_act_names_its_successor() -> None:
    found = act(key="lonely", state=SUPERSEDED.key)

    with pytest.raises(ValidationError) as refused:
        found.full_clean()

    assert set(refused.value.message_dict) == {"superseded_by"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "ftp://example.ru/x", "HTTPS://example.ru/", "https://", "example.ru", "//x.ru"]
)
def test_link_that_does_not_lead_to_the_web_is_told(link: str) -> None:
    found = act(key="linked", link=link)

    with pytest.raises(ValidationError) as refused:
        found.full_clean()

    assert "https://" in str(refused.value.message_dict["link"])


@pytest.mark.django_db
@pytest.mark.parametrize("link", ["javascript:alert(1)", "ftp://example.ru/x", "example.ru", "//x.ru"])
def test_database_keeps_no_link_that_leads_elsewhere(link: str) -> None:
    rows = (act(key="linked", link=link), Resource(title="Ссылка", kind="site", link=link))

    for row in rows:
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()

    assert not LegalAct.objects.filter(key="linked").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["р-210", "Р210", "№ Р-210", "МОТИВИРУЮЩЕГО мониторинга", "01.09.2021", "распоряжение ИКОП"]
)
def test_act_is_found_by_what_people_type(text: str) -> None:
    found = LegalAct.objects.search(text)

    keys = [each.key for each in found]

    assert "r-210" in keys
    assert len(keys) < len(ACTS)


def test_acts_are_read_by_everyone_signed_in_and_kept_by_the_administrator(cast: Cast) -> None:
    people: dict[str, Any] = {**cast.people, "visitor": AnonymousUser(), "left": User(username="left", is_active=False)}

    readers = {name for name, person in people.items() if LegalAct.objects.visible_to(person).exists()}
    keepers = {name for name, person in people.items() if LegalAct.objects.editable_by(person).exists()}

    assert readers == set(cast.people)
    assert keepers == {"root"}


def test_links_of_the_country_are_kept_by_the_administrator_and_of_a_region_by_its_coordinators(cast: Cast) -> None:
    own = Resource.objects.create(region=cast.region, title="Своя", kind="site", link="https://example.ru/")
    common = Resource.objects.filter(region=None)[0]
    people: dict[str, Any] = {**cast.people, "visitor": AnonymousUser()}

    keepers = {
        link: {name for name, user in people.items() if Resource.objects.editable_by(user).filter(pk=link.pk).exists()}
        for link in (own, common)
    }

    assert keepers == {own: {"root", "nina"}, common: {"root"}}
