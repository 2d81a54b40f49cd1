"""Whether an export is what was sealed: needs the public key, and neither a store nor a service."""

from collections.abc import Collection, Iterator, Sequence
from typing import Literal, NamedTuple

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shared.audit import page as pages
from shared.audit.page import BEFORE_THE_FIRST, Entry, Page, Told

Kind = Literal[
    "changed", "removed", "inserted", "moved", "unreadable", "page missing", "page forged", "cut off"
]


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A page with its signature, or an event."""

    page: msgspec.Raw = msgspec.Raw()
    signature: str | None = None
    event: Told | None = None


class Finding(NamedTuple):
    """Something that is not as it was sealed."""

    kind: Kind
    what: str
    """In words; events by id, stream and position."""


class Verification:
    """Of one export, line by line; ``end`` comes last. Memory is bounded by a page."""

    def __init__(self, keys: Sequence[Ed25519PublicKey], *, witnessed: Collection[str] = ()) -> None:
        """``witnessed`` are hashes of pages that must be there."""
        self._keys = keys
        self._witnessed = {*witnessed}
        self._lines = 0
        self._page: Page | None = None
        self._sealed: dict[str, tuple[int, Entry]] = {}
        """Of the present page by id, with their places: what was not met yet."""
        self._met = -1
        """The furthest place that was met."""
        self.service: str | None = None
        self.pages = 0
        self.events = 0
        self.last_hash = BEFORE_THE_FIRST
        self.last_sealed_at: str | None = None

    def line(self, line: bytes) -> Iterator[Finding]:
        self._lines += 1
        try:
            read = msgspec.json.decode(line, type=Line)
            page = msgspec.json.decode(read.page, type=Page) if read.signature is not None else None
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            yield Finding("unreadable", f"line {self._lines}: {error}")
            return
        if page is not None and read.signature is not None and read.event is None:
            yield from self._left_out()
            yield from self._next(page, read.page, read.signature)
        elif page is None and read.event is not None and not bytes(read.page):
            yield from self._event(read.event)
        else:
            yield Finding("unreadable", f"line {self._lines} is neither a page nor an event")

    def end(self) -> Iterator[Finding]:
        yield from self._left_out()
        if not self.pages:
            yield Finding("cut off", "there is no page: nothing is proved")
        for missing in sorted(self._witnessed):
            yield Finding(
                "cut off", f"page {missing}, which was there once, is not: the end was cut off, or rewritten"
            )

    def _next(self, page: Page, body: msgspec.Raw, signature: str) -> Iterator[Finding]:
        name = f"page {page.number}"
        due = self._page.number + 1 if self._page else 0
        digest = pages.page_hash(body)
        if not pages.is_signed(body, signature, self._keys):
            yield Finding("page forged", f"{name} is not signed with this key, or was changed afterwards")
        if page.number > due:
            gone = f"page {due}" if page.number == due + 1 else f"pages {due} to {page.number - 1}"
            yield Finding("page missing", f"{gone} before {name}")
        elif page.number < due or page.previous != self.last_hash:
            yield Finding("page forged", f"{name} does not continue the page before it")
        if page.service != (self.service or page.service):
            yield Finding("page forged", f"{name} is of {page.service}, not of {self.service}")
        self._witnessed.discard(digest)
        self._page, self._met = page, -1
        self._sealed = {entry.id: (place, entry) for place, entry in enumerate(page.entries)}
        self.service = self.service or page.service
        self.pages += 1
        self.last_hash, self.last_sealed_at = digest, page.sealed_at

    def _event(self, event: Told) -> Iterator[Finding]:
        self.events += 1
        place, sealed = self._sealed.pop(event.id, (self._met, None))
        if sealed is None:
            yield Finding("inserted", _named(event))
        elif pages.entry(event) != sealed:
            yield Finding("changed", _named(sealed))
        elif place < self._met:
            yield Finding("moved", _named(event))
        self._met = max(self._met, place)

    def _left_out(self) -> Iterator[Finding]:
        for _, entry in self._sealed.values():
            yield Finding("removed", _named(entry))
        self._sealed = {}


def _named(event: Told | Entry) -> str:
    return f"event {event.id}, revision {event.revision} of {event.stream}, position {event.position}"
