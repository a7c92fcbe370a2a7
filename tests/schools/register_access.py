"""Who may open which page and REST address of the register: rows for tests/test_access.py, and what they name."""

from schools.jobs import JobState
from schools.models import Reconciliation, Region, SchoolChange, StoredFile
from schools.models.registers import ReconcileStage
from schools.reconciling.lines import Line, pack
from tests.conftest import Cast

Row = tuple[str, tuple[int, ...]]
# Whom a place is open to: visitor, stranger, sveta, marat, nina, observer, root
OF_REGION = (302, 404, 404, 404, 200, 404, 200)
OF_REGION_ABROAD = (302, 404, 404, 404, 404, 404, 200)
COORDINATORS = (302, 404, 404, 200, 200, 404, 200)
ONLY_POST = (405,) * 7
ONLY_POST_API = (401, 405, 405, 405, 405, 405, 405)
OF_REGION_API = (401, 404, 404, 404, 200, 404, 200)
OF_REGION_ABROAD_API = (401, 404, 404, 404, 404, 404, 200)

PAGES: dict[str, list[Row]] = {
    "register/": [("register/", COORDINATORS), ("register/?region=47", (302, 404, 404, 200, 404, 404, 200))],
    "register/ours.xlsx": [
        ("register/ours.xlsx", (302, 404, 404, 404, 200, 404, 404)),  # root must say of which region
        ("register/ours.xlsx?region=78", OF_REGION),
        ("register/ours.xlsx?region=47", OF_REGION_ABROAD),
    ],
    **{
        f"register/<int:pk>/{tail}": [
            (f"register/{{reconciliation}}/{tail}", OF_REGION),
            (f"register/{{foreign_reconciliation}}/{tail}", OF_REGION_ABROAD),
        ]
        for tail in ("", "open.xlsx")
    },
    "register/<int:pk>/progress/": [
        ("register/{reconciliation}/progress/", (302, 404, 404, 404, 286, 404, 286)),
        ("register/{foreign_reconciliation}/progress/", (302, 404, 404, 404, 404, 404, 286)),
    ],
    "register/<int:pk>/act/": [("register/{reconciliation}/act/", ONLY_POST)],
    "register/<int:pk>/<str:key>/": [
        ("register/{reconciliation}/r2/", OF_REGION),
        ("register/{foreign_reconciliation}/r2/", OF_REGION_ABROAD),
        ("register/{reconciliation}/r3/", (302, 404, 404, 404, 404, 404, 404)),
    ],
}
API: dict[str, list[Row]] = {
    "^reconciliations/$": [("reconciliations/", (401, 200, 200, 200, 200, 200, 200))],
    **{
        rf"^reconciliations/(?P<pk>\d{{1,18}})/{tail}$": [
            (f"reconciliations/{{reconciliation}}/{tail}", OF_REGION_API),
            (f"reconciliations/{{foreign_reconciliation}}/{tail}", OF_REGION_ABROAD_API),
        ]
        for tail in ("", "lines/")
    },
    **{
        rf"^reconciliations/(?P<pk>\d{{1,18}})/{verb}/$": [
            (f"reconciliations/{{reconciliation}}/{verb}/", ONLY_POST_API)
        ]
        for verb in ("apply", "decide", "discard")
    },
    "^school-changes/$": [("school-changes/", (401, 200, 200, 200, 200, 200, 200))],
    r"^school-changes/(?P<pk>\d{1,18})/$": [
        ("school-changes/{change}/", (401, 404, 200, 200, 200, 200, 200)),
        ("school-changes/{foreign_change}/", (401, 404, 404, 404, 404, 200, 200)),
    ],
}


def planned_at(region: Region) -> Reconciliation:
    """A reconciliation that waits for a decision about one row."""
    file = StoredFile.objects.create(region=region, shown_name="перечень.xlsx", size=1, sha256="0" * 64)
    line = Line("r2", "theirs", "Школа № 99", row=2, values={"full_name": "Школа № 99"})
    summary = {"partial": False, "rows": 1, "open": 1}
    return Reconciliation.objects.create(
        region=region,
        file=file,
        stage=ReconcileStage.PLANNED,
        state=JobState.DONE,
        plan_data=pack([line]),
        summary=summary,
    )


def ids(cast: Cast) -> dict[str, int]:
    """What the paths name: a reconciliation of each region, a change of a card of each."""
    found = {}
    for prefix, region, school in (("", cast.region, cast.school), ("foreign_", cast.other_region, cast.foreign)):
        found[f"{prefix}reconciliation"] = planned_at(region).pk
        found[f"{prefix}change"] = SchoolChange.objects.create(school=school, field="phone", new="+79000000001").pk
    return found
