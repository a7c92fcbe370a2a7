"""Coordinators in the admin: what their group lets them do, and how mistakes of their tables are named."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client

from schools.models import School, User
from schools.rights import COORDINATORS, RIGHTS, coordinators_group
from tests.conftest import Cast
from tests.test_admin import HEADER, MINE, imported, sheet, staffed, url

pytestmark = pytest.mark.django_db


def coordinator(person: User) -> User:
    """Let a person into the admin as an installation does: by the group, and by nothing else."""
    person.is_staff = True
    person.save()
    person.groups.add(coordinators_group())
    return person


def test_mistakes_are_named_by_the_rows_excel_shows(cast: Cast, client_of: Callable[..., Client]) -> None:
    staffed(cast.nina)
    unknown = ["780001", "78", "Школа № 1", "ГБОУ", "замок"]
    right = [*MINE, ""]
    rows = [[], [], [*HEADER, "вид"], [], unknown, [], [], right, ["780002", "00", "Школа", "ГБОУ", ""]]

    page = imported(client_of(cast.nina), School, sheet(rows))

    assert [row.number for row in page.context["result"].error_rows + page.context["result"].invalid_rows] == [5, 9]


@pytest.mark.django_db(transaction=True)
def test_group_of_coordinators_stands_after_every_migration() -> None:
    Group.objects.all().delete()

    call_command("migrate", verbosity=0)

    held = set(Group.objects.get(name=COORDINATORS).permissions.values_list("content_type__app_label", "codename"))
    named = {(right.app, f"{verb}_{right.model}") for right in RIGHTS for verb in right.verbs}
    assert held == named
    assert not any(codename.startswith("delete_") for _, codename in held)


@pytest.mark.parametrize("name", ["nina", "marat"])
def test_coordinators_group_is_enough_to_exchange_lists(
    cast: Cast, client_of: Callable[..., Client], name: str
) -> None:
    person = coordinator(cast.people[name])
    header = ["код школы", "муниципалитет (номер)", "краткое наименование", "полное наименование", "регион"]
    new = ["780777", cast.municipality.pk, "Школа № 777", "ГБОУ «Школа № 777»", "78"]
    unnamed = ["780778", cast.municipality.pk, "Школа № 778", "ГБОУ «Школа № 778»", ""]

    page = imported(client_of(person), School, sheet([header, new, unnamed]))

    assert "Импорт завершен" in page.content.decode(), page.content.decode()[-2000:]
    assert set(School.objects.filter(code__startswith="78077").values_list("region__code", flat=True)) == {"78"}
    assert School.objects.filter(code__startswith="78077", municipality=cast.municipality).count() == 2


def test_municipality_imports_nothing_elsewhere(cast: Cast, client_of: Callable[..., Client]) -> None:
    marat = coordinator(cast.marat)
    header = ["код школы", "муниципалитет (номер)", "краткое наименование", "полное наименование", "регион"]
    rows = (
        ["780777", cast.other_municipality.pk, "Школа", "Школа", "78"],
        ["780777", "", "Школа", "Школа", "78"],
        ["780777", cast.municipality.pk, "Школа", "Школа", "47"],
        ["780003", cast.municipality.pk, "Лицей", "Лицей", "78"],
    )
    for row in rows:
        page = imported(client_of(marat), School, sheet([header, row]))

        assert "Не найдено" in page.content.decode(), row
    assert School.objects.count() == 4
    assert School.objects.get(code="780003").municipality == cast.other_municipality


def test_municipality_adds_a_school_by_hand(cast: Cast, client_of: Callable[..., Client]) -> None:
    marat = coordinator(cast.marat)

    page = client_of(marat).get(url(School, "add"))

    assert list(page.context["adminform"].form.fields["region"].queryset) == [cast.region]
