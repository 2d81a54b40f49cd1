"""What boards keep of exchange rates: one entity for each day of a pair."""

from datetime import date
from decimal import Decimal
from functools import reduce

import msgspec
import pytest

from services.performance.measures.rates import RATES, DayRate, evolve
from shared.events.examples.cast import at, on
from shared.events.rate import RateEvent, RateWithdrawn
from shared.events.seen import Seen
from tests.unit.performance.test_rate import GONE, NEXT, usd

DOLLAR = usd("03-01", "7.1738")
WRONG = usd("03-01", "7.1783", source="Finance")


def after(*events: RateEvent) -> DayRate:
    return reduce(evolve, events, RATES.initial)


def entity(event: RateEvent) -> str | None:
    seen = Seen("1", event.type, "rate-USD-CNY", 0, event.occurred_at, "finance", "c", event.wire())
    return RATES.entity(seen, event)


def test_a_day_has_what_was_said_of_it_last() -> None:
    assert after(WRONG) == DayRate("USD", "CNY", date(2025, 3, 1), Decimal("7.1783"), "Finance")
    assert after(WRONG, DOLLAR) == after(DOLLAR)
    assert after(DOLLAR, GONE).on is None
    assert after(DOLLAR, GONE, DOLLAR) == after(DOLLAR)
    assert after(GONE) == RATES.initial


def test_each_day_is_an_entity_of_its_own() -> None:
    assert entity(DOLLAR) == entity(WRONG) == entity(GONE) == "USD-CNY/2025-03-01"
    assert entity(NEXT) == "USD-CNY/2025-03-14"


def test_every_state_is_kept_and_none_is_a_cell() -> None:
    assert RATES.dated
    assert RATES.contribute(after(DOLLAR)) == {}


@pytest.mark.parametrize("rate", ["0.000000000001", "1000000000000", "123456.789012"])
def test_the_database_gives_back_every_digit(rate: str) -> None:
    state = after(usd("03-01", rate))
    assert msgspec.json.decode(msgspec.json.encode(state), type=DayRate) == state


def test_a_withdrawal_of_another_pair_says_nothing_here() -> None:
    yen = RateWithdrawn(rate_id="JPY-CNY", on=on("03-01"), occurred_at=at("03-02 09:00"))
    assert entity(yen) == "JPY-CNY/2025-03-01"
