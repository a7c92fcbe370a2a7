"""The rows checks look at: each source is rows of schools with whatever stands beside them, counted in one pass."""

from dataclasses import dataclass

from chats.use_cases import CLASS_CHAT_NUMBERS
from reports.counting.counts import numbers
from schools.kinds import GENERAL_KINDS
from schools.platforms import SFERUM
from schools.scope import Level


@dataclass(frozen=True, slots=True)
class Source:
    """Rows of one kind: what stands after FROM, a condition last, and the expression of a row's id.

    «{schools}» stands for the schools looked at (id, region_id, municipality_id, is_counted: whether indicators count
    the school) and is always called `s`. `kind` says how a row is shown (listing.py). Parameters: see counting.py.
    """

    key: str
    kind: str
    rows: str
    row: str
    units: tuple[str, str, str]  # what is found: one, few, many


_GENERAL = ", ".join(f"'{kind}'" for kind in GENERAL_KINDS)

# The schools looked at: those that work today; {place} narrows them.
OPEN_SCHOOLS = f"""
    SELECT id, region_id, municipality_id,
      CASE WHEN kind IN ({_GENERAL}) AND excluded_because = '' THEN 1 ELSE 0 END AS is_counted
    FROM schools_school
    WHERE (opened_on IS NULL OR opened_on <= %(today)s) AND (closed_on IS NULL OR closed_on > %(today)s){{place}}
"""  # noqa: S608  data of this portal, no input


def _here(alias: str) -> str:
    """Who has not left."""
    return f"({alias}.left_on IS NULL OR {alias}.left_on > %(today)s)"


def _twice(table: str, column: str, name: str, more: str = "") -> str:
    """Join what stands in more than one living row of a school: the same name, phone, e-mail or СНИЛС."""
    keys = ", ".join(f"q.{each}" for each in ("school_id", column, *more.split()))
    same = " AND ".join(f"{name}.{each} = p.{each}" for each in ("school_id", column, *more.split()))
    return f"""
        LEFT JOIN (
          SELECT {keys}, count(*) AS times FROM {table} q JOIN {{schools}} s ON s.id = q.school_id
          WHERE q.{column} <> '' AND {_here("q")} GROUP BY {keys} HAVING count(*) > 1
        ) {name} ON {same}
    """  # noqa: S608


