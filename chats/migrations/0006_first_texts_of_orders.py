"""The texts of orders the portal begins with."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from chats.orders.first_content import add_missing_templates


def fill(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Add every text that is not there yet."""
    add_missing_templates(apps.get_model("chats", "OrderTemplate"))


class Migration(migrations.Migration):
    """The first texts."""

    dependencies = [("chats", "0005_orders_and_who_has_read_them")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
