"""One part of a name: surname, name or patronymic, cleaned and checked on its own (pure)."""

import re
import unicodedata
from functools import lru_cache
from typing import Literal

from schools.codes import APOSTROPHES, DASHES, EMPTY, Cleaned, Problem, fold, mistake, tidy, warned
from schools.person_names.known import KNOWN_NAMES, SURNAME

NO_PATRONYMIC = "нет по документам"
SPLIT = " · "  # stands between the name and the patronymic in an accepted suggestion: «Анна · Викторовна»
LONGEST = 100  # letters in one part of a name

Gender = Literal["m", "f", ""]

# Letters of other alphabets that look like Russian ones, at least in italics, within a word that is otherwise Russian.
# Lower Latin b stands for ь, which it resembles, not for в.
_LATIN = dict(zip("ABCEHKMOPTXYaceopxykmthbnrguëË", "АВСЕНКМОРТХУасеорхукмтньпгдиёЁ", strict=True))
_GREEK = dict(zip("ΑΒΓΔΕΗΚΛΜΟΠΡΤΥΦΧακορυχπφε", "АВГДЕНКЛМОПРТУФХакоруxпфе".replace("x", "х"), strict=True))
_ARABIC = dict(zip("كکڪهہەھ", "ккковвв".replace("в", "о"), strict=True))
LOOK_ALIKES = str.maketrans({**_LATIN, **_GREEK, **_ARABIC})
_TWINS = frozenset("ABCEHKMOPTXYaceopxy")  # of these a word may consist wholly and still be meant as Russian
_DIGIT_LIKES = str.maketrans("03", "оз")
_ALPHABETS = {"LATIN": "латинская", "GREEK": "греческая", "ARABIC": "арабская", "CYRILLIC": "нерусская"}

_PLAIN = re.compile(r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)*")
_RUSSIAN = re.compile(r"[А-Яа-яЁё]+(?:[ ’-][А-Яа-яЁё]+)*")
_INITIALS = re.compile(r"[А-ЯЁа-яё]|[А-ЯЁа-яё]\.(?:\s*-?[А-ЯЁа-яё]\.?)?")
DASH = re.compile(rf"\s*[{DASHES}-]+\s*")
_APOSTROPHE = re.compile(f"[{APOSTROPHES}]")
_BRACKETED = re.compile(r"\s*[(\[].*?[)\]]\s*")
_STRAY = re.compile(r"[^\w ’-]+|_+|^[ ’-]+|[ ’-]+$")
TURKIC = ("оглы", "оглу", "кызы", "кизи", "улы", "уулу", "гызы")
_PARTICLES = "фон де ди да дю дель делла ван дер ден ла ле эль аль бин ибн бен дос заде паша бек хан гирей ага шах"
PARTICLES = frozenset({*TURKIC, *_PARTICLES.split()})
_MALE = re.compile(r"(?:вич|[ьимкт]ич)$|(?:^|[ -])(?:оглы|оглу|улы|уулу)$")
_FEMALE = re.compile(r"(?:[оеёю]вна|ична|вишна)$|(?:^|[ -])(?:кызы|кизи|гызы)$")
_NONE_WORDS = (
    "нет, -, --, ---, отсутствует, нет отчества, отчества нет, без отчества, не имеет, не имеется, нету, прочерк, б/о, "
    "б/отч, отсутствует по документам, по документам нет, none, x, х"
)
NONE_WORDS = frozenset({NO_PATRONYMIC, *_NONE_WORDS.split(", ")})


def clean_last_name(text: str) -> Cleaned[str]:
    """A surname: Russian letters, hyphens, apostrophes, spaces; «О» and «Ю» are surnames."""
    return Cleaned(text) if _is_plain(text) else _clean_part(text, "last")


def clean_first_name(text: str) -> Cleaned[str]:
    """A name; «София-Солнышко» is one, «Анна · Викторовна» is left for `staff.names.clean_person` to part."""
    return Cleaned(text) if _is_plain(text) else _clean_part(text, "first")


