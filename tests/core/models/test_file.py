"""Which file a model in pieces is opened by."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.core.models.file import first_piece
from tests.core.tables import table

CASES = table("models/file.toml")


@pytest.mark.parametrize(
    ("name", "first"),
    CASES["the_first_piece"],
)
def test_the_first_piece(name, first):
    folder = Path("/models")
    assert first_piece(folder / name) == folder / first
