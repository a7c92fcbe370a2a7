"""The job of an upload: what it says of its course, and that a worker which lost it changes nothing."""

import datetime
import gc
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from schools import jobs
from schools.jobs import JobLost, JobState, Progress
from schools.models import Appointment, User
from schools.sheets import Sheet, Workbook
from schools.texts import NBSP, THIN
from staff.imports import services
from staff.imports.performing import perform
from staff.imports.plan import PlannedRow
from staff.imports.records import Record
from staff.imports.showing import progress_context
from staff.models import ImportStage, StaffImport, StaffMember
from staff.tasks import run_import
from tests.conftest import Cast, ClientOf
from tests.staff.uploads import applied, csv_of, plan_of, planned, work

pytestmark = pytest.mark.django_db
ANNA, OLEG = ("Каренина", "Анна", "Львовна"), ("Мороз", "Олег", "Петрович")


def plain(text: str) -> str:
    """The text with ordinary spaces."""
    return text.replace(NBSP, " ").replace(THIN, " ")


class Sleeper(Progress[StaffImport]):
    """A worker that falls asleep at its first step; meanwhile something happens."""

    def __init__(self, upload: StaffImport, meanwhile: Callable[[], Any]) -> None:
        claimed = jobs.claim(StaffImport, upload.pk)
        assert claimed is not None
        super().__init__(claimed.job, claimed.holder)
        self.meanwhile: Callable[[], Any] | None = meanwhile

    def step(self, done: int, total: int) -> None:
        super().step(done, total)
        if self.meanwhile:
            then, self.meanwhile = self.meanwhile, None
            then()


def expire(upload: StaffImport) -> None:
    """The lease of its worker runs out."""
    past = timezone.now() - datetime.timedelta(minutes=5)
    assert StaffImport.objects.filter(pk=upload.pk, state=JobState.RUNNING).update(lease_until=past)


def without_right(user: User, upload: StaffImport) -> StaffImport:
    """The next worker takes the job while its person has no appointment: refused."""
    Appointment.objects.filter(user=user).update(ends_on=datetime.date(2020, 1, 1), starts_on=datetime.date(2020, 1, 1))
    expire(upload)
    refused = work(upload)
    Appointment.objects.filter(user=user).update(ends_on=None)
    assert refused.state == JobState.FAILED
    return refused


def test_a_worker_that_lost_the_reading_does_not_refuse_what_was_asked_since(cast: Cast) -> None:
    bare = csv_of(headers=ANNA)  # columns nobody recognises
    upload = services.start_import(school=cast.school, data=bare, shown_name="a.csv", mode="update", by=cast.sveta)
    first = jobs.claim(StaffImport, upload.pk)
    assert first is not None
    expire(upload)
    assert work(upload).stage == ImportStage.REFUSED
    services.choose_columns(upload, mapping={0: "last_name", 1: "first_name", 2: "patronymic"}, by=cast.sveta)

    with pytest.raises(JobLost):
        perform(first.job, first)

    assert StaffImport.objects.get(pk=upload.pk).stage == ImportStage.UPLOADED
    assert work(upload).stage == ImportStage.PLANNED


def test_a_worker_that_lost_the_writing_does_not_write_its_old_plan(cast: Cast) -> None:
    upload = planned(cast.school, cast.sveta, csv_of(ANNA))
    services.request_apply(upload, by=cast.sveta)

    def meanwhile() -> None:
        without_right(cast.sveta, upload)
        work(services.fix_cells(upload, fixes={"2:first_name": "Алла"}, by=User.objects.get(pk=cast.sveta.pk)))
        services.request_apply(upload, by=User.objects.get(pk=cast.sveta.pk))

    sleeper = Sleeper(upload, meanwhile)
    with pytest.raises(JobLost):
        perform(sleeper.job, sleeper)

    assert not StaffMember.objects.filter(school=cast.school).exists()
    work(upload)
    assert [one.first_name for one in StaffMember.objects.filter(school=cast.school)] == ["Алла"]


