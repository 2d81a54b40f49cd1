"""The deals won last: newest first, as long as the win stands."""

from typing import Any

from tests.unit.performance.asking import Service
from tests.unit.performance.world import money, opened, reopened, won

MARCH = {"from": "2025-03-01", "to": "2025-04-01"}


async def _wins(service: Service, **asked: str) -> list[Any]:
    told: list[Any] = (await service.get("/wins", **MARCH, **asked))["wins"]
    return told


async def test_the_deal_won_last_comes_first(service: Service) -> None:
    service.world.happened(opened("early", "03-01 10:00"), won("early", "03-10 10:00", amount=money(100)))
    service.world.happened(opened("late", "03-01 10:00"), won("late", "03-12 10:00", amount=money(250)))
    assert [(win["deal"], win["value"], win["unit"]) for win in await _wins(service)] == [
        ("deal-late", 250, "CNY"),
        ("deal-early", 100, "CNY"),
    ]
    assert [win["deal"] for win in await _wins(service, limit="1")] == ["deal-late"]


async def test_a_win_says_who_won_what_and_when(service: Service) -> None:
    service.world.happened(opened("d", "03-01 10:00"), won("d", "03-10 10:00"))
    [win] = await _wins(service)
    assert win["person"]
    assert win["name"]
    assert win["product"]
    assert win["occurred_at"].startswith("2025-03-10T02:00:00")
    assert win["link"].endswith("/deals/d")


async def test_only_wins_of_the_period_are_told(service: Service) -> None:
    service.world.happened(opened("d", "02-01 10:00"), won("d", "02-28 23:59"))
    assert await _wins(service) == []


async def test_a_deal_that_was_reopened_is_not_won_any_more(service: Service) -> None:
    service.world.happened(opened("d", "03-01 10:00"), won("d", "03-10 10:00"), reopened("d", "03-11 10:00"))
    assert await _wins(service) == []
    before = (await service.get("/wins", **MARCH, as_of="2025-03-10T12:00:00+08:00"))["wins"]
    assert [win["deal"] for win in before] == ["deal-d"]


async def test_a_deal_won_again_is_told_once_with_its_last_win(service: Service) -> None:
    service.world.happened(
        opened("d", "03-01 10:00"),
        won("d", "03-10 10:00", amount=money(100)),
        reopened("d", "03-11 10:00"),
        won("d", "03-12 10:00", amount=money(300)),
    )
    assert [(win["value"], win["occurred_at"][:10]) for win in await _wins(service)] == [(300, "2025-03-12")]


async def test_a_deal_won_twice_on_a_day_is_told_once(service: Service) -> None:
    service.world.happened(
        opened("d", "03-01 10:00"),
        won("d", "03-10 10:00", amount=money(100)),
        reopened("d", "03-10 11:00"),
        won("d", "03-10 12:00", amount=money(300)),
        opened("e", "03-01 10:00"),
        won("e", "03-10 11:30"),
    )
    told = [(win["deal"], win["occurred_at"][11:16]) for win in await _wins(service)]
    assert told == [("deal-d", "04:00"), ("deal-e", "03:30")]
