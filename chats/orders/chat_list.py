"""The list of a school's chats as the appendix of an order has it: title, who is in it, whose it is."""

from chats.models import Chat
from chats.use_cases import USE_CASE_BY_NUMBER
from schools.models import School

MOST_ROWS = 500


def chat_rows(school: School) -> list[list[str]]:
    """Rows (title, members, owner) of the chats that are open today, by case of use."""
    chats = Chat._default_manager.filter(school=school, closed_on=None).select_related("owner")
    rows = []
    for chat in chats.order_by("use_case", "title", "id")[:MOST_ROWS]:
        owner = chat.owner
        case = USE_CASE_BY_NUMBER.get(chat.use_case)
        rows.append([chat.title, case.name if case else "", owner.full_name if owner else ""])
    return rows
