"""Staff of schools, their accounts on the platforms, and the uploads they came by."""

import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from schools import codes
from schools.jobs import Job
from schools.models import School, SchoolClass, StoredFile
from schools.models.people import Person, RosterQuerySet, RosterRow
from schools.platforms import channel_choices, platform_choices
from schools.scope import BELOW_COUNTRY, SCHOOL_ONLY, Paths, Scoped, ScopedQuerySet
from schools.sealed import SealedBinaryField, SealedJSONField
from staff import names


class StaffQuerySet(RosterQuerySet["StaffMember"]):
    """Staff, in the words of the field."""

    def working(self, on: datetime.date | None = None) -> Self:
        """Those who work on a day, today by default."""
        day = on or timezone.localdate()
        begun = Q(hired_on__lte=day) | Q(hired_on=None) & (Q(known_on=None) | Q(known_on__lte=day))
        return self.filter(begun, Q(left_on=None) | Q(left_on__gt=day))

    def teachers(self) -> Self:
        """Those counted as педагоги."""
        return self.filter(is_teacher=True)

    def search(self, text: str) -> Self:
        """Those whose name holds every word of the text, ё and е alike."""
        found = self.all()
        for word in codes.search_words(text):
            found = found.filter(name_key__contains=word)
        return found


class StaffMember(Person, RosterRow, Scoped):
    """A person's work in one school; the same person in two schools is two rows, which is normal."""

    sight = Paths(
        region="school__region_id",
        municipality="school__municipality_id",
        school="school_id",
        seen_from=BELOW_COUNTRY,
        changed_from=BELOW_COUNTRY,
    )
    told = ("staff", "school_id")

    class Role(models.TextChoices):
        """Role on the platform; everyone adult has the role of teacher (source/deck.md)."""

        TEACHER = "teacher", "учитель"
        EMPLOYEE = "employee", "сотрудник"

    class Employment(models.TextChoices):
        """Whether the school is the main place of work."""

        MAIN = "main", "основное место"
        SECOND = "second", "совместитель"

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="staff", verbose_name="школа")
    born_on = models.DateField("дата рождения", null=True, blank=True)
    position = models.CharField("должность", max_length=200, blank=True)
    is_teacher = models.BooleanField("педагог", default=False, help_text="Входит в число педагогических работников.")
    subjects = models.CharField("предметы", max_length=300, blank=True)
    role = models.CharField("роль на площадке", max_length=10, choices=Role.choices, default=Role.TEACHER)
    phone = models.CharField("мобильный телефон", max_length=12, blank=True)
    email = models.EmailField("электронная почта", blank=True)
    employment = models.CharField("занятость", max_length=6, choices=Employment.choices, default=Employment.MAIN)
    rate = models.DecimalField("ставка", max_digits=3, decimal_places=2, null=True, blank=True)
    personnel_number = models.CharField("табельный номер", max_length=64, blank=True)
    hired_on = models.DateField("принят", null=True, blank=True)
    left_on = models.DateField("выбыл", null=True, blank=True)
    # Whose day of hiring nobody gave works from the day the portal first heard of them: else today's list would swell
    # the weeks counted before it. Empty: known since before this was kept.
    known_on = models.DateField("на портале с", null=True, editable=False, default=timezone.localdate)
    note = models.CharField("примечание", max_length=300, blank=True)
    name_issue = models.CharField("что не так с именем", max_length=60, blank=True, editable=False)
    version = models.PositiveIntegerField("версия", default=1, editable=False)
    updated_at = models.DateTimeField("изменён", default=timezone.now, editable=False)
    leads_classes = models.ManyToManyField(
        SchoolClass, through="ClassTeacher", related_name="teachers", verbose_name="классное руководство"
    )

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = "сотрудник"
        verbose_name_plural = "сотрудники"
        ordering = ["school", "name_key", "id"]
        indexes = [models.Index(fields=["school", "name_key"], name="staff_by_name")]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "snils"], condition=~Q(snils="") & Q(left_on=None), name="staff_snils_once_in_school"
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(hired_on=None) | Q(left_on__gte=F("hired_on")),
                name="staff_leaves_after_hired",
            ),
            models.CheckConstraint(
                condition=Q(rate=None) | Q(rate__gt=0, rate__lte=3), name="staff_rate_is_reasonable"
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the check of the name in step with the row."""
        self.name_issue = names.name_issue(self.last_name, self.first_name, self.patronymic, self.no_patronymic)
        super().save(*args, **kwargs)


class ClassTeacher(Scoped):
    """Classroom leadership: a class may have two leaders, a teacher may lead two classes."""

    sight = Paths(
        region="staff__school__region_id",
        municipality="staff__school__municipality_id",
        school="staff__school_id",
        seen_from=BELOW_COUNTRY,
        changed_from=BELOW_COUNTRY,
    )

    staff = models.ForeignKey(
        StaffMember, on_delete=models.CASCADE, related_name="class_leaderships", verbose_name="сотрудник"
    )
    school_class = models.ForeignKey(
        SchoolClass, on_delete=models.CASCADE, related_name="class_leaderships", verbose_name="класс"
    )

    objects = ScopedQuerySet["ClassTeacher"].as_manager()

    class Meta:
        verbose_name = "классное руководство"
        verbose_name_plural = "классное руководство"
        constraints = [models.UniqueConstraint(fields=["staff", "school_class"], name="class_leadership_once")]

    def __str__(self) -> str:
        return f"{self.school_class}: {self.staff}"


class StaffAccount(Scoped):
    """A staff member's account on a platform; dates, not flags, so that any past week can be counted.

    `school` and `is_teacher` repeat the staff row: the week is counted without joins (performance.md).
    """

    sight = Paths(
        region="school__region_id",
        municipality="school__municipality_id",
        school="school_id",
        seen_from=BELOW_COUNTRY,
        changed_from=BELOW_COUNTRY,
    )

    staff = models.ForeignKey(StaffMember, on_delete=models.CASCADE, related_name="accounts", verbose_name="сотрудник")
    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="staff_accounts", verbose_name="школа")
    platform = models.PositiveSmallIntegerField("площадка", choices=platform_choices)
    channel = models.PositiveSmallIntegerField("канал", choices=channel_choices, null=True, blank=True)
    is_teacher = models.BooleanField("педагог", default=False)
    profile_on = models.DateField("учебный профиль создан", null=True, blank=True)
    confirmed_on = models.DateField("статус подтверждён", null=True, blank=True)
    closed_on = models.DateField("закрыт", null=True, blank=True)

    objects = ScopedQuerySet["StaffAccount"].as_manager()

    class Meta:
        verbose_name = "учётная запись сотрудника"
        verbose_name_plural = "учётные записи сотрудников"
        constraints = [
            models.UniqueConstraint(fields=["staff", "platform"], name="account_once_per_platform"),
            models.CheckConstraint(
                condition=Q(confirmed_on=None) | Q(profile_on__isnull=False), name="account_confirmed_only_with_profile"
            ),
        ]
        indexes = [models.Index(fields=["school", "platform"], name="account_by_school")]

    def __str__(self) -> str:
        return f"{self.staff}, {self.get_platform_display()}"


class ImportMode(models.TextChoices):
    """What an upload does with those it does not name."""

    UPDATE = "update", "добавить и обновить"
    FULL = "full", "полный список"


class ImportStage(models.TextChoices):
    """How far an upload has come."""

    UPLOADED = "uploaded", "читаем файл"
    PLANNED = "planned", "ждёт вас"
    APPLYING = "applying", "вносим"
    APPLIED = "applied", "внесена"
    UNDOING = "undoing", "отменяем"
    UNDONE = "undone", "отменена"
    DISCARDED = "discarded", "не внесена"
    REFUSED = "refused", "файл не прочитан"


class UploadQuerySet(ScopedQuerySet[Any]):
    """Uploads with the bytes they came by and the plan of them."""

    def light(self) -> Self:
        """With file and school, but without what weighs megabytes: a page asks each second, and lists fifty at once."""
        heavy = [field.name for field in self.model._meta.concrete_fields if isinstance(field, models.BinaryField)]
        return self.select_related("file", "school").defer("file__content", "fixes", *heavy)

    def held(self) -> Self:
        """Those a coordinator decides on: so many of the list would leave at once that the school may not confirm."""
        return self.filter(stage=ImportStage.PLANNED, summary__held=True)


class StaffImport(Job, Scoped):
    """A staff spreadsheet on its way: read and planned, shown, applied, perhaps undone."""

    task_name = "staff.run_import"
    sight = Paths(
        region="school__region_id",
        municipality="school__municipality_id",
        school="school_id",
        seen_from=BELOW_COUNTRY,
        changed_from=BELOW_COUNTRY,
    )

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="staff_imports", verbose_name="школа")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name="файл")
    mode = models.CharField("режим", max_length=6, choices=ImportMode.choices, default=ImportMode.UPDATE)
    stage = models.CharField("ход", max_length=9, choices=ImportStage.choices, default=ImportStage.UPLOADED)
    mapping = models.JSONField("столбцы, указанные вручную", default=dict, blank=True, editable=False)
    fixes = SealedJSONField("исправления в браузере", default=dict, blank=True, editable=False)
    summary = models.JSONField("итог плана", default=dict, blank=True, editable=False)
    plan_data = SealedBinaryField("план", null=True, editable=False)
    undo_data = SealedBinaryField("прежние значения", null=True, editable=False)
    applied_at = models.DateTimeField("внесена", null=True, blank=True, editable=False)
    applied_by = models.ForeignKey(
        "schools.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="кто внёс"
    )
    undone_at = models.DateTimeField("отменена", null=True, blank=True, editable=False)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = "загрузка сотрудников"
        verbose_name_plural = "загрузки сотрудников"
        ordering = ["-id"]
        indexes = [models.Index(fields=["school", "-id"], name="staff_import_latest")]

    def __str__(self) -> str:
        return f"{self.school}, {self.created_at:%d.%m.%Y %H:%M}"

    def get_absolute_url(self) -> str:
        """Address of the upload's page, the same from the first second to the undo."""
        return reverse("import", args=[self.pk])


class RosterImport(Job, Scoped):
    """A workbook of classes, pupils and representatives on its way: read, planned, shown, applied, perhaps undone.

    It holds personal data of children, so nobody above the school sees it.
    """

    task_name = "staff.run_roster_import"
    sight = Paths(school="school_id", seen_from=SCHOOL_ONLY, changed_from=SCHOOL_ONLY)

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="roster_imports", verbose_name="школа")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name="файл")
    mode = models.CharField("режим", max_length=6, choices=ImportMode.choices, default=ImportMode.UPDATE)
    stage = models.CharField("ход", max_length=9, choices=ImportStage.choices, default=ImportStage.UPLOADED)
    year = models.PositiveSmallIntegerField("учебный год", help_text="Год, в котором он начался.")
    fixes = SealedJSONField("исправления в браузере", default=dict, blank=True, editable=False)
    summary = models.JSONField("итог плана", default=dict, blank=True, editable=False)
    plan_data = SealedBinaryField("план", null=True, editable=False)
    undo_data = SealedBinaryField("прежние значения", null=True, editable=False)
    applied_at = models.DateTimeField("внесена", null=True, blank=True, editable=False)
    applied_by = models.ForeignKey(
        "schools.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="кто внёс"
    )
    undone_at = models.DateTimeField("отменена", null=True, blank=True, editable=False)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = "загрузка классов и обучающихся"
        verbose_name_plural = "загрузки классов и обучающихся"
        ordering = ["-id"]
        indexes = [models.Index(fields=["school", "-id"], name="roster_import_latest")]

    def __str__(self) -> str:
        return f"{self.school}, {self.created_at:%d.%m.%Y %H:%M}"

    def get_absolute_url(self) -> str:
        """Address of the upload's page, the same from the first second to the undo."""
        return reverse("roster_import", args=[self.pk])


class YearRollover(Scoped):
    """A school moved to a new school year (5А → 6А, leavers, new first forms) as one act that can be undone."""

    sight = Paths(school="school_id", seen_from=SCHOOL_ONLY, changed_from=SCHOOL_ONLY)

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="rollovers", verbose_name="школа")
    year = models.PositiveSmallIntegerField("на какой учебный год", help_text="Год, в котором он начался.")
    summary = models.JSONField("что сделано", default=dict, editable=False)
    undo_data = SealedBinaryField("прежние значения", null=True, editable=False)
    done_by = models.ForeignKey(
        "schools.User", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="кто перевёл"
    )
    done_at = models.DateTimeField("переведено", default=timezone.now)
    undone_at = models.DateTimeField("отменено", null=True, blank=True)

    objects = ScopedQuerySet["YearRollover"].as_manager()

    class Meta:
        verbose_name = "перевод на новый учебный год"
        verbose_name_plural = "переводы на новый учебный год"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "year"], condition=Q(undone_at=None), name="rollover_once_a_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school}, {self.year}"
