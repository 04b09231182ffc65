"""The virtual environment: when it is ready, what is told when pip fails, and how a half-made one is repaired."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import environment
import pip
import pytest
from environment import (
    STAMP,
    UNFINISHED,
    is_damaged,
    is_ready,
    pip_sentence,
    prepare,
    project_key,
    python_of,
    run_pip,
    site_packages,
    write_stamp,
)
from telling import SetupError

from tests.support.missing import on_unix

PYPROJECT = """
[build-system]
requires = []
[project]
name = "candor"
dependencies = ["httpx"]
[tool.setuptools]
packages = []
[tool.ruff]
line-length = 120
"""


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A folder like an environment's, with a package and a stamp of key "k" and the extra `builtin`."""
    packages = tmp_path / "packages"
    for name in ("httpx", "httpx-1.0.dist-info"):
        (packages / name).mkdir(parents=True)
    write_stamp(tmp_path, "k", ["builtin"], packages)
    return tmp_path


@pytest.mark.parametrize(
    ("key", "extras", "ready"),
    [
        ("k", ["builtin"], True),
        ("k", [], True),
        ("other", ["builtin"], False),
        ("k", ["builtin", "dev"], False),
    ],
)
def test_the_stamp_answers_for_its_key_and_extras(filled: Path, key: str, extras: list[str], ready: bool) -> None:
    assert is_ready(filled, key, extras) is ready


def test_code_that_has_vanished_is_damage(filled: Path) -> None:
    assert not is_damaged(filled)
    (filled / "packages" / "httpx").rmdir()
    assert is_damaged(filled)
    assert not is_ready(filled, "k", ["builtin"])


def test_a_package_that_the_developer_upgraded_is_brought_back_without_beginning_anew(filled: Path) -> None:
    (filled / "packages" / "httpx-1.0.dist-info").rename(filled / "packages" / "httpx-2.0.dist-info")
    assert not is_ready(filled, "k", ["builtin"])
    assert not is_damaged(filled)


def test_after_moving_the_project_it_is_installed_again_without_beginning_anew(filled: Path) -> None:
    (filled / "packages").rename(filled / "moved")
    assert not is_ready(filled, "k", ["builtin"])
    assert not is_damaged(filled)


def test_a_package_that_the_developer_added_does_not_matter(filled: Path) -> None:
    (filled / "packages" / "ipython").mkdir()
    assert is_ready(filled, "k", ["builtin"])


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '"x"'])
def test_a_broken_stamp_is_no_stamp(filled: Path, content: str) -> None:
    (filled / STAMP).write_text(content)
    assert not is_ready(filled, "k", [])


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("line-length = 120", "line-length = 100", True),
        ('"httpx"', '"httpx", "psutil"', False),
        ("requires = []", 'requires = ["setuptools"]', False),
    ],
)
def test_only_what_decides_the_installation_changes_the_key(
    tmp_path: Path, before: str, after: str, same: bool
) -> None:
    old, new = tmp_path / "old.toml", tmp_path / "new.toml"
    old.write_text(PYPROJECT)
    new.write_text(PYPROJECT.replace(before, after))
    assert (project_key(old, "3.11") == project_key(new, "3.11")) is same


def test_another_python_changes_the_key(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    assert project_key(tmp_path / "pyproject.toml", "3.11") != project_key(tmp_path / "pyproject.toml", "3.13")


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
        (
            "ERROR: No matching distribution found for xllamacpp>=2026.10.11549",
            "There is no package xllamacpp>=2026.10.11549 for this system and Python 3.15.1.",
        ),
        ("some\nERROR: something new\n", "pip failed: ERROR: something new"),
    ],
)
def test_why_pip_failed_is_told_in_a_sentence(said: str, sentence: str) -> None:
    assert pip_sentence(said, "3.15.1") == sentence


def test_without_a_network_the_reason_is_the_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("PIP_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/")  # the discard port: nothing listens there
    with pytest.raises(SetupError, match="The package index cannot be reached"):
        run_pip(Path(sys.executable), "download", "--dest", str(tmp_path), "httpx")


@pytest.mark.long
@pytest.mark.parametrize("left", ["killed while filling", pytest.param("dead interpreter", marks=on_unix)])
def test_a_half_made_environment_is_made_again(left: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    venv = tmp_path / ".venv"
    # A project that needs nothing, so that nothing is fetched, and that no build backend can install.
    (tmp_path / "pyproject.toml").write_text('[build-system]\nrequires = ["pip"]\n[project]\nname = "nothing"\n')
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "VENV", venv)
    if left == "killed while filling":
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
        shutil.copytree(Path(pip.__file__).parent, site_packages(python_of(venv)) / "pip")
        (venv / UNFINISHED).touch()
    else:
        (venv / "bin").mkdir(parents=True)
        (venv / "bin" / "python").symlink_to("/nonexistent/python3.9")
    (venv / "left-over").touch()

    with pytest.raises(SetupError, match="pip failed"):
        prepare([])

    assert not (venv / "left-over").exists()
    assert subprocess.run([python_of(venv), "-m", "pip", "--version"], capture_output=True, check=True).stdout
