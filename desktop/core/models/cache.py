"""The shape of a model's cache, from the metadata of its file: which layers keep what, and for how long.

Rules on keys that a GGUF file has and that servers tell, too. What cannot be told from them is None, never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desktop.core.model import CacheShape

_F16, _F32 = 2, 4  # bytes: keys and values are kept in half precision, the states of other layers in full
# A layer with a window keeps that much and the batch that is read at once.
_BATCH = 512
# Families whose files say that there is a window, and not which layers have it: of so many layers one sees everything,
# the last of them. As llama.cpp has them built in.
_ONE_OF = {"gemma2": 2, "gemma3": 6, "gemma3n": 5, "gptoss": 2, "gpt-oss": 2, "cohere2": 4, "olmo2": 4, "exaone4": 4}
# Families whose files name a window that no program makes use of.
_WINDOW_UNUSED = frozenset({"llama", "qwen2", "qwen2moe", "qwen3", "qwen3moe", "phi3"})
# Files of these families that were made before there was a key for it.
_INTERVALS = {"qwen3next": 4, "qwen35": 4, "qwen35moe": 4}
# A header may say anything; the largest models have 126 layers.
_MOST_LAYERS = 1 << 12
# Layers that keep neither keys and values nor a state whose size is known here.
_FOREIGN = ("kda.head_dim", "wkv.head_size")


class _Untold(Exception):
    """End of the reckoning: something that it needs is not told."""


def cache_shape(metadata: Mapping[str, object]) -> CacheShape | None:
    """Return the cache of a model with 16-bit keys and values; None where the metadata do not say."""
    try:
        return _shape(_Keys(metadata))
    except _Untold:
        return None


def _shape(keys: _Keys) -> CacheShape:
    layers = keys.needed("block_count")
    # Layers at the end that guess ahead, or that look into another layer's cache, keep none.
    keeping = layers - keys.number("nextn_predict_layers") - keys.number("attention.shared_kv_layers")
    if layers > _MOST_LAYERS or keeping <= 0 or any(map(keys.has, _FOREIGN)):
        raise _Untold
    # Layers that keep one compressed row for a token, as in files made since 2025; an older one holds the same weights
    # unfolded, and its heads keep keys and values as any others do.
    is_folded = keys.has("attention.key_length_mla") or keys.value("attention.head_count_kv") in (1, (1,), [1])
    if keys.has("attention.kv_lora_rank") and is_folded:
        row = keys.needed("attention.kv_lora_rank") + keys.needed("rope.dimension_count")
        return CacheShape(keeping * row * _F16)
    heads = _heads_of(keys, layers)[:keeping]
    state = _state(keys, _stateful(keys, heads))
    near = _windowed(keys, heads)
    everywhere = sum(count for count, is_near in zip(heads, near, strict=True) if not is_near)
    nearby = sum(heads) - everywhere
    key, value = _width(keys, "key"), _width(keys, "value")
    near_key = keys.number("attention.key_length_swa") or key
    near_value = keys.number("attention.value_length_swa") or value
    window = keys.number("attention.sliding_window") + _BATCH if nearby else 0
    return CacheShape(everywhere * (key + value) * _F16, nearby * (near_key + near_value) * _F16, window, state)


@dataclass(frozen=True, slots=True)
class _Keys:
    """Metadata, by names without the architecture."""

    metadata: Mapping[str, object]

    @property
    def architecture(self) -> str:
        return str(self.metadata.get("general.architecture", ""))

    def value(self, name: str) -> object:
        return self.metadata.get(f"{self.architecture}.{name}")

    def has(self, name: str) -> bool:
        return f"{self.architecture}.{name}" in self.metadata

    def number(self, name: str) -> int:
        """Return a number; 0 where there is none."""
        value = self.value(name)
        return max(0, value) if isinstance(value, int) and not isinstance(value, bool) else 0

    def needed(self, name: str) -> int:
        """Return a number above zero. Raises `_Untold`."""
        if not (number := self.number(name)):
            raise _Untold
        return number

    def listed(self, name: str, least: int) -> list[int]:
        """Return the numbers of a list, one for each layer. Raises `_Untold`."""
        value = self.value(name)
        numbers = [each for each in value if isinstance(each, int)] if isinstance(value, list | tuple) else []
        if len(numbers) < least or min(numbers, default=0) < 0:
            raise _Untold
        return numbers


def _width(keys: _Keys, of: str) -> int:
    """Return the numbers that one head keeps of a token's key or value."""
    name = f"attention.{of}_length"
    return keys.number(name) or keys.needed("embedding_length") // _each_of(keys, "attention.head_count", 1)[0]


def _each_of(keys: _Keys, name: str, layers: int) -> list[int]:
    """Return a number for each layer, where the file has one for all or one for each."""
    if isinstance(keys.value(name), list | tuple):
        numbers = keys.listed(name, layers)
        if len(numbers) > layers:
            raise _Untold
        return numbers
    return [keys.needed(name)] * layers


def _heads_of(keys: _Keys, layers: int) -> list[int]:
    """Return how many heads of each layer keep keys and values; none in layers of another kind."""
    # A server leaves long lists out and sends nothing in their place: that is not the same as a file without the key.
    own = keys.has("attention.head_count_kv")
    heads = _each_of(keys, "attention.head_count_kv" if own else "attention.head_count", layers)
    interval = keys.number("full_attention_interval") or _INTERVALS.get(keys.architecture, 1)
    return [count if (at + 1) % interval == 0 else 0 for at, count in enumerate(heads)]


def _windowed(keys: _Keys, heads: list[int]) -> list[bool]:
    """Return for each layer that keeps a cache if it keeps the nearest tokens only."""
    if not keys.number("attention.sliding_window") or keys.architecture in _WINDOW_UNUSED:
        return [False] * len(heads)
    name = "attention.sliding_window_pattern"
    if isinstance(keys.value(name), list | tuple):
        return list(map(bool, keys.listed(name, len(heads))[: len(heads)]))
    one_of = keys.number(name) or _ONE_OF.get(keys.architecture)
    if not one_of:
        raise _Untold
    return [(at + 1) % one_of != 0 for at in range(len(heads))]


def _stateful(keys: _Keys, heads: list[int]) -> int:
    """Return how many layers keep a state in place of keys and values."""
    without = [at for at, count in enumerate(heads) if not count]
    if not without and keys.has("ssm.state_size"):
        raise _Untold  # there are families whose layers keep both
    if not keys.architecture.startswith("nemotron_h"):
        return len(without)
    # Here some layers are nothing but a feed-forward network, and keep nothing at all.
    feeding = keys.listed("feed_forward_length", len(heads))
    return sum(not feeding[at] for at in without)


def _state(keys: _Keys, layers: int) -> int:
    """Return the bytes of the states of layers without keys and values: always the same, however long the text is."""
    if not layers:
        return 0
    if kept := keys.number("shortconv.l_cache"):
        return layers * (kept - 1) * keys.needed("embedding_length") * _F32
    kernel, inner, state = (keys.needed(f"ssm.{each}") for each in ("conv_kernel", "inner_size", "state_size"))
    groups = keys.number("ssm.group_count")
    return layers * ((kernel - 1) * (inner + 2 * groups * state) + state * inner) * _F32
