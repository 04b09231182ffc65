"""A disk that is full or read-only under the running program."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.e2e.program import ROOT
from tests.store.conftest import why_no_own_disk
from tests.support.missing import do_without
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.window


@pytest.mark.parametrize(
    ("case", "kilobytes"),
    [("full_before_sending", 1024), ("full_while_typing", 1024), ("full_while_answering", 1024), ("read_only", 1024)],
)
def test_disk(tmp_path, case, kilobytes):
    if reason := why_no_own_disk():
        do_without(reason)
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = f'mount -t tmpfs -o size={kilobytes}k tmpfs "$0" && exec "$@"'
    command = ["unshare", "--map-root-user", "--mount", "sh", "-c", mount, str(disk)]
    command += [sys.executable, "-m", "tests.e2e.disk_program", case, str(disk)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=90)
    assert done.returncode == 0, done.stderr


def test_a_folder_that_cannot_be_made_is_told_in_a_window(tmp_path):
    """As root nothing is read-only, so the folder lies below a file."""
    (tmp_path / "file").write_text("no folder")
    from tests.e2e.program import RunningProgram

    program = RunningProgram(tmp_path / "log", {"CANDOR_HOME": str(tmp_path / "file" / "home")})
    try:
        program.wait_for_window()
        assert "Candor" in program.title
        program.press("Escape")
        assert program.process.wait(PATIENCE) == 1
        assert "Traceback" not in program.log
    finally:
        program.end()
