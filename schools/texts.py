"""Numbers, plurals, dates and sizes as a Russian reader expects them (pure; design.md, «Numbers, dates, words»)."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone

NBSP = "\u00a0"
THIN = "\u2009"
MINUS = "\u2212"
EN_DASH = "\u2013"
EM_DASH = "\u2014"
NO_DATA = "нет данных"
POINTS = f"п.{NBSP}п."
MONTHS = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)
MOSCOW_OFFSET = dt.timedelta(hours=3)

Amount = int | float | Decimal


def _rounded(value: Amount, digits: int) -> Decimal:
    """Half up, as people round: 0.25 → 0,3."""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    return exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def number(value: Amount | None, digits: int = 0) -> str:
    """«33 146» with U+2009 from a thousand on, a decimal comma, U+2212 for minus; None is «нет данных»."""
    if value is None:
        return NO_DATA
    text = f"{_rounded(value, digits):,}"
    if not text.strip("-0.,"):
        text = text.lstrip("-")
    return text.replace(",", THIN).replace(".", ",").replace("-", MINUS)


def signed(value: Amount, digits: int = 0) -> str:
    """«+2,1», «−0,4», and «0,0» without a sign for what rounds to zero."""
    text = number(value, digits)
    return text if text[0] == MINUS or not text.strip("0,") else f"+{text}"


def percent(share: Amount | None, digits: int = 1) -> str:
    """«83,4 %» from a share given as a fraction (0.834); None is «нет данных»."""
    if share is None:
        return NO_DATA
    exact = share if isinstance(share, Decimal) else Decimal(str(share))
    return f"{number(exact * 100, digits)}{NBSP}%"


def percent_of(part: int, whole: int, digits: int = 1) -> str:
    """«83,4 %» from two counts, exactly; «—» where there is nothing to divide by."""
    return percent(Decimal(part) / Decimal(whole), digits) if whole else EM_DASH


def points(delta: Amount, digits: int = 1) -> str:
    """«+2,1 п. п.» from a difference of two shares (0.021); what rounds to nothing is «= 0,0»."""
    exact = (delta if isinstance(delta, Decimal) else Decimal(str(delta))) * 100
    text = signed(exact, digits)
    return f"{text}{NBSP}{POINTS}" if text[0] in f"+{MINUS}" else f"={NBSP}{text}"


def plural(n: int, one: str, few: str, many: str) -> str:
    """The word that stands after n: 1 школа, 2 школы, 5 школ, 21 школа, 11 школ."""
    tens, units = abs(n) % 100, abs(n) % 10
    if units == 1 and tens != 11:
        return one
    return few if 2 <= units <= 4 and not 12 <= tens <= 14 else many


def counted(n: int, one: str, few: str, many: str) -> str:
    """«33 146 педагогов»: the number and its word, kept on one line by U+00A0."""
    return f"{number(n)}{NBSP}{plural(n, one, few, many)}"


def out_of(part: int, whole: int, one: str = "", many: str = "") -> str:
    """«3 из 47 школ», «3 из 21 школы»: after «из» the word is in the genitive, singular for 1, 21, 31…

    Give the genitive forms ("школы", "школ"), or none to get «3 из 47».
    """
    text = f"{number(part)} из{NBSP}{number(whole)}"
    return f"{text} {plural(whole, one, many, many)}" if many else text


def ordinal(n: int, ending: str = "я") -> str:
    """«47-я» (неделя); other endings by name: ordinal(8, "м") → «8-м»."""
    return f"{n}-{ending}"


def date_text(day: dt.date, today: dt.date | None = None) -> str:
    """«20 ноября», with the year only where it is not the current one: «20 ноября 2025»."""
    text = f"{day.day}{NBSP}{MONTHS[day.month - 1]}"
    return text if day.year == (today or timezone.localdate()).year else f"{text}{NBSP}{day.year}"


def dates_text(first: dt.date, last: dt.date, today: dt.date | None = None) -> str:
    """«16–22 ноября», across months «26 октября — 1 ноября»; years by the rule of date_text."""
    if first == last:
        return date_text(last, today)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}{EN_DASH}{date_text(last, today)}"
    begins = date_text(first, today if first.year != last.year else first)
    return f"{begins} {EM_DASH} {date_text(last, today)}"


def week_title(week: int, first: dt.date, last: dt.date, today: dt.date | None = None) -> str:
    """«47-я неделя, 16–22 ноября» of an ISO week number and its Monday and Sunday."""
    return f"{ordinal(week)}{NBSP}неделя, {dates_text(first, last, today)}"


def week_short(week: int, first: dt.date, last: dt.date, today: dt.date | None = None) -> str:
    """«47-я, 16–22 ноября», for lists of weeks."""
    return f"{ordinal(week)}, {dates_text(first, last, today)}"


def zone_name(moment: dt.datetime) -> str:
    """«МСК», «МСК+4», «МСК−1»: how Russia names the zone of an aware moment."""
    offset = moment.utcoffset()
    if offset is None:
        raise ValueError("zone_name needs an aware moment")
    hours = int((offset - MOSCOW_OFFSET).total_seconds() // 3600)
    return f"МСК{signed(hours)}" if hours else "МСК"


def moment_text(moment: dt.datetime, zone: dt.tzinfo | None = None, now: dt.datetime | None = None) -> str:
    """«сегодня в 06:00» only for today, else «23 ноября в 06:00».

    The moment is aware and is shown in `zone` (a region's), by default the reader's (Django's current one). The zone
    is named, «23 ноября в 06:00 (МСК+4)», where its clock differs from the reader's.
    """
    reader = timezone.localtime(moment)
    local = moment.astimezone(zone) if zone else reader
    today = (now or timezone.now()).astimezone(local.tzinfo).date()
    day = "сегодня" if local.date() == today else date_text(local.date(), today)
    text = f"{day} в{NBSP}{local:%H:%M}"
    return text if local.utcoffset() == reader.utcoffset() else f"{text} ({zone_name(local)})"


def file_size(size: int) -> str:
    """«512 байт», «38 КБ», «3,7 МБ», «20 МБ» (1 КБ = 1024 байта)."""
    if size < 1024:
        return counted(size, "байт", "байта", "байт")
    amount, unit = Decimal(size) / 1024, "КБ"
    for bigger in ("МБ", "ГБ"):
        if amount < 1000:
            break
        amount, unit = amount / 1024, bigger
    whole = unit == "КБ" or amount >= 10 or amount == int(amount)
    return f"{number(amount, 0 if whole else 1)}{NBSP}{unit}"


def unbroken(text: str) -> str:
    """«№ 375» that never parts at a line end: U+00A0 after № and §, before %, inside «п. п.»."""
    return text.replace("№ ", f"№{NBSP}").replace("§ ", f"§{NBSP}").replace("п. п.", POINTS).replace(" %", f"{NBSP}%")


def plain(text: str) -> str:
    """The same text for mail, titles and file names, where U+2009 may be lost: U+00A0 instead."""
    return text.replace(THIN, NBSP)


def initials(name: str) -> str:
    """«КР» of «Координатор региона»: the first letters of the first two words, for the round chip."""
    return "".join(word[0] for word in name.split()[:2] if word[0].isalnum()).upper()


def quoted(text: str) -> str:
    """The text in «», quotes within it as „“; empty for an empty one."""
    return f"«{text.replace('«', '„').replace('»', '“')}»" if text else ""
