"""The program in the measuring process, over a scripted Ollama that answers each question in one word."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtWidgets import QApplication

from tests.bench.surroundings import home
from tests.support.in_process import OpenProgram, open_program
from tests.support.scripted_server import running_server
from tests.support.scripts import ndjson, ollama_lines, ollama_script


@contextlib.contextmanager
def answering_program(app: QApplication, folder: Path | None = None) -> Iterator[OpenProgram]:
    """Open the window over `folder`, an empty one of its own if there is none, and close it all in the end."""
    with (
        running_server(ollama_script(ndjson(ollama_lines("Four.")))) as server,
        home() if folder is None else contextlib.nullcontext(folder) as kept,
    ):
        os.environ["OLLAMA_HOST"] = server.url
        with open_program(app, kept) as opened:
            yield opened
