"""Who is not let in is told what to do about it; the log says why, and nothing of the token."""

import json
from collections.abc import AsyncIterator
from typing import Any, Final

import httpx
import pytest
from fastapi import APIRouter

from shared.service.actor import Asking
from tests.counted import counting
from tests.ports import free_ports
from tests.service_app import bearer, serving
from tests.unit.tokens.signing import Signer
from tests.written_logs import logged

REFUSED: Final = "baton_tokens_refused_total"
ISSUER: Final = f"http://127.0.0.1:{free_ports(1)}"
"""A provider that is down."""
GOOD: Final = bearer("sales")["Authorization"].removeprefix("Bearer ")
FORGED: Final = GOOD[:-6] + "AAAAAA"

router = APIRouter()


@router.get("/thing")
async def thing(actor: Asking) -> dict[str, str]:
    return {"asked by": actor.id}


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with serving((), {}, public=(router,), oidc_issuer=ISSUER) as client:
        yield client


async def _asked(client: httpx.AsyncClient, token: str | None) -> tuple[httpx.Response, dict[str, Any]]:
    """The answer to somebody with this token, and the one line that was logged."""
    headers = {"Authorization": f"Bearer {token}"} if token else {"Authorization": ""}
    with pytest.MonkeyPatch.context() as patch, logged(patch, "json") as out:
        answer = await client.get("/thing", headers=headers)
    (line,) = [line for line in out.getvalue().splitlines() if '"not let in"' in line]
    assert not token or not any(part and part in out.getvalue() for part in token.split("."))
    return answer, json.loads(line)


@pytest.mark.parametrize(
    ("token", "reason", "said"),
    [
        (None, "no token", "Send a bearer token."),
        (FORGED, "bad signature", "The token is not valid."),
        ("garbage", "malformed", "The token is not valid."),
        (Signer().token(exp=1), "unknown issuer", "The token is not valid."),
    ],
)
async def test_a_refusal_is_logged_counted_and_answered(
    client: httpx.AsyncClient, token: str | None, reason: str, said: str
) -> None:
    with counting(REFUSED, 1, reason=reason):
        answer, line = await _asked(client, token)
    assert (answer.status_code, answer.json()["detail"]) == (401, said)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert (line["level"], line["reason"]) == ("warning", reason)
    assert line["request_id"] == answer.json()["request_id"]


async def test_while_nobody_can_tell_one_is_asked_to_come_back(client: httpx.AsyncClient) -> None:
    with counting(REFUSED, 1, reason="no keys"):
        answer, _ = await _asked(client, Signer().token(iss=ISSUER))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert (await client.get("/thing", headers={"Authorization": f"Bearer {GOOD}"})).status_code == 200


async def test_every_reason_is_counted_from_nought(client: httpx.AsyncClient) -> None:
    with counting(REFUSED, 0, reason="several roles"):
        assert (await client.get("/thing")).status_code == 200
