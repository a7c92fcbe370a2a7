"""The page of a school: its week beside its municipality's, who of the staff is in, its rung, what is next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.urls import reverse

from reports.charts import Segment, stack
from reports.indicators import INDICATOR_BY_NUMBER, INDICATORS, MAIN_INDICATOR, Theme
from reports.models import RatingRow, SchoolWeek, UsageRule
from reports.reading import rows as read
from reports.reading.addresses import breakdown_url
from reports.reading.figures import Figure, Row, figure, shown_share, spark
from reports.reading.kept import kept
from reports.reading.lines import Curve, line_of
from reports.reading.weeks import HISTORY, Chosen
from schools.models import School
from schools.platforms import SFERUM
from schools.scope import Level
from schools.texts import counted, date_text, number, out_of, percent, plural
from staff.models import StaffImport, StaffMember

ENOUGH_FOR_MEDIAN = 5  # schools: a median of fewer would tell one from the other
WHERE = {
    "district": "в районе",
    "city_district": "в районе",
    "okrug": "в округе",
    "city_okrug": "в округе",
    "city": "в городе",
}
TEACHERS = ("педагог", "педагога", "педагогов")


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator of the school's week."""

    title: str
    url: str
    figure: Figure
    spark: Any
    median_text: str


@dataclass(frozen=True, slots=True)
class Roster:
    """Who of the teachers is in, today: counts only."""

    declared: int | None
    teachers: int
    confirmed: int
    profiles: int
    names_wrong: int

    @property
    def title(self) -> str:
        """«Педагоги: 56 из 74 внесены»."""
        if self.declared is None:
            return f"Педагоги: {counted(self.teachers, 'внесён', 'внесены', 'внесены')}"
        return (
            f"Педагоги: {out_of(self.teachers, self.declared)} {plural(self.teachers, 'внесён', 'внесены', 'внесены')}"
        )

    @property
    def segments(self) -> list[Segment]:
        """Confirmed, waiting for it, without a profile, and those of the declared number nobody has entered."""
        parts = [
            ("профиль подтверждён", self.confirmed, "ink"),
            ("профиль ждёт подтверждения", self.profiles - self.confirmed, "data"),
            ("внесены, профиля нет", self.teachers - self.profiles, "part"),
        ]
        if self.declared is not None and self.declared > self.teachers:
            parts.append(("не внесены", self.declared - self.teachers, "rest"))
        return stack(parts)


# Over a school's people of today, as the ORM writes them; by hand, for it takes longer to write the counts than the
# database to answer. A person has one account on a platform.
_ROSTER = """
    SELECT count(*) FILTER (WHERE m.is_teacher), count(*) FILTER (WHERE m.is_teacher AND a.confirmed_on IS NOT NULL),
      count(*) FILTER (WHERE m.is_teacher AND a.id IS NOT NULL), count(*) FILTER (WHERE m.name_issue <> '')
    FROM ({people}) m LEFT JOIN staff_staffaccount a
      ON a.staff_id = m.id AND a.platform = %s AND a.closed_on IS NULL AND a.profile_on IS NOT NULL
"""


def roster_of(school: School) -> Roster:
    """Count today's teachers with and without profiles on Сферум, and names that are not in order; one query."""
    working = StaffMember._default_manager.filter(school=school).working()  # type: ignore[attr-defined]
    people, values = working.order_by().values_list("id", "is_teacher", "name_issue").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_ROSTER.format(people=people), [*values, SFERUM.number])
        return Roster(school.declared_teachers, *cursor.fetchone())


@dataclass(frozen=True, slots=True)
class NextThing:
    """The one thing to do now: title, why, and where; `quiet` where all is well."""

    title: str
    text: str
    button: str
    url: str
    other: str = ""
    other_url: str = ""
    eyebrow: str = "Сейчас — одно дело"


