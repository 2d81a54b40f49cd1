"""Sharing 共享: other departments that may see an account, and all that is at it."""

from services.customers.account import Account, Open, not_before, usable
from shared.events.account import AccountEvent, AccountShared, AccountUnshared
from shared.eventstore.decider import Refused


def share(account: Account, *, shared: AccountShared) -> list[AccountEvent]:
    it = _owned(account)
    if shared.department in {it.opened.department, *it.shared_with}:
        return []
    not_before(it, shared.occurred_at)
    return [shared]


def unshare(account: Account, *, unshared: AccountUnshared) -> list[AccountEvent]:
    it = _owned(account)
    if unshared.department not in it.shared_with:
        return []
    not_before(it, unshared.occurred_at)
    return [unshared]


def _owned(account: Account) -> Open:
    it = usable(account)
    if it.opened.department is None:
        raise Refused("It belongs to no department: everybody sees it.", code="everybodys")
    return it
