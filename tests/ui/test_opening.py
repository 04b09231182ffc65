"""Starts of the program: the application, what is typed before it is loaded, and a second start."""

from __future__ import annotations

import contextlib
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QObject, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QAccessible,
    QAccessibleActionInterface,
    QAction,
    QDragEnterEvent,
    QDropEvent,
    QFileOpenEvent,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import QMainWindow, QPushButton, QToolButton, QVBoxLayout, QWidget

from desktop import backend_factory
from desktop.core.model import ModelChoice
from desktop.core.recipes.link import link_to
from desktop.runtime.models.connections import BUILT_IN_ID
from desktop.ui.composer.card import Composer
from desktop.ui.opening import Application, FirstInstance, HandedOver, PipeCalls, _socket_name, call_first_instance
from desktop.ui.window.acts import FileDrop
from desktop.ui.window.main_window import EarlyInput
from tests.prompts.test_recipes import folder_at
from tests.support.gguf_file import gguf_bytes
from tests.support.in_process import open_program
from tests.ui.test_recipe_files import REPLY, box_of, form_is_shown


def system_opens(app, *given):
    """As Finder does: a file by its path, a link by its address. The copy is made by Qt, as the system's events are."""
    for each in given:
        assert QCoreApplication.sendEvent(app, QFileOpenEvent(each).clone())


@pytest.fixture
def handed_over(qapp):
    assert isinstance(qapp, Application)
    made = HandedOver(parent=qapp)
    qapp.handed_over.connect(made.hand_on)
    return made


@pytest.mark.parametrize(
    ("event", "text"),
    [
        ("/Users/li/模型 1.gguf", "/Users/li/模型 1.gguf"),
        ("/Users/li/100%25.candor.toml", "/Users/li/100%25.candor.toml"),
        (QUrl("file:///Users/li/%E6%A8%A1%E5%9E%8B%201.gguf"), "/Users/li/模型 1.gguf"),
        (QUrl("file://files/recipes/a.toml"), "file://files/recipes/a.toml"),
        (QUrl("candor:recipe/%E5%9B%9E%E5%A4%8D%20a%2Fb%3F"), "candor:recipe/%E5%9B%9E%E5%A4%8D%20a%2Fb%3F"),
        (QUrl("candor://recipe/回复"), "candor://recipe/%E5%9B%9E%E5%A4%8D"),
        (QUrl("candor:recipe/%zz"), "candor:recipe/%25zz"),  # as Qt mends it
    ],
)
def test_an_event_names_a_path_or_an_address(qapp, handed_over, event, text):
    taken: list[str] = []
    handed_over.hand_on_to(taken.append)
    system_opens(qapp, event)
    assert taken == [text]


def test_what_comes_before_the_window_waits_for_it_in_its_order(qapp, handed_over):
    taken: list[str] = []
    system_opens(qapp, "/b.gguf", "/a.toml", "/b.gguf")
    handed_over.hand_on_to(taken.append)
    system_opens(qapp, "/a.toml")
    assert taken == ["/b.gguf", "/a.toml", "/a.toml"]
    handed_over.pause()  # as while the window is made anew in another language
    system_opens(qapp, QUrl("candor:recipe/x"))
    assert len(taken) == 3
    handed_over.hand_on_to(taken.append)
    assert taken[3:] == ["candor:recipe/x"]


