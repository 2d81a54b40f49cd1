"""Who bought: customers told apart, where a KPI counts them and not what they bought."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, func, literal, select

from services.performance.kpis import formula
from services.performance.kpis.formula import Customers, CustomerShare, Terms, total
from services.performance.look import Look
from services.performance.scope import Period
from services.performance.selection import Selection, selections
from services.performance.sums import Buyers
from shared.projections.past import there_at, value_at
from shared.projections.tables import cells

PURCHASES: Final = tuple(term.measure for term in formula.PURCHASES)
SOLD: Final = "revenue_amount"

Sold = Mapping[str, frozenset[str]]
"""Currency → the customers that something was sold to in it."""


class _Sale(NamedTuple):
    """More than nothing of what was asked for, on a day."""

    person: str
    customer: str
    currency: str
    value: int


_Sales = dict[str, list[_Sale]]
"""Day → what was sold then."""


def buyers(look: Look, *, each_person: bool = False) -> Mapping[str, Buyers]:
    """Of every person apart, or of all together under the empty name."""
    period = look.scope.period
    both = replace(look, periods=tuple(it for period in look.periods for it in (period, period.before())))
    sales = _sales(both, formula.PURCHASES, each_person=each_person)
    bought, prior = _purchases(sales, period), _purchases(sales, period.before())
    first, start = _first_days(look), period.start.isoformat()
    return {
        person: Buyers(
            bought[person],
            frozenset(customer for customer in bought[person] if first[customer] < start),
            frozenset(prior.get(person, ())),
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
    for day, sale in _in(_sales(look, total(SOLD), each_person=each_person), look.scope.period):
        found[sale.person][_told_in(look, sale.currency, day)].add(sale.customer)
    return {person: {c: frozenset(those) for c, those in by.items()} for person, by in found.items()}


def _told_in(look: Look, currency: str, day: str) -> str:
    """The currency in which the amount behind it is told."""
    done = look.conversion
    return done.to if done and done.rate(currency, day) is not None else currency


def _purchases(sales: _Sales, period: Period) -> defaultdict[str, dict[str, int]]:
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for _, sale in _in(sales, period):
        theirs = found[sale.person]
        theirs[sale.customer] = theirs.get(sale.customer, 0) + sale.value
    return found


def _in(sales: _Sales, period: Period) -> Iterator[tuple[str, _Sale]]:
    start, end = period.start.isoformat(), period.end.isoformat()
    return ((day, sale) for day, its in sales.items() if start <= day < end for sale in its)


def _sales(look: Look, terms: Terms, *, each_person: bool) -> _Sales:
    """By day, what known customers have of the terms in any of the look's periods."""
    place = (terms, look.scope.filters, look.periods, each_person)
    if place not in look.kept:
        found: _Sales = defaultdict(list)
        for part in selections(terms, look.scope, look.organisation, periods=look.periods):
            for day, *sale in look.tx.execute(_cells_of_customers(look, part, each_person=each_person)).all():
                if sale[-1] > 0:
                    found[day].append(_Sale(*sale))
        look.kept[place] = found
    sales: _Sales = look.kept[place]
    return sales


def _cells_of_customers(look: Look, part: Selection, *, each_person: bool) -> Select[Any]:
    """One by one: hardly two are of the same customer and day, so nothing is gained by adding them up."""
    c, as_of = cells.c, look.scope.as_of
    person = c.person if each_person else literal("")
    what = select(c.day, person, c.customer, c.currency, value_at(as_of))
    return what.where(*part.where, c.customer != "", there_at(as_of))


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
