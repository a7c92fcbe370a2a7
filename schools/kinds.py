"""Kinds of schools, and which of them indicator 10 of Р-210 counts (общеобразовательные организации only)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of educational organisation."""

    key: str
    name: str
    is_general: bool  # общеобразовательная организация: in the denominator of indicator 10


KINDS = (
    Kind("school", "средняя или основная школа", True),
    Kind("gymnasium", "гимназия", True),
    Kind("lyceum", "лицей", True),
    Kind("boarding", "школа-интернат", True),
    Kind("cadet", "кадетская школа, корпус", True),
    Kind("evening", "вечерняя (сменная) школа", True),
    Kind("special", "специальная (коррекционная) школа", True),
    Kind("preschool", "дошкольная организация", False),
    Kind("vocational", "колледж, техникум", False),
    Kind("additional", "дополнительное образование", False),
    Kind("higher", "высшее образование", False),
    Kind("other", "другая организация", False),
)
KIND_BY_KEY = {kind.key: kind for kind in KINDS}
GENERAL_KINDS = tuple(kind.key for kind in KINDS if kind.is_general)


def kind_choices() -> list[tuple[str, str]]:
    """Return (key, name) pairs for form fields."""
    return [(kind.key, kind.name) for kind in KINDS]
