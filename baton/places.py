"""The folder and the ports of one `baton up`: free, sound and held by nobody else, or a clear refusal."""

import errno
import fcntl
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

HOST: Final = "127.0.0.1"
LAST_PORT: Final = 65535
LOCK_FILE: Final = "up.lock"
SQLITE: Final = b"SQLite format 3\0"
RESTORING: Final = "restoring"
"""A mark: as long as it is there, the folder may hold parts of two histories."""


class CannotStart(Exception):
    """Something has to be put right first; the message says what."""


@contextmanager
def held(data: Path) -> Iterator[None]:
    """The data folder, made if need be and ours until the block ends; raises ``CannotStart``."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        lock = os.open(data / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o644)
    except (FileExistsError, NotADirectoryError):
        raise CannotStart(f"{data} is not a folder: choose another with --data.") from None
    except OSError as error:
        raise CannotStart(f"{data} cannot be written: {error.strerror}.") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        pid = os.read(lock, 20).decode(errors="replace").strip()
        os.close(lock)
        raise CannotStart(f"Another `baton up` (process {pid}) runs on {data}.") from None
    try:
        os.truncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(lock)  # the file stays: removing it would let two hold different files


def sound(data: Path) -> None:
    """Raises ``CannotStart`` when a database in the folder is none, or a restore was broken off."""
    if (data / RESTORING).exists():
        raise CannotStart(f"A `baton restore` into {data} was broken off: run it again, with --replace.")
    for path in sorted(data.glob("*/*.db")):
        try:
            with path.open("rb") as file:
                start = file.read(len(SQLITE))
        except OSError as error:
            raise CannotStart(f"{path} cannot be read: {error.strerror}.") from error
        if start and start != SQLITE:
            raise CannotStart(f"{path} is not a SQLite database: {_remedy(path)}.")


def _remedy(path: Path) -> str:
    if path.name.startswith("read"):
        return "remove it, and it is made anew from the events"
    return "`baton restore` puts a backup in its place (docs/operations/backup.md)"


def free(ports: Mapping[str, int]) -> None:
    """Raises ``CannotStart`` naming the first port that somebody else listens on."""
    for name, port in ports.items():
        if not 0 < port <= LAST_PORT:
            raise CannotStart(f"{port} ({name}) is no port: choose --port between 1 and {LAST_PORT - 3}.")
        if why := _taken(port):
            raise CannotStart(f"Port {port} ({name}) {why}: choose another with --port.")


def broker_port(wanted: int) -> int:
    """The wanted port, or any free one when that is taken."""
    if wanted <= LAST_PORT and not _taken(wanted):
        return wanted
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _taken(port: int) -> str:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            return "needs more rights than yours"
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return "is in use by another program"
            raise
    return ""
