"""What is signed verifies with the library of Standard Webhooks, and with nothing else."""

from base64 import b64decode
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from services.coordination.webhooks import secrets
from services.coordination.webhooks.webhook import Content
from tests.unit.coordination.webhooks.examples import KEY, at, content

BODY = '{"id":"e-1","data":{"title":"云帆科技"}}'.encode()


def signed(it: Content, *, now: datetime) -> dict[str, str]:
    return secrets.headers(KEY, it, message_id="e-1", body=BODY, now=now)


def test_a_secret_is_the_same_each_time_and_of_one_webhook_and_number_alone() -> None:
    one = secrets.secret(KEY, "wh-1", 1)
    assert one == secrets.secret(KEY, "wh-1", 1)
    others = {
        secrets.secret(KEY, "wh-2", 1),
        secrets.secret(KEY, "wh-1", 2),
        secrets.secret(KEY + "x", "wh-1", 1),
        secrets.public_key(KEY, "wh-1", 1),
    }
    assert one not in others
    assert one.startswith("whsec_")
    assert len(b64decode(one.removeprefix("whsec_"))) == 32


def test_the_library_verifies_it() -> None:
    headers = signed(content(), now=datetime.now(UTC))
    Verifier(secrets.secret(KEY, "wh-1", 1)).verify(BODY, headers)
    with pytest.raises(WebhookVerificationError):
        Verifier(secrets.secret(KEY, "wh-1", 2)).verify(BODY, headers)
    with pytest.raises(WebhookVerificationError):
        Verifier(secrets.secret(KEY, "wh-1", 1)).verify(BODY + b" ", headers)


def test_the_public_key_verifies_the_other_kind() -> None:
    headers = signed(content(signature="v1a"), now=at(1))
    version, _, signature = headers["webhook-signature"].partition(",")
    assert version == "v1a"
    public = secrets.public_key(KEY, "wh-1", 1)
    assert public.startswith("whpk_")
    key = Ed25519PublicKey.from_public_bytes(b64decode(public.removeprefix("whpk_")))
    to_sign = f"e-1.{headers['webhook-timestamp']}.".encode() + BODY
    key.verify(b64decode(signature), to_sign)
    with pytest.raises(InvalidSignature):
        key.verify(b64decode(signature), to_sign + b" ")


@pytest.mark.parametrize(("hour", "numbers"), [(4, (3, 2)), (5, (3,)), (6, (3,))])
def test_while_secrets_overlap_both_sign_the_newest_first(hour: int, numbers: tuple[int, ...]) -> None:
    it = Content("wh-1", content().described, secret=3, overlap_until=at(5))
    assert secrets.numbers(it, now=at(hour)) == numbers
    assert len(signed(it, now=at(hour))["webhook-signature"].split()) == len(numbers)


def test_whoever_has_either_secret_verifies() -> None:
    now = datetime.now(UTC)
    it = Content("wh-1", content().described, secret=2, overlap_until=now + timedelta(hours=1))
    for number in (1, 2):
        Verifier(secrets.secret(KEY, "wh-1", number)).verify(BODY, signed(it, now=now))
