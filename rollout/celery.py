"""The Celery application and its schedule, as code; the tasks stand in each app's tasks.py."""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rollout.settings")

app = Celery("rollout")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def daily(task: str, hour: int, minute: int = 0) -> dict[str, Any]:
    """An entry of the schedule: every day at a time of Moscow; a message nobody takes within an hour is dropped."""
    return {"task": task, "schedule": crontab(hour=hour, minute=minute), "options": {"expires": 3600}}


app.conf.beat_schedule = {
    "resend-lost-jobs": {"task": "schools.resend_lost_jobs", "schedule": 20.0, "options": {"expires": 15}},
    # Monday 11:00, when corrections have ended everywhere (reports.weeks): count and publish the week that ended on
    # Sunday; the daily run catches up after downtime.
    "count-finished-weeks": daily("reports.count_finished_weeks", 11),
    "preview-week": {
        "task": "reports.preview_week",
        "schedule": crontab(minute=50),  # hourly: what Monday will bring
        "options": {"expires": 1800},
    },
    "tell-late": {
        "task": "reports.tell_late",
        "schedule": crontab(minute=40),  # hourly; a week is told of once
        "options": {"expires": 1800},
    },
    "count-steps": {
        "task": "reports.count_steps",
        "schedule": crontab(minute=10),  # hourly: what changed is counted at once, this makes good what was missed
        "options": {"expires": 1800},
    },
    "count-chats": {
        "task": "reports.count_chats",
        "schedule": crontab(minute=25),  # hourly, for the same reason
        "options": {"expires": 1800},
    },
    "run-checks": daily("reports.run_checks", 5, 40),
    "run-checks-of-the-week": {
        "task": "reports.run_checks",
        "schedule": crontab(hour=11, minute=40, day_of_week=1),  # after the week is out: some checks read it
        "options": {"expires": 3600},
    },
    "find-changes": {
        "task": "reports.find_changes",
        "schedule": crontab(minute=55),  # hourly: makes good what a killed worker has missed after a publication
        "options": {"expires": 1800},
    },
    # Monday 12:00, when the week is published.
    "send-digests": {
        "task": "reports.send_digests",
        "schedule": crontab(hour=12, minute=0, day_of_week=1),
        "options": {"expires": 6 * 3600},
    },
    "remind-of-tokens": daily("schools.remind_of_tokens", 9, 30),  # when people are at work
    "forget-old-files": daily("schools.forget_old_files", 3, 30),
    "forget-old-plans": daily("staff.forget_old_plans", 3, 40),
    "forget-old-chat-imports": daily("chats.forget_old_imports", 3, 50),
}
