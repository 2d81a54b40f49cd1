"""Which addresses may be reached: none inside, where an outsider's URL has no business (SSRF).

What counts is the very address that a connection is made to. A name may mean another one each time that it
is asked for, so a check before connecting is a courtesy to who subscribes, and no protection.
"""

import asyncio
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, Final
from urllib.parse import urlsplit

from shared.service.settings import Network

Address = IPv4Address | IPv6Address
Resolved = tuple[Any, ...]
"""One answer of ``getaddrinfo``: family, type, protocol, canonical name, and the socket's address."""

RESOLVE_WITHIN: Final = 5.0
NAT64: Final = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))
COMPATIBLE: Final = ip_network("::/96")
UNICAST: Final = ip_network("2000::/3")
"""All of IPv6 that was ever given to anybody outside."""
NOBODYS: Final = tuple(map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "3fff::/20")))
"""Set apart for protocols and examples; not every version of Python knows them all."""
CLOUDS: Final = frozenset(map(ip_address, ("168.63.129.16", "100.100.100.200", "169.254.169.254")))
"""Where clouds tell machines about themselves; Azure's is in a public network."""


class Unreachable(OSError):
    """The address is one that must not be reached; the message says which."""


def is_outside(address: Address) -> bool:
    """Whether it is of the public internet, whatever form it is written in."""
    meant = _meant(address)
    return (
        meant.is_global
        and not meant.is_multicast
        and (isinstance(meant, IPv4Address) or meant in UNICAST)
        and not any(meant in network for network in NOBODYS)
        and meant not in CLOUDS
    )


def _meant(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for, if it does."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address in COMPATIBLE or any(address in network for network in NAT64):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


class Reach:
    """What may be reached: everything outside by https, and the networks inside that are allowed."""

    def __init__(self, inside: Sequence[Network] = ()) -> None:
        self._inside = tuple(inside)

    def check(self, address: str, *, secure: bool) -> None:
        """Raises ``Unreachable``; ``secure`` is whether it is reached by https."""
        known = ip_address(address.partition("%")[0])
        meant = _meant(known)
        if any(meant in network or known in network for network in self._inside):
            return
        if not is_outside(known):
            raise Unreachable(f"{address} is an address inside, which must not be reached")
        if not secure:
            raise Unreachable(f"{address} is outside, which is reached by https only")

    def socket(self, resolved: Resolved, *, secure: bool) -> socket.socket:
        """A socket for one connection, if it may be made; aiohttp asks for each."""
        family, kind, protocol, _, address = resolved
        self.check(str(address[0]), secure=secure)
        return socket.socket(family=family, type=kind, proto=protocol)

    async def look(self, url: str) -> None:
        """Raises ``Unreachable`` if the host's name means an address now that must not be reached."""
        parts = urlsplit(url)
        if parts.scheme != "https" and not self._inside:
            raise Unreachable("only https is allowed")
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(RESOLVE_WITHIN):
                found = await loop.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
        except (OSError, TimeoutError, UnicodeError):
            return  # nobody knows it now; each attempt will look again
        for *_, address in found:
            self.check(str(address[0]), secure=parts.scheme == "https")


def checked_url(url: str) -> str:
    """The address of somebody's endpoint; raises ``ValueError`` for what can be none."""
    parts = urlsplit(url)
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        raise ValueError("must be an address that begins with https://")
    if parts.username is not None or parts.password is not None:
        raise ValueError("must have no name or password in it")
    if parts.fragment:
        raise ValueError("must have no fragment (#…)")
    try:
        parts.port  # noqa: B018 - looks whether it is one
    except ValueError:
        raise ValueError("has a port that is none") from None
    return url
