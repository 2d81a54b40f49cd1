"""AsyncAPI's own parser takes the document of our events."""

import subprocess
from pathlib import Path
from typing import Final

import pytest

from shared.events.catalogue import EVENTS, SERVICES

HERE: Final = Path(__file__).parent / "asyncapi"
DOCUMENT: Final = Path(__file__).parents[2] / "docs/events/asyncapi.yaml"

pytestmark = pytest.mark.skipif(
    not (HERE / "node_modules").is_dir(), reason="AsyncAPI's parser is not installed; `make test` installs it"
)


def parsed(document: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["node", "check.mjs", str(document)], cwd=HERE, capture_output=True, text=True, check=False
    )


def test_the_document_is_one() -> None:
    told = parsed(DOCUMENT)
    assert told.returncode == 0, told.stderr
    assert told.stdout == f"{len(SERVICES)} channels, {len(EVENTS)} messages\n"


def test_a_document_with_a_mistake_is_none(tmp_path: Path) -> None:
    wrong = tmp_path / "asyncapi.yaml"
    wrong.write_text(DOCUMENT.read_text(encoding="utf-8").replace("action: send", "action: shout", 1))
    told = parsed(wrong)
    assert told.returncode == 1
    assert "action" in told.stderr
