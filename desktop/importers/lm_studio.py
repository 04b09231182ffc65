"""Files of LM Studio: one for each chat, with every version of each message; the next follows the chosen version."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from desktop.core.exporting.imported import Imported
from desktop.core.message import Part
from desktop.importers.shape import Branch, Foreign, named_file, spoken
from desktop.importers.values import mapping, moment, records, said, untagged


def read(found: Any) -> Iterator[Imported] | None:
    """Return the conversations in a value, or None for another program's."""
    if not isinstance(found, dict):
        return None
    messages = records(found.get("messages"))
    if not messages or not all(isinstance(each.get("versions"), list) for each in messages):
        return None
    created_at = moment(found.get("createdAt"))
    foreign = Foreign(
        program="LM Studio",
        id=f"{found.get('createdAt')}",  # the name of the file, too: chats have no other
        title=said(found.get("name")),
        created_at=created_at,
        updated_at=moment(found.get("assistantLastMessagedAt") or found.get("userLastMessagedAt")) or created_at,
        pinned=found.get("pinned") is True,
        system=said(found.get("systemPrompt")),
    )
    last_model = mapping(found.get("lastUsedModel"))
    model = said(last_model.get("indexedModelIdentifier") or last_model.get("identifier"))
    branches, head = _branches(messages, model)
    return iter([foreign.with_branches(branches, head=head)])


def _chosen(message: dict[str, Any]) -> int:
    chosen, count = message.get("currentlySelected"), len(message["versions"])
    return chosen if isinstance(chosen, int) and 0 <= chosen < count else max(0, count - 1)


def _branches(messages: list[dict[str, Any]], model: str) -> tuple[list[Branch], str]:
    """Return the branches of all versions, and the last one that was chosen."""
    branches: list[Branch] = []
    end = ""
    for number, message in enumerate(messages):
        for version, record in enumerate(message["versions"]):
            parts, own_model = _parts(mapping(record))
            role = said(mapping(record).get("role"))
            branches.append(
                Branch(id=f"{number}.{version}", parent=end, role=role, parts=parts, model=own_model or model)
            )
        if message["versions"]:
            end = f"{number}.{_chosen(message)}"
    return branches, end


def _parts(record: dict[str, Any]) -> tuple[tuple[Part, ...], str]:
    """Return the parts of a version, and the model that wrote it."""
    steps = records(record.get("steps")) or [record]
    thoughts: list[str] = []
    texts: list[str] = []
    files: list[Part] = []
    model = ""
    for step in steps:
        model = said(mapping(step.get("genInfo")).get("indexedModelIdentifier")) or model
        is_thinking = mapping(step.get("style")).get("type") == "thinking"
        for each in records(step.get("content")):
            if each.get("type") == "file":
                files.append(named_file(said(each.get("name") or each.get("fileIdentifier"))))
            elif each.get("type") == "text" and each.get("isStructural") is not True:
                (thoughts if is_thinking else texts).append(said(each.get("text")))
    thinking, text = untagged("".join(texts)) if record.get("role") == "assistant" else ("", "".join(texts))
    return spoken(text, "".join(thoughts) + thinking, files), model
