"""The 27 cases in which a school uses chats, as the source deck lists them (31.05.2023)."""

from dataclasses import dataclass
from enum import StrEnum

from schools.bases import CASES, Basis


class Group(StrEnum):
    """The deck's three groups."""

    STAFF = "постоянные, для сотрудников"
    FAMILIES = "детско-родительские"
    PROJECTS = "временные, со сроком"


@dataclass(frozen=True, slots=True)
class UseCase:
    """A case of use: its number is what the database stores and is never reused."""

    number: int
    key: str
    name: str
    group: Group
    per_class: bool = False
    is_class_chat: bool = False  # «класс с чатом»: the class teacher with pupils or with parents

    @property
    def bases(self) -> tuple[Basis, ...]:
        """What the case rests on: the deck lists it, and the ministry recommends chats with pupils and parents."""
        return (CASES, Basis("letter-04-127")) if self.group == Group.FAMILIES else (CASES,)


USE_CASES = (
    UseCase(1, "management", "Административная команда", Group.STAFF),
    UseCase(2, "heads_of_subjects", "Зам. по УР и руководители МО", Group.STAFF),
    UseCase(3, "subject_teachers", "Зам. по УР и учителя-предметники", Group.STAFF),
    UseCase(4, "home_teachers", "Зам. по УР и преподающие у домашних обучающихся", Group.STAFF),
    UseCase(5, "association", "Руководитель МО и педагоги МО", Group.STAFF),
    UseCase(6, "engineers", "Зам. по ИКТ и инженеры", Group.STAFF),
    UseCase(7, "class_teachers", "Зам. по ВР и классные руководители", Group.STAFF),
    UseCase(8, "organisers", "Зам. по ВР, педагоги-организаторы, вожатые, советник", Group.STAFF),
    UseCase(9, "support", "Служба сопровождения", Group.STAFF),
    UseCase(10, "primary", "Зам. по начальной школе и учителя начальной школы", Group.STAFF),
    UseCase(11, "exams_and_camp", "ППЭ и лагерь в летний период", Group.STAFF),
    UseCase(12, "facilities", "Зам. по АХР и КОРЗы", Group.STAFF),
    UseCase(13, "website", "Рабочая группа по сайту и соцсетям", Group.STAFF),
    UseCase(14, "class_pupils", "Классный руководитель и учащиеся", Group.FAMILIES, per_class=True, is_class_chat=True),
    UseCase(
        15, "class_parents", "Классный руководитель и родители", Group.FAMILIES, per_class=True, is_class_chat=True
    ),
    UseCase(16, "class_everyone", "Классный руководитель, дети и родители", Group.FAMILIES, per_class=True),
    UseCase(17, "parents_alone", "Родители без классного руководителя", Group.FAMILIES, per_class=True),
    UseCase(18, "parents_council", "Школьный актив родителей", Group.FAMILIES),
    UseCase(19, "pupils_council", "Старостат: по одному учащемуся от класса", Group.FAMILIES),
    UseCase(20, "contests", "Олимпиадное и конкурсное движение", Group.FAMILIES),
    UseCase(21, "exam_families", "ОГЭ и ЕГЭ: родители, дети, общий", Group.FAMILIES),
    UseCase(22, "exam_preparation", "Подготовка к ОГЭ и ЕГЭ", Group.PROJECTS),
    UseCase(23, "events", "Рабочие группы событий", Group.PROJECTS),
    UseCase(24, "curricula", "Сдача рабочих программ", Group.PROJECTS),
    UseCase(25, "self_review", "Отчёт о результатах самообследования", Group.PROJECTS),
    UseCase(26, "progress", "Анализ успеваемости", Group.PROJECTS),
    UseCase(27, "trips", "Выездные мероприятия", Group.PROJECTS),
)
USE_CASE_BY_NUMBER = {use_case.number: use_case for use_case in USE_CASES}
CLASS_CHAT_NUMBERS = tuple(use_case.number for use_case in USE_CASES if use_case.is_class_chat)


def use_case_choices() -> list[tuple[int, str]]:
    """Return (number, name) pairs for form fields."""
    return [(use_case.number, use_case.name) for use_case in USE_CASES]
