"""What a user does to the whole window in a conversation, each in one call: for tests that do it in any order."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TypeVar

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QCursor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QPushButton, QSplitter, QWidget

from desktop.core.conversation import Conversation, ConversationSettings
from desktop.core.message import Message
from desktop.store.database import open_store
from desktop.ui.fresh_start.sheet import FreshSheet
from desktop.ui.look.panel_preference import PanelPreference
from desktop.ui.look.tokens import DARK
from desktop.ui.prompts.place import PromptPlace
from desktop.ui.text.surface import TextSurface
from desktop.ui.transcript.thinking import ThinkingHeader
from desktop.ui.widgets.buttons import FoldButton
from desktop.ui.widgets.find_bar import FindBar
from tests.support.scripted_server import Fed, Reply
from tests.support.scripts import ollama_end, ollama_line

FED = Reply([Fed()], content_type="application/x-ndjson")
FIRST_SIZE = (1000, 700)
_Widget = TypeVar("_Widget", bound=QWidget)
_NOWHERE = QPoint(1590, 990)  # of the screen: beside every window


class WindowDeeds:
    """Drives one open program over an Ollama whose replies are `FED`."""

    def __init__(self, opened, server):
        self._opened = opened
        self._server = server
        self.window = opened.window
        self._theme = opened.program.window.theme
        self._choice = opened.program.chat.current.settings.choice
        self._actions = {action.text(): action for action in self.window.actions()}

    def begin(self, messages):
        """Put everything back to where a first start has it, and these messages in front as a conversation."""
        self.finish_reply()
        self._actions["Write a message"].trigger()
        self.window.show_chat()
        self.press_escape(3)
        if self.builder_is_open:
            self.toggle_builder()
        if not self.window.sidebar.isVisible():
            self.toggle_sidebar()
        if self._theme.tokens is DARK:
            self.choose_theme("light")
        self.change_text_size("Normal text")
        self.window.reading.read(preference=PanelPreference.AUTO)
        self.point_nowhere()
        self.window.composer.set_text("")
        self.resize(*FIRST_SIZE)
        chat = self._opened.program.chat
        earlier = chat.current.id
        conversation = self._store(messages)
        chat.load(lambda: chat.open(conversation.id))
        self._opened.wait_until(lambda: chat.current.id == conversation.id and len(self._opened.path) == len(messages))
        chat.delete(earlier)

    def _store(self, messages):
        lined: list[Message] = []
        for message in messages:
            parent = lined[-1].id if lined else None
            lined.append(replace(message, parent_id=parent))
        conversation = Conversation(
            title="A long conversation", head_id=lined[-1].id, settings=ConversationSettings(choice=self._choice)
        )
        store = open_store(self._opened.folder / "candor.db")
        store.begin_reply(conversation, lined)
        store.close()
        return conversation

    # The window

    @property
    def builder_is_open(self):
        place = self.window.findChild(PromptPlace)
        assert isinstance(place, PromptPlace)
        return place.is_shown

    def toggle_builder(self):
        self._actions["Prompt builder"].trigger()

    def toggle_sidebar(self):
        self._actions["Sidebar"].trigger()

    def resize(self, width, height):
        self.window.resize(width, height)
        self._opened.wait_until(lambda: (self.window.width(), self.window.height()) == (width, height))

    def change_text_size(self, way):
        """`way`: Larger text | Smaller text | Normal text."""
        self._actions[way].trigger()

    def choose_theme(self, mode):
        self._theme.set_mode(mode)

    def show_connections(self):
        self._actions["Connections"].trigger()

    def come_back(self):
        """Go back to the messages from whatever is in front of them; False where nothing is."""
        if self.is_at_messages:
            return False
        if self.window.is_chat_in_front:
            self.press_escape()
        else:
            self.window.show_chat()
        return True

    def press_escape(self, times=1):
        for _ in range(times):
            self._actions["Stop"].trigger()

    def start_fresh(self):
        self._actions["Start fresh"].trigger()

    def find(self, words):
        """Open the bar for finding, and write into it."""
        self._actions["Find in this conversation"].trigger()
        if (field := self._find_field) is not None:
            field.setText(words)

    def find_next(self):
        if (field := self._find_field) is not None:
            QTest.keyClick(field, Qt.Key.Key_Return)

    @property
    def is_finding(self):
        return self._find_field is not None

    @property
    def _find_field(self):
        """What is written into to find; None where that cannot be seen."""
        bar = self.window.findChild(FindBar)
        field = bar.findChild(QLineEdit) if isinstance(bar, FindBar) and bar.isVisible() else None
        return field if isinstance(field, QLineEdit) else None

    def write(self, words):
        self.window.composer.set_text(words)

    def fold_builder(self, which):
        """Fold or unfold one of the parts of the builder."""
        folds = [each for each in self.window.findChildren(FoldButton) if each.isVisible()]
        if folds:
            folds[which % len(folds)].click()

    def widen_builder(self, width):
        """Move the border between the conversation and the builder beside it."""
        place = self.window.findChild(PromptPlace)
        splitter = place.findChild(QSplitter) if isinstance(place, PromptPlace) else None
        if not self.builder_is_open:
            self.toggle_builder()
        if isinstance(splitter, QSplitter):
            splitter.moveSplitter(splitter.width() - width, 1)

    # The messages

    @property
    def is_at_messages(self):
        """Whether the conversation is in front, and no sheet lies on it."""
        return self.window.is_chat_in_front and not any(
            each.isVisible() for each in self.window.findChildren(FreshSheet)
        )

    @property
    def surfaces(self):
        """The texts in sight, from top to bottom."""
        shown = self.window.transcript.viewport()
        return self._from_top([each for each in shown.findChildren(TextSurface) if not each.visibleRegion().isEmpty()])

    def scroll(self, by, times=1):
        bar = self.window.transcript.verticalScrollBar()
        for _ in range(times):
            bar.setValue(bar.value() + by)
            QApplication.processEvents()

    def scroll_to(self, share):
        bar = self.window.transcript.verticalScrollBar()
        bar.setValue(round(bar.maximum() * share))

    def scroll_sideways(self, which, share, by):
        """Turn the wheel sideways over what stands at a share of the visible height of a text."""
        if (surface := self._surface(which)) is None:
            return
        at = QPointF(self._point_in(surface, 0.2, share))
        wheel = QWheelEvent(
            at,
            QPointF(surface.mapToGlobal(at)),
            QPoint(by, 0),
            QPoint(),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(surface, wheel)

    def toggle_thinking(self, which):
        shown = self.window.transcript.viewport()
        panels = [each for each in shown.findChildren(ThinkingHeader) if not each.visibleRegion().isEmpty()]
        if panels:
            self._from_top(panels)[which % len(panels)].click()

    def prefer_thinking(self, preference):
        self.window.reading.read(preference=preference)

    def point_at(self, which, across, down):
        """Put the pointer on a text."""
        if (surface := self._surface(which)) is not None:
            QCursor.setPos(surface.mapToGlobal(self._point_in(surface, across, down)))

    def point_nowhere(self):
        QCursor.setPos(_NOWHERE)

    def click(self, which, across, down):
        if (surface := self._surface(which)) is not None:
            QTest.mouseClick(surface, Qt.MouseButton.LeftButton, pos=self._point_in(surface, across, down))

    def drag(self, which, start, end):
        """Select from one point of a text to another."""
        if (surface := self._surface(which)) is not None:
            QTest.mousePress(surface, Qt.MouseButton.LeftButton, pos=self._point_in(surface, 0.1, start))
            QTest.mouseMove(surface, self._point_in(surface, 0.7, end))
            QTest.mouseRelease(surface, Qt.MouseButton.LeftButton, pos=self._point_in(surface, 0.7, end))

    def press_button(self, which):
        """Press one of the buttons at the messages in sight; a menu that it opens is closed again."""
        transcript = self.window.transcript
        buttons = [each for each in transcript.findChildren(QAbstractButton) if not each.visibleRegion().isEmpty()]
        buttons = [each for each in buttons if each.isEnabled() and not (isinstance(each, QPushButton) and each.menu())]
        if buttons:
            self._from_top(buttons)[which % len(buttons)].click()
            popup = QApplication.activePopupWidget()
            if popup is not None:
                popup.close()

    def select_all(self):
        self.window.transcript.selection.select_all()

    def press_tab(self, times):
        for _ in range(times):
            QTest.keyClick(QApplication.focusWidget() or self.window, Qt.Key.Key_Tab)

    def _from_top(self, widgets):
        """Widgets in the order in which one reads."""

        def corner(widget):
            at = widget.mapTo(self.window, QPoint(0, 0))
            return at.y(), at.x()

        return sorted(widgets, key=corner)

    def _surface(self, which):
        return self.surfaces[which % len(self.surfaces)] if self.surfaces else None

    def _point_in(self, surface, across, down):
        seen = surface.visibleRegion().boundingRect()
        return QPoint(round(seen.left() + across * seen.width()), round(seen.top() + down * seen.height()))

    # The reply

    @property
    def generation(self):
        return self._opened.program.chat.generation

    def ask(self, question):
        """Send a question, whose reply says nothing yet."""
        self._opened.wait_for_model()
        self.write(question)
        self._opened.press_enter()
        self._opened.wait_until(lambda: self.generation is not None)

    def say(self, text):
        """Have the running reply say more; where none runs, ask for one."""
        self._reply(ollama_line(text))

    def think(self, text):
        """Have the running reply think more; where none runs, ask for one."""
        self._reply(ollama_line(thinking=text))

    def finish_reply(self):
        generation = self.generation
        if generation is not None:
            self._feed(ollama_end())
            self._server.feed(None)
            self._opened.wait_until(lambda: not generation.is_running)

    def _reply(self, line):
        if self.generation is None:
            self.ask("And then?")
        generation = self.generation
        assert generation is not None
        before = generation.builder.message
        self._feed(line)
        self._opened.wait_until(lambda: generation.builder.message != before)

    def _feed(self, line):
        self._server.feed((json.dumps(line, ensure_ascii=False) + "\n").encode())
