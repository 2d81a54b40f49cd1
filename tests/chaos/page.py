"""Puts the table of the last ``make chaos`` on its page: ``python -m tests.chaos.page``."""

import json
import platform
import re
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from sqlite3 import sqlite_version
from typing import Any, Final

from baton.apache_kafka.artefacts import POM
from tests.chaos.table import table
from tests.house import ROOT

PAGE: Final = ROOT / "docs" / "reliability.md"
TOLD: Final = ROOT / "build" / "chaos.json"


def versions() -> Mapping[str, str]:
    """Of what was under test, beside Baton itself."""
    [kafka] = re.findall(r"<artifactId>kafka_.*?<version>(.+?)</version>", POM.read_text(), flags=re.DOTALL)
    packages = {name: version(name) for name in ("noida-db", "aiokafka", "faust-streaming", "uvicorn")}
    return {"Python": platform.python_version(), "SQLite": sqlite_version, "Apache Kafka": kafka, **packages}


def put(told: Mapping[str, Any], page: Path) -> None:
    """Between the marks, where an older one was."""
    machine = told["machine"]
    where = f"{machine['cores']} cores of {machine['processor']}, {machine['platform']}"
    versions = ", ".join(f"{name} {version}" for name, version in told["versions"].items())
    load = "load average over 5 minutes {before:.1f} before, {after:.1f} after".format_map(told["load"])
    head = f"{told['date']}, {where}; {load}; {versions}; seed `{told['seed']}`."
    written = f"{head}\n\n{table(told['faults'])}\n"
    text = page.read_text()
    marks = r"(<!-- made .*? -->\n)(?:.*?)(<!-- /made -->)"
    page.write_text(re.sub(marks, lambda it: f"{it[1]}\n{written}\n{it[2]}", text, flags=re.DOTALL))


if __name__ == "__main__":
    put(json.loads(TOLD.read_text()), PAGE)
