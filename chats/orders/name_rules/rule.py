"""The shape of a rule about names, and the paradigms most rules point to.

Sources, by the names the rules use: «Розенталь» – Справочник по правописанию и стилистике, «Склонение некоторых имён и
фамилий»; «Правила» – Правила русской орфографии и пунктуации, 2006 (о and е after ж, ш, ч, щ, ц in endings);
«Калакуцкая» – Склонение фамилий и личных имён в русском литературном языке, 1984; «Суперанская» – Словарь русских
личных имён; «Грамота» – answers of gramota.ru. Compared with their texts: Розенталь on consonants, -аго, -ых, -ко and
vowels, Грамота on -ец. UNVERIFIED, cited from memory: the rest.
"""

from dataclasses import dataclass
from typing import Literal

from chats.orders.cases import Gender

Part = Literal["last_name", "first_name", "patronymic"]

# Genitive, dative, accusative, instrumental, prepositional: a hyphen takes one letter off, a dot keeps the word.
FIXED = ". . . . ."
HARD = "а у а ом е"
HUSHING = "а у а ем е"
SOFT = "-я -ю -я -ем -е"
SOFT_IY = "-я -ю -я -ем -и"
ADJECTIVE = "--ого --ому --ого --им --ом"
A_HARD = "-ы -е -у -ой -е"
A_STRESSED = "-и -е -у -ой -е"
A_HUSHING = "-и -е -у -ей -е"
A_SOFT = "-и -е -ю -ей -е"
IYA = "-и -и -ю -ей -и"
THIRD = "-и -и . ю -и"
FLEETING_K = "--ка --ку --ка --ком --ке"
FLEETING_TS = "--ца --цу --ца --цем --це"


@dataclass(frozen=True, slots=True)
class Rule:
    """Which words decline how, and what a person is told: in small letters, ё as е in words but not in patterns."""

    why: str  # the reason and its source
    endings: str  # '' leaves the word to pytrovich
    gender: Gender = ""  # '' is both
    words: str = ""  # whole words, a space between
    pattern: str = ""  # a regular expression of the whole word
    place: Literal["", "head", "tail"] = ""  # a part of a double name that is not its last, or is
    doubt: str = ""  # in Russian: why a person must look
    note: str = ""  # in Russian: why the word stays as it is
