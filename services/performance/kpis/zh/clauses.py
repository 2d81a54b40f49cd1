"""Every clause that KPIs are told with, in 中文: translated once, whichever KPIs say it."""

from collections.abc import Mapping
from typing import Final

from services.performance.kpis.zh.edges import EDGES
from services.performance.kpis.zh.periods import PERIODS
from services.performance.kpis.zh.sources import SOURCES

CLAUSES: Final[Mapping[str, str]] = {**PERIODS, **EDGES, **SOURCES}


def in_chinese(english: str) -> str:
    """Clauses joined by ``; ``, each in 中文; one without it stays as it is."""
    return "；".join(CLAUSES.get(clause, clause) for clause in english.split("; "))
