"""Under the offline lock no packet leaves the computer: counted by the kernel, in a network of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.waiting import PATIENCE


def can_have_a_network() -> bool:
    """Return True if a process may be given a network of its own here: as root, on Linux."""
    tools = all(map(shutil.which, ("unshare", "ip")))
    if not (tools and sys.platform == "linux" and os.geteuid() == 0):
        return False
    made = "ip link add a0 type veth peer name a1"
    return subprocess.run(["unshare", "-n", "-m", "sh", "-c", made], capture_output=True, check=False).returncode == 0


def test_no_packet_leaves_under_the_lock(tmp_path: Path) -> None:
    if not can_have_a_network():
        pytest.skip("needs root on Linux, unshare and ip")
    asked = ["unshare", "-n", "-m", sys.executable, "-m", "tests.backends.wire.lone_network", str(tmp_path)]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=6 * PATIENCE, check=False)
    assert done.returncode == 0, done.stderr
    locked, unlocked = map(int, done.stdout.split())
    assert locked == 0
    assert unlocked > 0  # or nothing would be counted at all
