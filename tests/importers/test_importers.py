"""Files of other programs and of this one: their trees, what is left out of them, and files that are none."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from desktop import importers
from desktop.core.exporting import (
    BrokenConversation,
    ImportedConversation,
    ImportFault,
    ImportFaultError,
    summary,
)
from desktop.core.message import ImagePart, Message, Role
from desktop.core.request import outgoing_text
from desktop.exporters import candor_file
from desktop.importers import sources
from tests.exporters.talk import ANSWER, FILES, QUESTION, talk

Put = Callable[[bytes], Path]


def node(name, parent, role="user", text="", **more):
    content = {"content_type": "text", "parts": [text]} | more.pop("content", {})
    message = {"author": {"role": role}, "content": content, "create_time": 1_700_000_000.5} | more
    return {"id": name, "parent": parent, "message": message}


CHATGPT = [
    {
        "title": "Trip",
        "conversation_id": "one",
        "create_time": 1_700_000_000.0,
        "update_time": 1_700_000_100.0,
        "current_node": "c",
        "mapping": {
            "root": {"id": "root", "message": None, "parent": None},
            "s": node("s", "root", "system", "You are"),
            "a": node("a", "s", "user", "Where to?", metadata={"attachments": [{"name": "map.pdf"}]}),
            "t": node("t", "a", "assistant", content={"content_type": "thoughts", "thoughts": [{"content": "Hm"}]}),
            "b": node("b", "t", "assistant", "Rome", metadata={"model_slug": "gpt-5"}),
            "c": node("c", "t", "assistant", "Paris\ue200cite\ue202turn0\ue201", metadata={"model_slug": "gpt-5"}),
        },
    },
    {"title": "Empty", "conversation_id": "two", "mapping": {}},
]
OPEN_WEBUI = [
    {
        "id": "x",
        "title": "Plan",
        "updated_at": 1_700_000_100,
        "created_at": 1_700_000_000,
        "chat": {
            "history": {
                "currentId": "b",
                "messages": {
                    "a": {"id": "a", "parentId": None, "role": "user", "content": "Why?", "timestamp": 1_700_000_000},
                    "b": {
                        "id": "b",
                        "parentId": "a",
                        "role": "assistant",
                        "model": "qwen3:4b",
                        "content": '<details type="reasoning" done="true">\n<summary>Thought</summary>\n&gt; Hm\n'
                        "</details>\nBecause.",
                    },
                },
            }
        },
    }
]


CLAUDE: list[dict[str, Any]] = [
    {
        "uuid": "c1",
        "name": "Lease",
        "created_at": "2026-03-29T07:06:35.552627Z",
        "updated_at": "2026-03-29T08:00:00.000000Z",
        "chat_messages": [
            {
                "uuid": "m1",
                "sender": "human",
                "text": "Read it",
                "created_at": "2026-03-29T07:06:35.552627Z",
                "parent_message_uuid": "00000000-0000-4000-8000-000000000000",
                "content": [{"type": "text", "text": "Read it"}],
                "attachments": [{"file_name": "", "file_type": "txt", "extracted_content": "Rent: 900"}],
                "files": [{"file_name": "plan.png"}],
            },
            *(
                {
                    "uuid": name,
                    "sender": "assistant",
                    "parent_message_uuid": "m1",
                    "content": [
                        {"type": "thinking", "thinking": "Hm"},
                        {"type": "tool_use", "name": "search", "input": {}},
                        {"type": "text", "text": answer},
                    ],
                }
                for name, answer in (("m2", "900"), ("m3", "It is 900."))
            ),
        ],
    }
]
JAN_THREAD = {
    "id": "t1",
    "title": "Trip",
    "assistants": [{"model": {"id": "qwen3-4b"}, "instructions": "Be short."}],
    "created": 1_700_000_000,
    "updated": 1_700_000_100_000,
}
JAN_MESSAGES = [
    {"id": name, "role": role, "created_at": at, "content": [{"type": "text", "text": {"value": value}}]}
    for name, role, at, value in (
        ("b", "assistant", 1_700_000_002, "<think>Hm</think>Rome"),
        ("a", "user", 1_700_000_001, "Where to?"),
    )
]
LM_STUDIO = {
    "name": "Sums",
    "createdAt": 1_700_000_000_000,
    "systemPrompt": "",
    "messages": [
        {
            "currentlySelected": 0,
            "versions": [
                {
                    "type": "singleStep",
                    "role": "user",
                    "content": [{"type": "text", "text": "1+1?"}, {"type": "file", "name": "sum.pdf"}],
                }
            ],
        },
        {
            "currentlySelected": 0,
            "versions": [
                {
                    "type": "multiStep",
                    "role": "assistant",
                    "steps": [
                        {
                            "type": "contentBlock",
                            "style": {"type": "thinking"},
                            "content": [
                                {"type": "text", "text": "<think>", "isStructural": True},
                                {"type": "text", "text": "One"},
                            ],
                        },
                        {
                            "type": "contentBlock",
                            "content": [{"type": "text", "text": answer}],
                            "genInfo": {"indexedModelIdentifier": "qwen/qwen3-4b"},
                        },
                    ],
                }
                for answer in ("2", "two")
            ],
        },
    ],
}
CHERRY_STUDIO = {
    "time": 1,
    "version": 5,
    "localStorage": {
        "persist:cherry-studio": json.dumps(
            {"assistants": json.dumps({"assistants": [{"topics": [{"id": "t", "name": "税务", "pinned": True}]}]})}
        )
    },
    "indexedDB": {
        "topics": [
            {
                "id": "t",
                "messages": [
                    {"id": "q", "role": "user", "createdAt": "2026-03-01T00:00:00.000Z", "blocks": ["1", "2"]},
                    {"id": "a1", "role": "assistant", "askId": "q", "blocks": ["3", "4"], "foldSelected": True},
                    {"id": "a2", "role": "assistant", "askId": "q", "blocks": ["5"]},
                    {"id": "n", "role": "user", "blocks": ["6"]},
                ],
            }
        ],
        "message_blocks": [
            {"id": "1", "type": "main_text", "content": "多少？"},
            {"id": "2", "type": "file", "file": {"origin_name": "表.xlsx"}},
            {"id": "3", "type": "thinking", "content": "嗯"},
            {"id": "4", "type": "main_text", "content": "13%"},
            {"id": "5", "type": "main_text", "content": "6%"},
            {"id": "6", "type": "main_text", "content": "好"},
        ],
    },
}


def text(content):
    return json.dumps(content).encode()


@pytest.fixture
def put(tmp_path):
    def put(content):
        file = tmp_path / "export.json"
        file.write_bytes(content)
        return file

    return put


def read(path):
    """Return the conversations at a path, and what could not be read. Raises `ImportFaultError` if it holds nothing."""
    entries = list(importers.read(path, lambda _: None))
    summary(entries)
    made = [each for each in entries if isinstance(each, ImportedConversation)]
    return made, [each for each in entries if isinstance(each, BrokenConversation)]


def shown(one):
    """Return the path that a conversation shows: roles, thinking, words, names of files."""
    path = path_of(one.messages, one.conversation.head_id)
    return [(each.role, each.reasoning, each.text, [file.name for file in each.files]) for each in path]


def path_of(messages, head):
    by_id = {message.id: message for message in messages}
    found: list[Message] = []
    while head is not None:
        found.insert(0, by_id[head])
        head = by_id[head].parent_id
    return found


def test_a_file_of_candor_comes_back_with_all_versions_and_the_bytes_of_pictures(put):
    photo = b"photo"
    picture = ImagePart("photo.png", "image/png", sha256(photo).hexdigest())
    question = replace(QUESTION, parts=(*QUESTION.parts, FILES[0], picture))
    other = replace(ANSWER, id="other", parent_id=question.id, parts=())
    answer = replace(ANSWER, parent_id=question.id)
    export = replace(talk(question, answer, other, title="Terms", with_thinking=True), read_picture=lambda _: photo)
    (one,), _ = read(put(candor_file.write(export)))
    assert (one.conversation.id, one.conversation.title) == (export.conversation.id, "Terms")
    assert [message.parts for message in one.messages] == [question.parts, answer.parts, ()]
    assert {message.parent_id for message in one.messages[1:]} == {one.messages[0].id}
    assert one.messages[1].place == answer.place
    assert one.pictures == {picture.digest: photo}


def test_a_file_of_the_first_version_is_read_and_false_pictures_are_not(put):
    whole = json.loads(candor_file.write(talk(QUESTION, title="Old")))
    whole["version"] = 1
    assert read(put(text(whole)))[0][0].conversation.title == "Old"
    whole["conversations"][0]["pictures"] = {"ab": "bm9uZQ==", "cd": "?", "ef": 5}
    assert read(put(text(whole)))[0][0].pictures == {}


def test_a_file_of_chatgpt_keeps_its_tree(put):
    (one,), broken = read(put(text(CHATGPT)))
    assert (one.program, broken) == ("ChatGPT", [BrokenConversation("Empty", ImportFault.EMPTY)])
    assert shown(one) == [
        (Role.USER, "", "Where to?", ["map.pdf"]),
        (Role.ASSISTANT, "Hm", "Paris", []),
    ]
    path = path_of(one.messages, one.conversation.head_id)
    assert path[-1].model == "gpt-5"
    versions = [message for message in one.messages if message.parent_id == path[0].id]
    assert [(each.reasoning, each.text) for each in versions] == [("Hm", "Rome"), ("Hm", "Paris")]
    assert one.conversation.updated_at == 1_700_000_100.0


def test_a_file_of_open_webui_has_its_thinking_apart(put):
    (one,), _ = read(put(text(OPEN_WEBUI)))
    assert shown(one) == [(Role.USER, "", "Why?", []), (Role.ASSISTANT, "Hm", "Because.", [])]
    assert one.messages[-1].model == "qwen3:4b"


def test_a_file_of_claude_has_its_versions_thinking_and_files(put):
    (one,), _ = read(put(text(CLAUDE)))
    assert shown(one) == [
        (Role.USER, "", "Read it", ["pasted.txt", "plan.png"]),
        (Role.ASSISTANT, "Hm", "It is 900.", []),
    ]
    assert [message.text for message in one.messages] == ["Read it", "900", "It is 900."]
    assert "Rent: 900" in outgoing_text(one.messages[0])
    assert "plan.png" not in outgoing_text(one.messages[0])
    assert one.conversation.created_at == pytest.approx(1_774_768_000, abs=5000)
    for record in CLAUDE[0]["chat_messages"]:
        record.pop("parent_message_uuid")
    (older,), _ = read(put(text(CLAUDE)))
    assert [words for _, _, words, _ in shown(older)] == ["Read it", "900", "It is 900."]


def test_a_folder_of_jan_has_its_threads(tmp_path):
    thread = tmp_path / "threads" / "t1"
    thread.mkdir(parents=True)
    (thread / "thread.json").write_bytes(text(JAN_THREAD))
    lines = b"\n".join([*map(text, JAN_MESSAGES), b"{ cut"])
    (thread / "messages.jsonl").write_bytes(lines)
    (tmp_path / "settings.json").write_bytes(b"[]")
    (one,), broken = read(tmp_path)
    assert (one.program, one.conversation.title, broken) == ("Jan", "Trip", [])
    assert shown(one) == [(Role.USER, "", "Where to?", []), (Role.ASSISTANT, "Hm", "Rome", [])]
    assert one.messages[-1].model == "qwen3-4b"
    assert (one.conversation.settings.system, one.conversation.updated_at) == ("Be short.", 1_700_000_100.0)


def test_a_folder_of_lm_studio_has_the_version_that_was_chosen(tmp_path):
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "1700000000000.conversation.json").write_bytes(text(LM_STUDIO))
    (tmp_path / "1700000000001.conversation.json").write_bytes(text(LM_STUDIO)[:-20])
    (one,), broken = read(tmp_path)
    assert shown(one) == [(Role.USER, "", "1+1?", ["sum.pdf"]), (Role.ASSISTANT, "One", "2", [])]
    assert [message.text for message in one.messages] == ["1+1?", "2", "two"]
    assert one.messages[-1].model == "qwen/qwen3-4b"
    assert broken == [BrokenConversation("1700000000001.conversation.json", ImportFault.BROKEN)]


def test_a_backup_of_cherry_studio_has_its_topics(tmp_path):
    file = tmp_path / "cherry-studio.zip"
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("data.json", text(CHERRY_STUDIO))
        package.writestr("Data/Files/notes.json", b"{}")
    (one,), _ = read(file)
    assert (one.conversation.title, one.conversation.pinned) == ("税务", True)
    assert shown(one) == [
        (Role.USER, "", "多少？", ["表.xlsx"]),
        (Role.ASSISTANT, "嗯", "13%", []),
        (Role.USER, "", "好", []),
    ]
    assert [message.text for message in one.messages] == ["多少？", "13%", "6%", "好"]
    packed = tmp_path / "cherry-studio.bak"
    packed.write_bytes(gzip.compress(text(CHERRY_STUDIO)))
    assert read(packed)[0][0].conversation.id == one.conversation.id


def test_an_archive_is_opened(tmp_path):
    file = tmp_path / "export.zip"
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("export/conversations-000.json", text(CHATGPT[:1]))
        package.writestr("export/conversations-001.json", text(CHATGPT[1:]))
        package.writestr("export/user.json", b"{}")
    made, broken = read(file)
    assert (made[0].program, [each.title for each in broken]) == ("ChatGPT", ["Empty"])


def archive(**files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        for name, content in files.items():
            package.writestr(name, content)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", ImportFault.BROKEN),
        (text(CHATGPT[0])[:-9], ImportFault.BROKEN),
        (b"PK\x03\x04 no archive", ImportFault.BROKEN),
        (archive(**{"conversations.json": text(CHATGPT)})[:-9], ImportFault.BROKEN),
        (archive(**{"IndexedDB/file__0.leveldb/000003.log": b""}), ImportFault.SEALED),
        (archive(**{"letter.txt": b""}), ImportFault.UNKNOWN),
        (gzip.compress(text(CHATGPT))[:-9], ImportFault.BROKEN),
        (b"[" * 100_000, ImportFault.BROKEN),
        (b'[{"mapping": ' * 50_000, ImportFault.BROKEN),
        (b"\xff\xfe\x00", ImportFault.BROKEN),
        (b"[" + b"9" * 10_000 + b"]", ImportFault.UNKNOWN),
        (b"{}", ImportFault.UNKNOWN),
        (b"[]", ImportFault.UNKNOWN),
        (b'"text"', ImportFault.BROKEN),
        (text([{"mapping": 5}]), ImportFault.UNKNOWN),
        (text({"format": "candor-conversations", "version": 99}), ImportFault.NEWER),
        (text({"format": "candor-conversations", "version": 99, "conversations": [{}]}), ImportFault.NEWER),
    ],
)
def test_what_is_no_such_file_is_said(put, content, fault):
    with pytest.raises(ImportFaultError) as caught:
        read(put(content))
    assert caught.value.fault is fault


def test_one_that_cannot_be_read_is_named_and_the_others_come(put):
    whole = json.loads(candor_file.write(talk(QUESTION, title="Good")))
    whole["conversations"].insert(0, {"title": "Bad", "messages": [{"role": 5}]})
    made, broken = read(put(text(whole)))
    assert [each.conversation.title for each in made] == ["Good"]
    assert broken == [BrokenConversation("Bad", ImportFault.BROKEN)]


def test_what_is_whole_comes_from_a_file_that_is_damaged_or_cut_off(put):
    talks = [{**CHATGPT[0], "conversation_id": f"{number}", "title": f"{number}"} for number in range(5)]
    content = text(talks)
    places = [content.index(f'"title": "{number}"'.encode()) for number in range(5)]
    noise = content[: places[2] + 40] + b'"\x00}]{' * 9 + content[places[2] + 90 :]
    made, broken = read(put(noise))
    assert [each.conversation.title for each in made] == ["0", "1", "3", "4"]
    assert {each.fault for each in broken} == {ImportFault.BROKEN}
    made, broken = read(put(content[: places[4] + 40]))
    assert [each.conversation.title for each in made] == ["0", "1", "2", "3"]
    assert broken == [BrokenConversation("", ImportFault.BROKEN)]


def test_a_file_that_is_longer_than_is_read_at_once_comes_whole(put, monkeypatch):
    monkeypatch.setattr(sources, "_STEP", 64)
    shares: list[float] = []
    talks = [{**CHATGPT[0], "conversation_id": f"{number}", "title": "中" * number} for number in range(40)]
    file = put(json.dumps(talks, ensure_ascii=False).encode())
    entries = list(importers.read(file, shares.append))
    assert [each.conversation.title for each in entries if isinstance(each, ImportedConversation)] == [
        "中" * number for number in range(40)
    ]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    monkeypatch.setattr(sources, "MOST_BYTES", 100)
    with pytest.raises(ImportFaultError) as caught:
        read(file)
    assert caught.value.fault is ImportFault.TOO_LARGE


def test_values_of_wrong_types_are_passed_over(put):
    odd = {
        "mapping": {
            "a": {"message": {"author": 5, "content": [], "create_time": "x"}},
            "b": 7,
            "c": node("c", "a", "user", "\ud800Yes"),
            "d": node("d", "d", "assistant", "itself", metadata={"attachments": [{"name": "\n"}, 5]}),
        },
        "title": ["x"],
        "create_time": float("inf"),
    }
    (one,), _ = read(put(text([odd])))
    assert [message.text for message in one.messages] == ["\ufffdYes", "itself"]
    for many in (
        [{"chat": {"history": {"messages": {"a": 5, "b": {"role": "user", "content": 5}}}}}],
        [{"chat_messages": [5, {"sender": "human", "content": [{"type": "text", "text": 5}], "created_at": "?"}]}],
        {"messages": [{"versions": [5, {"role": "user", "content": {}}]}, {"versions": []}], "currentlySelected": "x"},
        {"indexedDB": [{"key": "topic:1", "value": {"id": 5, "messages": [{}]}}], "localStorage": {}},
        {"indexedDB": {"topics": [{"messages": 7}]}, "localStorage": {"persist:cherry-studio": "{"}},
    ):
        with pytest.raises(ImportFaultError) as caught:
            read(put(text(many)))
        assert caught.value.fault is ImportFault.EMPTY