def clean_patronymic(text: str) -> Cleaned[str]:
    """A patronymic, '' for an empty cell, `NO_PATRONYMIC` for «нет», «-», «отсутствует» and the like."""
    return Cleaned(text) if _is_plain(text) and text.casefold() not in NONE_WORDS else _clean_part(text, "patronymic")


def _is_plain(text: str) -> bool:
    return len(text) <= LONGEST and _PLAIN.fullmatch(text) is not None


@lru_cache(maxsize=16384)
def _clean_part(text: str, part: str) -> Cleaned[str]:
    tidied = tidy(text)
    if not tidied:
        return EMPTY
    if part == "patronymic" and DASH.sub("-", tidied).casefold().rstrip(".").strip() in NONE_WORDS:
        return Cleaned(NO_PATRONYMIC)
    if part == "first" and SPLIT in tidied:
        return Cleaned(tidied) if parted(tidied) else mistake("symbols", "Уберите точку: имя пишут одними буквами")
    if part != "last" and _INITIALS.fullmatch(tidied):
        return _initials(tidied)
    usual = _usual_signs(tidied)
    if len(usual) > LONGEST:
        return mistake("long", f"Слишком длинно: в этом поле не больше {LONGEST} букв")
    if not _RUSSIAN.fullmatch(usual):
        return _foreign_letters(usual, part) or _wrong_signs(usual)
    return _in_proper_case(usual, text)


def _usual_signs(text: str) -> str:
    """One kind of hyphen without spaces around it, one kind of apostrophe."""
    return _APOSTROPHE.sub("’", DASH.sub("-", text))


def _initials(text: str) -> Cleaned[str]:
    """One letter stays as it is, for there are such names; several get their dots."""
    letters = re.findall(r"[^\W\d_]", text.upper())
    value = "".join(f"{letter}." for letter in letters) if "." in text else text.upper()
    return Cleaned(value, Problem("warning", "initials", "Здесь инициалы: впишите полностью, как в паспорте"))


def _in_proper_case(usual: str, text: str) -> Cleaned[str]:
    proper = proper_case(usual)
    if proper != usual:
        how = "заглавными буквами" if usual.isupper() else "строчными буквами" if usual.islower() else "не теми буквами"
        return warned(proper, "letter_case", f"Записано {how}: запишем «{proper}»")
    if usual != " ".join(text.split()).replace("'", "’"):
        return warned(usual, "signs", f"Лишний пробел, тире или апостроф: запишем «{usual}»")
    return Cleaned(usual) if usual == text.strip() or "'" in text else _spaces(usual)


def _spaces(usual: str) -> Cleaned[str]:
    return warned(usual, "signs", f"Лишние пробелы: запишем «{usual}»")


def _foreign_letters(usual: str, part: str) -> Cleaned[str] | None:
    """Letters of another alphabet: which, where, and the Russian spelling when each of them has a twin."""
    foreign = _foreign(usual)
    if not foreign:
        return None
    suggestion = _suggested(_LATIN_WORD.sub(lambda word: _in_russian(word.group(), part), usual))
    if not any(_is_russian(char) for char in usual):
        return mistake("not_cyrillic", "Записано не русскими буквами: впишите по-русски, как в паспорте", suggestion)
    place, char = foreign[0]
    name = f"{_ALPHABETS.get(unicodedata.name(char, '?').split()[0], 'чужая')} {char}"
    if len(foreign) > 1:
        return mistake("mixed_alphabets", foreign_letters_text(usual), suggestion)
    where = "Первая буква" if place == 1 else f"{place}-я буква"
    return mistake("mixed_alphabets", f"{where} — {name}: замените русской", suggestion)


def _foreign(text: str) -> list[tuple[int, str]]:
    return [(place, char) for place, char in enumerate(text, 1) if char.isalpha() and not _is_russian(char)]


def foreign_letters_text(text: str) -> str:
    """«Среди русских букв чужие: P, a. Замените русскими»."""
    letters = [char for _, char in _foreign(text)]
    if len(letters) == 1:
        return f"Среди русских букв чужая: {letters[0]}. Замените русской"
    return f"Среди русских букв чужие: {', '.join(letters[:6])}. Замените русскими"


_LATIN_WORD = re.compile(r"[^\W\d_]+")


