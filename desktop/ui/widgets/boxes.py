"""Boxes over a window: what all dialogs are laid out by, a text to read, a question, one message box at a time.

They pick no words but *Close*. A text to be read and copied may be of any length: a long one comes in portions, and
nothing stands still. The last is for a search that takes long, or its outcome; the newest wins. For what others hand
over, who must not be able to fill the screen with boxes.
With what opens outside of the window: a file in the system's file manager, and a link, after its whole address has been
shown, and only http, https or mailto. Dialogs that pick files begin in the folder used last, else in that of the user's
documents.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QProcess, QSize, QStandardPaths, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication, QTextBlock, QTextCursor
from PySide6.QtWidgets import QBoxLayout, QDialog, QMessageBox, QPlainTextEdit, QPushButton, QWidget

from desktop.rendering.markdown.links import host_in_letters, safe_href
from desktop.ui.look.stylesheet import GAP, GAP_PAGE, GAP_SECTION, set_look
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.keys import step
from desktop.ui.widgets.labels import PlainLabel, set_tooltip
from desktop.ui.widgets.layout import stack
from desktop.ui.words import fill, translate

_AT_ONCE = 60_000  # characters of lines: some five milliseconds
_LONGEST_LINE = 2_000  # a line is laid out as a whole, so a longer one goes on in the next
_GOES_ON = 1  # the state of a line that goes on with the one before


class ReadText(QPlainTextEdit):
    """A box that cannot be written in. `is_whole` tells if all of the text stands in it.

    What is copied is the text as it was given, also where its lines are broken here or a part of it is still to come.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)  # else all of it would be kept twice
        self._text = ""
        self._has_broken_lines = False
        self._coming: Iterator[Portion] = iter(())
        self._next = QTimer(self, interval=0)
        self._next.timeout.connect(self._go_on)

    @property
    def is_whole(self) -> bool:
        """True if no portion is still to come."""
        return not self._next.isActive()

    def show_text(self, text: str) -> None:
        """Show a text from its beginning, in place of the one before."""
        self._text, self._has_broken_lines = text, False
        self._coming = portions(text)
        self.setPlainText("")
        self._go_on()
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self._next.start()

    def _go_on(self) -> None:
        portion = next(self._coming, None)
        if portion is None:
            self._next.stop()
            return
        first = self.document().blockCount() - 1
        cursor = QTextCursor(self.document())  # not the one of the user, who may be selecting
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(portion.text)
        self._has_broken_lines = self._has_broken_lines or bool(portion.broken)
        for number in portion.broken:
            self.document().findBlockByNumber(first + number).setUserState(_GOES_ON)

    def _selected_as_given(self, cursor: QTextCursor) -> str:
        """Return the selected text without the breaks that were made here."""
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        if start == 0 and end == self.document().characterCount() - 1:
            return self._text
        pieces: list[str] = []
        block = self.document().findBlock(start)
        while block.isValid() and block.position() <= end:
            if pieces and block.userState() != _GOES_ON:
                pieces.append("\n")
            pieces.append(_within(block, start, end))
            block = block.next()
        return "".join(pieces)

    # Qt's own methods

    def createMimeDataFromSelection(self) -> QMimeData:
        cursor, is_part = self.textCursor(), self._has_broken_lines or not self.is_whole
        if not (is_part and cursor.hasSelection()):
            return super().createMimeDataFromSelection()
        taken = QMimeData()
        taken.setText(self._selected_as_given(cursor))
        return taken


@dataclass(frozen=True, slots=True)
class Portion:
    """Portion of a text as it is shown; `broken` are the numbers of its lines that go on with the one before."""

    text: str
    broken: tuple[int, ...] = ()


def portions(text: str) -> Iterator[Portion]:
    """Yield a text in portions, with a line break within lines that are too long to be laid out as one."""
    for at in range(0, len(text), _AT_ONCE):
        yield _portion(text[at : at + _AT_ONCE])


def _portion(text: str) -> Portion:
    lines: list[str] = []
    broken: list[int] = []
    for line in text.split("\n"):
        lines.append(line[:_LONGEST_LINE])
        for at in range(_LONGEST_LINE, len(line), _LONGEST_LINE):
            broken.append(len(lines))
            lines.append(line[at : at + _LONGEST_LINE])
    return Portion("\n".join(lines), tuple(broken))


def _within(block: QTextBlock, start: int, end: int) -> str:
    """Return what of a line stands between two places of its document, which count as Qt does."""
    cursor = QTextCursor(block)
    cursor.setPosition(max(start, block.position()))
    cursor.setPosition(min(end, block.position() + block.length() - 1), QTextCursor.MoveMode.KeepAnchor)
    return cursor.selectedText()


