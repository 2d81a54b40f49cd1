"""Formulas over sums: exact inside, rounded once at the very end."""

from fractions import Fraction
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.performance.currencies import major
from services.performance.formulas import Frame, as_number, evaluate
from services.performance.kpis.catalogue import KPIS, terms
from services.performance.kpis.formula import Amount, Count, Weighted
from services.performance.kpis.kpi import Kpi
from services.performance.sums import Buyers, Row, Sums
from shared.events.examples.cast import at
from tests.unit.performance.world import World

NOON: Final = Frame(at("03-31 12:00"), 31, "CNY")


@pytest.mark.parametrize("kpi", KPIS, ids=lambda kpi: kpi.name)
def test_where_nothing_happened_counts_and_amounts_are_zero_and_the_rest_is_undefined(
    world: World, kpi: Kpi
) -> None:
    zero = isinstance(kpi.formula, Count | Amount | Weighted) or kpi.name in {"customers", "new_customers"}
    assert world.value(kpi.name) == (0 if zero else None)


@pytest.mark.parametrize("kpi", KPIS, ids=lambda kpi: kpi.name)
def test_no_formula_uses_a_float_inside(kpi: Kpi) -> None:
    rows = [Row(it.measure, it.span, "CNY", {it.bucket or 3: 5}, known=True) for it in terms([kpi])]
    bought = Buyers({"a": 3, "b": 1}, frozenset("a"), frozenset("ac"))
    sums = Sums(rows, buyers=bought, sold_to={"CNY": frozenset("abc")})
    for value in evaluate(kpi, sums, NOON):
        for part in (value.value, value.numerator, value.denominator):
            assert part is None or type(part) is Fraction


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
