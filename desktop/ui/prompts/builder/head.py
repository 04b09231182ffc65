"""The head of the prompt builder: its name and menu, the framework in force, the way to guided mode, and one line.

The line says what has just happened and offers a way back; whoever shows it acts on it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, SignalInstance
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from desktop.core.prompts.prompt import Language, PromptFramework
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT, GAP_WIDE
from desktop.ui.prompts.advice.lines import AdviceLine, AdviceRow
from desktop.ui.prompts.frameworks.chooser import FrameworkChooser
from desktop.ui.widgets.buttons import LabelledButton
from desktop.ui.widgets.labels import PlainLabel

MenuEntries = Sequence[tuple[str, Callable[[], object], bool] | None]  # words, what it does, if it needs a prompt


class PromptHead(QWidget):
    """Three rows: the name with its buttons, the framework, and the line while there is one."""

    def __init__(
        self,
        theme: Theme,
        frameworks: Sequence[PromptFramework],
        language: Language,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._with_prompt: list[QAction] = []
        self.more = IconButton(theme, "more", self.tr("More"))
        self.close_button = IconButton(theme, "close", self.tr("Close the prompt builder (Ctrl+B)"))
        self._name = PlainLabel(self.tr("Prompt builder"), "heading")
        self.back = LabelledButton(theme, "chevron-left", self.tr("Back to the conversation"), "quiet")
        self.back.clicked.connect(self.close_button.click)
        self.chooser = FrameworkChooser(theme, frameworks, language)
        self.guide = QPushButton(self.tr("Guide me"))
        self.guide.setAutoDefault(False)
        self.guide.setToolTip(self.tr("The same prompt, one question at a time"))
        set_look(self.guide, "link")
        self.notice = AdviceRow(theme)
        self.notice.hide()
        self._lay_out()
        self.show_over(False)
        self.guide_wanted: SignalInstance = self.guide.clicked
        self.notice.dismiss_pressed.connect(self.hide_notice)

    @property
    def notice_key(self) -> str:
        """The key of the line; empty while there is none."""
        return "" if self.notice.isHidden() else self.notice.line.key

    def show_over(self, is_over: bool) -> None:
        """Show the way back in words where the builder covers the conversation and its message box."""
        self.back.setVisible(is_over)
        self._name.setHidden(is_over)
        self.close_button.setHidden(is_over)

    def show_choice(self, shall: bool) -> None:
        """Show the framework in force, and the way to the questions."""
        self.chooser.setVisible(shall)
        self.guide.setVisible(shall)

    def fill_menu(self, entries: MenuEntries) -> None:
        """Set the menu; None is a line between."""
        menu = QMenu(self)
        for entry in entries:
            if entry is None:
                menu.addSeparator()
            else:
                words, act, needs_prompt = entry
                action = menu.addAction(words)
                action.triggered.connect(lambda _=False, act=act: act())
                if needs_prompt:
                    self._with_prompt.append(action)
        self.more.clicked.connect(lambda: self.pop_up(menu))

    def pop_up(self, menu: QMenu) -> None:
        """Open a menu below the button of the menu."""
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def show_begun(self, is_begun: bool) -> None:
        """Offer what can be done with a prompt where there is one."""
        for each in self._with_prompt:
            each.setEnabled(is_begun)

    def show_notice(self, key: str, words: str, action: str) -> None:
        """Show a line with a button, until it is dismissed or `hide_notice` is called."""
        self._keep_room_of_notice(False)
        self.notice.show_line(AdviceLine(key, words, action))
        self.notice.show()
        self.notice.announce()

    def hide_notice(self) -> None:
        self._keep_room_of_notice(False)
        self.notice.hide()

    def fade_notice(self) -> None:
        """Hide the line, but leave its room: what is being written below must not move."""
        self._keep_room_of_notice(True)
        self.notice.hide()

    def _keep_room_of_notice(self, shall: bool) -> None:
        policy = self.notice.sizePolicy()
        policy.setRetainSizeWhenHidden(shall)
        self.notice.setSizePolicy(policy)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(GAP_WIDE, GAP, GAP, 0)
        top.setSpacing(0)
        top.addWidget(self.back)
        top.addWidget(self._name)
        top.addStretch(1)
        top.addWidget(self.more)
        top.addWidget(self.close_button)
        chosen = QHBoxLayout()
        chosen.setSpacing(GAP_TIGHT)
        chosen.addWidget(self.chooser, 1)
        chosen.addWidget(self.guide)
        below = QVBoxLayout()
        below.setContentsMargins(GAP_WIDE, 0, GAP_WIDE, 0)
        below.addLayout(chosen)
        below.addWidget(self.notice)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_TIGHT)
        column.addLayout(top)
        column.addLayout(below)
