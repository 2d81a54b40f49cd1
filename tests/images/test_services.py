"""The four services from their images, allowed what compose allows them, with real brokers and stores."""

import asyncio
import os
import re
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any, Final
from urllib.parse import urljoin
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import create_engine, text

from baton.tokens import signed
from shared.events.catalogue import SERVICES
from shared.service.actor import Actor
from tests import compose
from tests.contract.kurrent_protocol import KurrentProtocol
from tests.images.containers import Container, container, grace
from tests.images.engine import attempt, docker
from tests.local_broker import LocalBroker
from tests.ports import free_ports
from tests.waiting import until

pytestmark = pytest.mark.timeout(600)
PRICE: Final = {"minor": 8_000_000, "currency": "CNY"}
HEALTHY_WITHIN: Final = 180.0
IN_A_VOLUME: Final = {
    "EVENTSTORE_URL": "sqlite:////data/events.db",
    "DATABASE_URL": "sqlite:////data/read.db",
    "KEYS_URL": "sqlite:////data/keys.db",
}


@dataclass(frozen=True)
class Company:
    """The containers of one deployment, and somebody who may do everything in it."""

    of: Mapping[str, Container]
    client: httpx.AsyncClient

    async def does(self, service: str, path: str, **body: Any) -> None:
        answer = await self.client.post(self.of[service].url + path, json=body)
        assert answer.is_success, answer.text

    async def sees(self, service: str, path: str) -> Any:
        answer = await self.client.get(self.of[service].url + path)
        return answer.json() if answer.is_success else None

    async def wins(self, deal: str) -> None:
        opened = {"title": "A deal", "owner": "p-1", "product": "Atlas", "line": "Atlas", "amount": PRICE}
        await self.does("customers", "/deals", id=deal, **opened)
        await self.does("customers", f"/deals/{deal}/win")

    async def won(self, amount: int) -> None:
        async def shown() -> bool:
            board = await self.sees("performance", "/kpis")
            return bool(board) and amount in (k["value"] for k in board["kpis"] if k["name"] == "won_amount")

        await until(shown, what=f"the board shows {amount:,} won")

    async def healthy(self) -> None:
        """When every service answers that it is ready, and the engine has noticed."""
        for service, it in self.of.items():
            ready = partial(self.sees_or_waits, service, "/health/ready")
            await until(ready, within=HEALTHY_WITHIN, what=f"{service} is ready")
            noticed = partial(asyncio.to_thread, it.healthy)
            await until(noticed, what=f"the engine calls {service} healthy")

    async def sees_or_waits(self, service: str, path: str) -> Any:
        try:
            return await self.sees(service, path)
        except httpx.TransportError:
            return None


@pytest.fixture
def databases() -> Iterator[str]:
    """A PostgreSQL server with the databases that compose makes in it, gone afterwards."""
    url = os.environ.get("DATABASE_URL_TEST", "")
    if not url:
        pytest.skip("DATABASE_URL_TEST names no PostgreSQL database (postgresql+psycopg://…)")
    made = compose.FILE.with_name("deploy").joinpath("postgres/databases.sql").read_text()
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        for name in (names := re.findall(r"^CREATE DATABASE (\w+);", made, re.MULTILINE)):
            connection.execute(text(f"CREATE DATABASE {name}"))
        try:
            yield url
        finally:
            for name in names:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture
async def event_store() -> AsyncIterator[str]:
    """The KurrentDB that EVENTSTORE_URL names; else a fake: an in-memory server that speaks its protocol."""
    named = os.environ.get("EVENTSTORE_URL", "")
    if named.startswith(("kurrentdb", "esdb")):
        yield named
        return
    async with KurrentProtocol() as protocol:
        yield protocol.url


@pytest.fixture
async def broker(own_broker: LocalBroker) -> str:
    """The address of one that knows nothing of other deployments."""
    await own_broker.start()
    return own_broker.bootstrap


@pytest.fixture(params=["stores in volumes", "the servers of compose"])
def settings(request: pytest.FixtureRequest, broker: str) -> Mapping[str, Mapping[str, str]]:
    """What compose sets, with the hosts and passwords of the test's servers; or with SQLite."""
    told = {service: compose.environment(service) for service in SERVICES}
    kafka = {"KAFKA_BOOTSTRAP_SERVERS": broker}
    if request.param == "stores in volumes":
        return {service: {**given, **kafka, **IN_A_VOLUME} for service, given in told.items()}
    server = request.getfixturevalue("databases")
    events = {"EVENTSTORE_URL": request.getfixturevalue("event_store")}
    return {
        service: {
            **given,
            **kafka,
            **events,
            **{name: there(given[name], server) for name in ("DATABASE_URL", "KEYS_URL")},
        }
        for service, given in told.items()
    }


