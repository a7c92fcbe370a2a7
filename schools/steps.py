"""The nine steps of «Порядок работы региона»: level, the rule that proves them, prerequisites, next action, as data.

The order and the titles come from the source deck (31.05.2023, «Порядок работы региона»). The deck names no thresholds:
`enough` and `STALLED_DAYS` are our definition and are shown as such.
"""

from dataclasses import dataclass

from schools.bases import ORDER_OF_WORK, REGISTRATION, WEEKLY_REPORT, Basis
from schools.scope import Level

STALLED_DAYS = 14  # ours: so long without movement, and somebody has to ask why
FUNCTIONS_ENOUGH = 3  # ours: so many functions of «Моя школа» mastered, beside the use of Сферум, complete step 9
SOURCE = "«Порядок работы региона», материалы семинара от 31.05.2023"
OURS = "Порог — наше определение: в источнике его нет."


@dataclass(frozen=True, slots=True)
class Step:
    """One step. Progress is counted for every school: `part` of `whole`, done from `enough` of the whole on.

    `level` is whose work it is; the school sees steps of the levels above as facts about itself.
    """

    number: int  # what the database stores; never reused
    key: str
    name: str  # as a finished fact: «Педагоги внесены»
    short: str  # a column's heading
    over_schools: str  # a line of the funnel over many schools
    level: Level
    who: str  # who does it
    rule: str  # what proves it, one sentence
    units: tuple[str, str, str]  # what part and whole count: one, few, many
    action: str  # the next thing to do, a verb: «Загрузите список педагогов»
    why: str  # what hangs on it, for the one who has to do it
    bases: tuple[Basis, ...]  # the order of work of the deck, and the acts that ask for the same
    requires: tuple[int, ...] = ()
    enough: float = 1.0  # share of the whole
    lacks: tuple[str, str] = ("", "")  # «не хватает 1 …, 5 …»
    may_be_needless: bool = False
    limits: tuple[str, ...] = ()


