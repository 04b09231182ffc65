"""Where the messages stand, where in them one reads, and what is marked: what is found, differs, or was looked up.

Ten thousand messages are a few lists; one that has not been laid out is estimated from its length. The position is kept
in terms that stay true while heights above change: either the end is followed, or a place in a message stands at the
upper edge. Counting and walking through what is found are `ui/find.py`'s business. Evidence is asked for as soon as an
answer that has ended comes near the viewport; where it comes from is the presenter's matter.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QToolTip

from desktop.core.evidence.checked import Evidence, Verdict
from desktop.core.message import PathEntry, Role
from desktop.core.text.find import occurrences
from desktop.rendering.page.marks import Finder, PlacedMark, PlacedMarks
from desktop.rendering.page.shown_claims import finder_of
from desktop.runtime.path import ConversationPath
from desktop.ui.evidence.words import MARKS, MOST_MARKED, thing_words
from desktop.ui.look import stylesheet as measures
from desktop.ui.message_actions import Ask
from desktop.ui.text.content import Channel
from desktop.ui.text.surface import TextSurface
from desktop.ui.transcript.message import MessageAnchor, MessageView
from desktop.ui.widgets.labels import speak
from desktop.ui.words import plain_tooltip, say

if TYPE_CHECKING:
    from desktop.ui.transcript.view import Transcript


class TranscriptDifferences(QObject):
    """The highlights of the answers alone: thinking is compared with nothing. Under the pointer each says its note."""

    def __init__(self, transcript: Transcript, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._transcript = transcript
        self._finder: Finder | None = None
        self._notes: dict[str, str] = {}
        self._within = ""

    def mark(self, notes: Mapping[str, str], within: str = "") -> None:
        """Highlight these claims, as they are written, wherever they are shown; none removes all highlights.

        `notes`: what is said of each claim. `within`: the id of the one message in which they are highlighted.
        """
        self._finder = finder_of(notes)
        self._notes = {_in_line(claim): note for claim, note in notes.items()}
        self._within = within
        for _, view, channel, surface in self._transcript.texts():
            self.watch(view, channel, surface)

    def watch(self, view: MessageView, channel: Channel, surface: TextSurface) -> None:
        """Highlight them in a new text surface."""
        if channel is Channel.ANSWER:
            surface.marked.set_differing(self._finder if self._within in ("", view.message.id) else None)
            if self._finder is not None:
                surface.installEventFilter(self)  # once, however often it is asked for

    def note_at(self, surface: TextSurface, point: QPointF) -> str:
        """Return what is said of the claim under a point; empty where there is none."""
        return self._notes.get(_in_line(surface.marked.differing_at(surface.hit(point).position)), "")

    # Qt's own methods

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip and isinstance(watched, TextSurface):
            note = self.note_at(watched, QPointF(event.pos()))
            if note:
                QToolTip.showText(event.globalPos(), plain_tooltip(note), watched)
                return True
        return False


def _in_line(text: str) -> str:
    return " ".join(text.split())


_ROUNDS = 3  # of bringing a line into sight, whose place is known better each time


@dataclass(frozen=True, slots=True)
class _Target:
    """An occurrence: number `which` in the block that begins at `at` in the source of a text."""

    message_id: str
    channel: Channel
    at: int
    which: int


class TranscriptSearch(QObject):
    """The query that is highlighted, and the current occurrence."""

    def __init__(self, transcript: Transcript, parent: QObject) -> None:
        super().__init__(parent)
        self._transcript = transcript
        self._query = ""
        self._with_reasoning = False
        self._target: _Target | None = None
        self._is_pending = False  # the target's words have not come from the disk, or have not been read yet

    def set_marks(self, query: str, with_reasoning: bool) -> None:
        """Highlight what is searched for wherever it is shown; an empty query ends that."""
        self._query, self._with_reasoning = query, with_reasoning
        self._target = None
        for _, _, channel, surface in self._transcript.texts():
            surface.marked.set_finder(self._finder(channel))

    def watch(self, channel: Channel, surface: TextSurface) -> None:
        """Highlight what is searched for in a new text surface, and go on as it is read."""
        surface.marked.set_finder(self._finder(channel))
        surface.height_changed.connect(self.go_on)

    def go_to(self, message_id: str, in_reasoning: bool, at: int, which: int) -> None:
        """Scroll to one occurrence and highlight it more strongly.

        It is number `which`, from 0 on, in the block that begins at `at` in the source of its text.
        """
        for _, _, _, surface in self._transcript.texts():
            surface.marked.set_current(None)
        self._target = _Target(message_id, Channel.THINKING if in_reasoning else Channel.ANSWER, at, which)
        self._is_pending = True
        self.go_on()

    def cancel_jump(self) -> None:
        """Cancel a pending `go_to`, since the user goes elsewhere."""
        self._is_pending = False

    def go_on(self) -> None:
        """Continue a pending `go_to`, after more of the conversation has been read."""
        path = self._transcript.path
        if not self._is_pending or self._target is None or path is None:
            return
        index = path.index_of(self._target.message_id)
        if index is None:
            path.complete()
            return
        if self._transcript.view_at(index) is None:
            self._transcript.bring(index, 0.0)
        view = self._transcript.view_at(index)
        if view is not None:
            self._is_pending = False
            self._show(index, view, self._target)

    def _show(self, index: int, view: MessageView, target: _Target) -> None:
        if target.channel is Channel.THINKING:
            view.thinking.open()
        else:
            view.unfold()
        surface = dict(view.surfaces()).get(target.channel)
        occurrence = surface.marked.occurrence(target.at, target.which) if surface is not None else None
        if surface is None or occurrence is None:
            self._is_pending = surface is not None and surface.is_reading
            if not self._is_pending:
                self._transcript.bring(index, 0.0)
            return
        surface.marked.set_current(occurrence)
        for _ in range(_ROUNDS):
            y = view.top_of(surface) + surface.top_of(occurrence)
            if self._transcript.is_in_sight(index, y):
                return
            self._transcript.bring(index, y)

    def _finder(self, channel: Channel) -> Finder | None:
        if not self._query or (channel is Channel.THINKING and not self._with_reasoning):
            return None
        return partial(occurrences, query=self._query)


_OPENS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class TranscriptEvidence(QObject):
    """The link between what was found for answers and the widgets that show it."""

    def __init__(self, transcript: Transcript, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._transcript = transcript
        self._pressed: int | None = None
        self._pressed_at = QPointF()
        self._news: set[str] = set()  # ids of replies that have ended before the reader's eyes
        self._open: tuple[str, int] | None = None  # the id of a reply, and the thing in it that is being looked at

    def watch(self, view: MessageView, channel: Channel, surface: TextSurface) -> None:
        """Ask for the evidence of an answer whose text is shown from now on; of one that runs, when it has ended."""
        if channel is not Channel.ANSWER or view.message.role is Role.USER:
            return
        view.ended.connect(lambda: self._on_ended(view))
        if not view.is_running:
            self._ask_for(view)

    def show(self, message_id: str, evidence: Evidence | None) -> None:
        """Show what was found for a reply, or None: that it could not be looked up."""
        found = self._transcript.view_of(message_id)
        if found is None or found[1].is_running:
            return
        view, is_news = found[1], message_id in self._news
        self._news.discard(message_id)
        if view.evidence is not evidence:
            view.remarks.show_evidence(evidence, is_news=is_news)
            view.answer.installEventFilter(self)  # not before: it hears of every paint
            view.answer.marked.set_placed(_placed(evidence) if evidence is not None else None)
        if self._open is not None and self._open[0] == message_id:
            view.answer.marked.open_mark(self._open[1])

    def evidence_of(self, message_id: str) -> Evidence | None:
        """Return what was found for a reply that is shown; None for any other."""
        found = self._transcript.view_of(message_id)
        return found[1].evidence if found is not None else None

    def open_mark(self, message_id: str, thing: int) -> None:
        """Bring a thing to sight and show it as being looked at."""
        self.close_mark()
        self._open = message_id, thing
        found = self._transcript.view_of(message_id) or self._bring(message_id)
        if found is None:
            return
        index, view = found
        view.answer.marked.open_mark(thing)
        top = view.answer.top_of_mark(thing)
        if top is None:
            return
        y = view.top_of(view.answer) + top
        if not self._transcript.is_in_sight(index, y):
            self._transcript.bring(index, y)

    def close_mark(self) -> bool:
        """Show nothing as being looked at. Return False if nothing was."""
        was_open, self._open = self._open is not None, None
        for _, view in self._transcript.live_views():
            view.answer.marked.open_mark(None)
        return was_open

    def focus_mark(self) -> None:
        """Move the keyboard to the thing that is being looked at."""
        found = self._transcript.view_of(self._open[0]) if self._open is not None else None
        if found is not None:
            found[1].answer.setFocus()

    def step(self, by: int) -> bool:
        """Move the keyboard to the next mark of an answer, or by -1 to the one before; from the last to the first.

        It begins with the answer whose mark was open, or the last one in sight. Return False if nothing is marked.
        """
        view = self._stepped_in()
        if view is None:
            return False
        names = view.answer.marked.names
        here = view.answer.marked.open_name
        at = names.index(here) + by if here in names else (0 if by > 0 else -1)
        thing = names[at % len(names)]
        self.open_mark(view.message.id, thing)
        self.focus_mark()
        words = thing_words(view.evidence, thing)
        self._tell(view.answer, thing, f"{words}\n{say('evidence.enter_opens')}")
        view.answer.setAccessibleDescription(words)
        speak(view.answer, words)
        return True

    def _stepped_in(self) -> MessageView | None:
        """Return the answer in which the keyboard goes from mark to mark."""
        marked = [(index, view) for index, view in self._transcript.live_views() if view.answer.marked.names]
        opened = [view for _, view in marked if view.answer.marked.open_name is not None]
        if opened or not marked:
            return opened[0] if opened else None
        room = self._transcript.viewport().rect()
        in_sight = [view for _, view in marked if view.geometry().intersects(room)]
        return in_sight[-1] if in_sight else marked[-1][1]

    def _bring(self, message_id: str) -> tuple[int, MessageView] | None:
        """Scroll to a reply that is far from sight. Return None if it is not in the conversation."""
        path = self._transcript.path
        index = path.index_of(message_id) if path is not None else None
        if index is not None:
            self._transcript.bring(index, 0.0)
        return self._transcript.view_of(message_id)

    def _on_ended(self, view: MessageView) -> None:
        self._news.add(view.message.id)
        self._ask_for(view)

    def _ask_for(self, view: MessageView) -> None:
        find = self._transcript.reading.find_evidence
        if find is not None and view.message.text.strip():
            find(view.message)

    def _view_of(self, surface: TextSurface) -> MessageView | None:
        view = surface.parentWidget()
        return view if isinstance(view, MessageView) else None

    def _say(self, surface: TextSurface, event: QHelpEvent) -> bool:
        thing, view = surface.marked.at(surface.hit(QPointF(event.pos())).letter), self._view_of(surface)
        if thing is None or view is None:
            return False
        words = f"{thing_words(view.evidence, thing)}\n{say('evidence.press_opens')}"
        self._tell(surface, thing, words, event.pos())
        return True

    def _tell(self, surface: TextSurface, thing: int, words: str, at: QPoint | None = None) -> None:
        """Show words below a mark; `at`: where the pointer is."""
        top, line = surface.top_of_mark(thing), surface.line_and_padding[0]
        x, y = (at.x(), at.y()) if at is not None else (0, 0)
        below = QPoint(x, max(y, round(top + line)) if top is not None else y)
        QToolTip.showText(surface.mapToGlobal(below), plain_tooltip(words), surface)

    def _release(self, surface: TextSurface, event: QMouseEvent) -> None:
        """Open the mark that was pressed, unless something was selected, or it is a link."""
        pressed, self._pressed = self._pressed, None
        view, hit = self._view_of(surface), surface.hit(event.position())
        moved = (event.position() - self._pressed_at).manhattanLength()
        is_click = moved < QApplication.startDragDistance() and not surface.has_selection and not hit.href
        if view is not None and pressed is not None and is_click:
            view.ask(Ask.SHOW_EVIDENCE, pressed)

    def _press_by_key(self, surface: TextSurface) -> bool:
        thing, view = surface.marked.open_name, self._view_of(surface)
        if thing is None or view is None or surface.is_at_target:
            return False
        view.ask(Ask.SHOW_EVIDENCE, thing)
        return True

    # Qt's own methods

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(watched, TextSurface):
            return False
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            return self._say(watched, event)
        if isinstance(event, QMouseEvent) and event.button() is Qt.MouseButton.LeftButton:
            if event.type() is QEvent.Type.MouseButtonPress:
                self._pressed_at = event.position()
                self._pressed = watched.marked.at(watched.hit(self._pressed_at).letter)
            elif event.type() is QEvent.Type.MouseButtonRelease:
                self._release(watched, event)
        elif isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and event.key() in _OPENS:
            return self._press_by_key(watched)
        return False


def _placed(evidence: Evidence) -> PlacedMarks | None:
    """Return the marks of an answer; None where there are none."""
    marks: list[PlacedMark] = []
    for name, each in enumerate(evidence.checked):
        if each.verdict is not Verdict.UNCHECKED:
            marks.append(PlacedMark(each.start, each.end, each.text, MARKS[each.verdict], name))
            if len(marks) == MOST_MARKED:
                break
    return PlacedMarks(marks, evidence.blocks) if marks else None


_TOP = 24  # pixels above the first message
_BETWEEN = 4
_LETTER_EM = 0.52
_LINE_SHARE = 0.6  # of a line that ends early, of what a line is high
_ROW_BELOW = 40  # pixels of actions below a message, about
_BUBBLE_SHARE = 0.75  # a user's letters count for more: their bubble is narrower


class MessageRows:
    """Heights and tops in pixels, by the index of the message."""

    def __init__(self) -> None:
        self.heights: list[int] = []
        self._tops: list[int] = []
        self._entries: list[PathEntry] = []
        # What a message turned out to be over what it had been estimated to be; 0 where it has not been laid out.
        self._truths: list[float] = []
        self._width, self._text_px = 1.0, 1
        self._stale_from = 0

    def __len__(self) -> int:
        return len(self.heights)

    @property
    def total(self) -> int:
        """The height in pixels of all messages with the space around them."""
        return (self.bottom(len(self) - 1) if self.heights else _TOP - _BETWEEN) + 2 * _BETWEEN

    def top(self, index: int) -> int:
        self._stack()
        return self._tops[index]

    def bottom(self, index: int) -> int:
        return self.top(index) + self.heights[index]

    def at(self, y: float) -> int:
        """Return the message at a height; the nearest one above if there is none."""
        self._stack()
        return max(0, bisect_right(self._tops, y) - 1)

    def between(self, top: float, bottom: float) -> range:
        """Return the messages that lie, at least in part, between two heights."""
        return range(self.at(top), bisect_right(self._tops, bottom))

    def set_look(self, width: float, text_px: int) -> None:
        """Estimate anew for a column of another width, or another size of text."""
        if (width, text_px) != (self._width, self._text_px):
            self._width, self._text_px = width, text_px
            self._estimate(range(len(self)))

    def cut(self, length: int) -> None:
        """Forget the messages from `length` on."""
        for each in (self.heights, self._entries, self._truths):
            del each[length:]
        self._stale_from = min(self._stale_from, length)

    def insert(self, at: int, entries: Sequence[PathEntry]) -> None:
        """Insert messages; what is known of the others is kept."""
        self._entries[at:at] = entries
        self._truths[at:at] = [0.0] * len(entries)
        self.heights[at:at] = [0] * len(entries)
        self._estimate(range(at, at + len(entries)))

    def measured(self, index: int, height: int) -> bool:
        """Record the height of a message that was laid out. Return True if it differs from the one before."""
        if height == self.heights[index] and self._truths[index]:
            return False
        self._truths[index] = height / self._estimated(self._entries[index])
        is_other, self.heights[index] = height != self.heights[index], height
        self._stale_from = min(self._stale_from, index + 1)
        return is_other

    def _estimated(self, entry: PathEntry) -> float:
        per_line = max(20.0, self._width / (self._text_px * _LETTER_EM))
        letters = entry.letters / _BUBBLE_SHARE if entry.role is Role.USER else entry.letters
        lines = letters / per_line + entry.lines * _LINE_SHARE + 1
        return lines * self._text_px * measures.LINE_HEIGHT + _ROW_BELOW

    def _estimate(self, which: range) -> None:
        """Estimate heights; what has been laid out once is known better."""
        known = [truth for truth in self._truths if truth]
        usual = sum(known) / len(known) if known else 1.0  # Chinese takes twice the room, and lists more than prose
        for index in which:
            self.heights[index] = int(self._estimated(self._entries[index]) * (self._truths[index] or usual))
        self._stale_from = min(self._stale_from, which.start)

    def _stack(self) -> None:
        """Compute the tops that are not known any more."""
        first = min(self._stale_from, len(self._tops))
        if first < len(self.heights) or len(self._tops) > len(self.heights):
            start = self._tops[first - 1] + self.heights[first - 1] + _BETWEEN if first else _TOP
            steps = (height + _BETWEEN for height in self.heights[first:])
            self._tops[first:] = list(accumulate(steps, initial=start))[:-1]
            self._stale_from = len(self.heights)


_Place = tuple[str, MessageAnchor]  # the id of a message, and a place in it


class ReadingPosition:
    """The position in the current conversation; remembers those of the others."""

    def __init__(self, rows: MessageRows, view_at: Callable[[int], MessageView | None]) -> None:
        self.follows = True  # the end
        self._rows = rows
        self._view_at = view_at
        self._index = 0  # of the message at the upper edge
        self._anchor = MessageAnchor(None, None, 0.0)
        self._return: _Place | None = None  # where to return to, once that message is known
        self._left: dict[str, _Place] = {}  # by conversation

    @property
    def y(self) -> float:
        """The height of what stands at the upper edge, in pixels of the page."""
        if self._index >= len(self._rows):
            return self._rows.total
        view = self._view_at(self._index)
        return self._rows.top(self._index) + (view.y_of(self._anchor) if view is not None else self._anchor.below)

    def stay_at(self, y: int) -> None:
        """Stay at a height of the page: it is at the upper edge now."""
        index = self._rows.at(y)
        if index + 1 < len(self._rows) and y >= self._rows.bottom(index):
            index += 1  # between two messages: the one above may change its height
        if index < len(self._rows):
            below, view = y - self._rows.top(index), self._view_at(index)
            self.stay_in(index, view.anchor_at(below) if view is not None else MessageAnchor(None, None, below))
        self.follows, self._return = False, None

    def stay_in(self, index: int, anchor: MessageAnchor) -> None:
        """Stay at a place in a message."""
        self.follows, self._index, self._anchor = False, index, anchor

    def shift(self, count: int) -> None:
        """Stay where one is, after so many messages were inserted before all others."""
        self._index += count

    def leave(self, path: ConversationPath) -> None:
        """Remember where a conversation was left, unless at its end."""
        if self._return is not None:  # it was not found before it was left again
            self._left[path.conversation_id] = self._return
        elif not self.follows and self._index < len(path.entries):
            self._left[path.conversation_id] = path.entries[self._index].id, self._anchor

    def enter(self, path: ConversationPath) -> None:
        """Begin where a conversation was left, or else at its end."""
        self.follows = True
        self._return = self._left.pop(path.conversation_id, None)
        self.find(path)

    def find(self, path: ConversationPath) -> None:
        """Go to where the conversation was left if the message is known by now."""
        if self._return is None:
            return
        index = path.index_of(self._return[0])
        if index is not None:
            self.stay_in(index, self._return[1])
        if index is not None or path.is_whole:
            self._return = None
