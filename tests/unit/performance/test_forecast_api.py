"""GET /forecast: what people promise, what the pipeline weighs, what the past suggests, how it drifted."""

from datetime import date, timedelta
from typing import Any

import pytest

from shared.events.commit import ForecastCommitted
from shared.events.deal import DealRescheduled
from shared.events.event import Money
from shared.events.examples.cast import at, on
from tests.unit.performance.asking import Service, problem
from tests.unit.performance.world import World, lost, money, opened, won

MARCH = {"from": "2025-03-01", "to": "2025-04-01"}
ON_THE_20TH = "2025-03-20T12:00:00+08:00"


def committed(
    person: str, when: str, commit: int, best_case: int, *, end: str = "04-01"
) -> ForecastCommitted:
    return ForecastCommitted(
        commit_id=f"{person}-{end}",
        occurred_at=at(when),
        person_id=person,
        start=on("03-01"),
        end=on(end),
        commit=money(commit),
        best_case=money(best_case),
    )


def _expected(world: World, deal: str, amount: int, close: str, *, opened_on: str = "03-02 10:00") -> None:
    world.happened(opened(deal, opened_on, stage="proposing", amount=money(amount)))
    rescheduled = DealRescheduled(deal_id=deal, occurred_at=at(opened_on), expected_close=on(close))
    world.happened(rescheduled)


def _march(world: World) -> None:
    """Of four closed deals one was won, for 100; 200 are open for March, 50 for April."""
    for n in range(3):
        world.happened(opened(f"l{n}", "03-01 10:00", stage="proposing"), lost(f"l{n}", "03-05 10:00"))
    world.happened(opened("w", "03-01 10:00", stage="proposing"), won("w", "03-10 10:00", amount=money(100)))
    _expected(world, "now", 200, "03-28")
    _expected(world, "later", 50, "04-10")
    world.happened(committed("wang", "03-03 09:00", 300, 500), committed("li", "03-12 09:00", 100, 100))
    world.happened(committed("li", "03-12 09:00", 9_000, 9_000, end="06-01"))


async def _asked(service: Service, **more: str) -> dict[str, Any]:
    answer: dict[str, Any] = await service.get("/forecast", **{**MARCH, "as_of": ON_THE_20TH, **more})
    return answer


async def test_a_month_is_told_in_three_ways(service: Service) -> None:
    _march(service.world)
    (only,) = (await _asked(service))["forecasts"]
    (month,) = only["months"]
    assert only["currency"] == "CNY"
    assert (month["month"], month["commit"], month["best_case"], month["committed"]) == (
        "2025-03-01",
        400,
        600,
        2,
    )
    weighed = month["weighted"]
    assert (weighed["total"], weighed["won"], weighed["unweighted"]) == (150, 100, [])
    assert weighed["parts"] == [{"stage": "proposing", "open": 200, "probability": 0.25, "weighted": 50}]
    assert (month["statistical"], only["reason"]) == (None, "too-little-history")


async def test_each_month_of_a_quarter_has_its_own_and_april_has_no_commit(service: Service) -> None:
    _march(service.world)
    (only,) = (await _asked(service, to="2025-05-01"))["forecasts"]
    april = only["months"][1]
    assert (april["month"], april["commit"], april["committed"]) == ("2025-04-01", None, 0)
    assert april["weighted"]["total"] == 12.5


async def test_a_steady_past_goes_on_and_the_back_test_says_how_good_that_is(service: Service) -> None:
    first = date(2022, 3, 15)
    for n in range(36):
        day = (first + timedelta(days=30.4375 * n)).replace(day=15)
        moment = at("03-01 12:00").replace(year=day.year, month=day.month, day=day.day)
        deal = opened(f"d{n}", "03-01 12:00").model_copy(update={"occurred_at": moment})
        service.world.happened(
            deal, won(f"d{n}", "03-01 12:00", amount=money(700)).model_copy(update={"occurred_at": moment})
        )
    (only,) = (await _asked(service, to="2025-06-01"))["forecasts"]
    assert only["history"] == 36
    assert [month["statistical"]["point"] for month in only["months"]] == [700, 700, 700]
    assert [month["naive"]["point"] for month in only["months"]] == [700, 700, 700]
    tested = only["back_test"]
    assert tested["recommended"] == "seasonal-naive"
    assert tested["better_than_naive"] is False
    assert {row["mae"] for row in tested["errors"]} == {0}


async def test_the_drift_is_what_was_known_at_the_end_of_each_day(service: Service) -> None:
    _march(service.world)
    days = (await service.get("/forecast/drift", **MARCH, as_of=ON_THE_20TH))["days"]
    told = {day["day"][8:]: day["amounts"].get("CNY") for day in days}
    assert list(told) == [f"{day:02}" for day in range(1, 21)]
    assert told["02"] == {"weighted": 0, "won": 0, "commit": 0, "best_case": 0}
    assert told["03"] == {"weighted": 0, "won": 0, "commit": 300, "best_case": 500}
    assert told["05"] == {"weighted": 0, "won": 0, "commit": 300, "best_case": 500}
    assert told["10"] == {"weighted": 150, "won": 100, "commit": 300, "best_case": 500}
    assert told["20"] == {"weighted": 150, "won": 100, "commit": 400, "best_case": 600}


async def test_currencies_stay_apart(service: Service) -> None:
    dollars = Money(minor=10_00, currency="USD")
    service.world.happened(opened("1", "03-02 10:00"), won("1", "03-03 10:00", amount=dollars))
    service.world.happened(opened("2", "03-02 10:00"), won("2", "03-03 10:00"))
    told = {
        each["currency"]: each["months"][0]["weighted"]["total"]
        for each in (await _asked(service))["forecasts"]
    }
    assert told == {"CNY": 100, "USD": 10}


async def test_an_empty_company_is_told_so(service: Service) -> None:
    (only,) = (await _asked(service))["forecasts"]
    assert (only["currency"], only["history"], only["reason"]) == ("CNY", 0, "too-little-history")
    assert only["months"][0]["commit"] is None


@pytest.mark.parametrize(("path", "to"), [("/forecast", "2028-01-01"), ("/forecast/drift", "2026-01-01")])
async def test_too_much_at_once_is_refused(service: Service, path: str, to: str) -> None:
    answer = await service.client.get(
        path, params={"from": "2025-03-01", "to": to, "as_of": "2025-12-31T00:00:00Z"}
    )
    problem(answer, 422)
