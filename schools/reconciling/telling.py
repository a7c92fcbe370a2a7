"""What a reconciliation says in words: how it stands, what was decided, what confirming does, what was done."""

from collections.abc import Mapping, Set
from typing import Any

from schools.reconciling.board import ADD, CLOSE, EXPLAIN, FIELDS, KEEP, LINK, MERGE, SKIP, SUCCEED, TAKE, Board
from schools.reconciling.compare import FIELD_BY_KEY
from schools.reconciling.lines import KINDS
from schools.reconciling.working import Days, settled_counts
from schools.texts import counted, number, out_of, plural

AROUND = 2  # words left on each side of what differs in a long text
LONG = 60  # characters from which only what differs is shown
HAPPENED = {"renamed": "переименована", "merged": "присоединена", "split": "выделена"}


def lead_text(board: Board) -> tuple[str, str]:
    """(«Совпали 584 из 626 строк.», «Решить осталось 42: 19 переименованы, …»)."""
    counts = board.counts()
    rows = sum(bool(line.row) for line in board.lines.values())
    same = counts["same"].total
    waiting = [(kind, counts[kind.key].open) for kind in KINDS if counts[kind.key].open]
    total = sum(count for _, count in waiting)
    first = f"{plural(same, 'Совпала', 'Совпали', 'Совпало')} {out_of(same, rows, 'строки', 'строк')}."
    if not total:
        return first, "Решено всё: осталось внести."
    listed = ", ".join(f"{kind.plural.lower()} — {number(count)}" for kind, count in waiting)
    return first, f"Осталось решить {counted(total, 'строку', 'строки', 'строк')}: {listed}."


def decision_text(decision: Mapping[str, Any], diffs: Mapping[str, Any]) -> str:
    """A decision in a few words."""
    carried = "как в прошлый раз: " if decision.get("carried") else ""
    reason = f" — {decision['reason']}" if decision.get("reason") else ""
    return f"{carried}{_decided(decision, diffs)}{reason}"


def _decided(decision: Mapping[str, Any], diffs: Mapping[str, Any]) -> str:
    do = decision["do"]
    if do in {FIELDS, LINK}:
        told = _fields_text(decision["fields"], diffs)
        return f"это {decision['title']}; {told}" if do == LINK else told
    if do == SUCCEED:
        return f"новая школа: {HAPPENED[decision['kind']]}, прежде {', '.join(decision['titles'])}"
    if do == MERGE:
        return f"{HAPPENED[decision['kind']]}, теперь {decision['title']}"
    return {ADD: "добавить", SKIP: "оставить без внимания", EXPLAIN: "объяснена", CLOSE: "закрыть"}[do]


def _fields_text(fields: Mapping[str, str], diffs: Mapping[str, Any]) -> str:
    taken, kept = ([key for key in diffs if fields.get(key) == choice] for choice in (TAKE, KEEP))
    if not diffs:
        return "школа та же"
    if len(taken) == len(diffs):
        return "взять из перечня"
    if len(kept) == len(diffs):
        return "оставить наше"
    parts = []
    if taken:
        parts.append(f"взять: {_titles(taken)}")
    if kept:
        parts.append(f"оставить: {_titles(kept)}")
    rest = len(diffs) - len(taken) - len(kept)
    if rest:
        parts.append(f"не решено: {rest}")
    return "; ".join(parts) or "не решено"


def _titles(keys: list[str]) -> str:
    return ", ".join(FIELD_BY_KEY[key].title.lower() for key in keys)


