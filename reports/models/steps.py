"""Where every school stands at every step: counted from the data as a set, with the history of its changes."""

from django.db import models

from schools.models import Municipality, Region, School
from schools.scope import Paths, Scoped, ScopedQuerySet
from schools.steps import STEP_BY_NUMBER, step_choices


class StepState(models.IntegerChoices):
    """The seven states, from «nothing to do» to «accepted above»."""

    NEEDLESS = 0, "не требуется"
    LOCKED = 1, "ещё нельзя начать"
    TODO = 2, "не начат"
    WORKING = 3, "в работе"
    STALLED = 4, "застрял"
    DONE = 5, "выполнен"
    CONFIRMED = 6, "подтверждён"


FINISHED = (StepState.NEEDLESS, StepState.DONE, StepState.CONFIRMED)


class SchoolStep(Scoped):
    """A school at a step. Rewritten by reports.steps.counting; only rows that change are written."""

    sight = Paths(region="region_id", municipality="municipality_id", school="school_id")

    pk = models.CompositePrimaryKey("school", "number")
    school = models.ForeignKey(School, on_delete=models.CASCADE, db_index=False, related_name="steps")
    number = models.PositiveSmallIntegerField("этап", choices=step_choices)
    region = models.ForeignKey(Region, on_delete=models.CASCADE, db_index=False, related_name="+")
    municipality = models.ForeignKey(
        Municipality, on_delete=models.CASCADE, db_index=False, null=True, related_name="+"
    )
    state = models.PositiveSmallIntegerField("состояние", choices=StepState.choices)
    part = models.PositiveIntegerField("сделано")
    whole = models.PositiveIntegerField("всего")
    excused = models.PositiveIntegerField("не в счёт", default=0)  # step 7: whose representatives declined
    mistakes = models.PositiveIntegerField("ошибок", default=0)  # rows that keep the step open
    is_manual = models.BooleanField("отмечен вручную", default=False)
    planned_on = models.DateField("срок", null=True)
    moved_on = models.DateField("последнее движение")  # the day `part` last grew, or the step became possible
    since_on = models.DateField("в этом состоянии с")

    objects = ScopedQuerySet["SchoolStep"].as_manager()

    class Meta:
        verbose_name = "этап школы"
        verbose_name_plural = "этапы школ"
        indexes = [
            models.Index(fields=["region", "number", "state"], name="step_of_region"),
            models.Index(fields=["municipality", "number", "state"], name="step_of_municipality"),
        ]

    def __str__(self) -> str:
        return f"{STEP_BY_NUMBER[self.number].name}: {self.get_state_display()}"

    @property
    def state_key(self) -> str:
        """The state's word for programs: «stalled»."""
        return StepState(self.state).name.lower()


class StepEvent(Scoped):
    """A change of a school's state at a step: the history nobody writes by hand."""

    sight = Paths(region="school__region_id", municipality="school__municipality_id", school="school_id")

    school = models.ForeignKey(School, on_delete=models.CASCADE, db_index=False, related_name="+")
    number = models.PositiveSmallIntegerField("этап", choices=step_choices)
    before = models.PositiveSmallIntegerField("было", choices=StepState.choices, null=True)
    after = models.PositiveSmallIntegerField("стало", choices=StepState.choices)
    part = models.PositiveIntegerField("сделано")
    whole = models.PositiveIntegerField("всего")
    happened_on = models.DateField("когда")

    objects = ScopedQuerySet["StepEvent"].as_manager()

    class Meta:
        verbose_name = "событие этапа"
        verbose_name_plural = "события этапов"
        ordering = ["-id"]
        indexes = [models.Index(fields=["school", "-id"], name="step_events_of_school")]

    def __str__(self) -> str:
        return f"{STEP_BY_NUMBER[self.number].name}: {self.get_after_display()}"


class StepCount(Scoped):
    """A count of steps: when, of which region (all where empty), how many rows changed."""

    sight = Paths(region="region_id")

    region = models.ForeignKey(Region, on_delete=models.CASCADE, null=True, related_name="+")
    counted_at = models.DateTimeField("посчитано", auto_now_add=True)
    schools = models.PositiveIntegerField("школ")
    changed = models.PositiveIntegerField("изменилось строк")
    seconds = models.FloatField("секунд")

    objects = ScopedQuerySet["StepCount"].as_manager()

    class Meta:
        verbose_name = "подсчёт этапов"
        verbose_name_plural = "подсчёты этапов"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.counted_at:%d.%m.%Y %H:%M}"
