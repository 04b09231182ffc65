"""A disk that is full or read-only under the running program."""

from __future__ import annotations

import pytest

from tests.store.conftest import on_small_disk
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.window


@pytest.mark.parametrize("case", ["full_before_sending", "full_while_typing", "full_while_answering", "read_only"])
def test_disk(tmp_path, case):
    on_small_disk(tmp_path, case, program="tests.e2e.disk_program")


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
