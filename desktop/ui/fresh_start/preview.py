"""The message that a fresh start sends: the exact words, which can be changed, what they lack, its files, and its size.

The files of a question that is asked again can be left behind one by one; others are chosen elsewhere.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import compress

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from desktop.core.fresh_start.brief import has_request, lacks_source_of
from desktop.core.fresh_start.ways import OutgoingDraft
from desktop.core.message import AttachmentPart, FilePart
from desktop.core.prompts.marks import fence_for
from desktop.core.text.clean_text import clean_input
from desktop.core.text.tokens import estimate_tokens, whole_tokens
from desktop.ui.fresh_start.brief import TickList
from desktop.ui.inputs.long_text import PromptText
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT, GAP_WIDE
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import FlowLayout, stack
from desktop.ui.words import about_tokens, amount_of_text, fill, listed, number, short, shown_name

_FILE_ROWS = 3  # that are shown at once


class FreshPreview(QWidget):
    """An editable preview; `said` is its present content."""

    changed = Signal()

    def __init__(self, theme: Theme, ways: QWidget, parent: QWidget | None = None) -> None:
        """Build the preview. `ways` are buttons for other words and stand beside its title."""
        super().__init__(parent)
        self._said = OutgoingDraft()
        self._text_tokens = self._file_tokens = self._example_tokens = 0.0  # estimated
        self._room: int | None = None
        title = PlainLabel(self.tr("This will be sent"), "strong")
        self._text = PromptText(theme)
        self._text.keep_long_texts()
        self.setFocusProxy(self._text)
        self._text.describe(title.text(), self.tr("The exact words; you can change them before they go."), "")
        self._files = PlainLabel("", "small", wraps=True)
        self._offered: tuple[FilePart, ...] = ()  # to be ticked
        self._ticks = TickList(theme, self.tr("Files that go along"), leads_on=False)
        self._examples = PlainLabel("", "small", wraps=True)
        self._lack = QFrame()
        set_look(self._lack, "notice")
        self._lack_words = PlainLabel("", "small warning", wraps=True)
        self._paste, self._add = (QPushButton(words) for words in (self.tr("Paste it"), self.tr("Add a file")))
        self.file_wanted: SignalInstance = self._add.clicked
        self.takes_files = True
        self._size = PlainLabel("", "small", wraps=True)
        column = stack(gap=GAP_TIGHT, on=self)
        head = FlowLayout(last_at_right=1)
        head.addWidget(title)
        head.addWidget(ways)
        column.addLayout(head)
        beside = stack((self._lack_words, 1), margins=(GAP_WIDE, GAP, GAP_WIDE, GAP), across=True, on=self._lack)
        for button in (self._paste, self._add):
            button.setAutoDefault(False)
            set_look(button, "filter")
            beside.addWidget(button)
        self._paste.clicked.connect(self._paste_source)
        for part in (self._lack, self._text, self._files, self._ticks, self._examples, self._size):
            column.addWidget(part)
        self._text.changed.connect(self._on_typed)
        self._ticks.ticks_changed.connect(self._on_ticked)
        theme.changed.connect(self._fit)

    @property
    def said(self) -> OutgoingDraft:
        return self._said

    def show_said(self, said: OutgoingDraft, tokens: float | None = None, *, ticks_files: bool = False) -> None:
        """Replace all that the preview holds.

        `tokens`: an estimate for its words, if that is known; to count those of a long text takes a while.
        `ticks_files`: its files can be unticked here; what the user has unticked stays so while they are the same.
        """
        if ticks_files:
            self._offer_files(said.attachments)
            said = replace(said, attachments=self._ticked_files)
        self._count_files(said.attachments)
        self._text_tokens = estimate_tokens(said.text) if tokens is None else tokens
        self._example_tokens = sum(estimate_tokens(each.text) for each in said.earlier)
        self._said = said
        self._text.set_text(said.text)
        names = listed(shown_name(each.name) for each in said.attachments)
        self._files.setText(fill(self.tr("With these files: %1"), names))
        self._files.setVisible(bool(said.attachments) and not ticks_files)
        self._ticks.setVisible(bool(said.attachments or self._offered) and ticks_files)
        self._examples.setText(fill(self.tr("Example turns that go before it: %1"), number(len(said.earlier) // 2)))
        self._examples.setVisible(bool(said.earlier))
        self._measure()

    def show_room(self, window: int | None) -> None:
        """Set how many tokens the model reads at once; None if that is not known."""
        self._room = window
        self._measure()

    @property
    def _ticked_files(self) -> tuple[FilePart, ...]:
        return tuple(compress(self._offered, self._ticks.states))

    def _offer_files(self, files: tuple[FilePart, ...]) -> None:
        if files == self._offered:
            return
        self._offered = files
        template = self.tr("%1 goes along")
        self._ticks.show_texts([fill(template, short(each.name)) for each in files], [True] * len(files))
        self._fit()

    def _fit(self) -> None:
        self._ticks.fit(_FILE_ROWS)

    def _count_files(self, files: tuple[FilePart, ...]) -> None:
        if files != self._said.attachments:
            texts = (each.text for each in files if isinstance(each, AttachmentPart))
            self._file_tokens = sum(map(estimate_tokens, texts))

    def _on_ticked(self) -> None:
        self._count_files(self._ticked_files)
        self._said = replace(self._said, attachments=self._ticked_files)
        self._measure()
        self.changed.emit()

    def _on_typed(self, text: str) -> None:
        self._said = replace(self._said, text=text)
        self._text_tokens = estimate_tokens(text)
        self._measure()
        self.changed.emit()

    def _paste_source(self) -> None:
        """Put the text of the clipboard, between fences, in front of the request."""
        text = clean_input(QGuiApplication.clipboard().text()).strip("\n")
        if text.strip():
            fence = fence_for(text)
            whole = f"{fence.opening}\n{text}\n{fence.closing}\n\n{self._said.text}"
            self._text.set_text(whole)
            self._on_typed(whole)
        self._text.setFocus()

    def _show_lack(self) -> None:
        """Say where nothing is asked for, or what it is asked about was never given."""
        is_request_missing = not (self._said.is_empty or has_request(self._said))
        is_source_missing = not is_request_missing and lacks_source_of(self._said)
        if is_request_missing:
            self._lack_words.setText(self.tr("Nothing is asked for here yet. Write what you want done."))
        elif is_source_missing:
            words = self.tr("The text that this is about was never given. Without it, the model can only invent.")
            self._lack_words.setText(words)
        self._lack.setVisible(is_request_missing or is_source_missing)
        self._paste.setVisible(is_source_missing)
        self._add.setVisible(is_source_missing and self.takes_files)

    def _measure(self) -> None:
        self._show_lack()
        tokens = whole_tokens(self._text_tokens + self._file_tokens + self._example_tokens)
        is_over = self._room is not None and tokens > self._room
        if is_over and self._room is not None:
            template = self.tr("That is %1, more than this model reads at once: %2. Take something out, or send it so.")
            self._size.setText(fill(template, amount_of_text(tokens), amount_of_text(self._room)))
        else:
            self._size.setText(amount_of_text(tokens) if tokens else "")
        self._size.setToolTip(about_tokens(tokens) if tokens else "")
        set_look(self._size, "small warning" if is_over else "small")
