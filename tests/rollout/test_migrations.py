"""A new portal's tables are made at once; the history beside them leads a portal of any earlier day to the same."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

OURS = ("schools", "staff", "chats", "reports")


def loaded(*, replace: bool) -> MigrationLoader:
    """What stands in the files, whatever has been applied here."""
    return MigrationLoader(None, replace_migrations=replace)


def history() -> list[tuple[str, str]]:
    """Every migration of every app step by step, in an order that can be applied."""
    graph = loaded(replace=False).graph
    ends = [node for node in graph.leaf_nodes() if "_squashed_" not in node[1]]
    return list(dict.fromkeys(node for end in ends for node in graph.forwards_plan(end)))


def test_tables_made_at_once_are_those_of_the_history() -> None:
    loader = loaded(replace=True)
    at_once = loader.project_state()
    step_by_step = ProjectState()
    files = loaded(replace=False).disk_migrations
    for node in history():
        step_by_step = files[node].mutate_state(step_by_step, preserve=False)

    changes = MigrationAutodetector(step_by_step, at_once).changes(loader.graph)

    assert {app: [each.operations for each in found] for app, found in changes.items()} == {}
    assert len(at_once.models) > 90


@pytest.mark.parametrize("app", OURS)
def test_history_is_replaced_as_a_whole(app: str) -> None:
    names = sorted(path.stem for path in Path(settings.BASE_DIR, app, "migrations").glob("0*.py"))
    (whole,) = (name for name in names if "_squashed_" in name)
    replaced = [name for _, name in loaded(replace=True).disk_migrations[app, whole].replaces]

    assert replaced == [name for name in names if name != whole][: len(replaced)]
    assert replaced[-1][:4] == whole.split("_squashed_")[1][:4]


@pytest.mark.parametrize("applied", [0, 1, 5, 20, 40, 49])
def test_portal_of_an_earlier_day_walks_on_from_where_it_stands(applied: int) -> None:
    steps = history()
    ours = [node for node in steps if node[0] in OURS]
    done = set(steps) - set(ours[applied:])

    made = [step for node in planned(done) for step in (loaded(replace=True).disk_migrations[node].replaces or [node])]
    assert sorted(made) == sorted(ours[applied:])  # each once, and nothing that is there already


def planned(done: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """The way to the newest tables of a database where these migrations are applied."""
    loader = MigrationLoader(None, load=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MigrationRecorder, "applied_migrations", lambda _: dict.fromkeys(done))
        loader.connection = connection
        loader.build_graph()
    ends, graph = loader.graph.leaf_nodes(), loader.graph
    wanted = dict.fromkeys(node for end in ends for node in graph.forwards_plan(end))
    return [node for node in wanted if node not in loader.applied_migrations]
