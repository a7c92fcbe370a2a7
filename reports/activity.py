"""Taking in the activity of a week: staged, resolved in bulk within the covered schools, replaced or refused whole."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from reports import activity_sql as sql
from reports import staging
from reports.counting import engine
from reports.counting.counts import CHATTING, numbers
from reports.models import ActivityLoad
from reports.weeks import IsoWeek
from schools import codes
from schools.models import School, User
from schools.platforms import Platform
from schools.sealed import seal

MAX_COUNT = 100_000_000  # of messages, calls or log-ins in one row: three of them still add up in 32 bits
MAX_ID = 2**63 - 1
SHOWN_MISTAKES = 100


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
    """How many messages a chat had in the week; `chat` is our id if a number, else its number on the platform."""

    row: int
    school: str
    chat: int | str
    messages: int = 0


@dataclass(frozen=True, slots=True, order=True)
class RowMistake:
    """What is wrong with a row of staff or of chats, said without naming anybody."""

    row: int
    message: str
    of_chats: bool = False

    def __str__(self) -> str:
        return f"{'чаты, ' if self.of_chats else ''}строка {self.row}: {self.message}"


class ActivityRefused(ValueError):
    """Nothing was taken in: the text says why, `mistakes` names up to 100 of the rows to put right."""

    def __init__(self, message: str, mistakes: Sequence[RowMistake] = ()) -> None:
        super().__init__(message)
        self.mistakes = tuple(mistakes)


class ActivityBusy(ActivityRefused):
    """Another delivery for the same week, platform and region is being taken in: the same will do in a moment."""


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

    Without `chats` nothing is said of chats: what was delivered of them stays; if nothing was, they are not known.
    Another delivery for the same week, platform and schools replaces this one. What is published does not move: late
    data reaches the next revision. Raises ActivityRefused, and ActivityBusy where it is worth trying again.
    """
    if week.monday > timezone.localdate():
        raise ActivityRefused(f"Неделя {week} ещё не началась: активности за неё быть не может.")
    if chats is not None and platform.number not in CHATTING:
        raise ActivityRefused(f"На площадке «{platform.full_name}» чаты не считают: передайте данные без них.")
    staging.create(sql.STAGED)
    _stage(covers, rows, chats or ())
    _resolve(platform)
    _hold_regions(week, platform)
    load = _new_load(week, platform, source, by, sha256)
    load.rows = _replace(load, platform, with_chats=chats is not None)
    load.save(update_fields=["rows"])
    staging.drop(sql.STAGED)
    return load


_NO_SCHOOL = "Нет ни одной школы, за которую вы могли бы передать данные. Обратитесь к координатору."


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
    staging.fill("activity_rows", sql.STAGED["activity_rows"], _staged_rows(rows, wrong))
    staging.fill("activity_chats", sql.STAGED["activity_chats"], _staged_chats(chats, wrong))
    _refuse(wrong)


def _staged_rows(rows: Iterable[ActivityRow], wrong: list[RowMistake]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        counts = (row.messages, row.calls, row.logins)
        if problem := _problem(row.school, row.staff, counts):
            wrong.append(RowMistake(row.row, problem))
        else:
            yield (row.row, row.school.strip(), *_staff_reference(row.staff), *counts)


def _staged_chats(rows: Iterable[ChatRow], wrong: list[RowMistake]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        if problem := _problem(row.school, row.chat, (row.messages,)):
            wrong.append(RowMistake(row.row, problem, of_chats=True))
        else:
            reference = (row.chat, None) if isinstance(row.chat, int) else (None, row.chat.strip() or None)
            yield (row.row, row.school.strip(), *reference, row.messages)


def _problem(school: str, whom: int | str, counts: Iterable[int]) -> str:
    """Return what keeps a row from being staged, '' if nothing."""
    if not all(0 <= count <= MAX_COUNT for count in counts):
        return "Сообщения, звонки и входы — целые числа от 0 до ста миллионов. Исправьте число."
    if isinstance(whom, int) and not 0 < whom <= MAX_ID:
        return "Такого номера не бывает. Проверьте номер сотрудника или чата."
    if any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in f"{school}{whom}"):
        return "В коде школы или в номере стоит недопустимый знак, например перенос строки. Впишите их одной строкой."
    return ""


def _staff_reference(staff: int | str) -> tuple[int | None, str | None, str | None]:
    """Return (our id, sealed СНИЛС, personnel number), all but one of them None; eleven agreeing digits are a СНИЛС."""
    if isinstance(staff, int):
        return staff, None, None
    snils = codes.clean_snils(staff)
    if snils.value and not snils.problem:
        return None, seal(snils.value), None
    return None, None, staff.strip() or None


def _resolve(platform: Platform) -> None:
    """Find the staff and the chats meant, within the covered schools; refuse the delivery if a row breaks a rule."""
    found: list[RowMistake] = []
    with connection.cursor() as cursor:
        for statement in sql.RESOLVE:
            cursor.execute(statement.format(channels=_channels(platform)))
        for rule in sql.RULES:
            cursor.execute(f"{rule.query} LIMIT {SHOWN_MISTAKES}")
            found += [RowMistake(number, rule.message, rule.of_chats) for (number,) in cursor.fetchall()]
    _refuse(found)


def _refuse(mistakes: Sequence[RowMistake]) -> None:
    if mistakes:
        first = sorted(mistakes)[:SHOWN_MISTAKES]
        raise ActivityRefused(f"Ничего не принято: в данных есть ошибки. Первая — {first[0]}", first)


def _channels(platform: Platform) -> str:
    return numbers(tuple(channel.number for channel in platform.channels))


def _hold_regions(week: IsoWeek, platform: Platform) -> None:
    """Let one delivery after another replace a region's rows of a week; regions do not wait for each other.

    Taken after all that can be refused and in the order of ids, so that it is short and no two wait crosswise.
    """
    with connection.cursor() as cursor:
        cursor.execute(sql.COVERED_REGIONS)
        regions = [region for (region,) in cursor.fetchall()]
    for region in regions:
        if not engine.held_in_time((platform.number * 1_000_000 + week.number) * 1_000_000 + region):
            raise ActivityBusy(
                f"Прямо сейчас принимается другое поступление за неделю {week} по тем же школам. "
                "Повторите через минуту."
            )


def _new_load(week: IsoWeek, platform: Platform, source: str, by: User | None, sha256: str) -> ActivityLoad:
    """Save the delivery's record; it belongs to the one school or the one region it covers, if there is one."""
    with connection.cursor() as cursor:
        cursor.execute(sql.COVERED_PLACES)
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
    parameters = {"week": load.week, "platform": load.platform, "load": load.pk, "has_chats": with_chats}
    with connection.cursor() as cursor:
        cursor.execute(sql.COVER, parameters)
        for statement in sql.REPLACE_STAFF:
            cursor.execute(statement, parameters)
        active = cursor.rowcount
        for statement in sql.REPLACE_CHATS if with_chats else ():
            cursor.execute(statement.format(channels=_channels(platform)), parameters)
    return active
