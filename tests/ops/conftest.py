"""A company at work, and Prometheus that watches it."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import pytest_asyncio

from tests.house import SERVICES, House, house
from tests.ops.prometheus import Asked, program, scraping
from tests.ops.test_rules import RULES
from tests.receiving import receiving
from tests.waiting import until

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
async def watched(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Asked]:
    """The demo company, one webhook, and hand-offs that fall overdue, scraped until the rules have it all."""
    program("prometheus")
    folder = tmp_path_factory.mktemp("watched")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("WEBHOOK_INSIDE", "127.0.0.0/8")
        async with house(folder / "data", "--demo") as it, receiving() as receiver:
            targets = {service: it.url(service).removeprefix("http://") for service in SERVICES}
            (folder / "prometheus").mkdir()
            async with scraping(targets, RULES, folder / "prometheus") as prometheus:
                await _subscribe(it, receiver.url)
                await _fall_overdue(it)
                for expr in SETTLED:
                    asked = partial(prometheus.query, expr)
                    await until(asked, within=120, what=f"there is an answer to {expr}")
                yield prometheus


async def _subscribe(it: House, url: str) -> None:
    async with it.client() as client:
        webhook = {"id": "erp", "name": "ERP", "url": url, "start": "first"}
        (await client.post(f"{it.url('coordination')}/webhooks", json=webhook)).raise_for_status()


async def _fall_overdue(it: House) -> None:
    """One hand-off after another, every second for two minutes."""
    now = datetime.now(UTC)
    async with it.client() as client:
        for second in range(120):
            due_at = (now + timedelta(seconds=5 + second)).isoformat()
            one = HANDOFF | {"id": f"late-{second}", "due_at": due_at}
            (await client.post(f"{it.url('coordination')}/handoffs", json=one)).raise_for_status()
