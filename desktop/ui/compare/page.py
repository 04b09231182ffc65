"""The page of a comparison: a column for each answer, and above them a strip that says what they differ in."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from desktop.core.message import Message, SignKind
from desktop.core.reply import ReplyPhase, phase_of
from desktop.runtime.generation import Generation
from desktop.runtime.path import ConversationPath
from desktop.ui import words
from desktop.ui.look.stylesheet import GAP, GAP_PAGE, GAP_SECTION, GAP_TIGHT, GAP_WIDE, set_look
from desktop.ui.look.theme import IconButton, Theme
from desktop.ui.message_actions import Ask, PanelPreference, Reading
from desktop.ui.prompts.dock import SideWords
from desktop.ui.prompts.preview import PromptPreview
from desktop.ui.transcript.view import Transcript
from desktop.ui.widgets.buttons import LabelledButton, button
from desktop.ui.widgets.labels import ElidedLabel, FittingLabel, NameLabel, PlainLabel
from desktop.ui.widgets.layout import FlowLayout, drop, stack
from desktop.ui.widgets.quiet_line import NoticeBar
from desktop.ui.words import say

_TICK_MS = 1000
_HEADING_PX = 24  # the same beside each other, whatever the scripts of the words
_NARROWEST_PX = 320  # of a column beside another


class CompareColumn(QWidget):
    """A column for an answer that runs, or has ended."""

    def __init__(self, theme: Theme, said: SideWords, preference: PanelPreference) -> None:
        super().__init__()
        self._generation: Generation | None = None
        self._message: Message | None = None
        self.heading = said.heading
        self.setAccessibleName(said.heading)
        self.reading = Reading(preference, self)
        # What differs is what is looked at here; what a sign offers is for the conversation.
        self.reading.signs_off = frozenset(SignKind)
        self.transcript = Transcript(theme, self.reading)
        self.transcript.setAccessibleName(words.fill(self.tr("Answer: %1"), said.heading))
        asked = PromptPreview(theme, self.tr("What is asked"))
        if said.prompt is not None:
            asked.show_prompt(said.prompt, {key: at for at, key in enumerate(sorted(said.marked))}, None)
        self._heading = NameLabel(said.heading, "heading")
        self._heading.setMinimumHeight(theme.px(_HEADING_PX))
        self.origin = NameLabel("", "small")
        self._state = FittingLabel("tiny")
        self._stop = button(self.tr("Stop"), name=words.fill(self.tr("Stop: %1"), said.heading))
        self._keep = button(
            self.tr("Keep this answer"),
            hint=self.tr("Go on with it in the conversation; the other stays beside it"),
            name=words.fill(self.tr("Keep this answer: %1"), said.heading),
        )
        self.stop_requested: SignalInstance = self._stop.clicked
        self.keep_requested: SignalInstance = self._keep.clicked
        self._ticker = QTimer(self, interval=_TICK_MS)
        self._ticker.timeout.connect(self._say_state)
        margins = (GAP_PAGE, GAP_WIDE, GAP_PAGE, 0)
        self._top = stack(self._heading, self.origin, asked, gap=GAP_TIGHT, margins=margins)
        margins = (GAP_PAGE, GAP, GAP_PAGE, GAP_WIDE)
        foot = stack((self._state, 1), self._stop, self._keep, margins=margins, across=True)
        stack(self._top, (self.transcript, 1), _hairline(high=1), foot, gap=0, on=self)
        asked.setVisible(said.prompt is not None)  # in its place by now: before, it would open a window

    def follow(self, generation: Generation, path: ConversationPath) -> None:
        """Show an answer while it grows; it is the one message of `path`."""
        self._generation = generation
        generation.phase_changed.connect(self._say_state)
        self.transcript.follow(generation, path)
        self._ticker.start()
        self._say_state()

    def show_ended(self, message: Message, path: ConversationPath) -> None:
        """Show an answer that has ended, the one message of `path`, or the end of the one that is followed."""
        self._generation, self._message = None, message
        self._ticker.stop()
        if self.transcript.path is not path:  # an old answer, which is asked for once more beside it
            self.reading.of_no_use = lambda: frozenset({Ask.TRY_AGAIN})
            self.transcript.show_path(path)
            self.transcript.bring(0, 0)  # from its beginning, as an answer that comes beside it begins
        self._say_state()

    def show_heading(self, is_shown: bool) -> None:
        """Show or hide its own heading."""
        self._heading.setVisible(is_shown)
        self._top.setContentsMargins(GAP_PAGE, GAP_WIDE if is_shown else GAP_TIGHT, GAP_PAGE, 0)

    def offer_keep(self, can_be_kept: bool) -> None:
        """Enable Keep if the conversation can go on with this answer."""
        self._keep.setEnabled(can_be_kept)

    def _say_state(self) -> None:
        generation = self._generation
        message = generation.builder.message if generation is not None else self._message
        if message is None:
            return
        self.origin.show_text(words.origin_words(message.model, message.place))
        self.origin.setVisible(bool(self.origin.text()))
        had_keyboard = self._stop.hasFocus()
        self._stop.setVisible(generation is not None)
        if had_keyboard and generation is None:
            self._keep.setFocus()
        if generation is not None:
            spent = sum(
                generation.builder.seconds_in(phase, time.monotonic()) for phase in ReplyPhase if phase.is_running
            )
            self._state.show_forms([words.fill(self.tr("Running · %1"), words.duration(spent))])
        else:
            self._state.show_forms(self._ended(message))

    def _ended(self, message: Message) -> list[str]:
        """Return how an answer ended, the longest form first: the foot of the answer itself says it in full."""
        phase, spent = phase_of(message), message.timings
        said, short = (
            [words.phase_words(phase)],
            {
                ReplyPhase.CUT_OFF: self.tr("Cut off"),
                ReplyPhase.INTERRUPTED: self.tr("Interrupted"),
            },
        )
        if spent is not None:
            whole = spent.connecting + spent.loading + spent.reading + spent.thinking + spent.answering
            said.append(words.duration(whole))
        if message.usage is not None and message.usage.completion_tokens:
            said.append(words.amount_of_text(message.usage.completion_tokens))
        return [*(" · ".join(said[:count]) for count in range(len(said), 0, -1)), short.get(phase, said[0])]


class DifferenceStrip(QFrame):
    """A few lines that can be selected, the first of which stands out; hidden while there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        set_look(self, "notice")
        self.setAccessibleName(self.tr("What the answers differ in"))
        self.said: list[str] = []
        self._labels: list[PlainLabel] = []
        self._column = stack(gap=GAP_TIGHT, margins=(GAP_WIDE, GAP, GAP_WIDE, GAP), on=self)
        self.hide()

    def say(self, lines: Sequence[str]) -> None:
        """Show these lines."""
        drop(*self._labels)
        self.said = list(lines)
        self._labels = [PlainLabel(line, "small" if at else "strong", wraps=True) for at, line in enumerate(lines)]
        for label in self._labels:
            label.make_selectable()
            self._column.addWidget(label)
        self.setVisible(bool(lines))
        self.setAccessibleDescription("\n".join(lines))


