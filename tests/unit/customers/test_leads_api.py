from datetime import UTC, datetime, timedelta

from services.customers.timers import timers
from shared.events.event import Envelope
from tests.service_app import bearer
from tests.unit.customers.world import World

NEW = {"id": "l-1", "company": "Kan-code", "source": "fair", "region": "华东", "owner": "p-wang"}
LI = bearer(person="p-li")
SYSTEM = Envelope(actor="customers", role="system", correlation_id="c")
WEEK = timedelta(days=7)


async def test_a_leads_way_is_told_with_its_personal_data(world: World) -> None:
    await world.done("/leads", {**NEW, "contact_name": "赵敏", "contact_phone": "139"})
    await world.done("/leads/l-1/contact")
    await world.done("/leads/l-1/qualify")
    lead = await world.get("/leads/l-1")
    assert (lead["state"], lead["owner"], lead["contact_name"]) == ("qualified", "p-wang", "赵敏")
    assert lead["first_contact_at"] == lead["last_contact_at"]
    assert [happened["type"] for happened in lead["history"]] == [
        "lead-created.v1",
        "lead-assigned.v1",
        "lead-contacted.v1",
        "lead-qualified.v1",
    ]


async def test_leads_are_found_by_state_owner_and_pool(world: World) -> None:
    await world.done("/leads", NEW)
    await world.done("/leads", {**NEW, "id": "l-2", "owner": None})
    await world.done("/leads", {**NEW, "id": "l-3", "owner": "p-li"})
    await world.done("/leads/l-3/release", {"reason": "No time"})

    async def found(**query: str) -> list[str]:
        return [lead["id"] for lead in (await world.get("/leads", **query))["items"]]

    assert await found() == ["l-3", "l-2", "l-1"]
    assert await found(pool="true") == ["l-3"]
    assert await found(pool="false") == ["l-2", "l-1"]
    assert await found(owner="p-wang") == ["l-1"]
    assert await found(owner="p-li") == []
    assert await found(state="new") == ["l-2"]


async def test_of_two_who_claim_a_lead_one_gets_it(world: World) -> None:
    await world.done("/leads", NEW)
    await world.done("/leads/l-1/release", {"reason": "No time"})
    await world.done("/leads/l-1/claim", {}, **LI)
    late = await world.post("/leads/l-1/claim", {}, **bearer(person="p-zhou"))
    assert (late.status_code, late.json()["code"]) == (409, "lead-not-in-pool")
    assert (await world.get("/leads/l-1"))["owner"] == "p-li"


async def test_a_lead_that_nobody_contacts_goes_to_the_pool_when_its_time_has_come(world: World) -> None:
    await world.done("/leads", NEW)
    await world.done("/leads", {**NEW, "id": "l-2"})
    await world.done("/leads/l-2/contact")
    await world.caught_up()
    [recycle] = timers(world.state["leads"], world.state["lead_list"], recycle_after=WEEK)
    now = datetime.now(UTC)
    assert recycle.due(now) == {}
    due = recycle.due(now + WEEK)
    assigned_at = datetime.fromisoformat((await world.get("/leads/l-1"))["history"][1]["occurred_at"])
    assert due == {"lead-l-1": assigned_at + WEEK}

    assert [await recycle.fire("lead-l-1", now + WEEK, SYSTEM) for _ in range(2)] == [True, False]

    lead = await world.get("/leads/l-1")
    assert (lead["state"], lead["reason"], lead["owner"]) == ("pool", "No contact within 7 days", None)
    assert len(lead["history"]) == 3
    assert recycle.due(now + WEEK) == {}


async def test_the_timer_does_not_act_on_a_list_that_is_behind(world: World) -> None:
    await world.done("/leads", NEW)
    await world.caught_up()
    await world.done("/leads/l-1/contact")
    [recycle] = timers(world.state["leads"], world.state["lead_list"], recycle_after=WEEK)
    now = datetime.now(UTC) + WEEK
    for stream in recycle.due(now) or ():
        await recycle.fire(stream, now, SYSTEM)
    assert (await world.get("/leads/l-1"))["state"] == "assigned"
