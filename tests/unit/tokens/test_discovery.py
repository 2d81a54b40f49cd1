"""What a provider says of itself is believed only where nobody else could have said it."""

from collections.abc import AsyncIterator, Callable
from typing import Any, Final

import aiohttp
import pytest
from aiohttp import web

from shared.service.tokens.discovery import LARGEST, Unusable, is_confidential, published_keys, usable
from tests.ports import free_ports, served
from tests.unit.tokens.signing import Signer

ABOUT: Final = "/realms/sales/.well-known/openid-configuration"
SIGNER: Final = Signer("k1")


class Provider:
    """Answers at one address; what it answers may be changed."""

    def __init__(self) -> None:
        self.port = free_ports(1)
        self.issuer = f"http://127.0.0.1:{self.port}/realms/sales"
        self.about: Any = {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/certs"}
        self.keys: Any = {"keys": [SIGNER.published()]}
        self.app = web.Application()
        self.app.add_routes([web.get(ABOUT, self._about), web.get("/realms/sales/certs", self._certs)])

    async def _about(self, _request: web.Request) -> web.StreamResponse:
        return _answer(self.about)

    async def _certs(self, _request: web.Request) -> web.StreamResponse:
        return _answer(self.keys)


def _answer(said: Any) -> web.Response:
    if isinstance(said, web.Response):
        return said
    return web.Response(text=said) if isinstance(said, str) else web.json_response(said)


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    provider = Provider()
    async with served(provider.app, provider.port):
        yield provider


async def test_the_keys_are_found_from_the_issuers_name(provider: Provider) -> None:
    assert list(await published_keys(provider.issuer)) == ["k1"]


BROKEN: Final[dict[str, Callable[[Provider], None]]] = {
    "another issuer's document": lambda it: it.about.update(issuer="https://evil.example"),
    "keys over plain http": lambda it: it.about.update(jwks_uri="http://evil.example/certs"),
    "keys in a file": lambda it: it.about.update(jwks_uri="file:///etc/passwd"),
    "no address of keys": lambda it: it.about.pop("jwks_uri"),
    "no JSON": lambda it: setattr(it, "about", "<html>"),
    "no object": lambda it: setattr(it, "keys", []),
    "deep JSON": lambda it: setattr(it, "keys", "[" * 100_000),
    "too much": lambda it: setattr(it, "keys", "x" * (LARGEST + 1)),
    "no keys": lambda it: setattr(it, "keys", {"keys": []}),
    "keys that are none": lambda it: setattr(it, "keys", {"keys": "none"}),
}


@pytest.mark.parametrize("how", BROKEN.values(), ids=BROKEN.keys())
async def test_what_could_be_anybodys_is_not_believed(
    provider: Provider, how: Callable[[Provider], None]
) -> None:
    how(provider)
    with pytest.raises(Unusable):
        await published_keys(provider.issuer)


@pytest.mark.parametrize("status", [302, 404, 500])
async def test_an_answer_that_is_none_is_an_error(provider: Provider, status: int) -> None:
    provider.about = web.Response(status=status, headers={"Location": f"{provider.issuer}/elsewhere"})
    with pytest.raises((aiohttp.ClientError, Unusable)):
        await published_keys(provider.issuer)


async def test_nobody_there_is_an_error() -> None:
    with pytest.raises(aiohttp.ClientError):
        await published_keys(f"http://127.0.0.1:{free_ports(1)}")


@pytest.mark.parametrize(
    "key",
    [
        SIGNER.published(use="enc"),
        SIGNER.published(alg="RSA-OAEP"),
        SIGNER.published(kid=7),
        {k: v for k, v in SIGNER.published().items() if k != "kid"},
        {"kty": "oct", "kid": "k1", "alg": "HS256", "k": "AAAA"},
        {"kty": "oct", "kid": "k1", "alg": "none", "k": "AAAA"},
        {"kty": "new", "kid": "k1"},
        {"kty": "RSA", "kid": "k1", "n": "AAAA"},
        {"kty": "RSA", "kid": "k1", "alg": ["RS256"], "n": 7, "e": "AQAB"},
        {"kty": "EC", "kid": "k1", "crv": "P-256", "x": "AA", "y": "AA"},
        "k1",
    ],
)
def test_a_key_that_may_not_sign_is_left_out(key: Any) -> None:
    assert list(usable({"keys": [key, Signer("k2", "ES256").published()]})) == ["k2"]
    with pytest.raises(Unusable):
        usable({"keys": [key]})


@pytest.mark.parametrize(
    ("url", "is_it"),
    [
        ("https://id.example.com/realms/sales", True),
        ("http://127.0.0.1:8180/realms/sales", True),
        ("http://localhost:8180", True),
        ("http://[::1]:8180/", True),
        ("http://id.example.com", False),
        ("http://127.0.0.1.evil.example", False),
        ("http://localhost@evil.example", False),
        ("http://127.0.0.1:80@evil.example/", False),
        ("ftp://id.example.com", False),
        ("https://", False),
        ("", False),
    ],
)
def test_http_is_for_this_machine_alone(url: str, is_it: bool) -> None:
    assert is_confidential(url) is is_it
