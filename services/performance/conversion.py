"""Amounts of several currencies told in one 折算: each at the rate of its day, exact, rounded once."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import groupby
from operator import attrgetter
from typing import Final, NamedTuple

from services.performance.currencies import major
from services.performance.measures.rates import DayRate

POLICY: Final = (
    (
        "每笔金额按其所属业务日的汇率折算：取当日或之前最近一次设定的汇率，没有时取反向货币对汇率的倒数；"
        "存量按查询当日的汇率折算。没有汇率的金额不估算、不计入合计，单独列出。"
        "全程精确计算，只在最后对合计舍入一次（四舍六入五成双）。"
    ),
    (
        "Each amount is converted at the rate of the business day it belongs to: the last one set on or "
        "before that day, or else the opposite pair's turned round; standings at the rate of the day they "
        "are asked for. An amount without a rate is not guessed: it is left out of the total and shown "
        "beside it. Everything is exact until the total is rounded, once, half to even."
    ),
)
"""What an answer says about how it converted: 中文, English."""

Amount = tuple[str, str, int]
"""Business day (ISO; empty for a standing), currency and minor units, as cells have them."""


class Rate(NamedTuple):
    """1 ``base`` is ``value`` ``quote``, in major units, as set for the day ``on``."""

    base: str
    quote: str
    value: Fraction
    on: date
    source: str
    inverse: bool = False
    """The opposite pair's rate turned round: it was set as 1 ``quote`` is 1/``value`` ``base``."""


class Steady(NamedTuple):
    """From ``since`` on, a whole month has one rate, but for these months (``2025-03``)."""

    since: date
    but: frozenset[str]


class Used(NamedTuple):
    """The rates of one pair, source and direction that amounts were converted at."""

    first: Rate
    last: Rate
    rates: int


class Missing(NamedTuple):
    """A currency without a rate on some of the days from ``first`` to ``last``."""

    currency: str
    first: date
    last: date


class Rates:
    """The rates of all pairs; a day has the last one that was set on or before it."""

    def __init__(self, known: Iterable[DayRate]) -> None:
        self._set: dict[tuple[str, str], list[Rate]] = defaultdict(list)
        self._turned: dict[tuple[str, str], list[Rate]] = defaultdict(list)
        for it in known:
            if it.on is not None:
                value = Fraction(it.rate)
                direct = Rate(it.base, it.quote, value, it.on, it.source)
                turned = Rate(it.quote, it.base, 1 / value, it.on, it.source, inverse=True)
                self._set[it.base, it.quote].append(direct)
                self._turned[it.quote, it.base].append(turned)
        for rates in (*self._set.values(), *self._turned.values()):
            rates.sort(key=attrgetter("on"))

    def lookup(self, base: str, quote: str, day: date) -> Rate | None:
        """The pair's rate of that day; the opposite pair's, turned round, only where the pair has none.

        Never through a third currency; and a currency has no rate in itself.
        """
        return _last(self._set, (base, quote), day) or _last(self._turned, (base, quote), day)

    def steady(self, base: str, quote: str) -> Steady:
        """Where the pair's rate changes only with the month; never before it has one."""
        pair = (base, quote)
        days = sorted(rate.on for rate in (*self._set.get(pair, ()), *self._turned.get(pair, ())))
        since = days[0] if days else date.max
        return Steady(since, frozenset(day.isoformat()[:7] for day in days if day.day > 1))


def _last(table: Mapping[tuple[str, str], Sequence[Rate]], pair: tuple[str, str], day: date) -> Rate | None:
    rates = table.get(pair, ())
    known = bisect_right(rates, day, key=attrgetter("on"))
    return rates[known - 1] if known else None


class Conversion:
    """Tells amounts in one currency, and remembers which rates it used and which it missed."""

    def __init__(self, to: str, rates: Rates, *, standing_day: date) -> None:
        self.to = to
        self._rates = rates
        self._standing_day = standing_day
        self._used: set[Rate] = set()
        self._gaps: dict[str, set[date]] = defaultdict(set)
        self._worth: dict[tuple[str, str], Fraction | None] = {}

    def rate(self, currency: str, day: str) -> Fraction | None:
        """What one minor unit is worth in ours on a business day (ISO, empty for a standing), if known."""
        if (currency, day) not in self._worth:
            self._worth[currency, day] = self._looked_up(currency, day)
        return self._worth[currency, day]

    def _looked_up(self, currency: str, day: str) -> Fraction | None:
        if currency == self.to:
            return Fraction(1)
        on = date.fromisoformat(day) if day else self._standing_day
        rate = self._rates.lookup(currency, self.to, on)
        if rate is None:
            self._gaps[currency].add(on)
            return None
        self._used.add(rate)
        return major(1, currency) * rate.value / major(1, self.to)

    def steady(self, currency: str) -> Steady:
        return self._rates.steady(currency, self.to)

    @property
    def used(self) -> Sequence[Used]:
        return _used(self._used)

    @property
    def missing(self) -> Sequence[Missing]:
        return [Missing(currency, min(days), max(days)) for currency, days in sorted(self._gaps.items())]


def _used(rates: Iterable[Rate]) -> list[Used]:
    kind = attrgetter("base", "inverse", "source")
    by_day = sorted(rates, key=attrgetter("on"))
    found = [list(same) for _, same in groupby(sorted(by_day, key=kind), key=kind)]
    return [Used(same[0], same[-1], len(same)) for same in found]
