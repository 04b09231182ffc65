"""Files of LM Studio: one for each chat, with every version of each message; the next follows the chosen version."""

from __future__ import annotations

from collections.abc import Iterator

from desktop.core.exporting import Imported
from desktop.core.message import Part
from desktop.importers.shape import Branch, Foreign, named_file, spoken
from desktop.importers.values import Record, untagged


def read(found: Record) -> Iterator[Imported] | None:
    """Return the conversations in a value, or None for another program's."""
    messages = found.records("messages")
    if not messages or not all(isinstance(each.get("versions"), list) for each in messages):
        return None
    created_at = found.moment("createdAt")
    foreign = Foreign(
        program="LM Studio",
        id=f"{found.get('createdAt')}",  # the name of the file, too: chats have no other
        title=found.text("name"),
        created_at=created_at,
        updated_at=found.moment("assistantLastMessagedAt", "userLastMessagedAt") or created_at,
        pinned=found.get("pinned") is True,
        system=found.text("systemPrompt"),
    )
    last_model = found.inside("lastUsedModel")
    model = last_model.text("indexedModelIdentifier", "identifier")
    branches, head = _branches(messages, model)
    return iter([foreign.with_branches(branches, head=head)])


def _chosen(message: Record) -> int:
    chosen, count = message.get("currentlySelected"), len(message["versions"])
    return chosen if isinstance(chosen, int) and 0 <= chosen < count else max(0, count - 1)


def _branches(messages: list[Record], model: str) -> tuple[list[Branch], str]:
    """Return the branches of all versions, and the last one that was chosen."""
    branches: list[Branch] = []
    end = ""
    for number, message in enumerate(messages):
        for version, record in enumerate(map(Record.of, message["versions"])):
            parts, own_model = _parts(record)
            role = record.text("role")
            branches.append(
                Branch(id=f"{number}.{version}", parent=end, role=role, parts=parts, model=own_model or model)
            )
        if message["versions"]:
            end = f"{number}.{_chosen(message)}"
    return branches, end


def _parts(record: Record) -> tuple[tuple[Part, ...], str]:
    """Return the parts of a version, and the model that wrote it."""
    steps = record.records("steps") or [record]
    thoughts: list[str] = []
    texts: list[str] = []
    files: list[Part] = []
    model = ""
    for step in steps:
        model = step.inside("genInfo").text("indexedModelIdentifier") or model
        is_thinking = step.inside("style").get("type") == "thinking"
        for each in step.records("content"):
            if each.get("type") == "file":
                files.append(named_file(each.text("name", "fileIdentifier")))
            elif each.get("type") == "text" and each.get("isStructural") is not True:
                (thoughts if is_thinking else texts).append(each.text("text"))
    thinking, text = untagged("".join(texts)) if record.get("role") == "assistant" else ("", "".join(texts))
    return spoken([text], ["".join(thoughts) + thinking], files), model