_STAFF = f"""
    staff_staffmember p JOIN {{schools}} s ON s.id = p.school_id
    {_twice("staff_staffmember", "name_key", "same_name")}
    {_twice("staff_staffmember", "phone", "same_phone")}
    {_twice("staff_staffmember", "email", "same_email")}
    {_twice("staff_staffmember", "snils", "same_snils")}
    WHERE {_here("p")}
"""
_ACCOUNTS = """
    staff_staffaccount a JOIN {schools} s ON s.id = a.school_id JOIN staff_staffmember p ON p.id = a.staff_id
    WHERE a.profile_on IS NOT NULL AND (a.closed_on IS NULL OR a.closed_on > %(today)s)
"""
_CLASSES = f"""
    schools_schoolclass k JOIN {{schools}} s ON s.id = k.school_id
    LEFT JOIN (
      SELECT t.school_class_id, count(*) AS leaders, count(*) FILTER (WHERE {_here("q")}) AS present
      FROM staff_classteacher t JOIN staff_staffmember q ON q.id = t.staff_id JOIN {{schools}} s ON s.id = q.school_id
      GROUP BY t.school_class_id
    ) led ON led.school_class_id = k.id
    LEFT JOIN (
      SELECT q.school_class_id, count(*) AS pupils FROM schools_pupil q JOIN {{schools}} s ON s.id = q.school_id
      WHERE {_here("q")} AND q.school_class_id IS NOT NULL GROUP BY q.school_class_id
    ) filled ON filled.school_class_id = k.id
    LEFT JOIN (
      SELECT q.school_id, count(*) AS pupils FROM schools_pupil q JOIN {{schools}} s ON s.id = q.school_id
      WHERE {_here("q")} GROUP BY q.school_id
    ) roll ON roll.school_id = k.school_id
    WHERE k.year = %(school_year)s
"""  # noqa: S608
_PUPILS = f"""
    schools_pupil p JOIN {{schools}} s ON s.id = p.school_id
    LEFT JOIN schools_schoolclass k ON k.id = p.school_class_id
    LEFT JOIN (
      SELECT g.pupil_id, max(CASE WHEN q.phone <> '' AND q.phone = r.phone THEN 1 ELSE 0 END) AS same_phone
      FROM schools_pupil q JOIN {{schools}} s ON s.id = q.school_id JOIN schools_guardianship g ON g.pupil_id = q.id
      JOIN schools_guardian r ON r.id = g.guardian_id
      WHERE {_here("q")} GROUP BY g.pupil_id
    ) family ON family.pupil_id = p.id
    {_twice("schools_pupil", "name_key", "same_name")}
    {_twice("schools_pupil", "name_key", "same_birth", "born_on")}
    WHERE {_here("p")}
"""  # noqa: S608
_GUARDIANSHIPS = f"""
    schools_pupil p JOIN {{schools}} s ON s.id = p.school_id JOIN schools_guardianship g ON g.pupil_id = p.id
    WHERE {_here("p")}
"""
_GUARDIANS = f"""
    schools_guardian p JOIN {{schools}} s ON s.id = p.school_id
    LEFT JOIN (
      SELECT g.guardian_id, count(*) AS links, count(*) FILTER (WHERE {_here("q")} AND g.declined_on IS NULL) AS willing
      FROM schools_pupil q JOIN {{schools}} s ON s.id = q.school_id JOIN schools_guardianship g ON g.pupil_id = q.id
      GROUP BY g.guardian_id
    ) family ON family.guardian_id = p.id
    WHERE true
"""  # noqa: S608
_CARDS = f"""
    {{schools}} s JOIN schools_school c ON c.id = s.id
    LEFT JOIN (
      SELECT q.school_id, count(*) AS staff, count(*) FILTER (WHERE q.is_teacher) AS teachers
      FROM staff_staffmember q JOIN {{schools}} s ON s.id = q.school_id WHERE {_here("q")} GROUP BY q.school_id
    ) people ON people.school_id = s.id
    LEFT JOIN (
      SELECT q.school_id, count(*) AS classes FROM schools_schoolclass q JOIN {{schools}} s ON s.id = q.school_id
      WHERE q.year = %(school_year)s GROUP BY q.school_id
    ) year_classes ON year_classes.school_id = s.id
    LEFT JOIN (
      SELECT q.school_id, count(*) AS pupils FROM schools_pupil q JOIN {{schools}} s ON s.id = q.school_id
      WHERE {_here("q")} GROUP BY q.school_id
    ) roll ON roll.school_id = s.id
    LEFT JOIN (
      SELECT a.school_id, count(*) FILTER (WHERE a.ends_on IS NULL OR a.ends_on >= %(today)s) AS present,
        max(a.ends_on) AS last_on
      FROM schools_appointment a JOIN {{schools}} s ON s.id = a.school_id
      WHERE a.level = {Level.SCHOOL.value} AND a.starts_on <= %(today)s GROUP BY a.school_id
    ) heads ON heads.school_id = s.id
    LEFT JOIN (
      SELECT r.school_id, count(*) AS times FROM schools_schoolregistration r JOIN {{schools}} s ON s.id = r.school_id
      WHERE r.platform = {SFERUM.number} AND r.registered_on <= %(today)s
        AND (r.closed_on IS NULL OR r.closed_on > %(today)s) GROUP BY r.school_id
    ) registered ON registered.school_id = s.id
    LEFT JOIN (
      SELECT DISTINCT region_id FROM schools_municipality WHERE closed_on IS NULL
    ) divided ON divided.region_id = s.region_id
    LEFT JOIN (
      SELECT q.region_id, q.name_key, COALESCE(q.municipality_id, 0) AS town, count(*) AS times FROM schools_school q
      WHERE q.parent_id IS NULL AND (q.closed_on IS NULL OR q.closed_on > %(today)s)
        AND q.region_id IN (SELECT s.region_id FROM {{schools}} s)
      GROUP BY q.region_id, q.name_key, COALESCE(q.municipality_id, 0) HAVING count(*) > 1
    ) twins ON twins.region_id = c.region_id AND twins.name_key = c.name_key
      AND twins.town = COALESCE(c.municipality_id, 0)
    WHERE true
"""  # noqa: S608
_HEADS = f"""
    schools_appointment a JOIN {{schools}} s ON s.id = a.school_id JOIN schools_user u ON u.id = a.user_id
    WHERE a.level = {Level.SCHOOL.value} AND a.starts_on <= %(today)s
      AND (a.ends_on IS NULL OR a.ends_on >= %(today)s)
"""
# A row a platform: the last published week (w), the week before it (b), whether either of them was in holidays (rest),
# and whether any activity of the region was delivered (told).
_WEEKS = """
    reports_schoolweek w JOIN {schools} s ON s.id = w.school_id
    LEFT JOIN reports_schoolweek b
      ON b.rating_id = %(rating_before)s AND b.platform = w.platform AND b.school_id = w.school_id
    LEFT JOIN (
      SELECT q.id, count(*) AS times FROM schools_region q JOIN reports_holiday h
        ON h.region_id IS NULL OR h.region_id = q.id
      WHERE h.starts_on <= %(sunday)s AND h.ends_on >= %(monday_before)s GROUP BY q.id
    ) rest ON rest.id = s.region_id
    LEFT JOIN (
      SELECT DISTINCT q.region_id, q.platform FROM reports_schoolweek q
      WHERE q.rating_id = %(rating)s AND q.active IS NOT NULL AND q.region_id IN (SELECT s.region_id FROM {schools} s)
    ) told ON told.region_id = s.region_id AND told.platform = w.platform
    WHERE w.rating_id = %(rating)s
"""
_UPLOADS = "staff_staffimport i JOIN {schools} s ON s.id = i.school_id WHERE i.stage = 'planned'"
_ROSTERS = "staff_rosterimport i JOIN {schools} s ON s.id = i.school_id WHERE i.stage = 'planned'"
_CHATS = f"""
    chats_chat c JOIN {{schools}} s ON s.id = c.school_id
    LEFT JOIN staff_staffmember o ON o.id = c.owner_id
    LEFT JOIN schools_schoolclass k ON k.id = c.school_class_id
    LEFT JOIN (
      SELECT q.school_class_id, q.use_case, q.channel, count(*) AS times
      FROM chats_chat q JOIN {{schools}} s ON s.id = q.school_id
      WHERE q.school_class_id IS NOT NULL AND q.use_case IN ({numbers(CLASS_CHAT_NUMBERS)})
        AND (q.closed_on IS NULL OR q.closed_on > %(today)s)
      GROUP BY q.school_class_id, q.use_case, q.channel HAVING count(*) > 1
    ) same ON same.school_class_id = c.school_class_id AND same.use_case = c.use_case AND same.channel = c.channel
    WHERE (c.closed_on IS NULL OR c.closed_on > %(today)s)
"""  # noqa: S608

