"""The schools of St Petersburg that each show something: the star, the silent, the one over 100 %, the branch, …"""

from reports.demo.places import LATE_TERRITORY, WEEK_OF_LATE
from reports.demo.specs import RegionSpec, SchoolSpec

ADMIRALTEYSKY, VASILEOSTROVSKY, VYBORGSKY, KALININSKY, KIROVSKY, KOLPINSKY = range(6)
KRASNOGVARDEYSKY, KRASNOSELSKY, KRONSHTADTSKY, KURORTNY, MOSKOVSKY, NEVSKY = range(6, 12)
PETROGRADSKY, PETRODVORTSOVY, PRIMORSKY, PUSHKINSKY, FRUNZENSKY, CENTRAL = range(12, 18)
_STATE = "Государственное бюджетное общеобразовательное учреждение"
_OF = " Санкт-Петербурга"


def _school(short: str, full: str, region: RegionSpec, territory: int | None, **facts: object) -> SchoolSpec:
    of = region.territories[territory].of if territory is not None else ""
    facts.setdefault("subordination", "regional")
    return SchoolSpec(short, f"{_STATE} {full} {of}".strip(), territory, **facts)  # type: ignore[arg-type]


def told_schools(region: RegionSpec) -> list[SchoolSpec]:
    """Return the told schools, the demo account's own first; three of them began late, in the weeks shown."""
    return [_own(region), *_bright(region), *_quiet(region), *_incomplete(region), *_out_of_scope(region)]


def _own(region: RegionSpec) -> SchoolSpec:
    """The school of the picture: 56 of 74 teachers entered, names of every kind of defect."""
    return _school(
        "ГБОУ СОШ № 375",
        "средняя общеобразовательная школа № 375 с углублённым изучением английского языка",
        region,
        KRASNOSELSKY,
        teachers=56,
        others=9,
        declared=74,
        parallels=3,
        pupils=604,
        families=0.64,
        share=0.662,
        myschool=0.432,
        profiles=0.93,
        confirmed=0.9,
        gain=0.32,
        with_chat=0.903,
        defects=(0, 0, 1, 1, 2, 3, 4),
        is_demo=True,
    )


def _bright(region: RegionSpec) -> list[SchoolSpec]:
    gymnasium = "ГБОУ гимназия № 610"
    return [
        _school(gymnasium, "гимназия № 610", region, PETROGRADSKY, kind="gymnasium", teachers=62, declared=62,
                share=0.985, myschool=0.93, profiles=1.0, confirmed=1.0, gain=0.06, careless=0.0, with_chat=1.0),
        _school("ГБОУ СОШ № 684", "средняя общеобразовательная школа № 684 «Берегиня»", region, PRIMORSKY,
                teachers=51, declared=45, share=1.044, profiles=1.0, gain=0.12),
        _school("ГБОУ лицей № 554", "лицей № 554", region, PRIMORSKY, kind="lyceum", teachers=58, declared=59,
                share=0.93, myschool=0.8, second_jobs=True, leapt=3),
        _school("ГБОУ СОШ № 262", "средняя общеобразовательная школа № 262", region, KRASNOSELSKY, teachers=43,
                declared=44, share=0.86, leapt=5),
        _school("ГБОУ гимназия № 293", "гимназия № 293", region, KRASNOSELSKY, kind="gymnasium", teachers=52,
                declared=53, share=0.9),
        _school("ГБОУ СОШ № 546", "средняя общеобразовательная школа № 546", region, KRASNOSELSKY, teachers=38,
                declared=39, share=0.81, silent=frozenset(range(9, 12)), even=frozenset({0})),
    ]  # fmt: skip


