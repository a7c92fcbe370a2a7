"""Columns of the staff spreadsheet: heading, other spellings, cleaner, what the template shows, why it is asked."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from schools.codes import Problem, clean_email, clean_mobile, clean_snils
from schools.headers import Column, HeaderMatch, Headers, Row
from schools.values import clean_classes, clean_flag
from staff import names
from staff.columns import cleaners
from staff.columns.positions import clean_position, is_teaching_position

__all__ = ["COLUMNS", "COLUMN_BY_KEY", "CleanRow", "clean_row", "is_teaching_position", "match_headers"]

YES_NO = ("да", "нет")

COLUMNS = (
    Column(
        "row_key",
        "Код строки",
        cleaners.clean_row_key,
        ("row_key", "Ключ строки", "Идентификатор сотрудника"),
        hidden=True,
        note="По нему узнаём сотрудника при повторной загрузке. Не меняйте.",
    ),
    Column(
        "last_name",
        "Фамилия",
        names.clean_last_name,
        ("Фам", "Фамилия сотрудника", "Фамилия педагога", "Фамилия работника", "surname", "last name", "lastname"),
        required=True,
        width=20,
        example="Каренина",
        note="Русскими буквами, как в паспорте.",
    ),
    Column(
        "first_name",
        "Имя",
        names.clean_first_name,
        ("Имя сотрудника", "Имя педагога", "Имя работника", "first name", "firstname", "name"),
        required=True,
        width=16,
        example="Ольга",
        note="Только имя: отчество — в своём столбце.",
    ),
    Column(
        "patronymic",
        "Отчество",
        names.clean_patronymic,
        ("Отч", "Отчество при наличии", "Отчество сотрудника", "patronymic", "middle name", "middlename"),
        width=20,
        example="Семёновна",
        note="Если отчества нет по документам, так и впишите: «нет по документам».",
    ),
    Column(
        "full_name",
        "ФИО",
        cleaners.clean_full_name,
        (
            "Ф.И.О.",
            "Ф. И. О.",
            "ФИО сотрудника",
            "ФИО педагога",
            "ФИО учителя",
            "ФИО работника",
            "Фамилия, имя, отчество",
            "Фамилия Имя",
            "Сотрудник",
            "Педагог",
            "Ф.И.О. полностью",
            "full name",
            "fullname",
        ),
        in_template=False,
        width=36,
        note="Разделим на фамилию, имя и отчество сами.",
    ),
    Column(
        "snils",
        "СНИЛС",
        clean_snils,
        ("Страховой номер", "Номер СНИЛС", "СНИЛС сотрудника", "snils", "Страховое свидетельство"),
        example="",
        note="По нему узнаём человека при смене фамилии. Виден только вашей школе, можно не заполнять.",
    ),
    Column(
        "born_on",
        "Дата рождения",
        cleaners.clean_birth_date,
        ("Др", "Д.р.", "Д/р", "Родился", "День рождения", "Дата рожд", "birthday", "birth date", "date of birth"),
        width=14,
        example="05.09.1980",
        note="Помогает не спутать однофамильцев.",
    ),
    Column(
        "position",
        "Должность",
        clean_position,
        ("Должн", "Должность по штатному расписанию", "Занимаемая должность", "position", "job title"),
        width=30,
        choices=(
            "директор",
            "заместитель директора",
            "учитель",
            "учитель начальных классов",
            "воспитатель",
            "педагог-психолог",
            "педагог-организатор",
            "педагог-библиотекарь",
            "педагог дополнительного образования",
            "преподаватель-организатор ОБЗР",
            "социальный педагог",
            "советник директора по воспитанию",
            "старший вожатый",
            "тьютор",
            "учитель-логопед",
            "учитель-дефектолог",
            "методист",
            "библиотекарь",
            "секретарь",
        ),
        example="учитель",
        note="По ней считаем педагогов. Можно вписать свою.",
    ),
    Column(
        "subjects",
        "Предметы",
        cleaners.clean_subjects,
        (
            "Предмет",
            "Предмет(ы)",
            "Преподаваемый предмет",
            "Преподаваемые предметы",
            "Дисциплина",
            "Дисциплины",
            "subject",
        ),
        width=26,
        example="алгебра, геометрия",
        note="Через запятую. Нужны для чатов учителей-предметников.",
    ),
    Column(
        "leads_classes",
        "Классное руководство",
        clean_classes,
        (
            "Классный руководитель",
            "Кл. рук.",
            "Кл. руководство",
            "Классное рук-во",
            "Класс",
            "Руководит классом",
            "Классы",
        ),
        example="7Б",
        note="Класс или несколько через запятую: от него заводим чаты с учениками и родителями.",
    ),
    Column(
        "phone",
        "Мобильный телефон",
        clean_mobile,
        (
            "Телефон",
            "Тел",
            "Моб. тел.",
            "Моб. телефон",
            "Мобильный",
            "Сотовый телефон",
            "Сотовый",
            "Номер телефона",
            "Контактный телефон",
            "phone",
            "mobile",
        ),
        width=20,
        example="+7 900 000-14-02",
        note="По нему входят в «Сферум».",
    ),
    Column(
        "email",
        "Электронная почта",
        clean_email,
        ("Почта", "Эл. почта", "Эл почта", "E-mail", "Email", "Mail", "Адрес электронной почты", "Эл. адрес"),
        width=28,
        example="karenina@school.example",
        note="На неё приходит приглашение Госуслуг.",
    ),
    Column(
        "role",
        "Роль",
        cleaners.clean_role,
        ("Роль в Сферум", "Роль в Сферуме", "Роль на платформе", "Роли", "role"),
        width=12,
        choices=("учитель", "сотрудник"),
        example="учитель",
        note="Все взрослые — в роли учителя.",
    ),
    Column(
        "has_profile",
        "Учебный профиль",
        clean_flag,
        ("Учебный профиль (да/нет)", "Профиль", "Профиль создан", "Есть профиль", "Зарегистрирован в Сферум"),
        width=12,
        choices=YES_NO,
        example="да",
        note="Создан ли учебный профиль в «Сферум».",
    ),
    Column(
        "is_confirmed",
        "Статус подтверждён",
        clean_flag,
        ("Подтверждён", "Статус учителя подтверждён", "Подтверждение статуса", "Статус учителя", "Подтверждение"),
        width=12,
        choices=YES_NO,
        example="да",
        note="Подтверждён ли статус учителя в настройках профиля.",
    ),
    Column(
        "employment",
        "Занятость",
        cleaners.clean_employment,
        ("Место работы", "Вид занятости", "Основное место или совместитель", "Совместительство", "Тип занятости"),
        width=18,
        choices=("основное место", "совместитель"),
        example="основное место",
        note="Совместителя считаем один раз по региону.",
    ),
    Column(
        "rate",
        "Ставка",
        cleaners.clean_rate,
        ("Нагрузка", "Доля ставки", "Размер ставки", "Кол-во ставок", "Количество ставок", "Ставки"),
        width=10,
        example="1",
        note="От 0,25 до 2.",
    ),
    Column(
        "personnel_number",
        "Табельный номер",
        cleaners.clean_personnel_number,
        ("Таб. номер", "Таб. №", "Табельный №", "Внешний ID", "Табельный номер/внешний ID", "ID сотрудника", "Таб"),
        width=14,
        example="0127",
        note="Номер в вашей кадровой системе: по нему тоже узнаём человека.",
    ),
    Column(
        "hired_on",
        "Дата приёма",
        cleaners.clean_work_date,
        ("Принят", "Дата приема на работу", "Дата начала работы", "Дата трудоустройства", "Работает с"),
        width=14,
        example="01.09.2019",
        note="С этого дня входит в число педагогов.",
    ),
    Column(
        "left_on",
        "Дата увольнения",
        cleaners.clean_work_date,
        ("Уволен", "Выбыл", "Дата выбытия", "Дата окончания работы", "Работал по"),
        width=14,
        note="С этого дня не входит в число педагогов.",
    ),
    Column(
        "note",
        "Примечание",
        cleaners.clean_note,
        ("Примечания", "Комментарий", "Заметки", "Прим"),
        width=30,
        note="Для себя, до 300 знаков.",
    ),
    Column(
        "sex",
        "Пол",
        cleaners.ignore,
        ("М/Ж", "Пол сотрудника", "sex", "gender"),
        in_template=False,
        is_ignored=True,
        note="Не храним: для отчётов пол не нужен.",
    ),
    Column(
        "line_number",
        "№",
        cleaners.ignore,
        ("№ п/п", "п/п", "№пп", "№ п.п.", "N п/п", "N", "No", "Номер п/п", "Номер строки"),
        in_template=False,
        is_ignored=True,
        note="Порядковый номер не храним: он меняется от файла к файлу.",
    ),
)
COLUMN_BY_KEY: Mapping[str, Column] = {column.key: column for column in COLUMNS}

NAMES_NEEDED = (("last_name", "first_name"), ("full_name",))
_FOREIGN = ("родител", "представител", "ученик", "учащ", "обучающ", "ребен", "матер", "отца", "директор", "организац")
_HEADERS = Headers(COLUMNS, NAMES_NEEDED, sheet="списка сотрудников", foreign=_FOREIGN)


def match_headers(rows: Sequence[Row], mapping: Mapping[int, str] | None = None) -> HeaderMatch:
    """Find the header of a staff list in rows of text; see `schools.headers.Headers.match`."""
    return _HEADERS.match(rows, mapping)


class CleanRow(NamedTuple):
    """A row, read: `values` holds a typed value for each column of the sheet, names always in three fields and a flag.

    `problems` are (key of the column, Problem): where the name came as ФИО, its problems are of the column full_name,
    but for a missing patronymic, which is of its own.
    """

    values: dict[str, Any]
    problems: tuple[tuple[str, Problem], ...]

    @property
    def is_mistaken(self) -> bool:
        """Whether the row has to wait."""
        return any(problem.severity == "mistake" for _, problem in self.problems)


_NAME_KEYS = frozenset({*names.PARTS, "full_name"})
_CLEANERS = {column.key: column.cleaner for column in COLUMNS if column.key not in _NAME_KEYS}


def clean_row(cells: Mapping[str, str]) -> CleanRow:
    """Clean the cells of one row (key → text, as `match_headers` names them) together. Never raises."""
    values: dict[str, Any] = {}
    problems: list[tuple[str, Problem]] = []
    person = _person(cells, problems)
    values["last_name"], values["first_name"], values["patronymic"], values["no_patronymic"] = person[:4]
    for key, text in cells.items():
        cleaner = _CLEANERS.get(key)
        if cleaner is not None:
            values[key], problem = cleaner(text)
            if problem is not None:
                problems.append((key, problem))
    problems += _disagreements(values)
    return CleanRow(values, tuple(problems))


def _person(cells: Mapping[str, str], problems: list[tuple[str, Problem]]) -> names.PersonName:
    """Three cells where the surname or the name has its own, else ФИО in one."""
    own = [cells.get(part, "") for part in names.PARTS]
    full = cells.get("full_name", "")
    if own[0].strip() or own[1].strip() or not full.strip():
        person = names.clean_person(*own)
        problems += person.problems
        return person
    person, found = names.clean_full_name(full, own[2])
    problems += [("patronymic" if problem.code == "patronymic_missing" else "full_name", problem) for problem in found]
    return person


def _disagreements(values: Mapping[str, Any]) -> list[tuple[str, Problem]]:
    """Values that are right alone and wrong together."""
    problems = []
    born: dt.date | None = values.get("born_on")
    hired: dt.date | None = values.get("hired_on")
    left: dt.date | None = values.get("left_on")
    if hired and left and left < hired:
        problems.append(
            ("left_on", Problem("mistake", "left_before_hired", "Увольнение раньше приёма: проверьте обе даты"))
        )
    if born and hired and hired.year - born.year < cleaners.YOUNGEST:
        message = "Принят на работу раньше 14 лет: проверьте дату рождения и дату приёма"
        problems.append(("hired_on", Problem("mistake", "hired_too_young", message)))
    if values.get("is_confirmed") and values.get("has_profile") is False:
        message = "Статус подтверждён, а профиля нет: проверьте оба столбца"
        problems.append(("is_confirmed", Problem("mistake", "confirmed_without_profile", message)))
    return problems
