"""The country data set of the benchmarks, made inside the database: 89 regions, 2 300 municipalities, 40 000 schools."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from reports.weeks import IsoWeek

SCHOOLS = 40_000
WEEKS = 8
_LISTED = "s % 41 > 0"  # the other schools never gave a list of their staff


@dataclass(frozen=True, slots=True)
class Dataset:
    """Schools numbered first..last, each with so many people, 17 classes and 12 chats, and so many weeks up to `week`."""

    first: int
    last: int
    week: int = 202647
    weeks: int = WEEKS
    regions: int = 89
    per_municipality: int = 17
    people: int = 32


def fill(data: Dataset) -> None:
    """Add a data set to the present database and refresh the planner's statistics; foreign keys are not checked."""
    with connection.cursor() as cursor:
        _begin(cursor)
        for statement in _statements(data):
            cursor.execute(statement)
        cursor.execute("SET session_replication_role = origin" if _is_postgres() else "PRAGMA foreign_keys=ON")
        cursor.execute("VACUUM ANALYZE" if _is_postgres() else "ANALYZE")


def _is_postgres() -> bool:
    return connection.vendor == "postgresql"


def _begin(cursor: Any) -> None:
    cursor.execute("SET session_replication_role = replica" if _is_postgres() else "PRAGMA foreign_keys=OFF")
    cursor.execute("CREATE TEMP TABLE IF NOT EXISTS n (n integer PRIMARY KEY)")
    cursor.execute("CREATE TEMP TABLE IF NOT EXISTS s (s bigint PRIMARY KEY, m bigint, r bigint)")
    cursor.execute("DELETE FROM n")
    cursor.execute("DELETE FROM s")
    cursor.execute(
        "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 100) INSERT INTO n SELECT x FROM c"
    )


def _day(text: str) -> str:
    return f"DATE '{text}'" if _is_postgres() else f"'{text}'"


def _statements(data: Dataset) -> list[str]:
    return [*_places(data), *_people(data), *_classes(), *_told(), *_activity(data)]


def _places(data: Dataset) -> list[str]:
    regions = f"(SELECT id, row_number() OVER (ORDER BY id) AS k FROM schools_region ORDER BY id LIMIT {data.regions})"
    municipality = f"(x + {data.per_municipality - 1}) / {data.per_municipality}"
    return [
        f"""WITH RECURSIVE c(x) AS (SELECT {data.first} UNION ALL SELECT x + 1 FROM c WHERE x < {data.last})
            INSERT INTO s SELECT x, {municipality}, r.id FROM c JOIN {regions} r ON r.k = {municipality} % {data.regions} + 1""",
        """INSERT INTO schools_municipality (id, region_id, name, name_key, kind, oktmo)
            SELECT m, min(r), 'Район ' || m, 'район ' || m, 'district', '' FROM s
            WHERE m NOT IN (SELECT id FROM schools_municipality) GROUP BY m""",
        """INSERT INTO schools_school (id, code, region_id, municipality_id, full_name, short_name, name_key, kind,
              subordination, inn, kpp, ogrn, oktmo, excluded_because, address, phone, email, website, director_name,
              declared_teachers, declared_pupils, external_id, updated_at)
            SELECT s, 'S' || s, r, CASE WHEN s % 20 = 0 THEN NULL ELSE m END, 'Школа № ' || s, 'Школа ' || s, 'школа ' || s,
              CASE WHEN s % 50 = 7 THEN 'preschool' ELSE 'school' END, 'municipal', '', '', '', '', '', '', '', '', '', '',
              CASE WHEN s % 71 = 0 THEN NULL ELSE 18 + s % 13 END, 300 + s % 200, '', CURRENT_TIMESTAMP FROM s""",
        f"""INSERT INTO schools_schoolregistration (school_id, platform, channel, external_id, registered_on)
            SELECT s, n, CASE n WHEN 1 THEN 1 + s % 2 ELSE 3 END, '', {_day("2024-09-02")} FROM s JOIN n ON n <= 2
            WHERE s % 23 > 0""",
        """INSERT INTO schools_user (id, password, is_superuser, username, first_name, last_name, email, is_staff,
              is_active, date_joined, patronymic)
            SELECT s, '!', CAST('0' AS boolean), 'u' || s, '', '', '', CAST('0' AS boolean), CAST('1' AS boolean),
              CURRENT_TIMESTAMP, '' FROM s WHERE s % 31 > 0""",
        f"""INSERT INTO schools_appointment (user_id, level, school_id, starts_on, order_number)
            SELECT s, 4, s, {_day("2025-09-01")}, '' FROM s WHERE s % 31 > 0""",
    ]


