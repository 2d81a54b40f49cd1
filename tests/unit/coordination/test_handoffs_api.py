"""Hand-offs over HTTP."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import httpx
import pytest

from tests.service_app import bearer
from tests.unit.coordination.conftest import Service

HANDOFF: Final[dict[str, Any]] = {
    "id": "ho-1",
    "kind": "order-to-production",
    "subject": "order-ord-1",
    "title": "安排生产 Produce order ord-1",
}
PATH: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("return", {"reason": "缺少电压规格"}),
    ("resubmit", {"note": "380 V"}),
    ("accept", {}),
    ("complete", {}),
)


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told["code"] == code
    return told


async def test_a_handoff_goes_all_the_way_and_its_times_add_up(service: Service) -> None:
    made = await service.client.post("/handoffs", json=HANDOFF)
    assert (made.status_code, made.json(), made.headers["etag"]) == (201, {"id": "ho-1"}, '"0"')
    for revision, (step, body) in enumerate(PATH, start=1):
        done = await service.client.post(f"/handoffs/ho-1/{step}", json=body)
        assert (done.status_code, done.headers["etag"]) == (204, f'"{revision}"'), done.text
    seen = (await service.client.get("/handoffs/ho-1")).json(parse_float=Decimal)
    assert [event["type"] for event in seen["timeline"]] == [
        "handoff-requested.v1",
        "handoff-returned.v1",
        "handoff-resubmitted.v1",
        "handoff-accepted.v1",
        "handoff-completed.v1",
    ]
    assert seen["timeline"][1]["data"]["by"] == "p-wang"
    assert (seen["state"], seen["breached"], seen["with_department"]) == ("completed", False, "production")
    assert seen["waiting_seconds"].keys() == {"sales", "production"}
    assert seen["working_seconds"].keys() == {"production"}
    times = [*seen["waiting_seconds"].values(), *seen["working_seconds"].values()]
    assert sum(times) == seen["elapsed_seconds"]


async def test_a_known_kind_says_who_and_until_when(service: Service) -> None:
    await service.client.post("/handoffs", json=HANDOFF)
    seen = (await service.client.get("/handoffs/ho-1")).json()
    assert (seen["from_department"], seen["to_department"]) == ("sales", "production")
    allowed = datetime.fromisoformat(seen["due_at"]) - datetime.fromisoformat(seen["requested_at"])
    assert allowed == timedelta(hours=24)


async def test_a_request_may_say_otherwise(service: Service) -> None:
    due_at = datetime.now(UTC) + timedelta(days=3)
    asked = HANDOFF | {"to_department": "workshop", "due_at": due_at.isoformat()}
    await service.client.post("/handoffs", json=asked)
    seen = (await service.client.get("/handoffs/ho-1")).json()
    assert (seen["from_department"], seen["to_department"]) == ("sales", "workshop")
    assert datetime.fromisoformat(seen["due_at"]) == due_at


@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        ("between-departments", "from_department, to_department"),
        ("something-new", "from_department, to_department, due_at"),
    ],
)
async def test_what_the_kind_does_not_say_the_request_must(service: Service, kind: str, missing: str) -> None:
    told = problem(await service.client.post("/handoffs", json=HANDOFF | {"kind": kind}), 422, "invalid")
    assert told["detail"].endswith(f"a hand-off of kind {kind} must say {missing}")
    given = {
        "kind": kind,
        "from_department": "sales",
        "to_department": "legal",
        "due_at": "2131-01-01T00:00Z",
    }
    assert (await service.client.post("/handoffs", json=HANDOFF | given)).status_code == 201


async def test_asking_again_changes_nothing(service: Service) -> None:
    for _ in range(2):
        again = await service.client.post("/handoffs", json=HANDOFF)
        assert (again.status_code, again.headers["etag"]) == (201, '"0"')
    for _ in range(2):
        again = await service.client.post("/handoffs/ho-1/cancel", json={"reason": "Not needed"})
        assert (again.status_code, again.headers["etag"]) == (204, '"1"')


async def test_the_same_idempotency_key_makes_one_handoff(service: Service) -> None:
    body = {key: value for key, value in HANDOFF.items() if key != "id"}
    key = {"Idempotency-Key": "k-1"}
    first = await service.client.post("/handoffs", json=body, headers=key)
    second = await service.client.post("/handoffs", json=body, headers=key)
    assert first.json() == second.json()
    other = await service.client.post("/handoffs", json=body | {"title": "Another"}, headers=key)
    problem(other, 422, "idempotency-key-reused")


async def test_a_replayed_command_is_not_done_again(service: Service) -> None:
    await service.client.post("/handoffs", json=HANDOFF)
    key = {"Idempotency-Key": "k-2"}
    path, body = "/handoffs/ho-1/return", {"reason": "Which voltage?"}
    await service.client.post(path, json=body, headers=key)
    await service.client.post("/handoffs/ho-1/resubmit", json={})
    replayed = await service.client.post(path, json=body, headers=key)
    assert (replayed.status_code, replayed.headers["etag"]) == (204, '"2"')


async def test_if_match_guards_against_deciding_on_what_is_old(service: Service) -> None:
    await service.client.post("/handoffs", json=HANDOFF)
    path = "/handoffs/ho-1/accept"
    problem(await service.client.post(path, json={}, headers={"If-Match": '"7"'}), 412, "stale")
    assert (await service.client.post(path, json={}, headers={"If-Match": '"0"'})).status_code == 204


async def test_what_makes_no_sense_is_refused(service: Service) -> None:
    await service.client.post("/handoffs", json=HANDOFF)
    problem(await service.client.post("/handoffs/ho-1/complete", json={}), 409, "not-accepted")
    problem(await service.client.post("/handoffs", json=HANDOFF | {"title": "Another"}), 409, "id-taken")
    inside = HANDOFF | {"id": "ho-2", "to_department": "sales"}
    problem(await service.client.post("/handoffs", json=inside), 409, "same-department")
    past = HANDOFF | {"id": "ho-2", "due_at": "2020-01-01T00:00Z"}
    problem(await service.client.post("/handoffs", json=past), 409, "due-passed")
    problem(await service.client.post("/handoffs/ho-1/return", json={}), 422, "invalid")
    problem(await service.client.post("/handoffs/ho-1/accept", json={"colour": "red"}), 422, "invalid")
    problem(await service.client.post("/handoffs", json=HANDOFF | {"kind": "No Slug"}), 422, "invalid")
    problem(await service.client.post("/handoffs/nobody/accept", json={}), 404, "not-found")
    problem(await service.client.get("/handoffs/nobody"), 404, "not-found")


async def test_a_viewer_may_only_look_and_only_an_importer_says_when(service: Service) -> None:
    viewer = bearer("viewer")
    problem(await service.client.post("/handoffs", json=HANDOFF, headers=viewer), 403, "not-allowed")
    past = HANDOFF | {"occurred_at": "2017-02-01T08:00:00+08:00"}
    problem(await service.client.post("/handoffs", json=past), 403, "not-allowed")
    assert (await service.client.post("/handoffs", json=past, headers=bearer("importer"))).status_code == 201
    seen = (await service.client.get("/handoffs/ho-1", headers=viewer)).json()
    assert (seen["requested_at"], seen["due_at"]) == ("2017-02-01T00:00:00Z", "2017-02-02T00:00:00Z")


async def test_each_step_is_for_the_department_whose_turn_it_is(service: Service) -> None:
    """Of a post, such as sales, too: a hand-off to sales is for every department of theirs."""
    sales = bearer("sales", department="key-accounts")
    planner = bearer("production", person="p-guo", department="production")
    other = bearer("logistics", person="p-gao", department="logistics")
    problem(await service.client.post("/handoffs", json=HANDOFF, headers=planner), 403, "not-allowed")
    assert (await service.client.post("/handoffs", json=HANDOFF, headers=sales)).status_code == 201
    for step, body in PATH:
        mine, others = (sales, planner) if step == "resubmit" else (planner, sales)
        for wrong in (others, other):
            told = problem(
                await service.client.post(f"/handoffs/ho-1/{step}", json=body, headers=wrong),
                403,
                "not-allowed",
            )
            assert "部门的人" in told["detail"]
        done = await service.client.post(f"/handoffs/ho-1/{step}", json=body, headers=mine)
        assert done.status_code == 204, done.text
    assert (await service.client.get("/handoffs/ho-1")).json()["state"] == "completed"


async def test_lists_are_filtered_by_who_has_to_act_and_by_state(service: Service) -> None:
    for n in range(3):
        await service.client.post("/handoffs", json=HANDOFF | {"id": f"ho-{n}"})
    await service.client.post("/handoffs/ho-1/return", json={"reason": "Which voltage?"})
    await service.client.post("/handoffs/ho-2/accept", json={})
    await service.client.post("/handoffs/ho-2/complete", json={})
    await service.following.catch_up()

    async def ids(**query: str) -> list[str]:
        return [row["id"] for row in (await service.client.get("/handoffs", params=query)).json()["items"]]

    assert await ids() == ["ho-2", "ho-1", "ho-0"]
    assert await ids(state="open") == ["ho-1", "ho-0"]
    assert await ids(state="closed") == ["ho-2"]
    assert await ids(state="returned") == ["ho-1"]
    assert await ids(department="sales") == ["ho-1"]
    assert await ids(department="production", state="open") == ["ho-0"]
    assert await ids(subject="order-ord-2") == []
    first = (await service.client.get("/handoffs", params={"limit": "2"})).json()
    assert await ids(cursor=first["next"]) == ["ho-0"]
    one = (await service.client.get("/handoffs/ho-1")).json()
    assert first["items"][1] == {key: one[key] for key in first["items"][1]}
    for wrong in ({"limit": "0"}, {"cursor": "x"}, {"state": "lost"}):
        problem(await service.client.get("/handoffs", params=wrong), 422, "invalid")
