"""Classes, pupils and their legal representatives: personal data that only their own school sees."""

import datetime
from collections.abc import Iterable
from typing import Any, ClassVar, Self, TypeVar

from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from schools import codes
from schools.models.places import School
from schools.scope import ALL_LEVELS, BELOW_COUNTRY, SCHOOL_ONLY, AnyUser, Paths, Scoped, ScopedQuerySet, sight_of
from schools.sealed import SealedField

M = TypeVar("M", bound="RosterRow")


class RosterQuerySet(ScopedQuerySet[M]):
    """Rows whose end is told to those who keep a copy of them (`Deletion`)."""

    @transaction.atomic
    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete the rows and leave word of each."""
        tell_of_deletion(self.model, self.values_list("pk", flat=True))
        return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


class RosterRow(models.Model):
    """A row whose version and moment grow whenever it is saved, and whose deletion leaves a word."""

    told: ClassVar[tuple[str, str]]  # the REST resource it belongs to, and the path to its school
    version: Any
    updated_at: Any

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Count the change."""
        if not self._state.adding and hasattr(self, "version"):
            self.version += 1
        self.updated_at = timezone.now()
        if kwargs.get("update_fields") is not None:
            kept = {"version", "updated_at"} if hasattr(self, "version") else {"updated_at"}
            kwargs["update_fields"] = {*kwargs["update_fields"], *kept}
        super().save(*args, **kwargs)

    @transaction.atomic
    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the row and leave word of it."""
        tell_of_deletion(type(self), [self.pk])
        return super().delete(*args, **kwargs)


class SchoolClass(RosterRow, Scoped):
    """A class of one school year."""

    sight = Paths(
        region="school__region_id",
        municipality="school__municipality_id",
        school="school_id",
        changed_from=BELOW_COUNTRY,
    )
    told = ("classes", "school_id")

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="classes", verbose_name="школа")
    year = models.PositiveSmallIntegerField("учебный год", help_text="Год, в котором он начался: 2026 — это 2026/27.")
    grade = models.PositiveSmallIntegerField("параллель")
    letter = models.CharField("литера", max_length=10, blank=True)
    declared_pupils = models.PositiveSmallIntegerField("обучающихся в классе", null=True, blank=True)
    version = models.PositiveIntegerField("версия", default=1, db_default=1, editable=False)
    updated_at = models.DateTimeField("изменён", default=timezone.now, db_default=Now(), editable=False)

    objects = RosterQuerySet["SchoolClass"].as_manager()

    class Meta:
        verbose_name = "класс"
        verbose_name_plural = "классы"
        ordering = ["school", "-year", "grade", "letter"]
        constraints = [
            models.UniqueConstraint(fields=["school", "year", "grade", "letter"], name="class_once_a_year"),
            models.CheckConstraint(condition=Q(grade__gte=1, grade__lte=12), name="class_grade_from_1_to_12"),
            models.CheckConstraint(condition=Q(year__gte=2000, year__lte=2100), name="class_year_is_a_year"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """«7Б»."""
        return f"{self.grade}{self.letter}"


class Person(models.Model):
    """Name, birthday and СНИЛС of somebody a school answers for."""

    last_name = models.CharField("фамилия", max_length=100)
    first_name = models.CharField("имя", max_length=100)
    patronymic = models.CharField("отчество", max_length=100, blank=True)
    no_patronymic = models.BooleanField("отчества нет по документам", default=False)
    name_key = models.CharField("ключ поиска", max_length=310, editable=False)
    snils = SealedField("СНИЛС", max_length=64, blank=True, default="")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the search key in step with the name."""
        self.name_key = codes.fold(self.full_name)
        super().save(*args, **kwargs)

    @property
    def full_name(self) -> str:
        """«Фамилия Имя Отчество»."""
        return " ".join(part for part in (self.last_name, self.first_name, self.patronymic) if part)

    @property
    def masked_snils(self) -> str:
        """«***-***-445 95», the only form shown."""
        return codes.mask_snils(self.snils)


class PupilQuerySet(RosterQuerySet["Pupil"]):
    """Pupils, in the words of the field."""

    def learning(self, on: datetime.date | None = None) -> Self:
        """Those who learn in the school on a day, today by default."""
        day = on or timezone.localdate()
        return self.filter(Q(enrolled_on=None) | Q(enrolled_on__lte=day), Q(left_on=None) | Q(left_on__gt=day))

    def search(self, text: str) -> Self:
        """Those whose name holds every word of the text, ё and е alike."""
        found = self.all()
        for word in codes.search_words(text):
            found = found.filter(name_key__contains=word)
        return found


class Pupil(Person, RosterRow, Scoped):
    """A pupil."""

    sight = Paths(school="school_id", seen_from=SCHOOL_ONLY, changed_from=SCHOOL_ONLY)
    told = ("pupils", "school_id")

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="pupils", verbose_name="школа")
    school_class = models.ForeignKey(
        SchoolClass, on_delete=models.SET_NULL, related_name="pupils", null=True, blank=True, verbose_name="класс"
    )
    born_on = models.DateField("дата рождения", null=True, blank=True)
    enrolled_on = models.DateField("зачислен", null=True, blank=True)
    left_on = models.DateField("выбыл", null=True, blank=True)
    external_id = models.CharField("номер в другой системе", max_length=64, blank=True)
    phone = models.CharField("мобильный телефон", max_length=12, blank=True, db_default="")
    version = models.PositiveIntegerField("версия", default=1, db_default=1, editable=False)
    updated_at = models.DateTimeField("изменён", default=timezone.now, db_default=Now(), editable=False)

    objects = PupilQuerySet.as_manager()

    class Meta:
        verbose_name = "обучающийся"
        verbose_name_plural = "обучающиеся"
        ordering = ["school", "name_key", "id"]
        indexes = [models.Index(fields=["school", "name_key"], name="pupil_by_name")]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "snils"], condition=~Q(snils=""), name="pupil_snils_once_in_school"
            ),
        ]


