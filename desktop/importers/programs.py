"""Files of programs for models of one's own: threads of Jan, chats of LM Studio, backups of Cherry Studio."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from desktop.core.exporting import Imported
from desktop.core.message import Part
from desktop.importers.foreign import Branch, Foreign, Record, named_file, said, spoken, untagged


def read_jan(found: Record) -> Iterator[Imported] | None:
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
    return iter([foreign.with_branches(_jan_branches(messages, model))])


def _jan_branches(listed: list[Record], model: str) -> Iterator[Branch]:
    before = ""
    for number, record in enumerate(sorted(listed, key=lambda each: each.moment("created_at"))):
        name = record.text("id") or str(number)
        yield Branch(
            id=name,
            parent=before,
            role=record.text("role"),
            parts=_jan_parts(record.records("content")),
            model=model,
            created_at=record.moment("created_at"),
        )
        before = name


def _jan_parts(content: list[Record]) -> tuple[Part, ...]:
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


def read_lm_studio(found: Record) -> Iterator[Imported] | None:
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
    branches, head = _lm_studio_branches(messages, model)
    return iter([foreign.with_branches(branches, head=head)])


def _chosen(message: Record) -> int:
    chosen, count = message.get("currentlySelected"), len(message["versions"])
    return chosen if isinstance(chosen, int) and 0 <= chosen < count else max(0, count - 1)


def _lm_studio_branches(messages: list[Record], model: str) -> tuple[list[Branch], str]:
    """Return the branches of all versions, and the last one that was chosen."""
    branches: list[Branch] = []
    end = ""
    for number, message in enumerate(messages):
        for version, record in enumerate(map(Record.of, message["versions"])):
            parts, own_model = _lm_studio_parts(record)
            role = record.text("role")
            branches.append(
                Branch(id=f"{number}.{version}", parent=end, role=role, parts=parts, model=own_model or model)
            )
        if message["versions"]:
            end = f"{number}.{_chosen(message)}"
    return branches, end


def _lm_studio_parts(record: Record) -> tuple[tuple[Part, ...], str]:
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


_STORE = "persist:cherry-studio"
_TOPIC = "topic:"  # how the keys of topics begin in the first form


def read_cherry_studio(found: Record) -> Iterator[Imported] | None:
    """Return the conversations in a value, or None for another program's."""
    if "indexedDB" not in found or "localStorage" not in found:
        return None
    names = _named_topics(found.inside("localStorage"))
    blocks = {each.text("id"): each for each in found.inside("indexedDB").records("message_blocks")}
    return (_topic_conversation(topic, names.get(topic.text("id"), Record()), blocks) for topic in _topics(found))


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


def _topic_conversation(topic: Record, named: Record, blocks: Mapping[str, Record]) -> Imported:
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
    branches, head = _cherry_studio_branches(messages, blocks)
    return foreign.with_branches(branches, head=head)


def _cherry_studio_branches(messages: list[Record], blocks: Mapping[str, Record]) -> tuple[list[Branch], str]:
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
            parts=_cherry_studio_parts(record, blocks),
            model=record.inside("model").text("id") or record.text("modelId"),
            created_at=record.moment("createdAt"),
        )
        is_other = is_answer and end in branches and branches[end].parent == asked
        branches[name] = branch
        picked = record.get("foldSelected") is True or record.get("useful") is True
        if not is_other or picked or not is_chosen:
            end, is_chosen = name, picked
    return list(branches.values()), end


def _cherry_studio_parts(record: Record, blocks: Mapping[str, Record]) -> tuple[Part, ...]:
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
