"""A model file before an engine has loaded it: its pieces, its faults, and what its header says about the model inside.

The header of a GGUF file is parsed from a binary stream, safe against hostile files: every length is checked before it
is believed, and no more than `_MAX_HEADER` bytes are read. The weights are not looked at. The format is described in
ggml's `docs/gguf.md`; the sentences on the faults are in `resources/words/failures.toml`.
"""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import prod
from pathlib import Path
from typing import BinaryIO

from desktop.core.model import CacheShape

# How llama.cpp names the pieces of a model that is spread over several files, before the ending.
PIECE = re.compile(r"-(\d{5})-of-(\d{5})$")
_ENDING = ".gguf"


class FileFault(StrEnum):
    """Reason why a file cannot be talked to, as the `reason` of an `EngineFailed`."""

    GONE = "file_gone"
    NOT_LISTED = "file_not_listed"  # removed from the list of those that were opened, wherever it is now
    UNREADABLE = "file_unreadable"
    NOT_ORDINARY = "file_not_ordinary"  # a folder, a pipe, a device
    EMPTY = "file_empty"
    NOT_GGUF = "file_not_gguf"
    VERSION = "file_version"
    CUT_OFF = "file_cut_off"
    DAMAGED = "file_damaged"
    NO_WEIGHTS = "file_no_weights"
    LATER_PIECE = "file_later_piece"
    PIECE_MISSING = "file_piece_missing"  # its names are the detail
    PROJECTOR = "file_projector"  # the part that sees pictures, without the model that it belongs to
    CANNOT_CHAT = "file_cannot_chat"


def first_piece(path: Path) -> Path:
    """Return the file that a model in pieces is opened by; the file itself where it is no later piece."""
    stem = path.name.removesuffix(_ENDING)
    piece = PIECE.search(stem)
    if piece is None or int(piece[1]) <= 1:
        return path
    return path.with_name(f"{stem[: piece.start()]}-00001-of-{piece[2]}{path.name[len(stem) :]}")


def pieces_of(path: Path) -> tuple[Path, ...]:
    """Return all files that a model is spread over, by the name of its first; the file itself where it is whole."""
    stem = path.name.removesuffix(_ENDING)
    piece = PIECE.search(stem)
    if piece is None:
        return (path,)
    ending = path.name[len(stem) :]
    return tuple(
        path.with_name(f"{stem[: piece.start()]}-{number:05}-of-{piece[2]}{ending}")
        for number in range(1, int(piece[2]) + 1)
    )


@dataclass(frozen=True, slots=True)
class GivenModel:
    """Model file that is to be imported, as it was found on the disk.

    `pieces` are all its files, `size` their bytes; `projector` is the part that sees pictures, where one lies beside.
    """

    pieces: tuple[Path, ...]
    size: int
    label: str
    projector: Path | None = None

    @property
    def file(self) -> Path:
        """The file by which it is opened."""
        return self.pieces[0]


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """Model file that was opened once and is offered since; `is_there` as far as is known."""

    path: str
    is_there: bool = True


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


_MAGIC = b"GGUF"
_SUPPORTED_VERSIONS = (2, 3)

_MAX_HEADER = 128 << 20  # the largest vocabularies of today take about 20 MB
_MAX_ENTRIES = 1 << 16  # metadata keys or tensors; real files have some hundreds, mixtures of experts some thousands
_MAX_KEY = 1 << 12
_MAX_KEPT_STRING = 1 << 20  # chat templates are the longest strings that matter here
_MAX_KEPT_ARRAY = 1 << 12  # per-layer numbers; vocabularies are longer and are skipped
_DEFAULT_ALIGNMENT = 32

# Values of one number by their types: bytes, shorts, words, a float and a flag, then the long ones.
_SCALARS = {kind: struct.Struct(f"<{each}") for kind, each in zip((*range(8), 10, 11, 12), "BbHhIif?Qqd", strict=True)}
_STRING = 8
_ARRAY = 9

