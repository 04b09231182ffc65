"""Backups of Cherry Studio, up to its fifth form: topics of messages, the blocks that these are made of, and names.

Answers to the same question are versions of each other. What tools were told is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from desktop.core.exporting import Imported
from desktop.core.message import Part
from desktop.importers.shape import Branch, Foreign, named_file, spoken
from desktop.importers.values import Record, said

_STORE = "persist:cherry-studio"
_TOPIC = "topic:"  # how the keys of topics begin in the first form


def read(found: Record) -> Iterator[Imported] | None:
    """Return the conversations in a value, or None for another program's."""
    if "indexedDB" not in found or "localStorage" not in found:
        return None
    names = _named_topics(found.inside("localStorage"))
    blocks = {each.text("id"): each for each in found.inside("indexedDB").records("message_blocks")}
    return (_conversation(topic, names.get(topic.text("id"), Record()), blocks) for topic in _topics(found))


def _topics(found: Record) -> list[Record]:
    if database := found.inside("indexedDB"):
        return database.records("topics")
    listed = [each for each in found.records("indexedDB") if each.text("key").startswith(_TOPIC)]
    return [each.inside("value") for each in listed]


def _named_topics(storage: Record) -> dict[str, Record]:
    """Return what is said of topics where assistants are kept: texts of JSON within a text of JSON."""
    assistants = _unpacked(_unpacked(storage.text(_STORE)).text("assistants"))
    listed = [*assistants.records("assistants"), assistants.inside("defaultAssistant")]
    return {topic.text("id"): topic for each in listed for topic in each.records("topics")}


def _unpacked(text: str) -> Record:
    try:
        return Record.of(json.loads(text))
    except (ValueError, RecursionError):
        return Record()


def _conversation(topic: Record, named: Record, blocks: Mapping[str, Record]) -> Imported:
    messages = topic.records("messages")
    times = sorted(filter(None, (each.moment("createdAt") for each in messages)))
    foreign = Foreign(
        program="Cherry Studio",
        id=topic.text("id"),
        title=named.text("name"),
        created_at=named.moment("createdAt") or next(iter(times), 0.0),
        updated_at=times[-1] if times else named.moment("updatedAt"),
        pinned=named.get("pinned") is True,
    )
    branches, head = _branches(messages, blocks)
    return foreign.with_branches(branches, head=head)


def _branches(messages: list[Record], blocks: Mapping[str, Record]) -> tuple[list[Branch], str]:
    """Return the branches of a topic's messages, and the last of the path that goes by the chosen answers."""
    branches: dict[str, Branch] = {}
    end = ""
    is_chosen = False  # one of the answers at the end was picked by the user
    for number, record in enumerate(messages):
        name = record.text("id") or str(number)
        asked = record.text("askId")
        is_answer = record.get("role") == "assistant" and asked in branches
        branch = Branch(
            id=name,
            parent=asked if is_answer else end,
            role=record.text("role"),
            parts=_parts(record, blocks),
            model=record.inside("model").text("id") or record.text("modelId"),
            created_at=record.moment("createdAt"),
        )
        is_other = is_answer and end in branches and branches[end].parent == asked
        branches[name] = branch
        picked = record.get("foldSelected") is True or record.get("useful") is True
        if not is_other or picked or not is_chosen:
            end, is_chosen = name, picked
    return list(branches.values()), end


def _parts(record: Record, blocks: Mapping[str, Record]) -> tuple[Part, ...]:
    own = record.get("blocks")
    made_of = [blocks[each] for each in map(said, own) if each in blocks] if isinstance(own, list) else []
    thoughts, texts = [record.text("reasoning_content")], [record.text("content")]
    files = [_file(each) for each in record.records("files")]
    for block in made_of:
        content = block.text("content")
        match block.get("type"):
            case "main_text":
                texts.append(content)
            case "code":
                texts.append(f"```{block.text('language')}\n{content}\n```")
            case "thinking":
                thoughts.append(content)
            case "file" | "image" if block.get("file") is not None:
                files.append(_file(block.inside("file")))
            case "image":
                files.append(named_file("image"))
    return spoken(texts, thoughts, files)


def _file(record: Record) -> Part:
    return named_file(record.text("origin_name", "name"))
