"""Scenes of the gallery with the page *Help*."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.core.message import Message
from desktop.core.prompts.prompt import PromptDraft
from desktop.core.teaching import HelpDoor
from desktop.prompts.texts import load_help
from desktop.ui.chat.page import ChatPage
from desktop.ui.look.theme import Theme
from desktop.ui.teaching.page import HelpPage, HelpSection
from desktop.ui.teaching.trying import HelpDoors
from desktop.ui.widgets.page import PageStack
from desktop.ui.window.acts import SHORTCUTS, add_shortcuts, shortcuts_of
from tests.ui.preferring import Noted

MakeWindow = Callable[[Theme, int], tuple[QWidget, ChatPage]]
Scenes = dict[str, Callable[[Theme, int], QWidget]]


@cache
def the_help():
    """The help as it comes with the program."""
    return load_help()


class Went:
    """The ways out of the help, which only note who went where."""

    def __init__(self):
        self.drafts: list[PromptDraft] = []
        self.compared: list[tuple[str, list[str]]] = []
        self.said: list[tuple[str, list[Message]]] = []
        self.to: list[str] = []

    def doors(self):
        return HelpDoors(
            lambda draft, _: self.drafts.append(draft),
            lambda asked, question, names: self.compared.append((question, [*names, *(each.text for each in asked)])),
            lambda title, messages: self.said.append((title, list(messages))),
            self.to.append,
            {door: lambda door=door: self.to.append(door.value) for door in HelpDoor},
            lambda: self.to.append("diagnostics"),
            lambda: self.to.append("about"),
        )


def keys():
    """The shortcuts of the window, which do nothing here."""
    window = QWidget()
    add_shortcuts(window, dict.fromkeys(SHORTCUTS, lambda: None))
    return shortcuts_of(window)


def help_scenes(make_window):
    """The scenes by their names."""

    def scene(show):
        def make(theme, width):
            whole, chat_page = make_window(theme, width)
            row = whole.layout()
            assert isinstance(row, QHBoxLayout)
            row.removeWidget(chat_page)
            stack = PageStack(chat_page)
            row.addWidget(stack, 1)
            noted = Noted(lessons_read=("parts", "quotes"))
            made = HelpPage(theme, stack, the_help(), keys, Went().doors(), noted)
            made.open()
            show(made)
            return whole

        return make

    lessons = {
        f"lesson_{each.key}": scene(lambda help_, key=each.key: help_.show_topic(key)) for each in the_help().lessons
    }
    return {
        "help": scene(lambda help_: None),
        "help_words": scene(lambda help_: help_.show_topic("token")),
        "help_keys": scene(lambda help_: help_.show_section(HelpSection.KEYS)),
        "help_found": scene(lambda help_: help_.search.setText("r1")),
        **lessons,
    }
