"""The selection in the transcript as one text: formatted, as plain text, or as it was written.

Little is put together at once. What takes long to read or to set, and what has to come from the disk first, is made on
a thread of its own; the last copy that was asked for is the one that counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from desktop.core.exporting.format import markdown_with_thinking
from desktop.core.message import Role
from desktop.rendering.markdown.leaves import parse
from desktop.rendering.text.leaves import Leaf
from desktop.rendering.text.plain_document import plain_leaves
from desktop.rendering.text.shown_text import END, START, excerpt, markdown_text, plain_text
from desktop.rendering.written.clipboard import pasted_formula, pasted_piece
from desktop.runtime.background import gui_task
from desktop.ui.text.selection import (
    Channel,
    Copied,
    CopyForm,
    Range,
    TextSelection,
    copied_block,
    joined,
    put_on_clipboard,
)
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
