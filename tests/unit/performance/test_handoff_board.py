"""The hand-off board: who has what now, for how long departments had it, and what is late."""

from typing import Any

from shared.events.event import Event
from shared.events.examples.cast import at
from shared.events.handoff import (
    HandoffAccepted,
    HandoffBreached,
    HandoffCancelled,
    HandoffCompleted,
    HandoffRequested,
    HandoffResubmitted,
    HandoffReturned,
)
from tests.unit.performance.asking import Service

MARCH = {"from": "2025-03-01", "to": "2025-04-01"}


def _requested(key: str, when: str, *, due: str = "03-12 10:00", to: str = "production") -> Event:
    return HandoffRequested(
        handoff_id=key,
        occurred_at=at(when),
        kind="order-to-production",
        subject=f"order-{key}",
        title="生产 12 × Atlas 200",
        from_department="sales",
        to_department=to,
        due_at=at(due),
    )


def _accepted(key: str, when: str) -> Event:
    return HandoffAccepted(handoff_id=key, occurred_at=at(when), by="chen")


def _returned(key: str, when: str) -> Event:
    return HandoffReturned(handoff_id=key, occurred_at=at(when), by="chen", reason="Which voltage?")


def _resubmitted(key: str, when: str) -> Event:
    return HandoffResubmitted(handoff_id=key, occurred_at=at(when), by="wang")


def _completed(key: str, when: str) -> Event:
    return HandoffCompleted(handoff_id=key, occurred_at=at(when), by="chen")


async def _departments(service: Service, **period: str) -> dict[str, Any]:
    board = await service.get("/handoffs", **(period or MARCH))
    return {row.pop("department"): row for row in board["departments"]}


async def test_waiting_and_working_add_up_to_the_time_it_took(service: Service) -> None:
    service.world.happened(
        _requested("1", "03-11 09:00"),
        _accepted("1", "03-11 09:30"),
        _returned("1", "03-11 10:00"),
        _resubmitted("1", "03-11 11:00"),
        _accepted("1", "03-11 11:10"),
        _completed("1", "03-11 12:00"),
    )
    departments = await _departments(service)
    assert departments == {
        "production": {
            "waiting": 0,
            "working": 0,
            "breached": 0,
            "waiting_seconds": 1800 + 600,
            "working_seconds": 1800 + 3000,
        },
        "sales": {
            "waiting": 0,
            "working": 0,
            "breached": 0,
            "waiting_seconds": 3600,
            "working_seconds": 0,
        },
    }
    spans = [row["waiting_seconds"] + row["working_seconds"] for row in departments.values()]
    assert sum(spans) == 3 * 3600
    assert (await service.get("/handoffs"))["open"] == []


async def test_it_counts_for_who_has_it_now(service: Service) -> None:
    service.world.happened(_requested("1", "03-11 09:00"), _requested("2", "03-11 09:00"))
    service.world.happened(_requested("3", "03-11 09:00"))
    service.world.happened(_accepted("2", "03-11 10:00"), _returned("3", "03-11 10:00"))
    departments = await _departments(service)
    now = {name: (row["waiting"], row["working"]) for name, row in departments.items()}
    assert now == {"production": (1, 1), "sales": (1, 0)}
    later = await _departments(service, **{"from": "2025-06-01", "to": "2025-07-01"})
    assert later["production"]["waiting"] == 1
    assert later["production"]["waiting_seconds"] == 0


async def test_the_late_ones_come_first_then_those_due_soonest(service: Service) -> None:
    service.world.happened(_requested("later", "03-11 09:00", due="03-20 10:00"))
    service.world.happened(
        _requested("soon", "03-11 09:00", due="03-12 10:00"), _accepted("soon", "03-11 09:30")
    )
    service.world.happened(
        _requested("late", "03-11 09:00", due="03-15 09:00"),
        HandoffBreached(handoff_id="late", occurred_at=at("03-15 09:00"), due_at=at("03-15 09:00")),
        _returned("late", "03-15 10:00"),
    )
    board = await service.get("/handoffs", **MARCH)
    shown = [(it["id"], it["state"], it["with_department"], it["breached"]) for it in board["open"]]
    assert shown == [
        ("late", "returned", "sales", True),
        ("soon", "working", "production", False),
        ("later", "waiting", "production", False),
    ]
    first = board["open"][1]
    assert first["kind"] == "order-to-production"
    assert first["due_at"].startswith("2025-03-12T02:00:00")
    assert first["requested_at"].startswith("2025-03-11T01:00:00")
    assert {row["department"]: row["breached"] for row in board["departments"]}["production"] == 1


async def test_a_past_moment_shows_who_had_what_then(service: Service) -> None:
    service.world.happened(_requested("1", "03-11 09:00"), _accepted("1", "03-11 10:00"))
    service.world.happened(_completed("1", "03-11 12:00"), _requested("2", "03-11 13:00"))
    then = await service.get("/handoffs", **MARCH, as_of="2025-03-11T03:00:00Z")
    assert [(it["id"], it["state"]) for it in then["open"]] == [("1", "working")]
    (production,) = then["departments"]
    assert (production["waiting"], production["working"]) == (0, 1)
    assert (production["waiting_seconds"], production["working_seconds"]) == (3600, 0)
    before = await service.get("/handoffs", **MARCH, as_of="2025-03-11T00:00:00Z")
    assert before["open"] == []


async def test_what_was_cancelled_is_off_the_board(service: Service) -> None:
    service.world.happened(_requested("1", "03-11 09:00"))
    service.world.happened(
        HandoffCancelled(handoff_id="1", occurred_at=at("03-11 10:00"), reason="No order any more")
    )
    assert (await service.get("/handoffs", **MARCH))["open"] == []
    assert (await _departments(service))["production"]["waiting"] == 0


async def test_the_most_urgent_are_shown_however_many_are_newer(service: Service) -> None:
    service.world.happened(_requested("old-and-urgent", "03-01 09:00", due="03-01 10:00"))
    service.world.happened(*(_requested(f"{n}", "03-11 09:00") for n in range(520)))
    board = await service.get("/handoffs", **MARCH)
    assert len(board["open"]) == 200
    assert board["open"][0]["id"] == "old-and-urgent"


async def test_a_hand_off_whose_request_was_dropped_breaks_no_board(service: Service) -> None:
    service.world.happened(_accepted("1", "03-11 10:00"))
    assert (await service.get("/handoffs", **MARCH))["open"] == []