_SUBJECTS = ("", "физика", "русский язык, литература", "математика", "история", "химия, биология", "информатика", "")
_POSITIONS = (
    "директор",
    "заместитель директора по УВР",
    "заместитель директора по воспитательной работе",
    "педагог-психолог",
    "учитель-логопед",
    "библиотекарь",
    "инженер-программист",
    "рабочий по обслуживанию здания",
)
_OTHERS = 60  # people of schools call their work a little differently


def _position() -> str:
    """Positions of a person: the first ones are those every school has, then teachers in many words."""
    first = " ".join(f"WHEN {number} THEN '{text}'" for number, text in enumerate(_POSITIONS, start=1))
    return f"CASE n {first} ELSE 'учитель' || CASE WHEN (s + n) % 3 = 0 THEN ' ' || (s * 7 + n) % {_OTHERS} ELSE '' END END"


def _subject() -> str:
    listed = " ".join(f"WHEN {number} THEN '{text}'" for number, text in enumerate(_SUBJECTS))
    return f"CASE (s + n * 3) % {len(_SUBJECTS)} {listed} END"


def _people(data: Dataset) -> list[str]:
    return [
        f"""INSERT INTO staff_staffmember (id, school_id, last_name, first_name, patronymic, no_patronymic, name_key, snils,
              position, is_teacher, subjects, role, phone, email, employment, personnel_number, hired_on, left_on, note,
              name_issue, version, updated_at)
            SELECT s * 100 + n, s, 'Фамилия', 'Имя', 'Отчество', CAST('0' AS boolean), 'фамилия имя отчество ' || n, '',
              {_position()}, CAST(CASE WHEN n % 4 > 0 THEN '1' ELSE '0' END AS boolean), {_subject()}, 'teacher', '', '', 'main',
              CAST(n AS varchar(9)), {_day("2020-09-01")}, CASE WHEN (s + n) % 40 = 0 THEN {_day("2026-06-30")} END, '',
              CASE WHEN (s * 7 + n * 13) % 19 = 0 THEN 'latin' ELSE '' END, 1, CURRENT_TIMESTAMP
            FROM s JOIN n ON n <= {data.people} + s % 2 WHERE {_LISTED}""",
        f"""INSERT INTO staff_staffaccount (staff_id, school_id, platform, channel, is_teacher, profile_on, confirmed_on)
            SELECT s * 100 + n.n, s, p.n, CASE p.n WHEN 1 THEN 1 ELSE 3 END,
              CAST(CASE WHEN n.n % 4 > 0 THEN '1' ELSE '0' END AS boolean),
              CASE WHEN (s * 3 + n.n * 11) % 17 > p.n THEN {_day("2025-10-01")} END,
              CASE WHEN (s * 3 + n.n * 11) % 17 > p.n + s % 5 THEN {_day("2025-11-01")} END
            FROM s JOIN n ON n.n <= {data.people} + s % 2 JOIN n p ON p.n <= 2 WHERE {_LISTED}""",
    ]


