"""The sales funnel 销售漏斗 of a cohort: each bar counted four ways, each step, and the times in a stage."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from services.performance.quantiles import quantile
from services.performance.stages import BARS, BarName
from services.performance.sums import Sums
from shared.events.deal import STAGES

NEEDED: Final = (
    "deals_opened",
    "funnel_strict",
    "funnel_reached",
    "funnel_implied",
    "funnel_standing",
    "funnel_undecided",
    "funnel_amount",
    "funnel_standing_amount",
    "funnel_won",
    "funnel_lost",
    "funnel_lost_at",
    *(f"stage_minutes_{stage}" for stage in STAGES),
)


@dataclass(frozen=True)
class Bar:
    """The deals of the cohort at one stage, or won: each counted once, whatever it did since.

    Amounts are in minor units by currency. A ratio out of nothing is ``None``.
    """

    name: BarName
    strict: int
    """Came here through every stage before, one after the other."""
    reached: int
    """Stood here themselves at some time."""
    implied: int
    """Stood here or went beyond; who won went beyond every stage. Never more than at the bar before."""
    standing: int
    """Open and here now: the snapshot."""
    undecided: int
    """Open and never further than here: they may still go on."""
    lost: int
    """Lost, and never further than here."""
    amount: Mapping[str, int | Fraction]
    """What the implied deals are worth now."""
    standing_amount: Mapping[str, int | Fraction]
    conversion: Fraction | None
    """Out of the implied deals of the bar before, those that came this far."""
    matured_conversion: Fraction | None
    """The same out of those that are decided there: the undecided are no failures yet."""
    matured: Fraction | None
    """Of the implied deals of the bar before, the share that is decided there: gone on, or lost."""
    minutes_median: Fraction | None
    minutes_p90: Fraction | None
    """Minutes in the stage, all stays of a deal together, of those that left it at least once."""

    @property
    def skipped(self) -> int:
        """Went beyond without ever standing here."""
        return self.implied - self.reached


@dataclass(frozen=True)
class Funnel:
    """A cohort: every deal opened in it is open, won or lost by now."""

    bars: tuple[Bar, ...]
    opened: int
    open: int
    won: int
    lost: int

    @property
    def decided(self) -> Fraction | None:
        """The share of the cohort that is won or lost."""
        return _share(self.won + self.lost, self.opened)


def funnel(sums: Sums) -> Funnel:
    """The funnel of the cohort these sums of ``NEEDED`` are about."""
    counted = {
        name: sums.distribution(f"funnel_{name}")
        for name in ("strict", "reached", "implied", "standing", "undecided", "lost_at")
    }
    return Funnel(
        bars=tuple(_bar(i, counted, sums) for i in range(len(BARS))),
        opened=sums.count("deals_opened"),
        open=sums.count("funnel_standing"),
        won=sums.count("funnel_won"),
        lost=sums.count("funnel_lost"),
    )


def _bar(i: int, counted: Mapping[str, Mapping[int, int]], sums: Sums) -> Bar:
    implied = counted["implied"].get(i, 0)
    before = counted["implied"].get(i - 1, 0)
    decided = before - counted["undecided"].get(i - 1, 0)
    minutes = sums.distribution(f"stage_minutes_{BARS[i]}") if BARS[i] != "won" else {}
    currencies = sums.currencies(["funnel_amount"])
    return Bar(
        name=BARS[i],
        strict=counted["strict"].get(i, 0),
        reached=counted["reached"].get(i, 0),
        implied=implied,
        standing=counted["standing"].get(i, 0),
        undecided=counted["undecided"].get(i, 0),
        lost=counted["lost_at"].get(i, 0),
        amount={c: sums.amount("funnel_amount", c, bucket=i) for c in currencies},
        standing_amount={c: sums.amount("funnel_standing_amount", c, bucket=i) for c in currencies},
        conversion=_share(implied, before),
        matured_conversion=_share(implied, decided),
        matured=_share(decided, before),
        minutes_median=quantile(minutes, 0.5),
        minutes_p90=quantile(minutes, 0.9),
    )


def _share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None
