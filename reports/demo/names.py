"""Generated people: surnames, names and patronymics that agree in gender, and the ways lists spoil them."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, TypeVar

T = TypeVar("T")


class Name(NamedTuple):
    """A person's name as a list holds it; `gender` is 'm' or 'f'."""

    last: str
    first: str
    patronymic: str
    gender: str
    no_patronymic: bool = False


@dataclass(frozen=True, slots=True)
class Culture:
    """Names that go together: surnames in the masculine, names, and patronymics as (his, hers)."""

    surnames: tuple[str, ...]
    men: tuple[str, ...]
    women: tuple[str, ...]
    patronymics: tuple[tuple[str, str], ...]


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    words = text.split()
    return tuple(zip(words[::2], words[1::2], strict=True))


def _regular(fathers: str) -> tuple[tuple[str, str], ...]:
    return tuple((f"{name}ович", f"{name}овна") for name in fathers.split())


# Father's name → patronymics, the commonest first: a draw takes the head of a list more often.
_FATHERS = _pairs(
    """Александрович Александровна Владимирович Владимировна Николаевич Николаевна Сергеевич Сергеевна Викторович
    Викторовна Иванович Ивановна Алексеевич Алексеевна Анатольевич Анатольевна Михайлович Михайловна Юрьевич Юрьевна
    Васильевич Васильевна Андреевич Андреевна Евгеньевич Евгеньевна Валерьевич Валерьевна Геннадьевич Геннадьевна
    Петрович Петровна Дмитриевич Дмитриевна Игоревич Игоревна Олегович Олеговна Павлович Павловна Борисович Борисовна
    Вячеславович Вячеславовна Витальевич Витальевна Леонидович Леонидовна Константинович Константиновна Григорьевич
    Григорьевна Фёдорович Фёдоровна Станиславович Станиславовна Романович Романовна Владиславович Владиславовна
    Георгиевич Георгиевна Артёмович Артёмовна Ильич Ильинична Львович Львовна Семёнович Семёновна Никитич Никитична
    Максимович Максимовна Степанович Степановна Аркадьевич Аркадьевна Яковлевич Яковлевна Эдуардович Эдуардовна"""
)
_RUSSIAN = Culture(
    surnames=tuple(
        """Иванов Смирнов Кузнецов Попов Васильев Петров Соколов Михайлов Новиков Фёдоров Морозов Волков Алексеев
        Лебедев Семёнов Егоров Павлов Козлов Степанов Николаев Орлов Андреев Макаров Никитин Захаров Зайцев Соловьёв
        Борисов Яковлев Григорьев Романов Воробьёв Сергеев Кузьмин Фролов Александров Дмитриев Королёв Гусев Киселёв
        Ильин Максимов Поляков Сорокин Виноградов Ковалёв Белов Медведев Антонов Тарасов Жуков Баранов Филиппов
        Комаров Давыдов Беляев Герасимов Богданов Осипов Сидоров Матвеев Титов Марков Миронов Крылов Куликов Карпов
        Власов Мельников Денисов Гаврилов Тихонов Казаков Афанасьев Данилов Савельев Тимофеев Фомин Чернов Абрамов
        Мартынов Ефимов Федотов Щербаков Назаров Калинин Исаев Чернышёв Быков Маслов Родионов Коновалов Лазарев
        Воронин Климов Филатов Пономарёв Голубев Кудрявцев Прохоров Наумов Потапов Журавлёв Овчинников Трофимов
        Леонов Соболев Ермаков Колесников Гончаров Емельянов Никифоров Грачёв Котов Гришин Ефремов Архипов Громов
        Кириллов Малышев Панов Моисеев Румянцев Акимов Кондратьев Бирюков Горбунов Анисимов Ерёмин Тихомиров Галкин
        Лукьянов Михеев Скворцов Юдин Белоусов Нестеров Симонов Прокофьев Харитонов Князев Цветков Левин Митрофанов
        Воронов Аксёнов Софронов Мальцев Логинов Горшков Савин Краснов Майоров Демидов Елисеев Рыбаков Сафонов
        Плотников Демин Хохлов Фадеев Молчанов Игнатов Литвинов Ершов Ушаков Дементьев Рябов Мухин Калашников Леонтьев
        Лобанов Кузин Корнеев Евдокимов Бородин Платонов Некрасов Балашов Бобров Жданов Блинов Игнатьев Коротков
        Муравьёв Крюков Беляков Богомолов Дроздов Лавров Зуев Петухов Ларин Никулин Серов Терентьев Зотов Устинов
        Белозерский Вознесенский Преображенский Покровский Троицкий Успенский Введенский Островский Добровольский
        Крутой Толстой Береговой Бондаренко Шевченко Кравченко Ткаченко Коваленко Савченко Лысенко Мельничук Романюк
        Черных Седых Белых Майер Миллер Шульц""".split()
    ),
    men=tuple(
        """Александр Сергей Дмитрий Андрей Алексей Максим Евгений Иван Михаил Артём Николай Владимир Павел Илья Роман
        Кирилл Антон Денис Игорь Олег Юрий Никита Константин Виктор Егор Пётр Фёдор Вадим Станислав Григорий Борис
        Василий Леонид Тимофей Глеб Степан Семён Матвей Лев Георгий""".split()
    ),
    women=tuple(
        """Елена Ольга Наталья Татьяна Ирина Светлана Анна Екатерина Мария Марина Юлия Анастасия Людмила Галина
        Надежда Валентина Оксана Алёна Виктория Любовь Ксения Евгения Лариса Дарья Нина Вера Инна Алла Полина
        Александра Тамара Жанна София Кристина Вероника Яна Антонина Елизавета Маргарита Лидия Зоя Алина Диана
        Регина Алевтина Анфиса Варвара Василиса""".split()
    ),
    patronymics=_FATHERS,
)
_TATAR = Culture(
    surnames=tuple(
        """Хабибуллин Гарифуллин Шайхутдинов Сафин Галиев Мухаметзянов Валиев Зарипов Хасанов Ахметов Гилязов Сабиров
        Нуриев Хайруллин Закиров Галимов Ибатуллин Камалов Латыпов Фаттахов Шакиров Юсупов""".split()
    ),
    men=tuple("Ильдар Рустам Марат Ринат Айрат Тимур Рамиль Булат Азат Ильнур Наиль Фарид Дамир Руслан".split()),
    women=tuple("Гульнара Лилия Алсу Динара Эльвира Резеда Айгуль Рамиля Ляйсан Зульфия Венера Чулпан Диляра".split()),
    patronymics=_regular("Ильдар Рустам Марат Ринат Айрат Рамил Наил Фарид Рашит Камил Шамил Ренат Мансур Тагир"),
)
_ARMENIAN = Culture(
    surnames=tuple(
        "Саркисян Петросян Григорян Арутюнян Акопян Манукян Карапетян Оганесян Хачатрян Мкртчян Аветисян".split()
    ),
    men=tuple("Армен Ашот Тигран Гагик Карен Ваган Арсен Давид Самвел Нарек".split()),
    women=tuple("Анаит Карине Лусине Гаяне Армине Сусанна Нарине Рузанна Мариам Ани".split()),
    patronymics=_regular("Армен Ашот Тигран Карен Ваган Арсен Самвел Сурен Рубен Гамлет Левон"),
)
_CAUCASIAN = Culture(
    surnames=tuple(
        """Магомедов Алиев Ибрагимов Исмаилов Гаджиев Омаров Абдуллаев Рамазанов Ахмедов Хамидов Эльмурзаев Дзагоев
        Тотров Кудаев Шогенов Бекоев Цораев Аушев Плиев""".split()
    ),
    men=tuple("Магомед Ахмед Рамазан Руслан Аслан Заур Тамерлан Мурат Шамиль Ислам Хасан Казбек".split()),
    women=tuple("Патимат Аминат Мадина Заира Хадижат Зарема Фатима Лейла Марьям Асият Залина Диана".split()),
    patronymics=_regular("Магомед Ахмед Рамазан Руслан Аслан Заур Мурат Шамил Хасан Казбек Умар Осман"),
)
_AZERBAIJANI = Culture(
    surnames=tuple("Гасанов Мамедов Гусейнов Керимов Велиев Джафаров Рзаев Сулейманов Бабаев".split()),
    men=tuple("Рашад Эльчин Вугар Турал Ильгар Фуад Эмин Натиг".split()),
    women=tuple("Айтен Севда Гюльнар Нигяр Лала Самира Тарана Ульвия".split()),
    patronymics=tuple(
        (f"{father} оглы", f"{father} кызы") for father in "Вагиф Мамед Расим Тофик Аждар Ильяс Рафик Гусейн".split()
    ),
)
_WITHOUT = Culture(  # people who have no patronymic by their documents
    surnames=tuple("Нгуен Ким Пак Цой Ли Хоанг Мартинес Хан".split()),
    men=tuple("Давид Марк Артур Леон Даниэль".split()),
    women=tuple("Анна Мария Линда Майя Лия Эмилия".split()),
    patronymics=(("", ""),),
)
CULTURES = (_RUSSIAN, _TATAR, _ARMENIAN, _CAUCASIAN, _AZERBAIJANI, _WITHOUT)
USUAL_MIX = (0.9, 0.93, 0.95, 0.975, 0.99, 1.0)  # cumulative shares of CULTURES
_TATAR_MIX = (0.45, 0.93, 0.94, 0.97, 0.99, 1.0)
_CAUCASIAN_MIX = (0.2, 0.22, 0.27, 0.93, 0.99, 1.0)
MIX_BY_REGION = dict.fromkeys(("02", "16"), _TATAR_MIX) | dict.fromkeys(
    ("05", "06", "07", "09", "15", "20"), _CAUCASIAN_MIX
)
_ENDINGS = (("ский", "ская"), ("цкий", "цкая"), ("ой", "ая"), ("ый", "ая"))


