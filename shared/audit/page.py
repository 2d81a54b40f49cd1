"""A page of the ledger: which events were stored, in which order, with a hash of each; chained and signed."""

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final, NamedTuple

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.eventstore.store import NOTHING, StoredEvent

PAGE: Final = "ledger-page.v1"
"""The type under which a page is stored."""
BEFORE_THE_FIRST: Final = "0" * 64
PURPOSE: Final = b"baton: signing the ledger of events"
"""Another key than any other that is made of the same secret."""
SEED_BYTES: Final = 32


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A stored event in text, as an export has it; ``data`` with what is personal still sealed."""

    id: str
    stream: str
    revision: int
    position: int
    type: str
    recorded_at: str
    data: str
    metadata: str


class Entry(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What the ledger knows of one event."""

    id: str
    stream: str
    revision: int
    position: int
    sha256: str


class Page(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Numbers count from 0; ``previous`` is the hash of the page before; entries are in order of position."""

    service: str
    number: int
    previous: str
    sealed_at: str
    entries: Sequence[Entry]


class Signed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A page as it is kept: ``signature`` (Ed25519, in hex) is over the very bytes of ``page``."""

    page: msgspec.Raw
    signature: str


class End(NamedTuple):
    """Where a ledger ends: the number and the hash of its last page, what that seals last, and when."""

    number: int
    sha256: str
    last: Entry | None
    sealed_at: str | None

    @property
    def position(self) -> int:
        """Of the last event that is sealed."""
        return self.last.position if self.last else NOTHING


BEGINNING: Final = End(NOTHING, BEFORE_THE_FIRST, None, None)


def category(service: str) -> str:
    """Of the ledger's stream: none that the service publishes."""
    return f"ledger.{service}"


def stream(service: str) -> str:
    return f"{category(service)}-pages"


def told(event: StoredEvent) -> Told:
    """What is no text in it (Baton stores none such) is told with U+FFFD, and so is another event."""
    return Told(
        str(event.id),
        event.stream,
        event.revision,
        event.position,
        event.type,
        event.recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.data.decode(errors="replace"),
        event.metadata.decode(errors="replace"),
    )


def entry(event: Told) -> Entry:
    """Its hash is SHA-256 over all fields as netstrings (``length:bytes,``), which no two events share."""
    fields = (str(field).encode() for field in msgspec.structs.astuple(event))
    digest = sha256(b"".join(b"%d:%b," % (len(field), field) for field in fields)).hexdigest()
    return Entry(event.id, event.stream, event.revision, event.position, digest)


def signed(page: Page, key: Ed25519PrivateKey) -> bytes:
    body = msgspec.json.encode(page)
    return msgspec.json.encode(Signed(msgspec.Raw(body), key.sign(body).hex()))


def end(kept: bytes) -> End:
    """Where a ledger ends whose last page this is; raises ``ValueError`` when it is none."""
    try:
        body = msgspec.json.decode(kept, type=Signed).page
        page = msgspec.json.decode(body, type=Page)
    except msgspec.DecodeError as error:
        raise ValueError(str(error)) from error
    if not page.entries:
        raise ValueError("it has no entries")
    return End(page.number, page_hash(body), page.entries[-1], page.sealed_at)


def page_hash(body: msgspec.Raw) -> str:
    return sha256(body).hexdigest()


def is_signed(body: msgspec.Raw, signature: str, keys: Sequence[Ed25519PublicKey]) -> bool:
    """By any of these."""
    return any(_by(key, body, signature) for key in keys)


def _by(key: Ed25519PublicKey, body: msgspec.Raw, signature: str) -> bool:
    try:
        raw = bytes.fromhex(signature)
        key.verify(raw, bytes(body))
    except (InvalidSignature, ValueError):
        return False
    return raw.hex() == signature  # there is one way to write it


def signing_key(secret: str) -> Ed25519PrivateKey:
    """Of all services that have the same secret."""
    seed = HKDF(algorithm=SHA256(), length=SEED_BYTES, salt=None, info=PURPOSE).derive(secret.encode())
    return Ed25519PrivateKey.from_private_bytes(seed)


def public_text(key: Ed25519PrivateKey) -> str:
    """The public key in hex, 64 digits; ``public_key`` reads it."""
    return key.public_key().public_bytes_raw().hex()


def public_key(text: str) -> Ed25519PublicKey:
    """Raises ``ValueError``."""
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
