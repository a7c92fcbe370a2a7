"""Facts → states: the statement that gives each school its nine rows; movement is carried over from stored rows."""

from reports.models.steps import StepState
from reports.steps.facts import COUNTRY, Bounds
from schools.models.steps import MarkKind
from schools.steps import STEPS, Step

ROW_COLUMNS = (
    "school_id", "number", "region_id", "municipality_id", "state", "part", "whole", "excused", "mistakes", "is_manual",
    "planned_on", "moved_on", "since_on",
)  # fmt: skip
_SETTLED = f"('{MarkKind.NEEDLESS}', '{MarkKind.DONE}')"

# The day of the last movement: the part grew, mistakes became fewer, or the step was met for the first time.
_MOVED = """CASE WHEN old.school_id IS NULL OR now.part > old.part OR now.mistakes < old.mistakes
        OR now.excused > old.excused THEN %(today)s ELSE old.moved_on END"""

# The seven states, the first that fits.
_STATE = f"""CASE
        WHEN needless = 1 THEN {StepState.NEEDLESS.value}
        WHEN mark = '{MarkKind.CONFIRMED}' AND proved = 1 THEN {StepState.CONFIRMED.value}
        WHEN mark = '{MarkKind.DONE}' OR proved = 1 THEN {StepState.DONE.value}
        WHEN started = 0 AND waits = 1 THEN {StepState.LOCKED.value}
        WHEN (started = 1 OR next = 1) AND moved_on <= %(stalled_before)s THEN {StepState.STALLED.value}
        WHEN started = 1 THEN {StepState.WORKING.value}
        ELSE {StepState.TODO.value} END"""

# Whether the state rests on somebody's word, not on the data.
_MANUAL = f"""CASE WHEN mark = '{MarkKind.NEEDLESS}' OR (mark = '{MarkKind.DONE}' AND proved = 0)
        THEN true ELSE false END"""


def rows_select(facts: str, bounds: Bounds = COUNTRY) -> str:
    """Return the rows of all steps of the schools in `facts` (facts.facts_select); parameters: today, stalled_before.

    Columns are ROW_COLUMNS. The day of the last movement and the day a state began are carried over from the stored
    rows, which are joined once, after the nine of a school are put under each other.
    """
    stored = bounds.of_place("school", "old.")
    nine = "\n      UNION ALL ".join(_of_step(step, facts) for step in STEPS)
    return f"""
      SELECT school_id, number, region_id, municipality_id, state, part, whole, excused, mistakes, is_manual,
        planned_on, moved_on, CASE WHEN old_state = state THEN old_since ELSE %(today)s END AS since_on
      FROM (
        SELECT moved.*, {_STATE} AS state, {_MANUAL} AS is_manual
        FROM (
          SELECT now.*, {_MOVED} AS moved_on, old.state AS old_state, old.since_on AS old_since
          FROM ({nine}) now
          LEFT JOIN reports_schoolstep old ON old.school_id = now.school_id AND old.number = now.number{stored}
        ) moved
      ) counted"""  # noqa: S608


def _of_step(step: Step, facts: str) -> str:
    """What the state of a step is told by: its own facts, and whether the steps before it keep it waiting."""
    number = step.number
    waits = " OR ".join(f"NOT {_finished(STEPS[needed - 1])}" for needed in step.requires) or "false"
    earlier = " AND ".join(_finished(before) for before in STEPS[: number - 1]) or "true"
    needless = " OR municipality_id IS NULL" if step.may_be_needless else ""
    return f"""SELECT school_id, {number} AS number, region_id, municipality_id, part_{number} AS part,
        whole_{number} AS whole, excused_{number} AS excused, mistakes_{number} AS mistakes,
        planned_{number} AS planned_on, mark_{number} AS mark, proved_{number} AS proved, started_{number} AS started,
        CASE WHEN mark_{number} = '{MarkKind.NEEDLESS}'{needless} THEN 1 ELSE 0 END AS needless,
        CASE WHEN {waits} THEN 1 ELSE 0 END AS waits, CASE WHEN {earlier} THEN 1 ELSE 0 END AS next
      FROM {facts}"""  # noqa: S608


def _finished(step: Step) -> str:
    """Whether a step of the school keeps nobody waiting: proved, marked, or not required."""
    needless = " OR municipality_id IS NULL" if step.may_be_needless else ""
    return f"(proved_{step.number} = 1 OR mark_{step.number} IN {_SETTLED}{needless})"
