"""Whoever has signed in before visits were counted has been here; a school is as old as its last change at least."""

from typing import Any

from django.db import migrations
from django.db.models import F
from django.db.models.functions import TruncDate


def fill(apps: Any, schema_editor: Any) -> None:
    """Put the day of the last login, and the moment a school was last changed, where nothing better is known."""
    seen = apps.get_model("schools", "User").objects.filter(seen_on=None, last_login__isnull=False)
    seen.update(seen_on=TruncDate("last_login"), first_seen_on=TruncDate("last_login"))
    apps.get_model("schools", "School").objects.filter(updated_at__lt=F("created_at")).update(
        created_at=F("updated_at")
    )


class Migration(migrations.Migration):
    """Fill what the fields of 0004 could not know."""

    dependencies = [
        ("schools", "0004_first_visits_second_factors_and_sheets"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
