"""The program with a window in which the prompt builder has room beside the page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.in_process import OpenIt, OpenProgram
from tests.ui.prompts.building import wide


@pytest.fixture
def opened(open_it: OpenIt) -> Iterator[OpenProgram]:
    with open_it() as program:
        wide(program)
        yield program
