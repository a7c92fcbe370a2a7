"""The six temporary cases: chats of a task, closed when it is done."""

from chats.roles import Role
from chats.roster import GUARDIAN, PUPIL
from chats.use_cases.families import EXAM_GRADES
from chats.use_cases.kinds import Group, HasGrades, Lifetime, People, Season, TurnedOn, UseCase
from chats.use_cases.members import AssociationHeads, ByHand, Pupils, Staff

_STUDIES = (Role.STUDIES, Role.DEPUTY, Role.DIRECTOR)
_UPBRINGING = (Role.UPBRINGING, Role.DEPUTY, Role.DIRECTOR)

CASES = (
    UseCase(
        number=22,
        key="exam_preparation",
        name="Подготовка к ОГЭ и ЕГЭ",
        group=Group.PROJECTS,
        purpose="Консультации и тренировочные работы: учитель и те, кто сдаёт.",
        members=(ByHand("учителя сдаваемых предметов"), Pupils(EXAM_GRADES)),
        title="Готовимся к экзаменам {year}",
        owner=_STUDIES,
        expected=HasGrades("Нужен только школам с 9-ми или 11-ми классами, с октября по июнь.", EXAM_GRADES),
        lifetime=Lifetime.SEASON,
        season=Season((10, 1), (6, 30)),
    ),
    UseCase(
        number=23,
        key="events",
        name="Рабочие группы событий",
        group=Group.PROJECTS,
        purpose="Подготовка одного события: кто, что, к какому дню. После события чат закрывают.",
        members=(ByHand("те, кто готовит событие"),),
        title="Событие",
        owner=_UPBRINGING,
        expected=TurnedOn("Событий может и не быть: чат заводят под каждое."),
        lifetime=Lifetime.BY_HAND,
    ),
    UseCase(
        number=24,
        key="curricula",
        name="Сдача рабочих программ",
        group=Group.PROJECTS,
        purpose="Единые требования, сроки и замечания к рабочим программам перед учебным годом.",
        members=(Staff(Role.STUDIES), Staff(Role.SUBJECT_TEACHER | Role.PRIMARY_TEACHER)),
        title="Рабочие программы {year}",
        owner=_STUDIES,
        expected=People("Нужен с середины августа до конца сентября, пока программы сдают."),
        lifetime=Lifetime.SEASON,
        season=Season((8, 15), (9, 30)),
    ),
    UseCase(
        number=25,
        key="self_review",
        name="Отчёт о результатах самообследования",
        group=Group.PROJECTS,
        purpose="Сбор разделов отчёта у тех, кто за них отвечает. Отчёт размещают не позднее 20 апреля.",
        members=(Staff(Role.DIRECTOR | Role.DEPUTY), AssociationHeads()),
        title="Самообследование",
        owner=(Role.DIRECTOR, Role.DEPUTY),
        expected=People("Нужен с февраля по 20 апреля: к этому дню отчёт размещают на сайте."),
        lifetime=Lifetime.SEASON,
        season=Season((2, 1), (4, 20)),
    ),
    UseCase(
        number=26,
        key="progress",
        name="Анализ успеваемости",
        group=Group.PROJECTS,
        purpose="Итоги четверти и план помощи отстающим. Оценки и имена детей передают не в чате, а в журнале.",
        members=(Staff(Role.STUDIES), ByHand("учителя и классные руководители, чьи классы разбирают")),
        title="Итоги и успеваемость",
        owner=_STUDIES,
        expected=TurnedOn("Разбор бывает на совещании: отдельный чат нужен, если школа так решила."),
        lifetime=Lifetime.SCHOOL_YEAR,
    ),
    UseCase(
        number=27,
        key="trips",
        name="Выездные мероприятия",
        group=Group.PROJECTS,
        purpose="Сбор, дорога, возвращение: связь сопровождающих, детей и родителей на время поездки.",
        members=(ByHand("сопровождающие, дети и родители, которые едут", frozenset({PUPIL, GUARDIAN})),),
        title="Поездка",
        owner=_UPBRINGING,
        expected=TurnedOn("Поездок может и не быть: чат заводят под каждую."),
        lifetime=Lifetime.BY_HAND,
    ),
)
