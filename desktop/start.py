"""The start of the program: its arguments, language, the lock against a second program in the same folder, signals."""

from __future__ import annotations

import argparse
import json
import logging
import os
import platform
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QCoreApplication,
    QLibraryInfo,
    QLocale,
    QObject,
    QProcess,
    QSocketNotifier,
    Qt,
    QTimer,
    QTranslator,
    QUrl,
    Signal,
    qVersion,
)
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from shiboken6 import delete

from desktop import __version__
from desktop.core.errors import StoreError
from desktop.core.importing import import_beside_window
from desktop.core.recipes.link import is_link
from desktop.core.resources import QT_TRANSLATE_NOOP, SPOKEN, resource_path
from desktop.faults import FaultWatch
from desktop.first_window import FirstWindow
from desktop.logs import HTTP_DETAILS, LEVELS, begin_log, keep_log
from desktop.store.paths import DATABASE, InstanceLock, begin_beside, data_path
from desktop.store.policy_file import find_policy
from desktop.store.schema import is_of_an_earlier_state
from desktop.store.settings import Settings
from desktop.surroundings import has_display, prepare
from desktop.ui.errors import describe_store
from desktop.ui.opening import Application, HandedOver, call_first_instance

if TYPE_CHECKING:
    from desktop.app import Program
    from desktop.asking import Asking
    from desktop.core.policy.fixed import Policy
    from desktop.services import LeftBehind

# Another program with our lock may be just starting or just ending; neither takes longer, even on a slow disk.
_PATIENCE = 15.0
_ASK_AGAIN = 0.05
_MOST_SIGNALS = 64  # that are taken at once

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Options:
    """What the arguments say."""

    file: str | None = None
    language: str | None = None
    diagnose: str | None = None
    check_policy: str | None = None
    log: str = "warning"
    log_http: str | None = None
    log_file: str | None = None
    platform: str | None = None
    ask: str | None = None
    picture: str | None = None
    exit_after_first_paint: bool = False


def read_arguments(arguments: list[str]) -> Options:
    """Return what the arguments say; explains wrong ones and ends the program, as it does for `--help`."""
    parser = argparse.ArgumentParser(prog="candor", description="A desktop chat client for private language models.")
    parser.add_argument(
        "file",
        nargs="?",
        help="a document to attach, a model file (.gguf) to talk to, a recipe (.toml) or its link (candor:recipe/NAME)",
    )
    parser.add_argument("--version", action="version", version=f"Candor {__version__}")
    parser.add_argument("--language", help="language of the window, for instance zh_CN")
    parser.add_argument(
        "--diagnose", nargs="?", const="", metavar="FILE", help="say what works on this computer, as JSON, and end"
    )
    parser.add_argument("--check-policy", metavar="FILE", help="explain a policy line by line, and end")
    parser.add_argument("--log", choices=LEVELS, help="how much is told of what the program does")
    parser.add_argument(
        "--log-http",
        choices=HTTP_DETAILS,
        help="tell of each request and its answer: without a word of a message (heads), or with them (bodies)",
    )
    parser.add_argument("--log-file", metavar="FILE", help="write the log there, at the end of what it holds")
    # Where environment variables do not reach the program, as under wine.
    parser.add_argument("-platform", "--platform", metavar="NAME", help="Qt's platform plugin, for instance offscreen")
    parser.add_argument("--ask", metavar="TEXT", help=argparse.SUPPRESS)  # see `asking`
    parser.add_argument("--picture", metavar="FILE", help=argparse.SUPPRESS)
    parser.add_argument("--exit-after-first-paint", action="store_true", help=argparse.SUPPRESS)
    first = next((each for each in arguments if each != "--"), "")
    if first and is_link(first):
        # Whoever wrote a link must not write options: a browser may hand on quotes that end what Windows calls "%1".
        arguments = ["--", first]
    options = parser.parse_args(arguments, Options())
    if options.ask is not None and options.file is not None:
        parser.error("--ask takes no file along")
    return options


