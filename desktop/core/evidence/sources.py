"""The sources of a conversation: the files that belong to its messages, and material within the user's words.

What the model said is none, and what the user said in their own words is the question.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desktop.core.evidence.checked import GivenText
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
            GivenText(part.name, part.text, part.anchors, message.id, part.digest, part.media_type)
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
