"""The window of a model in words: of what it is full, what does not fit, and what can be done about it.

Tokens are told as words (characters in Chinese), since nobody thinks in tokens; rounded, as they are estimates.
"""

from __future__ import annotations

from dataclasses import dataclass, field
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
from desktop.ui.words import duration, number, say, shown_name, size

if TYPE_CHECKING:
    from desktop.core.context.filling import FileFilling, Filling

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
        return title, _both(figures, promise)
    title = say("context.is_longer_than_the_model_can", name=shown_name(longest.name))
    words, free = rounded_words(longest.words), _free_for(longest, filling)
    figures = say("context.so_many_words_are_free", words=words, free=free)
    return title, _both(figures, promise)


def _both(first: str, second: str) -> str:
    """Return two sentences, with what stands between sentences in the language."""
    return say("context.two_sentences", first=first, second=second)


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
