"""What a person mends on the plan's page, read from its form: cells, rows to leave out, what the columns hold."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from staff.columns import COLUMN_BY_KEY
from staff.imports import services
from staff.imports.records import SKIP
from staff.imports.stored import unpack_plan
from staff.models import ImportStage, StaffImport


def fixes_from(upload: StaffImport, post: QueryDict) -> dict[str, str]:
    """The cells a person mended: every filled input, an accepted suggestion, the row left out or taken back."""
    fixes = typed_fixes(post)
    if post.get("skip"):
        fixes[f"{post['skip']}:{SKIP}"] = "да"
    if "unskip" in post:
        fixes |= {f"{row}:{SKIP}": "" for row in skipped_rows(upload)}
    wanted = post.get("accept", "")
    return fixes | _accepted(upload, wanted) if wanted and services.standing(upload) == ImportStage.PLANNED else fixes


def typed_fixes(post: QueryDict) -> dict[str, str]:
    """What is typed into the inputs of cells; of two inputs of one cell the one that is filled."""
    filled = {name: [text.strip() for text in texts if text.strip()] for name, texts in post.lists()}
    return {name.removeprefix("fix-"): texts[-1] for name, texts in filled.items() if name.startswith("fix-") and texts}


def _accepted(upload: StaffImport, wanted: str) -> dict[str, str]:
    plan = unpack_plan(StaffImport.objects.values_list("plan_data", flat=True).get(pk=upload.pk))
    offered = (one for row in plan.rows for one in row.mistakes if one.suggestion and one.key in COLUMN_BY_KEY)
    return {f"{one.row}:{one.key}": one.suggestion or "" for one in offered if f"{one.row}:{one.key}" == wanted}


def skipped_rows(upload: StaffImport) -> list[int]:
    """Rows a person left out, in order."""
    return sorted(int(row) for row, _, key in (address.partition(":") for address in upload.fixes) if key == SKIP)


def columns_of(counts: Mapping[str, Any], choices: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """Each column of the sheet a person may speak of: its letter, its heading, what it is taken for ("": nothing)."""
    known = {index: key for _, index, key in counts.get("columns", [])}
    may = {"", *(key for key, _ in choices)}
    return [
        {"letter": letter, "index": index, "heading": heading, "key": known.get(index, "")}
        for letter, index, heading in counts.get("headings", [])
        if known.get(index, "") in may
    ]


def are_other(upload: StaffImport, mapping: Mapping[int, str]) -> bool:
    """Whether a posted choice of columns is not the one the plan was made with."""
    known = {index: key for _, index, key in upload.summary.get("columns", [])}
    return any(known.get(index, "") != key for index, key in mapping.items())
