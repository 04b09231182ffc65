"""What the window says of this computer and of the program itself: policy, folder, faults, a new version, diagnostics.

Part of the composition root, since it knows the store, the running parts and the window.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer

import desktop
from desktop.diagnosis import WINDOW_CHECKS, WINDOW_SLOW_CHECKS, look, text_of
from desktop.faults import FaultWatch
from desktop.runtime.background import gui_task
from desktop.services import ProgramServices
from desktop.store.disk import close_to_others, who_else_can_write
from desktop.ui.keeping import DiagnosticsDialog, FaultSheet
from desktop.ui.policy import PolicyDialog, closed_words
from desktop.ui.window.main_window import MainWindow
from desktop.ui.window.settings_dialog import SettingsDialog
from desktop.ui.words import fill

_LOOK_EVERY_MS = 60_000  # for another version
_VERSION = re.compile(r'__version__ = "([^"]+)"')
translate = QCoreApplication.translate


class Upkeep(QObject):
    """The mediator between what is found out about this computer and the window."""

    def __init__(
        self, services: ProgramServices, window: MainWindow, faults: FaultWatch | None, parent: QObject
    ) -> None:
        """`faults` is None where somebody else hears of them, as in a test."""
        super().__init__(parent)
        self._services = services
        self._window = window
        self._faults = faults
        self._version = ""  # of the program's files as they were at the start
        self._looks = QTimer(self, interval=_LOOK_EVERY_MS)
        self._looks.timeout.connect(self.look_for_another_version)
        self.shall_restart = False  # another version is to be started when this one has ended
        window.stayed.connect(self._stay)
        window.diagnostics_requested.connect(self.show_diagnostics)

    def begin_watching(self) -> None:
        """Say what there is to say at a start, and watch from now on."""
        self._say_policy()
        self._say_who_else_can_write()
        self._version = version_on_disk()
        self._looks.start()
        if self._faults is not None:
            self._faults.happened.connect(self.show_fault, Qt.ConnectionType.QueuedConnection)
            for details in self._faults.told:
                self.show_fault(details)

    def show_policy(self) -> None:
        """Show what the policy of this computer fixes."""
        PolicyDialog(self._window.theme, self._services.policy, self._window).open()

    @gui_task
    async def show_diagnostics(self) -> None:
        """Show what this copy of the program finds on this computer."""
        dialog = DiagnosticsDialog(self._window.theme, self._window)
        found, problems = look(WINDOW_CHECKS)
        found["connections"] = self._connections()
        found["engine_log"] = self._services.backends.engine_log()
        found["faults"] = list(self._faults.told) if self._faults is not None else []
        dialog.open()
        slow, slow_problems = await self._services.work.slowly(lambda: look(WINDOW_SLOW_CHECKS))
        dialog.show_text(text_of({**found, **slow}, {**problems, **slow_problems}))

    def show_fault(self, details: str) -> None:
        """Show a fault of the program's own, on the sheet that is there if one is."""
        earlier = self._window.findChild(FaultSheet)
        if isinstance(earlier, FaultSheet) and earlier.isVisible():
            earlier.add_details(details)
            return
        sheet = FaultSheet(self._window.theme, details, self._window)
        sheet.diagnostics_requested.connect(lambda: self.show_diagnostics())
        sheet.show()

    def _connections(self) -> list[dict[str, object]]:
        """Return the connections and what came of asking each for its models."""
        told = []
        for each in self._services.models.listings:
            failure, connection = each.failure, each.connection
            told.append(
                {
                    "name": connection.name,
                    "kind": str(connection.kind),
                    "address": re.sub(r"//[^/@]*@", "//", connection.address),
                    "place": str(connection.server_place.kind),
                    "has_key": connection.has_key,
                    "models": None if each.models is None else len(each.models),
                    "error": None if failure is None else f"{failure.kind} {failure.reason}".strip(),
                    "detail": "" if failure is None else failure.detail,
                }
            )
        return told

    def tell_of_policy(self) -> None:
        """Say that what is fixed has changed, and close the settings, which show what was fixed before."""
        for dialog in self._window.findChildren(SettingsDialog):
            dialog.reject()
        self._window.connections.follow_policy()
        if self._services.policy.is_closed:
            self._say_policy()
            return
        words = translate("app", "What is fixed on this computer has changed. It holds from now on.")
        details = (translate("app", "What is fixed…"), self.show_policy)
        self._window.notice.show_text(words, (details,), calmly=True)

    def _say_policy(self) -> None:
        if not self._services.policy.is_closed:
            return
        details = (translate("app", "What is wrong…"), self.show_policy)
        self._window.notice.show_text(closed_words(self._services.policy), (details,))

    def _say_who_else_can_write(self) -> None:
        """Say that others could change or put something into the folder of conversations, and offer to close it."""
        who = who_else_can_write(self._services.folder)
        if who == "nobody":
            return
        if who == "owner":
            words = translate(
                "app", "The folder %1 belongs to another user of this computer, who can read and change it."
            )
            offers = []
        else:
            words = translate("app", "Other users of this computer can change what Candor keeps in %1.")
            offers = [(translate("app", "Close it to others"), self._close_folder)]
        self._window.notice.show_text(fill(words, str(self._services.folder)), offers)

    def _close_folder(self) -> None:
        if close_to_others(self._services.folder):
            self._window.notice.hide()
        else:
            words = translate("app", "The system did not allow that. Ask whoever looks after this computer.")
            self._window.notice.show_text(words)

    def look_for_another_version(self) -> None:
        """Say once if the program's files are those of another version; what is being replaced is looked at later.

        Packages replace files under a running program, which then loads late what is of the new version.
        """
        now = version_on_disk()
        if self._version and now and now != self._version:
            self._version = ""
            self._offer_restart()

    def _offer_restart(self) -> None:
        words = translate("app", "Another version of Candor has been installed. It is used from the next start on.")
        restart = (translate("app", "Restart now"), self._restart)
        self._window.notice.show_text(words, (restart,), calmly=True)

    def _restart(self) -> None:
        self.shall_restart = True
        self._window.close_if_allowed()

    def _stay(self) -> None:
        self.shall_restart = False


def version_on_disk() -> str:
    """Return what tells the version of the program's files from another: the version, or when they were put there."""
    if getattr(sys, "frozen", False):
        try:
            found = os.stat(sys.executable)
        except OSError:
            return ""
        return f"{found.st_ino} {found.st_size} {found.st_mtime_ns}"
    try:
        text = Path(desktop.__file__ or "").read_text(encoding="utf-8")
    except OSError:
        return ""
    version = _VERSION.search(text)
    return version[1] if version else ""
