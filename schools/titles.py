"""Names of schools: the short name and the kind, read from the official full name (pure)."""

import re
from functools import lru_cache

from schools.codes import fold, tidy

# Letters of the legal form, by the stems of the words that make it up: «государственное бюджетное …» is ГБ….
_FORM_LETTERS = (
    ("федеральн", "Ф"),
    ("государственн", "Г"),
    ("негосударственн", "Н"),
    ("муниципальн", "М"),
    ("краев", "К"),
    ("областн", "О"),
    ("республиканск", "Р"),
    ("частн", "Ч"),
    ("автономн", "А"),
    ("бюджетн", "Б"),
    ("казенн", "К"),
    ("некоммерческ", "Н"),
    ("общеобразовательн", "О"),
    ("образовательн", "О"),
    ("дошкольн", "Д"),
    ("профессиональн", "П"),
    ("учреждени", "У"),
    ("организаци", "О"),
)
_FORM_ENDS = ("учреждени", "организаци")
_FORM_TAILS = (
    (re.compile(r"^высшего\s+(?:профессионального\s+)?образования\s*"), "ВО"),
    (re.compile(r"^среднего\s+профессионального\s+образования\s*"), "СПО"),
    (re.compile(r"^дополнительного\s+(?:профессионального\s+)?образования(?:\s+детей)?\s*"), "ДО"),
)

# Kinds inside a name, the longest first. «с углублённым изучением …» is left out of a short name.
_KINDS = (
    (r"средн\w+\s+общеобразовательн\w+\s+школ[аы]\s*-\s*интернат\w*", "СОШИ"),
    (r"общеобразовательн\w+\s+школ[аы]\s*-\s*интернат\w*", "школа-интернат"),
    (r"(?:открыт\w+|вечерн\w+)\s*\(сменн\w+\)\s*общеобразовательн\w+\s+школ[аы]", "О(С)ОШ"),
    (r"начальн\w+\s+школ[аы]\s*-\s*детск\w+\s+сад\w*", "НШДС"),
    (r"средн\w+\s+общеобразовательн\w+\s+школ[аы]", "СОШ"),
    (r"основн\w+\s+общеобразовательн\w+\s+школ[аы]", "ООШ"),
    (r"начальн\w+\s+общеобразовательн\w+\s+школ[аы]", "НОШ"),
    (r"средн\w+\s+школ[аы]", "СШ"),
    (r"центр\w*\s+образования", "ЦО"),
)
_KIND_SHORTS = tuple((re.compile(rf"(?<!\w){long}(?!\w)", re.IGNORECASE), short) for long, short in _KINDS)
_KIND_STARTS = re.compile(
    r"(?<!\w)(?:СОШИ?|ООШ|НОШ|СШ|ЦО|О\(С\)ОШ|НШДС|[А-ЯЁа-яё-]*(?:гимнази|лице|школ|интернат|корпус|центр|колледж|техникум|"
    r"училищ|институт|университет|академи|комплекс|двор|прогимнази)|детск\w+\s+сад|№|[«\"])",
)
_SETTLEMENTS = (
    (re.compile(r"\bс(?:ела|\.)\s*(?=[А-ЯЁ])"), "с. "),
    (
        re.compile(r"\bпос(?:е|ё)лка(?:\s+городского\s+типа)?\s+(?=[А-ЯЁ])|\bпос\.\s*(?=[А-ЯЁ])|\bп\.\s*(?=[А-ЯЁ])"),
        "п. ",
    ),
    (re.compile(r"\bд(?:еревни|\.)\s*(?=[А-ЯЁ])"), "д. "),
    (re.compile(r"\bст(?:аницы|-цы)\s+(?=[А-ЯЁ])"), "ст. "),
    (re.compile(r"\bхутора\s+(?=[А-ЯЁ])"), "х. "),
    (re.compile(r"\bаула\s+(?=[А-ЯЁ])"), "аул "),
)
_SETTLEMENT = re.compile(r"(?:с\.|п\.|д\.|ст\.|х\.|аул) [А-ЯЁ][\w-]*(?:[ -][А-ЯЁ][\w-]*)?")
_DEEPER = re.compile(r"\s*с\s+углубл[её]нн\w+\s+изучением\s+[^№«»\"]*", re.IGNORECASE)
_HONOUR = re.compile(r"\s*(?:\bимени\b|\bим\.).*$", re.IGNORECASE)
_NUMBER = re.compile(r"(?:№|\bN\b)\s*([0-9]+(?:[-/][0-9]+)?[а-я]?(?!\w))")
_QUOTES = str.maketrans({'"': "", "“": "«", "”": "»", "„": "«"})
_PLACE = re.compile(
    r"\s+(?:[А-ЯЁ][\w-]+(?:ого|его)\s+(?:(?:муниципальн|городск)ого\s+)?(?:района|округа)|"
    r"(?:города|г\.)\s*[А-ЯЁ]|[А-ЯЁ][\w-]+(?:ой|ого)\s+(?:области|края)).*$"
)
_LONGEST = 200  # the field of the short name


