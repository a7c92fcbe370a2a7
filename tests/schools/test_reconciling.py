"""An official list held against a region's schools: decided line by line, written once, nothing lost."""

import datetime as dt
from contextlib import suppress
from typing import Any

import pytest
from django.conf import settings as portal
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.demo.codes import make_inn, make_ogrn
from schools import jobs
from schools.models import (
    Appointment,
    Municipality,
    Reconciliation,
    Region,
    School,
    SchoolChange,
    StoredFile,
    Succession,
)
from schools.models.registers import ReconcileStage
from schools.reconciling import bulk, deciding, retention, services
from schools.reconciling.board import Filter
from schools.reconciling.deciding import ReconcileRefused
from schools.reconciling.working import settled_counts
from tests.conftest import Cast
from tests.schools.lists import Line, csv_bytes, school_lines, table_of, xlsx_bytes
from tests.schools.reconciliations import applied, board, decided, kinds, lines_of, planned, registered, state, work

TODAY = "2026-09-01"


@pytest.fixture
def lines() -> list[Line]:
    """Twenty schools of St Petersburg, as our register has them."""
    return school_lines(20, "78")


@pytest.fixture
def region(cast: Cast, lines: list[Line]) -> Region:
    """St Petersburg with those schools alone."""
    for school in (cast.sibling, cast.cousin, cast.school):
        school.appointments.all().delete()
        school.delete()
    registered(cast.region, lines)
    return cast.region


def listed(lines: list[Line]) -> bytes:
    """The official list as a file."""
    return csv_bytes(table_of(lines))


def school(line: Line) -> School:
    """Our school of a line."""
    return School.objects.get(inn=line["inn"])


# Whole lists


def test_list_that_says_the_same_settles_every_school_and_changes_no_card(
    cast: Cast, region: Region, lines: list[Line]
) -> None:
    found = planned(region, cast.nina, listed(lines))
    before = state(region)["schools"]

    done = applied(found, cast.nina)

    assert kinds(found) == {"same": 20}
    assert done.stage == ReconcileStage.APPLIED
    assert School.objects.filter(region=region, reconciled_on=timezone.localdate()).count() == 20
    assert [row[:20] for row in state(region)["schools"]] == [row[:20] for row in before]
    assert not SchoolChange.objects.exists()


def test_names_alone_are_enough(cast: Cast, region: Region, lines: list[Line]) -> None:
    names = [{key: line[key] for key in ("full_name", "municipality")} for line in lines]

    found = planned(region, cast.nina, csv_bytes(table_of(names, ["full_name", "municipality"])))

    assert kinds(found) == {"same": 20}
    assert all(line.confidence == "certain" for line in lines_of(found, "same"))


def test_lost_zeros_are_put_back_and_counted(cast: Cast) -> None:
    region = Region.objects.get(code="07")
    rows = school_lines(4, "07")
    registered(region, rows)

    found = planned(region, cast.root, xlsx_bytes(table_of(rows), ("ИНН", "КПП")))

    assert kinds(found) == {"same": 4}
    assert found.summary["zeros"] == 4


def test_share_of_reconciled_schools_is_told_by_place(cast: Cast, region: Region, lines: list[Line]) -> None:
    applied(planned(region, cast.nina, listed(lines[:15]), partial=False), cast.nina)

    by_region = list(School.objects.filter(region=region).reconciled_shares())
    by_place = School.objects.filter(region=region).reconciled_shares("municipality")

    assert by_region == [{"region": region.pk, "whole": 20, "part": 15}]
    assert sum(row["part"] for row in by_place) == 15


# Fields


@pytest.fixture
def differing(cast: Cast, region: Region, lines: list[Line]) -> Reconciliation:
    """A list in which the first school has another telephone and another address."""
    lines[0] = lines[0] | {"phone": "8 (900) 000-99-99", "address": "ул. Новая, д. 9"}
    return planned(region, cast.nina, listed(lines))


