"""Django's migrate, and after it what follows from code and needs its tables: the group of coordinators."""

from typing import Any

from django.core.management.commands.migrate import Command as Migrate
from django.db import DEFAULT_DB_ALIAS, connections

from schools.rights import coordinators_group

NEEDED = {"auth_group", "auth_permission", "django_content_type"}


class Command(Migrate):
    """migrate [APP [MIGRATION]]: as ever; rights of new models stand in the group when it is done."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, then make the group; not where only the plan is asked for, nor back before rights existed."""
        super().handle(*args, **options)
        database = options["database"]
        if options["plan"] or options["check_unapplied"] or database != DEFAULT_DB_ALIAS:
            return
        if set(connections[database].introspection.table_names()) >= NEEDED:
            coordinators_group()