@lru_cache(maxsize=2048)
def feminine(surname: str) -> str:
    """«Соколов» → «Соколова», «Троицкий» → «Троицкая»; surnames that do not decline stay."""
    for his, hers in _ENDINGS:
        if surname.endswith(his) and len(surname) > 4:
            return surname.removesuffix(his) + hers
    return f"{surname}а" if surname.endswith(("ов", "ев", "ёв", "ин", "ын")) else surname


def often_first(rng: random.Random, items: Sequence[T]) -> T:
    """Draw an item: the head of the list comes up more often, as common names do."""
    return items[int(rng.random() ** 1.5 * len(items))]


def draw_culture(rng: random.Random, mix: Sequence[float] = USUAL_MIX) -> Culture:
    """Draw a culture by cumulative shares."""
    chance = rng.random()
    return next(culture for culture, until in zip(CULTURES, mix, strict=True) if chance < until)


def draw(rng: random.Random, gender: str, culture: Culture) -> Name:
    """Draw a person whose three names agree."""
    surname = often_first(rng, culture.surnames)
    if gender == "f":
        surname = feminine(surname)
        if culture is _RUSSIAN and rng.random() < 0.02:
            surname = f"{surname}-{feminine(rng.choice(culture.surnames))}"
    first = often_first(rng, culture.women if gender == "f" else culture.men)
    patronymic = often_first(rng, culture.patronymics)[gender == "f"]
    return Name(surname, first, patronymic, gender, not patronymic)