# Values of `general.file_type`, as llama.cpp numbers them.
_FILE_TYPES = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K", 11: "Q3_K_S", 12: "Q3_K_M",
    13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S", 17: "Q5_K_M", 18: "Q6_K", 19: "IQ2_XXS", 20: "IQ2_XS",
    21: "Q2_K_S", 22: "IQ3_XS", 23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL", 26: "IQ3_S", 27: "IQ3_M", 28: "IQ2_S",
    29: "IQ2_M", 30: "IQ4_XS", 31: "IQ1_M", 32: "BF16", 36: "TQ1_0", 37: "TQ2_0", 38: "MXFP4",
}  # fmt: skip

Scalar = int | float | bool | str
Value = Scalar | tuple[Scalar, ...]


class GgufError(ValueError):
    """Error for a stream that is not a readable GGUF header.

    `fault` is the reason, the text says where, in words for the log.
    """

    def __init__(self, fault: FileFault, where: str) -> None:
        super().__init__(where)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class GgufHeader:
    """Metadata by key (long arrays left out) and what the list of tensors adds up to.

    `parameters` counts the weights described in this file, `expert_parameters` those of them that lie in experts.
    """

    metadata: Mapping[str, Value]
    parameters: int
    expert_parameters: int

    @property
    def architecture(self) -> str:
        return self.text("general.architecture")

    @property
    def name(self) -> str:
        """The model's own name; empty where the file has none."""
        return self.text("general.name")

    @property
    def context_length(self) -> int | None:
        """Tokens that the model was trained to look back on."""
        return self.of_architecture("context_length")

    @property
    def quantization(self) -> str:
        number = self.number("general.file_type")
        return _FILE_TYPES.get(number, "") if number is not None else ""

    @property
    def chat_template(self) -> str:
        return self.text("tokenizer.chat_template")

    @property
    def is_split(self) -> bool:
        """True for a piece of a model that is spread over several files."""
        return (self.number("split.count") or 1) > 1

    @property
    def is_embedding_model(self) -> bool:
        """True for models that turn a text into numbers and cannot talk."""
        return self.of_architecture("pooling_type") is not None and not self.chat_template

    @property
    def active_parameters(self) -> int | None:
        """Weights that take part in one token; None for a model without experts."""
        experts, used = self.of_architecture("expert_count"), self.of_architecture("expert_used_count")
        if not experts or not used or not self.expert_parameters:
            return None
        return self.parameters - self.expert_parameters + self.expert_parameters * min(used, experts) // experts

    @property
    def cache(self) -> CacheShape | None:
        """The memory that a 16-bit cache takes; None where the header does not say."""
        return cache_shape(self.metadata)

    def text(self, key: str) -> str:
        value = self.metadata.get(key)
        return value if isinstance(value, str) else ""

    def number(self, key: str) -> int | None:
        value = self.metadata.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def of_architecture(self, key: str) -> int | None:
        """Return a number of the model's own architecture; None where it has none."""
        return self.number(f"{self.architecture}.{key}")


