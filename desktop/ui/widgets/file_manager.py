"""A file shown in the system's file manager, chosen among those beside it; where that cannot be, its folder opens."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QUrl
from PySide6.QtGui import QDesktopServices

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
