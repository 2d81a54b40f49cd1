"""`baton backup` and `baton restore` at a terminal, and the page that tells of them."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from baton.__main__ import app
from tests.unit.baton.keeping import at_work, create_lead

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "operations" / "backup.md").read_text(encoding="utf-8")
CALLS = sorted(set(re.findall(r"^baton [a-z].*$|(?<=`)baton [a-z][^`]*(?=`)", PAGE, re.MULTILINE)))


async def test_what_was_backed_up_is_told_and_so_is_what_comes_after_a_restore(tmp_path: Path) -> None:
    data, backup = tmp_path / "data", tmp_path / "backup"
    async with at_work(data) as house:
        await create_lead(house["customers"], 1)
        await house["performance"].keyring.made(["person-wang"])
        told = _baton("backup", backup, "--data", data).stdout
    assert f"{backup} is whole." in told
    assert re.search(r"customers +1 events, the last of .* UTC; keys of 1 person", told)
    assert re.search(r"orders +no events; keys of 0 people", told)
    assert "no master.key: keep that in another place" in told
    assert _baton("backup", "--check", backup).stdout == told

    told = _baton("restore", backup, "--data", tmp_path / "new").stdout
    assert "Put master.key into" in told
    assert f"baton up --data {tmp_path / 'new'}" in told
    told = _baton("restore", backup, "--data", data, "--replace").stdout
    assert f"What was there before is in {data / 'before-restore-'}" in told
    assert "Put master.key" not in told


def test_what_cannot_be_done_is_one_line_and_a_code(tmp_path: Path) -> None:
    for arguments, said in (
        (("backup", tmp_path / "b", "--data", tmp_path), "has no event store of customers"),
        (("backup", "--check", tmp_path), "is no backup"),
        (("restore", tmp_path, "--data", tmp_path), "is no backup"),
        (("restore", tmp_path, "--erased", tmp_path / "none"), "none cannot be read"),
    ):
        done = _baton(*arguments)
        assert (done.exit_code, said in done.stderr, len(done.stderr.splitlines())) == (1, True, 1)


@pytest.mark.parametrize("call", CALLS)
def test_what_the_page_says_can_be_typed(call: str) -> None:
    command, *words = call.split()[1:]
    helped = _baton(command, "--help")
    assert helped.exit_code == 0
    options = [word for word in words if word.startswith("--")]
    assert [option for option in options if option not in helped.output] == []


def test_the_page_is_about_them() -> None:
    assert {call.split()[1] for call in CALLS} == {"backup", "restore", "up", "verify"}


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^):#]+)", PAGE))))
def test_every_link_leads_somewhere(link: str) -> None:
    assert (ROOT / "docs" / "operations" / link).is_file()


@pytest.mark.parametrize("file", sorted(set(re.findall(r"`(tests/[a-z_/]+\.py)`", PAGE))))
def test_every_test_it_names_is_there(file: str) -> None:
    assert (ROOT / file).is_file()


def _baton(*arguments: object) -> Result:
    words = [str(argument) for argument in arguments]
    return CliRunner().invoke(app, words, env={"COLUMNS": "200", "NO_COLOR": "1"})
