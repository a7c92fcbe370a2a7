"""Orders (приказы): their templates with versions, the orders, who has read them, who answers for what."""

import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone

from chats.orders.paper import PROFILES, Paper, paper_from
from schools.models import StoredFile
from schools.models.at_place import AtPlace
from schools.scope import BELOW_COUNTRY, AnyUser, Level, Paths, Scoped, ScopedQuerySet, sight_of
from staff.models import StaffMember

LEVELS = [(Level.MUNICIPALITY.value, "муниципалитет"), (Level.SCHOOL.value, "школа")]


class OrderTemplateQuerySet(ScopedQuerySet["OrderTemplate"]):
    """Texts of the whole country: everyone who has signed in reads them, the portal's administrator changes them."""

    def visible_to(self, user: AnyUser) -> Self:
        """All texts for everyone signed in: they hold nobody's data."""
        return self.all() if user.is_authenticated and user.is_active else self.none()

    def editable_by(self, user: AnyUser) -> Self:
        """Only superusers."""
        return self.all() if sight_of(user).everything else self.none()

    def current(self) -> Self:
        """The version in use of each text."""
        return self.filter(replaced_at=None)


class OrderTemplate(Scoped):
    """The text of a kind of order. A changed text is a new version: orders keep the one they were written by."""

    key = models.SlugField("ключ", max_length=60)
    version = models.PositiveSmallIntegerField("версия", default=1)
    name = models.CharField("название", max_length=120)
    purpose = models.CharField("когда нужен", max_length=300)
    level = models.PositiveSmallIntegerField("кто издаёт", choices=LEVELS, default=Level.SCHOOL)
    place_in_list = models.PositiveSmallIntegerField("место в списке", default=100)
    subject = models.CharField("заголовок приказа", max_length=300, help_text="Отвечает на вопрос «о чём?».")
    text = models.TextField("текст", max_length=20_000)
    # {"9": "срок"}: the step whose planned day an order sets, and the field it takes it from.
    plans = models.JSONField("сроки этапов", default=dict, blank=True)
    acts = models.JSONField("основания по умолчанию", default=list, blank=True)
    to_all = models.BooleanField("знакомят всех сотрудников", default=False)
    reason = models.CharField(
        "что и почему изменили", max_length=300, blank=True, default="", db_default="",
        help_text="Например: новый срок регистрации по письму ведомства.",
    )  # fmt: skip
    replaced_at = models.DateTimeField("заменён", null=True, blank=True, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="кто изменил"
    )
    created_at = models.DateTimeField("создан", default=timezone.now, editable=False)

    objects = OrderTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = "шаблон приказа"
        verbose_name_plural = "шаблоны приказов"
        ordering = ["place_in_list", "key", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="order_template_version_once"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(replaced_at=None), name="order_template_has_one_version_in_use"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, версия {self.version}"

    def get_absolute_url(self) -> str:
        """The page of this version."""
        return reverse("order_template", args=[self.pk])


class OrderQuerySet(ScopedQuerySet["Order"]):
    """Orders that read as sentences."""

    def in_force(self) -> Self:
        """Issued and not cancelled."""
        return self.filter(state=Order.State.ISSUED)

    def numbered(self) -> Self:
        """Those that have a number: issued, perhaps cancelled since."""
        return self.exclude(state=Order.State.DRAFT)

    def with_readers(self) -> Self:
        """Annotate how many are to read the order and how many have."""
        return self.annotate(
            readers=Count("acknowledgements"),
            have_read=Count("acknowledgements", filter=Q(acknowledgements__acknowledged_on__isnull=False)),
        )


class Order(AtPlace):
    """An order from its draft to its cancelling. What was issued is kept as it was (`paper`), whoever changes since."""

    sight = Paths(
        region=("region_id", "municipality__region_id", "school__region_id"),
        municipality=("municipality_id", "school__municipality_id"),
        school="school_id",
        seen_from=BELOW_COUNTRY,
        changed_from=BELOW_COUNTRY,
    )

    class State(models.TextChoices):
        """How far an order has come."""

        DRAFT = "draft", "проект"
        ISSUED = "issued", "издан"
        CANCELLED = "cancelled", "отменён"

    template = models.ForeignKey(OrderTemplate, on_delete=models.PROTECT, related_name="orders", verbose_name="шаблон")
    state = models.CharField("состояние", max_length=10, choices=State.choices, default=State.DRAFT)
    subject = models.CharField("о чём", max_length=300)
    text = models.TextField("текст с полями", max_length=20_000)
    values = models.JSONField("значения полей", default=dict)
    signer_name = models.CharField("кто подписывает", max_length=200, blank=True)
    signer_position = models.CharField("должность подписывающего", max_length=200, default="Директор", blank=True)
    organisation = models.CharField("кто издаёт", max_length=300, blank=True, help_text="Пусто — имя из карточки.")
    founder = models.CharField("учредитель", max_length=300, blank=True)
    city = models.CharField("место издания", max_length=100, blank=True)
    profile = models.CharField(
        "оформление", max_length=10, choices=[(one.key, one.name) for one in PROFILES], default=PROFILES[0].key
    )
    number = models.CharField("номер", max_length=30, blank=True)
    signed_on = models.DateField("дата подписания", null=True, blank=True)
    year = models.PositiveSmallIntegerField("год", null=True, blank=True, editable=False)
    paper_kept = models.JSONField("приказ, каким издан", null=True, blank=True, editable=False)
    sha256 = models.CharField("отпечаток", max_length=64, blank=True, editable=False)
    done = models.JSONField("что сделано по приказу", default=dict, editable=False)
    scan = models.ForeignKey(
        StoredFile, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="скан подписанного"
    )
    changes = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="changed_by", verbose_name="что изменяет"
    )
    batch = models.ForeignKey(
        "chats.OrderBatch",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="orders",
        verbose_name="подготовлен вместе с другими",
    )
    cancelled_on = models.DateField("отменён с", null=True, blank=True)
    cancel_reason = models.CharField("почему отменён", max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="кто начал"
    )
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="кто издал",
    )
    issued_at = models.DateTimeField("издан", null=True, blank=True)
    version = models.PositiveIntegerField("версия", default=1, editable=False)
    created_at = models.DateTimeField("начат", default=timezone.now, editable=False)
    updated_at = models.DateTimeField("изменён", default=timezone.now, editable=False)

    objects = OrderQuerySet.as_manager()

    class Meta(AtPlace.Meta):
        abstract = False
        verbose_name = "приказ"
        verbose_name_plural = "приказы"
        ordering = ["-id"]
        constraints = [
            *AtPlace.Meta.constraints,
            models.UniqueConstraint(
                fields=["school", "year", "number"],
                condition=Q(school__isnull=False) & ~Q(number=""),
                name="order_number_once_a_year_in_school",
            ),
            models.UniqueConstraint(
                fields=["municipality", "year", "number"],
                condition=Q(municipality__isnull=False) & ~Q(number=""),
                name="order_number_once_a_year_in_municipality",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", number="", signed_on=None, year=None)
                | (~Q(state="draft") & ~Q(number="") & Q(signed_on__isnull=False, year__isnull=False)),
                name="order_has_number_and_date_once_issued",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_on=None) | Q(state="cancelled", cancelled_on__gte=F("signed_on")),
                name="order_is_cancelled_after_it_was_issued",
            ),
        ]
        indexes = [
            models.Index(fields=["school", "-year", "-id"], name="order_of_school"),
            models.Index(fields=["municipality", "-year", "-id"], name="order_of_municipality"),
            models.Index(fields=["updated_at"], name="order_by_change"),
        ]

    def __str__(self) -> str:
        return f"{self.requisites} «{self.subject}»" if self.number else f"проект «{self.subject}»"

    def get_absolute_url(self) -> str:
        """The order's page."""
        return reverse("order", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        """Whether it can still be changed."""
        return self.state == self.State.DRAFT

    @property
    def requisites(self) -> str:
        """«№ 45-ОД от 05.05.2026»; empty for a draft."""
        return f"№ {self.number} от {self.signed_on:%d.%m.%Y}" if self.number else ""

    @property
    def issued_paper(self) -> Paper | None:
        """The order as it was issued; None for a draft."""
        return paper_from(self.paper_kept) if self.paper_kept else None


class Acknowledgement(Scoped):
    """Somebody who is to read an order («с приказом ознакомлен»), and when that was marked."""

    sight = Paths(
        region=("order__region_id", "order__municipality__region_id", "order__school__region_id"),
        municipality=("order__municipality_id", "order__school__municipality_id"),
        school="order__school_id",
        seen_from=BELOW_COUNTRY,
        changed_from=BELOW_COUNTRY,
    )

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="acknowledgements", verbose_name="приказ")
    staff = models.ForeignKey(
        StaffMember, on_delete=models.SET_NULL, null=True, related_name="acknowledgements", verbose_name="сотрудник"
    )
    name = models.CharField("фамилия, имя, отчество", max_length=310)
    position = models.CharField("должность", max_length=200, blank=True)
    acknowledged_on = models.DateField("ознакомлен", null=True, blank=True)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="кто отметил",
    )
    updated_at = models.DateTimeField("изменён", default=timezone.now, editable=False)

    objects = ScopedQuerySet["Acknowledgement"].as_manager()

    class Meta:
        verbose_name = "ознакомление с приказом"
        verbose_name_plural = "ознакомления с приказами"
        ordering = ["order", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "staff"], condition=Q(staff__isnull=False), name="staff_acknowledges_order_once"
            ),
        ]
        indexes = [models.Index(fields=["updated_at"], name="acknowledgement_by_change")]

    def __str__(self) -> str:
        return f"{self.name}: {self.acknowledged_on:%d.%m.%Y}" if self.acknowledged_on else f"{self.name}: нет"


