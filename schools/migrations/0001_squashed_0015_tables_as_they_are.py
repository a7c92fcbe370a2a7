"""Places, people and what both leave behind, made at once: a new portal skips the history beside this file."""

from importlib import import_module

import django.contrib.auth.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import schools.kinds
import schools.models.users
import schools.platforms
import schools.sealed
import schools.steps


class Migration(migrations.Migration):
    """The tables as they are, and what they begin with."""

    replaces = [
        ("schools", "0001_places_and_people"),
        ("schools", "0002_regions_of_russia"),
        ("schools", "0003_steps_invitations_and_letters"),
        ("schools", "0004_first_visits_second_factors_and_sheets"),
        ("schools", "0005_visits_known_from_logins"),
        ("schools", "0006_tokens_that_mark_steps"),
        ("schools", "0007_counters_of_tries"),
        ("schools", "0008_tokens_that_reconcile"),
        ("schools", "0009_pupils_called_as_in_273_fz"),
        ("schools", "0010_documents_outlive_uploads"),
        ("schools", "0011_tokens_that_write_orders"),
        ("schools", "0012_tokens_made_in_the_profile"),
        ("schools", "0013_webhooks_told_of_events"),
        ("schools", "0014_changes_told_to_copies"),
        ("schools", "0015_tokens_ended_with_the_password"),
    ]

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveBigIntegerField(null=True, unique=True, verbose_name="номер в ленте")),
                (
                    "kind",
                    models.CharField(
                        choices=[("schools", "школа"), ("ratings", "рейтинг недели")], max_length=10, verbose_name="что"
                    ),
                ),
                (
                    "event",
                    models.CharField(
                        choices=[
                            ("changed", "заведена или изменена"),
                            ("gone", "больше нет: удалена, ушла в другое место или сменила код"),
                            ("published", "опубликована"),
                            ("superseded", "заменена новой редакцией"),
                        ],
                        max_length=10,
                        verbose_name="что произошло",
                    ),
                ),
                ("key", models.CharField(max_length=16, verbose_name="код школы или неделя")),
                ("region_id", models.BigIntegerField(null=True, verbose_name="регион")),
                ("municipality_id", models.BigIntegerField(null=True, verbose_name="муниципалитет")),
                ("school_id", models.BigIntegerField(null=True, verbose_name="школа")),
                ("facts", models.JSONField(default=dict, verbose_name="подробности")),
                (
                    "happened_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="когда"),
                ),
            ],
            options={
                "verbose_name": "изменение",
                "verbose_name_plural": "лента изменений",
                "ordering": ["number"],
                "indexes": [
                    models.Index(condition=models.Q(("number", None)), fields=["id"], name="change_not_numbered")
                ],
            },
        ),
        migrations.CreateModel(
            name="Counter",
            fields=[
                (
                    "key",
                    models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name="отпечаток ключа"),
                ),
                ("number", models.PositiveIntegerField(verbose_name="сколько раз")),
                (
                    "ends_at",
                    models.PositiveBigIntegerField(help_text="Секунды от 1970 года.", verbose_name="до какого момента"),
                ),
            ],
            options={
                "verbose_name": "счётчик",
                "verbose_name_plural": "счётчики",
            },
        ),
        migrations.CreateModel(
            name="Region",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=2, unique=True, verbose_name="код")),
                ("name", models.CharField(max_length=100, verbose_name="название")),
                ("short_name", models.CharField(max_length=40, verbose_name="краткое название")),
                ("federal_district", models.CharField(max_length=40, verbose_name="федеральный округ")),
                ("iso_code", models.CharField(blank=True, max_length=8, verbose_name="код ISO 3166-2")),
                ("oktmo", models.CharField(blank=True, max_length=2, verbose_name="ОКТМО")),
                ("timezone", models.CharField(max_length=40, verbose_name="часовой пояс")),
            ],
            options={
                "verbose_name": "регион",
                "verbose_name_plural": "регионы",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                ("first_name", models.CharField(blank=True, max_length=150, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                ("patronymic", models.CharField(blank=True, max_length=100, verbose_name="отчество")),
                ("phone", models.CharField(blank=True, db_default="", max_length=100, verbose_name="телефон")),
                ("seen_on", models.DateField(blank=True, editable=False, null=True, verbose_name="был на портале")),
                (
                    "first_seen_on",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="вошёл впервые"),
                ),
                (
                    "factor_on",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="второй фактор настроен"),
                ),
                (
                    "wants_digest",
                    models.BooleanField(db_default=True, default=True, verbose_name="получает недельную сводку"),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "пользователь",
                "verbose_name_plural": "пользователи",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"),
                        condition=models.Q(("email", ""), _negated=True),
                        name="user_email_once",
                    )
                ],
            },
            managers=[
                ("objects", schools.models.users.PortalUserManager()),
            ],
        ),
        migrations.CreateModel(
            name="Municipality",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="municipalities",
                        to="schools.region",
                        verbose_name="регион",
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="название")),
                ("name_key", models.CharField(editable=False, max_length=150, verbose_name="ключ поиска")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("district", "муниципальный район"),
                            ("okrug", "муниципальный округ"),
                            ("city", "городской округ"),
                            ("city_district", "район города федерального значения"),
                            ("city_okrug", "административный округ города федерального значения"),
                            ("other", "другая территория"),
                        ],
                        default="other",
                        max_length=20,
                        verbose_name="тип",
                    ),
                ),
                ("oktmo", models.CharField(blank=True, max_length=11, verbose_name="ОКТМО")),
                ("opened_on", models.DateField(blank=True, null=True, verbose_name="образован")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="упразднён")),
            ],
            options={
                "verbose_name": "муниципалитет",
                "verbose_name_plural": "муниципалитеты",
                "ordering": ["region", "name_key"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_on", None)),
                        fields=("region", "name_key"),
                        name="municipality_name_once_in_region",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InvitationBatch",
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
            ],
            options={
                "verbose_name": "отправка приглашений",
                "verbose_name_plural": "отправки приглашений",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="DigestSent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="digests",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кому",
                    ),
                ),
                ("week", models.PositiveIntegerField(help_text="202647 — это 2026-W47.", verbose_name="неделя")),
                ("lines", models.PositiveSmallIntegerField(verbose_name="строк")),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="отправлена")),
                ("error", models.CharField(blank=True, max_length=200, verbose_name="почему не отправлена")),
            ],
            options={
                "verbose_name": "недельная сводка",
                "verbose_name_plural": "недельные сводки",
                "ordering": ["-id"],
                "constraints": [models.UniqueConstraint(fields=("user", "week"), name="digest_once_a_week")],
            },
        ),
        migrations.CreateModel(
            name="RegisterImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="register_imports",
                        to="schools.region",
                        verbose_name="регион",
                    ),
                ),
                ("shown_name", models.CharField(max_length=120, verbose_name="имя файла")),
                ("sha256", models.CharField(max_length=64, verbose_name="отпечаток")),
                ("rows_read", models.PositiveIntegerField(verbose_name="строк в файле")),
                ("schools_added", models.PositiveIntegerField(verbose_name="добавлено школ")),
                ("schools_changed", models.PositiveIntegerField(verbose_name="изменено школ")),
                ("rows_refused", models.PositiveIntegerField(verbose_name="строк с ошибками")),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто внёс",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="внесён")),
            ],
            options={
                "verbose_name": "загрузка реестра школ",
                "verbose_name_plural": "загрузки реестра школ",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="SecondFactor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="factor",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="чей",
                    ),
                ),
                ("secret", schools.sealed.SealedField(editable=False, max_length=160, verbose_name="секрет")),
                (
                    "last_counter",
                    models.BigIntegerField(default=0, editable=False, verbose_name="последний принятый шаг"),
                ),
                (
                    "failures",
                    models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="неверных кодов подряд"),
                ),
                ("paused_until", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="пауза до")),
                (
                    "recovery",
                    models.JSONField(default=list, editable=False, verbose_name="отпечатки кодов восстановления"),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="создан")),
            ],
            options={
                "verbose_name": "второй фактор",
                "verbose_name_plural": "вторые факторы",
            },
        ),
        migrations.CreateModel(
            name="FactorEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="factor_events",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="чей",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("set", "настроен"),
                            ("recovered", "вход по коду восстановления"),
                            ("renewed", "новые коды восстановления"),
                            ("removed", "отключён самим человеком"),
                            ("reset", "сброшен"),
                            ("paused", "пауза после неверных кодов"),
                        ],
                        max_length=9,
                        verbose_name="что",
                    ),
                ),
                ("happened_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="когда")),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="почему")),
            ],
            options={
                "verbose_name": "событие второго фактора",
                "verbose_name_plural": "журнал второго фактора",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="RegionIntegration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="integrations",
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
                ("system_name", models.CharField(blank=True, max_length=200, verbose_name="региональная ГИС")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("no_system", "своей ГИС нет"),
                            ("planned", "запланирована"),
                            ("running", "идёт"),
                            ("done", "завершена"),
                        ],
                        default="planned",
                        max_length=9,
                        verbose_name="состояние",
                    ),
                ),
                ("planned_on", models.DateField(blank=True, null=True, verbose_name="срок")),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="завершена")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="примечание")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="изменена")),
            ],
            options={
                "verbose_name": "интеграция региональной ГИС",
                "verbose_name_plural": "интеграции региональных ГИС",
                "constraints": [
                    models.UniqueConstraint(fields=("region", "platform"), name="integration_once_per_platform")
                ],
            },
        ),
        migrations.CreateModel(
            name="School",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=16, unique=True, verbose_name="код школы")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="schools",
                        to="schools.region",
                        verbose_name="регион",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        blank=True,
                        help_text="Пусто, если школа подчинена региону напрямую.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="schools",
                        to="schools.municipality",
                        verbose_name="муниципалитет",
                    ),
                ),
                ("full_name", models.CharField(max_length=500, verbose_name="полное наименование")),
                ("short_name", models.CharField(max_length=200, verbose_name="краткое наименование")),
                ("name_key", models.CharField(editable=False, max_length=700, verbose_name="ключ поиска")),
                (
                    "kind",
                    models.CharField(
                        choices=schools.kinds.kind_choices, default="school", max_length=12, verbose_name="вид"
                    ),
                ),
                (
                    "subordination",
                    models.CharField(
                        choices=[
                            ("municipal", "муниципальная"),
                            ("regional", "региональная"),
                            ("federal", "федеральная"),
                            ("private", "частная"),
                        ],
                        default="municipal",
                        max_length=12,
                        verbose_name="подчинение",
                    ),
                ),
                ("inn", models.CharField(blank=True, max_length=10, verbose_name="ИНН")),
                ("kpp", models.CharField(blank=True, max_length=9, verbose_name="КПП")),
                ("ogrn", models.CharField(blank=True, max_length=13, verbose_name="ОГРН")),
                ("oktmo", models.CharField(blank=True, max_length=11, verbose_name="ОКТМО")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="branches",
                        to="schools.school",
                        verbose_name="филиал школы",
                    ),
                ),
                ("opened_on", models.DateField(blank=True, null=True, verbose_name="открыта")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="закрыта")),
                (
                    "excluded_because",
                    models.CharField(blank=True, max_length=200, verbose_name="не входит в показатель: причина"),
                ),
                ("address", models.CharField(blank=True, max_length=300, verbose_name="адрес")),
                ("phone", models.CharField(blank=True, max_length=100, verbose_name="телефон")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="электронная почта")),
                ("website", models.CharField(blank=True, max_length=200, verbose_name="сайт")),
                ("director_name", models.CharField(blank=True, max_length=150, verbose_name="руководитель")),
                (
                    "declared_teachers",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="педагогов по ОО-1"),
                ),
                (
                    "declared_classes",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="классов по ОО-1"),
                ),
                (
                    "declared_pupils",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="обучающихся по ОО-1"),
                ),
                ("declared_on", models.DateField(blank=True, null=True, verbose_name="численность на дату")),
                ("external_id", models.CharField(blank=True, max_length=64, verbose_name="номер в чужом реестре")),
                (
                    "reconciled_on",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="сверена с реестром"),
                ),
                (
                    "reconciled_note",
                    models.CharField(
                        blank=True,
                        db_default="",
                        editable=False,
                        max_length=300,
                        verbose_name="чем объяснено расхождение",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        auto_now_add=True, db_default=django.db.models.functions.datetime.Now(), verbose_name="заведена"
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="изменена")),
            ],
            options={
                "verbose_name": "школа",
                "verbose_name_plural": "школы",
                "ordering": ["region", "name_key"],
                "indexes": [models.Index(fields=["region", "municipality"], name="school_place")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(models.Q(("inn", ""), _negated=True), models.Q(("kpp", ""), _negated=True)),
                        fields=("inn", "kpp"),
                        name="school_inn_kpp_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("ogrn", ""), _negated=True), ("parent", None), ("closed_on", None)
                        ),
                        fields=("ogrn",),
                        name="school_ogrn_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_on", None),
                            ("opened_on", None),
                            ("closed_on__gte", models.F("opened_on")),
                            _connector="OR",
                        ),
                        name="school_closes_after_it_opens",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("parent", models.F("id")), _negated=True),
                        name="school_is_not_its_own_branch",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Letter",
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.region",
                        verbose_name="от региона",
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
                        verbose_name="от муниципалитета",
                    ),
                ),
                ("subject", models.CharField(max_length=200, verbose_name="тема")),
                ("text", models.TextField(max_length=6000, verbose_name="текст")),
                ("deadline_at", models.DateTimeField(blank=True, null=True, verbose_name="срок ответа")),
                ("reply_to", models.EmailField(blank=True, max_length=254, verbose_name="куда отвечать")),
                ("topic", models.CharField(blank=True, max_length=40, verbose_name="о чём")),
                ("table", models.JSONField(blank=True, default=dict, editable=False, verbose_name="таблица")),
                ("by_mail", models.BooleanField(default=True, verbose_name="отправить по почте")),
                ("sent_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="отправлено")),
            ],
            options={
                "verbose_name": "письмо школам",
                "verbose_name_plural": "письма школам",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("municipality", None), ("region__isnull", False)),
                            models.Q(("municipality__isnull", False), ("region", None)),
                            _connector="OR",
                        ),
                        name="letter_is_from_one_place",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MunicipalityRegistration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="registrations",
                        to="schools.municipality",
                        verbose_name="муниципалитет",
                    ),
                ),
                (
                    "platform",
                    models.PositiveSmallIntegerField(
                        choices=schools.platforms.platform_choices, verbose_name="площадка"
                    ),
                ),
                ("registered_on", models.DateField(verbose_name="зарегистрирован")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="снят с регистрации")),
            ],
            options={
                "verbose_name": "регистрация муниципалитета на площадке",
                "verbose_name_plural": "регистрации муниципалитетов на площадках",
                "constraints": [
                    models.UniqueConstraint(fields=("municipality", "platform"), name="municipality_registered_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Succession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "predecessor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successions",
                        to="schools.school",
                        verbose_name="прежняя школа",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="origins",
                        to="schools.school",
                        verbose_name="новая школа",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("merged", "присоединена"),
                            ("split", "выделена"),
                            ("renamed", "переименована с новым номером"),
                        ],
                        max_length=10,
                        verbose_name="что произошло",
                    ),
                ),
                ("happened_on", models.DateField(verbose_name="дата")),
            ],
            options={
                "verbose_name": "правопреемство",
                "verbose_name_plural": "правопреемство",
                "constraints": [
                    models.UniqueConstraint(fields=("predecessor", "successor"), name="succession_once"),
                    models.CheckConstraint(
                        condition=models.Q(("predecessor", models.F("successor")), _negated=True),
                        name="succession_between_two_schools",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SchoolRegistration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="registrations",
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
                ("external_id", models.CharField(blank=True, max_length=64, verbose_name="номер на площадке")),
                ("registered_on", models.DateField(verbose_name="зарегистрирована")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="снята с регистрации")),
            ],
            options={
                "verbose_name": "регистрация школы на площадке",
                "verbose_name_plural": "регистрации школ на площадках",
                "constraints": [
                    models.UniqueConstraint(fields=("school", "platform"), name="registration_once_per_platform")
                ],
            },
        ),
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "school",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="schools.school",
                        verbose_name="школа",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="schools.region",
                        verbose_name="регион",
                    ),
                ),
                ("shown_name", models.CharField(max_length=120, verbose_name="имя файла")),
                ("size", models.PositiveIntegerField(verbose_name="байт")),
                ("sha256", models.CharField(max_length=64, verbose_name="отпечаток")),
                ("content", models.BinaryField(null=True, verbose_name="содержимое")),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто загрузил",
                    ),
                ),
                ("uploaded_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="загружен")),
                (
                    "is_document",
                    models.BooleanField(db_default=False, default=False, verbose_name="документ, не стирается"),
                ),
            ],
            options={
                "verbose_name": "загруженный файл",
                "verbose_name_plural": "загруженные файлы",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField(default=django.utils.timezone.localdate, verbose_name="начало")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="окончание")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="appointments",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто",
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
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="schools.region",
                        verbose_name="регион",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="schools.municipality",
                        verbose_name="муниципалитет",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="schools.school",
                        verbose_name="школа",
                    ),
                ),
                ("order_number", models.CharField(blank=True, max_length=40, verbose_name="номер приказа")),
                ("order_on", models.DateField(blank=True, null=True, verbose_name="дата приказа")),
                (
                    "appointed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="appointments_made",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="назначил",
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(
                        auto_now=True, db_default=django.db.models.functions.datetime.Now(), verbose_name="изменено"
                    ),
                ),
            ],
            options={
                "verbose_name": "назначение",
                "verbose_name_plural": "назначения",
                "ordering": ["level", "-starts_on", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("level", 1), ("municipality", None), ("region", None), ("school", None)),
                            models.Q(("level", 2), ("municipality", None), ("region__isnull", False), ("school", None)),
                            models.Q(("level", 3), ("municipality__isnull", False), ("region", None), ("school", None)),
                            models.Q(("level", 4), ("municipality", None), ("region", None), ("school__isnull", False)),
                            _connector="OR",
                        ),
                        name="appointment_names_the_place_of_its_level",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                        name="appointment_ends_after_it_starts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LetterRecipient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recipients",
                        to="schools.letter",
                        verbose_name="письмо",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="letters",
                        to="schools.school",
                        verbose_name="школа",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="адрес")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="отправлено")),
                ("error", models.CharField(blank=True, max_length=200, verbose_name="почему не отправлено")),
            ],
            options={
                "verbose_name": "получатель письма",
                "verbose_name_plural": "получатели писем",
                "ordering": ["letter", "id"],
                "constraints": [models.UniqueConstraint(fields=("letter", "school"), name="letter_once_to_a_school")],
            },
        ),
        migrations.CreateModel(
            name="SchoolClass",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="classes",
                        to="schools.school",
                        verbose_name="школа",
                    ),
                ),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        help_text="Год, в котором он начался: 2026 — это 2026/27.", verbose_name="учебный год"
                    ),
                ),
                ("grade", models.PositiveSmallIntegerField(verbose_name="параллель")),
                ("letter", models.CharField(blank=True, max_length=10, verbose_name="литера")),
                (
                    "declared_pupils",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="обучающихся в классе"),
                ),
                (
                    "version",
                    models.PositiveIntegerField(db_default=1, default=1, editable=False, verbose_name="версия"),
                ),
                (
                    "updated_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=django.utils.timezone.now,
                        editable=False,
                        verbose_name="изменён",
                    ),
                ),
            ],
            options={
                "verbose_name": "класс",
                "verbose_name_plural": "классы",
                "ordering": ["school", "-year", "grade", "letter"],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "year", "grade", "letter"), name="class_once_a_year"),
                    models.CheckConstraint(
                        condition=models.Q(("grade__gte", 1), ("grade__lte", 12)), name="class_grade_from_1_to_12"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("year__gte", 2000), ("year__lte", 2100)), name="class_year_is_a_year"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Guardian",
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
                        related_name="guardians",
                        to="schools.school",
                        verbose_name="школа",
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=12, verbose_name="мобильный телефон")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="электронная почта")),
                (
                    "version",
                    models.PositiveIntegerField(db_default=1, default=1, editable=False, verbose_name="версия"),
                ),
                (
                    "updated_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=django.utils.timezone.now,
                        editable=False,
                        verbose_name="изменён",
                    ),
                ),
            ],
            options={
                "verbose_name": "законный представитель",
                "verbose_name_plural": "законные представители",
                "ordering": ["school", "name_key", "id"],
                "indexes": [models.Index(fields=["school", "name_key"], name="guardian_by_name")],
            },
        ),
        migrations.CreateModel(
            name="Deletion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.school",
                        verbose_name="школа",
                    ),
                ),
                ("kind", models.CharField(max_length=20, verbose_name="что")),
                ("row_id", models.PositiveBigIntegerField(verbose_name="номер строки")),
                ("deleted_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="удалена")),
            ],
            options={
                "verbose_name": "удалённая строка",
                "verbose_name_plural": "удалённые строки",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["school", "kind", "deleted_at"], name="deletion_by_kind")],
            },
        ),
        migrations.CreateModel(
            name="StepMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(2, "регион"), (3, "муниципалитет"), (4, "школа")], verbose_name="уровень"
                    ),
                ),
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
                ("number", models.PositiveSmallIntegerField(choices=schools.steps.step_choices, verbose_name="этап")),
                (
                    "kind",
                    models.CharField(
                        choices=[("needless", "не требуется"), ("done", "выполнен"), ("confirmed", "подтверждён")],
                        max_length=9,
                        verbose_name="отметка",
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="причина")),
                (
                    "marked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто отметил",
                    ),
                ),
                ("marked_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="отмечен")),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто снял",
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="снята")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="изменена")),
            ],
            options={
                "verbose_name": "отметка этапа",
                "verbose_name_plural": "отметки этапов",
                "ordering": ["-id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("level", 2), ("municipality", None), ("region__isnull", False), ("school", None)),
                            models.Q(("level", 3), ("municipality__isnull", False), ("region", None), ("school", None)),
                            models.Q(("level", 4), ("municipality", None), ("region", None), ("school__isnull", False)),
                            _connector="OR",
                        ),
                        name="stepmark_names_the_place_of_its_level",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="step_mark_has_a_reason"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("region__isnull", False), ("withdrawn_at", None)),
                        fields=("region", "number"),
                        name="step_mark_once_for_region",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("municipality__isnull", False), ("withdrawn_at", None)),
                        fields=("municipality", "number"),
                        name="step_mark_once_for_municipality",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("school__isnull", False), ("withdrawn_at", None)),
                        fields=("school", "number"),
                        name="step_mark_once_for_school",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StepPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(2, "регион"), (3, "муниципалитет"), (4, "школа")], verbose_name="уровень"
                    ),
                ),
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
                ("number", models.PositiveSmallIntegerField(choices=schools.steps.step_choices, verbose_name="этап")),
                ("planned_on", models.DateField(blank=True, null=True, verbose_name="срок")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="почему изменён")),
                (
                    "set_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто назначил",
                    ),
                ),
                ("set_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="назначен")),
            ],
            options={
                "verbose_name": "срок этапа",
                "verbose_name_plural": "сроки этапов",
                "ordering": ["-id"],
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("level", 2)), fields=["region", "number", "-id"], name="plan_of_region"
                    ),
                    models.Index(
                        condition=models.Q(("level", 3)),
                        fields=["municipality", "number", "-id"],
                        name="plan_of_municipality",
                    ),
                    models.Index(
                        condition=models.Q(("level", 4)), fields=["school", "number", "-id"], name="plan_of_school"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("level", 2), ("municipality", None), ("region__isnull", False), ("school", None)),
                            models.Q(("level", 3), ("municipality__isnull", False), ("region", None), ("school", None)),
                            models.Q(("level", 4), ("municipality", None), ("region", None), ("school__isnull", False)),
                            _connector="OR",
                        ),
                        name="stepplan_names_the_place_of_its_level",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FunctionUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="functions",
                        to="schools.school",
                        verbose_name="школа",
                    ),
                ),
                (
                    "function",
                    models.PositiveSmallIntegerField(choices=schools.steps.function_choices, verbose_name="функция"),
                ),
                ("mastered_on", models.DateField(default=django.utils.timezone.localdate, verbose_name="освоена")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="чем подтверждается")),
                (
                    "marked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто отметил",
                    ),
                ),
            ],
            options={
                "verbose_name": "освоенная функция",
                "verbose_name_plural": "освоенные функции",
                "constraints": [models.UniqueConstraint(fields=("school", "function"), name="function_mastered_once")],
            },
        ),
        migrations.CreateModel(
            name="AccessToken",
            fields=[
                ("digest", models.CharField(max_length=128, primary_key=True, serialize=False)),
                ("token_key", models.CharField(db_index=True, max_length=25)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="auth_token_set",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("expiry", models.DateTimeField(blank=True, null=True)),
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
                ("name", models.CharField(blank=True, max_length=100, verbose_name="название")),
                ("purpose", models.CharField(blank=True, db_default="", max_length=200, verbose_name="для чего")),
                ("loads_activity", models.BooleanField(default=False, verbose_name="принимает недельную активность")),
                ("loads_staff", models.BooleanField(default=False, verbose_name="загружает списки сотрудников")),
                ("appoints", models.BooleanField(default=False, verbose_name="назначает")),
                ("marks_steps", models.BooleanField(default=False, verbose_name="отмечает этапы")),
                ("reconciles", models.BooleanField(default=False, verbose_name="сверяет реестр школ")),
                ("writes_orders", models.BooleanField(default=False, verbose_name="ведёт приказы")),
                ("networks", models.JSONField(blank=True, db_default=[], default=list, verbose_name="с каких адресов")),
                ("used_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="использован")),
                (
                    "used_from",
                    models.CharField(
                        blank=True, db_default="", editable=False, max_length=50, verbose_name="из какой сети"
                    ),
                ),
                (
                    "ended_because",
                    models.CharField(
                        blank=True, db_default="", editable=False, max_length=50, verbose_name="почему закончился"
                    ),
                ),
                (
                    "reminded_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="напомнили о сроке"),
                ),
            ],
            options={
                "verbose_name": "токен доступа",
                "verbose_name_plural": "токены доступа",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("municipality", None), ("school", None)),
                            models.Q(("region", None), ("school", None)),
                            models.Q(("municipality", None), ("region", None)),
                            _connector="OR",
                        ),
                        name="accesstoken_is_limited_to_one_place",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Webhook",
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
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="webhooks",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="чей",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="название")),
                ("url", models.CharField(max_length=500, verbose_name="адрес")),
                ("secret", schools.sealed.SealedField(editable=False, max_length=200, verbose_name="секрет")),
                ("events", models.JSONField(default=list, verbose_name="события")),
                ("active", models.BooleanField(default=True, verbose_name="включён")),
                (
                    "failures",
                    models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="не доставлено подряд"),
                ),
                ("disabled_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="выключен")),
                (
                    "disabled_because",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="почему выключен"),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="заведён"),
                ),
            ],
            options={
                "verbose_name": "вебхук",
                "verbose_name_plural": "вебхуки",
                "ordering": ["name", "id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("municipality", None), ("school", None)),
                            models.Q(("region", None), ("school", None)),
                            models.Q(("municipality", None), ("region", None)),
                            _connector="OR",
                        ),
                        name="webhook_is_limited_to_one_place",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "appointment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="schools.appointment",
                        verbose_name="назначение",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="электронная почта")),
                ("by_hand", models.BooleanField(db_default=False, default=False, verbose_name="ссылку передают лично")),
                (
                    "digest",
                    models.CharField(editable=False, max_length=64, unique=True, verbose_name="отпечаток ссылки"),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="invitations",
                        to="schools.invitationbatch",
                        verbose_name="отправка",
                    ),
                ),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="отправлено")),
                ("delivered_at", models.DateTimeField(blank=True, null=True, verbose_name="принято почтовым сервером")),
                ("expires_at", models.DateTimeField(verbose_name="действует до")),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="принято")),
                ("declined_at", models.DateTimeField(blank=True, null=True, verbose_name="отказано")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="отозвано")),
                ("delivery_error", models.CharField(blank=True, max_length=200, verbose_name="почему не доставлено")),
                (
                    "invited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто пригласил",
                    ),
                ),
            ],
            options={
                "verbose_name": "приглашение",
                "verbose_name_plural": "приглашения",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="AppointmentSheet",
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
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.storedfile",
                        verbose_name="файл",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("uploaded", "файл принят"),
                            ("planned", "план готов"),
                            ("applying", "назначаем"),
                            ("applied", "назначены"),
                            ("discarded", "убрана"),
                            ("refused", "файл не прочитан"),
                        ],
                        default="uploaded",
                        max_length=9,
                        verbose_name="ход",
                    ),
                ),
                ("summary", models.JSONField(blank=True, default=dict, editable=False, verbose_name="итог плана")),
                ("plan_data", models.BinaryField(null=True, verbose_name="план")),
                ("applied_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="назначены")),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="schools.invitationbatch",
                        verbose_name="приглашения",
                    ),
                ),
            ],
            options={
                "verbose_name": "список назначений",
                "verbose_name_plural": "списки назначений",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Pupil",
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
                        related_name="pupils",
                        to="schools.school",
                        verbose_name="школа",
                    ),
                ),
                (
                    "school_class",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="pupils",
                        to="schools.schoolclass",
                        verbose_name="класс",
                    ),
                ),
                ("born_on", models.DateField(blank=True, null=True, verbose_name="дата рождения")),
                ("enrolled_on", models.DateField(blank=True, null=True, verbose_name="зачислен")),
                ("left_on", models.DateField(blank=True, null=True, verbose_name="выбыл")),
                ("external_id", models.CharField(blank=True, max_length=64, verbose_name="номер в другой системе")),
                ("phone", models.CharField(blank=True, db_default="", max_length=12, verbose_name="мобильный телефон")),
                (
                    "version",
                    models.PositiveIntegerField(db_default=1, default=1, editable=False, verbose_name="версия"),
                ),
                (
                    "updated_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=django.utils.timezone.now,
                        editable=False,
                        verbose_name="изменён",
                    ),
                ),
            ],
            options={
                "verbose_name": "обучающийся",
                "verbose_name_plural": "обучающиеся",
                "ordering": ["school", "name_key", "id"],
                "indexes": [models.Index(fields=["school", "name_key"], name="pupil_by_name")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("snils", ""), _negated=True),
                        fields=("school", "snils"),
                        name="pupil_snils_once_in_school",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Reconciliation",
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
                        related_name="reconciliations",
                        to="schools.region",
                        verbose_name="регион",
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
                    "stage",
                    models.CharField(
                        choices=[
                            ("uploaded", "читаем файл"),
                            ("planned", "ждёт вас"),
                            ("applying", "вносим"),
                            ("applied", "внесена"),
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
                    "decisions",
                    models.JSONField(blank=True, default=dict, editable=False, verbose_name="решения по строкам"),
                ),
                ("summary", models.JSONField(blank=True, default=dict, editable=False, verbose_name="итог")),
                ("plan_data", models.BinaryField(null=True, verbose_name="план")),
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
            ],
            options={
                "verbose_name": "сверка реестра",
                "verbose_name_plural": "сверки реестра",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["region", "-id"], name="reconciliation_latest")],
            },
        ),
        migrations.CreateModel(
            name="Roadmap",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="roadmaps",
                        to="schools.region",
                        verbose_name="регион",
                    ),
                ),
                ("title", models.CharField(max_length=300, verbose_name="название")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "проект"),
                            ("agreed", "согласована"),
                            ("approved", "утверждена"),
                            ("sent", "направлена в Минпросвещения России"),
                            ("replaced", "заменена новой"),
                        ],
                        default="draft",
                        max_length=8,
                        verbose_name="состояние",
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=40, verbose_name="номер")),
                ("signed_on", models.DateField(blank=True, null=True, verbose_name="дата")),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.storedfile",
                        verbose_name="файл",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="примечание")),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто внёс",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="внесена")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="изменена")),
            ],
            options={
                "verbose_name": "дорожная карта",
                "verbose_name_plural": "дорожные карты",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
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
                    "webhook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="schools.webhook",
                        verbose_name="вебхук",
                    ),
                ),
                ("event", models.CharField(max_length=40, verbose_name="событие")),
                ("message_id", models.CharField(max_length=60, verbose_name="номер сообщения")),
                ("body", models.TextField(verbose_name="тело")),
                ("tries", models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="отправлено раз")),
                (
                    "due_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="не раньше"),
                ),
            ],
            options={
                "verbose_name": "доставка вебхука",
                "verbose_name_plural": "доставки вебхуков",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("webhook", "message_id"), name="webhook_is_told_of_an_event_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Guardianship",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "pupil",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="guardianships",
                        to="schools.pupil",
                        verbose_name="обучающийся",
                    ),
                ),
                (
                    "guardian",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="guardianships",
                        to="schools.guardian",
                        verbose_name="представитель",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("mother", "мать"),
                            ("father", "отец"),
                            ("adopter", "усыновитель"),
                            ("guardian", "опекун"),
                            ("trustee", "попечитель"),
                            ("foster", "приёмный родитель"),
                            ("other", "иное"),
                        ],
                        max_length=10,
                        verbose_name="кем приходится",
                    ),
                ),
                ("invited_on", models.DateField(blank=True, null=True, verbose_name="приглашён")),
                ("registered_on", models.DateField(blank=True, null=True, verbose_name="зарегистрирован")),
                ("declined_on", models.DateField(blank=True, null=True, verbose_name="отказался")),
                (
                    "updated_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=django.utils.timezone.now,
                        editable=False,
                        verbose_name="изменено",
                    ),
                ),
            ],
            options={
                "verbose_name": "представительство",
                "verbose_name_plural": "представительство",
                "constraints": [
                    models.UniqueConstraint(fields=("pupil", "guardian"), name="guardianship_once"),
                    models.CheckConstraint(
                        condition=models.Q(("registered_on", None), ("declined_on", None), _connector="OR"),
                        name="guardianship_registered_or_declined",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SchoolChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="schools.school",
                        verbose_name="школа",
                    ),
                ),
                ("field", models.CharField(max_length=40, verbose_name="поле")),
                ("old", models.CharField(blank=True, max_length=500, verbose_name="было")),
                ("new", models.CharField(blank=True, max_length=500, verbose_name="стало")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="причина")),
                (
                    "reconciliation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="changes",
                        to="schools.reconciliation",
                        verbose_name="сверка",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто",
                    ),
                ),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="когда")),
            ],
            options={
                "verbose_name": "изменение карточки школы",
                "verbose_name_plural": "изменения карточек школ",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="WebhookTry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="log",
                        to="schools.webhookdelivery",
                        verbose_name="доставка",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="какая по счёту")),
                ("tried_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="когда")),
                ("status", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="код ответа")),
                ("milliseconds", models.PositiveIntegerField(verbose_name="длилась, мс")),
                ("answer", models.CharField(blank=True, max_length=200, verbose_name="начало ответа")),
                ("error", models.CharField(blank=True, max_length=200, verbose_name="что помешало")),
            ],
            options={
                "verbose_name": "попытка доставки",
                "verbose_name_plural": "попытки доставки",
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="guardian",
            name="pupils",
            field=models.ManyToManyField(
                related_name="guardians", through="schools.Guardianship", to="schools.pupil", verbose_name="дети"
            ),
        ),
        migrations.RunPython(
            import_module("schools.migrations.0002_regions_of_russia").fill, migrations.RunPython.noop
        ),
    ]
