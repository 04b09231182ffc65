"""A long pasted text as a chip above the input field: its size, a preview, and ways to take it out or open it up.

A text box lays out all that it holds at every key, so a long text in it would hold up the window; as a chip it is sent
with the message just the same.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal, SignalInstance
from PySide6.QtWidgets import QFrame, QWidget

from desktop.ui.look.stylesheet import GAP_TIGHT, set_look
from desktop.ui.look.theme import IconButton, Theme
from desktop.ui.widgets.boxes import TextDialog
from desktop.ui.widgets.buttons import LabelledButton
from desktop.ui.widgets.layout import stack
from desktop.ui.words import fill, number, size

LONGEST_PASTE = 10_000  # bytes of UTF-8; what is longer is material rather than words
# Measured: keys stay under 30 ms while the box holds at most this much; a line without breaks is the dearest.
LONGEST_LINE = 5_000
FULLEST_BOX = 50_000
LONGEST_CHIP = 200_000  # characters, a hundred pages; longer ones are files, which are read and kept by the way

_LONGEST_LEAD = 2_000  # characters of the words before a long text
_PARAGRAPH = "\n\n"

_SHOWN_OF_IT = 20_000
_LONGEST_SHOWN_LINE = 1_000
_LEAST_PX = 120


def is_long(text: str, already_there: int = 0) -> bool:
    """Return True if `text` is better a chip than words in a box that holds `already_there` characters."""
    return not fits_box(text, already_there) or _size(text) > LONGEST_PASTE


def is_for_file(text: str) -> bool:
    """Return True if `text` is better a file than a part of the message's words, where files are taken."""
    return len(text) > LONGEST_CHIP and not text.isspace()


def fits_box(text: str, already_there: int = 0) -> bool:
    """Return True if a box that holds `already_there` characters stays quick with `text` in it."""
    if len(text) + already_there > FULLEST_BOX:
        return False
    return len(text) <= LONGEST_LINE or max(map(len, text.split("\n"))) <= LONGEST_LINE


def part(text: str) -> tuple[str, str]:
    """Return the words at the head of a kept text, and the long text after them; one of both may be empty.

    Joined by a blank line they are the text again, wherever the border was when it was written.
    """
    if not is_long(text):
        return text, ""
    lead, apart, rest = text[: _LONGEST_LEAD + len(_PARAGRAPH)].partition(_PARAGRAPH)
    if not apart or not lead.strip():
        return "", text
    rest = text[len(lead) + len(_PARAGRAPH) :]
    return (lead, rest) if is_long(rest) else ("", text)


def _size(text: str) -> int:
    """Return the bytes of UTF-8. A lone surrogate has none; it counts as the one mark that takes its place."""
    return len(text.encode("utf-8", "replace"))


class PastedTextChip(QFrame):
    """A chip for one long text; emits when the user wants it out, or in the box as words like any others."""

    opened_up = Signal()

    def __init__(self, theme: Theme, text: str) -> None:
        super().__init__()
        self._theme = theme
        self.text = text
        set_look(self, "chip")
        self._words = fill(self.tr("Pasted text, %1"), size(_size(text)))
        self.setAccessibleName(self._words)
        self._view = LabelledButton(theme, "file", self._words, "quiet")
        self._view.cut = Qt.TextElideMode.ElideMiddle  # its end says if the text fits
        self._view.setMinimumWidth(theme.px(_LEAST_PX))  # Qt's own would widen a narrow panel to all the words
        self._view.setToolTip(self.tr("Show this text"))
        self._view.clicked.connect(self.show_text)
        self.setFocusProxy(self._view)
        self._remove = IconButton(theme, "close", self.tr("Remove the pasted text"), token="muted")
        self.removed: SignalInstance = self._remove.clicked
        stack(self._view, self._remove, gap=0, margins=(GAP_TIGHT, 0, GAP_TIGHT, 0), across=True, on=self)

    def show_fit(self, fits: bool | None) -> None:
        """Say if the model can read it, with all that goes along; None while that is not known."""
        said = {True: self.tr("%1 · fits"), False: self.tr("%1 · too long"), None: "%1"}[fits]
        words = fill(said, self._words)
        self.setAccessibleName(words)
        self._view.show_words(words)

    def show_text(self) -> None:
        """Open a window with the beginning of the text."""
        dialog = PastedTextDialog(self._theme, self.text, self)
        dialog.accepted.connect(self.opened_up)
        dialog.open()


class PastedTextDialog(TextDialog):
    """The beginning of a long text, to read and copy from; accepted, it is wanted in the box as words."""

    def __init__(self, theme: Theme, text: str, parent: QWidget | None = None) -> None:
        title = QCoreApplication.translate("PastedTextDialog", "Pasted text")
        super().__init__(theme, title, _extent(text), parent, (560, 420))
        lines = (line[:_LONGEST_SHOWN_LINE] for line in text[:_SHOWN_OF_IT].split("\n"))
        self.text.show_text("\n".join(lines))
        if fits_box(text):
            self.offer(self.tr("Put into the message box")).clicked.connect(self.accept)
        self.finished.connect(self.deleteLater)


def _extent(text: str) -> str:
    translate = QCoreApplication.translate
    if len(text) <= _SHOWN_OF_IT:
        template = translate("PastedTextDialog", "%1 characters, %2. The whole text is sent with your message.")
        return fill(template, number(len(text)), size(_size(text)))
    template = translate(
        "PastedTextDialog", "The first %1 of %2 characters, %3. The whole text is sent with your message."
    )
    return fill(template, number(_SHOWN_OF_IT), number(len(text)), size(_size(text)))
