"""Staff, rosters and uploads, made at once: a new portal skips the history beside this file."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import schools.platforms
import schools.sealed


class Migration(migrations.Migration):
    """The tables as they are, and what they begin with."""

    replaces = [
        ("staff", "0001_staff_and_uploads"),
        ("staff", "0002_rosters_and_rollovers"),
        ("staff", "0003_staff_known_since"),
        ("staff", "0004_pupils_called_as_in_273_fz"),
    ]

    initial = True

    dependencies = [
        ("schools", "0001_squashed_0015_tables_as_they_are"),
    ]

    operations = [
        migrations.CreateModel(
            name="StaffMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("last_name", models.CharField(max_length=100, verbose_name="фамилия")),
                ("first_name", models.CharField(max_length=100, verbose_name="имя")),
                ("patronymic", models.CharField(blank=True, max_length=100, verbose_name="отчество")),
                ("no_patronymic", models.BooleanField(default=False, verbose_name="отчества нет по документам")),
                ("name_key", models.CharField(editable=False, max_length=310, verbose_name="ключ поиска")),
                ("snils", schools.sealed.SealedField(blank=True, default="", max_length=64, verbose_name="СНИЛС")),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="staff",
                        to="schools.school",
                        verbose_name="школа",
                    ),
                ),
                ("born_on", models.DateField(blank=True, null=True, verbose_name="дата рождения")),
                ("position", models.CharField(blank=True, max_length=200, verbose_name="должность")),
                (
                    "is_teacher",
                    models.BooleanField(
                        default=False, help_text="Входит в число педагогических работников.", verbose_name="педагог"
                    ),
                ),
                ("subjects", models.CharField(blank=True, max_length=300, verbose_name="предметы")),
                (
                    "role",
                    models.CharField(
                        choices=[("teacher", "учитель"), ("employee", "сотрудник")],
                        default="teacher",
                        max_length=10,
                        verbose_name="роль на площадке",
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=12, verbose_name="мобильный телефон")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="электронная почта")),
                (
                    "employment",
                    models.CharField(
                        choices=[("main", "основное место"), ("second", "совместитель")],
                        default="main",
                        max_length=6,
                        verbose_name="занятость",
                    ),
                ),
                (
                    "rate",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=3, null=True, verbose_name="ставка"),
                ),
                ("personnel_number", models.CharField(blank=True, max_length=64, verbose_name="табельный номер")),
                ("hired_on", models.DateField(blank=True, null=True, verbose_name="принят")),
                ("left_on", models.DateField(blank=True, null=True, verbose_name="выбыл")),
                (
                    "known_on",
                    models.DateField(
                        default=django.utils.timezone.localdate, editable=False, null=True, verbose_name="на портале с"
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="примечание")),
                (
                    "name_issue",
                    models.CharField(blank=True, editable=False, max_length=60, verbose_name="что не так с именем"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="версия")),
                (
                    "updated_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="изменён"),
                ),
            ],
            options={
                "verbose_name": "сотрудник",
                "verbose_name_plural": "сотрудники",
                "ordering": ["school", "name_key", "id"],
                "indexes": [models.Index(fields=["school", "name_key"], name="staff_by_name")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(models.Q(("snils", ""), _negated=True), ("left_on", None)),
                        fields=("school", "snils"),
                        name="staff_snils_once_in_school",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("left_on", None),
                            ("hired_on", None),
                            ("left_on__gte", models.F("hired_on")),
                            _connector="OR",
                        ),
                        name="staff_leaves_after_hired",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("rate", None), models.Q(("rate__gt", 0), ("rate__lte", 3)), _connector="OR"
                        ),
                        name="staff_rate_is_reasonable",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StaffImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "в очереди"),
                            ("running", "выполняется"),
                            ("done", "выполнено"),
                            ("failed", "не удалось"),
                            ("aborted", "прервано"),
                        ],
                        default="queued",
                        editable=False,
                        max_length=8,
                        verbose_name="состояние",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="попыток")),
                ("holder", models.CharField(blank=True, editable=False, max_length=36, verbose_name="исполнитель")),
                ("lease_until", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="аренда до")),
                (
                    "sent_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="отправлено исполнителю"),
                ),
                ("done_count", models.PositiveIntegerField(default=0, editable=False, verbose_name="сделано")),
                ("total_count", models.PositiveIntegerField(default=0, editable=False, verbose_name="всего")),
                ("error", models.TextField(blank=True, editable=False, verbose_name="что помешало")),
                ("abort_requested", models.BooleanField(default=False, editable=False, verbose_name="просят прервать")),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто начал",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="начато")),
                (
                    "started_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="взято в работу"),
                ),
                ("finished_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="закончено")),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="staff_imports",
                        to="schools.school",
                        verbose_name="школа",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.storedfile",
                        verbose_name="файл",
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("update", "добавить и обновить"), ("full", "полный список")],
                        default="update",
                        max_length=6,
                        verbose_name="режим",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("uploaded", "читаем файл"),
                            ("planned", "ждёт вас"),
                            ("applying", "вносим"),
                            ("applied", "внесена"),
                            ("undoing", "отменяем"),
                            ("undone", "отменена"),
                            ("discarded", "не внесена"),
                            ("refused", "файл не прочитан"),
                        ],
                        default="uploaded",
                        max_length=9,
                        verbose_name="ход",
                    ),
                ),
                (
                    "mapping",
                    models.JSONField(
                        blank=True, default=dict, editable=False, verbose_name="столбцы, указанные вручную"
                    ),
                ),
                (
                    "fixes",
                    models.JSONField(blank=True, default=dict, editable=False, verbose_name="исправления в браузере"),
                ),
                ("summary", models.JSONField(blank=True, default=dict, editable=False, verbose_name="итог плана")),
                ("plan_data", models.BinaryField(null=True, verbose_name="план")),
                ("undo_data", models.BinaryField(null=True, verbose_name="прежние значения")),
                ("applied_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="внесена")),
                (
                    "applied_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто внёс",
                    ),
                ),
                ("undone_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="отменена")),
            ],
            options={
                "verbose_name": "загрузка сотрудников",
                "verbose_name_plural": "загрузки сотрудников",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["school", "-id"], name="staff_import_latest")],
            },
        ),
        migrations.CreateModel(
            name="RosterImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "в очереди"),
                            ("running", "выполняется"),
                            ("done", "выполнено"),
                            ("failed", "не удалось"),
                            ("aborted", "прервано"),
                        ],
                        default="queued",
                        editable=False,
                        max_length=8,
                        verbose_name="состояние",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="попыток")),
                ("holder", models.CharField(blank=True, editable=False, max_length=36, verbose_name="исполнитель")),
                ("lease_until", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="аренда до")),
                (
                    "sent_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="отправлено исполнителю"),
                ),
                ("done_count", models.PositiveIntegerField(default=0, editable=False, verbose_name="сделано")),
                ("total_count", models.PositiveIntegerField(default=0, editable=False, verbose_name="всего")),
                ("error", models.TextField(blank=True, editable=False, verbose_name="что помешало")),
                ("abort_requested", models.BooleanField(default=False, editable=False, verbose_name="просят прервать")),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто начал",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="начато")),
                (
                    "started_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="взято в работу"),
                ),
                ("finished_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="закончено")),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="roster_imports",
                        to="schools.school",
                        verbose_name="школа",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.storedfile",
                        verbose_name="файл",
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("update", "добавить и обновить"), ("full", "полный список")],
                        default="update",
                        max_length=6,
                        verbose_name="режим",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("uploaded", "читаем файл"),
                            ("planned", "ждёт вас"),
                            ("applying", "вносим"),
                            ("applied", "внесена"),
                            ("undoing", "отменяем"),
                            ("undone", "отменена"),
                            ("discarded", "не внесена"),
                            ("refused", "файл не прочитан"),
                        ],
                        default="uploaded",
                        max_length=9,
                        verbose_name="ход",
                    ),
                ),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        help_text="Год, в котором он начался.", verbose_name="учебный год"
                    ),
                ),
                (
                    "fixes",
                    models.JSONField(blank=True, default=dict, editable=False, verbose_name="исправления в браузере"),
                ),
                ("summary", models.JSONField(blank=True, default=dict, editable=False, verbose_name="итог плана")),
                ("plan_data", models.BinaryField(null=True, verbose_name="план")),
                ("undo_data", models.BinaryField(null=True, verbose_name="прежние значения")),
                ("applied_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="внесена")),
                (
                    "applied_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто внёс",
                    ),
                ),
                ("undone_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="отменена")),
            ],
            options={
                "verbose_name": "загрузка классов и обучающихся",
                "verbose_name_plural": "загрузки классов и обучающихся",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["school", "-id"], name="roster_import_latest")],
            },
        ),
        migrations.CreateModel(
            name="YearRollover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rollovers",
                        to="schools.school",
                        verbose_name="школа",
                    ),
                ),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        help_text="Год, в котором он начался.", verbose_name="на какой учебный год"
                    ),
                ),
                ("summary", models.JSONField(default=dict, editable=False, verbose_name="что сделано")),
                ("undo_data", models.BinaryField(null=True, verbose_name="прежние значения")),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто перевёл",
                    ),
                ),
                ("done_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="переведено")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="отменено")),
            ],
            options={
                "verbose_name": "перевод на новый учебный год",
                "verbose_name_plural": "переводы на новый учебный год",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at", None)), fields=("school", "year"), name="rollover_once_a_year"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ClassTeacher",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="class_leaderships",
                        to="staff.staffmember",
                        verbose_name="сотрудник",
                    ),
                ),
                (
                    "school_class",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="class_leaderships",
                        to="schools.schoolclass",
                        verbose_name="класс",
                    ),
                ),
            ],
            options={
                "verbose_name": "классное руководство",
                "verbose_name_plural": "классное руководство",
                "constraints": [
                    models.UniqueConstraint(fields=("staff", "school_class"), name="class_leadership_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="StaffAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="accounts",
                        to="staff.staffmember",
                        verbose_name="сотрудник",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="staff_accounts",
                        to="schools.school",
                        verbose_name="школа",
                    ),
                ),
                (
                    "platform",
                    models.PositiveSmallIntegerField(
                        choices=schools.platforms.platform_choices, verbose_name="площадка"
                    ),
                ),
                (
                    "channel",
                    models.PositiveSmallIntegerField(
                        blank=True, choices=schools.platforms.channel_choices, null=True, verbose_name="канал"
                    ),
                ),
                ("is_teacher", models.BooleanField(default=False, verbose_name="педагог")),
                ("profile_on", models.DateField(blank=True, null=True, verbose_name="учебный профиль создан")),
                ("confirmed_on", models.DateField(blank=True, null=True, verbose_name="статус подтверждён")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="закрыт")),
            ],
            options={
                "verbose_name": "учётная запись сотрудника",
                "verbose_name_plural": "учётные записи сотрудников",
                "indexes": [models.Index(fields=["school", "platform"], name="account_by_school")],
                "constraints": [
                    models.UniqueConstraint(fields=("staff", "platform"), name="account_once_per_platform"),
                    models.CheckConstraint(
                        condition=models.Q(("confirmed_on", None), ("profile_on__isnull", False), _connector="OR"),
                        name="account_confirmed_only_with_profile",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="staffmember",
            name="leads_classes",
            field=models.ManyToManyField(
                related_name="teachers",
                through="staff.ClassTeacher",
                to="schools.schoolclass",
                verbose_name="классное руководство",
            ),
        ),
    ]
