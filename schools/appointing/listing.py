"""The list of appointments and of vacancies as pages show them: ready to print, no queries from templates."""

import datetime
import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from schools.appointing.letters import NO_ADDRESS
from schools.appointing.states import NOT_IN, STATE_BY_KEY, with_state
from schools.appointing.vacancies import LONG_DAYS, Summary, days_empty
from schools.codes import fold
from schools.models import Appointment, Invitation, Municipality, Region, School
from schools.scope import Level, Sight
from schools.texts import counted, date_text, out_of, plural

SHOWN = (("все", ""), ("вакансии", "vacant"), ("ещё не вошли", "waiting"), ("окончены", "ended"))
LEVELS = {
    "region": (Level.REGION, "регионы"),
    "municipality": (Level.MUNICIPALITY, "муниципалитеты"),
    "school": (Level.SCHOOL, "школы"),
}
MOST_WORDS = 6


def levels_of(sight: Sight, show: str) -> list[tuple[str, str]]:
    """The levels a person can narrow the list to, for a row of links; none where there is one level only."""
    if not (sight.everything or sight.region_ids):
        return []
    towns = [("муниципалитеты", "municipality"), *([("регионы", "region")] if sight.everything else [])]
    return [("школы", ""), *towns] if show == "vacant" else [("все", ""), ("школы", "school"), *towns]


def narrowed(
    appointments: "QuerySet[Appointment]", show: str, level: str, words: str, today: datetime.date
) -> "QuerySet[Appointment]":
    """Appointments of one filter, level and search, where somebody must act first."""
    found = with_state(appointments, today)
    if show == "ended":
        found = found.filter(state="ended").order_by("-ends_on", "-pk")
    else:
        by_name = ("school__name_key", "municipality__name_key", "pk")
        found = found.exclude(state="ended").order_by("rank", "level", *by_name)
    if show == "waiting":
        found = found.filter(state__in=NOT_IN)
    if level in LEVELS:
        found = found.filter(level=LEVELS[level][0])
    return search(found, words).select_related(
        "user", "region", "municipality__region", "school__municipality", "school__region"
    )  # type: ignore[no-any-return]


def search(appointments: Any, text: str) -> Any:
    """Those whose person, place or order holds every word, in any case, ё and е alike; the same on both databases."""
    for word in fold(text).split()[:MOST_WORDS]:
        pattern = spelt(word)
        rule = Q(school__name_key__contains=word) | Q(school__code__startswith=word)
        rule |= Q(municipality__name_key__contains=word)
        for path in ("user__last_name", "user__first_name", "user__patronymic", "order_number", "region__name"):
            rule |= Q(**{f"{path}__regex": pattern})
        addressed = Invitation.objects.filter(appointment=OuterRef("pk"), email__startswith=word)
        appointments = appointments.filter(rule | Q(user__email__startswith=word) | Exists(addressed))
    return appointments


def spelt(word: str) -> str:
    """A pattern of a word in any case, letter by letter: neither database folds Cyrillic by itself everywhere."""
    classes = []
    for char in word[:40]:
        same = {char, char.upper()} | ({"е", "ё", "Е", "Ё"} if char in "её" else set())
        classes.append(f"[{''.join(sorted(same))}]" if char.isalpha() else re.escape(char))
    return "".join(classes)


def with_address(appointments: "QuerySet[Appointment]") -> "QuerySet[Appointment]":
    """Annotate where the latest invitation went and until when its link works."""
    latest = Invitation.objects.filter(appointment=OuterRef("pk")).order_by("-id")
    return appointments.annotate(
        sent_to=Subquery(latest.exclude(email="").values("email")[:1]),
        sent_at=Subquery(latest.values("sent_at")[:1]),
        open_until=Subquery(latest.values("expires_at")[:1]),
        by_hand=Subquery(latest.values("by_hand")[:1]),
        delivery_error=Subquery(latest.values("delivery_error")[:1]),
    )


def row_of(row: Any, editable: set[int]) -> dict[str, Any]:
    """One appointment as a row of the list."""
    state = STATE_BY_KEY[row.state]
    may = row.pk in editable
    again = row.state == "expired" or (row.state == "undelivered" and row.delivery_error != NO_ADDRESS)
    resend = may and again and bool(row.sent_to)
    return {
        "pk": row.pk,
        "url": reverse("appointment", args=[row.pk]),
        "place": str(row.place or "Россия"),
        "place_url": row.place.get_absolute_url() if row.place else "",
        "within": within(row),
        "title": row.title,
        "person": full_name(row.user),
        "since": date_text(row.starts_on),
        "until": date_text(row.ends_on) if row.ends_on else "",
        "order": order_text(row),
        "chip": state.chip,
        "state": state.name,
        "note": note_of(row),
        "email": row.sent_to or "",
        "mend": may and row.state in {"undelivered", "not_invited", "declined"} and not resend,
        "resend": resend,
    }


