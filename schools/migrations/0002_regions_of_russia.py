"""Fill in the 89 subjects of the federation."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from schools.regions import REGIONS


def fill(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Add every region that is not there yet."""
    region = apps.get_model("schools", "Region")
    known = set(region.objects.values_list("code", flat=True))
    region.objects.bulk_create(region(**fact._asdict()) for fact in REGIONS if fact.code not in known)


class Migration(migrations.Migration):
    """The regions."""

    dependencies = [("schools", "0001_places_and_people")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
