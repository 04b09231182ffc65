"""The choices before sending what does not fit, each with its price: pure rules, the best first.

Nothing is done here, and nothing is left out by itself. What a choice means in words is the window's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from math import ceil

from desktop.core.context.filling import Filling, MessageSize, Weights, room_of_piece
from desktop.core.context.window import WindowRange, step_for
from desktop.core.message import Message
from desktop.core.model import Measures, ModelInfo
from desktop.core.sign import SignKind

# A load that takes longer than this is not the first thing to offer, where passages would do.
_LONG_LOAD = 60.0  # seconds
_USEFUL_ROOM = 400  # tokens of a file below which passages or pieces tell too little: half a page
_NOTES = 250  # tokens that a model writes about a piece
_PIECE_QUESTION = 200  # tokens of the question, and of what is said around a piece
# Where only the speed of reading was measured: writing is slower by about this on a processor.
_READING_OVER_WRITING = 5.0


@dataclass(frozen=True, slots=True)
class LargerWindow:
    """Choice to have the model hold more: `window` tokens. `seconds` of loading it again, `memory` more in bytes.

    None where that is not known.
    """

    window: int
    seconds: float | None = None
    memory: int | None = None


@dataclass(frozen=True, slots=True)
class Passages:
    """Choice to send of these files what bears on the question, in at most so many tokens."""

    files: tuple[str, ...]
    tokens: int


@dataclass(frozen=True, slots=True)
class ChosenPages:
    """Choice to let the user pick the pages, sheets or slides of a file."""

    file: str


@dataclass(frozen=True, slots=True)
class InPieces:
    """Choice to put the question to each of some so many pieces of the longest file, and then to the notes taken.

    `piece`: the tokens of each. `seconds` is the time that all of it takes, None where no speed was measured.
    """

    pieces: int
    piece: int
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class LeaveOut:
    """Choice to send the conversation without its oldest messages; `messages` are their ids."""

    messages: tuple[str, ...]
    tokens: int


@dataclass(frozen=True, slots=True)
class FreshConversation:
    """Choice to begin a conversation anew, with one's own words."""


@dataclass(frozen=True, slots=True)
class AsItIs:
    """Choice to send it all the same, where nothing else can be done about it."""


class FileNeed(Enum):
    """What of a file an answer needs: its passages on the question, all of it as notes tell it, or each word of it."""

    PASSAGES = auto()
    GIST = auto()
    WORDING = auto()


Choice = LargerWindow | Passages | ChosenPages | InPieces | LeaveOut | FreshConversation | AsItIs


@dataclass(frozen=True, slots=True)
class Situation:
    """All that the choices depend on. `windows` is None where the server cannot be asked for another one.

    `earlier` are the messages before the question, the oldest first. `many_sections` names the files that have pages,
    sheets or slides to choose from.
    """

    filling: Filling
    model: ModelInfo
    measures: Measures
    weights: Weights
    windows: WindowRange | None = None
    earlier: Sequence[MessageSize] = ()
    many_sections: frozenset[str] = frozenset()
    need: FileNeed = FileNeed.PASSAGES


# Of what can be done about files, the best first.
_ORDERS: dict[FileNeed, Sequence[type[Choice]]] = {
    FileNeed.PASSAGES: (Passages, ChosenPages, InPieces),
    FileNeed.GIST: (InPieces, ChosenPages, Passages),
    FileNeed.WORDING: (ChosenPages, InPieces, Passages),
}


def choices(situation: Situation) -> list[Choice]:
    """Return what can be done about a request that does not fit, the best first; empty if it fits."""
    filling = situation.filling
    if not filling.over:
        return []
    present, windows = filling.window.tokens or 0, situation.windows
    found_larger = larger_for(filling.prompt, filling.room, present, windows, situation.model, situation.measures)
    larger = [found_larger] if found_larger is not None else []
    files = _with_files(situation)
    found: list[Choice] = [*larger, *files]
    if larger and files and isinstance(files[0], Passages) and (larger[0].seconds or 0.0) > _LONG_LOAD:
        found = [files[0], *larger, *files[1:]]
    if situation.earlier:
        found += [*_leaving_out(situation), FreshConversation()]
    return found


def larger_for(
    prompt: int, room: int, present: int, windows: WindowRange | None, model: ModelInfo, measures: Measures
) -> LargerWindow | None:
    """Return the larger window that holds a prompt, with room for its reply if there is as much; None if none does.

    `present`: the window that was too small; `windows` is None where the server cannot be asked for another. All in
    tokens.
    """
    if windows is None or windows.most <= present:
        return None
    window = step_for(prompt + room, windows.most)
    if window <= present or window < prompt + min(room, window // 4):
        return None
    cache = model.cache
    memory = cache.bytes_for(window) - cache.bytes_for(windows.loaded or 0) if cache is not None else None
    return LargerWindow(window, measures.load_seconds, memory)


def too_long_reply(reply: Message) -> tuple[int, int] | None:
    """Return the tokens that a reply's request had, and how many of them its server could take or took.

    None for a reply whose request was read as a whole, as far as is known.
    """
    failure = reply.failure
    if failure is not None and failure.needed and failure.available:
        return failure.needed, failure.available
    cut = next((sign for sign in reply.signs if sign.kind is SignKind.CONTEXT_CUT and sign.counts), None)
    if cut is None or cut.counts is None:
        return None
    counted, sent = cut.counts
    return sent, counted


def _with_files(situation: Situation) -> list[Choice]:
    """Return what can be done about the new files; those of earlier messages belong to what was said."""
    filling = situation.filling
    new = [each for each in filling.files if each.is_new]
    if not new:
        return []
    of_new, window = sum(each.tokens for each in new), filling.window.tokens or 0
    left = of_new - filling.over
    found: list[Choice] = []
    if left >= _USEFUL_ROOM:
        found.append(Passages(tuple(each.name for each in new), left))
    longest = max(new, key=lambda each: each.tokens)
    if longest.name in situation.many_sections:
        found.append(ChosenPages(longest.name))
    unasked = situation.windows.unasked if situation.windows is not None else 0
    piece = round(room_of_piece(max(window, unasked), filling.question))
    pieces = ceil(longest.tokens / piece) if piece >= _USEFUL_ROOM else 0
    if pieces and filling.over <= longest.tokens - pieces * _NOTES:  # else the notes would not fit beside the rest
        seconds = _seconds(longest.tokens, pieces, situation.measures.read_per_second)
        found.append(InPieces(pieces, piece, seconds))
    order = _ORDERS[situation.need]
    return sorted(found, key=lambda each: order.index(type(each)))


def _seconds(tokens: int, pieces: int, read_per_second: float | None) -> float | None:
    """Return how long it takes to read the pieces, write notes about each, read these and write the answer."""
    if not read_per_second:
        return None
    read = tokens + pieces * (_PIECE_QUESTION + _NOTES)
    written = (pieces + 2) * _NOTES
    return read / read_per_second + written * _READING_OVER_WRITING / read_per_second


def _leaving_out(situation: Situation) -> list[Choice]:
    """Return the choice to leave out the oldest turns, as few as are enough; nothing where not all are.

    An answer goes with its question: many chat templates refuse a conversation that begins with an answer.
    """
    tokens, ids = 0.0, []
    for each in situation.earlier:
        if tokens >= situation.filling.over and not each.is_reply:
            break
        tokens += each.tokens(situation.weights)
        ids.append(each.id)
    return [LeaveOut(tuple(ids), round(tokens))] if tokens >= situation.filling.over else []
