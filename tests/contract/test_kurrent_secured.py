"""TLS and credentials, by the address alone."""

from base64 import b64encode
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from shared.eventstore.open import open_store
from shared.eventstore.store import NOTHING, NewEvent, StoreUnavailable
from tests.certificates import Certificate, certificate_of
from tests.contract.kurrent_protocol import KurrentProtocol

USER = "baton:only-in-this-test"


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    """One that signs itself; it lies in ``ca.pem``, too, for who shall trust it."""
    made = certificate_of("a store of this test")
    (tmp_path / "ca.pem").write_bytes(made.certificate)
    return made


@pytest.fixture
async def secured(certificate: Certificate) -> AsyncIterator[KurrentProtocol]:
    basic = f"Basic {b64encode(USER.encode()).decode()}"
    async with KurrentProtocol(certificate=certificate, authorization=basic) as server:
        yield server


async def _kept(url: str) -> None:
    """An event appended, read and followed there."""
    store = await open_store(url)
    try:
        event = NewEvent(uuid4(), "deal-opened.v1", b"{}", b"{}")
        stored = await store.append("deal-1", [event], expected=NOTHING)
        assert await store.read("deal-1") == stored
        assert await anext(store.follow(["deal"])) == stored
        assert await store.head() == stored[0].position
    finally:
        await store.close()


async def test_an_address_with_a_certificate_and_a_user_is_all_it_takes(
    secured: KurrentProtocol, tmp_path: Path
) -> None:
    await _kept(f"kurrentdb://{USER}@127.0.0.1:{secured.port}?TlsCaFile={tmp_path}/ca.pem")


async def test_a_server_that_nobody_vouches_for_is_not_spoken_to(secured: KurrentProtocol) -> None:
    with pytest.raises(StoreUnavailable):
        await _kept(f"kurrentdb://{USER}@127.0.0.1:{secured.port}")
    assert secured.log == []


async def test_another_password_is_refused_and_not_told(secured: KurrentProtocol, tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable) as refused:
        await _kept(f"kurrentdb://baton:not-the-one@127.0.0.1:{secured.port}?TlsCaFile={tmp_path}/ca.pem")
    assert "Unauthenticated" in str(refused.value)
    assert "not-the-one" not in str(refused.value)
    assert secured.log == []


async def test_without_tls_no_password_is_sent() -> None:
    async with KurrentProtocol(authorization="") as plain:
        await _kept(f"kurrentdb://{USER}@127.0.0.1:{plain.port}?Tls=false")


async def test_tls_without_a_user_is_no_address(secured: KurrentProtocol, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Username and password"):
        await open_store(f"kurrentdb://127.0.0.1:{secured.port}?TlsCaFile={tmp_path}/ca.pem")
