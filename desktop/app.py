"""The composition root: builds the parts, hands each what it needs, and shuts down in order.

The only module that knows all rooms. Nothing that the first paint does not need is imported at the top.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QObject, QTimer, QTranslator, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from desktop import __version__
from desktop.core.connection import Connection, ConnectionKind
from desktop.core.repository import StoreError
from desktop.core.resources import resource_path
from desktop.runtime.chat import Chat
from desktop.runtime.connections import Connections
from desktop.runtime.garbage import GarbageCollector
from desktop.runtime.loop_thread import LoopThread
from desktop.runtime.models import ModelDirectory
from desktop.runtime.work import Work
from desktop.store.deferred import DeferredStore
from desktop.store.instance_lock import InstanceLock
from desktop.store.paths import data_dir, starter_model
from desktop.store.settings import Settings, SettingsProblem
from desktop.ui.errors import ErrorAction, describe_store
from desktop.ui.main_window import MainWindow
from desktop.ui.panel_preference import PanelPreference
from desktop.ui.theme import Theme

if TYPE_CHECKING:
    from desktop.backends.http import HttpSettings
    from desktop.core.backend import Backend
    from desktop.engine.process import EngineProcess
    from desktop.store.keys import KeyRing
    from desktop.ui.second_start import FirstInstance

_SAVE_DELAY_MS = 400
# Another program with our lock may be just starting or just ending; neither takes longer, even on a slow disk.
_PATIENCE = 15.0
_ASK_AGAIN = 0.05
_log = logging.getLogger(__name__)


def run(argv: list[str]) -> int:
    """Open the window and answer the exit code."""
    options = _options(argv[1:])
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    app = QApplication(argv[:1])
    QCoreApplication.setApplicationName("Candor")
    QCoreApplication.setApplicationVersion(__version__)
    app.setDesktopFileName("candor")
    try:
        folder = data_dir()
        lock = InstanceLock(folder / "candor.lock")
        if not _is_first(lock, folder, options.file):
            return 0
    except (OSError, StoreError) as error:
        return _cannot_start(app, error)
    program = Program(app, folder, options)
    try:
        program.open()
        return app.exec()
    finally:
        program.close()
        lock.release()


def _is_first(lock: InstanceLock, folder: Path, file: str | None) -> bool:
    """Take the lock, or have the program that holds it show its window. Raises `StoreError` locked if neither works."""
    deadline = time.monotonic() + _PATIENCE
    while not lock.acquire():
        from desktop.ui.second_start import call_first_instance

        if call_first_instance(folder, file):
            return False
        if time.monotonic() > deadline:
            raise StoreError("locked")
        time.sleep(_ASK_AGAIN)
    return True


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="candor", description="A desktop chat client for private language models.")
    parser.add_argument("file", nargs="?", help="a model file (.gguf) to talk to")
    parser.add_argument("--version", action="version", version=f"Candor {__version__}")
    parser.add_argument("--language", help="language of the window, for instance zh_CN")
    parser.add_argument("--exit-after-first-paint", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


class Program(QObject):
    """All parts of the running program. `open` shows the window; the rest begins after its first paint."""

    def __init__(self, app: QApplication, folder: Path, options: argparse.Namespace) -> None:
        super().__init__()
        self._app = app
        self._folder = folder
        self._options = options
        self._settings_file = folder / "settings.json"
        self.settings, self._settings_problem = Settings.load(self._settings_file)
        self._translators = _translate(app, options.language or self.settings.language)
        self.theme = Theme(self.settings.theme, self.settings.text_scale, self)
        self.theme.apply_to(app)
        self._garbage = GarbageCollector(self)
        self._loop = LoopThread()
        self.work = Work(self._loop, self)
        self._store = DeferredStore(folder / "candor.db")
        self._keys: KeyRing | None = None
        self._engine: EngineProcess | None = None
        self.models = ModelDirectory(self.work, self._make_backend, lambda each: self.connections.key_of(each), self)
        self.connections = Connections(
            self.work,
            self.models,
            _probe,
            self._key_ring,
            starter_model,
            QCoreApplication.translate("app", "Built-in engine") if _engine_is_installed() else "",
            self,
        )
        self.connections.saved = self.settings.connections
        self.connections.model_files = self.settings.model_files
        self.chat = Chat(self.work, self._store, self.models, self)
        self.chat.default_choice = self.settings.default_choice
        self.window = MainWindow(
            self.theme,
            self.chat,
            self.models,
            _presets,
            PanelPreference(self.settings.thinking_panel),
            set(self.settings.asked_hosts),
        )
        self._first_instance: FirstInstance | None = None
        self._save_timer = QTimer(self, singleShot=True, interval=_SAVE_DELAY_MS)
        self._save_timer.timeout.connect(self._save_settings)
        self._connect()

    def open(self) -> None:
        """Show the window."""
        self.chat.new()
        self.window.restore(self.settings.window_geometry, self.settings.sidebar_open)
        self.window.installEventFilter(self)
        self.window.show()
        self.window.show_chat()

    def close(self) -> None:
        """Stop replies, close backends, end the engine, close the loop, write settings, close the database."""
        if self._first_instance is not None:
            self._first_instance.close()
        self.chat.stop_all()
        if self._loop.is_running:
            ending = self._loop.submit(self._end_backends())
            try:
                ending.result(timeout=3)
            except Exception:
                _log.warning("closing connections took too long", exc_info=True)
            self._loop.stop()
        if self._save_timer.isActive():
            self._save_timer.stop()
            self._save_settings()
        self.work.close_store(self._store.close)
        self._garbage.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint and watched is self.window:
            self.window.removeEventFilter(self)
            QTimer.singleShot(0, self._after_first_paint)
        return False

    def _after_first_paint(self) -> None:
        if self._options.exit_after_first_paint:
            loaded = sorted(name for name in sys.modules if "." not in name)
            print(json.dumps({"first_paint_at": time.time(), "modules": loaded}), flush=True)  # noqa: T201
            self._app.quit()
            return
        self._loop.start()
        self._garbage.start()
        self.chat.load()
        from desktop.ui.second_start import FirstInstance

        self._first_instance = FirstInstance(self._folder, self)
        self._first_instance.called.connect(self._on_second_start)
        if self._settings_problem is not None:
            self.window.show_problem(_words_of(self._settings_problem))
        if self._options.file:
            self._open_model_file(self._options.file)
        self.connections.look()

    def _connect(self) -> None:
        window = self.window
        window.setting_changed.connect(self._change_setting)
        window.test_requested.connect(self.connections.test)
        window.save_requested.connect(self.connections.save)
        window.remove_requested.connect(self.connections.remove)
        window.file_chosen.connect(self._open_model_file)
        window.look_again_requested.connect(self.connections.look)
        window.action_requested.connect(self._act)
        self.connections.settled.connect(self._on_settled)
        self.connections.saved_changed.connect(self._on_connections_changed)
        self.connections.tested.connect(window.show_test_result)
        self.connections.key_stored.connect(window.show_key_storage)

    def _on_settled(self) -> None:
        """Everybody has answered: pick a model where none is chosen, or show how to get one."""
        first = self.models.first_choice()
        chosen = self.chat.current.settings.choice
        if first is not None and (chosen is None or self.models.connection(chosen.connection_id) is None):
            self.chat.choose_model(first)
        if first is None and self.models.find(chosen) is None and not self.connections.saved:
            answered = any(each.models == [] for each in self.models.listings)
            self.window.show_first_run("no_model" if answered else "nothing")
        elif self.window.is_first_run_in_front:
            self.window.show_chat()

    def _make_backend(self, connection: Connection, key: str) -> Backend:
        match connection.kind:
            case ConnectionKind.OLLAMA:
                from desktop.backends.ollama import OllamaBackend

                return OllamaBackend(connection.address, api_key=key, settings=self._http_settings())
            case ConnectionKind.OPENAI_COMPAT:
                from desktop.backends.openai_compat import OpenAICompatBackend
                from desktop.backends.presets import load_presets

                presets = load_presets()
                preset = presets.get(connection.preset, presets["custom"])
                return OpenAICompatBackend(connection.address, key, preset, settings=self._http_settings())
            case ConnectionKind.BUILT_IN:
                return self._make_built_in()

    def _http_settings(self) -> HttpSettings:
        """What every connection keeps to: with the offline lock, nothing but this computer is reached."""
        from desktop.backends.http import HttpSettings

        return HttpSettings(allow_host=lambda place: place.is_local or not self.settings.offline_lock)

    def _make_built_in(self) -> Backend:
        from desktop.backends.built_in import BuiltInBackend
        from desktop.backends.openai_compat import OpenAICompatBackend
        from desktop.backends.presets import load_presets
        from desktop.engine.model_file import describe_model_file
        from desktop.engine.process import EngineProcess

        preset = load_presets()["llama-server"]
        if self._engine is None:
            self._engine = EngineProcess()
        return BuiltInBackend(
            self._engine,
            self.connections.files,
            describe_model_file,
            lambda address: OpenAICompatBackend(address.base_url, address.key, preset),
        )

    def _key_ring(self) -> KeyRing:
        from desktop.store.keys import KeyRing

        if self._keys is None:
            self._keys = KeyRing()
        return self._keys

    def _open_model_file(self, path: str) -> None:
        choice = self.connections.open_file(path)
        self.chat.choose_model(choice)
        self._change_setting("default_choice", choice)
        self.window.show_chat()

    def _on_connections_changed(self) -> None:
        self._change_setting("connections", self.connections.saved)
        self._change_setting("model_files", self.connections.model_files)

    def _change_setting(self, name: str, value: Any) -> None:
        self.settings = replace(self.settings, **{name: value})
        self._save_timer.start()

    def _save_settings(self) -> None:
        settings, file = self.settings, self._settings_file
        self.work.run_on_store(lambda: settings.save(file), None, self._on_settings_not_saved)

    def _on_settings_not_saved(self, error: Exception) -> None:
        self.window.show_problem(describe_store(error if isinstance(error, StoreError) else StoreError("other")))

    def _act(self, action: str) -> None:
        match action:
            case ErrorAction.OPEN_DATA_FOLDER:
                QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))
            case ErrorAction.QUIT:
                self.window.close()

    def _on_second_start(self, file: str) -> None:
        self.window.showNormal()
        self.window.raise_()
        self.window.activateWindow()
        if file:
            self._open_model_file(file)

    async def _end_backends(self) -> None:
        await self.models.aclose()
        if self._engine is not None:
            await self._engine.aclose()


def _engine_is_installed() -> bool:
    from importlib.util import find_spec

    return find_spec("xllamacpp") is not None


async def _probe() -> list[Connection]:
    """Which servers run on this computer; on the way, what the first answer needs is imported."""
    from desktop.backends.discovery import probe_loopback

    found = await probe_loopback(os.environ)
    _warm_up()
    return found


def _warm_up() -> None:
    """On the loop thread: what the first answer needs, so that it does not wait for imports."""
    from desktop.backends.http import warm_up
    from desktop.rendering.markdown_document import MarkdownDocument

    warm_up()
    MarkdownDocument().append("*warm*")


def _presets() -> list[Any]:
    from desktop.backends.presets import load_presets

    return list(load_presets().values())


def _words_of(problem: SettingsProblem) -> Any:
    from desktop.ui.errors import ErrorText

    translate = QCoreApplication.translate
    title = translate("app", "Your settings could not be read")
    sentence = translate("app", "Candor started with its own settings. Conversations are not affected.")
    if problem.moved_to is not None:
        kept = translate("app", "The unreadable file was kept as %1.").replace("%1", problem.moved_to.name)
        sentence = f"{sentence} {kept}"
    return ErrorText(title, sentence, ())


def _translate(app: QApplication, language: str) -> list[QTranslator]:
    """Install the program's and Qt's own texts in a language ("": the system's)."""
    locale = QLocale(language) if language else QLocale.system()
    QLocale.setDefault(locale)
    folder = resource_path("i18n")
    english, chosen = QTranslator(app), QTranslator(app)
    english.load(str(folder / "candor_en.qm"))  # singulars and plurals for languages that have no file
    chosen.load(locale, "candor", "_", str(folder))
    for translator in (english, chosen):
        app.installTranslator(translator)
    return [english, chosen]


def _cannot_start(app: QApplication, error: OSError | StoreError) -> int:
    """The data folder is not to be used: say so in a window, since nobody reads a terminal."""
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QMessageBox

    known = error if isinstance(error, StoreError) else StoreError("read_only", str(error))
    text = describe_store(known)
    box = QMessageBox(QMessageBox.Icon.Warning, "Candor", text.title)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(text.sentence)
    box.setDetailedText(str(error))
    box.exec()
    return 1
