"""Taking a register of schools into a region: rows → plan → apply. Running it again changes nothing."""

from schools.register.apply import apply_register
from schools.register.plan import CHANGE, NEW, SAME, WAIT, RegisterPlan, plan_register
from schools.register.reading import RegisterRefused

__all__ = ["CHANGE", "NEW", "SAME", "WAIT", "RegisterPlan", "RegisterRefused", "apply_register", "plan_register"]
