"""Reading → lines: an official list held against the schools of a region, row by row."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils import timezone
from rapidfuzz import fuzz, process

from schools.codes import fold
from schools.models import Municipality, Region, School
from schools.place_names import Territories, territory
from schools.reconciling.compare import differences
from schools.reconciling.hints import Facts, hints
from schools.reconciling.lines import Line, plain
from schools.reconciling.match import Confidence, Entry, Match, Matching, match
from schools.register.plan import PLAIN_FIELDS, refuse_long, says_branch
from schools.register.reading import Reading, Record, refuse_other_regions
from schools.register.standing import settle_status

MISPRINT = 88  # likeness of two names of territories, of 100, from which one is a misprint of the other
_FIELDS = (*PLAIN_FIELDS, "pk", "parent_id", "municipality__name", "reconciled_note")
Step = Callable[[int, int], None]


def make_lines(
    region: Region, reading: Reading, *, partial: bool = False, step: Step = lambda done, total: None
) -> tuple[list[Line], list[str]]:
    """Hold a list against a region's schools; return its lines in the order of the list and sentences worth saying.

    `partial` says that the list speaks only of the territories it names: schools of the others are left out of it.
    """
    said = [*reading.said, *refuse_other_regions(reading.records, region.code)]
    ours = _our_cards(region)
    spelling = _spelling(region, reading.records)
    for record in reading.records:
        record.values["municipality"] = spelling.get(record.values.get("municipality") or "", "")
        refuse_long(record)
    theirs = [record for record in reading.records if not _is_foreign(record)]
    matching = match(
        [_entry(record) for record in theirs],
        [_our_entry(card) for card in ours.values()],
        region=region.name,
        step=step,
    )
    lines = [_row_line(record, matching, ours) for record in reading.records]
    named = {fold(record.values["municipality"]) for record in theirs} if partial else None
    lines += _ours_lines(lines, ours, named)
    _add_hints(lines, ours)
    return lines, said


def _our_cards(region: Region) -> dict[int, dict[str, Any]]:
    """Our card of each school of a region, JSON-plain, by id."""
    rows = School.objects.filter(region=region).order_by("name_key", "pk").values(*_FIELDS)
    cards = {}
    for row in rows.iterator(chunk_size=2000):
        row["municipality"] = row.pop("municipality__name") or ""
        cards[row["pk"]] = plain(row)
    return cards


def card_of(school: School) -> dict[str, Any]:
    """Our card of one school, as `make_lines` compares it."""
    card = {key: getattr(school, key) for key in PLAIN_FIELDS}
    card["municipality"] = school.municipality.name if school.municipality else ""
    return plain(card)  # type: ignore[no-any-return]


# Territories


def _spelling(region: Region, records: Iterable[Record]) -> dict[str, str]:
    """Name of a territory in the list → ours for it, or the name itself for one we do not have."""
    names = Municipality.objects.filter(region=region, closed_on=None).order_by("pk").values_list("name", flat=True)
    known, met = Territories(names), Territories()
    theirs = dict.fromkeys(record.values.get("municipality") or "" for record in records)
    spelling = {name: known.find(name) or "" for name in theirs if name}
    missing = {name for name, ours in spelling.items() if not ours}
    unused = [name for name in names if name not in spelling.values()]
    for name in sorted(missing):
        spelling[name] = _misprinted(name, unused) or met.find(name) or name
        met.add(spelling[name])
    return spelling


def _misprinted(name: str, unused: list[str]) -> str | None:
    """Our territory whose name a list misspells; only one that the list does not name rightly elsewhere."""
    wanted = territory(name)
    alike = [ours for ours in unused if not wanted.kind or territory(ours).kind in {"", wanted.kind}]
    found = process.extract(
        fold(name), [fold(ours) for ours in alike], scorer=fuzz.ratio, score_cutoff=MISPRINT, limit=2
    )
    return alike[found[0][2]] if len(found) == 1 else None


# Entries


def _entry(record: Record) -> Entry:
    values = record.values
    return Entry(
        record.row,
        values["full_name"],
        fold(values["municipality"]),
        inn=values.get("inn") or "",
        kpp=values.get("kpp") or "",
        ogrn=values.get("ogrn") or "",
        external_id=values.get("external_id") or "",
        is_branch=says_branch(values),
    )


def _our_entry(card: Mapping[str, Any]) -> Entry:
    return Entry(
        card["pk"],
        card["full_name"],
        fold(card["municipality"]),
        inn=card["inn"],
        kpp=card["kpp"],
        ogrn=card["ogrn"],
        external_id=card["external_id"],
        is_branch=card["parent_id"] is not None or says_branch(card),
        is_closed=bool(card["closed_on"]),
    )


def _is_foreign(record: Record) -> bool:
    return any(problem.code in {"other_region", "unknown_region"} for _, problem in record.problems)


# Lines


def _row_line(record: Record, matching: Matching, ours: Mapping[int, dict[str, Any]]) -> Line:
    """What a row of the list turns out to be."""
    found = matching.matches.get(record.row)
    card = ours.get(found.school) if found else None
    if record.row not in matching.duplicates:
        _settle_status(record, card, known=card is not None or record.row in matching.candidates)
    line = Line(
        key=f"r{record.row}",
        kind="theirs",
        title=record.values["short_name"],
        row=record.row,
        territory=record.values["municipality"],
        is_branch=says_branch(record.values),
        values=plain(record.values),
        wrong=[_told(record, address, problem) for address, problem in record.problems],
    )
    if found and card is not None:
        _marry(line, found, card)
    elif record.row in matching.duplicates:
        line.kind = "duplicate"
        line.twin, line.reason = matching.duplicates[record.row]
    elif record.row in matching.candidates:
        _doubt(line, matching.candidates[record.row], ours)
    if line.kind in {"theirs", "same"} and line.mistakes:
        line.kind = "wrong"
    return line


def _settle_status(record: Record, card: Mapping[str, Any] | None, *, known: bool) -> None:
    closed = card["closed_on"] if card else None
    day = datetime.date.fromisoformat(closed) if closed else None
    settle_status(record, known=known, closed_on=day, today=timezone.localdate())


def _told(record: Record, address: str, problem: Any) -> list[str]:
    key = next((key for key in record.letters if record.address(key) == address), "")
    return [address, key, problem.message, problem.severity]


def _marry(line: Line, found: Match, card: Mapping[str, Any]) -> None:
    line.school, line.our_title = found.school, card["short_name"]
    line.confidence, line.reason = str(found.confidence), found.reason
    line.diffs = {key: list(pair) for key, pair in differences(card, line.values).items()}
    line.kind = kind_of(line.diffs, renamed=found.name_differs)


def kind_of(diffs: Mapping[str, Any], *, renamed: bool) -> str:
    """The kind of a matched line by what differs."""
    if "closed_on" in diffs:
        return "closed"
    if renamed and {"full_name", "short_name"} & diffs.keys():
        return "renamed"
    return "differs" if diffs else "same"


def _doubt(line: Line, candidates: list[Match], ours: Mapping[int, dict[str, Any]]) -> None:
    line.kind = "doubtful"
    line.confidence = str(Confidence.DOUBTFUL)
    line.candidates = [[one.school, ours[one.school]["short_name"], one.reason] for one in candidates]
    line.reason = candidates[0].reason


def _ours_lines(lines: Iterable[Line], ours: Mapping[int, dict[str, Any]], named: set[str] | None) -> Iterable[Line]:
    """Schools that work and that no row is; of a partial list only those of the territories it names."""
    matched = {line.school for line in lines if line.school}
    for pk, card in ours.items():
        left_out = named is not None and fold(card["municipality"]) not in named
        works = not card["closed_on"] or card["closed_on"] > timezone.localdate().isoformat()
        if works and pk not in matched and not left_out:
            yield _ours_line(card)


def _ours_line(card: Mapping[str, Any]) -> Line:
    return Line(
        key=f"s{card['pk']}",
        kind="ours",
        title=card["short_name"],
        territory=card["municipality"],
        school=card["pk"],
        ours=dict(card),
    )


def _add_hints(lines: list[Line], ours: Mapping[int, dict[str, Any]]) -> None:
    """Note what may have happened to schools that have no pair."""
    alone = [Facts(line.key, line.title, line.territory, line.ours) for line in lines if line.kind == "ours"]
    fresh = [Facts(line.key, line.title, line.territory, line.values) for line in lines if line.kind == "theirs"]
    matched = [
        Facts(f"s{line.school}", line.our_title, line.territory, ours[line.school] | _filled(line.values))
        for line in lines
        if line.row and line.school
    ]
    found = hints(alone, fresh, matched)
    for line in lines:
        hint = found.get(line.key)
        if hint is not None:
            line.hint = [hint.kind, hint.other, hint.title, hint.reason]


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, "")}