def test_fields_are_taken_or_kept_one_by_one(cast: Cast, differing: Reconciliation, lines: list[Line]) -> None:
    decided(differing, cast.nina, {"line": "r2", "do": "fields", "fields": {"phone": "take"}})
    assert not board(differing).is_settled(board(differing).by_key["r2"])
    decided(
        differing,
        cast.nina,
        {"line": "r2", "do": "fields", "fields": {"address": "keep"}, "reason": "переезд не начат"},
    )

    applied(differing, cast.nina)

    card = school(lines[0])
    assert (card.phone, card.address) == ("+79000009999", "ул. Школьная, д. 1")
    assert card.reconciled_on == timezone.localdate()
    change = SchoolChange.objects.get()
    assert (change.field, change.old, change.new) == ("phone", "+79000000001", "+79000009999")
    assert (change.changed_by, change.reconciliation) == (cast.nina, differing)
    assert "перечень.csv" in change.reason


def test_what_is_not_decided_stays_as_it_was_and_unreconciled(
    cast: Cast, differing: Reconciliation, lines: list[Line]
) -> None:
    applied(differing, cast.nina)

    card = school(lines[0])
    assert card.phone == "+79000000001"
    assert card.reconciled_on is None
    assert School.objects.filter(region=card.region_id, reconciled_on__isnull=False).count() == 19


def test_keeping_ours_needs_a_reason(cast: Cast, differing: Reconciliation) -> None:
    with pytest.raises(ReconcileRefused, match="Выберите хотя бы для одного поля"):
        decided(differing, cast.nina, {"line": "r2", "do": "fields"})
    with pytest.raises(ReconcileRefused, match="почему оставляем своё"):
        decided(differing, cast.nina, {"line": "r2", "do": "fields", "fields": "keep"})

    assert board(differing).decisions == {}


def test_what_was_kept_is_remembered_when_the_next_list_says_it_again(
    cast: Cast, differing: Reconciliation, lines: list[Line]
) -> None:
    decided(differing, cast.nina, {"line": "r2", "do": "fields", "fields": "keep", "reason": "переезд не начат"})
    applied(differing, cast.nina)

    again = planned(differing.region, cast.nina, listed(lines[::-1]))

    line = lines_of(again, "differs")[0]
    assert board(again).is_settled(line)
    assert board(again).decisions[line.key]["reason"] == "переезд не начат"


def test_decision_can_be_taken_back(cast: Cast, differing: Reconciliation) -> None:
    decided(differing, cast.nina, {"line": "r2", "do": "fields", "fields": "take"})

    decided(differing, cast.nina, {"line": "r2", "do": ""})

    assert board(differing).decisions == {}


def test_card_changed_meanwhile_is_not_overwritten(cast: Cast, differing: Reconciliation, lines: list[Line]) -> None:
    decided(differing, cast.nina, {"line": "r2", "do": "fields", "fields": "take"})
    School.objects.filter(inn=lines[0]["inn"]).update(phone="+79000005555")

    done = applied(differing, cast.nina)

    card = school(lines[0])
    assert (card.phone, card.reconciled_on) == ("+79000005555", None)
    assert "изменили" in done.summary["done"]["skipped"][0][1]


def test_codes_of_another_school_are_not_taken(cast: Cast, region: Region, lines: list[Line]) -> None:
    lines[0] = lines[0] | {"inn": "", "kpp": "", "ogrn": make_ogrn("47", 777)}
    School.objects.filter(pk=cast.foreign.pk).update(ogrn=make_ogrn("47", 777))
    found = planned(region, cast.nina, listed(lines))
    line = next(line for line in board(found).all() if line.row == 2)
    assert line.kind == "doubtful"  # the name is the same, the code is not
    target = line.candidates[0][0]
    decided(found, cast.nina, {"line": "r2", "do": "link", "school": target, "fields": "take"})

    done = applied(found, cast.nina)

    assert School.objects.get(pk=target).ogrn != make_ogrn("47", 777)
    assert "коды" in done.summary["done"]["skipped"][0][1]


