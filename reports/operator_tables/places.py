"""Which place a row of an operator's table is of: schools, municipalities and regions, found and never guessed."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from django.db.models import Q, QuerySet
from django.utils import timezone

from reports.operator_tables.doubts import school_differs, school_is_vague, town_differs
from reports.operator_tables.given import Given
from schools.codes import fold
from schools.models import Municipality, Region, School
from schools.place_names import Territories, region_code, territory
from schools.scope import Level
from schools.texts import quoted

SHOWN = 3  # places named in a hint
OKTMO_DIGITS = 8  # of a municipality; a settlement in it has three more
Places = QuerySet[Any]
_MIXED = (
    "Это строка {0} среди строк {1}: в одной таблице — места одного уровня."
    " Итоги загрузите отдельной таблицей, сумму портал считает сам."
)


def _of_two(one: str, other: str, code: str = "") -> str:
    told = f"{quoted(other)} (код {code})" if code else quoted(other)
    return f"По коду это {quoted(one)}, а по названию — {told}: исправьте код или название."


def _doubtful(one: str, name: str) -> str:
    return f"По коду это {quoted(one)}, а в файле — {quoted(name)}: проверьте код."


class Found(NamedTuple):
    """The place a row names, or what is wrong in Russian; `is_unknown` where no place of ours fits, `odd` in doubt."""

    place_id: int | None
    name: str
    wrong: str = ""
    is_unknown: bool = False
    odd: str = ""


class Register(Protocol):
    """The places that rows may speak of."""

    def find(self, given: Given) -> Found:
        """The place of a row: several that fit are a mistake with hints, never a guess."""


def places_for(region: Region | None, level: Level) -> Places:
    """The places a table may speak of: those of a region, or of the whole country."""
    if level == Level.REGION:
        regions = Region._default_manager.all()
        return regions.filter(pk=region.pk) if region is not None else regions
    found: Places = School._default_manager.open()  # type: ignore[attr-defined]
    if level == Level.MUNICIPALITY:
        day = timezone.localdate()
        found = Municipality._default_manager.filter(Q(closed_on=None) | Q(closed_on__gt=day))
    return found.filter(region=region) if region is not None else found


def register_of(level: Level, places: Places) -> Register:
    """The register of a level; one query."""
    if level == Level.SCHOOL:
        return Schools(places)
    return Towns(places) if level == Level.MUNICIPALITY else Regions(places)


class Schools:
    """Schools by code, by ИНН, by name."""

    def __init__(self, schools: Places) -> None:
        self.schools = schools
        self.by_code: dict[str, list[School]] = defaultdict(list)
        self.by_name: dict[str, list[School]] = defaultdict(list)
        for school in schools.only("pk", "code", "inn", "short_name", "full_name"):
            for code in {school.code, school.inn} - {""}:
                self.by_code[code].append(school)
            for name in {fold(school.short_name), fold(school.full_name)}:
                self.by_name[name].append(school)

    def find(self, given: Given) -> Found:
        """The school of a row."""
        key, name = given.code.removesuffix(".0").strip(), given.name
        found = self.by_code.get(key, []) if key else self.by_name.get(fold(name), [])
        if key and len(found) > 1 and name:  # branches share an ИНН
            found = [
                school for school in found if fold(name) in {fold(school.short_name), fold(school.full_name)}
            ] or found
        if len(found) == 1:
            return self._agreed(found[0], name if key else "")
        if found:
            hints = ", ".join(f"{school.code} — {school.short_name}" for school in found[:SHOWN])
            return Found(None, name or key, f"Таких школ несколько: впишите код одной из них ({hints}).")
        return self._lacking(key, given)

    def _agreed(self, school: School, name: str) -> Found:
        """The school of a code; a name of another one is a mistake, one that is nobody's is odd."""
        found, own = Found(school.pk, school.short_name), (school.short_name, school.full_name)
        others = self.by_name.get(fold(name), []) if name else []
        if not name or school in others:
            return found
        differs = school_differs(name, own)
        if others and (differs or school_is_vague(name, own)):
            return Found(None, name, _of_two(school.short_name, others[0].short_name, others[0].code))
        return found._replace(odd=_doubtful(school.short_name, name)) if differs else found

    def _lacking(self, key: str, given: Given) -> Found:
        name = given.name
        if key:
            return Found(None, name or key, "Школы с таким кодом или ИНН среди ваших нет: проверьте код.", True)
        if whose := self._whose(given):
            return Found(None, name or given.within or given.region, _MIXED.format(whose, "школ"))
        if not name:
            return Found(None, "", "Впишите код или название школы.")
        said = f"Школы с таким названием среди ваших нет: впишите её код.{self._hint(name)}"
        return Found(None, name, said, True)

    def _whose(self, given: Given) -> str:
        """Whose row it is that names no school: a municipality's, a region's, or nobody's known (empty)."""
        if given.name and self._towns.find(given.name) is not None:
            return "муниципалитета"
        if given.name:
            return "региона" if region_code(given.name) else ""
        if given.within:
            return "муниципалитета"
        return "региона" if given.region else ""

    @cached_property
    def _towns(self) -> Territories:
        """Names of the municipalities the schools are in; asked only where a school is not found by its name."""
        names = self.schools.exclude(municipality=None).order_by().values_list("municipality__name", flat=True)
        return Territories(names.distinct())

    def _hint(self, name: str) -> str:
        digits = {word for word in fold(name).replace("№", " ").split() if word.isdigit()}
        alike = [] if not digits else [each for key, each in self.by_name.items() if digits & set(key.split())]
        codes = {school.code: school.short_name for group in alike for school in group}
        shown = ", ".join(f"{code} — {title}" for code, title in sorted(codes.items())[:SHOWN])
        return f" Похожие: {shown}." if shown else ""


