"""What a person does in a school, as the words of the position and of the subjects say it (pure)."""

import re
from dataclasses import dataclass
from enum import IntFlag
from functools import lru_cache

from schools.codes import fold


class Role(IntFlag):
    """Bits, so that a set statement tests any of several roles at once; a bit is never reused."""

    DIRECTOR = 1
    DEPUTY = 2
    STUDIES = 4
    UPBRINGING = 8
    INFORMATICS = 16
    FACILITIES = 32
    PRIMARY_HEAD = 64
    ASSOCIATION_HEAD = 128
    SUBJECT_TEACHER = 256
    PRIMARY_TEACHER = 512
    ENGINEER = 1024
    ORGANISER = 2048
    SUPPORT = 4096
    REPAIRER = 8192
    CLASS_TEACHER = 16384  # known by the classes led this year, not by a word


@dataclass(frozen=True, slots=True)
class RoleWords:
    """A role: what it is called, and which words of one part of a position name it."""

    role: Role
    name: str
    words: str  # a regular expression over the folded part


_DEPUTY = r"заместител\w* (?:директора|руководителя|заведующ\w+)?"
ROLES = (
    RoleWords(Role.DIRECTOR, "директор", r"^(?:и\. ?о\. ?|исполняющ\w+ обязанности )?директор\w*\b"),
    RoleWords(Role.DEPUTY, "заместители директора", rf"^{_DEPUTY}"),
    RoleWords(
        Role.STUDIES,
        "заместитель директора по учебной работе",
        rf"^{_DEPUTY}.*\b(?:ур|увр|умр|нмр|учебно\w*|учебн\w+|научно-методическ\w+)\b",
    ),
    RoleWords(
        Role.UPBRINGING,
        "заместитель директора по воспитательной работе",
        rf"^{_DEPUTY}.*(?:\b(?:вр|увр)\b|воспитательн)",
    ),
    RoleWords(
        Role.INFORMATICS,
        "заместитель директора по ИКТ",
        rf"^{_DEPUTY}.*(?:\b(?:икт|ит|цос)\b|информат|информационн|цифров)",
    ),
    RoleWords(
        Role.FACILITIES,
        "заместитель директора по АХР",
        rf"(?:^{_DEPUTY}.*(?:\b(?:ахр|ахч)\b|хозяйствен))|^заведующ\w+ хозяйством|^завхоз",
    ),
    RoleWords(Role.PRIMARY_HEAD, "заместитель директора по начальной школе", rf"^{_DEPUTY}.*начальн"),
    RoleWords(
        Role.ASSOCIATION_HEAD,
        "руководители методических объединений",
        r"руководител\w* (?:шмо|мо|(?:школьн\w+ )?методическ\w+ объединени\w+)\b",
    ),
    RoleWords(
        Role.PRIMARY_TEACHER, "учителя начальных классов", r"^учител\w* (?:начальн\w+ (?:класс\w*|школ\w*)|нач\. ?кл)"
    ),
    RoleWords(
        Role.SUBJECT_TEACHER,
        "учителя-предметники",
        r"^(?:учител\w*\b(?!-| начальн| нач\.)|преподавател)",
    ),
    RoleWords(
        Role.ENGINEER,
        "инженеры и техники",
        r"\bинженер(?!\w* по охране)(?!\w* по то)|программист|системн\w+ администратор"
        r"|^техник\b|техническ\w+ специалист",
    ),
    RoleWords(
        Role.ORGANISER,
        "педагоги-организаторы, вожатые, советник",
        r"педагог\w*-организатор|вожат|^советник\w* (?:директора )?(?:по воспитани\w+)?",
    ),
    RoleWords(
        Role.SUPPORT,
        "психологи, логопеды, дефектологи, социальные педагоги, тьюторы",
        r"психолог|логопед|дефектолог|социальн\w+ педагог|тьютор",
    ),
    RoleWords(
        Role.REPAIRER,
        "рабочие по обслуживанию и ремонту зданий",
        r"\bкорз\b|обслуживани\w+ и (?:текущему )?ремонт\w* здани",
    ),
)
ROLE_NAMES = {each.role: each.name for each in ROLES} | {Role.CLASS_TEACHER: "классные руководители"}
_PATTERNS = tuple((each.role, re.compile(each.words)) for each in ROLES)
_PARTS = re.compile(r"\s*[,;/+]\s*")


@dataclass(frozen=True, slots=True)
class Association:
    """A methodical association of subject teachers: by which words of subjects and positions they are told."""

    number: int  # what the database stores; never reused
    name: str
    words: str


# The grouping is ours, the usual one in schools: an order of the school may group subjects otherwise.
ASSOCIATIONS = (
    Association(1, "русский язык и литература", r"русск|литератур|родн\w+ язык|словесност"),
    Association(2, "математика и информатика", r"математик|алгебр|геометри|информатик|статистик"),
    Association(3, "иностранные языки", r"английск|немецк|французск|испанск|китайск|иностранн"),
    Association(4, "история и обществознание", r"истори|обществознани|\bправ[ао]\b|экономик"),
    Association(5, "естественные науки", r"\bфизик[аиуе]?\b|хими|биологи|географи|астрономи|естествознани"),
    Association(6, "искусство и технология", r"музык|изобразительн|\bизо\b|\bтруд(?:а|у)?\b|технологи|черчени|\bмхк\b"),
    Association(7, "физическая культура и ОБЗР", r"физическ\w+ культур|физкультур|безопасност|\bобж\b|\bобзр\b"),
)
ASSOCIATION_BY_NUMBER = {each.number: each for each in ASSOCIATIONS}
ASSOCIATION_LEAST = 3  # teachers: our threshold, a smaller group needs no association of its own
_AREAS = tuple((each.number, re.compile(each.words)) for each in ASSOCIATIONS)


def association_choices() -> list[tuple[int, str]]:
    """Return (number, name) pairs for form fields."""
    return [(each.number, each.name) for each in ASSOCIATIONS]


@lru_cache(maxsize=8192)
def roles_of_position(position: str) -> Role:
    """The roles a position names: «заместитель директора по УВР, учитель химии» names four."""
    found = Role(0)
    for part in _PARTS.split(fold(position)):
        for role, pattern in _PATTERNS:
            if pattern.search(part):
                found |= role
    return found


@lru_cache(maxsize=8192)
def roles_of_subjects(subjects: str) -> Role:
    """The roles that the subjects taught name: whoever teaches «начальные классы» is a teacher of primary school."""
    return Role.PRIMARY_TEACHER if "начальн" in fold(subjects) else Role(0)


@lru_cache(maxsize=8192)
def areas_of_text(text: str) -> frozenset[int]:
    """Numbers of the associations whose words a text of subjects, or a position, holds."""
    folded = fold(text)
    return frozenset(number for number, pattern in _AREAS if pattern.search(folded))


def areas_of(position: str, subjects: str) -> frozenset[int]:
    """The associations a person belongs to: only teachers of subjects have any."""
    roles = roles_of_position(position) | roles_of_subjects(subjects)
    if Role.SUBJECT_TEACHER not in roles:
        return frozenset()
    return areas_of_text(position) | areas_of_text(subjects)
