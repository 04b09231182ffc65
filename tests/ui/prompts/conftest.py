"""The program with a window in which the prompt builder has room beside the page."""

from __future__ import annotations

import pytest

from tests.ui.steps import wide


@pytest.fixture
def opened(open_it):
    with open_it() as program:
        wide(program)
        yield program
