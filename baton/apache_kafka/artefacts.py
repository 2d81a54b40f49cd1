"""The broker's jars, fetched once by Maven and kept outside of any checkout."""

import os
import subprocess
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from shutil import rmtree, which
from tempfile import mkdtemp
from typing import Final

from baton.broker import NoBroker

POM: Final = Path(__file__).with_name("pom.xml")
FETCH_SECONDS: Final = 300


def classpath(environment: Mapping[str, str] = os.environ) -> str:
    """What the JVM is to load; fetched when it is not there yet. Raises ``NoBroker``."""
    kept = _cache(environment) / f"apache-kafka-{sha256(POM.read_bytes()).hexdigest()[:12]}"
    if not kept.is_dir():
        _fetch(kept)
    return f"{kept}/*"


def program(name: str) -> str:
    """Where it is installed. Raises ``NoBroker``."""
    found = which(name)
    if found is None:
        raise NoBroker(f"Apache Kafka needs `{name}`: install Java 17 or later and Maven.")
    return found


def _fetch(kept: Path) -> None:
    maven = (program("mvn"), "-q", "-B", "-f", str(POM))
    kept.parent.mkdir(parents=True, exist_ok=True)
    fetched = Path(mkdtemp(dir=kept.parent))
    copied = ("dependency:copy-dependencies", f"-DoutputDirectory={fetched}")
    try:
        done = subprocess.run(
            [*maven, *copied], capture_output=True, text=True, check=False, timeout=FETCH_SECONDS
        )
        if done.returncode:
            said = (done.stdout + done.stderr).strip()
            raise NoBroker(f"Maven could not fetch Apache Kafka: {said[:500]}")
        if not kept.is_dir():  # somebody else may have been faster
            fetched.rename(kept)
    except subprocess.TimeoutExpired as error:
        raise NoBroker(f"Maven did not fetch Apache Kafka within {FETCH_SECONDS} s.") from error
    finally:
        rmtree(fetched, ignore_errors=True)


def _cache(environment: Mapping[str, str]) -> Path:
    home = environment.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "baton"