def there(url: str, server: str) -> str:
    """The same database on another server."""
    return f"{server.rpartition('/')[0]}/{url.rpartition('/')[2]}"


@pytest.fixture
async def company(
    images: Mapping[str, str], settings: Mapping[str, Mapping[str, str]]
) -> AsyncIterator[Company]:
    """Running, and healthy as the engine sees it."""
    port = free_ports(len(SERVICES))
    ports = {service: port + number for number, service in enumerate(SERVICES)}
    urls = {f"{service.upper()}_URL": f"http://127.0.0.1:{at}" for service, at in ports.items()}
    with ExitStack() as stack:
        of = {}
        for service in SERVICES:
            volume = f"baton-test-{service}-{uuid4().hex[:8]}" if "/data/" in str(settings[service]) else None
            given = {**settings[service], **urls}
            of[service] = stack.enter_context(
                container(images[service], service, given, port=ports[service], volume=volume)
            )
        key = settings["orders"]["TOKEN_SECRET"]
        token = signed(key, Actor(id="boss", role="manager"), days=1)
        async with httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"}, timeout=30) as client:
            running = Company(of, client)
            await running.healthy()
            yield running


async def test_a_deal_reaches_the_board_and_is_still_there_after_a_stop(company: Company) -> None:
    await shows_its_page(company.of["performance"].url, company.client)
    await company.wins("d-1")
    await until(partial(company.sees, "orders", "/orders/d-1"), what="the order of the won deal")
    await company.won(80_000)

    acknowledged: list[str] = []
    opening = asyncio.create_task(keep_opening(company, acknowledged))
    await until(lambda: len(acknowledged) > 3, what="deals are being opened")
    began = time.monotonic()
    codes = await asyncio.gather(
        *(asyncio.to_thread(it.stop, seconds=grace(name)) for name, it in company.of.items())
    )
    await opening
    assert codes == [0] * len(SERVICES), company.of["customers"].said()[-2000:]
    assert time.monotonic() - began < min(map(grace, SERVICES))

    for it in company.of.values():
        await asyncio.to_thread(it.start)
    await company.healthy()
    for deal in acknowledged:
        assert await company.sees("customers", f"/deals/{deal}"), f"{deal} was acknowledged, and is lost"
    await company.wins("d-2")
    await company.won(160_000)


async def shows_its_page(url: str, client: httpx.AsyncClient) -> None:
    page = await client.get(url)
    assert page.status_code == 200
    [script] = re.findall(r'<script type="module"[^>]* src="([^"]+)"', page.text)
    assert (await client.get(urljoin(f"{url}/", script))).status_code == 200


async def keep_opening(company: Company, acknowledged: list[str]) -> None:
    """One deal after another until nobody takes any."""
    url = company.of["customers"].url + "/deals"
    deal = {"title": "A deal", "owner": "p-1", "product": "Atlas", "line": "Atlas", "amount": PRICE}
    for number in count():
        try:
            answer = await company.client.post(url, json={"id": f"n-{number}", **deal})
        except httpx.TransportError:
            return
        if not answer.is_success:
            return
        acknowledged.append(f"n-{number}")


@pytest.mark.parametrize("settings", ["stores in volumes"], indirect=True)
async def test_a_service_may_write_nowhere_but_where_it_was_told_and_has_no_rights(company: Company) -> None:
    for it in company.of.values():
        status = dict(line.split(":\t", 1) for line in it.runs("cat", "/proc/1/status").splitlines())
        assert status["Uid"].split() == ["10001"] * 4
        assert status["NoNewPrivs"] == "1"
        assert {int(status[f"Cap{kind}"], 16) for kind in ("Inh", "Prm", "Eff", "Bnd", "Amb")} == {0}
        refused = attempt("exec", it.id, "touch", "/app/x", "/x", "/etc/x")
        assert refused.stderr.count("Read-only file system") == 3
        it.runs("touch", "/tmp/x", "/data/x")  # noqa: S108 - where it may
        written = {line.split()[1] for line in docker("diff", it.id).splitlines()}
        assert written <= {"/data", "/tmp"}  # noqa: S108 - the same
