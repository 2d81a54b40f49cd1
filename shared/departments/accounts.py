"""What a service that has no accounts of its own knows of them: to whom each is open."""

import asyncio
from collections.abc import Mapping
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from shared.departments import open_to
from shared.events.account import AccountEvent, AccountOpened, AccountShared, AccountUnshared
from shared.eventstore.whose import Whose
from shared.projections.database import Database
from shared.projections.lists import Kept
from shared.projections.projection import Projection


class Account(Struct, frozen=True):
    id: str = ""
    department: str | None = None
    shared_with: tuple[str, ...] = ()


def evolve(it: Account, event: AccountEvent) -> Account:
    match event:
        case AccountOpened():
            return Account(event.account_id, event.department)
        case AccountShared(department=department):
            return replace(it, shared_with=(*it.shared_with, department))
        case AccountUnshared(department=department):
            return replace(it, shared_with=tuple(one for one in it.shared_with if one != department))
        case _:
            return it


def index(it: Account) -> Mapping[str, str]:
    return open_to.open_to(it.id, department=it.department, shared_with=it.shared_with)


ACCOUNTS: Final = Projection(
    name=open_to.ACCOUNTS,
    version=1,
    state=Account,
    initial=Account(),
    events=(AccountOpened, AccountShared, AccountUnshared),
    evolve=evolve,
    index=index,
)


class KnownAccounts:
    """The accounts that the customers service told of; one it did not tell of yet is nobody's."""

    def __init__(self, database: Database) -> None:
        self._kept = Kept(database, ACCOUNTS)

    async def whose(self, account_id: str) -> Whose | None:
        it = await asyncio.to_thread(self._kept.get, f"account-{account_id}")
        return None if it is None else Whose(it.department, frozenset(it.shared_with))
