"""What goes to a model of a conversation: the messages and their form, whether it is to think, how a reply goes on.

Never the thinking of earlier replies. A reply that broke off is continued by the best of the ways that its server has,
and joined where its end and what came stand over each other.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass, replace

from desktop.core.message import AnswerWay, Message, Part, ReasoningPart, Role, TextPart, user_message
from desktop.core.model import ModelInfo
from desktop.core.place import Place
from desktop.core.request import ChatRequest, PartialReply, Thinking, ThinkingMode, outgoing_text
from desktop.core.text.markdown import Fence, fence_of, open_fence
from desktop.core.text.scripts import WIDE, is_chinese, weight
from desktop.core.text.tokens import estimate_tokens

# What is given back of the thinking where it can only be given as notes, in tokens: read within a second by a model
# that reads a thousand tokens a second, and enough for the last conclusions.
MOST_OF_NOTES = 1_000
_MOST_LETTERS = 4 * MOST_OF_NOTES  # no token of running text has more, so that no more need be looked at
# Where the notes may begin, the best first: a paragraph, a line, a sentence, a word.
_BEGINNINGS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?])\s|(?<=[。！？])"), re.compile(r"\s"))
# The quotation must not be closed by what is quoted.
_QUOTES = re.compile('"+')


def closed_thinking(reasoning: str) -> str:
    """Return the beginning of a reply in which the thinking is over, in the tags that most templates have."""
    return f"<think>\n{reasoning.strip()}\n</think>\n\n"


def asking_to_answer(question: str, reasoning: str) -> str:
    """Return what is added to the question, in its language: the notes, and that they are to be answered from."""
    notes = end_of_thinking(reasoning)
    fence = '"' * max(3, 1 + max(map(len, _QUOTES.findall(notes)), default=0))
    if is_chinese(question or notes):
        return (
            f"你已经思考过这个问题。下面是你思考笔记的最后一部分：\n{fence}\n{notes}\n{fence}\n"
            "请根据这些笔记立即给出最终回答：不要再继续思考，也不要提到这些笔记。"
        )
    return (
        f"You have thought about this already. These are your notes, their last part:\n{fence}\n{notes}\n{fence}\n"
        "Give the final answer now, from these notes: do not think any further, and do not mention the notes."
    )


def end_of_thinking(reasoning: str) -> str:
    """Return the last part of the thinking, about `MOST_OF_NOTES` tokens, from the beginning of a paragraph or line."""
    whole = reasoning.strip()
    end = whole[-_MOST_LETTERS:]
    if (excess := estimate_tokens(end) / MOST_OF_NOTES) > 1:
        end = end[-int(len(end) / excess) :]
    if len(end) == len(whole):
        return end
    for beginning in _BEGINNINGS:
        # In the first half only: half of the notes are worth more than a fine beginning.
        if found := beginning.search(end, 0, len(end) // 2):
            return end[found.end() :].strip()
    return end


def cannot_reason(model: ModelInfo | None) -> bool:
    """Return True if a model is known not to reason by itself. Of one that nothing is known of, nothing is claimed."""
    if model is None or not model.can_chat or "thinking" in model.capabilities:
        return False
    return bool(model.capabilities) or model.thinking_modes == (ThinkingMode.OFF,)


def modes_of(model: ModelInfo) -> tuple[ThinkingMode, ...]:
    """Return the choices that the user has: those of the model; one that cannot reason may be asked to think first."""
    return (ThinkingMode.OFF, ThinkingMode.ON) if cannot_reason(model) else model.thinking_modes


def asking_to_think_first(request: ChatRequest) -> ChatRequest:
    """Return the request with its last message asking for thinking, where this is wanted.

    It asks in the language of that message, and stands with the question and not in the system's text, where small
    models overlook it. An answer that has begun, or is asked for now, needs no further thought.
    """
    partial_reply = request.partial_reply
    if not request.thinks_first or (partial_reply is not None and (partial_reply.has_words or partial_reply.answer_by)):
        return request
    at = next((at for at in reversed(range(len(request.messages))) if request.messages[at].role is Role.USER), None)
    if at is None:
        return request
    question = outgoing_text(request.messages[at])
    pictures = request.messages[at].pictures
    asking = replace(request.messages[at], parts=(TextPart(thinking_first(question)), *pictures))
    messages = (*request.messages[:at], asking, *request.messages[at + 1 :])
    return replace(request, messages=messages, thinks_first=False)


def thinking_first(question: str) -> str:
    """Return a question that asks for thinking before the answer."""
    return f"{question}\n\n{_words_for(question)}"


def _words_for(question: str) -> str:
    if is_chinese(question):
        return (
            "请先思考，再回答。先写 <think>，逐步写出你的思考，然后写 </think>；在这之后才写给我的回答，"
            "回答里不要重复思考过程。"
        )
    return (
        "Think before you answer. Begin with <think>, write down your thinking step by step, and close it with "
        "</think>. Only after that write the answer for me, without repeating the thinking."
    )


# Longest repetition that is looked for, in characters: a long paragraph. Longer ones are only found from the very
# beginning of the reply.
MOST_REPEATED = 400
# A repetition of twelve letters, or four ideographs, is hardly ever meant.
_LEAST_WEIGHT = 12
_LEAST_WEIGHT_FROM_START = 24
# A line that begins again where the last one began: less is needed to be sure, "2. ban" before "2. bananas".
_LEAST_WEIGHT_OF_LINE = 4
_LEAST_OF_WORD = 4
# Enough of the first line to see whether it is a heading, a list or a word; about a quarter of a second of writing.
_OPENING = 40
# A fence with its language; what is longer without a line break is no fence.
_LONGEST_FENCE = 80
_QUOTED = 48
# How much of a text shows its language and its words.
_SAMPLE = 10_000

_WIDE = re.compile(f"[{WIDE}]")
_LETTERS = re.compile(r"[^\W\d_]+")
_ELLIPSIS = re.compile(r"\s*(?:…|\.{3,})\s*")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)]) ")
_BLOCK = re.compile(r"(?:#{1,6} |[-*+] |\d{1,3}[.)] |> |\||```|~~~)")


@dataclass(frozen=True, slots=True)
class Beginning:
    """Text that is to be continued, and what is known of it."""

    text: str
    tail: str
    fence: Fence | None

    @property
    def last_line(self) -> str:
        return self.text.rpartition("\n")[2]


def _beginning_of(text: str) -> Beginning:
    return Beginning(text, text[-MOST_REPEATED:], open_fence(text))


class Joint:
    """Filter of the words of one continuation as they come; gives back what belongs behind the beginning.

    Holds back the first words until it is certain what they are; never more than a line or two, unless the model writes
    again what is there already. `began_again`: what is given back is no rest, but a reply from its beginning.
    """

    def __init__(self, before: str, *, asked: bool) -> None:
        self.began_again = False
        self._beginning: Beginning | None = _beginning_of(before) if before else None
        self._asked = asked
        self._held = ""

    def feed(self, text: str) -> str:
        if self._beginning is None:
            return text
        self._held += text
        return self._decide(is_whole=False)

    def close(self) -> str:
        """Return what was held back: no more words come."""
        return self._decide(is_whole=True) if self._beginning is not None else ""

    def _decide(self, *, is_whole: bool) -> str:
        if self._beginning is None or not self._held:
            return ""
        again = _is_begun_again(self._beginning, self._held, asked=self._asked, is_whole=is_whole)
        if again:
            self.began_again = True
            joined: str | None = self._held.lstrip("\r\n")
        else:
            joined = joint(self._beginning, self._held, asked=self._asked, is_whole=is_whole)
        if joined is None or again is None:
            return ""
        self._beginning, self._held = None, ""
        return joined


def _is_begun_again(beginning: Beginning, start: str, *, asked: bool, is_whole: bool) -> bool | None:
    """Return what `begins_again` says of words that do not repeat what the reply began with, or ended with."""
    if beginning.fence is not None or start.startswith(beginning.text):
        return False
    if beginning.text.startswith(start):
        return False if is_whole else None
    if asked and _without_repetition(beginning, start.lstrip("\r\n"), is_whole=True) != start.lstrip("\r\n"):
        return False
    return begins_again(beginning.text, start, asked=asked, is_whole=is_whole)


def joint(beginning: Beginning, start: str, *, asked: bool, is_whole: bool) -> str | None:
    """Return what of `start`, the first words of a continuation, is added to the beginning; None: more must come first.

    The result does not depend on how much more of the words than necessary is known. `is_whole`: no more will come.
    """
    if not is_whole and beginning.text.startswith(start):
        return None
    if start.startswith(beginning.text) and weight(beginning.text) >= _LEAST_WEIGHT_FROM_START:
        return start[len(beginning.text) :]
    if beginning.fence is not None:
        inside = _without_fence(beginning, beginning.fence, start, is_whole)
        if inside is None:
            return None
        if inside != start:
            return _without_repetition(beginning, inside, is_whole) if inside or is_whole else None
    if asked:
        return _asked_joint(beginning, start, is_whole)
    return start[1:] if start.startswith(" ") and _ends_with_space(beginning) else start


def _asked_joint(beginning: Beginning, start: str, is_whole: bool) -> str | None:
    shown = start.lstrip("\r\n")
    for words in (shown, shown.lstrip(), _ELLIPSIS.sub("", shown, count=1) if _ELLIPSIS.match(shown) else shown):
        joined = _without_repetition(beginning, words, is_whole)
        if joined is None or joined != words:
            return joined
    if not is_whole and len(shown) < _OPENING and "\n" not in shown:
        return None
    if dots := _ELLIPSIS.match(shown):
        shown = shown[dots.end() :]
    return _gap(beginning, shown) + shown if shown else ""


def _without_repetition(beginning: Beginning, words: str, is_whole: bool) -> str | None:
    """Return `words` without what the end of the beginning says already; None while that can still become more."""
    tail = beginning.tail
    if not is_whole and words in tail:
        return None
    for length in range(min(len(tail), len(words)), 0, -1):
        if tail.endswith(words[:length]) and _is_telling(beginning, words, length):
            return words[length:]
    return words


def _is_telling(beginning: Beginning, words: str, length: int) -> bool:
    """Return True if so long a repetition is one, and not a word that comes twice."""
    repeated = words[:length]
    before = beginning.text[-length - 1 : -length]
    says = weight(repeated)
    letters = sum(letter.isalnum() for letter in repeated)
    if before in ("", "\n"):
        return says >= _LEAST_WEIGHT_OF_LINE and letters > 0
    if before.isalnum() and repeated[0].isalnum() and not _WIDE.match(repeated):
        return False  # in the middle of a word
    is_cut_word = repeated.isalpha() and length >= _LEAST_OF_WORD and words[length : length + 1].isalpha()
    return (says >= _LEAST_WEIGHT and letters >= 3) or (is_cut_word and not _WIDE.match(repeated))


def _without_fence(beginning: Beginning, fence: Fence, start: str, is_whole: bool) -> str | None:
    """Return `start` without the line that opens the open code block once more; None while that cannot be told."""
    words = start.lstrip()
    run = fence.run[0] * 3
    if not is_whole and run.startswith(words):
        return None
    if not words.startswith(run):
        return start
    line, newline, rest = words.partition("\n")
    if not newline and not is_whole and len(line) < _LONGEST_FENCE:
        return None
    found = fence_of(line)
    # A bare fence at the start of a line closes the block. With a language, or in the middle of a line, it cannot.
    on_own_line = not beginning.last_line or "\n" in start[: -len(words)]
    closes = found is not None and not found.info and on_own_line
    return start if found is None or closes else rest


def _gap(beginning: Beginning, words: str) -> str:
    """Return the white space that a model leaves out which begins a message although it goes on with one."""
    if beginning.fence is not None:
        return ""
    last, first = beginning.text[-1], words[0]
    if last.isspace() or first.isspace():
        return ""
    line = beginning.last_line
    if _BLOCK.match(words):
        is_same_block = (_ITEM.match(line) and _ITEM.match(words)) or (line[:1] == "|" and first == "|")
        return "\n" if is_same_block else "\n\n"
    if _WIDE.match(last) or _WIDE.match(first):
        return ""
    if last in ",;:!?)" and first.isalpha():
        return " "
    if first.isupper() and (last == "." or last.islower()):
        return " "
    return " " if _are_two_words(beginning.text, words) else ""


def _are_two_words(text: str, words: str) -> bool:
    """Return True if letters that meet belong to two words, by those of the text: "the" and "fox", not "bro", "wn"."""
    near = text[-_SAMPLE:]
    # Backwards, since a search for the last letters would begin again at each letter of a long word.
    half, other = _LETTERS.match(near[::-1]), _LETTERS.match(words)
    if half is None or other is None:
        return False
    known = {word.lower() for word in _LETTERS.findall(near[: -half.end()])}
    last = near[-half.end() :]
    return last.lower() in known and (last + other[0]).lower() not in known


def _ends_with_space(beginning: Beginning) -> bool:
    """Return True if the beginning ends with one space outside a code block.

    Behind such a space a server may write another one, since the space is part of a word's token.
    """
    return beginning.fence is None and beginning.text.endswith(" ") and not beginning.text[:-1].endswith((" ", "\n"))


# --- Asking ------------------------------------------------------------------------------------------------------


def asking_to_go_on(question: str, partial_reply: str) -> str:
    """Return the message that asks for the rest of a reply, in the language of the conversation.

    It has the model begin with the last words, so that `Joint` can tell a word that was cut from one that was whole.
    """
    in_chinese = is_chinese(f"{question[-_SAMPLE:]}\n{partial_reply[-_SAMPLE:]}")
    in_code = open_fence(partial_reply) is not None
    tail = last_words(partial_reply)
    if in_chinese:
        code = "中断处在代码块里，不要重新开始代码块。" if in_code else ""
        return (
            "你上面的回答被截断了。请从中断的地方接着写：不要开场白，不要说明，不要从头重复。"
            f"{code}请以最后的几个字开头，然后直接往下写。最后的几个字是：\n{tail}"
        )
    code = " It ended inside a code block; do not open the block again." if in_code else ""
    return (
        "Your answer above was cut off. Go on exactly where it ended: no introduction, no comment, nothing from its "
        f"beginning.{code} Start with its last words, then go straight on. Its last words are:\n{tail}"
    )


def last_words(text: str) -> str:
    """Return the end of the last line that is not blank, cut where a word begins."""
    line = text.rstrip().rpartition("\n")[2]
    if len(line) <= _QUOTED:
        return line
    cut = line[-_QUOTED:]
    return cut.partition(" ")[2] if " " in cut[: _QUOTED // 2] else cut


# --- A new beginning ---------------------------------------------------------------------------------------------
# Many templates close a message that was left open, so that the model begins another one. In doubt it has gone on: a
# new beginning that is taken for the rest can be read, a rest that is taken for a new beginning is torn from its words.

# The same opening words, by weight: a few where the reply broke off within a sentence, since what goes on there begins
# with a space or in the middle of a word; more where it was asked for, since it may repeat the end; a paragraph where a
# line had ended, since lists and tables begin every line alike.
_LEAST_IN_SENTENCE = 12
_LEAST_ASKED = 24
_LEAST_BEHIND_LINE = 60
_IN_SENTENCE = re.compile(rf"[^\W_]\Z|[{WIDE}]\Z")
_LAST_WORD = re.compile(r"[^\W\d_]+$")
_FIRST_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_BEHIND_FIRST_WORD = frozenset(" ,!\n")


def begins_again(text: str, start: str, *, asked: bool, is_whole: bool) -> bool | None:
    """Return True if `start` is a new beginning and no rest of `text`; None while that cannot be told.

    `asked`: a message has asked for the rest, so that a new message is what comes. `is_whole`: no more will come.
    """
    opening = start.lstrip("\r\n") if asked else start
    least = _LEAST_ASKED if asked else _LEAST_IN_SENTENCE if _IN_SENTENCE.search(text) else _LEAST_BEHIND_LINE
    if weight(opening[: _shared(text.lstrip(), opening)]) >= least:
        return True
    return False if asked else _is_new_sentence(text, start, is_whole=is_whole)


def _shared(text: str, other: str) -> int:
    """Return how many letters two texts begin with that are the same."""
    return next((at for at, (one, two) in enumerate(zip(text, other, strict=False)) if one != two), len(other))


def _is_new_sentence(text: str, start: str, *, is_whole: bool) -> bool | None:
    """Return True if the words begin with a capital right behind a small letter: "…this dragon to bringOnce upon"."""
    line = text.rpartition("\n")[2]
    last = _LAST_WORD.search(line)
    if last is None or not start[:1].isupper() or line.count("`") % 2:
        return False
    # Shorter ones, and those with a capital, are joined to a capital in names: iPhone, macOS, JavaScript, kWh.
    if len(last[0]) < 2 or not last[0].islower() or _WIDE.search(last[0]):
        return False
    first = _FIRST_WORD.match(start)
    if first is None or (first.end() == len(start) and not is_whole):
        return None
    if not _is_word(first[0]) or start[first.end() : first.end() + 1] not in ("", *_BEHIND_FIRST_WORD):
        return False
    return (last[0] + first[0]).lower() not in text.lower()


def _is_word(word: str) -> bool:
    return word in ("I", "A") or (len(word) > 1 and word[1:].replace("’", "").replace("'", "").islower())


def outgoing(path: Iterable[Message], left_out: Container[str] = ()) -> tuple[Message, ...]:
    """Return the messages of a path as a model should see them.

    Without those that are `left_out`, by their ids, because the user chose so, and replies without words (failed,
    stopped at once, thought without answering). Of a file without text its name is sent. Passages of folders go with
    the last message alone. Two messages of a kind in a row become one, since many chat templates refuse them.
    """
    sent: list[Message] = []
    messages = list(path)
    for message in (*(each.without_passages for each in messages[:-1]), *messages[-1:]):
        if message.id in left_out:
            continue
        pictures = message.pictures
        text = outgoing_text(message)
        if not text.strip() and not pictures:
            text = "\n".join(part.name for part in message.files)
            if not text:
                continue
        if sent and sent[-1].role is message.role:
            before = sent.pop()
            text = f"{before.text}\n\n{text}" if text else before.text
            pictures = (*before.pictures, *pictures)
        sent.append(replace(message, parts=(TextPart(text), *pictures)))
    return tuple(sent)


def partial_reply_of(reply: Message, model: str, place: Place | None) -> PartialReply:
    """Return what is sent of a reply to be continued: its thinking to the model and place that it came from only."""
    own = reply.own_reasoning if (reply.model, reply.place) == (model, place) else ""
    return PartialReply(reply.text, own, withholds_thinking=len(own) < len(reply.reasoning))


def parts_for(reply: Message, model: str, place: Place | None) -> tuple[Part, ...]:
    """Return the parts of a reply that `model` at `place` goes on with: others' thinking in it is marked for good."""
    if (reply.model, reply.place) == (model, place):
        return reply.parts
    return tuple(replace(part, elsewhere=True) if isinstance(part, ReasoningPart) else part for part in reply.parts)


