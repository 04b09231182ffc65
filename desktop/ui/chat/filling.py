"""The window of a model in words, of what it is full, and the sheet of choices where a message does not fit in it.

Tokens are told as words (characters in Chinese), since nobody thinks in tokens; rounded, as they are estimates. The
sheet stands above the composer, also where nothing is found, and is told what it offers, each choice with its price;
doing it is the business of a presenter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame

from desktop.core.context import (
    AsItIs,
    Choice,
    ChosenPages,
    Filling,
    FreshConversation,
    InPieces,
    LargerWindow,
    LeaveOut,
    Passages,
)
from desktop.core.models.window import WindowSource
from desktop.core.place import Place
from desktop.ui.look.stylesheet import FILL_OF_PLACE, GAP_SECTION, GAP_TIGHT, GAP_WIDE, set_look
from desktop.ui.look.theme import IconButton, Theme
from desktop.ui.widgets.buttons import ChoiceRow, ChoiceRows, button
from desktop.ui.widgets.keys import claim_escape
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.words import duration, fill, number, say, shown_name, size

if TYPE_CHECKING:
    from desktop.core.context import FileFilling


_OF_TEMPLATE = 12  # tokens that a model's template adds, which are no instruction that anybody gave
_LEAST_TOLD = 3  # words: what is less is what estimates are off by
_OF_USUAL = 500  # tokens of usual words that count with those that are there
_HALF = (0.4, 0.6)  # of a file: what one calls half


@dataclass(frozen=True, slots=True)
class ChoiceWords:
    """Words of a choice: its name, what becomes of the text, the button that does it, and its price."""

    name: str
    explained: str
    button: str = field(default_factory=lambda: say("context.send_this_way"))  # with dots where something opens first
    price: str = field(default_factory=lambda: say("context.no_extra_time"))


def rounded_words(words: float, *, down: bool = False) -> str:
    """Return a number of words, rounded to two digits: "5,900"."""
    step = 10 ** max(0, len(str(int(words))) - 2)
    return number(int(words / step + (0 if down else 0.5)) * step)


def reading(tokens: int, filling: Filling) -> str:
    """Return so many tokens as a number of words such as those that would be sent, as far as there are any."""
    usual = float(say("context.words_a_token"))
    per_token = (filling.words + usual * _OF_USUAL) / (filling.text_tokens + _OF_USUAL)
    return rounded_words(tokens * per_token)


def taken_room(filling: Filling) -> list[str]:
    """Return what takes room, each in words; the last says of how much."""
    instructions = max(0, filling.instructions - _OF_TEMPLATE)
    files = sum(each.words for each in filling.files)
    earlier, question = filling.earlier_words, filling.question_words
    said = [
        (instructions, say("context.instructions", words=reading(instructions, filling))),
        (files, say("context.files", words=rounded_words(files))),
        (earlier, say("context.earlier_messages", words=rounded_words(earlier))),
        (question, say("context.this_question", words=number(question))),
    ]
    kept, window = reading(filling.kept_room, filling), filling.window.tokens
    room = say("context.room_for_the_answer", reading=kept)
    if window is not None:
        room = say("context.room_for_the_answer_of_words", reading=kept, of_window=reading(window, filling))
    return [*(words for size, words in said if size >= _LEAST_TOLD), room]


def verdict(filling: Filling) -> str:
    """Return in a sentence if all fits, and how much is free; what is too long, and by how much."""
    if filling.window.tokens is None:
        return say("context.it_is_not_known_how_much")
    if filling.over:
        longest = longest_file(filling)
        if longest is not None:
            return say(
                "context.how_much_of_a_file_fits",
                name=shown_name(longest.name),
                words=rounded_words(longest.words),
                fits=how_much_fits(longest, filling.over),
                free=_free_for(longest, filling),
            )
        return say("context.too_long_by_words", reading=reading(filling.over, filling))
    words = say("context.words_are_free", reading=reading(filling.free or 0, filling))
    if filling.window.source is WindowSource.TRAINED:
        return say("context.if_the_server_gives_the_model", words=words)
    return words


def longest_file(filling: Filling) -> FileFilling | None:
    """Return the longest of the files that go with the message that is being written."""
    return max((each for each in filling.files if each.is_new), key=lambda each: each.tokens, default=None)


def how_much_fits(file: FileFilling, over: int) -> str:
    """Return how much of a file fits that is so many tokens too long: "only half of it fits", "not all of it fits"."""
    share = 1.0 - over / max(1, file.tokens)
    if share <= 0.0:
        return say("context.does_not_fit")
    if share < 0.2:
        return say("context.only_a_little_of_it_fits")
    if share < _HALF[0]:
        return say("context.only_a_third_of_it_fits")
    if share < _HALF[1]:
        return say("context.only_half_of_it_fits")
    if share < 0.72:
        return say("context.only_two_thirds_of_it_fit")
    return say("context.not_all_of_it_fits")


def _free_for(file: FileFilling, filling: Filling) -> str:
    """Return how many words of a file fit."""
    return rounded_words(file.words * max(0, file.tokens - filling.over) / max(1, file.tokens), down=True)


def title_and_sentence(filling: Filling) -> tuple[str, str]:
    """Return what the sheet of choices is about: a title, and a sentence with both figures."""
    longest = longest_file(filling)
    promise = say("context.nothing_is_left_out_unless_you")
    if longest is None or filling.prompt - longest.tokens >= (filling.window.tokens or 0):
        title = say("context.this_conversation_is_longer_than_the")
        if filling.question >= (filling.window.tokens or 0):
            title = say("context.this_message_is_longer_than_the")
        fitting = reading(filling.window.tokens or 0, filling)
        figures = say("context.so_many_words_fit", words=reading(filling.prompt, filling), fitting=fitting)
    else:
        title = say("context.is_longer_than_the_model_can", name=shown_name(longest.name))
        words, free = rounded_words(longest.words), _free_for(longest, filling)
        figures = say("context.so_many_words_are_free", words=words, free=free)
    return title, say("context.two_sentences", first=figures, second=promise)


def choice_words(choice: Choice, filling: Filling) -> ChoiceWords:
    """Return how a choice is offered."""
    match choice:
        case LargerWindow(window, seconds, memory):
            words, now = reading(window, filling), reading(filling.window.tokens or 0, filling)
            explained = say("context.words_instead_of", words=words, now=now)
            return ChoiceWords(
                say("context.let_the_model_read_more_at"), explained, price=_price_of_loading(seconds, memory)
            )
        case Passages(_, tokens):
            name = say("context.only_the_passages_that_bear_on")
            explained = say("context.about_words_shown_to_you_before", reading=reading(tokens, filling))
            return ChoiceWords(name, explained, say("context.show_the_passages"))
        case ChosenPages(file):
            explained = say("context.opens_with_a_check_box_at", file=shown_name(file))
            return ChoiceWords(say("context.choose_pages_or_sheets_myself"), explained, say("context.choose"))
        case InPieces(pieces, _, seconds):
            explained = say("context.put_to_pieces", pieces=number(pieces))
            if pieces == 1:
                explained = say("context.put_to_the_file_alone")
            return ChoiceWords(say("context.read_it_in_pieces"), explained, price=price_of(seconds))
        case LeaveOut(messages, tokens):
            words = reading(tokens, filling)
            explained = say("context.the_first_messages_stay_here", len(messages), words=words)
            return ChoiceWords(say("context.leave_out_the_oldest_messages"), explained)
        case FreshConversation():
            explained = say("context.a_new_conversation_with_what_you")
            return ChoiceWords(say("context.start_fresh_with_my_own_words"), explained, say("context.choose"))
        case AsItIs():
            return ChoiceWords(say("context.send_it_all_the_same"), say("context.the_model_may_read_only_a"))
        case _:
            assert_never(choice)


def price_of(seconds: float | None) -> str:
    """Return how long something takes, as a price; None where that is not known."""
    return say("context.takes_a_while") if seconds is None else say("context.about", rounded=_rounded(seconds))


def _price_of_loading(seconds: float | None, memory: int | None) -> str:
    prices: list[str] = []
    if seconds is not None:
        prices.append(say("context.once", rounded=_rounded(seconds)))
    if memory is not None and memory > 0:
        prices.append(say("context.more_memory", memory=size(memory)))
    return " · ".join(prices) or say("context.loads_the_model_again")


def _rounded(seconds: float) -> str:
    """Return a time as one tells it beforehand: whole minutes from two on, never nothing."""
    return say("context.min", ceil=number(ceil(seconds / 60))) if seconds > 90 else duration(ceil(seconds))


_LOW_PX = 640  # a window lower than that shows the sentence of the chosen row alone


class AskingSheet(QFrame):
    """A sheet above the composer, hidden until it asks; Escape and its cross close it, and nothing is sent or lost."""

    chosen = Signal(object)  # the answer
    closed = Signal()  # without one

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
    """A sheet of which one row is chosen: the answer is what that stands for, such as a Choice of what to leave out."""

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