def test_two_schools_may_exchange_their_codes(cast: Cast, region: Region, lines: list[Line]) -> None:
    one, other = school(lines[0]), school(lines[1])
    School.objects.filter(pk__in=[one.pk, other.pk]).update(inn="", ogrn="")
    School.objects.filter(pk=one.pk).update(inn=other.inn, ogrn=other.ogrn)
    School.objects.filter(pk=other.pk).update(inn=one.inn, ogrn=one.ogrn)
    found = planned(region, cast.nina, listed(lines))

    links = [
        {"line": key, "do": "link", "school": pk, "fields": "take"} for key, pk in (("r2", one.pk), ("r3", other.pk))
    ]
    decided(found, cast.nina, *links)
    applied(found, cast.nina)

    assert kinds(found)["doubtful"] == 2  # codes of one, name of the other
    assert School.objects.get(pk=one.pk).inn == lines[0]["inn"]
    assert School.objects.get(pk=other.pk).ogrn == lines[1]["ogrn"]


# Only ours


@pytest.fixture
def lacking(cast: Cast, region: Region, lines: list[Line]) -> Reconciliation:
    """A list without our first school."""
    return planned(region, cast.nina, listed(lines[1:]))


def test_school_that_is_missing_may_be_explained(cast: Cast, lacking: Reconciliation, lines: list[Line]) -> None:
    line = lines_of(lacking, "ours")[0]
    decided(lacking, cast.nina, {"line": line.key, "do": "explain", "reason": "частная, в перечень не входит"})

    applied(lacking, cast.nina)
    again = planned(lacking.region, cast.nina, listed(lines[:0:-1]))

    card = school(lines[0])
    assert (card.reconciled_on, card.reconciled_note) == (timezone.localdate(), "частная, в перечень не входит")
    assert board(again).counts()["ours"].open == 0


def test_school_that_is_missing_may_be_closed(cast: Cast, lacking: Reconciliation, lines: list[Line]) -> None:
    line = lines_of(lacking, "ours")[0]
    decided(lacking, cast.nina, {"line": line.key, "do": "close", "on": "2026-08-31", "reason": "распоряжение № 5"})

    applied(lacking, cast.nina)

    assert school(lines[0]).closed_on == dt.date(2026, 8, 31)
    assert "распоряжение № 5" in SchoolChange.objects.get(field="closed_on").reason


def test_school_that_is_missing_may_have_been_merged(cast: Cast, lacking: Reconciliation, lines: list[Line]) -> None:
    line, into = lines_of(lacking, "ours")[0], school(lines[5])
    decided(lacking, cast.nina, {"line": line.key, "do": "merge", "school": into.pk, "on": TODAY})

    applied(lacking, cast.nina)

    link = Succession.objects.get()
    assert (link.predecessor, link.successor, link.kind) == (school(lines[0]), into, "merged")
    assert school(lines[0]).closed_on == link.happened_on == dt.date(2026, 9, 1)


def test_no_school_is_merged_into_one_that_is_closed_by_then(
    cast: Cast, lacking: Reconciliation, lines: list[Line]
) -> None:
    line, into = lines_of(lacking, "ours")[0], school(lines[5])
    School.objects.filter(pk=into.pk).update(closed_on=TODAY)

    with pytest.raises(ReconcileRefused, match="к этому дню уже закрыта"):
        decided(lacking, cast.nina, {"line": line.key, "do": "merge", "school": into.pk, "on": TODAY})


@pytest.mark.parametrize(
    "item, words",
    [
        ({"do": "explain"}, "причину"),
        ({"do": "close", "reason": "закрыта"}, "Укажите дату"),
        ({"do": "close", "on": "1066-10-14", "reason": "закрыта"}, "проверьте год"),
        ({"do": "close", "on": TODAY}, "почему закрываем"),
        ({"do": "merge", "on": TODAY, "school": 0}, "Такой школы"),
        ({"do": "merge", "on": TODAY, "school": "{itself}"}, "к ней самой"),
        ({"do": "merge", "on": TODAY, "school": "{foreign}"}, "Такой школы"),
        ({"do": "add"}, "Со строкой так поступить нельзя"),
        ({"do": "explain", "reason": "я" * 301}, "длиннее"),
    ],
)
def test_decision_that_cannot_be_is_refused_in_words(
    cast: Cast, lacking: Reconciliation, item: dict[str, Any], words: str
) -> None:
    line = lines_of(lacking, "ours")[0]
    names = {"{itself}": line.school, "{foreign}": cast.foreign.pk}
    item = item | {"line": line.key, "school": names.get(str(item.get("school")), item.get("school"))}

    with pytest.raises(ReconcileRefused, match=words):
        decided(lacking, cast.nina, item)

    assert board(lacking).decisions == {}


