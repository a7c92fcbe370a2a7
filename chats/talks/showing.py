"""The chats of a school as their list shows them: ready to print, no queries from templates."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from chats.findings import (
    ABSENT,
    CARRY,
    FOREIGN,
    LEFT_INSIDE,
    MISSING,
    NO_OWNER,
    OLD_CHANNEL,
    OVERDUE,
    OWNER_LEFT,
    PLACELESS,
    ChatLine,
    Finding,
    covered,
)
from chats.proposals import Proposal
from chats.talks.activity import Delivery, life_of, words_of
from chats.talks.loading import Reading
from chats.use_cases import USE_CASES, Group, UseCase
from schools.models import School
from schools.platforms import CHAT_CHANNEL_BY_NUMBER
from schools.texts import MONTHS, counted, date_text, number, out_of, percent_of, unbroken

SHOWS = (("все", ""), ("нет чата", "missing"), ("требуют внимания", "todo"), ("на месте", "done"))
GROUP_TITLES = {
    Group.STAFF: "Сотрудники",
    Group.FAMILIES: "Дети и родители",
    Group.PROJECTS: "Временные",
}
_BUTTONS = {
    MISSING: "Завести чат",
    CARRY: "Продолжить чат",
    FOREIGN: "Перенести в MAX",
    OLD_CHANNEL: "Перенести в MAX",
    OWNER_LEFT: "Назвать владельца",
    NO_OWNER: "Назвать владельца",
    PLACELESS: "Назвать",
    OVERDUE: "Закрыть или продлить",
    LEFT_INSIDE: "Посмотреть, кто",
    ABSENT: "Посмотреть, кого нет",
}
_ANCHORS = {
    CARRY: "carry",
    FOREIGN: "move",
    OLD_CHANNEL: "move",
    OVERDUE: "close",
    LEFT_INSIDE: "members",
    ABSENT: "members",
}


def finding_title(found: Finding) -> str:
    """«Нет чата „6Б. Родители“», «„Администрация“: владелец выбыл»."""
    if found.kind is MISSING and found.proposal is not None:
        return f"Нет чата «{found.proposal.title}»"
    title = found.chat.title if found.chat else ""
    if found.kind is CARRY and found.proposal is not None:
        return f"«{title}» теперь «{found.proposal.title}»"
    return f"«{title}»: {finding_words(found)}"


def finding_words(found: Finding) -> str:
    """What is wrong with a chat, with counts where there are any: «не хватает 4 из 27»."""
    if found.kind is ABSENT:
        return f"не хватает {out_of(len(found.absent), found.expected)}"
    if found.kind is LEFT_INSIDE:
        return counted(found.expected, "выбывший остался", "выбывших остались", "выбывших остались") + " в чате"
    return found.kind.title


def finding_url(found: Finding, school_id: int) -> str:
    """Where a finding is put right."""
    if found.kind is MISSING and found.proposal is not None:
        return new_url(school_id, found.proposal)
    assert found.chat is not None
    if found.kind in (OWNER_LEFT, NO_OWNER, PLACELESS):
        return reverse("chat_edit", args=[found.chat.id])
    return f"{reverse('chat', args=[found.chat.id])}#{_ANCHORS.get(found.kind, '')}"


def new_url(school_id: int, proposal: Proposal) -> str:
    """The form of a new chat, filled in by a proposal."""
    class_id, area = proposal.place.key
    asked = {"case": proposal.use_case.number, "class": class_id or "", "area": area or ""}
    return f"{reverse('chat_new', args=[school_id])}?{urlencode({k: v for k, v in asked.items() if v})}"


def next_thing(read: Reading, *, may_edit: bool) -> dict[str, str] | None:
    """The one thing to begin with; None where all is in place."""
    if not read.standing.findings:
        return None
    first = read.standing.findings[0]
    rest = len(read.standing.findings) - 1
    more = f" Ещё {counted(rest, 'дело', 'дела', 'дел')} ниже." if rest else ""
    return {
        "title": finding_title(first),
        "text": f"{first.kind.todo}{more}",
        "url": finding_url(first, read.school.pk) if may_edit else "",
        "button": _BUTTONS[first.kind],
    }


def calm(read: Reading) -> dict[str, str] | None:
    """The finished state, in words: nothing to do in any of the cases; None where there is something."""
    if read.standing.findings:
        return None
    needed = {each.use_case.number for each in read.standing.proposals}
    chats = counted(len(read.standing.proposals), "чат", "чата", "чатов")
    text = f"Сейчас школе нужны {counted(len(needed), 'кейс', 'кейса', 'кейсов')} — это {chats}, и все они есть."
    if len(needed) == 1:
        text = text.replace("нужны", "нужен")
    rest = _idle_text([case for case in USE_CASES if case.number not in needed], read)
    return {"title": f"{counted(len(USE_CASES), 'кейс', 'кейса', 'кейсов')}: всё на месте.", "text": text + rest}


def _idle_text(idle: list[UseCase], read: Reading) -> str:
    """«Остальные 14 не требуются: 9 — по желанию школы, …»: why nothing is asked of the other cases."""
    optional = [case for case in idle if case.is_optional and case.number not in read.roster.chosen]
    waiting = [case for case in idle if case not in optional and not case.in_season(read.day)]
    reasons = (
        (len(optional), "заводят по желанию школы"),
        (len(waiting), "ждут своего срока"),
        (len(idle) - len(optional) - len(waiting), "школе не нужны по её людям и классам"),
    )
    parts = [f"{number(count)} — {words}" for count, words in reasons if count]
    return f" Остальные {number(len(idle))} не требуются: {', '.join(parts)}." if parts else ""


def lead(read: Reading) -> tuple[str, str]:
    """(«17 из 24», «71 %») of the opening sentence."""
    part, whole = covered(read.standing, USE_CASES)
    return out_of(part, whole), percent_of(part, whole, 0)


def tiles(read: Reading) -> list[dict[str, Any]]:
    """Coverage of the three groups."""
    rows = []
    for group in Group:
        part, whole = covered(read.standing, [case for case in USE_CASES if case.group == group])
        rows.append(
            {
                "label": GROUP_TITLES[group],
                "value_text": percent_of(part, whole, 0) if whole else "—",
                "part_of_text": out_of(part, whole, "чата", "чатов") if whole else "сейчас не нужны",
            }
        )
    return rows


# The list


def groups(read: Reading, lives: Delivery, params: Mapping[str, str], *, may_edit: bool) -> list[dict[str, Any]]:
    """The three groups with their cases, as ?show and ?class leave them."""
    asked = _by_case(read.standing.proposals)
    findings = _by_case(read.standing.findings)
    chats: dict[int, list[ChatLine]] = defaultdict(list)
    for chat in read.chats:
        chats[chat.use_case].append(chat)
    found = []
    for group in Group:
        rows = []
        for case in (case for case in USE_CASES if case.group == group):
            row = _case_row(case, asked[case.number], findings[case.number], read, may_edit=may_edit)
            rows.append(
                row
                | _chats_of(chats[case.number], findings[case.number], read, lives)
                | {"is_idle": not asked[case.number] and not chats[case.number]}
            )
        shown = [row for row in (narrowed(row, params) for row in rows) if row is not None]
        found.append(
            {
                "title": GROUP_TITLES[group],
                "caption": group.value,
                "rows": [row for row in shown if not row["is_idle"]],
                "idle": [row for row in shown if row["is_idle"]],
            }
        )
    return found


def _by_case(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.use_case.number].append(row)
    return found


def _case_row(
    case: UseCase,
    asked: list[Proposal],
    findings: list[Finding],
    read: Reading,
    *,
    may_edit: bool,
) -> dict[str, Any]:
    part, whole = covered(read.standing, [case])
    school = read.school
    missing = [
        {
            "title": _place_name(each.proposal),
            "url": new_url(school.pk, each.proposal) if may_edit else "",
            "class_id": each.proposal.place.key[0],
        }
        for each in findings
        if each.kind is MISSING and each.proposal is not None
    ]
    return {
        "number": case.number,
        "name": case.name,
        "purpose": case.purpose,
        "why": case.expected.why,
        "season": season_text(case),
        "part_text": out_of(part, whole) if whole else "",
        "state": "none" if not whole else "done" if part == whole else "working" if part else "todo",
        "state_text": "не требуется" if not whole else "на месте" if part == whole else "не все" if part else "нет",
        "missing": missing,
        "is_optional": case.is_optional,
        "is_chosen": case.number in read.roster.chosen,
        "add_url": f"{reverse('chat_new', args=[school.pk])}?case={case.number}" if may_edit else "",
    }


def _chats_of(chats: list[ChatLine], findings: list[Finding], read: Reading, lives: Delivery) -> dict[str, Any]:
    """The lines of a case's chats, those with something to do first."""
    lines = [
        chat_row(chat, [each for each in findings if each.chat is chat], read)
        | {"life": words_of(life_of(lives, chat.id, chat.opened_on))}
        for chat in chats
    ]
    return {"lines": sorted(lines, key=lambda row: (not row["notes"], row["order"]))}


