"""Whom the pages and REST of rosters are open to: counts of classes to coordinators, people to their own school alone.

Rows of tests/test_access.py: (path, statuses of visitor, stranger, sveta, marat, nina, observer, root).
"""

from schools.models import Deletion, Guardian, Guardianship, Pupil, SchoolClass, StoredFile
from staff.models import RosterImport, YearRollover
from tests.conftest import Cast

Row = tuple[str, tuple[int, ...]]
COUNTS = (302, 404, 200, 200, 200, 404, 200)
ABROAD = (302, 404, 404, 404, 404, 404, 200)
ONLY_SCHOOL = (302, 404, 200, 404, 404, 404, 200)
NOTHING = (302, 404, 404, 404, 404, 404, 404)
LEADS_BACK, LEADS_ROOT_BACK = (302, 404, 302, 404, 404, 404, 302), (302, 404, 404, 404, 404, 404, 302)


def of_school(tail: str, statuses: tuple[int, ...]) -> tuple[str, list[Row]]:
    """The rows of a page of a school: of one's own and of a foreign one."""
    own, foreign = f"schools/{{school}}/{tail}", f"schools/{{foreign}}/{tail}"
    return f"schools/<int:pk>/{tail}", [(own, statuses), (foreign, ABROAD)]


def of_row(name: str, route: str, statuses: tuple[int, ...]) -> tuple[str, list[Row]]:
    """The rows of a page of one thing: of one's own school and of a foreign one."""
    own, foreign = (route.replace("<int:pk>", f"{{{prefix}{name}}}") for prefix in ("", "foreign_"))
    return route, [(own, statuses), (foreign, ABROAD)]


PAGES: dict[str, list[Row]] = dict(
    (
        of_school("classes/", COUNTS),
        of_school("classes/new/", COUNTS),
        of_school("pupils/", ONLY_SCHOOL),
        of_school("pupils/new/", ONLY_SCHOOL),
        of_school("rosters/upload/", ONLY_SCHOOL),
        of_school("rosters/template.xlsx", ONLY_SCHOOL),
        of_school("rosters/oneroster.zip", ONLY_SCHOOL),
        of_school("rollover/", ONLY_SCHOOL),
        of_row("school_class", "classes/<int:pk>/", ONLY_SCHOOL),
        of_row("school_class", "classes/<int:pk>/edit/", COUNTS),
        of_row("pupil", "pupils/<int:pk>/", ONLY_SCHOOL),
        of_row("pupil", "pupils/<int:pk>/leave/", ONLY_SCHOOL),
        of_row("pupil", "pupils/<int:pk>/guardians/new/", ONLY_SCHOOL),
        of_row("guardian", "guardians/<int:pk>/", ONLY_SCHOOL),
        of_row("link", "guardianships/<int:pk>/", ONLY_SCHOOL),
        of_row("roster", "rosters/<int:pk>/", ONLY_SCHOOL),
        of_row("roster", "rosters/<int:pk>/progress/", ONLY_SCHOOL),
        of_row("rollover", "rollovers/<int:pk>/", ONLY_SCHOOL),
    )
) | {
    "rosters/<int:pk>/act/": [
        ("rosters/{roster}/act/", LEADS_BACK),
        ("rosters/{foreign_roster}/act/", LEADS_ROOT_BACK),
    ],
    "rosters/<int:pk>/mistakes.xlsx": [("rosters/{roster}/mistakes.xlsx", NOTHING)],  # before there is a plan
}


COUNTS_API = (401, 404, 200, 200, 200, 404, 200)
ABROAD_API = (401, 404, 404, 404, 404, 404, 200)
ONLY_SCHOOL_API = (401, 404, 200, 404, 404, 404, 200)
SIGNED_IN_API = (401, 200, 200, 200, 200, 200, 200)
ONLY_POST_API = (401, 405, 405, 405, 405, 405, 405)
API: dict[str, list[Row]] = {
    **{f"^{name}/$": [(f"{name}/", SIGNED_IN_API)] for name in ("classes", "pupils", "guardians", "deletions")},
    **{f"^{name}/bulk/$": [(f"{name}/bulk/", ONLY_POST_API)] for name in ("classes", "pupils", "guardians")},
    **{
        rf"^{name}/(?P<pk>\d{{1,18}})/$": [
            (f"{name}/{{{row}}}/", statuses),
            (f"{name}/{{foreign_{row}}}/", ABROAD_API),
        ]
        for name, row, statuses in (
            ("classes", "school_class", COUNTS_API),
            ("pupils", "pupil", ONLY_SCHOOL_API),
            ("guardians", "guardian", ONLY_SCHOOL_API),
            ("deletions", "deletion", ONLY_SCHOOL_API),
        )
    },
}


def ids(cast: Cast) -> dict[str, int]:
    """What the paths name, in one's own school and in a foreign one."""
    found: dict[str, int] = {}
    for prefix, school in (("", cast.school), ("foreign_", cast.foreign)):
        school_class = SchoolClass.objects.create(school=school, year=2026, grade=5, letter="А")
        pupil = Pupil.objects.create(
            school=school, school_class=school_class, last_name="Мороз", first_name="Лев", patronymic="Олегович"
        )
        guardian = Guardian.objects.create(school=school, last_name="Мороз", first_name="Зоя", patronymic="Юрьевна")
        link = Guardianship.objects.create(pupil=pupil, guardian=guardian, kind="mother")
        file = StoredFile.objects.create(school=school, shown_name="классы.xlsx", size=1, sha256="1" * 64)
        roster = RosterImport.objects.create(school=school, file=file, year=2026)
        done = YearRollover.objects.create(
            school=school, year=2026, summary={"moved": 1, "left": 0, "held": 0, "classes": 1, "first": []}
        )
        gone = Deletion.objects.create(school=school, kind="pupils", row_id=1)
        named = {
            "deletion": gone,
            "school_class": school_class,
            "pupil": pupil,
            "guardian": guardian,
            "link": link,
            "roster": roster,
        }
        found |= {f"{prefix}{name}": row.pk for name, row in {**named, "rollover": done}.items()}
    return found
