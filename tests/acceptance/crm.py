"""The real export, and Baton importing it."""

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from baton import broker
from tests.unit.baton.started import environment

EXPORT: Final = Path(__file__).parents[3] / "shared" / "data" / "crm-opportunities"

MARKS: Final = [
    pytest.mark.slow,
    pytest.mark.timeout(420),
    pytest.mark.skipif(not EXPORT.is_dir(), reason=f"the export is not there: {EXPORT}"),
    pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc"),
]


def needs_broker(folder: Path) -> None:
    """Skips, with the reason, where no embedded broker can run."""
    try:
        broker.argv(folder, port=1)
    except broker.NoBroker as missing:
        pytest.skip(str(missing))


def start_import(folder: Path, url: str, report: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "baton", "import", "crm", str(EXPORT), "--to", url),
            *("--data", str(folder / "data"), "--report", str(folder / report)),
        ],
        env=environment(),
        stdout=subprocess.DEVNULL,
    )