def _quiet(region: RegionSpec) -> list[SchoolSpec]:
    """Silent for two to four weeks, each for a reason of its own: no administrator, no chats, names in disorder."""
    return [
        _school("ГБОУ СОШ № 571", "средняя общеобразовательная школа № 571 с углублённым изучением английского языка",
                region, NEVSKY, teachers=30, declared=32, parallels=1, silent=frozenset(range(4)), share=0.6,
                administrator="left", gain=-0.2),
        _school("ГБОУ школа-интернат № 18", "школа-интернат № 18", region, NEVSKY, kind="boarding", teachers=21,
                declared=22, parallels=1, silent=frozenset(range(3)), share=0.5, with_chat=0.0),
        _school("ГБОУ СОШ № 394", "средняя общеобразовательная школа № 394 с углублённым изучением французского языка",
                region, KRASNOSELSKY, teachers=26, declared=28, parallels=1, silent=frozenset(range(3)), share=0.6,
                careless=0.25),
        _school("ГБОУ лицей № 369", "лицей № 369", region, KRASNOSELSKY, kind="lyceum", teachers=47, declared=47,
                share=0.74, confirmed=0.12),
        _school("ГБОУ гимназия № 405", "гимназия № 405", region, KRASNOGVARDEYSKY, kind="gymnasium", teachers=28,
                declared=28, parallels=1, silent=frozenset(range(2)), share=0.6, with_chat=0.1),
        _school("ГБОУ СОШ № 13", "средняя общеобразовательная школа № 13", region, NEVSKY, teachers=40, declared=43,
                share=0.52, gain=-0.1, administrator="absent"),
    ]  # fmt: skip


def _incomplete(region: RegionSpec) -> list[SchoolSpec]:
    private = SchoolSpec(
        "ЧОУ «Частная школа „Лахта“»", "Частное общеобразовательное учреждение «Частная школа „Лахта“»", PRIMORSKY,
        subordination="private", teachers=17, others=3, declared=18, unmeasured=frozenset(range(3)), parallels=1,
    )  # fmt: skip
    return [
        private,
        _school("ГБОУ СОШ № 518", "средняя общеобразовательная школа № 518", region, VYBORGSKY, teachers=39,
                declared=None, silent=frozenset(range(8, 12))),
        _school("ГБОУ СОШ № 467", "средняя общеобразовательная школа № 467", region, LATE_TERRITORY, teachers=45,
                declared=46, late=frozenset({WEEK_OF_LATE}), parallels=2),
        _school("ГБОУ СОШ № 621", "средняя общеобразовательная школа № 621", region, KOLPINSKY, teachers=37,
                declared=38, late=frozenset({WEEK_OF_LATE})),
        _school("ГБОУ СОШ № 276", "средняя общеобразовательная школа № 276", region, KIROVSKY, teachers=17,
                declared=18, parallels=1, registered=False, share=0.0, myschool=0.3, profiles=0.3),
        _school("ГБОУ школа-интернат № 2", f"школа-интернат № 2{_OF}", region, None, kind="boarding", teachers=28,
                declared=29),
        _school("ГБОУ «Балтийский берег»", f"школа «Балтийский берег»{_OF}", region, None, kind="school", teachers=36,
                declared=36, share=0.83, silent=frozenset(range(7, 12))),
    ]  # fmt: skip


def _out_of_scope(region: RegionSpec) -> list[SchoolSpec]:
    """A branch of the demo account's school (small, so neither percent nor place), and three that are not counted."""
    return [
        _school("Филиал ГБОУ СОШ № 375", "средняя общеобразовательная школа № 375, филиал в посёлке Хвойном", region,
                KRASNOSELSKY, teachers=4, others=1, declared=4, grades=(1, 2, 3, 4), parallels=1, branch_of=0),
        _school("ГБОУ СОШ № 232", "средняя общеобразовательная школа № 232", region, CENTRAL, teachers=26,
                declared=26, closed_days_ago=75),
        _school("ГБДОУ детский сад № 64", "детский сад № 64 комбинированного вида", region, NEVSKY, kind="preschool",
                teachers=15, declared=15, grades=()),
        _school("ГБОУ СОШ № 81", "средняя общеобразовательная школа № 81", region, KALININSKY, teachers=22,
                declared=22, excluded_because="Капитальный ремонт здания: дети учатся в школе № 518"),
    ]  # fmt: skip


def tell(region: RegionSpec, count: int) -> None:
    """Put as many of the told schools into a region as fit."""
    region.schools = told_schools(region)[:count]
