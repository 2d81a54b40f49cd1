"""What a browser has to load."""

import gzip
from pathlib import Path
from typing import Final

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
