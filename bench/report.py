"""A report as a file: what was measured, and on which machine."""

import json
import os
import platform
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def keep(path: Path, told: Mapping[str, Any]) -> None:
    """Write it as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**_machine(), **told}, ensure_ascii=False, indent=1))


def _machine() -> Mapping[str, Any]:
    machine = {"platform": platform.platform(), "processor": _processor(), "cores": os.cpu_count()}
    return {"machine": machine, "python": platform.python_version()}


def _processor() -> str:
    found = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    return found[1] if found else platform.processor()
