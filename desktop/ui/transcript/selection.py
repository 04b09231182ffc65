"""The selection in the transcript, across messages, and as one text: formatted, as plain text, or as it was written.

Little is put together at once. What takes long to read or to set, and what has to come from the disk first, is made
on a thread of its own; the last copy that was asked for is the one that counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu

from desktop.core.exporting import markdown_with_thinking
from desktop.core.message import Role
from desktop.rendering.formula.mathml import mathml, mathml_text
from desktop.rendering.markdown.leaves import parse
from desktop.rendering.page.stack import PageHit
from desktop.rendering.text.leaves import Leaf, LeafKind
from desktop.rendering.text.plain_document import plain_leaves
from desktop.rendering.text.shown_text import END, START, Position, excerpt, markdown_text, plain_text
from desktop.rendering.written.clipboard import pasted_formula, pasted_piece
from desktop.runtime.background import gui_task
from desktop.ui.message_actions import Ask
from desktop.ui.text.content import (
    Channel,
    Copied,
    CopyForm,
    DragScroll,
    Range,
    TextPosition,
    TextSelection,
    copied_block,
    joined,
    put_on_clipboard,
)
from desktop.ui.text.surface import TextSurface
from desktop.ui.transcript.message import MessageView

if TYPE_CHECKING:
    from desktop.ui.transcript.view import Transcript


_SHORT = 10_000  # characters that are read at once: some 8 ms
_FEW = 3  # texts of which each is short
_ALL = (START, END)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of what a message says.

    `is_plain`: it is shown just as it was written. `message_id`: that of a message which has to be read first.
    """

    source: str
    is_plain: bool
    within: Range = _ALL
    message_id: str = ""

    @property
    def is_quick(self) -> bool:
        """True if it can be read and set without a pause: formulas take milliseconds each."""
        may_have_formulas = not self.is_plain and ("$" in self.source or "\\" in self.source)
        return len(self.source) <= _SHORT and not may_have_formulas

    def copied(self, form: CopyForm) -> Copied:
        """Return it in a form. Runs on any thread."""
        whole = self.source.strip("\n")
        if self.within == _ALL and (form is CopyForm.MARKDOWN or (self.is_plain and form is CopyForm.PLAIN)):
            return Copied(whole)
        leaves: Sequence[Leaf] = plain_leaves(self.source) if self.is_plain else parse(self.source)
        if form is CopyForm.MARKDOWN and not self.is_plain:
            return Copied(markdown_text(leaves, self.source, *self.within))
        plain = whole if self.is_plain and self.within == _ALL else plain_text(leaves, *self.within)
        return Copied(plain, pasted_piece(excerpt(leaves, *self.within)) if form is CopyForm.FORMATTED else "")


class TranscriptCopy:
    """The copies of a transcript to the clipboard."""

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self._latest = 0

    @gui_task
    async def copy(self, chosen: TextSelection, form: CopyForm) -> None:
        """Copy the selection, with a blank line between the texts."""
        path = self._transcript.path
        if path is None:
            return
        self._latest += 1
        number = self._latest
        pieces: list[_Piece] = []
        for index in chosen.messages:
            view, entry = self._transcript.view_at(index), path.entries[index]
            if view is not None:
                texts = [(surface, chosen.within(index, channel)) for channel, surface in view.surfaces()]
                pieces += [_Piece(each.source, each.is_plain, within) for each, within in texts if within is not None]
            elif within := chosen.within(index, Channel.ANSWER):
                pieces.append(_Piece("", entry.role is Role.USER, within, entry.id))
        if missing := [each.message_id for each in pieces if each.message_id]:
            read = await path.read(missing)
            texts_read = {each: message.text for each, message in read.items()}
            pieces = [replace(each, source=texts_read.get(each.message_id, each.source)) for each in pieces]
        if number == self._latest:
            is_quick = len(pieces) <= _FEW and all(each.is_quick for each in pieces)
            self._put(lambda: joined(each.copied(form) for each in pieces), is_quick)

    def copy_message(self, view: MessageView, form: CopyForm, with_thinking: bool) -> None:
        """Copy a whole message; it shows when that has been done."""

        def done() -> None:
            if self._transcript.index_of(view) is not None:
                view.show_copied()

        if with_thinking:  # in the plain text the two can be told apart as in Markdown
            quoted = markdown_with_thinking(view.message)
            self._put(lambda: Copied(quoted, pasted_piece(parse(quoted))), done=done)
        elif form is CopyForm.MARKDOWN:
            self._put(lambda: Copied(view.source), is_quick=True, done=done)
        else:
            piece = _Piece(view.source, is_plain=False)
            self._put(lambda: piece.copied(form), is_quick=piece.is_quick, done=done)

    def copy_block(self, block: Leaf) -> None:
        """Copy a table or a block of code, so that it is one where it is pasted."""
        self._put(lambda: copied_block(block))

    def copy_formula(self, latex: str) -> None:
        """Copy a formula so that it is one where it is pasted; its plain text is the LaTeX."""
        self._put(lambda: Copied(latex, pasted_formula(latex)))

    @gui_task
    async def _put(
        self, make: Callable[[], Copied], is_quick: bool = False, done: Callable[[], None] = lambda: None
    ) -> None:
        self._latest += 1
        number, path = self._latest, self._transcript.path
        copied = make() if is_quick or path is None else await path.work.slowly(make)
        if number == self._latest:
            put_on_clipboard(copied)
            done()


