"""The platforms being rolled out and the channels they are reached through: data, so that a third one is an entry."""

from dataclasses import dataclass

from schools.bases import WEEKLY_REPORT, Basis


@dataclass(frozen=True, slots=True)
class Channel:
    """An application in which a platform is used."""

    number: int  # what the database stores; never reused
    key: str
    name: str
    source: str
    is_russian: bool = True
    where: str = ""  # «в VK Мессенджере»: the name after «в», where it declines
    hosts: tuple[str, ...] = ()  # where links of its chats lead: these hosts and those under them
    succeeded_by: int | None = None  # the channel the platform has moved to
    bases: tuple[Basis, ...] = ()


@dataclass(frozen=True, slots=True)
class Platform:
    """A school platform; `activity` says what the operator measures as use."""

    number: int  # what the database stores; never reused
    key: str
    name: str
    full_name: str
    activity: str
    source: str
    channels: tuple[Channel, ...] = ()
    bases: tuple[Basis, ...] = ()


SFERUM = Platform(
    number=1,
    key="sferum",
    name="Сферум",
    full_name="ИКОП «Сферум»",
    activity="сообщение или звонок в учебном профиле за неделю",
    source="протокол Минцифры России № 1612-пр от 18.10.2022, п. 11",
    channels=(
        Channel(
            1,
            "vk",
            "VK Мессенджер",
            "письмо Минпросвещения России № 04-643 от 26.08.2022",
            where="VK Мессенджере",
            hosts=("vk.me", "vk.com", "vk.ru", "sferum.ru"),
            succeeded_by=2,
            bases=(Basis("letter-04-643"),),
        ),
        Channel(
            2,
            "max",
            "MAX",
            "сообщения прессы о переходе Сферума в MAX, август — декабрь 2025 года",
            hosts=("max.ru",),
        ),
    ),
    bases=(WEEKLY_REPORT,),
)
MY_SCHOOL = Platform(
    number=2,
    key="myschool",
    name="Моя школа",
    full_name="ФГИС «Моя школа»",
    activity="вход в учётную запись за неделю",
    source="постановление Правительства РФ № 1241 от 13.07.2022",
    channels=(Channel(3, "web", "веб-кабинет", "myschool.edu.ru", where="веб-кабинете", hosts=("myschool.edu.ru",)),),
    bases=(Basis("resolution-1241"),),
)
PLATFORMS = (SFERUM, MY_SCHOOL)
CHANNELS = tuple(channel for platform in PLATFORMS for channel in platform.channels)
# No channel of a platform: a chat kept there is a finding (chats/findings.py), no product is named.
FOREIGN = Channel(
    9,
    "foreign",
    "иностранный мессенджер",
    "149-ФЗ, статья 10, часть 8",
    is_russian=False,
    where="иностранном мессенджере",
)
CHAT_CHANNELS = (*SFERUM.channels, FOREIGN)  # where chats of schools are kept, allowed or not
PLATFORM_BY_KEY = {platform.key: platform for platform in PLATFORMS}
PLATFORM_BY_NUMBER = {platform.number: platform for platform in PLATFORMS}
CHANNEL_BY_NUMBER = {channel.number: channel for channel in CHANNELS}
CHAT_CHANNEL_BY_NUMBER = CHANNEL_BY_NUMBER | {FOREIGN.number: FOREIGN}


def platform_choices() -> list[tuple[int, str]]:
    """Return (number, name) pairs for form fields; given as a callable so that a new entry needs no migration."""
    return [(platform.number, platform.name) for platform in PLATFORMS]


def channel_choices() -> list[tuple[int, str]]:
    """Return (number, name) pairs of all channels."""
    return [(channel.number, channel.name) for channel in CHANNELS]


def chat_channel_choices() -> list[tuple[int, str]]:
    """Return (number, name) pairs of the channels a chat may be kept in, the foreign one last."""
    return [(channel.number, channel.name) for channel in CHAT_CHANNEL_BY_NUMBER.values()]
