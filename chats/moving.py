"""How a chat moves to another channel: the steps of the check list, in order (pure)."""

from dataclasses import dataclass

from schools.platforms import CHANNEL_BY_NUMBER, CHAT_CHANNEL_BY_NUMBER


@dataclass(frozen=True, slots=True)
class MoveStep:
    """A step of the check list: `key` is what the database stores."""

    key: str
    title: str
    hint: str


# Our list, after how regions moved in 2025: old chats were left to be read while people were called to the new ones.
MOVE_STEPS = (
    MoveStep("opened", "Новый чат создан", "Впишите его ссылку: чат появится в списке школы."),
    MoveStep("told", "В прежнем чате закреплено приглашение", "Сообщение с ссылкой и днём, когда чат замолчит."),
    MoveStep("invited", "Приглашены все, кто должен быть", "Родители переходят добровольно: отказ — их право."),
    MoveStep("saved", "Важное перенесено", "Файлы, расписания, закреплённые сообщения."),
    MoveStep("silenced", "Прежний чат только для чтения", "Писать в нём больше нельзя, прочитать — можно."),
)
MOVE_STEP_BY_KEY = {step.key: step for step in MOVE_STEPS}
OPENED = MOVE_STEPS[0].key


def target_of(channel: int) -> int | None:
    """The channel a chat of a channel should move to: its successor, MAX for a foreign messenger, None for neither."""
    known = CHAT_CHANNEL_BY_NUMBER.get(channel)
    if known is None:
        return None
    if not known.is_russian:
        return newest()
    return known.succeeded_by


def newest() -> int:
    """The channel that chats are kept in now: the successor that has none of its own."""
    return next(
        each.succeeded_by
        for each in CHANNEL_BY_NUMBER.values()
        if each.succeeded_by is not None and CHANNEL_BY_NUMBER[each.succeeded_by].succeeded_by is None
    )
