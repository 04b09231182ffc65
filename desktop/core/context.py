"""The filling of a model's window: what of it is taken, by what, what is left; choices where something does not fit.

The tokens of a request are estimated for one model. A model's vocabulary makes so many tokens of a letter, of a
Chinese character and of a digit, its template so many of a message and of every request. These numbers are those of
an average model; how many more a model makes is learned from what its server counts. Each choice has its price, the
best is first. Nothing is done here, and nothing is left out by itself. What a choice means in words is the window's
business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from math import ceil
from operator import mul

from desktop.core.message import AttachmentPart, ImagePart, Message, Role, SignKind
from desktop.core.model import Measures, ModelInfo, PromptCount
from desktop.core.models.window import Window, WindowRange, step_for
from desktop.core.request import ChatRequest, Thinking, ThinkingMode, outgoing_text
from desktop.core.text.tokens import Letters, letters_in

_LEAST_RATIO = 0.2
_PRIOR = 35.0**2  # tokens; a few words tell more of the template than of the vocabulary
_KEPT = 6  # counts of each kind: mostly Chinese, and all others
# A count that is so far from a first estimate tells of something else: a prompt that was cut, or counted without what
# the server had read before.
_CREDIBLE = (0.5, 4.0)


@dataclass(frozen=True, slots=True)
class Weights:
    """Tokens that a model makes of a request, of each message, and of each character of a kind.

    Of digits, Qwen, Gemma and Mistral make one token each, Llama and GPT one of three.
    """

    request: float = 8.0
    message: float = 5.0
    other: float = 0.25
    wide: float = 0.67
    digit: float = 0.7

    def tokens_of(self, letters: Letters) -> float:
        """Return the estimated tokens of words alone; not rounded, so that those of pieces add up."""
        return letters.other * self.other + letters.wide * self.wide + letters.digits * self.digit

    def tokens_in(self, text: str) -> float:
        """Return the estimated tokens of a text."""
        return self.tokens_of(letters_in(text))

    def prompt_tokens(self, letters: Letters, messages: int) -> float:
        """Return the estimated tokens of a request, with what the template adds."""
        return self.request + messages * self.message + self.tokens_of(letters)


USUAL = Weights()


def letters_of_request(request: ChatRequest) -> tuple[Letters, int]:
    """Return what a request is made of, and its number of messages."""
    texts = [outgoing_text(message) for message in request.messages]
    if request.system:
        texts.append(request.system)
    if request.partial_reply is not None:
        texts += [request.partial_reply.text + request.partial_reply.reasoning]
    return sum(map(letters_in, texts), Letters()), len(texts)


def has_pictures(request: ChatRequest) -> bool:
    """Return True if a request holds pictures, whose tokens letters tell nothing of."""
    return any(isinstance(part, ImagePart) for message in request.messages for part in message.parts)


def with_count(counts: Sequence[PromptCount], new: PromptCount) -> tuple[PromptCount, ...]:
    """Return the counts with a new one, without the oldest of its kind if there are enough; unchanged if it is odd."""
    expected = USUAL.prompt_tokens(new.letters, new.messages)
    least, most = _CREDIBLE
    if not least * expected <= new.tokens <= most * expected:
        return tuple(counts)
    alike = [each for each in counts if _is_wide(each) == _is_wide(new)]
    left_out = alike[: len(alike) + 1 - _KEPT] if len(alike) >= _KEPT else []
    return (*(each for each in counts if each not in left_out and each != new), new)


def weights_from(counts: Sequence[PromptCount]) -> Weights:
    """Return the weights of an average model, those of each script multiplied as its counts tell."""
    wide, other = (
        _ratio([each for each in counts if _is_wide(each)]),
        _ratio([each for each in counts if not _is_wide(each)]),
    )
    return replace(USUAL, wide=USUAL.wide * wide, other=USUAL.other * other, digit=USUAL.digit * other)


def _ratio(counts: Sequence[PromptCount]) -> float:
    """Return how many times the usual tokens words have: by least squares, as if a short text had been as usual."""
    usual = [USUAL.tokens_of(each.letters) for each in counts]
    seen = [each.tokens - USUAL.prompt_tokens(Letters(), each.messages) for each in counts]
    ratio: float = (_PRIOR + sum(map(mul, usual, seen))) / (_PRIOR + sum(map(mul, usual, usual)))
    return max(_LEAST_RATIO, ratio)


def _is_wide(count: PromptCount) -> bool:
    return count.letters.wide > count.letters.other / 4


# Tokens of a picture, which servers count between 250 and 1,600, by its size and their model.
OF_PICTURE = 800

_OF_FENCES = 10  # characters

# Tokens that are kept free: a page and a half for an answer, and the thinking that usual questions get.
_TO_ANSWER = 1_024
_TO_THINK = 2_048


def room_to_keep(thinking: Thinking, *, can_think: bool = True, max_tokens: int | None = None) -> int:
    """Return the tokens to keep free for a reply: for its answer, and its thinking where it thinks."""
    answer = max_tokens or _TO_ANSWER
    if not can_think or thinking.mode is ThinkingMode.OFF:
        return answer
    return answer + (thinking.budget or _TO_THINK)


def _room_for(request: ChatRequest) -> int:
    """Return the tokens to keep free for the reply to a request."""
    return room_to_keep(request.thinking, can_think=not request.is_for_answer, max_tokens=request.params.max_tokens)


@dataclass(frozen=True, slots=True)
class MessageSize:
    """Size of a message as it is sent, or of several: words, and each of the files by name. No word is kept.

    `is_reply`: it is one of the model's.
    """

    id: str
    words: Letters
    files: tuple[tuple[str, Letters], ...] = ()
    pictures: int = 0
    messages: int = 1
    is_reply: bool = False

    def tokens(self, weights: Weights) -> float:
        """Return the estimated tokens of the message, with what the template adds to it."""
        files = sum(weights.tokens_of(letters) for _, letters in self.files)
        return self.messages * weights.message + weights.tokens_of(self.words) + files + self.pictures * OF_PICTURE


def size_of(message: Message) -> MessageSize:
    """Return the size of a message; a reply's thinking is not sent, and does not count."""
    files = tuple((each.name, letters_of_file(each)) for each in message.parts if isinstance(each, AttachmentPart))
    pictures = sum(isinstance(each, ImagePart) for each in message.parts)
    return MessageSize(message.id, letters_in(message.text), files, pictures, is_reply=message.role is Role.ASSISTANT)


