"""Pages of classes, pupils, representatives and their uploads: who sees names, what a page costs, paging, empty states.

Statuses of GET for each person are rows of tests/roster_access.py; the pages of the rollover are in test_rollover.py.
"""

import datetime
import re
from collections.abc import Sequence
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from schools.models import Guardian, Guardianship, Pupil, School, SchoolClass
from staff.models import ClassTeacher, ImportStage, RosterImport, YearRollover
from staff.rosters import services
from tests.conftest import Cast, ClientOf
from tests.staff.roster_books import (
    DAY,
    PUPILS,
    adult,
    applied,
    book,
    child,
    counts,
    done,
    form,
    plan_of,
    planned,
    state,
    undone,
)
from tests.staff.uploads import csv_of, person

pytestmark = pytest.mark.django_db
NAMES = ("Вереск", "Гордей", "Туман", "Аглая", "tuman@mail.example")  # of a child and of an adult
OUTSIDERS = ("nina", "marat", "observer", "stranger")


@pytest.fixture
def populated(cast: Cast) -> Cast:
    """Class 5А with its teacher and two children; one has a registered representative, the other one who refused."""
    fifth = form(cast.school, "5А", declared_pupils=27)
    teacher = person(cast.school, "Каренина", "Ольга", "Семёновна")
    ClassTeacher.objects.create(staff=teacher, school_class=fifth)
    gordey = child(cast.school, "Вереск Гордей Ильич", fifth, phone="+79000000101")
    pavel = child(cast.school, "Вереск Павел Ильич", fifth)
    adult(
        cast.school, "Туман Аглая Юрьевна", gordey, phone="+79000000177", email="tuman@mail.example", registered_on=DAY
    )
    adult(cast.school, "Туман Юрий Львович", pavel, kind="father", declined_on=DAY)
    return cast


@pytest.fixture
def sveta(cast: Cast, client_of: ClientOf) -> Client:
    """The browser of the school's administrator."""
    return client_of(cast.sveta)


def words(client: Client, address: str, **posted: str) -> str:
    """The text of a page without its markup, spaces all alike."""
    answer = client.post(address, posted) if posted else client.get(address)
    return plain(answer.content.decode())


