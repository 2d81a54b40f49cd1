"""Who bought: customers told apart, where a KPI counts them and not what they bought."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, func, literal, select

from services.performance.kpis import formula
from services.performance.kpis.formula import Customers, CustomerShare, Terms, total
from services.performance.look import Look
from services.performance.selection import selections
from services.performance.sums import Buyers
from shared.projections.past import value_at
from shared.projections.tables import cells

PURCHASES: Final = tuple(term.measure for term in formula.PURCHASES)
SOLD: Final = "revenue_amount"

Sold = Mapping[str, frozenset[str]]
"""Currency → the customers that something was sold to in it."""


class _Customer(NamedTuple):
    person: str
    customer: str
    currency: str
    day: str
    value: int


def buyers(look: Look, *, each_person: bool = False) -> Mapping[str, Buyers]:
    """Of every person apart, or of all together under the empty name."""
    bought = _bought(look, each_person=each_person)
    earlier = replace(look.scope, period=look.scope.period.before())
    prior = _bought(look.of(earlier), each_person=each_person)
    before = _bought_before(look)
    return {
        person: Buyers(bought[person], before.intersection(bought[person]), frozenset(prior.get(person, ())))
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
    for one in _customers(look, total(SOLD), each_person=each_person, each_day=look.conversion is not None):
        found[one.person][_told_in(look, one)].add(one.customer)
    return {person: {c: frozenset(those) for c, those in by.items()} for person, by in found.items()}


def _told_in(look: Look, one: _Customer) -> str:
    """The currency in which the amount behind it is told."""
    done = look.conversion
    return done.to if done and done.rate(one.currency, one.day) is not None else one.currency


def _bought(look: Look, *, each_person: bool) -> defaultdict[str, dict[str, int]]:
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for one in _customers(look, formula.PURCHASES, each_person=each_person):
        found[one.person][one.customer] = found[one.person].get(one.customer, 0) + one.value
    return found


def _customers(look: Look, terms: Terms, *, each_person: bool, each_day: bool = False) -> Iterator[_Customer]:
    """Known customers with more than nothing of the terms; person and day are empty unless asked for."""
    c = cells.c
    no: ColumnElement[str] = literal("")
    person, day = c.person if each_person else no, c.day if each_day else no
    kept = [column for column in (person, day, c.customer, c.currency) if column is not no]
    for part in selections(terms, look.scope, look.organisation):
        query = (
            select(person, c.customer, c.currency, day, func.sum(value_at(look.scope.as_of)))
            .where(*part.where, c.customer != "")
            .group_by(*kept)
        )
        for whose, customer, currency, on, value in look.tx.execute(query):
            if value > 0:
                yield _Customer(whose, customer, currency, on, int(value))


def _bought_before(look: Look) -> frozenset[str]:
    """Who bought from anybody before the period."""
    earlier = (
        select(cells.c.customer)
        .distinct()
        .where(
            cells.c.measure.in_(PURCHASES),
            cells.c.day < look.scope.period.start.isoformat(),
            cells.c.customer != "",
            value_at(look.scope.as_of) > 0,
        )
    )
    return frozenset(look.tx.scalars(earlier))
