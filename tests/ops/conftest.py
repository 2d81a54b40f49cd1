"""A company at work, and Prometheus that watches it."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
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
async def company(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """The demo company, one webhook, a deal that runbooks ask for, and hand-offs that fall overdue."""
    program("prometheus")
    folder = tmp_path_factory.mktemp("company")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("WEBHOOK_INSIDE", "127.0.0.0/8")
        async with house(folder / "data", "--demo") as it, receiving() as receiver, it.client() as client:

            async def posted(service: str, path: str, body: dict[str, Any]) -> None:
                (await client.post(it.url(service) + path, json=body)).raise_for_status()

            webhook = {"id": "erp", "name": "ERP", "url": receiver.url, "start": "first"}
            await posted("coordination", "/webhooks", webhook)
            await posted("customers", "/deals", DEAL)
            now = datetime.now(UTC)
            for second in range(120):
                due_at = (now + timedelta(seconds=5 + second)).isoformat()
                await posted(
                    "coordination", "/handoffs", HANDOFF | {"id": f"late-{second}", "due_at": due_at}
                )
            yield it


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def watched(company: House, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Asked]:
    """Prometheus that scrapes the company, when the rules have seen all that panels show."""
    targets = {service: company.url(service).removeprefix("http://") for service in SERVICES}
    async with scraping(targets, RULES, tmp_path_factory.mktemp("prometheus")) as prometheus:
        for expr in SETTLED:
            await until(partial(prometheus.query, expr), within=120, what=f"there is an answer to {expr}")
        yield prometheus
