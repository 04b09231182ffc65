"""One message of the transcript: the user's words in a bubble, a model's plainly on the paper.

A reply carries its thinking (`thinking/in_reply.py`) and a card when it failed; below each message stands its row of
words and actions (`footer.py`), above it what is to be looked at (`remarks.py`). Where all this stands is
`message_layout.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Set
from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.core.bounds import SHOWN_LETTERS
from desktop.core.evidence.checked import NO_EVIDENCE, Evidence
from desktop.core.message import Message, Role
from desktop.core.prompts.parse import words_of
from desktop.core.reply import ReplyPhase, can_be_continued, phase_of
from desktop.core.sign import Sign
from desktop.rendering.formula.typesetter import Key
from desktop.rendering.markdown.document import MarkdownDocument
from desktop.rendering.text.plain_document import PlainDocument
from desktop.rendering.text.shown_text import Position
from desktop.runtime.generation import Advance, Generation
from desktop.runtime.watches import LoopNoticed
from desktop.ui import words
from desktop.ui.documents.sent_files import LoadPicture, SentFiles
from desktop.ui.errors import ErrorAction, action_words, describe
from desktop.ui.evidence.words import first_found, spoken
from desktop.ui.look import tokens as measures
from desktop.ui.look.page_look import PageLook
from desktop.ui.look.panel_preference import PanelPreference
from desktop.ui.message_actions import (
    Ask,
    Continue,
    HideSignKind,
    MessageAction,
    OpenLink,
    Recover,
    ReplyStep,
    SendAgain,
    ShowEvidence,
    StartFresh,
    Stop,
    TakeStep,
    TryAgain,
)
from desktop.ui.signs.words import way_out_of
from desktop.ui.text.clipboard import Copied, CopyForm, put_on_clipboard
from desktop.ui.text.message_anchor import MessageAnchor, StandingText, anchor_at, y_of
from desktop.ui.text.selection import Channel
from desktop.ui.text.surface import TextSurface
from desktop.ui.thinking.in_reply import (
    ReplyProgress,
    ReplyThinking,
    size_of_thought,
    step_explained,
    step_words,
    steps_after,
    steps_while,
)
from desktop.ui.thinking.panel import LoopNotice, ThinkingPanel
from desktop.ui.transcript.footer import FooterAction, MessageFooter, Offer, Way
from desktop.ui.transcript.message_layout import MessageLayout, TextFold, may_be_long
from desktop.ui.transcript.remarks import Remarks
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.quiet_line import ErrorCard


def make_text(message: Message, text: str, look: PageLook, view: QWidget) -> TextSurface:
    """Return a new surface in `view` that shows this text of a message; that of a running reply is to grow."""
    is_mine = message.role is Role.USER
    document = PlainDocument() if is_mine else MarkdownDocument()
    surface = TextSurface(document, look.answer, look.theme.color("paper"), view)
    if message.status.is_running:
        surface.append(text)
    else:
        surface.load(text)
    set_text_look(surface, look, is_mine=is_mine)
    return surface


def set_text_look(surface: TextSurface, look: PageLook, *, is_mine: bool, is_unsent: bool = False) -> None:
    """Apply the theme's present look; what is not sent any more is grey."""
    theme, style = look.theme, look.unsent if is_unsent else look.answer
    paper = theme.color("paper")
    if is_mine:
        surface.set_frame(14, 10, measures.RADIUS_BUBBLE, 0, paper)
        surface.set_look(style, theme.color("mine"), paper)
    else:
        surface.set_look(style, paper, paper)


_ON_CARD = 2  # steps of a failure; the others stand in the menu
_OF_LAST_REPLY = frozenset(
    {ErrorAction.TRY_AGAIN, ErrorAction.START_FRESH, ErrorAction.MAKE_ROOM}
)  # which speak of what was last asked


