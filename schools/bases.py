"""A reference to an act of the library: what data files of the domain say they rest on, by the act's stable key."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Basis:
    """An act by the key it has in the library (`chats.models.LegalAct.key`), and the point of it that is meant."""

    act: str
    point: str = ""  # «п. 11», «показатель 10»; empty is the act as a whole


# The source deck of 31.05.2023 by its parts: much of what the portal does has no other written ground.
ORDER_OF_WORK = Basis("seminar-2023", "раздел «Порядок работы региона»")
MAIN_STEPS = Basis("seminar-2023", "раздел «Основные шаги»")
CASES = Basis("seminar-2023", "разделы «Кейсы использования Платформы»")
USE_STATISTICS = Basis("seminar-2023", "раздел «Статистика использования ФГИС „Моя школа“»")
WEEKLY_REPORT = Basis("protocol-1612", "п. 11")
REGISTRATION = Basis("protocol-1838", "п. 5")
