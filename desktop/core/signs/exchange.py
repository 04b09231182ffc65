"""The input of the rules for signs of trouble: a reply, what was said before it, and what of that is material.

Plain values. Material is what the user gives to be worked with, as opposed to what they ask: a text between delimiters,
an attachment, a long passage below the question. How much is looked at is bounded, see `MOST_EARLIER` and `LOOKED_AT`.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from desktop.core.message import Message, Role
from desktop.core.outgoing import outgoing
from desktop.core.request import outgoing_text
from desktop.core.text.markdown import FENCE, without_code
from desktop.core.text.scripts import weight

# Messages before a reply, at most, that are looked at. A prompt that lost its beginning has lost it well within these.
MOST_EARLIER = 200
# Characters of an answer, and of everything said before it, that are looked at.
LOOKED_AT = 100_000
_MOST_BACKGROUND = 1_000_000

# A paragraph of a mail; what is shorter is a part of the question.
_LEAST_MATERIAL = 120
_OPENING = re.compile(rf'(?P<quotes>"{{3,}})(?: [^"\n]+)?|<text(?:-[0-9]+)?>|(?P<code>{FENCE})[^`\n]*')
_HANDED_OVER = re.compile(r"[:：](?=\s)|[:：]$|：", re.MULTILINE)
_BREAK = re.compile(r"\n\s*\n")
# A prompt in parts, whose context and format are the user's own words: its material stands between delimiters.
_IN_PARTS = re.compile(r"# (?:Task|Role|Context|任务|角色|背景)[ \t]*\n")


@dataclass(frozen=True, slots=True)
class EarlierMessage:
    """Message before the reply, as the model saw it."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Request:
    """Message of the user, taken apart: their own words, and the material."""

    own: str
    material: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exchange:
    """Reply that has ended, and the messages before it, the earliest first; the last of them is what it answers.

    `is_whole`: nothing was said before `earlier`. `system`: the conversation's system prompt. `answer_limit`: at how
    many tokens the program ended the reply because its model is very small. `began_again`: it was to go on with a reply
    that had broken off, and did not. `sent`: the texts that went with the request, where that is less than `earlier`.
    `held`: the most tokens that its model counted for an earlier reply and what came before it.
    """

    reply: Message
    earlier: Sequence[EarlierMessage]
    is_whole: bool = True
    system: str = ""
    answer_limit: int | None = None
    began_again: bool = False
    sent: Sequence[str] | None = None
    held: int = 0

    @cached_property
    def answer(self) -> str:
        return self.reply.text[:LOOKED_AT]

    @cached_property
    def prose(self) -> str:
        """The answer without its code; what stands behind a place keeps its line."""
        return without_code(self.answer)

    @cached_property
    def request(self) -> Request:
        """The message that the reply answers."""
        return self.requests[-1] if self.requests else Request("")

    @cached_property
    def requests(self) -> list[Request]:
        """All messages of the user."""
        return [taken_apart(said.text[:LOOKED_AT]) for said in self.earlier if said.role is Role.USER]

    @cached_property
    def turns(self) -> list[tuple[str, str]]:
        """Earlier messages of the user in their own words, each with its answer, the last first."""
        return [
            (taken_apart(asked.text[:LOOKED_AT]).own, said.text)
            for asked, said in pairwise(self.earlier)
            if asked.role is Role.USER and said.role is Role.ASSISTANT
        ][::-1]

    @cached_property
    def knows_everything(self) -> bool:
        """True if all that the reply may refer to is at hand, so that what is not there can be called missing."""
        return self.is_whole and sum(len(said.text) for said in self.earlier) <= _MOST_BACKGROUND

    @cached_property
    def background(self) -> str:
        """Everything that was said before, and the system prompt, as it was written."""
        return "\n".join((self.system, *(said.text for said in self.earlier)))[-_MOST_BACKGROUND:]


def exchange_of(
    reply: Message,
    path: Iterable[Message],
    *,
    is_whole: bool,
    system: str = "",
    answer_limit: int | None = None,
    began_again: bool = False,
    left_out: Container[str] = (),
) -> Exchange:
    """Return the exchange that a reply belongs to; `path` are the messages above it, some of them `left_out`, by id."""
    path = list(path)
    earlier = [EarlierMessage(each.role, text) for each in path if (text := outgoing_text(each)).strip()]
    sent = [each.text for each in outgoing(path, left_out)]
    of_model = [each.usage for each in path if each.usage and (each.model, each.place) == (reply.model, reply.place)]
    held = max((each.counted_prompt + (each.completion_tokens or 0) for each in of_model), default=0)
    return Exchange(reply, earlier, is_whole, system, answer_limit, began_again, sent, held)


def taken_apart(text: str) -> Request:
    """Return the user's own words, and the material: between delimiters, or else what follows the question."""
    own: list[str] = []
    material: list[str] = []
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        end = _end_of_material(lines, at)
        if end is None:
            own.append(lines[at])
            at += 1
        else:
            material.append("\n".join(lines[at + 1 : end]))
            at = end + 1
    words = "\n".join(own).strip()
    if not material and (split := _split_below(words)):
        return Request(words[:split].strip(), (words[split:].strip(),))
    return Request(words, tuple(each for each in material if each.strip()))


def _end_of_material(lines: list[str], start: int) -> int | None:
    """Return the line that closes the delimiter which line `start` opens."""
    opening = _OPENING.fullmatch(lines[start].strip())
    if opening is None:
        return None
    closing = opening["quotes"] or opening["code"] or lines[start].strip().replace("<text", "</text")
    return next((at for at in range(start + 1, len(lines)) if lines[at].strip() == closing), None)


def _split_below(words: str) -> int | None:
    """Return where material begins that has no delimiters: behind a colon or an empty line, when it is long enough."""
    if weight(words) < _LEAST_MATERIAL or _IN_PARTS.match(words):
        return None
    places = sorted(found.end() for pattern in (_HANDED_OVER, _BREAK) for found in pattern.finditer(words[:2000]))
    return next((at for at in places if weight(words[at:]) >= _LEAST_MATERIAL), None)
