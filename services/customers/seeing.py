"""Customers are seen by department; what is hidden from somebody is answered as if it were not there."""

from typing import Annotated, Any

from fastapi import Depends, Request

from services.customers.account import Account, NotOpened, whose
from services.customers.open_to import seen_by
from shared.events.account import AccountEvent
from shared.eventstore.decider import Decider, NotFound
from shared.eventstore.store import category
from shared.eventstore.whose import EVERYBODYS, Whose
from shared.projections.lists import Among
from shared.service.actor import Actor, Asking
from shared.service.permissions import BOUND, sees
from shared.service.permitted import Hidden


async def _in_sight(request: Request, actor: Asking) -> None:
    """Nobody asks in vain whether a hidden thing is there: it takes as long, and says the same."""
    if actor.role not in BOUND or not request.path_params:
        return
    stream = request.path_params.get("stream")
    if stream is None:
        kind, thing = (
            request.url.path.split("/")[1].removesuffix("s"),
            next(iter(request.path_params.values())),
        )
        missing = f"There is no such {kind}."
    else:
        kind, thing = category(stream), stream.partition("-")[2]
        missing = f"There is no stream {stream} here."
    it = await _whose(request, kind, thing)
    at = await _whose(request, "account", (it and it.account_id) or thing)
    if it is None:
        raise NotFound(missing)
    if not sees(actor, at or EVERYBODYS if it.account_id else it):
        raise Hidden(missing)


InSight = Depends(_in_sight)
"""404 for who may not see the thing, or the stream, that the path names."""


async def _whose(request: Request, kind: str, thing: str) -> Whose | None:
    decider: Decider[Any, Any] | None = getattr(request.app.state, f"{kind}s", None)
    return None if decider is None else await decider.whose(thing)


async def _seen(actor: Asking) -> Among | None:
    return seen_by(actor.department) if actor.role in BOUND else None


Seen = Annotated[Among | None, Depends(_seen)]
"""What lists show to whoever asks; everything, where it is ``None``."""


async def customer_of(
    accounts: Decider[Account, AccountEvent], account_id: str | None, actor: Actor
) -> Account | None:
    """The account that something is about, as they see it."""
    return None if account_id is None else as_seen((await accounts.load(account_id)).state, actor)


def as_seen(account: Account, actor: Actor) -> Account:
    """The account as it is for them: a hidden one was never opened."""
    return account if sees(actor, whose(account)) else NotOpened()
