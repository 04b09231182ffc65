"""Conversations made up for tests of the transcript: messages, running generations without a loop, the widgets."""

from __future__ import annotations

import random

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QPushButton

from desktop.core.conversation import Conversation
from desktop.core.events import ReasoningDelta, TextDelta
from desktop.core.message import Message, MessageStatus, ReasoningPart, Role, TextPart, entry_of
from desktop.core.reply import ReplyBuilder
from desktop.core.text.pace import Attention
from desktop.runtime.generation import Advance
from desktop.runtime.path import ConversationPath, PathEnd
from desktop.ui.look.page_look import PageLook
from desktop.ui.message_actions import Ask, PanelPreference, Reading
from desktop.ui.text.surface import TextSurface
from desktop.ui.transcript.footer import FooterButton, MessageFooter
from desktop.ui.transcript.message import MessageView
from desktop.ui.transcript.thinking import ThinkingHeader
from desktop.ui.transcript.view import Transcript
from tests.support.tasks import AtOnce

WORDS = ["the", "model", "answers", "a", "question", "about", "contracts", "and", "prices", "with", "some", "care"]


def mine(text):
    return Message(role=Role.USER, parts=(TextPart(text),))


def reply(text, reasoning="", **more):
    parts = ((ReasoningPart(reasoning),) if reasoning else ()) + ((TextPart(text),) if text else ())
    return Message(role=Role.ASSISTANT, parts=parts, **more)


def conversation(count, seed=1):
    """Questions and answers of very different lengths, some with thinking, code or lists."""
    generator = random.Random(seed)

    def text(most):
        return " ".join(generator.choices(WORDS, k=generator.randint(1, most)))

    messages = []
    for number in range(count):
        if number % 2 == 0:
            messages.append(mine(f"{number}: {text(60)}"))
        else:
            code = f"\n\n```python\n{text(20)}\n{text(10)}\n```\n" if number % 5 == 0 else ""
            items = "\n\n" + "".join(f"- {text(12)}\n" for _ in range(8)) if number % 7 == 0 else ""
            messages.append(reply(f"{number}: {text(150)}{code}{items}", text(40) if number % 9 == 0 else ""))
    return messages


class KnownPath(ConversationPath):
    """The path of a conversation all of whose messages are at hand, or so far only the last `known` of them."""

    def __init__(self, messages, known=None):
        self._all = {message.id: message for message in messages}
        self._hidden = [entry_of(message) for message in messages[: -known or None]] if known else []
        end = messages[len(self._hidden) :]
        super().__init__(AtOnce(), None, "known", PathEnd([], [entry_of(message) for message in end]))  # type: ignore[arg-type]

    @property
    def is_whole(self):
        return not self._hidden

    def message(self, message_id):
        return self._all.get(message_id)

    def want(self, message_ids):
        pass

    def complete(self):
        pass

    def outline(self):
        """Let the messages above be known now."""
        above, self._hidden = self._hidden, []
        self.entries[:0] = above
        self.outlined.emit(len(above))

    def update(self, message):
        self._all[message.id] = message


class ScriptedTurn(QObject):
    """Stands where a `runtime.generation.Generation` stands: says what a reply does when the test says so."""

    advanced = Signal(object)
    phase_changed = Signal()
    loop_noticed = Signal(object)
    ended = Signal(object)

    def __init__(self, parent_id=None):
        super().__init__()
        self.conversation = Conversation(title="scripted")
        self.builder = ReplyBuilder(Message(role=Role.ASSISTANT, parent_id=parent_id, status=MessageStatus.STREAMING))
        self.new_messages = [self.builder.message]
        self.attention = Attention.IN_FRONT

    @property
    def reply_id(self):
        return self.builder.message.id

    def follow_thinking(self, attention):
        """Note what its thinking is worth."""
        self.attention = attention

    def play(self, *events, advance=None):
        """Apply events and say what they brought."""
        before = self.builder.phase
        for event in events:
            self.builder.apply(event)
        if advance is not None:
            self.advanced.emit(advance)
        if self.builder.phase is not before:
            self.phase_changed.emit()
        if not self.builder.phase.is_running:
            self.ended.emit(self.builder.message)


def shown_page(qtbot, theme, reading=None, width=700, height=500):
    """A page of messages that can be seen."""
    page = Transcript(theme, reading)
    qtbot.addWidget(page)
    page.resize(width, height)
    with qtbot.waitExposed(page):
        page.show()
    return page


def views(transcript):
    """The widgets of messages that there are now, from top to bottom."""
    found = [view for view in transcript.viewport().findChildren(MessageView) if view.isVisibleTo(transcript)]
    return sorted(found, key=lambda view: view.y())


class Bench:
    """A view of one message at a fixed width: of a reply that runs, unless a message is given."""

    WIDTH = 600

    def __init__(
        self,
        qtbot,
        theme,
        message=None,
        preference=PanelPreference.AUTO,
        *,
        begun=None,
        is_last=True,
        left_out=frozenset(),
    ):
        self.asked = Asked(preference, left_out)
        self.is_followed = True  # the reader is at the end of the page
        self.generation = ScriptedTurn()
        if begun is not None:
            self.generation.builder = ReplyBuilder(begun)
        self.heights: list[int] = []
        self.view = MessageView(
            message or self.generation.builder.message,
            PageLook(theme),
            self.asked,
            is_last=is_last,
            is_followed=lambda: self.is_followed,
        )
        qtbot.addWidget(self.view)
        self.view.height_changed.connect(self.place)
        self.place()
        self.view.show()
        if message is None:
            self.view.follow(self.generation)  # type: ignore[arg-type]

    def place(self):
        self.view.resize(self.WIDTH, self.view.height_for(self.WIDTH))
        self.view.lay_out()
        self.heights.append(self.view.height())

    def think(self, *pieces):
        for text in pieces:
            self.generation.play(ReasoningDelta(text), advance=Advance(reasoning=text))

    def answer(self, text):
        self.generation.play(TextDelta(text), advance=Advance(text=text))

    @property
    def footer(self):
        return self.view.findChild(MessageFooter)  # type: ignore[return-value]

    @property
    def actions(self):
        return [each.accessibleName() for each in self.view.findChildren(FooterButton) if each.isVisible()]

    @property
    def offers(self):
        """The buttons in words that can be seen."""
        return [each.text() for each in self.view.findChildren(QPushButton) if each.isVisible() and each.text()]

    @property
    def menu(self):
        """What stands in the menu of seldom steps."""
        return [each.text() for each in self.footer.menu().actions() if each.text()]

    def action(self, name):
        return next(each for each in self.view.findChildren(FooterButton) if each.accessibleName() == name)

    def button(self, words):
        return next(each for each in self.view.findChildren(QPushButton) if each.text() == words and each.isVisible())

    @property
    def header(self):
        """The line over the thinking."""
        return next((each for each in self.view.findChildren(ThinkingHeader) if each.isVisible()), None)

    @property
    def trace(self):
        """The thinking, while it is open."""
        return next((each for each in self.view.findChildren(TextSurface) if each.accessibleName() == "Thinking"), None)


class Asked(Reading):
    """How messages are read, and what was asked for at them with its value. All is done but what is `left_out`."""

    def __init__(self, preference=PanelPreference.AUTO, left_out=frozenset()):
        super().__init__(preference)
        self.actions: list[tuple[Ask, object]] = []
        self.register(dict.fromkeys(set(Ask) - left_out, lambda *_: None))

    def ask(self, message_id, what, value=None):
        self.actions.append((what, value))
        super().ask(message_id, what, value)