def test_what_the_command_line_says_is_not_opened_twice(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    taken: list[str] = []
    queue = HandedOver("a.gguf", ["--language", "zh_CN", "a.gguf"])
    for each in ("zh_CN", "a.gguf", str(tmp_path / "a.gguf"), "/b.gguf"):  # Cocoa takes any of its words for files
        queue.hand_on(each)
    queue.hand_on_to(taken.append)
    assert taken == [str(tmp_path / "a.gguf"), "/b.gguf"]
    queue.hand_on(str(tmp_path / "a.gguf"))  # somebody has opened it once more
    assert len(taken) == 3


@pytest.mark.window
def test_the_window_opens_what_is_handed_over_before_and_after_it_is_there(
    qapp,
    candor_home,
    tmp_path,
    monkeypatch,
    server,
    handed_over,
):
    monkeypatch.setenv("OLLAMA_HOST", server.url)
    folder_at(candor_home / "recipes").add_recipe(REPLY)
    monkeypatch.setattr(backend_factory, "engine_is_installed", lambda: True)
    model = tmp_path / "模型.gguf"
    model.write_bytes(gguf_bytes())
    system_opens(qapp, str(model), QUrl(link_to(REPLY.name)))
    with open_program(qapp, candor_home, handed_over=handed_over) as opened:
        opened.wait_until(lambda: form_is_shown(opened))
        built_in = ModelChoice(BUILT_IN_ID, str(model))
        opened.wait_until(lambda: opened.program.chat.current.settings.choice == built_in)
        assert form_is_shown(opened)  # though the model was ready after it, perhaps
        opened.window.showMinimized()
        notes = tmp_path / "notes.txt"
        notes.write_text("Call back.", encoding="utf-8")
        system_opens(qapp, str(notes))
        opened.wait_until(lambda: [each.name for each in opened.program.chat.attachments.items] == ["notes.txt"])
        opened.wait_until(lambda: not opened.window.isMinimized())
        system_opens(qapp, QUrl("candor:send/Hello"))
        assert "does not know" in box_of(opened).text()
        box_of(opened).reject()
        assert server.chats == []
    system_opens(qapp, "/too/late.gguf")  # nobody takes it, and nothing breaks


class Scene:
    """A window with a message box and a button, of which nothing is connected yet; `done` is what came of it."""

    def __init__(self, qtbot, theme):
        self.done: list[str] = []
        self.theme = theme
        self.window = QMainWindow()
        qtbot.addWidget(self.window)
        ground = QWidget()
        self.composer, self.button = Composer(theme), QPushButton("Do it")
        self.tool, self.switch = QToolButton(), QToolButton()
        self.switch.setCheckable(True)
        column = QVBoxLayout(ground)
        for button in (self.button, self.tool, self.switch):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            column.addWidget(button)
        column.addWidget(self.composer)
        self.window.setCentralWidget(ground)
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.composer.setFocus()
        self.early = EarlyInput(self.window, self.composer)

    def press(self, key, text="", modifiers=None):
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, modifiers or Qt.KeyboardModifier.NoModifier, text)
            QCoreApplication.sendEvent(self.window.windowHandle(), event)

    def commit(self, words):
        """Have an input method compose words, letter by letter, and commit them."""
        event = QInputMethodEvent()
        event.setCommitString(words)
        for each in (QInputMethodEvent("n", []), event):
            QCoreApplication.sendEvent(self.composer.focusProxy(), each)

    def click(self):
        at = QPointF(self.button.mapTo(self.window, self.button.rect().center()))
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        for kind, held in ((QEvent.Type.MouseButtonPress, left), (QEvent.Type.MouseButtonRelease, none)):
            event = QMouseEvent(kind, at, at, self.window.mapToGlobal(at), left, held, Qt.KeyboardModifier.NoModifier)
            QCoreApplication.sendEvent(self.window.windowHandle(), event)

    def drop(self, data):
        """Drag over the window, let go, and have what was dragged vanish, as a system does."""
        how = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        for event in (QDragEnterEvent(QPoint(5, 5), *how), QDropEvent(QPointF(5, 5), *how)):
            QCoreApplication.sendEvent(self.window.windowHandle(), event)
            assert event.isAccepted()
        data.clear()

    def connect(self):
        """Have somebody there to do things, as when the window is complete."""
        drops = FileDrop(self.theme, self.window)
        drops.dropped.connect(lambda given: self.done.extend(path.name for path in given.paths))
        self.tool.clicked.connect(lambda: self.done.append("tool"))
        self.switch.clicked.connect(lambda is_on: self.done.append(f"switched {is_on}"))
        self.composer.send_requested.connect(lambda text: self.done.append(f"sent {text}"))
        self.button.clicked.connect(lambda: self.done.append("clicked"))
        action = QAction("New", self.window)
        action.setShortcut("Ctrl+N")
        action.triggered.connect(lambda: self.done.append("new"))
        self.window.addAction(action)


@pytest.fixture
def scene(qtbot, theme):
    return Scene(qtbot, theme)


