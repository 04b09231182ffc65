"""An export while it is written: progress of one that takes its time, and its end when the user cancels it."""

from __future__ import annotations

import pytest

from desktop.runtime.exporting import FileRun, FileRunCancelledError


def test_progress_is_told_of_what_takes_its_time(qtbot):
    moments = iter((0.0, 0.5, 1.5, 1.6, 1.9))
    run = FileRun(lambda: next(moments))
    told: list[float] = []
    run.progressed.connect(told.append)
    for share in (0.1, 0.2, 0.3, 0.4):
        run.report(share)
    assert told == [0.2, 0.4]


def test_a_cancelled_one_ends_at_its_next_step(qtbot):
    run = FileRun()
    run.report(0.1)
    run.cancel()
    with pytest.raises(FileRunCancelledError):
        run.report(0.2)
