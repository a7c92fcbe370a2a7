import django.db.models.deletion
from django.db import migrations, models

import chats.use_cases


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0008_check_requests"),
        ("schools", "0008_tokens_that_reconcile"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChatCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("counted_at", models.DateTimeField(auto_now_add=True, verbose_name="посчитано")),
                ("schools", models.PositiveIntegerField(verbose_name="школ")),
                ("changed", models.PositiveIntegerField(verbose_name="изменилось строк")),
                ("seconds", models.FloatField(verbose_name="секунд")),
                (
                    "region",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="schools.region"
                    ),
                ),
            ],
            options={
                "verbose_name": "подсчёт чатов",
                "verbose_name_plural": "подсчёты чатов",
                "ordering": ["-id"],
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
                    "use_case",
                    models.PositiveSmallIntegerField(choices=chats.use_cases.use_case_choices, verbose_name="кейс"),
                ),
                ("expected", models.PositiveSmallIntegerField(verbose_name="должно быть чатов")),
                ("present", models.PositiveSmallIntegerField(verbose_name="есть чатов")),
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
                    "region",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.region",
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
    ]
