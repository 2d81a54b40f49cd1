"""What the README says can be typed, can be typed; what it points at is there."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from baton.__main__ import app

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CALLS = sorted(set(re.findall(r"`?(?:\.venv/bin/)?baton ([a-z][^`)]*)", README)))


@pytest.mark.parametrize("call", CALLS)
def test_every_baton_command_is_one(call: str) -> None:
    words = call.split()
    options = [word for word in words if word.startswith("--")]
    command = [word for word in words[: words.index(options[0])] if word.islower()] if options else words
    helped = CliRunner().invoke(app, [*command, "--help"], env={"COLUMNS": "200", "NO_COLOR": "1"})
    assert helped.exit_code == 0
    assert [option for option in options if option not in helped.output] == []


def test_the_two_commands_and_the_picture_are_there() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert {"run", "test", "setup", "check", "bench"} <= set(targets)
    assert set(re.findall(r"^make ([a-z]+)", README, re.MULTILINE)) == {"run", "test"}


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`([a-z_/]+/[a-z_./]*[a-z_]+\.[a-z]+)`", README))))
def test_every_file_it_names_exists(path: str) -> None:
    assert (ROOT / path).is_file()


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^):]+)\)", README))))
def test_every_link_leads_somewhere(link: str) -> None:
    assert (ROOT / link).is_file()
