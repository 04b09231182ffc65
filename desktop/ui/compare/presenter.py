"""The presenter between the page of answers side by side and `runtime.compare.Comparison`: showing, stopping, keeping.

Whoever begins a comparison knows what its sides are called, and hands it over to be shown. What the answers differ in
is found by `runtime.compare` on another thread, and put in words here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtWidgets import QWidget

from desktop.core.claims.claim import Finding, Kind
from desktop.core.claims.differences import Agreement, Differences, Outcome, Pair, Support
from desktop.core.errors import StoreError
from desktop.core.message import MessageStatus
from desktop.core.request import ThinkingMode, outgoing_text
from desktop.rendering.page.shown_claims import shown_in
from desktop.runtime.background import Task, gui_task
from desktop.runtime.chat import Chat
from desktop.runtime.compare import Compared, Comparison, compared
from desktop.runtime.path import ConversationPath
from desktop.ui.chat.page import ChatPage
from desktop.ui.errors import ErrorAction, describe_store
from desktop.ui.look.theme import Theme
from desktop.ui.message_actions import Ask, PanelPreference
from desktop.ui.prompts.dock import SideWords
from desktop.ui.widgets.page import PageStack
from desktop.ui.widgets.quiet_line import QuietLine
from desktop.ui.words import fill, listed, number, say, say_each

if TYPE_CHECKING:
    from desktop.ui.compare.page import ComparePage


_LONGEST = 48  # characters of one claim: a quotation is known by its beginning
_MOST = 8  # claims in one line
_IN_WORDS = (Kind.DATE, Kind.NUMBER, Kind.NAME)


def lines(compared: Compared, headings: Sequence[str], left_out: str = "") -> list[str]:
    """Return the lines about answers under these headings; none if nothing was compared.

    The first is the conclusion, where there is one. `left_out`: the part of the prompt that one answer did not have.
    """
    said: list[str] = []
    conclusion = compared.conclusion
    outcome = conclusion.outcome if conclusion is not None else Outcome.OTHER
    match outcome:
        case Outcome.AGREE if left_out:
            said.append(say("compare.leaving_out_changed_nothing", left_out=left_out))
        case Outcome.AGREE if len(compared.places) == 2:
            said.append(say("compare.both_agree"))
        case Outcome.AGREE:
            said.append(say("compare.all_of_them_agree"))
        case Outcome.INVENTED if not left_out:
            said.append(say("compare.these_numbers_are_not_in_your"))
        case Outcome.CHANGED | Outcome.INVENTED if left_out and conclusion is not None:
            said.append(_changed(conclusion.claims[0], left_out))
    if left_out or outcome is not Outcome.INVENTED:
        said += lines_on_ungiven(compared)
    is_agreed = outcome is Outcome.AGREE
    if compared.differences is not None:
        old, new = (headings[place] for place in compared.places)
        return [*said, *_of_two(compared.differences, old, new)[int(is_agreed) :]]
    if compared.agreement is not None:
        return [*said, *_of_several(compared.agreement, compared.places)[: -1 if is_agreed else None]]
    return []


def lines_on_ungiven(compared: Compared) -> list[str]:
    """Return the line on what stands in nothing that was given, if there is any such thing."""
    found = compared.ungiven
    return [say("compare.in_nothing_that_you_gave", listed=_listed(_once(found)))] if found else []


def notes(compared: Compared, at: int, headings: Sequence[str]) -> dict[str, str]:
    """Return what is highlighted in one of the answers that were compared, each with what is to be known of it."""
    noted = {claim.text: say("compare.not_given") for claim in compared.ungiven}
    found = compared.differences
    if found is not None:
        other = headings[compared.places[1 - at]]
        only = say("compare.not_in", other=other)
        noted |= {claim.text: only for claim in (found.only_new if at else found.only_old)}
        for pair in found.pairs:
            mine, others = (pair.new, pair.old) if at else (pair.old, pair.new)
            noted[mine.text] = say("compare.says", other=other, shown=_shown(others))
    for each in compared.agreement.disputed if compared.agreement is not None else ():
        few, every = number(len(each.answers)), number(len(compared.places))
        made = (claim for answer, claim in zip(each.answers, each.made, strict=True) if answer == at)
        noted |= {claim.text: say("compare.only_some_say_this", few=few, all=every) for claim in made}
    return noted


def _changed(claim: Finding, left_out: str) -> str:
    is_year = claim.kind is Kind.NUMBER and not claim.unit and len(claim.text) == 4 and claim.text[0] in "12"
    kind = Kind.DATE if is_year and claim.text.isdigit() else claim.kind
    if kind in _IN_WORDS:
        return say_each("compare.changed", kind, left_out=left_out)
    return say("compare.changed_what_can_be_checked", left_out=left_out)


def _of_two(found: Differences, old: str, new: str) -> list[str]:
    said = []
    if found.pairs:
        said.append(say("compare.differs", listed=_listed(map(_pair, found.pairs))))
    for heading, claims in ((old, found.only_old), (new, found.only_new)):
        if claims:
            said.append(say("compare.only_in", heading=heading, listed=_listed(_once(claims))))
    if found.is_empty:
        said.append(_nothing_differs(has_same=bool(found.both)))
    if found.both:
        said.append(say("compare.the_same", listed=_listed(_once(found.both))))
    if not found.is_whole:
        said.append(say("compare.only_the_beginning_was_compared_the"))
    return said


def _of_several(found: Agreement, places: Sequence[int]) -> list[str]:
    said = []
    if found.disputed:
        said.append(say("compare.not_all_answers_say", listed=_listed(_by(each, places) for each in found.disputed)))
    if found.shared:
        said.append(say("compare.all_answers_say", listed=_listed(_shown(each.claim) for each in found.shared)))
    if found.disputed:
        said.append(say("compare.what_a_model_makes_up_it"))
    else:
        said.append(_nothing_differs(has_same=bool(found.shared)))
    return said


def _nothing_differs(*, has_same: bool) -> str:
    if has_same:
        return say("compare.nothing_that_can_be_checked_differs")
    return say("compare.there_is_nothing_in_these_answers")


def _pair(pair: Pair) -> str:
    label = f"{pair.label} " if pair.label else ""
    return f"{label}{_shown(pair.old)} ↔ {_shown(pair.new)}"


def _by(support: Support, places: Sequence[int]) -> str:
    """Return a claim, and which answers make it, counted from 1."""
    answers = listed(number(places[at] + 1) for at in support.answers)
    return say("compare.claim_and_answers", shown=_shown(support.claim), answers=answers)


def _once(claims: Sequence[Finding]) -> list[str]:
    """Return each claim once, as it is first written."""
    first: dict[object, Finding] = {}
    for claim in claims:
        first.setdefault(claim.key, claim)
    return list(map(_shown, first.values()))


def _shown(claim: Finding) -> str:
    words = " ".join(claim.text.split())
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1].rstrip()}…"


def _listed(items: Iterable[str]) -> str:
    """Return the first of them, and how many more there are."""
    every = list(items)
    shown = " · ".join(every[:_MOST])
    return shown if len(every) <= _MOST else say("compare.and_more", shown=shown, every=number(len(every) - _MOST))


class ComparePresenter(QObject):
    """The presenter of one comparison at a time.

    One whose page has been left goes on, and is found as versions of a message.
    """

    left = Signal()  # the conversation is wanted in front
    kept = Signal(int)  # the side that the user has chosen; then `left`
    went_back = Signal()  # without having chosen one; then `left`
    action_chosen = Signal(object)  # an ErrorAction that concerns more than an answer
    asked = Signal(object, object)  # an Ask that does, and its value

    def __init__(self, theme: Theme, stack: PageStack, chat: Chat, conversation: ChatPage) -> None:
        super().__init__(stack)
        self._theme = theme
        self._stack = stack
        self._chat = chat
        self._comparison: Comparison | None = None
        self._paths: list[ConversationPath] = []
        self._show_again: Callable[[], None] = lambda: None  # what was shown last
        self._given: str | None = None  # all that the answers can rest on, where that is known
        self._has_files = False
        self._left_out = ""  # the part that one prompt lacks
        self._answers: list[str | None] = []  # those that are compared
        self._finding: Task | None = None
        # What came of a comparison; it stays until its conversation goes on, or another one is opened.
        self._outcome = QuietLine(theme, closable=True)
        self._told_in = ""  # the conversation that the outcome is of
        conversation.put_below(self._outcome)
        self.left.connect(stack.show_home)
        stack.currentChanged.connect(lambda _: None if self.is_in_front else self._let_go())
        chat.opened.connect(self._on_opened)
        chat.generation_started.connect(lambda _: self._outcome.hide())
        chat.store_failed.connect(self._show_error)

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
        self._outcome.hide()
        page = self.page
        self._comparison = comparison
        self._show_again = lambda: self.show(comparison, question, sides, more, given, has_files=has_files)
        self._left_out = next((side.left_out for side in sides if side.left_out), "")
        whole = comparison.sides[0].question  # where something was left out, the first was asked with everything
        if given is None and self._left_out and whole.above is None:
            given = "\n".join(map(outgoing_text, whole.said))
        self._given, self._has_files, self._answers = given, has_files, []
        panels = PanelPreference(self._chat.services.settings.now.thinking_panel)
        page.make_columns(question, sides, panels, more)
        asked = [any(message.passages for message in side.question.said) for side in comparison.sides]
        if self._chat.current.settings.folders and not all(asked):
            page.notice.show_text(say("compare.without_the_folder"), calmly=True)
        for at, column in enumerate(page.columns):
            self._paths.append(self._chat.comparisons.path_of(comparison.sides[at]))
            column.reading.register(self._doers_at(comparison, at))
            column.stop_requested.connect(lambda _=False, at=at: comparison.stop(at))
            column.keep_requested.connect(lambda _=False, at=at: self._keep(comparison, at))
            self._show_side(comparison, at)
        for signal, slot in self._listens_to(comparison):
            signal.connect(slot)
        self._show_whole()
        self._stack.show_page(page)
        page.columns[0].transcript.setFocus()

    def take_escape(self) -> bool:
        """Stop what runs on the page, or else go back to the conversation. Return False if it is not shown."""
        if not self.is_in_front:
            return False
        if self._comparison is not None and self._comparison.is_running:
            self._comparison.stop_all()
        else:
            self._go_back()
        return True

    def say_outcome(self, words: str, way_back: str, go_back: Callable[[], object], conversation_id: str) -> None:
        """Say in a conversation, now or as soon as it is opened, what came of it; `go_back` is what its button does."""
        self._told_in = conversation_id
        self._outcome.withdraw_offers()
        button = self._outcome.offer(way_back)
        button.clicked.connect(self._outcome.hide)
        button.clicked.connect(lambda: go_back())
        button.show()
        self._outcome.announce(words)

    @property
    def is_in_front(self) -> bool:
        return self._stack.is_in_front(self.__dict__.get("page"))

    @cached_property
    def page(self) -> ComparePage:
        """The page of answers side by side."""
        from desktop.ui.compare.page import ComparePage

        page = ComparePage(self._theme)
        page.back_requested.connect(self._go_back)
        page.stop_all_requested.connect(lambda: self._comparison.stop_all() if self._comparison is not None else None)
        page.notice.action_chosen.connect(self._act_on_notice)
        return page

    def _listens_to(self, comparison: Comparison) -> Sequence[tuple[SignalInstance, Callable[..., object]]]:
        return (
            (comparison.side_changed, self._on_side_changed),
            (comparison.begun, self._show_whole),
            (comparison.not_begun, self._leave),  # the conversation shows the error, and the caller has the words
            (comparison.side_not_begun, self._on_side_not_begun),
        )

    # What the user asks for

    def _doers_at(self, comparison: Comparison, at: int) -> dict[Ask, Callable[[str, Any], object]]:
        """Return what can be asked for at a side; all else is for the conversation."""
        return {
            Ask.TRY_AGAIN: lambda *_: comparison.try_again(at),
            Ask.CONTINUE: lambda *_: comparison.go_on(at),
            Ask.ANSWER_NOW: lambda *_: comparison.answer_now(at),
            Ask.MORE_ROOM: lambda *_: comparison.more_room(at),
            Ask.WITHOUT_THINKING: lambda *_: comparison.try_again(at, thinking=ThinkingMode.OFF),
            Ask.STOP: lambda *_: comparison.stop(at),
            Ask.RESPLIT: lambda _, thinking: self._resplit(comparison, at, thinking),
            Ask.RECOVER: lambda _, step: self.action_chosen.emit(step),
            Ask.OPEN_LINK: lambda _, address: self.asked.emit(Ask.OPEN_LINK, address),
            Ask.SET_PANELS: lambda _, preference: self._set_panels(preference),
        }

    def _resplit(self, comparison: Comparison, at: int, thinking: bool) -> None:
        self._chat.comparisons.resplit(comparison, at, thinking=thinking)
        self.page.columns[at].transcript.show_again(0)

    def _set_panels(self, preference: PanelPreference) -> None:
        for column in self.page.columns:
            column.reading.read(preference=preference)
        self.asked.emit(Ask.SET_PANELS, preference)

    def _go_back(self) -> None:
        comparison = self._comparison
        if comparison is not None:
            going_on = self._chat.comparisons.keep_earlier(comparison)
            if going_on is None:
                head = self._chat.current.head_id
                going_on = next((at for at, side in enumerate(comparison.sides) if side.message.id == head), None)
            if going_on is not None:
                self._say_goes_on(comparison, going_on)
            self._let_go()
        self.went_back.emit()
        self.left.emit()

    def _leave(self, _: object = None) -> None:
        self._let_go()
        self.left.emit()

    def _keep(self, comparison: Comparison, at: int) -> None:
        if self._chat.comparisons.keep(comparison, at):
            self._say_goes_on(comparison, at)
            self._let_go()
            self.kept.emit(at)
            self.left.emit()

    def _say_goes_on(self, comparison: Comparison, at: int) -> None:
        """Say which answer goes on where all are versions of one message; of others, who began the comparison does."""
        here = comparison.conversation_id
        if {side.conversation_id for side in comparison.sides} != {here} or not self.page.columns:
            return
        words = self.tr("The conversation goes on with this answer: %1. The others are kept as versions of it.")
        if len(comparison.sides) == 2:
            words = self.tr("The conversation goes on with this answer: %1. The other one is kept as a version of it.")
        said = fill(words, self.page.columns[at].heading)
        self.say_outcome(said, self.tr("Back to the comparison"), self._show_again, here)

    def _act_on_notice(self, action: ErrorAction) -> None:
        if action is ErrorAction.TRY_AGAIN:
            self.page.notice.hide()
            self._chat.unsaved.save_again()
        else:
            self.action_chosen.emit(action)

    # What comes of it

    def _show_side(self, comparison: Comparison, at: int) -> None:
        side, column, path = comparison.sides[at], self.page.columns[at], self._paths[at]
        if side.generation is not None:
            column.follow(side.generation, path)
        else:
            column.show_ended(side.message, path)

    def _on_side_changed(self, at: int) -> None:
        comparison = self._comparison
        if comparison is None:
            return
        side, path = comparison.sides[at], self._paths[at]
        if path.entries[0].id == side.message.id:
            path.update(side.message)
        else:
            self._paths[at] = self._chat.comparisons.path_of(side)
        self._show_side(comparison, at)
        self._show_whole()

    def _show_whole(self) -> None:
        assert self._comparison is not None
        sides = self._comparison.sides
        self.page.show_running(self._comparison.is_running)
        self.page.models.setVisible(len({side.message.model for side in sides} - {""}) > 1)
        for side, column in zip(sides, self.page.columns, strict=True):
            column.offer_keep(self._comparison.is_begun and side.can_be_kept)
        texts = [None if side.is_running else side.message.text.strip() or None for side in sides]
        if texts != self._answers:
            self._answers = texts
            if self._finding is not None:
                self._finding.cancel()
            self._finding = self._compare(self._comparison, texts)

    @gui_task
    async def _compare(self, comparison: Comparison, texts: Sequence[str | None]) -> None:
        """Say in what those answers differ that have ended, and highlight it."""
        work, given, has_files = self._chat.services.work, self._given, self._has_files
        found = await work.compute(lambda: compared(texts, shown_in, given, has_files=has_files))
        if comparison is not self._comparison:
            return  # it has been left
        columns, sides = self.page.columns, comparison.sides
        headings = [column.heading for column in columns]
        is_whole = all(side.message.status is MessageStatus.COMPLETE for side in sides)
        if len({*texts} - {None}) > 1:
            said = lines(found, headings, self._left_out)
        elif is_whole and len(set(texts)) == 1:
            same = say("compare.both_are_the_same") if len(texts) == 2 else say("compare.all_are_the_same")
            said = [same, *(lines_on_ungiven(found) if has_files else ())]
        else:
            said = []
        self.page.differences.say(said)
        noted = {place: notes(found, at, headings) for at, place in enumerate(found.places)}
        for place, column in enumerate(columns):
            column.transcript.differences.mark(noted.get(place, {}))

    def _on_side_not_begun(self, _: int, error: StoreError) -> None:
        self._show_error(error)

    def _show_error(self, error: StoreError) -> None:
        if self._comparison is not None:
            self.page.notice.show_error(describe_store(error))

    def _on_opened(self, *_: object) -> None:
        """Leave the page for another conversation."""
        if self._chat.current.id != self._told_in:
            self._outcome.hide()
        if self._comparison is not None:
            self._leave()

    def _let_go(self) -> None:
        comparison, self._comparison = self._comparison, None
        if comparison is not None:
            for signal, slot in self._listens_to(comparison):
                signal.disconnect(slot)
            self.page.clear()
            self._paths.clear()
            self._chat.comparisons.leave(comparison)
