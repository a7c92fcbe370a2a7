"""The repository keeps its habits; every check is shown a planted defect that it must find."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from chats.findings import FINDING_KINDS
from chats.legal_acts.catalogue import ACTS
from chats.legal_acts.kinds import KINDS as ACT_KINDS
from chats.legal_acts.kinds import STATES as ACT_STATES
from chats.moving import MOVE_STEPS
from chats.roles import ASSOCIATIONS, ROLES
from chats.use_cases import USE_CASES
from chats.useful_links import AUDIENCES, RESOURCES
from chats.useful_links import KINDS as RESOURCE_KINDS
from reports.checks.catalogue import CHECKS
from reports.indicators import INDICATORS
from schools.kinds import KINDS
from schools.platforms import CHANNELS, PLATFORMS
from schools.regions import REGIONS
from schools.scope import Paths, ScopedQuerySet
from staff.columns import COLUMNS
from tests import habits

ROOT = Path(__file__).resolve().parent.parent
Habit = Callable[[Path], list[str]]

DEFECTS: tuple[tuple[Habit, str, str], ...] = (
    (habits.doors_without_sight, "schools/views.py", '"""."""\nschools = School.objects.filter(pk=1)\n'),
    (habits.doors_without_sight, "reports/views/places.py", '"""."""\nrows = School.objects.all().visible_to(me)\n'),
    (habits.doors_without_sight, "staff/api.py", '"""."""\nrows = School._default_manager.all()\n'),
    (habits.doors_without_sight, "staff/forms.py", '"""."""\nschool = get_object_or_404(School, pk=1)\n'),
    (habits.signals, "schools/apps.py", '"""."""\nfrom django.db.models.signals import post_save\n'),
    (habits.signals, "schools/apps.py", '"""."""\nfrom django.dispatch import receiver\n'),
    (habits.imports_in_functions, "staff/tasks.py", '"""."""\ndef late():\n    from schools import jobs\n'),
    (habits.generic_keys, "chats/models.py", '"""."""\ntarget = GenericForeignKey("kind", "pk")\n'),
    (habits.unnamed_migrations, "chats/migrations/0002_auto_20261124.py", ""),
    (habits.direct_sends, "staff/views.py", '"""."""\nrun_import.delay(1)\n'),
    (habits.direct_sends, "staff/views.py", '"""."""\nrun_import.apply_async(args=[1])\n'),
    (habits.foreign_weeks, "reports/weeks.py", '"""."""\nname = day.strftime("%Y-W%W")\n'),
    (habits.foreign_weeks, "reports/weeks.py", '"""."""\nname = day.strftime("%Y-W%V")\n'),
    (habits.undocumented_modules, "reports/weeks.py", "week = 1\n"),
    (habits.long_modules, "reports/weeks.py", "week = 1\n" * 401),
    (habits.unused_templates, "templates/lonely.html", "<p>Никто меня не зовёт</p>\n"),
    (habits.inline_code, "templates/page.html", "<script>alert(1)</script>\n"),
    (habits.inline_code, "templates/page.html", '<p style="color: red">Да</p>\n'),
    (habits.inline_code, "templates/page.html", '<button onclick="go()">Да</button>\n'),
    (habits.inline_code, "templates/page.html", "<style>p { color: red }</style>\n"),
    (habits.other_words_for_pupils, "templates/page.html", "<p>Учащихся: 3</p>\n"),
    (habits.other_words_for_pupils, "schools/steps.py", '"""."""\naction = "Добавьте учащихся"\n'),
    (habits.outside_hosts, "templates/page.html", '<script src="https://cdn.example.org/x.js"></script>\n'),
    (habits.outside_hosts, "templates/page.html", '<link rel="stylesheet" href="//fonts.example.org/x.css">\n'),
    (habits.outside_hosts, "static/theme.css", "@font-face { src: url(https://fonts.example.org/x.woff2) }\n"),
    (habits.lost_source_maps, "static/x.js", "//# sourceMappingURL=x.js.map\n"),
    (habits.loose_requirements, "requirements.txt", "django>=5  # the framework\n"),
    (habits.loose_requirements, "requirements.txt", "django==5.2.1\n"),
    (habits.loose_requirements, "requirements.txt", "django==5.2.1  # not what constraints.txt says\n"),
)


def plant(root: Path, name: str, text: str) -> None:
    """Write a file of a tree that is otherwise empty."""
    for needed in ("templates/.keep", "static/.keep", "constraints.txt", name):
        (root / needed).parent.mkdir(parents=True, exist_ok=True)
    (root / "constraints.txt").write_text("django==5.2.19\n")
    (root / name).write_text(text)


@pytest.mark.parametrize("habit", habits.TREE_HABITS, ids=lambda habit: habit.__name__)
def test_repository_keeps_its_habit(habit: Habit) -> None:
    found = habit(ROOT)

    assert found == []


@pytest.mark.parametrize(
    "habit, name, text", DEFECTS, ids=[f"{each[0].__name__}-{n}" for n, each in enumerate(DEFECTS)]
)
def test_planted_defect_is_found(habit: Habit, name: str, text: str, tmp_path: Path) -> None:
    plant(tmp_path, name, text)

    found = habit(tmp_path)

    assert len(found) == 1
    assert Path(name).name in found[0]


def test_every_habit_has_a_planted_defect() -> None:
    tried = {habit for habit, _, _ in DEFECTS}

    assert tried == set(habits.TREE_HABITS)


def test_habits_look_at_something() -> None:
    """A check that examined nothing is no check."""
    doors = [path for path, _ in habits.sources(ROOT) if habits.is_door(path)]

    assert len(doors) >= 5
    assert len(list(habits.templates(ROOT))) >= 20


LISTS: dict[str, tuple[tuple[Any, ...], tuple[str, ...]]] = {
    "platforms": (PLATFORMS, ("key", "number")),
    "channels": (CHANNELS, ("key", "number")),
    "kinds": (KINDS, ("key",)),
    "regions": (REGIONS, ("code", "name")),
    "legal acts": (ACTS, ("key",)),
    "kinds of acts": (ACT_KINDS, ("key", "title")),
    "states of acts": (ACT_STATES, ("key", "name")),
    "resources": (RESOURCES, ("key", "link", "title")),
    "kinds of resources": (RESOURCE_KINDS, ("key", "name")),
    "audiences": (AUDIENCES, ("key", "field", "name")),
    "use cases": (USE_CASES, ("number", "key", "name", "title")),
    "roles": (ROLES, ("role", "name")),
    "associations": (ASSOCIATIONS, ("number", "name")),
    "findings of chats": (FINDING_KINDS, ("number", "key", "title")),
    "steps of a move": (MOVE_STEPS, ("key", "title")),
    "indicators": (INDICATORS, ("key", "number", "name")),
    "columns": (COLUMNS, ("key", "header")),
    "checks": (CHECKS, ("key", "number", "name")),
}


@pytest.mark.parametrize("name", LISTS)
def test_keys_of_a_data_file_are_unique(name: str) -> None:
    entries, keys = LISTS[name]

    found = habits.repeated(entries, *keys)

    assert entries
    assert found == []


def test_repeated_key_is_found() -> None:
    entries = [SimpleNamespace(key="a", number=1), SimpleNamespace(key="a", number=2)]

    found = habits.repeated(entries, "key", "number")

    assert found == ["key='a' 2 times"]


def our_models() -> list[type[models.Model]]:
    """The models of our apps, those that libraries swap in included."""
    return [model for app in habits.APPS for model in apps.get_app_config(app).get_models()]


def test_every_model_has_a_rule_of_sight() -> None:
    found = habits.models_without_sight(our_models())

    assert found == []


def test_model_without_a_rule_of_sight_is_found() -> None:
    class Manager:
        def __init__(self, queryset: Any) -> None:
            self.queryset = queryset

        def all(self) -> Any:
            return self.queryset

    blind = SimpleNamespace(__name__="Blind", _default_manager=Manager(models.QuerySet()))
    silent = SimpleNamespace(__name__="Silent", _default_manager=Manager(ScopedQuerySet()))
    sighted = SimpleNamespace(__name__="Sighted", _default_manager=Manager(ScopedQuerySet()), sight=Paths(region="r"))

    found = habits.models_without_sight([blind, silent, sighted])

    assert found == ["Blind: no rule of sight", "Silent: no rule of sight"]


@pytest.mark.django_db
def test_no_model_changes_without_a_migration() -> None:
    said = StringIO()

    call_command("makemigrations", check=True, dry_run=True, stdout=said)

    assert "No changes detected" in said.getvalue()


def test_model_changed_without_a_migration_is_found(tmp_path: Path) -> None:
    for name in (*habits.APPS, "templates", "static", "manage.py"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    model = tmp_path / "chats" / "models" / "chats.py"
    model.write_text(
        model.read_text() + '\n\nclass Stray(models.Model):\n    name = models.CharField("имя", max_length=9)\n'
    )
    environment = {"DATA_DIR": str(tmp_path / "data"), "PATH": "/usr/bin:/bin"}

    done = subprocess.run(
        [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1, done.stderr
    assert "Create model Stray" in done.stdout
