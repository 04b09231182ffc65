"""The settings: what is chosen holds at once, the language too, with the draft and the conversation kept."""

from __future__ import annotations

import gc
import time
import weakref
from collections.abc import Callable

import pytest
from PySide6.QtCore import SIGNAL, QLocale, QMetaMethod, QTimer, QTranslator
from PySide6.QtWidgets import QPushButton

from desktop.core.policy.fixed import Policy
from desktop.start import _open_window, read_arguments
from desktop.store.settings import Settings
from desktop.ui.look.stylesheet import DARK
from desktop.ui.opening import HandedOver
from desktop.ui.window.main_window import MainWindow
from desktop.ui.window.settings_dialog import SettingsDialog
from tests.support.scripted_server import Hold
from tests.support.scripts import ndjson, ollama_line, ollama_lines

pytestmark = pytest.mark.window

_PATIENCE = 30.0  # seconds


def dialog_of(opened):
    opened.window.sidebar.settings_requested.emit()
    found = opened.window.findChild(SettingsDialog)
    assert isinstance(found, SettingsDialog)
    return found


def choose(box, value):
    """As a user picks it from the list."""
    at = box.findData(value)  # type: ignore[attr-defined]
    box.setCurrentIndex(at)  # type: ignore[attr-defined]
    box.activated.emit(at)  # type: ignore[attr-defined]


Condition = Callable[[], object]


class Visitor:
    """Goes through a visit while the program runs in `exec`: each condition that the visit yields is waited for."""

    def __init__(self, app, visit):
        self.is_done = False
        self._app = app
        self._visit = visit
        self._awaited: Condition = lambda: True
        self._deadline = time.monotonic() + _PATIENCE
        self._look = QTimer(interval=10)
        self._look.timeout.connect(self._advance)
        self._look.start()

    def _advance(self):
        if time.monotonic() > self._deadline:
            self._look.stop()
            self._app.exit(1)
        elif self._awaited():
            try:
                self._awaited = next(self._visit)
            except StopIteration:
                self.is_done = True
                self._look.stop()
            except BaseException:
                self._look.stop()
                self._app.exit(1)
                raise


def shown_window(app):
    found = [each for each in app.topLevelWidgets() if isinstance(each, MainWindow) and each.isVisible()]
    return found[0] if found and found[0].is_joined else None


def is_gone(part):
    gc.collect()
    return part() is None


def ask_and_choose_chinese(app):
    """Ask something, begin another message, choose Chinese; returns the conversations of the window so far."""
    yield lambda: (window := shown_window(app)) and window.chat.current.settings.choice
    window = shown_window(app)
    assert window is not None
    chat = window.chat
    yield lambda: chat.generation is not None or chat.send("What is two and two?")
    yield lambda: chat.generation is None and bool(chat.conversations)
    asked = chat.current.id
    window._acts.new_temporary()
    window.composer.set_text("for nobody's eyes")
    chat.open(asked)
    yield lambda: chat.current.id == asked
    window.composer.set_text("half a sen")
    window.sidebar.settings_requested.emit()
    dialog = window.findChild(SettingsDialog)
    assert dialog is not None
    choose(dialog.language, "zh_CN")
    yield lambda: (other := shown_window(app)) and other.chat is not chat and other.chat.current.id == asked
    return weakref.ref(chat)


def change_language(app):
    """Choose Chinese in the midst of things, look at what has become of it all, and close."""
    earlier = yield from ask_and_choose_chinese(app)
    other = shown_window(app)
    assert other is not None
    yield lambda: other.composer.text() == "half a sen" and other.findChild(SettingsDialog)
    assert any("新对话" in button.text() for button in other.sidebar.findChildren(QPushButton))
    assert len(other.chat.path.entries) == 2
    again = other.findChild(SettingsDialog)
    assert again is not None
    assert again.isVisible()
    assert again.windowTitle() == "设置"
    yield lambda: again.focusWidget() is again.language  # as soon as the window manager gives it the keyboard
    assert again.language.currentText() == "简体中文"
    other._acts.new_temporary()
    assert other.composer.text() == "for nobody's eyes"
    yield lambda: is_gone(earlier)  # nothing of the window before is kept
    other.close()


def test_what_is_chosen_holds_at_once_but_the_language_waits_for_the_end_of_an_answer(open_it, server):
    server.script["POST /api/chat"] = [ndjson([ollama_line("So far")], then=[Hold(), *ndjson(ollama_lines("")).steps])]
    with open_it() as opened:
        opened.wait_for_model()
        dialog = dialog_of(opened)
        assert dialog.language.isEnabled()
        assert opened.program.chat.send("two and two")  # as one that has waited
        opened.wait_until(lambda: not dialog.language.isEnabled())
        server.release()
        opened.wait_until(dialog.language.isEnabled)
        choose(dialog.look.fields["theme"].control, "dark")
        assert opened.program.window.theme.tokens == DARK
        choose(dialog.look.fields["text_scale"].control, 1.5)
        assert opened.program.window.theme.text_scale == 1.5
        dialog.offline.click()
        assert opened.program.services.settings.now.offline_lock
        assert (opened.program.services.settings.now.theme, opened.program.services.settings.now.text_scale) == (
            "dark",
            1.5,
        )
        dialog.reject()
        choose(dialog.look.fields["theme"].control, "system")
        choose(dialog.look.fields["text_scale"].control, 1.0)


def listeners(app):
    """How many hear of each signal of the application, its screens and what else is there as long as it."""
    signals = (
        (source, source.metaObject().method(number))
        for source in (app, app.styleHints(), app.inputMethod(), app.clipboard(), *app.screens())
        for number in range(source.metaObject().methodCount())
    )
    return {
        f"{type(source).__name__} {signal.name()}": source.receivers(SIGNAL(signal.methodSignature().data().decode()))
        for source, signal in signals
        if signal.methodType() is QMetaMethod.MethodType.Signal
    }


def test_the_language_changes_where_one_stands(qapp, candor_home, monkeypatch, server):
    """The window is made anew in it; the conversation in front, what is being written and the settings are there."""
    monkeypatch.setenv("OLLAMA_HOST", server.url)
    before, heard = QLocale(), listeners(qapp)
    qapp.setQuitOnLastWindowClosed(True)
    visitor = Visitor(qapp, change_language(qapp))
    options = read_arguments(["--language", "en"])
    try:
        status, _ = _open_window(qapp, candor_home, options, HandedOver(), Policy)
    finally:
        qapp.setQuitOnLastWindowClosed(False)
        for translator in qapp.findChildren(QTranslator):
            qapp.removeTranslator(translator)
        QLocale.setDefault(before)
    assert listeners(qapp) == heard
    assert visitor.is_done
    assert status == 0
    assert Settings.load(candor_home / "settings.json")[0].language == "zh_CN"
