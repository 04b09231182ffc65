"""Headers of GGUF files: what they tell, and that no file, however broken, does more than raise `GgufError`."""

from __future__ import annotations

import io
import struct
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.model import CacheShape
from desktop.core.models.file import FileFault
from desktop.core.models.gguf import GgufError, parse_header
from tests.support.gguf_file import gguf_bytes

QWEN = {
    "general.architecture": "qwen3",
    "general.name": "Qwen3 8B",
    "general.file_type": 15,
    "qwen3.block_count": 36,
    "qwen3.context_length": 40960,
    "qwen3.embedding_length": 4096,
    "qwen3.attention.head_count": 32,
    "qwen3.attention.head_count_kv": 8,
    "qwen3.attention.key_length": 128,
    "qwen3.attention.value_length": 128,
    "tokenizer.ggml.tokens": ["a", "bc", ""] * 20_000,
    "tokenizer.ggml.scores": [1] * 10_000,
    "tokenizer.chat_template": "{% if enable_thinking %}<think>{% endif %}",
    "general.quantization_version": 2,
}
TENSORS = {"a.weight": (64, 3), "b.ffn_up_exps.weight": (32, 8)}


def parse(content):
    return parse_header(io.BytesIO(content), len(content))


def test_what_a_header_tells():
    header = parse(gguf_bytes(QWEN, TENSORS))
    assert header.architecture == "qwen3"
    assert header.name == "Qwen3 8B"
    assert header.context_length == 40960
    assert header.quantization == "Q4_K_M"
    assert header.parameters == 64 * 3 + 32 * 8
    assert "enable_thinking" in header.chat_template
    assert header.number("general.quantization_version") == 2
    assert header.cache == CacheShape(36 * 8 * 256 * 2)  # layers, heads, key and value, two bytes each
    assert not header.is_embedding_model
    assert not header.is_split
    assert header.active_parameters is None


def test_long_lists_are_skipped_and_short_ones_kept():
    header = parse(gguf_bytes(QWEN | {"qwen3.attention.head_count_kv": [8, 0, 8]}, TENSORS))
    assert "tokenizer.ggml.tokens" not in header.metadata
    assert "tokenizer.ggml.scores" not in header.metadata
    assert header.metadata["qwen3.attention.head_count_kv"] == (8, 0, 8)
    assert header.cache is None  # three numbers for 36 layers, of which one is without a state that is known


def test_a_mixture_of_experts_says_how_much_of_it_works_at_a_time():
    experts = QWEN | {"qwen3.expert_count": 8, "qwen3.expert_used_count": 2}
    header = parse(gguf_bytes(experts, TENSORS))
    assert header.active_parameters == 64 * 3 + 32 * 8 * 2 // 8


def test_a_model_that_pools_and_has_no_template_cannot_talk():
    assert parse(gguf_bytes({"general.architecture": "bert", "bert.pooling_type": 1})).is_embedding_model


def test_values_of_another_type_than_expected_count_as_absent():
    header = parse(gguf_bytes({"general.architecture": "x", "x.context_length": "long", "general.file_type": True}))
    assert header.context_length is None
    assert header.quantization == ""
    assert header.cache is None


SMALL = gguf_bytes({"general.architecture": "x", "x.list": ["ab", "c"], "x.numbers": [1, 2], "x.on": True})


def broken(at, form, value):
    raw = bytearray(SMALL)
    struct.pack_into(form, raw, at, value)
    return bytes(raw)


def with_value(form, *value):
    """A file whose first entry begins so, and which ends soon after."""
    return b"GGUF" + struct.pack("<IQQQs", 3, 1, 1, 1, b"k") + struct.pack(form, *value) + bytes(16)


@pytest.mark.parametrize(
    ("content", "fault", "where"),
    [
        (b"", FileFault.EMPTY, "empty"),
        (b"GG", FileFault.CUT_OFF, "at byte 2"),
        (b"Hi\n", FileFault.NOT_GGUF, "begins with"),
        (b"Dear colleagues,\nattached is the model", FileFault.NOT_GGUF, "begins with 'Dear'"),
        (b"PK\x03\x04 a zip file", FileFault.NOT_GGUF, "begins with 0x504b0304"),
        (gguf_bytes(version=1), FileFault.VERSION, "version 1"),
        (broken(4, ">I", 3), FileFault.VERSION, "version 50331648"),
        (broken(8, "<Q", 2**63), FileFault.DAMAGED, "tensors"),
        (broken(16, "<Q", 2**63), FileFault.DAMAGED, "entries"),
        (broken(24, "<Q", 2**40), FileFault.DAMAGED, "a text of 1099511627776 bytes"),
        (broken(52, "<I", 77), FileFault.DAMAGED, "unknown type 77"),
        (with_value("<IQ", 8, 2**40), FileFault.DAMAGED, "1099511627776 bytes or more"),
        (with_value("<IQ", 8, 2**26), FileFault.CUT_OFF, "inside the header"),
        (with_value("<IIQ", 9, 6, 2**40), FileFault.DAMAGED, "bytes or more"),
        (with_value("<IIQ", 9, 6, 2**24), FileFault.CUT_OFF, "inside the header"),
        (with_value("<IIQ", 9, 8, 2**40), FileFault.DAMAGED, "bytes or more"),
        (with_value("<IIQ", 9, 8, 2**20), FileFault.CUT_OFF, "inside the header"),
        (with_value("<IIQQ", 9, 8, 1, 2**40), FileFault.DAMAGED, "bytes or more"),
        (with_value("<IIQQ", 9, 8, 1, 2**26), FileFault.CUT_OFF, "inside the header"),
        (gguf_bytes(tensors={}), FileFault.NO_WEIGHTS, "no weights"),
        (gguf_bytes(tensors={"a": (1,) * 9}), FileFault.DAMAGED, "9 dimensions"),
        (gguf_bytes({"general.alignment": 0}), FileFault.DAMAGED, "alignment"),
        (gguf_bytes(tensors={"a": (64,), "b": (64,)})[:-70], FileFault.CUT_OFF, "weights reach beyond"),
    ],
)
def test_a_broken_file_says_what_is_wrong(content, fault, where):
    with pytest.raises(GgufError, match=where) as failed:
        parse(content)
    assert failed.value.fault is fault


def test_cut_at_every_byte_it_is_refused():
    # The last tensor's own bytes are llama.cpp's to check: their size depends on how the weights are packed.
    for length in range(len(SMALL) - 64 + 1):
        with pytest.raises(GgufError):
            parse(SMALL[:length])


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(noise):
    with pytest.raises(GgufError):
        parse(b"GGUF" + struct.pack("<I", 3) + noise)


@given(st.data())
def test_any_changed_byte_is_read_or_refused(data):
    raw = bytearray(SMALL)
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        header = parse(bytes(raw))
    except GgufError:
        return
    assert header.parameters >= 0
    assert header.cache is None or header.cache.bytes_for(8_192) >= 0


def test_lists_that_claim_to_be_endless_are_refused_at_once():
    endless = b"GGUF" + struct.pack("<IQQ", 3, 1, 1) + struct.pack("<Q", 1) + b"k"
    for kind in (8, 0, 12):
        content = endless + struct.pack("<IIQ", 9, kind, 2**62) + bytes(1 << 20)
        before = time.process_time()
        with pytest.raises(GgufError):
            parse(content)
        assert time.process_time() - before < 0.5
