"""Where a request comes from, as the last proxy of ours has seen it (pure)."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """Return the visitor's address; of IPv6 the network of 64 bits, for every visitor has all of that.

    A visitor may write anything into X-Forwarded-For; each proxy of ours appends what it has seen. So of PROXY_COUNT
    proxies the entry counts that stands so many places from the end, and without proxies the header counts for nothing.
    """
    seen, direct = _seen(request)
    return _network(seen) or _network(direct) or direct


def exact_address_of(request: HttpRequest) -> str:
    """The visitor's own address, for a list of those that are let in; '' where a proxy wrote none."""
    seen = _seen(request)[0]
    return seen if _network(seen) else ""


def network_of(request: HttpRequest) -> str:
    """The network a visitor comes from, to be shown: of IPv4 the 24 bits, of IPv6 the 64."""
    address = address_of(request)
    return address if ":" in address or not _network(address) else f"{address.rpartition('.')[0]}.0/24"


def _seen(request: HttpRequest) -> tuple[str, str]:
    """(the address our last trusted proxy names, the address that connected)."""
    direct = str(request.META.get("REMOTE_ADDR", ""))
    named = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    proxies = min(settings.PROXY_COUNT, len(named))
    return (named[-proxies] if proxies else direct), direct


def _network(text: str) -> str:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return ""
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))
