"""Which file a model in pieces is opened by."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.core.models.file import first_piece


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("m-00002-of-00003.gguf", "m-00001-of-00003.gguf"),
        ("m-00003-of-00003.gguf", "m-00001-of-00003.gguf"),
        ("m-00001-of-00003.gguf", "m-00001-of-00003.gguf"),
        ("m-00002-of-00003-00002-of-00002.gguf", "m-00002-of-00003-00001-of-00002.gguf"),
        ("m-00002-of-00003", "m-00001-of-00003"),
        ("m-2-of-3.gguf", "m-2-of-3.gguf"),
        ("m.gguf", "m.gguf"),
        (".gguf", ".gguf"),
    ],
)
def test_the_first_piece(name: str, first: str) -> None:
    folder = Path("/models")
    assert first_piece(folder / name) == folder / first
