"""Events as short messages for chat bots: 企业微信, 钉钉, 飞书, Slack and Teams, in 中文 or English."""

import json
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, NamedTuple, assert_never
from urllib.parse import quote

from shared.events.webhook import Lang, Target
from shared.events.words import EVENTS_ZH

LONGEST: Final = 200
ABOUT: Final = ("company", "name", "title", "subject", "reason", "account_id", "carrier")
"""Which fields tell a person what it is about; the first two that are there are said."""
MOST_ABOUT: Final = 2
SYMBOLS: Final[Mapping[str, str]] = MappingProxyType(
    {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "JPY": "JP¥"}
)
WHOLE: Final = frozenset({"JPY", "KRW", "VND", "CLP", "ISK", "XAF", "XOF", "XPF"})
"""Currencies without a smaller unit."""
THOUSANDTHS: Final = frozenset({"KWD", "BHD", "OMR", "JOD", "TND", "IQD", "LYD"})
PAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "lead": "leads",
        "account": "accounts",
        "deal": "deals",
        "complaint": "complaints",
        "survey": "surveys",
        "product": "products",
        "order": "orders",
        "receivable": "receivables",
        "team": "teams",
        "person": "people",
        "target": "targets",
        "plan": "plans",
        "handoff": "handoffs",
    }
)
"""Kind of stream → its page at the desk."""
OPEN: Final[Mapping[Lang, str]] = MappingProxyType({"zh": "查看", "en": "Open"})


class Said(NamedTuple):
    text: str
    """``赢单 · deal-42 · 云帆科技 · ¥12,345.00``"""
    link: str | None
    """The thing's page at the desk, if it has one."""


def message(target: Target, event: bytes, *, lang: Lang, desk: str) -> bytes:
    """The body that the bot of this chat takes, for a CloudEvent of Baton."""
    return json.dumps(
        _shaped(target, said(json.loads(event), lang=lang, desk=desk), lang), ensure_ascii=False
    ).encode()


def said(event: Mapping[str, Any], *, lang: Lang, desk: str) -> Said:
    """What happened, to what, and how much it is about; ``desk`` is where the pages are."""
    stream = str(event["subject"])
    data: Mapping[str, Any] = event["data"]
    about = [str(data[field]) for field in ABOUT if isinstance(data.get(field), str)]
    parts = [_word(str(event["type"]), lang), stream, *about[:MOST_ABOUT], *_amounts(data)]
    text = " · ".join(" ".join(part.split())[:LONGEST] for part in parts)
    kind, _, key = stream.partition("-")
    page = f"{desk.rstrip('/')}/desk/?at={PAGES[kind]}/{quote(key)}&lang={lang}" if kind in PAGES else None
    return Said(text, page)


def amount(minor: int, currency: str) -> str:
    """``¥12,345.00``; a currency without a sign of its own is named."""
    places = 0 if currency in WHOLE else 3 if currency in THOUSANDTHS else 2
    number = f"{Decimal(minor).scaleb(-places):,.{places}f}"
    return f"{SYMBOLS[currency]}{number}" if currency in SYMBOLS else f"{currency} {number}"


def _word(name: str, lang: Lang) -> str:
    if lang == "zh" and name in EVENTS_ZH:
        return EVENTS_ZH[name]
    return name.partition(".")[0].replace("-", " ").capitalize()


def _amounts(data: Mapping[str, Any]) -> list[str]:
    match data.get("amount"):
        case {"minor": int(minor), "currency": str(currency)}:
            return [amount(minor, currency)]
        case _:
            return []


def _shaped(target: Target, it: Said, lang: Lang) -> dict[str, Any]:
    plain = it.text if it.link is None else f"{it.text}\n{it.link}"
    match target:
        case "wecom" | "dingtalk":
            return {"msgtype": "text", "text": {"content": plain}}
        case "feishu":  # a post, because a text would take <at …> in somebody's title for a mention
            line = [{"tag": "text", "text": it.text}]
            if it.link is not None:
                line.append({"tag": "a", "text": f" {OPEN[lang]}", "href": it.link})
            inside = {"title": "", "content": [line]}
            return {"msg_type": "post", "content": {"post": {"zh_cn" if lang == "zh" else "en_us": inside}}}
        case "slack":
            link = "" if it.link is None else f" <{it.link}|{OPEN[lang]}>"
            return {"text": f"{_for_slack(it.text)}{link}"}
        case "teams":
            return {"type": "message", "attachments": [_card(it, lang)]}
        case "webhook":
            raise ValueError("a webhook takes the event itself")
        case _:
            assert_never(target)


def _for_slack(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _card(it: Said, lang: Lang) -> dict[str, Any]:
    content: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [{"type": "TextBlock", "text": it.text, "wrap": True}],
    }
    if it.link is not None:
        content["actions"] = [{"type": "Action.OpenUrl", "title": OPEN[lang], "url": it.link}]
    return {"contentType": "application/vnd.microsoft.card.adaptive", "content": content}