def letters_of_file(part: AttachmentPart) -> Letters:
    """Return what a file is made of, as it is sent: with its name, and a fence before and after."""
    return letters_in(part.text) + letters_in(part.name) + Letters(_OF_FENCES)


def sum_of(sizes: Sequence[MessageSize]) -> MessageSize:
    """Return the sizes as one, so that those of a long conversation are added up once."""
    return MessageSize(
        "",
        sum((size.words for size in sizes), Letters()),
        tuple(file for size in sizes for file in size.files),
        sum(size.pictures for size in sizes),
        len(sizes),
    )


@dataclass(frozen=True, slots=True)
class FileFilling:
    """Tokens that a file takes, and its words; `is_new`: it goes with the message that is being written."""

    name: str
    tokens: int
    is_new: bool
    words: int = 0


@dataclass(frozen=True, slots=True)
class Filling:
    """Filling of a window by the request that would be sent now, all in tokens.

    `question` is the message that is being written, without its files; `room` is kept for thinking and answer.
    `instructions` hold what the template adds. `is_counted`: the server has counted the whole; else it is estimated.
    Words are the same whatever the model; `text_tokens` are those of all of them, without pictures and template.
    """

    window: Window
    instructions: int
    files: tuple[FileFilling, ...]
    earlier: int
    question: int
    room: int
    is_counted: bool = False
    earlier_words: int = 0
    question_words: int = 0
    text_tokens: int = 0

    @property
    def words(self) -> int:
        """The words of all that is sent, without instructions."""
        return sum(each.words for each in self.files) + self.earlier_words + self.question_words

    @property
    def prompt(self) -> int:
        """All that is sent."""
        return self.instructions + sum(each.tokens for each in self.files) + self.earlier + self.question

    @property
    def needed(self) -> int:
        """The window that holds what is sent, and the reply."""
        return self.prompt + self.room

    @property
    def kept_room(self) -> int:
        """The room for the reply that is insisted on: in a small window, it must leave enough to ask."""
        return self.room if self.window.tokens is None else min(self.room, self.window.tokens // 4)

    @property
    def free(self) -> int | None:
        """The tokens that are left; None where the window is not known."""
        return None if self.spare is None else max(0, self.spare)

    @property
    def spare(self) -> int | None:
        """The tokens that what is sent may grow by, below 0 what does not fit; None where the window is not known.

        Little room for the reply is no reason to leave something out.
        """
        window = self.window.tokens
        return None if window is None else window - self.prompt - self.kept_room

    @property
    def over(self) -> int:
        """The tokens that do not fit."""
        return max(0, -(self.spare or 0))

    def over_alone(self, file: FileFilling) -> int:
        """Return the tokens that do not fit of a new file, if no other went with it."""
        others = sum(each.tokens for each in self.files if each.is_new) - file.tokens
        return max(0, self.over - others)


def filling_of(
    window: Window,
    weights: Weights,
    *,
    system: str,
    earlier: MessageSize,
    question: MessageSize,
    room: int,
    counted: int | None = None,
) -> Filling:
    """Return how a request fills a window; `counted` is the server's own count of it, shared out by the estimates."""
    instructions = weights.request + (weights.message + weights.tokens_in(system) if system else 0.0)
    estimated = instructions + question.tokens(weights) + earlier.tokens(weights)
    scale = counted / estimated if counted else 1.0

    def files_of(size: MessageSize, *, is_new: bool) -> list[FileFilling]:
        return [
            FileFilling(name, round(scale * weights.tokens_of(letters)), is_new, letters.words)
            for name, letters in size.files
        ]

    files = files_of(earlier, is_new=False) + files_of(question, is_new=True)
    text = sum((letters for size in (earlier, question) for _, letters in size.files), earlier.words + question.words)
    return Filling(
        window,
        round(scale * instructions),
        tuple(files),
        round(scale * replace(earlier, files=()).tokens(weights)),
        round(scale * replace(question, files=()).tokens(weights)),
        room,
        counted is not None,
        earlier.words.words,
        question.words.words,
        round(scale * weights.tokens_of(text)),
    )


def with_window(request: ChatRequest, windows: WindowRange | None, weights: Weights) -> ChatRequest:
    """Return the same request, asking for a window that holds it; `windows` is None where none can be asked for."""
    if windows is None:
        return request
    pictures = sum(isinstance(part, ImagePart) for message in request.messages for part in message.parts)
    tokens = weights.prompt_tokens(*letters_of_request(request)) + pictures * OF_PICTURE + _room_for(request)
    largest = max(windows.unasked, min(windows.asked or 0, windows.most))
    params = replace(request.params, context_length=windows.window_for(tokens), largest_context=largest)
    return replace(request, params=params)


LONGEST_NOTE = 600  # tokens, about a page; what a piece says about one question is less
LEAST_ROOM = 256  # tokens of a piece
_TO_SPARE = 200  # tokens for the words around a piece, and an estimate that is a little off
_CERTAIN_SHARE = 0.85  # of the window: how many tokens a text has is an estimate, before the server has counted once


def room_of_piece(window: int, question: float) -> float:
    """Return the tokens of a piece beside which a question of so many fits, and the note on it.

    It is asked about by itself, without what was said before. Below 0 where the question alone is too long.
    """
    return _CERTAIN_SHARE * window - LONGEST_NOTE - _TO_SPARE - question


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
