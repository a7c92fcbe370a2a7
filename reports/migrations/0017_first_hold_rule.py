"""The rule that holds suspicious values from the first week that is not published yet."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

REASON = "Начальное правило портала: подозрительное значение сначала смотрит человек. Пороги — наше определение."


def begin(apps: Apps, editor: BaseDatabaseSchemaEditor | None) -> None:
    """Hold from the week after the last published one: what was published before is counted again as it was."""
    rule, rating = apps.get_model("reports", "HoldRule"), apps.get_model("reports", "Rating")
    last = rating.objects.exclude(state="draft").order_by("-week").values_list("week", flat=True).first()
    if not rule.objects.exists():
        rule.objects.create(starts_week=last + 1 if last else 200001, is_on=True, reason=REASON)


class Migration(migrations.Migration):
    """The first rule."""

    dependencies = [("reports", "0016_values_held_for_a_human")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
