"""The virtual environment: when it is filled again, what is told when pip fails, how a half-made one is repaired."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import environment
import pytest
from environment import STAMP, prepare, why_pip_failed

PYPROJECT = """
[build-system]
requires = ["setuptools"]
[project]
name = "candor"
dependencies = ["httpx"]
[tool.ruff]
line-length = 120
"""


@pytest.fixture
def filled(tmp_path, monkeypatch):
    """A project with an environment like this one; the calls of pip, in the place of making them."""
    called: list[list[str]] = []
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "pip", lambda python, *words: called.append([*words]))
    monkeypatch.setattr(environment, "python_of", lambda folder: Path(sys.executable))
    monkeypatch.setattr(environment, "make_bare", lambda folder, clear: folder.mkdir(exist_ok=True))
    prepare(["builtin"])
    assert called.pop() == ["install", "--no-build-isolation", "--editable", f"{tmp_path}[builtin]"]
    assert called.pop() == ["install", "setuptools"]
    return called


def test_only_what_is_not_there_is_installed_and_extras_stay(filled):
    prepare(["builtin"])
    prepare([])
    assert filled == []
    prepare(["dev"])
    prepare(["builtin"])
    assert [words[-1].partition("[")[2] for words in filled] == ["", "builtin,dev]"]


@pytest.mark.parametrize(
    ("before", "after", "is_same"),
    [
        ("line-length = 120", "line-length = 100", True),
        ('"httpx"', '"httpx", "psutil"', False),
        ('"setuptools"', '"setuptools>=77"', False),
    ],
)
def test_only_what_decides_the_installation_has_it_done_again(filled, before, after, is_same, tmp_path):
    (tmp_path / "pyproject.toml").write_text(PYPROJECT.replace(before, after))
    prepare([])
    assert (filled == []) is is_same


@pytest.mark.parametrize("content", ["", "[]"])
def test_without_its_last_word_it_is_made_again(filled, content, tmp_path):
    (tmp_path / ".venv" / STAMP).write_text(content)
    prepare([])
    assert len(filled) == 2
    assert json.loads((tmp_path / ".venv" / STAMP).read_text())["extras"] == []


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            "WARNING: Retrying ... NewConnectionError('Failed to establish a new connection: [Errno -3]')\n"
            "ERROR: No matching distribution found for httpx",
            "The package index cannot be reached: this computer has no network, or a proxy is needed (HTTPS_PROXY).",
        ),
        (
            "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] unable to get local issuer'))",
            "The package index's certificate is not trusted here; if your network has its own, set PIP_CERT to it.",
        ),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "The disk is full.",
        ),
        ("some\nERROR: something new\n", "pip failed: ERROR: something new"),
    ],
)
def test_why_pip_failed_is_told_in_a_sentence(said, sentence):
    assert why_pip_failed(said) == sentence