def test_school_dropped_from_the_next_full_list_is_reconciled_no_more(
    cast: Cast, region: Region, lines: list[Line]
) -> None:
    applied(planned(region, cast.nina, listed(lines)), cast.nina)

    done = applied(planned(region, cast.nina, listed(lines[1:])), cast.nina)

    assert school(lines[0]).reconciled_on is None
    assert done.summary["done"]["lost"] == 1


def test_partial_list_says_nothing_of_other_territories(cast: Cast, region: Region, lines: list[Line]) -> None:
    applied(planned(region, cast.nina, listed(lines)), cast.nina)
    some = [line for line in lines if line["municipality"] == "Южный район"][1:]

    found = planned(region, cast.nina, listed(some), partial=True)
    applied(found, cast.nina)

    assert kinds(found) == {"same": len(some), "ours": 1}
    assert School.objects.filter(region=region, reconciled_on__isnull=False).count() == 19


# Only theirs


@pytest.fixture
def fresh(cast: Cast, region: Region, lines: list[Line]) -> Reconciliation:
    """A list with one school more, which has a territory we do not have."""
    more = school_lines(21, "78")[20] | {"full_name": "ГБОУ «Лицей № 777»", "municipality": "Новый район"}
    return planned(region, cast.nina, listed([*lines, more]))


def test_school_we_lack_is_added_with_its_territory(cast: Cast, fresh: Reconciliation) -> None:
    decided(fresh, cast.nina, {"line": "r22", "do": "add"})

    applied(fresh, cast.nina)

    card = School.objects.get(inn=make_inn("78", 21))
    assert card.municipality == Municipality.objects.get(name="Новый район")
    assert (card.reconciled_on, card.kind) == (timezone.localdate(), "lyceum")
    assert SchoolChange.objects.get(school=card).reason.endswith("добавлена")


def test_row_that_is_none_of_ours_is_left_out_and_remembered(
    cast: Cast, fresh: Reconciliation, lines: list[Line]
) -> None:
    decided(fresh, cast.nina, {"line": "r22", "do": "skip", "reason": "детский сад"})
    applied(fresh, cast.nina)
    more = school_lines(21, "78")[20] | {"full_name": "ГБОУ «Лицей № 777»", "municipality": "Новый район"}

    again = planned(fresh.region, cast.nina, listed([more, *lines]))

    assert School.objects.filter(region=fresh.region).count() == 20
    assert board(again).counts()["theirs"].open == 0


def test_new_organisation_in_place_of_ours_keeps_the_history(cast: Cast, region: Region, lines: list[Line]) -> None:
    old = school(lines[0])
    lines[0] = lines[0] | {"full_name": "ГБОУ «Лицей № 777»", "inn": make_inn("78", 77), "ogrn": make_ogrn("78", 77)}
    found = planned(region, cast.nina, listed(lines))
    line = lines_of(found, "theirs")[0]
    assert line.hint[:2] == ["renamed", f"s{old.pk}"]  # the same telephone and address
    decided(found, cast.nina, {"line": "r2", "do": "succeed", "kind": "renamed", "schools": [old.pk], "on": TODAY})
    assert not lines_of(found, "ours")

    applied(found, cast.nina)

    link = Succession.objects.get()
    old.refresh_from_db()
    assert (link.predecessor, link.successor.short_name, link.kind) == (old, "ГБОУ «Лицей № 777»", "renamed")
    assert old.closed_on == dt.date(2026, 9, 1)
    assert link.successor.reconciled_on == timezone.localdate()


def test_two_of_ours_become_one_of_theirs(cast: Cast, region: Region, lines: list[Line]) -> None:
    olds = [school(lines[0]), school(lines[1])]
    new = lines[0] | {"full_name": "ГБОУ «Школа № 777»", "inn": make_inn("78", 77), "ogrn": make_ogrn("78", 77)}
    found = planned(region, cast.nina, listed([*lines[2:], new]))
    line = next(line for line in lines_of(found, "theirs"))
    ids = [one.pk for one in olds]
    decided(found, cast.nina, {"line": line.key, "do": "succeed", "kind": "merged", "schools": ids, "on": TODAY})

    applied(found, cast.nina)

    assert Succession.objects.filter(kind="merged", predecessor__in=olds).count() == 2
    assert School.objects.filter(pk__in=ids, closed_on="2026-09-01").count() == 2
    assert School.objects.filter(region=region).count() == 21


