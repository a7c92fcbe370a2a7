"""Rows of a counted week are history: no foreign-key checks tie them to the living places, as with activity."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A million key checks a week would cost more than the count itself (performance.md)."""

    dependencies = [
        ("reports", "0002_first_usage_rule"),
        ("schools", "0002_regions_of_russia"),
    ]

    operations = [
        migrations.AlterField(
            model_name="ratingrow",
            name="municipality",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="schools.municipality",
            ),
        ),
        migrations.AlterField(
            model_name="ratingrow",
            name="rating",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rows",
                to="reports.rating",
            ),
        ),
        migrations.AlterField(
            model_name="ratingrow",
            name="region",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="schools.region",
            ),
        ),
        migrations.AlterField(
            model_name="schoolweek",
            name="municipality",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="schools.municipality",
            ),
        ),
        migrations.AlterField(
            model_name="schoolweek",
            name="rating",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="school_weeks",
                to="reports.rating",
            ),
        ),
        migrations.AlterField(
            model_name="schoolweek",
            name="region",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="schools.region",
            ),
        ),
        migrations.AlterField(
            model_name="schoolweek",
            name="school",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="weeks",
                to="schools.school",
            ),
        ),
    ]