def confirm_text(board: Board, reconciled: Set[int], days: Mapping[int, Days], today: str) -> dict[str, Any]:
    """What confirming would do, in the words of the bar, and those of its button.

    `reconciled` are the schools of the region that are reconciled now: those with an open line lose it. `days` are
    the ISO days on which schools of the region opened and closed: closed ones are told apart, the register counts
    only those that work.
    """
    made = [(line, board.decisions[line.key]) for line in board.all() if line.key in board.decisions]
    changed = sum(TAKE in decision.get("fields", {}).values() for _, decision in made)
    added = sum(decision["do"] in {ADD, SUCCEED} for _, decision in made)
    closed = sum(decision["do"] in {CLOSE, MERGE} for _, decision in made)
    parts = [
        (changed, counted(changed, "карточку изменим", "карточки изменим", "карточек изменим")),
        (added, counted(added, "школу добавим", "школы добавим", "школ добавим")),
        (closed, counted(closed, "школу закроем", "школы закроем", "школ закроем")),
    ]
    waits = sum(count.open for count in board.counts().values())
    lines = counted(waits, "строка", "строки", "строк")
    rest = f"{lines} без решения {plural(waits, 'подождёт', 'подождут', 'подождут')}." if waits else ""
    ours = board.settled_schools()
    works, idle = settled_counts(board, days, today)
    lost = len({board.school_of(line) for line in board.all()} & reconciled - ours)
    if lost:
        again = plural(lost, "снова станет несверенной", "снова станут несверенными", "снова станут несверенными")
        rest = f"{rest} {counted(lost, 'школа', 'школы', 'школ')} {again}."
    told = ", ".join(text for count, text in parts if count)
    schools = counted(works, "школа станет", "школы станут", "школ станут")
    texts = (f"{told.capitalize()}." if told else "", _idle_text(idle), rest.strip())
    return {
        "summary": f"{schools} {plural(works, 'сверенной', 'сверенными', 'сверенными')}.",
        "text": " ".join(text for text in texts if text),
        "button": "Внести решения",
        "possible": bool(works or idle or made),
    }


def _idle_text(idle: int) -> str:
    """What is said of settled schools that the register does not count: closed ones, or not open yet."""
    if not idle:
        return ""
    schools = counted(idle, "школа закрыта", "школы закрыты", "школ закрыты")
    goes = plural(idle, "идёт", "идут", "идут")
    return f"Ещё {schools} или пока не {plural(idle, 'открыта', 'открыты', 'открыты')}: в счёт работающих не {goes}."


def done_text(done: Mapping[str, Any]) -> tuple[str, str]:
    """(«Сверено 610 школ.», «12 карточек изменено, 3 школы добавлены. Ещё 2 школы закрыты…»)."""
    if not done:
        return "", ""
    settled = done["settled"]
    parts = [
        (done["changed"], counted(done["changed"], "карточка изменена", "карточки изменены", "карточек изменено")),
        (done["added"], counted(done["added"], "школа добавлена", "школы добавлены", "школ добавлено")),
        (done["closed"], counted(done["closed"], "школа закрыта", "школы закрыты", "школ закрыто")),
        (done["explained"], counted(done["explained"], "школа объяснена", "школы объяснены", "школ объяснено")),
        (
            done["lost"],
            counted(done["lost"], "школа снова не сверена", "школы снова не сверены", "школ снова не сверены"),
        ),
    ]
    first = f"{plural(settled, 'Сверена', 'Сверены', 'Сверено')} {counted(settled, 'школа', 'школы', 'школ')}."
    told = ", ".join(text for count, text in parts if count)
    return first, ". ".join(text for text in (told, _idle_text(done.get("idle", 0)).rstrip(".")) if text)


def excerpts(old: str, new: str) -> tuple[str, str]:
    """Two texts without the beginning and the end they share: («… школа № 12», «… школа № 12А»)."""
    if not old or not new or max(len(old), len(new)) < LONG:
        return old, new
    one, other = old.split(), new.split()
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    backwards = zip(reversed(one[start:]), reversed(other[start:]), strict=False)
    end = next((at for at, (a, b) in enumerate(backwards) if a != b), min(len(one), len(other)) - start)
    return _cut(one, start, end), _cut(other, start, end)


def _cut(words: list[str], start: int, end: int) -> str:
    first, last = max(start - AROUND, 0), min(len(words) - end + AROUND, len(words))
    return " ".join([*(["…"] if first else []), *words[first:last], *(["…"] if last < len(words) else [])])
