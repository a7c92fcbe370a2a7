"""Whether a name is a man's or a woman's: by the patronymic, then by the given name, then by the surname (pure)."""

import logging
from functools import lru_cache
from typing import NamedTuple

from pytrovich.detector import PetrovichGenderDetector
from pytrovich.enums import Gender as PetrovichGender

from chats.orders.cases import Gender
from schools.person_names.parts import gender_of_patronymic
from staff.names.keys import gender_of_name

logging.getLogger("pytrovich").setLevel(logging.CRITICAL)  # it logs every name it is given

_GENDERS: dict[PetrovichGender, Gender] = {PetrovichGender.MALE: "m", PetrovichGender.FEMALE: "f"}
UNKNOWN = "Не понять, мужчина это или женщина: укажите пол"
DISAGREE = "Фамилия и имя разного рода: проверьте их и укажите пол"
BY_NAME = "Отчества нет, пол определён по имени: проверьте"
BY_SURNAME = "Пол определён только по фамилии: проверьте"


class Guess(NamedTuple):
    """A gender, '' where nothing tells, and in Russian what a person must look at, '' where all is clear."""

    gender: Gender
    doubt: str = ""


@lru_cache(maxsize=1)
def _detector() -> PetrovichGenderDetector:
    return PetrovichGenderDetector()


def gender_of(last_name: str, first_name: str, patronymic: str) -> Guess:
    """The gender of a person; a patronymic decides alone, as it always tells. Never raises, never logs a name."""
    surname = _detected(lastname=last_name)
    told = gender_of_patronymic(patronymic)
    if told:
        return Guess(told, DISAGREE if surname and surname != told else "")
    known = gender_of_name(first_name)
    name = known or _detected(firstname=first_name)
    if name and surname and name != surname:
        return Guess("", DISAGREE)
    if name:
        return Guess(name, "" if known or surname else BY_NAME)
    return Guess(surname, BY_SURNAME) if surname else Guess("", UNKNOWN)


def _detected(*, lastname: str | None = None, firstname: str | None = None) -> Gender:
    """What pytrovich makes of one part; of several it would log the whole name when they disagree."""
    if not (lastname or firstname):
        return ""
    return _GENDERS.get(_detector().detect(firstname=firstname, lastname=lastname), "")
