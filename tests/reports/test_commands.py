"""What the commands of the week tell the person at the terminal."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from reports.counting import count_week
from reports.publishing import publish
from reports.weeks import last_finished
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def test_counting_a_published_week_again_asks_for_a_reason_by_its_option(cast: Cast) -> None:
    week = last_finished(timezone.now())
    publish(count_week(week))

    with pytest.raises(CommandError) as refusal:
        call_command("count_week", str(week))

    assert '--reason "почему"' in str(refusal.value)
    call_command("count_week", str(week), reason="опоздавшая выгрузка")
