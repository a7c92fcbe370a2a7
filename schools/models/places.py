"""Region, municipality and school, with the facts a register holds about them."""

import datetime
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from schools import codes
from schools.feed.telling import SchoolKey, tell_of_schools
from schools.kinds import KIND_BY_KEY, kind_choices
from schools.platforms import channel_choices, platform_choices
from schools.scope import BELOW_COUNTRY, Level, Paths, Scoped, ScopedQuerySet


class Region(Scoped):
    """A subject of the Russian Federation; the rows come from schools/regions.py by migration."""

    sight = Paths(region="id", seen_from=frozenset({Level.COUNTRY, Level.REGION}))

    code = models.CharField("код", max_length=2, unique=True)
    name = models.CharField("название", max_length=100)
    short_name = models.CharField("краткое название", max_length=40)
    federal_district = models.CharField("федеральный округ", max_length=40)
    iso_code = models.CharField("код ISO 3166-2", max_length=8, blank=True)
    oktmo = models.CharField("ОКТМО", max_length=2, blank=True)
    timezone = models.CharField("часовой пояс", max_length=40)

    objects = ScopedQuerySet["Region"].as_manager()

    class Meta:
        verbose_name = "регион"
        verbose_name_plural = "регионы"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Address of the region's page."""
        return reverse("region", args=[self.code])


class MunicipalityKind(models.TextChoices):
    """Types of territory a region divides its schools by; a city's district is no municipality but plays its part."""

    DISTRICT = "district", "муниципальный район"
    OKRUG = "okrug", "муниципальный округ"
    CITY = "city", "городской округ"
    CITY_DISTRICT = "city_district", "район города федерального значения"
    CITY_OKRUG = "city_okrug", "административный округ города федерального значения"
    OTHER = "other", "другая территория"


