"""One message of the transcript: the user's words in a bubble, a model's plainly on the paper.

A reply carries its thinking (`thinking.py`), what is to be looked at (`remarks.py`), and a card when it failed; below
each message stands its row of words and actions (`footer.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.core.bounds import SHOWN_LETTERS
from desktop.core.evidence.checked import NO_EVIDENCE, Evidence
from desktop.core.message import Message, MessageStatus, Role, Sign, SignKind
from desktop.core.prompts.render import words_of
from desktop.core.reply import ReplyPhase, can_be_continued, phase_of, thought_only
from desktop.rendering.formula.typesetter import Key
from desktop.rendering.markdown.document import MarkdownDocument
from desktop.rendering.page.stack import PageAnchor
from desktop.rendering.text.plain_document import PlainDocument
from desktop.rendering.text.shown_text import Position
from desktop.runtime.generation import Advance, Generation
from desktop.runtime.watches import LoopNoticed
from desktop.ui import words
from desktop.ui.documents.file_chip import SentFiles
from desktop.ui.documents.words import tokens_of_text
from desktop.ui.errors import ErrorAction, action_words, describe
from desktop.ui.evidence.words import first_found, lines
from desktop.ui.look import stylesheet as measures
from desktop.ui.look.page_look import PageLook
from desktop.ui.message_actions import Ask, Reading
from desktop.ui.text.content import Channel, Copied, CopyForm, put_on_clipboard
from desktop.ui.text.surface import TextSurface
from desktop.ui.transcript.footer import MessageFooter, Offer, Way
from desktop.ui.transcript.remarks import AnswerPassages, Remarks, sign_sentence, way_out_of
from desktop.ui.transcript.thinking import LoopNotice, ReplyProgress, ReplyThinking, size_of_thought
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.quiet_line import ErrorCard

_ON_CARD = 2  # steps of a failure; the others stand in the menu
_OF_LAST_REPLY = frozenset(
    {ErrorAction.TRY_AGAIN, ErrorAction.START_FRESH, ErrorAction.MAKE_ROOM}
)  # which speak of what was last asked
_BUBBLE_SHARE = 0.8  # of the column, the widest that the user's words may be
_FOLDED_LINES = 12  # of a long text of the user's
_WORTH_IT = 8  # more lines than that are worth a press
_MAY_BE_FOLDED = 600  # letters; a shorter text is not looked at
_SPOKEN_LETTERS = 4000


@dataclass(frozen=True, slots=True)
class MessageAnchor:
    """A height in a message: in one of its texts, `below` that text, or with no text `below` the upper edge.

    It is found again when the message has grown or was laid out anew.
    """

    channel: Channel | None
    in_text: PageAnchor | None
    below: float


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
        reading: Reading,
        *,
        is_last: bool,
        is_followed: Callable[[], bool] = lambda: True,
        parent: QWidget | None = None,
    ) -> None:
        """Build the view.

        `is_followed` returns True if the reader is at the end of the page, and not somewhere in the text.
        """
        super().__init__(parent)
        self.message = message
        self._look = look
        self._reading = reading
        self.ask = reading.at(message.id)
        self._is_mine = message.role is Role.USER
        self._is_last = is_last
        self._is_unsent = message.id in reading.unsent
        self._generation: Generation | None = None
        self._progress: ReplyProgress | None = None
        self._before: Message | None = None  # the answer before it, as far as that is known
        self._places: dict[QWidget, QRect] = {}
        self._measured = (0, 0)  # the width that was measured last, and the height that came of it
        self._bubble = (0, 0)  # the widest that the user's words might have been, and how wide they are
        self.setAttribute(Qt.WidgetAttribute.WA_StaticContents)  # as for its text, which see
        self._written = self._words_alone()
        self.answer = self._make_text()  # or the user's words
        self._files: SentFiles | None = None
        self._fold: QPushButton | None = None
        self._wrapping: QPushButton | None = None
        self._is_folded = True
        if self._is_mine:
            self._make_mine()
        self._footer = MessageFooter(look.theme, self.ask, is_mine=self._is_mine, parent=self)
        self._footer.set_last(is_last)
        self._footer.copy_requested.connect(self._copy)
        self._footer.height_changed.connect(self._on_grown)
        self._footer.focused.connect(self.action_focused)
        self._loop: LoopNotice | None = None  # says that the model repeats itself, and offers to cut that
        self._remarks: Remarks | None = None
        self._passages: AnswerPassages | None = None  # of folders, that it was answered from
        self._card: ErrorCard | None = None
        self.thinking = ReplyThinking(look, reading.preference, self.ask, is_followed, self)
        self.thinking.height_changed.connect(self._on_grown)
        self.thinking.surface_made.connect(lambda surface: self.surface_made.emit(Channel.THINKING, surface))
        self.thinking.load(message)
        self._show_signs()
        self._describe()

    @property
    def source(self) -> str:
        """The answer or the user's words, all of it, as written."""
        return self.message.text if self._is_mine else self.answer.source

    @property
    def is_running(self) -> bool:
        return self._generation is not None

    @property
    def can_be_resplit(self) -> bool:
        """True if its words may change channels: those of a reply, once it has ended."""
        return not self._is_mine and not self.is_running

    @property
    def can_be_exported(self) -> bool:
        return self._reading.offers(Ask.TAKE_ALONG)

    @property
    def remarks(self) -> Remarks:
        """The line on what is to be looked at; made at its first use."""
        if self._remarks is None:
            self._remarks = Remarks(self._look, self.ask, lambda: self.answer.marked.open_name, self)
            self._remarks.be_silent(self._is_told_nothing)
            self._remarks.changed.connect(self._on_remarks)
        return self._remarks

    @property
    def evidence(self) -> Evidence:
        """What was found out of it by looking it up."""
        return self._remarks.evidence if self._remarks is not None else NO_EVIDENCE

    def follow(self, generation: Generation) -> None:
        """Show a reply while it grows."""
        self._generation = generation
        generation.advanced.connect(self._advance)
        generation.loop_noticed.connect(self._on_loop)
        generation.phase_changed.connect(self._on_phase)
        generation.ended.connect(self._on_finished)
        self._offer_actions()
        self._progress = ReplyProgress(generation, self._footer.set_words, self._say_of_thinking, self)
        self.thinking.follow(generation)

    def read_anew(self) -> None:
        """Be read as is wanted now."""
        reading = self._reading
        is_unsent = self.message.id in reading.unsent
        if is_unsent is not self._is_unsent:
            self._is_unsent = is_unsent
            self._set_text_look()
            if self._files is not None:
                self._files.set_unsent(is_unsent)
        self.thinking.set_preference(reading.preference)
        self._show_signs()
        self._describe()

    def set_last(self, is_last: bool) -> None:
        """Set if it is the last: only the last reply can be continued."""
        if is_last != self._is_last:
            self._is_last = is_last
            self._footer.set_last(is_last)
            self._describe()
            self._on_grown()

    def set_before(self, before: Message | None) -> None:
        """Set the answer that stands before it: where that was another model's or from elsewhere, its own is named."""
        if before is not self._before:
            self._before = before
            self._describe()

    def set_question(self, question: Message | None) -> None:
        """Set the message that stands before it: what was found for that in folders is told below the answer."""
        if self._passages is None and not self._is_mine and question is not None and question.passages:
            self._passages = AnswerPassages(self._look.theme, question.passages, self.message.id, self._reading, self)
            self._passages.show_evidence(self.evidence)
            self._passages.height_changed.connect(self._on_grown)
            self._passages.setVisible(not self.is_running)
            self._forget()

    def set_versions(self, version: int, versions: int) -> None:
        """Set which of how many versions of this message it is, from 1."""
        self._footer.set_versions(version, versions)

    def focus_versions(self) -> None:
        """Focus the versions, after another one has replaced this one."""
        self._footer.focus_versions()

    def show_signs(self, signs: tuple[Sign, ...]) -> None:
        """Show the signs of trouble that have just been found in it."""
        self.message = replace(self.message, signs=signs)
        self._show_signs(is_news=True)

    def show_copied(self) -> None:
        """Show that it has been copied."""
        self._footer.show_copied()

    def formulas_ready(self, ready: Set[Key]) -> None:
        """Replace the sources of formulas that have been typeset now."""
        self.answer.formulas_ready(ready)

    def unfold(self) -> None:
        """Show all of a long text, and as it was sent."""
        if self._wrapping is not None:
            self._wrapping.setChecked(True)
        if self._is_folded and self._fold is not None:
            self._fold.click()

    def refresh_look(self) -> None:
        """Apply the theme's present look."""
        self._set_text_look()
        self.thinking.refresh_look()
        if self._remarks is not None:
            self._remarks.refresh_look()
        self._forget()
        self.update()

    # Where everything stands in it

    def height_for(self, width: int) -> int:
        """Compute the layout at a width in pixels and return its height; nothing moves before `lay_out`.

        The page can so be scrolled first: Qt moves what is painted only while nothing waits to be painted.
        """
        if self._measured[0] != width:
            self._places = {}
            self._measured = width, self._place_mine(width) if self._is_mine else self._place_reply(width)
        return self._measured[1]

    def lay_out(self) -> None:
        """Move everything as the last `height_for` computed."""
        for part, place in self._places.items():
            part.setGeometry(place)

    def set_sight(self, top: float, bottom: float) -> bool:
        """Lay out the visible range, in its own pixels. Return True if the height changed."""
        texts = [(surface, self.top_of(surface)) for _, surface in self.surfaces()]
        changed = [surface.set_sight(top - above, bottom - above) for surface, above in texts]
        if any(changed):
            self._measured = (0, 0)
        return any(changed)

    def surfaces(self) -> list[tuple[Channel, TextSurface]]:
        """Return the texts that are open."""
        thinking = self.thinking.surface
        return [*([(Channel.THINKING, thinking)] if thinking is not None else []), (Channel.ANSWER, self.answer)]

    def position_at(self, at: QPoint) -> tuple[Channel, Position]:
        """Return the character at a point, or the one nearest to it."""
        texts = self.surfaces()
        channel, surface = next((each for each in texts if at.y() < each[1].geometry().bottom()), texts[-1])
        return channel, surface.hit(QPointF(at - surface.pos())).position

    def anchor_at(self, y: float) -> MessageAnchor:
        """Return the anchor of a height."""
        for channel, surface in reversed(self.surfaces()):
            inside = y - self.top_of(surface)
            if inside > surface.height_now:  # among the actions
                return MessageAnchor(channel, None, inside - surface.height_now)
            if inside >= 0:
                return MessageAnchor(channel, surface.anchor_at(inside), 0.0)
        return MessageAnchor(None, None, y)

    def y_of(self, anchor: MessageAnchor) -> float:
        """Return the present height of an anchor; the top of the answer if it was in a trace that has been closed."""
        if anchor.channel is None:
            return anchor.below
        surface = dict(self.surfaces()).get(anchor.channel)
        if surface is None:
            return float(self.top_of(self.answer))
        inside = surface.y_of(anchor.in_text) if anchor.in_text is not None else surface.height_now + anchor.below
        return self.top_of(surface) + inside

    def top_of(self, surface: TextSurface) -> int:
        """Return the top of a text as last computed, even before it has been moved there."""
        return self._places[surface].top() if surface in self._places else 0

    def _place_reply(self, width: int) -> int:
        self._places = self.thinking.places(width)
        y = max((place.bottom() + 1 for place in self._places.values()), default=0)
        if self._loop is not None and self._loop.in_thinking:
            y = self._put(self._loop, y, width, self._loop.height_for(width))
        y = self._put(self.answer, y + (measures.GAP if y else 0), width, self.answer.height_for(width))
        if self._loop is not None and not self._loop.in_thinking:
            y = self._put(self._loop, y, width, self._loop.height_for(width))
        if self._remarks is not None and self._remarks.is_any:
            y = self._put(self._remarks, y + measures.GAP_TIGHT, width, self._remarks.height_for(width))
        if self._passages is not None and not self.is_running:
            y = self._put(self._passages, y + measures.GAP_TIGHT, width, self._passages.height_for(width))
        if self._card is not None:
            y = self._put(self._card, y + (measures.GAP if y else 0), width, self._card.heightForWidth(width))
        return self._put(self._footer, y + measures.GAP_TIGHT, width, self._footer.height_for(width))

    def _place_mine(self, width: int) -> int:
        most, y = int(width * _BUBBLE_SHARE), measures.GAP_WIDE  # apart from the answer above
        if self._files is not None:
            row = min(most, self._files.natural_width() + 2)
            y = self._put(self._files, y, row, self._files.height_for(row), right=width)
            y += measures.GAP if self.answer.source else 0
        if not self.answer.source:
            self._put(self.answer, y, 0, 0, right=width)
        else:
            if self._bubble[0] != most:  # asked for at each move of the page, and dear for a long text
                self.answer.height_for(most)
                self._bubble = most, min(most, int(self.answer.natural_width()) + 2)
            tall = self._folded_height(self.answer.height_for(self._bubble[1]))
            y = lowest = self._put(self.answer, y, self._bubble[1], tall, right=width)
            right = width
            for each in (self._fold, self._wrapping):
                if each is not None and not each.isHidden():
                    hint = each.sizeHint()
                    lowest = self._put(each, y + measures.GAP_TIGHT, hint.width() + 2, hint.height(), right=right)
                    right -= hint.width() + 2
            y = lowest
        return self._put(self._footer, y + measures.GAP_TIGHT, width, self._footer.height_for(width))

    def _folded_height(self, tall: int) -> int:
        """Return the height in pixels that a text of `tall` pixels gets; shows the button if that may be less."""
        if self._fold is None:
            return tall
        line, padding = self.answer.line_and_padding
        most = round(_FOLDED_LINES * line + padding / 2)  # without the padding below, in which half a line would show
        is_long = tall > most + _WORTH_IT * line
        self._fold.setVisible(is_long)
        return most if is_long and self._is_folded else tall

    def _put(self, part: QWidget, y: int, width: int, height: int, *, right: int = 0) -> int:
        """Place a part at the left, or so that it ends at `right`, and return its lower edge."""
        self._places[part] = QRect(right - width if right else 0, y, width, height)
        return y + height

    def _forget(self) -> None:
        """Measure everything again."""
        self._measured = self._bubble = (0, 0)

    def _on_grown(self) -> None:
        self._forget()
        self.height_changed.emit()

    # The user's words

    def _words_alone(self) -> str:
        """Return what the user wrote of a prompt that is made of parts, else all of the text."""
        text = self.message.text
        is_short = len(text) <= SHOWN_LETTERS  # of a longer one only the beginning is shown
        may_be_wrapped = self._is_mine and is_short and (text.startswith("# ") or "\n# " in text or '"""' in text)
        return words_of(text, self._reading.headings()) if may_be_wrapped else text

    def _make_mine(self) -> None:
        """Make what the user's words have beside them: their files, and what folds and wraps them."""
        text, files = self.message.text, self.message.files
        if files:
            self._files = SentFiles(self._look.theme, files, self.ask, self._reading, self)
            self._files.height_changed.connect(self._on_grown)
            self._files.set_unsent(self._is_unsent)
        if len(text) > _MAY_BE_FOLDED or text.count("\n") > _FOLDED_LINES:
            self._fold = self._quiet_button("", self._turn_fold)
            self._is_folded = False
            self._turn_fold()
            self._fold.hide()
        if self._written != text:
            name = self.tr("Show the message as it was sent")
            self._wrapping = self._quiet_button(self.tr("As it was sent"), name=name)
            self._wrapping.setCheckable(True)
            self._wrapping.toggled.connect(self._show_wrapping)

    def _quiet_button(self, said: str, do: Callable[[], object] | None = None, name: str = "") -> QPushButton:
        made = button(said, "muted", do, name=name)
        made.setParent(self)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return made

    def _turn_fold(self) -> None:
        assert self._fold is not None
        self._is_folded = not self._is_folded
        size = words.amount_of_text(round(tokens_of_text(self.message.text)))
        said = words.fill(self.tr("Show all (%1)"), size) if self._is_folded else self.tr("Show less")
        self._fold.setText(said)
        self._fold.setAccessibleName(said)
        self._on_grown()

    def _show_wrapping(self, shall: bool) -> None:
        assert self._wrapping is not None
        self._wrapping.setText(self.tr("As I wrote it") if shall else self.tr("As it was sent"))
        self.answer.set_document(PlainDocument())
        self.answer.load(self.message.text if shall else self._written)
        self._on_grown()

    def _make_text(self) -> TextSurface:
        """Make the surface of the text; that of a running reply is to grow."""
        document = PlainDocument() if self._is_mine else MarkdownDocument()
        surface = self.answer = TextSurface(document, self._look.answer, self._look.theme.color("paper"), self)
        if self.message.status.is_running:
            surface.append(self._written)
        else:
            surface.load(self._written)
        self._set_text_look()
        surface.height_changed.connect(self._on_grown)
        surface.link_activated.connect(lambda address: self.ask(Ask.OPEN_LINK, address))
        return surface

    def _set_text_look(self) -> None:
        """Apply the theme's present look; what is not sent any more is grey."""
        theme, style = self._look.theme, self._look.unsent if self._is_unsent else self._look.answer
        paper = theme.color("paper")
        if self._is_mine:
            self.answer.set_frame(14, 10, measures.RADIUS_BUBBLE, 0, paper)
        self.answer.set_look(style, theme.color("mine") if self._is_mine else paper, paper)

    # A reply that runs

    @property
    def _is_thinking(self) -> bool:
        return self._generation is not None and self._generation.builder.phase is ReplyPhase.THINKING

    def _advance(self, advance: Advance) -> None:
        if advance.reclassified:
            self._swap_sides()
            return
        if advance.reasoning:
            self.thinking.append(advance.reasoning, goes_on=self._is_thinking)
        if advance.text:
            self.thinking.give_way()
            self.answer.append(advance.text)

    def _swap_sides(self) -> None:
        assert self._generation is not None
        message = self._generation.builder.message
        self.answer.set_document(MarkdownDocument())
        self.answer.append(message.text)
        self.thinking.replace(message.reasoning)
        self._on_grown()

    def _on_loop(self, noticed: LoopNoticed) -> None:
        if self._loop is None:
            in_thinking = noticed.in_thinking
            cut = self.tr("Cut here and answer") if in_thinking else self.tr("Stop here")
            self._loop = LoopNotice(self._look, cut, self, in_thinking=in_thinking)
            self._loop.cut.clicked.connect(lambda: self.ask(Ask.ANSWER_NOW if in_thinking else Ask.STOP))
            self._loop.go_on.clicked.connect(self._drop_loop)
            self._offer_actions()  # of which one does the same
            self._on_grown()

    def _drop_loop(self) -> None:
        if self._loop is not None:
            self._loop.hide()
            self._loop.deleteLater()
            self._loop = None
            self._offer_actions()
            self._on_grown()

    def _on_phase(self) -> None:
        if not self._is_thinking:
            self.thinking.pause()
            if self._loop is not None and self._loop.in_thinking:
                self._drop_loop()
        self._offer_actions()

    def _say_of_thinking(self, said: str, detail: str) -> None:
        self.thinking.say(said, detail, is_thinking=self._is_thinking)

    def _on_finished(self, message: Message) -> None:
        self._generation = None
        self.message = message
        self.answer.finish()
        self._drop_loop()
        if self._passages is not None:
            self._passages.show()
        if self._progress is not None:
            self._progress.end(message)
        self._describe()
        self._on_grown()
        self.ended.emit()

    # What is said of it, and what can be done with it

    def _describe(self) -> None:
        """Set words, card and accessible texts of a message that is not running."""
        message = self.message
        self._name_it()
        self.answer.setAccessibleDescription(message.text[:_SPOKEN_LETTERS])
        self._offer_actions()
        if self._is_mine:
            self._footer.set_words(self._words_on_rest())
        if self._is_mine or message.status.is_running:
            return
        phase = phase_of(message)
        self._footer.set_origin(self._origin())
        self.thinking.finish(message)
        self._show_card(message)
        is_told = self._remarks is not None and self._remarks.tell_of_its_end
        quiet = phase is ReplyPhase.DONE or self._card is not None or is_told
        if quiet and message.early is not None:
            self._footer.set_words(words.answered_early(message.early))
        else:
            self._footer.set_words(self._words_on_rest() if quiet else words.phase_words(phase))

    def _words_on_rest(self) -> str:
        """Return what is to be said of a message that is edited, left out, or too long to be shown whole."""
        if self._is_mine and self.message.id == self._reading.edited:
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
        self.answer.setAccessibleName(speaker)
        self.setAccessibleName(speaker)

    def _origin(self) -> str:
        """Return its model and place, where they differ from the answer before, or the words left this computer."""
        message, before = self.message, self._before
        is_far = message.place is not None and not message.place.is_local
        is_other = before is not None and (message.model, message.place) != (before.model, before.place)
        is_told = self._reading.names_models and self.can_be_exported  # else it stands over a column
        return words.origin_words(message.model, message.place) if is_told and (is_far or is_other) else ""

    def _show_signs(self, *, is_news: bool = False) -> None:
        signs = [sign for sign in self.message.signs if sign.kind not in self._reading.signs_off]
        if signs or self._remarks is not None:
            self.remarks.be_silent(self._is_told_nothing)
            self.remarks.show_signs(signs, is_news=is_news)

    @property
    def _is_told_nothing(self) -> bool:
        """True if the reader wants no line on what looks wrong: what was looked up is still marked, and in the menu."""
        return set(SignKind) <= self._reading.signs_off

    def _on_remarks(self) -> None:
        if self._passages is not None:
            self._passages.show_evidence(self.evidence)
        self._describe()
        self._on_grown()

    def _offer_actions(self) -> None:
        message, offers = self.message, self._reading.offers
        kept = [Ask.TAKE_ALONG, Ask.KEEP_AS_EXAMPLE]
        if message.status is MessageStatus.COMPLETE and any(digit in message.text for digit in "0123456789"):
            kept.append(Ask.ASK_TWICE_MORE)
        actions = frozenset(filter(offers, (Ask.EDIT, Ask.TRY_AGAIN, Ask.START_FRESH, *kept)))
        if self._is_mine or self.is_running:
            ways = self._offered(self._ways_while() if self.is_running else self._way_back())
            self._footer.offer(Offer(actions, ways, is_running=self.is_running))
            return
        phase = phase_of(message)
        ways = self._offered(self._ways_out(phase))
        has_card = message.failure is not None  # whose steps are the likeliest, but for going on
        facts = (words.origin_words(message.model, message.place), size_of_thought(message))
        self._footer.offer(
            Offer(
                actions,
                ways,
                is_broken=self._is_last and phase is not ReplyPhase.DONE,
                at_once=sum(each.what is Ask.CONTINUE for each in ways) if has_card else 2,
                has_thinking=bool(message.reasoning),
                facts=[each for each in facts if each],
                more=self._offered(self._more_ways()),
            )
        )

    def _offered(self, ways: Iterable[Way]) -> list[Way]:
        """Return those that somebody goes on this page."""
        return [each for each in ways if self._reading.offers(each.what)]

    def _way_back(self) -> list[Way]:
        """Return how a message that is not sent any more is sent again."""
        again = Way(self.tr("Send again"), Ask.SEND_AGAIN, explained=self.tr("Send it with the next message again"))
        return [again] if self._is_unsent else []

    def _ways_while(self) -> list[Way]:
        is_offered = self._is_thinking and self._is_last and self._loop is None
        return [self._answer_now()] if is_offered else []

    def _answer_now(self) -> Way:
        explained = self.tr("End the thinking and get the answer from what was thought so far")
        return Way(self.tr("Answer now"), Ask.ANSWER_NOW, explained=explained)

    def _ways_out(self, phase: ReplyPhase) -> list[Way]:
        """Return what helps with a reply that has ended, the likeliest first."""
        is_broken = self._is_last and phase is not ReplyPhase.DONE
        ways = self._ways_on(phase) if self._is_last else []
        ways += self._way_back()
        if is_broken:
            ways.append(Way(self.tr("Try again"), Ask.TRY_AGAIN))
        for sign in self._signs_shown:
            out = way_out_of(sign)
            if out is not None:
                ways.append(Way(*out))
        has_fresh = any(each.what is Ask.START_FRESH for each in ways)
        if is_broken and not has_fresh:
            ways.append(Way(self.tr("Start fresh"), Ask.START_FRESH))
        on_card = [action_words(each) for each in self._of_card] if is_broken else []
        return [each for each in ways if each.words not in on_card]

    def _ways_on(self, phase: ReplyPhase) -> list[Way]:
        """Return how the last reply goes on: the rest of what broke off, or an answer after thinking alone."""
        message = self.message
        ways = [self._answer_now()] if thought_only(message) else []
        if phase is not ReplyPhase.NO_ANSWER:  # it came to no end
            go_on = [Way(self.tr("Continue"), Ask.CONTINUE)] if can_be_continued(message) else []
            return go_on + ways
        if ways and self._reading.can_ask_without:
            explained = self.tr("Ask again without thinking; this reply stays beside the new one")
            ways.append(Way(self.tr("Without thinking"), Ask.WITHOUT_THINKING, explained=explained))
        if ways and message.status is MessageStatus.CUT_OFF:  # room is not what a thought lacked that just ended
            explained = self.tr("Let the model go on thinking, with more room for thinking and answer")
            ways.append(Way(self.tr("More room"), Ask.MORE_ROOM, explained=explained))
        return ways

    @property
    def _signs_shown(self) -> list[Sign]:
        """The gravest of the signs of trouble, if any is shown."""
        return list(self._remarks.signs[:1]) if self._remarks is not None else []

    def _more_ways(self) -> list[Way]:
        """Return what stands in the menu of seldom steps: the rest of a card, what was found, and its signs."""
        ways = [Way(action_words(each), *self._act_of_card(each)) for each in self._of_card[_ON_CARD:]]
        found = first_found(self.evidence)
        if found is not None:
            ways.append(Way(lines(self.evidence)[0], Ask.SHOW_EVIDENCE, found))
        for sign in self._signs_shown:
            ways.append(
                Way(words.fill(self.tr("Do not show again: %1"), sign_sentence(sign)), Ask.HIDE_SIGN_KIND, sign.kind)
            )
        return ways

    @property
    def _of_card(self) -> list[ErrorAction]:
        """The steps that its failure offers."""
        if self.message.failure is None:
            return []
        hidden = frozenset() if self._is_last else _OF_LAST_REPLY
        actions = (each for each in describe(self.message.failure).actions if each not in hidden)
        return [each for each in actions if self._reading.offers(self._act_of_card(each)[0])]

    def _show_card(self, message: Message) -> None:
        if message.failure is None:
            return
        if self._card is None:
            self._card = ErrorCard(self)
            self._card.action_chosen.connect(lambda action: self.ask(*self._act_of_card(action)))
        self._card.show_error(describe(message.failure), frozenset(self._of_card[:_ON_CARD]))
        self._card.show()

    def _act_of_card(self, action: ErrorAction) -> tuple[Ask, object]:
        what = {ErrorAction.TRY_AGAIN: Ask.TRY_AGAIN, ErrorAction.MAKE_ROOM: Ask.MAKE_ROOM}.get(action, Ask.RECOVER)
        return what, action if what is Ask.RECOVER else None

    def _copy(self, form: CopyForm, with_thinking: bool) -> None:
        if self._is_mine:
            put_on_clipboard(Copied(self.message.text))
            self._footer.show_copied()
        else:
            self.copy_requested.emit(form, with_thinking)

    # Qt's own methods

    def enterEvent(self, event: QEnterEvent) -> None:
        self._footer.set_pointed_at(True)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._footer.set_pointed_at(False)
        super().leaveEvent(event)
