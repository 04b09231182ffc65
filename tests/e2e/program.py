"""The program as its own process on the test's display: started, typed into, watched from outside, ended.

Keys come from the X server as a keyboard's would (xdotool). What the program did is read from its database, its
window's title, its log, and the addresses it connected to; nothing of it runs in the test's process.
"""

from __future__ import annotations

import contextlib
import ipaddress
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.support.waiting import PATIENCE, wait_until

ROOT = Path(__file__).parents[2]
_WATCH = Path(__file__).parent / "watch"
_KEY_DELAY_MS = 4
_WORDS_AT_ONCE = 5 * 200  # of a command line; a move takes five
_QUIET = 0.15  # seconds; longer than from one frame to the next
_NEVER_QUIET = 5.0  # seconds
_LOOK_AGAIN = 0.02  # seconds
_CLICK_AGAIN = 5.0  # seconds; longer than a dialog takes to open
_PRESS_AGAIN = 0.4  # seconds; Enter does nothing while the program is still looking for models


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A row of the table `messages`, with the title of its conversation."""

    role: str
    status: str
    text: str
    reasoning: str
    title: str


def missing_tool():
    """What these tests need beside the display."""
    return None if shutil.which("xdotool") else "xdotool"


class RunningProgram:
    """One process of the program. `home` is its folder; `log` holds what it printed."""

    def __init__(self, home, environment, arguments=()):
        home.mkdir(parents=True, exist_ok=True)
        self.home = home
        self._log_file = home / "test.log"
        self._addresses_file = home / "test.addresses"
        self.screen = environment.get("CANDOR_TEST_SCREEN", "")
        variables = {
            **os.environ,
            "PYTHONPATH": f"{_WATCH}{os.pathsep}{ROOT}",
            "CANDOR_HOME": str(home),
            "CANDOR_TEST_ADDRESSES": str(self._addresses_file),
            **environment,
        }
        self.started_at = time.monotonic()
        with self._log_file.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "desktop", *arguments],
                cwd=ROOT,
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.window = ""

    @property
    def log(self):
        return self._log_file.read_text(encoding="utf-8", errors="replace")

    @property
    def addresses(self):
        """Where the program connected to and which names it looked up, in the order in which it did."""
        if not self._addresses_file.exists():
            return []
        return [json.loads(line) for line in self._addresses_file.read_text(encoding="utf-8").splitlines()]

    def wait_for_window(self):
        """Until the window is there and has the keyboard."""
        wait_until(lambda: self._find_window() and self._has_keyboard())

    def windows(self):
        """The ids of its windows that can be seen."""
        found = _xdotool("search", "--all", "--onlyvisible", "--pid", str(self.process.pid), "--name", ".")
        return found.split()

    @property
    def title(self):
        return _xdotool("getwindowname", self.window).strip()

    def type(self, text):
        """Type ASCII, as fast as a program can."""
        _xdotool("type", "--delay", str(_KEY_DELAY_MS), text)

    def press(self, *keys):
        """Press keys in xdotool's words: "Return", "ctrl+n"."""
        _xdotool("key", "--delay", str(_KEY_DELAY_MS), *keys)

    def click(self, x, y):
        """Click at a point of the window."""
        _xdotool("mousemove", "--sync", "--window", self.window, str(x), str(y))
        _xdotool("click", "1")

    def read(self):
        """What a screen reader finds in all its windows: words, and the middle of where they stand on the screen.

        For a program that was launched with CANDOR_TEST_SCREEN.
        """
        with socket.socket(socket.AF_UNIX) as asking:
            asking.settimeout(PATIENCE)
            asking.connect(self.screen)
            with asking.makefile(encoding="utf-8") as answer:
                return [(words, x, y) for words, x, y in json.load(answer)]

    def wait_to_read(self, words):
        """Until something in sight has these words in it."""
        wait_until(lambda: self._reads(words))

    def click_on(self, words, then):
        """Click at what says just these words until `then` is read: a click goes astray where a page still changes."""
        deadline = time.monotonic() + PATIENCE
        while not self._reads(then):
            assert time.monotonic() < deadline, f"{then!r} did not come; the program said: {self.log}"
            self.wait_until_quiet()
            place = next((place for each, *place in self.read() if each == words), None)
            if place is not None:
                _xdotool("mousemove", "--sync", *map(str, place))
                _xdotool("click", "1")
            with contextlib.suppress(AssertionError):
                wait_until(lambda: self._reads(then), _CLICK_AGAIN)

    def _reads(self, words):
        return any(words in each for each, *_ in self.read())

    def hover(self, points):
        """Move the pointer over these points of the window, one after the other."""
        words: list[str] = []
        for x, y in points:
            words += ["mousemove", "--window", self.window, str(x), str(y)]
        for start in range(0, len(words), _WORDS_AT_ONCE):
            _xdotool(*words[start : start + _WORDS_AT_ONCE])

    def press_button(self, number, times=1):
        """Press a button of the mouse where the pointer is: 1 left, 3 right, 4 and 5 the wheel up and down."""
        _xdotool("click", "--repeat", str(times), "--delay", "10", str(number))

    def resize(self, width, height):
        _xdotool("windowsize", "--sync", self.window, str(width), str(height))

    def minimize(self):
        """As the window manager's button does."""
        _xdotool("windowminimize", self.window)

    def ask(self, text, server):
        """Type a message, send it, and wait for its request."""
        self.type(text)
        return self.send(server)

    def send(self, server):
        """Press Enter until what is written has been sent; the request that came."""
        before = len(server.chats)
        self.press_until(lambda: len(server.chats) > before)
        assert len(server.chats) == before + 1
        return server.chats[before]

    def press_until(self, condition):
        """Press Enter now and then until `condition` holds; while models are being looked for it sends nothing."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, f"nothing was sent; the program said: {self.log}"
            self.press("Return")
            with contextlib.suppress(AssertionError):
                wait_until(condition, _PRESS_AGAIN)

    def messages(self):
        """What the database holds, the oldest first, read as another program would."""
        query = (
            "SELECT role, status, text, reasoning, title FROM messages"
            " JOIN conversations ON conversations.id = conversation_id ORDER BY messages.created_at, messages.key"
        )
        return [StoredMessage(*row) for row in self._read(query)]

    def heads(self):
        """The text of the message that each conversation goes on from."""
        query = "SELECT text FROM conversations JOIN messages ON messages.id = head_id"
        return [row[0] for row in self._read(query)]

    def logged(self):
        """The text of running replies that has reached the disk so far."""
        return "".join(row[0] for row in self._read("SELECT text FROM reply_log ORDER BY message_id, seq"))

    def _read(self, query):
        file = self.home / "candor.db"
        if not file.exists():
            return []
        with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
            try:
                return database.execute(query).fetchall()
            except sqlite3.OperationalError as error:
                if "no such table" in str(error):
                    return []
                raise

    def wait_for_reply(self, status="complete", count=1, seconds=PATIENCE):
        """Until `count` replies are stored with this status and the window shows what is stored; all messages."""

        def found():
            return sum(each.role == "assistant" and each.status == status for each in self.messages()) >= count

        wait_until(found, seconds)
        self.wait_until_quiet()
        return self.messages()

    def wait_until_quiet(self):
        """Until the window's thread has had nothing to do for a while: what the database holds is shown then."""
        deadline = time.monotonic() + _NEVER_QUIET
        since, before = time.monotonic(), self._work_done()
        while time.monotonic() < min(deadline, since + _QUIET):
            time.sleep(_LOOK_AGAIN)
            now = self._work_done()
            if now is None or now != before:
                since, before = time.monotonic(), now

    def _work_done(self):
        """The window's thread's time on a processor so far; None while it works or waits for one."""
        thread = Path(f"/proc/{self.process.pid}/task/{self.process.pid}")
        try:
            state = (thread / "stat").read_text().rpartition(")")[2].split()[0]
            return None if state == "R" else (thread / "schedstat").read_text()
        except OSError:  # it has ended
            return ""

    def quit(self):
        """Ctrl+Q; the exit code."""
        self.press("ctrl+q")
        try:
            return self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.press("ctrl+q")  # a key goes astray where a menu is just closing on a busy computer
            return self.process.wait(PATIENCE)

    def kill(self):
        """End it as a crash would (SIGKILL)."""
        self.process.kill()
        self.process.wait(PATIENCE)

    def end(self):
        """Whatever state it is in."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.kill()

    def _find_window(self):
        assert self.process.poll() is None, f"the program has ended with {self.process.returncode}: {self.log}"
        found = self.windows()
        self.window = found[0] if found else ""
        return bool(found)

    def _has_keyboard(self):
        if _xdotool("getactivewindow").strip() == self.window:
            return True
        _xdotool("windowactivate", self.window)
        return False


def is_here(address):
    """Return True for an address of this computer, as a program's `addresses` name it."""
    return address in ("unix", "localhost") or ipaddress.ip_address(address).is_loopback


def _xdotool(*words):
    done = subprocess.run(["xdotool", *words], capture_output=True, text=True, timeout=30, check=False)
    return done.stdout
