"""The sheet of choices before something is sent that does not fit, or finds nothing: each with its price.

It stands above the composer and is told what it offers; doing it is the business of a presenter.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame

from desktop.core.context.choices import AsItIs, Choice
from desktop.core.context.filling import Filling
from desktop.core.place import Place
from desktop.ui.chat.filling_words import ChoiceWords, choice_words, title_and_sentence
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import FILL_OF_PLACE, GAP_SECTION, GAP_TIGHT, GAP_WIDE
from desktop.ui.widgets.buttons import ChoiceRow, ChoiceRows, button
from desktop.ui.widgets.keys import claim_escape
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.words import fill, number

_LOW_PX = 640  # a window lower than that shows the sentence of the chosen row alone


class AskingSheet(QFrame):
    """A sheet above the composer, hidden until it asks; Escape and its cross close it, and nothing is sent or lost."""

    closed = Signal()  # without an answer

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        set_look(self, "card")
        self._title = PlainLabel("", "heading", wraps=True)
        self._sentence = PlainLabel("", "muted", wraps=True)
        self._note = PlainLabel("", "small", wraps=True)
        self._list = stack(gap=GAP_TIGHT)
        self._keys = PlainLabel("", "tiny")
        self._cancel = button(self.tr("Cancel"), do=self.close_sheet)
        self._send = button("", do=self._do)
        close = IconButton(theme, "close", self.tr("Close (Esc)"), token="muted", do=self.close_sheet)
        head = stack((self._title, 1), close, across=True)
        head.setAlignment(close, Qt.AlignmentFlag.AlignTop)
        foot = stack(self._keys, None, self._cancel, self._send, across=True)
        margins = (GAP_SECTION, GAP_WIDE, GAP_SECTION, GAP_SECTION)
        stack(head, self._sentence, self._note, self._list, foot, margins=margins, on=self)
        self.hide()

    def _say(self, title: str, sentence: str, note: str = "") -> None:
        self._title.setText(title)
        self._sentence.setText(sentence)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self.setAccessibleName(title)
        self.setAccessibleDescription("\n".join(filter(None, (sentence, note))))

    def close_sheet(self) -> None:
        """Hide it without an answer."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def _do(self) -> None:
        raise NotImplementedError

    # Qt's own methods

    def event(self, event: QEvent) -> bool:
        return claim_escape(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_sheet()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self._do()
        else:
            super().keyPressEvent(event)


class ChoiceSheet(AskingSheet):
    """A sheet of which one row is chosen."""

    chosen = Signal(object)  # what the row stands for, such as a Choice of core.context.choices: do it

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.choices: Sequence[tuple[object, ChoiceWords]] = ()
        self.rows = ChoiceRows()
        self.rows.chosen.connect(self._explain)
        self._list.addWidget(self.rows)

    def offer(self, choices: Sequence[Choice], filling: Filling, place: Place | None) -> None:
        """Show what can be done about what does not fit.

        Where the only one is to send all of it nevertheless, Enter goes back instead.
        """
        rows = [(each, choice_words(each, filling)) for each in choices]
        self.ask(*title_and_sentence(filling), rows, place)
        if isinstance(choices[0], AsItIs):
            set_look(self._send, "")
            self._cancel.setFocus(Qt.FocusReason.TabFocusReason)  # which shows that Enter presses it

    def ask(
        self,
        title: str,
        sentence: str,
        rows: Sequence[tuple[object, ChoiceWords]],
        place: Place | None,
        note: str = "",
    ) -> None:
        """Show these rows, the first one chosen and focused; the button has the colour of the place."""
        self._say(title, sentence, note)
        self.choices = rows
        self.rows.show_rows(
            ChoiceRow(key, said.name, said.explained, said.price) for key, (_, said) in enumerate(rows, start=1)
        )
        self._keys.setText(fill(self.tr("1–%1 choose · Enter send · Esc back"), number(len(rows))))
        set_look(self._send, *(("filled", FILL_OF_PLACE[place.kind]) if place is not None else ("accent",)))
        self.show()
        self.rows.choose(0)

    def _explain(self) -> None:
        is_low = self.window().height() < self._theme.px(_LOW_PX)
        self._keys.setVisible(self.width() > self._theme.px(440) and len(self.choices) > 1)
        width = self.width() - 2 * GAP_SECTION
        for row in self.rows.rows:
            row.show_explained(not is_low or row.isChecked())
            row.setMinimumHeight(row.heightForWidth(width))  # where room is short, all else gives way
        if self.choices:
            self._send.setText(self.choices[self.rows.at][1].button)

    def _do(self) -> None:
        self.hide()
        self.chosen.emit(self.choices[self.rows.at][0])

    # Qt's own methods

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self._explain()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.rows.take_key(event):
            super().keyPressEvent(event)
