"""What operators delivered of chats week by week, for the pages and REST of chats (settings.CHAT_ACTIVITY)."""

from typing import Any

from django.db.models import Case, CharField, Exists, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from chats.talks.activity import Delivery, Week
from reports.models import ActivityCoverage, ChatActivity, Rating, RatingState
from reports.weeks import IsoWeek, last_finished
from schools.models import School
from schools.platforms import PLATFORMS
from schools.scope import AnyUser

_PLATFORMS = [platform.number for platform in PLATFORMS]


class WeeksOfChats:
    """Keeps what chats.talks.activity.ActivityKeeper asks for: rows are found by keys, which begin with the week."""

    def last_weeks(self, school: School, user: AnyUser, *, weeks: int, chat: int | None = None) -> Delivery:
        """The last finished weeks of a school's chats, or of the one named; two queries."""
        shown = {week.number: week for week in last_finished(timezone.now()).back(weeks)}
        covered = ActivityCoverage.objects.visible_to(user).filter(
            week__in=shown, platform__in=_PLATFORMS, school=school, has_chats=True
        )
        rows = ChatActivity.objects.visible_to(user).filter(week__in=shown, school=school)
        rows = rows.filter(chat=chat) if chat else rows
        return Delivery(
            tuple(Week(week.week, week.monday, week.sunday) for week in shown.values()),
            frozenset(shown[number].monday for number in covered.values_list("week", flat=True)),
            {(pk, shown[week].monday): count for pk, week, count in rows.values_list("chat_id", "week", "messages")},
        )

    def with_messages(self, chats: QuerySet[Any]) -> QuerySet[Any]:
        """Chats in sight with the messages of the newest week counted; one query to learn which week that is."""
        official = Rating._default_manager.exclude(state=RatingState.PREVIEW)
        week = official.order_by("-week").values_list("week", flat=True).first()
        if week is None:
            nothing = Value(None, output_field=IntegerField())
            return chats.annotate(messages_week=Value(None, output_field=CharField()), messages=nothing)
        covered = ActivityCoverage._default_manager.filter(
            week=week, platform__in=_PLATFORMS, school=OuterRef("school_id"), has_chats=True
        )
        rows = ChatActivity._default_manager.filter(week=week, school=OuterRef("school_id"), chat=OuterRef("pk"))
        told = Coalesce(Subquery(rows.values("messages")[:1]), 0)
        return chats.annotate(
            messages_week=Value(str(IsoWeek.from_number(week)), output_field=CharField()),
            messages=Case(When(Exists(covered), then=told), default=None, output_field=IntegerField()),
        )