_MOST_OF_SCREEN = 0.9
_BEFORE_SAYING_MS = 300  # a disk of this computer has answered by then, and a box would only flicker
_Role = QMessageBox.ButtonRole


class Dialog(QDialog):
    """A modal dialog that deletes itself when it is closed: a column of parts, and a row of buttons at its foot."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setModal(True)
        self.finished.connect(self.deleteLater)
        self.column = stack(gap=GAP_SECTION, margins=GAP_PAGE, on=self)

    def add_foot(self, left: Sequence[QPushButton], right: Sequence[QPushButton], default: QPushButton) -> QBoxLayout:
        """Add the row of buttons to the column; Enter presses `default`, one of them. Returns the row."""
        for button in (*left, *right):
            button.setAutoDefault(button is default)
        default.setDefault(True)
        foot = stack(*left, None, *right, across=True)
        self.column.addLayout(foot)
        return foot

    def fit(self, wanted: QSize) -> None:
        """Take the size that is wanted, or what a small screen has of it, so that its buttons are above the edge."""
        self.resize(wanted.boundedTo(self.screen().availableSize() * _MOST_OF_SCREEN))

    # Qt's own method

    def focusNextPrevChild(self, next: bool) -> bool:
        return step(self, forward=next)


class TextDialog(Dialog):
    """A dialog with a text that can only be read and copied, under its title and a sentence on it."""

    def __init__(self, theme: Theme, title: str, words: str, parent: QWidget | None, size: tuple[int, int]) -> None:
        """`size` in pixels at text size 100 %; a small screen makes it smaller."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.text = ReadText()
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(title)
        self.text.document().setDocumentMargin(GAP)
        set_look(self.text, "framed")
        close = QPushButton(self.tr("Close"))
        close.clicked.connect(self.reject)
        self.column.addWidget(PlainLabel(title, "title", wraps=True))
        self.column.addWidget(PlainLabel(words, "muted", wraps=True))
        self.column.addWidget(self.text, 1)
        self._foot = self.add_foot((), (close,), close)
        self.fit(QSize(*map(theme.px, size)))

    def offer(self, words: str) -> QPushButton:
        """Add a button at the left of the foot."""
        button = QPushButton(words)
        button.setAutoDefault(False)
        self._foot.insertWidget(0, button)
        return button


class QuestionBox(QMessageBox):
    """A box that deletes itself when it is answered. The last answer is the way out, which Esc takes."""

    def __init__(self, parent: QWidget | None, text: str, explanation: str, *, warns: bool = False) -> None:
        icon = QMessageBox.Icon.Warning if warns else QMessageBox.Icon.Question
        super().__init__(icon, "Candor", "", QMessageBox.StandardButton.NoButton, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)  # names of files and models are foreign
        self.setText(text)
        self.setInformativeText(explanation)
        self.finished.connect(self.deleteLater)

    def offer(self, words: str, do: Callable[[], object], *, destroys: bool = False) -> QPushButton:
        """Add an answer, and what is done if it is given. Enter takes the first one, unless something is destroyed."""
        button = self.addButton(words, _Role.DestructiveRole if destroys else _Role.AcceptRole)
        button.clicked.connect(lambda: do())
        if len(self.buttons()) == 1:
            self.setDefaultButton(button)
        return button

    def ask(self, way_out: str) -> None:
        """Add the way out, and show the box. Where the first answer destroys something, Enter takes the way out."""
        first = self.buttons()[0]
        stay = self.addButton(way_out, _Role.RejectRole)
        self.setEscapeButton(stay)
        if self.buttonRole(first) is _Role.DestructiveRole:
            self.setDefaultButton(stay)
        self.open()


class OneBox(QObject):
    """A message box at most; a newer one replaces it. Searches are numbered to recognise outdated results."""

    given_up = Signal()  # the user waits no longer for what is being looked for

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._box: QMessageBox | None = None
        self._looking = ("", "", "", "")  # the words of the box that says that a search takes long
        self._count = 0
        self._soon = QTimer(self, singleShot=True, interval=_BEFORE_SAYING_MS)
        self._soon.timeout.connect(self._say_looking)

    def start_search(self, title: str, why: str, stop: str, tip: str = "") -> int:
        """Close the present box, and show one that says why the search takes long, if it does.

        `stop` stands on its only button, which ends the search. Return the number of this search.
        """
        self.take_back()
        self._looking = title, why, stop, tip
        self._soon.start()
        return self._count

    def is_awaited(self, number: int) -> bool:
        """Return True if this search is the newest, and has neither ended nor been given up."""
        return number == self._count

    def take_back(self) -> None:
        """Give up the search, and close the box."""
        self._count += 1
        self._soon.stop()
        box, self._box = self._box, None
        if box is not None:
            box.close()

    def say(self, box: QMessageBox) -> None:
        """Show a box in place of the one before; the program goes on meanwhile."""
        self.take_back()
        self._open(box)

    def _say_looking(self) -> None:
        title, why, stop, tip = self._looking
        box = QuestionBox(self._window, title, why)
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.addButton(stop, _Role.RejectRole)
        set_tooltip(box, tip)
        box.rejected.connect(lambda: self._give_up(box))
        self._open(box)

    def _give_up(self, box: QMessageBox) -> None:
        if self._box is box:  # a box that is closed in `take_back` says that it was rejected, too
            self.take_back()
            self.given_up.emit()

    def _open(self, box: QMessageBox) -> None:
        def forget() -> None:
            self._box = None if self._box is box else self._box
            box.deleteLater()

        self._box = box
        box.finished.connect(forget)
        box.open()