class ComparePage(QWidget):
    """A page that shows one comparison after the other; between them it is empty."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.columns: list[CompareColumn] = []
        self._current = 0  # the column in sight where there is room for one
        self._lines: list[QWidget] = []  # between them
        self._tabs: list[QPushButton] = []  # not a group of Qt, which lets Tab stop at the checked one alone
        self._more: QWidget | None = None
        set_look(self, "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Answers side by side"))
        self._back = IconButton(theme, "chevron-left", self.tr("Back to the conversation"))
        self._question = ElidedLabel("", "heading")
        self._offers = stack(gap=0, across=True)
        self._stop_all = LabelledButton(theme, "stop", self.tr("Stop all"))
        self.back_requested: SignalInstance = self._back.clicked
        self.stop_all_requested: SignalInstance = self._stop_all.clicked
        self.notice = NoticeBar(theme)
        self.differences = DifferenceStrip()
        self.models = ElidedLabel(say("compare.different_models"), "small")  # hidden where one answered
        header = QWidget()
        header.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_look(header, "header")
        top = (self._back, (self._question, 1), self._offers, self._stop_all)
        stack(*top, margins=(GAP, GAP, GAP_SECTION, GAP), across=True, on=header)
        said = stack(self.models, self.differences, self.notice, margins=(GAP_PAGE, GAP, GAP_PAGE, GAP))
        self._chooser = QWidget()
        self._tab_row = FlowLayout(self._chooser, GAP)
        self._tab_row.setContentsMargins(GAP_PAGE, GAP, GAP_PAGE, 0)
        self._row = stack(gap=0, across=True)
        stack(header, said, self._chooser, (self._row, 1), gap=0, on=self)

    def make_columns(
        self, question: str, sides: Sequence[SideWords], preference: PanelPreference, more: QWidget | None = None
    ) -> None:
        """Make columns for the answers to a question; their content follows for each of `columns`.

        `more`: buttons for what else can be asked.
        """
        self.clear()
        self._question.show_text(question)
        self._more = more
        if more is not None:
            self._offers.addWidget(more)
            more.show()
        for at, said in enumerate(sides):
            if at:
                self._lines.append(_hairline(wide=1))
                self._row.addWidget(self._lines[-1])
            column = CompareColumn(self._theme, said, preference)
            self._row.addWidget(column, 1)
            self.columns.append(column)
            tab = button(said.heading)
            tab.setCheckable(True)
            tab.toggled.connect(lambda _, at=at: self._show_column(at))
            self._tab_row.addWidget(tab)
            self._tabs.append(tab)
        self._show_column(0)

    def clear(self) -> None:
        """Remove all columns."""
        drop(*self.columns, *self._lines, *self._tabs)
        self.columns, self._lines, self._tabs = [], [], []
        if self._more is not None:
            self._more.hide()
        self.differences.say(())
        self.models.hide()
        self.notice.hide()

    def show_running(self, is_running: bool) -> None:
        """Show or hide Stop: if any answer is still being written."""
        if self._stop_all.hasFocus() and not is_running:
            self._back.setFocus()
        self._stop_all.setVisible(is_running)

    def _show_column(self, at: int) -> None:
        self._current = at
        self._arrange()

    def _arrange(self) -> None:
        """Show all columns beside each other, or one of them and the tabs that choose between them."""
        is_wide = self.width() >= self._theme.px(_NARROWEST_PX) * len(self.columns)
        self._chooser.setVisible(not is_wide)
        for at, (column, tab) in enumerate(zip(self.columns, self._tabs, strict=True)):
            column.setVisible(is_wide or at == self._current)
            column.show_heading(is_wide)  # else what chooses between them says it
            with QSignalBlocker(tab):
                tab.setChecked(at == self._current)
        for line in self._lines:
            line.setVisible(is_wide)

    # Qt's own methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()


def _hairline(*, wide: int = 0, high: int = 0) -> QFrame:
    line = QFrame()
    set_look(line, "hairline")
    if wide:
        line.setFixedWidth(wide)
    if high:
        line.setFixedHeight(high)
    return line
