"""A provider's token is taken when everything about it is right, and refused with the reason when not."""

import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from typing import Any, Final

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shared.service.actor import Actor
from shared.service.tokens.claims import Claims
from shared.service.tokens.discovery import usable
from shared.service.tokens.issuer import LEEWAY_SECONDS, Issuer
from shared.service.tokens.keys import ProviderKeys
from shared.service.tokens.refusals import NotSignedIn
from shared.service.tokens.trusted import LONGEST, Trusted
from tests.unit.tokens.signing import AUDIENCE, ISSUER, Signer

SIGNERS: Final = {name: Signer(name, name) for name in ("RS256", "PS256", "ES256", "EdDSA")}
RSA: Final = SIGNERS["RS256"]
WEAK: Final = Signer("weak", key=rsa.generate_private_key(65537, 1024))  # noqa: S505 - that is the test
PUBLIC: Final = RSA.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
NOW: Final = int(time.time())


@pytest.fixture(scope="module")
def trusted() -> Trusted:
    async def published() -> Mapping[str, jwt.PyJWK]:
        return usable({"keys": [signer.published() for signer in (*SIGNERS.values(), WEAK)]})

    return Trusted({ISSUER: (Issuer(ISSUER, AUDIENCE, Claims()), ProviderKeys(published))})


def _written(header: Mapping[str, Any] | list[Any], payload: str, signature: bytes = b"") -> str:
    parts = (json.dumps(header).encode(), payload.encode(), signature)
    return ".".join(urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def _claims(token: str) -> str:
    part = token.split(".")[1]
    return urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode()


def _unsigned(**header: Any) -> str:
    return _written(header, _claims(RSA.token()))


def _by_hmac(algorithm: str) -> str:
    """Algorithm confusion: the verifier's public key, which everybody has, taken for a secret."""
    key = jwt.PyJWK({"kty": "oct", "alg": "HS256", "k": urlsafe_b64encode(PUBLIC).decode().rstrip("=")})
    text = _unsigned(typ="JWT", alg=algorithm, kid=RSA.kid).rpartition(".")[0]
    signature = key.Algorithm.sign(text.encode(), key.key)
    return f"{text}.{urlsafe_b64encode(signature).decode().rstrip('=')}"


@pytest.mark.parametrize("algorithm", SIGNERS)
async def test_a_good_token_names_its_actor(trusted: Trusted, algorithm: str) -> None:
    token = SIGNERS[algorithm].token(department="sales")
    for _ in range(2):
        assert await trusted.actor(token) == Actor(id="p-wang", role="sales", department="sales")


@pytest.mark.parametrize(("claim", "seconds"), [("exp", -20), ("nbf", 20), ("iat", 20)])
async def test_clocks_may_differ_a_little(trusted: Trusted, claim: str, seconds: int) -> None:
    said: dict[str, Any] = {claim: int(time.time()) + seconds}
    assert LEEWAY_SECONDS == 30
    assert (await trusted.actor(RSA.token(**said))).id == "p-wang"


@pytest.mark.parametrize("kind", ["JWT", "at+jwt", "application/at+JWT"])
async def test_an_access_token_may_call_itself_one(trusted: Trusted, kind: str) -> None:
    assert (await trusted.actor(RSA.token(headers={"typ": kind}))).id == "p-wang"


REFUSED: Final[dict[str, tuple[str, Callable[[], str]]]] = {
    "nothing": ("malformed", lambda: ""),
    "garbage": ("malformed", lambda: "garbage"),
    "garbage in three parts": ("malformed", lambda: "a.b.c"),
    "another alphabet": ("malformed", lambda: "令.牌.！"),
    "a header that is no object": ("malformed", lambda: _written([], "{}")),
    "a payload that is no object": ("malformed", lambda: _written({"alg": "RS256"}, "[]")),
    "a payload that is deep": ("malformed", lambda: _written({"alg": "RS256"}, "[" * 9000)),
    "a kid that is no word": ("malformed", lambda: _unsigned(alg="RS256", kid=7)),
    "more than anybody sends": ("too long", lambda: "a" * (LONGEST + 1)),
    "a token of another kind": ("wrong type", lambda: RSA.token(headers={"typ": "logout+jwt"})),
    "another issuer": ("unknown issuer", lambda: RSA.token(iss="https://evil.example")),
    "almost its issuer": ("unknown issuer", lambda: RSA.token(iss=ISSUER + "/")),
    "no issuer": ("unknown issuer", lambda: RSA.token(iss=None)),
    "an issuer that is no word": ("unknown issuer", lambda: _written({"alg": "RS256"}, '{"iss": {}}')),
    "no kid": ("unknown key", lambda: _unsigned(alg="RS256")),
    "an unknown kid": ("unknown key", Signer("k9", key=RSA.key).token),
    "a key that is too short": ("unknown key", Signer(WEAK.kid).token),
    "no algorithm": ("wrong algorithm", lambda: _unsigned(alg="none", kid=RSA.kid)),
    "HMAC by the public key": ("wrong algorithm", lambda: _by_hmac("HS256")),
    "HMAC that says RSA": ("bad signature", lambda: _by_hmac("RS256")),
    "another algorithm of the same key": ("wrong algorithm", Signer(RSA.kid, "RS512", RSA.key).token),
    "another's key under this name": ("bad signature", Signer(RSA.kid).token),
    "changed claims": ("bad signature", lambda: _forged(role="manager")),
    "another audience": ("wrong audience", lambda: RSA.token(aud="account")),
    "no audience": ("incomplete", lambda: RSA.token(aud=None)),
    "expired": ("expired", lambda: RSA.token(exp=NOW - 60)),
    "no end": ("incomplete", lambda: RSA.token(exp=None)),
    "an end that is none": ("malformed", lambda: RSA.token(exp="soon")),
    "an infinite life": ("malformed", lambda: RSA.token(exp=float("inf"))),
    "not yet": ("not yet valid", lambda: RSA.token(nbf=NOW + 3600)),
    "made tomorrow": ("not yet valid", lambda: RSA.token(iat=NOW + 3600)),
    "no beginning": ("incomplete", lambda: RSA.token(iat=None)),
    "nobody": ("unusable id", lambda: RSA.token(sub=None)),
    "no role": ("no role", lambda: RSA.token(role=None)),
    "an unknown role": ("no role", lambda: RSA.token(role="king")),
}  # fmt: skip


def _forged(**claims: Any) -> str:
    header, _, signature = RSA.token().split(".")
    payload = RSA.token(**claims).split(".")[1]
    return f"{header}.{payload}.{signature}"


@pytest.mark.parametrize(("reason", "made"), REFUSED.values(), ids=REFUSED.keys())
async def test_any_other_is_refused_with_the_reason(
    trusted: Trusted, reason: str, made: Callable[[], str]
) -> None:
    with pytest.raises(NotSignedIn) as refused:
        await trusted.actor(made())
    assert refused.value.reason == reason


async def test_a_token_that_was_good_expires(trusted: Trusted, monkeypatch: pytest.MonkeyPatch) -> None:
    token = RSA.token()
    await trusted.actor(token)
    later = time.time() + 300 + LEEWAY_SECONDS
    monkeypatch.setattr(time, "time", lambda: later)
    with pytest.raises(NotSignedIn, match="expired"):
        await trusted.actor(token)
