"""What chats are told, in the form that each of their bots takes."""

import json
from typing import Any

import pytest

from services.coordination.webhooks import chat
from services.coordination.webhooks.attempt import Outside
from services.coordination.webhooks.example import example
from services.coordination.webhooks.reach import Reach
from shared.events.catalogue import EVENTS
from shared.events.webhook import Lang, Target
from shared.service.settings import networks
from tests.receiving import Reply, receiving
from tests.unit.coordination.webhooks.examples import KEY, at, content

DESK = "https://baton.example.com"
CHATS: tuple[Target, ...] = ("wecom", "dingtalk", "feishu", "slack", "teams")
LINK = "https://baton.example.com/desk/?at=deals/42&lang=zh"
TEXT = "赢单 · deal-42 · 云帆科技 · ¥12,345.00"


def event(**data: Any) -> bytes:
    told = {"title": "云帆科技", "amount": {"minor": 1234500, "currency": "CNY"}} | data
    return json.dumps({"type": "deal-won.v1", "subject": "deal-42", "data": told}).encode()


def told(target: Target, lang: Lang = "zh", **data: Any) -> Any:
    return json.loads(chat.message(target, event(**data), lang=lang, desk=DESK))


@pytest.mark.parametrize("target", ["wecom", "dingtalk"])
def test_wecom_and_dingtalk_take_text(target: Target) -> None:
    assert told(target) == {"msgtype": "text", "text": {"content": f"{TEXT}\n{LINK}"}}


def test_feishu_takes_a_post() -> None:
    line = [{"tag": "text", "text": TEXT}, {"tag": "a", "text": " 查看", "href": LINK}]
    post = {"zh_cn": {"title": "", "content": [line]}}
    assert told("feishu") == {"msg_type": "post", "content": {"post": post}}
    assert list(told("feishu", "en")["content"]["post"]) == ["en_us"]


def test_slack_takes_text_in_which_nobody_is_mentioned() -> None:
    assert told("slack") == {"text": f"{TEXT} <{LINK}|查看>"}
    assert "&lt;!channel&gt; &amp; co" in told("slack", title="<!channel> & co")["text"]


def test_teams_takes_a_card() -> None:
    [attachment] = told("teams", "en")["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attachment["content"]
    assert card["body"][0]["text"] == "Deal won · deal-42 · 云帆科技 · ¥12,345.00"
    assert card["actions"] == [
        {"type": "Action.OpenUrl", "title": "Open", "url": LINK.replace("lang=zh", "lang=en")}
    ]


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (1234500, "CNY", "¥12,345.00"),
        (5, "USD", "$0.05"),
        (12345, "JPY", "JP¥12,345"),
        (1234567, "KWD", "KWD 1,234.567"),
        (100, "CHF", "CHF 1.00"),
    ],
)
def test_amounts_as_people_write_them(minor: int, currency: str, text: str) -> None:
    assert chat.amount(minor, currency) == text


def test_what_has_no_page_has_no_link() -> None:
    said = chat.said({"type": "rate-set.v1", "subject": "rate-1", "data": {}}, lang="zh", desk=DESK)
    assert said == ("设定汇率 · rate-1", None)


def test_a_long_text_of_several_lines_becomes_one_short_line() -> None:
    text = told("wecom", title="一\n二 " + "长" * 400)["text"]["content"].splitlines()
    assert len(text) == 2
    assert text[0].startswith("赢单 · deal-42 · 一 二 长长")
    assert len(text[0]) < 300


@pytest.mark.parametrize("target", CHATS)
@pytest.mark.parametrize("name", EVENTS)
def test_every_event_can_be_told_everywhere(name: str, target: Target) -> None:
    _, _, document = example(content(types=(name,)).described, now=at(1))
    for lang in ("zh", "en"):
        json.loads(chat.message(target, document, lang=lang, desk=DESK))


async def test_a_bot_gets_its_message_and_no_signature() -> None:
    reach = Reach(networks("127.0.0.0/8"))
    async with (
        receiving("/cgi-bin/webhook/send") as bot,
        Outside(reach, master_key=KEY, desk=DESK) as outside,
    ):
        it = content(target="wecom", url=f"{bot.url}?key=a-token")
        bot.answer = lambda _: Reply(200, body=b'{"errcode":0,"errmsg":"ok"}')
        answered = await outside.post(it, "e-1", event())
        bot.answer = lambda _: Reply(200, body=b'{"errcode":45009,"errmsg":"freq out of limit"}')
        refused = await outside.post(it, "e-2", event())
    assert (answered.status, answered.verdict.error) == (200, None)
    assert refused.verdict.wait_until is not None
    assert json.loads(bot.asked[0].body)["text"]["content"].startswith(TEXT)
    assert bot.asked[0].headers["content-type"] == "application/json"
    assert "webhook-signature" not in bot.asked[0].headers