def test_a_worker_that_lost_the_undo_takes_nothing_back(cast: Cast) -> None:
    upload = applied(cast.school, cast.sveta, csv_of(ANNA))
    services.request_undo(upload, by=cast.sveta)

    def meanwhile() -> None:
        without_right(cast.sveta, upload)
        services.request_undo(upload, by=User.objects.get(pk=cast.sveta.pk))

    sleeper = Sleeper(upload, meanwhile)
    with pytest.raises(JobLost):
        perform(sleeper.job, sleeper)

    assert StaffMember.objects.filter(school=cast.school).count() == 1
    assert work(upload).stage == ImportStage.UNDONE
    assert not StaffMember.objects.filter(school=cast.school).exists()


def test_a_plan_made_again_says_so_even_if_its_worker_died_before_it_was_made(cast: Cast) -> None:
    upload = planned(cast.school, cast.sveta, csv_of(ANNA))
    services.request_apply(upload, by=cast.sveta)
    StaffMember.objects.create(school=cast.school, last_name="Мороз", first_name="Олег")

    class Dying(Sleeper):
        def step(self, done: int, total: int) -> None:
            if self.meanwhile is None:
                raise MemoryError  # between the change of the stage and the new plan
            super().step(done, total)

    dying = Dying(upload, lambda: None)
    with pytest.raises(MemoryError):
        perform(dying.job, dying)
    expire(upload)
    again = work(upload)

    assert again.stage == ImportStage.PLANNED
    assert again.summary["said"][0].startswith("Пока план ждал, список сотрудников изменился.")
    assert plan_of(again).said[0] == again.summary["said"][0]
    mended = work(services.fix_cells(again, fixes={"2:first_name": "Алла"}, by=cast.sveta))
    assert mended.summary["said"] == []


# What stays in the process


def _of_a_file() -> list[Any]:
    kinds = {Workbook, Sheet, Record, PlannedRow}  # isinstance would wake lazy objects of other tests
    return [thing for thing in gc.get_objects() if type(thing) in kinds]


def test_nothing_of_a_file_stays_in_memory_when_its_plan_is_made(cast: Cast) -> None:
    gc.collect()
    before = {id(thing) for thing in _of_a_file()}

    work(planned(cast.school, cast.sveta, csv_of(ANNA, OLEG)))
    gc.collect()

    kept = [thing for thing in _of_a_file() if id(thing) not in before]

    assert kept == []


class Collecting(Progress[StaffImport]):
    """A worker that looks whether the collector works while it does."""

    def step(self, done: int, total: int) -> None:
        super().step(done, total)
        COLLECTED.append(gc.isenabled())


COLLECTED: list[bool] = []


def test_the_collector_is_paused_in_celery_alone(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "Progress", Collecting)
    COLLECTED.clear()
    upload = services.start_import(
        school=cast.school, data=csv_of(ANNA), shown_name="a.csv", mode="update", by=cast.sveta
    )
    jobs.run(StaffImport, upload.pk, perform)
    services.request_apply(upload, by=cast.sveta)
    run_import(upload.pk)

    assert COLLECTED == [True, False]
    assert gc.isenabled()
    assert StaffImport.objects.get(pk=upload.pk).stage == ImportStage.APPLIED


# The bar


class Watched(Progress[StaffImport]):
    """A worker whose every step is looked at as the page would."""

    def __init__(self, upload: StaffImport) -> None:
        claimed = jobs.claim(StaffImport, upload.pk)
        assert claimed is not None
        super().__init__(claimed.job, claimed.holder)
        self.seen: list[dict[str, Any]] = []
        self.stop_at = 10**9

    def step(self, done: int, total: int) -> None:
        if len(self.seen) == self.stop_at:
            jobs.abort(self.job)
        super().step(done, total)
        self.seen.append(progress_context(StaffImport.objects.get(pk=self.job.pk)))


