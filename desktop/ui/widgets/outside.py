"""What opens outside of the window: a file, chosen in the system's file manager, and a link; where files are picked.

A link opens here alone: after its whole address has been shown, and only http, https or mailto. Dialogs that pick files
begin in the folder used last, else in that of the user's documents.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QStandardPaths, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from desktop.rendering.markdown.links import host_in_letters, safe_href
from desktop.ui.words import fill, translate


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
