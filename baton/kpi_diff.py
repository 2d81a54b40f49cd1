"""`baton kpi diff`: the history of a KPI under two definitions, and by how much they differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from rich.table import Table

from baton.remote import Remote

SHOWN: Final[Mapping[str, str]] = {"ratio": ",.2%", "money": ",.2f", "money-a-day": ",.2f", "count": ",f"}
"""How values of a unit are written; of any other with two decimals."""


class Incomparable(Exception):
    """The two are one definition, or of different units."""


@dataclass(frozen=True)
class Line:
    """One span under both definitions, in one currency where there are several; ``None`` is undefined."""

    start: str
    end: str
    currency: str | None
    old: Decimal | None
    new: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        return None if self.old is None or self.new is None else self.new - self.old

    @property
    def same(self) -> bool:
        return self.old == self.new


@dataclass(frozen=True)
class Diff:
    old: str
    new: str
    unit: str
    lines: Sequence[Line]


async def diff(remote: Remote, old: str, new: str, **period: str) -> Diff:
    """Both definitions over ``from``, ``to`` and ``by``; raises ``Incomparable`` and ``Problem``."""
    before, after = await _definition(remote, old), await _definition(remote, new)
    keys = _key(before), _key(after)
    if keys[0] == keys[1]:
        raise Incomparable(f"{old} and {new} are the same definition, {keys[0]}.")
    if before["unit"] != after["unit"]:
        raise Incomparable(f"{old} is told in {before['unit']}, {new} in {after['unit']}.")
    history = await remote.get("performance", "/kpis/history", kpi=[old, new], **period)
    lines = [line for span in history["spans"] for line in _lines(span, *keys)]
    return Diff(*keys, before["unit"], lines)


def table(found: Diff) -> Table:
    """For a terminal; ``to`` is the first day no longer in."""
    shown = Table(box=None, pad_edge=False)
    several = any(line.currency for line in found.lines)
    for name in ("from", "to", *(("currency",) if several else ())):
        shown.add_column(name, no_wrap=True)
    for name in (found.old, found.new, "difference"):
        shown.add_column(name, justify="right", no_wrap=True)
    for line in found.lines:
        currency = [line.currency or ""] if several else []
        values = [_told(line.old, found.unit), _told(line.new, found.unit)]
        apart = "" if line.same else _told(line.difference, found.unit, signed=True)
        shown.add_row(line.start, line.end, *currency, *values, apart)
    return shown


async def _definition(remote: Remote, key: str) -> Mapping[str, Any]:
    [found] = (await remote.get("performance", "/kpis/definitions", kpi=[key]))["items"]
    definition: Mapping[str, Any] = found
    return definition


def _key(kpi: Mapping[str, Any]) -> str:
    return f"{kpi['name']}@{kpi['version']}"


def _lines(span: Mapping[str, Any], old: str, new: str) -> list[Line]:
    values = {(_key(kpi), kpi["currency"]): _number(kpi["value"]) for kpi in span["kpis"]}
    currencies = dict.fromkeys(kpi["currency"] for kpi in span["kpis"])
    return [
        Line(span["from"], span["to"], one, values.get((old, one)), values.get((new, one)))
        for one in currencies
    ]


def _number(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _told(value: Decimal | None, unit: str, *, signed: bool = False) -> str:
    if value is None:
        return "–"
    return format(value, ("+" if signed else "") + SHOWN.get(unit, ",.2f"))
