"""The memory that models of real shapes take for what they have read, and what cannot be told from a header.

The headers are made by the package `gguf`, llama.cpp's own writer of such files, with the numbers of the families'
published configurations and one small tensor in place of the weights.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.core.model import CacheShape
from desktop.core.models.cache import cache_shape
from desktop.core.models.gguf import parse_header

HEADERS = Path(__file__).with_name("headers")
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
