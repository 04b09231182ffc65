"""The checks of a commit: what they mend and find, and that the configuration calls those that are there."""

from __future__ import annotations

import re
from pathlib import Path

import hooks
import pytest
from environment import ROOT
from telling import SetupError

CONFIGURATION = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "proper"),
    [
        (b"a\nb\n", b"a\nb\n"),
        (b"a  \nb\t", b"a\nb\n"),
        (b"a\r\nb\r\n\r\n\n", b"a\nb\n"),
        (b"\n\n", b""),
        (b"", b""),
        ("中文\u3000\n".encode(), "中文\u3000\n".encode()),
    ],
)
def test_ends_are_mended_and_told(tmp_path: Path, content: bytes, proper: bytes) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(content)
    assert hooks.main(["ends", str(file)]) == (content != proper)
    assert file.read_bytes() == proper
    assert hooks.main(["ends", str(file)]) == 0


@pytest.mark.parametrize(("name", "good", "bad"), [("a.toml", "a = 1", "a ="), ("a.json", "{}", "{")])
def test_data_that_cannot_be_read_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, good: str, bad: str
) -> None:
    file = tmp_path / name
    file.write_text(good)
    assert hooks.main(["data", str(file)]) == 0
    file.write_text(bad)
    assert hooks.main(["data", str(file)]) == 1
    assert name in capsys.readouterr().err


def test_a_check_that_is_none_is_refused() -> None:
    with pytest.raises(SetupError, match="no check 'spelling'"):
        hooks.main(["spelling"])


def test_the_configuration_calls_what_is_there_and_downloads_nothing() -> None:
    called = re.findall(r"entry: python3 packaging/dev\.py hook (\w+)", CONFIGURATION)
    assert set(called) == set(hooks.CHECKS)
    assert re.findall(r"repo: (.*)", CONFIGURATION) == ["local"]
    assert "://" not in CONFIGURATION
