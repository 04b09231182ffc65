"""Corrections by the user of how a reply was split: *this was the answer*, *this was thinking*.

Pure. It moves the words of one message, and tells how replies of that model should be read from then on. How text is
split while it arrives is `think_tags`.
"""

from __future__ import annotations

from dataclasses import replace

from desktop.core.events import ReasoningDelta, TextDelta
from desktop.core.message import Message, Part, ReasoningPart, Split, TextPart, Timings
from desktop.core.think_tags import ThinkTagSplitter


def resplit(message: Message, *, thinking: bool) -> Message:
    """Return the message with its answer moved to the thinking, or else with its thinking moved to the answer.

    An answer with a closing tag in it is thinking up to there only. What was thinking stays a part of its own in front
    of the answer, so that it can be moved back. Thinking that came from elsewhere stays what it is, since it would come
    back as the model's own. The same message where there is nothing to move.
    """
    return _to_thinking(message) if thinking else _to_answer(message)


def lesson_of(message: Message, *, thinking: bool) -> Split:
    """Return how replies of the model should be read, from what is said of this one, before its words are moved."""
    if not thinking:
        # With an answer beside it, it was a tag in the middle that deceived; without, where the reply began.
        return Split.NONE if message.text.strip() else Split.OUTSIDE
    texts = _texts(message)
    if len(texts) > 1:
        return Split.AUTO  # what was moved by hand goes back
    # Tags that open the thinking speak for themselves, once they are listened to.
    opened = next(iter(_read(ThinkTagSplitter(), message.text)), None)
    return Split.AUTO if isinstance(opened, ReasoningDelta) else Split.INSIDE


def _to_answer(message: Message) -> Message:
    thought = message.own_reasoning.strip()
    if not thought:
        return message
    said = _texts(message)
    parts: list[Part] = [TextPart(f"{thought}\n\n" if said else thought), *map(TextPart, said)]
    parts = [*_from_elsewhere(message), *parts]
    timings = message.timings or Timings()
    moved = replace(timings, thinking=0.0, answering=round(timings.thinking + timings.answering, 3))
    return _with(replace(message, early=None), parts, moved)  # no thinking, none that was ended early


def _to_thinking(message: Message) -> Message:
    texts = _texts(message)
    if not texts:
        return message
    if len(texts) > 1:
        moved, rest = texts[0], "".join(texts[1:])
    else:
        deltas = _read(ThinkTagSplitter(starts_inside=True), texts[0])
        moved = "".join(each.text for each in deltas if isinstance(each, ReasoningDelta))
        rest = "".join(each.text for each in deltas if isinstance(each, TextDelta))
    if not moved.strip():
        return message
    own, elsewhere = message.own_reasoning.rstrip(), _from_elsewhere(message)
    thought = "\n\n".join(each for each in (own, moved.strip()) if each)
    if elsewhere and not own:
        thought = f"\n\n{thought}"
    parts: list[Part] = [*elsewhere, ReasoningPart(thought), *([TextPart(rest)] if rest.strip() else [])]
    timings = message.timings or Timings()
    # The time is shared out by the lengths, the best guess when nobody looked at the clock at that tag.
    spent = timings.answering * len(moved) / max(1, len(moved) + len(rest.strip()))
    times = replace(timings, thinking=round(timings.thinking + spent, 3), answering=round(timings.answering - spent, 3))
    return _with(message, parts, times)


def _with(message: Message, parts: list[Part], timings: Timings) -> Message:
    """Return the message with these parts of text and thinking; other kinds keep their place at the end.

    The server's count of thinking goes, since it was of the wrong split.
    """
    others = [part for part in message.parts if not isinstance(part, TextPart | ReasoningPart)]
    usage = None if message.usage is None else replace(message.usage, reasoning_tokens=None)
    return replace(
        message, parts=(*parts, *others), usage=usage, timings=timings if message.timings is not None else None
    )


def _from_elsewhere(message: Message) -> list[Part]:
    return [part for part in message.parts if isinstance(part, ReasoningPart) and part.elsewhere]


def _texts(message: Message) -> list[str]:
    return [part.text for part in message.parts if isinstance(part, TextPart) and part.text.strip()]


def _read(splitter: ThinkTagSplitter, text: str) -> list[ReasoningDelta | TextDelta]:
    """Return the text as the splitter takes it, cut short rather than ended, so that it reclassifies nothing."""
    deltas = [*splitter.feed(text), *splitter.close(finish_is_stop=False)]
    return [each for each in deltas if isinstance(each, ReasoningDelta | TextDelta)]
