"""Links of chats: where one may lead, by the hosts of its channel (pure)."""

from urllib.parse import urlsplit

from schools.platforms import CHAT_CHANNEL_BY_NUMBER

LONGEST = 500


class LinkRefused(Exception):
    """The link is none we would show or print; the text is a Russian sentence that says what to do."""


def clean_link(text: str, channel: int) -> str:
    """Return the link of a chat in a channel, or '' for none. Raises LinkRefused.

    Only https to the channel's own hosts is taken: the link is printed on a poster and opened by children.
    """
    link = text.strip()
    if not link:
        return ""
    known = CHAT_CHANNEL_BY_NUMBER.get(channel)
    if known is None or not known.is_russian:
        raise LinkRefused("Ссылку на иностранный мессенджер портал не хранит: оставьте поле пустым.")
    if len(link) > LONGEST:
        raise LinkRefused(f"Ссылка длиннее {LONGEST} знаков. Скопируйте в чате короткую ссылку-приглашение.")
    host = _host_of(link)
    if not any(host == each or host.endswith(f".{each}") for each in known.hosts):
        where = " или ".join(known.hosts)
        raise LinkRefused(
            f"Ссылка ведёт не в {known.name}. Скопируйте приглашение из чата: адрес начинается с {where}."
        )
    return link


def _host_of(link: str) -> str:
    try:
        parts = urlsplit(link)
        port = parts.port
    except ValueError:
        raise LinkRefused("Это не ссылка. Скопируйте приглашение из чата целиком.") from None
    plain = link.isprintable() and not any(sign in link for sign in ' \\"<>`')
    if parts.scheme != "https" or not parts.hostname or not plain:
        raise LinkRefused("Ссылка должна начинаться с https:// и быть без пробелов. Скопируйте её из чата целиком.")
    if parts.username is not None or port is not None:
        raise LinkRefused("В ссылке лишнее перед адресом или после него. Скопируйте её из чата заново.")
    return parts.hostname.rstrip(".")
