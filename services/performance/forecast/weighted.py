"""The weighted forecast 加权预测: what is won, and what is open at the chance that its stage has."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from shared.events.deal import STAGES


def stage_probabilities(closed: Mapping[int, int], won: Mapping[int, int]) -> Mapping[int, Fraction | None]:
    """Of the closed deals that came to each stage (its place in ``STAGES``), the part that was won.

    ``None`` where none was closed yet: a chance that nobody has seen is not guessed.
    """
    chances: dict[int, Fraction | None] = {}
    for stage in range(len(STAGES)):
        of_all, of_won = closed.get(stage, 0), won.get(stage, 0)
        if not 0 <= of_won <= of_all:
            raise ValueError(f"{of_won} of {of_all} closed deals cannot be won")
        chances[stage] = Fraction(of_won, of_all) if of_all else None
    return chances


@dataclass(frozen=True)
class Part:
    """The open deals at a stage."""

    stage: int
    open: int | Fraction
    probability: Fraction | None

    @property
    def weighted(self) -> Fraction | None:
        return None if self.probability is None else self.open * self.probability


@dataclass(frozen=True)
class Weighted:
    """Amounts in minor units of one currency."""

    won: int | Fraction
    parts: tuple[Part, ...]
    """One for each stage where something is open, first stage first."""

    @property
    def total(self) -> Fraction:
        """Won once and in full, open by its chance; what has no chance yet is left out."""
        return sum((part.weighted or Fraction(0) for part in self.parts), Fraction(self.won))

    @property
    def unweighted(self) -> tuple[Part, ...]:
        """What was left out, because its stage has no history."""
        return tuple(part for part in self.parts if part.probability is None)


def weighted(
    open_by_stage: Mapping[int, int | Fraction],
    won: int | Fraction,
    probabilities: Mapping[int, Fraction | None],
) -> Weighted:
    """Of a period: what was won in it and what is open with its close expected in it; lost adds nothing."""
    parts = (Part(stage, minor, probabilities.get(stage)) for stage, minor in sorted(open_by_stage.items()))
    return Weighted(won, tuple(part for part in parts if part.open))
