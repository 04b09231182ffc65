"""A program that reads a folder until all of it is read, or it is killed: `python -m tests.runtime.folder_program HOME
FOLDER`. It prints the name of each file that it begins to read, and at the end `all read`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from desktop.core.policy.fixed import Policy
from desktop.runtime.background import BackgroundTasks, LoopThread
from desktop.runtime.folders import Folders
from desktop.store.database import SqliteStore
from tests.support.scripted_reader import ScriptedReader


class TellingReader(ScriptedReader):
    """A reader that tells what it begins with."""

    def read(self, path, name, **options):
        tell(name)
        return super().read(path, name, **options)


def tell(line):
    os.write(sys.stdout.fileno(), f"{line}\n".encode())


def main(home, folder):
    app = QCoreApplication([])
    loop = LoopThread()
    loop.start()
    folders = Folders(BackgroundTasks(loop), home, SqliteStore(home / "candor.db"), TellingReader, Policy)

    def look(id):
        state = folders.state(id)
        if state is not None and state.files and not state.is_reading:
            tell("all read")
            app.quit()

    folders.changed.connect(look)
    folders.load()
    if not list((home / "folders").glob("*.db")):
        folders.give(folder)
    app.exec()
    folders.end()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
