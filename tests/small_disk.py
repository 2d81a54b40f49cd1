"""A disk so small that a test can fill it: a file system in memory, where we may mount one."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import ENOSPC
from io import FileIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

SIZE: Final = "512m"
"""Four read models with 64 MB of log each are at home on it until it is filled."""
PIECES: Final = (1 << 20, 1 << 12, 1)
"""Bytes that are written at once; the smaller ones take what the larger ones left."""


@contextmanager
def small_disk(place: Path) -> Iterator[None]:
    """Mounted at ``place`` while the block lasts. Raises ``CalledProcessError`` where we may not."""
    place.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "small", str(place)]
    subprocess.run(mount, check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run(["umount", str(place)], check=True)


def may_mount() -> bool:
    refused = suppress(OSError, subprocess.CalledProcessError)
    with refused, TemporaryDirectory() as folder, small_disk(Path(folder) / "disk"):
        return True
    return False


def fill(disk: Path) -> Path:
    """The file that takes all that was left: whoever removes it makes room."""
    filler = disk / "filler"
    with filler.open("ab", buffering=0) as file:
        for size in PIECES:
            _write(file, bytes(size))
    return filler


def _write(file: FileIO, piece: bytes) -> None:
    """Until there is no room for another one."""
    try:
        while True:
            file.write(piece)
    except OSError as full:
        if full.errno != ENOSPC:
            raise
