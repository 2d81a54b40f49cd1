"""What a body may be: short, and as it is."""

from typing import Final

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.service.problems import problem
from shared.service.refusals import address, refused

LARGEST_BODY: Final = 256 * 1024


class Bounded:
    """Answers a body that says it is too long with a problem; FastAPI cuts off the one that does not say.

    A packed body is refused by its header: nothing here unpacks anything.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope.get("headers", ()))
        length = headers.get(b"content-length", b"0")
        if length.isdigit() and int(length) > LARGEST_BODY:
            refused("body too large", client=address(scope))
            said = f"A body may have at most {LARGEST_BODY} bytes."
            await problem(Request(scope), 413, said)(scope, receive, send)
        elif headers.get(b"content-encoding", b"identity") != b"identity":
            refused("body encoded", client=address(scope))
            said = "Send the body as it is, without Content-Encoding."
            accepted = {"Accept-Encoding": "identity"}
            await problem(Request(scope), 415, said, headers=accepted)(scope, receive, send)
        else:
            await self._app(scope, receive, send)