def run(argv: list[str], find_policy: Callable[[], Policy] = find_policy) -> int:
    """Open the window and return the exit code. `find_policy` returns the policy of this computer."""
    options = read_arguments(argv[1:])
    if options.check_policy is not None:
        return _check_policy(options.check_policy, options.language or "")
    try:
        begin_log(options.log, options.log_http, options.log_file)
    except OSError as error:
        sys.stderr.write(f"candor: {options.log_file} could not be written: {error.strerror}\n")
        return 1
    prepare(os.environ, frozen=getattr(sys, "frozen", False))
    if sys.platform == "linux" and not options.platform and not has_display(os.environ):
        if options.diagnose is None:
            sys.stderr.write("candor: There is no display for the window: DISPLAY and WAYLAND_DISPLAY lead to none.\n")
            return 1
        options.platform = "offscreen"
    app = Application([*argv[:1], *(("-platform", options.platform) if options.platform else ())])
    handed_over = HandedOver(options.file or "", argv[1:], app)
    app.handed_over.connect(handed_over.hand_on)
    QCoreApplication.setApplicationName("Candor")
    QCoreApplication.setApplicationVersion(__version__)
    app.setDesktopFileName("candor")
    install_texts(app, options.language or "")
    if options.diagnose is not None:
        from desktop.diagnosis import diagnose

        return diagnose(options.diagnose)
    folder = data_path()
    try:
        while is_of_an_earlier_state(folder / DATABASE):
            if not asks_for_a_new_folder(folder):
                return 1
            folder = begin_beside(folder)
    except StoreError as error:
        return _cannot_start(error, folder)
    lock = InstanceLock(folder / "candor.lock")
    try:
        if not _is_first(lock, folder, options.file):
            if options.ask is None:
                return 0
            sys.stderr.write("candor: Candor is open already: ask in its window, or close it first.\n")
            return 1
    except StoreError as error:
        # Where nobody can write, nobody needs a lock, and what is there can be read.
        if error.reason not in ("read_only", "full") or not (folder / DATABASE).exists():
            return _cannot_start(error, folder)
    quit_on_signals(app)
    keep_log(folder)
    faults = FaultWatch(app)
    faults.install()
    _log.info("Candor %s on Python %s, Qt %s, %s", __version__, platform.python_version(), qVersion(), sys.platform)
    try:
        status, shall_restart = _open_window(app, folder, options, handed_over, find_policy, faults)
    finally:
        lock.release()
    if shall_restart:
        _start_again()
    return status


def _check_policy(file: str, language: str) -> int:
    """Explain a policy line by line, and return 0 if it can be used as it stands."""
    from desktop.policy import check_policy

    install_texts(QCoreApplication(["candor"]), language)
    return check_policy(Path(file))


def _start_again() -> None:
    """Start the version of the program that is installed now."""
    frozen = getattr(sys, "frozen", False)
    QProcess.startDetached(sys.executable, [] if frozen else ["-m", "desktop"])


def _open_window(
    app: QApplication,
    folder: Path,
    options: Options,
    handed_over: HandedOver,
    find_policy: Callable[[], Policy],
    faults: FaultWatch | None = None,
) -> tuple[int, bool]:
    """Run until the window is closed for good. Return the exit code, and True if the program is to start again.

    A window whose language was changed is made anew where it stood.
    """
    spoken = options.language or ""
    before: LeftBehind | None = None
    while True:
        settings, problem = Settings.load(folder / "settings.json")
        if not options.language and settings.language != spoken:
            spoken = settings.language
            install_texts(app, spoken)
        first = FirstWindow(app, settings, find_policy())
        given = {"before": before, "find_policy": find_policy, "faults": faults}
        life = WindowLife(first, partial(_make_program, first, folder, problem, handed_over, **given), options, faults)
        status = life.exec_until_closed()
        program = life.program
        shall_restart = program is not None and program.upkeep.shall_restart
        before = program.leave_behind() if program is not None and program.shall_reopen else None
        # In this order, since Qt's windows tell of their end; the look would go on to follow the system's.
        for done_with in (program, first.window, first):
            if done_with is not None:
                delete(done_with)
        if before is None:
            return status, shall_restart
        options.language = None
        del life, program, first, done_with  # or they would be there as long as the next window


def _make_program(*given: Any, **named: Any) -> Program:
    from desktop.app import Program  # after the first paint, with all that it imports

    return Program(*given, **named)


class WindowLife(QObject):
    """One life of the window: it is shown, the program behind it loaded and made, and closed."""

    _imported = Signal(object)  # the exception that forbade it, or None

    def __init__(
        self,
        first: FirstWindow,
        make: Callable[[], Program],
        options: Options,
        faults: FaultWatch | None = None,
    ) -> None:
        super().__init__()
        self._app = first.app
        self._first = first
        self._make = make
        self._options = options
        self._faults = faults
        self.program: Program | None = None
        self._asking: Asking | None = None

    def exec_until_closed(self) -> int:
        """Return the exit code, once the window has been closed."""
        is_trial = self._options.exit_after_first_paint
        importing = Thread(target=self._import_program, name="import")
        self._imported.connect(self._open_program, Qt.ConnectionType.QueuedConnection)
        self._first.painted.connect(self._tell_of_first_paint if is_trial else importing.start)
        self._first.show()
        try:
            status = self._app.exec()
            return status if self._asking is None else self._asking.conclude(status)
        finally:
            if importing.ident is not None:
                importing.join()
            if self.program is not None:
                self.program.close()

    def _import_program(self) -> None:
        """Import what is needed after the first paint, on a thread of its own: the window goes on answering."""
        failure = None
        try:
            import_beside_window("desktop.app")
        except BaseException as error:
            failure = error
        self._imported.emit(failure)

    def _open_program(self, failure: BaseException | None) -> None:
        try:
            if failure is not None:
                raise failure
            self.program = program = self._make()
            if self._options.ask is not None:
                from desktop.asking import Asking

                self._asking = Asking(self._app, program, self._options.ask, self._options.picture or "")
            program.open()
        except BaseException:
            QTimer.singleShot(0, self._first, self._give_up)  # when the watch has heard of the fault
            raise

    def _give_up(self) -> None:
        """Say that the program could not be loaded, and end."""
        if self._options.ask is None:
            told = self._faults.told if self._faults is not None else ()
            title = QCoreApplication.translate("app", "Candor could not be opened")
            sentence = QCoreApplication.translate(
                "app",
                "This is a fault of the program's, not of yours. Your conversations are still there. Open it again; if"
                " that does not help, install it again. The details help whoever mends it.",
            )
            _tell(title, sentence, "\n\n".join(told), self._first.window)
        self._app.exit(1)

    def _tell_of_first_paint(self) -> None:
        """Print when the window was painted and what has been loaded for that, and end."""
        loaded = sorted(name for name in sys.modules if "." not in name or name.startswith("desktop."))
        print(json.dumps({"first_paint_at": time.time(), "modules": loaded}), flush=True)  # noqa: T201
        self._app.exit(0)  # at once: `quit` asks the window first, which is not complete


