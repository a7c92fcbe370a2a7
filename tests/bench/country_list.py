"""Forty thousand made-up schools of 2 300 territories: towns with numbers, villages whose names differ by a letter."""

import random
from collections.abc import Iterator

from reports.demo.codes import make_inn, make_kpp, make_ogrn
from tests.schools.damage import Listed

ROOTS = (
    "Иван Петр Никол Михайл Алексе Покр Троиц Берёз Сосн Дуб Лип Ключ Камен Песч Луг Озер Реч Бор Ял Заре Рассвет Октябр "
    "Май Побед Красн Бел Черн Зелен Яр Верх Низ Сид Кузьм Федор Степан Андре Серге Дмитр Воскресен Успен Богород Спас"
).split()  # fmt: skip
SUFFIXES = "овка ово ино евка ское инка овское ичи енка".split()
FORMS = (
    "Муниципальное бюджетное общеобразовательное учреждение",
    "Муниципальное казённое общеобразовательное учреждение",
    "Муниципальное автономное общеобразовательное учреждение",
)
HONOURS = (
    "",
    "",
    "",
    "",
    " имени Ю. А. Гагарина",
    " имени А. С. Пушкина",
    " имени Героя Советского Союза И. П. Кленова",
)


def _village(dice: random.Random) -> str:
    front = dice.choice(("", "", "", "Ново", "Старо", "Верхне", "Нижне"))
    name = dice.choice(ROOTS) + dice.choice(SUFFIXES)
    return front + name.lower() if front else name


def _adjective(village: str) -> str:
    for ending in ("ское", "ка", "о", "а", "и"):
        if village.endswith(ending):
            return village.removesuffix(ending) + "ская"
    return village + "ская"


def made_up(count: int, territories: int, seed: int = 1) -> Iterator[Listed]:
    """That many schools; no two of a territory have the same name."""
    dice = random.Random(seed)
    places = [f"{_adjective(_village(dice)).removesuffix('ая')}ий район {n}" for n in range(territories)]
    seen: set[tuple[str, str]] = set()
    number = 0
    while number < count:
        place = places[number % territories]
        kind = dice.choice(("средняя общеобразовательная школа",) * 5 + ("основная общеобразовательная школа",) * 3)
        if dice.random() < 0.45:
            town = dice.choice(("гимназия", "лицей", *(["средняя общеобразовательная школа"] * 8)))
            own = f"{town} № {dice.randrange(1, 25)}"
        elif dice.random() < 0.5:
            own = f"{_adjective(_village(dice))} {kind}"
        else:
            own = f"{kind} с. {_village(dice)}"
        if (place, own.split(" № ")[-1]) in seen:
            continue
        seen.add((place, own.split(" № ")[-1]))
        number += 1
        yield Listed(
            number,
            f"{dice.choice(FORMS)} {own}{dice.choice(HONOURS)}",
            place,
            {
                "inn": make_inn(f"{number % 79 + 1:02d}", number),
                "kpp": make_kpp(f"{number % 79 + 1:02d}"),
                "ogrn": make_ogrn(f"{number % 79 + 1:02d}", number),
            },
        )
