"""The selection in the transcript as one text: formatted, as plain text, or as it was written.

Little is put together at once. What takes long to read or to set, and what has to come from the disk first, is made on
a thread of its own; the last copy that was asked for is the one that counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from desktop.core.exporting.format import markdown_with_thinking
from desktop.core.message import Message, Role
from desktop.rendering.markdown.leaves import parse
from desktop.rendering.text.excerpt import excerpt
from desktop.rendering.text.leaves import Leaf
from desktop.rendering.text.plain_document import plain_leaves
from desktop.rendering.text.plain_text import plain_text
from desktop.rendering.text.shown_text import END, START, markdown_text
from desktop.rendering.written.clipboard import holds_formulas, pasted_formula, pasted_piece
from desktop.runtime.background import gui_task
from desktop.ui.text.clipboard import Copied, CopyForm, copied_block, formatted, joined, put_on_clipboard
from desktop.ui.text.selection import Channel, Range, TextSelection
from desktop.ui.text.surface import TextSurface
from desktop.ui.transcript.message_view import MessageView

if TYPE_CHECKING:
    from desktop.ui.transcript.view import Transcript

_SHORT = 20_000  # characters of Markdown that are read at once: some 15 ms

Piece = Copied | Callable[[Mapping[str, Message]], Copied]
"""A text, or what makes it of the messages that have been read; on another thread, so without widgets."""


class TranscriptCopy:
    """The copies of a transcript to the clipboard."""

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self._latest = 0

    def copy(self, chosen: TextSelection, form: CopyForm) -> None:
        """Copy the selection, with a blank line between the texts."""
        path = self._transcript.path
        if path is None:
            return
        pieces: list[Piece] = []
        wanted: list[str] = []
        for index in chosen.messages:
            view = self._transcript.view_at(index)
            if view is not None:
                pieces += _pieces_of(view, index, chosen, form)
            elif part := chosen.within(index, Channel.ANSWER):
                message_id = path.entries[index].id
                wanted.append(message_id)
                pieces.append(partial(_text_of, message_id, part, form))
        self._put(pieces, wanted)

    def copy_message(self, view: MessageView, form: CopyForm, with_thinking: bool) -> None:
        """Copy a whole message; it shows when that has been done."""
        source = view.source

        def done() -> None:
            if self._transcript.index_of(view) is not None:
                view.show_copied()

        if with_thinking:  # in the plain text the two can be told apart as in Markdown
            quoted = markdown_with_thinking(view.message)
            self._put([lambda _: Copied(quoted, pasted_piece(parse(quoted)))], [], done)
        elif form is CopyForm.MARKDOWN:
            self._put([Copied(source)], [], done)
        elif len(source) > _SHORT:
            self._put([lambda _: _shown(source, (START, END), form)], [], done)
        else:
            self._put([_in_form(parse(source), form)], [], done)

    def copy_block(self, block: Leaf) -> None:
        """Copy a table or a block of code, so that it is one where it is pasted."""
        self._put([lambda _: copied_block(block)], [])

    def copy_formula(self, latex: str) -> None:
        """Copy a formula so that it is one where it is pasted; its plain text is the LaTeX."""
        self._put([lambda _: Copied(latex, pasted_formula(latex))], [])

    @gui_task
    async def _put(self, pieces: list[Piece], wanted: list[str], done: Callable[[], None] = lambda: None) -> None:
        self._latest += 1
        number, path = self._latest, self._transcript.path
        if path is None or all(isinstance(piece, Copied) for piece in pieces):
            copied = _joined(pieces, {})
        else:
            read = await path.read(wanted)
            copied = await path.work.slowly(lambda: _joined(pieces, read))
        if number == self._latest:
            put_on_clipboard(copied)
            done()


def _pieces_of(view: MessageView, index: int, chosen: TextSelection, form: CopyForm) -> list[Piece]:
    """Return the selected texts of a message that has a widget."""
    found: list[Piece] = []
    for channel, surface in view.surfaces():
        within = chosen.within(index, channel)
        if within is not None:
            found.append(_piece_of(surface, within, form))
    return found


def _piece_of(surface: TextSurface, within: Range, form: CopyForm) -> Piece:
    source = surface.source
    is_whole = within == (START, END)
    if surface.is_plain and is_whole and len(source) > _SHORT:
        return lambda _: _plain(source, form)
    if form is CopyForm.MARKDOWN and is_whole and not surface.is_plain:
        return Copied(source.strip("\n"))
    is_short = surface.is_plain or (len(source) <= _SHORT and not surface.is_reading)
    if not is_short and (is_whole or not surface.is_reading):
        return lambda _: _shown(source, within, form)
    if form is CopyForm.MARKDOWN:
        return Copied(surface.words.markdown_text(*within))
    if surface.is_plain:
        return Copied(
            surface.words.plain_text(*within),
            "" if form is CopyForm.PLAIN else pasted_piece(surface.words.excerpt(*within)),
        )
    return _in_form(surface.words.excerpt(*within), form)


def _in_form(leaves: Sequence[Leaf], form: CopyForm) -> Piece:
    """Return leaves formatted or as plain text: at once where that is quick."""
    if form is CopyForm.PLAIN:
        return Copied(plain_text(leaves))
    return (lambda _: formatted(leaves)) if holds_formulas(leaves) else formatted(leaves)


def _text_of(message_id: str, within: Range, form: CopyForm, read: Mapping[str, Message]) -> Copied:
    """Return what is selected of a message that has no widget."""
    message = read.get(message_id)
    if message is None:
        return Copied("")
    if message.role is Role.USER:
        return _plain(message.text, form)
    return _shown(message.text, within, form)


def _plain(source: str, form: CopyForm) -> Copied:
    """Return a whole text that is shown as it was written."""
    text = source.strip("\n")
    return Copied(text, pasted_piece(plain_leaves(text)) if form is CopyForm.FORMATTED else "")


def _shown(source: str, within: Range, form: CopyForm) -> Copied:
    if form is CopyForm.MARKDOWN and within == (START, END):
        return Copied(source.strip("\n"))
    leaves = parse(source)
    match form:
        case CopyForm.MARKDOWN:
            return Copied(markdown_text(leaves, source, *within))
        case CopyForm.PLAIN:
            return Copied(plain_text(leaves, *within))
        case CopyForm.FORMATTED:
            return formatted(excerpt(leaves, *within))


def _joined(pieces: list[Piece], read: Mapping[str, Message]) -> Copied:
    return joined(piece if isinstance(piece, Copied) else piece(read) for piece in pieces)
