"""What a store must be after whatever happened to it."""

from collections.abc import Iterable
from pathlib import Path
from uuid import uuid4

from shared.eventstore.reading import up_to
from shared.eventstore.sqlite import SqliteStore
from shared.eventstore.store import NewEvent, StoredEvent
from tests.torture.writing import Append


async def judge(path: Path, *, tried: Iterable[Append], acknowledged: Iterable[Append]) -> None:
    """Every acknowledged append is there, each append whole or not at all, and the store goes on."""
    store = SqliteStore(path)
    try:
        await store.check()
        assert store.damage == ""
        events = await everything(store)
        streams: dict[str, list[StoredEvent]] = {}
        for event in events:
            streams.setdefault(event.stream, []).append(event)
        assert [event.position for event in events] == list(range(len(events)))
        for stream, its in streams.items():
            assert [event.revision for event in its] == list(range(len(its)))
            assert its == await store.read(stream)
        there = {event.id for event in events}
        for append in acknowledged:
            its = streams.get(append.stream, [])[append.first : append.first + len(append.ids)]
            assert tuple(event.id for event in its) == append.ids, "an acknowledged append is not there"
        for append in tried:
            kept = there.intersection(append.ids)
            assert len(kept) in {0, len(append.ids)}, "an append was kept in part"
        after = NewEvent(uuid4(), "deal-opened.v1", b"{}", b"{}")
        await store.append("deal-after", [after], expected=len(streams.get("deal-after", [])) - 1)
    finally:
        await store.close()


async def everything(store: SqliteStore) -> list[StoredEvent]:
    return [event async for event in up_to(await store.head(["deal"]), store, ["deal"])]
