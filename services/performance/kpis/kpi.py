"""A KPI is a declaration: its names, its formula, and how to read it."""

from dataclasses import dataclass
from typing import Literal

from services.performance.kpis.formula import Formula, parts

Unit = Literal["count", "ratio", "money", "money-a-day", "minutes", "days", "score", "per-100"]


@dataclass(frozen=True)
class Kpi:
    """One KPI: ``period`` says what its period refers to, ``edges`` what happens at the edges.

    ``better`` is which way is good, ``source`` where the definition is from. A changed formula is a new
    ``version``.
    """

    name: str
    zh: str
    en: str
    unit: Unit
    formula: Formula
    period: str
    edges: str
    source: str
    better: Literal["more", "less"] = "more"
    version: int = 1

    @property
    def stands(self) -> bool:
        """Whether it is about how things stand, and not about what happened in a period."""
        return all(term.span == "now" for terms in parts(self.formula).values() for term in terms)

    @property
    def key(self) -> str:
        """Names this version, such as ``win_rate@1``."""
        return f"{self.name}@{self.version}"
