"""Taking in the activity of a week: staged, resolved in bulk within the covered schools, replaced or refused whole."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from reports import staging
from reports.counting import engine
from reports.counting.counts import numbers
from reports.models import ActivityLoad
from reports.weeks import IsoWeek
from schools import codes
from schools.models import School, User
from schools.platforms import Platform
from schools.sealed import seal

MAX_COUNT = 100_000_000  # of messages, calls or log-ins in one row: three of them still add up in 32 bits
MAX_ID = 2**63 - 1
SHOWN_MISTAKES = 100
_LOCKS = 1_000_000  # deliveries have locks of their own, above the numbers of weeks


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """What one staff member did in the week.

    `row` is the number a mistake is shown under; `staff` is our id if a number, else a СНИЛС or a personnel number.
    """

    row: int
    school: str
    staff: int | str
    messages: int = 0
    calls: int = 0
    logins: int = 0


@dataclass(frozen=True, slots=True)
class ChatRow:
    """How many messages a chat (our id) had in the week."""

    row: int
    school: str
    chat: int
    messages: int


@dataclass(frozen=True, slots=True, order=True)
class RowMistake:
    """What is wrong with a row, said without naming anybody."""

    row: int
    message: str


class ActivityRefused(ValueError):
    """Nothing was taken in: the text says why, `mistakes` names up to 100 of the rows to put right."""

    def __init__(self, message: str, mistakes: Sequence[RowMistake] = ()) -> None:
        super().__init__(message)
        self.mistakes = tuple(mistakes)


@dataclass(frozen=True, slots=True)
class _Rule:
    """A check of the staged rows: the query returns the numbers of those that break it."""

    message: str
    query: str


_STAGED = {
    "activity_covered": "school_id bigint, code text",
    "activity_rows": "n integer, code text, staff_id bigint, snils text, personnel text,"
    " messages integer, calls integer, logins integer",
    "activity_chats": "n integer, code text, chat_id bigint, messages integer",
    "activity_found": "n integer, school_id bigint, staff_id bigint, is_teacher boolean,"
    " messages integer, calls integer, logins integer",
}
_REFERENCES = ("m.id = a.staff_id", "m.snils = a.snils", "m.personnel_number = a.personnel")
_CANDIDATES = " UNION ALL ".join(
    f"""SELECT a.n, m.school_id, m.id AS staff_id, m.is_teacher, a.messages, a.calls, a.logins,
      rank() OVER (PARTITION BY a.n ORDER BY CASE WHEN m.left_on IS NULL THEN 0 ELSE 1 END, m.left_on DESC) AS choice
    FROM activity_rows a JOIN activity_covered c ON c.code = a.code
    JOIN staff_staffmember m ON m.school_id = c.school_id AND {reference}"""  # noqa: S608
    for reference in _REFERENCES
)
# Of a person's former and present rows in a school the present one is meant.
_RESOLVE = f"""
    INSERT INTO activity_found SELECT n, school_id, staff_id, is_teacher, messages, calls, logins
    FROM ({_CANDIDATES}) candidates WHERE choice = 1
