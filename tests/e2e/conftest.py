"""Starts programs and sees to it that none outlives its test and none hides an exception."""

from __future__ import annotations

import socket

import pytest

from tests.e2e.program import RunningProgram, missing_tool
from tests.support.missing import do_without


def pytest_runtest_setup(item):
    if item.get_closest_marker("window") and (tool := missing_tool()):
        do_without(f"needs {tool}")


@pytest.fixture
def free_port():
    """A port on which nothing listens."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        return int(holder.getsockname()[1])


@pytest.fixture
def launch(candor_home, free_port):
    """Starts the program; `ollama` is the address at which it looks for Ollama, by default one where nothing is."""
    programs: list[RunningProgram] = []

    def start(ollama="", *, home=candor_home, arguments=(), waits=True, **more):
        environment = {"OLLAMA_HOST": ollama or f"http://127.0.0.1:{free_port}", **more}
        program = RunningProgram(home, environment, arguments)
        programs.append(program)
        if waits:
            program.wait_for_window()
        return program

    yield start
    for program in programs:
        program.end()
    for program in programs:
        assert "Traceback" not in program.log, program.log
        assert " ERROR " not in program.log, program.log  # faults that nothing has caught
