"""Statements of a delivery of activity: what its rows are resolved to, which of them are wrong, what they replace.

Deliveries are staged in temporary tables first; `{channels}` stands for the numbers of the platform's channels.
"""

from dataclasses import dataclass

_COUNTS = {"messages": "integer", "calls": "integer", "logins": "integer"}
STAGED = {
    "activity_covered": {"school_id": "bigint", "code": "text"},
    "activity_rows": {
        "n": "integer",
        "code": "text",
        "staff_id": "bigint",
        "snils": "text",
        "personnel": "text",
        **_COUNTS,
    },
    "activity_chats": {
        "n": "integer",
        "code": "text",
        "chat_id": "bigint",
        "external_id": "text",
        "messages": "integer",
    },
    "activity_found": {
        "n": "integer",
        "school_id": "bigint",
        "staff_id": "bigint",
        "is_teacher": "boolean",
        **_COUNTS,
    },
    "activity_found_chats": {"n": "integer", "school_id": "bigint", "chat_id": "bigint", "messages": "integer"},
}
COVERED_REGIONS = (
    "SELECT DISTINCT s.region_id FROM activity_covered c JOIN schools_school s ON s.id = c.school_id ORDER BY 1"
)
COVERED_PLACES = (
    "SELECT count(*), min(s.id), count(DISTINCT s.region_id), min(s.region_id)"
    " FROM activity_covered c JOIN schools_school s ON s.id = c.school_id"
)

# Of a person's former and present rows in a school the present one is meant.
_STAFF_REFERENCES = ("m.id = a.staff_id", "m.snils = a.snils", "m.personnel_number = a.personnel")
_STAFF = " UNION ALL ".join(
    f"""SELECT a.n, m.school_id, m.id AS staff_id, m.is_teacher, a.messages, a.calls, a.logins,
      rank() OVER (PARTITION BY a.n ORDER BY CASE WHEN m.left_on IS NULL THEN 0 ELSE 1 END, m.left_on DESC) AS choice
    FROM activity_rows a JOIN activity_covered c ON c.code = a.code
    JOIN staff_staffmember m ON m.school_id = c.school_id AND {reference}"""  # noqa: S608
    for reference in _STAFF_REFERENCES
)
_CHATS = " UNION ALL ".join(
    f"""SELECT a.n, t.school_id, t.id, a.messages FROM activity_chats a JOIN activity_covered c ON c.code = a.code
    JOIN chats_chat t ON t.school_id = c.school_id AND t.channel IN ({{channels}}) AND {reference}"""  # noqa: S608
    for reference in ("t.id = a.chat_id", "t.external_id = a.external_id")
)
RESOLVE = (
    f"""INSERT INTO activity_found SELECT n, school_id, staff_id, is_teacher, messages, calls, logins
    FROM ({_STAFF}) candidates WHERE choice = 1""",  # noqa: S608
    f"INSERT INTO activity_found_chats {_CHATS}",
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A check of the staged rows of staff or of chats: the query returns the numbers of those that break it."""

    message: str
    query: str
    of_chats: bool = False


_ALIEN = "Этой школы нет среди тех, за которые вы передаёте данные. Проверьте код школы."
_OUTSIDE = "SELECT a.n FROM {} a LEFT JOIN activity_covered c ON c.code = a.code WHERE c.code IS NULL"
_LOST = "SELECT a.n FROM {} a JOIN activity_covered c ON c.code = a.code LEFT JOIN {} f ON f.n = a.n WHERE f.n IS NULL"
RULES = (
    Rule(_ALIEN, _OUTSIDE.format("activity_rows")),
    Rule(
        "В этой школе нет такого сотрудника. Проверьте СНИЛС, табельный номер или номер сотрудника.",
        _LOST.format("activity_rows", "activity_found"),
    ),
    Rule(
        "В этой школе несколько сотрудников с таким табельным номером. Укажите СНИЛС или номер сотрудника.",
        "SELECT n FROM activity_found GROUP BY n HAVING count(*) > 1",
    ),
    Rule(
        "Этот сотрудник уже назван в другой строке. Оставьте одну строку на сотрудника.",
        "SELECT max(n) FROM activity_found GROUP BY school_id, staff_id HAVING count(DISTINCT n) > 1",
    ),
    Rule(_ALIEN, _OUTSIDE.format("activity_chats"), of_chats=True),
    Rule(
        "В этой школе нет такого чата на этой площадке. Проверьте номер чата.",
        _LOST.format("activity_chats", "activity_found_chats"),
        of_chats=True,
    ),
    Rule(
        "В этой школе несколько чатов с таким номером на площадке. Укажите номер чата на портале.",
        "SELECT n FROM activity_found_chats GROUP BY n HAVING count(*) > 1",
        of_chats=True,
    ),
    Rule(
        "Этот чат уже назван в другой строке. Оставьте одну строку на чат.",
        "SELECT max(n) FROM activity_found_chats GROUP BY chat_id HAVING count(DISTINCT n) > 1",
        of_chats=True,
    ),
)
_OF_COVERED = "school_id IN (SELECT school_id FROM activity_covered)"
COVER = """
    INSERT INTO reports_activitycoverage (week, platform, school_id, load_id, has_chats)
    SELECT %(week)s, %(platform)s, school_id, %(load)s, %(has_chats)s FROM activity_covered WHERE true
    ORDER BY school_id
    ON CONFLICT (week, platform, school_id) DO UPDATE SET load_id = excluded.load_id,
      has_chats = reports_activitycoverage.has_chats OR excluded.has_chats
"""  # chats delivered before stay delivered
REPLACE_STAFF = (
    f"DELETE FROM reports_staffactivity WHERE week = %(week)s AND platform = %(platform)s AND {_OF_COVERED}",  # noqa: S608
    "INSERT INTO reports_staffactivity (week, platform, school_id, staff_id, is_teacher, messages, calls, logins)"
    " SELECT %(week)s, %(platform)s, school_id, staff_id, is_teacher, messages, calls, logins FROM activity_found"
    " WHERE messages + calls + logins > 0 ORDER BY school_id, staff_id",
)
REPLACE_CHATS = (
    f"DELETE FROM reports_chatactivity WHERE week = %(week)s AND {_OF_COVERED}"  # noqa: S608
    " AND chat_id IN (SELECT id FROM chats_chat WHERE channel IN ({channels}))",
    "INSERT INTO reports_chatactivity (week, school_id, chat_id, messages)"
    " SELECT %(week)s, school_id, chat_id, messages FROM activity_found_chats"
    " WHERE messages > 0 ORDER BY school_id, chat_id",
)
