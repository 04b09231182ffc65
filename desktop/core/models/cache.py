"""The shape of a model's cache, from the metadata of its file: which layers keep what, and for how long.

Rules on keys that a GGUF file has and that servers tell, too. What cannot be told from them is None, never a guess:
`docs/models.md` has the rules and where they come from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


def cache_shape(metadata: Mapping[str, object]) -> CacheShape | None:
    """Return the cache of a model with 16-bit keys and values; None where the metadata do not say."""
    keys = _Keys(metadata)
    layers = keys.number("block_count")
    if not layers or layers > _MOST_LAYERS or any(keys.has(each) for each in _FOREIGN):
        return None
    # Layers at the end that guess ahead, or that look into another layer's cache, keep none.
    ahead, shared = keys.number("nextn_predict_layers") or 0, keys.number("attention.shared_kv_layers") or 0
    keeping = layers - ahead - shared
    if keeping <= 0:
        return None
    if keys.has("attention.kv_lora_rank") and _is_latent(keys):
        return _latent(keys, keeping)
    heads = _heads_of(keys, layers)
    if heads is None:
        return None
    heads = heads[:keeping]
    state = _state(keys, _stateful(keys, heads))
    locals_ = _windowed(keys, heads)
    widths = _widths(keys)
    if state is None or locals_ is None or widths is None:
        return None
    everywhere = sum(count for count, is_local in zip(heads, locals_, strict=True) if not is_local)
    nearby = sum(count for count, is_local in zip(heads, locals_, strict=True) if is_local)
    window = (keys.number("attention.sliding_window") or 0) + _BATCH if nearby else 0
    return CacheShape(everywhere * widths.wide * _F16, nearby * widths.local * _F16, window, state)


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

    def number(self, name: str) -> int | None:
        """Return a number above zero; None for anything else."""
        value = self.value(name)
        return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None

    def of_layers(self, name: str, layers: int) -> list[int] | None:
        """Return a number for each layer, where the file has one for all or one for each; None for anything else."""
        value = self.value(name)
        if isinstance(value, Sequence) and not isinstance(value, str):
            numbers = [int(each) for each in value if isinstance(each, int) and each >= 0]
            return numbers if len(numbers) == len(value) == layers else None
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return [value] * layers
        return None


@dataclass(frozen=True, slots=True)
class _Widths:
    """Numbers that one head keeps for a token, key and value together: in layers that see everything, and in others."""

    wide: int
    local: int


def _widths(keys: _Keys) -> _Widths | None:
    key, value = keys.number("attention.key_length"), keys.number("attention.value_length")
    if key is None or value is None:
        width, heads = keys.number("embedding_length"), keys.of_layers("attention.head_count", 1)
        if not width or not heads or not heads[0]:
            return None
        key, value = key or width // heads[0], value or width // heads[0]
    local_key, local_value = keys.number("attention.key_length_swa"), keys.number("attention.value_length_swa")
    return _Widths(key + value, (local_key or key) + (local_value or value))


def _heads_of(keys: _Keys, layers: int) -> list[int] | None:
    """Return how many heads of each layer keep keys and values; none in layers of another kind."""
    # A server leaves long lists out and sends nothing in their place: that is not the same as a file without the key.
    name = "attention.head_count_kv" if keys.has("attention.head_count_kv") else "attention.head_count"
    heads = keys.of_layers(name, layers)
    interval = keys.number("full_attention_interval") or _INTERVALS.get(keys.architecture)
    if heads is None or interval is None:
        return heads
    return [count if (at + 1) % interval == 0 else 0 for at, count in enumerate(heads)]


def _windowed(keys: _Keys, heads: list[int]) -> list[bool] | None:
    """Return for each layer that keeps a cache if it keeps the nearest tokens only."""
    if keys.number("attention.sliding_window") is None or keys.architecture in _WINDOW_UNUSED:
        return [False] * len(heads)
    pattern = keys.value("attention.sliding_window_pattern")
    if isinstance(pattern, Sequence) and not isinstance(pattern, str):
        return [bool(each) for each in pattern[: len(heads)]] if len(pattern) >= len(heads) else None
    one_of = keys.number("attention.sliding_window_pattern") or _ONE_OF.get(keys.architecture)
    return None if one_of is None else [(at + 1) % one_of != 0 for at in range(len(heads))]


def _is_latent(keys: _Keys) -> bool:
    """Return True for a file whose layers keep one compressed row for a token, as those made since 2025 do.

    An older one holds the same weights unfolded, and its heads keep keys and values as any others do.
    """
    return keys.has("attention.key_length_mla") or keys.of_layers("attention.head_count_kv", 1) == [1]


def _latent(keys: _Keys, layers: int) -> CacheShape | None:
    rank, rope = keys.number("attention.kv_lora_rank"), keys.number("rope.dimension_count")
    return CacheShape(layers * (rank + rope) * _F16) if rank and rope else None


def _stateful(keys: _Keys, heads: list[int]) -> int | None:
    """Return how many layers keep a state in place of keys and values; None where that cannot be told."""
    without = [at for at, count in enumerate(heads) if not count]
    if not without:
        return None if keys.has("ssm.state_size") else 0  # there are families whose layers keep both
    if not keys.architecture.startswith("nemotron_h"):
        return len(without)
    # Here some layers are nothing but a feed-forward network, and keep nothing at all.
    feeding = keys.value("feed_forward_length")
    if not isinstance(feeding, Sequence) or isinstance(feeding, str) or len(feeding) < len(heads):
        return None
    return sum(not feeding[at] for at in without)


def _state(keys: _Keys, layers: int | None) -> int | None:
    """Return the bytes of the states of layers without keys and values: always the same, however long the text is."""
    if not layers:
        return layers
    if (kept := keys.number("shortconv.l_cache")) is not None:
        width = keys.number("embedding_length")
        return layers * (kept - 1) * width * _F32 if width else None
    kernel, inner, state = (keys.number(f"ssm.{each}") for each in ("conv_kernel", "inner_size", "state_size"))
    if not kernel or not inner or not state:
        return None
    groups = keys.number("ssm.group_count") or 0
    return layers * ((kernel - 1) * (inner + 2 * groups * state) + state * inner) * _F32