def plain(page: str) -> str:
    """The words of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def pages_of(cast: Cast) -> list[str]:
    """Every page about the school that may speak of its children, whoever it is open to."""
    school, upload = cast.school.pk, RosterImport.objects.filter(school=cast.school).first()
    found = [
        f"/schools/{school}/", f"/schools/{school}/steps/", f"/schools/{school}/staff/", "/jobs/", "/checks/",
        f"/checks/?school={school}", f"/checks/work/?school={school}", f"/checks/pupil_without_class/?school={school}",
        *(f"/schools/{school}/{tail}" for tail in _OF_SCHOOL),
        *(f"/classes/{one.pk}/{tail}" for one in SchoolClass.objects.all() for tail in ("", "edit/")),
        *(f"/pupils/{one.pk}/{tail}" for one in Pupil.objects.all() for tail in ("", "leave/", "guardians/new/")),
        *(f"/guardians/{one.pk}/" for one in Guardian.objects.all()),
        *(f"/guardianships/{one.pk}/" for one in Guardianship.objects.all()),
        *(f"/rollovers/{one.pk}/" for one in YearRollover.objects.all()),
    ]  # fmt: skip
    return found + ([f"/rosters/{upload.pk}/", f"/rosters/{upload.pk}/progress/"] if upload else [])


_OF_SCHOOL = (
    "classes/", "classes/?show=lacks", "classes/new/", "pupils/", "pupils/new/", "rosters/upload/", "rollover/",
    "rosters/template.xlsx", "rosters/oneroster.zip",
)  # fmt: skip


# Names


@pytest.mark.parametrize("name", OUTSIDERS)
def test_nobody_but_the_school_reads_a_childs_or_an_adults_name(
    populated: Cast, client_of: ClientOf, name: str
) -> None:
    planned(populated.school, populated.sveta, book(pupils=[("Вереск", "Гордей", "Ильич", "5А", "", "", "", "К-1")]))
    client = client_of(populated.people[name])

    told = {
        address: [word for word in NAMES if word in page.content.decode(errors="replace")]
        for address in pages_of(populated)
        if (page := client.get(address)).status_code == 200
    }

    assert {address: found for address, found in told.items() if found} == {}
    assert (f"/schools/{populated.school.pk}/classes/" in told) == (name in {"nina", "marat"})


def test_the_school_itself_reads_them_all(populated: Cast, sveta: Client) -> None:
    pages = "".join(sveta.get(address).content.decode(errors="replace") for address in pages_of(populated))

    assert [word for word in NAMES if word not in pages] == []


@pytest.mark.parametrize("name", ["nina", "marat"])
def test_coordinators_see_the_counts_of_classes(populated: Cast, client_of: ClientOf, name: str) -> None:
    page = words(client_of(populated.people[name]), f"/schools/{populated.school.pk}/classes/")

    assert page.partition(" 5А ")[2].startswith("назначен 2 из 27 2 1 50,0 % 1 ")
    assert "у 1 из 2 обучающихся" in page
    assert "Каренина" not in page


@pytest.mark.parametrize("name", [*OUTSIDERS, "visitor"])
def test_nobody_else_writes_whatever_is_sent(populated: Cast, client_of: ClientOf, name: str) -> None:
    upload = planned(populated.school, populated.sveta, book(pupils=[("Мороз", "Лев", "Ильич", "5А", "", "", "", "")]))
    lev, zoya, link = Pupil.objects.first(), Guardian.objects.first(), Guardianship.objects.first()
    school, before = populated.school.pk, state(populated.school)
    client = client_of(None if name == "visitor" else populated.people[name])
    sent: dict[str, dict[str, Any]] = {
        f"/schools/{school}/pupils/": {"q": "Вереск"},
        f"/schools/{school}/pupils/new/": {"last_name": "Мороз", "first_name": "Лев", "school_class": "5А"},
        f"/schools/{school}/rosters/upload/": {"file": SimpleUploadedFile("a.csv", csv_of(("а", "б")))},
        f"/pupils/{lev.pk}/": {"last_name": "Мороз", "first_name": "Лев"},  # type: ignore[union-attr]
        f"/pupils/{lev.pk}/leave/": {"left_on": "2026-10-01"},  # type: ignore[union-attr]
        f"/pupils/{lev.pk}/guardians/new/": {"find": "1", "q": "Туман"},  # type: ignore[union-attr]
        f"/guardians/{zoya.pk}/": {"last_name": "Мороз", "first_name": "Зоя"},  # type: ignore[union-attr]
        f"/guardianships/{link.pk}/": {"remove": "1"},  # type: ignore[union-attr]
        **{f"/rosters/{upload.pk}/act/?{verb}": {verb: "1"} for verb in ("apply", "discard", "undo", "abort", "fix")},
    }

    statuses = {address: client.post(address, data).status_code for address, data in sent.items()}

    assert set(statuses.values()) == ({302} if name == "visitor" else {404}), statuses
    assert state(populated.school) == before
    assert RosterImport.objects.get().stage == ImportStage.PLANNED


@pytest.mark.parametrize(
    "name, status", [("sveta", 303), ("marat", 303), ("nina", 303), ("observer", 404), ("stranger", 404)]
)
def test_classes_are_set_up_by_the_school_and_its_coordinators(
    cast: Cast, client_of: ClientOf, name: str, status: int
) -> None:
    answer = client_of(cast.people[name]).post(f"/schools/{cast.school.pk}/classes/new/", {"class_name": "5 «а»"})

    assert answer.status_code == status
    assert [str(one) for one in SchoolClass.objects.all()] == (["5А"] if status == 303 else [])


# What a page costs


def many_people(school: School, count: int, start: int = 0) -> None:
    """Classes with a teacher, two children each and a representative of both."""
    for number in range(start, start + count):
        school_class = form(school, f"{number % 11 + 1}{'АБВГДЕЖЗИК'[number // 11]}")
        teacher = person(school, f"Каренин{'а' * number}", "Ольга", "Семёновна")
        ClassTeacher.objects.create(staff=teacher, school_class=school_class)
        children = [child(school, f"Зимин{'а' * number} {first} Ильич", school_class) for first in ("Лев", "Пётр")]
        adult(school, f"Зимин{'а' * number} Илья Ильич", *children, invited_on=DAY)


def crowd(school: School, count: int) -> None:
    """One class, one child and one adult with ever more of the others."""
    first = SchoolClass.objects.filter(school=school).order_by("pk")[0]
    lev, ilya = Pupil.objects.order_by("pk")[0], Guardian.objects.order_by("pk")[0]
    for number in range(count):
        other = child(school, f"Седов{'а' * number} Лев Ильич", first)
        Guardianship.objects.create(pupil=other, guardian=ilya, kind="guardian")
        adult(school, f"Седов{'а' * number} Илья Ильич", lev, kind="guardian", registered_on=DAY)
        undone(
            applied(school, _admin(school), csv_of((f"Рябов{'а' * number} Лев Ильич", "5А"), headers=_LIST)),
            _admin(school),
        )


_LIST = ("ФИО", "Класс")


def _admin(school: School) -> Any:
    return school.appointments.get(level=4).user


@pytest.mark.parametrize("name", ["sveta", "marat", "nina"])
def test_ten_times_the_rows_cost_no_more_queries(cast: Cast, client_of: ClientOf, name: str) -> None:
    many_people(cast.school, 2)
    crowd(cast.school, 1)
    addresses = [
        address for address in pages_of(cast) if f"/schools/{cast.school.pk}/" in address or "/rosters/" in address
    ]
    addresses += [f"/{kind}/{model.objects.order_by('pk')[0].pk}/" for kind, model in _ROWS]
    addresses += [f"/schools/{cast.school.pk}/pupils/?show={show}" for show in ("waiting", "declined", "no-guardian")]
    client = client_of(cast.people[name])
    before = {address: asked(client, address) for address in addresses}
    many_people(cast.school, 18, start=2)
    crowd(cast.school, 5)

    after = {address: asked(client, address) for address in addresses}

    assert {address: (before[address], count) for address, count in after.items() if count > before[address]} == {}


_ROWS: Sequence[tuple[str, Any]] = (
    ("classes", SchoolClass), ("pupils", Pupil), ("guardians", Guardian), ("guardianships", Guardianship),
)  # fmt: skip


def asked(client: Client, address: str) -> int:
    """How many queries a page asks."""
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


def test_plan_of_more_rows_costs_no_more_queries(populated: Cast, sveta: Client) -> None:
    sveta.get("/profile/")  # the first page of a session asks more

    def cost(count: int) -> int:
        good = [(f"Зимин{'а' * n}", "Лев", "Ильич", "5Б", "", "", "", "") for n in range(count)]
        wrong = [(f"Седов{'а' * n}", "Лев", "Ильич", "все", "", "", "", "") for n in range(count)]
        return asked(sveta, planned(populated.school, populated.sveta, book(pupils=[*good, *wrong])).get_absolute_url())

    assert cost(40) <= cost(2)


# Lists


@pytest.mark.parametrize("address", ["/schools/{school}/pupils/", "/classes/{school_class}/"])
@pytest.mark.parametrize(
    "asked_for, range_told, first, links",
    [
        ("", "1–50 из 51", "Зимин Лев", ("Следующие",)),
        ("?page=2", "51–51 из 51", f"Зимин{'а' * 50} Лев", ("Предыдущие",)),
        ("?page=999", "51–51 из 51", f"Зимин{'а' * 50} Лев", ("Предыдущие",)),
        ("?page=-1", "51–51 из 51", f"Зимин{'а' * 50} Лев", ("Предыдущие",)),
        ("?page=все", "1–50 из 51", "Зимин Лев", ("Следующие",)),
    ],
)
def test_fifty_pupils_a_page(
    cast: Cast, sveta: Client, address: str, asked_for: str, range_told: str, first: str, links: tuple[str, ...]
) -> None:
    fifth = form(cast.school, "5А")
    for number in range(51):
        child(cast.school, f"Зимин{'а' * number} Лев", fifth)

    page = words(sveta, address.format(school=cast.school.pk, school_class=fifth.pk) + asked_for)

    assert range_told in page
    assert page.index(first) == page.index("Зимин")
    assert tuple(word for word in ("Предыдущие", "Следующие") if word in page) == links


def test_search_is_sent_and_pages_on_without_a_name_in_any_address(cast: Cast, sveta: Client) -> None:
    for number in range(51):
        child(cast.school, f"Ёжиков{'а' * number} Лев")
    child(cast.school, "Зимин Олег")
    address = f"/schools/{cast.school.pk}/pupils/"

    page = sveta.post(address, {"q": "ежиков лев"}).content.decode()

    assert "1–50 из 51" in plain(page)
    assert "Зимин" not in page
    assert not [
        link for link in re.findall(r'(?:href|action)="([^"]*)"', page) if "жиков" in unescape(link) or "q=" in link
    ]
    assert 'name="page" value="2"' in page
    assert "51–51 из 51" in words(sveta, address, q="ежиков лев", page="2")


@pytest.mark.parametrize(
    "show, names",
    [
        ("", {"Без", "Ждёт", "Отказ", "Один", "Есть", "Уйдёт"}),
        ("no-class", {"Без"}),
        ("no-guardian", {"Без", "Один", "Уйдёт"}),
        ("waiting", {"Ждёт", "Отказ"}),
        ("declined", {"Отказ"}),
        ("left", {"Ушёл"}),
        ("чужое", {"Без", "Ждёт", "Отказ", "Один", "Есть", "Уйдёт"}),
    ],
)
def test_filters_of_pupils_leave_whom_they_say(cast: Cast, sveta: Client, show: str, names: set[str]) -> None:
    fifth = form(cast.school, "5А")
    child(cast.school, "Зимин Без")
    child(cast.school, "Зимин Один", fifth)
    child(cast.school, "Зимин Уйдёт", fifth, left_on=datetime.date(2099, 5, 31))
    adult(cast.school, "Рябова Анна", child(cast.school, "Зимин Ушёл", fifth, left_on=DAY), declined_on=DAY)
    for first, answer in (("Ждёт", "invited_on"), ("Отказ", "declined_on"), ("Есть", "registered_on")):
        answers: dict[str, Any] = {answer: DAY}
        adult(cast.school, f"Рябова {first}", child(cast.school, f"Зимин {first}", fifth), **answers)

    page = words(sveta, f"/schools/{cast.school.pk}/pupils/?show={show}")

    assert set(re.findall(r"Зимин (\w+)", page)) == names


@pytest.mark.parametrize(
    "show, names",
    [("", ["5А", "6А", "7А"]), ("no-teacher", ["6А", "7А"]), ("empty", ["7А"]), ("lacks", ["6А"])],
)
def test_filters_of_classes_leave_what_they_say(
    populated: Cast, sveta: Client, client_of: ClientOf, show: str, names: list[str]
) -> None:
    child(populated.school, "Зимин Лев", form(populated.school, "6А"))
    form(populated.school, "7А")

    for client in (sveta, client_of(populated.marat)):
        page = client.get(f"/schools/{populated.school.pk}/classes/?show={show}").content.decode()
        assert re.findall(r">(\d[А-Я])<", page.partition("<tbody>")[2]) == names


def test_classes_of_another_year_are_a_choice_and_not_mixed_in(populated: Cast, sveta: Client) -> None:
    form(populated.school, "4Я", year=2025)
    address = f"/schools/{populated.school.pk}/classes/"

    assert "4Я" not in words(sveta, address)
    assert "4Я" in words(sveta, f"{address}?year=2025")
    assert "5А" in words(sveta, f"{address}?year=1999")  # a year without classes: the present one


# Nothing yet


@pytest.mark.parametrize(
    "name, address, told",
    [
        ("sveta", "/schools/{school}/classes/", "ещё нет Скачайте шаблон"),
        ("marat", "/schools/{school}/classes/", "ещё нет Классы вносит школа."),
        ("sveta", "/schools/{school}/pupils/", "Обучающихся ещё нет Загрузите список"),
        ("sveta", "/schools/{school}/pupils/?show=declined", "Здесь никого нет"),
        ("sveta", "/schools/{school}/rosters/upload/", "Загрузок ещё не было"),
        ("sveta", "/schools/{school}/rollover/", "Сначала внесите классы"),
    ],
)
def test_empty_page_says_what_to_do(cast: Cast, client_of: ClientOf, name: str, address: str, told: str) -> None:
    page = words(client_of(cast.people[name]), address.format(school=cast.school.pk))

    assert told in page


def test_empty_class_and_empty_search_say_what_to_do(cast: Cast, sveta: Client) -> None:
    fifth = form(cast.school, "5А")

    assert "В классе ещё никого нет" in words(sveta, f"/classes/{fifth.pk}/")
    assert "Таких классов нет" in words(sveta, f"/schools/{cast.school.pk}/classes/?show=lacks")
    assert "Никого не нашли" in words(sveta, f"/schools/{cast.school.pk}/pupils/", q="Мороз")


# An upload from the file to its undo


def test_file_becomes_a_plan_an_outcome_and_is_taken_back(cast: Cast, sveta: Client) -> None:
    address = f"/schools/{cast.school.pk}/rosters/upload/"
    data = book(
        pupils=[("Мороз", "Лев", "Олегович", "5А", "", "", "", ""), ("Мороз", "Анна", "", "все", "", "", "", "")]
    )

    sent = sveta.post(address, {"file": SimpleUploadedFile("класс.xlsx", data), "mode": "update", "year": ""})
    upload = RosterImport.objects.get()
    assert (sent.status_code, sent["Location"]) == (302, upload.get_absolute_url())
    assert sveta.get(f"/rosters/{upload.pk}/progress/").status_code == 200
    done(upload)
    progress = sveta.get(f"/rosters/{upload.pk}/progress/")
    assert (progress.status_code, progress["HX-Refresh"]) == (286, "true")
    page = words(sveta, upload.get_absolute_url())
    assert "Мороз Лев Олегович" in page
    assert "Это не класс" in page
    assert sveta.get(f"/rosters/{upload.pk}/mistakes.xlsx").status_code == 200

    confirmed = sveta.post(f"/rosters/{upload.pk}/act/", {"apply": "1"})
    assert confirmed.status_code == 303
    done(upload)
    assert Pupil.objects.get().full_name == "Мороз Лев Олегович"
    assert "класс.xlsx" in words(sveta, address)

    sveta.post(f"/rosters/{upload.pk}/act/", {"undo": "1"})
    done(upload)
    assert not Pupil.objects.exists()
    assert "Прежние значения вернулись. Сегодня в" in words(sveta, upload.get_absolute_url())


def test_typed_cell_mends_its_row_at_once(cast: Cast, sveta: Client) -> None:
    upload = planned(cast.school, cast.sveta, book(pupils=[("Мороз", "Лев", "Олегович", "все", "", "", "", "")]))
    name = re.findall(r'name="(fix-[^"]+)"', sveta.get(upload.get_absolute_url()).content.decode())[0]

    answer = sveta.post(f"/rosters/{upload.pk}/act/", {"fix": "typed", name: "5 б"})

    assert answer["Location"].endswith("#mistakes")
    assert counts(RosterImport.objects.get(), "pupils") == (1, 0, 0, 0)


@pytest.mark.parametrize("mended", ["Лёва", "Глеб"])
def test_plan_that_changed_in_another_window_is_looked_at_again(cast: Cast, sveta: Client, mended: str) -> None:
    upload = planned(cast.school, cast.sveta, book(pupils=[("Мороз", "Лев", "Олегович", "5А", "", "", "", "")]))
    page = sveta.get(upload.get_absolute_url()).content.decode()
    (seen,) = re.findall(r'name="seen" value="([^"]*)"', page)
    (cell,) = {row.sheet for row in plan_of(upload).rows["pupils"]}
    done(services.fix_cells(upload, fixes={f"{cell}:2:first_name": mended}, by=cast.sveta))

    told = words(sveta, sveta.post(f"/rosters/{upload.pk}/act/", {"apply": "1", "seen": seen})["Location"])

    assert "План с тех пор изменился" in told
    assert (RosterImport.objects.get().stage, Pupil.objects.count()) == (ImportStage.PLANNED, 0)


@pytest.mark.parametrize(
    "classes, told",
    [
        (["5А"], "1 класс заведём сами Его называет список обучающихся, а в школе его ещё нет"),
        (["5А", "5Б"], "2 класса заведём сами Их называет список обучающихся, а в школе их ещё нет"),
    ],
    ids=["one", "two"],
)
def test_classes_made_are_spoken_of_in_their_number(cast: Cast, sveta: Client, classes: list[str], told: str) -> None:
    rows = [
        ("Мороз", name, "Олегович", title, "", "", "", "")
        for name, title in zip(("Лев", "Пётр"), classes, strict=False)
    ]

    page = words(sveta, planned(cast.school, cast.sveta, book(pupils=rows)).get_absolute_url())

    assert told in page


def test_plan_that_was_looked_at_is_confirmed(cast: Cast, sveta: Client) -> None:
    upload = planned(cast.school, cast.sveta, book(pupils=[("Мороз", "Лев", "Олегович", "5А", "", "", "", "")]))
    page = sveta.get(upload.get_absolute_url()).content.decode()
    (seen,) = re.findall(r'name="seen" value="([^"]*)"', page)

    sveta.post(f"/rosters/{upload.pk}/act/", {"apply": "1", "seen": seen})
    done(upload)

    assert RosterImport.objects.get().stage == ImportStage.APPLIED


@pytest.mark.parametrize(
    "posted, told",
    [
        ({}, "файл"),
        ({"file": SimpleUploadedFile("пусто.csv", b"")}, "файл"),
        ({"file": SimpleUploadedFile("а.csv", csv_of(("1",), headers=PUPILS)), "year": "1999"}, "год"),
    ],
)
def test_file_that_is_not_taken_is_refused_on_the_page_itself(
    cast: Cast, sveta: Client, posted: dict[str, Any], told: str
) -> None:
    answer = sveta.post(f"/schools/{cast.school.pk}/rosters/upload/", {"mode": "update"} | posted)

    assert answer.status_code == 422
    assert told in plain(answer.content.decode()).lower()
    assert not RosterImport.objects.exists()
