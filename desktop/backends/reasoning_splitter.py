"""The split of a reply into thinking and answer; the rules are the same for all protocols.

A thinking field of the protocol wins: once it has spoken, tags in the text are text. Without one, the text itself is
searched for tags. Words only; nothing of usage, errors or ends of streams.
"""

from __future__ import annotations

from collections.abc import Iterable

from desktop.backends.wire.framing import TextMender
from desktop.core.events import ReasoningDelta, Reclassified, StreamEvent, TextDelta
from desktop.core.message import Split
from desktop.core.think_tags import ThinkTagSplitter


class ReasoningSplitter:
    """A splitter for one reply.

    `starts_inside`: the model's template already opened the thinking, and the server does not split. `thinking_off`:
    the request was for an answer without thinking. `has_begun`: it is the rest of a reply with words, and may itself
    have none. `goes_on`: it is the rest of the thinking, as text. `split`: the user's choice for the model's replies,
    which counts for more.
    """

    def __init__(
        self,
        *,
        starts_inside: bool = False,
        thinking_off: bool = False,
        has_begun: bool = False,
        goes_on: bool = False,
        split: Split = Split.AUTO,
    ) -> None:
        if split is not Split.AUTO:
            starts_inside = split is Split.INSIDE and not thinking_off
        self._splitter = ThinkTagSplitter(starts_inside, goes_on=goes_on)
        if split is Split.NONE:
            self._splitter.bypass()
        self._starts_inside = starts_inside
        self._only_answers = thinking_off or split in (Split.OUTSIDE, Split.NONE)
        self._from_field = False
        self._reasoning_mender = TextMender()
        self._text_mender = TextMender()
        self.has_reasoning = False
        self.has_text = False
        self.has_words = has_begun  # anything but white space, on either side

    @property
    def template_opens(self) -> bool | None:
        """True if this reply shows that the template opens the thinking itself; None if it shows nothing."""
        if self._splitter.saw_orphan_close:
            return True
        return False if self._starts_inside and self._was_answer else None

    _was_answer = False

    def reasoning(self, text: str) -> list[StreamEvent]:
        """Take thinking that came in a field of its own; return its events."""
        text = self._reasoning_mender.feed(text)
        if not text:
            return []
        held: list[StreamEvent] = []
        if not self._from_field:
            self._from_field = True
            held.extend(self._splitter.bypass())
        return self._noted([*held, ReasoningDelta(text)])

    def text(self, text: str) -> list[StreamEvent]:
        """Take text of the answer, which may still have thinking in it; return its events."""
        text = self._text_mender.feed(text)
        return self._noted(self._splitter.feed(text)) if text else []

    def end(self, *, by_itself: bool) -> list[StreamEvent]:
        """Return what was held back at the end of the reply, and a last word on the channel it belongs to.

        `by_itself`: the model stopped, not a limit, a fault or the user.
        """
        events: list[StreamEvent] = []
        if rest := self._reasoning_mender.close():
            events.extend(self._noted([ReasoningDelta(rest)]))
        if rest := self._text_mender.close():
            events.extend(self._noted(self._splitter.feed(rest)))
        last = self._noted(self._splitter.close(finish_is_stop=by_itself))
        self._was_answer = any(isinstance(event, Reclassified) for event in last)
        events.extend(last)
        if by_itself and self._only_answers and self._from_field and self.has_reasoning and not self.has_text:
            # Some parsers report the whole answer as thinking when there is none.
            events.extend(self._noted([Reclassified()]))
        return events

    def _noted(self, events: Iterable[StreamEvent]) -> list[StreamEvent]:
        noted = list(events)
        for event in noted:
            match event:
                case ReasoningDelta(text):
                    self.has_reasoning = True
                    self.has_words = self.has_words or not text.isspace()
                case TextDelta(text):
                    self.has_text = self.has_text or not text.isspace()
                    self.has_words = self.has_words or not text.isspace()
                case Reclassified():
                    self.has_reasoning, self.has_text = self.has_text, self.has_reasoning
                case _:
                    pass
        return noted
