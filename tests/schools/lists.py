"""Registers of schools for tests: generated rows with right check digits, and the files that hold them."""

import csv
import io
import random
from collections.abc import Iterable, Mapping, Sequence

import openpyxl

from reports.demo.codes import make_inn, make_kpp, make_ogrn

FORMS = (
    "Муниципальное бюджетное общеобразовательное учреждение",
    "Муниципальное казённое общеобразовательное учреждение",
    "Муниципальное автономное общеобразовательное учреждение",
)
KINDS = ("средняя общеобразовательная школа", "гимназия", "лицей", "основная общеобразовательная школа")
TERRITORIES = ("Северный район", "Южный район", "Город Энск", "Озёрный муниципальный округ", "Кленовский район")
VILLAGES = ("Берёзовка", "Ключи", "Заречье", "Раздольное", "Сосновка", "Верхний Яр", "Нижний Яр", "Липовка")
HEADERS = {
    "full_name": "Полное наименование",
    "municipality": "Муниципалитет",
    "inn": "ИНН",
    "kpp": "КПП",
    "ogrn": "ОГРН",
    "phone": "Телефон",
    "address": "Адрес",
    "declared_teachers": "Число педагогов",
    "external_id": "Номер в реестре",
}
Line = dict[str, str]


def school_lines(count: int, code: str = "07", seed: int = 5) -> list[Line]:
    """That many schools of a region: numbered ones of towns, and every fifth a village school without a number."""
    dice = random.Random(seed)
    lines = []
    for number in range(1, count + 1):
        territory = TERRITORIES[number % len(TERRITORIES)]
        kind = dice.choice(KINDS)
        own = f"{kind} № {number}"
        if number % 5 == 0:
            own = f"средняя общеобразовательная школа с. {VILLAGES[number // 5 % len(VILLAGES)]} {territory.split()[0]}"
        lines.append(
            {
                "full_name": f"{dice.choice(FORMS)} {own}",
                "municipality": territory,
                "inn": make_inn(code, number),
                "kpp": make_kpp(code),
                "ogrn": make_ogrn(code, number),
                "phone": f"8 (900) 000-{number // 100:02d}-{number % 100:02d}",
                "address": f"ул. Школьная, д. {number}",
                "declared_teachers": str(20 + number % 40),
                "external_id": f"{number}",
            }
        )
    return lines


def table_of(lines: Sequence[Mapping[str, str]], keys: Iterable[str] | None = None) -> list[list[str]]:
    """Rows under their headings, in the order of the keys."""
    keys = list(keys or HEADERS)
    return [[HEADERS.get(key, key) for key in keys], *([line.get(key, "") for key in keys] for line in lines)]


def csv_bytes(table: Sequence[Sequence[str]], encoding: str = "utf-8-sig") -> bytes:
    """A CSV as a Russian Excel saves it."""
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(table)
    return text.getvalue().encode(encoding)


def xlsx_bytes(table: Sequence[Sequence[str]], numbers: Iterable[str] = ()) -> bytes:
    """A workbook of one sheet; the columns under the headings in `numbers` are numbers, as Excel makes them."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    wanted = {index for index, heading in enumerate(table[0]) if heading in set(numbers)}
    for position, row in enumerate(table):
        sheet.append([int(cell) if position and index in wanted and cell else cell for index, cell in enumerate(row)])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
