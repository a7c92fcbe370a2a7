"""The second factor of signing in: a person's secret, her recovery codes, and the journal of what happened to them."""

from django.db import models
from django.utils import timezone

from schools.models.users import User
from schools.scope import Paths, Scoped, ScopedQuerySet
from schools.sealed import SealedField


class SecondFactor(Scoped):
    """A secret shared with the person's phone; it counts once `User.factor_on` says that a first code was right."""

    sight = Paths()

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="factor", verbose_name="чей")
    secret = SealedField("секрет", max_length=160, editable=False)
    last_counter = models.BigIntegerField("последний принятый шаг", default=0, editable=False)
    failures = models.PositiveSmallIntegerField("неверных кодов подряд", default=0, editable=False)
    paused_until = models.DateTimeField("пауза до", null=True, blank=True, editable=False)
    recovery = models.JSONField("отпечатки кодов восстановления", default=list, editable=False)
    created_at = models.DateTimeField("создан", default=timezone.now)

    objects = ScopedQuerySet["SecondFactor"].as_manager()

    class Meta:
        verbose_name = "второй фактор"
        verbose_name_plural = "вторые факторы"

    def __str__(self) -> str:
        return f"{self.user}"


class FactorEvent(Scoped):
    """What happened to somebody's second factor, when and by whom; never deleted by hand."""

    sight = Paths()

    class Kind(models.TextChoices):
        """What happened."""

        SET = "set", "настроен"
        RECOVERED = "recovered", "вход по коду восстановления"
        RENEWED = "renewed", "новые коды восстановления"
        REMOVED = "removed", "отключён самим человеком"
        RESET = "reset", "сброшен"
        PAUSED = "paused", "пауза после неверных кодов"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="factor_events", verbose_name="чей")
    kind = models.CharField("что", max_length=9, choices=Kind.choices)
    happened_at = models.DateTimeField("когда", default=timezone.now)
    done_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="кто"
    )
    reason = models.CharField("почему", max_length=200, blank=True)

    objects = ScopedQuerySet["FactorEvent"].as_manager()

    class Meta:
        verbose_name = "событие второго фактора"
        verbose_name_plural = "журнал второго фактора"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_kind_display()}"
