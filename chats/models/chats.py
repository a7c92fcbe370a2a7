"""Chats of schools, one row per chat and channel."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from chats.use_cases import use_case_choices
from schools.models import School, SchoolClass
from schools.platforms import CHANNEL_BY_NUMBER, channel_choices
from schools.scope import BELOW_COUNTRY, Paths, Scoped, ScopedQuerySet
from staff.models import StaffMember


class Chat(Scoped):
    """A chat a school runs: which case of use it serves, for which class, in which channel, since when."""

    sight = Paths(
        region="school__region_id",
        municipality="school__municipality_id",
        school="school_id",
        seen_from=BELOW_COUNTRY,
        changed_from=BELOW_COUNTRY,
    )

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="chats", verbose_name="школа")
    use_case = models.PositiveSmallIntegerField("кейс использования", choices=use_case_choices)
    school_class = models.ForeignKey(
        SchoolClass, on_delete=models.SET_NULL, related_name="chats", null=True, blank=True, verbose_name="класс"
    )
    channel = models.PositiveSmallIntegerField("канал", choices=channel_choices)
    title = models.CharField("название", max_length=150)
    external_id = models.CharField(
        "номер на площадке",
        max_length=100,
        blank=True,
        db_default="",
        help_text="По нему узнают чат в недельной выгрузке оператора.",
    )
    owner = models.ForeignKey(
        StaffMember,
        on_delete=models.SET_NULL,
        related_name="chats_owned",
        null=True,
        blank=True,
        verbose_name="владелец",
    )
    opened_on = models.DateField("создан")
    closed_on = models.DateField("закрыт", null=True, blank=True)

    objects = ScopedQuerySet["Chat"].as_manager()

    class Meta:
        verbose_name = "чат"
        verbose_name_plural = "чаты"
        ordering = ["school", "use_case", "id"]
        indexes = [models.Index(fields=["school", "use_case"], name="chat_by_use_case")]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")), name="chat_closes_after_it_opens"
            ),
            models.UniqueConstraint(
                fields=["school", "channel", "external_id"],
                condition=~Q(external_id=""),
                name="chat_external_id_once",
                violation_error_message="Чат с таким номером на площадке у школы уже есть.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """A chat's class and owner belong to its school."""
        mistakes: dict[str, Any] = {}
        if self.school_class and self.school_class.school_id != self.school_id:
            mistakes["school_class"] = "Этот класс из другой школы."
        if self.owner and self.owner.school_id != self.school_id:
            mistakes["owner"] = "Этот сотрудник из другой школы."
        if self.channel not in CHANNEL_BY_NUMBER:
            mistakes["channel"] = "Такого канала нет."
        if mistakes:
            raise ValidationError(mistakes)
