"""Ranks people or teams by a KPI."""

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from services.performance.formulas import Value, as_number
from services.performance.kpis.kpi import Kpi
from services.performance.views import Row


class Named(NamedTuple):
    """Whose value it is."""

    id: str
    name: str
    value: Value


def ranked(kpi: Kpi, found: Iterable[Named]) -> list[Row]:
    """Best first within each unit and currency; equals share a rank, the next counts them all (1, 1, 3)."""
    sign = -1 if kpi.better == "more" else 1
    defined = [it for it in found if it.value.value is not None]
    defined.sort(key=lambda it: (*_apart(it), sign * (it.value.value or 0), it.name, it.id))
    rows = []
    for (unit, currency), alike in groupby(defined, key=_apart):
        rank, last = 0, None
        for place, it in enumerate(alike, start=1):
            if it.value.value != last:
                rank, last = place, it.value.value
            number = as_number(it.value.value)
            name = it.name or it.id
            rows.append(
                Row(rank=rank, id=it.id, name=name, value=number, unit=unit, currency=currency or None)
            )
    return rows


def _apart(it: Named) -> tuple[str, str]:
    """What is never compared: shares of euros do not race with shares of yuan."""
    return it.value.unit, it.value.currency or ""
