"""Webhooks, the deliveries made to them and the tries of each."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import schools.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0012_tokens_made_in_the_profile"),
    ]

    operations = [
        migrations.CreateModel(
            name="Webhook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="webhooks",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="чей",
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
            ],
            options={
                "verbose_name": "вебхук",
                "verbose_name_plural": "вебхуки",
                "ordering": ["name", "id"],
                "abstract": False,
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
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="начато")),
                (
                    "started_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="взято в работу"),
                ),
                ("finished_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="закончено")),
                ("event", models.CharField(max_length=40, verbose_name="событие")),
                ("message_id", models.CharField(max_length=60, verbose_name="номер сообщения")),
                ("body", models.TextField(verbose_name="тело")),
                ("tries", models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="отправлено раз")),
                (
                    "due_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="не раньше"),
                ),
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
                (
                    "webhook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="schools.webhook",
                        verbose_name="вебхук",
                    ),
                ),
            ],
            options={
                "verbose_name": "доставка вебхука",
                "verbose_name_plural": "доставки вебхуков",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="WebhookTry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="какая по счёту")),
                ("tried_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="когда")),
                ("status", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="код ответа")),
                ("milliseconds", models.PositiveIntegerField(verbose_name="длилась, мс")),
                ("answer", models.CharField(blank=True, max_length=200, verbose_name="начало ответа")),
                ("error", models.CharField(blank=True, max_length=200, verbose_name="что помешало")),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="log",
                        to="schools.webhookdelivery",
                        verbose_name="доставка",
                    ),
                ),
            ],
            options={
                "verbose_name": "попытка доставки",
                "verbose_name_plural": "попытки доставки",
                "ordering": ["-id"],
            },
        ),
        migrations.AddConstraint(
            model_name="webhook",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("municipality", None), ("school", None)),
                    models.Q(("region", None), ("school", None)),
                    models.Q(("municipality", None), ("region", None)),
                    _connector="OR",
                ),
                name="webhook_is_limited_to_one_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="webhookdelivery",
            constraint=models.UniqueConstraint(
                fields=("webhook", "message_id"), name="webhook_is_told_of_an_event_once"
            ),
        ),
    ]
