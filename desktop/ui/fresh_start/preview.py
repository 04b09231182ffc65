"""The message that a fresh start sends: the exact words, which can be changed, what they lack, its files, and its size.

The files of a question that is asked again can be left behind one by one; others are chosen elsewhere.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import compress

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtWidgets import QWidget

from desktop.core.fresh_start import OutgoingDraft, has_request, lacks_source_of
from desktop.core.message import AttachmentPart, FilePart
from desktop.core.prompts.render import fence_for
from desktop.core.text.clean_text import clean_input
from desktop.core.text.tokens import estimate_tokens, whole_tokens
from desktop.ui.fresh_start.brief import TickList
from desktop.ui.inputs.long_text import PromptText
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_TIGHT
from desktop.ui.widgets.labels import PlainLabel, set_tooltip
from desktop.ui.widgets.layout import FlowLayout, stack
from desktop.ui.widgets.quiet_line import QuietLine
from desktop.ui.words import about_tokens, amount_of_text, fill, listed, number, short, shown_name

_FILE_ROWS = 3  # that are shown at once


class FreshPreview(QWidget):
    """An editable preview of `said`; `window_tokens` are as many as the model reads at once, if that is known."""

    changed = Signal()  # by the user

    def __init__(self, theme: Theme, ways: QWidget) -> None:
        """Build the preview. `ways` are buttons for other words and stand beside its title."""
        super().__init__()
        self.said = OutgoingDraft()
        self.window_tokens: int | None = None
        self.takes_files = True
        self._offered: tuple[FilePart, ...] = ()  # to be ticked
        title = PlainLabel(self.tr("This will be sent"), "strong")
        self._text = PromptText(theme)
        self._text.keep_long_texts()
        self._text.describe(title.text(), self.tr("The exact words; you can change them before they go."), "")
        self.setFocusProxy(self._text)
        self._files = PlainLabel("", "small", wraps=True)
        self._ticks = TickList(theme, self.tr("Files that go along"), leads_on=False)
        self._examples = PlainLabel("", "small", wraps=True)
        self._lack = QuietLine(theme, PlainLabel("", "small warning", wraps=True))
        self._paste = self._lack.offer(self.tr("Paste it"), "filter")
        self._add = self._lack.offer(self.tr("Add a file"), "filter")
        self.file_wanted: SignalInstance = self._add.clicked
        self._size = PlainLabel("", "small", wraps=True)
        head = FlowLayout(last_at_right=1)
        head.addWidget(title)
        head.addWidget(ways)
        parts = (self._lack, self._text, self._files, self._ticks, self._examples, self._size)
        stack(head, *parts, gap=GAP_TIGHT, on=self)
        self._paste.clicked.connect(self._paste_source)
        self._text.changed.connect(self._take_text)
        self._ticks.ticks_changed.connect(self._take_ticks)
        theme.changed.connect(self._fit)

    def show_said(self, said: OutgoingDraft, *, ticks_files: bool = False) -> None:
        """Replace all that the preview holds.

        `ticks_files`: its files can be unticked here; what the user has unticked stays so while they are the same.
        """
        files = said.attachments
        if ticks_files:
            if files != self._offered:
                self._offered = files
                template = self.tr("%1 goes along")
                self._ticks.show_texts([fill(template, short(each.name)) for each in files], [True] * len(files))
                self._fit()
            said = replace(said, attachments=self._ticked)
        self.said = said
        if said.text != self._text.text():
            self._text.set_text(said.text)
            self._text.box.moveCursor(QTextCursor.MoveOperation.Start)
        self._files.setText(fill(self.tr("With these files: %1"), listed(shown_name(each.name) for each in files)))
        self._files.setVisible(bool(files) and not ticks_files)
        self._ticks.setVisible(bool(files) and ticks_files)
        self._examples.setText(fill(self.tr("Example turns that go before it: %1"), number(len(said.earlier) // 2)))
        self._examples.setVisible(bool(said.earlier))
        self.explain()

    def _fit(self) -> None:
        self._ticks.fit(_FILE_ROWS)

    @property
    def _ticked(self) -> tuple[FilePart, ...]:
        return tuple(compress(self._offered, self._ticks.states))

    def _take_ticks(self) -> None:
        self._take(replace(self.said, attachments=self._ticked))

    def _take_text(self, text: str) -> None:
        self._take(replace(self.said, text=text))

    def _take(self, said: OutgoingDraft) -> None:
        self.said = said
        self.explain()
        self.changed.emit()

    def _paste_source(self) -> None:
        """Put the text of the clipboard, between fences, in front of the request."""
        text = clean_input(QGuiApplication.clipboard().text()).strip("\n")
        if text.strip():
            fence = fence_for(text)
            whole = f"{fence.opening}\n{text}\n{fence.closing}\n\n{self.said.text}"
            self._text.set_text(whole)
            self._take_text(whole)
        self._text.setFocus()

    def explain(self) -> None:
        """Say where nothing is asked for, or what it is asked about was never given; and how long it is."""
        is_request_missing = not (self.said.is_empty or has_request(self.said))
        is_source_missing = not is_request_missing and lacks_source_of(self.said)
        if is_request_missing:
            self._lack.say(self.tr("Nothing is asked for here yet. Write what you want done."))
        elif is_source_missing:
            self._lack.say(
                self.tr("The text that this is about was never given. Without it, the model can only invent.")
            )
        self._lack.setVisible(is_request_missing or is_source_missing)
        self._paste.setVisible(is_source_missing)
        self._add.setVisible(is_source_missing and self.takes_files)
        files = (each.text for each in self.said.attachments if isinstance(each, AttachmentPart))
        texts = (self.said.text, *files, *(each.text for each in self.said.earlier))
        tokens, room = whole_tokens(sum(map(estimate_tokens, texts))), self.window_tokens
        words = amount_of_text(tokens) if tokens else ""
        is_over = room is not None and tokens > room
        if is_over and room is not None:
            template = self.tr("That is %1, more than this model reads at once: %2. Take something out, or send it so.")
            words = fill(template, words, amount_of_text(room))
        self._size.setText(words)
        set_tooltip(self._size, about_tokens(tokens) if tokens else "")
        set_look(self._size, "small warning" if is_over else "small")
