"""The selection in the transcript as one text: as it is shown, or as it was written.

Little is put together at once. What takes long to read, and what has to come from the disk first, is made on a thread
of its own; the last copy that was asked for is the one that counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtGui import QGuiApplication

from desktop.core.message import Message, Role
from desktop.rendering.markdown.leaves import parse
from desktop.rendering.text.plain_text import plain_text
from desktop.rendering.text.shown_text import END, START, markdown_text
from desktop.ui.text.selection import Channel, Range, TextSelection
from desktop.ui.text.surface import TextSurface
from desktop.ui.transcript.message_view import MessageView
from desktop.ui.transcript.shown_messages import ShownMessages

_SHORT = 20_000  # characters of Markdown that are read at once: some 15 ms

Piece = str | Callable[[Mapping[str, Message]], str]
"""A text, or what makes it of the messages that have been read; on another thread, so without widgets."""


class TranscriptCopy:
    """The copies of a transcript to the clipboard."""

    def __init__(self, transcript: ShownMessages) -> None:
        self._transcript = transcript
        self._latest = 0

    def copy(self, chosen: TextSelection, *, as_markdown: bool) -> None:
        """Copy the selection, with a blank line between the texts."""
        path = self._transcript.path
        if path is None:
            return
        pieces: list[Piece] = []
        wanted: list[str] = []
        for index in chosen.messages:
            view = self._transcript.view_at(index)
            if view is not None:
                pieces += _pieces_of(view, index, chosen, as_markdown)
            elif part := chosen.within(index, Channel.ANSWER):
                message_id = path.entries[index].id
                wanted.append(message_id)
                pieces.append(partial(_text_of, message_id, part, as_markdown))
        self._put(pieces, wanted)

    def copy_message(self, view: MessageView) -> None:
        """Copy a whole message as it is shown; it shows when that has been done."""
        source = view.source

        def done() -> None:
            if self._transcript.index_of(view) is not None:
                view.show_copied()

        self._put([lambda _: plain_text(parse(source))], [], done)

    def _put(self, pieces: list[Piece], wanted: list[str], done: Callable[[], None] | None = None) -> None:
        self._latest += 1
        number = self._latest
        path = self._transcript.path

        def take(text: str) -> None:
            if number == self._latest:
                QGuiApplication.clipboard().setText(text)
                if done is not None:
                    done()

        if all(isinstance(piece, str) for piece in pieces):
            take(_joined(pieces, {}))
        elif path is not None:
            path.read(wanted, lambda read: _joined(pieces, read), take)


def _pieces_of(view: MessageView, index: int, chosen: TextSelection, as_markdown: bool) -> list[Piece]:
    """Return the selected texts of a message that has a widget."""
    found: list[Piece] = []
    for channel, surface in view.surfaces():
        within = chosen.within(index, channel)
        if within is not None:
            found.append(_piece_of(surface, within, as_markdown))
    return found


def _piece_of(surface: TextSurface, within: Range, as_markdown: bool) -> Piece:
    source = surface.source
    is_whole = within == (START, END)
    if surface.is_plain or (len(source) <= _SHORT and not surface.is_reading):
        return surface.markdown_text(*within) if as_markdown else surface.plain_text(*within)
    if is_whole and as_markdown:
        return source.strip("\n")
    if surface.is_reading and not is_whole:  # its places are not yet those of the whole text
        return surface.markdown_text(*within) if as_markdown else surface.plain_text(*within)
    return lambda _: _shown(source, within, as_markdown)


def _text_of(message_id: str, within: Range, as_markdown: bool, read: Mapping[str, Message]) -> str:
    """Return what is selected of a message that has no widget."""
    message = read.get(message_id)
    if message is None:
        return ""
    if message.role is Role.USER or (as_markdown and within == (START, END)):
        return message.text.strip("\n")
    return _shown(message.text, within, as_markdown)


def _shown(source: str, within: Range, as_markdown: bool) -> str:
    leaves = parse(source)
    return markdown_text(leaves, source, *within) if as_markdown else plain_text(leaves, *within)


def _joined(pieces: list[Piece], read: Mapping[str, Message]) -> str:
    texts = [piece if isinstance(piece, str) else piece(read) for piece in pieces]
    return "\n\n".join(text for text in texts if text)
