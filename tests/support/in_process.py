"""The whole program in the test's own process: the real parts from disk to window, over a scripted server.

For what must be seen from inside: which page is in front, which words stand on a card. What can be seen from outside is
tested there (`tests/e2e`).
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton, QWidget

from desktop import exporters
from desktop.app import Program
from desktop.core.exporting import ExportPart
from desktop.core.message import Message
from desktop.core.policy.fixed import Policy
from desktop.first_window import FirstWindow
from desktop.services import LeftBehind
from desktop.store.database import SqliteStore, open_store
from desktop.store.settings import Settings
from desktop.ui.exporting.presenter import ExportScope, ExportWish
from desktop.ui.opening import HandedOver
from desktop.ui.widgets.quiet_line import ErrorCard
from desktop.ui.window.main_window import MainWindow
from tests.support.patient_bot import process_next_events, timer_ticks
from tests.support.scripted_server import Script, ScriptedServer
from tests.support.waiting import PATIENCE


@contextlib.contextmanager
def fresh_look(app):
    """Begin without a style sheet, if no widget is there, and in the end delete what belongs to no window.

    Widgets that are made under a sheet are told of their style again and again, and those that are left would be told
    of every later one. A sheet is never taken off a widget: Qt goes to it when another is put on, also once it is gone.
    """
    others = set(app.topLevelWidgets())
    if not others:
        app.setStyleSheet("")
    try:
        yield
    finally:
        for left in set(app.topLevelWidgets()) - others:
            if left.parent() is None:
                left.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


_LOOK_AGAIN_MS = 5


class OpenProgram:
    """A running `Program` and what a user does with it."""

    def __init__(self, program: Program, folder: Path) -> None:
        self.program = program
        self.folder = folder
        self.left: LeftBehind | None = None  # to the next window, once this one is closed
        self.patience = PATIENCE  # seconds

    @property
    def window(self) -> MainWindow:
        return self.program.window

    @property
    def box(self) -> QPlainTextEdit:
        box = self.window.composer.findChild(QPlainTextEdit)
        assert isinstance(box, QPlainTextEdit)
        return box

    @property
    def path(self) -> list[Message]:
        """The messages of the conversation in front that are in memory."""
        path = self.program.chat.path
        return [message for entry in path.entries if (message := path.message(entry.id)) is not None]

    @property
    def page(self) -> str:
        """Which page is in front: chat | first_run | connections."""
        if self.window.is_first_run_in_front:
            return "first_run"
        return "chat" if self.window.is_chat_in_front else "connections"

    @property
    def notice(self) -> str:
        """The words of the bar above the composer; empty while it is hidden."""
        return self.window.notice.accessibleName() if self.window.notice.isVisible() else ""

    @property
    def card(self) -> str:
        """The words of the last visible error card, title and sentence; empty without one."""
        cards = [card for card in self.window.transcript.findChildren(ErrorCard) if card.isVisible()]
        return f"{cards[-1].accessibleName()}\n{cards[-1].accessibleDescription()}" if cards else ""

    def wait_until(self, condition: Callable[[], object]) -> None:
        """Let the program run until `condition` holds."""
        deadline = time.monotonic() + self.patience
        with timer_ticks(_LOOK_AGAIN_MS):
            while not condition():
                assert time.monotonic() < deadline, "it did not come about in time"
                process_next_events()

    def wait_for_models(self) -> None:
        """Until the first page has been decided: a model that is there has been picked, or there is none."""

        def is_decided() -> bool:
            choice = self.program.chat.current.settings.choice
            return self.page == "first_run" or self.program.services.models.find(choice) is not None

        self.wait_until(is_decided)

    def wait_for_model(self) -> None:
        """Until a model has been picked that can be talked to.

        A server has two seconds to be found, which it may miss on a busy computer; then one looks again.
        """

        def is_ready() -> bool:
            if self.page == "first_run" and self.program.services.connections.is_settled:
                self.program.services.connections.look()
            choice = self.program.chat.current.settings.choice
            return self.program.services.models.backend(choice) is not None

        self.wait_until(is_ready)

    def activate(self) -> None:
        """Give the window the keyboard."""
        self.window.activateWindow()
        self.wait_until(self.window.isActiveWindow)

    def write(self, text: str) -> None:
        """As if typed."""
        self.window.activateWindow()
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)
        self.box.insertPlainText(text)

    def paste(self, text: str) -> None:
        QApplication.clipboard().setText(text)
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)
        QTest.keySequence(self.box, QKeySequence(QKeySequence.StandardKey.Paste))

    def press_enter(self) -> None:
        QTest.keyClick(self.box, Qt.Key.Key_Return)

    def press(self, keys: str) -> None:
        """A keyboard shortcut of the window, with the focus in the message box."""
        QTest.keySequence(self.box, QKeySequence(keys))

    def ask(self, text: str) -> Message:
        """Send a message and wait until its reply has ended."""
        self.wait_for_model()
        self.write(text)
        ended: list[object] = []
        self.program.chat.generation_ended.connect(ended.append)
        self.press_enter()
        self.wait_until(lambda: ended)
        self.program.chat.generation_ended.disconnect(ended.append)
        return self.path[-1]

    def wait_for_text(self, text: str) -> None:
        """Until the running reply holds `text`."""

        def has_it() -> bool:
            generation = self.program.chat.generation
            return generation is not None and text in generation.builder.message.text

        self.wait_until(has_it)

    def click(self, words: str, within: QWidget | None = None) -> None:
        """Click the visible button with these words or this accessible name."""
        buttons = [
            button
            for button in (within or self.window).findChildren(QPushButton)
            if button.isVisible() and words in (button.text(), button.accessibleName())
        ]
        assert len(buttons) == 1, f"{len(buttons)} buttons say {words!r}"
        QTest.mouseClick(buttons[0], Qt.MouseButton.LeftButton)

    def says(self, words: str) -> bool:
        """Whether a label in sight holds these words."""
        return any(words in label.text() for label in self.window.findChildren(QLabel) if label.isVisible())

    def drain_store(self) -> None:
        """Wait for all that was given to the disk so far."""
        self.program.services.work.run(int).future.result(PATIENCE)

    def stored(self) -> SqliteStore:
        """The database, once the program has been closed."""
        return open_store(self.folder / "candor.db")


@contextlib.contextmanager
def open_program(
    app: QApplication,
    folder: Path,
    file: str = "",
    handed_over: HandedOver | None = None,
    policy: Policy | None = None,
    find_policy: Callable[[], Policy] | None = None,
    typed: str = "",
    before: LeftBehind | None = None,
) -> Iterator[OpenProgram]:
    """Open the window over `folder`, wait until it has begun, and close it all in the end.

    `typed` is written before anything has been read from the disk; `before` is of the window in whose place it opens.
    """
    settings, problem = Settings.load(folder / "settings.json")
    app.setQuitOnLastWindowClosed(False)
    handed_over = handed_over or HandedOver(file)
    with fresh_look(app):
        first = FirstWindow(app, settings, policy or Policy())
        program = Program(first, folder, problem, handed_over, before=before, find_policy=find_policy)
        program.chat.titles.is_wanted = False  # of which servers would be asked amid another test
        opened = OpenProgram(program, folder)
        try:
            program.open()
            opened.box.insertPlainText(typed)
            opened.wait_until(lambda: program.has_begun)
            yield opened
        finally:
            program.window.close()
            # PySide never frees a call that waits for the next turn of the loop when its object is gone before.
            QCoreApplication.sendPostedEvents(None, QEvent.Type.MetaCall)
            program.close()
            opened.left = program.leave_behind() if program.shall_reopen else None
            program.deleteLater()
            program.window.deleteLater()


OpenIt = Callable[[], contextlib.AbstractContextManager[OpenProgram]]
OpenOver = Callable[[Script], contextlib.AbstractContextManager[tuple[OpenProgram, ScriptedServer]]]
"""What the fixtures `open_it` and `open_over` of the window's tests are."""


def export_all(opened, folder):
    """The conversation in every form, and the ledger."""
    program = opened.program
    presenter = program.screens.exporting
    for form in exporters.formats():
        file, wish = folder / f"out{form.ENDING}", ExportWish(ExportScope(""), form, frozenset(ExportPart))
        writing = presenter.write(program.chat.current, wish, file)
        opened.wait_until(lambda writing=writing: not writing.is_running)
        assert file.exists()
    program.screens.ledger.open_current()
    program.screens.ledger.export(folder / "went.csv", "csv")
    opened.wait_until(lambda: (folder / "went.csv").exists())
    opened.window.show_chat()
