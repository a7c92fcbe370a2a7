"""Users of the portal and their dated appointments."""

from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.urls import reverse

from schools.models.places import Municipality, Region, School
from schools.scope import (
    BELOW_COUNTRY,
    AnyUser,
    Dated,
    DatedQuerySet,
    Level,
    Paths,
    Scoped,
    ScopedQuerySet,
    Sight,
    places_of,
    sight_of,
)

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class UserQuerySet(ScopedQuerySet["User"]):
    """Users; seen by superusers only."""


class PortalUserManager(UserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Django's user manager over the scoped queryset."""


class User(AbstractUser, Scoped):  # type: ignore[django-manager-missing]
    """Somebody who signs in; what they see comes from their appointments."""

    sight = Paths()

    patronymic = models.CharField("отчество", max_length=100, blank=True)
    phone = models.CharField("телефон", max_length=100, blank=True, db_default="")
    seen_on = models.DateField("был на портале", null=True, blank=True, editable=False)
    first_seen_on = models.DateField("вошёл впервые", null=True, blank=True, editable=False)
    factor_on = models.DateTimeField("второй фактор настроен", null=True, blank=True, editable=False)
    wants_digest = models.BooleanField("получает недельную сводку", default=True, db_default=True)

    objects = PortalUserManager()  # type: ignore[misc]

    class Meta(AbstractUser.Meta):
        verbose_name = "пользователь"
        verbose_name_plural = "пользователи"
        constraints = [models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="user_email_once")]

    if TYPE_CHECKING:
        _password: str | None
        appointments: "RelatedManager[Appointment]"
        auth_token_set: Any

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    _password_taken_away = False

    def set_unusable_password(self) -> None:
        """Leave the account without a way in; that ends its tokens as a new password does."""
        super().set_unusable_password()
        self._password_taken_away = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; with a new password the tokens of REST end in the same transaction, whoever changes it and where.

        A password is changed because it may be known to a stranger, and so may be what she made with it. The same
        password hashed anew, as Django does at signing in, ends nothing.
        """
        is_new = not self._state.adding and (self._password is not None or self._password_taken_away)
        with transaction.atomic():
            super().save(*args, **kwargs)
            if is_new:
                self.auth_token_set.end_with_password()
        self._password_taken_away = False

    @property
    def seen(self) -> Sight:
        """What this person's appointments of today open."""
        return sight_of(self)


class AppointmentQuerySet(DatedQuerySet["Appointment"]):
    """Appointments: seen within one's place, changed only by an appointment above them in the same place."""

    def editable_by(self, user: AnyUser) -> Self:
        """Appointments in a place one holds, below the level one holds it at.

        Every role opens what is below itself: another one, higher up but elsewhere, opens nothing here.
        """
        sight = sight_of(user)
        if sight.everything:
            return self.all()
        rule = Q()
        for level in (Level.REGION, Level.MUNICIPALITY):
            if held := places_of(sight, self.model.sight, frozenset({level})):
                rule |= held & Q(level__gt=level)
        return self.filter(rule) if rule else self.none()


class Appointment(Dated, Scoped):
    """A coordinator's or school administrator's dated appointment to one place."""

    sight = Paths(
        region=("region_id", "municipality__region_id", "school__region_id"),
        municipality=("municipality_id", "school__municipality_id"),
        school="school_id",
        seen_from=BELOW_COUNTRY,  # the country's observer sees figures, not people
        changed_from=BELOW_COUNTRY,
    )

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="appointments", verbose_name="кто")
    level = models.PositiveSmallIntegerField("уровень", choices=Level.choices)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="appointments", verbose_name="регион"
    )
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name="муниципалитет",
    )
    school = models.ForeignKey(
        School, on_delete=models.PROTECT, null=True, blank=True, related_name="appointments", verbose_name="школа"
    )
    order_number = models.CharField("номер приказа", max_length=40, blank=True)
    order_on = models.DateField("дата приказа", null=True, blank=True)
    appointed_by = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="appointments_made",
        verbose_name="назначил",
    )
    updated_at = models.DateTimeField("изменено", auto_now=True, db_default=Now())

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = "назначение"
        verbose_name_plural = "назначения"
        ordering = ["level", "-starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(level=Level.COUNTRY, region=None, municipality=None, school=None)
                    | Q(level=Level.REGION, region__isnull=False, municipality=None, school=None)
                    | Q(level=Level.MUNICIPALITY, region=None, municipality__isnull=False, school=None)
                    | Q(level=Level.SCHOOL, region=None, municipality=None, school__isnull=False)
                ),
                name="appointment_names_the_place_of_its_level",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="appointment_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.title}"

    def get_absolute_url(self) -> str:
        """Address of the appointment's card."""
        return reverse("appointment", args=[self.pk])

    @property
    def place(self) -> Region | Municipality | School | None:
        """The place answered for; None for the country."""
        return self.region or self.municipality or self.school

    @property
    def title(self) -> str:
        """What the person is called: «Координатор региона», …"""
        return {
            Level.COUNTRY: "Наблюдатель федерального уровня",
            Level.REGION: "Координатор региона",
            Level.MUNICIPALITY: "Координатор муниципалитета",
            Level.SCHOOL: "Администратор школы",
        }[Level(self.level)]
