"""What an order's text may ask for: the fields, their forms after the dot, and how they are asked for (pure)."""

from dataclasses import dataclass
from enum import StrEnum

from chats.orders.cases import Case
from chats.orders.text import Slot


class Kind(StrEnum):
    """What a field holds, and so how it is asked for."""

    PERSON = "person"
    DATE = "date"
    TEXT = "text"
    LINES = "lines"
    ACTS = "acts"
    ORDER = "order"
    CHATS = "chats"
    OWN = "own"  # known of the organisation: asked of nobody


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its name in braces, its label, what it holds, a hint, words of the position of who it usually is."""

    key: str
    label: str
    kind: Kind
    hint: str = ""
    usual: tuple[str, ...] = ()
    default: str = ""


FIELDS = (
    Field("учреждение", "Сокращённое наименование", Kind.OWN, "из карточки"),
    Field("наименование", "Полное наименование по уставу", Kind.OWN, "из карточки"),
    Field(
        "цель",
        "С какой целью",
        Kind.TEXT,
        "Продолжает слова «С целью…», в родительном падеже",
        default="формирования единой коммуникационной среды для сотрудников, обучающихся и их законных представителей",
    ),
    Field("основание", "На каком основании", Kind.ACTS, "Акты из нормативной базы; утратившие силу не предлагаются"),
    Field(
        "администратор",
        "Администратор платформы",
        Kind.PERSON,
        "Ведёт учебные профили и чаты школы",
        ("информатизац", "икт", "информационн", "инженер"),
    ),
    Field(
        "методист",
        "Ответственный за методическую поддержку",
        Kind.PERSON,
        "Учит коллег работать на платформе",
        ("учебн", "увр", "методич"),
    ),
    Field(
        "ответственный",
        "Ответственный за «Мою школу»",
        Kind.PERSON,
        "Ведёт работу школы в ФГИС «Моя школа»",
        ("информатизац", "икт", "учебн", "увр"),
    ),
    Field("координатор", "Муниципальный координатор", Kind.PERSON, "Отвечает за внедрение в муниципалитете"),
    Field("срок", "Срок", Kind.DATE, "Последний день включительно"),
    Field("переход", "С какого дня пишут в новом канале", Kind.DATE, "Первый день работы в новом канале"),
    Field("действует", "С какого дня действует", Kind.DATE, "Обычно день подписания"),
    Field("чаты", "Перечень чатов", Kind.CHATS, "Приложение к приказу: составим по классам и кейсам школы"),
    Field("приказ", "Какой приказ меняем или отменяем", Kind.ORDER, "Из изданных на портале"),
    Field("изменения", "Что изменить", Kind.LINES, "По одному изменению в строке"),
)
FIELD_BY_KEY = {field.key: field for field in FIELDS}

CASES = {
    "им": Case.NOMINATIVE,
    "род": Case.GENITIVE,
    "дат": Case.DATIVE,
    "вин": Case.ACCUSATIVE,
    "твор": Case.INSTRUMENTAL,
    "пред": Case.PREPOSITIONAL,
}
CASE_NAMES = {
    Case.NOMINATIVE: "именительный, кто",
    Case.GENITIVE: "родительный, кого",
    Case.DATIVE: "дательный, кому",
    Case.ACCUSATIVE: "винительный, кого",
    Case.INSTRUMENTAL: "творительный, кем",
    Case.PREPOSITIONAL: "предложный, о ком",
}
ACT_CASES = ("им", "род", "твор")  # the cases acts are cited in (chats/legal_acts/kinds.py)
POSITION, INITIALS, NEXT_DAY = "должность", "инициалы", "назавтра"


def why_unknown(slot: Slot) -> str:
    """Why a text cannot ask for this, in Russian with what to write instead; "" where it can."""
    field = FIELD_BY_KEY.get(slot.name)
    if field is None:
        names = ", ".join(f"{{{one.key}}}" for one in FIELDS)
        return f"Поля «{{{slot.name}}}» нет. Есть: {names}."
    forms = list(slot.forms)
    if field.kind == Kind.PERSON and forms[:1] and forms[0] in (POSITION, INITIALS):
        forms = forms[1:]
    cases = {Kind.PERSON: tuple(CASES), Kind.ACTS: ACT_CASES}.get(field.kind, ())
    if len(forms) == 1 and forms[0] in cases:
        forms = []
    if field.kind == Kind.DATE and forms == [NEXT_DAY]:
        forms = []
    if not forms:
        return ""
    return f"У поля «{{{slot.name}}}» нет формы «{'.'.join(slot.forms)}». {_forms_of(field)}"


def _forms_of(field: Field) -> str:
    if field.kind == Kind.PERSON:
        cases = ", ".join(CASES)
        return (
            f"Формы: {cases}; с должностью — «{field.key}.{POSITION}.вин», с инициалами — «{field.key}.{INITIALS}.дат»."
        )
    if field.kind == Kind.ACTS:
        return f"Формы: {', '.join(ACT_CASES)}."
    if field.kind == Kind.DATE:
        return f"Форма одна: «{field.key}.{NEXT_DAY}» — следующий день."
    return "Пишите его без точки."


def asked_of(slots: list[Slot]) -> list[Field]:
    """The fields that somebody has to fill in for a text, in the order of the catalogue."""
    names = {slot.name for slot in slots}
    return [field for field in FIELDS if field.key in names and field.kind != Kind.OWN]


def cases_asked(slots: list[Slot], key: str) -> list[Case]:
    """The cases a text puts a person into, without the nominative, in the order of the school grammar."""
    found = {CASES[form] for slot in slots if slot.name == key for form in slot.forms if form in CASES}
    return [case for case in Case if case in found and case != Case.NOMINATIVE]
