"""Thousands of stores are opened here, and a disk's own fsync proves nothing: they lie in memory."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder in memory, where the system has such."""
    shared = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    folder = Path(mkdtemp(prefix="baton-torture-", dir=shared if shared.is_dir() else None))
    yield folder
    shutil.rmtree(folder)
