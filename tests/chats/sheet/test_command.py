"""`import_chats`: the same code as the page's, from the command line."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from chats.models import Chat, ChatImport
from tests.chats.school import Made, chat
from tests.chats.sheet.books import EXPORT, OWN
from tests.conftest import Cast
from tests.staff.uploads import csv_of

pytestmark = pytest.mark.django_db
GOOD = ("Старостат", "https://max.ru/join/a", "7", "", "")


def told(folder: Path, *rows: tuple[str, ...], headers: Any = EXPORT, **options: Any) -> str:
    """What the command says of a file of rows."""
    file, said = folder / "чаты.csv", StringIO()
    file.write_bytes(csv_of(*rows, headers=headers))
    call_command("import_chats", str(file), school="780001", stdout=said, **options)
    return said.getvalue()


@pytest.mark.parametrize("options, stage", [({}, "discarded"), ({"apply": True}, "applied")])
def test_json_tells_the_stage_the_database_holds(
    cast: Cast, made: Made, tmp_path: Path, options: dict[str, Any], stage: str
) -> None:
    said = json.loads(told(tmp_path, GOOD, json=True, **options))

    assert said["stage"] == ChatImport.objects.get(pk=said["import"]).stage == stage
    assert Chat.objects.count() == (stage == "applied")


def test_plan_is_told_in_words(cast: Cast, made: Made, tmp_path: Path) -> None:
    chat(made.school, 13, title="Сайт", external_id="9")
    rows = [("13", "", "", "", "Сайт школы", "", "9", "", ""), ("15", "9Я", "", "", "Котики", "", "8", "", ""),
            ("", "", "", "", "Хор", "", "6", "", "")]  # fmt: skip

    said = told(tmp_path, *rows, headers=OWN)

    assert "новых 0, изменятся 1, без изменений 0, ждут исправления 1, не узнали 1; всего 3" in said
    assert "B3 Класс: Класса 9Я в этом учебном году нет" in said
    assert "строка 4: не узнали «Хор»" in said
    assert "строка 2: изменится название" in said


def test_nothing_to_write_is_no_error_and_a_refusal_is(cast: Cast, made: Made, tmp_path: Path) -> None:
    assert "новых 0" in told(tmp_path, ("Хор", "", "6", "", ""), apply=True)
    with pytest.raises(CommandError, match="нет его заголовков"):
        told(tmp_path, ("1", "2"), headers=("Цвет", "Рост"))
    with pytest.raises(CommandError, match="не открывается"):
        call_command("import_chats", str(tmp_path / "no.csv"), school="780001")
    with pytest.raises(CommandError, match="Школ с кодом 1 нет"):
        call_command("import_chats", str(tmp_path / "чаты.csv"), school="1")
    with pytest.raises(CommandError, match="Нет такого пользователя"):
        call_command("import_chats", str(tmp_path / "чаты.csv"), school="780001", by="nobody")
