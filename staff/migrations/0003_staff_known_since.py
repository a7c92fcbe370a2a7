"""Staff remember since when the portal knows them; those of today have no such day: they count as known always."""

from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):
    """The column comes without a value for the rows there are, which Django would fill with today."""

    dependencies = [("staff", "0002_rosters_and_rollovers")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.AddField(
                    "staffmember", "known_on", models.DateField("на портале с", null=True, editable=False)
                )
            ],
            state_operations=[
                migrations.AddField(
                    "staffmember",
                    "known_on",
                    models.DateField("на портале с", null=True, editable=False, default=timezone.localdate),
                )
            ],
        )
    ]
