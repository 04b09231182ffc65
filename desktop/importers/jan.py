"""Threads of Jan: a folder each, with a file about it and one with a message on each line, in their order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from desktop.core.exporting.imported import Imported
from desktop.core.message import Part
from desktop.importers.shape import Branch, Foreign, named_file, spoken
from desktop.importers.values import mapping, moment, records, said, untagged


def read(found: Any) -> Iterator[Imported] | None:
    """Return the conversations in a value, or None for another program's."""
    if not isinstance(found, dict) or not isinstance(found.get("thread"), dict):
        return None
    thread, messages = found["thread"], records(found.get("messages"))
    assistant = next(iter(records(thread.get("assistants"))), {})
    foreign = Foreign(
        program="Jan",
        id=said(thread.get("id")),
        title=said(thread.get("title")),
        created_at=moment(thread.get("created")),
        updated_at=moment(thread.get("updated")),
        system=said(assistant.get("instructions")),
    )
    model = said(mapping(thread.get("model")).get("id") or mapping(assistant.get("model")).get("id"))
    return iter([foreign.with_branches(_branches(messages, model))])


def _branches(listed: list[dict[str, Any]], model: str) -> Iterator[Branch]:
    before = ""
    for number, record in enumerate(sorted(listed, key=lambda each: moment(each.get("created_at")))):
        name = said(record.get("id")) or str(number)
        yield Branch(
            id=name,
            parent=before,
            role=said(record.get("role")),
            parts=_parts(records(record.get("content"))),
            model=model,
            created_at=moment(record.get("created_at")),
        )
        before = name


def _parts(content: list[dict[str, Any]]) -> tuple[Part, ...]:
    thoughts, texts, files = [], [], []
    for each in content:
        value = said(mapping(each.get("text")).get("value"))
        match each.get("type"):
            case "text":
                thinking, text = untagged(value)
                thoughts.append(thinking)
                texts.append(text)
            case "reasoning":
                thoughts.append(value)
            case "image_url" | "image" as kind:
                files.append(named_file(kind.removesuffix("_url")))
    return spoken("\n\n".join(filter(None, texts)), "\n\n".join(filter(None, thoughts)), files)
