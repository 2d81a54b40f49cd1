"""What docs/webhooks.md tells a receiver's developer to do, works."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from prometheus_client import REGISTRY

from services.coordination.webhooks import metrics, schedule, secrets
from services.coordination.webhooks.attempt import WITHIN_SECONDS
from services.coordination.webhooks.bodies import Subscribe
from services.coordination.webhooks.example import example
from tests.unit.coordination.webhooks.examples import KEY, content

ROOT = Path(__file__).parents[4]
PAGE = (ROOT / "docs/webhooks.md").read_text(encoding="utf-8")
CODE = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
PATHS = json.loads((ROOT / "docs/http/coordination.json").read_text(encoding="utf-8"))["paths"]


def defined(name: str) -> Any:
    """The function of this name, as the page defines it."""
    [code] = [code for code in CODE if f"def {name}(" in code]
    there: dict[str, Any] = {}
    exec(code, there)  # noqa: S102 - it is our own page
    return there[name]


def sent(signature: str) -> tuple[dict[str, str], bytes]:
    it = content(signature=signature)
    now = datetime.now(UTC)
    _, event_id, body = example(it.described, now=now)
    return secrets.headers(KEY, it, message_id=event_id, body=body, now=now), body


def test_an_event_is_verified_and_taken_once(capsys: pytest.CaptureFixture[str]) -> None:
    headers, body = sent("v1")
    had: set[str] = set()
    receive, secret = defined("receive"), secrets.secret(KEY, "wh-1", 1)
    for _ in range(2):
        assert receive(headers, body, secret=secret, had=had) == 204
    assert capsys.readouterr().out.count("deal-won.v1 deal-example") == 1
    assert receive(headers, body + b" ", secret=secret, had=had) == 401


def test_the_other_signature_is_verified() -> None:
    headers, body = sent("v1a")
    verify, key = defined("verify"), secrets.public_key(KEY, "wh-1", 1)
    verify(headers, body, public_key=key)
    with pytest.raises(InvalidSignature):
        verify(headers, body + b" ", public_key=key)


def test_what_is_subscribed_with_can_be() -> None:
    [body] = re.findall(r"-d '(\{.*?\})'", PAGE, re.DOTALL)
    assert Subscribe.model_validate(json.loads(body)).start == "first"


@pytest.mark.parametrize("path", sorted(set(re.findall(r"(?:…|/erp)(/[a-z{_}/]+[a-z])", PAGE))))
def test_every_path_is_one(path: str) -> None:
    assert f"/webhooks/{{webhook_id}}{path}" in PATHS


def test_numbers_and_names_are_those_of_the_code() -> None:
    assert f"within {WITHIN_SECONDS:.0f} seconds" in PAGE
    units = {"s": 1, "min": 60, "h": 3600}
    told = [int(n) * units[unit] for n, unit in re.findall(r"(\d+) (s|min|h)[,;]", PAGE)]
    assert told == [wait.total_seconds() for wait in schedule.STANDARD]
    assert metrics.SENDS is not None
    known = {metric.name for metric in REGISTRY.collect()}
    for name in re.findall(r"`(baton_webhook_[a-z_]+)`", PAGE):
        assert name.removesuffix("_total") in known


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^):]+)\)", PAGE))))
def test_every_link_leads_somewhere(link: str) -> None:
    assert (ROOT / "docs" / link).is_file()