def next_thing(
    school: School, roster: Roster, waiting: StaffImport | None, week: SchoolWeek | None
) -> NextThing | None:
    """The first of the things to do that is not done yet; None where all of them are."""
    upload = reverse("staff_upload", args=[school.pk])
    people = reverse("staff", args=[school.pk])
    if waiting is not None:
        return _waiting(waiting, upload)
    if not roster.teachers:
        text = "Шаблон с подсказками или ваш собственный файл: сначала покажем, что изменится."
        return NextThing("Внесите список сотрудников", text, "Загрузить список", upload)
    absent = (roster.declared or 0) - roster.teachers
    if absent > 0:
        text = f"По ОО-1 в школе {counted(roster.declared or 0, *TEACHERS)}, в списке — {number(roster.teachers)}."
        return NextThing(
            f"Внесите ещё {counted(absent, *TEACHERS)}", text, "Загрузить список", upload, "Открыть список", people
        )
    return _profiles(roster, people) or _silence(week, school)


def _waiting(waiting: StaffImport, upload: str) -> NextThing:
    day = date_text(waiting.created_at.date())
    mistakes = int(waiting.summary.get("mistakes") or 0)
    hints = int(waiting.summary.get("suggestions") or 0)
    url = waiting.get_absolute_url()
    rows = int(waiting.summary.get("waiting") or 0) or mistakes
    if mistakes:
        title = f"Исправьте {counted(rows, 'строку', 'строки', 'строк')} в загрузке от {day}"
        text = _meanwhile(waiting.summary)
        if hints:
            text = f"Готовых подсказок: {number(hints)}. {text}"
    else:
        title, text = (
            f"Подтвердите загрузку от {day}",
            "Файл прочитан, ничего ещё не изменено: посмотрите план и внесите.",
        )
    return NextThing(title, text, "Открыть загрузку", url, "Загрузить другой файл", upload)


def _meanwhile(counts: Mapping[str, Any]) -> str:
    """What becomes of the rows that have no mistake."""
    if any(counts.get(key) for key in ("new", "changed", "leaving")):
        return "Остальные строки можно внести и сейчас: эти подождут."
    return "Остальные строки совпадают со списком школы." if counts.get("same") else "Пока вносить нечего."


def _profiles(roster: Roster, people: str) -> NextThing | None:
    if roster.teachers > roster.profiles:
        n = roster.teachers - roster.profiles
        title = f"{counted(n, *TEACHERS)} без учебного профиля"
        return NextThing(
            title, "Профиль создаёт сам педагог; в списке видно, кому напомнить.", "Открыть список", people
        )
    if roster.profiles > roster.confirmed:
        n = roster.profiles - roster.confirmed
        title = f"Подтвердите {counted(n, 'профиль', 'профиля', 'профилей')}"
        return NextThing(title, "Подтверждает администратор школы на самой площадке.", "Кого подтвердить", people)
    if roster.names_wrong:
        title = f"Поправьте {counted(roster.names_wrong, 'имя', 'имени', 'имён')}"
        return NextThing(
            title, "Фамилия, имя и отчество — русскими буквами и каждое в своём поле.", "Открыть список", people
        )
    return None


def _silence(week: SchoolWeek | None, school: School) -> NextThing | None:
    if week is None or week.active != 0:
        return None
    url = reverse("breakdown", args=["school", school.pk, MAIN_INDICATOR.key])
    return NextThing(
        "За неделю в чатах никто не написал", "Начните с одного нужного сообщения классу.", "Кого нет", url
    )


