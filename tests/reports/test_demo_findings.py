"""The demo's checks: what they find has a past, and each region sees how its findings moved."""

from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from reports.models import CheckCount, CheckRun


def test_the_demo_is_checked_and_has_a_night_before(db: None, tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path

    call_command("seed_demo", "--schools", "4", "--regions", "2", stdout=StringIO())

    newest, before = CheckRun.objects.filter(region__code="78").order_by("-id")
    assert newest.found < before.found
    assert newest.checked_at > before.checked_at
    assert CheckRun.objects.filter(region=None).count() == 2
    days = set(CheckCount.objects.values_list("since_on", flat=True))
    assert len(days) > 3
    assert max(days) < timezone.localdate()