def test_school_split_from_ours_leaves_ours_open(cast: Cast, fresh: Reconciliation, lines: list[Line]) -> None:
    source = school(lines[3])
    decided(fresh, cast.nina, {"line": "r22", "do": "succeed", "kind": "split", "schools": [source.pk], "on": TODAY})

    applied(fresh, cast.nina)

    source.refresh_from_db()
    assert (source.closed_on, source.reconciled_on) == (None, timezone.localdate())
    assert Succession.objects.get().kind == "split"


def test_same_codes_under_another_number_are_a_renaming(cast: Cast, region: Region, lines: list[Line]) -> None:
    lines[0] = lines[0] | {"full_name": "ГБОУ «Лицей № 777»"}
    found = planned(region, cast.nina, listed(lines))
    decided(found, cast.nina, {"line": "r2", "do": "fields", "fields": "take"})

    applied(found, cast.nina)

    assert kinds(found) == {"same": 19, "renamed": 1}
    assert school(lines[0]).full_name == "ГБОУ «Лицей № 777»"
    assert SchoolChange.objects.filter(field="full_name").exists()


# Doubt


@pytest.fixture
def doubtful(cast: Cast, region: Region, lines: list[Line]) -> Reconciliation:
    """A list, names only, in which our first school stands in another territory."""
    rows = [{key: line[key] for key in ("full_name", "municipality", "phone")} for line in lines]
    rows[0]["municipality"] = "Озёрный муниципальный округ"
    rows[0]["phone"] = "8 (900) 000-99-99"
    return planned(region, cast.nina, csv_bytes(table_of(rows, ["full_name", "municipality", "phone"])))


def test_doubtful_row_is_never_settled_in_bulk(cast: Cast, doubtful: Reconciliation) -> None:
    assert kinds(doubtful) == {"same": 19, "doubtful": 1, "ours": 1}

    with pytest.raises(ReconcileRefused, match="нет таких"):
        bulk.decide_in_bulk(doubtful, wanted=Filter(kind="doubtful"), verb="add", by=cast.nina)


def test_doubtful_row_is_linked_by_a_person(cast: Cast, doubtful: Reconciliation, lines: list[Line]) -> None:
    target = school(lines[0])
    decided(doubtful, cast.nina, {"line": "r2", "do": "link", "school": target.pk, "fields": {"phone": "take"}})
    assert not lines_of(doubtful, "ours")
    assert not board(doubtful).is_settled(board(doubtful).by_key["r2"])
    decided(doubtful, cast.nina, {"line": "r2", "do": "link", "school": target.pk, "fields": {"municipality": "take"}})

    applied(doubtful, cast.nina)

    target.refresh_from_db()
    assert (target.phone, target.place_name) == ("+79000009999", "Озёрный муниципальный округ")
    assert target.reconciled_on == timezone.localdate()


def test_school_is_not_given_to_two_rows(cast: Cast, doubtful: Reconciliation, lines: list[Line]) -> None:
    taken = school(lines[4])

    with pytest.raises(ReconcileRefused, match="уже связана со строкой 6"):
        decided(doubtful, cast.nina, {"line": "r2", "do": "link", "school": taken.pk})


def test_row_said_to_be_another_school_frees_ours(cast: Cast, doubtful: Reconciliation, lines: list[Line]) -> None:
    decided(doubtful, cast.nina, {"line": "r2", "do": "add"})
    applied(doubtful, cast.nina)

    assert School.objects.filter(region=doubtful.region).count() == 21
    assert school(lines[0]).reconciled_on is None


# Rows with mistakes, rows of others