STEPS = (
    Step(
        number=1,
        key="region_coordinator",
        name="Координатор региона подключён",
        short="Регион",
        over_schools="Координатор региона",
        level=Level.REGION,
        who="администратор портала",
        rule="У региона есть назначенный координатор, и он хотя бы раз вошёл в портал.",
        units=("координатор", "координатора", "координаторов"),
        action="Назначьте координатора региона",
        why="Без координатора некому сверять школы и назначать людей в муниципалитетах.",
        bases=(ORDER_OF_WORK,),
    ),
    Step(
        number=2,
        key="register",
        name="Школа сверена с реестром",
        short="Реестр",
        over_schools="Реестр школ сверен",
        level=Level.REGION,
        who="координатор региона",
        rule="Школа найдена в официальном перечне, расхождения разобраны — либо указана причина, почему её там нет.",
        units=("школа", "школы", "школ"),
        action="Сверьте реестр школ",
        why="Показатели считают от числа школ: лишняя или потерянная школа меняет долю всего региона.",
        bases=(ORDER_OF_WORK, REGISTRATION),
        requires=(1,),
    ),
    Step(
        number=3,
        key="municipal_coordinator",
        name="Координатор муниципалитета назначен",
        short="Территория",
        over_schools="Координаторы территорий",
        level=Level.REGION,
        who="координатор региона",
        rule="У муниципалитета школы есть назначенный координатор, и он хотя бы раз вошёл в портал.",
        units=("координатор", "координатора", "координаторов"),
        action="Назначьте координатора муниципалитета",
        why="Он назначает администраторов школ и помогает тем, кто застрял.",
        bases=(ORDER_OF_WORK, REGISTRATION),
        requires=(1,),
        may_be_needless=True,
        limits=("Школе, подчинённой региону напрямую, этап не требуется.",),
    ),
    Step(
        number=4,
        key="school_administrator",
        name="Администратор школы назначен",
        short="Администратор",
        over_schools="Администраторы школ",
        level=Level.MUNICIPALITY,
        who="координатор муниципалитета",
        rule="У школы есть назначенный администратор, и он хотя бы раз вошёл в портал.",
        units=("администратор", "администратора", "администраторов"),
        action="Назначьте администратора школы",
        why="Списки школы вносит только её администратор.",
        bases=(ORDER_OF_WORK, Basis("letter-04-643")),
        requires=(3,),
    ),
    Step(
        number=5,
        key="staff",
        name="Педагоги внесены",
        short="Педагоги",
        over_schools="Педагоги внесены",
        level=Level.SCHOOL,
        who="администратор школы",
        rule="Внесено не меньше 95 % педагогов от численности по ОО-1, и ни одной строки с ошибкой не ждёт.",
        units=("педагог", "педагога", "педагогов"),
        action="Загрузите список педагогов",
        why="От этого списка считают зарегистрированных и активных.",
        bases=(ORDER_OF_WORK, WEEKLY_REPORT),
        requires=(4,),
        enough=0.95,
        lacks=("педагога", "педагогов"),
        limits=(OURS, "Численность по ОО-1 — на 20 сентября, список живёт: 100 % не требуем."),
    ),
    Step(
        number=6,
        key="classes",
        name="Классы внесены",
        short="Классы",
        over_schools="Классы внесены",
        level=Level.SCHOOL,
        who="администратор школы",
        rule="Внесены все классы по ОО-1, и у каждого есть классный руководитель.",
        units=("класс", "класса", "классов"),
        action="Внесите классы и классных руководителей",
        why="Без классов не к чему привязать обучающихся, чаты и представителей.",
        bases=(ORDER_OF_WORK,),
        requires=(4,),
        lacks=("класса с руководителем", "классов с руководителем"),
    ),
    Step(
        number=7,
        key="guardians",
        name="Законные представители зарегистрированы",
        short="Представители",
        over_schools="Представители",
        level=Level.SCHOOL,
        who="администратор школы и классные руководители",
        rule=(
            "У 80 % обучающихся зарегистрирован хотя бы один представитель. Те, чьи представители отказались, из числа "
            "вычитаются: отказ — их право."
        ),
        units=("обучающийся", "обучающихся", "обучающихся"),
        action="Пригласите законных представителей",
        why="Обучающийся младше 14 лет входит через представителя.",
        bases=(ORDER_OF_WORK, Basis("law-472")),
        requires=(6,),
        enough=0.8,
        lacks=("обучающегося с представителем", "обучающихся с представителем"),
        limits=(OURS, "Участие добровольное: отказавшимся не напоминаем."),
    ),
    Step(
        number=8,
        key="pupils",
        name="Учащиеся добавлены",
        short="Учащиеся",
        over_schools="Учащиеся",
        level=Level.SCHOOL,
        who="администратор школы и классные руководители",
        rule="Внесено не меньше 95 % обучающихся от численности по ОО-1.",
        units=("обучающийся", "обучающихся", "обучающихся"),
        action="Добавьте обучающихся",
        why="Списки классов видны только вашей школе; выше передаются одни числа.",
        bases=(ORDER_OF_WORK, Basis("law-472"), Basis("resolution-1241")),
        requires=(6,),
        enough=0.95,
        lacks=("обучающегося", "обучающихся"),
        limits=(OURS,),
    ),
    Step(
        number=9,
        key="use",
        name="Платформа освоена и используется",
        short="Освоение",
        over_schools="Освоение и работа",
        level=Level.SCHOOL,
        who="вся школа",
        rule=(
            "За последнюю опубликованную неделю школа на ступени «использует» (показатель 10 Р-210), и освоено не "
            f"меньше {FUNCTIONS_ENOUGH} функций «Моей школы»."
        ),
        units=("условие", "условия", "условий"),
        action="Осваивайте функции одну за другой",
        why="Ради этого и вся работа: платформа помогает учить.",
        bases=(ORDER_OF_WORK, Basis("r-210", "показатель 10"), Basis("resolution-1241")),
        requires=(5, 6),
        limits=(OURS, "Функции отмечает школа: выгрузки по подсистемам оператор не даёт."),
    ),
)
STEP_BY_NUMBER = {step.number: step for step in STEPS}
STEP_BY_KEY = {step.key: step for step in STEPS}


@dataclass(frozen=True, slots=True)
class Function:
    """A function of «Моя школа» a school masters; `proved` means that data shows its use, a mark is not needed."""

    number: int  # what the database stores; never reused
    key: str
    name: str
    advice: str


FUNCTIONS = (
    Function(1, "diary", "Электронный дневник", "Задайте хотя бы одному классу задание с материалом библиотеки."),
    Function(2, "library", "Библиотека", "Откройте на уроке один верифицированный материал."),
    Function(3, "chats", "Чаты и звонки", "Начните с одного нужного сообщения классу."),
    Function(4, "tests", "Тесты", "Проведите одну проверочную работу в системе."),
    Function(5, "files", "Файлы", "Положите рабочую программу в «Мои файлы» и поделитесь ссылкой."),
    Function(6, "smart_tv", "Smart TV", "Покажите материал библиотеки на большом экране."),
)
FUNCTION_BY_NUMBER = {function.number: function for function in FUNCTIONS}

# «Что можно сделать» of the deck, in our words: what is offered to a school at step 9 whatever its numbers.
ADVICE = (
    "Прикрепите педагогов к школе в Госуслугах: без этого вход под ролью педагога не откроется.",
    "Посоветуйте открытые материалы на myschool.edu.ru: регистрация для них не нужна.",
    "Предложите каждому педагогу один раз войти в «Мою школу» через Госуслуги.",
    "Задайте детям одно домашнее задание с материалом платформы: так к ней привыкают.",
)


def function_choices() -> list[tuple[int, str]]:
    """Return (number, name) pairs for form fields; given as a callable so that a new entry needs no migration."""
    return [(function.number, function.name) for function in FUNCTIONS]


def step_choices() -> list[tuple[int, str]]:
    """Return (number, name) pairs for form fields."""
    return [(step.number, step.name) for step in STEPS]
