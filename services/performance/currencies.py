"""How currencies are counted: which part of an amount is its minor unit (分, cents, fils)."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

_WHOLE: Final = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_MILS: Final = "BHD IQD JOD KWD LYD OMR TND"
MINOR_DIGITS: Final[Mapping[str, int]] = dict.fromkeys(_WHOLE.split(), 0) | dict.fromkeys(_MILS.split(), 3)
"""How many digits of a currency's amount are minor, where it is not two (ISO 4217)."""


def major(minor: int | Fraction, currency: str) -> Fraction:
    """An amount in its currency's major unit (元, dollars)."""
    return Fraction(minor) * Fraction(1, 10 ** MINOR_DIGITS.get(currency, 2))
