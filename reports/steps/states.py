"""Facts → states: the statement that gives each school its nine rows; movement is carried over from stored rows."""

from reports.models.steps import StepState
from schools.models.steps import MarkKind
from schools.steps import STEPS, Step

ROW_COLUMNS = (
    "school_id", "number", "region_id", "municipality_id", "state", "part", "whole", "excused", "mistakes", "is_manual",
    "planned_on", "moved_on", "since_on",
)  # fmt: skip
_SETTLED = f"('{MarkKind.NEEDLESS}', '{MarkKind.DONE}')"


def rows_select(facts: str) -> str:
    """Return the rows of all steps of the schools in `facts` (facts.facts_select); parameters: today, stalled_before.

    Columns are ROW_COLUMNS. The day of the last movement and the day a state began are carried over.
    """
    return "\nUNION ALL\n".join(_of_step(step, facts) for step in STEPS)


def _of_step(step: Step, facts: str) -> str:
    number = step.number
    moved = _moved(number)
    return f"""
        SELECT school_id, {number} AS number, region_id, municipality_id, state, part, whole, excused, mistakes,
          is_manual, planned_on, moved_on, CASE WHEN old_state = state THEN old_since ELSE %(today)s END AS since_on
        FROM (
          SELECT f.school_id, f.region_id, f.municipality_id, {_state(step, moved)} AS state,
            f.part_{number} AS part, f.whole_{number} AS whole, f.excused_{number} AS excused,
            f.mistakes_{number} AS mistakes, {_manual(number)} AS is_manual, f.planned_{number} AS planned_on,
            {moved} AS moved_on, old.state AS old_state, old.since_on AS old_since
          FROM {facts} f LEFT JOIN reports_schoolstep old ON old.school_id = f.school_id AND old.number = {number}
        ) counted
    """  # noqa: S608


def _moved(number: int) -> str:
    """The day of the last movement: the part grew, mistakes became fewer, or the step was met for the first time."""
    return (
        f"CASE WHEN old.school_id IS NULL OR f.part_{number} > old.part OR f.mistakes_{number} < old.mistakes"
        f" OR f.excused_{number} > old.excused THEN %(today)s ELSE old.moved_on END"
    )


def _manual(number: int) -> str:
    """Whether the state rests on somebody's word, not on the data."""
    done = f"f.mark_{number} = '{MarkKind.DONE}' AND f.proved_{number} = 0"
    return f"CASE WHEN f.mark_{number} = '{MarkKind.NEEDLESS}' OR ({done}) THEN true ELSE false END"


def _finished(step: Step) -> str:
    """Whether a step of the school keeps nobody waiting: proved, marked, or not required."""
    needless = " OR f.municipality_id IS NULL" if step.may_be_needless else ""
    return f"(f.proved_{step.number} = 1 OR f.mark_{step.number} IN {_SETTLED}{needless})"


def _state(step: Step, moved: str) -> str:
    """The seven states, the first that fits."""
    number, mark = step.number, f"f.mark_{step.number}"
    still = f"({moved}) <= %(stalled_before)s"
    earlier = " AND ".join(_finished(before) for before in STEPS[: number - 1]) or "true"
    waits = " OR ".join(f"NOT {_finished(STEPS[needed - 1])}" for needed in step.requires) or "false"
    needless = " OR f.municipality_id IS NULL" if step.may_be_needless else ""
    return f"""CASE
        WHEN {mark} = '{MarkKind.NEEDLESS}'{needless} THEN {StepState.NEEDLESS.value}
        WHEN {mark} = '{MarkKind.CONFIRMED}' AND f.proved_{number} = 1 THEN {StepState.CONFIRMED.value}
        WHEN {mark} = '{MarkKind.DONE}' OR f.proved_{number} = 1 THEN {StepState.DONE.value}
        WHEN f.started_{number} = 0 AND ({waits}) THEN {StepState.LOCKED.value}
        WHEN f.started_{number} = 1 AND {still} THEN {StepState.STALLED.value}
        WHEN f.started_{number} = 1 THEN {StepState.WORKING.value}
        WHEN {earlier} AND {still} THEN {StepState.STALLED.value}
        ELSE {StepState.TODO.value} END"""
