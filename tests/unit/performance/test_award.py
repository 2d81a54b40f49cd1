"""Decisions about awards."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from services.performance.award import AWARD, Result, grant
from services.performance.scope import Period
from shared.events.award import AwardCorrected, AwardGranted, Winner
from shared.events.event import Money
from shared.events.examples.cast import at, on
from tests.given import given
from tests.unit.performance.awarding import first

MARCH, APRIL = Period(on("03-01"), on("04-01")), Period(on("04-01"), on("05-01"))
NOW, LATER = at("04-02 00:00"), at("04-09 15:00")
FACTS: dict[str, Any] = {
    "award_id": "won_amount-month-2025-03-01",
    "kpi": "won_amount",
    "kpi_version": 1,
    "kind": "month",
    "start": on("03-01"),
    "end": on("04-01"),
}
WANG, LI = first("wang", 800), first("li", 800)
GRANTED = AwardGranted(occurred_at=NOW, **FACTS, winners=(WANG,), shared=False)


def result(*winners: Winner, **otherwise: Any) -> Result:
    facts = {"kpi": "won_amount", "kpi_version": 1, "kind": "month", "period": MARCH, **otherwise}
    return Result(winners=winners, **facts)


def granting(*winners: Winner, **otherwise: Any) -> Any:
    return partial(grant, result=result(*winners, **otherwise), last_closed=MARCH, at=NOW)


def again(*winners: Winner) -> Any:
    return partial(grant, result=result(*winners), last_closed=MARCH, at=LATER)


def corrected(reason: str, *winners: Winner, previous: tuple[Winner, ...] = (WANG,)) -> AwardCorrected:
    return AwardCorrected.model_validate(
        {
            **FACTS,
            "occurred_at": LATER,
            "winners": winners,
            "shared": len(winners) > 1,
            "previous": previous,
            "reason": reason,
        }
    )


def test_who_was_first_is_granted_the_award_and_the_same_again_is_ignored() -> None:
    given(AWARD).when(granting(WANG)).then(GRANTED)
    given(AWARD, GRANTED).when(again(WANG)).then()


def test_equals_share_it() -> None:
    shared = GRANTED.model_copy(update={"winners": (LI, WANG), "shared": True})
    given(AWARD).when(granting(LI, WANG)).then(shared)
    given(AWARD, shared).when(again(LI, WANG)).then()


def test_where_nobody_had_a_result_nothing_is_granted() -> None:
    given(AWARD).when(granting()).then()


def test_what_had_no_rate_is_told_and_is_no_reason_to_tell_it_again() -> None:
    dollars = (Money(minor=500, currency="USD"),)
    told = GRANTED.model_copy(update={"unpriced": dollars})
    given(AWARD).when(granting(WANG, unpriced=dollars)).then(told)
    given(AWARD, GRANTED).when(granting(WANG, unpriced=dollars)).then()


def test_a_change_is_corrected_once_and_says_what_it_changed() -> None:
    for reason, winners in {
        "other-winners": (LI,),
        "other-value": (first("wang", 900),),
        "no-winner": (),
    }.items():
        told = corrected(reason, *winners)
        given(AWARD, GRANTED).when(again(*winners)).then(told)
        given(AWARD, GRANTED, told).when(again(*winners)).then()


def test_one_more_who_shares_it_is_another_result() -> None:
    given(AWARD, GRANTED).when(again(LI, WANG)).then(corrected("other-winners", LI, WANG))


def test_a_correction_is_corrected_too_even_back_to_what_was_granted() -> None:
    nobody = corrected("no-winner")
    back = corrected("other-winners", WANG, previous=())
    given(AWARD, GRANTED, nobody).when(again(WANG)).then(back)


@pytest.mark.parametrize("event", [(), (GRANTED,)], ids=["not granted", "granted"])
def test_neither_an_older_nor_a_running_period_is_awarded(event: tuple[AwardGranted, ...]) -> None:
    for last_closed in (Period(on("02-01"), on("03-01")), APRIL):
        late = partial(grant, result=result(LI), last_closed=last_closed, at=NOW + timedelta(days=31))
        given(AWARD, *event).when(late).then_refused("not-last-closed")


def test_an_award_has_one_stream_whatever_the_formula_is_by_now() -> None:
    assert result(WANG, kpi_version=2).award_id == GRANTED.award_id
    others = [result(kpi="won_count"), result(kind="quarter"), result(period=APRIL)]
    assert len({GRANTED.award_id, *(it.award_id for it in others)}) == 4
