"""The eight cases with children and parents."""

from chats.roles import Role
from chats.roster import GUARDIAN, PUPIL
from chats.use_cases.kinds import EachClass, Group, HasGrades, Lifetime, People, TurnedOn, Unit, UseCase
from chats.use_cases.members import ByHand, ClassTeachers, Delegates, Pupils, Representatives, Staff

EXAM_GRADES = frozenset({9, 11})
# Our threshold: in primary school children are written to through their parents.
WRITING_GRADES = frozenset(range(5, 13))
_BOTH = frozenset({PUPIL, GUARDIAN})
_UPBRINGING = (Role.UPBRINGING, Role.DEPUTY, Role.DIRECTOR)
_STUDIES = (Role.STUDIES, Role.DEPUTY, Role.DIRECTOR)

CASES = (
    UseCase(
        number=14,
        key="class_pupils",
        name="Классный руководитель и учащиеся",
        group=Group.FAMILIES,
        purpose="Дела класса: расписание, замены, задания, сборы. Пишет и отвечает классный руководитель.",
        members=(ClassTeachers(), Pupils()),
        title="{class}. Класс",
        owner=(),
        expected=EachClass("Нужен каждому классу с 5-го: младшим пишут через родителей.", WRITING_GRADES),
        lifetime=Lifetime.CLASS,
        is_class_chat=True,
    ),
    UseCase(
        number=15,
        key="class_parents",
        name="Классный руководитель и родители",
        group=Group.FAMILIES,
        purpose="Связь школы с семьями класса: собрания, объявления, вопросы. Участие родителей добровольное.",
        members=(ClassTeachers(), Representatives()),
        title="{class}. Родители",
        owner=(),
        expected=EachClass("Нужен каждому классу."),
        lifetime=Lifetime.CLASS,
        is_class_chat=True,
    ),
    UseCase(
        number=16,
        key="class_everyone",
        name="Классный руководитель, дети и родители",
        group=Group.FAMILIES,
        purpose="Общий чат класса для поездок и праздников, где детям и родителям нужно одно и то же.",
        members=(ClassTeachers(), Pupils(), Representatives()),
        title="{class}. Дети и родители",
        owner=(),
        expected=TurnedOn("Повторяет два предыдущих чата: нужен, только если школа так решила.", Unit.CLASS),
        lifetime=Lifetime.CLASS,
    ),
    UseCase(
        number=17,
        key="parents_alone",
        name="Родители без классного руководителя",
        group=Group.FAMILIES,
        purpose="Свой разговор родителей класса. Школа его не ведёт и за него не отвечает.",
        members=(Representatives(),),
        title="{class}. Родительский",
        owner=(),
        expected=TurnedOn("Родители заводят его сами: школа не вправе требовать.", Unit.CLASS),
        lifetime=Lifetime.CLASS,
    ),
    UseCase(
        number=18,
        key="parents_council",
        name="Школьный актив родителей",
        group=Group.FAMILIES,
        purpose="Совет родителей и администрация: планы школы, питание, безопасность.",
        members=(Staff(Role.DIRECTOR), Staff(Role.UPBRINGING), Delegates(GUARDIAN)),
        title="Совет родителей",
        owner=_UPBRINGING,
        expected=HasGrades("Нужен школе, в которой есть классы.", frozenset(range(1, 13))),
    ),
    UseCase(
        number=19,
        key="pupils_council",
        name="Старостат: по одному учащемуся от класса",
        group=Group.FAMILIES,
        purpose="Старосты и заместитель по воспитательной работе: новости школы доходят до каждого класса.",
        members=(Staff(Role.UPBRINGING), Delegates(PUPIL, WRITING_GRADES)),
        title="Старостат",
        owner=_UPBRINGING,
        expected=HasGrades("Нужен школе, в которой есть классы с 5-го.", WRITING_GRADES),
    ),
    UseCase(
        number=20,
        key="contests",
        name="Олимпиадное и конкурсное движение",
        group=Group.FAMILIES,
        purpose="Приглашения, сроки и положения для детей и родителей, которым интересны олимпиады и конкурсы.",
        members=(Staff(Role.STUDIES), ByHand("дети и родители, которые записались сами", _BOTH)),
        title="Олимпиады и конкурсы",
        owner=_STUDIES,
        expected=People("Нужен там, где предметы ведут хотя бы двое.", roles=Role.SUBJECT_TEACHER),
    ),
    UseCase(
        number=21,
        key="exam_families",
        name="ОГЭ и ЕГЭ: родители, дети, общий",
        group=Group.FAMILIES,
        purpose="Порядок экзаменов, сроки заявлений, апелляции: одно объявление всем семьям выпускных классов.",
        members=(
            Staff(Role.STUDIES),
            ClassTeachers(EXAM_GRADES),
            Pupils(EXAM_GRADES),
            Representatives(EXAM_GRADES),
        ),
        title="ОГЭ и ЕГЭ {year}",
        owner=_STUDIES,
        expected=HasGrades("Нужен только школам с 9-ми или 11-ми классами.", EXAM_GRADES),
        lifetime=Lifetime.SCHOOL_YEAR,
    ),
)
