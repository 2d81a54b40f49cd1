"""What boards keep of exchange rates: one entity for each day of a pair."""

from datetime import date
from decimal import Decimal
from functools import reduce
from pathlib import Path

import msgspec
import pytest

from services.performance.conversion import Rates
from services.performance.measures.rates import RATES, DayRate, evolve
from shared.events.examples.cast import at, on
from shared.events.rate import RateEvent, RateWithdrawn
from shared.events.seen import Seen
from shared.projections.database import open_database
from shared.projections.lists import Kept
from shared.projections.runner import Batch, Position, Runner, Source
from tests.unit.performance.test_rate import GONE, NEXT, usd

DOLLAR = usd("03-01", "7.1738")
WRONG = usd("03-01", "7.1783", source="Finance")


def after(*events: RateEvent) -> DayRate:
    return reduce(evolve, events, RATES.initial)


def seen(event: RateEvent, revision: int = 0) -> Seen:
    """The event recorded when it happened."""
    key = f"{event.rate_id}/{revision}"
    return Seen(
        key, event.type, f"rate-{event.rate_id}", revision, event.occurred_at, "finance", "c", event.wire()
    )


def entity(event: RateEvent) -> str | None:
    return RATES.entity(seen(event), event)


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


def test_a_past_moment_has_the_rates_that_were_known_then(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/read.db")
    corrected = usd("03-01", "7.1738", said="03-05 09:00")
    withdrawn = GONE.model_copy(update={"occurred_at": at("03-09 09:00")})
    events = [seen(WRONG), seen(corrected, 1), seen(withdrawn, 2)]
    batch = Batch(Source("all"), events, None, Position(3))
    Runner(engine, "performance", (RATES,)).apply([batch])
    kept = Kept(engine, RATES)
    found = []
    for moment in ("02-28 09:00", "03-04 09:00", "03-05 09:00", "03-09 08:59", "03-09 09:00"):
        rates = Rates(state for _, state in kept.all(as_of=at(moment)))
        rate = rates.lookup("USD", "CNY", on("03-31"))
        found.append(rate and (str(float(rate.value)), rate.source))
    wrong, right = ("7.1783", "Finance"), ("7.1738", corrected.source)
    assert found == [None, wrong, right, right, None]
    engine.dispose()
