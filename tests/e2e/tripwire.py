"""Sees every file that a running program opens or looks at, every address it connects to, and every program it starts.

By strace, from outside, since Qt reads files in C++ where no hook of Python's sees it.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
from pathlib import Path

from tests.support.waiting import PATIENCE, wait_until

_CONNECTED = re.compile(r'connect\(.*sin6?_port=htons\((\d+)\).*?(?:inet_addr\("|inet_pton\(AF_INET6, ")([^"]+)"')
_LONGEST_STRING = 4_096
_MOST_TO_LET_GO = 20.0  # seconds


class Tripwire:
    """What the program has done so far, a system call a line."""

    def __init__(self, file):
        self._file = file

    @property
    def calls(self):
        return self._file.read_text(encoding="utf-8", errors="replace").splitlines()

    def touching(self, *names):
        """The calls in which one of these names occurs."""
        return [call for call in self.calls if any(name in call for name in names)]

    @property
    def started(self):
        """The programs that were started."""
        return [call for call in self.calls if "execve(" in call and " = 0" in call]

    @property
    def connected(self):
        """Hosts and ports of internet sockets; a question to a name server is a connection to its port 53."""
        found = (_CONNECTED.search(call) for call in self.calls)
        return {(match[2], int(match[1])) for match in found if match}


def missing_tracer():
    """What is not installed."""
    return None if shutil.which("strace") else "strace"


@contextlib.contextmanager
def tripwire(pid, file):
    """Watch all threads of a process from here on. Raises RuntimeError where watching is not allowed."""
    command = ["strace", "-f", "-qq", "-s", str(_LONGEST_STRING), "-e", "trace=%file,connect", "-e", "signal=none"]
    with open(file.with_suffix(".said"), "w+", encoding="utf-8") as said:
        tracer = subprocess.Popen([*command, "-o", str(file), "-p", str(pid)], stdin=subprocess.DEVNULL, stderr=said)
        try:
            wait_until(lambda: tracer.poll() is not None or _is_traced(pid))
            if tracer.poll() is not None:
                said.seek(0)
                raise RuntimeError(said.read().strip())
            yield Tripwire(file)
        finally:
            _end(tracer)


def _end(tracer):
    """End it; one that hangs while it lets go of a busy program (strace 6.1) is killed, and the kernel lets go."""
    tracer.terminate()
    try:
        tracer.wait(_MOST_TO_LET_GO)
    except subprocess.TimeoutExpired:
        tracer.kill()
        tracer.wait(PATIENCE)


def _is_traced(pid):
    status = Path(f"/proc/{pid}/status").read_text()
    return re.search(r"^TracerPid:\s*[1-9]", status, re.MULTILINE) is not None