class Guardian(Person, RosterRow, Scoped):
    """A legal representative of one or several pupils of a school."""

    sight = Paths(school="school_id", seen_from=SCHOOL_ONLY, changed_from=SCHOOL_ONLY)
    told = ("guardians", "school_id")

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="guardians", verbose_name="школа")
    phone = models.CharField("мобильный телефон", max_length=12, blank=True)
    email = models.EmailField("электронная почта", blank=True)
    pupils = models.ManyToManyField(Pupil, through="Guardianship", related_name="guardians", verbose_name="дети")
    version = models.PositiveIntegerField("версия", default=1, db_default=1, editable=False)
    updated_at = models.DateTimeField("изменён", default=timezone.now, db_default=Now(), editable=False)

    objects = RosterQuerySet["Guardian"].as_manager()

    class Meta:
        verbose_name = "законный представитель"
        verbose_name_plural = "законные представители"
        ordering = ["school", "name_key", "id"]
        indexes = [models.Index(fields=["school", "name_key"], name="guardian_by_name")]


class Guardianship(RosterRow, Scoped):
    """Who represents whom, and whether they agreed to the platform: a refusal is legitimate."""

    sight = Paths(school="pupil__school_id", seen_from=SCHOOL_ONLY, changed_from=SCHOOL_ONLY)
    told = ("guardianships", "pupil__school_id")

    class Kind(models.TextChoices):
        """Kind of representation."""

        MOTHER = "mother", "мать"
        FATHER = "father", "отец"
        ADOPTER = "adopter", "усыновитель"
        GUARDIAN = "guardian", "опекун"
        TRUSTEE = "trustee", "попечитель"
        FOSTER = "foster", "приёмный родитель"
        OTHER = "other", "иное"

    pupil = models.ForeignKey(Pupil, on_delete=models.CASCADE, related_name="guardianships", verbose_name="обучающийся")
    guardian = models.ForeignKey(
        Guardian, on_delete=models.CASCADE, related_name="guardianships", verbose_name="представитель"
    )
    kind = models.CharField("кем приходится", max_length=10, choices=Kind.choices)
    invited_on = models.DateField("приглашён", null=True, blank=True)
    registered_on = models.DateField("зарегистрирован", null=True, blank=True)
    declined_on = models.DateField("отказался", null=True, blank=True)
    updated_at = models.DateTimeField("изменено", default=timezone.now, db_default=Now(), editable=False)

    objects = RosterQuerySet["Guardianship"].as_manager()

    class Meta:
        verbose_name = "представительство"
        verbose_name_plural = "представительство"
        constraints = [
            models.UniqueConstraint(fields=["pupil", "guardian"], name="guardianship_once"),
            models.CheckConstraint(
                condition=Q(registered_on=None) | Q(declined_on=None), name="guardianship_registered_or_declined"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class DeletionQuerySet(ScopedQuerySet["Deletion"]):
    """Words left of rows that are gone."""

    def visible_to(self, user: AnyUser) -> Self:
        """Those of rows the person saw: of children and families in one's own school, the rest from above."""
        sight, above = sight_of(user), Deletion.sight_from_above
        people = self.filter(kind__in=("staff", "chats"))._within(sight, above, BELOW_COUNTRY)
        return super().visible_to(user) | people | self.filter(kind="classes")._within(sight, above, ALL_LEVELS)


class Deletion(Scoped):
    """A row of a roster that is gone, by its number: those who keep a copy learn of it (REST `deleted_since`)."""

    sight = Paths(school="school_id", seen_from=SCHOOL_ONLY)
    sight_from_above = Paths(region="school__region_id", municipality="school__municipality_id", school="school_id")

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="+", verbose_name="школа")
    kind = models.CharField("что", max_length=20)  # a REST resource: classes, pupils, guardians, staff, chats
    row_id = models.PositiveBigIntegerField("номер строки")
    deleted_at = models.DateTimeField("удалена", default=timezone.now)

    objects = DeletionQuerySet.as_manager()

    class Meta:
        verbose_name = "удалённая строка"
        verbose_name_plural = "удалённые строки"
        ordering = ["-id"]
        indexes = [models.Index(fields=["school", "kind", "deleted_at"], name="deletion_by_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.row_id}"


def tell_of_deletion(model: type[RosterRow], ids: Iterable[int]) -> None:
    """Leave word of rows about to be deleted; pupils of a class that goes are changed by it, and say so.

    Representation goes with the pupil or the representative, so it is told of too. Inside the caller's transaction.
    """
    gone = list(ids)
    kind, school = model.told
    now = timezone.now()
    rows = model._default_manager.filter(pk__in=gone).values_list("pk", school)
    Deletion.objects.bulk_create(Deletion(school_id=place, kind=kind, row_id=pk, deleted_at=now) for pk, place in rows)
    if model is SchoolClass:
        Pupil.objects.filter(school_class__in=gone).update(version=F("version") + 1, updated_at=now)
    elif model in (Pupil, Guardian):
        path = "pupil__in" if model is Pupil else "guardian__in"
        links = Guardianship.objects.filter(**{path: gone}).values_list("pk", flat=True)
        tell_of_deletion(Guardianship, links)
