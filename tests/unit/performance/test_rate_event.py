"""A rate on the wire: exactly the decimal number that was said, never a float."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.events.examples import EXAMPLES
from shared.events.rate import RateSet


def said(**otherwise: Any) -> RateSet:
    return RateSet.model_validate(EXAMPLES["rate-set.v1"].model_dump() | otherwise)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("7.1879", "7.1879"),
        ("7.10", "7.1"),
        ("007", "7"),
        ("100", "100"),
        ("0.048512", "0.048512"),
        ("0.000000000001", "0.000000000001"),
        ("0.00000000000123456789012", "0.00000000000123456789012"),
        ("123456789012", "123456789012"),
        ("1000000000000", "1000000000000"),
    ],
)
def test_a_rate_is_text_without_exponent_or_trailing_zeros(written: str, kept: str) -> None:
    event = said(rate=written)
    assert f'"rate":"{kept}"'.encode() in event.wire()
    assert RateSet.read(event.wire()) == event
    assert event.rate == Decimal(written)


@given(st.integers(1, 10**12 - 1), st.integers(0, 11))
def test_twelve_digits_are_kept_to_the_last_one(digits: int, places: int) -> None:
    exact = Decimal(digits).scaleb(-places)
    assert Fraction(RateSet.read(said(rate=exact).wire()).rate) == Fraction(digits, 10**places)


@pytest.mark.parametrize(
    "rate",
    [
        "0", "0.0", "-7.1", "+7.1", "", " 7.1", "7.1\n", "7.", ".5", "7,1", "1E3", "NaN", "Infinity", "７.１",
        "1234567890123", "0.1234567890123", "1000000000001", "0.0000000000009", "9" * 40,
        7, 7.1, True, None, ["7.1"], Decimal("NaN"), Decimal("Infinity"),
        Decimal("1E+999999"), Decimal("1E-999999"),
    ],
    ids=repr,
)  # fmt: skip
def test_what_is_not_plainly_a_rate_is_refused(rate: Any) -> None:
    with pytest.raises(ValidationError):
        said(rate=rate)


@pytest.mark.parametrize("currency", ["cny", "CN", "CNYY", "人民币", "CN1", "", None])
def test_a_currency_is_three_capital_letters(currency: Any) -> None:
    with pytest.raises(ValidationError):
        said(quote=currency)
