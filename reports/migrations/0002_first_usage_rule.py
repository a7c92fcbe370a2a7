"""The rule of «использует» that holds until somebody sets another one."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def begin(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Make the first rule: one active teacher and one active chat in the week."""
    rule = apps.get_model("reports", "UsageRule")
    if not rule.objects.exists():
        rule.objects.create(
            starts_week=200001,
            reason="Начальное правило портала: определение «использует» нигде не опубликовано.",
        )


class Migration(migrations.Migration):
    """The first usage rule."""

    dependencies = [("reports", "0001_weeks_and_ratings")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
