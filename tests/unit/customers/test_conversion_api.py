from collections.abc import Sequence

import pytest

from services.customers.conversion import account_of, deal_of
from shared.eventstore.store import NewEvent, StoredEvent, StoreUnavailable
from tests.service_app import bearer
from tests.unit.customers.world import World

LEAD = {"id": "l-1", "company": "Kan-code", "source": "fair", "region": "华东", "owner": "p-li"}
CONVERT = {"title": "20 presses", "product": "P-9", "line": "presses", "amount": {"minor": 5_000_00}}


@pytest.fixture
async def qualified(world: World) -> World:
    await world.done("/leads", LEAD)
    await world.done("/leads/l-1/qualify")
    return world


async def streams(world: World) -> dict[str, list[str]]:
    ids = ("lead-l-1", f"account-{account_of('l-1')}", f"deal-{deal_of('l-1')}")
    return {
        stream.partition("-")[0]: [event.type for event in await world.store.read(stream)] for stream in ids
    }


async def test_a_lead_becomes_an_account_and_a_deal_with_its_lineage(qualified: World) -> None:
    answer = await qualified.done("/leads/l-1/convert", CONVERT)
    ids = answer.json()
    assert ids == {"id": "l-1", "account_id": account_of("l-1"), "deal_id": deal_of("l-1")}
    assert answer.headers["etag"] == '"3"'

    account = await qualified.get(f"/accounts/{ids['account_id']}")
    assert (account["name"], account["region"]) == ("Kan-code", "华东")
    assert (account["owner"], account["lead_id"]) == ("p-li", "l-1")
    lead = await qualified.get("/leads/l-1")
    assert (lead["state"], lead["deal_id"]) == ("converted", ids["deal_id"])
    deal = await qualified.get(f"/deals/{ids['deal_id']}")
    assert (deal["account_id"], deal["lead_id"], deal["owner"]) == (ids["account_id"], "l-1", "p-li")
    assert deal["history"][0]["data"]["lead_created_at"] == lead["created_at"]
    assert [(moment["kind"], moment["id"]) for moment in account["timeline"]] == [
        ("lead", "l-1"),
        ("deal", ids["deal_id"]),
    ]


async def test_converting_twice_is_converting_once(qualified: World) -> None:
    once = await qualified.done("/leads/l-1/convert", CONVERT)
    await qualified.caught_up()
    again = await qualified.done("/leads/l-1/convert", CONVERT)
    assert once.json() == again.json()
    assert once.headers["etag"] == again.headers["etag"]
    keyed = await qualified.done("/leads/l-1/convert", CONVERT, Idempotency_Key="k")
    assert keyed.json() == once.json()


async def test_a_lead_joins_an_account_that_is_there(qualified: World) -> None:
    await qualified.done("/accounts", {"id": "a-1", "name": "Kan-code Ltd"})
    answer = await qualified.done(
        "/leads/l-1/convert", {**CONVERT, "account_id": "a-1", "deal_id": "d-1", "owner": "p-zhou"}
    )
    assert answer.json() == {"id": "l-1", "account_id": "a-1", "deal_id": "d-1"}
    assert (await qualified.get("/deals/d-1"))["owner"] == "p-zhou"
    assert len((await qualified.get("/accounts"))["items"]) == 1


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({}, 409, "duplicate"),
        ({"account_id": "a-9"}, 404, "not-found"),
        ({"account_id": "a-merged"}, 409, "account-merged"),
        ({"account_name": "New Co", "deal_id": "d-taken"}, 409, "id-taken"),
        ({"account_id": "a-1", "account_name": "New Co"}, 422, "invalid"),
        ({"account_name": "New Co", "amount": {"minor": -1}}, 422, "invalid"),
    ],
)
async def test_a_refused_conversion_leaves_nothing_behind(
    qualified: World, change: dict[str, str], status: int, code: str
) -> None:
    await qualified.done("/accounts", {"id": "a-1", "name": "Kan-code Ltd"})
    await qualified.done("/accounts", {"id": "a-merged", "name": "Kan"})
    await qualified.done("/accounts/a-merged/merge", {"into": "a-1"})
    await qualified.done("/deals", {**CONVERT, "id": "d-taken", "title": "A mill", "owner": "p-li"})
    await qualified.caught_up()
    before = await streams(qualified)
    refused = await qualified.post("/leads/l-1/convert", {**CONVERT, **change})
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    if code == "duplicate":
        assert refused.json()["existing"] == "a-1"
    assert await streams(qualified) == before


async def test_a_lead_has_to_be_qualified_first(world: World) -> None:
    await world.done("/leads", LEAD)
    refused = await world.post("/leads/l-1/convert", CONVERT)
    assert (refused.status_code, refused.json()["code"]) == (409, "lead-not-qualified")
    assert (await world.post("/leads/l-9/convert", CONVERT)).status_code == 404


async def test_a_stale_revision_leaves_nothing_behind(qualified: World) -> None:
    stale = await qualified.post("/leads/l-1/convert", CONVERT, If_Match='"0"')
    assert stale.status_code == 412
    assert (await streams(qualified))["account"] == []
    await qualified.done("/leads/l-1/convert", CONVERT, If_Match='"2"')


@pytest.mark.parametrize("kept", [0, 1, 2])
@pytest.mark.parametrize("headers", [{}, {"Idempotency_Key": "k-1"}])
async def test_a_crash_between_the_appends_is_healed_by_asking_again(
    qualified: World, monkeypatch: pytest.MonkeyPatch, kept: int, headers: dict[str, str]
) -> None:
    append = qualified.store.append
    left = kept

    async def crashing(stream: str, events: Sequence[NewEvent], *, expected: int) -> list[StoredEvent]:
        nonlocal left
        if left == 0:
            raise StoreUnavailable("the power went out")
        left -= 1
        return await append(stream, events, expected=expected)

    monkeypatch.setattr(qualified.store, "append", crashing)
    assert (await qualified.post("/leads/l-1/convert", CONVERT, **headers)).status_code == 503
    monkeypatch.undo()
    await qualified.caught_up()
    await qualified.done("/leads/l-1/convert", CONVERT, **headers)
    assert await streams(qualified) == {
        "lead": ["lead-created.v1", "lead-assigned.v1", "lead-qualified.v1", "lead-converted.v1"],
        "account": ["account-opened.v1"],
        "deal": ["deal-opened.v1"],
    }


async def test_a_viewer_converts_nothing(qualified: World) -> None:
    assert (await qualified.post("/leads/l-1/convert", CONVERT, **bearer("viewer"))).status_code == 403
