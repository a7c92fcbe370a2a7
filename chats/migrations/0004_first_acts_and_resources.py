"""The acts the source deck cites and its links: what the library and the list of resources begin with."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from chats.first_content import add_missing


def fill(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Add every act and resource that is not there yet."""
    add_missing(apps.get_model("chats", "LegalAct"), apps.get_model("chats", "Resource"))


class Migration(migrations.Migration):
    """The first content."""

    dependencies = [("chats", "0003_library_of_acts_and_resources")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
