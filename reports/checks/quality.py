"""The quality of data: what share of a school's checked weight is without findings, and which work raises it fastest.

A check takes weight × found ÷ looked at from its school; the quality is what is left, as a share of all weights. The
gain of a piece of work is what it gives back; work is ordered by gain for a minute of it. Sums of schools are divided
by sums, so the quality of a place is Σ ÷ Σ, as every share here.
"""

from collections.abc import Sequence

from django.db.models import Case, F, FloatField, Sum, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from reports.checks.catalogue import CHECKS, WEIGHTS
from reports.checks.kinds import Check


def _by_check(values: Sequence[tuple[Check, float]]) -> Case:
    """A number that depends on the check of a row of CheckCount."""
    whens = [When(check_number=check.number, then=Value(value)) for check, value in values]
    return Case(*whens, default=Value(0.0), output_field=FloatField())


def _found_share() -> Combinable:
    return Cast(F("found"), FloatField()) / Cast(F("looked_at"), FloatField())


def lost() -> Combinable:
    """What a row of CheckCount takes from its school, in weights."""
    return _by_check([(check, float(check.weight)) for check in CHECKS]) * _found_share()


def lost_sum() -> Sum:
    """What the rows of a group take together."""
    return Sum(lost(), output_field=FloatField(), default=0.0)


def speed() -> Combinable:
    """What a minute of work on a row of CheckCount gives back: work done at once gives all it has for one effort."""
    at_once = [(check, check.weight / check.minutes) for check in CHECKS if check.at_once]
    one_by_one = [(check, check.weight / check.minutes) for check in CHECKS if not check.at_once]
    return _by_check(at_once) * _found_share() + _by_check(one_by_one) / Cast(F("looked_at"), FloatField())


def quality(lost_weight: float, schools: int) -> float | None:
    """Return the quality of data of so many schools, 0–1; None where there are none."""
    return max(0.0, 1 - lost_weight / (WEIGHTS * schools)) if schools else None


def gain(check: Check, found: int, looked_at: int) -> float:
    """Return by how much the quality of a school grows once a check finds nothing more, 0–1."""
    return check.weight * found / max(looked_at, 1) / WEIGHTS


def minutes(check: Check, found: int) -> int:
    """Return the effort of mending all findings of a check in a school."""
    return check.minutes if check.at_once else check.minutes * found
