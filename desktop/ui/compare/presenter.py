"""Between the page of answers side by side and `runtime.comparison.Comparison`: what is shown, stopped, kept.

Who begins a comparison knows what its sides are called, and hands it over to be shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.message import MessageStatus
from desktop.core.repository import StoreError
from desktop.core.request import ThinkingMode
from desktop.runtime.chat import Chat
from desktop.runtime.compare.comparison import Comparison
from desktop.runtime.conversation.path import ConversationPath
from desktop.runtime.reply.generations import RequestOverrides
from desktop.ui.errors import ErrorAction, describe_store
from desktop.ui.prompts.compare_words import SideWords
from desktop.ui.thinking.preference import PanelPreference
from desktop.ui.thinking.reply_steps import ReplyStep
from desktop.ui.window.pages import Pages

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop.ui.compare.column import CompareColumn
    from desktop.ui.compare.differences import CompareDifferences
    from desktop.ui.compare.page import ComparePage


_CONTINUE = "continue"


class ComparePresenter(QObject):
    """Shows one comparison at a time. One whose page has been left goes on, and is found as versions of a message."""

    left = Signal()  # the conversation is wanted in front
    kept = Signal(int)  # the side that the person has chosen; then `left`
    went_back = Signal()  # without having chosen one; then `left`
    action_chosen = Signal(str)  # an ErrorAction that concerns more than an answer
    link_activated = Signal(str)
    preference_changed = Signal(str)  # a PanelPreference

    def __init__(self, pages: Pages, chat: Chat, preference: PanelPreference) -> None:
        super().__init__(pages)
        self._pages = pages
        self._chat = chat
        self._preference = preference
        self._comparison: Comparison | None = None
        self._paths: list[ConversationPath] = []
        self._is_connected = False
        self._differences: CompareDifferences | None = None
        pages.currentChanged.connect(self._let_go_if_left)
        chat.opened.connect(self._on_opened)
        chat.store_failed.connect(self._on_store_failed)

    def show(
        self, comparison: Comparison, question: str, sides: Sequence[SideWords], more: QWidget | None = None
    ) -> None:
        """Put a comparison in front: what is asked on top, and these words over its sides.

        `more`: buttons for what else can be asked.
        """
        self._let_go()
        page = self._page()
        self._comparison = comparison
        page.begin(question, sides, self._preference)
        page.offer(more)
        self._differences_on(page).begin(page.columns)
        for index, column in enumerate(page.columns):
            self._paths.append(self._chat.comparisons.path_of(comparison.sides[index]))
            self._connect_column(index, column)
            self._show_side(index)
        comparison.side_changed.connect(self._on_side_changed)
        comparison.begun.connect(self._show_whole)
        comparison.not_begun.connect(self._on_not_begun)
        comparison.side_not_begun.connect(self._on_side_not_begun)
        self._show_whole()
        self._pages.setCurrentWidget(page)
        page.columns[0].transcript.setFocus()

    def set_preference(self, value: str) -> None:
        """How thinking panels open from now on: a PanelPreference."""
        self._preference = PanelPreference(value)
        if self._comparison is not None:
            for column in self._pages.comparison.columns:
                column.transcript.set_preference(self._preference)

    def step_back(self) -> None:
        """Stop what runs, or else go back to the conversation."""
        if self._comparison is not None and self._comparison.is_running:
            self._comparison.stop_all()
        else:
            self._go_back()

    def _page(self) -> ComparePage:
        page = self._pages.comparison
        if not self._is_connected:
            self._is_connected = True
            page.back_requested.connect(self._go_back)
            page.stop_all_requested.connect(self._stop_all)
            page.stop_requested.connect(self._stop)
            page.keep_requested.connect(self._keep)
            page.notice.action_chosen.connect(self._act_on_notice)
        return page

    def _differences_on(self, page: ComparePage) -> CompareDifferences:
        if self._differences is None:
            from desktop.ui.compare.differences import CompareDifferences

            self._differences = CompareDifferences(self._chat, page.differences)
        return self._differences

    def _connect_column(self, index: int, column: CompareColumn) -> None:
        requests = column.requests
        requests.retry_requested.connect(lambda _: self._try_again(index))
        requests.continue_requested.connect(lambda _: self._take_step(index, _CONTINUE))
        requests.step_requested.connect(lambda _, step: self._take_step(index, step))
        requests.answer_now_requested.connect(lambda _: self._take_step(index, ReplyStep.ANSWER_NOW))
        requests.resplit_requested.connect(lambda _, thinking: self._resplit(index, thinking))
        requests.stop_requested.connect(lambda: self._stop(index))
        requests.action_chosen.connect(self.action_chosen)
        requests.link_activated.connect(self.link_activated)
        requests.preference_changed.connect(self.preference_changed)

    # What the person asks for

    def _go_back(self) -> None:
        self._let_go()
        self.went_back.emit()
        self.left.emit()

    def _leave(self) -> None:
        self._let_go()
        self.left.emit()

    def _stop_all(self) -> None:
        if self._comparison is not None:
            self._comparison.stop_all()

    def _stop(self, index: int) -> None:
        if self._comparison is not None:
            self._comparison.stop(index)

    def _keep(self, index: int) -> None:
        comparison = self._comparison
        if comparison is not None and self._chat.comparisons.keep(comparison, index):
            self._let_go()
            self.kept.emit(index)
            self.left.emit()

    def _try_again(self, index: int) -> None:
        if self._comparison is not None:
            self._comparison.try_again(index)

    def _take_step(self, index: int, step: str) -> None:
        if self._comparison is None:
            return
        match step:
            case ReplyStep.ANSWER_NOW:
                self._comparison.answer_now(index)
            case ReplyStep.MORE_ROOM:
                self._comparison.more_room(index)
            case ReplyStep.WITHOUT_THINKING:
                self._comparison.try_again(index, overrides=RequestOverrides(thinking=ThinkingMode.OFF))
            case _:
                self._comparison.go_on(index)

    def _resplit(self, index: int, thinking: bool) -> None:
        if self._comparison is not None:
            self._chat.comparisons.resplit(self._comparison, index, thinking=thinking)
            self._pages.comparison.columns[index].transcript.show_again(0)

    def _act_on_notice(self, action: str) -> None:
        if action == ErrorAction.TRY_AGAIN:
            self._pages.comparison.notice.hide()
            self._chat.save_again()
        else:
            self.action_chosen.emit(action)

    # What comes of it

    def _show_side(self, index: int) -> None:
        assert self._comparison is not None
        side, column, path = self._comparison.sides[index], self._pages.comparison.columns[index], self._paths[index]
        if side.generation is not None:
            column.follow(side.generation, path)
        else:
            column.show_ended(side.message, path)

    def _on_side_changed(self, index: int) -> None:
        if self._comparison is None:
            return
        side, path = self._comparison.sides[index], self._paths[index]
        if path.entries[0].id == side.message.id:
            path.update(side.message)
        else:
            self._paths[index] = self._chat.comparisons.path_of(side)
        self._show_side(index)
        self._show_whole()

    def _show_whole(self) -> None:
        assert self._comparison is not None
        page, sides = self._pages.comparison, self._comparison.sides
        page.show_running(self._comparison.is_running)
        for side, column in zip(sides, page.columns, strict=True):
            column.offer_keep(self._comparison.is_begun and side.can_be_kept)
        answers = {side.message.text.strip() for side in sides}
        are_complete = all(side.message.status is MessageStatus.COMPLETE for side in sides)
        page.say_same(are_complete and len(answers) == 1)
        self._differences_on(page).look_at(sides)

    def _on_not_begun(self, _: StoreError) -> None:
        """The conversation says why, and who asked has the words."""
        self._leave()

    def _on_side_not_begun(self, index: int, error: StoreError) -> None:
        self._pages.comparison.notice.show_error(describe_store(error))

    def _on_store_failed(self, error: StoreError) -> None:
        if self._comparison is not None:
            self._pages.comparison.notice.show_error(describe_store(error))

    def _on_opened(self) -> None:
        """Another conversation has come to the front."""
        if self._comparison is not None:
            self._leave()

    def _let_go_if_left(self) -> None:
        if not self._pages.is_comparison_in_front:
            self._let_go()

    def _let_go(self) -> None:
        comparison, self._comparison = self._comparison, None
        if comparison is None:
            return
        comparison.side_changed.disconnect(self._on_side_changed)
        comparison.begun.disconnect(self._show_whole)
        comparison.not_begun.disconnect(self._on_not_begun)
        comparison.side_not_begun.disconnect(self._on_side_not_begun)
        self._pages.comparison.clear()
        self._paths.clear()
        self._chat.comparisons.leave(comparison)
