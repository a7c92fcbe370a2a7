"""What a school hands out with a chat: the invitation in words, for those who are invited (pure)."""

from chats.roster import GUARDIAN, PUPIL
from chats.use_cases import UseCase
from chats.use_cases.members import ByHand, Delegates, Pupils, Representatives
from schools.platforms import CHAT_CHANNEL_BY_NUMBER

VOLUNTARY = (
    "Участие добровольное. Если вам удобнее другой способ связи, скажите классному руководителю: всё важное передадим."
)
RULES = "В чате не пересылают оценки, справки, фотографии чужих детей и документы."


def audience(case: UseCase) -> frozenset[str]:
    """Who but the staff is invited: «pupil», «guardian», both or nobody."""
    found = set()
    for part in case.members:
        if isinstance(part, Pupils):
            found.add(PUPIL)
        elif isinstance(part, Representatives):
            found.add(GUARDIAN)
        elif isinstance(part, Delegates):
            found.add(part.kind)
        elif isinstance(part, ByHand):
            found |= part.kinds
    return frozenset(found)


def greeting(case: UseCase) -> str:
    """«Уважаемые родители!»."""
    invited = audience(case)
    if invited == {PUPIL, GUARDIAN}:
        return "Дорогие ребята и уважаемые родители!"
    if GUARDIAN in invited:
        return "Уважаемые родители!"
    return "Дорогие ребята!" if PUPIL in invited else "Уважаемые коллеги!"


def where_of(channel: int) -> str:
    """«VK Мессенджере», as after «в»."""
    known = CHAT_CHANNEL_BY_NUMBER.get(channel)
    return (known.where or known.name) if known else ""


def may_be_handed_on(case: UseCase, *, own: bool) -> bool:
    """Whether somebody may see the link of a chat: into chats with children and parents only their school lets."""
    return own or not audience(case)


def invitation(case: UseCase, *, title: str, channel: int, link: str, owner: str, school: str) -> str:
    """The text to send: greeting, where and what for, how to come in, who answers."""
    lines = [
        greeting(case),
        "",
        f"Приглашаем вас в чат «{title}» ({school}) в {where_of(channel)}.",
        case.purpose,
        "",
        f"Вступить: {link}" if link else "Ссылку-приглашение пришлёт тот, кто ведёт чат.",
    ]
    if owner:
        lines.append(f"Чат ведёт {owner}.")
    if audience(case):
        lines += ["", RULES]
    if GUARDIAN in audience(case):
        lines.append(VOLUNTARY)
    return "\n".join(lines)