_TWINS = str.maketrans("АВСЕНКМОРТХасеорх", "ABCEHKMOPTXaceopx")


def _glued(name: Name) -> Name:
    return name._replace(first=f"{name.first}-{name.patronymic}", patronymic="")


def _latin(name: Name) -> Name:
    """The first letter that has a Latin twin is that twin."""
    for place, letter in enumerate(name.last):
        if (twin := letter.translate(_TWINS)) != letter:
            return name._replace(last=name.last[:place] + twin + name.last[place + 1 :])
    return name._replace(last=f"{name.last}o")


def _missing(name: Name) -> Name:
    return name._replace(patronymic="", no_patronymic=False)


def _shouted(name: Name) -> Name:
    return name._replace(last=name.last.upper(), first=name.first.upper(), patronymic=name.patronymic.upper())


def _initials(name: Name) -> Name:
    return name._replace(first=f"{name.first[0]}.", patronymic=f"{name.patronymic[:1] or 'А'}.")


# What the deck found in ten sampled profiles: glued and missing patronymics above all.
DEFECTS: tuple[Callable[[Name], Name], ...] = (_glued, _missing, _latin, _shouted, _initials)
_DEFECT_SHARES = (0.38, 0.76, 0.88, 0.97, 1.0)


def spoil(rng: random.Random, name: Name, kind: int | None = None) -> Name:
    """Return the name as careless hands type it; `kind` is a number in DEFECTS, drawn by their shares if not given."""
    if not name.patronymic or " " in name.patronymic:
        return name
    if kind is None:
        chance = rng.random()
        kind = next(number for number, until in enumerate(_DEFECT_SHARES) if chance < until)
    return DEFECTS[kind](name)


_LETTERS = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e e zh z i y k l m n o p r s t u f h c ch sh sch - y - e yu ya".replace("-", "").split(" "),
        strict=True,
    )
)


@lru_cache(maxsize=4096)
def latin(text: str) -> str:
    """«Щербакова» → 'scherbakova', for addresses of e-mail; anything but letters goes."""
    return "".join(_LETTERS.get(letter, "") for letter in text.lower())
