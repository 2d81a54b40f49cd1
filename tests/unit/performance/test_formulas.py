"""Formulas over sums: exact inside, rounded once at the very end."""

import statistics
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.performance.formulas import Sums, as_number, evaluate, major, quantile
from services.performance.kpis import BY_NAME, KPIS, measures
from services.performance.measures.targets import Target, contribute
from tests.unit.projections.reading import together

VALUES = st.lists(st.integers(0, 1000), min_size=2, max_size=60)


def _distribution(values: list[int]) -> dict[int, int]:
    return {value: values.count(value) for value in values}


@given(VALUES)
def test_the_median_is_the_one_of_the_textbook(values: list[int]) -> None:
    assert quantile(_distribution(values), 0.5) == Fraction(statistics.median(values))


@given(VALUES)
def test_deciles_are_those_of_type_seven(values: list[int]) -> None:
    known = statistics.quantiles([Fraction(v) for v in values], n=10, method="inclusive")
    ours = [quantile(_distribution(values), tenth / 10) for tenth in range(1, 10)]
    assert ours == known


def test_a_quantile_of_nothing_is_undefined_and_ends_are_least_and_most() -> None:
    assert quantile({}, 0.5) is None
    assert quantile({3: 2, 9: 1}, 0.0) == 3
    assert quantile({3: 2, 9: 1}, 1.0) == 9


def test_many_equals_are_not_written_out() -> None:
    assert quantile({5: 10**12, 7: 10**12}, 0.5) == 6
    assert quantile({5: 10**12, 7: 10**12}, 0.9) == 7


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
    assert together([contribute(Target("wang", "", "CNY", 500, None, date(2025, 4, 1)))]) == {}


@pytest.mark.parametrize(
    ("minor", "currency", "expected"),
    [(12345, "CNY", "123.45"), (12345, "JPY", "12345"), (12345, "KWD", "12.345"), (1, "XYZ", "0.01")],
)
def test_minor_units_by_currency(minor: int, currency: str, expected: str) -> None:
    assert major(minor, currency) == Fraction(expected)


def test_for_json_whole_numbers_stay_whole_and_the_rest_is_rounded_once() -> None:
    assert as_number(None) is None
    whole = as_number(Fraction(10**18, 1))
    assert (whole, type(whole)) == (10**18, int)
    assert as_number(Fraction(2, 3)) == 0.666667
    assert as_number(Fraction(1, 2 * 10**6)) == 0.0  # half a millionth goes to the even neighbour
    assert as_number(Fraction(3, 2 * 10**6)) == 2e-06


@given(st.integers(0, 10**15))
def test_every_amount_of_money_reads_back_to_the_cent(minor: int) -> None:
    number = as_number(major(minor, "CNY"))
    assert round(Fraction(str(number)) * 100) == minor


def test_no_formula_uses_a_float_inside() -> None:
    rows = [(m, "CNY", 7, 3) for kpi in KPIS for m in measures(kpi.formula)]
    for kpi in KPIS:
        for value in evaluate(kpi, Sums(rows), currency="CNY"):
            for part in (value.value, value.numerator, value.denominator):
                assert part is None or type(part) is Fraction


def test_names_of_kpis_are_unique() -> None:
    assert len(BY_NAME) == len(KPIS) == 18
