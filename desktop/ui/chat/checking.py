"""What an answer rests on: its evidence, looked for when it is shown, and asking twice more where nothing was given.

What is pressed in an answer is shown in the pane beside the conversation, and what is walked to in the pane, in the
answer. What a model makes up, it seldom makes up twice in the same way: what differs from answer to answer is marked.
The further answers stay as versions of the first.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QWidget

from desktop.core.claims.claim import Finding, Kind
from desktop.core.claims.differences import Agreement, agreement
from desktop.core.claims.finding import claims_of
from desktop.core.evidence.checked import Evidence, evidence_of_passages
from desktop.core.message import AttachmentPart, Message, MessageStatus, Role
from desktop.core.place import PlaceKind
from desktop.rendering.page.shown_claims import shown_in
from desktop.runtime.background import gui_task
from desktop.runtime.chat import Chat
from desktop.runtime.evidence import MOST_EARLIER, EvidenceWatch
from desktop.runtime.generation import Generation
from desktop.ui.chat.conversation_presenter import ConversationPresenter
from desktop.ui.chat.page import ChatPage, PagePresenter
from desktop.ui.message_actions import Ask
from desktop.ui.widgets.page import PanePlace, SidePanel
from desktop.ui.widgets.quiet_line import QuietLine
from desktop.ui.words import duration, number, say

if TYPE_CHECKING:
    from desktop.runtime.compare import Comparison
    from desktop.ui.evidence.pane import EvidencePane
    from desktop.ui.transcript.marks import TranscriptEvidence


class EvidencePresenter(PagePresenter):
    """The link between what is found for answers, the page that shows it, and the pane with its places."""

    def __init__(self, page: ChatPage, chat: Chat, place: PanePlace, builder: SidePanel) -> None:
        """Keep the dependencies. `builder` stands where the pane is to stand, and gives way to it."""
        super().__init__(page, chat)
        self._place = place
        self._builder = builder
        self._gave_way = False  # the builder is to come back when the pane goes
        self._bare = ""  # the id of a reply before which nothing was given, nor before any above it
        self._answer = ""  # the id of the reply whose thing is shown in the pane, and its index
        self._thing = 0
        self._by_keyboard = False  # the pane was opened from a mark at which the keyboard was
        page.reading.find_evidence = self._find
        page.reading.register({Ask.SHOW_EVIDENCE: self._show_thing, Ask.SHOW_PASSAGES: self._show_passages})
        place.shown_changed.connect(self._on_shown)
        builder.shown_changed.connect(lambda shown: place.hide_pane() if shown else None)
        chat.opened.connect(self._leave)
        chat.generation_started.connect(self._prepare)
        chat.path_changed.connect(self._on_path_changed)

    def step(self, by: int) -> None:
        """Go to the next mark of an answer, or by -1 to the one before; in the pane, while that is there."""
        if self._place.is_shown:
            self._pane.step_thing(by)
        elif self._page.has_transcript:
            self._marks.step(by)

    def take_escape(self) -> bool:
        """Close the pane. Return False if it is not there."""
        is_shown = self._place.is_shown
        if is_shown:
            self._close()
        return is_shown

    def leave_mark(self) -> bool:
        """Show no mark as being looked at. Return False if none was."""
        return self._page.has_transcript and self._marks.close_mark()

    @property
    def _marks(self) -> TranscriptEvidence:
        return self._page.transcript.evidence

    @cached_property
    def _watch(self) -> EvidenceWatch:
        """The finder, made when there is an answer to look at: a start shows none."""
        watch = EvidenceWatch(self._chat.services, shown_in, self._chat.look_ups)
        watch.found.connect(self._show)
        watch.failed.connect(self._show_failure)
        return watch

    @cached_property
    def _pane(self) -> EvidencePane:
        from desktop.ui.evidence.pane import pane_in

        pane = pane_in(self._place, self._chat)
        pane.thing_changed.connect(self._follow)
        pane.answer_wanted.connect(self._go_to_answer)
        pane.closed.connect(self._close)
        return pane

    def _find(self, reply: Message) -> None:
        path = self._chat.path
        at, bare = path.index_of(reply.id), path.index_of(self._bare) if self._bare else None
        if at is None or bare is None or at > bare:
            self._watch.look(self._chat.current, reply)

    def _prepare(self, generation: Generation) -> None:
        if any(each.files for each in generation.new_messages) or "_watch" in vars(self):
            self._watch.prepare(generation.conversation, generation.reply_id)

    def _show(self, message_id: str, evidence: Evidence) -> None:
        path = self._chat.path
        if not evidence.sources and path.is_whole and (path.index_of(message_id) or MOST_EARLIER) < MOST_EARLIER:
            self._bare = message_id
        if self._page.has_transcript:
            self._marks.show(message_id, evidence)

    def _show_failure(self, message_id: str) -> None:
        if self._page.has_transcript:
            self._marks.show(message_id, None)

    def _show_thing(self, message_id: str, thing: int) -> None:
        evidence = self._marks.evidence_of(message_id)
        if evidence is None or thing >= len(evidence.checked):
            return
        self._answer, self._thing = message_id, thing
        self._open_pane(evidence, thing)  # before the mark is brought to sight: the page has less room beside it
        self._marks.open_mark(message_id, thing)

    def _show_passages(self, _: str, part: AttachmentPart) -> None:
        """Show passages of a folder in which nothing of the answer stands."""
        self._answer = ""
        self.leave_mark()
        self._open_pane(evidence_of_passages(part), 0)

    def _open_pane(self, evidence: Evidence, thing: int) -> None:
        self._by_keyboard = _has_focus_within(self._page.transcript)
        if self._builder.is_shown:
            self._gave_way = not self._builder.is_over
            self._builder.toggle()
        self._pane.show_thing(evidence, thing)
        self._place.open()
        if self._by_keyboard:
            self._pane.focus_place()

    def _follow(self, thing: int) -> None:
        self._thing = thing
        self._marks.open_mark(self._answer, thing)

    def _go_to_answer(self, thing: int) -> None:
        self._place.uncover()
        self._marks.open_mark(self._answer, thing)
        self._marks.focus_mark()

    def _close(self) -> None:
        """Close the pane; the keyboard, if it was there, goes back to the answer, and to the mark that it came from."""
        had_keyboard = _has_focus_within(self._pane)
        if had_keyboard:
            self._marks.focus_mark()
        self._hide()
        if had_keyboard and self._by_keyboard:
            self._marks.open_mark(self._answer, self._thing)

    def _hide(self) -> None:
        """Hide the pane, and have the builder come back that gave way to it."""
        self._place.hide_pane()
        gave_way, self._gave_way = self._gave_way, False
        if gave_way:
            self._builder.open()

    def _leave(self) -> None:
        """Close the pane: another conversation is shown."""
        self._answer = self._bare = ""
        self._hide()
        self.leave_mark()

    def _on_path_changed(self) -> None:
        self._bare = ""
        if self._answer and self._chat.path.index_of(self._answer) is None:
            self._leave()

    def _on_shown(self, shown: bool) -> None:
        """Show in the answer what the pane shows, also when it comes back in a window that has become wider."""
        if not shown:
            self.leave_mark()
        elif self._answer:
            self._marks.open_mark(self._answer, self._thing)


def _has_focus_within(part: QWidget) -> bool:
    focused = QApplication.focusWidget()
    return focused is not None and focused is not part and part.isAncestorOf(focused)


_TIMES = 2
_MOST_TOLD = 4  # values in the line; all are marked in the answer
_SOURCE = 600  # characters; a longer message of the user's brings what it is about along
_EARLIER = 40  # messages that may hold what an answer rests on
_LOOKED_AT = 20_000  # characters of an answer in which figures are looked for
_FIGURES = (Kind.NUMBER, Kind.DATE)
_ANSWERED = (MessageStatus.COMPLETE, MessageStatus.CUT_OFF)  # one that met its limit has figures, too


class AskTwicePresenter(PagePresenter):
    """The owner of the line that offers to ask twice more, and tells what came of it."""

    def __init__(self, page: ChatPage, chat: Chat, conversation: ConversationPresenter) -> None:
        super().__init__(page, chat)
        self._answer = ""  # the id of the answer that the line is about
        self._comparison: Comparison | None = None  # the one that the line tells of
        self._marked = False  # something is marked in that answer
        self._offered_in: set[str] = set()  # the conversations in which it was offered
        self._line = line = QuietLine(self._theme, closable=True)
        self._ask = line.offer(self.tr("Ask twice more"), do=lambda: conversation.ask_again(self._answer, self._begin))
        line.closed.connect(self._forget)
        page.put_below(line)
        page.reading.register({Ask.ASK_TWICE_MORE: lambda message_id, _: self._offer(message_id, is_wanted=True)})
        useless = page.reading.of_no_use
        page.reading.of_no_use = lambda: useless() | self._of_no_use()
        chat.generation_ended.connect(self._on_ended)
        chat.signs_found.connect(self._on_signs)
        chat.generation_started.connect(lambda _: self._forget())
        chat.opened.connect(lambda *_: self._forget())
        chat.path_changed.connect(lambda _: self._on_path_changed())
        for changed in (chat.settings_changed, self._models.changed):
            changed.connect(self._tell_cost_anew)

    def _of_no_use(self) -> frozenset[Ask]:
        """Return that it is not offered where something was given, against which figures are looked up."""
        path = self._chat.path
        asked = (path.message(entry.id) for entry in path.entries[-_EARLIER:] if entry.role is Role.USER)
        is_given = any(each is not None and (each.files or len(each.text) > _SOURCE) for each in asked)
        return frozenset({Ask.ASK_TWICE_MORE}) if is_given else frozenset()

    def _forget(self) -> None:
        self._line.hide()
        self._answer, self._comparison = "", None
        if self._marked:
            self._marked = False
            self._page.transcript.differences.mark({})

    def _on_path_changed(self) -> None:
        if self._answer and self._chat.path.index_of(self._answer) is None:
            self._forget()

    # Offering it

    def _on_signs(self, message_id: str) -> None:
        """Let the line below a sign speak alone."""
        if message_id == self._answer and self._comparison is None:
            self._forget()

    @gui_task
    async def _on_ended(self, generation: Generation) -> None:
        """Offer it, once a conversation, below an answer that has figures of its own."""
        path, conversation_id = self._chat.path, self._chat.current.id
        if generation.conversation.id != conversation_id:
            return
        answer = path.last
        question = path.message(answer.parent_id or "") if answer is not None else None
        if answer is None or question is None or conversation_id in {*self._offered_in, *self._chat.compared}:
            return
        if answer.status is not MessageStatus.COMPLETE or answer.signs or self._of_no_use():
            return
        texts = answer.text[:_LOOKED_AT], question.text
        has_figures = await self._chat.services.work.compute(lambda: _has_figures(*texts))
        is_still_last = self._chat.path is path and path.entries[-1].id == answer.id
        if has_figures and is_still_last and not self._chat.is_answering:
            self._offered_in.add(conversation_id)
            self._offer(answer.id)

    def _offer(self, message_id: str, *, is_wanted: bool = False) -> None:
        """Say what asking twice more takes, and offer to do it; `is_wanted`: the user has asked for it."""
        message = self._chat.path.message(message_id)
        if message is None or message.status is not MessageStatus.COMPLETE or self._chat.is_answering:
            return
        self._forget()
        self._answer = message_id
        self._ask.show()
        self._line.announce(self._words_on_cost(message))
        if is_wanted:
            self._ask.setFocus()

    def _tell_cost_anew(self) -> None:
        """Say it for the model that would be asked now, while it is offered."""
        answer = self._chat.path.message(self._answer) if self._answer and self._comparison is None else None
        if answer is not None and (words := self._words_on_cost(answer)) != self._line.accessibleName():
            self._line.announce(words)

    def _words_on_cost(self, answer: Message) -> str:
        place = self._chat.place
        if place is not None and place.kind is PlaceKind.INTERNET:
            return say("compare.asked_at", host=place.host)
        took = answer.timings
        seconds = took.connecting + took.reading + took.thinking + took.answering if took is not None else 0.0
        return say("compare.asked_takes", time=duration(max(1.0, _TIMES * seconds)))

    # Asking, and what comes of it

    def _begin(self) -> None:
        made = self._chat.comparisons.ask_again(self._answer, _TIMES)
        if made is None:
            return
        self._comparison = made
        self._composer.set_running(True, queues=False)
        self._ask.hide()
        self._line.announce(self.tr("Asking twice more…"))
        made.side_not_begun.connect(lambda _, error: self._chat.store_failed.emit(error))
        made.ended.connect(lambda: self._tell(made))

    @gui_task
    async def _tell(self, made: Comparison) -> None:
        """Say in which figures the answers differ, and mark these in the first."""
        self._chat.comparisons.leave(made)
        self._composer.set_running(self._chat.is_answering)
        texts = [each.message.text for each in made.sides if each.message.status in _ANSWERED]
        if self._comparison is not made:
            return  # the user is elsewhere
        if len(texts) < 1 + _TIMES:
            self._line.announce(self.tr("The answers did not all come. Those that did are versions of this one."))
            return
        found = await self._chat.services.work.compute(lambda: agreement([shown_in(each) for each in texts]))
        if self._comparison is made:
            notes = _notes(found, len(texts))
            self._page.transcript.differences.mark(notes, self._answer)
            self._marked = bool(notes)
            told = " · ".join(list(notes.values())[:_MOST_TOLD])
            self._line.announce(told or self.tr("All three answers have the same figures."))


def _has_figures(answer: str, question: str) -> bool:
    """Return True if an answer has figures that the question does not have."""
    answered, asked = claims_of([shown_in(answer), shown_in(question)])
    known = {key for each in asked for key in each.keys}
    return any(_is_figure(each) and known.isdisjoint(each.keys) for each in answered)


def _is_figure(claim: Finding) -> bool:
    return claim.kind in _FIGURES and sum(map(str.isdigit, claim.text)) > 1


def _notes(found: Agreement, answers: int) -> dict[str, str]:
    """Return the figures of the first answer that not all have, with how many do."""
    figures = [each for each in found.disputed if 0 in each.answers and _is_figure(each.claim)]
    return {
        each.claim.text: say("compare.few_say", len(each.answers), all=number(answers), shown=each.claim.text)
        for each in figures
    }
