"""Addresses inside are not reached, however they are written and whenever a name means one."""

import socket
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from services.coordination.webhooks.attempt import Outside
from services.coordination.webhooks.reach import Reach, Unreachable, checked_url
from shared.service.settings import Settings, networks
from tests.receiving import receiving
from tests.service_app import SECRET
from tests.unit.coordination.webhooks.examples import KEY, content

INSIDE = [
    "127.0.0.1",
    "127.8.9.1",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "100.100.100.200",
    "169.254.169.254",
    "168.63.129.16",
    "192.0.0.192",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::",
    "2001:0:4136:e378:8000:63bf:f5ff:fffe",
    "2001:db8::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]
OUTSIDE = [
    "8.8.8.8",
    "1.1.1.1",
    "114.114.114.114",
    "2606:4700:4700::1111",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
]


@pytest.mark.parametrize("address", INSIDE)
def test_nothing_inside_is_reached(address: str) -> None:
    with pytest.raises(Unreachable, match="inside"):
        Reach().check(address, secure=True)


@pytest.mark.parametrize("address", OUTSIDE)
def test_everything_outside_is_reached_by_https_alone(address: str) -> None:
    Reach().check(address, secure=True)
    with pytest.raises(Unreachable, match="https"):
        Reach().check(address, secure=False)


def test_networks_inside_may_be_allowed() -> None:
    reach = Reach(networks("10.1.0.0/16, fd12::/48"))
    for address in ("10.1.2.3", "::ffff:10.1.2.3", "fd12::1"):
        reach.check(address, secure=False)
    for address in ("10.2.0.1", "fd13::1", "127.0.0.1"):
        with pytest.raises(Unreachable):
            reach.check(address, secure=True)


@pytest.mark.parametrize("text", ["10.0.0.1/8", "nonsense", "10.0.0.0/33"])
def test_what_is_no_network_is_said_at_the_start(text: str) -> None:
    told = {"token_secret": SECRET, "master_key": SECRET, "webhook_inside": text}
    with pytest.raises(ValueError, match="webhook_inside"):
        Settings.model_validate(told)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com",
        "https://",
        "https://boss:secret@example.com/",
        "https://example.com/#part",
        "https://example.com:port/",
        "https://example.com:99999/",
        "https://[::1",
        "nonsense",
    ],
)
def test_what_can_be_no_endpoint_is_refused(url: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whichever is said
        checked_url(url)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "0x7f.1", "0x7f000001", "2130706433", "0177.0.0.1", "localhost", "[::1]"]
)
async def test_who_subscribes_is_told_however_it_is_written(host: str) -> None:
    with pytest.raises(Unreachable):
        await Reach().look(f"https://{host}/hook")


async def test_a_name_that_nobody_knows_now_may_be_known_later() -> None:
    await Reach().look("https://nobody.invalid/hook")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "0x7f000001", "2130706433", "localhost"])
async def test_no_connection_is_made_however_it_is_written(host: str) -> None:
    async with receiving() as receiver, Outside(Reach(), master_key=KEY, desk="") as outside:
        url = receiver.url.replace("127.0.0.1", host)
        answered = await outside.post(content(url=url), "e-1", b"{}")
    assert answered.verdict.error is not None  # some forms are refused by aiohttp before they come to us
    assert receiver.asked == []


class Rebinding(AbstractResolver):
    """Says an address outside when it is asked first, and one inside from then on."""

    def __init__(self) -> None:
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        assert family in {socket.AF_INET, socket.AF_UNSPEC}
        self.asked += 1
        address = "8.8.8.8" if self.asked == 1 else "127.0.0.1"
        return [
            ResolveResult(hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0)
        ]

    async def close(self) -> None:
        pass


async def test_a_name_that_means_another_address_later_is_checked_again() -> None:
    resolver: Any = Rebinding()
    async with receiving() as receiver, Outside(Reach(), master_key=KEY, desk="") as outside:
        first = await resolver.resolve("evil.example")
        Reach().check(first[0]["host"], secure=True)  # as a check before connecting would have seen it
        for session in outside._sessions.values():
            connector: Any = session.connector
            await connector._resolver.close()
            connector._resolver = resolver
        url = receiver.url.replace("127.0.0.1", "evil.example")
        answered = await outside.post(content(url=url), "e-1", b"{}")
    assert resolver.asked == 2
    assert answered.verdict.error == "127.0.0.1 is an address inside, which must not be reached."
    assert receiver.asked == []


async def test_no_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    async with receiving() as proxy, receiving() as receiver:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.setenv("no_proxy", "")
        reach = Reach(networks("127.0.0.0/8"))
        async with Outside(reach, master_key=KEY, desk="") as outside:
            answered = await outside.post(content(url=receiver.url), "e-1", b"{}")
    assert (answered.verdict.error, len(receiver.asked), proxy.asked) == (None, 1, [])
    assert answered.at <= datetime.now(UTC)
