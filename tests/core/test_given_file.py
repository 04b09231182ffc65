"""What a file is that the program was started with."""

from __future__ import annotations

import pytest

from desktop.core.given_file import GivenFile, given_file


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/models/a b.gguf", GivenFile.MODEL),
        ("C:\\models\\A.GGUF", GivenFile.MODEL),
        ("reply.candor.toml", GivenFile.RECIPE),
        ("reply.TOML", GivenFile.RECIPE),
        ("notes.pdf", GivenFile.OTHER),
        ("/tmp", GivenFile.OTHER),
        (".gguf", GivenFile.OTHER),
        ("", GivenFile.OTHER),
    ],
)
def test_the_ending_says_what_it_is(path: str, kind: GivenFile) -> None:
    assert given_file(path) is kind
