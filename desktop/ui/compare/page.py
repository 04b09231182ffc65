"""The page of answers side by side: the question above, a column for each answer, one at a time if room is short.

Told what to show; emits which answer to stop, to ask again and to keep, and when the user is done.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.ui.compare.column import CompareColumn
from desktop.ui.compare.difference_strip import DifferenceStrip
from desktop.ui.look.icons import IconButton
from desktop.ui.look.panel_preference import PanelPreference
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_PAGE, GAP_SECTION
from desktop.ui.prompts.compare_words import SideWords
from desktop.ui.widgets.buttons import LabelledButton
from desktop.ui.widgets.flow import FlowLayout
from desktop.ui.widgets.labels import ElidedLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.widgets.quiet_line import NoticeBar

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