class TranscriptSelection(QObject):
    """The selection; told of the mouse by the texts, and of keys by the transcript."""

    def __init__(self, transcript: Transcript, parent: QObject) -> None:
        super().__init__(parent)
        self._transcript = transcript
        self._copying = TranscriptCopy(transcript)
        self._chosen: TextSelection | None = None
        self._began_in: int | None = None  # the message in which the mouse is held down
        self._dragging = DragScroll(transcript, self._reach)

    @property
    def is_empty(self) -> bool:
        return self._chosen is None or self._chosen.is_empty

    def began_in(self, index: int) -> bool:
        """Return True if the user is selecting with the mouse from this message on: its widget has the mouse."""
        return self._began_in == index

    def watch(self, view: MessageView, channel: Channel, surface: TextSurface) -> None:
        """Follow the mouse in a text, and show the selection in it."""
        surface.pressed.connect(lambda position, extends: self._on_pressed(view, channel, position, extends))
        surface.dragged.connect(self._dragging.follow)
        surface.released.connect(self._on_released)
        surface.chosen.connect(lambda start, end: self._choose(view, channel, start, end))
        surface.menu_requested.connect(lambda where, hit: self._offer_menu(view, channel, where, hit))
        index = self._transcript.index_of(view)
        if self._chosen is not None and index is not None:
            surface.set_selection(self._chosen.within(index, channel))

    def clear(self) -> None:
        """Select nothing."""
        self._end_drag()
        self._set(None)

    def keep_below(self, index: int) -> None:
        """Clear a selection that reaches the messages from `index` on, which are others now."""
        if self._chosen is not None and self._chosen.end.message >= index:
            self.clear()

    def select_all(self) -> None:
        """Select every message of the conversation, also those above that have not been read yet."""
        path = self._transcript.path
        if path is not None and path.entries:
            path.complete()
            last = len(path.entries) - 1
            self._set(TextSelection(TextPosition(0, Channel.THINKING, START), TextPosition(last, Channel.ANSWER, END)))

    def move(self, count: int) -> None:
        """Shift the selection, after so many messages were inserted before all others.

        If all were selected, those are, too.
        """
        if self._began_in is not None:
            self._began_in += count
        if self._chosen is None:
            return
        had_all = self._chosen.start == TextPosition(0, Channel.THINKING, START)
        moved = self._chosen.moved(count)
        self._set(TextSelection(TextPosition(0, Channel.THINKING, START), moved.end) if had_all else moved)

    def copy(self, form: CopyForm = CopyForm.FORMATTED) -> None:
        """Put the selection on the clipboard, at once or when it has been read."""
        if self._chosen is not None and not self._chosen.is_empty:
            self._copying.copy(self._chosen, form)

    def copy_message(self, view: MessageView, form: CopyForm, with_thinking: bool) -> None:
        """Put a whole message on the clipboard, however long it takes to read."""
        self._copying.copy_message(view, form, with_thinking)

    def shown_text(self) -> str:
        """Return the selected text of the messages that have widgets, as it is shown."""
        pieces = [
            surface.words.plain_text(*chosen)
            for index, _, channel, surface in self._transcript.texts()
            if (chosen := self._within(index, channel)) is not None
        ]
        return "\n\n".join(pieces)

    def take_key(self, event: QKeyEvent) -> bool:
        """Act on a key that is meant for the selection. Return False if it is not."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() == Qt.Key.Key_C and event.modifiers() == (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        ):
            self.copy(CopyForm.MARKDOWN)
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        elif event.key() == Qt.Key.Key_Escape and not self.is_empty:
            self.clear()
        else:
            return False
        return True

    def _within(self, index: int, channel: Channel) -> Range | None:
        return self._chosen.within(index, channel) if self._chosen is not None else None

    def _set(self, chosen: TextSelection | None) -> None:
        self._chosen = chosen
        for index, _, channel, surface in self._transcript.texts():
            surface.set_selection(self._within(index, channel))

    def _on_pressed(self, view: MessageView, channel: Channel, position: Position, extends: bool) -> None:
        index = self._transcript.index_of(view)
        if index is None:
            return
        self._transcript.setFocus(Qt.FocusReason.MouseFocusReason)
        self._transcript.stop_following()
        self._began_in = index
        here = TextPosition(index, channel, position)
        anchor = self._chosen.anchor if extends and self._chosen is not None else here
        self._set(TextSelection(anchor, here))

    def _reach(self, point: QPoint) -> None:
        """Extend the selection to a point of the viewport."""
        position = self._transcript.position_at(point)
        if position is not None and self._chosen is not None and position != self._chosen.head:
            self._set(TextSelection(self._chosen.anchor, position))

    def _end_drag(self) -> None:
        self._began_in = None
        self._dragging.stop()

    def _on_released(self) -> None:
        self._end_drag()
        if self.is_empty:
            self._transcript.resume_following()
        clipboard = QGuiApplication.clipboard()
        if clipboard.supportsSelection() and not self.is_empty:
            clipboard.setText(self.shown_text(), clipboard.Mode.Selection)

    def _choose(self, view: MessageView, channel: Channel, start: Position, end: Position) -> None:
        index = self._transcript.index_of(view)
        if index is not None:
            self._transcript.setFocus(Qt.FocusReason.MouseFocusReason)
            self._set(TextSelection(TextPosition(index, channel, start), TextPosition(index, channel, end)))

    def _offer_menu(self, view: MessageView, channel: Channel, where: QPoint, hit: PageHit) -> None:
        surface = dict(view.surfaces())[channel]
        menu = QMenu(surface)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._offer_forms(menu, view)
        self._offer_what_is_there(menu, view, surface, hit)
        menu.addSeparator()
        if view.can_be_resplit:
            is_answer = channel is Channel.ANSWER
            words = self.tr("Move to the thinking") if is_answer else self.tr("Move to the answer")
            menu.addAction(words, lambda: view.ask(Ask.RESPLIT, is_answer))
            menu.addSeparator()
        menu.addAction(self.tr("Select all"), self.select_all)
        menu.popup(where)

    def _offer_forms(self, menu: QMenu, view: MessageView) -> None:
        has_some = not self.is_empty
        forms = (
            (self.tr("Copy"), CopyForm.FORMATTED),
            (self.tr("Copy as Markdown"), CopyForm.MARKDOWN),
            (self.tr("Copy as plain text"), CopyForm.PLAIN),
        )
        for words, form in forms:
            menu.addAction(words, partial(self.copy, form)).setEnabled(has_some)
        path = self._transcript.path
        if self._chosen is not None and has_some and path is not None and view.can_be_exported:
            ids = tuple(path.entries[index].id for index in self._chosen.messages)
            menu.addAction(self.tr("Export or print the selected messages…"), lambda: view.ask(Ask.TAKE_ALONG, ids))

    def _offer_what_is_there(self, menu: QMenu, view: MessageView, surface: TextSurface, hit: PageHit) -> None:
        """Offer copies of the link, the table, the code or the formula under the pointer."""
        put = QGuiApplication.clipboard().setText
        if hit.href:
            menu.addAction(self.tr("Copy the link's address"), lambda: put(hit.href))
        if block := surface.words.block_around(hit.position):
            words = self.tr("Copy this code") if block.kind is LeafKind.CODE else self.tr("Copy this table")
            menu.addAction(words, lambda: self._copying.copy_block(block))
            if (table := block.table) is not None and view.can_be_exported:
                menu.addAction(self.tr("Save this table…"), lambda: view.ask(Ask.SAVE_TABLE, table))
        if formula := surface.words.formula_around(hit.position):
            menu.addAction(self.tr("Copy this formula"), lambda: self._copying.copy_formula(formula))
            menu.addAction(self.tr("Copy this formula as LaTeX"), lambda: put(formula))
            if (elements := mathml(formula, True)) is not None:
                menu.addAction(self.tr("Copy this formula as MathML"), lambda: put(mathml_text(elements)))
