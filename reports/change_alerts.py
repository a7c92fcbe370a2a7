"""Finding changed figures after a publication, for the newest published week; run again it does nothing."""

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from reports import alerts
from reports.alerts import Break, off_regions
from reports.counting import engine
from reports.counting.changes import Window, insert_changes
from reports.models import ChangeAlert, Holiday, Rating, RatingState


@transaction.atomic
def find_changes(*, afresh: bool = False) -> int:
    """Find the changes of the newest published week and return how many there are; older weeks keep theirs.

    What is there stays while no week of those looked at has been published since; `afresh` looks again all the same.
    While another counts or publishes the week nothing is done: the hourly look makes it good.
    """
    newest = Rating.objects.filter(state=RatingState.PUBLISHED).order_by("-week").first()
    if newest is None or not engine.hold_week(newest.week):
        return 0
    standing = _standing(newest)
    if not standing:
        return 0
    if not afresh and _is_known(standing):
        return ChangeAlert.objects.filter(rating=newest).count()
    ChangeAlert.objects.filter(rating=newest).delete()
    found = _insert(newest, standing)
    moments = [each.published_at for each in standing if each.published_at is not None]
    Rating.objects.filter(pk=newest.pk).update(changes_at=max(moments, default=timezone.now()))
    return found


def _standing(newest: Rating) -> list[Rating]:
    """The revisions that stand for the weeks looked at, the newest first; none if it was replaced a moment ago."""
    first = newest.iso_week.shift(1 - alerts.LOOK_BACK).number
    rows = Rating.objects.filter(state=RatingState.PUBLISHED, week__gte=first, week__lte=newest.week)
    found = list(rows.order_by("-week"))
    return found if found and found[0].pk == newest.pk else []


def _is_known(standing: list[Rating]) -> bool:
    """Whether the newest week was looked at after the last of all these publications."""
    known = standing[0].changes_at
    return known is not None and all(each.published_at is None or each.published_at <= known for each in standing)


def _insert(newest: Rating, standing: list[Rating]) -> int:
    window = _window(standing)
    if len(window.weeks) < alerts.LEAST or window.weeks[-1][0] != newest.pk:  # holidays: nobody is expected to move
        return 0
    engine.tune()
    with connection.cursor() as cursor:
        cursor.execute(insert_changes(alerts.WATCHED, window), {"rating": newest.pk})
        return max(cursor.rowcount, 0)


def _window(standing: list[Rating]) -> Window:
    """The newest weeks that are no holidays of the whole country, the oldest first, and the holidays of regions."""
    first, last = standing[-1].iso_week.monday, standing[0].iso_week.sunday
    rows = Holiday.objects.filter(starts_on__lte=last, ends_on__gte=first)
    breaks = [Break(*row) for row in rows.values_list("region_id", "starts_on", "ends_on")]
    off = {each.pk: off_regions(breaks, each.iso_week.monday, each.iso_week.sunday) for each in standing}
    working = [each for each in standing if None not in off[each.pk]][: alerts.WEEKS]
    return Window(
        weeks=[(each.pk, each.week) for each in reversed(working)],
        breaks=sorted((each.pk, region) for each in working for region in off[each.pk] if region is not None),
        small_number=settings.SMALL_NUMBER,
    )
