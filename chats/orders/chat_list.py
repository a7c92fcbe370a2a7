"""The list of a school's chats as the appendix of an order has it: title, who is in it, whose it is."""

from django.utils import timezone

from chats.findings import ChatLine
from chats.proposals import Proposal, likely_owners
from chats.roster import Roster
from chats.talks.loading import read_school
from chats.use_cases import USE_CASE_BY_NUMBER
from schools.models import School

MOST_ROWS = 500


def chat_rows(school: School) -> list[list[str]]:
    """Rows (title, members, owner): the chats a school should have, those it has under their own names, then others.

    Nobody of the families is named: their chats say whom they are for.
    """
    reading = read_school(school, timezone.localdate(), families=False)
    found = reading.standing
    rows = [_expected(one, found.chat_of.get(one.key), reading.roster) for one in found.proposals]
    rows += [_other(chat) for chat in found.others]
    return rows[:MOST_ROWS]


def _expected(proposal: Proposal, chat: ChatLine | None, roster: Roster) -> list[str]:
    if chat is not None:
        return [chat.title, proposal.use_case.name, chat.owner_name]
    names = {person.id: person.name for person in roster.staff}
    owners = likely_owners(proposal.use_case, proposal.place, roster)
    return [proposal.title, proposal.use_case.name, names.get(owners[0], "") if owners else ""]


def _other(chat: ChatLine) -> list[str]:
    case = USE_CASE_BY_NUMBER.get(chat.use_case)
    return [chat.title, case.name if case else "", chat.owner_name]
