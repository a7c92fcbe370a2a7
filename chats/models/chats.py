"""Chats of schools, one row per chat and channel."""

import datetime
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from chats.links import LONGEST, LinkRefused, clean_link
from chats.roles import association_choices
from chats.use_cases import USE_CASE_BY_NUMBER, UseCase, use_case_choices
from schools.models import School, SchoolClass
from schools.models.people import RosterQuerySet, RosterRow
from schools.platforms import CHAT_CHANNEL_BY_NUMBER, chat_channel_choices
from schools.scope import BELOW_COUNTRY, SCHOOL_ONLY, Paths, Scoped
from staff.models import StaffMember


class ChatQuerySet(RosterQuerySet["Chat"]):
    """Chats, in the words of the field."""

    def open(self, on: datetime.date | None = None) -> Self:
        """Chats that run on a day, today by default."""
        day = on or timezone.localdate()
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=day), opened_on__lte=day)


class Chat(RosterRow, Scoped):
    """A chat a school runs: which case of use it serves, for which class, in which channel, since when."""

    sight = Paths(
        region="school__region_id",
        municipality="school__municipality_id",
        school="school_id",
        seen_from=BELOW_COUNTRY,
        changed_from=SCHOOL_ONLY,
    )
    told: ClassVar = ("chats", "school_id")

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="chats", verbose_name="школа")
    use_case = models.PositiveSmallIntegerField("кейс использования", choices=use_case_choices)
    school_class = models.ForeignKey(
        SchoolClass, on_delete=models.SET_NULL, related_name="chats", null=True, blank=True, verbose_name="класс"
    )
    area = models.PositiveSmallIntegerField(
        "методическое объединение", choices=association_choices, null=True, blank=True
    )
    channel = models.PositiveSmallIntegerField("канал", choices=chat_channel_choices)
    title = models.CharField("название", max_length=150)
    link = models.CharField("ссылка-приглашение", max_length=LONGEST, blank=True, default="", db_default="")
    external_id = models.CharField(
        "номер на площадке",
        max_length=100,
        blank=True,
        default="",
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
    ends_on = models.DateField("нужен до", null=True, blank=True)
    closed_on = models.DateField("закрыт", null=True, blank=True)
    version = models.PositiveIntegerField("версия", default=1, db_default=1, editable=False)
    updated_at = models.DateTimeField("изменён", default=timezone.now, db_default=Now(), editable=False)

    objects = ChatQuerySet.as_manager()

    class Meta:
        verbose_name = "чат"
        verbose_name_plural = "чаты"
        ordering = ["school", "use_case", "id"]
        indexes = [models.Index(fields=["school", "use_case"], name="chat_by_use_case")]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")), name="chat_closes_after_it_opens"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("opened_on")), name="chat_ends_after_it_opens"
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

    def get_absolute_url(self) -> str:
        """Address of the chat's page."""
        return reverse("chat", args=[self.pk])

    @property
    def case(self) -> UseCase:
        """The case it serves."""
        return USE_CASE_BY_NUMBER[self.use_case]

    @property
    def is_open(self) -> bool:
        """Whether it runs today."""
        return self.closed_on is None or self.closed_on > timezone.localdate()

    def clean(self) -> None:
        """A chat's class and owner belong to its school, its link to its channel, its days follow each other."""
        mistakes: dict[str, Any] = {}
        if self.school_class and self.school_class.school_id != self.school_id:
            mistakes["school_class"] = "Этот класс из другой школы."
        if self.owner and self.owner.school_id != self.school_id:
            mistakes["owner"] = "Этот сотрудник из другой школы."
        if self.channel not in CHAT_CHANNEL_BY_NUMBER:
            mistakes["channel"] = "Такого канала нет."
        try:
            self.link = clean_link(self.link or "", self.channel)
        except LinkRefused as refusal:
            mistakes["link"] = str(refusal)
        mistakes |= self._mistakes_of_days()
        if mistakes:
            raise ValidationError(mistakes)

    def _mistakes_of_days(self) -> dict[str, str]:
        if self.opened_on is None:
            return {}
        mistakes = {}
        if self.ends_on and self.ends_on < self.opened_on:
            mistakes["ends_on"] = "Этот день раньше дня создания чата."
        if self.closed_on and self.closed_on < self.opened_on:
            mistakes["closed_on"] = "Этот день раньше дня создания чата."
        return mistakes
