"""A slow disk of this computer for what is started meanwhile, and a memory that has forgotten its files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_GROUPS = Path("/sys/fs/cgroup/blkio")  # the first version of control groups
_GROUP = _GROUPS / "candor-slow-disk"


def can_be_slowed() -> bool:
    """Return True if this computer has what it takes."""
    return (_GROUPS / "blkio.throttle.read_bps_device").exists()


@contextmanager
def slowed(folder: Path, bytes_a_second: int) -> Iterator[None]:
    """Let the disk of `folder` give no more than this to programs that are started within the block."""
    disk = os.stat(folder).st_dev
    own = next(line for line in Path("/proc/self/cgroup").read_text().splitlines() if ":blkio:" in line).split(":")[2]
    _GROUP.mkdir(exist_ok=True)
    (_GROUP / "blkio.throttle.read_bps_device").write_text(f"{os.major(disk)}:{os.minor(disk)} {bytes_a_second}")
    (_GROUP / "cgroup.procs").write_text(str(os.getpid()))
    try:
        yield
    finally:
        (_GROUPS / own.lstrip("/") / "cgroup.procs").write_text(str(os.getpid()))
        _GROUP.rmdir()


def forget(folder: Path) -> None:
    """Have nothing of the files below `folder` in memory."""
    for file in folder.rglob("*"):
        if file.is_file():
            with file.open("rb") as content:
                os.posix_fadvise(content.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
