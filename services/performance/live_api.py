"""The live feed over SSE, and the addresses of the services."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated

import msgspec
from fastapi import APIRouter, Header, Request
from pydantic import BaseModel
from sse_starlette import EventSourceResponse

from shared.projections.feed import Feed, Piece
from shared.service.actor import Asking
from shared.service.commands import of_app
from shared.service.sse import Sent

router = APIRouter(tags=["live 实时"])
public = APIRouter(tags=["live 实时"])

CellFeed = Annotated[Feed, of_app("feed")]


class _Told:
    """A piece as an SSE event, made once: it is the same for everybody."""

    def __init__(self) -> None:
        self._last: Piece | None = None
        self._text = b""

    def __call__(self, piece: Piece) -> bytes:
        if piece is not self._last:
            name, data = b"cells" if piece.changes else b"reset", msgspec.json.encode(piece.changes)
            # as ServerSentEvent writes it, which would look through all of the data for line ends
            self._text = b"id: %d\r\nevent: %s\r\ndata: %s\r\n\r\n" % (piece.seq, name, data)
            self._last = piece
        return self._text


_told = _Told()


class Services(BaseModel):
    """Where the other services answer."""

    customers: str
    orders: str
    performance: str
    coordination: str


@router.get(
    "/live",
    summary="The cells that change, as they change (SSE)",
    response_class=EventSourceResponse,
    description="Event `cells` carries a list of changed cells, each with the type and stream of the event "
    "behind it; its `id` resumes by `Last-Event-ID`. "
    "Event `reset` means that too much was missed: ask for the boards anew. "
    "A browser may send the token as `?token=`.",
)
async def live(
    feed: CellFeed,
    _actor: Asking,
    last_event_id: Annotated[int | None, Header(ge=0)] = None,
) -> EventSourceResponse:
    async def events() -> AsyncIterator[bytes]:
        async with aclosing(feed.listen(after=last_event_id)) as pieces:
            async for piece in pieces:
                yield _told(piece)

    return Sent(events(), feed="live")


@public.get("/services", summary="Where the services answer")
async def services(request: Request) -> Services:
    return Services(**request.app.state.settings.urls())
