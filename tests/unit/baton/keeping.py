"""A data folder as `baton up` leaves it, with stores that are really written to."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from uuid import uuid4

from shared.events.catalogue import SERVICES
from shared.events.examples.cast import at
from shared.events.lead import LeadAssigned, LeadCreated
from shared.eventstore.store import NOTHING, NewEvent, StoredEvent
from tests.unit.sealing import MASTER_KEY, Safe, new, safe

House = Mapping[str, Safe]
"""By service."""


@asynccontextmanager
async def at_work(data: Path) -> AsyncIterator[House]:
    """Open as by the services; read models, a broker's files and the secrets are there, too."""
    async with AsyncExitStack() as stack:
        for service in SERVICES:
            (data / service).mkdir(parents=True, exist_ok=True)
            (data / service / "read.db").touch()
        for name, text in (("master.key", MASTER_KEY), ("token.key", "t" * 40), ("logs/up.log", "up")):
            (data / name).parent.mkdir(exist_ok=True)
            (data / name).write_text(text)
        (data / "kafka").mkdir(exist_ok=True)
        (data / "kafka" / "topics").touch()
        yield {service: await stack.enter_async_context(safe(data / service)) for service in SERVICES}


def name_of(lead: int) -> str:
    return f"欧阳晓岚{lead}"


async def create_lead(it: Safe, lead: int) -> StoredEvent:
    said = LeadCreated(
        lead_id=str(lead),
        company="云帆科技",
        source="展会",
        contact_name=name_of(lead),
        occurred_at=at("03-01 09:00"),
    )
    [stored] = await it.store.append(f"lead-{lead}", [new(said)], expected=NOTHING)
    return stored


async def assign_lead(it: Safe, lead: int, *, expected: int = 0) -> StoredEvent:
    said = LeadAssigned(lead_id=str(lead), owner="p-wang", occurred_at=at("03-02 09:00"))
    [stored] = await it.store.append(f"lead-{lead}", [new(said)], expected=expected)
    return stored


async def tick(it: Safe, stream: str, *, expected: int) -> None:
    await it.log.append(stream, [NewEvent(uuid4(), "order-opened.v1", b"{}", b"{}")], expected=expected)


async def everything(it: Safe, *categories: str) -> list[StoredEvent]:
    """What the store tells, with what is personal opened."""
    head, seen = await it.store.head(), list[StoredEvent]()
    if head != NOTHING:
        async for events in it.store.follow(categories):
            seen += events
            if seen[-1].position >= head:
                break
    return seen
