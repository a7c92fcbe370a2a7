"""Every data check finds its planted defect and leaves the clean twin alone; what it counts is what it lists."""

import random

import pytest
from django.db import connection

from reports.checks import listing, quality
from reports.checks.catalogue import CHECK_BY_KEY, CHECKS, WEIGHTS, source_of
from reports.checks.codes_sql import wrong_inn, wrong_kpp, wrong_ogrn, wrong_oktmo
from reports.checks.inspecting import wrong_name, wrong_snils
from reports.checks.kinds import SUBJECT_BY_KEY, Check, Person
from reports.checks.running import run_checks
from reports.models import CheckCount
from reports.reading import check_work
from schools import codes
from schools.models import School
from schools.scope import sight_of
from schools.sealed import seal
from tests.conftest import Cast, ClientOf, make_school
from tests.reports.check_cases import CASES, RIGHT_SNILS, WRONG_SNILS

ALL = [pytest.param(check, id=check.key) for check in CHECKS]


@pytest.fixture
def twins(cast: Cast) -> tuple[School, School]:
    """Two schools of Невский район with nothing in them."""
    return make_school(cast.municipality, "780101", "Школа № 101"), make_school(
        cast.municipality, "780102", "Школа № 102"
    )


def test_every_check_has_a_case() -> None:
    assert set(CASES) == set(CHECK_BY_KEY)


def test_there_are_enough_checks_each_with_a_reason_and_a_remedy() -> None:
    assert len(CHECKS) >= 32
    for check in CHECKS:
        assert check.subject in SUBJECT_BY_KEY
        assert check.minutes > 0
        assert check.why.endswith(".")
        assert check.advice.endswith(".")
        assert source_of(check).kind in listing.KINDS
        assert bool(check.inspect) != bool(check.found or check.reasons), check.key


@pytest.mark.parametrize("check", ALL)
def test_planted_defect_is_found_and_its_clean_twin_is_not(
    cast: Cast, twins: tuple[School, School], check: Check
) -> None:
    wrong, clean = twins
    CASES[check.key].wrong(wrong)
    CASES[check.key].clean(clean)

    run_checks()

    counts = dict(CheckCount.objects.filter(check_number=check.number).values_list("school", "found"))
    assert counts.get(wrong.pk) == CASES[check.key].found
    assert clean.pk not in counts


@pytest.mark.parametrize("check", ALL)
def test_rows_listed_are_those_counted(cast: Cast, twins: tuple[School, School], check: Check) -> None:
    wrong, clean = twins
    CASES[check.key].wrong(wrong)
    CASES[check.key].clean(clean)
    run_checks(wrong)

    look = listing.Look(check, wrong, cast.root)
    rows = list(look.rows())
    findings = look.findings(rows)

    count = CheckCount.objects.get(check_number=check.number, school=wrong)
    assert len(rows) == count.found <= count.looked_at
    assert all(finding.title for finding in findings)
    assert all(finding.reasons for finding in findings) or not (check.reasons or check.inspect)
    assert not listing.Look(check, clean, cast.root).rows().exists()


@pytest.mark.parametrize("name", ["sveta", "marat", "nina", "root"])
def test_pages_offered_open_to_those_they_are_offered_to(cast: Cast, client_of: ClientOf, name: str) -> None:
    levels = check_work.levels_at(sight_of(cast.people[name]), cast.school)

    offered = {check.key: listing.links(check, cast.school, levels) for check in CHECKS}
    statuses = {
        url: client_of(cast.people[name]).get(url).status_code
        for url in {url for links in offered.values() for _, url in links}
    }

    assert len(statuses) > 3
    assert set(statuses.values()) == {200}, statuses


def test_every_check_offers_its_school_a_page_to_mend_it_on(cast: Cast) -> None:
    levels = check_work.levels_at(sight_of(cast.sveta), cast.school)

    without = {check.key for check in CHECKS if not listing.links(check, cast.school, levels)}

    assert without == set()


def test_observer_of_the_country_is_offered_nothing_to_mend(cast: Cast) -> None:
    assert check_work.levels_at(sight_of(cast.observer), cast.school) == frozenset()


