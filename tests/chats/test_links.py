"""Where links of chats may lead: https to the hosts of the chat's channel, and nowhere else."""

import pytest

from chats.links import LinkRefused, clean_link
from chats.moving import MOVE_STEPS, newest, target_of

VK, MAX, FOREIGN = 1, 2, 9
GOOD = (
    (VK, "https://vk.me/join/AJQ1d_x"),
    (VK, "https://sferum.ru/?p=vkme&isChatInviteLink=true"),
    (VK, "https://web.vk.me/join/x"),
    (MAX, " https://max.ru/join/Abc-1 "),
    (MAX, "https://web.max.ru/123"),
)
BAD = (
    "javascript:alert(1)",
    "JaVaScRiPt://max.ru/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "http://max.ru/join/x",
    "//max.ru/join/x",
    "max.ru/join/x",
    "https://max.ru.evil.example/join",
    "https://evil.example/?max.ru",
    "https://evilmax.ru/join",
    "https://max.ru@evil.example/",
    "https://user:secret@max.ru/join",
    "https://max.ru:8443/join",
    "https://max.ru\\@evil.example/",
    'https://max.ru/"><script>',
    "https://max.ru/a b",
    "https://max.ru/\x00x",
    "https://[max.ru/",
    "https://vk.me/join/of-another-channel",
    "https://max.ru/" + "x" * 600,
)


@pytest.mark.parametrize("channel, link", GOOD)
def test_link_of_the_channel_is_taken(channel: int, link: str) -> None:
    found = clean_link(link, channel)

    assert found == link.strip()


@pytest.mark.parametrize("link", BAD)
def test_hostile_or_foreign_link_is_refused_with_what_to_do(link: str) -> None:
    with pytest.raises(LinkRefused) as refusal:
        clean_link(link, MAX)

    assert str(refusal.value).endswith(".")
    assert "evil" not in str(refusal.value)


def test_no_link_is_kept_for_a_foreign_messenger() -> None:
    assert clean_link("  ", FOREIGN) == ""

    with pytest.raises(LinkRefused, match="не хранит"):
        clean_link("https://t.me/joinchat/x", FOREIGN)


def test_chats_move_to_the_newest_channel() -> None:
    targets = {channel: target_of(channel) for channel in (VK, MAX, FOREIGN, 77)}

    assert targets == {VK: MAX, MAX: None, FOREIGN: newest(), 77: None}
    assert newest() == MAX
    assert len({step.key for step in MOVE_STEPS}) == len(MOVE_STEPS)
