"""What an endpoint's answer means: taken, failed, gone, or to be let alone for a while."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final

from services.coordination.webhooks.schedule import LONGEST_PAUSE
from shared.events.webhook import Target

CODES: Final[Mapping[Target, str]] = {"wecom": "errcode", "dingtalk": "errcode", "feishu": "code"}
"""Chat bots that answer 200 whatever happened, and where they say what did; 0 is success."""
TOO_MANY: Final[Mapping[Target, frozenset[int]]] = {
    "wecom": frozenset({45009, 45033}),
    "dingtalk": frozenset({90030, 130101, 410100, 660026}),
    "feishu": frozenset({9499, 11232}),
}
"""Which codes mean that there were too many messages."""
CHAT_PAUSE: Final = timedelta(minutes=1)
"""Their limits are for each minute."""


@dataclass(frozen=True)
class Verdict:
    error: str | None = None
    """Why it failed; None where it went well."""
    gone: bool = False
    """It wants no more."""
    wait_until: datetime | None = None
    """It asked to be let alone until then."""


def verdict(
    target: Target, status: int, headers: Mapping[str, str], body: bytes, *, now: datetime
) -> Verdict:
    """``headers`` finds names in any case; only 2xx is success, a redirection is none."""
    if status == HTTPStatus.GONE:
        return Verdict("It answered 410 Gone.", gone=True)
    if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        return Verdict(f"It answered {status}.", wait_until=_until(headers.get("Retry-After"), now))
    taken = HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES
    if target in CODES:
        return _of_chat(target, status, body, taken=taken, now=now)
    return Verdict() if taken else Verdict(f"It answered {status}.")


def _of_chat(target: Target, status: int, body: bytes, *, taken: bool, now: datetime) -> Verdict:
    try:
        told: Any = json.loads(body)
        code = int(told[CODES[target]])
    except (ValueError, KeyError, TypeError):
        return Verdict(f"It answered {status} and nothing that says whether it took the message.")
    if code == 0 and taken:
        return Verdict()
    said = str(told.get("errmsg") or told.get("msg") or "")[:200]
    error = f"It answered {status}, {CODES[target]} {code}: {said}".rstrip(": ")
    return Verdict(error, wait_until=now + CHAT_PAUSE if code in TOO_MANY[target] else None)


def _until(said: str | None, now: datetime) -> datetime | None:
    """``Retry-After`` in seconds or as a date; no more than a day, None where it says nothing of use."""
    if said is None:
        return None
    said = said.strip()
    if said.isascii() and said.isdigit():
        wait = timedelta(seconds=min(int(said), int(LONGEST_PAUSE.total_seconds())))
    else:
        try:
            at = parsedate_to_datetime(said)
        except ValueError:
            return None
        wait = (at if at.tzinfo else at.replace(tzinfo=UTC)) - now
    return now + max(timedelta(), min(wait, LONGEST_PAUSE))
