"""Writes small GGUF files for tests: headers with any metadata, and files with something wrong about them."""

from __future__ import annotations

import struct


def gguf_bytes(metadata=None, tensors=None, version=3):
    """A file whose weights are one byte each. `tensors` are shapes by name; every file gets one if none is given."""
    metadata = {"general.architecture": "llama"} if metadata is None else metadata
    tensors = {"token_embd.weight": (32, 2)} if tensors is None else tensors
    head = b"GGUF" + struct.pack("<IQQ", version, len(tensors), len(metadata))
    for key, value in metadata.items():
        head += _string(key) + _value(value)
    offset = 0
    for name, shape in tensors.items():
        head += _string(name) + struct.pack(f"<I{len(shape)}Q", len(shape), *shape) + struct.pack("<IQ", 24, offset)
        offset += -(-_size(shape) // 32) * 32
    return head + bytes(-len(head) % 32) + bytes(offset)


def _size(shape):
    size = 1
    for length in shape:
        size *= length
    return size


def _string(text):
    raw = text.encode()
    return struct.pack("<Q", len(raw)) + raw


def _value(value):
    match value:
        case bool():
            return struct.pack("<I?", 7, value)
        case int():
            return struct.pack("<II", 4, value)
        case float():
            return struct.pack("<If", 6, value)
        case str():
            return struct.pack("<I", 8) + _string(value)
        case _ if value and isinstance(value[0], str):
            return struct.pack("<IIQ", 9, 8, len(value)) + b"".join(_string(str(item)) for item in value)
        case _:
            return struct.pack(f"<IIQ{len(value)}i", 9, 5, len(value), *value)


def with_template(model, copy, template):
    """A copy of a model's file with another chat template, which may not be longer than its own."""
    content = model.read_bytes()
    at = content.index(b"tokenizer.chat_template") + len("tokenizer.chat_template") + 4 + 8
    (length,) = struct.unpack("<Q", content[at - 8 : at])
    copy.write_bytes(content[:at] + template.encode().ljust(length) + content[at + length :])
    return copy