def test_same_person_in_two_schools_is_no_double(cast: Cast) -> None:
    CASES["staff_twice"].clean(cast.school)
    CASES["staff_twice"].clean(cast.sibling)

    run_checks()

    assert not CheckCount.objects.filter(check_number=CHECK_BY_KEY["staff_twice"].number).exists()


def test_reasons_of_a_double_are_told(cast: Cast) -> None:
    CASES["staff_twice"].wrong(cast.school)
    check = CHECK_BY_KEY["staff_twice"]

    look = listing.Look(check, cast.school, cast.nina)
    findings = look.findings(list(look.rows()))

    assert {finding.reasons for finding in findings} == {("то же ФИО",)}


def test_silence_in_holidays_is_no_finding(cast: Cast) -> None:
    from_case = CASES["silent"]
    from_case.wrong(cast.school)
    from_case.wrong(cast.foreign)
    cast.region.holidays.create(starts_on="2026-11-02", ends_on="2026-11-10", name="каникулы")

    run_checks()

    found = CheckCount.objects.filter(check_number=CHECK_BY_KEY["silent"].number)
    assert [row.school for row in found] == [cast.foreign]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong, clean",
    [
        (wrong_inn, codes.clean_inn),
        (wrong_kpp, codes.clean_kpp),
        (wrong_ogrn, codes.clean_ogrn),
        (wrong_oktmo, codes.clean_oktmo),
    ],
    ids=["inn", "kpp", "ogrn", "oktmo"],
)
def test_sql_judges_codes_as_python_does(wrong: object, clean: object) -> None:
    dice = random.Random(8)
    values = [
        "7707083893",
        "7707083890",
        "0707007498",
        "1027700132195",
        "770701001",
        "7707AB001",
        "0000000000",
        "x",
        "",
    ]
    values += ["".join(dice.choices("0123456789", k=dice.choice([8, 9, 10, 11, 13]))) for _ in range(400)]
    values += ["".join(dice.choices("0123456789AZЯ-", k=9)) for _ in range(200)]

    condition = wrong("%(value)s")  # type: ignore[operator]
    with connection.cursor() as cursor:
        told = {}
        for value in values:
            cursor.execute(f"SELECT CASE WHEN {condition} THEN 1 ELSE 0 END", {"value": value})
            told[value] = bool(cursor.fetchone()[0])

    fits = {value: _is_mistaken(clean, value) for value in values}
    assert {value for value in values if told[value] != fits[value]} == set()
    assert any(told.values())
    assert not all(told.values())


def _is_mistaken(clean: object, value: str) -> bool:
    """A stored code is right where cleaning it again leaves it as it is."""
    cleaned = clean(value)  # type: ignore[operator]
    return bool(value) and (cleaned.is_mistaken or cleaned.value != value)


def test_snils_and_names_are_judged_in_python() -> None:
    def someone(last: str = "Зимин", snils: str = "") -> Person:
        return Person(last, "Пётр", "Ильич", False, seal(snils))

    assert wrong_snils(someone(snils=RIGHT_SNILS)) == wrong_snils(someone()) == ""
    assert wrong_snils(someone(snils=WRONG_SNILS)) == "контрольное число не сходится"
    assert wrong_snils(someone(snils="12")) == "это не СНИЛС: нужны одиннадцать цифр"
    assert wrong_name(someone()) == ""
    assert wrong_name(someone("Zimin")) == "не русскими буквами"


def test_quality_is_what_findings_leave_of_the_weights() -> None:
    heavy, light = CHECK_BY_KEY["no_administrator"], CHECK_BY_KEY["name_letter_case"]

    assert quality.quality(0.0, 4) == 1.0
    assert quality.quality(WEIGHTS * 2.0, 4) == 0.5
    assert quality.quality(1.0, 0) is None
    assert quality.gain(heavy, 1, 1) == heavy.weight / WEIGHTS
    assert quality.gain(light, 5, 50) == pytest.approx(light.weight / 10 / WEIGHTS)
    assert quality.minutes(heavy, 3) == heavy.minutes * 3
    assert quality.minutes(light, 3) == light.minutes