def test_row_with_a_wrong_check_digit_is_matched_otherwise_and_never_taken(
    cast: Cast, region: Region, lines: list[Line]
) -> None:
    wrong = lines[0]["inn"][:-1] + str((int(lines[0]["inn"][-1]) + 1) % 10)
    lines[0] = lines[0] | {"inn": wrong}
    found = planned(region, cast.nina, listed(lines))
    line = board(found).by_key["r2"]

    decided(found, cast.nina, {"line": "r2", "do": "fields", "fields": {}, "reason": "в перечне описка"})
    applied(found, cast.nina)

    assert line.kind == "wrong"
    assert line.mistakes[0][0] == "C2"
    assert "Контрольное число" in line.mistakes[0][2]
    assert School.objects.get(pk=line.school).inn == make_inn("78", 1)
    assert School.objects.get(pk=line.school).reconciled_on == timezone.localdate()


def test_new_row_with_a_mistake_cannot_be_added(cast: Cast, fresh: Reconciliation, lines: list[Line]) -> None:
    bad = school_lines(22, "78")[21] | {"full_name": "ГБОУ «Лицей № 778»", "inn": "7800000000"}
    found = planned(fresh.region, cast.nina, listed([*lines, bad]))

    with pytest.raises(ReconcileRefused, match="исправьте их в файле"):
        decided(found, cast.nina, {"line": "r22", "do": "add"})


def test_rows_of_other_regions_are_only_left_out(cast: Cast, region: Region, lines: list[Line]) -> None:
    rows = [line | {"Регион": "Санкт-Петербург"} for line in lines]
    rows[3]["Регион"] = "Псковская область"
    keys = [*rows[0]]
    found = planned(region, cast.nina, csv_bytes(table_of(rows, keys)))

    line = board(found).by_key["r5"]
    with pytest.raises(ReconcileRefused, match="другого региона"):
        decided(found, cast.nina, {"line": "r5", "do": "link", "school": school(lines[3]).pk})

    assert (line.kind, line.school) == ("wrong", 0)
    assert kinds(found)["ours"] == 1


def test_repeated_row_is_a_duplicate_that_asks_nothing(cast: Cast, region: Region, lines: list[Line]) -> None:
    found = planned(region, cast.nina, listed([*lines, lines[0]]))

    line = lines_of(found, "duplicate")[0]
    assert (line.row, line.twin) == (22, 2)
    assert found.summary["open"] == 0


def test_closed_in_the_list_is_offered_for_closing(cast: Cast, region: Region, lines: list[Line]) -> None:
    rows = [line | {"Статус": "действует", "Дата закрытия": ""} for line in lines]
    rows[0] |= {"Статус": "ликвидирована", "Дата закрытия": "01.09.2025"}
    found = planned(region, cast.nina, csv_bytes(table_of(rows, [*rows[0]])))
    decided(found, cast.nina, {"line": "r2", "do": "fields", "fields": "take"})

    applied(found, cast.nina)

    assert kinds(found) == {"same": 19, "closed": 1}
    assert school(lines[0]).closed_on == dt.date(2025, 9, 1)


def test_closed_school_the_list_calls_working_may_be_opened_again(
    cast: Cast, region: Region, lines: list[Line]
) -> None:
    School.objects.filter(inn=lines[0]["inn"]).update(closed_on="2025-09-01")
    rows = [line | {"Статус": "действует"} for line in lines]
    found = planned(region, cast.nina, csv_bytes(table_of(rows, [*rows[0]])))
    decided(found, cast.nina, {"line": "r2", "do": "fields", "fields": "take"})

    applied(found, cast.nina)

    assert school(lines[0]).closed_on is None


# Many at once


def test_many_lines_are_taken_with_one_decision(cast: Cast, region: Region, lines: list[Line]) -> None:
    changed = [line | {"phone": f"8 (900) 000-88-{number:02d}"} for number, line in enumerate(lines)]
    found = planned(region, cast.nina, listed(changed))

    count = bulk.decide_in_bulk(found, wanted=Filter(kind="differs"), verb="take", field="phone", by=cast.nina)
    applied(found, cast.nina)

    assert count == 20
    assert School.objects.filter(region=region, phone__startswith="+7900000880").count() == 10
    assert SchoolChange.objects.count() == 20