SOURCES = (
    Source("staff", "staff", _STAFF, "p.id", ("сотрудник", "сотрудника", "сотрудников")),
    Source("accounts", "account", _ACCOUNTS, "a.id", ("учётная запись", "учётные записи", "учётных записей")),
    Source("classes", "class", _CLASSES, "k.id", ("класс", "класса", "классов")),
    Source("pupils", "pupil", _PUPILS, "p.id", ("обучающийся", "обучающихся", "обучающихся")),
    Source("guardians", "guardian", _GUARDIANS, "p.id", ("представитель", "представителя", "представителей")),
    Source("links", "guardianship", _GUARDIANSHIPS, "g.id", ("представитель", "представителя", "представителей")),
    Source("cards", "school", _CARDS, "s.id", ("школа", "школы", "школ")),
    Source("heads", "appointment", _HEADS, "a.id", ("администратор", "администратора", "администраторов")),
    Source("weeks", "week", _WEEKS, "w.platform", ("площадка", "площадки", "площадок")),
    Source("uploads", "upload", _UPLOADS, "i.id", ("загрузка", "загрузки", "загрузок")),
    Source("rosters", "roster", _ROSTERS, "i.id", ("загрузка", "загрузки", "загрузок")),
    Source("chats", "chat", _CHATS, "c.id", ("чат", "чата", "чатов")),
)
SOURCE_BY_KEY = {source.key: source for source in SOURCES}
