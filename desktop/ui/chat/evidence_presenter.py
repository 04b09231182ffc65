"""The presenter of evidence: has it looked for when an answer is shown, and shows what was found at the answer.

What is pressed there it shows in the pane beside the conversation, and what is walked to in the pane, in the answer.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QWidget

from desktop.core.evidence.checked import Evidence
from desktop.core.evidence.sources import evidence_of_passages
from desktop.core.message import AttachmentPart, Message
from desktop.rendering.page.shown_claims import shown_in
from desktop.runtime.chat import Chat
from desktop.runtime.evidence import MOST_EARLIER, EvidenceWatch
from desktop.ui.chat.page import ChatPage, PagePresenter
from desktop.ui.message_actions import Ask
from desktop.ui.widgets.page import PanePlace, SidePanel

if TYPE_CHECKING:
    from desktop.runtime.generation import Generation
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
