"""Who bought: customers told apart, where a KPI counts them and not what they bought."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import ColumnElement, case, func, select

from services.performance.kpis import formula
from services.performance.kpis.formula import Customers, CustomerShare, Terms, total
from services.performance.look import Look
from services.performance.pricing import told_in
from services.performance.scope import Period
from services.performance.selection import UNTOLD, selections, told
from services.performance.sums import Buyers
from shared.projections.past import there_at, value_at
from shared.projections.tables import cells

PURCHASES: Final = tuple(term.measure for term in formula.PURCHASES)
SOLD: Final = "revenue_amount"

Sold = Mapping[str, frozenset[str]]
"""Currency → the customers that something was sold to in it."""


def buyers(look: Look, *, each_person: bool = False) -> Mapping[str, Buyers]:
    """Of every person apart, or of all together under the empty name."""
    period, before = look.scope.period, look.scope.period.before()
    start = period.start.isoformat()
    bought: dict[str, dict[str, int]] = defaultdict(dict)
    prior: dict[str, set[str]] = defaultdict(set)
    in_period = case((cells.c.day >= start, value_at(look.scope.as_of)), else_=0)
    what = (func.sum(in_period), func.min(cells.c.day))
    whose = (_person(each_person=each_person), cells.c.customer)
    both = Period(before.start, period.end)
    for person, customer, n, first_day in _sales(look, formula.PURCHASES, both, whose, *what):
        if n:
            bought[person][customer] = bought[person].get(customer, 0) + int(n)
        if first_day < start:
            prior[person].add(customer)
    first = _first_days(look)
    return {
        person: Buyers(
            bought[person],
            frozenset(customer for customer in bought[person] if first[customer] < start),
            frozenset(prior[person]),
        )
        for person in {**bought, **prior}
    }


def counted(look: Look, of: Customers | CustomerShare) -> frozenset[str]:
    """The customers behind a KPI's numerator."""
    those = buyers(look).get("", Buyers())
    match of.which:
        case "bought":
            return frozenset(those.bought)
        case "new":
            return frozenset(those.bought) - those.before
        case "retained":
            return those.prior.intersection(those.bought)
        case "repeated":
            return frozenset(customer for customer, n in those.bought.items() if n > 1)


def sold_to(look: Look, *, each_person: bool = False) -> Mapping[str, Sold]:
    """Of every person apart, or of all together under the empty name."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    what = (func.min(cells.c.day), func.max(cells.c.day))
    whose = (_person(each_person=each_person), cells.c.customer, cells.c.currency)
    for person, customer, currency, *days in _sales(look, total(SOLD), look.scope.period, whose, *what):
        for day in days:  # a currency that has a rate has one ever after
            found[person][told_in(look.conversion, currency, day)].add(customer)
    return {person: {c: frozenset(those) for c, those in by.items()} for person, by in found.items()}


def _person(*, each_person: bool) -> ColumnElement[str]:
    return cells.c.person if each_person else UNTOLD


def _sales(
    look: Look, terms: Terms, period: Period, whose: Sequence[ColumnElement[Any]], *what: ColumnElement[Any]
) -> Iterator[Sequence[Any]]:
    """What known customers have of the terms in a period, of the cells that hold more than nothing."""
    c, as_of = cells.c, look.scope.as_of
    something = (c.customer != "", there_at(as_of), value_at(as_of) > 0)
    query = select(*whose, *what).where(*something).group_by(*told(whose))
    for part in selections(terms, replace(look.scope, period=period), look.organisation):
        yield from look.tx.execute(query.where(*part.where)).all()


def _first_days(look: Look) -> Mapping[str, str]:
    """The day on which each customer bought for the first time, from anybody."""
    place = "first purchases"
    if place not in look.kept:
        c, as_of = cells.c, look.scope.as_of
        query = (
            select(c.customer, func.min(c.day))
            .where(c.measure.in_(PURCHASES), c.customer != "", there_at(as_of), value_at(as_of) > 0)
            .group_by(c.customer)
        )
        look.kept[place] = {row[0]: row[1] for row in look.tx.execute(query)}
    first: Mapping[str, str] = look.kept[place]
    return first
