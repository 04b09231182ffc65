"""Which page is in front, and what it says where no model can be talked to: nobody is ever locked in."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support.in_process import OpenProgram, open_program

pytestmark = pytest.mark.window

Open = Callable[[], OpenProgram]


@pytest.fixture
def open_it(qapp: QApplication, candor_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Open]:
    """Opens the program over `candor_home`, without a starter model and without a server on this computer."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        free = int(holder.getsockname()[1])
    monkeypatch.setenv("OLLAMA_HOST", f"http://127.0.0.1:{free}")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "empty"))
    with contextlib.ExitStack() as stack:
        yield lambda: stack.enter_context(open_program(qapp, candor_home))


class TestWithoutAnyModel:
    @pytest.fixture
    def opened(self, open_it: Open) -> OpenProgram:
        opened = open_it()
        opened.wait_until(lambda: opened.page == "first_run")
        return opened

    @pytest.mark.parametrize("leave", ["escape", "back"])
    def test_the_connections_can_be_left_and_servers_are_asked_again(self, opened: OpenProgram, leave: str) -> None:
        asked: list[bool] = []
        opened.window.look_again_requested.connect(lambda: asked.append(True))
        opened.window.show_connections()
        if leave == "escape":
            QTest.keyClick(opened.window, Qt.Key.Key_Escape)
        else:
            opened.window.connections.closed.emit()
        assert opened.page == "chat"
        assert asked == [True]

    @pytest.mark.parametrize("page", ["first_run", "connections"])
    def test_a_new_conversation_can_be_begun(self, opened: OpenProgram, page: str) -> None:
        if page == "connections":
            opened.window.show_connections()
        opened.window.sidebar.new_requested.emit()
        assert opened.page == "chat"
