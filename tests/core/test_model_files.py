"""Files of models: their headers, names and places, and the cache that they need."""

from __future__ import annotations

import io
import struct
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.connection import Connection, ConnectionKind
from desktop.core.model import CacheShape, ModelInfo
from desktop.core.models.choosing import parse_catalogue
from desktop.core.models.file import FileFault, GgufError, cache_shape, first_piece, parse_header
from desktop.core.models.place import forwarding_host, is_cloud_name, own_name, place_of, shown_name, with_own_names
from desktop.core.place import THIS_COMPUTER, Place, PlaceKind
from desktop.core.resources import resource_path
from tests.core.tables import table
from tests.support.gguf_file import gguf_bytes

# --- Which file a model in pieces is opened by ---------------------------------------------------------------------

CASES = table("models/file.toml")


@pytest.mark.parametrize(
    ("name", "first"),
    CASES["the_first_piece"],
)
def test_the_first_piece(name, first):
    folder = Path("/models")
    assert first_piece(folder / name) == folder / first


# --- Headers of GGUF files -----------------------------------------------------------------------------------------

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


# --- The names of models as their makers write them, read from those of files and servers --------------------------

NAMES = table("models/names.toml")

CATALOGUE = parse_catalogue(resource_path("models", "catalogue.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("name", "own"), NAMES["own"])
def test_own_names(name, own):
    assert own_name(name) == own
    assert own_name(f"{name}{'-x' * 100}") == ""


def test_they_are_those_of_the_catalogue():
    others = {row.name for row in CATALOGUE.rows if own_name(row.name) != row.title}
    assert others <= {"mistral-small3.2:24b"}  # whose size its maker does not name


def test_of_other_files_the_folders_are_left_away():
    assert shown_name("/home/li/house-style-q4.gguf") == "house-style-q4"
    assert shown_name("house-style:latest") == "house-style:latest"


def test_models_of_one_server_can_be_told_apart():
    names = ("qwen3:8b", "qwen3:8b-q8_0", "qwen3:4b", "own:latest")
    models = with_own_names([*map(ModelInfo, names), ModelInfo("qwen3:14b", label="Ours")])
    assert [each.title for each in models] == [
        "Qwen3 8B (qwen3:8b)",
        "Qwen3 8B (qwen3:8b-q8_0)",
        "Qwen3 4B",
        "own:latest",
        "Ours",
    ]


# --- Where a model is ----------------------------------------------------------------------------------------------

HERE = Connection(kind=ConnectionKind.OLLAMA, name="Ollama", address="http://127.0.0.1:11434")
NEAR = Connection(kind=ConnectionKind.OLLAMA, name="Ours", address="http://gpu-server:11434")
FAR = Connection(kind=ConnectionKind.OLLAMA, name="Far", address="https://models.example.com")
SAME = Connection(kind=ConnectionKind.OPENAI_COMPAT, name="Ollama", address="http://127.0.0.1:11434/v1")
FILES = Connection(kind=ConnectionKind.BUILT_IN, name="Engine", address="")
GATEWAY = Connection(
    kind=ConnectionKind.OPENAI_COMPAT,
    name="LiteLLM",
    address="http://gpu-server:4000/v1",
    passes_on_to="api.example.com",
)
CLOUD = Place(PlaceKind.INTERNET, "ollama.com")

FORWARDED = ModelInfo("copied:latest", forwarded_to="ollama.com")
NAMED = ModelInfo("kimi-k2:1t-cloud")
OWN = ModelInfo("qwen3:4b")


@pytest.mark.parametrize(
    ("connection", "model", "place"),
    [
        (HERE, OWN, THIS_COMPUTER),
        (HERE, FORWARDED, CLOUD),
        (HERE, NAMED, CLOUD),
        (SAME, NAMED, CLOUD),
        (NEAR, OWN, Place(PlaceKind.PRIVATE_NETWORK, "gpu-server")),
        (NEAR, FORWARDED, CLOUD),
        (NEAR, NAMED, CLOUD),
        (FAR, FORWARDED, Place(PlaceKind.INTERNET, "models.example.com")),
        (FILES, ModelInfo("/models/odd:cloud"), THIS_COMPUTER),
        (GATEWAY, OWN, Place(PlaceKind.INTERNET, "api.example.com")),
        (replace(GATEWAY, address="https://api.other.example/v1"), OWN, Place(PlaceKind.INTERNET, "api.other.example")),
        (HERE, ModelInfo("relay", forwarded_to="gpu-server"), Place(PlaceKind.INTERNET, "gpu-server")),
        (HERE, ModelInfo("relay", forwarded_to="127.0.0.1"), Place(PlaceKind.INTERNET, "127.0.0.1")),
    ],
)
def test_place(connection, model, place):
    assert place_of(connection, model) == place


@pytest.mark.parametrize(
    "name", ["kimi-k2:1t-cloud", "glm-5.1:cloud", "GLM-5.1:Cloud", "me/own:cloud", "a:b:7b-cloud", "x: cloud "]
)
def test_names_that_ollama_forwards(name):
    assert is_cloud_name(name)


@pytest.mark.parametrize(
    "name", ["", "cloud", "my-cloud", "cloud:latest", "cloud-7b:q4", "h:5000/me/a-cloud", "x:cloudy"]
)
def test_names_that_it_does_not(name):
    assert not is_cloud_name(name)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://ollama.com:443", "ollama.com"),
        ("ollama.com", "ollama.com"),
        ("http://127.0.0.1:9", "127.0.0.1"),
        ("", "ollama.com"),
        ("http://[::1", "http://[::1"),
    ],
)
def test_host_that_is_forwarded_to(address, host):
    assert forwarding_host(address) == host


