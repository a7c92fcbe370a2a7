"""The key people are matched by, and the commonest names with their gender (pure)."""

import re
from functools import lru_cache

from schools.codes import APOSTROPHES, fold
from staff.names.parts import LOOK_ALIKES, NONE_WORDS, Gender


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# The commonest names, enough to tell the order of words and the gender; rarer ones are left undecided.
MALE_NAMES = _words(
    """александр алексей анатолий андрей антон аркадий артем артур борис вадим валентин валерий василий виктор виталий
    владимир владислав вячеслав геннадий георгий григорий даниил денис дмитрий евгений егор иван игорь ильдар илья
    кирилл константин лев леонид максим марат матвей михаил никита николай олег павел петр ринат роман руслан сергей
    станислав степан тимофей тимур федор эдуард юрий яков ярослав ахмед магомед рамазан"""
)
FEMALE_NAMES = _words(
    """александра алена алина алла альбина анастасия ангелина анна антонина валентина валерия варвара вера вероника
    виктория галина гульнара дарья диана динара евгения екатерина елена елизавета жанна зинаида зоя инна ирина карина
    кристина ксения лариса лидия лилия любовь людмила марина мария надежда наталия наталья нина оксана ольга полина
    раиса регина римма светлана софья софия тамара татьяна ульяна эльвира эльмира юлия яна"""
)
KNOWN_NAMES = MALE_NAMES | FEMALE_NAMES


def gender_of_name(first: str) -> Gender:
    """'m' or 'f' of the commonest names, '' for the rest."""
    folded = fold(first)
    if folded in MALE_NAMES:
        return "m"
    return "f" if folded in FEMALE_NAMES else ""


_ALIASES = (
    (re.compile(r"инична$"), "ична"),  # Ильинична and Ильична, Кузьминична and Кузьмична
    (re.compile(r"и(ев(?:ич|на))$"), r"ь\1"),  # Валериевна and Валерьевна
)
_KEY_SIGNS = re.compile(rf"[{APOSTROPHES}.]")


@lru_cache(maxsize=16384)
def key_part(text: str) -> str:
    """A surname or a name for comparing: folded, Latin twins made Russian, hyphens as spaces."""
    key = fold(_KEY_SIGNS.sub("", text.translate(LOOK_ALIKES)))
    return " ".join(key.replace("-", " ").split())


@lru_cache(maxsize=16384)
def _patronymic_key(text: str) -> str:
    key = key_part(text)
    if key in NONE_WORDS or not key:
        return ""
    for ending, usual in _ALIASES:
        key = ending.sub(usual, key)
    return key


def name_key(last_name: str, first_name: str, patronymic: str) -> str:
    """'иванова|анна мария|петровна': equal for ё and е, any dash or space, Latin twins, Ильична and Ильинична."""
    return f"{key_part(last_name)}|{key_part(first_name)}|{_patronymic_key(patronymic)}"
