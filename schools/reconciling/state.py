"""The register's state in numbers: how many schools are reconciled, where not, which, and past reconciliations."""

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from schools.jobs import JobState
from schools.models import Municipality, Reconciliation, Region, School
from schools.models.registers import ReconcileStage
from schools.place_names import DIRECT
from schools.reconciling.deciding import standing
from schools.scope import AnyUser
from schools.texts import counted, date_text, moment_text, number, out_of, percent_of, plural

PAGE = 50
_STATES = {
    ReconcileStage.UPLOADED: ("working", "читаем файл"),
    ReconcileStage.PLANNED: ("working", "ждёт решений"),
    ReconcileStage.APPLYING: ("working", "вносим"),
    ReconcileStage.APPLIED: ("done", "внесена"),
    ReconcileStage.DISCARDED: ("none", "не внесена"),
    ReconcileStage.REFUSED: ("stalled", "файл не прочитан"),
}
SHOWN = (("не сверены", "open"), ("объяснены", "explained"), ("сверены", "done"), ("все", "all"))


def choice_context(user: AnyUser, regions: "QuerySet[Region]") -> dict[str, Any]:
    """Regions to choose from, with how many of their working schools are reconciled."""
    shares = School.objects.visible_to(user).filter(region__in=regions).reconciled_shares()  # type: ignore[attr-defined]
    counts = {row["region"]: row for row in shares}
    none = {"whole": 0, "part": 0}
    rows = [
        _place_row(region.name, f"?region={region.code}", counts.get(region.pk, none))
        for region in regions.order_by("name")
    ]
    return {"crumbs": [], "rows": rows}


def _place_row(name: str, address: str, counts: Mapping[str, int]) -> dict[str, Any]:
    whole, part = counts["whole"], counts["part"]
    return {
        "name": name,
        "url": address,
        "whole": whole,
        "part": part,
        "open": whole - part,
        "share": percent_of(part, whole),
        "width": round(100 * part / whole, 1) if whole else 0,
    }


def register_context(user: AnyUser, region: Region, params: Mapping[str, Any]) -> dict[str, Any]:
    """The region's page: the sentence, territories the worst first, schools, past reconciliations."""
    schools = School.objects.visible_to(user).filter(region=region)
    places = _territories(schools, region)
    past = Reconciliation.objects.visible_to(user).filter(region=region).select_related("file", "region")
    page = Paginator(past.defer("plan_data", "decisions", "file__content"), 8).get_page(params.get("past"))
    return schools_context(user, params, region) | {
        "region": region,
        "crumbs": [(region.name, region.get_absolute_url()), ("Реестр школ", "")],
        "places": places,
        "waiting": next((row for row in map(_past_row, page.object_list) if row["waits"]), None),
        "past": [_past_row(row) for row in page.object_list],
        "past_page": page,
        "keep": {"region": region.code},
    }


def _territories(schools: "QuerySet[School]", region: Region) -> list[dict[str, Any]]:
    """Territories with schools, those with most open ones first; schools directly under the region among them."""
    counts = {row["municipality"]: row for row in schools.reconciled_shares("municipality")}  # type: ignore[attr-defined]
    names = dict(
        Municipality.objects.filter(region=region, pk__in=[pk for pk in counts if pk]).values_list("pk", "name")
    )
    rows = [
        _place_row(names.get(pk, DIRECT), f"?region={region.code}&territory={pk or 0}#schools", row)
        for pk, row in counts.items()
    ]
    return sorted(rows, key=lambda row: (-row["open"], row["name"]))


def _past_row(one: Reconciliation) -> dict[str, Any]:
    stage = standing(one)
    state, word = _STATES[stage]
    if one.state == JobState.FAILED and stage != ReconcileStage.DISCARDED:
        state, word = "stalled", "не удалось"
    return {
        "file": one.file.shown_name,
        "url": one.get_absolute_url(),
        "when": moment_text(one.created_at),
        "result": _result(one),
        "state": state,
        "word": word,
        "link": "Продолжить" if stage == ReconcileStage.PLANNED else "Открыть",
        "waits": stage == ReconcileStage.PLANNED,
    }


def _result(one: Reconciliation) -> str:
    summary = one.summary
    if "rows" not in summary:
        return str(summary.get("refusal", "")) if one.stage == ReconcileStage.REFUSED else one.error
    rows = counted(summary["rows"], "строка", "строки", "строк")
    waits = f", без решения {number(summary['open'])}" if summary.get("open") else ""
    return f"{rows}{waits}"


# Schools


def schools_context(user: AnyUser, params: Mapping[str, Any], region: Region | None = None) -> dict[str, Any]:
    """Schools a person sees, fifty a page, and the sentence about them; those that are not reconciled first."""
    seen = School.objects.visible_to(user).open()
    seen = seen.filter(region=region) if region else seen
    totals = seen.aggregate(
        whole=Count("pk"),
        part=Count("pk", filter=Q(reconciled_on__isnull=False)),
        explained=Count("pk", filter=~Q(reconciled_note="")),
    )
    show = str(params.get("show", "open"))
    shown = _shown(seen, show, params).select_related("municipality").order_by("name_key", "pk")
    page = Paginator(shown, PAGE).get_page(params.get("page"))
    return {
        "crumbs": [("Реестр школ", "")],
        "totals": totals,
        "share": percent_of(totals["part"], totals["whole"]),
        "sentence": _sentence(totals),
        "schools": [_school_row(school) for school in page.object_list],
        "page": page,
        "segments": SHOWN,
        "show": show,
        "words": str(params.get("q", ""))[:100],
        "territory": str(params.get("territory", "")),
    }


def _shown(seen: "QuerySet[School]", show: str, params: Mapping[str, Any]) -> "QuerySet[School]":
    filters = {
        "open": Q(reconciled_on=None),
        "explained": ~Q(reconciled_note=""),
        "done": Q(reconciled_on__isnull=False, reconciled_note=""),
    }
    found = seen.filter(filters.get(show, Q()))
    territory = str(params.get("territory", ""))
    if territory.isascii() and territory.isdecimal() and len(territory) < 10:
        found = found.filter(municipality=int(territory) or None)
    words = str(params.get("q", ""))[:100]
    return found.search(words) if words else found  # type: ignore[attr-defined,no-any-return]


def _school_row(school: School) -> dict[str, Any]:
    if school.reconciled_on is None:
        state, word = "todo", "не сверена"
    elif school.reconciled_note:
        state, word = "done", "объяснена"
    else:
        state, word = "confirmed", "сверена"
    return {
        "name": school.short_name,
        "url": reverse("school", args=[school.pk]),
        "place": school.municipality.name if school.municipality else "подведомственная региону",
        "codes": " · ".join(
            part for part in (school.inn and f"ИНН {school.inn}", school.kpp and f"КПП {school.kpp}") if part
        ),
        "state": state,
        "word": word,
        "note": school.reconciled_note,
        "when": date_text(school.reconciled_on) if school.reconciled_on else "",
    }


def _sentence(totals: Mapping[str, int]) -> tuple[str, str]:
    """(«610 из 626 школ сверены», «16 школ ещё не сверены»)."""
    whole, part = totals["whole"], totals["part"]
    if not whole:
        return "Школ в реестре ещё нет", "Загрузите перечень: все его школы предложим добавить."
    left = whole - part
    told = (
        f"{out_of(part, whole, 'школы', 'школ')} {plural(part, 'сверена', 'сверены', 'сверены')} с официальным перечнем"
    )
    if not left:
        return told, "Второй этап — «сверка реестра ОО» — выполнен."
    return told, f"Осталось {counted(left, 'школа', 'школы', 'школ')}."
