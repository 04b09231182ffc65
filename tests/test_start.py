"""What the command line says."""

from __future__ import annotations

import pytest

from desktop.start import _options


def test_options_and_a_file() -> None:
    said = _options(["--language", "zh_CN", "a b.gguf"])
    assert (said.file, said.language, said.diagnose) == ("a b.gguf", "zh_CN", None)


@pytest.mark.parametrize("before", [[], ["--"]])  # Windows is told to put the strokes there
def test_whoever_writes_a_link_writes_no_options(before: list[str]) -> None:
    link = ["candor:recipe/x", "--diagnose", "C:\\Users\\li\\notes.txt", "--platform", "offscreen"]
    said = _options(before + link)
    assert (said.file, said.diagnose, said.platform) == ("candor:recipe/x", None, None)


def test_options_may_stand_before_a_link() -> None:
    said = _options(["--platform", "offscreen", "CANDOR:recipe/x"])
    assert (said.file, said.platform) == ("CANDOR:recipe/x", "offscreen")
