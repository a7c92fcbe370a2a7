"""Code from before levels keeps a table of schools while the new code is being rolled out: the database fills it in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0024_changes_of_figures")]

    operations = [
        migrations.AlterField(
            model_name="figureload",
            name="level",
            field=models.PositiveSmallIntegerField(
                choices=[(2, "регион"), (3, "муниципалитет"), (4, "школа")],
                db_default=4,
                default=4,
                verbose_name="чьи строки",
            ),
        ),
    ]
