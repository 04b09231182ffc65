"""The window of a model in words: how full it is and of what, what does not fit, and what can be done about it.

Tokens are told as words (characters in Chinese), since nobody thinks in tokens; rounded, as they are estimates.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, assert_never

from desktop.core.context.choices import (
    AsItIs,
    Choice,
    ChosenPages,
    FreshConversation,
    InPieces,
    LargerWindow,
    LeaveOut,
    Passages,
)
from desktop.core.context.window import WindowSource
from desktop.ui.words import duration, fill, listed, number, shown_name, size, translate

if TYPE_CHECKING:
    from desktop.core.context.filling import FileFilling, Filling

_OF_TEMPLATE = 12  # tokens that a model's template adds, which are no instruction that anybody gave
_LEAST_TOLD = 3  # words: what is less is what estimates are off by
_OF_USUAL = 500  # tokens of usual words that count with those that are there
_HALF = (0.4, 0.6)  # of a file: what one calls half


@dataclass(frozen=True, slots=True)
class ChoiceWords:
    """Words of a choice: its name, what becomes of the text, and its price."""

    name: str
    explained: str
    price: str


def rounded_words(words: float, *, down: bool = False) -> str:
    """Return a number of words, rounded to two digits: "5,900"."""
    step = 10 ** max(0, len(str(int(words))) - 2)
    return number(int(words / step + (0 if down else 0.5)) * step)


def reading(tokens: int, filling: Filling) -> str:
    """Return so many tokens as a number of words such as those that would be sent, as far as there are any."""
    usual = float(translate("context", "0.75", "words that a token stands for: 0.75 in English, 1.5 in Chinese"))
    per_token = (filling.words + usual * _OF_USUAL) / (filling.text_tokens + _OF_USUAL)
    return rounded_words(tokens * per_token)


def legend(filling: Filling) -> list[tuple[str, str]]:
    """Return what takes room as (colour token, words), in the order of the bar; the last says of how much."""
    files = sum(each.words for each in filling.files)
    instructions = max(0, filling.instructions - _OF_TEMPLATE)
    said = [
        ("muted", translate("context", "Instructions %1"), instructions, reading(instructions, filling)),
        ("accent", translate("context", "Files %1"), files, rounded_words(files)),
        (
            "muted",
            translate("context", "Earlier messages %1"),
            filling.earlier_words,
            rounded_words(filling.earlier_words),
        ),
        ("ink", translate("context", "This question %1"), filling.question_words, number(filling.question_words)),
    ]
    lines = [(color, fill(words, amount)) for color, words, size, amount in said if size >= _LEAST_TOLD]
    room = translate("context", "Room for the answer %1")
    if filling.window.tokens is not None:
        room = translate("context", "Room for the answer %1 of %2 words")
    of_window = reading(filling.window.tokens or 0, filling)
    return [*lines, ("field_line", fill(room, reading(filling.kept_room, filling), of_window))]


def verdict(filling: Filling) -> str:
    """Return in a sentence if all fits, and how much is free; what is too long, and by how much."""
    if filling.window.tokens is None:
        return translate("context", "It is not known how much this model can read at once.")
    if filling.over:
        longest = longest_file(filling)
        if longest is not None:
            words = translate("context", "%1 %2: %3, %4 are free")
            name, size = shown_name(longest.name), rounded_words(longest.words)
            return fill(words, name, size, how_much_fits(longest, filling.over), _free_for(longest, filling))
        return fill(translate("context", "Too long by %1 words"), reading(filling.over, filling))
    words = fill(translate("context", "%1 words are free"), reading(filling.free or 0, filling))
    if filling.window.source is WindowSource.TRAINED:
        return fill(
            translate("context", "%1, if the server gives the model its full length; it has not said so"), words
        )
    return words


def spoken(filling: Filling) -> str:
    """Return all that the meter shows, for a screen reader."""
    return f"{listed(words for _, words in legend(filling))}. {verdict(filling)}"


def longest_file(filling: Filling) -> FileFilling | None:
    """Return the longest of the files that go with the message that is being written."""
    return max((each for each in filling.files if each.is_new), key=lambda each: each.tokens, default=None)


def how_much_fits(file: FileFilling, over: int) -> str:
    """Return how much of a file fits that is so many tokens too long: "only half of it fits", "not all of it fits"."""
    share = 1.0 - over / max(1, file.tokens)
    if share <= 0.0:
        return translate("context", "does not fit")
    if share < 0.2:
        return translate("context", "only a little of it fits")
    if share < _HALF[0]:
        return translate("context", "only a third of it fits")
    if share < _HALF[1]:
        return translate("context", "only half of it fits")
    if share < 0.72:
        return translate("context", "only two thirds of it fit")
    return translate("context", "not all of it fits")


def _free_for(file: FileFilling, filling: Filling) -> str:
    """Return how many words of a file fit."""
    return rounded_words(file.words * max(0, file.tokens - filling.over) / max(1, file.tokens), down=True)


def title_and_sentence(filling: Filling) -> tuple[str, str]:
    """Return what the sheet of choices is about: a title, and a sentence with both figures."""
    longest = longest_file(filling)
    promise = translate("context", "Nothing is left out unless you say so.")
    if longest is None or filling.prompt - longest.tokens >= (filling.window.tokens or 0):
        title = translate("context", "This conversation is longer than the model can read at once")
        if filling.question >= (filling.window.tokens or 0):
            title = translate("context", "This message is longer than the model can read at once")
        figures = translate("context", "It has %1 words, and %2 fit.")
        fitting = reading(filling.window.tokens or 0, filling)
        return title, _both(fill(figures, reading(filling.prompt, filling), fitting), promise)
    title = fill(translate("context", "%1 is longer than the model can read at once"), shown_name(longest.name))
    figures = translate("context", "It has %1 words, and %2 are free.")
    figures = fill(figures, rounded_words(longest.words), _free_for(longest, filling))
    return title, _both(figures, promise)


def _both(first: str, second: str) -> str:
    """Return two sentences, with what stands between sentences in the language."""
    return fill(translate("context", "%1 %2", "two sentences"), first, second)


def choice_words(choice: Choice, filling: Filling) -> ChoiceWords:
    """Return how a choice is offered."""
    free_of_charge = translate("context", "No extra time")
    match choice:
        case LargerWindow(window, seconds, memory):
            words = translate("context", "%1 words instead of %2. Everything is read.")
            return ChoiceWords(
                translate("context", "Let the model read more at once"),
                fill(words, reading(window, filling), reading(filling.window.tokens or 0, filling)),
                _price_of_loading(seconds, memory),
            )
        case Passages(_, tokens):
            return ChoiceWords(
                translate("context", "Only the passages that bear on this question"),
                fill(translate("context", "About %1 words, shown to you before they go."), reading(tokens, filling)),
                free_of_charge,
            )
        case ChosenPages(file):
            return ChoiceWords(
                translate("context", "Choose pages or sheets myself"),
                fill(translate("context", "Opens %1 with a check box at every page or sheet."), shown_name(file)),
                free_of_charge,
            )
        case InPieces(pieces, _, seconds):
            words = translate("context", "The question is put to about %1 pieces, then to the notes taken from them.")
            if pieces == 1:
                words = translate("context", "The question is put to the file alone, then to the notes taken from it.")
            time = fill(translate("context", "About %1"), _rounded(seconds)) if seconds is not None else ""
            price = time or translate("context", "Takes a while")
            return ChoiceWords(translate("context", "Read it in pieces"), fill(words, number(pieces)), price)
        case LeaveOut(messages, tokens):
            words = translate("context", "The first %1 messages stay here, about %2 words. They are greyed.")
            return ChoiceWords(
                translate("context", "Leave out the oldest messages"),
                fill(words, number(len(messages)), reading(tokens, filling)),
                free_of_charge,
            )
        case FreshConversation():
            return ChoiceWords(
                translate("context", "Start fresh with my own words"),
                translate("context", "A new conversation with what you said, without what the model said."),
                free_of_charge,
            )
        case AsItIs():
            return ChoiceWords(
                translate("context", "Send it all the same"),
                translate("context", "The model may read only a part of it, or refuse it."),
                free_of_charge,
            )
        case _:
            assert_never(choice)


def send_words(choice: Choice) -> str:
    """Return the words of the button that does it; with dots where something opens first."""
    match choice:
        case ChosenPages() | FreshConversation():
            return translate("context", "Choose…")
        case Passages():
            return translate("context", "Show the passages")
        case LargerWindow() | InPieces() | LeaveOut() | AsItIs():
            return translate("context", "Send this way")
        case _:
            assert_never(choice)


def _price_of_loading(seconds: float | None, memory: int | None) -> str:
    prices: list[str] = []
    if seconds is not None:
        prices.append(fill(translate("context", "%1 once"), _rounded(seconds)))
    if memory is not None and memory > 0:
        prices.append(fill(translate("context", "%1 more memory"), size(memory)))
    return " · ".join(prices) or translate("context", "Loads the model again")


def _rounded(seconds: float) -> str:
    """Return a time as one tells it beforehand: whole minutes from two on, never nothing."""
    return fill(translate("context", "%1 min"), number(ceil(seconds / 60))) if seconds > 90 else duration(ceil(seconds))
