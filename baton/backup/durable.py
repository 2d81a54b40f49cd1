"""Files and folders that are on the disk when the function returns."""

import os
import shutil
from pathlib import Path


def write(path: Path, data: bytes) -> None:
    """A new file, its owner's alone."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(data)
    sync(path)


def copied(source: Path, to: Path) -> None:
    """A new file with what the other holds, its owner's alone."""
    with source.open("rb") as whole, os.fdopen(
        os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
    ) as out:  # fmt: skip
        shutil.copyfileobj(whole, out)
    sync(to)


def moved(source: Path, to: Path) -> None:
    """Within one file system."""
    source.rename(to)
    sync(to.parent)


def sync(path: Path) -> None:
    """A file's bytes, or a folder's names."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