@pytest.fixture
def every_tick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every tick be a step."""
    monkeypatch.setattr(jobs, "TICK", 0)


def many(count: int) -> bytes:
    """A list of people with one surname each."""
    letters = "абвгдежзик"
    names = ("Ф" + "".join(letters[int(digit)] for digit in f"{number:04d}") + "ов" for number in range(count))
    return csv_of(*((name, "Пётр", "Ильич") for name in names))


@pytest.mark.usefixtures("every_tick")
def test_the_bar_moves_through_reading_and_comparing(cast: Cast) -> None:
    upload = services.start_import(
        school=cast.school, data=many(1000), shown_name="a.csv", mode="update", by=cast.sveta
    )
    watched = Watched(upload)

    perform(watched.job, watched)

    assert [one["title"] for one in watched.seen] == [
        "Открываем файл",
        *["Читаем строки"] * 4,
        *["Сверяем со списком школы"] * 4,
    ]
    shares = [one["share"] for one in watched.seen[1:]]
    assert shares == sorted(set(shares))
    assert shares[0] == 0
    assert shares[4] == 50
    assert [(one["done"], one["total"]) for one in watched.seen[1:3]] == [(0, 1000), (256, 1000)]
    assert [(one["done"], one["total"]) for one in watched.seen[5:7]] == [(0, 1000), (256, 1000)]


@pytest.mark.usefixtures("every_tick")
def test_writing_is_one_act_and_says_of_how_many_rows(cast: Cast) -> None:
    upload = planned(cast.school, cast.sveta, csv_of(ANNA, OLEG))
    services.request_apply(upload, by=cast.sveta)
    writing = Watched(upload)
    perform(writing.job, writing)
    jobs._finish(writing, JobState.DONE, "")
    services.request_undo(upload, by=cast.sveta)
    undoing = Watched(upload)
    perform(undoing.job, undoing)

    assert [(one["title"], plain(one["at_once"])) for one in (*writing.seen, *undoing.seen)] == [
        ("Вносим все строки разом", "2 строки"),
        ("Возвращаем прежние значения", "2 строки"),
    ]


@pytest.mark.usefixtures("every_tick")
def test_a_long_plan_can_be_stopped_in_the_middle(cast: Cast) -> None:
    upload = services.start_import(
        school=cast.school, data=many(1000), shown_name="a.csv", mode="update", by=cast.sveta
    )
    watched = Watched(upload)
    watched.stop_at = 3

    with pytest.raises(jobs.JobAborted):
        perform(watched.job, watched)

    assert len(watched.seen) == 3
    assert StaffImport.objects.get(pk=upload.pk).plan_data is None


def test_ticks_are_seldom_enough_to_cost_nothing(cast: Cast, django_assert_max_num_queries: Any) -> None:
    upload = services.start_import(
        school=cast.school, data=many(2000), shown_name="a.csv", mode="update", by=cast.sveta
    )

    with django_assert_max_num_queries(40):  # a step asks two; sixteen ticks would ask 32 more
        jobs.run(StaffImport, upload.pk, perform)


@pytest.mark.parametrize(
    ("stage", "done", "total", "said"),
    [
        (ImportStage.UPLOADED, 0, 0, "начинаем"),
        (ImportStage.UPLOADED, 256, 2000, "256 из 1 000 строк"),
        (ImportStage.UPLOADED, 1256, 2000, "256 из 1 000 строк"),
        (ImportStage.APPLYING, 0, 0, "начинаем"),
        (ImportStage.APPLYING, 0, 21, "21 строка"),
        (ImportStage.UNDOING, 0, 21, "21 строка"),
    ],
)
def test_the_bar_of_each_stage_is_shown(
    cast: Cast, client_of: ClientOf, stage: str, done: int, total: int, said: str
) -> None:
    upload = planned(cast.school, cast.sveta, csv_of(ANNA))
    StaffImport.objects.filter(pk=upload.pk).update(
        stage=stage, state=JobState.RUNNING, done_count=done, total_count=total
    )

    page = plain(client_of(cast.sveta).get(upload.get_absolute_url()).content.decode())
    bar = plain(client_of(cast.sveta).get(f"/imports/{upload.pk}/progress/").content.decode())

    for text in (page, bar):
        assert said in text
        assert 'role="progressbar"' in text
    assert sight(bar) == (stage == ImportStage.UPLOADED or not total)


def sight(bar: str) -> bool:
    """Whether the bar claims to know how much is done."""
    return "aria-valuenow" in bar
