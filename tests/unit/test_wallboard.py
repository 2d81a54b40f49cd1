"""What a browser has to load."""

import gzip
from pathlib import Path
from typing import Final

import httpx
import pytest
from fastapi import FastAPI

from services.performance.wallboard import Pages

DIST: Final = Path(__file__).parents[2] / "wallboard" / "dist"
MOST_BYTES: Final = 500_000


def test_all_scripts_together_are_small() -> None:
    scripts = list((DIST / "assets").glob("*.js"))
    assert scripts, "make setup builds the wallboard"
    assert sum(len(gzip.compress(script.read_bytes())) for script in scripts) < MOST_BYTES


def test_a_board_loads_neither_the_desk_nor_a_contract_nor_a_chart_before_it_is_painted() -> None:
    page = (DIST / "index.html").read_text(encoding="utf-8")
    assert "assets/boards-" in page
    assert not any(name in page for name in ("desk-", "customers-", "performance-", "echarts-"))


@pytest.mark.parametrize("path", ["/", "/desk/", "/?board=sales"])
async def test_pages_know_the_time_zone_and_the_currency_of_the_business(path: str) -> None:
    app = FastAPI()
    app.mount("/", Pages(DIST, zone="Europe/Paris", currency="EUR"))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://baton") as client:
        answer = await client.get(path)
    assert 'data-zone="Europe/Paris" data-currency="EUR"' in answer.text
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
