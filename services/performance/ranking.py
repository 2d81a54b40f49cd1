"""Ranks people or teams by a KPI."""

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from services.performance.formulas import Value, as_number
from services.performance.kpis import Kpi
from services.performance.views import Row


class Named(NamedTuple):
    """Whose value it is."""

    id: str
    name: str
    value: Value


def ranked(kpi: Kpi, found: Iterable[Named]) -> list[Row]:
    """Best first within each unit; equals share a rank, and the next rank counts them all (1, 1, 3)."""
    sign = -1 if kpi.better == "more" else 1
    defined = [it for it in found if it.value.value is not None]
    defined.sort(key=lambda it: (it.value.unit, sign * (it.value.value or 0), it.name))
    rows = []
    for unit, same_unit in groupby(defined, key=lambda it: it.value.unit):
        rank, last = 0, None
        for place, it in enumerate(same_unit, start=1):
            if it.value.value != last:
                rank, last = place, it.value.value
            number = as_number(it.value.value)
            rows.append(Row(rank=rank, id=it.id, name=it.name or it.id, value=number, unit=unit))
    return rows
