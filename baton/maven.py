"""Published artefacts that Maven fetches once, kept outside of any checkout."""

import os
import subprocess
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from shutil import rmtree, which
from tempfile import mkdtemp
from typing import Final, Literal

FETCH_SECONDS: Final = 300


class NotFetched(Exception):
    """They are not here and could not be had; the message says why."""


def fetched(
    pom: Path,
    name: str,
    how: Literal["copy", "unpack"] = "copy",
    *,
    finish: Callable[[Path], None] = lambda _: None,
    environment: Mapping[str, str] = os.environ,
) -> Path:
    """The folder with what the POM depends on, made when it is not there yet. Raises ``NotFetched``.

    ``finish`` does once what else it takes to use them: there is no folder that it did not finish.
    """
    kept = _cache(environment) / f"{name}-{sha256(pom.read_bytes()).hexdigest()[:12]}"
    if kept.is_dir():
        return kept
    kept.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(mkdtemp(dir=kept.parent))
    try:
        _fetch(pom, name, how, folder)
        finish(folder)
        if not kept.is_dir():  # somebody else may have been faster
            folder.rename(kept)
    finally:
        rmtree(folder, ignore_errors=True)
    return kept


def _fetch(pom: Path, name: str, how: str, folder: Path) -> None:
    maven = which("mvn")
    if maven is None:
        raise NotFetched(f"{name} needs `mvn`: install Java 17 or later and Maven.")
    where = (f"-DoutputDirectory={folder}", f"-DmarkersDirectory={folder}")  # what it notes of its work, too
    argv = [maven, "-q", "-B", "-f", str(pom), f"dependency:{how}-dependencies", *where]
    try:
        done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=FETCH_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise NotFetched(f"Maven did not fetch {name} within {FETCH_SECONDS} s.") from error
    if done.returncode:
        raise NotFetched(f"Maven could not fetch {name}: {(done.stdout + done.stderr).strip()[:500]}")


def _cache(environment: Mapping[str, str]) -> Path:
    home = environment.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "baton"
