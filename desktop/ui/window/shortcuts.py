"""The shortcuts of the window: how each is called and its keys. The help lists them from the actions themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from desktop.core.text.translatable import QT_TRANSLATE_NOOP
from desktop.ui.sidebar.column import FIND_KEYS
from desktop.ui.words import translate

if TYPE_CHECKING:
    from desktop.core.teaching.finding import KeyHelp

_ENGLISH = "english"


@dataclass(frozen=True, slots=True)
class Shortcut:
    """Name in English, and the keys that do the same."""

    name: str
    keys: tuple[str, ...]


SHORTCUTS: Mapping[str, Shortcut] = {
    "new": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "New conversation"), ("Ctrl+N",)),
    "temporary": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Temporary conversation"), ("Ctrl+Shift+T",)),
    "start_fresh": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Start fresh"), ("Ctrl+Shift+N",)),
    "find_all": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Find anything said"), (FIND_KEYS,)),
    "find": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Find in this conversation"), ("Ctrl+F",)),
    "next_passage": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Next passage that was looked up"), ("F8",)),
    "earlier_passage": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Passage before that was looked up"), ("Shift+F8",)),
    "export": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Export or print"), ("Ctrl+P",)),
    "rename": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Rename the conversation"), ("F2",)),
    "sidebar": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Sidebar"), ("Ctrl+\\",)),
    "builder": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Prompt builder"), ("Ctrl+B",)),
    "write_in_builder": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Write in the prompt builder"), ("Ctrl+Shift+B",)),
    "recipes": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Recipes"), ("Ctrl+Shift+R",)),
    "connections": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Connections"), ("Ctrl+Shift+O",)),
    "open_file": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Open a model file…"), ("Ctrl+O",)),
    "attach": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Attach files"), ("Ctrl+Shift+A",)),
    "ask_folder": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Ask a folder"), ("Ctrl+Shift+F",)),
    "write": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Write a message"), ("Ctrl+L",)),
    "stop": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Stop"), ("Esc",)),
    "larger": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Larger text"), ("Ctrl++", "Ctrl+=")),
    "smaller": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Smaller text"), ("Ctrl+-",)),
    "normal": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Normal text"), ("Ctrl+0",)),
    "settings": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Settings"), ("Ctrl+,",)),
    "help": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Help"), ("F1",)),
    "quit": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Quit"), ("Ctrl+Q",)),
}


def add_shortcuts(window: QWidget, acts: Mapping[str, Callable[[], object]]) -> None:
    """Give a window all shortcuts; `acts` does what each is for."""
    for key, shortcut in SHORTCUTS.items():
        action = QAction(translate("MainWindow", shortcut.name), window)
        action.setProperty(_ENGLISH, shortcut.name)
        action.setShortcuts([QKeySequence(each) for each in shortcut.keys])
        action.triggered.connect(lambda _=False, act=acts[key]: act())
        window.addAction(action)


def shortcuts_of(window: QWidget) -> list[KeyHelp]:
    """Return the shortcuts that a window has, as the help lists them."""
    from desktop.core.teaching.finding import KeyHelp

    native = QKeySequence.SequenceFormat.NativeText
    return [
        KeyHelp(action.text(), action.property(_ENGLISH) or "", action.shortcut().toString(native))
        for action in window.actions()
        if not action.shortcut().isEmpty()
    ]