@pytest.mark.window
def test_what_else_is_done_waits_and_keeps_its_order(scene, tmp_path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "letter.pdf"))])
    scene.commit("好")
    scene.press(Qt.Key.Key_Shift)
    scene.press(Qt.Key.Key_H, "H", Qt.KeyboardModifier.ShiftModifier)
    scene.press(Qt.Key.Key_Return, "\r")
    scene.press(Qt.Key.Key_N, "\x0e", Qt.KeyboardModifier.ControlModifier)
    scene.click()
    scene.drop(data)
    scene.press(Qt.Key.Key_I, "i")
    scene.commit("吗")
    assert scene.composer.text() == "好H"  # letters are written at once
    scene.connect()
    assert scene.done == []
    scene.early.let_in()
    assert scene.done == ["sent 好H", "new", "clicked", "letter.pdf"]
    assert scene.composer.text() == "好Hi吗"
    scene.click()
    assert scene.done[-2:] == ["letter.pdf", "clicked"], "it holds something back that it should not"


@pytest.mark.window
def test_the_window_closes_when_it_can(scene):
    scene.window.windowHandle().close()
    assert scene.window.isVisible()
    scene.early.let_in()
    assert not scene.window.isVisible()


@pytest.mark.window
def test_what_assistive_technology_presses_waits(scene, qtbot):
    ticks = Ticks(scene.button)
    for button in (scene.button, scene.tool, scene.switch):
        found = QAccessible.queryAccessibleInterface(button)
        assert found is not None
        found.actionInterface().doAction(QAccessibleActionInterface.pressAction())
    qtbot.waitUntil(lambda: ticks.count > 0, timeout=60_000)  # the press of a button is done by a timer
    scene.connect()
    assert scene.done == []
    scene.early.let_in()
    assert scene.done == ["tool", "switched True"]
    assert scene.switch.isChecked()
    qtbot.waitUntil(lambda: scene.done[2:] == ["clicked"], timeout=60_000)


class Ticks(QObject):
    """A count of the events of timers that come to a button."""

    def __init__(self, button):
        super().__init__(button)
        self.count = 0
        button.installEventFilter(self)

    def eventFilter(self, watched, event):
        self.count += event.type() is QEvent.Type.Timer
        return False


ROOT = Path(__file__).parents[2]
CALL = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from desktop.ui.opening import call_first_instance
sys.exit(not all(call_first_instance(Path(sys.argv[2]), each or None) for each in sys.argv[3:]))
"""


@pytest.fixture
def first(qtbot, tmp_path):
    made = FirstInstance(tmp_path)
    yield made
    made.close()


@contextlib.contextmanager
def another_program(folder, *files, cwd=None):
    """Calls the first one from a process of its own, as a second start does; with several files once for each."""
    with subprocess.Popen([sys.executable, "-c", CALL, str(ROOT), str(folder), *(files or [""])], cwd=cwd) as process:
        yield process


by_path = pytest.mark.skipif(sys.platform == "win32", reason="speaks to the socket by its path")
LONGEST = "candor:///recipe/" + "%F0%A0%9C%8E" * 500


FILES = [
    "",
    "/models/a b 😀.gguf",
    "candor:recipe/%E5%9B%9E%E5%A4%8D",
    "CANDOR:recipe/回复",
    "file:///home/li/%E5%9B%9E%E5%A4%8D.toml",
    LONGEST,
    "/" + "回" * 1364,  # the longest path of Linux has 4,096 bytes
    os.fsdecode(b"/models/\xff.gguf"),
]


def test_the_first_hears_the_second(first, qtbot, tmp_path):
    heard: list[str] = []
    first.called.connect(heard.append)
    with another_program(tmp_path, *FILES, "model.gguf", cwd=tmp_path) as second:
        qtbot.waitUntil(lambda: second.poll() is not None)
    qtbot.waitUntil(lambda: heard == [*FILES, str(tmp_path / "model.gguf")])  # a relative path is made whole
    assert second.returncode == 0


def test_what_is_too_long_to_tell_is_said_to_be_and_not_cut(first, qtbot, tmp_path):
    heard: list[str] = []
    first.called.connect(heard.append)
    with qtbot.waitSignal(first.called_at_length), another_program(tmp_path, "candor:recipe/" + "回" * 3000) as second:
        qtbot.waitUntil(lambda: second.poll() is not None)
    assert heard == []
    assert second.returncode == 0


@by_path
def test_the_way_of_windows_is_heard_as_well(qtbot, tmp_path):
    """It is Qt's, which speaks to a socket by its path elsewhere."""
    name = str(tmp_path / "pipe")
    first = PipeCalls(name, 100, 1500, QCoreApplication.instance() or QObject())
    with qtbot.waitSignal(first.said) as said, socket.socket(socket.AF_UNIX) as caller:
        caller.connect(name)
        caller.sendall(b"one line\nand more")
    assert said.args == [b"one line"]
    first.close()
    assert not PipeCalls.call(name, b"\n", 1500)


