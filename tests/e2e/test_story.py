"""One whole story: a lead becomes a deal, an order, money and a complaint, and every hand-over is timed."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.brokers import chosen, local_broker
from tests.house import House, house
from tests.waiting import until

PRICE = {"minor": 8_000_000, "currency": "CNY"}


class Story:
    """Commands and questions of this story's people."""

    def __init__(self, running: House, client: httpx.AsyncClient) -> None:
        self._running = running
        self._client = client

    async def does(self, service: str, path: str, **body: Any) -> Any:
        answer = await self._client.post(self._running.url(service) + path, json=body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    async def sees(self, service: str, path: str) -> Any:
        answer = await self._client.get(self._running.url(service) + path)
        return answer.json() if answer.is_success else None

    async def done(self, service: str, path: str) -> Any:
        state = await self.sees(service, path)
        return None if state["running"] else state

    async def handoff(self, handoff_id: str, state: str) -> Any:
        async def there() -> Any:
            found = await self.sees("coordination", f"/handoffs/{handoff_id}")
            return found if found and found["state"] == state else None

        return await until(there, what=f"hand-off {handoff_id} is {state}")

    async def board_shows(self, expected: Mapping[str, object]) -> None:
        async def shown() -> bool:
            board = await self.sees("performance", "/kpis")
            values = {kpi["name"]: kpi["value"] for kpi in board["kpis"]}
            return {name: values[name] for name in expected} == expected

        await until(shown, what=f"the board shows {expected}")


@pytest.fixture
async def story(tmp_path: Path) -> AsyncIterator[Story]:
    async with _house(tmp_path) as running, running.client() as client:
        yield Story(running, client)


@asynccontextmanager
async def _house(folder: Path) -> AsyncIterator[House]:
    """`baton up` starts its broker, unless that is one in a container."""
    if (kind := chosen()) != "container":
        async with house(folder / "data", "--broker", kind) as running:
            yield running
        return
    with local_broker(folder / "broker") as broker:
        await broker.start()
        async with house(
            folder / "data", environment={"KAFKA_BOOTSTRAP_SERVERS": broker.bootstrap}
        ) as running:
            yield running


async def test_from_a_stranger_to_a_solved_complaint(story: Story) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    month = datetime.now(UTC).date().replace(day=1)
    await story.does("performance", "/teams", id="t-east", name="华东一组", department="sales", region="East")
    await story.does(
        "performance", "/people", id="p-wang", name="王伟", team_id="t-east", post="rep", on=month.isoformat()
    )

    lead = {"id": "l1", "company": "云帆科技有限公司", "source": "web", "owner": "p-wang", "line": "Atlas"}
    await story.does("customers", "/leads", **lead, contact_name="赵敏", contact_phone="13800000000")
    await story.does("customers", "/leads/l1/contact")
    await story.does("customers", "/leads/l1/qualify")
    await story.handoff("lead-to-sales-l1", "waiting")
    await story.does("coordination", "/handoffs/lead-to-sales-l1/accept")
    converted = await story.does(
        "customers", "/leads/l1/convert", title="Atlas 200", product="Atlas", line="Atlas", amount=PRICE
    )
    await story.handoff("lead-to-sales-l1", "completed")
    await story.board_shows({"leads": 1, "qualified_rate": 1, "open_pipeline": 80_000})

    deal_id, account_id = converted["deal_id"], converted["account_id"]
    await story.does("customers", f"/deals/{deal_id}/advance", stage="negotiating")
    await story.does("customers", f"/deals/{deal_id}/win")
    await until(partial(story.sees, "orders", f"/orders/{deal_id}"), what="the order of the won deal")
    await story.board_shows({"won_count": 1, "won_amount": 80_000, "win_rate": 1, "open_pipeline": 0})

    await story.does("orders", f"/orders/{deal_id}/confirm", promised_on=tomorrow)
    await story.handoff(f"order-to-production-{deal_id}", "waiting")
    await story.does("coordination", f"/handoffs/order-to-production-{deal_id}/return", reason="No drawing")
    await story.does("coordination", f"/handoffs/order-to-production-{deal_id}/resubmit", note="Attached")
    await story.does("coordination", f"/handoffs/order-to-production-{deal_id}/accept")
    await story.does("orders", f"/orders/{deal_id}/ready")
    timed = await story.handoff(f"order-to-production-{deal_id}", "completed")
    await story.handoff(f"goods-to-logistics-{deal_id}", "waiting")
    await story.does("orders", f"/orders/{deal_id}/ship", carrier="SF")
    await until(partial(story.sees, "orders", f"/receivables/{deal_id}"), what="the invoice")
    await story.does("orders", f"/orders/{deal_id}/deliver", proof="signed by 赵敏")
    await story.handoff(f"delivery-to-service-{deal_id}", "waiting")
    await story.does("orders", f"/receivables/{deal_id}/receipts", id="r1", amount=PRICE)
    await story.handoff(f"invoice-to-finance-{deal_id}", "completed")
    await story.board_shows({"orders_shipped": 1, "on_time_in_full": 1, "receipts": 80_000})

    await story.does(
        "customers", "/complaints", id="c1", account_id=account_id, order_id=deal_id, subject="开不了机"
    )
    await story.handoff("complaint-to-service-c1", "waiting")
    await story.board_shows({"complaints_open": 1})
    await story.does("customers", "/complaints/c1/acknowledge")
    await story.does("customers", "/complaints/c1/resolve", resolution="Replaced")
    await story.does("customers", "/complaints/c1/close", satisfaction=5)
    await story.handoff("complaint-to-service-c1", "completed")
    await story.board_shows({"complaints_open": 0, "complaint_response_time": 0})

    spent = [*timed["waiting_seconds"].values(), *timed["working_seconds"].values()]
    assert sum(map(_micros, spent)) == _micros(timed["elapsed_seconds"])
    assert set(timed["waiting_seconds"]) == {"sales", "production"}
    file = await story.sees("customers", f"/accounts/{account_id}")
    assert file["name"] == "云帆科技有限公司"
    assert file["purchases"]["orders"] == 1
    kinds = {happened["kind"] for happened in file["timeline"]}
    assert kinds >= {"lead", "deal", "order", "complaint"}
    leaders = await story.sees("performance", "/leaderboard?by=team")
    assert [(row["name"], row["value"]) for row in leaders["rows"]] == [("华东一组", 80_000)]

    before = await _numbers(story)
    for service in ("performance", "customers", "orders", "coordination"):
        await story.does(service, "/replay")
        await until(partial(_replayed, story, service), what=f"the replay of {service}")
    assert await _numbers(story) == before


async def _replayed(story: Story, service: str) -> bool:
    run = await story.sees(service, "/replay")
    assert run["failed"] is None
    return run["finished_at"] is not None


async def _numbers(story: Story) -> Any:
    boards = [await story.sees("performance", path) for path in ("/kpis", "/funnel", "/handoffs")]
    of_the_moment = {"as_of", "freshness"}
    return [{name: value for name, value in board.items() if name not in of_the_moment} for board in boards]


def _micros(seconds: float | str) -> int:
    return round(float(seconds) * 1_000_000)
