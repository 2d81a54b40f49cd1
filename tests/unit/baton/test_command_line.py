"""The command line itself: what it prints, and what it says against."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from baton.__main__ import app
from baton.tokens import kept_key
from shared.events.catalogue import EVENTS
from shared.service.actor import Actor
from shared.service.tokens.own import OURS, Secrets
from shared.service.tokens.trusted import Trusted


@pytest.fixture(autouse=True)
def _no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TOKEN_SECRET", "BATON_TOKEN"):
        monkeypatch.delenv(name, raising=False)


async def test_a_token_is_all_that_is_printed(tmp_path: Path) -> None:
    key = kept_key(tmp_path, environment={})
    done = _baton(
        "token", "--role", "finance", "--person", "xu-fang", "--department", "finance", "--data", tmp_path
    )
    assert done.exit_code == 0
    named = await Trusted({OURS.name: (OURS, Secrets([key]))}).actor(done.stdout.strip())
    assert named == Actor(id="xu-fang", role="finance", department="finance")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--role", "king"), "There is no role king"),
        (("--role", "viewer", "--person", "a b"), "id:"),
        (("--role", "viewer", "--department", "Große"), "department:"),
    ],
)
def test_a_token_that_makes_no_sense_is_refused(
    tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    kept_key(tmp_path, environment={})
    done = _baton("token", *arguments, "--data", tmp_path)
    assert (done.exit_code, said in done.stderr, done.stdout) == (1, True, "")


def test_without_a_key_no_token_but_a_hint(tmp_path: Path) -> None:
    done = _baton("token", "--role", "viewer", "--data", tmp_path)
    assert done.exit_code == 1
    assert "run `baton up` first" in done.stderr


def test_events_are_listed_with_what_they_say() -> None:
    done = _baton("events")
    assert all(name in done.stdout for name in EVENTS)


def test_a_schema_and_the_asyncapi_document_are_json() -> None:
    assert json.loads(_baton("events", "--schema", "deal-won.v1").stdout)["title"] == "DealWon"
    assert json.loads(_baton("events", "--asyncapi").stdout)["asyncapi"] == "3.0.0"


def test_an_unknown_event_is_refused() -> None:
    done = _baton("events", "--schema", "deal-eaten.v1")
    assert (done.exit_code, "no event deal-eaten.v1" in done.stderr) == (1, True)


def test_an_unknown_service_is_refused(tmp_path: Path) -> None:
    done = _baton("replay", "kitchen", "--data", tmp_path)
    assert (done.exit_code, "no service kitchen" in done.stderr) == (1, True)


def test_up_says_what_stands_in_its_way(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    done = _baton("up", "--data", tmp_path / "data", "--port", "18080")
    assert (done.exit_code, "is not a folder" in done.stderr) == (1, True)


def test_a_folder_that_is_no_export_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    kept_key(tmp_path, environment={})
    done = _baton("import", "crm", tmp_path, "--to", "http://127.0.0.1:1", "--data", tmp_path)
    assert (done.exit_code, "accounts.csv cannot be read" in done.stderr) == (1, True)


def _baton(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])
