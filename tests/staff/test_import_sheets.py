"""What an upload's page counts as not in the file, and the spreadsheet of the rows that wait."""

import datetime
import io

import openpyxl
import pytest

from schools.sheets import read_workbook
from staff.imports.records import Mistake
from staff.imports.showing import _five
from staff.imports.template import mistakes_file, school_template
from staff.models import StaffImport
from tests.conftest import Cast, ClientOf
from tests.staff.uploads import SNILS, csv_of, person, planned

pytestmark = pytest.mark.django_db
WAITING = ("Каренина", "Анна", "Львовна", "123", "", "", "")


def absent(upload: StaffImport) -> int:
    """What the page counts as not in the file."""
    return int(_five(upload.summary, upload.mode == "full")[-1]["number_text"])


@pytest.mark.parametrize("mode", ["update", "full"])
def test_a_known_person_whose_row_waits_is_in_the_file(cast: Cast, mode: str) -> None:
    person(cast.school, "Каренина", "Анна", "Львовна")
    person(cast.school, "Мороз", "Олег", "Петрович")

    upload = planned(cast.school, cast.sveta, csv_of(WAITING), mode)

    assert (upload.summary["waiting"], absent(upload)) == (1, 1)
    assert upload.summary["leaving"] == (1 if mode == "full" else 0)


def test_who_comes_back_is_not_taken_off_those_who_work(cast: Cast) -> None:
    person(cast.school, "Мороз", "Олег", "Петрович")
    person(cast.school, "Каренина", "Анна", "Львовна", left_on="2020-01-01")

    upload = planned(cast.school, cast.sveta, csv_of(("Каренина", "Анна", "Львовна", "", "", "", "")))

    assert (upload.summary["changed"], absent(upload)) == (1, 1)


def test_the_spreadsheet_of_mistakes_holds_the_rows_as_they_were_and_why(cast: Cast, client_of: ClientOf) -> None:
    good = ("Мороз", "Олег", "Петрович", SNILS[0], "", "", "")
    upload = planned(cast.school, cast.sveta, csv_of(WAITING, good))

    answer = client_of(cast.sveta).get(f"/imports/{upload.pk}/mistakes.xlsx")

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    rows = [[str(cell) for cell in row if cell] for row in sheet.iter_rows(values_only=True)]
    assert rows[0][-1] == "Что исправить"
    assert len(rows) == 2
    assert rows[1][:4] == ["Каренина", "Анна", "Львовна", "123"]
    assert "D2:" in rows[1][-1]


@pytest.mark.parametrize("sign", ["\ufffe", "\uffff", "\x0b", "\ud800", "\x00"])
def test_signs_that_xml_cannot_hold_make_no_broken_workbook(cast: Cast, sign: str) -> None:
    mistake = Mistake(2, "A", "last_name", "mistake", "latin", f"Ка{sign}", f"Проверьте{sign}")
    person(cast.school, "Мороз", "Олег", position="учи" + (sign if sign in "\ufffe\uffff" else "") + "тель")

    files = [mistakes_file([({"last_name": f"Ка{sign}", "first_name": sign}, [mistake])])]
    files.append(school_template(cast.school, datetime.date(2026, 11, 26)))

    for data in files:
        assert read_workbook(data).sheets
