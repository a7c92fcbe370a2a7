"""The schedule names tasks that are there, on queues that workers of every installation listen to."""

from pathlib import Path

from rollout.celery import app

COMPOSE = Path(__file__).resolve().parents[2] / "docker-compose.yml"


def test_every_scheduled_task_is_registered() -> None:
    app.loader.import_default_modules()

    missing = {entry["task"] for entry in app.conf.beat_schedule.values()} - set(app.tasks)

    assert app.conf.beat_schedule
    assert missing == set()


def test_every_scheduled_message_expires() -> None:
    """Without it, messages pile up behind a long job and are all done at once afterwards."""
    entries = app.conf.beat_schedule.values()

    assert [entry["task"] for entry in entries if not entry["options"].get("expires")] == []


def test_a_worker_of_production_listens_to_every_queue() -> None:
    compose = COMPOSE.read_text()

    queues = {app.amqp.router.route({}, entry["task"])["queue"].name for entry in app.conf.beat_schedule.values()}

    assert queues == {"imports", "weeks"}
    assert all(queue in compose for queue in queues)