@lru_cache(maxsize=4096)
def short_name_of(full_name: str) -> str:
    """«Государственное бюджетное … учреждение … школа № 375 …» → «ГБОУ СОШ № 375».

    A name with no legal form in it comes back tidied: it is short already. At most 200 characters.
    """
    name = _quoted(tidy(full_name))
    form, rest = _legal_form(name)
    if not form:
        return name[:_LONGEST].strip()
    own = _own_name(rest)
    return (f"{form} {own}" if own else name)[:_LONGEST].strip()


def _quoted(name: str) -> str:
    """Straight quotes as «», and «№ 5» with one space."""
    if name.count('"') % 2 == 0:
        name = re.sub(r'"([^"]*)"', r"«\1»", name)
    return _NUMBER.sub(r"№ \1", name.translate(_QUOTES))


def _legal_form(name: str) -> tuple[str, str]:
    """Letters of the legal form and what follows it; ("", name) where the name does not begin with one."""
    letters = ""
    words = list(re.finditer(r"[^\s]+", name))
    for place, word in enumerate(words):
        folded = fold(word.group()).strip(",")
        letter = next((letter for stem, letter in _FORM_LETTERS if folded.startswith(stem)), "")
        if letter:
            letters += letter
        elif not letters or place > 8 or "«" in folded:
            return "", name
        if letters and folded.startswith(_FORM_ENDS):
            return _with_tail(letters, name[word.end() :].strip())
    return "", name


def _with_tail(letters: str, rest: str) -> tuple[str, str]:
    for pattern, short in _FORM_TAILS:
        found = pattern.match(rest.lower())
        if found:
            return f"{letters} {short}", rest[found.end() :]
    return letters, rest


def _own_name(rest: str) -> str:
    """What tells the school from its neighbours: the name in quotes, or kind and number, and its village."""
    for pattern, short in _KIND_SHORTS:
        rest = pattern.sub(short, rest)
    rest = _DEEPER.sub(" ", rest)
    for pattern, short in _SETTLEMENTS:
        rest = pattern.sub(short, rest)
    quoted = re.search(r"«.*»", rest)
    village = _SETTLEMENT.search(re.sub(r"«.*»", " ", rest))
    where = f" {village.group()}" if village else ""
    if quoted:
        return f"{_before_quotes(rest[: quoted.start()])}{_without_honour(quoted.group())}{where}"
    start = _KIND_STARTS.search(rest)
    if start is None:
        return rest.strip(" ,")
    own = " ".join(rest[start.start() :].split())
    number = _NUMBER.search(own)
    if number:
        return own[: number.end()] + where
    return _PLACE.sub("", own).strip(" ,")


def _before_quotes(text: str) -> str:
    """«гимназия «Пушкинская»»: the kind that stands before the quotes stays, the place does not."""
    start = _KIND_STARTS.search(text)
    kept = " ".join(text[start.start() :].split()) if start else ""
    number = _NUMBER.search(kept)
    return f"{kept[: number.end()] if number else kept} " if kept else ""


def _without_honour(quoted: str) -> str:
    """«Лицей № 5 имени …» → «Лицей № 5»; a school with no number keeps its honour, which is its name."""
    inner = quoted[1:-1].strip()
    number = _NUMBER.search(inner)
    return f"«{_HONOUR.sub('', inner).strip() if number else inner}»"


# Kinds, the first that fits wins: what a name is called by law comes before what stands in brackets or quotes.
_KIND_SIGNS = (
    ("higher", r"высшего (?:профессионального )?образования|университет|\bинститут|\bакадеми|\b\w+ во\b"),
    ("cadet", r"кадет|суворовск|нахимовск|казачь\w+ корпус|\bкшк?\b"),
    (
        "vocational",
        r"професс\w+ образовательн|среднего профессионального|колледж|техникум|училищ|\b\w{0,3}поу\b|\bспо\b|профлице",
    ),
    (
        "additional",
        r"дополнительного образования|детск\w+ творчества|двор\w+ творчества|дворец пионеров|"
        r"спортивн\w+ школ|школ\w+ искусств|"
        r"музыкальн\w+ школ|художественн\w+ школ|дюсш|\bсшор\b|\b\w+ до\b|станци\w юн",
    ),
    (
        "special",
        r"коррекц|ограниченными возможностями|адаптированн|специальн\w+ (?:обще)?образоват|глух|слепых",
    ),
    ("evening", r"вечерн|сменн|\bосош\b|\bо\(с\)ош\b"),
    ("boarding", r"интернат|\bсоши\b|пансион"),
    ("gymnasium", r"гимнази"),
    ("lyceum", r"лице[йяюе]"),
    (
        "school",
        r"(?<!до)школ|\b[сон]ош\b|\bсш\b|\bцо\b|центр\w* образования|образовательн\w+ (?:центр|комплекс)|\bнш-?дс\b",
    ),
    ("preschool", r"дошкольн|детск\w+ сад|\b\w{0,3}доу\b|ясли"),
    ("school", r"общеобразовательн|\b\w{1,3}оу\b"),
)
_KIND_PATTERNS = tuple((kind, re.compile(pattern)) for kind, pattern in _KIND_SIGNS)


@lru_cache(maxsize=4096)
def kind_of(full_name: str) -> str:
    """A key of `schools.kinds.KINDS` guessed from a full or short name; 'other' where nothing tells."""
    folded = fold(full_name)
    return next((kind for kind, pattern in _KIND_PATTERNS if pattern.search(folded)), "other")
