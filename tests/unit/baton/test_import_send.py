"""Sending an export, and the report on it."""

import csv
from collections import Counter
from pathlib import Path

from aiohttp import web
from rich.console import Console

from baton.import_crm import report
from baton.import_crm.note import Note
from baton.import_crm.run import Imported, import_crm, progress, read_export
from baton.remote import connected
from tests.unit.baton import crm_export
from tests.unit.baton.answering import Answer, answering, problem


async def test_every_row_is_accepted_or_told(tmp_path: Path) -> None:
    keys: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        keys.append(request.headers["Idempotency-Key"])
        return web.json_response({"id": "x"}, status=201)

    done = await _imported(tmp_path, answer)
    assert Counter(n.file for n in done.notes if n.kind == "accepted") == {
        "sales_teams.csv": 5,
        "accounts.csv": 2,
        "sales_pipeline.csv": 4,
    }
    assert done.commands == len(keys) == len(set(keys)) == 16
    assert keys.index("crm-W1-open") < keys.index("crm-W1-advance") < keys.index("crm-W1-win")


async def test_a_refused_step_is_reported_and_ends_its_row(tmp_path: Path) -> None:
    async def answer(request: web.Request) -> web.Response:
        if request.path == "/deals/W1/advance":
            return problem(409, "Not like this.", code="refused")
        assert request.path != "/deals/W1/win"
        return web.json_response({"id": "x"}, status=201)

    done = await _imported(tmp_path, answer)
    (rejected,) = (n for n in done.notes if n.kind == "rejected")
    assert (rejected.row, rejected.id, rejected.reason) == (2, "W1", "refused to advance: Not like this.")


async def test_a_known_company_keeps_its_account(tmp_path: Path) -> None:
    deals: list[str | None] = []

    async def answer(request: web.Request) -> web.Response:
        body = await request.json()
        if request.path == "/accounts" and body["id"] == "acme-corporation":
            return problem(409, "It is there.", code="duplicate", existing="a-77")
        if request.path == "/deals":
            deals.append(body.get("account_id"))
        return web.json_response({"id": "x"}, status=201)

    done = await _imported(tmp_path, answer)
    assert Counter(deals) == {"a-77": 1, "betatech": 1, None: 2}
    assert [n.now for n in done.notes if n.field == "id"] == ["a-77"]


async def test_deals_of_a_refused_account_are_left_without_it(tmp_path: Path) -> None:
    async def answer(request: web.Request) -> web.Response:
        if request.path == "/accounts":
            return problem(422, "No.", code="invalid")
        return web.json_response({"id": "x"}, status=201)

    done = await _imported(tmp_path, answer)
    without = [
        (n.id, n.was, n.reason) for n in done.notes if n.kind == "left without" and n.reason == "refused"
    ]
    assert without == [("W1", "Acme Corporation", "refused"), ("L1", "Betatech", "refused")]


async def test_a_service_that_stays_away_breaks_it_off(tmp_path: Path) -> None:
    async def answer(request: web.Request) -> web.Response:
        if request.path.startswith("/deals"):
            return problem(503, "gone")
        return web.json_response({"id": "x"}, status=201)

    done = await _imported(tmp_path, answer)
    assert "does not answer: gone" in done.broken_off
    assert Counter(n.kind for n in done.notes)["accepted"] == 7


def test_the_report_has_the_worst_first_and_is_safe_to_open(tmp_path: Path) -> None:
    notes = [
        Note("accepted", "p.csv", 2, "W1"),
        Note("rejected", "p.csv", 9, "=1+1", reason="it is broken"),
        Note("mended", "p.csv", 3, "W2", "product", "GTXPro", "GTX Pro", "spaces"),
    ]
    report.write(tmp_path / "new" / "report.csv", notes)
    with (tmp_path / "new" / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    assert lines[0] == ["kind", "file", "row", "id", "field", "from", "to", "reason"]
    assert lines[1][:4] == ["rejected", "p.csv", "9", "'=1+1"]
    assert [line[0] for line in lines[2:]] == ["mended", "accepted"]


def test_the_summary_counts_rows(tmp_path: Path) -> None:
    notes = [Note("left without", "p.csv", n, field="account") for n in range(1425)]
    console = Console(width=100, record=True, file=(tmp_path / "out").open("w"))
    console.print(report.summary(notes))
    assert "1,425" in console.export_text()
    console.file.close()


async def _imported(folder: Path, answer: Answer) -> Imported:
    async with answering(answer) as url, connected(url, bearer="t", patience=0.2) as remote:
        with progress() as bar:
            return await import_crm(read_export(crm_export.write(folder)), remote, bar=bar)
