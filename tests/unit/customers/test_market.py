from datetime import date
from functools import partial

import pytest

from services.customers.market import MARKET, estimate, withdraw
from shared.events.event import Money
from shared.events.market import MarketEstimateWithdrawn
from shared.eventstore.decider import NotFound
from tests.given import given
from tests.unit.customers.controls import ELEVEN, ESTIMATED, NINE, NOON, TEN

BIGGER = ESTIMATED.model_copy(update={"size": Money(minor=950_000_000_00), "occurred_at": TEN})
GONE = MarketEstimateWithdrawn(market_id="m-1", occurred_at=ELEVEN)

estimate_it = partial(estimate, wanted=ESTIMATED, existing=None)
withdraw_it = partial(withdraw, at=ELEVEN)


def test_a_market_is_estimated_and_the_same_again_is_ignored() -> None:
    given(MARKET).when(estimate_it).then(ESTIMATED)
    later = ESTIMATED.model_copy(update={"occurred_at": NOON})
    given(MARKET, ESTIMATED).when(partial(estimate, wanted=later, existing=None)).then()


def test_a_later_estimate_replaces_it() -> None:
    given(MARKET, ESTIMATED).when(partial(estimate, wanted=BIGGER, existing=None)).then(BIGGER)


@pytest.mark.parametrize(
    "change", [{"source": "海关数据"}, {"estimated_on": date(2026, 2, 11)}, {"region": None}]
)
def test_another_source_day_or_place_is_another_estimate(change: dict[str, object]) -> None:
    other = ESTIMATED.model_copy(update={**change, "occurred_at": TEN})
    given(MARKET, ESTIMATED).when(partial(estimate, wanted=other, existing=None)).then(other)


def test_an_earlier_estimate_does_not_replace_a_later_one() -> None:
    given(MARKET, BIGGER).when(estimate_it).then_refused("out-of-order")
    given(MARKET, ESTIMATED, GONE).when(partial(estimate, wanted=BIGGER, existing=None)).then_refused(
        "out-of-order"
    )


def test_it_is_withdrawn_once() -> None:
    given(MARKET, ESTIMATED).when(withdraw_it).then(GONE)
    given(MARKET, ESTIMATED, GONE).when(withdraw_it).then()
    given(MARKET, BIGGER).when(partial(withdraw, at=NINE)).then_refused("out-of-order")
    with pytest.raises(NotFound):
        withdraw_it(MARKET.initial)


def test_a_withdrawn_market_can_be_estimated_again_even_the_same() -> None:
    again = ESTIMATED.model_copy(update={"occurred_at": NOON})
    given(MARKET, ESTIMATED, GONE).when(partial(estimate, wanted=again, existing=None)).then(again)


def test_no_market_is_estimated_twice_for_the_same_days() -> None:
    twice = partial(estimate, wanted=ESTIMATED, existing="m-2")
    given(MARKET).when(twice).then_refused("market-estimated-already")
    given(MARKET, ESTIMATED).when(twice).then()


@pytest.mark.parametrize("end", [date(2026, 1, 1), date(2025, 12, 31)])
def test_a_period_must_have_a_day(end: date) -> None:
    never = ESTIMATED.model_copy(update={"end": end})
    given(MARKET).when(partial(estimate, wanted=never, existing=None)).then_refused("empty-period")


def test_a_period_has_at_most_a_leap_year() -> None:
    year = ESTIMATED.model_copy(update={"end": date(2027, 1, 2)})
    given(MARKET).when(partial(estimate, wanted=year, existing=None)).then(year)
    longer = ESTIMATED.model_copy(update={"end": date(2027, 1, 3)})
    given(MARKET).when(partial(estimate, wanted=longer, existing=None)).then_refused("long-period")
