"""What holds for every command of the service, whatever it is about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from tests.service_app import bearer
from tests.unit.customers.world import World

MONEY = {"minor": 50_000_00, "currency": "CNY"}


@dataclass(frozen=True)
class Kind:
    """One kind of thing: how it is made, a command that changes it, and one that it must refuse."""

    path: str
    new: Mapping[str, Any]
    command: str
    body: Mapping[str, Any]
    refused: str
    code: str
    refused_body: Mapping[str, Any] = field(default_factory=dict)


LEAD = Kind(
    "/leads",
    {"company": "Kan-code", "source": "fair"},
    "assign",
    {"owner": "p-li"},
    "claim",
    "lead-not-in-pool",
)
DEAL = Kind(
    "/deals",
    {"title": "20 presses", "owner": "p-li", "product": "P-9", "line": "presses", "amount": MONEY},
    "advance",
    {"stage": "engaging"},
    "reprice",
    "deal-won",
    {"amount": {"minor": 1}},
)
ACCOUNT = Kind(
    "/accounts",
    {"name": "Kan-code 有限公司"},
    "contacts",
    {"name": "赵敏", "phone": "+86 139"},
    "merge",
    "merge-into-itself",
    {"into": "it"},
)
COMPLAINT = Kind(
    "/complaints",
    {"subject": "Bent frame"},
    "assign",
    {"to": "p-li"},
    "close",
    "complaint-not-resolved",
)

pytestmark = pytest.mark.parametrize("kind", [LEAD, DEAL, ACCOUNT, COMPLAINT], ids=lambda k: k.path[1:])


async def test_it_is_made_and_shown_with_its_history_at_once(world: World, kind: Kind) -> None:
    made = await world.done(kind.path, kind.new)
    assert made.status_code == 201
    shown = await world.client.get(f"{kind.path}/{made.json()['id']}")
    assert shown.status_code == 200
    assert shown.headers["etag"] == made.headers["etag"] == '"0"'
    assert [happened["actor"] for happened in shown.json()["history"]] == ["p-wang"]


async def test_the_list_has_it_once_it_has_caught_up(world: World, kind: Kind) -> None:
    ids = [(await world.done(kind.path, {**kind.new, **_other(kind, n)})).json()["id"] for n in range(3)]
    first = await world.get(kind.path, limit="2")
    assert [item["id"] for item in first["items"]] == [ids[2], ids[1]]
    rest = await world.get(kind.path, limit="2", cursor=first["next"])
    assert [item["id"] for item in rest["items"]] == [ids[0]]
    assert rest["next"] is None


async def test_a_command_answers_204_or_201_with_the_new_revision(world: World, kind: Kind) -> None:
    await world.done(kind.path, {**kind.new, "id": "it"})
    changed = await world.done(f"{kind.path}/it/{kind.command}", kind.body)
    assert changed.headers["etag"] == '"1"'


async def test_a_command_on_an_old_revision_is_turned_back(world: World, kind: Kind) -> None:
    await world.done(kind.path, {**kind.new, "id": "it"})
    stale = await world.post(f"{kind.path}/it/{kind.command}", kind.body, If_Match='"7"')
    _is_problem(stale, 412, "stale")
    assert stale.headers["etag"] == '"0"'
    assert (await world.post(f"{kind.path}/it/{kind.command}", kind.body, If_Match='"0"')).is_success


async def test_the_same_key_is_the_same_command(world: World, kind: Kind) -> None:
    once = await world.done(kind.path, kind.new, Idempotency_Key="k-1")
    again = await world.done(kind.path, kind.new, Idempotency_Key="k-1")
    assert once.json() == again.json()
    assert once.headers["etag"] == again.headers["etag"] == '"0"'
    other = await world.post(kind.path, {**kind.new, **_other(kind, 1)}, Idempotency_Key="k-1")
    _is_problem(other, 422, "idempotency-key-reused")


async def test_making_it_twice_is_making_it_once(world: World, kind: Kind) -> None:
    await world.done(kind.path, {**kind.new, "id": "it"})
    await world.caught_up()
    again = await world.done(kind.path, {**kind.new, "id": "it"})
    assert again.headers["etag"] == '"0"'


async def test_another_thing_cannot_have_its_id(world: World, kind: Kind) -> None:
    await world.done(kind.path, {**kind.new, "id": "it"})
    other = await world.post(kind.path, {**kind.new, **_other(kind, 1), "id": "it"})
    _is_problem(other, 409, "id-taken")


async def test_a_refusal_says_why(world: World, kind: Kind) -> None:
    await world.done(kind.path, {**kind.new, "id": "it"})
    if kind is DEAL:
        await world.done("/deals/it/win")
    refused = await world.post(f"{kind.path}/it/{kind.refused}", kind.refused_body)
    _is_problem(refused, 409, kind.code)


async def test_what_is_not_there_is_not_found(world: World, kind: Kind) -> None:
    _is_problem(await world.client.get(f"{kind.path}/nobody"), 404, "not-found")
    _is_problem(await world.post(f"{kind.path}/nobody/{kind.command}", kind.body), 404, "not-found")


async def test_an_unknown_field_is_named(world: World, kind: Kind) -> None:
    answer = await world.post(kind.path, {**kind.new, "colour": "red"})
    _is_problem(answer, 422, "invalid")
    assert [error["field"] for error in answer.json()["errors"]] == ["colour"]


@pytest.mark.parametrize("bad", ["\x00", "\ud800", "   ", "x" * 501, 7, None, []])
async def test_text_that_is_no_text_is_invalid(world: World, kind: Kind, bad: object) -> None:
    word = next(name for name in ("company", "title", "name", "subject") if name in kind.new)
    _is_problem(await world.post(kind.path, {**kind.new, word: bad}), 422, "invalid")


async def test_a_cursor_is_a_number(world: World, kind: Kind) -> None:
    for query in ({"cursor": "x"}, {"cursor": "-1"}, {"limit": "0"}, {"limit": "201"}):
        _is_problem(await world.client.get(kind.path, params=query), 422, "invalid")


async def test_a_viewer_sees_none(world: World, kind: Kind) -> None:
    viewer = bearer("viewer")
    _is_problem(await world.client.get(kind.path, headers=viewer), 403, "not-allowed")
    _is_problem(await world.post(kind.path, kind.new, **viewer), 403, "not-allowed")


async def test_only_an_importer_says_when_it_happened(world: World, kind: Kind) -> None:
    past = {**kind.new, "id": "it", "occurred_at": "2017-03-01T09:00:00+08:00"}
    _is_problem(await world.post(kind.path, past), 403, "not-allowed")
    await world.done(kind.path, past, **bearer("importer"))
    history = (await world.get(f"{kind.path}/it"))["history"]
    assert history[0]["occurred_at"] == "2017-03-01T01:00:00Z"


async def test_nothing_happens_before_it_was_made(world: World, kind: Kind) -> None:
    await world.done(kind.path, {**kind.new, "id": "it"})
    earlier = {**kind.body, "occurred_at": "2017-03-01T09:00:00+08:00"}
    answer = await world.post(f"{kind.path}/it/{kind.command}", earlier, **bearer("importer"))
    _is_problem(answer, 409, "out-of-order")


async def test_without_a_token_nobody_sees_anything(world: World, kind: Kind) -> None:
    answer = await world.client.get(kind.path, headers={"Authorization": ""})
    assert answer.status_code == 401


def _other(kind: Kind, n: int) -> dict[str, str]:
    word = next(name for name in ("company", "title", "name", "subject") if name in kind.new)
    return {word: f"Another {n}"}


def _is_problem(answer: httpx.Response, status: int, code: str) -> None:
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
