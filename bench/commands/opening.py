"""The command that is asked for: open a deal, which is one append and needs nothing else to be there."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from shared.service.actor import Actor
from shared.service.tokens.own import token

SECRET: Final = "a secret for a benchmark, long enough"  # noqa: S105 - signs nothing else
DIGITS: Final = 9

Request = Callable[[int], bytes]
"""The whole request, head and body, for a thing's number."""


def deal_id(number: int) -> str:
    return f"bench-{number:0{DIGITS}}"


def opening_a_deal() -> Request:
    """`POST /deals` by a salesperson, its id and its idempotency key made of the number."""
    bearer = token(Actor(id="p-bench", role="sales"), secret=SECRET, valid_for=timedelta(days=1))
    content = {
        "title": "Bench",
        "owner": "p-bench",
        "product": "Bench",
        "line": "Bench",
        "amount": {"minor": 12_000_00, "currency": "CNY"},
        "expected_close": "2027-03-31",
    }
    rest = json.dumps(content, separators=(",", ":")).encode()[1:]
    length = len(f'{{"id":"{deal_id(0)}",') + len(rest)
    head = (
        "POST /deals HTTP/1.1\r\n"
        "Host: baton\r\n"
        f"Authorization: Bearer {bearer}\r\n"
        "Content-Type: application/json\r\n"
        f"Content-Length: {length}\r\n"
        "Idempotency-Key: "
    ).encode()

    def request(number: int) -> bytes:
        name = deal_id(number).encode()
        return b'%b%b\r\n\r\n{"id":"%b",%b' % (head, name, name, rest)

    return request
