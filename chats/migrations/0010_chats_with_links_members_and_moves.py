import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import chats.roles
import chats.use_cases
import schools.platforms


class Migration(migrations.Migration):
    dependencies = [
        ("chats", "0007_orders_for_many_schools"),
        ("schools", "0008_tokens_that_reconcile"),
        ("staff", "0003_staff_known_since"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ChatMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("joined_on", models.DateField(default=django.utils.timezone.localdate, verbose_name="в чате с")),
                ("left_on", models.DateField(blank=True, null=True, verbose_name="вышел")),
            ],
            options={
                "verbose_name": "участник чата",
                "verbose_name_plural": "участники чатов",
            },
        ),
        migrations.CreateModel(
            name="ChatMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("done", models.JSONField(blank=True, default=dict, editable=False, verbose_name="что сделано")),
                ("started_on", models.DateField(default=django.utils.timezone.localdate, verbose_name="начат")),
                ("finished_on", models.DateField(blank=True, null=True, verbose_name="закончен")),
            ],
            options={
                "verbose_name": "перенос чата",
                "verbose_name_plural": "переносы чатов",
            },
        ),
        migrations.CreateModel(
            name="ChosenCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "use_case",
                    models.PositiveSmallIntegerField(
                        choices=chats.use_cases.use_case_choices, verbose_name="кейс использования"
                    ),
                ),
                ("chosen_on", models.DateField(default=django.utils.timezone.localdate, verbose_name="с какого дня")),
            ],
            options={
                "verbose_name": "нужный школе кейс",
                "verbose_name_plural": "нужные школам кейсы",
            },
        ),
        migrations.AddField(
            model_name="chat",
            name="area",
            field=models.PositiveSmallIntegerField(
                blank=True, choices=chats.roles.association_choices, null=True, verbose_name="методическое объединение"
            ),
        ),
        migrations.AddField(
            model_name="chat",
            name="ends_on",
            field=models.DateField(blank=True, null=True, verbose_name="нужен до"),
        ),
        migrations.AddField(
            model_name="chat",
            name="link",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=500, verbose_name="ссылка-приглашение"
            ),
        ),
        migrations.AddField(
            model_name="chat",
            name="updated_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(),
                default=django.utils.timezone.now,
                editable=False,
                verbose_name="изменён",
            ),
        ),
        migrations.AddField(
            model_name="chat",
            name="version",
            field=models.PositiveIntegerField(db_default=1, default=1, editable=False, verbose_name="версия"),
        ),
        migrations.AlterField(
            model_name="chat",
            name="external_id",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="По нему узнают чат в недельной выгрузке оператора.",
                max_length=100,
                verbose_name="номер на площадке",
            ),
        ),
        migrations.AlterField(
            model_name="chat",
            name="channel",
            field=models.PositiveSmallIntegerField(
                choices=schools.platforms.chat_channel_choices, verbose_name="канал"
            ),
        ),
        migrations.AddConstraint(
            model_name="chat",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("opened_on")), _connector="OR"),
                name="chat_ends_after_it_opens",
            ),
        ),
        migrations.AddField(
            model_name="chatmember",
            name="chat",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="members", to="chats.chat", verbose_name="чат"
            ),
        ),
        migrations.AddField(
            model_name="chatmember",
            name="guardian",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="schools.guardian",
                verbose_name="представитель",
            ),
        ),
        migrations.AddField(
            model_name="chatmember",
            name="pupil",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="schools.pupil",
                verbose_name="обучающийся",
            ),
        ),
        migrations.AddField(
            model_name="chatmember",
            name="staff",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="staff.staffmember",
                verbose_name="сотрудник",
            ),
        ),
        migrations.AddField(
            model_name="chatmove",
            name="chat",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="move", to="chats.chat", verbose_name="чат"
            ),
        ),
        migrations.AddField(
            model_name="chatmove",
            name="new_chat",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="moved_from",
                to="chats.chat",
                verbose_name="новый чат",
            ),
        ),
        migrations.AddField(
            model_name="chatmove",
            name="started_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="кто",
            ),
        ),
        migrations.AddField(
            model_name="chosencase",
            name="chosen_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="кто",
            ),
        ),
        migrations.AddField(
            model_name="chosencase",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="chosen_cases",
                to="schools.school",
                verbose_name="школа",
            ),
        ),
        migrations.AddConstraint(
            model_name="chatmember",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("guardian", None), ("pupil", None), ("staff__isnull", False)),
                    models.Q(("guardian", None), ("pupil__isnull", False), ("staff", None)),
                    models.Q(("guardian__isnull", False), ("pupil", None), ("staff", None)),
                    _connector="OR",
                ),
                name="chat_member_is_one_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="chatmember",
            constraint=models.UniqueConstraint(fields=("chat", "staff"), name="chat_member_of_staff_once"),
        ),
        migrations.AddConstraint(
            model_name="chatmember",
            constraint=models.UniqueConstraint(fields=("chat", "pupil"), name="chat_member_pupil_once"),
        ),
        migrations.AddConstraint(
            model_name="chatmember",
            constraint=models.UniqueConstraint(fields=("chat", "guardian"), name="chat_member_guardian_once"),
        ),
        migrations.AddConstraint(
            model_name="chosencase",
            constraint=models.UniqueConstraint(fields=("school", "use_case"), name="chosen_case_once"),
        ),
    ]
