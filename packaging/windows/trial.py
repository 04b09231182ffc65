"""The common part of trials of the setup and of the MSI: how the installed program is looked at and talked to."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import environment
import sums
from environment import ROOT
from telling import SetupError, say
from trials import asking
from trials.desk import Desk, wait_until

from windows.wine import Computer

OF_THE_SETUP = ("uninstall.exe", "candor-setup.mark")  # what it adds to the program's files, and an MSI has not
LINK = "candor:recipe/letter%20of%20thanks"
_ANSWER = "Grüße aus 北京 – 1.000 € sind da."
_CONNECTION = "trial"
_HAS_ANSWER = f"SELECT count(*) FROM messages WHERE role = 'assistant' AND text LIKE '%{_ANSWER}%'"


@dataclass(frozen=True, slots=True)
class Trial:
    """Trial on a computer with somebody before it.

    `pictures` is where what is seen is kept, `scrap` a folder for the trial.
    """

    computer: Computer
    display: Desk
    scrap: Path
    pictures: Path | None

    def picture(self, name: str) -> None:
        """Keep what is to be seen."""
        if self.pictures is not None:
            self.pictures.mkdir(parents=True, exist_ok=True)
            self.display.take_picture(environment.python_of(environment.VENV), self.pictures / f"{name}.png")

    def ask(self, program: Path, number: int, picture: str = "") -> float:
        """Ask the question of this number by window and keyboard; return the seconds to the answer."""
        file = self.pictures / f"{picture}.png" if self.pictures is not None and picture else None
        return asking.ask(self.computer, self.display, [self.computer.called(program)], number, file)

    def ask_server(self, program: Path, number: int, picture: str = "") -> float:
        """Ask a server that speaks OpenAI's protocol, as `ask` does.

        Raises SetupError unless its answer arrives whole.
        """
        with _server(self.scrap) as (address, model):
            _connect(self.computer, address, model)
            seconds = self.ask(program, number, picture)
        must(self.computer.count(_HAS_ANSWER) > 0, "The server's answer did not arrive as it was sent.")
        return seconds

    def open(self, what: str) -> list[str]:
        """Open something as a double click does, see Candor's window, close it; return what Candor was handed over."""
        self.computer.run("start", what)
        wait_until(f"{what} opens a window", self.display.has_window)
        words = self.computer.words_of("Candor.exe")
        while self.display.has_window():  # a question may stand before it
            with contextlib.suppress(SetupError, IndexError):  # it has closed meanwhile
                self.display.close_window()
            time.sleep(1)
        self.computer.settle()
        return words

    def forget(self) -> None:
        """Take away what Candor has kept."""
        self.computer.settle()
        shutil.rmtree(self.computer.data, ignore_errors=True)


def must(is_so: bool, otherwise: str) -> None:
    """Raise SetupError unless it is so."""
    if not is_so:
        raise SetupError(otherwise)


def content_of(folder: Path) -> dict[str, str]:
    """Return the files of the program in a folder, with their sums."""
    return {
        file.relative_to(folder).as_posix(): sums.of(file)
        for file in folder.rglob("*")
        if file.is_file() and file.name not in OF_THE_SETUP
    }


def same(found: dict[str, str], wanted: dict[str, str], when: str) -> None:
    """Raise SetupError where two contents differ."""
    differing = sorted(name for name in found.keys() | wanted.keys() if found.get(name) != wanted.get(name))
    must(not differing, f"{when}: {len(differing)} files differ: {differing[:5]}")


def diagnose(computer: Computer, program: Path, *, has_engine: bool) -> str:
    """Return what the program says of itself, in a few words. Raises SetupError where it finds something wrong."""
    report = computer.folder / "diagnosis.json"
    report.unlink(missing_ok=True)
    ended = computer.run(program, "--diagnose", report)
    must(report.exists(), f"--diagnose ended with {ended.status}: {ended.said}")
    found = json.loads(report.read_text(encoding="utf-8"))
    must(found["ok"] and ended.status == 0, f"--diagnose: {found['problems']}")
    must(bool(found["engine"]["loads"]) == has_engine, f"--diagnose: {found['engine']}")
    keyring = found["keyring"]["backend"].rpartition(".")[2]
    engine = "; the engine loads the starter model" if has_engine else ""
    return f"all is well; Qt's platform is {found['qt']['platform']}, the keyring {keyring}{engine}"


def scale_of(computer: Computer, program: Path) -> float:
    """Return by how much the program enlarges what it draws, as it says itself."""
    report = computer.folder / "diagnosis.json"
    computer.run(program, "--diagnose", report)
    return float(json.loads(report.read_text(encoding="utf-8"))["qt"]["scale"])


def seconds_to_paint(computer: Computer, program: Path) -> float:
    """Start the program until its window is painted; return the seconds. Raises SetupError where it is not."""
    began = time.time()
    ended = computer.run(program, "--exit-after-first-paint")
    painted = next((line for line in ended.said.splitlines() if "first_paint_at" in line), "")
    must(bool(painted), f"It did not start ({ended.status}): {ended.said}")
    return float(json.loads(painted)["first_paint_at"]) - began


def tell(line: str) -> None:
    """Say what has been seen, below the file that it was seen of."""
    say(f"  {line}")


@contextmanager
def _server(scrap: Path) -> Iterator[tuple[str, str]]:
    """Yield the address of a server on loopback with one answer, and its model's name."""
    text = scrap / "answer.txt"
    text.write_text(_ANSWER, encoding="utf-8")
    command = [sys.executable, "-m", "tests.support.scripted_server", "--protocol", "openai", "--text-file", str(text)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        try:
            yield told["url"], told["model"]
        finally:
            process.stdin.close()  # upon which it ends


def _connect(computer: Computer, address: str, model: str) -> None:
    """Write settings with which the next window talks to this server."""
    server = {"id": _CONNECTION, "kind": "openai_compat", "name": "Trial", "address": address, "preset": "custom"}
    settings = {"connections": [server], "default_choice": {"connection_id": _CONNECTION, "model": model}}
    computer.data.mkdir(parents=True, exist_ok=True)
    (computer.data / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