class Municipality(Scoped):
    """A territory of a region with its own coordinator; its name and type change, its id does not."""

    sight = Paths(
        region="region_id",
        municipality="id",
        seen_from=frozenset({Level.COUNTRY, Level.REGION, Level.MUNICIPALITY}),
        changed_from=frozenset({Level.REGION}),
    )

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="municipalities", verbose_name="регион")
    name = models.CharField("название", max_length=150)
    name_key = models.CharField("ключ поиска", max_length=150, editable=False)
    kind = models.CharField("тип", max_length=20, choices=MunicipalityKind.choices, default=MunicipalityKind.OTHER)
    oktmo = models.CharField("ОКТМО", max_length=11, blank=True)
    opened_on = models.DateField("образован", null=True, blank=True)
    closed_on = models.DateField("упразднён", null=True, blank=True)

    objects = ScopedQuerySet["Municipality"].as_manager()

    class Meta:
        verbose_name = "муниципалитет"
        verbose_name_plural = "муниципалитеты"
        ordering = ["region", "name_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "name_key"], condition=Q(closed_on=None), name="municipality_name_once_in_region"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the search key in step with the name."""
        self.name_key = codes.fold(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Address of the municipality's page."""
        return reverse("municipality", args=[self.pk])


class Subordination(models.TextChoices):
    """Whose school it is; a school directly under its region has no municipality."""

    MUNICIPAL = "municipal", "муниципальная"
    REGIONAL = "regional", "региональная"
    FEDERAL = "federal", "федеральная"
    PRIVATE = "private", "частная"


class SchoolQuerySet(ScopedQuerySet["School"]):
    """Schools, in the words of the field; what is written through it is told to the feed of changes."""

    def update(self, **changes: Any) -> int:
        """Update, and tell."""
        with transaction.atomic(using=self.db):
            before = self.feed_keys()
            done = super().update(**changes)
            tell_of_schools(before, _keys_of([school.pk for school in before]))
        return done

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> list["School"]:
        """Create many, and tell."""
        with transaction.atomic(using=self.db):
            made = super().bulk_create(objs, *args, **kwargs)
            tell_of_schools((), _keys_of([school.pk for school in made]))
        return made

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete, and tell."""
        with transaction.atomic(using=self.db):
            before = self.feed_keys()
            done = super().delete()
            tell_of_schools(before, ())
        return done

    def feed_keys(self) -> list[SchoolKey]:
        """What the feed knows schools by."""
        return [SchoolKey(*row) for row in self.order_by().values_list(*SchoolKey._fields)]

    def open(self, on: datetime.date | None = None) -> Self:
        """Schools that work on a day, today by default."""
        day = on or timezone.localdate()
        return self.filter(Q(opened_on=None) | Q(opened_on__lte=day), Q(closed_on=None) | Q(closed_on__gt=day))

    def reconciled(self) -> Self:
        """Schools matched with an official list, or whose absence from it is explained."""
        return self.filter(reconciled_on__isnull=False)

    def reconciled_shares(self, place: str = "region") -> "models.QuerySet[School, dict[str, Any]]":
        """Rows {place: id, "whole": working schools, "part": reconciled ones}; place is region or municipality."""
        counts = {"whole": models.Count("pk"), "part": models.Count("pk", filter=Q(reconciled_on__isnull=False))}
        return self.open().order_by(place).values(place).annotate(**counts)

    def search(self, text: str) -> Self:
        """Schools whose name holds every word of the text, ё and е alike, or whose code, ИНН or ОГРН it is."""
        found = self.all()
        for word in codes.search_words(text):
            found = found.filter(
                Q(name_key__contains=word)
                | Q(code__startswith=word)
                | Q(inn__startswith=word)
                | Q(ogrn__startswith=word)
            )
        return found


class School(Scoped):
    """An educational organisation or its branch."""

    sight = Paths(
        region="region_id",
        municipality="municipality_id",
        school="id",
        changed_from=frozenset({Level.REGION, Level.MUNICIPALITY}),
    )

    code = models.CharField("код школы", max_length=16, unique=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="schools", verbose_name="регион")
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        related_name="schools",
        null=True,
        blank=True,
        verbose_name="муниципалитет",
        help_text="Пусто, если школа подчинена региону напрямую.",
    )
    full_name = models.CharField("полное наименование", max_length=500)
    short_name = models.CharField("краткое наименование", max_length=200)
    name_key = models.CharField("ключ поиска", max_length=700, editable=False)
    kind = models.CharField("вид", max_length=12, choices=kind_choices, default="school")
    subordination = models.CharField(
        "подчинение", max_length=12, choices=Subordination.choices, default=Subordination.MUNICIPAL
    )
    inn = models.CharField("ИНН", max_length=10, blank=True)
    kpp = models.CharField("КПП", max_length=9, blank=True)
    ogrn = models.CharField("ОГРН", max_length=13, blank=True)
    oktmo = models.CharField("ОКТМО", max_length=11, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="branches", null=True, blank=True, verbose_name="филиал школы"
    )
    opened_on = models.DateField("открыта", null=True, blank=True)
    closed_on = models.DateField("закрыта", null=True, blank=True)
    excluded_because = models.CharField("не входит в показатель: причина", max_length=200, blank=True)
    address = models.CharField("адрес", max_length=300, blank=True)
    phone = models.CharField("телефон", max_length=100, blank=True)
    email = models.EmailField("электронная почта", blank=True)
    website = models.CharField("сайт", max_length=200, blank=True)
    director_name = models.CharField("руководитель", max_length=150, blank=True)
    declared_teachers = models.PositiveIntegerField("педагогов по ОО-1", null=True, blank=True)
    declared_classes = models.PositiveIntegerField("классов по ОО-1", null=True, blank=True)
    declared_pupils = models.PositiveIntegerField("обучающихся по ОО-1", null=True, blank=True)
    declared_on = models.DateField("численность на дату", null=True, blank=True)
    external_id = models.CharField("номер в чужом реестре", max_length=64, blank=True)
    reconciled_on = models.DateField("сверена с реестром", null=True, blank=True, editable=False)
    reconciled_note = models.CharField(
        "чем объяснено расхождение", max_length=300, blank=True, db_default="", editable=False
    )
    created_at = models.DateTimeField("заведена", auto_now_add=True, db_default=Now())
    updated_at = models.DateTimeField("изменена", auto_now=True)

    objects = SchoolQuerySet.as_manager()

    class Meta:
        verbose_name = "школа"
        verbose_name_plural = "школы"
        ordering = ["region", "name_key"]
        indexes = [models.Index(fields=["region", "municipality"], name="school_place")]
        constraints = [
            models.UniqueConstraint(
                fields=["inn", "kpp"], condition=~Q(inn="") & ~Q(kpp=""), name="school_inn_kpp_once"
            ),
            models.UniqueConstraint(
                fields=["ogrn"], condition=~Q(ogrn="") & Q(parent=None) & Q(closed_on=None), name="school_ogrn_once"
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(opened_on=None) | Q(closed_on__gte=models.F("opened_on")),
                name="school_closes_after_it_opens",
            ),
            models.CheckConstraint(condition=~Q(parent=models.F("id")), name="school_is_not_its_own_branch"),
        ]

    def __str__(self) -> str:
        return self.short_name

    def clean(self) -> None:
        """Check digits of the codes, and that the municipality lies in the school's region."""
        checks = {"inn": codes.clean_inn, "kpp": codes.clean_kpp, "ogrn": codes.clean_ogrn, "oktmo": codes.clean_oktmo}
        mistakes: dict[str, str] = {}
        for field, check in checks.items():
            cleaned = check(getattr(self, field))
            if cleaned.problem and cleaned.problem.severity == "mistake":
                mistakes[field] = cleaned.problem.message
            else:
                setattr(self, field, cleaned.value)
        if self.municipality and self.municipality.region_id != self.region_id:
            mistakes["municipality"] = "Этот муниципалитет относится к другому региону."
        if mistakes:
            raise ValidationError(mistakes)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the search key in step with the names, and tell the feed."""
        self.name_key = name_key(self.short_name, self.full_name)
        with transaction.atomic():
            before = _keys_of([self.pk] if self.pk else [])
            super().save(*args, **kwargs)
            tell_of_schools(before, _keys_of([self.pk]))

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete, and tell the feed."""
        with transaction.atomic():
            before = _keys_of([self.pk])
            done = super().delete(*args, **kwargs)
            tell_of_schools(before, ())
        return done

    def get_absolute_url(self) -> str:
        """Address of the school's page."""
        return reverse("school", args=[self.pk])

    @property
    def is_general(self) -> bool:
        """Whether indicator 10 of Р-210 counts this kind of organisation."""
        return KIND_BY_KEY[self.kind].is_general

    @property
    def place_name(self) -> str:
        """The municipality's name, or the region's for a school directly under it."""
        return self.municipality.name if self.municipality else self.region.name


def _keys_of(ids: list[int]) -> list[SchoolKey]:
    return School.objects.filter(pk__in=ids).feed_keys() if ids else []  # type: ignore[attr-defined]


def name_key(short_name: str, full_name: str) -> str:
    """Return the folded text a school is searched and sorted by."""
    return codes.fold(f"{short_name} {full_name}")[:700]


class Succession(Scoped):
    """A school that came out of another: renamed, merged or split."""

    sight = Paths(
        region="successor__region_id",
        municipality="successor__municipality_id",
        school="successor_id",
        changed_from=frozenset({Level.REGION}),
    )

    class Kind(models.TextChoices):
        """What happened."""

        MERGED = "merged", "присоединена"
        SPLIT = "split", "выделена"
        RENAMED = "renamed", "переименована с новым номером"

    predecessor = models.ForeignKey(
        School, on_delete=models.PROTECT, related_name="successions", verbose_name="прежняя школа"
    )
    successor = models.ForeignKey(School, on_delete=models.PROTECT, related_name="origins", verbose_name="новая школа")
    kind = models.CharField("что произошло", max_length=10, choices=Kind.choices)
    happened_on = models.DateField("дата")

    objects = ScopedQuerySet["Succession"].as_manager()

    class Meta:
        verbose_name = "правопреемство"
        verbose_name_plural = "правопреемство"
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once"),
            models.CheckConstraint(
                condition=~Q(predecessor=models.F("successor")), name="succession_between_two_schools"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


class SchoolRegistration(Scoped):
    """A school registered as an organisation on a platform, through a channel, since a day."""

    sight = Paths(
        region="school__region_id",
        municipality="school__municipality_id",
        school="school_id",
        changed_from=BELOW_COUNTRY,
    )

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="registrations", verbose_name="школа")
    platform = models.PositiveSmallIntegerField("площадка", choices=platform_choices)
    channel = models.PositiveSmallIntegerField("канал", choices=channel_choices, null=True, blank=True)
    external_id = models.CharField("номер на площадке", max_length=64, blank=True)
    registered_on = models.DateField("зарегистрирована")
    closed_on = models.DateField("снята с регистрации", null=True, blank=True)

    objects = ScopedQuerySet["SchoolRegistration"].as_manager()

    class Meta:
        verbose_name = "регистрация школы на площадке"
        verbose_name_plural = "регистрации школ на площадках"
        constraints = [models.UniqueConstraint(fields=["school", "platform"], name="registration_once_per_platform")]

    def __str__(self) -> str:
        return f"{self.school}, {self.get_platform_display()}"
