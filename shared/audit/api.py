"""The ledger over HTTP: its newest page to be witnessed, and the whole of it to be verified elsewhere."""

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from shared.audit import page as pages
from shared.audit.export import exported
from shared.audit.ledger import last_page
from shared.audit.page import BEGINNING
from shared.eventstore.store import EventStore
from shared.service.commands import of_app
from shared.service.settings import Settings

Store = Annotated[EventStore, of_app("log")]
"""As it is kept: what is personal stays sealed."""
Configured = Annotated[Settings, of_app("settings")]


class Newest(BaseModel):
    """The end of the ledger: who notes it down can tell later whether history was rewritten."""

    service: str
    public_key: str
    """Ed25519, 32 bytes in hex: what pages are signed with now."""
    page: int
    """-1 as long as nothing was sealed."""
    sha256: str
    sealed_at: str | None
    position: int
    """Of the last event that is sealed."""


def audit_of(service: str) -> APIRouter:
    router = APIRouter(tags=["audit 审计"])

    @router.get("/audit", summary="The newest page of the ledger, and its public key 审计")
    async def newest(store: Store, settings: Configured) -> Newest:
        kept = await last_page(store, service)
        end = pages.end(kept.data) if kept else BEGINNING
        return Newest(
            service=service,
            public_key=pages.public_text(pages.signing_key(settings.audit_secret())),
            page=end.number,
            sha256=end.sha256,
            sealed_at=end.sealed_at,
            position=end.position,
        )

    @router.get(
        "/audit/export",
        summary="Every page and the events it seals, to be verified elsewhere 审计导出",
        description="JSON lines for `baton audit verify`: events as stored, what is personal sealed.",
        response_class=StreamingResponse,
        responses={200: {"content": {"application/x-ndjson": {"schema": {"type": "string"}}}}},
    )
    async def export(store: Store) -> StreamingResponse:
        return StreamingResponse(exported(store, service), media_type="application/x-ndjson")

    return router
