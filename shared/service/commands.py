"""A command over HTTP: who asks, when it happened, under which key and on which revision."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import partial
from hashlib import blake2s
from typing import Annotated, Any, Final, TypeVar
from uuid import NAMESPACE_URL, uuid4, uuid5

from fastapi import Depends, Header, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict

from shared import traces
from shared.events.event import Envelope, Event, Id, Instant
from shared.eventstore.decider import Decider, Outcome, Refused
from shared.eventstore.whose import Whose
from shared.service.actor import Actor, Asking
from shared.service.permissions import against, rule_of
from shared.service.permitted import Hidden, NotAllowed, by_department, operation

S = TypeVar("S")
E = TypeVar("E", bound=Event)

NOT_OF_THIS_PROCESS: Final = "This process has not that role; ask one of the service that has (ROLES)."

_ETAG: Final = re.compile(r'^(?:W/)?"(-?\d{1,18})"$')
_KEY: Final = r"^[\x21-\x7e]{1,200}$"


class Body(BaseModel):
    """What a command may say; a field that it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    occurred_at: Instant | None = None
    """When it happened, if that is in the past; only an importer may say so."""


class Created(BaseModel):
    """The id of what a command made."""

    id: Id


class Command:
    """One request to change something; runs decisions in its actor's name."""

    def __init__(
        self,
        request: Request,
        response: Response,
        actor: Actor,
        *,
        key: str | None,
        expected: int | None,
    ) -> None:
        self.actor = actor
        self.now = datetime.now(UTC)
        self._request = request
        self._response = response
        self._key = key
        self._expected = expected
        self._rule = rule_of(operation(request))
        self._makes = not request.path_params

    def at(self, body: Body) -> datetime:
        """When it happened: now, or what an importer says."""
        if body.occurred_at is None:
            return self.now
        if self.actor.role != "importer":
            raise NotAllowed(
                "Only an importer may say when it happened. 只有数据导入可以补记时间。", reason="moment"
            )
        if body.occurred_at > self.now:
            raise HTTPException(422, "occurred_at lies in the future.")
        return body.occurred_at

    @property
    def by(self) -> str | None:
        """Who did it; nobody knows of what an importer brings."""
        return None if self.actor.role == "importer" else self.actor.id

    def department(self, given: str | None) -> str | None:
        """The department that what is being made belongs to: sales make it for their own, others may say."""
        if self.actor.role != "sales":
            return given
        if given not in {None, self.actor.department}:
            raise by_department(self._rule)
        return self.actor.department

    def about(self, it: Whose, *, what: str) -> None:
        """Raises ``NotAllowed`` or ``Hidden`` where this is not for them to do, or not to know of."""
        match against(self._rule, self.actor, it):
            case None:
                return
            case "hidden" if self._makes:
                raise Refused(f"Another {what} has this id.", code="id-taken")
            case "hidden":
                raise Hidden(f"There is no such {what}.")
            case _:
                raise by_department(self._rule)

    def day(self, at: datetime) -> date:
        """The business day of a moment."""
        return at.astimezone(self._request.app.state.settings.timezone()).date()

    def new_id(self, given: str | None) -> str:
        """The id of what is being made: the given one, or one that the same request makes again."""
        if given is not None:
            return given
        if self._key is None:
            return str(uuid4())
        return str(uuid5(NAMESPACE_URL, f"{self.actor.id} {self._request.scope['path']} {self._key}"))

    async def run(
        self,
        decider: Decider[S, E],
        key: str,
        decide: Callable[[S], Sequence[E]],
        *,
        checked: bool = True,
    ) -> Outcome[S]:
        """Decide and record; ``checked=False`` where If-Match speaks of another thing than this one."""
        envelope = await self.envelope()
        outcome = await decider.transact(
            key,
            decide,
            envelope,
            expected=self._expected if checked else None,
            permit=partial(self.about, what=decider.category),
        )
        if checked:
            self._response.headers["ETag"] = f'"{outcome.revision}"'
        return outcome

    async def envelope(self) -> Envelope:
        return Envelope(
            actor=self.actor.id,
            role=self.actor.role,
            department=self.actor.department,
            correlation_id=self._request.scope["correlation_id"],
            traceparent=traces.current(),
            command=f"{self._key}#{await self._fingerprint()}" if self._key else None,
        )

    async def _fingerprint(self) -> str:
        path = self._request.scope["path"].encode()  # not by `url`, which is put together first
        return blake2s(path + b"\0" + await self._request.body(), digest_size=8).hexdigest()


async def _asked(
    request: Request,
    response: Response,
    actor: Asking,
    idempotency_key: Annotated[str | None, Header(pattern=_KEY)] = None,
    if_match: Annotated[str | None, Header()] = None,
) -> Command:
    return Command(request, response, actor, key=idempotency_key, expected=_revision(if_match))


Asked = Annotated[Command, Depends(_asked)]
"""The command behind the request."""


def _revision(if_match: str | None) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    found = _ETAG.match(if_match.strip())
    if found is None:
        raise HTTPException(400, 'If-Match takes one revision in quotes, such as "3".')
    return int(found[1])


def of_app(name: str) -> Any:
    """A dependency on what ``main.py`` put into the app's state under this name."""

    async def get(request: Request) -> Any:  # not a plain def: that would cost a thread a request
        try:
            return getattr(request.app.state, name)
        except AttributeError:  # a part that this process has not, with its roles
            raise HTTPException(404, NOT_OF_THIS_PROCESS) from None

    return Depends(get)
