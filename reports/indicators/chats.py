"""Indicators of chats: classes with a chat, and the chats of the 27 cases that schools should have."""

from reports.indicators.kinds import OURS, SCHOOLS, UNLISTED, Indicator, Theme
from schools.bases import CASES, Basis
from schools.platforms import SFERUM
from schools.scope import Level

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

CHAT_INDICATORS = (
    Indicator(
        number=7,
        key="classes_with_chat",
        name="Доля классов, у которых есть чат",
        short_name="Классы с чатом",
        theme=Theme.CHATS,
        platform=SFERUM,
        part="classes_with_chat",
        whole="classes",
        operator_part="op_classes_with_chat",
        operator_whole="op_classes",
        unit=("класс", "класса", "классов"),
        question="Есть ли у каждого класса свой чат с обучающимися или родителями?",
        definition=(
            "Классы текущего учебного года, у которых на последний день недели открыт чат классного руководителя с "
            "обучающимися или с родителями, ко всем классам школы."
        ),
        part_text="с чатом",
        whole_text="классов",
        act="Материалы семинара от 31.05.2023, «Кейсы использования Платформы»; письмо Минпросвещения России № 04-127 от 22.02.2022",
        bases=(CASES, Basis("letter-04-127")),
        source="Классы и чаты, внесённые школами",
        limits=(
            OURS,
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
            theme=Theme.CHATS,
            platform=SFERUM,
            part=f"{column}_present",
            whole=f"{column}_expected",
            unit=("чат", "чата", "чатов"),
            question=question,
            definition=definition,
            part_text="есть",
            whole_text="нужных чатов",
            act="Материалы семинара от 31.05.2023, «Кейсы использования Платформы»",
            bases=(CASES,),
            source="Списки сотрудников, классы и чаты, внесённые школами",
            limits=(OURS, _EXPECTED, _FOREIGN, UNLISTED),
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
        theme=Theme.CHATS,
        platform=SFERUM,
        part="all_chats_present",
        whole="in_scope",
        unit=SCHOOLS,
        question="Сколько школ закончили с чатами?",
        definition="Школы, в которых на последний день недели открыты все чаты, нужные им по людям и классам, ко всем школам.",
        part_text="со всеми чатами",
        whole_text="школ",
        act="Материалы семинара от 31.05.2023, «Кейсы использования Платформы»",
        bases=(CASES,),
        source="Списки сотрудников, классы и чаты, внесённые школами",
        limits=(OURS, _EXPECTED, _FOREIGN, UNLISTED),
        target=0.8,
        alarm=0.4,
        counts_people=False,
        ranked_levels=(Level.REGION, Level.MUNICIPALITY),
    ),
)
