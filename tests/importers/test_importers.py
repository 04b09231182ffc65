"""Files of other programs and of this one: their trees, what is left out of them, and files that are none."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from typing import Any

import pytest

from desktop.core.exporting.imported import ImportFault, ImportFaultError
from desktop.core.message import Message, Role
from desktop.exporters import candor_file
from desktop.importers import read
from tests.exporters.talk import ANSWER, FILES, QUESTION, talk


def node(name: str, parent: str | None, role: str = "user", text: str = "", **more: Any) -> dict[str, Any]:
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
            "a": node("a", "s", "user", "Where to?"),
            "t": node("t", "a", "assistant", content={"content_type": "thoughts", "thoughts": [{"content": "Hm"}]}),
            "b": node("b", "t", "assistant", "Rome", metadata={"model_slug": "gpt-5"}),
            "c": node("c", "t", "assistant", "Paris", metadata={"model_slug": "gpt-5"}),
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


def text(content: object) -> bytes:
    return json.dumps(content).encode()


def path_of(messages: tuple[Message, ...], head: str | None) -> list[Message]:
    by_id = {message.id: message for message in messages}
    found: list[Message] = []
    while head is not None:
        found.insert(0, by_id[head])
        head = by_id[head].parent_id
    return found


def test_a_file_of_candor_comes_back_with_all_versions() -> None:
    question = replace(QUESTION, parts=(*QUESTION.parts, *FILES))
    other = replace(ANSWER, id="other", parent_id=question.id, parts=())
    answer = replace(ANSWER, parent_id=question.id)
    export = talk(question, answer, other, title="Terms", with_thinking=True)
    (one,) = read(candor_file.write(export)).conversations
    assert (one.conversation.id, one.conversation.title) == (export.conversation.id, "Terms")
    assert [message.parts for message in one.messages] == [question.parts, answer.parts, ()]
    assert {message.parent_id for message in one.messages[1:]} == {one.messages[0].id}
    assert one.messages[1].place == answer.place


def test_a_file_of_chatgpt_keeps_its_tree() -> None:
    found = read(text(CHATGPT))
    (one,) = found.conversations
    assert (found.program, found.broken) == ("ChatGPT", ("Empty",))
    shown = path_of(one.messages, one.conversation.head_id)
    assert [(message.role, message.text or message.reasoning) for message in shown] == [
        (Role.USER, "Where to?"),
        (Role.ASSISTANT, "Hm"),
        (Role.ASSISTANT, "Paris"),
    ]
    assert shown[-1].model == "gpt-5"
    assert {message.text for message in one.messages if message.parent_id == shown[1].id} == {"Rome", "Paris"}
    assert one.conversation.updated_at == 1_700_000_100.0


def test_a_file_of_open_webui_has_its_thinking_apart() -> None:
    (one,) = read(text(OPEN_WEBUI)).conversations
    question, answer = path_of(one.messages, one.conversation.head_id)
    assert question.text == "Why?"
    assert (answer.reasoning, answer.text, answer.model) == ("Hm", "Because.", "qwen3:4b")


def test_an_archive_is_opened() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("export/conversations.json", text(CHATGPT))
    assert read(packed.getvalue()).program == "ChatGPT"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", ImportFault.BROKEN),
        (text(CHATGPT)[:-9], ImportFault.BROKEN),
        (b"PK\x03\x04 no archive", ImportFault.BROKEN),
        (b"[" * 100_000, ImportFault.BROKEN),
        (b"\xff\xfe\x00", ImportFault.BROKEN),
        (b"{}", ImportFault.UNKNOWN),
        (b"[]", ImportFault.UNKNOWN),
        (b'"text"', ImportFault.UNKNOWN),
        (text([{"mapping": 5}]), ImportFault.UNKNOWN),
        (text({"format": "candor-conversations", "version": 99}), ImportFault.NEWER),
    ],
)
def test_what_is_no_such_file_is_said(content: bytes, fault: ImportFault) -> None:
    with pytest.raises(ImportFaultError) as caught:
        read(content)
    assert caught.value.fault is fault


def test_one_that_cannot_be_read_is_named_and_the_others_come() -> None:
    whole = json.loads(candor_file.write(talk(QUESTION, title="Good")))
    whole["conversations"].append({"title": "Bad", "messages": [{"role": 5}]})
    found = read(text(whole))
    assert [each.conversation.title for each in found.conversations] == ["Good"]
    assert found.broken == ("Bad",)


def test_values_of_wrong_types_are_passed_over() -> None:
    odd = [{"mapping": {"a": {"message": {"author": 5, "content": [], "create_time": "x"}}, "b": 7}, "title": ["x"]}]
    assert read(text(odd)).broken == ("",)
    odd_chats = [{"chat": {"history": {"messages": {"a": 5, "b": {"role": "user", "content": 5}}}}}]
    (one,) = read(text(odd_chats)).conversations
    assert [message.text for message in one.messages] == [""]
