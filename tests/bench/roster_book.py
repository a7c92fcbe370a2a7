"""A generated workbook of a large school: pupils with families, one adult of eleven represents two of them."""

import io
import random
from collections.abc import Sequence

import xlsxwriter

from tests.bench.bench_import import snils

PUPIL_HEADERS = (
    "Фамилия",
    "Имя",
    "Отчество",
    "Класс",
    "Дата рождения",
    "СНИЛС",
    "Мобильный телефон",
    "Номер личного дела",
    "Зачислен",
)
GUARDIAN_HEADERS = (
    "Фамилия",
    "Имя",
    "Отчество",
    "Кем приходится",
    "Обучающийся (ФИО)",
    "Класс",
    "Мобильный телефон",
    "Электронная почта",
    "Приглашён",
    "Зарегистрирован",
)
_ROOTS = "Ласточ Зим Ряб Мороз Озёр Берёз Клен Синиц Град Лес Снеж Ветр Полян Тихон Заречн Камен Соснов Туман Росин Вереск".split()
_TAILS = "ин ов ков анов евск цев шин лов тин ылев".split()
SURNAMES = [f"{root}{tail}" for root in _ROOTS for tail in _TAILS]  # 200, none of them an adjective
BOYS = "Пётр Лев Артём Юрий Олег Тимур Глеб Марат Роман Денис Иван Антон Егор Максим Павел Кирилл Матвей Никита Фёдор Яков".split()
GIRLS = "Анна Вера Зоя Ирина Ольга Юлия Яна Марина Нина Лидия Дарья Алина Жанна Инна Карина Лариса Полина Римма Софья Ульяна".split()
FATHERS = "Олег Марат Роман Денис Иван Антон Егор Максим Павел Кирилл Артём Тимур Глеб Степан Виктор Руслан Эдуард Борис Богдан Захар".split()
LETTERS = "АБВГДЕЖЗИК"
Row = tuple[str, ...]


def phone(series: int, number: int) -> str:
    """A mobile number as people type it."""
    return f"8 ({series}) {number // 10000:03d}-{number // 100 % 100:02d}-{number % 100:02d}"


def families(pupils: int, guardians: int) -> tuple[list[Row], list[Row]]:
    """Rows of pupils and of their representatives, the same each time."""
    dice = random.Random(17)
    classes = [f"{grade}{letter}" for grade in range(1, 12) for letter in LETTERS]
    children: list[Row] = []
    adults: list[Row] = []
    family: list[tuple[Row, str]] = []
    for number in range(pupils):
        if number % 11 or not family:
            last, father = dice.choice(SURNAMES), dice.choice(FATHERS)
            family = _parents(dice, last, father, number)
        boy, name = dice.random() < 0.5, classes[number % len(classes)]
        last = family[0][0][0].removesuffix("а") if boy else family[0][0][0]
        child = last, dice.choice(BOYS if boy else GIRLS), f"{father}{'ович' if boy else 'овна'}"
        born = f"{1 + number % 28:02d}.{1 + number % 12:02d}.{2019 - int(name[:-1])}"
        children.append(
            (*child, name, born, snils(800_000_000 + number), phone(901, number), f"К-{number:05d}", "01.09.2026")
        )
        for adult, kind in family:
            answered = "05.09.2026" if dice.random() < 0.7 else ""
            adults.append((*adult[:3], kind, " ".join(child), name, *adult[3:], "02.09.2026", answered))
    return children, adults[:guardians]


def _parents(dice: random.Random, last: str, father: str, number: int) -> list[tuple[Row, str]]:
    mother = f"{last}а", dice.choice(GIRLS), f"{dice.choice(FATHERS)}овна", phone(902, number), f"m{number}@example.ru"
    other = last, father, f"{dice.choice(FATHERS)}ович", phone(903, number), f"f{number}@example.ru"
    return [(mother, "мать"), (other, "отец")] if dice.random() < 0.72 else [(mother, "мать")]


def workbook(children: Sequence[Row], adults: Sequence[Row]) -> bytes:
    """The two sheets as an xlsx."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    for title, headers, rows in (("Обучающиеся", PUPIL_HEADERS, children), ("Представители", GUARDIAN_HEADERS, adults)):
        sheet = book.add_worksheet(title)
        sheet.write_row(0, 0, headers)
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, row)
    book.close()
    return stream.getvalue()
