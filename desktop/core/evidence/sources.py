"""The sources of a conversation: the files that belong to its messages, and material within the user's words.

What the model said is none, and what the user said in their own words is the question.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desktop.core.claims.claim import Kind
from desktop.core.evidence.checked import Checked, Evidence, GivenText, SourcePlace, Verdict
from desktop.core.message import AttachmentPart, Message, Role
from desktop.core.signs.exchange import taken_apart

_FENCES = ('"""', "```", "<text")


@dataclass(frozen=True, slots=True)
class Sources:
    """Texts that were given before a reply, in their order, and what the user said in their own words.

    `question` is the last message, `earlier` all before it, with the system prompt.
    """

    given: tuple[GivenText, ...] = ()
    question: str = ""
    earlier: str = ""


def sources_of(path: Iterable[Message], system: str = "", guided: tuple[str, ...] = ()) -> Sources:
    """Return the sources of a reply; `path` are the messages above it, `system` the conversation's system prompt.

    `guided`: how lines begin that a guide puts below the user's words, before any text between fences.
    """
    given: list[GivenText] = []
    question, earlier = "", [system]
    for message in path:
        if message.role is not Role.USER:
            continue
        given += [
            given_of(part, message.id)
            for part in message.parts
            if isinstance(part, AttachmentPart) and part.text.strip()
        ]
        lines = message.text.split("\n")
        end = next((at for at, line in enumerate(lines) if line.startswith(_FENCES)), len(lines))
        start = end
        while start and (not lines[start - 1].strip() or lines[start - 1].startswith(guided)):
            start -= 1
        request = taken_apart("\n".join((*lines[:start], *lines[end:])))
        given += [GivenText("", material, (), message.id) for material in request.material]
        earlier.append(question)
        question = "\n".join((request.own, *lines[start:end])).strip()
    return Sources(tuple(given), question, "\n\n".join(filter(None, earlier)))


def given_of(part: AttachmentPart, message_id: str = "") -> GivenText:
    """Return a file of a message as it was given."""
    return GivenText(part.name, part.text, part.anchors, message_id, part.digest, part.media_type, part.path)


def evidence_of_passages(part: AttachmentPart) -> Evidence:
    """Return passages of a folder as something that was found: their beginnings, at their places."""
    firsts = {each.section: each.offset for each in reversed(part.anchors)}
    starts = sorted(firsts.values()) or [0]
    places = tuple(SourcePlace(0, start, start + len(part.text[start:].split("\n", 1)[0])) for start in starts)
    words = part.text[places[0].start : places[0].end]
    return Evidence((Checked(Kind.QUOTATION, words, 0, 0, Verdict.FOUND, places),), (given_of(part),))