def parse_header(stream: BinaryIO, size: int) -> GgufHeader:
    """Read the header from the start of `stream`; `size` is the whole file's length in bytes. Raises `GgufError`."""
    if not size:
        raise GgufError(FileFault.EMPTY, "the file is empty")
    reader = _Reader(stream, size)
    magic = reader.take(min(size, len(_MAGIC)))
    if not _MAGIC.startswith(magic):
        raise GgufError(FileFault.NOT_GGUF, f"not a GGUF file: it begins with {_readable(magic)}, not with 'GGUF'")
    version = reader.u32()
    if version not in _SUPPORTED_VERSIONS:
        raise GgufError(FileFault.VERSION, f"GGUF version {version} is not supported (versions 2 and 3 are)")
    tensor_count, entry_count = reader.u64(), reader.u64()
    if tensor_count > _MAX_ENTRIES or entry_count > _MAX_ENTRIES:
        raise GgufError(
            FileFault.DAMAGED, f"damaged header: {tensor_count} tensors and {entry_count} entries cannot be right"
        )
    metadata: dict[str, Value] = {}
    for _ in range(entry_count):
        key = reader.string(_MAX_KEY)
        value = reader.value(reader.u32())
        if value is not None:
            metadata[key] = value
    parameters = expert_parameters = last_offset = 0
    for _ in range(tensor_count):
        name, weights, offset = reader.tensor()
        parameters += weights
        expert_parameters += weights if "_exps." in name else 0
        last_offset = max(last_offset, offset)
    if not tensor_count:
        raise GgufError(FileFault.NO_WEIGHTS, "the file has no weights in it")
    alignment = metadata.get("general.alignment", _DEFAULT_ALIGNMENT)
    if not isinstance(alignment, int) or alignment <= 0:
        raise GgufError(FileFault.DAMAGED, "damaged header: the alignment cannot be right")
    start = -(-reader.position // alignment) * alignment
    if start + last_offset >= size:
        raise GgufError(
            FileFault.CUT_OFF,
            f"the file is cut off: {size} bytes are there, the weights reach beyond {start + last_offset}",
        )
    return GgufHeader(metadata, parameters, expert_parameters)


class _Reader:
    """Reader of little-endian values, with a budget; every shortage is a `GgufError`."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream = stream
        self._size = size
        self.position = 0

    def take(self, count: int) -> bytes:
        self._expect(count)
        piece = self._stream.read(count)
        self.position += len(piece)
        if len(piece) < count:
            raise GgufError(FileFault.CUT_OFF, f"the file is cut off: its header ends at byte {self.position}")
        return piece

    def skip(self, count: int) -> None:
        self._expect(count)
        self._stream.seek(count, os.SEEK_CUR)
        self.position += count

    def u32(self) -> int:
        return int.from_bytes(self.take(4), "little")

    def u64(self) -> int:
        return int.from_bytes(self.take(8), "little")

    def string(self, limit: int) -> str:
        length = self.u64()
        if length > limit:
            raise GgufError(FileFault.DAMAGED, f"damaged header: a text of {length} bytes at byte {self.position}")
        return self.take(length).decode("utf-8", errors="replace")

    def value(self, kind: int) -> Value | None:
        """Return one metadata value; None for what is too long to be of use (it is skipped)."""
        if kind == _STRING:
            length = self.u64()
            if length > _MAX_KEPT_STRING:
                self.skip(length)
                return None
            return self.take(length).decode("utf-8", errors="replace")
        return self._array() if kind == _ARRAY else self._scalar(kind)

    def tensor(self) -> tuple[str, int, int]:
        """Return name, number of weights and offset (from the start of the weights) of the next tensor."""
        name = self.string(_MAX_KEY)
        dimensions = self.u32()
        if dimensions > 8:
            raise GgufError(FileFault.DAMAGED, f"damaged header: a tensor of {dimensions} dimensions")
        weights = prod(self.u64() for _ in range(dimensions))
        self.u32()  # the type of the weights
        return name, weights, self.u64()

    def _scalar(self, kind: int) -> Scalar:
        form = self._form(kind)
        value: Scalar = form.unpack(self.take(form.size))[0]
        return value

    def _array(self) -> tuple[Scalar, ...] | None:
        kind, count = self.u32(), self.u64()
        if kind == _STRING:
            self._expect(count * 8)
            for _ in range(count):
                self.skip(self.u64())
            return None
        form = self._form(kind)
        if count > _MAX_KEPT_ARRAY:
            self.skip(count * form.size)
            return None
        return tuple(self._scalar(kind) for _ in range(count))

    def _form(self, kind: int) -> struct.Struct:
        if kind not in _SCALARS:
            raise GgufError(FileFault.DAMAGED, f"damaged header: unknown type {kind} at byte {self.position}")
        return _SCALARS[kind]

    def _expect(self, count: int) -> None:
        """Raise `GgufError` at once for a length that no header has, or one that the file does not reach."""
        if self.position + count > _MAX_HEADER:
            raise GgufError(FileFault.DAMAGED, f"damaged header: {count} bytes or more at byte {self.position}")
        if self.position + count > self._size:
            raise GgufError(
                FileFault.CUT_OFF, f"the file is cut off inside the header (at byte {self.position} of {self._size})"
            )


def _readable(start: bytes) -> str:
    text = start.decode("ascii", errors="replace")
    return repr(text) if text.isascii() and text.isprintable() else f"0x{start.hex()}"
