"""What the tests of the window's parts share: one theme on the one application, and an English and a Chinese tongue."""

from __future__ import annotations

import contextlib

import pytest

from desktop.ui.composer.card import Composer
from desktop.ui.look.theme import Theme
from tests.support.in_process import open_program
from tests.support.scripted_server import running_server
from tests.support.scripts import ndjson, ollama_lines, ollama_script

_FREE_MEMORY = 20 << 30  # bytes


def pytest_collection_modifyitems(items):
    """Mark with `window` what opens the whole program."""
    for item in items:
        if {"open_it", "open_over"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("window")


@pytest.fixture(autouse=True)
def free_memory(monkeypatch):
    """Have the computer's free memory be the same at all times, since by it goes how large a window is asked for."""
    monkeypatch.setattr("desktop.services.free_memory", lambda: _FREE_MEMORY)


@pytest.fixture(autouse=True)
def no_other_models(candor_home, monkeypatch):
    """Have no starter model be found, and no server but the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(candor_home / "empty"))
    monkeypatch.setenv("OLLAMA_HOST", "127.0.0.1:1")


@pytest.fixture
def theme(qapp):
    """The light theme, put on the application."""
    theme = Theme("light")
    theme.apply_to(qapp)
    yield theme
    theme.set_mode("light")
    theme.deleteLater()


@pytest.fixture
def open_over(qapp, candor_home, monkeypatch):
    """Opens the whole program over an Ollama that follows a script."""

    @contextlib.contextmanager
    def made(script):
        with running_server(script) as server:
            monkeypatch.setenv("OLLAMA_HOST", server.url)
            with open_program(qapp, candor_home) as opened:
                yield opened, server

    return made


@pytest.fixture
def server():
    """An Ollama that answers every question in the same way."""
    with running_server(ollama_script(ndjson(ollama_lines("It is four.")))) as made:
        yield made


@pytest.fixture
def open_it(qapp, candor_home, monkeypatch, server):
    """Opens the whole program over `server`, also several times, one after the other, in the same home."""
    monkeypatch.setenv("OLLAMA_HOST", server.url)
    return lambda: open_program(qapp, candor_home)


@pytest.fixture
def opened(open_it):
    """The whole program over `server`."""
    with open_it() as program:
        yield program


@pytest.fixture
def composer(theme, qtbot):
    """A composer in a window of its own, which has the keyboard."""
    composer = Composer(theme)
    qtbot.addWidget(composer)
    composer.resize(640, 60)
    with qtbot.waitActive(composer):
        composer.show()
        composer.activateWindow()
    composer.setFocus()
    return composer
