"""Territories and schools of a region: districts of St Petersburg and Moscow, invented municipalities elsewhere."""

import random
import re

from reports.demo.specs import COUNTRY, RegionSpec, Scale, SchoolSpec, TerritorySpec
from schools.models.places import MunicipalityKind

PETERSBURG, MOSCOW = "78", "77"
UNDELIVERED = frozenset({"90", "95"})  # two regions of which the operator sends nothing, so that «нет данных» is seen
LATE_TERRITORY = 5  # Колпинский район delivers one week late
WEEK_OF_LATE = 3  # counted back from the last week

# Share of teachers writing in the last week, as in the pictures of the portal: invented, not measured.
_DISTRICTS = (
    ("Адмиралтейский", 0.864), ("Василеостровский", 0.879), ("Выборгский", 0.808), ("Калининский", 0.815),
    ("Кировский", 0.836), ("Колпинский", 0.841), ("Красногвардейский", 0.794), ("Красносельский", 0.762),
    ("Кронштадтский", 0.918), ("Курортный", 0.91), ("Московский", 0.896), ("Невский", 0.715),
    ("Петроградский", 0.931), ("Петродворцовый", 0.848), ("Приморский", 0.856), ("Пушкинский", 0.887),
    ("Фрунзенский", 0.847), ("Центральный", 0.867),
)  # fmt: skip
_WEIGHTS = (3, 2, 4, 4, 4, 3, 6, 7, 1, 1, 3, 9, 2, 1, 6, 3, 3, 3)
_OKRUGS = (
    "Центральный", "Северный", "Юго-Западный", "Восточный", "Южный", "Западный", "Северо-Восточный", "Юго-Восточный",
    "Северо-Западный", "Зеленоградский", "Новомосковский", "Троицкий",
)  # fmt: skip
_STEMS = tuple(
    """Берёзов Заречн Сосновск Озёрск Дубровск Лесн Ключевск Покровск Троицк Благодатн Каменск Красногорск Степн
    Белоозёрск Верхнереченск Нижнереченск Старосельск Новосельск Большеборск Малоярск Приозёрн Луговск Подгорн
    Светлогорск Ясногорск Тихореченск Быстринск Боровск Ольховск Кедровск Калиновск Рябиновск Вишнёвск Черёмуховск
    Липовск Ивняковск Родниковск Междуреченск Заборск Приволенск Холмогорск Крутоярск Песчанск Глинск Медвежьегорск
    Соколинск Журавлёвск Лебединск Орлиногорск Заозёрск Полевск Никольск Михайловск Успенск Спасск Воздвиженск
    Преображенск Рождественск Знаменск Воскресенск Георгиевск Андреевск Петровск Павловск Семёновск Фёдоровск
    Максимовск Егорьевск Сергиевск Дмитриевск Васильевск""".split()
)
_TOLD_WEIGH = 0.045  # so much the told silent schools take from their districts, among sixty
_NUMBER = re.compile(r"№ (\d+)")
_EXTRA = ("Северо-", "Южно-", "Восточно-")


def district_of(name: str) -> str:
    """«Невский» → «Невского района»."""
    return f"{name[:-2]}ого района"


def _petersburg() -> list[TerritorySpec]:
    kind = MunicipalityKind.CITY_DISTRICT.value
    return [
        TerritorySpec(f"{name} район", kind, f"{district_of(name)} Санкт-Петербурга", share, weight)
        for (name, share), weight in zip(_DISTRICTS, _WEIGHTS, strict=True)
    ]


def _moscow(count: int, base: float, rng: random.Random) -> list[TerritorySpec]:
    kind = MunicipalityKind.CITY_OKRUG.value
    return [
        TerritorySpec(f"{name} административный округ", kind, "города Москвы", base + rng.gauss(0, 0.04))
        for name in _OKRUGS[:count]
    ]


def _elsewhere(count: int, base: float, rng: random.Random) -> list[TerritorySpec]:
    names = list(_STEMS) if count <= len(_STEMS) else [f"{extra}{stem}" for extra in ("", *_EXTRA) for stem in _STEMS]
    kinds = (
        (MunicipalityKind.OKRUG, "ий муниципальный округ", "ого муниципального округа"),
        (MunicipalityKind.DISTRICT, "ий район", "ого района"),
        (MunicipalityKind.CITY, "ий городской округ", "ого городского округа"),
    )
    made = []
    for stem in rng.sample(names, min(count, len(names))):
        kind, ending, of = rng.choices(kinds, (4, 5, 2))[0]
        soft = ending if stem.endswith("к") else f"ый{ending[2:]}"
        weight = 3 if kind is MunicipalityKind.CITY else 1
        made.append(TerritorySpec(f"{stem}{soft}", kind.value, f"{stem}{of}", base + rng.gauss(0, 0.05), weight))
    return made


