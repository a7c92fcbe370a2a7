"""The one next thing of a school, once uploads and its list of teachers ask for nothing: by the steps it stands at."""

from django.urls import reverse

from reports.models import SchoolStep
from reports.reading.schools import NextThing
from reports.reading.step_words import TaskRow, is_finished, note
from schools.models import School

_BUTTONS = {6: "Открыть классы", 7: "Открыть классы", 8: "Открыть классы", 9: "Отметить освоенное"}
ASKED_OF_SCHOOLS = (6, 8, 7, 9)  # children before their representatives: an invitation hangs on the child's row


def by_steps(school: School, tasks: list[TaskRow], before: NextThing | None) -> NextThing | None:
    """What the school is asked to do: `before` while it is about its uploads or teachers, else its first open step."""
    rows: dict[int, SchoolStep] = {task.number: task.row for task in tasks}
    if not rows or not is_finished(rows[5]):
        return before
    for number in ASKED_OF_SCHOOLS:
        task = next(task for task in tasks if task.number == number)
        if not is_finished(task.row) and task.state != "locked":
            finished = {row.number for row in rows.values() if is_finished(row)}
            return NextThing(
                task.step.action,
                note(task.row, finished, task.row.since_on) or task.step.why,
                _BUTTONS[number],
                task.url or reverse("school_steps", args=[school.pk]),
                "Все девять этапов",
                reverse("school_steps", args=[school.pk]),
            )
    return before
