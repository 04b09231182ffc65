"""The folders the program writes to, and the place of the starter model.

`CANDOR_HOME`, when set, is the one folder for everything the program writes; the starter model is the exception: it
comes with the installed program, or is fetched into the user's cache whatever `CANDOR_HOME` is. What is kept inside
these folders is the business of the other files of `store/`.
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from desktop.core.resources import resource_path
from desktop.store.disk import disk_failures, has_content
from desktop.store.schema import is_current, is_of_an_earlier_state

APP_NAME = "candor"
DATABASE = "candor.db"
LEDGER = "candor-ledger.db"
KNOWN_HOSTS = "known_hosts"  # the keys of rented computers
STARTER_MODEL_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"

_OWNER_ONLY = 0o700  # conversations are private, and a database file's own mode does not cover its -wal and -shm


def data_path() -> Path:
    """Return the folder for conversations and settings. It may not exist.

    Where an earlier state of the program made it, that is the new one that was begun beside it, if there is one; and
    so it stays, whatever becomes of the earlier one, until that has a database that this program reads.
    """
    home = os.environ.get("CANDOR_HOME")
    folder = Path(home).expanduser().absolute() if home else platformdirs.user_data_path(APP_NAME, appauthor=False)
    new = _beside(folder)
    if has_content(new / DATABASE):
        return folder if is_current(folder / DATABASE) else new
    return new if new.is_dir() and is_of_an_earlier_state(folder / DATABASE) else folder


def begin_beside(folder: Path) -> Path:
    """Make a new folder beside one of an earlier state, which stays as it is. Raises `StoreError`."""
    with disk_failures(folder.parent):
        return _made(_beside(folder))


def _beside(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}-new")


def data_dir() -> Path:
    """Return the folder for conversations and settings, created if missing (mode 0700).

    Raises OSError if it cannot be.
    """
    return _made(data_path())


def models_dir() -> Path:
    """Return the folder of fetched model files, in the user's cache whatever `CANDOR_HOME` is. It may not exist."""
    return _user_cache() / "models"


def administrators_catalogue() -> Path:
    """Return the file in which an administrator adds to the catalogue of models; mostly there is none."""
    return platformdirs.site_config_path(APP_NAME, appauthor=False) / "models.toml"


def starter_model(*, may_be_fetched: bool = True) -> Path | None:
    """Return the starter model's file if it came with the program or has been fetched, else None.

    What was fetched lies in the user's cache, where any file may have its name.
    """
    files = [resource_path("models", STARTER_MODEL_FILE)]
    if may_be_fetched:
        files.append(models_dir() / STARTER_MODEL_FILE)
    return next((file for file in files if file.is_file()), None)


def _user_cache() -> Path:
    return platformdirs.user_cache_path(APP_NAME, appauthor=False)


def _made(folder: Path) -> Path:
    # Intermediate folders keep the user's own umask; only ours is closed to others.
    folder.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
    return folder
