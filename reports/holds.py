"""Values that wait for a human before they enter a rating: kinds of suspicion, as data. All thresholds are ours.

A held value is no accusation: it is «нет данных» for everybody but the school, its municipality and its region. The
two-valued indicators («использует», «есть на площадке») and those of chats by case are never held.
"""

from dataclasses import dataclass

from reports.indicators.kinds import Indicator
from schools.scope import Level

# What an indicator must measure for a kind to be asked of it: columns of SchoolWeek.
ACTIVITY_PARTS = ("active", "op_active", "op_pupils_active")
PORTAL_ACTIVITY_PARTS = ("active",)  # counted week by week from people; an operator's monthly figure stands by nature


@dataclass(frozen=True, slots=True)
class HoldKind:
    """Why a value is held: what is asked of it, why, and what the human does; limits are our own definition.

    `parts` are the columns it is asked of; none: every share of people. `people` is how many make it worth a question.
    """

    number: int  # what the database stores; never reused
    key: str
    name: str
    definition: str
    why: str
    advice: str
    people: int
    times: int = 0  # OVER: per cent of the whole; JUMP: times the week before; STALE: weeks
    parts: tuple[str, ...] = ()

    def applies_to(self, indicator: Indicator, part: str) -> bool:
        """Whether the kind is asked of an indicator counted from a column."""
        of_people = indicator.base == Level.SCHOOL and indicator.counts_people
        return of_people and (not self.parts or part in self.parts)


OVER = HoldKind(
    number=1,
    key="over",
    name="Больше целого",
    definition="Числитель больше полутора знаменателей, и лишних не меньше 10 человек.",
    why="Немного больше 100 % бывает: численность — на 20 сентября. В полтора раза — это ошибка в одном из чисел.",
    advice="Сверьте численность по ОО-1 со списком школы: обычно устарела численность или в списке есть уволенные.",
    people=10,
    times=150,
)
JUMP = HoldKind(
    number=2,
    key="jump",
    name="Скачок",
    definition="За неделю стало больше чем в 5 раз, не меньше чем на 30 человек; после каникул не спрашиваем.",
    why="Так быстро число растёт от повторной выгрузки или чужих данных — или от хорошей работы, и это видно на месте.",
    advice="Спросите школу, что произошло на этой неделе. Если был запуск или обучение — пропустите значение.",
    people=30,
    times=5,
    parts=ACTIVITY_PARTS,
)
STALE = HoldKind(
    number=3,
    key="stale",
    name="Не меняется",
    definition="Одно и то же число активных четвёртую неделю подряд, не меньше 30 человек: у малых чисел это случай.",
    why="Живая активность от недели к неделе колеблется; застывшее число похоже на одну и ту же выгрузку.",
    advice="Проверьте, за какую неделю пришли данные площадки. Если совпадение настоящее — пропустите значение.",
    people=30,
    times=4,
    parts=PORTAL_ACTIVITY_PARTS,
)
EVEN = HoldKind(
    number=4,
    key="even",
    name="Слишком ровно",
    definition="Все активные педагоги, не меньше 10, сделали за неделю одно и то же число действий.",
    why="У людей числа разные. Одинаковые бывают, когда активность изображают или когда выгрузка заполнена наугад.",
    advice="Это повод для разговора, не для упрёка: спросите школу, как шла неделя, и помогите с содержанием чатов.",
    people=10,
    parts=PORTAL_ACTIVITY_PARTS,
)
HOLD_KINDS = (OVER, JUMP, STALE, EVEN)
HOLD_KIND_BY_NUMBER = {kind.number: kind for kind in HOLD_KINDS}

# Asked for and not measurable: said on the page, not faked.
NOT_MEASURED = (
    (
        "Вся активность за один час",
        "Площадка отдаёт недельные суммы, часов в данных нет: проверить нельзя, пока она не передаёт время.",
    ),
)


def hold_kind_choices() -> list[tuple[int, str]]:
    """Choices of a field that keeps a kind."""
    return [(kind.number, kind.name) for kind in HOLD_KINDS]
