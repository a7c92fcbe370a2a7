"""Chats, orders and the library, made at once: a new portal skips the history beside this file."""

from importlib import import_module

import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import chats.legal_acts.kinds
import chats.models.library
import chats.roles
import chats.use_cases
import chats.useful_links
import schools.platforms


class Migration(migrations.Migration):
    """The tables as they are, and what they begin with."""

    replaces = [
        ("chats", "0001_chats"),
        ("chats", "0002_chats_known_by_the_operator"),
        ("chats", "0003_library_of_acts_and_resources"),
        ("chats", "0004_first_acts_and_resources"),
        ("chats", "0005_orders_and_who_has_read_them"),
        ("chats", "0006_first_texts_of_orders"),
        ("chats", "0007_orders_for_many_schools"),
        ("chats", "0010_chats_with_links_members_and_moves"),
        ("chats", "0011_uploads_of_chats"),
        ("chats", "0012_why_a_text_of_orders_changed"),
    ]

    initial = True

    dependencies = [
        ("schools", "0001_squashed_0015_tables_as_they_are"),
        ("staff", "0001_squashed_0004_tables_as_they_are"),
    ]

    operations = [
        migrations.CreateModel(
            name="Chat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chats",
                        to="schools.school",
                        verbose_name="школа",
                    ),
                ),
                (
                    "use_case",
                    models.PositiveSmallIntegerField(
                        choices=chats.use_cases.use_case_choices, verbose_name="кейс использования"
                    ),
                ),
                (
                    "school_class",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="chats",
                        to="schools.schoolclass",
                        verbose_name="класс",
                    ),
                ),
                (
                    "area",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=chats.roles.association_choices,
                        null=True,
                        verbose_name="методическое объединение",
                    ),
                ),
                (
                    "channel",
                    models.PositiveSmallIntegerField(
                        choices=schools.platforms.chat_channel_choices, verbose_name="канал"
                    ),
                ),
                ("title", models.CharField(max_length=150, verbose_name="название")),
                (
                    "link",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=500, verbose_name="ссылка-приглашение"
                    ),
                ),
                (
                    "external_id",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="По нему узнают чат в недельной выгрузке оператора.",
                        max_length=100,
                        verbose_name="номер на площадке",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="chats_owned",
                        to="staff.staffmember",
                        verbose_name="владелец",
                    ),
                ),
                ("opened_on", models.DateField(verbose_name="создан")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="нужен до")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="закрыт")),
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
                "verbose_name": "чат",
                "verbose_name_plural": "чаты",
                "ordering": ["school", "use_case", "id"],
                "indexes": [models.Index(fields=["school", "use_case"], name="chat_by_use_case")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_on", None), ("closed_on__gte", models.F("opened_on")), _connector="OR"
                        ),
                        name="chat_closes_after_it_opens",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("opened_on")), _connector="OR"),
                        name="chat_ends_after_it_opens",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("external_id", ""), _negated=True),
                        fields=("school", "channel", "external_id"),
                        name="chat_external_id_once",
                        violation_error_message="Чат с таким номером на площадке у школы уже есть.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChatImport",
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
                        related_name="chat_imports",
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
                "verbose_name": "загрузка чатов",
                "verbose_name_plural": "загрузки чатов",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["school", "-id"], name="chat_import_latest")],
            },
        ),
        migrations.CreateModel(
            name="LegalAct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.SlugField(
                        help_text="Латиницей: по нему на акт ссылаются показатели, этапы и приказы.",
                        max_length=60,
                        unique=True,
                        verbose_name="ключ",
                    ),
                ),
                (
                    "kind",
                    models.CharField(choices=chats.legal_acts.kinds.kind_choices, max_length=20, verbose_name="вид"),
                ),
                (
                    "body",
                    models.CharField(
                        blank=True,
                        help_text="Как в заголовке: «Минпросвещения России».",
                        max_length=300,
                        verbose_name="кем издан",
                    ),
                ),
                (
                    "body_genitive",
                    models.CharField(
                        blank=True,
                        help_text="«Правительства Российской Федерации»; пусто — если название не склоняется.",
                        max_length=300,
                        verbose_name="кем издан, в родительном падеже",
                    ),
                ),
                ("adopted_on", models.DateField(blank=True, null=True, verbose_name="дата")),
                ("number", models.CharField(blank=True, help_text="Без знака №.", max_length=60, verbose_name="номер")),
                (
                    "title",
                    models.CharField(
                        blank=True,
                        help_text="Без внешних кавычек. У протокола и соглашения — продолжение: «с …».",
                        max_length=700,
                        verbose_name="название",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=chats.legal_acts.kinds.state_choices,
                        default="unverified",
                        max_length=20,
                        verbose_name="состояние",
                    ),
                ),
                ("state_note", models.TextField(blank=True, max_length=1000, verbose_name="что известно о судьбе")),
                ("in_force_on", models.DateField(blank=True, null=True, verbose_name="действует с")),
                ("lost_force_on", models.DateField(blank=True, null=True, verbose_name="утратил силу")),
                (
                    "superseded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="supersedes",
                        to="chats.legalact",
                        verbose_name="чем заменён",
                    ),
                ),
                (
                    "amends",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="amended_by",
                        to="chats.legalact",
                        verbose_name="что изменяет",
                    ),
                ),
                ("passage", models.TextField(blank=True, max_length=2000, verbose_name="главное, своими словами")),
                ("gives", models.TextField(blank=True, max_length=1000, verbose_name="что даёт порталу")),
                (
                    "link",
                    models.CharField(
                        blank=True, max_length=500, validators=[chats.models.library.check_link], verbose_name="ссылка"
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=300, verbose_name="откуда сведения")),
                ("checked_on", models.DateField(blank=True, null=True, verbose_name="сведения проверены")),
                ("search_key", models.TextField(editable=False, verbose_name="ключ поиска")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="изменён")),
            ],
            options={
                "verbose_name": "правовой акт",
                "verbose_name_plural": "нормативная база",
                "ordering": ["-adopted_on", "id"],
                "indexes": [models.Index(fields=["updated_at"], name="legal_act_by_change")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("link", ""),
                            ("link__startswith", "https://"),
                            ("link__startswith", "http://"),
                            _connector="OR",
                        ),
                        name="legal_act_link_on_the_web",
                        violation_error_message="Впишите адрес страницы целиком, с https:// или http:// — так, как он стоит в адресной строке.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lost_force_on", None),
                            ("in_force_on", None),
                            ("lost_force_on__gte", models.F("in_force_on")),
                            _connector="OR",
                        ),
                        name="legal_act_ends_after_it_begins",
                        violation_error_message="Акт не может утратить силу раньше, чем вступил в неё.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("superseded_by", models.F("id")), _negated=True),
                            models.Q(("amends", models.F("id")), _negated=True),
                        ),
                        name="legal_act_is_not_its_own_successor",
                        violation_error_message="Акт не может заменять или изменять сам себя.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChosenCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chosen_cases",
                        to="schools.school",
                        verbose_name="школа",
                    ),
                ),
                (
                    "use_case",
                    models.PositiveSmallIntegerField(
                        choices=chats.use_cases.use_case_choices, verbose_name="кейс использования"
                    ),
                ),
                ("chosen_on", models.DateField(default=django.utils.timezone.localdate, verbose_name="с какого дня")),
                (
                    "chosen_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто",
                    ),
                ),
            ],
            options={
                "verbose_name": "нужный школе кейс",
                "verbose_name_plural": "нужные школам кейсы",
                "constraints": [models.UniqueConstraint(fields=("school", "use_case"), name="chosen_case_once")],
            },
        ),
        migrations.CreateModel(
            name="OrderTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField(max_length=60, verbose_name="ключ")),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="версия")),
                ("name", models.CharField(max_length=120, verbose_name="название")),
                ("purpose", models.CharField(max_length=300, verbose_name="когда нужен")),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(3, "муниципалитет"), (4, "школа")], default=4, verbose_name="кто издаёт"
                    ),
                ),
                ("place_in_list", models.PositiveSmallIntegerField(default=100, verbose_name="место в списке")),
                (
                    "subject",
                    models.CharField(
                        help_text="Отвечает на вопрос «о чём?».", max_length=300, verbose_name="заголовок приказа"
                    ),
                ),
                ("text", models.TextField(max_length=20000, verbose_name="текст")),
                ("plans", models.JSONField(blank=True, default=dict, verbose_name="сроки этапов")),
                ("acts", models.JSONField(blank=True, default=list, verbose_name="основания по умолчанию")),
                ("to_all", models.BooleanField(default=False, verbose_name="знакомят всех сотрудников")),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="Например: новый срок регистрации по письму ведомства.",
                        max_length=300,
                        verbose_name="что и почему изменили",
                    ),
                ),
                ("replaced_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="заменён")),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто изменил",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="создан"),
                ),
            ],
            options={
                "verbose_name": "шаблон приказа",
                "verbose_name_plural": "шаблоны приказов",
                "ordering": ["place_in_list", "key", "-version"],
                "constraints": [
                    models.UniqueConstraint(fields=("key", "version"), name="order_template_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("replaced_at", None)),
                        fields=("key",),
                        name="order_template_has_one_version_in_use",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NameForms",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "staff",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="name_forms",
                        to="staff.staffmember",
                        verbose_name="сотрудник",
                    ),
                ),
                ("name", models.CharField(max_length=310, verbose_name="имя, которое склоняли")),
                ("names", models.JSONField(default=dict, verbose_name="имя по падежам")),
                ("position", models.CharField(blank=True, max_length=200, verbose_name="должность, которую склоняли")),
                ("positions", models.JSONField(default=dict, verbose_name="должность по падежам")),
            ],
            options={
                "verbose_name": "падежи имени",
                "verbose_name_plural": "падежи имён",
            },
        ),
        migrations.CreateModel(
            name="Resource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.SlugField(
                        blank=True, editable=False, max_length=60, null=True, unique=True, verbose_name="ключ"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        help_text="Пусто — для всей страны.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="resources",
                        to="schools.region",
                        verbose_name="регион",
                    ),
                ),
                ("title", models.CharField(max_length=150, verbose_name="название")),
                ("kind", models.CharField(choices=chats.useful_links.kind_choices, max_length=20, verbose_name="вид")),
                (
                    "link",
                    models.CharField(
                        max_length=500, validators=[chats.models.library.check_link], verbose_name="ссылка"
                    ),
                ),
                ("for_coordinators", models.BooleanField(default=False, verbose_name="координаторам")),
                ("for_administrators", models.BooleanField(default=False, verbose_name="администраторам школ")),
                ("for_teachers", models.BooleanField(default=False, verbose_name="педагогам")),
                ("for_families", models.BooleanField(default=False, verbose_name="обучающимся и родителям")),
                ("body", models.CharField(blank=True, max_length=150, verbose_name="кто ведёт")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="примечание")),
                ("checked_on", models.DateField(blank=True, null=True, verbose_name="ссылку проверяли")),
                ("withdrawn_on", models.DateField(blank=True, null=True, verbose_name="убран из списка")),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто добавил",
                    ),
                ),
                ("search_key", models.TextField(editable=False, verbose_name="ключ поиска")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="изменён")),
            ],
            options={
                "verbose_name": "полезный ресурс",
                "verbose_name_plural": "полезные ресурсы",
                "ordering": ["kind", "title", "id"],
                "indexes": [models.Index(fields=["updated_at"], name="resource_by_change")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("link", ""),
                            ("link__startswith", "https://"),
                            ("link__startswith", "http://"),
                            _connector="OR",
                        ),
                        name="resource_link_on_the_web",
                        violation_error_message="Впишите адрес страницы целиком, с https:// или http:// — так, как он стоит в адресной строке.",
                    ),
                    models.UniqueConstraint(
                        fields=("region", "link"),
                        name="resource_link_once_in_region",
                        violation_error_message="Такая ссылка у региона уже есть: поправьте её.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("region", None)),
                        fields=("link",),
                        name="resource_link_once_for_the_country",
                        violation_error_message="Такая ссылка в общем списке уже есть.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChatMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "chat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="chats.chat",
                        verbose_name="чат",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="staff.staffmember",
                        verbose_name="сотрудник",
                    ),
                ),
                (
                    "pupil",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.pupil",
                        verbose_name="обучающийся",
                    ),
                ),
                (
                    "guardian",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.guardian",
                        verbose_name="представитель",
                    ),
                ),
                ("joined_on", models.DateField(default=django.utils.timezone.localdate, verbose_name="в чате с")),
                ("left_on", models.DateField(blank=True, null=True, verbose_name="вышел")),
            ],
            options={
                "verbose_name": "участник чата",
                "verbose_name_plural": "участники чатов",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("guardian", None), ("pupil", None), ("staff__isnull", False)),
                            models.Q(("guardian", None), ("pupil__isnull", False), ("staff", None)),
                            models.Q(("guardian__isnull", False), ("pupil", None), ("staff", None)),
                            _connector="OR",
                        ),
                        name="chat_member_is_one_person",
                    ),
                    models.UniqueConstraint(fields=("chat", "staff"), name="chat_member_of_staff_once"),
                    models.UniqueConstraint(fields=("chat", "pupil"), name="chat_member_pupil_once"),
                    models.UniqueConstraint(fields=("chat", "guardian"), name="chat_member_guardian_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChatMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "chat",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="move",
                        to="chats.chat",
                        verbose_name="чат",
                    ),
                ),
                (
                    "new_chat",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="moved_from",
                        to="chats.chat",
                        verbose_name="новый чат",
                    ),
                ),
                ("done", models.JSONField(blank=True, default=dict, editable=False, verbose_name="что сделано")),
                ("started_on", models.DateField(default=django.utils.timezone.localdate, verbose_name="начат")),
                ("finished_on", models.DateField(blank=True, null=True, verbose_name="закончен")),
                (
                    "started_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто",
                    ),
                ),
            ],
            options={
                "verbose_name": "перенос чата",
                "verbose_name_plural": "переносы чатов",
            },
        ),
        migrations.CreateModel(
            name="OrderBatch",
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
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="chats.ordertemplate",
                        verbose_name="шаблон",
                    ),
                ),
                ("values", models.JSONField(default=dict, verbose_name="общие значения")),
                ("school_ids", models.JSONField(default=list, verbose_name="школы")),
                (
                    "archive",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="schools.storedfile",
                        verbose_name="архив",
                    ),
                ),
            ],
            options={
                "verbose_name": "приказы многим школам",
                "verbose_name_plural": "приказы многим школам",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("municipality", None), ("region__isnull", False)),
                            models.Q(("municipality__isnull", False), ("region", None)),
                            _connector="OR",
                        ),
                        name="order_batch_is_of_one_place",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Order",
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
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="chats.ordertemplate",
                        verbose_name="шаблон",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "проект"), ("issued", "издан"), ("cancelled", "отменён")],
                        default="draft",
                        max_length=10,
                        verbose_name="состояние",
                    ),
                ),
                ("subject", models.CharField(max_length=300, verbose_name="о чём")),
                ("text", models.TextField(max_length=20000, verbose_name="текст с полями")),
                ("values", models.JSONField(default=dict, verbose_name="значения полей")),
                ("signer_name", models.CharField(blank=True, max_length=200, verbose_name="кто подписывает")),
                (
                    "signer_position",
                    models.CharField(
                        blank=True, default="Директор", max_length=200, verbose_name="должность подписывающего"
                    ),
                ),
                (
                    "organisation",
                    models.CharField(
                        blank=True, help_text="Пусто — имя из карточки.", max_length=300, verbose_name="кто издаёт"
                    ),
                ),
                ("founder", models.CharField(blank=True, max_length=300, verbose_name="учредитель")),
                ("city", models.CharField(blank=True, max_length=100, verbose_name="место издания")),
                (
                    "profile",
                    models.CharField(
                        choices=[("gost2025", "ГОСТ Р 7.0.97-2025"), ("gost2016", "ГОСТ Р 7.0.97-2016")],
                        default="gost2025",
                        max_length=10,
                        verbose_name="оформление",
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=30, verbose_name="номер")),
                ("signed_on", models.DateField(blank=True, null=True, verbose_name="дата подписания")),
                ("year", models.PositiveSmallIntegerField(blank=True, editable=False, null=True, verbose_name="год")),
                (
                    "paper_kept",
                    models.JSONField(blank=True, editable=False, null=True, verbose_name="приказ, каким издан"),
                ),
                ("sha256", models.CharField(blank=True, editable=False, max_length=64, verbose_name="отпечаток")),
                ("done", models.JSONField(default=dict, editable=False, verbose_name="что сделано по приказу")),
                (
                    "scan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="schools.storedfile",
                        verbose_name="скан подписанного",
                    ),
                ),
                (
                    "changes",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changed_by",
                        to="chats.order",
                        verbose_name="что изменяет",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="orders",
                        to="chats.orderbatch",
                        verbose_name="подготовлен вместе с другими",
                    ),
                ),
                ("cancelled_on", models.DateField(blank=True, null=True, verbose_name="отменён с")),
                ("cancel_reason", models.CharField(blank=True, max_length=300, verbose_name="почему отменён")),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто начал",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто издал",
                    ),
                ),
                ("issued_at", models.DateTimeField(blank=True, null=True, verbose_name="издан")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="версия")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="начат"),
                ),
                (
                    "updated_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="изменён"),
                ),
            ],
            options={
                "verbose_name": "приказ",
                "verbose_name_plural": "приказы",
                "ordering": ["-id"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["school", "-year", "-id"], name="order_of_school"),
                    models.Index(fields=["municipality", "-year", "-id"], name="order_of_municipality"),
                    models.Index(fields=["updated_at"], name="order_by_change"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("level", 2), ("municipality", None), ("region__isnull", False), ("school", None)),
                            models.Q(("level", 3), ("municipality__isnull", False), ("region", None), ("school", None)),
                            models.Q(("level", 4), ("municipality", None), ("region", None), ("school__isnull", False)),
                            _connector="OR",
                        ),
                        name="order_names_the_place_of_its_level",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("school__isnull", False), models.Q(("number", ""), _negated=True)),
                        fields=("school", "year", "number"),
                        name="order_number_once_a_year_in_school",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("municipality__isnull", False), models.Q(("number", ""), _negated=True)),
                        fields=("municipality", "year", "number"),
                        name="order_number_once_a_year_in_municipality",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("number", ""), ("signed_on", None), ("state", "draft"), ("year", None)),
                            models.Q(
                                models.Q(("state", "draft"), _negated=True),
                                models.Q(("number", ""), _negated=True),
                                ("signed_on__isnull", False),
                                ("year__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="order_has_number_and_date_once_issued",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cancelled_on", None),
                            models.Q(("cancelled_on__gte", models.F("signed_on")), ("state", "cancelled")),
                            _connector="OR",
                        ),
                        name="order_is_cancelled_after_it_was_issued",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Acknowledgement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="acknowledgements",
                        to="chats.order",
                        verbose_name="приказ",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="acknowledgements",
                        to="staff.staffmember",
                        verbose_name="сотрудник",
                    ),
                ),
                ("name", models.CharField(max_length=310, verbose_name="фамилия, имя, отчество")),
                ("position", models.CharField(blank=True, max_length=200, verbose_name="должность")),
                ("acknowledged_on", models.DateField(blank=True, null=True, verbose_name="ознакомлен")),
                (
                    "marked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто отметил",
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="изменён"),
                ),
            ],
            options={
                "verbose_name": "ознакомление с приказом",
                "verbose_name_plural": "ознакомления с приказами",
                "ordering": ["order", "name", "id"],
                "indexes": [models.Index(fields=["updated_at"], name="acknowledgement_by_change")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("staff__isnull", False)),
                        fields=("order", "staff"),
                        name="staff_acknowledges_order_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Duty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="duties",
                        to="chats.order",
                        verbose_name="приказ",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="duties",
                        to="staff.staffmember",
                        verbose_name="сотрудник",
                    ),
                ),
                ("field", models.CharField(max_length=30, verbose_name="обязанность")),
                ("starts_on", models.DateField(verbose_name="с")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="по")),
            ],
            options={
                "verbose_name": "обязанность по приказу",
                "verbose_name_plural": "обязанности по приказам",
                "ordering": ["field", "-starts_on", "id"],
                "indexes": [models.Index(fields=["staff", "field"], name="duty_of_staff")],
            },
        ),
        migrations.RunPython(
            import_module("chats.migrations.0004_first_acts_and_resources").fill, migrations.RunPython.noop
        ),
        migrations.RunPython(
            import_module("chats.migrations.0006_first_texts_of_orders").fill, migrations.RunPython.noop
        ),
    ]