def plan_region(code: str, schools: int, scale: Scale, seed: int) -> RegionSpec:
    """Decide on the territories and the schools of a region (St Petersburg's told schools come from stories.py)."""
    rng = random.Random(f"{seed}-{code}")
    base = min(0.95, max(0.56, rng.gauss(0.805, 0.075)))
    region = RegionSpec(code, is_delivered=code not in UNDELIVERED)
    if code == PETERSBURG:
        region.territories = _petersburg()
    elif code == MOSCOW:
        region.territories = _moscow(12 if scale is COUNTRY else 3, base, rng)
    else:
        region.territories = _elsewhere(max(1, min(schools, round(schools / 17.4)) if schools > 9 else 2), base, rng)
    return region


def add_schools(region: RegionSpec, count: int, scale: Scale, rng: random.Random) -> None:
    """Fill a region up to `count` schools with ordinary ones, where there are fewest for the territory's weight."""
    told = {int(number) for school in region.schools for number in _NUMBER.findall(school.short_name)}
    numbers = [number for number in rng.sample(range(2, 700 + count), count + len(told)) if number not in told]
    having = [0] * len(region.territories)
    for school in region.schools:
        if school.territory is not None:
            having[school.territory] += 1
    while len(region.schools) < count:
        territory: int | None = None
        if rng.random() > 0.03:
            loads = [(have + rng.random()) / each.weight for have, each in zip(having, region.territories, strict=True)]
            territory = loads.index(min(loads))
            having[territory] += 1
        region.schools.append(_ordinary(region, territory, numbers.pop(), scale, rng))


def _ordinary(region: RegionSpec, territory: int | None, number: int, scale: Scale, rng: random.Random) -> SchoolSpec:
    share = region.territories[territory].share if territory is not None else 0.82
    short, full, kind = _names(region, territory, number, rng)
    teachers, others = _size(region.code, scale, rng)
    spec = SchoolSpec(
        short_name=short,
        full_name=full,
        territory=territory,
        kind=kind,
        subordination="municipal" if territory is not None and region.code not in {PETERSBURG, MOSCOW} else "regional",
        teachers=teachers,
        others=others,
        declared=None if rng.random() < 0.005 else max(3, round(teachers / rng.uniform(0.95, 1.01))),
        parallels=max(1, round(teachers / 22 * rng.uniform(0.8, 1.2))),
        share=min(0.98, max(0.3, rng.gauss(share, 0.045))),
        myschool=min(0.95, max(0.2, rng.gauss(share - 0.2, 0.07))),
        gain=rng.uniform(0.06, 0.22),
        careless=max(0.0, rng.gauss(0.045, 0.025)),
        with_chat=min(1.0, rng.gauss(0.93, 0.06)),
        channel=1 if rng.random() < 0.08 else 2,
    )
    if scale is COUNTRY:
        spec.share, spec.myschool = spec.share * 0.72, spec.myschool * 0.38
        spec.parallels, spec.with_chat, spec.cases = 2 if rng.random() < 0.72 else 1, rng.uniform(0.22, 0.5), 4
    elif region.code != PETERSBURG:
        spec.grades, spec.parallels = tuple(range(1, 12 if rng.random() < 0.6 else 10)), 1
    if region.code == PETERSBURG and scale is not COUNTRY:
        spec.share = min(0.98, spec.share + _TOLD_WEIGH)
    else:
        _have_luck(spec, rng, silent=0.025 if scale is COUNTRY else 0.008)
    return spec


def _have_luck(spec: SchoolSpec, rng: random.Random, silent: float) -> None:
    """One school of fifteen is silent, has nobody to answer for it, was not delivered or never registered."""
    chance = rng.random()
    if chance < silent:
        spec.silent = frozenset(range(rng.randint(3, 6)))
    elif chance < 0.04:
        spec.administrator = rng.choice(("left", "absent"))
    elif chance < 0.055:
        spec.unmeasured = frozenset({rng.randint(0, 6)})
    elif chance < 0.065:
        spec.registered = False


def _size(code: str, scale: Scale, rng: random.Random) -> tuple[int, int]:
    """Return (teachers, other staff)."""
    if code == PETERSBURG and scale is not COUNTRY:
        whole = int(min(115, max(22, rng.lognormvariate(3.9, 0.35))))
    else:
        whole = rng.randint(*scale.staff)
    others = round(whole * rng.uniform(0.1, 0.25))
    return whole - others, others


def _names(region: RegionSpec, territory: int | None, number: int, rng: random.Random) -> tuple[str, str, str]:
    """Return a short name, the official name and the kind."""
    kind, short, long = rng.choices(
        (
            ("school", "СОШ", "средняя общеобразовательная школа"),
            ("gymnasium", "гимназия", "гимназия"),
            ("lyceum", "лицей", "лицей"),
            ("boarding", "школа-интернат", "школа-интернат"),
            ("school", "ООШ", "основная общеобразовательная школа"),
        ),
        (70, 12, 9, 2, 0 if region.code in {PETERSBURG, MOSCOW} else 14),
    )[0]
    state = region.code in {PETERSBURG, MOSCOW} or territory is None
    form = "Государственное бюджетное" if state else "Муниципальное бюджетное"
    where = region.territories[territory].of if territory is not None else ""
    full = f"{form} общеобразовательное учреждение {long} № {number} {where}".strip()
    return f"{'ГБОУ' if state else 'МБОУ'} {short} № {number}", full, kind
