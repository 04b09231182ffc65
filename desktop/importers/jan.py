"""Threads of Jan: a folder each, with a file about it and one with a message on each line, in their order."""

from __future__ import annotations

from collections.abc import Iterator

from desktop.core.exporting import Imported
from desktop.core.message import Part
from desktop.importers.shape import Branch, Foreign, named_file, spoken
from desktop.importers.values import Record, untagged


def read(found: Record) -> Iterator[Imported] | None:
    """Return the conversations in a value, or None for another program's."""
    if not isinstance(found.get("thread"), dict):
        return None
    thread, messages = found.inside("thread"), found.records("messages")
    assistant = next(iter(thread.records("assistants")), Record())
    foreign = Foreign(
        program="Jan",
        id=thread.text("id"),
        title=thread.text("title"),
        created_at=thread.moment("created"),
        updated_at=thread.moment("updated"),
        system=assistant.text("instructions"),
    )
    model = thread.inside("model").text("id") or assistant.inside("model").text("id")
    return iter([foreign.with_branches(_branches(messages, model))])


def _branches(listed: list[Record], model: str) -> Iterator[Branch]:
    before = ""
    for number, record in enumerate(sorted(listed, key=lambda each: each.moment("created_at"))):
        name = record.text("id") or str(number)
        yield Branch(
            id=name,
            parent=before,
            role=record.text("role"),
            parts=_parts(record.records("content")),
            model=model,
            created_at=record.moment("created_at"),
        )
        before = name


def _parts(content: list[Record]) -> tuple[Part, ...]:
    thoughts, texts, files = [], [], []
    for each in content:
        value = each.inside("text").text("value")
        match each.get("type"):
            case "text":
                thinking, text = untagged(value)
                thoughts.append(thinking)
                texts.append(text)
            case "reasoning":
                thoughts.append(value)
            case "image_url" | "image" as kind:
                files.append(named_file(kind.removesuffix("_url")))
    return spoken(texts, thoughts, files)
