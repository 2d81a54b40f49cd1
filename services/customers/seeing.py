"""Accounts as somebody sees them: a hidden one was never opened."""

from services.customers.account import Account, NotOpened, whose
from shared.events.account import AccountEvent
from shared.eventstore.decider import Decider
from shared.service.actor import Actor
from shared.service.permissions import sees


async def customer_of(
    accounts: Decider[Account, AccountEvent], account_id: str | None, actor: Actor
) -> Account | None:
    """The account that something is about."""
    return None if account_id is None else as_seen((await accounts.load(account_id)).state, actor)


def as_seen(account: Account, actor: Actor) -> Account:
    return account if sees(actor, whose(account)) else NotOpened()
