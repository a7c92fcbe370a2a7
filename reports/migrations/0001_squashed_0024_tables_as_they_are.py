"""Weeks, ratings and what they are counted from, made at once: a new portal skips the history beside this file."""

from importlib import import_module

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import chats.use_cases
import reports.holds
import reports.indicators
import reports.operator_figures
import schools.platforms
import schools.steps


class Migration(migrations.Migration):
    """The tables as they are, and what they begin with."""

    replaces = [
        ("reports", "0001_weeks_and_ratings"),
        ("reports", "0002_first_usage_rule"),
        ("reports", "0003_frozen_rows_stand_alone"),
        ("reports", "0004_steps_and_checks"),
        ("reports", "0005_chats_delivered_and_lists_never_given"),
        ("reports", "0006_check_run_names_its_place"),
        ("reports", "0007_names_frozen_with_the_rating"),
        ("reports", "0008_check_requests"),
        ("reports", "0010_chats_expected_and_present"),
        ("reports", "0011_chats_of_weeks_by_case"),
        ("reports", "0012_operators_figures_and_composite_score"),
        ("reports", "0013_first_weights_of_the_score"),
        ("reports", "0014_ratings_opened_to_everybody"),
        ("reports", "0015_operators_tables_planned_and_undone"),
        ("reports", "0016_values_held_for_a_human"),
        ("reports", "0017_first_hold_rule"),
        ("reports", "0018_late_weeks_told_of_and_rows_of_runs"),
        ("reports", "0019_running_week_beside_the_official_ones"),
        ("reports", "0020_words_about_weeks"),
        ("reports", "0021_targets_by_level_and_week_due"),
        ("reports", "0022_period_in_the_key_of_operators_figures"),
        ("reports", "0023_operators_totals_of_places"),
        ("reports", "0024_changes_of_figures"),
    ]

    initial = True

    dependencies = [
        ("chats", "0001_squashed_0012_tables_as_they_are"),
        ("schools", "0001_squashed_0015_tables_as_they_are"),
        ("staff", "0001_squashed_0004_tables_as_they_are"),
    ]

    operations = [
        migrations.CreateModel(
            name="ActivityLoad",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("week", models.PositiveIntegerField(help_text="202647 — это 2026-W47.", verbose_name="неделя")),
                (
                    "platform",
                    models.PositiveSmallIntegerField(
                        choices=schools.platforms.platform_choices, verbose_name="площадка"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.region",
                        verbose_name="регион",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.school",
                        verbose_name="школа",
                    ),
                ),
                ("source", models.CharField(max_length=120, verbose_name="откуда")),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="отпечаток")),
                ("rows", models.PositiveIntegerField(default=0, verbose_name="строк")),
                ("schools_covered", models.PositiveIntegerField(default=0, verbose_name="школ охвачено")),
                (
                    "loaded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто загрузил",
                    ),
                ),
                ("loaded_at", models.DateTimeField(auto_now_add=True, verbose_name="загружено")),
            ],
            options={
                "verbose_name": "поступление активности",
                "verbose_name_plural": "поступления активности",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["week", "platform"], name="activity_load_by_week")],
            },
        ),
        migrations.CreateModel(
            name="StaffActivity",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "week",
                        "platform",
                        "school",
                        "staff",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("week", models.PositiveIntegerField(verbose_name="неделя")),
                ("platform", models.PositiveSmallIntegerField(verbose_name="площадка")),
                (
                    "school",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="schools.school",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="staff.staffmember",
                    ),
                ),
                ("is_teacher", models.BooleanField(verbose_name="педагог")),
                ("messages", models.PositiveIntegerField(default=0, verbose_name="сообщений")),
                ("calls", models.PositiveIntegerField(default=0, verbose_name="звонков")),
                ("logins", models.PositiveIntegerField(default=0, verbose_name="входов")),
            ],
            options={
                "verbose_name": "активность сотрудника",
                "verbose_name_plural": "активность сотрудников",
            },
        ),
        migrations.CreateModel(
            name="ChatActivity",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "week", "school", "chat", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("week", models.PositiveIntegerField(verbose_name="неделя")),
                (
                    "school",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="schools.school",
                    ),
                ),
                (
                    "chat",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="chats.chat",
                    ),
                ),
                ("messages", models.PositiveIntegerField(default=0, verbose_name="сообщений")),
            ],
            options={
                "verbose_name": "активность чата",
                "verbose_name_plural": "активность чатов",
            },
        ),
        migrations.CreateModel(
            name="Holiday",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holidays",
                        to="schools.region",
                        verbose_name="регион",
                    ),
                ),
                ("name", models.CharField(default="каникулы", max_length=60, verbose_name="название")),
                ("starts_on", models.DateField(verbose_name="начало")),
                ("ends_on", models.DateField(verbose_name="окончание")),
            ],
            options={
                "verbose_name": "каникулы",
                "verbose_name_plural": "каникулы",
                "ordering": ["-starts_on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="holiday_ends_after_it_starts"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="UsageRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "starts_week",
                    models.PositiveIntegerField(help_text="202647 — это 2026-W47.", verbose_name="действует с недели"),
                ),
                (
                    "administrator_required",
                    models.BooleanField(default=True, verbose_name="ступень 1: нужен назначенный администратор"),
                ),
                (
                    "filled_share",
                    models.DecimalField(
                        decimal_places=3,
                        default="0.800",
                        max_digits=4,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(1),
                        ],
                        verbose_name="ступень 2: доля педагогов с подтверждённым профилем",
                    ),
                ),
                (
                    "active_teachers",
                    models.PositiveSmallIntegerField(
                        default=1, verbose_name="ступень 3: активных педагогов за неделю, не меньше"
                    ),
                ),
                (
                    "active_share",
                    models.DecimalField(
                        decimal_places=3,
                        default="0.000",
                        max_digits=4,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(1),
                        ],
                        verbose_name="ступень 3: доля активных педагогов, не меньше",
                    ),
                ),
                (
                    "active_chats",
                    models.PositiveSmallIntegerField(
                        default=1, verbose_name="ступень 3: активных чатов за неделю, не меньше"
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="почему так")),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто задал",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="задано")),
            ],
            options={
                "verbose_name": "правило «использует»",
                "verbose_name_plural": "правила «использует»",
                "ordering": ["-starts_week", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "indicator",
                    models.PositiveSmallIntegerField(
                        choices=reports.indicators.indicator_choices, verbose_name="показатель"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="targets",
                        to="schools.region",
                        verbose_name="регион",
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "все уровни"), (1, "страна"), (2, "регион"), (3, "муниципалитет"), (4, "школа")],
                        default=0,
                        verbose_name="уровень",
                    ),
                ),
                ("starts_week", models.PositiveIntegerField(verbose_name="действует с недели")),
                ("due_week", models.PositiveIntegerField(blank=True, null=True, verbose_name="к неделе")),
                (
                    "value",
                    models.DecimalField(
                        decimal_places=3,
                        max_digits=4,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(1),
                        ],
                        verbose_name="цель, доля от 0 до 1",
                    ),
                ),
            ],
            options={
                "verbose_name": "цель",
                "verbose_name_plural": "цели",
                "ordering": ["indicator", "region", "-starts_week"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("indicator", "region", "level", "starts_week"), name="target_once_in_region"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("region", None)),
                        fields=("indicator", "level", "starts_week"),
                        name="target_once_for_the_country",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("due_week", None), ("due_week__gt", models.F("starts_week")), _connector="OR"
                        ),
                        name="target_due_after_it_starts",
                        violation_error_message="Неделя, к которой нужна цель, должна быть позже первой.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LateNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("week", models.PositiveIntegerField(unique=True, verbose_name="неделя")),
                ("text", models.CharField(max_length=300, verbose_name="что случилось")),
                ("letters", models.PositiveIntegerField(default=0, verbose_name="писем ушло")),
                ("failed", models.PositiveIntegerField(default=0, verbose_name="писем не ушло")),
                ("told_at", models.DateTimeField(auto_now_add=True, verbose_name="когда")),
            ],
            options={
                "verbose_name": "письмо об опоздавшей неделе",
                "verbose_name_plural": "письма об опоздавших неделях",
                "ordering": ["-week"],
            },
        ),
        migrations.CreateModel(
            name="SchoolChats",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "school", "use_case", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chat_coverage",
                        to="schools.school",
                    ),
                ),
                (
                    "use_case",
                    models.PositiveSmallIntegerField(choices=chats.use_cases.use_case_choices, verbose_name="кейс"),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.region",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.municipality",
                    ),
                ),
                ("expected", models.PositiveSmallIntegerField(verbose_name="должно быть чатов")),
                ("present", models.PositiveSmallIntegerField(verbose_name="есть чатов")),
            ],
            options={
                "verbose_name": "чаты школы по кейсу",
                "verbose_name_plural": "чаты школ по кейсам",
                "indexes": [
                    models.Index(fields=["region", "use_case"], name="chats_of_region"),
                    models.Index(fields=["municipality", "use_case"], name="chats_of_municipality"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("present__lte", models.F("expected"))), name="chats_no_more_than_expected"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ChatCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "region",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="schools.region"
                    ),
                ),
                ("counted_at", models.DateTimeField(auto_now_add=True, verbose_name="посчитано")),
                ("schools", models.PositiveIntegerField(verbose_name="школ")),
                ("changed", models.PositiveIntegerField(verbose_name="изменилось строк")),
                ("seconds", models.FloatField(verbose_name="секунд")),
            ],
            options={
                "verbose_name": "подсчёт чатов",
                "verbose_name_plural": "подсчёты чатов",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="CheckCount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "check_number", "school", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("check_number", models.PositiveSmallIntegerField(verbose_name="проверка")),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="check_counts", to="schools.school"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.region",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.municipality",
                    ),
                ),
                ("found", models.PositiveIntegerField(verbose_name="найдено")),
                ("looked_at", models.PositiveIntegerField(verbose_name="проверено")),
                ("since_on", models.DateField(verbose_name="находится с")),
            ],
            options={
                "verbose_name": "итог проверки",
                "verbose_name_plural": "итоги проверок",
                "indexes": [
                    models.Index(fields=["region", "check_number"], name="check_of_region"),
                    models.Index(fields=["municipality", "check_number"], name="check_of_municipality"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CheckRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.region",
                        verbose_name="регион",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.municipality",
                        verbose_name="муниципалитет",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.school",
                        verbose_name="школа",
                    ),
                ),
                ("checked_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="проверено")),
                ("found", models.PositiveIntegerField(verbose_name="найдено")),
                ("seconds", models.FloatField(verbose_name="секунд")),
                (
                    "started_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто начал",
                    ),
                ),
            ],
            options={
                "verbose_name": "прогон проверок",
                "verbose_name_plural": "прогоны проверок",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("municipality", None), ("region", None)),
                            models.Q(("municipality", None), ("school", None)),
                            models.Q(("region", None), ("school", None)),
                            _connector="OR",
                        ),
                        name="check_run_names_one_place_at_most",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WeekConfirmation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("week", models.PositiveIntegerField(verbose_name="неделя")),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "страна"), (2, "регион"), (3, "муниципалитет"), (4, "школа")],
                        verbose_name="уровень",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.region",
                        verbose_name="регион",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.municipality",
                        verbose_name="муниципалитет",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.school",
                        verbose_name="школа",
                    ),
                ),
                (
                    "word",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "подтверждено"),
                            (2, "возвращено"),
                            (3, "закрыто регионом"),
                            (4, "открыто как исключение"),
                        ],
                        verbose_name="что сказано",
                    ),
                ),
                ("comment", models.CharField(blank=True, max_length=300, verbose_name="почему")),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="отпечаток данных")),
                (
                    "said_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто",
                    ),
                ),
                ("said_at", models.DateTimeField(auto_now_add=True, verbose_name="когда")),
            ],
            options={
                "verbose_name": "подтверждение недели",
                "verbose_name_plural": "подтверждения недель",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["week", "level", "region"], name="confirmation_of_week")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("word__in", [2, 4]), _negated=True),
                            models.Q(("comment", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="confirmation_taken_back_with_a_comment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("word__in", [3, 4]), _negated=True), ("level", 2), _connector="OR"
                        ),
                        name="confirmation_locked_by_a_region",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FigureSource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.region",
                        verbose_name="регион",
                    ),
                ),
                (
                    "platform",
                    models.PositiveSmallIntegerField(
                        choices=schools.platforms.platform_choices, verbose_name="площадка"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="название")),
                ("mapping", models.JSONField(blank=True, default=dict, verbose_name="столбцы")),
            ],
            options={
                "verbose_name": "источник таблиц",
                "verbose_name_plural": "источники таблиц",
                "ordering": ["name", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("region", "platform", "name"), name="figure_source_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("region", None)),
                        fields=("platform", "name"),
                        name="figure_source_of_the_country_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FigureLoad",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "week",
                    models.PositiveIntegerField(
                        help_text="Для месяца — неделя его последнего дня: 202648.", verbose_name="неделя"
                    ),
                ),
                (
                    "period",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "неделя"), (2, "месяц")], default=1, verbose_name="за что"
                    ),
                ),
                (
                    "platform",
                    models.PositiveSmallIntegerField(
                        choices=schools.platforms.platform_choices, verbose_name="площадка"
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(2, "регион"), (3, "муниципалитет"), (4, "школа")],
                        default=4,
                        verbose_name="чьи строки",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.region",
                        verbose_name="регион",
                    ),
                ),
                ("source", models.CharField(max_length=120, verbose_name="откуда")),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="отпечаток")),
                (
                    "schools",
                    models.PositiveIntegerField(
                        default=0, help_text="Или муниципалитетов, или регионов: чьи строки.", verbose_name="школ"
                    ),
                ),
                (
                    "loaded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто загрузил",
                    ),
                ),
                ("loaded_at", models.DateTimeField(auto_now_add=True, verbose_name="загружено")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("planned", "ждёт подтверждения"),
                            ("applied", "внесена"),
                            ("undone", "отменена"),
                            ("discarded", "убрана"),
                        ],
                        default="applied",
                        max_length=9,
                        verbose_name="ход",
                    ),
                ),
                ("file_name", models.CharField(blank=True, max_length=200, verbose_name="файл")),
                ("table", models.BinaryField(null=True, verbose_name="таблица")),
                ("mapping", models.JSONField(blank=True, default=dict, editable=False, verbose_name="столбцы")),
                ("summary", models.JSONField(blank=True, default=dict, editable=False, verbose_name="итог")),
                ("before", models.BinaryField(null=True, verbose_name="что заменено")),
                ("applied_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="внесена")),
                ("undone_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="отменена")),
            ],
            options={
                "verbose_name": "таблица оператора",
                "verbose_name_plural": "таблицы оператора",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="RegionFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="figures",
                        to="schools.region",
                        verbose_name="регион",
                    ),
                ),
                (
                    "indicator",
                    models.PositiveSmallIntegerField(
                        choices=reports.indicators.indicator_choices, verbose_name="показатель"
                    ),
                ),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(2020),
                            django.core.validators.MaxValueValidator(2099),
                        ],
                        verbose_name="год",
                    ),
                ),
                (
                    "quarter",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "1-й квартал"), (2, "2-й квартал"), (3, "3-й квартал"), (4, "4-й квартал")],
                        verbose_name="квартал",
                    ),
                ),
                (
                    "part",
                    models.PositiveIntegerField(
                        validators=[django.core.validators.MaxValueValidator(10000000)], verbose_name="числитель"
                    ),
                ),
                (
                    "whole",
                    models.PositiveIntegerField(
                        validators=[django.core.validators.MaxValueValidator(10000000)], verbose_name="знаменатель"
                    ),
                ),
                ("note", models.CharField(max_length=300, verbose_name="откуда число")),
                (
                    "entered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто",
                    ),
                ),
                ("entered_at", models.DateTimeField(auto_now=True, verbose_name="внесено")),
            ],
            options={
                "verbose_name": "число региона",
                "verbose_name_plural": "числа регионов",
                "ordering": ["region", "indicator", "-year", "-quarter"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region", "indicator", "year", "quarter"), name="region_figure_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("part__lte", models.F("whole"))), name="region_figure_part_of_its_whole"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quarter__gte", 1), ("quarter__lte", 4)), name="region_figure_of_a_quarter"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IndicatorFeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "indicator",
                    models.PositiveSmallIntegerField(
                        choices=reports.indicators.indicator_choices, verbose_name="показатель"
                    ),
                ),
                (
                    "starts_week",
                    models.PositiveIntegerField(help_text="202647 — это 2026-W47.", verbose_name="действует с недели"),
                ),
                (
                    "feed",
                    models.CharField(
                        choices=[("ours", "портал"), ("operator", "оператор")], max_length=8, verbose_name="чьи числа"
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="почему так")),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="задано")),
            ],
            options={
                "verbose_name": "чьи числа в рейтинге",
                "verbose_name_plural": "чьи числа в рейтинге",
                "ordering": ["-starts_week", "-id"],
            },
        ),
        migrations.CreateModel(
            name="CompositeRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "starts_week",
                    models.PositiveIntegerField(help_text="202647 — это 2026-W47.", verbose_name="действует с недели"),
                ),
                (
                    "weights",
                    models.JSONField(
                        help_text='Ключ показателя и его вес: {"staff_active": 30, "r210_10": 20}.', verbose_name="веса"
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="почему так")),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="задано")),
            ],
            options={
                "verbose_name": "веса сводного балла",
                "verbose_name_plural": "веса сводного балла",
                "ordering": ["-starts_week", "-id"],
            },
        ),
        migrations.CreateModel(
            name="HoldRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "starts_week",
                    models.PositiveIntegerField(help_text="202647 — это 2026-W47.", verbose_name="действует с недели"),
                ),
                ("is_on", models.BooleanField(default=True, verbose_name="задерживать подозрительные значения")),
                ("reason", models.CharField(max_length=300, verbose_name="почему так")),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто задал",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="задано")),
            ],
            options={
                "verbose_name": "правило проверки значений",
                "verbose_name_plural": "правила проверки значений",
                "ordering": ["-starts_week", "-id"],
            },
        ),
        migrations.CreateModel(
            name="HoldDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("week", models.PositiveIntegerField(verbose_name="неделя")),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.school",
                        verbose_name="школа",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.municipality",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.region",
                    ),
                ),
                (
                    "indicator",
                    models.PositiveSmallIntegerField(
                        choices=reports.indicators.indicator_choices, verbose_name="показатель"
                    ),
                ),
                ("part", models.PositiveIntegerField(verbose_name="числитель")),
                ("whole", models.PositiveIntegerField(verbose_name="знаменатель")),
                (
                    "verdict",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "ждёт решения"), (2, "верно"), (3, "неверно")], verbose_name="решение"
                    ),
                ),
                ("comment", models.CharField(max_length=300, verbose_name="почему")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто решил",
                    ),
                ),
                ("decided_at", models.DateTimeField(auto_now_add=True, verbose_name="когда")),
            ],
            options={
                "verbose_name": "решение о значении",
                "verbose_name_plural": "решения о значениях",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["week", "school", "indicator"], name="hold_decision_of_value")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("comment", ""), _negated=True), name="hold_decision_has_a_comment"
                    ),
                    models.CheckConstraint(condition=models.Q(("verdict__in", [2, 3])), name="hold_decision_decides"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PublicRating",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "region",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="public_rating",
                        to="schools.region",
                        verbose_name="регион",
                    ),
                ),
                ("shows_schools", models.BooleanField(default=False, verbose_name="и рейтинг школ")),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="открыт")),
                (
                    "opened_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто",
                    ),
                ),
            ],
            options={
                "verbose_name": "открытый рейтинг",
                "verbose_name_plural": "открытые рейтинги",
            },
        ),
        migrations.CreateModel(
            name="SchoolStep",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "school", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="schools.school",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(choices=schools.steps.step_choices, verbose_name="этап")),
                (
                    "region",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.region",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.municipality",
                    ),
                ),
                (
                    "state",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "не требуется"),
                            (1, "ещё нельзя начать"),
                            (2, "не начат"),
                            (3, "в работе"),
                            (4, "застрял"),
                            (5, "выполнен"),
                            (6, "подтверждён"),
                        ],
                        verbose_name="состояние",
                    ),
                ),
                ("part", models.PositiveIntegerField(verbose_name="сделано")),
                ("whole", models.PositiveIntegerField(verbose_name="всего")),
                ("excused", models.PositiveIntegerField(default=0, verbose_name="не в счёт")),
                ("mistakes", models.PositiveIntegerField(default=0, verbose_name="ошибок")),
                ("is_manual", models.BooleanField(default=False, verbose_name="отмечен вручную")),
                ("planned_on", models.DateField(null=True, verbose_name="срок")),
                ("moved_on", models.DateField(verbose_name="последнее движение")),
                ("since_on", models.DateField(verbose_name="в этом состоянии с")),
            ],
            options={
                "verbose_name": "этап школы",
                "verbose_name_plural": "этапы школ",
                "indexes": [
                    models.Index(fields=["region", "number", "state"], name="step_of_region"),
                    models.Index(fields=["municipality", "number", "state"], name="step_of_municipality"),
                ],
            },
        ),
        migrations.CreateModel(
            name="StepEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "school",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.school",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(choices=schools.steps.step_choices, verbose_name="этап")),
                (
                    "before",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "не требуется"),
                            (1, "ещё нельзя начать"),
                            (2, "не начат"),
                            (3, "в работе"),
                            (4, "застрял"),
                            (5, "выполнен"),
                            (6, "подтверждён"),
                        ],
                        null=True,
                        verbose_name="было",
                    ),
                ),
                (
                    "after",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "не требуется"),
                            (1, "ещё нельзя начать"),
                            (2, "не начат"),
                            (3, "в работе"),
                            (4, "застрял"),
                            (5, "выполнен"),
                            (6, "подтверждён"),
                        ],
                        verbose_name="стало",
                    ),
                ),
                ("part", models.PositiveIntegerField(verbose_name="сделано")),
                ("whole", models.PositiveIntegerField(verbose_name="всего")),
                ("happened_on", models.DateField(verbose_name="когда")),
            ],
            options={
                "verbose_name": "событие этапа",
                "verbose_name_plural": "события этапов",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["school", "-id"], name="step_events_of_school")],
            },
        ),
        migrations.CreateModel(
            name="StepCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "region",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="schools.region"
                    ),
                ),
                ("counted_at", models.DateTimeField(auto_now_add=True, verbose_name="посчитано")),
                ("schools", models.PositiveIntegerField(verbose_name="школ")),
                ("changed", models.PositiveIntegerField(verbose_name="изменилось строк")),
                ("seconds", models.FloatField(verbose_name="секунд")),
            ],
            options={
                "verbose_name": "подсчёт этапов",
                "verbose_name_plural": "подсчёты этапов",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ActivityCoverage",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "week", "platform", "school", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("week", models.PositiveIntegerField(verbose_name="неделя")),
                ("platform", models.PositiveSmallIntegerField(verbose_name="площадка")),
                (
                    "school",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.school",
                        verbose_name="школа",
                    ),
                ),
                (
                    "load",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="coverage",
                        to="reports.activityload",
                        verbose_name="поступление",
                    ),
                ),
                ("has_chats", models.BooleanField(db_default=False, default=False, verbose_name="чаты переданы")),
            ],
            options={
                "verbose_name": "охват школы",
                "verbose_name_plural": "охват школ",
            },
        ),
        migrations.CreateModel(
            name="Rating",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("week", models.PositiveIntegerField(help_text="202647 — это 2026-W47.", verbose_name="неделя")),
                ("revision", models.PositiveSmallIntegerField(verbose_name="редакция")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("preview", "идёт"),
                            ("draft", "предварительно"),
                            ("published", "опубликована"),
                            ("superseded", "заменена новой редакцией"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="состояние",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ratings",
                        to="reports.usagerule",
                        verbose_name="правило «использует»",
                    ),
                ),
                ("feeds", models.JSONField(default=dict, editable=False, verbose_name="чьи числа")),
                ("weights", models.JSONField(default=dict, editable=False, verbose_name="веса сводного балла")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="почему пересчитана")),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="отпечаток")),
                ("counted_at", models.DateTimeField(verbose_name="подсчитана")),
                (
                    "counted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто подсчитал",
                    ),
                ),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="опубликована")),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто опубликовал",
                    ),
                ),
                (
                    "changes_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="изменения найдены"),
                ),
            ],
            options={
                "verbose_name": "рейтинг недели",
                "verbose_name_plural": "рейтинги недель",
                "ordering": ["-week", "-revision"],
                "constraints": [
                    models.UniqueConstraint(fields=("week", "revision"), name="rating_revision_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "published")), fields=("week",), name="rating_published_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "draft")), fields=("week",), name="rating_draft_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revision", 0), ("state", "preview")),
                            models.Q(("revision__gt", 0), models.Q(("state", "preview"), _negated=True)),
                            _connector="OR",
                        ),
                        name="rating_preview_has_no_revision",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "preview"]),
                            models.Q(("published_at__isnull", False), models.Q(("sha256", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="rating_published_with_hash",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("revision__lte", 1), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="rating_revision_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CheckRequest",
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
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.region",
                        verbose_name="регион",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="reports.checkrun",
                        verbose_name="прогон",
                    ),
                ),
            ],
            options={
                "verbose_name": "просьба проверить регион",
                "verbose_name_plural": "просьбы проверить регион",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="SchoolFigure",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "week",
                        "platform",
                        "school",
                        "figure",
                        "period",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("week", models.PositiveIntegerField(verbose_name="неделя")),
                (
                    "platform",
                    models.PositiveSmallIntegerField(
                        choices=schools.platforms.platform_choices, verbose_name="площадка"
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="operator_figures",
                        to="schools.school",
                        verbose_name="школа",
                    ),
                ),
                (
                    "figure",
                    models.PositiveSmallIntegerField(
                        choices=reports.operator_figures.figure_choices, verbose_name="что"
                    ),
                ),
                (
                    "period",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "неделя"), (2, "месяц")], default=1, verbose_name="за что"
                    ),
                ),
                (
                    "value",
                    models.PositiveIntegerField(
                        validators=[django.core.validators.MaxValueValidator(10000000)], verbose_name="сколько"
                    ),
                ),
                (
                    "load",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="figures",
                        to="reports.figureload",
                        verbose_name="таблица",
                    ),
                ),
            ],
            options={
                "verbose_name": "число оператора",
                "verbose_name_plural": "числа оператора",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("value__lte", 10000000)), name="school_figure_is_not_absurd"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PlaceFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("week", models.PositiveIntegerField(verbose_name="неделя")),
                (
                    "period",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "неделя"), (2, "месяц")], default=1, verbose_name="за что"
                    ),
                ),
                (
                    "platform",
                    models.PositiveSmallIntegerField(
                        choices=schools.platforms.platform_choices, verbose_name="площадка"
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(2, "регион"), (3, "муниципалитет")], verbose_name="уровень"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="operator_totals",
                        to="schools.region",
                        verbose_name="регион",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="operator_totals",
                        to="schools.municipality",
                        verbose_name="муниципалитет",
                    ),
                ),
                (
                    "figure",
                    models.PositiveSmallIntegerField(
                        choices=reports.operator_figures.figure_choices, verbose_name="что"
                    ),
                ),
                (
                    "value",
                    models.PositiveIntegerField(
                        validators=[django.core.validators.MaxValueValidator(300000000)], verbose_name="сколько"
                    ),
                ),
                (
                    "load",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="totals",
                        to="reports.figureload",
                        verbose_name="таблица",
                    ),
                ),
            ],
            options={
                "verbose_name": "итог оператора по месту",
                "verbose_name_plural": "итоги оператора по местам",
                "ordering": ["-week", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("level", 2)),
                        fields=("region", "platform", "week", "period", "figure"),
                        name="figure_of_region_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("level", 3)),
                        fields=("municipality", "platform", "week", "period", "figure"),
                        name="figure_of_municipality_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("level", 2), ("municipality", None), ("region__isnull", False)),
                            models.Q(("level", 3), ("municipality__isnull", False), ("region", None)),
                            _connector="OR",
                        ),
                        name="place_figure_of_one_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("value__lte", 300000000)), name="place_figure_is_not_absurd"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RatingRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "rating",
                        "indicator",
                        "level",
                        "place_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "rating",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="reports.rating",
                    ),
                ),
                (
                    "indicator",
                    models.PositiveSmallIntegerField(
                        choices=reports.indicators.indicator_choices, verbose_name="показатель"
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "страна"), (2, "регион"), (3, "муниципалитет"), (4, "школа")],
                        verbose_name="уровень",
                    ),
                ),
                (
                    "place_id",
                    models.BigIntegerField(
                        help_text="id региона, муниципалитета или школы; 0 — страна.", verbose_name="место"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.region",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.municipality",
                    ),
                ),
                ("part", models.PositiveIntegerField(null=True, verbose_name="числитель")),
                ("whole", models.PositiveIntegerField(null=True, verbose_name="знаменатель")),
                ("schools", models.PositiveIntegerField(default=0, verbose_name="школ в счёте")),
                ("missing", models.PositiveIntegerField(default=0, verbose_name="школ без данных")),
                ("rank", models.PositiveIntegerField(null=True, verbose_name="место")),
                ("ranked", models.PositiveIntegerField(null=True, verbose_name="из скольких")),
                ("local_rank", models.PositiveIntegerField(null=True, verbose_name="место в муниципалитете")),
                ("local_ranked", models.PositiveIntegerField(null=True, verbose_name="из скольких в муниципалитете")),
                ("part_before", models.PositiveIntegerField(null=True, verbose_name="числитель прошлой недели")),
                ("whole_before", models.PositiveIntegerField(null=True, verbose_name="знаменатель прошлой недели")),
                ("rank_before", models.PositiveIntegerField(null=True, verbose_name="место на прошлой неделе")),
                (
                    "local_rank_before",
                    models.PositiveIntegerField(null=True, verbose_name="место в муниципалитете на прошлой неделе"),
                ),
            ],
            options={
                "verbose_name": "строка рейтинга",
                "verbose_name_plural": "строки рейтинга",
                "indexes": [
                    models.Index(fields=["rating", "indicator", "level", "region", "rank"], name="rating_row_list")
                ],
            },
        ),
        migrations.CreateModel(
            name="RatingPlace",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "rating", "level", "place_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "rating",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="places",
                        to="reports.rating",
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "страна"), (2, "регион"), (3, "муниципалитет"), (4, "школа")],
                        verbose_name="уровень",
                    ),
                ),
                ("place_id", models.BigIntegerField(verbose_name="место")),
                ("code", models.CharField(blank=True, max_length=16, verbose_name="код")),
                ("name", models.CharField(max_length=200, verbose_name="название")),
            ],
            options={
                "verbose_name": "название места",
                "verbose_name_plural": "названия мест",
            },
        ),
        migrations.CreateModel(
            name="WeekRun",
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
                ("week", models.PositiveIntegerField(verbose_name="неделя")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="почему заново")),
                ("publish", models.BooleanField(default=False, verbose_name="опубликовать")),
                (
                    "rating",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="runs",
                        to="reports.rating",
                        verbose_name="рейтинг",
                    ),
                ),
                (
                    "rows_counted",
                    models.PositiveIntegerField(blank=True, editable=False, null=True, verbose_name="строк рейтинга"),
                ),
            ],
            options={
                "verbose_name": "подсчёт недели",
                "verbose_name_plural": "подсчёты недель",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ChangeAlert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rating",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alerts",
                        to="reports.rating",
                        verbose_name="рейтинг",
                    ),
                ),
                (
                    "indicator",
                    models.PositiveSmallIntegerField(
                        choices=reports.indicators.indicator_choices, verbose_name="показатель"
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "страна"), (2, "регион"), (3, "муниципалитет"), (4, "школа")],
                        verbose_name="уровень",
                    ),
                ),
                (
                    "place_id",
                    models.BigIntegerField(
                        help_text="id региона, муниципалитета или школы; 0 — страна.", verbose_name="место"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.region",
                        verbose_name="регион",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.municipality",
                        verbose_name="муниципалитет",
                    ),
                ),
                (
                    "direction",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "стало лучше"), (2, "стало хуже")], verbose_name="куда"
                    ),
                ),
                (
                    "since_week",
                    models.PositiveIntegerField(help_text="202647 — это 2026-W47.", verbose_name="с недели"),
                ),
                ("before_week", models.PositiveIntegerField(verbose_name="неделя до изменения")),
                ("expected", models.PositiveIntegerField(verbose_name="ожидали, миллионных")),
                ("part_before", models.PositiveIntegerField(verbose_name="числитель до изменения")),
                ("whole_before", models.PositiveIntegerField(verbose_name="знаменатель до изменения")),
                ("part", models.PositiveIntegerField(verbose_name="числитель")),
                ("whole", models.PositiveIntegerField(verbose_name="знаменатель")),
                ("size", models.PositiveIntegerField(verbose_name="накоплено, сотых σ")),
            ],
            options={
                "verbose_name": "изменение показателя",
                "verbose_name_plural": "изменения показателей",
                "ordering": ["-rating", "-size", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("rating", "indicator", "level", "place_id"), name="change_once_by_place_and_indicator"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("direction__in", [1, 2])), name="change_is_better_or_worse"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("before_week__lt", models.F("since_week"))), name="change_begins_after"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseWeek",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "rating",
                        "level",
                        "place_id",
                        "use_case",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "rating",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="case_weeks",
                        to="reports.rating",
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "страна"), (2, "регион"), (3, "муниципалитет"), (4, "школа")],
                        verbose_name="уровень",
                    ),
                ),
                (
                    "place_id",
                    models.BigIntegerField(
                        help_text="id региона или муниципалитета; 0 — страна.", verbose_name="место"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.region",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.municipality",
                    ),
                ),
                (
                    "use_case",
                    models.PositiveSmallIntegerField(choices=chats.use_cases.use_case_choices, verbose_name="кейс"),
                ),
                ("expected", models.PositiveIntegerField(verbose_name="нужно чатов")),
                ("present", models.PositiveIntegerField(verbose_name="есть чатов")),
                ("schools", models.PositiveIntegerField(verbose_name="школ, которым нужен")),
                ("complete", models.PositiveIntegerField(verbose_name="школ, где все на месте")),
            ],
            options={
                "verbose_name": "чаты кейса за неделю",
                "verbose_name_plural": "чаты кейсов по неделям",
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rating",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holds",
                        to="reports.rating",
                        verbose_name="рейтинг",
                    ),
                ),
                (
                    "indicator",
                    models.PositiveSmallIntegerField(
                        choices=reports.indicators.indicator_choices, verbose_name="показатель"
                    ),
                ),
                (
                    "kind",
                    models.PositiveSmallIntegerField(choices=reports.holds.hold_kind_choices, verbose_name="почему"),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holds",
                        to="schools.school",
                        verbose_name="школа",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.municipality",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.region",
                    ),
                ),
                ("part", models.PositiveIntegerField(verbose_name="числитель")),
                ("whole", models.PositiveIntegerField(verbose_name="знаменатель")),
                ("part_before", models.PositiveIntegerField(null=True, verbose_name="числитель прошлой недели")),
                (
                    "state",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "ждёт решения"), (2, "верно"), (3, "неверно")], default=1, verbose_name="состояние"
                    ),
                ),
            ],
            options={
                "verbose_name": "значение на проверке",
                "verbose_name_plural": "значения на проверке",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("rating", "indicator", "school", "kind"), name="hold_once_by_kind")
                ],
            },
        ),
        migrations.CreateModel(
            name="SchoolWeek",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "rating", "platform", "school", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "rating",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="school_weeks",
                        to="reports.rating",
                    ),
                ),
                (
                    "platform",
                    models.PositiveSmallIntegerField(
                        choices=schools.platforms.platform_choices, verbose_name="площадка"
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="weeks",
                        to="schools.school",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.municipality",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.region",
                    ),
                ),
                ("in_scope", models.PositiveSmallIntegerField(default=1, verbose_name="в составе показателя")),
                ("declared_teachers", models.PositiveIntegerField(null=True, verbose_name="педагогов по ОО-1")),
                ("staff", models.PositiveIntegerField(null=True, verbose_name="сотрудников в списке")),
                ("teachers", models.PositiveIntegerField(null=True, verbose_name="педагогов в списке")),
                ("names_in_order", models.PositiveIntegerField(null=True, verbose_name="имён в порядке")),
                ("profiles", models.PositiveIntegerField(null=True, verbose_name="педагогов с профилем")),
                ("confirmed", models.PositiveIntegerField(null=True, verbose_name="профилей подтверждено")),
                ("active", models.PositiveIntegerField(null=True, verbose_name="активных педагогов")),
                ("active_all", models.PositiveIntegerField(null=True, verbose_name="активных сотрудников")),
                ("classes", models.PositiveIntegerField(default=0, verbose_name="классов")),
                ("classes_with_chat", models.PositiveIntegerField(default=0, verbose_name="классов с чатом")),
                ("chats", models.PositiveIntegerField(default=0, verbose_name="чатов")),
                ("active_chats", models.PositiveIntegerField(null=True, verbose_name="активных чатов")),
                ("on_platform", models.PositiveSmallIntegerField(null=True, verbose_name="есть на площадке")),
                ("declared_pupils", models.PositiveIntegerField(null=True, verbose_name="обучающихся по ОО-1")),
                ("pupils", models.PositiveIntegerField(null=True, verbose_name="обучающихся в списке")),
                (
                    "pupils_represented",
                    models.PositiveIntegerField(null=True, verbose_name="обучающихся с представителем"),
                ),
                ("steps_due", models.PositiveSmallIntegerField(null=True, verbose_name="нужных этапов")),
                ("steps_done", models.PositiveSmallIntegerField(null=True, verbose_name="пройдено этапов")),
                ("administrators", models.PositiveSmallIntegerField(default=0, verbose_name="администраторов")),
                ("chats_expected", models.PositiveIntegerField(null=True, verbose_name="нужных чатов")),
                ("chats_present", models.PositiveIntegerField(null=True, verbose_name="нужных чатов есть")),
                (
                    "staff_chats_expected",
                    models.PositiveIntegerField(null=True, verbose_name="нужных чатов сотрудников"),
                ),
                (
                    "staff_chats_present",
                    models.PositiveIntegerField(null=True, verbose_name="нужных чатов сотрудников есть"),
                ),
                (
                    "family_chats_expected",
                    models.PositiveIntegerField(null=True, verbose_name="нужных чатов детей и родителей"),
                ),
                (
                    "family_chats_present",
                    models.PositiveIntegerField(null=True, verbose_name="нужных чатов детей и родителей есть"),
                ),
                (
                    "project_chats_expected",
                    models.PositiveIntegerField(null=True, verbose_name="нужных временных чатов"),
                ),
                (
                    "project_chats_present",
                    models.PositiveIntegerField(null=True, verbose_name="нужных временных чатов есть"),
                ),
                ("all_chats_present", models.PositiveSmallIntegerField(null=True, verbose_name="все нужные чаты есть")),
                (
                    "op_registered",
                    models.PositiveIntegerField(null=True, verbose_name="оператор: школа зарегистрирована"),
                ),
                ("op_teachers", models.PositiveIntegerField(null=True, verbose_name="оператор: педагогов")),
                ("op_profiles", models.PositiveIntegerField(null=True, verbose_name="оператор: педагогов с профилем")),
                (
                    "op_confirmed",
                    models.PositiveIntegerField(null=True, verbose_name="оператор: педагогов подтверждено"),
                ),
                ("op_active", models.PositiveIntegerField(null=True, verbose_name="оператор: педагогов активно")),
                ("op_classes", models.PositiveIntegerField(null=True, verbose_name="оператор: классов")),
                (
                    "op_classes_with_chat",
                    models.PositiveIntegerField(null=True, verbose_name="оператор: классов с чатом"),
                ),
                ("op_pupils_registered", models.PositiveIntegerField(null=True, verbose_name="оператор: обучающихся")),
                (
                    "op_pupils_active",
                    models.PositiveIntegerField(null=True, verbose_name="оператор: обучающихся активно"),
                ),
                ("op_guardians", models.PositiveIntegerField(null=True, verbose_name="оператор: родителей")),
                (
                    "op_linked",
                    models.PositiveIntegerField(null=True, verbose_name="оператор: прикреплено в Госуслугах"),
                ),
                ("op_library", models.PositiveIntegerField(null=True, verbose_name="оператор: в библиотеке")),
                ("op_tests", models.PositiveIntegerField(null=True, verbose_name="оператор: в тестировании")),
                ("op_files", models.PositiveIntegerField(null=True, verbose_name="оператор: в файлах")),
                ("op_diary", models.PositiveIntegerField(null=True, verbose_name="оператор: в дневнике")),
                ("op_tv", models.PositiveIntegerField(null=True, verbose_name="оператор: со Smart TV")),
                (
                    "op_community",
                    models.PositiveIntegerField(null=True, verbose_name="оператор: сообщество подтверждено"),
                ),
                ("op_posts", models.PositiveIntegerField(null=True, verbose_name="оператор: записей в сообществе")),
                ("op_logins", models.PositiveIntegerField(null=True, verbose_name="оператор: входов педагогов")),
                (
                    "op_pupil_logins",
                    models.PositiveIntegerField(null=True, verbose_name="оператор: входов обучающихся"),
                ),
                ("community_active", models.PositiveSmallIntegerField(null=True, verbose_name="сообщество живёт")),
                ("registered", models.PositiveSmallIntegerField(default=0, verbose_name="ступень 1: зарегистрирована")),
                ("filled", models.PositiveSmallIntegerField(default=0, verbose_name="ступень 2: наполнена")),
                ("uses", models.PositiveSmallIntegerField(null=True, verbose_name="ступень 3: использует")),
            ],
            options={
                "verbose_name": "неделя школы",
                "verbose_name_plural": "недели школ",
            },
        ),
        migrations.RunPython(
            import_module("reports.migrations.0002_first_usage_rule").begin, migrations.RunPython.noop
        ),
        migrations.RunPython(
            import_module("reports.migrations.0013_first_weights_of_the_score").begin, migrations.RunPython.noop
        ),
        migrations.RunPython(import_module("reports.migrations.0017_first_hold_rule").begin, migrations.RunPython.noop),
    ]