def test_many_lines_are_kept_only_with_a_reason(cast: Cast, differing: Reconciliation) -> None:
    with pytest.raises(ReconcileRefused, match="причину"):
        bulk.decide_in_bulk(differing, wanted=Filter(kind="differs"), verb="keep", by=cast.nina)

    bulk.decide_in_bulk(differing, wanted=Filter(kind="differs"), verb="keep", reason="список стар", by=cast.nina)

    assert board(differing).counts()["differs"].open == 0


def test_lines_with_a_hint_are_left_to_a_person(cast: Cast, region: Region, lines: list[Line]) -> None:
    lines[0] = lines[0] | {"full_name": "ГБОУ «Лицей № 777»", "inn": "", "kpp": "", "ogrn": ""}
    found = planned(region, cast.nina, listed(lines))

    with pytest.raises(ReconcileRefused, match="нет таких"):
        bulk.decide_in_bulk(found, wanted=Filter(kind="theirs"), verb="add", by=cast.nina)


# Files and jobs


def test_file_whose_columns_are_unclear_asks_for_them(cast: Cast, region: Region, lines: list[Line]) -> None:
    data = csv_bytes([["Как зовётся", "Число"], *[[line["full_name"], line["inn"]] for line in lines]])
    found = planned(region, cast.nina, data)
    assert found.stage == ReconcileStage.REFUSED
    assert found.summary["top"][0] == ["Как зовётся", "Число"]

    services.choose_columns(found, mapping={0: "full_name", 1: "inn"}, by=cast.nina)
    found = work(found)

    assert found.stage == ReconcileStage.PLANNED
    assert kinds(found)["same"] == 20


@pytest.mark.parametrize(
    "data", [b"\x00\x01\x02", b"<html><body>no</body></html>", csv_bytes([["Фамилия"], ["Иванова"]])]
)
def test_what_is_no_list_is_refused_in_words(cast: Cast, region: Region, data: bytes) -> None:
    found = planned(region, cast.nina, data)

    assert found.stage == ReconcileStage.REFUSED
    assert found.summary["refusal"].endswith((".", "шаблон"))


def test_same_file_waits_in_one_reconciliation(cast: Cast, region: Region, lines: list[Line]) -> None:
    first = planned(region, cast.nina, listed(lines))

    second = planned(region, cast.nina, listed(lines))

    assert second.pk == first.pk
    assert StoredFile.objects.count() == 1


def test_empty_file_is_refused_at_once(cast: Cast, region: Region) -> None:
    with pytest.raises(ReconcileRefused, match="пустой"):
        services.start_reconciliation(region=region, data=b"", shown_name="x.csv", partial=False, by=cast.nina)


def test_job_done_twice_writes_once(cast: Cast, differing: Reconciliation) -> None:
    decided(differing, cast.nina, {"line": "r2", "do": "fields", "fields": "take"})
    services.request_apply(differing, by=cast.nina)
    work(differing)
    once = state(differing.region)
    Reconciliation.objects.filter(pk=differing.pk).update(state=jobs.JobState.QUEUED)

    work(differing)

    assert state(differing.region) == once


def test_right_lost_before_the_job_stops_it(cast: Cast, differing: Reconciliation) -> None:
    decided(differing, cast.nina, {"line": "r2", "do": "fields", "fields": "take"})
    services.request_apply(differing, by=cast.nina)
    Appointment.objects.filter(user=cast.nina).delete()

    done = work(differing)

    assert done.state == jobs.JobState.FAILED
    assert "больше нет права" in done.error
    assert deciding.standing(done) == ReconcileStage.PLANNED
    assert not SchoolChange.objects.exists()


def test_matching_again_keeps_decisions_of_lines_that_are_the_same(
    cast: Cast, differing: Reconciliation, lines: list[Line]
) -> None:
    decided(differing, cast.nina, {"line": "r2", "do": "fields", "fields": "take"})
    School.objects.filter(inn=lines[5]["inn"]).update(phone="+79000001234")

    services.match_again(differing, by=cast.nina)
    again = work(differing)

    assert board(again).counts()["differs"].total == 2
    assert set(board(again).decisions) == {"r2"}


def test_what_is_left_is_reconciled_with_the_same_file_again(cast: Cast, differing: Reconciliation) -> None:
    done = applied(differing, cast.nina)

    again = work(services.start_again(done, by=cast.nina))

    assert again.pk != done.pk
    assert kinds(again) == {"same": 19, "differs": 1}


