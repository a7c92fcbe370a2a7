"""What a token may write besides reading: its flags, who may give them, which only the command line gives (data)."""

from collections.abc import Iterable
from dataclasses import dataclass

from schools.models import AccessToken
from schools.scope import BELOW_COUNTRY, AnyUser, Level, sight_of

FROM_ABOVE = frozenset({Level.REGION, Level.MUNICIPALITY})


@dataclass(frozen=True, slots=True)
class TokenRight:
    """A kind of writing: the token's flag, what it is called, and the levels of appointment that have it themselves.

    The flag only lets a request through to the rule of sight: the token writes where its owner may write, no further.
    """

    flag: str
    title: str
    hint: str
    levels: frozenset[Level]
    in_profile: bool = True


TOKEN_RIGHTS = (
    TokenRight("loads_staff", "загружать списки", "Сотрудники, классы, обучающиеся, участники чатов", BELOW_COUNTRY),
    TokenRight("marks_steps", "отмечать этапы", "Отметки этапов и плановые дни", FROM_ABOVE),
    TokenRight("writes_orders", "вести приказы", "Издавать, отменять, отмечать ознакомление", BELOW_COUNTRY),
    TokenRight("appoints", "назначать", "Администраторов и координаторов, и оканчивать назначения", FROM_ABOVE),
    TokenRight("reconciles", "сверять реестр", "Загружать официальные списки школ и вносить решения",
               frozenset({Level.REGION})),
    # Its figures become the rating without anybody looking: whoever runs the portal decides whose program to trust.
    TokenRight("loads_activity", "принимать активность", "Недельная активность от оператора площадки",
               frozenset({Level.REGION}), in_profile=False),
)  # fmt: skip


def levels_of(user: AnyUser) -> frozenset[Level]:
    """The levels a person is appointed at today; superusers have all below the country."""
    sight = sight_of(user)
    held = {Level.REGION: sight.region_ids, Level.MUNICIPALITY: sight.municipality_ids, Level.SCHOOL: sight.school_ids}
    return BELOW_COUNTRY if sight.everything else frozenset(level for level, ids in held.items() if ids)


def rights_to_give(user: AnyUser) -> list[TokenRight]:
    """What a person may let a token of her own write."""
    levels = levels_of(user)
    return [right for right in TOKEN_RIGHTS if right.in_profile and right.levels & levels]


def rights_of(token: AccessToken) -> list[TokenRight]:
    """What a token may write."""
    return [right for right in TOKEN_RIGHTS if getattr(token, right.flag)]


def flags_of(rights: Iterable[TokenRight]) -> dict[str, bool]:
    """The fields of a token with these rights."""
    return {right.flag: True for right in rights}
