"""What was sent once is sent again by somebody who overheard it."""

from datetime import timedelta

import httpx

from shared.service.tokens.issuer import LEEWAY_SECONDS
from tests.abuse.services import SECRET, Running, signed


async def test_a_command_sent_again_does_nothing_and_says_the_same(customers: Running) -> None:
    async with customers.client() as client:
        sent = [
            await client.post(
                "/leads", json={"company": "Acme", "source": "fair"}, headers={"Idempotency-Key": "overheard"}
            )
            for _ in range(3)
        ]
    assert {(answer.status_code, answer.text) for answer in sent} == {(201, sent[0].text)}


async def test_its_key_is_of_no_use_for_another_command(customers: Running) -> None:
    async with customers.client() as client:
        key = {"Idempotency-Key": "taken"}
        first = await client.post("/leads", json={"company": "Acme", "source": "fair"}, headers=key)
        other = await client.post("/leads", json={"company": "Acme", "source": "web"}, headers=key)
    assert (first.status_code, other.status_code) == (201, 422)
    assert other.json()["code"] == "idempotency-key-reused"


async def test_a_token_is_good_until_it_expires_and_only_where_it_was_signed_for(customers: Running) -> None:
    tokens = {
        "in time": signed("manager"),
        "expired": signed("manager", valid_for=-timedelta(seconds=LEEWAY_SECONDS + 1)),
        "of another house": signed("manager", secret=SECRET[::-1]),
    }
    async with httpx.AsyncClient(base_url=customers.url) as client:
        answers = {
            kind: (await client.get("/leads", headers={"Authorization": f"Bearer {token}"})).status_code
            for kind, token in tokens.items()
        }
    assert answers == {"in time": 200, "expired": 401, "of another house": 401}