def test_nothing_is_decided_once_it_is_written(cast: Cast, differing: Reconciliation) -> None:
    applied(differing, cast.nina)

    with pytest.raises(ReconcileRefused):
        decided(differing, cast.nina, {"line": "r2", "do": "fields", "fields": "take"})
    for ask in (services.request_apply, services.discard, services.match_again):
        with pytest.raises(ReconcileRefused):
            ask(differing, by=cast.nina)


def test_old_plans_are_forgotten_but_the_last_applied_of_a_region(
    cast: Cast, differing: Reconciliation, lines: list[Line]
) -> None:
    applied(differing, cast.nina)
    waiting = planned(differing.region, cast.nina, listed(lines[::-1]))
    later = timezone.now() + dt.timedelta(days=portal.KEEP_FILES_DAYS + 1)

    count = retention.forget_old_plans(later)

    differing.refresh_from_db()
    waiting.refresh_from_db()
    assert count == 1
    assert (differing.plan_data is None, waiting.plan_data, waiting.stage) == (False, None, ReconcileStage.DISCARDED)


# What is true of any decisions


CHOICES = st.lists(
    st.tuples(
        st.integers(0, 24),
        st.sampled_from(["take", "keep", "add", "skip", "explain", "close", "merge", "succeed", "link", "phone"]),
    ),
    max_size=14,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=20)
@given(choices=CHOICES)
def test_deciding_and_writing_twice_is_once_and_nothing_is_lost(
    cast: Cast, region: Region, choices: list[tuple[int, str]]
) -> None:
    _reset(region)
    known = set(School.objects.filter(region=region).values_list("pk", flat=True))
    first = planned(region, cast.nina, listed(_spoilt(school_lines(20, "78"))))
    _decide_at_random(cast, first, choices)
    counts = settled_counts(board(first), {}, timezone.localdate().isoformat())
    done = applied(first, cast.nina)
    once = state(region)
    written = done.summary["done"]

    again = work(services.start_again(done, by=cast.nina))
    for key, decision in board(done).decisions.items():
        with suppress(ReconcileRefused):
            decided(again, cast.nina, {"line": key, **decision})
    applied(again, cast.nina)

    assert known <= {row[0] for row in once["schools"]}
    assert written["skipped"] or counts == (written["settled"], written["idle"])
    assert state(region) == once


def _reset(region: Region) -> None:
    Reconciliation.objects.all().delete()
    Succession.objects.all().delete()
    School.objects.filter(region=region).delete()
    registered(region, school_lines(20, "78"))


def _spoilt(lines: list[Line]) -> list[Line]:
    """A list in which something is otherwise with every second school."""
    for number in range(0, 20, 4):
        lines[number]["phone"] = f"8 (900) 000-77-{number:02d}"
    lines[1] |= {"full_name": "ГБОУ «Лицей № 777»"}
    lines[3] |= {"full_name": "ГБОУ «Гимназия № 778»", "inn": make_inn("78", 778), "ogrn": make_ogrn("78", 778)}
    lines[5] |= {"inn": "7800000000"}
    lines[7] |= {"inn": "", "kpp": "", "ogrn": "", "municipality": "Город Энск"}
    return [*lines[:9], *lines[10:], lines[0], school_lines(30, "78")[27]]


def _decide_at_random(cast: Cast, found: Reconciliation, choices: list[tuple[int, str]]) -> None:
    others = sorted(School.objects.filter(region=found.region).values_list("pk", flat=True))
    for place, choice in choices:
        standing = sorted(board(found).all(), key=lambda line: line.key)
        other = others[place % len(others)]
        item: dict[str, Any] = {"line": standing[place % len(standing)].key, "do": choice, "reason": "так надо"}
        item |= {"on": TODAY, "school": other, "schools": [other], "kind": "merged"}
        fields = {"take": "take", "keep": "keep", "phone": {"phone": "take"}}
        if choice in fields:
            item |= {"do": "fields", "fields": fields[choice]}
        with suppress(ReconcileRefused):
            decided(found, cast.nina, item)