def _place_name(proposal: Proposal) -> str:
    """What is missing, in short: «6Б», «естественные науки», or the title of a school's only chat."""
    place = proposal.place
    if place.school_class is not None:
        return place.school_class.name
    return proposal.title.removeprefix("МО: ") if place.area else proposal.title


def season_text(case: UseCase) -> str:
    """«1 февраля — 20 апреля», '' for a case of the whole year."""
    if case.season is None:
        return ""
    first, last = (f"{day}\u00a0{MONTHS[month - 1]}" for month, day in (case.season.begins, case.season.ends))
    return f"{first} — {last}"


def chat_row(chat: ChatLine, findings: list[Finding], read: Reading) -> dict[str, Any]:
    """A chat in the list."""
    grade = (chat.class_line.grade, chat.class_line.letter) if chat.class_line else (0, "")
    worst = next((each.kind.tone for each in findings), "")
    return {
        "title": unbroken(chat.title),
        "url": reverse("chat", args=[chat.id]),
        "glyph": {"bad": "mistake", "warn": "warning"}.get(worst, "done"),
        "tone": worst or "good",
        "notes": [(each.kind.tone, finding_words(each)) for each in findings],
        "channel": CHAT_CHANNEL_BY_NUMBER[chat.channel].name if chat.channel in CHAT_CHANNEL_BY_NUMBER else "",
        "owner": chat.owner_name,
        "people": counted(len(chat.present), "участник", "участника", "участников") if chat.listed else "",
        "since": date_text(chat.opened_on, read.day),
        "class_id": chat.class_line.id if chat.class_line else 0,
        "order": (*grade, chat.title),
    }


