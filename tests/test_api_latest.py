"""REST of `latest`: the newest published week, of which a revision may be asked; what moves on is never permanent."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from reports.models import Rating, RatingState
from schools.scope import Level
from tests.conftest import Cast, MakeWeek
from tests.test_api_ratings import name_places, rated, save_row

__all__ = ["rated"]
pytestmark = pytest.mark.django_db
Tokens = Callable[..., dict[str, str]]
OLD, NEW = "2026-W46", "2026-W47"
FORMS = ("json", "json&whole=true", "csv", "jsonl", "xlsx", "parquet")


@pytest.fixture(autouse=True)
def own_files(settings: LazySettings, tmp_path: Path) -> None:
    """Files of this test alone."""
    settings.DATA_DIR = tmp_path


@pytest.fixture
def corrected(cast: Cast, weeks_made: MakeWeek) -> Cast:
    """Two published weeks; the older one was published anew, as its second revision."""
    old, _ = (weeks_made({cast.school: {}, cast.sibling: {}}, week) for week in (OLD, NEW))
    Rating.objects.filter(pk=old.pk).update(state=RatingState.SUPERSEDED)
    stamps = {"counted_at": old.counted_at, "published_at": old.published_at, "sha256": "2" * 64}
    second = Rating.objects.create(
        week=old.week, revision=2, state=RatingState.PUBLISHED, rule=old.rule, reason="данные пришли позже", **stamps
    )
    for rating in (second, Rating.objects.get(week=202647)):
        name_places(rating)
    return cast


def asked(headers: dict[str, str], address: str) -> Any:
    """The answer of an address under /api/v1/."""
    return Client().get(f"/api/v1/{address}", headers=headers)


@pytest.mark.parametrize("form", FORMS)
def test_latest_with_a_revision_is_asked_for_anew_each_time(corrected: Cast, token_of: Tokens, form: str) -> None:
    headers = token_of(corrected.nina)

    moving, named = (asked(headers, f"ratings/{week}/?revision=1&format={form}") for week in ("latest", NEW))
    again = asked(headers | {"If-None-Match": moving["ETag"]}, f"ratings/latest/?revision=1&format={form}")

    assert (moving.status_code, moving["Cache-Control"]) == (200, "private, no-cache")
    assert (again.status_code, again["Cache-Control"]) == (304, "private, no-cache")
    assert "immutable" in named["Cache-Control"]


@pytest.mark.parametrize(
    "address", ["ratings/latest/?", "paths/?place=region.78&week=latest&", "comparisons/?a=region.78&week=latest&"]
)
@pytest.mark.parametrize("signed_in", [True, False])
def test_latest_with_a_revision_is_of_the_newest_week_or_nothing(
    corrected: Cast, token_of: Tokens, client_of: Callable[..., Client], address: str, signed_in: bool
) -> None:
    client = client_of(corrected.nina) if signed_in else Client(headers=token_of(corrected.nina))

    first, second = (client.get(f"/api/v1/{address}revision={number}") for number in (1, 2))

    assert first.status_code == 200
    assert NEW in first.content.decode()
    assert (second.status_code, second["Content-Type"]) == (404, "application/problem+json")
    assert "такой редакции" in second.json()["detail"]
    assert "/api/v1/weeks/" in second.json()["detail"]


def test_superseded_revision_of_the_newest_week_is_asked_for_by_latest(rated: Cast, token_of: Tokens) -> None:
    Rating.objects.update(state=RatingState.SUPERSEDED)
    second = Rating.objects.get()
    second.pk, second.revision, second.state, second.reason = None, 2, RatingState.PUBLISHED, "данные пришли позже"
    second.save()

    found = {number: asked(token_of(rated.nina), f"ratings/latest/?revision={number}").json() for number in (1, 2)}

    assert {number: (body["week"], body["revision"]) for number, body in found.items()} == {1: (NEW, 1), 2: (NEW, 2)}


def test_pages_that_begin_at_latest_stay_in_their_week(rated: Cast, token_of: Tokens) -> None:
    headers = token_of(rated.nina)
    page = asked(headers, "ratings/latest/?level=school&region=78&page_size=1").json()
    later = Rating.objects.get()
    later.pk, later.week = None, 202648
    later.save()

    pages = [page]
    while pages[-1]["next"]:
        answer = Client().get(pages[-1]["next"], headers=headers)
        assert answer.status_code == 200, answer.content.decode()
        pages.append(answer.json())

    assert f"/api/v1/ratings/{NEW}/?" in page["next"]
    assert "revision=1" in page["next"]
    assert [each["week"] for each in pages] == [NEW] * 3
    assert len({each["results"][0]["place"]["code"] for each in pages}) == 3


def test_page_of_another_week_is_refused_with_what_is_true(rated: Cast, token_of: Tokens) -> None:
    headers = token_of(rated.nina)
    page = asked(headers, "ratings/latest/?level=school&region=78&page_size=1").json()
    later = Rating.objects.get()
    later.pk, later.week = None, 202648
    later.save()
    save_row(later, Level.SCHOOL, rated.school, 34, 40)

    answer = Client().get(page["next"].replace(NEW, "latest"), headers=headers)

    assert answer.status_code == 409
    assert "другой недели" in answer.json()["detail"]
    assert "Предварительный" not in answer.json()["detail"]
