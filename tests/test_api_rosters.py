"""REST of rosters: who reads and writes, one by one and in lists, what is told of each item, what is gone."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from schools.models import Appointment, Deletion, Guardian, Guardianship, Pupil, SchoolClass
from schools.scope import Level
from staff.models import ClassTeacher, StaffMember
from tests.conftest import Cast
from tests.staff.roster_books import adult, child, form, versions, year
from tests.staff.uploads import SNILS, applied, csv_of, person, undone

Tokens = Callable[..., dict[str, str]]
pytestmark = pytest.mark.django_db


class Rest:
    """A program with a token of a person."""

    def __init__(self, headers: dict[str, str]) -> None:
        self.headers = headers
        self.client = Client()

    def get(self, path: str) -> Any:
        """The answer's body."""
        return self.client.get(f"/api/v1/{path}", headers=self.headers).json()

    def send(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        """(status, body)."""
        answer = self.client.generic(
            method, f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=self.headers
        )
        return answer.status_code, json.loads(answer.content)

    def post(self, path: str, body: Any) -> tuple[int, Any]:
        """(status, body)."""
        return self.send("POST", path, body)

    def patch(self, path: str, body: Any) -> tuple[int, Any]:
        """(status, body)."""
        return self.send("PATCH", path, body)


@pytest.fixture
def sveta(cast: Cast, token_of: Tokens) -> Rest:
    """The program of Света's school, which may write."""
    return Rest(token_of(cast.sveta, loads_staff=True))


LEV = {"last_name": "Мороз", "first_name": "Лев", "patronymic": "Олегович", "class_name": "5 «а»", "external_id": "К-1"}


def test_pupil_is_written_read_and_changed(cast: Cast, sveta: Rest) -> None:
    status, made = sveta.post("pupils/", LEV | {"snils": "001-148-559 99", "phone": "8 900 000-01-77"})

    pupil = Pupil.objects.get()
    assert (status, made["id"], made["school_class"]["name"]) == (201, pupil.pk, "5А")
    assert (pupil.snils, made["snils"], made["phone"]) == (SNILS[0], "***-***-559 99", "+7 *** ***-01-77")

    status, changed = sveta.patch(f"pupils/{pupil.pk}/", {"first_name": "Леонид", "external_id": "", "version": 1})

    pupil.refresh_from_db()
    assert (status, changed["version"], pupil.first_name, pupil.external_id) == (200, 2, "Леонид", "")
    assert (pupil.last_name, pupil.snils) == ("Мороз", SNILS[0])


def test_stale_version_is_a_conflict_that_changes_nothing(cast: Cast, sveta: Rest) -> None:
    pupil = child(cast.school, "Мороз Лев Олегович")
    before = versions(cast.school)

    status, body = sveta.patch(f"pupils/{pupil.pk}/", {"first_name": "Леонид", "version": 7})

    assert (status, "изменили" in body["detail"]) == (409, True)
    assert versions(cast.school) == before


def test_same_pupil_again_is_the_same_pupil(cast: Cast, sveta: Rest) -> None:
    _, made = sveta.post("pupils/", LEV)

    status, again = sveta.post("pupils/", LEV)

    assert (status, again["id"], again["version"]) == (200, made["id"], 1)


def test_list_goes_in_but_for_what_is_wrong_and_each_item_is_told_of(cast: Cast, sveta: Rest) -> None:
    known, stranger = child(cast.school, "Рябов Пётр Ильич"), child(cast.sibling, "Чужой Иван Ильич")
    items = [
        LEV,
        {"id": known.pk, "left_on": "2026-11-01"},
        {"id": stranger.pk, "left_on": "2026-11-01"},
        {"last_name": "Седова", "first_name": "Анна", "class_name": "все"},
        {"last_name": "Седова", "first_name": "Анна", "color": "red"},
        {"id": known.pk, "version": 99},
        {"last_name": "Зимин", "first_name": "Олег", "patronymic": "Ильич", "class_name": "5А", "school": "470004"},
        {"id": True},
        "строка",
    ]

    status, body = sveta.post("pupils/bulk/", items)

    told = [(one["index"], one["status"], one["action"]) for one in body["results"]]
    assert status == 207
    assert told == [
        (0, 201, "new"), (1, 200, "change"), (2, 404, None), (3, 400, None), (4, 400, None), (5, 409, None),
        (6, 400, None), (7, 404, None), (8, 400, None),
    ]  # fmt: skip
    fields = [each["field"] for one in body["results"] for each in one["errors"]]
    assert fields == ["id", "class_name", "color", "", "school", "id", ""]
    known.refresh_from_db()
    stranger.refresh_from_db()
    assert (known.left_on, stranger.left_on) == (dt.date(2026, 11, 1), None)
    assert set(Pupil.objects.filter(school=cast.school).values_list("last_name", flat=True)) == {"Рябов", "Мороз"}


# Representatives


def test_representative_of_two_is_one_person(cast: Cast, sveta: Rest) -> None:
    lev, anna = child(cast.school, "Мороз Лев Олегович"), child(cast.school, "Рябова Анна Ильинична")
    links = [{"pupil": lev.pk, "kind": "mother", "registered_on": "2026-09-05"}, {"pupil": anna.pk, "kind": "guardian"}]

    status, made = sveta.post("guardians/", {"last_name": "Мороз", "first_name": "Зоя", "guardianships": links})

    assert status == 201
    assert [(one["pupil"], one["kind"], one["registered_on"]) for one in made["guardianships"]] == [
        (lev.pk, "mother", "2026-09-05"),
        (anna.pk, "guardian", None),
    ]
    assert Guardian.objects.count() == 1


def test_answers_change_and_a_link_goes_with_a_word(cast: Cast, sveta: Rest) -> None:
    lev, anna = child(cast.school, "Мороз Лев Олегович"), child(cast.school, "Мороз Анна Олеговна")
    zoya = adult(cast.school, "Мороз Зоя Юрьевна", lev, anna, registered_on=dt.date(2026, 9, 5))
    gone = Guardianship.objects.get(pupil=anna).pk
    links = [{"pupil": lev.pk, "declined_on": "2026-10-01"}, {"pupil": anna.pk, "removed": True}]

    status, body = sveta.patch(f"guardians/{zoya.pk}/", {"email": "zoya@mail.example", "guardianships": links})

    zoya.refresh_from_db()
    link = Guardianship.objects.get()
    assert (status, zoya.email, body["email"]) == (200, "zoya@mail.example", "z***@mail.example")
    assert (link.pupil, link.registered_on, link.declined_on) == (lev, None, dt.date(2026, 10, 1))
    assert sveta.get("deletions/?kind=guardianships")["results"][0]["row_id"] == gone


def test_item_goes_in_whole_or_not_at_all(cast: Cast, sveta: Rest) -> None:
    lev, stranger = child(cast.school, "Мороз Лев Олегович"), child(cast.sibling, "Чужой Иван Ильич")
    zoya = adult(cast.school, "Мороз Зоя Юрьевна", lev)
    both = {"pupil": lev.pk, "registered_on": "2026-09-05", "declined_on": "2026-09-05"}
    items = [
        {"id": zoya.pk, "email": "zoya@mail.example", "guardianships": [both]},
        {"last_name": "Рябов", "first_name": "Пётр", "guardianships": [{"pupil": lev.pk}]},
        {"last_name": "Рябов", "first_name": "Олег", "guardianships": [{"pupil": stranger.pk, "kind": "father"}]},
        {"last_name": "Рябов", "first_name": "Иван", "guardianships": []},
    ]
    before = versions(cast.school)

    status, body = sveta.post("guardians/bulk/", items)

    assert (status, [one["status"] for one in body["results"]]) == (207, [400] * 4)
    assert versions(cast.school) == before


def test_changed_link_is_a_change_of_the_representative(cast: Cast, sveta: Rest) -> None:
    lev = child(cast.school, "Мороз Лев Олегович")
    zoya, other = adult(cast.school, "Мороз Зоя Юрьевна", lev), adult(cast.school, "Рябова Анна Ильинична", lev)
    hour_ago = timezone.now() - dt.timedelta(hours=1)
    Guardian.objects.update(updated_at=hour_ago)
    Guardianship.objects.update(updated_at=hour_ago)
    moment = timezone.now()

    sveta.patch(f"guardians/{zoya.pk}/", {"guardianships": [{"pupil": lev.pk, "invited_on": "2026-09-02"}]})

    found = sveta.get(f"guardians/?updated_since={moment.isoformat().replace('+', '%2B')}")["results"]
    assert [one["id"] for one in found] == [zoya.pk]
    assert other.pk not in [one["id"] for one in found]


# Classes


def test_class_is_set_up_and_counted(cast: Cast, sveta: Rest) -> None:
    teacher = person(cast.school, "Каренина", "Ольга", "Семёновна")
    status, made = sveta.post("classes/", {"name": "5-а", "declared_pupils": 27, "teachers": [teacher.pk]})
    fifth = SchoolClass.objects.get()
    lev, anna = child(cast.school, "Мороз Лев Олегович", fifth), child(cast.school, "Рябова Анна Ильинична", fifth)
    child(cast.school, "Зимин Олег Ильич", fifth, left_on=dt.date(2026, 10, 1))
    adult(cast.school, "Мороз Зоя Юрьевна", lev, registered_on=dt.date(2026, 9, 5))
    adult(cast.school, "Рябов Илья Ильич", anna, kind="father", declined_on=dt.date(2026, 9, 5))

    body = sveta.get(f"classes/{fifth.pk}/")

    assert (status, made["name"], made["year"]) == (201, "5А", year())
    assert body["teachers"] == [{"id": teacher.pk, "name": "Каренина Ольга Семёновна"}]
    assert body["coverage"] == {"pupils": 2, "with_guardian": 2, "registered": 1, "declined": 1}
    assert sveta.patch(f"classes/{fifth.pk}/", {"teachers": []})[1]["teachers"] == []
    assert not ClassTeacher.objects.exists()


def test_coordinator_sets_up_classes_and_sees_no_children(cast: Cast, token_of: Tokens) -> None:
    nina = Rest(token_of(cast.nina, loads_staff=True))
    fifth = form(cast.school, "5А")
    lev = child(cast.school, "Мороз Лев Олегович", fifth)
    adult(cast.school, "Мороз Зоя Юрьевна", lev)

    status, made = nina.post("classes/", {"school": "780001", "name": "6А"})

    assert (status, made["name"]) == (201, "6А")
    assert nina.get("classes/")["count"] == 2
    assert [nina.get(f"{each}/")["count"] for each in ("pupils", "guardians", "deletions")] == [0, 0, 0]
    assert nina.post("pupils/", LEV | {"school": "780001"})[0] == 400
    assert nina.patch(f"pupils/{lev.pk}/", {"first_name": "Леонид"})[0] == 404
    assert "Мороз" not in json.dumps(nina.get("classes/"), ensure_ascii=False)


# Who may write, and how much it costs


@pytest.mark.parametrize("flags", [{}, {"loads_activity": True}])
def test_plain_token_only_reads(cast: Cast, token_of: Tokens, flags: dict[str, bool]) -> None:
    program = Rest(token_of(cast.sveta, **flags))
    pupil = child(cast.school, "Мороз Лев Олегович")

    statuses = {
        program.post("pupils/", LEV)[0],
        program.post("pupils/bulk/", [LEV])[0],
        program.patch(f"pupils/{pupil.pk}/", {"first_name": "Леонид"})[0],
        program.post("guardians/bulk/", [])[0],
        program.post("classes/", {"name": "5А"})[0],
    }

    assert statuses == {403}
    assert program.get("pupils/")["count"] == 1


@pytest.mark.parametrize(
    "path, body",
    [
        ("pupils/", LEV | {"id": 5}),
        ("pupils/", LEV | {"updated_at": "2026-01-01T00:00:00Z"}),
        ("pupils/", LEV | {"school_class": 5}),
        (
            "guardians/",
            {"last_name": "А", "first_name": "Б", "guardianships": [{"pupil": 1, "kind": "mother", "x": 1}]},
        ),
        ("classes/", {"name": "5А", "coverage": {}}),
        ("pupils/bulk/", {"rows": []}),
        ("pupils/bulk/", []),
        ("pupils/bulk/", [LEV] * 1001),
    ],
)
def test_what_is_not_asked_for_is_a_mistake(cast: Cast, sveta: Rest, path: str, body: Any) -> None:
    assert sveta.post(path, body)[0] == 400
    assert not Pupil.objects.exists()


@pytest.mark.parametrize("resource", ["pupils", "guardians", "classes"])
def test_ten_times_the_items_cost_no_more_queries(cast: Cast, sveta: Rest, resource: str) -> None:
    fifth = form(cast.school, "5А")
    known = [
        child(cast.school, f"Ребёнок{n} Лев Олегович".replace(str(n), "аб"[n % 2] * (n + 1)), fifth) for n in range(22)
    ]
    adults = [adult(cast.school, f"Взрослый{'в' * (n + 1)} Олег Ильич", one) for n, one in enumerate(known)]

    def items(first: int, count: int) -> list[dict[str, Any]]:
        chosen = range(first, first + count)
        if resource == "classes":
            return [{"name": f"{grade}Б"} for grade in range(1, count + 1)]
        if resource == "pupils":
            return [{"id": known[n].pk, "phone": "+79000000177"} for n in chosen] + [
                LEV | {"first_name": f"Лев{'г' * n}", "external_id": str(n)} for n in chosen
            ]
        return [
            {
                "id": adults[n].pk,
                "email": f"a{n}@mail.example",
                "guardianships": [{"pupil": known[n].pk, "invited_on": "2026-09-02"}],
            }
            for n in chosen
        ] + [
            {
                "last_name": f"Новый{'д' * n}",
                "first_name": "Иван",
                "guardianships": [{"pupil": known[n].pk, "kind": "father"}],
            }
            for n in chosen
        ]

    def cost(first: int, count: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            status, body = sveta.post(f"{resource}/bulk/", items(first, count))
        assert {one["status"] for one in body["results"]} <= {200, 201}, body
        return len(queries)

    few = cost(0, 1)

    assert cost(1, 10) <= few
    with CaptureQueriesContext(connection) as queries:
        sveta.get(f"{resource}/?page_size=2")
    two = len(queries)
    with CaptureQueriesContext(connection) as queries:
        sveta.get(f"{resource}/?page_size=20")
    assert len(queries) == two


def test_filters_find_and_none_takes_a_name(cast: Cast, sveta: Rest) -> None:
    fifth = form(cast.school, "5А")
    lev = child(cast.school, "Мороз Лев Олегович", fifth, external_id="К-1")
    left = child(cast.school, "Рябов Пётр Ильич", left_on=dt.date(2026, 10, 1))
    zoya = adult(cast.school, "Мороз Зоя Юрьевна", lev)

    def found(path: str) -> list[int]:
        return [one["id"] for one in sveta.get(path)["results"]]

    assert found("pupils/?learning=true") == [lev.pk]
    assert found("pupils/?learning=false") == [left.pk]
    assert found(f"pupils/?school_class={fifth.pk}") == found("pupils/?external_id=К-1") == [lev.pk]
    assert found("pupils/?has_guardian=false") == [left.pk]
    assert found(f"guardians/?pupil={lev.pk}") == [zoya.pk]
    assert found("classes/?grade=5") == [fifth.pk]
    for path in ("pupils/?search=Мороз", "guardians/?last_name=Мороз", "pupils/?snils=1"):
        assert sveta.client.get(f"/api/v1/{path}", headers=sveta.headers).status_code == 400


def test_deletions_are_told_to_their_school_alone(cast: Cast, sveta: Rest, token_of: Tokens) -> None:
    lev = child(cast.school, "Мороз Лев Олегович", form(cast.school, "5А"))
    adult(cast.school, "Мороз Зоя Юрьевна", lev)
    moment = timezone.now()
    ids = lev.pk, Guardianship.objects.get().pk
    lev.delete()

    told = sveta.get(f"deletions/?deleted_since={moment.isoformat().replace('+', '%2B')}")["results"]

    assert {(one["kind"], one["row_id"]) for one in told} == {("pupils", ids[0]), ("guardianships", ids[1])}
    assert Rest(token_of(cast.marat)).get("deletions/")["count"] == 0
    assert Deletion.objects.count() == 2


@pytest.mark.parametrize("way", ["one by one", "as a set", "an undone upload"])
def test_deletions_of_staff_and_classes_are_told_to_whoever_saw_them(cast: Cast, token_of: Tokens, way: str) -> None:
    upload = applied(cast.school, cast.sveta, csv_of(("Каренина", "Анна", "Львовна")))
    anna = StaffMember.objects.get(school=cast.school)
    left_class = form(cast.school, "5А")
    left_class_id = left_class.pk
    ids = {("staff", anna.pk), ("classes", left_class_id)}
    left_class.delete()

    if way == "one by one":
        anna.delete()
    elif way == "as a set":
        StaffMember.objects.filter(pk=anna.pk).delete()
    else:
        undone(upload, cast.sveta)

    expected = {cast.sveta: ids, cast.marat: ids, cast.nina: ids, cast.observer: {("classes", left_class_id)}}
    for who, told in expected.items():
        rows = Rest(token_of(who)).get("deletions/")["results"]
        assert {(one["kind"], one["row_id"]) for one in rows} == told, who
    facts = {"level": Level.MUNICIPALITY, "municipality": cast.foreign_municipality}
    Appointment.objects.create(user=cast.stranger, **facts)
    assert Rest(token_of(cast.stranger)).get("deletions/")["count"] == 0
