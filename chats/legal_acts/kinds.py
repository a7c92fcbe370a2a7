"""Kinds of legal acts with the case forms an order needs to cite them, and what may have become of an act."""

from dataclasses import dataclass

from chats.orders.cases import Case

# In which acts are cited: «приказ», «на основании приказа», «в соответствии с приказом».
CITED_CASES = (Case.NOMINATIVE, Case.GENITIVE, Case.INSTRUMENTAL)


@dataclass(frozen=True, slots=True)
class ActKind:
    """A kind of act and how one is cited.

    `is_standard`: by its number alone, «ГОСТ Р 7.0.97-2025», with neither date nor «№». `is_quoted` is false where the
    title goes on the sentence the kind begins: «протокол совещания … с органами исполнительной власти … от …».
    """

    key: str  # what the database stores; never reused
    nominative: str
    genitive: str
    instrumental: str
    name: str = ""  # in lists and filters, where it is not the nominative
    names_body: bool = True  # a federal law is cited without the one who passed it
    is_standard: bool = False
    is_quoted: bool = True
    requisites: tuple[str, ...] = ("adopted_on", "number", "title")  # what a citation of the kind cannot do without

    @property
    def title(self) -> str:
        """«Распоряжение», «Национальный стандарт»: the kind on its own."""
        text = self.name or self.nominative
        return f"{text[:1].upper()}{text[1:]}"

    def form(self, case: Case) -> str:
        """The kind's words in a case."""
        return str(getattr(self, case.value))


KINDS = (
    ActKind("law", "Федеральный закон", "Федерального закона", "Федеральным законом", names_body=False),
    ActKind("decree", "Указ", "Указа", "Указом"),
    ActKind("resolution", "постановление", "постановления", "постановлением"),
    ActKind("disposition", "распоряжение", "распоряжения", "распоряжением"),
    ActKind("order", "приказ", "приказа", "приказом"),
    ActKind("letter", "письмо", "письма", "письмом"),
    ActKind(
        "protocol", "протокол совещания", "протокола совещания", "протоколом совещания", "протокол", is_quoted=False
    ),
    ActKind(
        "agreement", "соглашение", "соглашения", "соглашением", is_quoted=False, requisites=("adopted_on", "title")
    ),
    ActKind("methodology", "Методология", "Методологии", "Методологией", names_body=False, is_quoted=False),
    ActKind(
        "project",
        "федеральный проект",
        "федерального проекта",
        "федеральным проектом",
        names_body=False,
        requisites=("title",),
    ),
    ActKind(
        "standard",
        "ГОСТ Р",
        "ГОСТ Р",
        "ГОСТ Р",
        "национальный стандарт",
        names_body=False,
        is_standard=True,
        requisites=("number", "title"),
    ),
    ActKind(
        "materials",
        "материалы семинара",
        "материалов семинара",
        "материалами семинара",
        requisites=("adopted_on", "title"),
    ),
    ActKind("other", "документ", "документа", "документом", "другой документ"),
)
KIND_BY_KEY = {kind.key: kind for kind in KINDS}


@dataclass(frozen=True, slots=True)
class ActState:
    """What has become of an act; glyph and tone as every state is shown (design.md, «States»)."""

    key: str  # what the database stores; never reused
    name: str
    glyph: str
    is_over: bool = False  # an order must not rest on it


IN_FORCE = ActState("in_force", "действует", "done")
AMENDED = ActState("amended", "изменён", "done")
SUPERSEDED = ActState("superseded", "заменён", "stalled", is_over=True)
LOST = ActState("lost", "утратил силу", "stalled", is_over=True)
UNVERIFIED = ActState("unverified", "не проверено", "todo")
STATES = (IN_FORCE, AMENDED, SUPERSEDED, LOST, UNVERIFIED)
STATE_BY_KEY = {state.key: state for state in STATES}


def kind_choices() -> list[tuple[str, str]]:
    """Return (key, name) pairs for form fields; given as a callable so that a new entry needs no migration."""
    return [(kind.key, kind.title) for kind in KINDS]


def state_choices() -> list[tuple[str, str]]:
    """Return (key, name) pairs for form fields."""
    return [(state.key, state.name) for state in STATES]
