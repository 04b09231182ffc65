"""The whole program in a network of its own: no packet under the offline lock, and none to whom nobody has chosen."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.backends.wire.test_lone_network import can_have_a_network
from tests.support.waiting import PATIENCE


@pytest.mark.long
def test_nothing_goes_to_whom_nobody_has_chosen(tmp_path):
    if not can_have_a_network():
        pytest.skip("needs root on Linux, unshare and ip")
    used = ["unshare", "-n", "-m", sys.executable, "-m", "tests.e2e.lone_program", str(tmp_path)]
    done = subprocess.run(used, capture_output=True, text=True, timeout=20 * PATIENCE, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["locked"] == 0
    assert told["under_lock"] == {"names": [], "targets": []}
    # Without the lock: the one that was chosen, by its name, and whom to ask for that.
    assert told["chosen"]["names"] == ["api.provider.example"]
    assert set(told["chosen"]["targets"]) == {"192.0.2.53:53", "192.0.2.99:8000"}
