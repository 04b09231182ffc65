"""The presenter between the page of answers side by side and `runtime.compare.Comparison`: showing, stopping, keeping.

Whoever begins a comparison knows what its sides are called, and hands it over to be shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import QObject, Signal

from desktop.core.message import MessageStatus
from desktop.core.repository import StoreError
from desktop.core.request import ThinkingMode, outgoing_text
from desktop.runtime.chat import Chat
from desktop.runtime.compare import Comparison
from desktop.runtime.generations import RequestOverrides
from desktop.runtime.path import ConversationPath
from desktop.ui.chat.page import ChatPage
from desktop.ui.errors import ErrorAction, describe_store
from desktop.ui.look.panel_preference import PanelPreference
from desktop.ui.look.theme import Theme
from desktop.ui.message_actions import (
    AskInLanguage,
    Continue,
    Edit,
    HideSignKind,
    KeepAsExample,
    MessageAction,
    OpenFile,
    OpenLink,
    Recover,
    ReplyStep,
    Resplit,
    SaveTable,
    SendAgain,
    SetPanels,
    ShowEvidence,
    ShowVersion,
    StartFresh,
    Stop,
    TakeAlong,
    TakeStep,
    TryAgain,
)
from desktop.ui.prompts.compare_words import SideWords
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.page import PageStack
from desktop.ui.widgets.quiet_line import QuietLine
from desktop.ui.words import fill

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop.ui.compare.differences import CompareDifferences
    from desktop.ui.compare.page import ComparePage


class ComparisonOutcome(QObject):
    """A line that stays until the conversation goes on, or another one is opened."""

    def __init__(self, theme: Theme, page: ChatPage, chat: Chat) -> None:
        super().__init__(page)
        self._theme = theme
        self._page = page
        self._chat = chat
        self._line: QuietLine | None = None
        self._conversation_id = ""
        chat.opened.connect(lambda *_: self._hide_elsewhere())
        chat.generation_started.connect(lambda _: self.withdraw())

    def say(self, words: str, way_back: str, go_back: Callable[[], object], conversation_id: str) -> None:
        """Show the line in a conversation, now or as soon as it is opened; `go_back` does what the button says."""
        self._conversation_id = conversation_id
        line = self._made_line()
        line.withdraw_offers()
        button = line.offer(way_back)
        button.clicked.connect(lambda _=False: self._go_back(go_back))
        button.show()
        line.announce(words)

    def withdraw(self) -> None:
        """Hide the line."""
        if self._line is not None:
            self._line.hide()

    def _go_back(self, go_back: Callable[[], object]) -> None:
        self.withdraw()
        go_back()

    def _hide_elsewhere(self) -> None:
        if self._chat.current.id != self._conversation_id:
            self.withdraw()

    def _made_line(self) -> QuietLine:
        if self._line is None:
            self._line = QuietLine(self._theme, PlainLabel("", "small", wraps=True), closable=True)
            self._page.put_below(self._line)
        return self._line


class ComparePresenter(QObject):
    """The presenter of one comparison at a time.

    One whose page has been left goes on, and is found as versions of a message.
    """

    left = Signal()  # the conversation is wanted in front
    kept = Signal(int)  # the side that the user has chosen; then `left`
    went_back = Signal()  # without having chosen one; then `left`
    action_chosen = Signal(object)  # an ErrorAction that concerns more than an answer
    asked = Signal(object)  # a MessageAction that does

    def __init__(
        self, theme: Theme, stack: PageStack, chat: Chat, preference: PanelPreference, outcome: ComparisonOutcome
    ) -> None:
        super().__init__(stack)
        self.outcome = outcome
        self._theme = theme
        self._stack = stack
        self._made: ComparePage | None = None
        self._chat = chat
        self._preference = preference
        self._comparison: Comparison | None = None
        self._paths: list[ConversationPath] = []
        self._show_again: Callable[[], None] = lambda: None  # what was shown last
        self._headings: list[str] = []
        self._differences: CompareDifferences | None = None
        self.left.connect(stack.show_home)
        stack.currentChanged.connect(self._let_go_if_left)
        chat.opened.connect(self._on_opened)
        chat.store_failed.connect(self._on_store_failed)

    def show(
        self,
        comparison: Comparison,
        question: str,
        sides: Sequence[SideWords],
        more: QWidget | None = None,
        given: str | None = None,
        *,
        has_files: bool = False,
    ) -> None:
        """Show a comparison: the question on top, and these words over its sides.

        `more`: buttons for what else can be asked. `given`: all that the answers can rest on, where that is known;
        `has_files`: with files.
        """
        self._let_go()
        self.outcome.withdraw()
        page = self.page
        self._comparison = comparison
        self._headings = [side.heading for side in sides]
        self._show_again = lambda: self.show(comparison, question, sides, more, given, has_files=has_files)
        page.make_columns(question, sides, self._preference)
        page.offer(more)
        left_out = next((side.left_out for side in sides if side.left_out), "")
        whole = comparison.sides[0].question  # where something was left out, the first was asked with everything
        if given is None and left_out and whole.above is None:
            given = "\n".join(map(outgoing_text, whole.said))
        self._differences_on(page).set_columns(page.columns, given=given, has_files=has_files, left_out=left_out)
        for index, column in enumerate(page.columns):
            self._paths.append(self._chat.comparisons.path_of(comparison.sides[index]))
            column.requests.asked.connect(lambda _, action, at=index: self._act_at(at, action))
            self._show_side(index)
        comparison.side_changed.connect(self._on_side_changed)
        comparison.begun.connect(self._show_whole)
        comparison.not_begun.connect(self._on_not_begun)
        comparison.side_not_begun.connect(self._on_side_not_begun)
        self._show_whole()
        self._stack.show_page(page)
        page.columns[0].transcript.setFocus()

    def set_preference(self, preference: PanelPreference) -> None:
        """Open thinking panels in this way from now on."""
        self._preference = preference
        if self._comparison is not None:
            for column in self.page.columns:
                column.requests.read(preference=self._preference)

    def take_escape(self) -> bool:
        """Stop what runs on the page, or else go back to the conversation. Return False if it is not shown."""
        if not self.is_in_front:
            return False
        if self._comparison is not None and self._comparison.is_running:
            self._comparison.stop_all()
        else:
            self._go_back()
        return True

    @property
    def is_in_front(self) -> bool:
        return self._stack.is_in_front(self._made)

    @property
    def page(self) -> ComparePage:
        """The page of answers side by side, made when it is first wanted."""
        if self._made is None:
            from desktop.ui.compare.page import ComparePage

            page = self._made = ComparePage(self._theme)
            page.back_requested.connect(self._go_back)
            page.stop_all_requested.connect(self._stop_all)
            page.stop_requested.connect(self._stop)
            page.keep_requested.connect(self._keep)
            page.notice.action_chosen.connect(self._act_on_notice)
        return self._made

    def _differences_on(self, page: ComparePage) -> CompareDifferences:
        if self._differences is None:
            from desktop.ui.compare.differences import CompareDifferences

            self._differences = CompareDifferences(self._chat, page.differences)
        return self._differences

    # What the user asks for

    def _act_at(self, index: int, action: MessageAction) -> None:
        if self._comparison is None:
            return
        match action:
            case TryAgain():
                self._comparison.try_again(index)
            case Continue():
                self._comparison.go_on(index)
            case TakeStep(step):
                self._take_step(self._comparison, index, step)
            case Resplit(thinking):
                self._resplit(self._comparison, index, thinking)
            case Stop():
                self._comparison.stop(index)
            case Recover(step):
                self.action_chosen.emit(step)
            case OpenLink() | SetPanels():
                self.asked.emit(action)
            case (
                Edit()
                | ShowVersion()
                | StartFresh()
                | OpenFile()
                | ShowEvidence()
                | SendAgain()
                | AskInLanguage()
                | TakeAlong()
                | KeepAsExample()
                | SaveTable()
                | HideSignKind()
            ):
                pass  # not offered here
            case _:
                assert_never(action)

    def _go_back(self) -> None:
        comparison = self._comparison
        going_on = self._chat.comparisons.keep_earlier(comparison) if comparison is not None else None
        self._let_go()
        if comparison is not None:
            if going_on is None:
                head = self._chat.current.head_id
                going_on = next((at for at, side in enumerate(comparison.sides) if side.message.id == head), None)
            self._say_outcome(comparison, going_on)
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
            self._say_outcome(comparison, index)
            self.kept.emit(index)
            self.left.emit()

    def _say_outcome(self, comparison: Comparison, going_on: int | None) -> None:
        """Say which answer goes on where all are versions of one message; of others, who began the comparison does."""
        places = {side.conversation_id for side in comparison.sides}
        if going_on is None or places != {comparison.conversation_id}:
            return
        if len(comparison.sides) == 2:
            words = self.tr("The conversation goes on with this answer: %1. The other one is kept as a version of it.")
        else:
            words = self.tr("The conversation goes on with this answer: %1. The others are kept as versions of it.")
        said = fill(words, self._headings[going_on])
        self.outcome.say(said, self.tr("Back to the comparison"), self._show_again, comparison.conversation_id)

    def _take_step(self, comparison: Comparison, index: int, step: ReplyStep) -> None:
        match step:
            case ReplyStep.ANSWER_NOW:
                comparison.answer_now(index)
            case ReplyStep.MORE_ROOM:
                comparison.more_room(index)
            case ReplyStep.WITHOUT_THINKING:
                comparison.try_again(index, overrides=RequestOverrides(thinking=ThinkingMode.OFF))

    def _resplit(self, comparison: Comparison, index: int, thinking: bool) -> None:
        self._chat.comparisons.resplit(comparison, index, thinking=thinking)
        self.page.columns[index].transcript.show_again(0)

    def _act_on_notice(self, action: ErrorAction) -> None:
        if action is ErrorAction.TRY_AGAIN:
            self.page.notice.hide()
            self._chat.unsaved.save_again()
        else:
            self.action_chosen.emit(action)

    # What comes of it

    def _show_side(self, index: int) -> None:
        assert self._comparison is not None
        side, column, path = self._comparison.sides[index], self.page.columns[index], self._paths[index]
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
        page, sides = self.page, self._comparison.sides
        page.show_running(self._comparison.is_running)
        for side, column in zip(sides, page.columns, strict=True):
            column.offer_keep(self._comparison.is_begun and side.can_be_kept)
        page.say_models_differ(len({side.message.model for side in sides} - {""}) > 1)
        answers = {side.message.text.strip() for side in sides}
        are_complete = all(side.message.status is MessageStatus.COMPLETE for side in sides)
        page.say_same(are_complete and len(answers) == 1)
        self._differences_on(page).look_at(sides)

    def _on_not_begun(self, _: StoreError) -> None:
        """Leave the page: the conversation shows the error, and the caller has the words."""
        self._leave()

    def _on_side_not_begun(self, index: int, error: StoreError) -> None:
        self.page.notice.show_error(describe_store(error))

    def _on_store_failed(self, error: StoreError) -> None:
        if self._comparison is not None:
            self.page.notice.show_error(describe_store(error))

    def _on_opened(self) -> None:
        """Leave the page for another conversation."""
        if self._comparison is not None:
            self._leave()

    def _let_go_if_left(self) -> None:
        if not self.is_in_front:
            self._let_go()

    def _let_go(self) -> None:
        comparison, self._comparison = self._comparison, None
        if comparison is None:
            return
        comparison.side_changed.disconnect(self._on_side_changed)
        comparison.begun.disconnect(self._show_whole)
        comparison.not_begun.disconnect(self._on_not_begun)
        comparison.side_not_begun.disconnect(self._on_side_not_begun)
        self.page.clear()
        self._paths.clear()
        self._chat.comparisons.leave(comparison)