# Words of Qt's own dialogs that Qt's translations lack, or have otherwise. Ours are asked first.
_ALSO_OF_QT = (
    QT_TRANSLATE_NOOP("QFileDialog", "&Look in:"),
    QT_TRANSLATE_NOOP("QFileDialog", "Files of &type:"),
    QT_TRANSLATE_NOOP("QFileSystemModel", "Size"),
    QT_TRANSLATE_NOOP("QAbstractFileIconProvider", "Folder"),
    QT_TRANSLATE_NOOP("QAbstractFileIconProvider", "File Folder"),
    QT_TRANSLATE_NOOP("QAbstractFileIconProvider", "File"),
    QT_TRANSLATE_NOOP("QAbstractFileIconProvider", "Drive"),
    QT_TRANSLATE_NOOP("QPrintSettingsOutput", "Page &Set:"),
)


def install_texts(app: QCoreApplication, language: str) -> None:
    """Install the program's texts in a language ("": the system's); English where it has no file."""
    app.setProperty(SPOKEN, language)
    system = QLocale.system()
    locale = QLocale(language) if language else system
    if language and "_" not in language:  # without a country: that of the system, for dates and numbers
        locale = QLocale(locale.language(), system.territory())
    if locale.language() is QLocale.Language.C:  # a computer that names no language: the window speaks English
        locale = QLocale(QLocale.Language.English)
    QLocale.setDefault(locale)
    folder = resource_path("i18n")
    of_qt, chosen = QTranslator(app), QTranslator(app)
    of_qt.load(locale, "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))  # menus of fields
    chosen.load(locale, "candor", "_", str(folder))
    for earlier in app.findChildren(QTranslator):
        if earlier not in (of_qt, chosen):
            app.removeTranslator(earlier)
            earlier.deleteLater()
    for translator in (of_qt, chosen):
        app.installTranslator(translator)


def _is_first(lock: InstanceLock, folder: Path, file: str | None) -> bool:
    """Take the lock and return True, or have the program that holds it show its window and return False.

    Raises `StoreError` locked if neither works.
    """
    deadline = time.monotonic() + _PATIENCE
    while not lock.acquire():
        if call_first_instance(folder, file):
            return False
        if time.monotonic() > deadline:
            raise StoreError("locked")
        time.sleep(_ASK_AGAIN)
    return True


def quit_on_signals(app: QApplication) -> None:
    """Quit in order on Ctrl+C in a terminal and when the system asks.

    Python sees a signal when it next runs, which may take a while in a window at rest: its byte in a socket wakes Qt.
    """
    sockets = reading, writing = socket.socketpair()

    def end() -> None:
        sockets[0].recv(_MOST_SIGNALS)
        app.quit()

    for each in sockets:
        each.setblocking(False)
    QSocketNotifier(reading.fileno(), QSocketNotifier.Type.Read, app).activated.connect(end)
    signal.set_wakeup_fd(writing.fileno())
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda number, frame: None)


def _cannot_start(error: StoreError, folder: Path) -> int:
    """Show in a window that the data folder can't be used, since nobody reads a terminal. Return the exit code."""
    text = describe_store(error, str(folder))
    _tell(text.title, text.sentence, str(error))
    return 1


def asks_for_a_new_folder(folder: Path) -> bool:
    """Tell that an earlier state of the program made the folder, and return True if a new one is wanted."""
    text = describe_store(StoreError("earlier_state"), str(folder))
    box = QMessageBox(QMessageBox.Icon.Information, "Candor", text.title)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(text.sentence)
    begin = box.addButton(
        QCoreApplication.translate("app", "Begin with a new folder"), QMessageBox.ButtonRole.AcceptRole
    )
    show = box.addButton(QCoreApplication.translate("app", "Show the folder"), QMessageBox.ButtonRole.ActionRole)
    box.addButton(QMessageBox.StandardButton.Close)
    box.setDefaultButton(begin)
    while True:
        box.exec()
        if box.clickedButton() is not show:
            return box.clickedButton() is begin
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _tell(title: str, sentence: str, details: str, window: QWidget | None = None) -> None:
    """Tell why there is no program, and wait until that was read."""
    box = QMessageBox(QMessageBox.Icon.Warning, "Candor", title, parent=window)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(sentence)
    box.setDetailedText(details)
    box.exec()
