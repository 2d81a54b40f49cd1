"""A program's output: all of it kept in a file, warnings and errors shown at once."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

LARGEST: Final = 20 * 1024 * 1024
"""A log file above so many bytes makes room at the next start; the one before is kept."""
CHUNK: Final = 64 * 1024
LONGEST_SHOWN: Final = 300

_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")
_LOUD: Final = re.compile(r"\[(warning|error|critical)\s*\]|\b(WARNING|ERROR|CRITICAL|FATAL|Traceback)\b")
_TIME: Final = re.compile(r"^\d{4}-\d\d-\d\d[T ][\d:.,]+Z?\s*")


async def keep_log(path: Path, process: asyncio.subprocess.Process, show: Callable[[str], None]) -> None:
    """Append what the process says to the file until it says no more; ``show`` gets the loud lines."""
    assert process.stdout is not None  # noqa: S101 - for mypy: it was started with a pipe
    make_room(path)
    with path.open("ab", buffering=0) as out:
        rest = b""
        while chunk := await process.stdout.read(CHUNK):
            out.write(chunk)
            *lines, rest = (rest + chunk).split(b"\n")
            rest = rest[:CHUNK]
            for line in lines:
                if text := loud(line):
                    show(text)
        if text := loud(rest):
            show(text)


def loud(line: bytes) -> str:
    """The line without colours and time if it is a warning or worse, else nothing."""
    text = _COLOUR.sub("", line.decode(errors="replace")).strip()
    return _TIME.sub("", text)[:LONGEST_SHOWN] if _LOUD.search(text) else ""


def tail(path: Path, *, lines: int = 15) -> str:
    """The last lines of a log, for somebody who wonders why a program does not start."""
    if not path.exists():
        return ""
    with path.open("rb") as kept:
        kept.seek(max(0, path.stat().st_size - CHUNK))
        return "\n".join(_COLOUR.sub("", kept.read().decode(errors="replace")).splitlines()[-lines:])


def make_room(path: Path) -> None:
    if path.exists() and path.stat().st_size > LARGEST:
        path.replace(path.with_name(f"{path.name}.1"))
