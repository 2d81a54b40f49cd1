"""One look at the read model: what is asked, and the organisation and rates as they were known then."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection

from services.performance.conversion import Conversion, Rates
from services.performance.measures.market import MARKETS, Market
from services.performance.measures.people import PEOPLE, TEAMS
from services.performance.measures.rates import RATES
from services.performance.scope import Organisation, Period, Scope
from shared.projections.database import Database
from shared.projections.lists import Kept


@dataclass(frozen=True)
class Look:
    """Everything asked through it is of one moment."""

    tx: Connection
    scope: Scope
    organisation: Organisation
    markets: Sequence[Market]
    conversion: Conversion | None
    periods: tuple[Period, ...]
    """All that will be asked about: what is read for one of them is read for all."""
    kept: dict[Any, Any] = field(default_factory=dict)
    """What was read already."""

    def of(self, scope: Scope) -> "Look":
        """The same moment, asked about otherwise."""
        periods = self.periods if scope.period in self.periods else (scope.period,)
        return replace(self, scope=scope, periods=periods)

    def estimates(self) -> Iterator[str]:
        """Source and date of the market estimates that the scope is measured against."""
        period, filters = self.scope.period, self.scope.filters
        for it in self.markets:
            about = (it.line, it.region) == (filters.line or "", filters.region or "")
            if about and it.start and it.end and it.start < period.end and period.start < it.end:
                yield f"{it.source}, {it.estimated_on}"


class Looks:
    """Opens looks at one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._people = Kept(database, PEOPLE)
        self._teams = Kept(database, TEAMS)
        self._rates = Kept(database, RATES)
        self._markets = Kept(database, MARKETS)

    @contextmanager
    def at(self, scope: Scope, periods: Sequence[Period] = ()) -> Iterator[Look]:
        """A look that will be asked about the scope's period, or about all of these."""
        with self._database.moment() as tx:
            people = dict(self._people.rows(tx, as_of=scope.as_of))
            teams = dict(self._teams.rows(tx, as_of=scope.as_of))
            markets = [it for _, it in self._markets.rows(tx, as_of=scope.as_of) if it.stands]
            conversion = None
            if scope.currency is not None:
                rates = Rates(rate for _, rate in self._rates.rows(tx, as_of=scope.as_of))
                conversion = Conversion(scope.currency, rates, standing_day=scope.today)
            asked = tuple(periods) or (scope.period,)
            yield Look(tx, scope, (people, teams), markets, conversion, asked)
