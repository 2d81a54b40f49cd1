"""A company at work, and Prometheus that watches it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.house import SERVICES, House, house
from tests.ops.prometheus import Asked, program, scraping
from tests.ops.test_rules import RULES
from tests.receiving import receiving
from tests.waiting import until

DEAL = {
    "id": "42",
    "title": "云帆科技",
    "owner": "p1",
    "product": "Seats",
    "line": "Software",
    "amount": {"minor": 1_234_500, "currency": "CNY"},
}
HANDOFF = {
    "kind": "question",
    "subject": "deal-1",
    "title": "Who calls them back?",
    "from_department": "sales",
    "to_department": "service",
}
SETTLED: Sequence[str] = (
    'up{job="baton"} == 1',
    'slo:errors:ratio_rate5m{slo="commands-available"} >= 0',
    'slo:budget_left:ratio30d{slo="boards-fresh"}',
    'slo:budget_left:ratio30d{slo="events-delivered"}',
    'slo:budget_left:ratio30d{slo="handoffs-timed"}',
    "increase(baton_webhook_attempt_seconds_count[1m]) > 0",
)
"""What is there when everything has happened that panels show."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def quiet(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """Nothing happens in it; it has the webhook and the deal that runbooks ask for."""
    async with _with_a_webhook(tmp_path_factory.mktemp("quiet") / "data") as it:
        yield it


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def company(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """The demo company, and hand-offs that fall overdue."""
    program("prometheus")
    async with _with_a_webhook(tmp_path_factory.mktemp("company") / "data", "--demo") as it:
        now = datetime.now(UTC)
        for second in range(120):
            due_at = (now + timedelta(seconds=5 + second)).isoformat()
            one = HANDOFF | {"id": f"late-{second}", "due_at": due_at}
            await _post(it, "coordination", "/handoffs", one)
        yield it


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def watched(company: House, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Asked]:
    """Prometheus that scrapes the company, when the rules have seen all that panels show."""
    targets = {service: company.url(service).removeprefix("http://") for service in SERVICES}
    async with scraping(targets, RULES, tmp_path_factory.mktemp("prometheus")) as prometheus:
        for expr in SETTLED:
            await until(partial(prometheus.query, expr), within=120, what=f"there is an answer to {expr}")
        yield prometheus


@asynccontextmanager
async def _with_a_webhook(data: Path, *options: str) -> AsyncIterator[House]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("WEBHOOK_INSIDE", "127.0.0.0/8")
        async with house(data, *options) as it, receiving() as receiver:
            webhook = {"id": "erp", "name": "ERP", "url": receiver.url, "start": "first"}
            await _post(it, "coordination", "/webhooks", webhook)
            await _post(it, "customers", "/deals", DEAL)
            yield it


async def _post(it: House, service: str, path: str, body: dict[str, Any]) -> None:
    async with it.client() as client:
        (await client.post(it.url(service) + path, json=body)).raise_for_status()
