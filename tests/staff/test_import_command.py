"""`import_staff`: the same code as the page's, from the command line."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from staff.imports import services
from staff.models import ImportStage, StaffImport
from tests.conftest import Cast
from tests.staff.uploads import csv_of

pytestmark = pytest.mark.django_db
GOOD = ["Седова", "Анна", "Петровна", "", "", "учитель", ""]


def told(folder: Path, rows: list[list[str]], **options: Any) -> dict[str, Any]:
    """What the command says in JSON of a file of rows."""
    file, said = folder / "список.csv", StringIO()
    file.write_bytes(csv_of(*rows))
    call_command("import_staff", str(file), school="780001", json=True, stdout=said, **options)
    return dict(json.loads(said.getvalue()))


@pytest.mark.parametrize("options, stage", [({}, "discarded"), ({"apply": True}, "applied")])
def test_json_tells_the_stage_the_database_holds(
    cast: Cast, tmp_path: Path, options: dict[str, bool], stage: str
) -> None:
    said = told(tmp_path, [GOOD], **options)

    assert said["stage"] == stage
    assert StaffImport.objects.get(pk=said["import"]).stage == stage
    assert said["new"] == 1


def test_plan_of_a_file_of_mistakes_alone_is_not_applied(cast: Cast, tmp_path: Path) -> None:
    said = told(tmp_path, [["Седова", "", "", "", "", "", ""]], apply=True)

    assert (said["stage"], said["waiting"]) == ("discarded", 1)


def test_plan_of_mistakes_alone_says_what_to_do(cast: Cast, tmp_path: Path) -> None:
    file, said = tmp_path / "список.csv", StringIO()
    file.write_bytes(csv_of(["Седова", "", "синий"], headers=["Фамилия", "Имя", "Цвет"]))

    call_command("import_staff", str(file), school="780001", apply=True, stdout=said)

    assert "Вносить нечего: во всех строках ошибки. Исправьте их" in said.getvalue()
    assert "Не взяли столбец: C «Цвет»." in said.getvalue()


def test_many_files_from_the_command_line_are_no_abuse(cast: Cast, tmp_path: Path, settings: Any) -> None:
    settings.UPLOADS_PER_SCHOOL_A_DAY = 2
    rows = [["Седова", "Анна", "Петровна", "", "", position, ""] for position in ("учитель", "тьютор", "директор")]

    stages = [told(tmp_path, [row])["stage"] for row in rows]

    assert stages == [ImportStage.DISCARDED] * 3
    own = [csv_of(*[GOOD] * count) for count in (2, 3, 4)]
    for data in own[:2]:  # what the portal's keeper tried out takes nothing of the school's day
        services.start_import(school=cast.school, data=data, shown_name="а.csv", mode="update", by=cast.sveta)
    with pytest.raises(services.ImportRefused):
        services.start_import(school=cast.school, data=own[2], shown_name="а.csv", mode="update", by=cast.sveta)
    with pytest.raises(CommandError, match="За сутки"):
        told(tmp_path, [GOOD] * 5, by="sveta")
