"""Seeding the demo: deterministic, refused beside real data, with a password that is told to its owner alone."""

import hashlib
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, models, transaction

from chats.models import Chat
from reports.models import ActivityLoad, Rating, RatingState
from schools.models import Guardian, Guardianship, Municipality, Pupil, Region, School, SchoolClass, User
from staff.models import StaffAccount, StaffMember

MAIN = (Municipality, School, StaffMember, StaffAccount, SchoolClass, Pupil, Guardian, Guardianship, Chat, ActivityLoad)
OURS = ("id", "updated_at", "loaded_at")  # keys come from sequences


@pytest.fixture
def data_dir(tmp_path: Path, settings: Any) -> Path:
    """Keep the demo's password away from everybody else's."""
    settings.DATA_DIR = tmp_path
    return tmp_path


def seed_demo(*options: str) -> str:
    """Run the command on a told day; return what it said."""
    said = StringIO()
    call_command("seed_demo", *(() if "--today" in options else ("--today", "2026-11-24")), *options, stdout=said)
    return said.getvalue()


def checksum(model: type[models.Model]) -> str:
    """A fingerprint of a table's rows without keys and moments."""
    fields = [each.attname for each in model._meta.concrete_fields if each.attname not in OURS and not each.is_relation]
    rows = sorted(map(repr, model._default_manager.values_list(*fields)))
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def checksums_of(seed: str) -> dict[str, str]:
    """Seed, take fingerprints, take it all back."""
    with transaction.atomic():
        seed_demo("--schools", "3", "--regions", "2", "--seed", seed)
        made = {model.__name__: checksum(model) for model in MAIN}
        transaction.set_rollback(True)
    return made


def test_the_same_seed_makes_the_same_demo_and_another_one_does_not(db: None, data_dir: Path) -> None:
    first, again, other = checksums_of("1"), checksums_of("1"), checksums_of("2")

    assert first == again
    assert first["StaffMember"] != other["StaffMember"]


def test_a_random_password_is_kept_for_the_owner_alone(
    db: None, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)

    said = seed_demo("--schools", "1", "--regions", "1")

    kept = data_dir / "demo-password"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.read_text() in said
    assert kept.read_text() in seed_demo()


def test_real_schools_are_never_mixed_with_the_demo(db: None, data_dir: Path) -> None:
    region = Region.objects.get(code="78")
    School.objects.create(code="S1", region=region, short_name="Школа № 1", full_name="Школа № 1")

    with pytest.raises(CommandError, match="не смешивают с настоящими"):
        seed_demo("--schools", "1", "--regions", "1")

    assert School.objects.count() == 1
    assert not User.objects.exists()


def test_a_real_user_of_the_same_login_is_left_alone(db: None, data_dir: Path) -> None:
    User.objects.create_user("region", password="password")

    with pytest.raises(CommandError, match="логином из списка"):
        seed_demo("--schools", "1", "--regions", "1")

    assert not School.objects.exists()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--today", "2199-01-01"), "не может быть в будущем"),
        (("--regions", "90"), "от 1 до 89"),
        (("--schools", "0"), "от 1 до 40000"),
    ],
)
def test_impossible_wishes_are_refused_in_words(
    db: None, data_dir: Path, options: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        seed_demo(*options)

    assert not School.objects.exists()


def test_the_country_is_refused_on_sqlite(db: None, data_dir: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("a country is welcome on PostgreSQL")

    with pytest.raises(CommandError, match="PostgreSQL в DATABASE_URL"):
        seed_demo("--scale", "country")

    assert not School.objects.exists()


def test_a_country_in_small_has_its_own_proportions(db: None, data_dir: Path) -> None:
    seed_demo("--scale", "country", "--schools", "24", "--regions", "3", "--force")

    assert School.objects.count() == 24
    assert Rating.objects.filter(state=RatingState.PUBLISHED).count() == 8
    assert 24 * 20 < StaffMember.objects.count() < 24 * 60


@pytest.mark.parametrize("today", ["2024-02-29", "2026-01-20", "2026-07-15", "2026-09-03"])
def test_the_demo_can_be_made_on_any_day_of_the_year(db: None, data_dir: Path, today: str) -> None:
    seed_demo("--today", today, "--schools", "1", "--regions", "1")

    assert Rating.objects.filter(state=RatingState.PUBLISHED).count() == 12
    assert not StaffMember.objects.filter(hired_on__gt=today).exists()
    assert not StaffAccount.objects.filter(confirmed_on__gt=today).exists()
    assert not Chat.objects.filter(opened_on__gt=today).exists()
