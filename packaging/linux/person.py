"""A user who starts the installed program in a system in a folder: without rights, a session bus or a keyring."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from roots import Root
from telling import SetupError
from trials import asking


@dataclass(frozen=True, slots=True)
class Person:
    """User of the system."""

    root: Root
    name: str
    home: Path
    log: str = "/var/tmp/candor.log"  # where the program that was started last prints to

    @classmethod
    def moves_in(cls, root: Root, name: str) -> Person:
        """Return a new user of the system, who can open windows on this computer's displays."""
        root.share_displays()
        root.run(["useradd", "--create-home", name])
        # Every system that has been started once has it; without it, D-Bus ends whoever asks for a bus.
        root.path("/etc/machine-id").write_text(f"{1:032x}\n", encoding="utf-8")
        return cls(root, name, root.path(f"/home/{name}"))

    def surroundings(self, **more: str) -> dict[str, str]:
        """Return the environment variables of a plain session."""
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin",
            "HOME": f"/home/{self.name}",
            "USER": self.name,
            "LANG": "C.UTF-8",
            **more,
        }

    @contextmanager
    def start(self, command: Sequence[str], **variables: str) -> Iterator[subprocess.Popen[str]]:
        """Yield the running program, which is killed where it has not ended when the block does."""
        with self.root.path(self.log).open("w", encoding="utf-8") as log:
            process = subprocess.Popen(
                self.root.entering(command, user=self.name),
                env=self.surroundings(**variables),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
            )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()

    def said(self) -> str:
        """Return what the program that was started last has printed."""
        return self.root.path(self.log).read_text(encoding="utf-8", errors="replace")

    @property
    def database(self) -> Path:
        """The file of the conversations."""
        return self.home / ".local/share/candor/candor.db"

    def count(self, question: str) -> int:
        """Return what a query of the conversations gives; -1 while there are none."""
        return asking.count_in(self.database, question)

    def seconds_to_paint(self, command: Sequence[str], **variables: str) -> float:
        """Start the program until its window is painted; return how long it took, in seconds. Raises SetupError."""
        began = time.time()
        with self.start([*command, "--exit-after-first-paint"], **variables) as process:
            process.wait(timeout=60)
        said = self.said()
        if process.returncode or '"first_paint_at"' not in said:
            raise SetupError(f"It did not start ({process.returncode}): {said}")
        painted = json.loads(next(line for line in said.splitlines() if "first_paint_at" in line))
        return float(painted["first_paint_at"]) - began
