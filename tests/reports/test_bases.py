"""What rests on acts: every key that data files name is in the library, pages lead there and back."""

import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chats.legal_acts.catalogue import ACT_BY_KEY
from chats.models import LegalAct
from chats.use_cases import USE_CASES
from reports.checks.catalogue import CHECKS
from reports.indicators import INDICATOR_BY_KEY, INDICATORS
from reports.reading.bases import acts_of, all_bases, lines_of, resting_on
from reports.steps.counting import count_steps
from schools.bases import Basis
from schools.platforms import PLATFORMS
from schools.steps import STEPS
from tests.conftest import Cast, ClientOf


def text_of(client: Client, address: str) -> str:
    """A page that is there, on one line, with plain spaces."""
    response = client.get(address)
    assert response.status_code == 200, response.status_code
    return " ".join(html.unescape(response.content.decode()).replace("\u00a0", " ").split())


def test_every_key_that_data_files_name_is_in_the_library() -> None:
    named = {basis.act for basis in all_bases()}

    missing = named - set(ACT_BY_KEY)

    assert missing == set()


@pytest.mark.parametrize(
    "things", [INDICATORS, STEPS, USE_CASES, PLATFORMS], ids=lambda things: type(things[0]).__name__
)
def test_each_of_a_list_rests_on_something(things: tuple[object, ...]) -> None:
    baseless = [thing for thing in things if not thing.bases]  # type: ignore[attr-defined]

    assert baseless == []


def test_check_that_cites_an_act_in_words_names_it_as_its_basis() -> None:
    cites = re.compile(r"протокол|презентаци|закон №|-ФЗ|Р-210|письм[оа] Мин", re.IGNORECASE)

    silent = [check.key for check in CHECKS if cites.search(f"{check.why} {check.advice}") and not check.bases]

    assert [check.key for check in CHECKS if check.bases]
    assert silent == []


def test_words_of_a_passport_name_the_acts_of_its_bases() -> None:
    numbered = [(each, ACT_BY_KEY[basis.act].number) for each in INDICATORS for basis in each.bases]

    strangers = [(each.key, number) for each, number in numbered if number not in each.act]

    assert strangers == []


def test_basis_of_everything_comes_back_on_its_act() -> None:
    keys = {basis.act for basis in all_bases()}

    back = sum(len(group.lines) for key in keys for group in resting_on(key, opens=True))

    assert back == len(all_bases())
    assert resting_on("order-396", opens=True) == []


def test_who_has_no_place_is_not_led_to_pages_of_places() -> None:
    lines = [line for group in resting_on("protocol-1612", opens=False) for line in group.lines]

    urls = {line.url for line in lines}

    assert lines
    assert urls == {""}


@pytest.mark.django_db
def test_basis_whose_act_is_gone_is_left_out(cast: Cast) -> None:
    LegalAct.objects.filter(key="protocol-1612").delete()
    bases = (Basis("protocol-1612", "п. 11"), Basis("law-149"))

    lines = lines_of(bases, acts_of(cast.sveta, bases))

    assert [line.url for line in lines] == ["/library/law-149/"]


# Pages


def test_passport_leads_to_its_act_and_the_act_back(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.sveta)

    passport, act = text_of(client, "/indicators/r210_10/"), text_of(client, "/library/r-210/")

    assert 'href="/library/r-210/"' in passport
    assert "показатель 10" in passport
    assert "утратил силу" in passport
    assert 'href="/indicators/r210_10/"' in act
    assert INDICATOR_BY_KEY["r210_10"].short_name in act


def test_visitor_reads_the_act_of_a_passport_in_words(db: None, client: Client) -> None:
    passport = text_of(client, "/indicators/r210_10/")

    assert 'href="/library/r-210/"' not in passport
    assert INDICATOR_BY_KEY["r210_10"].act in passport


def test_each_step_of_a_school_leads_to_its_acts(cast: Cast, client_of: ClientOf) -> None:
    count_steps()

    page = text_of(client_of(cast.sveta), f"/schools/{cast.school.pk}/steps/")

    assert page.count('href="/library/seminar-2023/"') == len(STEPS)
    assert 'href="/library/protocol-1838/"' in page


def test_check_leads_to_its_act(cast: Cast, client_of: ClientOf) -> None:
    page = text_of(client_of(cast.marat), "/checks/not_on_sferum/")

    assert 'href="/library/protocol-1838/"' in page


def test_page_of_an_act_tells_how_to_cite_it_and_what_became_of_it(cast: Cast, client_of: ClientOf) -> None:
    page = text_of(client_of(cast.stranger), "/library/gost-2016/")

    assert "ГОСТ Р 7.0.97-2016 «Система стандартов" in page
    assert "В новом приказе на него не ссылаются" in page
    assert 'href="/library/gost-2025/"' in page
    assert "<h3>Чем заменён</h3>" in page


def test_page_of_an_act_says_what_nobody_has_checked(cast: Cast, client_of: ClientOf) -> None:
    page = text_of(client_of(cast.sveta), "/library/methodology/")

    assert "Не проверено: дата, номер" in page
    assert "<h3>Что заменил</h3>" in page


def test_amended_act_and_its_amendment_lead_to_each_other(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.sveta)

    amended, amendment = text_of(client, "/library/resolution-1241/"), text_of(client, "/library/resolution-1545/")

    assert '<h3>Чем изменён</h3><ul class="bases"><li><a href="/library/resolution-1545/"' in amended
    assert '<h3>Что изменяет</h3><ul class="bases"><li><a href="/library/resolution-1241/"' in amendment


def test_text_of_an_act_is_shown_as_text(cast: Cast, client_of: ClientOf) -> None:
    evil = "<script>alert(1)</script>"
    LegalAct.objects.create(key="evil", kind="order", number=evil, title=evil, passage=evil, body=evil, source=evil)
    client = client_of(cast.sveta)

    pages = client.get("/library/evil/").content.decode() + client.get("/library/?q=script").content.decode()

    assert evil not in pages
    assert html.escape(evil) in pages


def test_page_of_an_act_asks_as_many_queries_for_many_related_acts(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.sveta)
    act = LegalAct.objects.get(key="seminar-2023")
    LegalAct.objects.create(key="a-0", kind="order", number="0", amends=act, superseded_by=act)
    client.get(act.get_absolute_url())  # the first page of a day marks the visit
    with CaptureQueriesContext(connection) as few:
        client.get(act.get_absolute_url())
    for number in range(1, 40):
        LegalAct.objects.create(key=f"a-{number}", kind="order", number=str(number), amends=act, superseded_by=act)

    with CaptureQueriesContext(connection) as many:
        client.get(act.get_absolute_url())

    assert len(many) == len(few)
