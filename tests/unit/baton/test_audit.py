"""`baton audit`: an export is whole or not there, and what is found in one is said in words."""

import asyncio
import gzip
import json
from pathlib import Path

import pytest
from aiohttp import web
from typer.testing import CliRunner, Result

from baton.__main__ import app
from shared.audit import page as pages
from shared.eventstore.sqlite import SqliteStore
from tests.unit.audit.sealing import KEY, newest, sealed_in_turns
from tests.unit.baton.answering import answering, problem

PUBLIC = pages.public_text(KEY)


@pytest.fixture(autouse=True)
def _a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATON_TOKEN", "t")


@pytest.fixture
async def lines(tmp_path: Path) -> list[bytes]:
    store = SqliteStore(tmp_path / "events.db")
    made = await sealed_in_turns(store, pages=2, events=4)
    await store.close()
    return made


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def baton(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["audit", *map(str, arguments)])


@pytest.mark.parametrize("name", ["orders.jsonl", "orders.jsonl.gz"])
async def test_what_was_exported_is_verified(tmp_path: Path, lines: list[bytes], name: str) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        assert (request.path, request.headers["Authorization"]) == ("/audit/export", "Bearer t")
        return web.Response(body=b"".join(lines))

    file = tmp_path / name
    async with answering(answer) as url:
        done = await asyncio.to_thread(baton, "export", "--service", "orders", "-o", file, "--to", url)
        twice = await asyncio.to_thread(baton, "export", "--service", "orders", "-o", file, "--to", url)
    assert (done.exit_code, done.stdout) == (0, f"{file} has the ledger of orders.\n")
    assert (twice.exit_code, "is there already" in twice.stderr) == (1, True)
    found = baton("verify", file, "--key", PUBLIC, "--at-least", newest(lines).upper())
    assert found.exit_code == 0, found.output
    assert "orders: 8 events, 2 pages." in found.stdout
    assert found.stdout.endswith(f"{file} is what was sealed.\n")


async def test_what_was_changed_is_named(tmp_path: Path, lines: list[bytes]) -> None:
    event = json.loads(lines[1])["event"]
    changed = lines[1].replace("第 0 次".encode(), "第 9 次".encode())
    (tmp_path / "file").write_bytes(b"".join([lines[0], changed, *lines[3:]]))
    found = baton("verify", tmp_path / "file", "--key", PUBLIC)
    assert found.exit_code == 1
    assert f"changed: event {event['id']}, revision 0 of order-1, position 0" in found.stdout
    assert "removed: event" in found.stdout
    assert found.stderr == f"{tmp_path / 'file'} is not what was sealed: 2 findings.\n"


async def test_a_file_that_was_cut_off_is_said_to_be(tmp_path: Path, lines: list[bytes]) -> None:
    packed = gzip.compress(b"".join(lines))
    (tmp_path / "half.gz").write_bytes(packed[: len(packed) // 2])
    (tmp_path / "none.gz").write_bytes(b"".join(lines))
    for name in ("half.gz", "none.gz"):
        found = baton("verify", tmp_path / name, "--key", PUBLIC)
        assert (found.exit_code, "cut off:" in found.stdout) == (1, True), found.output


async def test_what_cannot_be_verified_is_said_in_one_line(tmp_path: Path, lines: list[bytes]) -> None:
    (tmp_path / "file").write_bytes(b"".join(lines))
    assert "64 hexadecimal digits" in baton("verify", tmp_path / "file", "--key", "no").stderr
    assert "cannot be read" in baton("verify", tmp_path / "nothing", "--key", PUBLIC).stderr
    other = pages.public_text(pages.signing_key("another " * 8))
    assert baton("verify", tmp_path / "file", "--key", other).exit_code == 1


async def test_many_findings_are_counted_and_not_all_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"?\n" * 1000)
    found = baton("verify", tmp_path / "file", "--key", PUBLIC)
    assert found.stdout.count("unreadable") == 100
    assert "and 901 more" in found.stdout  # that it proves nothing is one, too


async def test_an_export_that_breaks_off_leaves_no_file(tmp_path: Path, lines: list[bytes]) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100000"})
        await response.prepare(request)
        await response.write(b"".join(lines))
        assert request.transport is not None
        request.transport.abort()
        return response

    async def refuse(_request: web.Request) -> web.StreamResponse:
        return problem(403, "Only a manager may do this.")

    export = ("export", "--service", "orders", "-o", tmp_path / "out.gz")
    async with answering(answer) as url:
        broken = await asyncio.to_thread(baton, *export, "--to", url)
    async with answering(refuse) as url:
        refused = await asyncio.to_thread(baton, *export, "--to", url)
    assert (broken.exit_code, "broke off" in broken.stderr) == (1, True), broken.output
    assert refused.stderr == "Only a manager may do this. (403)\n"
    assert files_in(tmp_path) == ["events.db", "events.db.lock"]


async def test_the_newest_page_is_printed_as_it_is_told() -> None:
    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.json_response({"service": "orders", "page": 7, "sha256": "ab" * 32})

    async with answering(answer) as url:
        told = await asyncio.to_thread(baton, "newest", "orders", "--to", url)
    assert json.loads(told.stdout) == {"service": "orders", "page": 7, "sha256": "ab" * 32}
