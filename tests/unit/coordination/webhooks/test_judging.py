"""What an endpoint's answer means."""

from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest
from multidict import CIMultiDict

from services.coordination.webhooks.judging import Verdict, verdict
from shared.events.webhook import Target
from tests.unit.coordination.webhooks.examples import at

NOW = at(1)


def judged(
    status: int, *, target: Target = "webhook", retry_after: str | None = None, body: bytes = b""
) -> Verdict:
    headers = CIMultiDict({} if retry_after is None else {"retry-after": retry_after})
    return verdict(target, status, headers, body, now=NOW)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_two_hundred_is_success(status: int) -> None:
    assert judged(status) == Verdict()


@pytest.mark.parametrize("status", [301, 302, 304, 307, 308, 400, 401, 404, 500, 502, 504])
def test_anything_else_is_failure(status: int) -> None:
    assert judged(status) == Verdict(f"It answered {status}.")


def test_gone_is_gone() -> None:
    assert judged(410).gone


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("said", "until"),
    [
        ("120", NOW + timedelta(minutes=2)),
        ("0", NOW),
        ("9" * 30, NOW + timedelta(days=1)),
        (format_datetime(at(3), usegmt=True), at(3)),
        (format_datetime(at(0), usegmt=True), NOW),
        (format_datetime(at(1) + timedelta(days=9), usegmt=True), NOW + timedelta(days=1)),
        ("Tue, 10 Mar 2026 03:00:00", at(3)),
        ("soon", None),
        ("-5", None),
        ("１２", None),
        (None, None),
    ],
)
def test_how_long_it_wants_to_be_let_alone(status: int, said: str | None, until: datetime | None) -> None:
    told = judged(status, retry_after=said)
    assert (told.error, told.wait_until) == (f"It answered {status}.", until)


def test_only_these_two_may_say_so() -> None:
    assert judged(500, retry_after="120").wait_until is None


@pytest.mark.parametrize(
    ("target", "body"),
    [("wecom", b'{"errcode":0}'), ("dingtalk", b'{"errcode":0}'), ("feishu", b'{"code":0}')],
)
def test_a_chat_s_bot_says_in_its_answer_that_it_took_it(target: Target, body: bytes) -> None:
    assert judged(200, target=target, body=body) == Verdict()
    assert judged(500, target=target, body=body).error is not None


@pytest.mark.parametrize("target", ["slack", "teams"])
def test_others_by_their_status(target: Target) -> None:
    assert judged(200, target=target, body=b"ok") == Verdict()
    assert judged(404, target=target, body=b"no_service").error == "It answered 404."


@pytest.mark.parametrize(
    ("target", "body", "said"),
    [
        ("wecom", b'{"errcode":93000,"errmsg":"invalid webhook url"}', "errcode 93000: invalid webhook url"),
        ("dingtalk", '{"errcode":310000,"errmsg":"关键词不匹配"}'.encode(), "errcode 310000: 关键词不匹配"),
        ("feishu", b'{"code":19024,"msg":"Key Words Not Found"}', "code 19024: Key Words Not Found"),
    ],
)
def test_or_why_not(target: Target, body: bytes, said: str) -> None:
    assert judged(200, target=target, body=body) == Verdict(f"It answered 200, {said}")


@pytest.mark.parametrize(
    ("target", "status", "body"),
    [
        ("wecom", 200, b'{"errcode":45009}'),
        ("dingtalk", 200, b'{"errcode":410100}'),
        ("feishu", 200, b'{"code":11232}'),
        ("feishu", 400, b'{"code":11232}'),
    ],
)
def test_too_many_messages_let_it_alone_for_a_minute(target: Target, status: int, body: bytes) -> None:
    told = judged(status, target=target, body=body)
    assert told.error is not None
    assert told.wait_until == NOW + timedelta(minutes=1)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"errcode":"x"}', b"{}", b"null", b"\xff"])
def test_what_says_nothing_is_no_success(body: bytes) -> None:
    assert judged(200, target="wecom", body=body).error is not None
