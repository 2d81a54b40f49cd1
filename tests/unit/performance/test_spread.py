"""An amount spread over days: they sum to it, and none is a cent off its neighbours."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.performance.measures.targets import Target, contribute


@given(
    amount=st.integers(0, 10**15),
    start=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    length=st.integers(1, 366),
)
def test_the_days_of_a_target_sum_to_it_and_differ_by_a_cent_at_most(
    amount: int, start: date, length: int
) -> None:
    target = Target("wang", "Atlas", "CNY", amount, start, start + timedelta(days=length))
    shares = contribute(target)
    assert sum(shares.values()) == amount
    assert len(shares) == length
    assert max(shares.values()) - min(shares.values()) <= 1
    assert {cell.day for cell in shares} == {(start + timedelta(days=n)).isoformat() for n in range(length)}


def test_a_withdrawn_target_adds_nothing() -> None:
    assert contribute(Target("wang", "", "CNY", 500, None, date(2025, 4, 1))) == {}