def medians(school: School, chosen: Chosen) -> dict[int, str]:
    """The median of the municipality's schools by indicator, only where at least five of them were measured."""
    if chosen.rating is None or school.municipality_id is None:
        return {}
    numbers = [indicator.number for indicator in INDICATORS if not indicator.is_yes_or_no]
    found: dict[int, list[float]] = {}
    rows = RatingRow._default_manager.filter(
        rating=chosen.rating,
        indicator__in=numbers,
        level=Level.SCHOOL,
        region=school.region_id,
        municipality=school.municipality_id,
    ).values_list("indicator", "part", "whole")
    for number_of, part, whole in rows:
        share = shown_share(INDICATOR_BY_NUMBER[number_of], part, whole)
        if share is not None:
            found.setdefault(number_of, []).append(share)
    return {key: percent(read.median(values)) for key, values in found.items() if len(values) >= ENOUGH_FOR_MEDIAN}


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a rung: what is asked, how it stands (state of figures.state_chip)."""

    title: str
    state: str
    note: str


@dataclass(frozen=True, slots=True)
class Rung:
    """A rung of the ladder of indicator 10 with its conditions."""

    title: str
    state: str
    conditions: tuple[Condition, ...]


def ladder(week: SchoolWeek, rule: UsageRule) -> list[Rung]:
    """The three rungs under the rule of the revision shown, and which condition fails."""
    headless = rule.administrator_required and not week.administrators
    registration = "done" if week.registered else "locked" if headless else "todo"
    first = [Condition("зарегистрирована на площадке", registration, "")]
    if rule.administrator_required:
        first.append(Condition("администратор назначен", _state(bool(week.administrators)), ""))
    confirmed, teachers = week.confirmed or 0, week.teachers or 0
    enough = teachers and confirmed >= float(rule.filled_share) * teachers
    second = (
        Condition(
            f"профиль подтверждён у {percent(rule.filled_share, 0)} педагогов",
            _state(bool(enough)),
            out_of(confirmed, teachers) if teachers else "педагоги не внесены",
        ),
        Condition(
            "у каждого класса есть чат",
            _state(bool(week.classes) and week.classes_with_chat >= week.classes),
            out_of(week.classes_with_chat, week.classes) if week.classes else "классы не внесены",
        ),
    )
    return [
        Rung("1. Зарегистрирована", _rung(week.registered), tuple(first)),
        Rung("2. Наполнена", _rung(week.filled), second),
        Rung("3. Использует", _rung(week.uses), _activity(week, rule)),
    ]


def _activity(week: SchoolWeek, rule: UsageRule) -> tuple[Condition, ...]:
    if week.active is None:
        return (Condition("активность за неделю", "locked", "данных от оператора нет"),)
    asked = counted(rule.active_teachers, "педагога", "педагогов", "педагогов")
    conditions = [
        Condition(f"писали не меньше {asked}", _state(week.active >= rule.active_teachers), number(week.active)),
    ]
    if rule.active_chats:
        conditions.append(_living_chats(week.active_chats, rule.active_chats))
    if rule.active_share:
        conditions.append(_active_share(week.active, week.teachers, float(rule.active_share)))
    return tuple(conditions)


def _active_share(active: int, teachers: int | None, asked: float) -> Condition:
    title = f"писали не меньше {percent(asked, 0)}"
    if teachers is None:
        return Condition(title, "locked", "педагоги не внесены")
    share = active / teachers if teachers else 0.0
    return Condition(title, _state(share >= asked), percent(share))


def _living_chats(active: int | None, asked: int) -> Condition:
    title = f"живых чатов не меньше {number(asked)}"
    if active is None:
        return Condition(title, "locked", "данных о чатах от оператора нет")
    return Condition(title, _state(active >= asked), number(active))


def _state(met: bool) -> str:
    return "done" if met else "todo"


def _rung(value: int | None) -> str:
    return "locked" if value is None else "confirmed" if value else "todo"


def page(school: School, chosen: Chosen, waiting: StaffImport | None) -> dict[str, Any]:
    """Everything templates/reports/school.html shows beside the header."""
    current = chosen.rating.pk if chosen.rating else 0

    def read_all() -> tuple[dict[tuple[int, int], Row], dict[int, SchoolWeek], dict[int, str], UsageRule | None]:
        rows = read.place_rows(Level.SCHOOL, school.pk, chosen.history(HISTORY))
        weeks = {week.platform: week for week in SchoolWeek._default_manager.filter(rating=current, school=school)}
        return rows, weeks, medians(school, chosen), chosen.rating.rule if chosen.rating else None

    rows, weeks, middles, rule = kept(chosen, HISTORY, ("school", school.pk, school.municipality_id), read_all)
    week = weeks.get(SFERUM.number)
    wished = read.Goals(chosen.week, school.region_id)
    goals = wished.shares(Level.SCHOOL)
    goal = wished.at(Level.SCHOOL)[MAIN_INDICATOR.number]
    roster = roster_of(school)
    main = rows.get((current, MAIN_INDICATOR.number))
    return {
        "school": school,
        "counted": chosen.rating is not None and (week is not None or bool(rows)),
        "themes": _themes(school, chosen, rows, goals, middles),
        "with_medians": bool(middles),
        "places": _places(main, school),
        "roster": roster,
        "next": next_thing(school, roster, waiting, week),
        "week": week,
        "chats": _chats(week),
        "rungs": ladder(week, rule) if week and rule else [],
        "chart": line_of(Curve(Level.SCHOOL, school.pk, school.region, MAIN_INDICATOR, goal), chosen, rows),
        "small_number": settings.SMALL_NUMBER,
    }


def _themes(
    school: School, chosen: Chosen, rows: Mapping[tuple[int, int], Row], goals: Any, middles: Any
) -> list[tuple[str, list[Line]]]:
    """The indicators of schools by theme: those of every school, and those whose figures somebody has begun to give."""
    current = chosen.rating.pk if chosen.rating else 0
    shown = [
        each for each in INDICATORS if each.base == Level.SCHOOL and (not each.waits or (current, each.number) in rows)
    ]
    themes = [(theme.value, [each for each in shown if each.theme == theme]) for theme in Theme]
    return [
        (title, [_line(school, chosen, rows, each, goals, middles) for each in indicators])
        for title, indicators in themes
        if indicators
    ]


def _line(
    school: School, chosen: Chosen, rows: Mapping[tuple[int, int], Row], indicator: Any, goals: Any, middles: Any
) -> Line:
    row = rows.get((chosen.rating.pk if chosen.rating else 0, indicator.number))
    return Line(
        title=indicator.short_name,
        url=breakdown_url(Level.SCHOOL, school.pk, indicator, chosen),
        figure=figure(row, indicator, goals[indicator.number], Level.SCHOOL),
        spark=spark(read.shares_of(rows, chosen.history(HISTORY), indicator)),
        median_text=middles.get(indicator.number, ""),
    )


def _places(row: Row | None, school: School) -> list[dict[str, Any]]:
    """«Место в районе: 31 из 47 ▲ 4», only where the school is ranked and not too small."""
    if row is None or shown_share(MAIN_INDICATOR, row.part, row.whole) is None:
        return []
    places = []
    if row.local_rank and row.local_ranked and school.municipality:
        move = row.local_rank_before - row.local_rank if row.local_rank_before else None
        places.append(
            {
                "where": WHERE.get(school.municipality.kind, "в муниципалитете"),
                "rank": row.local_rank,
                "of": row.local_ranked,
                "move": move,
            }
        )
    if row.rank and row.ranked:
        move = row.rank_before - row.rank if row.rank_before else None
        places.append({"where": "в регионе", "rank": row.rank, "of": row.ranked, "move": move})
    return places


def _chats(week: SchoolWeek | None) -> list[dict[str, str]]:
    """What is known of the chats of the week."""
    if week is None:
        return []
    return [
        {
            "label": "Классы с чатом",
            "text": out_of(week.classes_with_chat, week.classes) if week.classes else "классы не внесены",
        },
        {"label": "Чатов всего", "text": number(week.chats)},
        {"label": "Из них писали за неделю", "text": number(week.active_chats)},
    ]
