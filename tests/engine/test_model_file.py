"""Model files as a user may hand them over: what is told of good ones, and that bad ones block nothing."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest

from desktop.core.errors import EngineFailed
from desktop.core.models.file import FileFault
from desktop.core.request import ThinkingMode
from desktop.engine.model_file import describe_model_file, label_of, look_at_model, read_header
from desktop.ui.errors import describe
from tests.support.gguf_file import gguf_bytes
from tests.support.missing import on_unix


def fault_of(look, path):
    with pytest.raises(EngineFailed) as failed:
        look(path)
    return failed.value


def write(path, metadata):
    path.write_bytes(gguf_bytes(metadata))
    return path


@pytest.mark.parametrize(
    ("file_name", "label"),
    [
        ("Qwen3-8B-Q4_K_M.gguf", "Qwen3 8B"),
        ("Qwen3-30B-A3B-UD-IQ3_XXS.gguf", "Qwen3 30B A3B"),
        ("gpt-oss-20b-mxfp4.gguf", "gpt-oss 20B"),
        ("DeepSeek-R1-BF16-00001-of-00009.gguf", "DeepSeek R1"),
        ("我的模型.gguf", "我的模型"),
        (".gguf", ".gguf"),
    ],
)
def test_a_file_name_becomes_a_label(file_name, label):
    assert label_of(Path("/models") / file_name) == label


@pytest.mark.parametrize(
    ("template", "modes"),
    [
        (
            "{% if enable_thinking is false %}<think>\n\n</think>{% endif %}",
            (ThinkingMode.AUTO, ThinkingMode.OFF, ThinkingMode.ON),
        ),
        ("<think>\n", (ThinkingMode.AUTO,)),
        (
            "{{ '<|channel|>analysis' + reasoning_effort }}",
            (ThinkingMode.AUTO, ThinkingMode.LOW, ThinkingMode.MEDIUM, ThinkingMode.HIGH),
        ),
    ],
)
def test_the_template_tells_whether_a_model_thinks(tmp_path, template, modes):
    info = describe_model_file(
        write(tmp_path / "m.gguf", {"general.architecture": "a", "tokenizer.chat_template": template})
    )
    assert info.capabilities == {"completion", "thinking"}
    assert info.thinking_modes == modes


def test_an_embedding_model_cannot_chat(tmp_path):
    info = describe_model_file(write(tmp_path / "m.gguf", {"general.architecture": "bert", "bert.pooling_type": 1}))
    assert not info.can_chat


def test_a_model_in_pieces_is_whole_or_says_what_is_missing(tmp_path):
    pieces = [write(tmp_path / f"big-{number:05}-of-00006.gguf", {}) for number in (1, 3)]
    failed = fault_of(look_at_model, pieces[0])
    assert failed.reason == FileFault.PIECE_MISSING
    assert failed.detail == "big-00002-of-00006.gguf, big-00004-of-00006.gguf, big-00005-of-00006.gguf, …"
    assert failed.detail in describe(failed.as_failure()).sentence
    for number in (2, 4, 5, 6):
        write(tmp_path / f"big-{number:05}-of-00006.gguf", {})
    given = look_at_model(pieces[0])
    assert (len(given.pieces), given.size, given.label) == (6, 6 * pieces[0].stat().st_size, "big")


def test_the_part_that_sees_is_found_beside_a_model_and_is_none_itself(tmp_path):
    model = write(tmp_path / "gemma.gguf", {"general.architecture": "gemma3"})
    (tmp_path / "mmproj-broken.gguf").write_bytes(b"no model")
    assert look_at_model(model).projector is None
    seeing = write(tmp_path / "mmproj-gemma-f16.GGUF", {"general.architecture": "clip"})
    assert look_at_model(model).projector == seeing
    assert fault_of(look_at_model, seeing).reason == FileFault.PROJECTOR


@pytest.mark.engine
def test_the_starter_model_is_described(starter_model):
    info = describe_model_file(starter_model)
    assert (info.name, info.title) == (str(starter_model), "SmolLM2 135M")
    assert (info.family, info.quantization, info.context_length) == ("llama", "Q4_1", 8192)
    assert (info.parameters, info.size_on_disk) == (134_515_008, starter_model.stat().st_size)
    assert info.capabilities == {"completion"}


@contextlib.contextmanager
def unprivileged():
    """Root may read everything; give up its rights for a while."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


@on_unix
def test_a_file_without_permission(tmp_path):
    path = write(tmp_path / "m.gguf", {})
    path.chmod(0)
    with unprivileged():
        fault = fault_of(read_header, path)
    assert fault.reason == FileFault.UNREADABLE


@on_unix
def test_what_is_not_a_file_blocks_nothing(tmp_path):
    fifo = tmp_path / "fifo.gguf"
    os.mkfifo(fifo)
    for path, fault in [
        (tmp_path, FileFault.NOT_ORDINARY),
        (fifo, FileFault.NOT_ORDINARY),
        (Path("a\0b"), FileFault.GONE),
        (Path("/dev/zero"), FileFault.NOT_ORDINARY),
        (tmp_path / "missing.gguf", FileFault.GONE),
        (fifo / "below a file.gguf", FileFault.GONE),
    ]:
        assert fault_of(read_header, path).reason == fault


def test_a_folder_is_none_where_the_system_refuses_to_open_it(tmp_path, monkeypatch):
    def refuse(path, flags):  # as Windows does
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "open", refuse)
    assert fault_of(read_header, tmp_path).reason == FileFault.NOT_ORDINARY


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("m-00002-of-00002.gguf", gguf_bytes(), FileFault.LATER_PIECE),
        ("m.gguf", gguf_bytes({"general.architecture": "bert", "bert.pooling_type": 1}), FileFault.CANNOT_CHAT),
    ],
)
def test_a_look_finds_what_cannot_be_talked_to(tmp_path, name, content, fault):
    path = tmp_path / name
    path.write_bytes(content)
    assert fault_of(look_at_model, path).reason == fault
