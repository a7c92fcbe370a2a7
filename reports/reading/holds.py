"""The page of held values: which, why, what the figures are, what was decided, and whether it has entered the count."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from reports.hold_decisions import decisions_of
from reports.models import Hold, HoldDecision, RatingState, Verdict
from reports.reading.weeks import Chosen
from schools.models import School
from schools.texts import number, percent

STATES = {Verdict.WAITING: "todo", Verdict.RIGHT: "confirmed", Verdict.WRONG: "stalled"}


@dataclass(frozen=True, slots=True)
class Held:
    """One held value as the page shows it."""

    hold: Hold
    decision: HoldDecision | None
    may_decide: bool

    @property
    def verdict(self) -> Verdict:
        """The newest decision, or that there is none."""
        return Verdict(self.decision.verdict) if self.decision else Verdict.WAITING

    @property
    def mark(self) -> str:
        """State of figures.state_chip."""
        return STATES[self.verdict]

    @property
    def figures_text(self) -> str:
        """«120 из 40, 300 %; неделей раньше 12»."""
        hold = self.hold
        text = f"{number(hold.part)} из {number(hold.whole)}"
        if hold.whole:
            text += f", {percent(hold.part / hold.whole)}"
        return text + (f"; неделей раньше {number(hold.part_before)}" if hold.part_before is not None else "")

    @property
    def note(self) -> str:
        """What becomes of the decision."""
        if self.verdict == self.hold.state:
            return ""
        if self.hold.rating.state == RatingState.DRAFT:
            return "Неделя пересчитывается с этим решением."
        return "Неделя опубликована: решение войдёт в следующую редакцию."


def held_rows(rows: "QuerySet[Hold]", deciding: "QuerySet[Hold]") -> list[Held]:
    """The rows of a page with their decisions; two queries more."""
    found = list(rows.select_related("school", "rating", "municipality"))
    if not found:
        return []
    mine = set(deciding.filter(pk__in=[hold.pk for hold in found]).values_list("pk", flat=True))
    decided = decisions_of(found[0].rating.week, {hold.school_id for hold in found})
    return [
        Held(hold, decided.get((hold.school_id, hold.indicator, hold.part, hold.whole)), hold.pk in mine)
        for hold in found
    ]


def of_school(school: School, chosen: Chosen, seen: "QuerySet[Hold]") -> dict[str, Any]:
    """What the page of a school says of its held values: those kept out of the revision shown; one query."""
    kept_out = (
        seen.filter(school=school, rating=chosen.rating).exclude(state=Verdict.RIGHT).order_by("indicator", "kind")
    )
    holds = list(kept_out) if chosen.rating else []
    return {"holds": holds, "held_indicators": {hold.indicator for hold in holds}}
