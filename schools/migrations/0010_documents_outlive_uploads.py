"""Documents that prove something are not erased with the uploads: those of roadmaps are marked."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def mark(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Mark the files of roadmaps."""
    files = apps.get_model("schools", "Roadmap")._default_manager.exclude(file=None).values("file")
    apps.get_model("schools", "StoredFile")._default_manager.filter(pk__in=files).update(is_document=True)


class Migration(migrations.Migration):
    """The mark, and the files that have it."""

    dependencies = [("schools", "0009_pupils_called_as_in_273_fz")]
    operations = [
        migrations.AddField(
            model_name="storedfile",
            name="is_document",
            field=models.BooleanField(db_default=False, default=False, verbose_name="документ, не стирается"),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