"""  # noqa: S608
_RULES = (
    _Rule(
        "Этой школы нет среди тех, за которые вы передаёте данные. Проверьте код школы.",
        """SELECT a.n FROM (SELECT n, code FROM activity_rows UNION ALL SELECT n, code FROM activity_chats) a
           LEFT JOIN activity_covered c ON c.code = a.code WHERE c.code IS NULL""",
    ),
    _Rule(
        "В этой школе нет такого сотрудника. Проверьте СНИЛС, табельный номер или номер сотрудника.",
        """SELECT a.n FROM activity_rows a JOIN activity_covered c ON c.code = a.code
           LEFT JOIN activity_found f ON f.n = a.n WHERE f.n IS NULL""",
    ),
    _Rule(
        "В этой школе несколько сотрудников с таким табельным номером. Укажите СНИЛС или номер сотрудника.",
        "SELECT n FROM activity_found GROUP BY n HAVING count(*) > 1",
    ),
    _Rule(
        "Этот сотрудник уже назван в другой строке. Оставьте одну строку на сотрудника.",
        "SELECT max(n) FROM activity_found GROUP BY school_id, staff_id HAVING count(DISTINCT n) > 1",
    ),
    _Rule(
        "В этой школе нет такого чата на этой площадке. Проверьте номер чата.",
        """SELECT a.n FROM activity_chats a JOIN activity_covered c ON c.code = a.code
           LEFT JOIN chats_chat t ON t.id = a.chat_id AND t.school_id = c.school_id AND t.channel IN ({channels})
           WHERE t.id IS NULL""",
    ),
    _Rule(
        "Этот чат уже назван в другой строке. Оставьте одну строку на чат.",
        "SELECT max(n) FROM activity_chats GROUP BY chat_id HAVING count(*) > 1",
    ),
)
_COVERED = "school_id IN (SELECT school_id FROM activity_covered)"
_REPLACE = (
    f"DELETE FROM reports_activitycoverage WHERE week = %(week)s AND platform = %(platform)s AND {_COVERED}",  # noqa: S608
    "INSERT INTO reports_activitycoverage (week, platform, school_id, load_id)"
    " SELECT %(week)s, %(platform)s, school_id, %(load)s FROM activity_covered ORDER BY school_id",
    f"DELETE FROM reports_staffactivity WHERE week = %(week)s AND platform = %(platform)s AND {_COVERED}",  # noqa: S608
    "INSERT INTO reports_staffactivity (week, platform, school_id, staff_id, is_teacher, messages, calls, logins)"
    " SELECT %(week)s, %(platform)s, school_id, staff_id, is_teacher, messages, calls, logins FROM activity_found"
    " WHERE messages + calls + logins > 0 ORDER BY school_id, staff_id",
)
_REPLACE_CHATS = (
    f"DELETE FROM reports_chatactivity WHERE week = %(week)s AND {_COVERED}"  # noqa: S608
    " AND chat_id IN (SELECT id FROM chats_chat WHERE channel IN ({channels}))",
    "INSERT INTO reports_chatactivity (week, school_id, chat_id, messages)"
    " SELECT %(week)s, c.school_id, a.chat_id, a.messages FROM activity_chats a"
    " JOIN activity_covered c ON c.code = a.code WHERE a.messages > 0 ORDER BY c.school_id, a.chat_id",
)


@transaction.atomic
def record_activity(
    *,
    week: IsoWeek,
    platform: Platform,
    rows: Iterable[ActivityRow],
    covers: "QuerySet[School]",
    source: str,
    by: User | None,
    chats: Iterable[ChatRow] | None = None,
    sha256: str = "",
) -> ActivityLoad:
    """Take in a week's activity of the schools in `covers`, whose silence then counts as zero: all rows or none.

    Another delivery for the same week, platform and schools replaces this one; chats are replaced only if given.
    What is published does not move: late data reaches the next revision. Raises ActivityRefused.
    """
    if week.monday > timezone.localdate():
        raise ActivityRefused(f"Неделя {week} ещё не началась: активности за неё быть не может.")
    engine.wait_for(_LOCKS * platform.number + week.number)
    staging.create(_STAGED)
    _stage(covers, rows, chats or ())
    _refuse_mistakes(platform)
    load = _new_load(week, platform, source, by, sha256)
    load.rows = _replace(load, platform, with_chats=chats is not None)
    load.save(update_fields=["rows"])
    staging.drop(_STAGED)
    return load


def _stage(covers: "QuerySet[School]", rows: Iterable[ActivityRow], chats: Iterable[ChatRow]) -> None:
    try:
        query, parameters = covers.order_by().values_list("pk", "code").query.sql_with_params()
    except EmptyResultSet:
        raise ActivityRefused(_NO_SCHOOL) from None
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO activity_covered {query}", parameters)
        if cursor.rowcount < 1:
            raise ActivityRefused(_NO_SCHOOL)
    wrong: list[RowMistake] = []
    staging.fill("activity_rows", _staged_rows(rows, wrong))
    staging.fill("activity_chats", _staged_chats(chats, wrong))
    _refuse(wrong)
    with connection.cursor() as cursor:
        cursor.execute(_RESOLVE)


_NO_SCHOOL = "Нет ни одной школы, за которую вы могли бы передать данные. Обратитесь к координатору."


def _staged_rows(rows: Iterable[ActivityRow], wrong: list[RowMistake]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        counts = (row.messages, row.calls, row.logins)
        if problem := _problem(row.school, row.staff, counts):
            wrong.append(RowMistake(row.row, problem))
        else:
            yield (row.row, row.school.strip(), *_reference(row.staff), *counts)


def _staged_chats(rows: Iterable[ChatRow], wrong: list[RowMistake]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        if problem := _problem(row.school, row.chat, (row.messages,)):
            wrong.append(RowMistake(row.row, problem))
        else:
            yield (row.row, row.school.strip(), row.chat, row.messages)


def _problem(school: str, whom: int | str, counts: Iterable[int]) -> str:
    """Return what keeps a row from being staged, '' if nothing."""
    if not all(0 <= count <= MAX_COUNT for count in counts):
        return "Сообщения, звонки и входы — целые числа от 0 до ста миллионов. Исправьте число."
    if isinstance(whom, int) and not 0 < whom <= MAX_ID:
        return "Такого номера не бывает. Проверьте номер сотрудника или чата."
    if "\0" in f"{school}{whom}":
        return "В коде школы или в номере сотрудника стоит недопустимый знак. Впишите их заново."
    return ""


def _reference(staff: int | str) -> tuple[int | None, str | None, str | None]:
    """Return (our id, sealed СНИЛС, personnel number), all but one of them None; eleven agreeing digits are a СНИЛС."""
    if isinstance(staff, int):
        return staff, None, None
    snils = codes.clean_snils(staff)
    if snils.value and not snils.problem:
        return None, seal(snils.value), None
    return None, None, staff.strip() or None


def _refuse_mistakes(platform: Platform) -> None:
    found: list[RowMistake] = []
    with connection.cursor() as cursor:
        for rule in _RULES:
            query = rule.query.format(channels=_channels(platform))
            cursor.execute(f"{query} LIMIT {SHOWN_MISTAKES}")
            found += [RowMistake(number, rule.message) for (number,) in cursor.fetchall()]
    _refuse(found)


def _refuse(mistakes: Sequence[RowMistake]) -> None:
    if mistakes:
        first = sorted(mistakes)[:SHOWN_MISTAKES]
        raise ActivityRefused(
            f"Ничего не принято: в данных есть ошибки. Первая — строка {first[0].row}: {first[0].message}", first
        )


def _channels(platform: Platform) -> str:
    return numbers(tuple(channel.number for channel in platform.channels))


def _new_load(week: IsoWeek, platform: Platform, source: str, by: User | None, sha256: str) -> ActivityLoad:
    """Save the delivery's record; it belongs to the one school or the one region it covers, if there is one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), min(s.id), count(DISTINCT s.region_id), min(s.region_id)"
            " FROM activity_covered c JOIN schools_school s ON s.id = c.school_id"
        )
        schools, school, regions, region = cursor.fetchone()
    return ActivityLoad.objects.create(
        week=week.number,
        platform=platform.number,
        school_id=school if schools == 1 else None,
        region_id=region if regions == 1 else None,
        source=source[:120],
        sha256=sha256,
        schools_covered=schools,
        loaded_by=by,
    )


def _replace(load: ActivityLoad, platform: Platform, *, with_chats: bool) -> int:
    """Put the staged rows in the place of what was delivered before; return how many staff were active."""
    parameters = {"week": load.week, "platform": load.platform, "load": load.pk}
    with connection.cursor() as cursor:
        for statement in _REPLACE:
            cursor.execute(statement, parameters)
        active = cursor.rowcount
        for statement in _REPLACE_CHATS if with_chats else ():
            cursor.execute(statement.format(channels=_channels(platform)), parameters)
    return active
