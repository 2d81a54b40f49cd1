"""Finds accounts by what stands for them: a name that is taken, a merged account's survivor, its family."""

from services.customers.account import Existing
from services.customers.account_list import AccountRow
from services.customers.duplicates import name_key
from services.customers.pages import everything
from shared.eventstore.whose import Whose
from shared.projections.lists import Kept
from shared.service.actor import Actor
from shared.service.permissions import sees


def taken_by(accounts: Kept[AccountRow], name: str, *, but: str, actor: Actor) -> Existing | None:
    """The account that has this name already, as far as the actor may know; ``but`` is the one to be opened.

    The list follows the store by some milliseconds: of two accounts opened at the very same moment
    neither finds the other. Merging them is the cure.
    """
    for row in everything(accounts, {"name_key": name_key(name)}):
        stands = survivor(accounts, row)
        if stands != but:
            return _existing(accounts.get(f"account-{stands}") or row, stands, actor)
    return None


def whose(row: AccountRow) -> Whose:
    return Whose(department=row.department, shared_with=frozenset(row.shared_with))


def _existing(row: AccountRow, stands: str, actor: Actor) -> Existing:
    return Existing(stands if sees(actor, whose(row)) else None, row.department)


def survivor(accounts: Kept[AccountRow], row: AccountRow) -> str:
    """The id of the account that stands for this one after all merges."""
    seen = {row.id}
    while row.merged_into is not None and row.merged_into not in seen:
        seen.add(row.merged_into)
        found = accounts.get(f"account-{row.merged_into}")
        if found is None:
            return row.merged_into
        row = found
    return row.id


def family(accounts: Kept[AccountRow], account_id: str) -> list[str]:
    """The account and all that were merged into it, directly or through others."""
    found = [account_id]
    for one in found:  # grows while it is walked
        found += [row.id for row in everything(accounts, {"merged_into": one}) if row.id not in found]
    return found
