"""Whether a process should be sent requests."""

import pytest

from shared.service.health import Health
from tests.service_app import serving

AWAY = {"relay": "is not connected yet"}


def test_it_is_not_ready_before_everything_was_there_once() -> None:
    health = Health(answers=True)
    health.waiting = lambda: AWAY
    assert (health.now().status, health.now().waiting_for) == ("waiting", AWAY)
    health.waiting = dict
    assert health.now().status == "ready"


@pytest.mark.parametrize(("answers", "status"), [(True, "behind"), (False, "waiting")])
def test_what_goes_away_later_takes_nobody_away_who_answers(*, answers: bool, status: str) -> None:
    health = Health(answers=answers)
    assert health.now().status == "ready"
    health.waiting = lambda: AWAY
    assert (health.now().status, health.now().waiting_for) == (status, AWAY)


def test_who_is_told_to_stop_is_not_ready_whatever_else_holds() -> None:
    health = Health(answers=True)
    health.draining = True
    assert health.now().status == "draining"


@pytest.mark.parametrize(
    ("status", "code"), [("ready", 200), ("behind", 200), ("waiting", 503), ("draining", 503)]
)
async def test_a_balancer_is_told_by_the_status(status: str, code: int) -> None:
    async with serving((), {}) as client:
        health: Health = client._transport.app.state.health  # type: ignore[attr-defined]
        if status == "behind":
            health.now()
        health.waiting = dict if status == "ready" else lambda: AWAY
        health.draining = status == "draining"
        answer = await client.get("/health/ready")
        assert (answer.status_code, answer.json()["status"]) == (code, status)
        assert (await client.get("/health/live")).json() == {"status": "live"}