def ways_to_go_on(
    request: ChatRequest, *, from_last_character: bool, with_thinking: bool, from_tags: bool = False
) -> list[ChatRequest]:
    """Return the requests that may bring the rest of a reply, the best first; the request itself where none was begun.

    `from_last_character`: the server can go on with a given beginning. `with_thinking`: also where thinking belongs to
    it; all others are asked not to think any more, since an answer that has begun needs no further thought.
    `from_tags`: it understands thinking that is closed by a tag in the text. The last way needs nothing of a server: a
    message asks for the rest, or all is asked again where no word was said.
    """
    partial_reply = request.partial_reply
    if partial_reply is None:
        return [request]
    if partial_reply.answer_by and not partial_reply.has_words:
        return _ways_to_answer(
            request, partial_reply, with_thinking=from_last_character and with_thinking, from_tags=from_tags
        )
    ways: list[ChatRequest] = []
    thinks_on = (
        partial_reply.reasoning.strip()
        and request.thinking.mode is not ThinkingMode.OFF
        and not partial_reply.answer_by
    )
    if from_last_character and with_thinking and thinks_on:
        ways.append(request)
    if from_last_character and partial_reply.has_words:
        ways.append(
            replace(request, thinking=Thinking(ThinkingMode.OFF), partial_reply=PartialReply(partial_reply.text))
        )
    return [
        *ways,
        _asked(
            replace(request, thinking=Thinking(ThinkingMode.OFF)) if partial_reply.answer_by else request, partial_reply
        ),
    ]


