"""Exchange rates 汇率: what one unit of a currency is worth in another, from a business day on."""

import re
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, StringConstraints, WithJsonSchema

from .event import Day, Event, Id, Label

DIGITS: Final = 12
LEAST: Final = Decimal("1E-12")
MOST: Final = Decimal("1E12")
_WRITTEN: Final = r"^[0-9]{1,13}(\.[0-9]{1,24})?$"


def _written(value: Any) -> Any:
    """Only plain digits: a float is not what was meant, and exponents hide huge numbers."""
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str) or not re.fullmatch(_WRITTEN, value):
        raise ValueError('must be a positive decimal number written as text, such as "7.1879"')
    return Decimal(value)


def _significant(value: Decimal) -> Decimal:
    """The number without trailing zeros: ``7.10`` and ``7.1`` are one rate."""
    if not (value.is_finite() and LEAST <= value <= MOST):
        raise ValueError("must be greater than 0, from 0.000000000001 to 1000000000000")
    plain = value.normalize()
    if len(plain.as_tuple().digits) > DIGITS or plain != value:
        raise ValueError(f"must have at most {DIGITS} significant digits")
    return plain


def _plain(value: Decimal) -> str:
    return format(value, "f")


Exact = Annotated[
    Decimal,
    BeforeValidator(_written),
    AfterValidator(_significant),
    PlainSerializer(_plain, return_type=str, when_used="json"),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": _WRITTEN,
            "description": f"A decimal number greater than 0 with at most {DIGITS} significant digits.",
        }
    ),
]
"""A positive number that is exactly what its text says, never a float."""

Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class OfRate(Event, category="rate", service="performance"):
    rate_id: Id
    """The pair: base and quote, such as ``USD-CNY``."""


class RateSet(OfRate, type="rate-set.v1"):
    """1 base is ``rate`` quote, from the beginning of the business day ``on`` until the pair's next rate."""

    base: Currency
    quote: Currency
    on: Day
    rate: Exact
    source: Label


class RateWithdrawn(OfRate, type="rate-withdrawn.v1"):
    """The rate set for the day ``on`` was a mistake: the one before it goes on."""

    on: Day


RateEvent = RateSet | RateWithdrawn
