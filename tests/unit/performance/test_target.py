"""Decisions about targets."""

from functools import partial

import pytest

from services.performance.target import TARGET, set_target, withdraw
from shared.events.examples.cast import at, on
from shared.events.target import TargetWithdrawn
from tests.given import given
from tests.unit.performance.world import money, target

Q1 = target("q1", "wang", "01-01", "04-01", money(9000))
MORE = target("q1", "wang", "01-01", "04-01", money(12_000))
GONE = TargetWithdrawn(target_id="q1", occurred_at=at("02-01 09:00"))

away = partial(withdraw, at=at("02-01 09:00"))


def test_a_target_is_set_and_the_same_again_is_ignored() -> None:
    given(TARGET).when(partial(set_target, wanted=Q1)).then(Q1)
    later = Q1.model_copy(update={"occurred_at": at("01-05 09:00")})
    given(TARGET, Q1).when(partial(set_target, wanted=later)).then()


def test_a_target_is_set_anew_also_after_it_was_withdrawn() -> None:
    given(TARGET, Q1).when(partial(set_target, wanted=MORE)).then(MORE)
    given(TARGET, Q1, GONE).when(partial(set_target, wanted=Q1)).then(Q1)


def test_a_target_is_withdrawn_once() -> None:
    given(TARGET, Q1).when(away).then(GONE)
    given(TARGET, Q1, GONE).when(away).then()
    given(TARGET).when(away).then_refused("not-found")


@pytest.mark.parametrize("end", ["01-01", "01-02"])
def test_a_period_must_have_a_day(end: str) -> None:
    never = target("q1", "wang", "01-02", end, money(1))
    given(TARGET).when(partial(set_target, wanted=never)).then_refused("empty-period")


def test_a_period_has_at_most_a_leap_year() -> None:
    year = Q1.model_copy(update={"end": on("01-01").replace(year=2026, day=2)})
    given(TARGET).when(partial(set_target, wanted=year)).then(year)
    longer = Q1.model_copy(update={"end": on("01-01").replace(year=2026, day=3)})
    given(TARGET).when(partial(set_target, wanted=longer)).then_refused("long-period")