def narrowed(row: dict[str, Any], params: Mapping[str, str]) -> dict[str, Any] | None:
    """A case's row as the filters leave it; None where nothing of it is left."""
    show, class_id = shown_by(params), params.get("class", "")
    row = dict(row)
    if class_id:
        row["missing"] = [each for each in row["missing"] if str(each["class_id"]) == class_id]
        row["lines"] = [each for each in row["lines"] if str(each["class_id"]) == class_id]
    if show == "missing":
        row["lines"] = []
    elif show:
        row["missing"] = []
        row["lines"] = [each for each in row["lines"] if bool(each["notes"]) == (show == "todo")]
    if (show or class_id) and not row["missing"] and not row["lines"]:
        return None
    row["folded"] = not show and not class_id and len([each for each in row["lines"] if not each["notes"]]) > FEW
    return row


def shown_by(params: Mapping[str, str]) -> str:
    """The filter of states asked for; anything else than one of SHOWS shows all."""
    asked = params.get("show", "")
    return asked if asked in {value for _, value in SHOWS} else ""


FEW = 4  # more chats in place than this are folded away


def class_choices(read: Reading) -> list[tuple[str, str]]:
    """(«6Б», id) for the filter."""
    return [("все классы", ""), *((each.name, str(each.id)) for each in read.roster.classes)]


def caption(school: School, read: Reading) -> str:
    """«Школа № 1 · 24 чата открыто»."""
    chats = counted(len(read.chats), "открытый чат", "открытых чата", "открытых чатов")
    return f"{unbroken(school.short_name)} · {chats}"


def finding_counts(read: Reading) -> list[dict[str, str]]:
    """How many findings of each kind there are, the most pressing first."""
    counts: dict[Any, int] = defaultdict(int)
    for each in read.standing.findings:
        counts[each.kind] += 1
    return [
        {"label": kind.title, "text": number(count), "tone": kind.tone, "todo": kind.todo}
        for kind, count in sorted(counts.items(), key=lambda pair: pair[0].number)
    ]
