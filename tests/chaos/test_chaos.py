"""Whatever goes wrong: nothing acknowledged is lost, nothing is done twice, and all that is shown is right.

``CHAOS_SEED`` runs the moments of an earlier time again, ``CHAOS_FAULT`` one fault, ``CHAOS_RUNS`` so many
times each.
"""

import os
import secrets
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest

from bench.report import keep
from tests.chaos.faults import FAULTS
from tests.chaos.load import Load
from tests.chaos.page import TOLD, versions
from tests.chaos.run import Fault, run
from tests.chaos.table import Row, table

SEED: Final = os.environ.get("CHAOS_SEED") or secrets.token_hex(4)
RUNS: Final = int(os.environ.get("CHAOS_RUNS", "0"))
ONLY: Final = os.environ.get("CHAOS_FAULT", "")

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def rows() -> Iterator[list[Row]]:
    """Filled by the tests; told at the end."""
    kept: list[Row] = []
    before = _load()
    yield kept
    faults = [row.told() for row in kept]
    told = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "versions": versions(),
        "seed": SEED,
        "load": {"before": before, "after": _load()},
        "faults": faults,
    }
    keep(TOLD, told)
    print(f"\nCHAOS_SEED={SEED}\n{table(faults)}")  # noqa: T201 - it is what the suite is run for


@pytest.mark.parametrize("fault", [it for it in FAULTS if ONLY in it.name], ids=lambda it: it.name)
async def test_nothing_is_lost_or_done_twice(fault: Fault[Any], rows: list[Row], tmp_path: Path) -> None:
    row, load = Row(fault.name), Load()
    async with fault.stage(tmp_path) as stage:
        rows.append(row)
        for n in range(RUNS or fault.runs):
            one = await run(fault, stage, load, f"run-{n}", Random(f"{SEED} {fault.name} {n}"))
            row.runs.append(one)
            print(fault.name, n, asdict(one))  # noqa: T201 - with the seed, what is needed to see it again
            assert one.violations == {}, f"CHAOS_SEED={SEED} CHAOS_FAULT='{fault.name}', run {n}"
    row.left_behind = stage.left_behind()
    assert row.left_behind == []


def _load() -> float:
    """Programs that ran or wanted to, on average over five minutes: how busy the machine is."""
    return os.getloadavg()[1]
