"""Folders: `CANDOR_HOME` takes all that is written, the starter model stays in the user's cache."""

from __future__ import annotations

import stat

import pytest

from desktop.store.paths import STARTER_MODEL_FILE, data_dir, models_dir, starter_model
from tests.support.missing import on_unix

pytestmark = on_unix  # Windows asks no variable for these folders


@pytest.fixture(autouse=True)
def person(tmp_path, monkeypatch):
    """A user's home folder, empty."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_a_portable_home_takes_all_that_is_written(candor_home, person):
    assert data_dir() == candor_home
    assert list(person.iterdir()) == []


def test_a_portable_home_is_made_and_closed_to_others(person, monkeypatch):
    monkeypatch.setenv("CANDOR_HOME", "~/stick/candor")
    assert data_dir() == person / "stick" / "candor"
    assert stat.S_IMODE(data_dir().stat().st_mode) == 0o700


@pytest.mark.parametrize("home", ["", None])
def test_without_it_the_system_says_where(home, person, monkeypatch):
    if home is None:
        monkeypatch.delenv("CANDOR_HOME")
    else:
        monkeypatch.setenv("CANDOR_HOME", home)
    assert data_dir().is_relative_to(person)
    assert data_dir().name == "candor"
    assert stat.S_IMODE(data_dir().stat().st_mode) == 0o700
    assert models_dir().is_relative_to(person)
    assert models_dir().name == "models"


def test_the_starter_model_is_found_whatever_the_home_is(candor_home, person):
    assert starter_model() is None
    assert models_dir().is_relative_to(person)
    models_dir().mkdir(parents=True)
    (models_dir() / STARTER_MODEL_FILE).touch()
    assert starter_model() == models_dir() / STARTER_MODEL_FILE
