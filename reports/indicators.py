"""The passports of the indicators: part, whole, why, legal act, direction, source, limits."""

from dataclasses import dataclass, field

from schools.bases import CASES, MAIN_STEPS, USE_STATISTICS, WEEKLY_REPORT, Basis
from schools.platforms import MY_SCHOOL, SFERUM, Platform
from schools.scope import Level


@dataclass(frozen=True, slots=True)
class Indicator:
    """One share: Σ part ÷ Σ whole over the schools of a place, both columns of SchoolWeek.

    `official` is false wherever the formula is ours: the annex of Р-210 was never published (domain.md 1.2).
    """

    number: int  # what the database stores; never reused
    key: str
    name: str
    short_name: str
    platform: Platform
    part: str
    whole: str
    unit: tuple[str, str, str]  # what is counted: one, few, many
    question: str
    definition: str
    part_text: str
    whole_text: str
    act: str  # as this version of the passport words it; `bases` are the same acts in the library
    bases: tuple[Basis, ...]
    source: str
    limits: tuple[str, ...]
    target: float | None = None  # the share wished for, 0–1; example, edited per region as Target
    alarm: float | None = None  # below it somebody must act
    good_is_up: bool = True
    counts_people: bool = True  # small groups are shown without percent and place
    official: bool = False
    version: int = 1
    reviewed_on: str = "2026-11-24"
    ranked_levels: tuple[Level, ...] = field(default=(Level.REGION, Level.MUNICIPALITY, Level.SCHOOL))


_OURS = "Формула — наше определение: приложение с формулой не опубликовано."
_DECLARED = "Численность по ОО-1 — на 20 сентября, список сотрудников живёт, поэтому доля бывает больше 100 %: показываем и помечаем."
_PEOPLE = ("сотрудник", "сотрудника", "сотрудников")
_UNLISTED = "Школа, которая не дала списка сотрудников, — «нет данных», а не ноль."
_KNOWN = "Сотрудник без даты приёма учитывается с недели, в которую портал о нём узнал: пересчёт прошлой недели его не добавит."
_TEACHERS = ("педагог", "педагога", "педагогов")
_SCHOOLS = ("школа", "школы", "школ")

_EXPECTED = "Какой чат нужен школе, решают условия 27 кейсов: они наши, их видно на странице чатов школы."
_FOREIGN = "Чат в иностранном мессенджере не в счёт."
_CHATS = (  # (number, columns of SchoolWeek, name, short name, question, definition)
    (
        8,
        "chats",
        "Доля нужных школам чатов, которые есть",
        "Нужные чаты есть",
        "Насколько школы перевели общение на платформу?",
        "Открытые на последний день недели чаты из нужных школе по её людям и классам, к числу нужных; все 27 кейсов.",
    ),
    (
        9,
        "staff_chats",
        "Доля нужных чатов сотрудников, которые есть",
        "Чаты сотрудников",
        "Есть ли у коллектива школы свои чаты?",
        "То же по 13 функциональным кейсам: администрация, педагоги, методические объединения, службы.",
    ),
    (
        10,
        "family_chats",
        "Доля нужных чатов с детьми и родителями, которые есть",
        "Чаты с детьми и родителями",
        "Есть ли чаты у каждого класса и у каждой службы, которая говорит с семьями?",
        "То же по 8 детско-родительским кейсам.",
    ),
    (
        11,
        "project_chats",
        "Доля нужных временных чатов, которые есть",
        "Временные чаты",
        "Заведены ли чаты событий и проектов этого времени года?",
        "То же по 6 кейсам для проектов; кейс со сроком считается только в свой срок.",
    ),
)