@given(st.text(max_size=30), st.text(min_size=1, max_size=30))
def test_nothing_forwarded_is_ever_near(name, address):
    model = ModelInfo(name, forwarded_to=forwarding_host(address))
    assert place_of(HERE, model).kind is PlaceKind.INTERNET
    assert place_of(NEAR, model).kind is PlaceKind.INTERNET


# --- The memory that models of real shapes take for what they have read, and what cannot be told from a header -----

HEADERS = Path(__file__).with_name("models") / "headers"
MIB = 1 << 20
KNOWN = {
    # name: bytes a token, MiB of layers that keep the nearest tokens only, MiB that are always taken
    "qwen3-0.6b": (114_688, 0, 0),
    "qwen3-8b": (147_456, 0, 0),
    "qwen3-14b": (163_840, 0, 0),  # a server was measured to take 2,560 MiB for 16,384 tokens
    "qwen3-30b-a3b": (98_304, 0, 0),
    "qwen3-235b-a22b": (192_512, 0, 0),
    "qwen3.5-2b": (12_288, 0, 19.3),
    "qwen3.5-9b": (32_768, 0, 50.3),
    "qwen3.8-27b": (65_536, 0, 149.6),  # a server was measured to take 64,784 bytes a token
    "qwen3.6-35b-a3b": (20_480, 0, 62.8),
    "qwen3-next-80b": (24_576, 0, 75.4),
    "deepseek-r1-1.5b": (28_672, 0, 0),
    "deepseek-r1-7b": (57_344, 0, 0),
    "deepseek-r1-32b": (262_144, 0, 0),
    "deepseek-r1-70b": (327_680, 0, 0),
    "deepseek-r1-671b": (70_272, 0, 0),  # the figure of its paper
    "deepseek-r1-671b-old": (4_997_120, 0, 0),
    "glm-4.7-flash": (54_144, 0, 0),
    "llama3.1-8b": (131_072, 0, 0),
    "llama3.2-1b": (32_768, 0, 0),
    "mistral-7b-v0.1": (131_072, 0, 0),
    "ministral-3-8b": (139_264, 0, 0),
    "phi4": (204_800, 0, 0),
    "granite4-micro": (81_920, 0, 0),
    "granite4-small-h": (16_384, 0, 147.5),
    "nemotron-3-nano-4b": (16_384, 0, 81.1),
    "lfm2-1.2b": (12_288, 0, 0.156),
    "gemma3-1b": (4_096, 22, 0),
    "gemma3-4b": (20_480, 174, 0),
    "gemma3-12b": (65_536, 480, 0),
    "gemma3-27b": (81_920, 624, 0),
    "gemma4-e2b": (6_144, 12, 0),
    "gemma4-e4b": (16_384, 40, 0),
    "gemma4-12b": (16_384, 480, 0),
    "gemma4-26b-a4b": (20_480, 300, 0),
    "gemma4-31b": (81_920, 1_200, 0),
    "gpt-oss-20b": (24_576, 15, 0),
    "gpt-oss-120b": (36_864, 22.5, 0),
}
UNKNOWN = ("unknown-window", "unknown-state", "unknown-both", "unknown-kind", "lying-layers")


def header(name):
    path = HEADERS / f"{name}.gguf"
    with path.open("rb") as stream:
        return parse_header(stream, path.stat().st_size)


@pytest.mark.parametrize("name", KNOWN)
def test_the_cache_of_a_real_shape(name):
    cache = header(name).cache
    assert cache is not None
    per_token, nearby, fixed = KNOWN[name]
    assert cache.per_token == per_token
    assert cache.nearby * cache.window / MIB == pytest.approx(nearby, abs=0.5)
    assert cache.fixed / MIB == pytest.approx(fixed, rel=0.05)


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_a_header_does_not_tell_is_not_guessed(name):
    assert header(name).cache is None


def test_every_header_is_tried():
    assert {each.stem for each in HEADERS.glob("*.gguf")} == {*KNOWN, *UNKNOWN}


def test_a_window_counts_once_it_is_full():
    cache = CacheShape(per_token=10, nearby=100, window=1_000, fixed=7)
    assert [cache.bytes_for(tokens) for tokens in (0, 500, 1_000, 5_000)] == [7, 55_007, 110_007, 150_007]


def test_a_list_that_a_server_left_out_is_not_a_list_that_is_not_there():
    told = dict(header("gemma4-12b").metadata)
    assert cache_shape(told) is not None
    for key in ("gemma4.attention.head_count_kv", "gemma4.attention.sliding_window_pattern"):
        assert cache_shape(told | {key: []}) is None
        assert cache_shape(told | {key: None}) is None
