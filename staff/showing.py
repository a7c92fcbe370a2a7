"""A staff list and its uploads as pages show them: ready to print, no queries from templates."""

from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from schools.codes import format_phone
from schools.jobs import JobState
from schools.models import School
from schools.platforms import SFERUM
from schools.scope import Level, sight_of
from schools.texts import counted, date_text, moment_text, number, plural
from staff.models import ClassTeacher, ImportStage, StaffAccount, StaffImport, StaffMember
from staff.names import ISSUES

PAGE = 50
STAFF_FILTERS = (
    ("работают", ""),
    ("педагоги", "teachers"),
    ("имя не по правилам", "names"),
    ("нет профиля", "no-profile"),
    ("выбыли", "left"),
)
_STATES = {
    ImportStage.UPLOADED: ("working", "читаем файл"),
    ImportStage.PLANNED: ("working", "ждёт вас"),
    ImportStage.APPLYING: ("working", "вносим"),
    ImportStage.APPLIED: ("done", "внесена"),
    ImportStage.UNDOING: ("working", "отменяем"),
    ImportStage.UNDONE: ("none", "отменена"),
    ImportStage.DISCARDED: ("none", "не внесена"),
    ImportStage.REFUSED: ("stalled", "файл не прочитан"),
}


_OTHERS = ("решает координатор", "ждёт школу")  # somebody else's turn


def crumbs(user: Any, school: School, *rest: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page of a school; only places the person may see are links."""
    sight = sight_of(user)
    way: list[tuple[str, str]] = []
    if sight.country or sight.region_ids:
        way.append((school.region.name, school.region.get_absolute_url()))
    if school.municipality:
        seen = sight.level != Level.SCHOOL
        way.append((school.municipality.name, school.municipality.get_absolute_url() if seen else ""))
    way = [step for step in way if step[1]]
    return [*way, (school.short_name, school.get_absolute_url()), *rest]


# The list


def people_rows(people: list[StaffMember]) -> list[dict[str, Any]]:
    """Staff of one page with their profile and classes, in two more queries."""
    ids = [person.pk for person in people]
    accounts = {
        account.staff_id: account for account in StaffAccount.objects.filter(staff__in=ids, platform=SFERUM.number)
    }
    classes: dict[int, list[str]] = {}
    led = ClassTeacher.objects.filter(staff__in=ids).select_related("school_class")
    for leadership in led.order_by("-school_class__year", "school_class__grade", "school_class__letter"):
        classes.setdefault(leadership.staff_id, []).append(leadership.school_class.name)
    return [_person_row(person, accounts.get(person.pk), classes.get(person.pk, [])) for person in people]


def _person_row(person: StaffMember, account: StaffAccount | None, classes: list[str]) -> dict[str, Any]:
    return {
        "name": person.full_name,
        "issue": ISSUES.get(person.name_issue, ""),
        "position": person.position or "—",
        "classes": ", ".join(classes),
        "phone": format_phone(person.phone) if person.phone else "",
        "email": person.email,
        "snils": person.masked_snils if person.snils else "",
        "profile": profile_state(account),
        "left": date_text(person.left_on) if person.left_on else "",
        "second": person.employment == StaffMember.Employment.SECOND,
    }


def profile_state(account: StaffAccount | None) -> tuple[str, str]:
    """(state, word) of a profile: confirmed, waiting or none."""
    if account is None or account.profile_on is None or account.closed_on is not None:
        return "todo", "нет"
    return ("confirmed", "подтверждён") if account.confirmed_on else ("working", "ждёт подтверждения")


def staff_counts(school: School) -> list[dict[str, str]]:
    """The numbers over the list."""
    today = timezone.localdate()
    working = StaffMember.objects.filter(school=school).working(today)
    totals = working.aggregate(
        all=Count("pk"),
        teachers=Count("pk", filter=Q(is_teacher=True)),
        wrong=Count("pk", filter=~Q(name_issue="")),
    )
    profiles = StaffAccount.objects.filter(
        school=school, platform=SFERUM.number, profile_on__isnull=False, closed_on=None, staff__in=working
    ).aggregate(all=Count("pk"), confirmed=Count("pk", filter=Q(confirmed_on__isnull=False)))
    declared = f" из {number(school.declared_teachers)} по ОО-1" if school.declared_teachers else ""
    return [
        {
            "number_text": number(totals["all"]),
            "glyph": "person",
            "label": plural(totals["all"], "сотрудник", "сотрудника", "сотрудников"),
        },
        {"number_text": number(totals["teachers"]), "glyph": "equal", "label": f"педагогов{declared}"},
        {"number_text": number(profiles["all"]), "glyph": "done", "label": "с учебным профилем"},
        {"number_text": number(profiles["confirmed"]), "glyph": "confirmed", "label": "профиль подтверждён"},
        {
            "number_text": number(totals["wrong"]),
            "glyph": "warning",
            "label": "имя не по правилам",
            "tone": "warn" if totals["wrong"] else "",
            "url": "?show=names",
        },
    ]


# An upload in a list


def import_line(upload: StaffImport, *, decides: bool = False) -> dict[str, Any]:
    """One upload as a row of a table, in words for a coordinator (`decides`) or for the school."""
    state, word = _STATES[ImportStage(upload.stage)]
    held = bool(upload.summary.get("held"))
    if upload.stage == ImportStage.PLANNED and held != decides:
        word = "решает координатор" if held else "ждёт школу"
    if upload.state == JobState.FAILED:
        state, word = "stalled", "не удалось"
    elif upload.state == JobState.ABORTED and upload.stage != ImportStage.DISCARDED:
        state, word = "none", "прервана"
    links = {ImportStage.PLANNED: "Продолжить", ImportStage.REFUSED: "Что не так", ImportStage.APPLIED: "Открыть"}
    return {
        "url": upload.get_absolute_url(),
        "file": upload.file.shown_name,
        "school": upload.school.short_name,
        "when": moment_text(upload.created_at),
        "result": result_text(upload),
        "state": state,
        "word": word,
        "link": "Открыть" if word in _OTHERS else links.get(ImportStage(upload.stage), "Открыть"),
    }


def result_text(upload: StaffImport) -> str:
    """«12 новых, 9 изменений, 6 ошибок»."""
    counts = upload.summary
    if "rows" not in counts:
        return counts.get("refusal", "") if upload.stage == ImportStage.REFUSED else ""
    parts = [
        (counts["new"], counted(counts["new"], "новый", "новых", "новых")),
        (counts["changed"], counted(counts["changed"], "изменение", "изменения", "изменений")),
        (counts["leaving"], counted(counts["leaving"], "выбывший", "выбывших", "выбывших")),
        (counts["waiting"], counted(counts["waiting"], "строка с ошибкой", "строки с ошибками", "строк с ошибками")),
        (counts.get("unrecognised"), f"не узнали {number(counts.get('unrecognised', 0))}"),
    ]
    return ", ".join(text for count, text in parts if count) or "без изменений"
