"""What both forecasts would have said in the past, month after month, against what came."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal, NamedTuple

from services.performance.forecast.naive import past_errors, seasonal_naive
from services.performance.forecast.series import COVERAGE, YEAR, Expected, Forecast, Series
from services.performance.forecast.statistical import LEAST, statistical

Method = Literal["statistical", "seasonal-naive"]

METHODS: Final[Sequence[tuple[Method, Callable[..., object]]]] = (
    ("statistical", statistical),
    ("seasonal-naive", seasonal_naive),
)
FURTHEST: Final = 3
"""Months ahead."""
MOST_ORIGINS: Final = 12
FEWEST_ORIGINS: Final = 3
"""With fewer there are errors to look at, but no verdict."""


@dataclass(frozen=True)
class Errors:
    """How far off a method was, ``ahead`` months before or (``None``) over all of them."""

    method: Method
    ahead: int | None
    n: int
    """How many months were compared with what came."""
    mae: Fraction
    """Mean absolute error, in minor units."""
    mase: Fraction | None
    """Errors in units of the seasonal-naive error up to then (Hyndman and Koehler, 2006); below 1 is good."""
    smape: Fraction
    """Mean of 2|F - A| / (|F| + |A|), from 0 to 2; 0 where both are zero."""
    covered: Fraction | None
    """How often the truth lay in the interval, where there was one."""


@dataclass(frozen=True)
class BackTest:
    origins: int
    """At the beginning of how many months it was tried."""
    errors: tuple[Errors, ...]
    better_than_naive: bool | None
    """Whether the statistical forecast had the smaller mean absolute error; ``None``: too few origins."""
    recommended: Method
    """The statistical one only when it was better."""


class Tried(NamedTuple):
    method: Method
    ahead: int
    said: Expected
    came: int
    scale: Fraction
    """The mean error of seasonal-naive on what was known."""


def backtest(series: Series, *, coverage: float = COVERAGE, most_origins: int = MOST_ORIGINS) -> BackTest:
    """Rolling origin, expanding window: at each origin both methods know only what came before it.

    The whole method is tried, choice of the model included. The last ``most_origins`` months are origins,
    but none from before there was a last year to compare with, if there is one today; and none from before
    seasons could be learnt, once that leaves three.
    """
    origins = _origins(len(series.amounts), most_origins)
    tried = [one for origin in origins for one in _tried(series, origin, coverage)]
    errors = tuple(_errors(tried))
    overall = {each.method: each.mae for each in errors if each.ahead is None}
    better = None
    if len(origins) >= FEWEST_ORIGINS:
        better = overall["statistical"] < overall["seasonal-naive"]
    return BackTest(len(origins), errors, better, "statistical" if better else "seasonal-naive")


def _origins(months: int, most: int) -> range:
    first = LEAST if months < YEAR else YEAR + 1
    if months >= 2 * YEAR + FEWEST_ORIGINS:
        first = 2 * YEAR
    return range(max(first, months - most), months)


def _tried(series: Series, origin: int, coverage: float) -> Iterator[Tried]:
    known = series.before(origin)
    came = series.amounts[origin : origin + FURTHEST]
    scale = _scale(known)
    for method, forecast in METHODS:
        said = forecast(known, len(came), coverage=coverage)
        if isinstance(said, Forecast):
            for ahead, (month, amount) in enumerate(zip(said.months, came, strict=True), start=1):
                yield Tried(method, ahead, month, amount, scale)


def _scale(known: Series) -> Fraction:
    errors = [abs(error) for error in past_errors(known)]
    return Fraction(sum(errors), len(errors)) if errors else Fraction(0)


def _errors(tried: Sequence[Tried]) -> Iterator[Errors]:
    for method, _ in METHODS:
        for ahead in (None, *range(1, FURTHEST + 1)):
            some = [one for one in tried if one.method == method and ahead in (None, one.ahead)]
            if some:
                yield _summed_up(method, ahead, some)


def _summed_up(method: Method, ahead: int | None, tried: Sequence[Tried]) -> Errors:
    off = [(Fraction(abs(one.said.point - one.came)), one) for one in tried]
    scaled = [error / one.scale for error, one in off if one.scale]
    inside = [Fraction(found) for one in tried if (found := _inside(one)) is not None]
    return Errors(
        method=method,
        ahead=ahead,
        n=len(tried),
        mae=_mean([error for error, _ in off]),
        mase=_mean(scaled) if scaled else None,
        smape=_mean([_of_both(error, one) for error, one in off]),
        covered=_mean(inside) if inside else None,
    )


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def _of_both(error: Fraction, one: Tried) -> Fraction:
    both = abs(one.said.point) + abs(one.came)
    return 2 * error / both if both else Fraction(0)


def _inside(one: Tried) -> bool | None:
    if one.said.lower is None or one.said.upper is None:
        return None
    return one.said.lower <= one.came <= one.said.upper
