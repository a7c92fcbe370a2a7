"""Tokens made in the profile: limited to a place and to networks, with their last use and a reminder of their end."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0011_tokens_that_write_orders"),
    ]

    operations = [
        migrations.AddField(
            model_name="accesstoken",
            name="municipality",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="schools.municipality",
                verbose_name="муниципалитет",
            ),
        ),
        migrations.AddField(
            model_name="accesstoken",
            name="networks",
            field=models.JSONField(blank=True, db_default=[], default=list, verbose_name="с каких адресов"),
        ),
        migrations.AddField(
            model_name="accesstoken",
            name="purpose",
            field=models.CharField(blank=True, db_default="", max_length=200, verbose_name="для чего"),
        ),
        migrations.AddField(
            model_name="accesstoken",
            name="region",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="schools.region",
                verbose_name="регион",
            ),
        ),
        migrations.AddField(
            model_name="accesstoken",
            name="reminded_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="напомнили о сроке"),
        ),
        migrations.AddField(
            model_name="accesstoken",
            name="school",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="schools.school",
                verbose_name="школа",
            ),
        ),
        migrations.AddField(
            model_name="accesstoken",
            name="used_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="использован"),
        ),
        migrations.AddField(
            model_name="accesstoken",
            name="used_from",
            field=models.CharField(
                blank=True, db_default="", editable=False, max_length=50, verbose_name="из какой сети"
            ),
        ),
        migrations.AlterField(
            model_name="accesstoken",
            name="name",
            field=models.CharField(blank=True, max_length=100, verbose_name="название"),
        ),
        migrations.AddConstraint(
            model_name="accesstoken",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("municipality", None), ("school", None)),
                    models.Q(("region", None), ("school", None)),
                    models.Q(("municipality", None), ("region", None)),
                    _connector="OR",
                ),
                name="accesstoken_is_limited_to_one_place",
            ),
        ),
    ]
