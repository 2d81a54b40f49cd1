"""The HTTP contract is on file, and pages may ask for it from a browser."""

from pathlib import Path
from typing import Final

import pytest
from jsonschema import Draft202012Validator

from services import openapi
from shared.events.catalogue import SERVICES
from shared.service.settings import Settings
from tests.service_app import SECRET, serving

ROOT: Final = Path(__file__).parents[2]


@pytest.mark.parametrize("service", SERVICES)
def test_the_contract_on_file_is_what_the_service_answers(service: str) -> None:
    """When it is not, ``make docs`` writes it anew."""
    on_file = (ROOT / openapi.FOLDER / f"{service}.json").read_text(encoding="utf-8")
    assert on_file == openapi.text(service)


@pytest.mark.parametrize("service", SERVICES)
def test_every_body_has_an_example_that_is_valid(service: str) -> None:
    document = openapi.document(service)
    bodies = [
        (f"{method} {path}", body)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        for content in (operation.get("requestBody", {}), *operation["responses"].values())
        if (body := content.get("content", {}).get("application/json"))
    ]
    assert bodies
    for where, body in bodies:
        schema = {**body["schema"], "components": document["components"]}
        found = list(Draft202012Validator(schema).iter_errors(body["example"]))
        assert found == [], where


@pytest.mark.parametrize(
    ("performance_url", "origin"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("https://baton.example.com/", "https://baton.example.com"),
        ("https://example.com/baton/x", "https://example.com"),
    ],
)
def test_pages_are_where_performance_is(performance_url: str, origin: str) -> None:
    settings = Settings.model_validate(
        {"token_secret": SECRET, "master_key": SECRET, "performance_url": performance_url}
    )
    assert settings.pages() == origin


async def test_only_our_own_pages_may_ask_from_a_browser() -> None:
    asks = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "idempotency-key,if-match",
    }
    async with serving([], {}) as client:
        ours = await client.options("/x", headers={"Origin": "http://127.0.0.1:8080", **asks})
        theirs = await client.options("/x", headers={"Origin": "http://evil.example", **asks})
    assert ours.headers["access-control-allow-origin"] == "http://127.0.0.1:8080"
    assert theirs.status_code == 400
    assert "access-control-allow-origin" not in theirs.headers