def _ways_to_answer(
    request: ChatRequest, partial_reply: PartialReply, *, with_thinking: bool, from_tags: bool
) -> list[ChatRequest]:
    """Return the requests that may bring the answer to what was thought so far, and no more thinking."""
    unthinking = replace(request, thinking=Thinking(ThinkingMode.OFF))
    ways: list[ChatRequest] = []
    if partial_reply.reasoning.strip() and AnswerWay.CONTINUED in partial_reply.answer_by:
        if with_thinking:
            ways.append(request)
        if from_tags:
            ways.append(replace(unthinking, partial_reply=PartialReply(closed_thinking(partial_reply.reasoning))))
    if not partial_reply.reasoning.strip():
        return [*ways, replace(unthinking, partial_reply=None)]
    question = next((outgoing_text(each) for each in reversed(request.messages) if each.role is Role.USER), "")
    notes = user_message(asking_to_answer(question, partial_reply.reasoning))
    return [*ways, replace(unthinking, messages=outgoing((*request.messages, notes)), partial_reply=None)]


def _asked(request: ChatRequest, partial_reply: PartialReply) -> ChatRequest:
    if not partial_reply.has_words:
        return replace(request, partial_reply=None)
    question = next((outgoing_text(each) for each in reversed(request.messages) if each.role is Role.USER), "")
    reply = Message(role=Role.ASSISTANT, parts=(TextPart(partial_reply.text),))
    asking = user_message(asking_to_go_on(question, partial_reply.text))
    return replace(request, messages=(*request.messages, reply, asking), partial_reply=None)