def full_name(user: Any) -> str:
    """«Зимина Светлана Игоревна», or the login of somebody without a name."""
    return f"{user.last_name} {user.first_name} {user.patronymic}".strip() or str(user.username)


def within(row: Any) -> str:
    """Where the place is: a school's municipality, a municipality's region."""
    if row.school:
        return str(row.school.place_name)
    return str(row.municipality.region.name) if row.municipality else ""


def order_text(row: Any) -> str:
    """«№ 114-ОД от 4 сентября», '' where nothing is known."""
    number = f"№ {row.order_number}" if row.order_number else ""
    day = f"от {date_text(row.order_on)}" if row.order_on else ""
    return f"{number} {day}".strip()


def note_of(row: Any) -> str:
    """What stands under the state: since when, until when, what the mail server said."""
    today = timezone.localdate()
    if row.state == "undelivered":
        return str(row.delivery_error)
    if row.state == "invited":
        until = date_text(timezone.localtime(row.open_until).date())
        return f"{'ссылка передана лично' if row.by_hand else f'письмо на {row.sent_to}'}, действует до {until}"
    if row.state in {"away", "active", "came"} and row.user.seen_on:
        days = (today - row.user.seen_on).days
        return {0: "сегодня", 1: "вчера"}.get(days, f"{counted(days, 'день', 'дня', 'дней')} назад")
    if row.state == "ended":
        return f"по {date_text(row.ends_on)}"
    return ""


# Vacancies


def vacancy_row(place: Any, today: datetime.date) -> dict[str, Any]:
    """One place without anybody as a row of the list."""
    days = days_empty(place, today)
    name = {Region: "region", Municipality: "municipality", School: "school"}[type(place)]
    key = place.code if isinstance(place, Region) else place.pk
    return {
        "place": place.short_name if isinstance(place, School) else place.name,
        "place_url": place.get_absolute_url(),
        "within": _within_place(place),
        "days": days,
        "days_text": _days_text(days),
        "long": days is not None and days >= LONG_DAYS,
        "appoint_url": f"{reverse('appointment_new')}?{name}={key}",
    }


def _days_text(days: int | None) -> str:
    if days is None:
        return "ещё не назначали"
    return counted(days, "день", "дня", "дней") if days else "с сегодняшнего дня"


def _within_place(place: Any) -> str:
    if isinstance(place, School):
        return place.place_name
    return place.region.name if isinstance(place, Municipality) else ""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence that begins with a number; the number opens the list behind it."""

    number: str = ""
    rest: str = ""
    url: str = ""


def opening_of(summary: Summary) -> dict[str, Said]:
    """The page's opening sentence and the quieter second one, computed."""
    if summary.is_calm:
        return {"lead": Said(rest="Все места заняты, и все назначенные уже вошли."), "note": Said()}
    return {"lead": _vacant_sentence(summary), "note": _waiting_sentence(summary)}


def _vacant_sentence(summary: Summary) -> Said:
    if summary.empty_schools:
        rest = "без администратора"
        if summary.longest_days and summary.long_empty_schools:
            days = counted(summary.longest_days, "день", "дня", "дней")
            rest += f", {'уже' if summary.empty_schools == 1 else 'дольше всех —'} {days}"
        return Said(out_of(summary.empty_schools, summary.schools, "школы", "школ"), f"{rest}.", "?show=vacant")
    if summary.empty_municipalities:
        words = counted(summary.empty_municipalities, "муниципалитет", "муниципалитета", "муниципалитетов")
        rest = "без координатора; администратор есть у каждой школы."
        return Said(words, rest, "?show=vacant&level=municipality")
    if summary.empty_regions:
        regions = counted(summary.empty_regions, "регион", "региона", "регионов")
        return Said(regions, "без координатора.", "?show=vacant&level=region")
    return Said(rest="Все места заняты.")


def _waiting_sentence(summary: Summary) -> Said:
    if not summary.not_in:
        return Said(rest="Все назначенные уже вошли.")
    people = counted(summary.not_in, "назначенный", "назначенных", "назначенных")
    rest = f"ещё не {plural(summary.not_in, 'входил', 'входили', 'входили')} на портал"
    why = "вас: письмо не дошло, ссылка истекла или её не посылали."
    if not summary.need_word:
        rest = f"{rest}: приглашения отправлены."
    elif summary.need_word == summary.not_in:
        rest = f"{rest} и {plural(summary.not_in, 'ждёт', 'ждут', 'ждут')} {why}"
    else:
        rest = f"{rest}; {summary.need_word} из них {plural(summary.need_word, 'ждёт', 'ждут', 'ждут')} {why}"
    return Said(people, rest, "?show=waiting")