def test_whom_nobody_hears_is_told(qtbot, tmp_path):
    assert not call_first_instance(tmp_path, None)  # nobody is there
    first = FirstInstance(tmp_path)
    assert not call_first_instance(tmp_path, None)  # it hangs: nobody runs its event loop here
    assert not call_first_instance(tmp_path / "another", None)  # folders do not hear each other
    first.close()
    assert not call_first_instance(tmp_path, None)  # one that is ending does not count


@contextlib.contextmanager
def a_stranger(folder):
    """Somebody who speaks to the first one's socket without being Candor."""
    with socket.socket(socket.AF_UNIX) as stranger:
        stranger.connect(_socket_name(folder))
        stranger.setblocking(False)
        yield stranger


def is_hung_up_on(stranger):
    try:
        return stranger.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionError:
        return True


NONSENSE = [
    *(b"", b"nonsense\n", b"\n", b"[]\n", b"null\n", b'{"other": 1}\n', b"[" * 8000 + b"\n", b"\xff\xfe\n"),
    b'{"file": "/half',
    b'{"file": "/whole but for its end"}',
    b'{"file": "/' + b"a" * 10_000 + b'"}\n',
]


@by_path
def test_nonsense_is_not_obeyed(first, qtbot, tmp_path):
    heard: list[str] = []
    first.called.connect(heard.append)
    for message in NONSENSE:
        with a_stranger(tmp_path) as stranger:
            stranger.sendall(message)
            if message:
                qtbot.waitUntil(lambda stranger=stranger: is_hung_up_on(stranger))
    with qtbot.waitSignal(first.called), another_program(tmp_path, "/x") as second:  # and it still listens
        qtbot.waitUntil(lambda: second.poll() is not None)
    assert [one for one in heard if one] == ["/x"]


@by_path
def test_a_message_in_pieces_is_heard_when_it_is_whole(first, qtbot, tmp_path):
    heard: list[str] = []
    first.called.connect(heard.append)
    with a_stranger(tmp_path) as stranger:
        for piece in (b'{"file": "candor:rec', "ipe/回".encode()[:-1], "ipe/回".encode()[-1:], b'"}'):
            stranger.sendall(piece)
            qtbot.wait(50)
            assert heard == []
        stranger.sendall(b"\n")
        qtbot.waitUntil(lambda: heard == ["candor:recipe/回"])
        assert is_hung_up_on(stranger)


@by_path
def test_nobody_else_can_speak_to_it(first, tmp_path):
    assert stat.S_IMODE(os.stat(_socket_name(tmp_path)).st_mode) & 0o077 == 0


@by_path
def test_a_socket_of_a_killed_program_is_replaced(qtbot, tmp_path):
    """Its file is still there, and nobody listens at it."""
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(_socket_name(tmp_path))
        left.listen()
    assert os.path.exists(_socket_name(tmp_path))
    again = FirstInstance(tmp_path)
    with qtbot.waitSignal(again.called), another_program(tmp_path) as second:
        qtbot.waitUntil(lambda: second.poll() is not None)
    again.close()


@by_path
def test_a_folder_with_a_long_path_has_a_socket_too(qtbot, tmp_path, monkeypatch):
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    folder = tmp_path / ("long" * 25)
    folder.mkdir()
    name = _socket_name(folder)
    assert stat.S_IMODE(Path(name).parent.stat().st_mode) == 0o700
    assert name != _socket_name(tmp_path / ("long" * 26))
    own = Path(name).parent
    own.rmdir()
    own.symlink_to(tmp_path)  # somebody else has taken its name
    assert _socket_name(folder) == str(folder / "call")
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setenv("TMPDIR", "/tmp")
    heard = FirstInstance(folder)
    with qtbot.waitSignal(heard.called), another_program(folder) as second:
        qtbot.waitUntil(lambda: second.poll() is not None)
    assert second.returncode == 0
    heard.close()
