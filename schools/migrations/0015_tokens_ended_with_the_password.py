from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0014_changes_told_to_copies"),
    ]

    operations = [
        migrations.AddField(
            model_name="accesstoken",
            name="ended_because",
            field=models.CharField(
                blank=True, db_default="", editable=False, max_length=50, verbose_name="почему закончился"
            ),
        ),
    ]
