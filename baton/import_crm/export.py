"""What the four files of a folder say together."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final, TypeVar

from baton.import_crm import masters, opportunities
from baton.import_crm.masters import Account, Agent, Product
from baton.import_crm.mend import Known
from baton.import_crm.note import Note, Rejected, Telling
from baton.import_crm.opportunities import Opportunity, Reading
from baton.import_crm.read import Row, read

ACCOUNTS: Final = "accounts.csv"
PRODUCTS: Final = "products.csv"
TEAMS: Final = "sales_teams.csv"
PIPELINE: Final = "sales_pipeline.csv"

T = TypeVar("T")


@dataclass(frozen=True)
class Export:
    """The rows that make sense, by their names or ids, and what there is to say about the rest."""

    accounts: dict[str, Account]
    agents: dict[str, Agent]
    deals: dict[str, Opportunity]
    first_day: date
    notes: list[Note] = field(default_factory=list)


def understand(folder: Path, *, today: date) -> Export:
    """Raises ``read.Unusable`` when a file is missing or has not the expected columns."""
    notes: list[Note] = []

    def take(file: str, columns: tuple[str, ...], understood: Callable[[Row, Telling], T]) -> dict[str, T]:
        found, told = _understood(folder / file, columns, understood)
        notes.extend(told)
        return found

    accounts = take(ACCOUNTS, masters.ACCOUNT_COLUMNS, masters.account)
    products: dict[str, Product] = take(PRODUCTS, masters.PRODUCT_COLUMNS, masters.product)
    agents = take(TEAMS, masters.AGENT_COLUMNS, masters.agent)
    reading = Reading(
        agents=Known(agents),
        accounts=Known(accounts),
        products=Known(products),
        prices=products,
        today=today,
    )
    deals = take(PIPELINE, opportunities.COLUMNS, reading.opportunity)
    notes += opportunities.date_the_undated(deals, file=PIPELINE, today=today)
    first = min((deal.engaged_on for deal in deals.values() if deal.engaged_on), default=today)
    return Export(accounts, agents, deals, first, notes)


def _understood(
    path: Path, columns: tuple[str, ...], understand_row: Callable[[Row, Telling], T]
) -> tuple[dict[str, T], list[Note]]:
    """The file's rows by their first column, which names them."""
    key = columns[0]
    rows, notes = read(path, columns)
    found: dict[str, T] = {}
    for row in rows:
        name = row.fields[key]
        telling = Telling(path.name, row.number, name)
        try:
            if not name:
                raise Rejected(f"it has no {key}")  # noqa: TRY301 - told like the other reasons
            if name in found:
                raise Rejected(f"an earlier row has the same {key}")  # noqa: TRY301 - likewise
            found[name] = understand_row(row, telling)
        except Rejected as rejected:
            notes.append(Note("rejected", path.name, row.number, name, reason=str(rejected)))
        else:
            notes += telling.notes
    return found, notes
