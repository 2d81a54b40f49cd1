import pytest

from tests.service_app import bearer
from tests.unit.customers.world import World

ASKED = {
    "id": "s-1",
    "kind": "csat",
    "account_id": "a-1",
    "about": "delivery",
    "subject": "o-1",
    "owner": "p-wang",
    "line": "冲压机 Presses",
}


@pytest.fixture
async def customer(world: World) -> World:
    await world.done("/accounts", {"id": "a-1", "name": "云帆科技"})
    return world


async def test_a_survey_is_sent_answered_and_answered_anew(customer: World) -> None:
    sent = await customer.done("/surveys", ASKED)
    assert (sent.status_code, sent.json(), sent.headers["etag"]) == (201, {"id": "s-1"}, '"0"')
    waiting = await customer.get("/surveys/s-1")
    assert (waiting["state"], waiting["score"], waiting["answered_at"]) == ("sent", None, None)
    await customer.done("/surveys/s-1/answer", {"score": 2, "comment": "两台无法启动"})
    again = await customer.done("/surveys/s-1/answer", {"score": 2, "comment": "两台无法启动"})
    assert (again.status_code, again.headers["etag"]) == (204, '"1"')
    better = await customer.done("/surveys/s-1/answer", {"score": 5})
    assert better.headers["etag"] == '"2"'
    survey = await customer.get("/surveys/s-1")
    assert (survey["state"], survey["score"], survey["comment"]) == ("answered", 5, None)
    assert (survey["account_id"], survey["owner"], survey["line"]) == ("a-1", "p-wang", "冲压机 Presses")
    assert [h["type"] for h in survey["history"]] == ["survey-sent.v1", *2 * ["survey-answered.v1"]]


async def test_surveys_are_found_by_kind_account_and_state(customer: World) -> None:
    await customer.done("/accounts", {"id": "a-2", "name": "Kan-code"})
    await customer.done("/surveys", ASKED)
    nps = {"kind": "nps", "about": "relationship", "account_id": "a-2"}
    await customer.done("/surveys", {**nps, "id": "s-2"})
    await customer.done("/surveys", {**nps, "id": "s-3", "account_id": "a-1"})
    await customer.done("/surveys/s-3/answer", {"score": 10})

    async def found(**query: str) -> list[str]:
        return [item["id"] for item in (await customer.get("/surveys", **query))["items"]]

    assert await found() == ["s-3", "s-2", "s-1"]
    assert await found(kind="nps") == ["s-3", "s-2"]
    assert await found(account="a-1") == ["s-3", "s-1"]
    assert await found(state="answered") == ["s-3"]
    assert await found(kind="nps", state="sent") == ["s-2"]
    assert (await customer.client.get("/surveys", params={"kind": "ces"})).status_code == 422


@pytest.mark.parametrize("bad", [-1, 11, 3.5, "4", True, None])
async def test_a_score_is_a_whole_number_up_to_ten(customer: World, bad: object) -> None:
    await customer.done("/surveys", ASKED)
    refused = await customer.post("/surveys/s-1/answer", {"score": bad})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")


async def test_a_csat_score_beyond_five_changes_nothing(customer: World) -> None:
    await customer.done("/surveys", ASKED)
    refused = await customer.post("/surveys/s-1/answer", {"score": 6})
    assert (refused.status_code, refused.json()["code"]) == (409, "score-out-of-range")
    assert refused.json()["detail"] == "A CSAT score is 1 to 5."
    assert (await customer.get("/surveys/s-1"))["state"] == "sent"


async def test_only_a_customer_who_is_there_is_asked(world: World) -> None:
    refused = await world.post("/surveys", ASKED)
    assert (refused.status_code, refused.json()["code"]) == (404, "not-found")
    nobody = {name: value for name, value in ASKED.items() if name != "account_id"}
    assert (await world.post("/surveys", nobody)).status_code == 422


async def test_the_same_key_is_the_same_survey(customer: World) -> None:
    unnamed = {name: value for name, value in ASKED.items() if name != "id"}
    once = await customer.done("/surveys", unnamed, Idempotency_Key="k-1")
    again = await customer.done("/surveys", unnamed, Idempotency_Key="k-1")
    assert once.json() == again.json()
    other = await customer.post("/surveys", {**ASKED, "id": once.json()["id"], "kind": "nps"})
    assert (other.status_code, other.json()["code"]) == (409, "id-taken")


async def test_an_answer_on_an_old_revision_is_turned_back(customer: World) -> None:
    await customer.done("/surveys", ASKED)
    stale = await customer.post("/surveys/s-1/answer", {"score": 4}, If_Match='"7"')
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")


async def test_what_is_not_there_is_not_found_and_a_viewer_sees_none(customer: World) -> None:
    assert (await customer.client.get("/surveys/nobody")).status_code == 404
    assert (await customer.post("/surveys/nobody/answer", {"score": 4})).status_code == 404
    viewer = bearer("viewer")
    assert (await customer.client.get("/surveys", headers=viewer)).status_code == 403
    assert (await customer.post("/surveys", ASKED, **viewer)).status_code == 403