class Duty(Scoped):
    """What somebody answers for by an order: from its day until the order is cancelled or another names a successor."""

    sight = Acknowledgement.sight

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="duties", verbose_name="приказ")
    staff = models.ForeignKey(StaffMember, on_delete=models.CASCADE, related_name="duties", verbose_name="сотрудник")
    field = models.CharField("обязанность", max_length=30)
    starts_on = models.DateField("с")
    ends_on = models.DateField("по", null=True, blank=True)

    objects = ScopedQuerySet["Duty"].as_manager()

    class Meta:
        verbose_name = "обязанность по приказу"
        verbose_name_plural = "обязанности по приказам"
        ordering = ["field", "-starts_on", "id"]
        indexes = [models.Index(fields=["staff", "field"], name="duty_of_staff")]

    def __str__(self) -> str:
        return f"{self.staff}: {self.field}"

    def holds_on(self, day: datetime.date) -> bool:
        """Tell whether it is held on a day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class NameForms(Scoped):
    """The forms of a name and a position that a person has put right: the next order begins with them."""

    sight = Paths(
        region="staff__school__region_id",
        municipality="staff__school__municipality_id",
        school="staff__school_id",
        seen_from=BELOW_COUNTRY,
        changed_from=BELOW_COUNTRY,
    )

    staff = models.OneToOneField(
        StaffMember, on_delete=models.CASCADE, related_name="name_forms", verbose_name="сотрудник"
    )
    name = models.CharField("имя, которое склоняли", max_length=310)
    names = models.JSONField("имя по падежам", default=dict)
    position = models.CharField("должность, которую склоняли", max_length=200, blank=True)
    positions = models.JSONField("должность по падежам", default=dict)

    objects = ScopedQuerySet["NameForms"].as_manager()

    class Meta:
        verbose_name = "падежи имени"
        verbose_name_plural = "падежи имён"

    def __str__(self) -> str:
        return str(self.staff)

    def of_today(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """(names, positions) that still are those of the person's name and position."""
        names = self.names if self.name == self.staff.full_name else {}
        return names, self.positions if self.position == self.staff.position else {}
