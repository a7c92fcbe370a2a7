"""The weights of the composite score that hold until somebody sets others."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

WEIGHTS = {
    "staff_active": 30,
    "staff_profile": 15,
    "staff_confirmed": 15,
    "classes_with_chat": 15,
    "chats_present": 10,
    "names_in_order": 5,
    "steps_done": 10,
}


def begin(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Weigh what every school can measure by itself: what only an operator gives would leave regions without a score."""
    rule = apps.get_model("reports", "CompositeRule")
    if not rule.objects.exists():
        rule.objects.create(starts_week=200001, weights=WEIGHTS, reason="Начальные веса портала: образца нет.")


class Migration(migrations.Migration):
    """The first weights."""

    dependencies = [("reports", "0012_operators_figures_and_composite_score")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
