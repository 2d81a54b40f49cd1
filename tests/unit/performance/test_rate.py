"""Decisions about exchange rates."""

from decimal import Decimal
from functools import partial

from services.performance.rate import RATE, pair, set_rates, withdraw
from shared.events.examples.cast import at, on
from shared.events.rate import RateSet, RateWithdrawn
from tests.given import given


def usd(day: str, rate: str, *, source: str = "中国人民银行中间价", said: str = "03-01 09:00") -> RateSet:
    """1 dollar in yuan from a day of 2025 on."""
    return RateSet(
        rate_id=pair("USD", "CNY"),
        base="USD",
        quote="CNY",
        on=on(day),
        rate=Decimal(rate),
        source=source,
        occurred_at=at(said),
    )


FIRST, NEXT = usd("03-01", "7.1738"), usd("03-14", "7.1738")
GONE = RateWithdrawn(rate_id="USD-CNY", on=on("03-01"), occurred_at=at("03-02 09:00"))

away = partial(withdraw, on=on("03-01"), at=at("03-02 09:00"))


def test_a_rate_is_set_and_the_same_again_is_ignored() -> None:
    given(RATE).when(partial(set_rates, wanted=[FIRST])).then(FIRST)
    again = usd("03-01", "7.17380", said="03-05 09:00")
    given(RATE, FIRST).when(partial(set_rates, wanted=[again])).then()


def test_the_same_rate_of_another_day_is_another_fact() -> None:
    given(RATE, FIRST).when(partial(set_rates, wanted=[NEXT])).then(NEXT)


def test_another_rate_or_source_for_the_same_day_corrects_it() -> None:
    for corrected in (usd("03-01", "7.1837"), usd("03-01", "7.1738", source="Finance")):
        given(RATE, FIRST).when(partial(set_rates, wanted=[corrected])).then(corrected)
        given(RATE, FIRST, corrected).when(partial(set_rates, wanted=[FIRST])).then(FIRST)


def test_of_many_days_only_what_is_new_is_said() -> None:
    april = usd("04-01", "7.1775")
    table = [FIRST, NEXT, april]
    given(RATE, FIRST).when(partial(set_rates, wanted=table)).then(NEXT, april)
    given(RATE, FIRST, NEXT, april).when(partial(set_rates, wanted=table)).then()


def test_a_day_twice_in_one_table_is_refused_whole() -> None:
    twice = [NEXT, FIRST, usd("03-01", "7.2")]
    given(RATE).when(partial(set_rates, wanted=twice)).then_refused("day-twice")


def test_a_currency_has_no_rate_in_itself() -> None:
    same = FIRST.model_copy(update={"base": "CNY", "rate_id": "CNY-CNY"})
    given(RATE).when(partial(set_rates, wanted=[same])).then_refused("same-currency")


def test_a_rate_is_withdrawn_once_and_may_be_set_again() -> None:
    given(RATE, FIRST, NEXT).when(away).then(GONE)
    given(RATE, FIRST, GONE, NEXT).when(away).then()
    given(RATE, FIRST, GONE).when(partial(set_rates, wanted=[FIRST])).then(FIRST)


def test_what_was_never_set_cannot_be_withdrawn() -> None:
    given(RATE).when(away).then_refused("not-found")
    given(RATE, NEXT).when(away).then_refused("not-found")
