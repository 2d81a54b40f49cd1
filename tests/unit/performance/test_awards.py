"""Which periods have closed, and who was first in them."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from services.performance.awards import CHAMPIONS, last_closed, winners
from services.performance.formulas import Value
from services.performance.kpis.catalogue import BY_NAME
from services.performance.kpis.formula import Amount, Count
from services.performance.ranking import Named
from shared.events.award import Kind
from tests.unit.performance.awarding import GRACE, first
from tests.unit.performance.world import ZONE

AMOUNT, COUNT = BY_NAME["won_amount"], BY_NAME["won_count"]


def closed(kind: Kind, now: str, *, zone: ZoneInfo = ZONE, grace: timedelta = GRACE) -> tuple[str, str]:
    at = datetime.fromisoformat(now).replace(tzinfo=zone)
    period = last_closed(kind, at.astimezone(UTC), zone=zone, grace=grace)
    return period.start.isoformat(), period.end.isoformat()


def money(person: str, yuan: int | Fraction, currency: str = "CNY") -> Named:
    return Named(person, person, Value(currency, Fraction(yuan), None, None, currency))


@pytest.mark.parametrize(
    ("now", "start", "end"),
    [
        ("2025-04-01T23:59:59.999999", "2025-02-01", "2025-03-01"),
        ("2025-04-02T00:00", "2025-03-01", "2025-04-01"),
        ("2025-03-02T00:00", "2025-02-01", "2025-03-01"),
        ("2024-03-02T00:00", "2024-02-01", "2024-03-01"),
        ("2024-03-01T23:59", "2024-01-01", "2024-02-01"),
        ("2025-05-31T12:00", "2025-04-01", "2025-05-01"),
        ("2026-01-01T23:59", "2025-11-01", "2025-12-01"),
        ("2026-01-02T00:00", "2025-12-01", "2026-01-01"),
    ],
)
def test_a_month_has_closed_a_day_after_its_last(now: str, start: str, end: str) -> None:
    assert closed("month", now) == (start, end)


def test_quarters_and_years_close_across_the_end_of_the_year() -> None:
    assert closed("quarter", "2026-01-01T23:59") == ("2025-07-01", "2025-10-01")
    assert closed("quarter", "2026-01-02T00:00") == ("2025-10-01", "2026-01-01")
    assert closed("quarter", "2025-12-31T12:00") == ("2025-07-01", "2025-10-01")
    assert closed("year", "2026-01-01T23:59") == ("2024-01-01", "2025-01-01")
    assert closed("year", "2026-01-02T00:00") == ("2025-01-01", "2026-01-01")


def test_the_grace_is_real_hours_where_a_clock_is_put_forward() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    march = ("2025-03-01", "2025-04-01")
    assert closed("month", "2025-04-01T00:00", zone=berlin, grace=timedelta(0)) == march
    october = datetime(2025, 11, 1, tzinfo=berlin)
    assert last_closed("month", october, zone=berlin, grace=timedelta(0)).end.isoformat() == "2025-11-01"


def test_the_best_is_first_and_equals_share_in_the_order_of_their_ids() -> None:
    found = [money("wang", 300), money("陈静", 100), money("chen", 300)]
    assert winners(AMOUNT, found[:2], currency="CNY") == (first("wang", 300),)
    assert winners(AMOUNT, found, currency="CNY") == (first("chen", 300), first("wang", 300))


def test_nothing_is_no_result() -> None:
    nothing = [money("wang", 0), money("li", 0)]
    assert winners(AMOUNT, nothing, currency="CNY") == ()
    assert winners(AMOUNT, [], currency="CNY") == ()
    assert winners(COUNT, [Named("wang", "", Value("count", Fraction(0)))], currency="CNY") == ()


def test_counts_know_no_currency() -> None:
    found = [Named("wang", "", Value("count", Fraction(3))), Named("li", "", Value("count", Fraction(2)))]
    assert winners(COUNT, found, currency="CNY") == (first("wang", count=3),)


def test_only_the_companys_currency_races() -> None:
    found = [money("wang", 10), money("li", 900, "USD")]
    assert winners(AMOUNT, found, currency="CNY") == (first("wang", 10),)
    assert winners(AMOUNT, found, currency="EUR") == ()


def test_a_converted_amount_is_compared_exactly_and_rounded_once() -> None:
    found = [money("wang", Fraction(1001, 1000)), money("li", Fraction(1002, 1000))]
    (only,) = winners(AMOUNT, found, currency="CNY")
    assert (only.person_id, only.value) == ("li", 100)
    yen = [money("wang", Fraction(5, 2), "JPY")]
    assert [it.value for it in winners(AMOUNT, yen, currency="JPY")] == [2]


def test_champions_are_of_counts_and_amounts() -> None:
    assert {type(BY_NAME[name].formula) for name in CHAMPIONS} == {Amount, Count}
    assert all(BY_NAME[name].better == "more" for name in CHAMPIONS)
