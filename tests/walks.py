"""Walks with one token, and with one Send, through the running program, by `python -m tests.walks`.

The whole program runs over a scripted server, and every function of `desktop/` that is called meanwhile is written
down, in each thread: from Enter, on the second question of a conversation, until the request has arrived and the
question is painted; and from a token that leaves the server, in the middle of the answer, until it is painted and
logged. A hop is a step from one file into another, which may be taken many times. `--list` names all functions.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
import threading
from collections import Counter
from pathlib import Path
from types import CodeType

from tests.virtual_display import virtual_display

PACKAGE = Path(__file__).resolve().parents[1] / "desktop"
_SETTLED_MS = 1500  # of listening: the log of a running reply is written twice a second
_WARM_UP = 200  # tokens, so that modules are loaded and the answer is as long as most


class Walk:
    """Functions of the program in the order in which each thread first comes to them, and the hops between files."""

    def __init__(self):
        self.functions: dict[str, dict[str, None]] = {}  # by the thread: the function's file and name
        self.hops: set[tuple[str, str, str]] = set()  # the thread, and a file from which another one was called
        self.calls = 0
        self._is_listening = False
        self._files: dict[CodeType, str | None] = {}

    def listen(self, frame, event, _):
        """Note a call; for `sys.setprofile`."""
        if not self._is_listening or event != "call":
            return
        file = self._file_of(frame.f_code)
        if file is None:
            return
        self.calls += 1
        thread = threading.current_thread().name
        self.functions.setdefault(thread, {})[f"{file} {frame.f_code.co_qualname}"] = None
        caller = frame.f_back
        while caller is not None and (from_file := self._file_of(caller.f_code)) is None:
            caller = caller.f_back
        if caller is not None and from_file is not None and from_file != file:
            self.hops.add((thread, from_file, file))

    @contextlib.contextmanager
    def listening(self):
        """Note what is called within."""
        self._is_listening = True
        yield
        self._is_listening = False

    def _file_of(self, code):
        """Return the file of the program in which a function stands; None of any other, and of comprehensions."""
        if code not in self._files:
            is_ours = code.co_filename.startswith(str(PACKAGE)) and code.co_name[-5:] not in ("comp>", "expr>")
            self._files[code] = Path(code.co_filename).relative_to(PACKAGE).as_posix() if is_ours else None
        return self._files[code]

    def figures(self):
        """Return how many files, functions, hops and calls there were; then files and functions of each floor."""
        found = {each for thread in self.functions.values() for each in thread}
        files = {each.split()[0] for each in found}
        floors = Counter(_floor_of(file) for file in files)
        inside = Counter(_floor_of(each.split()[0]) for each in found)
        return [
            f"{len(files)} files, {len(found)} functions, {len(self.hops)} hops, {self.calls} calls",
            ", ".join(f"{floor} {count} / {inside[floor]}" for floor, count in sorted(floors.items())),
        ]

    def report(self):
        """Return the files in each thread with the functions in them, in the order in which it came to them."""
        lines: list[str] = []
        for thread, functions in sorted(self.functions.items()):
            by_file: dict[str, list[str]] = {}
            for each in functions:
                file, name = each.split(" ", 1)
                by_file.setdefault(file, []).append(name)
            lines += [f"  {thread}:", *(f"    {file}: {', '.join(names)}" for file, names in by_file.items())]
        return lines


def _floor_of(file):
    return file.split("/")[0] if "/" in file else "root"


def _walks():
    """Run the program, send a question, and let a token come; return both walks."""
    from PySide6.QtTest import QTest

    from desktop.ui.opening import Application
    from tests.support.in_process import open_program
    from tests.support.scripted_server import Fed, Reply, running_server
    from tests.support.scripts import ndjson, ollama_line, ollama_lines, ollama_script

    def token(words):
        return json.dumps(ollama_line(words)).encode() + b"\n"

    app = Application(["walks"])
    walks = {"Send": Walk(), "token": Walk()}

    def listen(frame, event, argument):
        for walk in walks.values():
            walk.listen(frame, event, argument)

    threading.setprofile(listen)
    sys.setprofile(listen)
    home = Path(os.environ["CANDOR_HOME"])
    first, second = ndjson(ollama_lines("It is four.")), Reply([Fed()], content_type="application/x-ndjson")
    script = ollama_script(first, second)
    with running_server(script) as server:
        os.environ["OLLAMA_HOST"] = server.url
        with open_program(app, home) as opened:
            opened.ask("What is two and two?")
            opened.write("How is a contract reviewed?")
            QTest.qWait(_SETTLED_MS)
            with walks["Send"].listening():
                opened.press_enter()
                opened.wait_until(lambda: len(server.chats) == 2)
                QTest.qWait(_SETTLED_MS)
            for number in range(_WARM_UP):
                server.feed(token(f"word {number} "))
            opened.wait_for_text(f"word {_WARM_UP - 1}")
            QTest.qWait(_SETTLED_MS)
            with walks["token"].listening():
                server.feed(token("token "))
                opened.wait_for_text("token")
                QTest.qWait(_SETTLED_MS)
            server.feed(None)
    sys.setprofile(None)
    return walks


def main():
    with tempfile.TemporaryDirectory(prefix="candor-walk-") as folder, virtual_display() as display:
        os.environ |= {"CANDOR_HOME": folder, "XDG_CACHE_HOME": folder, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        os.environ |= {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent", "LC_ALL": "C.UTF-8"}
        walks = _walks()
    for name, walk in walks.items():
        print("\n".join([f"{name}:", *walk.figures(), *(walk.report() if "--list" in sys.argv else [])]))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
