"""A service's events over HTTP, for who does not speak Kafka: a feed to resume, and one thing's stream."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Header, HTTPException, Path, Query, Response
from fastapi.params import Depends as DependsOn
from pydantic import BaseModel
from sse_starlette import EventSourceResponse, ServerSentEvent

from shared.events.catalogue import EVENTS, categories
from shared.eventstore.decider import NotFound
from shared.eventstore.store import NOTHING, EventStore, StoredEvent, category
from shared.kafka.cloudevents import document
from shared.service.commands import of_app
from shared.service.sse import Sent

IN_ONE_PIECE: Final = 500
MOST_OF_STREAM: Final = 1000

Store = Annotated[EventStore, of_app("log")]
"""As it is kept: what others may know needs no key."""


Types = Annotated[str | None, Query(max_length=2000, description="Only these: `deal-won.v1,deal-lost.v1`.")]
Position = Annotated[int | None, Query(ge=NOTHING, le=2**63 - 1)]
LastEventId = Annotated[int | None, Header(ge=NOTHING, le=2**63 - 1)]
Revision = Annotated[int, Query(ge=NOTHING, le=2**63 - 1, description="Only what came after it.")]


class OneStream(BaseModel):
    """What happened to one thing, oldest first, each event as the CloudEvent that topics carry."""

    stream: str
    revision: int
    """Of the last of these events: ask for those `after` it to go on."""
    events: list[dict[str, Any]]
    more: bool


def events_of(service: str, *, guards: Sequence[DependsOn] = ()) -> APIRouter:
    """The routes over the events that this service stores; personal fields are in none of them.

    ``guards`` are dependencies that keep a stream from those who may not see it.
    """
    router = APIRouter(tags=["events 事件"], dependencies=guards)
    followed = categories(service)
    known = {name for name, event in EVENTS.items() if event.service == service}

    @router.get(
        "/events",
        summary="The service's events, as they happen (SSE)",
        response_class=EventSourceResponse,
        description="Each event is a CloudEvent as topics carry it; its SSE `id` is its position. "
        "Resume with `Last-Event-ID`, or start `after` a position: -1 is before the very first event. "
        "Without either the feed starts now. "
        "An event `ping` says how far a feed has come that has nothing to tell.",
    )
    async def follow(
        store: Store,
        types: Types = None,
        after: Position = None,
        last_event_id: LastEventId = None,
    ) -> EventSourceResponse:
        wanted = _wanted(types, known)
        start = last_event_id if last_event_id is not None else after
        if start is None:
            start = await store.head(followed)
        return Sent(_told(store, followed, wanted, after=start, service=service), feed="events")

    @router.get("/streams/{stream}", summary="Everything that happened to one thing")
    async def one_stream(
        stream: Annotated[str, Path(max_length=200)],
        store: Store,
        response: Response,
        after: Revision = NOTHING,
    ) -> OneStream:
        """`deal-42` is the stream of the deal 42."""
        ours = await store.read(stream) if category(stream) in followed else []
        if not ours:
            raise NotFound(f"There is no stream {stream} here.")
        wanted = [event for event in ours if event.revision > after]
        told = wanted[:MOST_OF_STREAM]
        response.headers["ETag"] = f'"{ours[-1].revision}"'
        return OneStream(
            stream=stream,
            revision=told[-1].revision if told else after,
            events=[msgspec.json.decode(document(event, source=service)) for event in told],
            more=len(wanted) > len(told),
        )

    return router


def _wanted(types: str | None, known: set[str]) -> set[str]:
    wanted = {name for name in (types or "").split(",") if name}
    if unknown := wanted - known:
        raise HTTPException(422, f"This service has no event {', '.join(sorted(unknown))}.")
    return wanted or known


async def _told(
    store: EventStore, followed: tuple[str, ...], wanted: set[str], *, after: int, service: str
) -> AsyncGenerator[bytes, None]:
    """Every wanted event after a position; the store is only read on as fast as the client reads."""
    async for events in store.follow(followed, after=after, batch=IN_ONE_PIECE):
        told = [event for event in events if event.type in wanted]
        if told:
            yield b"".join(_sent(event, service) for event in told)
        else:
            yield ServerSentEvent("", event="ping", id=str(events[-1].position)).encode()
        await asyncio.sleep(0)  # a long history is not told without letting others work


def _sent(event: StoredEvent, service: str) -> bytes:
    data = document(event, source=service).decode()
    return ServerSentEvent(data, id=str(event.position)).encode()
