"""The KPI catalogue: every number on a board, and the definitions it had before."""

from collections.abc import Iterable, Mapping
from typing import Final

from services.performance.kpis import collection, customers, leads, orders, sales, service, targets
from services.performance.kpis.formula import Term, parts
from services.performance.kpis.kpi import Kpi

KPIS: Final[tuple[Kpi, ...]] = (
    *leads.KPIS,
    *sales.KPIS,
    *customers.KPIS,
    *orders.KPIS,
    *collection.KPIS,
    *service.KPIS,
    *targets.KPIS,
)

FORMER: Final[tuple[Kpi, ...]] = ()
"""Definitions that newer versions replaced; they can still be asked for by their key."""

BY_NAME: Final[Mapping[str, Kpi]] = {kpi.name: kpi for kpi in KPIS}
BY_KEY: Final[Mapping[str, Kpi]] = {**BY_NAME, **{kpi.key: kpi for kpi in (*KPIS, *FORMER)}}
"""By name the present definition, by ``name@version`` any."""


def terms(kpis: Iterable[Kpi]) -> frozenset[Term]:
    """Every term that these KPIs need."""
    return frozenset(term for kpi in kpis for some in parts(kpi.formula).values() for term in some)
