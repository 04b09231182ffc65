"""`python -m tests.bench.window MODULE FOLDER …`: the whole program in a process of its own, looked at from inside.

Over a scripted Ollama that answers each question in one word. `measure_window` of the module gets the open program and
the other arguments; the rows that it returns are printed as JSON.
"""

from __future__ import annotations

import dataclasses
import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from tests.bench.measured import ROOT
from tests.bench.tables import Row
from tests.support.in_process import open_program
from tests.support.scripted_server import running_server
from tests.support.scripts import ndjson, ollama_lines, ollama_script


def measured(module, environment, folder, *arguments):
    """Return the rows of a module's `measure_window`, over the folder of a program."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.window", module, str(folder), *arguments],
        cwd=ROOT,
        env={**environment, "CANDOR_HOME": str(folder)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return [Row(*each) for each in json.loads(done.stdout.splitlines()[-1])]


def main():
    module, folder, *arguments = sys.argv[1:]
    measure = importlib.import_module(module).measure_window
    app = QApplication(sys.argv[:1])
    with running_server(ollama_script(ndjson(ollama_lines("Four.")))) as server:
        os.environ["OLLAMA_HOST"] = server.url
        with open_program(app, Path(folder)) as opened:
            rows = measure(opened, *arguments)
            print(json.dumps([dataclasses.astuple(row) for row in rows]))


if __name__ == "__main__":
    main()
