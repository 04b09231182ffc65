"""Backups of Cherry Studio, up to its fifth form: topics of messages, the blocks that these are made of, and names.

Answers to the same question are versions of each other. What tools were told is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from desktop.core.exporting.imported import Imported
from desktop.core.message import Part
from desktop.importers.shape import Branch, Foreign, named_file, spoken
from desktop.importers.values import mapping, moment, records, said

_STORE = "persist:cherry-studio"
_TOPIC = "topic:"  # how the keys of topics begin in the first form


def read(found: Any) -> Iterator[Imported] | None:
    """Return the conversations in a value, or None for another program's."""
    if not isinstance(found, dict) or "indexedDB" not in found or "localStorage" not in found:
        return None
    names = _named_topics(mapping(found["localStorage"]))
    database = found["indexedDB"]
    blocks = {said(each.get("id")): each for each in records(mapping(database).get("message_blocks"))}
    return (_conversation(topic, names.get(said(topic.get("id")), {}), blocks) for topic in _topics(database))


def _topics(database: Any) -> list[dict[str, Any]]:
    if isinstance(database, dict):
        return records(database.get("topics"))
    listed = [each for each in records(database) if said(each.get("key")).startswith(_TOPIC)]
    return [mapping(each.get("value")) for each in listed]


def _named_topics(storage: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what is said of topics where assistants are kept: texts of JSON within a text of JSON."""
    assistants = mapping(_unpacked(mapping(_unpacked(storage.get(_STORE))).get("assistants")))
    listed = [*records(assistants.get("assistants")), mapping(assistants.get("defaultAssistant"))]
    return {said(topic.get("id")): topic for each in listed for topic in records(each.get("topics"))}


def _unpacked(text: Any) -> Any:
    try:
        return json.loads(said(text))
    except (ValueError, RecursionError):
        return None


def _conversation(topic: dict[str, Any], named: dict[str, Any], blocks: Mapping[str, dict[str, Any]]) -> Imported:
    messages = records(topic.get("messages"))
    times = sorted(filter(None, (moment(each.get("createdAt")) for each in messages)))
    foreign = Foreign(
        program="Cherry Studio",
        id=said(topic.get("id")),
        title=said(named.get("name")),
        created_at=moment(named.get("createdAt")) or next(iter(times), 0.0),
        updated_at=times[-1] if times else moment(named.get("updatedAt")),
        pinned=named.get("pinned") is True,
    )
    branches, head = _branches(messages, blocks)
    return foreign.with_branches(branches, head=head)


def _branches(messages: list[dict[str, Any]], blocks: Mapping[str, dict[str, Any]]) -> tuple[list[Branch], str]:
    """Return the branches of a topic's messages, and the last of the path that goes by the chosen answers."""
    branches: dict[str, Branch] = {}
    end = ""
    is_chosen = False  # one of the answers at the end was picked by the user
    for number, record in enumerate(messages):
        name = said(record.get("id")) or str(number)
        asked = said(record.get("askId"))
        is_answer = record.get("role") == "assistant" and asked in branches
        branch = Branch(
            id=name,
            parent=asked if is_answer else end,
            role=said(record.get("role")),
            parts=_parts(record, blocks),
            model=said(mapping(record.get("model")).get("id") or record.get("modelId")),
            created_at=moment(record.get("createdAt")),
        )
        is_other = is_answer and end in branches and branches[end].parent == asked
        branches[name] = branch
        picked = record.get("foldSelected") is True or record.get("useful") is True
        if not is_other or picked or not is_chosen:
            end, is_chosen = name, picked
    return list(branches.values()), end


def _parts(record: dict[str, Any], blocks: Mapping[str, dict[str, Any]]) -> tuple[Part, ...]:
    own = record.get("blocks")
    made_of = [blocks[said(each)] for each in own if said(each) in blocks] if isinstance(own, list) else []
    thoughts, texts = [said(record.get("reasoning_content"))], [said(record.get("content"))]
    files = [_file(each) for each in records(record.get("files"))]
    for block in made_of:
        content = said(block.get("content"))
        match block.get("type"):
            case "main_text":
                texts.append(content)
            case "code":
                texts.append(f"```{said(block.get('language'))}\n{content}\n```")
            case "thinking":
                thoughts.append(content)
            case "file" | "image" if block.get("file") is not None:
                files.append(_file(mapping(block.get("file"))))
            case "image":
                files.append(named_file("image"))
    return spoken("\n\n".join(filter(None, texts)), "\n\n".join(filter(None, thoughts)), files)


def _file(record: dict[str, Any]) -> Part:
    return named_file(said(record.get("origin_name") or record.get("name")))
