"""The page of a comparison: a column for each answer, and above them a strip that says what they differ in."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.core.message import Message
from desktop.core.reply import ReplyPhase, phase_of
from desktop.core.sign import SignKind
from desktop.runtime.generation import Generation
from desktop.runtime.path import ConversationPath
from desktop.ui import words
from desktop.ui.look.icons import IconButton
from desktop.ui.look.panel_preference import PanelPreference
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_PAGE, GAP_SECTION, GAP_TIGHT, GAP_WIDE
from desktop.ui.prompts.builder.preview import PromptPreview
from desktop.ui.prompts.compare_words import SideWords
from desktop.ui.transcript.footer import FooterAction
from desktop.ui.transcript.message_requests import MessageRequests
from desktop.ui.transcript.view import Transcript
from desktop.ui.widgets.buttons import LabelledButton
from desktop.ui.widgets.labels import ElidedLabel, FittingLabel, NameLabel, PlainLabel
from desktop.ui.widgets.layout import FlowLayout, stack
from desktop.ui.widgets.quiet_line import NoticeBar

_TICK_MS = 1000
_HEADING_PX = 24  # the same beside each other, whatever the scripts of the words


class CompareColumn(QWidget):
    """A column for an answer that runs, or has ended."""

    def __init__(
        self, theme: Theme, said: SideWords, preference: PanelPreference, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._generation: Generation | None = None
        self._message: Message | None = None
        self.heading = said.heading
        self.requests = MessageRequests(self)
        # It has been, or what is compared is a prompt; and a file is made of what is kept in the end.
        self.requests.left_out = frozenset({FooterAction.START_FRESH, FooterAction.EXPORT})
        self.transcript = Transcript(theme, preference, self.requests)
        # What differs is what is looked at here; what a sign offers is for the conversation.
        self.requests.read(signs_off=frozenset(SignKind))
        self.transcript.setAccessibleName(words.fill(self.tr("Answer: %1"), said.heading))
        self.setAccessibleName(said.heading)
        self._asked = PromptPreview(theme, self.tr("What is asked"))
        self._asked.setVisible(said.prompt is not None)
        if said.prompt is not None:
            self._asked.show_prompt(said.prompt, {key: at for at, key in enumerate(sorted(said.marked))}, None)
        self._asked.toggled.connect(lambda _: self._asked.go_to(said.marked))
        self._heading = NameLabel(said.heading, "heading")
        self._heading.setMinimumHeight(theme.px(_HEADING_PX))
        self.origin = NameLabel("", "small")
        self._state = FittingLabel("tiny")
        self._stop = QPushButton(self.tr("Stop"))
        self._stop.setAccessibleName(words.fill(self.tr("Stop: %1"), said.heading))
        self._keep = QPushButton(self.tr("Keep this answer"))
        self._keep.setAccessibleName(words.fill(self.tr("Keep this answer: %1"), said.heading))
        self._keep.setToolTip(self.tr("Go on with it in the conversation; the other stays beside it"))
        for button in (self._stop, self._keep):
            button.setAutoDefault(False)
        self.stop_requested: SignalInstance = self._stop.clicked
        self.keep_requested: SignalInstance = self._keep.clicked
        self._ticker = QTimer(self, interval=_TICK_MS)
        self._ticker.timeout.connect(self._say_state)
        self._lay_out()

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
            self.requests.left_out |= {FooterAction.TRY_AGAIN}
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

    def _lay_out(self) -> None:
        top = self._top = stack(
            self._heading, self.origin, self._asked, gap=GAP_TIGHT, margins=(GAP_PAGE, GAP_WIDE, GAP_PAGE, 0)
        )
        line = QFrame()
        set_look(line, "hairline")
        line.setFixedHeight(1)
        foot = stack((self._state, 1), self._stop, self._keep, margins=(GAP_PAGE, GAP, GAP_PAGE, GAP_WIDE), across=True)
        stack(top, (self.transcript, 1), line, foot, gap=0, on=self)

    def _say_state(self) -> None:
        is_running = self._generation is not None
        message = self._generation.builder.message if self._generation is not None else self._message
        if message is not None:
            self.origin.show_text(words.origin_words(message.model, message.place))
            self.origin.setVisible(bool(self.origin.text()))
        had_keyboard = self._stop.hasFocus()
        self._stop.setVisible(is_running)
        if had_keyboard and not is_running:
            self._keep.setFocus()
        self._state.show_forms(self._state_words())

    def _state_words(self) -> list[str]:
        if self._generation is not None:
            builder, now = self._generation.builder, time.monotonic()
            spent = sum(builder.seconds_in(phase, now) for phase in ReplyPhase if phase.is_running)
            return [words.fill(self.tr("Running · %1"), words.duration(spent))]
        return self._ended(self._message) if self._message is not None else [""]

    def _ended(self, message: Message) -> list[str]:
        """Return how an answer ended, the longest form first: the foot of the answer itself says it in full."""
        phase = phase_of(message)
        said, least = [words.phase_words(phase)], words.phase_words(phase)
        if phase is ReplyPhase.CUT_OFF:
            least = self.tr("Cut off")
        elif phase is ReplyPhase.INTERRUPTED:
            least = self.tr("Interrupted")
        spent = message.timings
        if spent is not None:
            said.append(
                words.duration(spent.connecting + spent.loading + spent.reading + spent.thinking + spent.answering)
            )
        if message.usage is not None and message.usage.completion_tokens:
            said.append(words.amount_of_text(message.usage.completion_tokens))
        return [*(" · ".join(said[:count]) for count in range(len(said), 0, -1)), least]


class DifferenceStrip(QFrame):
    """A few lines that can be selected; hidden while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "notice")
        self.setAccessibleName(self.tr("What the answers differ in"))
        self._labels: list[PlainLabel] = []
        self._column = stack(gap=GAP_TIGHT, margins=(GAP_WIDE, GAP, GAP_WIDE, GAP), on=self)
        self.hide()

    @property
    def said(self) -> list[str]:
        """The lines that are shown."""
        return [label.text() for label in self._labels if not label.isHidden()]

    def say(self, lines: Sequence[str]) -> None:
        """Show these lines; the first one stands out."""
        while len(self._labels) < len(lines):
            label = PlainLabel("", "small", wraps=True)
            label.make_selectable()
            self._column.addWidget(label)
            self._labels.append(label)
        for at, label in enumerate(self._labels):
            label.setText(lines[at] if at < len(lines) else "")
            label.setVisible(at < len(lines))
            set_look(label, "strong" if at == 0 else "small")
        self.setVisible(bool(lines))
        self.setAccessibleDescription("\n".join(lines))


