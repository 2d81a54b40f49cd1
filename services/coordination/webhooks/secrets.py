"""The secrets of webhooks, and what they sign: made from the master key each time, kept nowhere.

HKDF-SHA256 (RFC 5869) of the master key, for the webhook's id and the number of its secret. Signatures are
those of Standard Webhooks: ``v1`` is HMAC-SHA256, ``v1a`` is Ed25519.
"""

from base64 import b64encode
from datetime import UTC, datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from standardwebhooks import Webhook as Symmetric

from services.coordination.webhooks.webhook import Content
from shared.events.webhook import Signature

LENGTH: Final = 32


def secret(master_key: str, webhook_id: str, number: int) -> str:
    """``whsec_…``: what both sides know, for ``v1``."""
    return f"whsec_{_text(_derived(master_key, 'v1', webhook_id, number))}"


def public_key(master_key: str, webhook_id: str, number: int) -> str:
    """``whpk_…``: what anybody may know, for ``v1a``."""
    return f"whpk_{_text(_private(master_key, webhook_id, number).public_key().public_bytes_raw())}"


def numbers(it: Content, *, now: datetime) -> tuple[int, ...]:
    """Which of its secrets sign now, the newest first."""
    overlaps = it.overlap_until is not None and now < it.overlap_until
    return (it.secret, it.secret - 1) if overlaps else (it.secret,)


def headers(master_key: str, it: Content, *, message_id: str, body: bytes, now: datetime) -> dict[str, str]:
    """The headers of Standard Webhooks for one attempt; ``now`` is in UTC."""
    now = now.astimezone(UTC)
    signatures = (
        _signature(master_key, it.webhook_id, number, it.described.signature, message_id, body, now)
        for number in numbers(it, now=now)
    )
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _signature(
    master_key: str, webhook_id: str, number: int, how: Signature, message_id: str, body: bytes, now: datetime
) -> str:
    if how == "v1":
        return Symmetric(secret(master_key, webhook_id, number)).sign(message_id, now, body.decode())
    signed = _private(master_key, webhook_id, number).sign(
        f"{message_id}.{int(now.timestamp())}.".encode() + body
    )
    return f"v1a,{_text(signed)}"


def _private(master_key: str, webhook_id: str, number: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(_derived(master_key, "v1a", webhook_id, number))


def _derived(master_key: str, purpose: Signature, webhook_id: str, number: int) -> bytes:
    info = f"baton webhook {purpose} {webhook_id} {number}".encode()
    return HKDF(SHA256(), LENGTH, salt=None, info=info).derive(master_key.encode())


def _text(key: bytes) -> str:
    return b64encode(key).decode()
