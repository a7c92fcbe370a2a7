"""What the demo's schools of St Petersburg know of their chats: links, associations, members, a move, one to mend."""

import datetime
import random

from chats.models import Chat, ChatMember, ChatMove
from chats.moving import MOVE_STEPS, newest
from chats.proposals import associations_of, expected_seats, likely_owners, title_of
from chats.roster import Person, Place
from chats.talks.loading import load_roster
from chats.use_cases import USE_CASE_BY_NUMBER
from schools.bulk import update_rows
from schools.models import Region, School
from schools.platforms import FOREIGN, SFERUM

_ASSOCIATION, _PARENTS, _WEBSITE, _SUPPORT = 5, 15, 13, 9
_MOST_SCHOOLS = 60
_OLD = SFERUM.channels[0].number


def tell_of_chats(region: Region, today: datetime.date, seed: int) -> None:
    """Tell of some schools of a region; the school of the demo account gets one finding of each kind to look at."""
    rng = random.Random(f"{seed}-chats")
    schools = list(School.objects.filter(region=region, kind="school").open(today).order_by("pk")[:_MOST_SCHOOLS])
    _give_links(rng, [school.pk for school in schools], today)
    for school in schools:
        _add_associations(rng, school, today)
    own = School.objects.filter(appointments__user__username="school").first()
    if own is not None:
        _tell_of_own(rng, own, today)


def _give_links(rng: random.Random, schools: list[int], today: datetime.date) -> None:
    """Most chats in the present channel have an invitation."""
    rows = []
    for pk in Chat.objects.filter(school__in=schools, channel=newest()).open(today).order_by("pk").values_list("pk"):
        if rng.random() < 0.85:
            rows.append((pk[0], f"https://max.ru/join/{rng.getrandbits(88):022x}"))
    update_rows(Chat, ["link"], rows)


def _add_associations(rng: random.Random, school: School, today: datetime.date) -> None:
    """The chat of an association says of which; in most schools the others have theirs too."""
    roster = load_roster(school, today, families=False)
    areas, case = associations_of(roster), USE_CASE_BY_NUMBER[_ASSOCIATION]
    first = Chat.objects.filter(school=school, use_case=_ASSOCIATION).first()
    if first is None or not areas:
        return
    first.area, first.title = areas[0], title_of(case, Place(area=areas[0]), today)
    first.save()
    zeal = rng.random()
    for area in areas[1:]:
        if rng.random() < zeal:
            place = Place(area=area)
            Chat.objects.create(
                school=school,
                use_case=_ASSOCIATION,
                area=area,
                channel=first.channel,
                title=title_of(case, place, today),
                owner_id=next(iter(likely_owners(case, place, roster)), None),
                opened_on=first.opened_on,
            )


def _tell_of_own(rng: random.Random, school: School, today: datetime.date) -> None:
    """Members of its chats with parents, one chat on the way to MAX, one in a foreign messenger."""
    roster = load_roster(school, today)
    parents = Chat.objects.filter(school=school, use_case=_PARENTS).open(today).select_related("school_class")
    for chat in parents.order_by("school_class__grade", "school_class__letter")[:12]:
        place = Place(next((each for each in roster.classes if each.id == chat.school_class_id), None))
        absent = rng.choice((0, 0, 0, 2, 4))
        seats = [each.order for each in expected_seats(chat.case, place, roster)]
        inside = {order[0] for order in seats[: len(seats) - absent]}
        ChatMember.objects.bulk_create(_member(chat, person) for person in sorted(inside))
    support = Chat.objects.filter(school=school, use_case=_SUPPORT).open(today).first()
    if support is not None:
        support.channel, support.link = _OLD, ""
        support.save()
        done = {step.key: f"{today}" for step in MOVE_STEPS[1:3]}
        ChatMove.objects.create(chat=support, done=done, started_on=today - datetime.timedelta(days=6))
    Chat.objects.filter(school=school, use_case=_WEBSITE).open(today).update(channel=FOREIGN.number, link="")


def _member(chat: Chat, person: Person) -> ChatMember:
    return ChatMember(chat=chat, joined_on=chat.opened_on, **{f"{person.kind}_id": person.id})
