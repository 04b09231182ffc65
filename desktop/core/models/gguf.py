"""The header of a GGUF file, and what it says about the model inside.

A pure parse of a binary stream, safe against hostile files: every length is checked before it is believed, and no more
than `_MAX_HEADER` bytes are read. It does not open files and does not look at the weights. The format is described in
ggml's `docs/gguf.md`.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import BinaryIO

from desktop.core.model import CacheShape
from desktop.core.models.cache import cache_shape
from desktop.core.models.file import FileFault

MAGIC = b"GGUF"
SUPPORTED_VERSIONS = (2, 3)

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
    magic = reader.take(min(size, len(MAGIC)))
    if not MAGIC.startswith(magic):
        raise GgufError(FileFault.NOT_GGUF, f"not a GGUF file: it begins with {_readable(magic)}, not with 'GGUF'")
    version = reader.u32()
    if version not in SUPPORTED_VERSIONS:
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