INDICATORS = (
    Indicator(
        number=1,
        key="staff_active",
        name="Доля педагогов, писавших или звонивших в Сферуме за неделю",
        short_name="Педагоги писали в чатах Сферума",
        platform=SFERUM,
        part="active",
        whole="declared_teachers",
        unit=_TEACHERS,
        question="Пользуются ли педагоги платформой на самом деле?",
        definition="Педагоги, у которых за неделю есть хотя бы одно сообщение или звонок в учебном профиле, к числу педагогов по ОО-1.",
        part_text="писали или звонили за неделю",
        whole_text="педагогов по ОО-1",
        act="Протокол Минцифры России № 1612-пр от 18.10.2022, п. 11",
        bases=(WEEKLY_REPORT,),
        source="Недельная выгрузка оператора площадки",
        limits=(
            _OURS,
            _DECLARED,
            "Сообщение ради отчёта неотличимо от нужного: смотрите на содержание, а не только на долю.",
        ),
        target=0.85,
        alarm=0.8,
    ),
    Indicator(
        number=2,
        key="staff_profile",
        name="Доля педагогов с учебным профилем в Сферуме",
        short_name="Педагоги с профилем",
        platform=SFERUM,
        part="profiles",
        whole="declared_teachers",
        unit=_TEACHERS,
        question="Все ли педагоги зарегистрированы?",
        definition="Педагоги с учебным профилем на последний день недели к числу педагогов по ОО-1.",
        part_text="с учебным профилем",
        whole_text="педагогов по ОО-1",
        act="Протокол Минцифры России № 1612-пр от 18.10.2022, п. 11",
        bases=(WEEKLY_REPORT,),
        source="Списки сотрудников школ и выгрузка оператора",
        limits=(_OURS, _DECLARED, _UNLISTED),
        version=2,
        target=0.98,
        alarm=0.8,
    ),
    Indicator(
        number=3,
        key="r210_10",
        name="Доля общеобразовательных организаций, использующих ИКОП",
        short_name="Школы используют платформу (Р-210, № 10)",
        platform=SFERUM,
        part="uses",
        whole="in_scope",
        unit=_SCHOOLS,
        question="Какая часть школ действительно использует платформу?",
        definition=(
            "Школы на ступени «использует» к числу действующих общеобразовательных организаций. "
            "Ступень задаётся настраиваемым правилом и хранится вместе с опубликованной неделей."
        ),
        part_text="используют платформу",
        whole_text="общеобразовательных организаций",
        act="Распоряжение Минпросвещения России № Р-210 от 01.09.2021, показатель 10 (утратило силу; преемник — методология мотивирующего мониторинга)",
        bases=(Basis("r-210", "показатель 10"),),
        source="Реестр школ, списки сотрудников, чаты и недельная активность",
        limits=(
            _OURS,
            "Название показателя взято из Р-210; что значит «использует», нигде не определено — правило видно на этой странице.",
            "Филиалы считаются отдельно, как в ОО-1. Закрытые и исключённые с причиной школы не входят.",
            "Если правило спрашивает о чатах, а оператор их не передал, школа — «нет данных», а не «не использует».",
            _KNOWN,
        ),
        version=2,
        target=0.95,
        alarm=0.8,
        counts_people=False,
        ranked_levels=(Level.REGION, Level.MUNICIPALITY),
    ),
    Indicator(
        number=4,
        key="staff_confirmed",
        name="Доля подтверждённых учебных профилей",
        short_name="Профиль подтверждён школой",
        platform=SFERUM,
        part="confirmed",
        whole="profiles",
        unit=("профиль", "профиля", "профилей"),
        question="Подтвердила ли школа тех, кто зарегистрировался?",
        definition="Профили педагогов, подтверждённые школой, к числу профилей педагогов на последний день недели.",
        part_text="подтверждены",
        whole_text="профилей педагогов",
        act="Протокол Минцифры России № 1612-пр от 18.10.2022, п. 11",
        bases=(WEEKLY_REPORT,),
        source="Списки сотрудников школ и выгрузка оператора",
        limits=(_OURS, "Знаменатель — только те, у кого профиль есть.", _UNLISTED),
        version=2,
        target=0.98,
        alarm=0.8,
    ),
    Indicator(
        number=5,
        key="names_in_order",
        name="Доля сотрудников, чьё имя записано по правилам",
        short_name="Имена в порядке",
        platform=SFERUM,
        part="names_in_order",
        whole="staff",
        unit=_PEOPLE,
        question="Узнают ли педагога родители и коллеги?",
        definition="Сотрудники, у которых фамилия, имя и отчество записаны русскими буквами и каждое в своём поле, ко всем сотрудникам списка.",
        part_text="записаны по правилам",
        whole_text="сотрудников в списке",
        act="Презентация «Внедрение ИКОП „Сферум“», раздел «Основные шаги», 31.05.2023",
        bases=(MAIN_STEPS,),
        source="Списки сотрудников школ",
        limits=(
            "Отчества может не быть по документам: тогда это отмечают, и имя считается верным.",
            _UNLISTED,
            _KNOWN,
        ),
        version=2,
        target=0.98,
        alarm=0.8,
    ),
    Indicator(
        number=6,
        key="myschool_active",
        name="Доля педагогов, входивших в «Мою школу» за неделю",
        short_name="Педагоги входили в «Мою школу»",
        platform=MY_SCHOOL,
        part="active",
        whole="declared_teachers",
        unit=_TEACHERS,
        question="Пользуются ли педагоги ФГИС «Моя школа»?",
        definition="Педагоги, которые за неделю хотя бы раз вошли в свою учётную запись, к числу педагогов по ОО-1.",
        part_text="входили за неделю",
        whole_text="педагогов по ОО-1",
        act="Постановление Правительства РФ № 1241 от 13.07.2022; измерение по входам — презентация от 31.05.2023",
        bases=(Basis("resolution-1241"), USE_STATISTICS),
        source="Выгрузка оператора ФГИС «Моя школа»",
        limits=(_OURS, _DECLARED),
        target=0.6,
        alarm=0.4,
    ),
    Indicator(
        number=7,
        key="classes_with_chat",
        name="Доля классов, у которых есть чат",
        short_name="Классы с чатом",
        platform=SFERUM,
        part="classes_with_chat",
        whole="classes",
        unit=("класс", "класса", "классов"),
        question="Есть ли у каждого класса свой чат с обучающимися или родителями?",
        definition=(
            "Классы текущего учебного года, у которых на последний день недели открыт чат классного руководителя с "
            "обучающимися или с родителями, ко всем классам школы."
        ),
        part_text="с чатом",
        whole_text="классов",
        act="Презентация «Внедрение ИКОП „Сферум“», раздел «Функциональные кейсы», 31.05.2023",
        bases=(CASES, Basis("letter-04-127")),
        source="Классы и чаты, внесённые школами",
        limits=(
            _OURS,
            "Школа, которая не внесла классов, в счёт не входит: показатель к ней не относится.",
            _FOREIGN,
        ),
        target=1.0,
        alarm=0.8,
        counts_people=False,
    ),
    *(
        Indicator(
            number=number,
            key=f"{column}_present",
            name=name,
            short_name=short,
            platform=SFERUM,
            part=f"{column}_present",
            whole=f"{column}_expected",
            unit=("чат", "чата", "чатов"),
            question=question,
            definition=definition,
            part_text="есть",
            whole_text="нужных чатов",
            act="Презентация «Внедрение ИКОП „Сферум“», раздел «Функциональные кейсы», 31.05.2023",
            bases=(CASES,),
            source="Списки сотрудников, классы и чаты, внесённые школами",
            limits=(_OURS, _EXPECTED, _FOREIGN, _UNLISTED),
            target=0.9,
            alarm=0.6,
            counts_people=False,
        )
        for number, column, name, short, question, definition in _CHATS
    ),
    Indicator(
        number=12,
        key="all_chats_present",
        name="Доля школ, в которых есть все нужные чаты",
        short_name="Школы со всеми чатами",
        platform=SFERUM,
        part="all_chats_present",
        whole="in_scope",
        unit=_SCHOOLS,
        question="Сколько школ закончили с чатами?",
        definition="Школы, в которых на последний день недели открыты все чаты, нужные им по людям и классам, ко всем школам.",
        part_text="со всеми чатами",
        whole_text="школ",
        act="Презентация «Внедрение ИКОП „Сферум“», раздел «Функциональные кейсы», 31.05.2023",
        bases=(CASES,),
        source="Списки сотрудников, классы и чаты, внесённые школами",
        limits=(_OURS, _EXPECTED, _FOREIGN, _UNLISTED),
        target=0.8,
        alarm=0.4,
        counts_people=False,
        ranked_levels=(Level.REGION, Level.MUNICIPALITY),
    ),
)
INDICATOR_BY_KEY = {indicator.key: indicator for indicator in INDICATORS}
INDICATOR_BY_NUMBER = {indicator.number: indicator for indicator in INDICATORS}
# What pages, REST and files open with at every level: it is ranked at all of them, moves every week, and its formula is
# plain. Indicator 10 is for a school only «да» or «нет», without a place, and hangs on a rule of ours.
MAIN_INDICATOR = INDICATORS[0]
USE_INDICATOR = INDICATOR_BY_KEY["r210_10"]  # the one the configurable rule «использует» defines


def indicator_choices() -> list[tuple[int, str]]:
    """Return (number, name) pairs for form fields."""
    return [(indicator.number, indicator.short_name) for indicator in INDICATORS]