_NARROWEST_PX = 320  # of a column beside another


class ComparePage(QWidget):
    """A page that shows one comparison after the other; between them it is empty."""

    stop_requested = Signal(int)
    keep_requested = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.columns: list[CompareColumn] = []
        self._current = 0  # the column in sight where there is room for one
        self._lines: list[QFrame] = []
        set_look(self, "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Answers side by side"))
        self._back = IconButton(theme, "chevron-left", self.tr("Back to the conversation"))
        self._question = ElidedLabel("", "heading")
        self._stop_all = LabelledButton(theme, "stop", self.tr("Stop all"))
        self._tabs = QWidget()
        self._tab_buttons: list[QPushButton] = []  # not a group of Qt, which lets Tab stop at the checked one alone
        self._same = ElidedLabel("", "muted")
        self._models = ElidedLabel(self.tr("Different models answered: what differs may come of that."), "small")
        self.notice = NoticeBar(theme)
        self.differences = DifferenceStrip()
        self._offers = QHBoxLayout()
        self._row = QHBoxLayout()
        self._lay_out()
        self.back_requested: SignalInstance = self._back.clicked
        self.stop_all_requested: SignalInstance = self._stop_all.clicked

    def make_columns(self, question: str, sides: Sequence[SideWords], preference: PanelPreference) -> None:
        """Make columns for the answers to a question; their content follows for each of `columns`."""
        self.clear()
        self._question.show_text(question)
        for index, said in enumerate(sides):
            if index:
                self._add_line()
            column = CompareColumn(self._theme, said, preference)
            column.stop_requested.connect(lambda _=False, index=index: self.stop_requested.emit(index))
            column.keep_requested.connect(lambda _=False, index=index: self.keep_requested.emit(index))
            self._row.addWidget(column, 1)
            self.columns.append(column)
            self._add_tab(index, said.heading)
        self.say_same(False)
        self.say_models_differ(False)
        self._show_column(0)

    def clear(self) -> None:
        """Remove all columns."""
        for widget in (*self.columns, *self._lines, *self._tab_buttons):
            widget.hide()
            widget.deleteLater()
        self.columns, self._lines, self._tab_buttons = [], [], []
        self.notice.hide()

    def offer(self, more: QWidget | None) -> None:
        """Put beside the question what else can be asked; None: nothing."""
        if more is not None and self._offers.indexOf(more) < 0:
            self._offers.addWidget(more)
        for at in range(self._offers.count()):
            item = self._offers.itemAt(at)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.setVisible(widget is more)

    def show_running(self, is_running: bool) -> None:
        """Show or hide Stop: if any answer is still being written."""
        if self._stop_all.hasFocus() and not is_running:
            self._back.setFocus()
        self._stop_all.setVisible(is_running)

    def say_same(self, is_same: bool) -> None:
        """Show if the answers do not differ."""
        two = len(self.columns) <= 2
        self._same.show_text(self.tr("Both answers are the same.") if two else self.tr("All answers are the same."))
        self._same.setVisible(is_same)

    def say_models_differ(self, do_they: bool) -> None:
        """Show if the answers are of more than one model."""
        self._models.setVisible(do_they)

    def _lay_out(self) -> None:
        top = stack(
            self._back,
            (self._question, 1),
            self._offers,
            self._stop_all,
            margins=(GAP, GAP, GAP_SECTION, GAP),
            across=True,
        )
        header = QWidget()
        header.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_look(header, "header")
        header.setLayout(top)
        FlowLayout(self._tabs, GAP).setContentsMargins(GAP_PAGE, GAP, GAP_PAGE, 0)
        said = QVBoxLayout()
        said.setContentsMargins(GAP_PAGE, GAP, GAP_PAGE, GAP)
        said.addWidget(self._models)
        said.addWidget(self._same)
        said.addWidget(self.differences)
        said.addWidget(self.notice)
        self._row.setSpacing(0)
        stack(header, said, self._tabs, (self._row, 1), gap=0, on=self)

    def _add_line(self) -> None:
        line = QFrame()
        set_look(line, "hairline")
        line.setFixedWidth(1)
        self._row.addWidget(line)
        self._lines.append(line)

    def _add_tab(self, index: int, heading: str) -> None:
        tab = QPushButton(heading)
        tab.setAccessibleName(heading)
        tab.setCheckable(True)
        tab.setAutoDefault(False)
        tab.toggled.connect(lambda _: self._show_column(index))
        self._tab_buttons.append(tab)
        layout = self._tabs.layout()
        assert layout is not None
        layout.addWidget(tab)

    def _show_column(self, index: int) -> None:
        self._current = index
        self._arrange()

    def _arrange(self) -> None:
        """Show all columns beside each other, or one of them and the tabs that choose between them."""
        is_wide = self.width() >= self._theme.px(_NARROWEST_PX) * len(self.columns)
        self._tabs.setVisible(not is_wide)
        for index, column in enumerate(self.columns):
            column.setVisible(is_wide or index == self._current)
            column.show_heading(is_wide)  # else what chooses between them says it
        for line in self._lines:
            line.setVisible(is_wide)
        for index, button in enumerate(self._tab_buttons):
            with QSignalBlocker(button):
                button.setChecked(index == self._current)

    # Qt's own methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
