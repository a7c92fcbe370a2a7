"""An order on paper: what is kept comes back the same, and its fingerprint changes with any word."""

import datetime
import json
from dataclasses import replace

import pytest

from chats.orders.paper import PROFILES, Appendix, Letterhead, Paper, Signer, day_words, paper_from
from chats.orders.text import Body, Point
from tests.chats.orders.papers import PAPER, paper

BARE = paper(appendix=None, sheet=(), code="", number="", day="")


@pytest.mark.parametrize("one", [PAPER, BARE], ids=["whole", "bare"])
def test_kept_order_comes_back_from_json_the_same(one: Paper) -> None:
    back = paper_from(json.loads(json.dumps(one.kept(), ensure_ascii=False)))

    assert back == one
    assert back.sha256 == one.sha256


CHANGED = {
    "subject": {"subject": "Об использовании платформы «Сферум»."},
    "founder": {"letterhead": replace(PAPER.letterhead, founder="")},
    "name": {"letterhead": Letterhead("Администрация Невского района", "ГБОУ № 5", "ГБОУ СОШ № 5", "Нефтекамск")},
    "preamble": {"body": Body(("В соответствии",), PAPER.body.points)},
    "point": {"body": Body(PAPER.body.preamble, (*PAPER.body.points, Point("2.", 1, "Ещё.")))},
    "level": {"body": Body(PAPER.body.preamble, tuple(replace(one, level=1) for one in PAPER.body.points))},
    "signer": {"signer": Signer("И. о. директора", PAPER.signer.name)},
    "number": {"number": "46-ОД"},
    "day": {"day": "6 мая 2026 г."},
    "profile": {"profile": "gost2016"},
    "row": {"appendix": Appendix("Перечень чатов", ("Чат", "Участники", "Владелец"), (("Педсовет", "", ""),))},
    "no appendix": {"appendix": None},
    "reader": {"sheet": PAPER.sheet[:1]},
    "code": {"code": "https://portal.example.ru/orders/6/"},
}


@pytest.mark.parametrize("facts", CHANGED.values(), ids=CHANGED)
def test_fingerprint_changes_with_any_word(facts: dict[str, object]) -> None:
    assert paper(**facts).sha256 != PAPER.sha256


def test_draft_has_no_requisites_and_an_order_has() -> None:
    assert (BARE.requisites, BARE.sheets_title) == ("", "С приказом ознакомлены")
    assert PAPER.requisites == "от 5\u00a0мая\u00a02026\u00a0г. № 45-ОД"
    assert PAPER.sheets_title == f"С приказом {PAPER.requisites} ознакомлены"
    assert (day_words(None), day_words(datetime.date(2026, 5, 5))) == ("", PAPER.day)


def test_profiles_keep_the_margins_of_the_standard() -> None:
    assert {(one.left, one.right, one.top, one.bottom) for one in PROFILES} == {(30, 10, 20, 20)}
    assert {one.size for one in PROFILES} <= {12, 13, 14}
    assert paper(profile="no such").layout == PROFILES[0]
