"""Customers are seen by department; what is hidden from somebody is answered as if it were not there."""

from typing import Annotated, Final, Protocol

from fastapi import Depends, Request

from shared.departments.open_to import seen_by
from shared.eventstore.decider import NotFound
from shared.eventstore.store import category
from shared.eventstore.whose import Whose
from shared.projections.lists import Among
from shared.service.actor import Asking
from shared.service.commands import of_app
from shared.service.permissions import BOUND, sees
from shared.service.permitted import Hidden

NO_ACCOUNT: Final = "There is no such account."


class Things(Protocol):
    """A kind of things, such as the app's deals, by their ids."""

    async def whose(self, key: str, /) -> Whose | None:
        """``None`` where there is none."""
        ...


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
    if not sees(actor, it, at=at):
        raise Hidden(missing)


InSight = Depends(_in_sight)
"""404 for who may not see the thing, or the stream, that the path names."""


async def _whose(request: Request, kind: str, thing: str) -> Whose | None:
    things: Things | None = getattr(request.app.state, f"{kind}s", None)
    return None if things is None else await things.whose(thing)


async def _seen(actor: Asking) -> Among | None:
    return seen_by(actor.department) if actor.role in BOUND else None


Seen = Annotated[Among | None, Depends(_seen)]
"""What lists show to whoever asks; everything, where it is ``None``."""


class _Customers:
    """The accounts as whoever asks sees them."""

    def __init__(self, actor: Asking, accounts: Annotated[Things, of_app("accounts")]) -> None:
        self._actor = actor
        self._accounts = accounts

    async def must_have(self, account_id: str | None) -> None:
        """Raises ``Hidden`` where something is to be made at an account that they do not see."""
        if account_id is None or self._actor.role not in BOUND:
            return
        at = await self._accounts.whose(account_id)
        if not sees(self._actor, Whose(account_id=account_id), at=at):
            raise Hidden(NO_ACCOUNT)


Customers = Annotated[_Customers, Depends()]
