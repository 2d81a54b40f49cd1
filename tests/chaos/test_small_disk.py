"""A disk that is really full, and what stands in for it."""

from errno import ENOSPC
from pathlib import Path

import pytest

from tests.chaos.faults import disks_full
from tests.small_disk import fill, may_mount, small_disk


def test_a_full_disk_takes_nothing_until_there_is_room_again(tmp_path: Path) -> None:
    if not may_mount():
        pytest.skip("a disk of its own takes root, and the right to mount")
    with small_disk(tmp_path / "disk"):
        filler, other = fill(tmp_path / "disk"), tmp_path / "disk" / "other"
        with pytest.raises(OSError, match="No space left") as full:
            other.write_bytes(b"x")
        assert full.value.errno == ENOSPC
        filler.unlink()
        other.write_bytes(b"x")


def test_where_no_disk_may_be_mounted_the_table_says_so() -> None:
    assert [it.name for it in disks_full(may_mount=False)] == ["disk full (simulated)"]