def _in_russian(word: str, part: str) -> str:
    """The word with Russian twins where it is surely a Russian one; «Hurn» and «Anna» stay as they are."""
    foreign = [char for char in word if not _is_russian(char)]
    russian = word.translate(LOOK_ALIKES)
    if _TWINS.issuperset(foreign):
        return russian if len(foreign) < len(word) or _is_plausible(russian.lower(), part) else word
    return russian if 2 * len(foreign) <= len(word) else word


def _is_plausible(word: str, part: str) -> bool:
    """Whether a word read wholly through its twins is a Russian name: «POMAHOB» is one, «Hope» is none."""
    if part == "first":
        return fold(word) in KNOWN_NAMES
    return is_patronymic(word) if part == "patronymic" else SURNAME.search(fold(word)) is not None


def _is_russian(char: str) -> bool:
    return "а" <= char <= "я" or "А" <= char <= "Я" or char in "ёЁ"


def _wrong_signs(usual: str) -> Cleaned[str]:
    """Digits and signs, with what is left after them when that is a name."""
    if any(char.isdigit() for char in usual):
        guess = re.sub(r"[\s\d]+$", "", usual)
        return mistake(
            "digits", "В имени цифры: уберите их", _suggested(guess) or _suggested(guess.translate(_DIGIT_LIKES))
        )
    bare = _BRACKETED.sub(" ", usual)
    return mistake("symbols", "Лишние знаки: оставьте буквы, дефис и апостроф", _suggested(_STRAY.sub("", bare)))


def _suggested(text: str) -> str | None:
    """The text in proper case, if it is a Russian name at all."""
    text = " ".join(text.split())
    return proper_case(text) if _RUSSIAN.fullmatch(text) and len(text) <= LONGEST else None


_WORD = re.compile(r"[А-Яа-яЁё]+")
_RIGHT_WORD = re.compile(r"[А-ЯЁ][а-яё]*|(?:Мак|Мц)[А-ЯЁ][а-яё]+")


def proper_case(text: str) -> str:
    """«мак-грегор» → «Мак-Грегор», «Д’АРТАНЬЯН» → «д’Артаньян», «МАМЕД ОГЛЫ» → «Мамед оглы»; right words stay."""
    return _WORD.sub(lambda word: _proper_word(word, text), text)


def _proper_word(match: re.Match[str], text: str) -> str:
    word, lower = match.group(), match.group().lower()
    before, after = text[: match.start()], text[match.end() :]
    if after.startswith("’"):
        return lower if lower in {"д", "л"} else word.capitalize()
    if lower in PARTICLES and (before or after):
        return word if _RIGHT_WORD.fullmatch(word) and not word.isupper() else lower
    return word if _RIGHT_WORD.fullmatch(word) else word.capitalize()


# Patronymics


def gender_of_patronymic(patronymic: str) -> Gender:
    """'m', 'f', or '' where the ending does not tell."""
    folded = fold(patronymic)
    if _FEMALE.search(folded):
        return "f"
    return "m" if _MALE.search(folded) else ""


def is_patronymic(text: str) -> bool:
    """Whether a word (or two, with «оглы») ends as patronymics do; some surnames do as well (Войнович)."""
    return len(text) > 3 and text.casefold() not in TURKIC and gender_of_patronymic(text) != ""


def split_glued(first_name: str) -> tuple[str, str] | None:
    """('Анна', 'Викторовна') of «Анна-Викторовна», «Анна Викторовна» or «Анна · Викторовна»; None for «Анна-Мария»."""
    for place in range(len(first_name) - 1, 0, -1):
        if first_name[place] in " -·":
            first, rest = first_name[:place].rstrip(" ·"), first_name[place + 1 :].strip()
            if first and first.casefold() not in PARTICLES and is_patronymic(rest):
                return first, rest
    return None


def parted(text: str) -> tuple[str, str] | None:
    """The two parts of an accepted split, each of them clean."""
    first, _, rest = text.partition(SPLIT)
    clean = not clean_first_name(first).problem and not clean_patronymic(rest).problem
    return (first, rest) if clean and is_patronymic(rest) and SPLIT not in rest else None