class MessageView(QWidget):
    """A widget of a finished message or a running `Generation`. The transcript gives it a width and a place."""

    height_changed = Signal()
    copy_requested = Signal(object, bool)  # a CopyForm, whether with thinking; `show_copied` when that is done
    action_focused = Signal()  # the keyboard has come to one of its actions
    ended = Signal()  # a reply that ran
    surface_made = Signal(object, object)  # Channel, the TextSurface that shows it from now on

    def __init__(
        self,
        message: Message,
        look: PageLook,
        preference: PanelPreference,
        ask: Ask,
        *,
        is_last: bool,
        is_followed: Callable[[], bool] = lambda: True,
        load_picture: LoadPicture | None = None,
        headings: Callable[[], Collection[str]] = frozenset,
        parent: QWidget | None = None,
    ) -> None:
        """Build the view.

        `is_followed` returns True if the reader is at the end of the page, and not somewhere in the text. `headings`
        returns the lines that are headings of prompts: the user's own words are shown without these.
        """
        super().__init__(parent)
        self.message = message
        self._written = words_of(message.text, headings()) if _may_be_wrapped(message) else message.text
        self._look = look
        self.ask = ask
        self._is_mine = message.role is Role.USER
        self._is_last = is_last
        self._generation: Generation | None = None
        self._can_ask_without = False
        self._names_model = True
        self._is_unsent = self._is_edited = False
        self.left_out: frozenset[FooterAction] = frozenset()
        self._layout = MessageLayout()
        self._card: ErrorCard | None = None
        self._loop: LoopNotice | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_StaticContents)  # as for its text, which see
        self._text = self._make_text()
        self._files, self._fold = self._make_mine(load_picture) if self._is_mine else (None, None)
        self._wrapping = self._make_wrapping() if self._written != message.text else None
        self._footer = self._make_footer()
        self._progress: ReplyProgress | None = None
        self._thinking = self._make_thinking(preference, is_followed)
        self._thinking.load(message)
        self._remarks: Remarks | None = None
        self._before: Message | None = None  # the answer before it, as far as that is known
        self._signs_off: frozenset[str] = frozenset()
        self._show_signs()
        self._describe()

    @property
    def answer(self) -> TextSurface:
        """The answer, or the user's words."""
        return self._text

    @property
    def source(self) -> str:
        """The answer or the user's words, all of it, as written."""
        return self.message.text if self._is_mine else self._text.source

    @property
    def is_running(self) -> bool:
        return self._generation is not None

    def follow(self, generation: Generation) -> None:
        """Show a reply while it grows."""
        self._generation = generation
        generation.advanced.connect(self._advance)
        generation.loop_noticed.connect(self._on_loop)
        generation.phase_changed.connect(self._on_phase)
        generation.ended.connect(self._on_finished)
        self._offer_actions()
        progress = self._progress = ReplyProgress(self)
        progress.said.connect(self._footer.set_words)
        progress.thinking_said.connect(self._say_of_thinking)
        progress.follow(generation)
        self._thinking.follow(generation)

    @property
    def can_be_resplit(self) -> bool:
        """True if its words may change channels: those of a reply, once it has ended."""
        return not self._is_mine and not self.is_running

    def set_last(self, is_last: bool) -> None:
        """Set if it is the last: only the last reply can be continued."""
        if is_last != self._is_last:
            self._is_last = is_last
            self._footer.set_last(is_last)
            self._describe()
            self._on_grown()

    def set_can_ask_without_thinking(self, can: bool) -> None:
        """Set if the model in use can answer without thinking."""
        if can != self._can_ask_without:
            self._can_ask_without = can
            self._offer_actions()

    def show_origin(self, shall: bool) -> None:
        """Set if its model and place stand below it."""
        if shall is not self._names_model:
            self._names_model = shall
            self._describe()

    def show_signs(self, signs: tuple[Sign, ...]) -> None:
        """Show the signs of trouble that have just been found in it."""
        self.message = replace(self.message, signs=signs)
        self._show_signs(is_news=True)

    def set_signs_off(self, kinds: frozenset[str]) -> None:
        """Set which kinds of signs of trouble are switched off."""
        self._signs_off = kinds
        self._show_signs()

    def _show_signs(self, *, is_news: bool = False) -> None:
        if self.message.signs or self._remarks is not None:
            self.remarks.show_signs(self.message.signs, self._signs_off, is_news=is_news)

    @property
    def remarks(self) -> Remarks:
        """The line on what is to be looked at; made at its first use."""
        if self._remarks is None:
            self._remarks = Remarks(self._look, self.ask, lambda: self._text.marked.open_name, self)
            self._remarks.changed.connect(self._on_remarks)
        return self._remarks

    @property
    def evidence(self) -> Evidence:
        """What was found out of it by looking it up."""
        return self._remarks.evidence if self._remarks is not None else NO_EVIDENCE

    def set_before(self, before: Message | None) -> None:
        """Set the answer that stands before it: where that was another model's or from elsewhere, its own is named."""
        self._before = before
        self._describe()

    def set_versions(self, version: int, versions: int) -> None:
        """Set which of how many versions of this message it is, from 1."""
        self._footer.set_versions(version, versions)

    def set_unsent(self, unsent: bool) -> None:
        """Set if it is not sent any more, because the user has left it out: grey, with the reason and a way back."""
        if unsent is not self._is_unsent:
            self._is_unsent = unsent
            set_text_look(self._text, self._look, is_mine=self._is_mine, is_unsent=unsent)
            if self._files is not None:
                self._files.set_unsent(unsent)
            self._describe()

    def leave_out(self, actions: frozenset[FooterAction]) -> None:
        """Set which actions mean nothing where it stands."""
        self.left_out = actions
        self._offer_actions()

    def focus_versions(self) -> None:
        """Focus the versions, after another one has replaced this one."""
        self._footer.focus_versions()

    def set_edited(self, edited: bool) -> None:
        """Show if the user's words are being edited."""
        if self._is_mine:
            self._is_edited = edited
            self._footer.set_words(self._words_on_rest())

    def formulas_ready(self, ready: Set[Key]) -> None:
        """Replace the sources of formulas that have been typeset now."""
        self._text.formulas_ready(ready)

    def open_thinking(self) -> None:
        """Show the whole trace, as if the user had opened it."""
        self._thinking.open()

    def set_preference(self, preference: PanelPreference) -> None:
        """Set how thinking panels are shown from now on, and apply it to this one."""
        self._thinking.set_preference(preference)

    def refresh_look(self) -> None:
        """Apply the theme's present look."""
        set_text_look(self._text, self._look, is_mine=self._is_mine, is_unsent=self._is_unsent)
        self._layout.forget()
        self._thinking.refresh_look()
        if self._remarks is not None:
            self._remarks.refresh_look()
        self.update()

    def height_for(self, width: int) -> int:
        """Compute the layout at a width in pixels and return its height; nothing moves before `lay_out`.

        The page can so be scrolled first: Qt moves what is painted only while nothing waits to be painted.
        """
        if self._is_mine:
            return self._layout.height_of_mine(width, self._text, self._footer, self._files, self._fold, self._wrapping)
        return self._layout.height_of_reply(
            width,
            self._text,
            self._footer,
            panel=self._panel,
            loop=self._loop,
            remarks=self._remarks if self._remarks is not None and self._remarks.is_any else None,
            card=self._card,
        )

    def set_sight(self, top: float, bottom: float) -> bool:
        """Lay out the visible range, in its own pixels. Return True if the height changed."""
        changed = [text.surface.set_sight(top - text.top, bottom - text.top) for text in self._texts()]
        if any(changed):
            self._layout.forget_height()
        return any(changed)

    def surfaces(self) -> list[tuple[Channel, TextSurface]]:
        """Return the texts that are open."""
        thinking = self._panel.surface if self._panel is not None else None
        found = [(Channel.THINKING, thinking)] if thinking is not None else []
        return [*found, (Channel.ANSWER, self._text)]

    def position_at(self, at: QPoint) -> tuple[Channel, Position]:
        """Return the character at a point, or the one nearest to it."""
        channel, surface = self.surfaces()[-1]
        for other, above in self.surfaces()[:-1]:
            if at.y() < self.top_of(surface):
                channel, surface = other, above
        origin = surface.mapTo(self, QPoint(0, 0))
        return channel, surface.hit(QPointF(at - origin)).position

    def anchor_at(self, y: float) -> MessageAnchor:
        """Return an anchor for a height that can be found again when it has grown or was laid out anew."""
        return anchor_at(y, self._texts())

    def y_of(self, anchor: MessageAnchor) -> float:
        """Return the present height of an anchor; the top of the answer if it was in a trace that has been closed."""
        return y_of(anchor, self._texts())

    def top_of(self, surface: TextSurface) -> int:
        """Return the top of a text as last computed, even before it has been moved there."""
        if surface is self._text or self._panel is None:
            return self._layout.top_of(surface)
        return self._layout.top_of(self._panel) + self._panel.header_height

    def lay_out(self) -> None:
        """Move everything as the last `height_for` computed."""
        moved, panel = self._layout.lay_out(), self._panel
        if panel is not None and panel in moved:
            panel.lay_out()

    @property
    def is_settled(self) -> bool:
        """True if nothing in it has changed its height since it was last laid out."""
        return self._layout.is_settled

    @property
    def _panel(self) -> ThinkingPanel | None:
        return self._thinking.panel

    def _texts(self) -> list[StandingText]:
        return [StandingText(channel, surface, self.top_of(surface)) for channel, surface in self.surfaces()]

    def _make_text(self) -> TextSurface:
        text = make_text(self.message, self._written, self._look, self)
        text.height_changed.connect(self._on_grown if self._is_mine else self._on_text_grown)
        text.link_activated.connect(lambda address: self.ask(OpenLink(address)))
        return text

    def _make_mine(self, load_picture: LoadPicture | None) -> tuple[SentFiles | None, TextFold | None]:
        """Make what the user's words have beside them: their files, and the button of a long text."""
        files = self.message.files
        row = SentFiles(self._look.theme, files, self.ask, load_picture, self) if files else None
        fold = TextFold(self.message.text, self) if may_be_long(self.message.text) else None
        if fold is not None:
            fold.clicked.connect(lambda: self._set_folded(not fold.is_folded))
        return row, fold

    def unfold(self) -> None:
        """Show all of a long text, and as it was sent."""
        if self._wrapping is not None and not self._wrapping.isChecked():
            self._wrapping.click()
        if self._fold is not None and self._fold.is_folded:
            self._set_folded(False)

    def _make_wrapping(self) -> QPushButton:
        """Make the button that shows how the user's words were sent, and again as they were written."""
        made = button(self.tr("As it was sent"), "muted", name=self.tr("Show the message as it was sent"))
        made.setParent(self)
        made.setCheckable(True)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.toggled.connect(self._show_wrapping)
        return made

    def _show_wrapping(self, shall: bool) -> None:
        assert self._wrapping is not None
        self._wrapping.setText(self.tr("As I wrote it") if shall else self.tr("As it was sent"))
        self._text.set_document(PlainDocument())
        self._text.load(self.message.text if shall else self._written)
        self._on_grown()

    def _set_folded(self, folded: bool) -> None:
        assert self._fold is not None
        self._fold.set_folded(folded)
        self._on_grown()

    def _make_footer(self) -> MessageFooter:
        footer = MessageFooter(self._look.theme, self.ask, is_mine=self._is_mine, parent=self)
        footer.set_last(self._is_last)
        footer.copy_requested.connect(self._copy)
        footer.height_changed.connect(self._on_grown)
        footer.focused.connect(self.action_focused)
        return footer

    def _make_thinking(self, preference: PanelPreference, is_followed: Callable[[], bool]) -> ReplyThinking:
        thinking = ReplyThinking(self._look, preference, self.ask, is_followed, self)
        thinking.height_changed.connect(self._on_grown)
        thinking.loop_changed.connect(self._offer_actions)
        thinking.surface_made.connect(lambda surface: self.surface_made.emit(Channel.THINKING, surface))
        return thinking

    def _advance(self, advance: Advance) -> None:
        if advance.reclassified:
            self._swap_sides(advance)
            return
        if advance.reasoning:
            self._thinking.append(advance.reasoning, goes_on=self._is_thinking)
        if advance.text:
            self._thinking.give_way()
            self._text.append(advance.text)

    def _swap_sides(self, advance: Advance) -> None:
        assert self._generation is not None
        message = self._generation.builder.message
        self._text.set_document(MarkdownDocument())
        self._text.append(message.text)
        if not message.reasoning and self._panel is not None:
            self._layout.drop(self._panel)
        self._thinking.replace(message.reasoning)
        self._on_grown()

    def _on_loop(self, noticed: LoopNoticed) -> None:
        if noticed.in_thinking:
            self._thinking.say_loop()
        elif self._loop is None:
            self._loop = LoopNotice(self._look, self.tr("Stop here"), self, ground="paper")
            self._loop.cut_requested.connect(lambda: self.ask(Stop()))
            self._loop.dismissed.connect(self._drop_loop)
            self._loop.show()
            self._on_grown()

    def _drop_loop(self) -> None:
        if self._loop is not None:
            self._layout.drop(self._loop)
            self._loop.hide()
            self._loop.deleteLater()
            self._loop = None
            self._on_grown()

    @property
    def _is_thinking(self) -> bool:
        return self._generation is not None and self._generation.builder.phase is ReplyPhase.THINKING

    def _on_phase(self) -> None:
        if not self._is_thinking:
            self._thinking.pause()
        self._offer_actions()

    def _say_of_thinking(self, said: str, detail: str) -> None:
        self._thinking.say(said, detail, is_thinking=self._is_thinking)

    def _on_finished(self, message: Message) -> None:
        self._generation = None
        self.message = message
        self._text.finish()
        self._drop_loop()
        if self._progress is not None:
            self._progress.end(message)
        self._describe()
        self._on_grown()
        self.ended.emit()

    def _describe(self) -> None:
        """Set words, card and accessible texts of a message that is not running."""
        message = self.message
        self._name_it()
        self._text.setAccessibleDescription(message.text[:4000])
        self._offer_actions()
        if self._is_mine:
            self._footer.set_words(self._words_on_rest())
        if self._is_mine or message.status.is_running:
            return
        phase = phase_of(message)
        self._footer.set_origin(self._origin)
        self._thinking.finish(message)
        self._show_card(message)
        is_told = self._remarks is not None and self._remarks.tell_of_its_end
        quiet = phase is ReplyPhase.DONE or self._card is not None or is_told
        if quiet and message.early is not None:
            self._footer.set_words(words.answered_early(message.early))
        else:
            self._footer.set_words(self._words_on_rest() if quiet else words.phase_words(phase))

    def _words_on_rest(self) -> str:
        """Return what is to be said of a message that is edited, left out, or too long to be shown whole."""
        if self._is_edited:
            return self.tr("Being edited")
        if self._is_unsent:
            return self.tr("Not sent any more: left out to make room")
        if max(len(self.message.text), len(self.message.reasoning)) <= SHOWN_LETTERS:
            return ""
        return self.tr("Too long to be shown whole. Copy and Export… take all of it.")

    def _name_it(self) -> None:
        """Name it for a screen reader: who speaks, and if that is not sent any more."""
        if self._is_unsent:
            speaker = self.tr("You, not sent any more") if self._is_mine else self.tr("Answer, not sent any more")
        else:
            speaker = self.tr("You") if self._is_mine else self.tr("Answer")
        self._text.setAccessibleName(speaker)
        self.setAccessibleName(speaker)

    @property
    def _origin(self) -> str:
        """Its model and place, where they differ from the answer before, or the words left this computer."""
        message, before = self.message, self._before
        is_far = message.place is not None and not message.place.is_local
        is_other = before is not None and (message.model, message.place) != (before.model, before.place)
        is_told = self._names_model and FooterAction.EXPORT not in self.left_out  # else it stands over a column
        return words.origin_words(message.model, message.place) if is_told and (is_far or is_other) else ""

    def _on_remarks(self) -> None:
        self._describe()
        self._on_grown()

    def _offer_actions(self) -> None:
        message, is_running = self.message, self.is_running
        if self._is_mine:
            again = Way(self.tr("Send again"), SendAgain(), self.tr("Send it with the next message again"))
            self._footer.offer(Offer(ways=(again,) if self._is_unsent else ()))
            return
        phase = phase_of(message)
        ways = self._ways_while() if is_running else self._ways_out(phase)
        has_card = message.failure is not None  # whose steps are the likeliest, but for going on
        self._footer.offer(
            Offer(
                has_actions=not is_running,
                ways=ways,
                is_broken=self._is_last and not is_running and phase is not ReplyPhase.DONE,
                at_once=sum(isinstance(each.action, Continue) for each in ways) if has_card else 2,
                has_thinking=bool(message.reasoning),
                left_out=self.left_out,
                facts=self._facts(),
                more=self._more_ways(),
            )
        )

    def _ways_while(self) -> list[Way]:
        assert self._generation is not None
        if self._thinking.says_loop or not self._is_last:
            return []  # what is said of the loop offers the same
        return [_way_of(step) for step in steps_while(self._generation.builder.phase)]

    def _ways_out(self, phase: ReplyPhase) -> list[Way]:
        """Return what helps with a reply that has ended, the likeliest first."""
        message = self.message
        is_broken = self._is_last and phase is not ReplyPhase.DONE
        ways: list[Way] = []
        if self._is_last:
            ways += [_way_of(each) for each in steps_after(message, can_ask_without=self._can_ask_without)]
            if can_be_continued(message) and phase is not ReplyPhase.NO_ANSWER:  # whose steps are others
                ways.insert(0, Way(self.tr("Continue"), Continue()))
        if self._is_unsent:
            ways.append(Way(self.tr("Send again"), SendAgain(), self.tr("Send it with the next message again")))
        if is_broken and FooterAction.TRY_AGAIN not in self.left_out:
            ways.append(Way(self.tr("Try again"), TryAgain()))
        for sign in self._remarks.signs[:1] if self._remarks is not None else ():
            out = way_out_of(sign)
            if out is not None and (self._can_be_fresh or not isinstance(out[1], StartFresh)):
                ways.append(Way(*out))
        if is_broken and self._can_be_fresh and not any(isinstance(each.action, StartFresh) for each in ways):
            ways.append(Way(self.tr("Start fresh"), StartFresh()))
        on_card = [action_words(each) for each in self._of_card] if is_broken else []
        return [each for each in ways if each.words not in on_card]

    @property
    def _can_be_fresh(self) -> bool:
        return FooterAction.START_FRESH not in self.left_out

    def _more_ways(self) -> list[Way]:
        """Return what stands in the menu of seldom steps: the rest of a card, what was found, and its signs."""
        ways = [Way(action_words(each), self._act_of_card(each)) for each in self._of_card[_ON_CARD:]]
        found = first_found(self.evidence)
        if found is not None:
            ways.append(Way(spoken(self.evidence).partition("\n")[0], ShowEvidence(found)))
        for sign in self._remarks.signs[:1] if self._remarks is not None else ():
            ways.append(Way(self.tr("Do not show such signs again"), HideSignKind(sign.kind)))
        return ways

    def _facts(self) -> list[str]:
        """Return what is told of it in the menu, and nowhere else unless it is unusual."""
        message = self.message
        return [each for each in (words.origin_words(message.model, message.place), size_of_thought(message)) if each]

    @property
    def _of_card(self) -> list[ErrorAction]:
        """The steps that its failure offers."""
        if self.message.failure is None:
            return []
        hidden = frozenset() if self._is_last else _OF_LAST_REPLY
        return [each for each in describe(self.message.failure).actions if each not in hidden]

    def _show_card(self, message: Message) -> None:
        if message.failure is None:
            return
        if self._card is None:
            self._card = ErrorCard(self)
            self._card.action_chosen.connect(lambda action: self.ask(self._act_of_card(action)))
        self._card.show_error(describe(message.failure), frozenset(self._of_card[:_ON_CARD]))
        self._card.show()

    def _act_of_card(self, action: ErrorAction) -> MessageAction:
        return TryAgain() if action is ErrorAction.TRY_AGAIN else Recover(action)

    def _copy(self, form: CopyForm, with_thinking: bool) -> None:
        if self._is_mine:
            put_on_clipboard(Copied(self.message.text))
            self._footer.show_copied()
        else:
            self.copy_requested.emit(form, with_thinking)

    def show_copied(self) -> None:
        """Show that it has been copied."""
        self._footer.show_copied()

    def _on_text_grown(self) -> None:
        self._layout.forget_text(self._text)
        self.height_changed.emit()

    def _on_grown(self) -> None:
        self._layout.forget()
        self.height_changed.emit()

    # Qt's own methods

    def enterEvent(self, event: QEnterEvent) -> None:
        self._footer.set_pointed_at(True)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._footer.set_pointed_at(False)
        super().leaveEvent(event)


def _may_be_wrapped(message: Message) -> bool:
    """Return True if a message may be a prompt made of parts, for which it is looked at more closely."""
    text = message.text
    is_short = len(text) <= SHOWN_LETTERS  # of a longer one only the beginning is shown
    return message.role is Role.USER and is_short and (text.startswith("# ") or "\n# " in text or '"""' in text)


def _way_of(step: ReplyStep) -> Way:
    return Way(step_words(step), TakeStep(step), step_explained(step))