def users_documents() -> Path:
    """Return the folder of the user's documents, or their home where there is none."""
    documents = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    return documents if os.path.isdir(documents) else Path.home()


class PickedFolder:
    """The folder from which files were picked last, remembered over a restart."""

    def __init__(self, last: str, keep: Callable[[str], object]) -> None:
        """Keep the dependencies. `last` is the folder of an earlier time, empty for none; `keep` remembers one."""
        self._last = last
        self._keep = keep

    def beginning(self) -> str:
        """Return the folder in which a dialog is to begin; one that is gone is not begun in."""
        return self._last if self._last and os.path.isdir(self._last) else str(users_documents())

    def note(self, picked: Sequence[str]) -> None:
        """Remember the folder of what was picked; of nothing there is none."""
        folder = os.path.dirname(picked[0]) if picked else self._last
        if folder != self._last:
            self._last = folder
            self._keep(folder)


_SERVICE = "org.freedesktop.FileManager1"


def show_in_folder(file: Path, parent: QObject) -> None:
    """Have the file manager show a file; waits for nothing."""
    program, *arguments = command_for(file, sys.platform)
    process = QProcess(parent)

    def open_folder() -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(file.parent)))

    def end(code: int, _: QProcess.ExitStatus) -> None:
        if code and sys.platform != "win32":  # the Explorer always says that it failed
            open_folder()
        process.deleteLater()

    process.finished.connect(end)
    process.errorOccurred.connect(lambda error: open_folder() if error is QProcess.ProcessError.FailedToStart else None)
    process.start(program, arguments)


def command_for(file: Path, system: str) -> list[str]:
    """Return the program that shows a file on a system, as `sys.platform` names it, and its arguments."""
    match system:
        case "win32":
            return ["explorer.exe", "/select,", str(file)]
        case "darwin":
            return ["open", "-R", str(file)]
        case _:
            # A comma would end the address, since what is sent is a list.
            address = bytes(QUrl.fromLocalFile(str(file)).toEncoded().data()).decode("ascii").replace(",", "%2C")
            call = [f"--dest={_SERVICE}", "/org/freedesktop/FileManager1", f"{_SERVICE}.ShowItems"]
            return ["dbus-send", "--session", "--print-reply", *call, f"array:string:{address}", "string:"]


_LINE = 64  # characters; the question must not become wider than the screen


def ask_and_open(parent: QWidget, href: str, explanation: str = "") -> None:
    """Show a link's address and open it if the user agrees; anything unsafe is not offered.

    `explanation` says who wrote it; empty: a model did.
    """
    address = safe_href(href)
    if not address:
        return
    box = QMessageBox(parent)
    box.setWindowTitle(translate("open_link", "Open this link?"))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(explanation or _explanation(address))
    lines = [address[at : at + _LINE] for at in range(0, len(address), _LINE)]
    box.setInformativeText("\n".join(lines + _warning(address)))
    open_button = box.addButton(translate("open_link", "Open"), QMessageBox.ButtonRole.AcceptRole)
    copy_button = box.addButton(translate("open_link", "Copy the address"), QMessageBox.ButtonRole.ActionRole)
    box.setDefaultButton(box.addButton(translate("open_link", "Cancel"), QMessageBox.ButtonRole.RejectRole))
    box.exec()
    if box.clickedButton() is open_button:
        QDesktopServices.openUrl(QUrl(address, QUrl.ParsingMode.StrictMode))
    elif box.clickedButton() is copy_button:
        QGuiApplication.clipboard().setText(address)
    box.deleteLater()


def _explanation(address: str) -> str:
    if address.startswith("mailto:"):
        return translate("open_link", "The model wrote this address. It opens in your mail program:")
    return translate("open_link", "The model wrote this link. It opens in your browser:")


def _warning(address: str) -> list[str]:
    """Return the warning below an address whose host is written in letters that look like others; else nothing."""
    letters = host_in_letters(address)
    if not letters:
        return []
    words = translate("open_link", "In its own letters the site is called “%1”. Such a name can look like another.")
    return ["", fill(words, letters)]
