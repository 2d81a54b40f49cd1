"""Errors as RFC 9457 problem details, the same for every service."""

from collections.abc import Mapping
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from shared.eventstore.decider import Contended, KeyReused, NotFound, Refused, StaleRevision
from shared.eventstore.store import StoreUnavailable
from shared.projections.lists import OfOtherVersions
from shared.service.permitted import Hidden, NotAllowed, note
from shared.service.refusals import address
from shared.service.refusals import refused as note_refused
from shared.service.tokens.refusals import REFUSED, NoKeys, NoPost, NotSignedIn

log = structlog.get_logger()

KINDS: Final[Mapping[int, tuple[str, str]]] = {
    400: ("unreadable", "The request could not be read"),
    401: ("unauthenticated", "Who are you?"),
    403: ("not-allowed", "Not allowed"),
    404: ("not-found", "Not found"),
    405: ("not-here", "Not here"),
    408: ("too-slow", "Too slow"),
    409: ("refused", "Refused"),
    412: ("stale", "Somebody changed it first"),
    413: ("too-large", "Too large"),
    415: ("not-plain", "Not in a form that is read here"),
    422: ("invalid", "Something is wrong with the request"),
    429: ("too-many", "Too many requests"),
    431: ("head-too-large", "Too many headers"),
    500: ("internal", "Our mistake"),
    503: ("try-again", "Not right now"),
}
"""Status → its code, where a rule has none of its own, and its title."""


class FieldError(BaseModel):
    field: str
    message: str


class Problem(BaseModel):
    """An error as RFC 9457 writes it; ``code`` names the rule for programs."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    instance: str
    code: str
    request_id: str
    """As in the header ``X-Request-Id``: whoever runs the service finds the request by it."""
    errors: list[FieldError] = []


TOO_LARGE: Final = 413
MOST_TOLD: Final = 20
"""So much of what is wrong with a request is told; an answer is not longer than what it answers."""
LONGEST_FIELD: Final = 200

PROBLEM_JSON: Final = "application/problem+json"

PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    status: {"model": Problem, "description": KINDS[status][1]}
    for status in (400, 401, 403, 404, 409, 412, 413, 415, 422, 429, 503)
}
"""What every operation may answer beside its success, for the OpenAPI document."""


def problem(
    request: Request,
    status: int,
    detail: str,
    *,
    code: str | None = None,
    headers: Mapping[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> JSONResponse:
    ids = {"instance": request.url.path, "request_id": request.scope["request_id"]}
    body = {**described(status, detail, **ids, code=code), **(more or {})}
    return JSONResponse(body, status, dict(headers or {}), media_type=PROBLEM_JSON)


def described(
    status: int, detail: str, *, instance: str, request_id: str, code: str | None = None
) -> dict[str, Any]:
    """A problem's members, in the order of ``Problem``."""
    usual, title = KINDS.get(status, ("error", "Error"))
    code = code or usual
    return {
        "type": f"urn:baton:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": instance,
        "code": code,
        "request_id": request_id,
    }


def answer_problems(app: FastAPI) -> None:
    """Teach the app to answer every error as a problem."""
    _answer_strangers(app)

    @app.exception_handler(Refused)
    async def refused(request: Request, error: Refused) -> JSONResponse:
        status = 404 if isinstance(error, NotFound) else 409
        return problem(request, status, error.message, code=error.code, more=error.more)

    @app.exception_handler(StaleRevision)
    async def stale(request: Request, error: StaleRevision) -> JSONResponse:
        headers = {"ETag": f'"{error.actual}"'}
        return problem(request, 412, "It is not at the revision of If-Match any more.", headers=headers)

    @app.exception_handler(KeyReused)
    async def key_reused(request: Request, error: KeyReused) -> JSONResponse:
        return problem(request, 422, str(error), code="idempotency-key-reused")

    @app.exception_handler(Contended)
    @app.exception_handler(OfOtherVersions)
    @app.exception_handler(StoreUnavailable)
    async def not_now(request: Request, error: Exception) -> JSONResponse:
        log.warning("not now", path=request.url.path, error=repr(error))
        return problem(request, 503, "Please try again in a moment.", headers={"Retry-After": "1"})

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        told = error.errors()[:MOST_TOLD]
        errors = [{"field": _field(e)[:LONGEST_FIELD], "message": e["msg"]} for e in told]
        detail = "; ".join(f"{e['field']}: {e['message']}".lstrip(": ") for e in errors[:3])
        return problem(request, 422, detail, more={"errors": jsonable_encoder(errors)})

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        if error.status_code == TOO_LARGE:  # it did not say how long it was, and was cut off
            note_refused("body too large", client=address(request.scope))
        return problem(request, error.status_code, str(error.detail), headers=error.headers)

    @app.exception_handler(Exception)
    async def broken(request: Request, error: Exception) -> JSONResponse:
        log.error("unexpected error", path=request.url.path, error=repr(error), exc_info=error)
        return problem(request, 500, "It was logged; nothing was done by halves.")


def _answer_strangers(app: FastAPI) -> None:
    """Who is not known, and who may not."""

    @app.exception_handler(NotSignedIn)
    async def not_signed_in(request: Request, error: NotSignedIn) -> JSONResponse:
        REFUSED.labels(error.reason).inc()
        log.warning("not let in", reason=error.reason)
        return _turned_away(request, error)

    @app.exception_handler(NotAllowed)
    @app.exception_handler(Hidden)
    async def may_not(request: Request, error: NotAllowed | Hidden) -> JSONResponse:
        note(request, error)
        return problem(request, 404 if isinstance(error, Hidden) else 403, error.message, code=error.code)


def _turned_away(request: Request, error: NotSignedIn) -> JSONResponse:
    """Says what a person can do about it; what is wrong with a token helps only who forges it."""
    match error:
        case NoKeys():
            said, headers = "Who signed in where is not known just now.", {"Retry-After": "10"}
            return problem(request, 503, said, headers=headers)
        case NoPost():
            said = "You are signed in, but have no post here: ask who keeps the accounts for one role."
            return problem(request, 403, said, code="no-post")
        case NotSignedIn(reason="no token"):
            return problem(request, 401, "Send a bearer token.", headers={"WWW-Authenticate": "Bearer"})
        case _:
            said = "The token has expired." if error.reason == "expired" else "The token is not valid."
            headers = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
            return problem(request, 401, said, headers=headers)


def _field(error: Mapping[str, Any]) -> str:
    """Where in the request it is, such as ``amount.minor``; empty where the whole is no JSON."""
    if error["type"] == "json_invalid":
        return ""
    return ".".join(str(part) for part in error["loc"][1:])