def _classes() -> list[str]:
    return [
        f"""INSERT INTO staff_classteacher (staff_id, school_class_id)
            SELECT s * 100 + 8 + n, s * 40 + n FROM s JOIN n ON n <= 16 WHERE {_LISTED}""",
        """INSERT INTO schools_schoolclass (id, school_id, year, grade, letter, declared_pupils)
            SELECT s * 40 + n, s, 2026, 1 + n % 11, CAST(n / 11 AS varchar(1)), 25 FROM s JOIN n ON n <= 17 + s % 2""",
        f"""INSERT INTO chats_chat (id, school_id, use_case, school_class_id, area, channel, title, opened_on)
            SELECT s * 40 + n, s, CASE WHEN n <= 8 THEN 14 + n % 2 ELSE 1 + (s + n) % 13 END,
              CASE WHEN n <= 8 THEN s * 40 + n END, CASE WHEN n > 8 THEN 1 + n % 7 END, 1 + (s + n) % 2, 'Чат', {_day("2026-09-05")}
            FROM s JOIN n ON n <= 12""",
        f"""INSERT INTO chats_chosencase (school_id, use_case, chosen_on)
            SELECT s, CASE n WHEN 1 THEN 4 WHEN 2 THEN 16 ELSE 23 END, {_day("2026-09-01")} FROM s
            JOIN n ON n <= 3 AND (s + n) % 5 = 0""",
    ]


def _told() -> list[str]:
    """Steps as they stand, and what the operator of Сферум says of pupils in the last week."""
    return [
        f"""INSERT INTO reports_schoolstep (school_id, number, region_id, municipality_id, state, part, whole, excused,
              mistakes, is_manual, moved_on, since_on)
            SELECT c.id, n, c.region_id, c.municipality_id, (c.id + n) % 7, 0, 1, 0, 0, CAST('0' AS boolean),
              {_day("2026-10-01")}, {_day("2026-10-01")}
            FROM schools_school c JOIN s ON s.s = c.id JOIN n ON n <= 9""",
        """INSERT INTO reports_figureload (id, week, period, platform, level, source, sha256, schools, loaded_at, stage, file_name,
              mapping, summary)
            SELECT 1, 202647, 1, 1, 4, 'bench', '', 0, CURRENT_TIMESTAMP, 'applied', '', '{}', '{}'
            WHERE NOT EXISTS (SELECT 1 FROM reports_figureload)""",
        """INSERT INTO reports_schoolfigure (week, platform, school_id, figure, period, value, load_id)
            SELECT 202647, 1, s, 8, 1, 100 + s % 250, 1 FROM s WHERE s % 9 > 0 ORDER BY s""",
    ]


def _activity(data: Dataset) -> list[str]:
    weeks = [week.number for week in IsoWeek.from_number(data.week).back(data.weeks)]
    made: list[str] = []
    for week in weeks:
        made += [
            f"""INSERT INTO reports_activityload (id, week, platform, source, sha256, rows, schools_covered, loaded_at)
                SELECT {week} * 10 + n, {week}, n, 'bench', '', 0, 0, CURRENT_TIMESTAMP FROM n
                WHERE n <= 2 AND {week} * 10 + n NOT IN (SELECT id FROM reports_activityload)""",
            f"""INSERT INTO reports_activitycoverage (week, platform, school_id, load_id, has_chats)
                SELECT {week}, n, s, {week} * 10 + n, CAST(CASE WHEN n = 1 AND s % 37 > 0 THEN '1' ELSE '0' END AS boolean) FROM s JOIN n ON n <= 2 WHERE (s + n) % 50 > 0
                ORDER BY n, s""",
            f"""INSERT INTO reports_staffactivity (week, platform, school_id, staff_id, is_teacher, messages, calls, logins)
                SELECT {week}, p.n, s, s * 100 + n.n, CAST(CASE WHEN n.n % 4 > 0 THEN '1' ELSE '0' END AS boolean),
                  CASE WHEN p.n = 1 THEN 1 + (s + n.n) % 9 ELSE 0 END, 0, CASE WHEN p.n = 2 THEN 3 ELSE 0 END
                FROM s JOIN n ON n.n <= {data.people} + s % 2 JOIN n p ON p.n <= 2
                WHERE {_LISTED} AND (s * 5 + n.n * 7 + {week}) % 11 < CASE WHEN p.n = 1 THEN 2 + s % 6 ELSE 1 + s % 3 END
                ORDER BY p.n, s, n.n""",
            f"""INSERT INTO reports_chatactivity (week, school_id, chat_id, messages)
                SELECT {week}, s, s * 40 + n, 5 FROM s JOIN n ON n <= 12 WHERE (s + n * 3 + {week}) % 2 = 0
                ORDER BY s, n""",
        ]
    return made
