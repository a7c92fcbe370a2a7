"""Where names decline otherwise than pytrovich says: the first rule of a part that fits a word is applied (data)."""

from chats.orders.name_rules import given, surnames
from chats.orders.name_rules.rule import Part, Rule

RULES: dict[Part, tuple[Rule, ...]] = {
    "last_name": surnames.RULES,
    "first_name": given.FIRST_NAMES,
    "patronymic": given.PATRONYMICS,
}