class Towns:
    """Municipalities by ОКТМО, and by name within their region."""

    def __init__(self, towns: Places) -> None:
        self.by_code: dict[str, list[Municipality]] = defaultdict(list)
        self.by_region: dict[str, dict[str, Municipality]] = defaultdict(dict)
        for town in towns.select_related("region").order_by("pk"):
            self.by_region[town.region.code][town.name] = town
            if town.oktmo:
                self.by_code[town.oktmo[:OKTMO_DIGITS]].append(town)
        self.names = {code: Territories(own) for code, own in self.by_region.items()}

    def find(self, given: Given) -> Found:
        """The municipality of a row."""
        subject = given.name or given.code
        code = given.code.removesuffix(".0").replace(" ", "")
        inside = region_code(given.within) if given.within else ""
        if given.within and inside not in self.by_region:
            return Found(None, subject, f"Региона «{given.within}» среди ваших нет: проверьте его.", True)
        if not code and not given.name:
            return Found(None, given.within, _MIXED.format("региона", "муниципалитетов") if given.within else _NO_TOWN)
        found = self.by_code.get(code[:OKTMO_DIGITS], []) if code else self._named(given.name, inside)
        if inside:
            found = [town for town in found if town.region.code == inside]
        if len(found) == 1:
            return self._agreed(found[0], given.name if code else "")
        if found:
            return Found(None, subject, f"Таких муниципалитетов несколько: впишите регион или ОКТМО ({_told(found)}).")
        return self._lacking(code, given.name, inside)

    def _agreed(self, town: Municipality, name: str) -> Found:
        """The municipality of an ОКТМО; a name of another one is a mistake, one that is nobody's is odd."""
        other = self.names[town.region.code].find(name) if name else town.name
        if not name or other == town.name:
            return Found(town.pk, town.name)
        differs = town_differs(name, town.name)
        if other is not None and (differs or fold(name) == fold(other)):
            return Found(None, name, _of_two(town.name, other))
        return Found(town.pk, town.name, odd=_doubtful(town.name, name) if differs else "")

    def _named(self, name: str, inside: str) -> list[Municipality]:
        regions = [inside] if inside else list(self.names)
        known = ((code, self.names[code].find(name)) for code in regions)
        return [self.by_region[code][title] for code, title in known if title is not None]

    def _lacking(self, code: str, name: str, inside: str) -> Found:
        if code:
            said = "Муниципалитета с таким ОКТМО среди ваших нет: проверьте код."
            return Found(None, name or code, said, True)
        words = territory(name).words
        regions = [inside] if inside else list(self.by_region)
        alike = [
            town
            for region in regions
            for title, town in self.by_region[region].items()
            if set(territory(title).words) & set(words)
        ]
        if not alike and region_code(name):
            return Found(None, name, _MIXED.format("региона", "муниципалитетов"))
        hint = f" Похожие: {_told(alike)}." if alike else ""
        said = f"Какой это муниципалитет, непонятно: впишите название целиком, с типом, или ОКТМО.{hint}"
        return Found(None, name, said, True)


_NO_TOWN = "Впишите название муниципалитета или его ОКТМО."


def _told(towns: Iterable[Municipality]) -> str:
    """«Невский район, 40381000, Санкт-Петербург; …»."""
    told = [", ".join(filter(None, (town.name, town.oktmo, town.region.short_name))) for town in towns]
    return "; ".join(sorted(told)[:SHOWN])


class Regions:
    """Regions by code and under any usual name."""

    def __init__(self, regions: Places) -> None:
        self.by_code = {region.code: region for region in regions}

    def find(self, given: Given) -> Found:
        """The region of a row."""
        code = region_code(given.name)
        if code in self.by_code:
            return Found(self.by_code[code].pk, self.by_code[code].name)
        if not given.name:
            return Found(None, "", "Впишите код или название региона.")
        said = (
            "Этого региона среди ваших нет." if code else "Какой это регион, непонятно: впишите его код, например 78."
        )
        return Found(None, given.name, said, True)
