"""Access to a model file that may be anything, and its description from its header.

It never blocks on a pipe or a device, and reads the header only.
"""

from __future__ import annotations

import os
import re
import stat
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from desktop.core.errors import EngineFailed
from desktop.core.model import ModelInfo
from desktop.core.models.facts import off_changes_prompt, thinking_modes, thinks
from desktop.core.models.file import (
    PIECE,
    FileFault,
    GgufError,
    GgufHeader,
    GivenModel,
    first_piece,
    parse_header,
    pieces_of,
)
from desktop.core.models.place import own_name

# A trailing ".Q4_K_M", "-q8_0", "_IQ3_XS", "-F16" of a file name: how the weights are packed, not what the model is.
_PACKING = re.compile(r"[.\-_](?:I?Q\d\w*|B?F16|F32|MXFP4\w*|UD)(?=$|[.\-_])", re.IGNORECASE)
_PROJECTOR = "clip"  # the architecture of the part that sees pictures, and how its file is named by everybody
_PROJECTOR_NAME = re.compile(r"mmproj.*\.gguf$", re.IGNORECASE)
_NAMED, _LOOKED_AT = 3, 5
_TEMPERATURE = 0.8  # llama.cpp's own


def read_header(path: Path) -> tuple[GgufHeader, int]:
    """Return the header of a model file and the file's size in bytes.

    Raises `EngineFailed` with a `FileFault` as reason.
    """
    try:
        with _open_regular(path) as stream:
            size = os.fstat(stream.fileno()).st_size
            return parse_header(stream, size), size
    except GgufError as error:
        raise EngineFailed(reason=error.fault) from error
    except (FileNotFoundError, NotADirectoryError) as error:
        raise EngineFailed(reason=FileFault.GONE) from error
    except OSError as error:
        raise EngineFailed(reason=FileFault.UNREADABLE) from error


def look_at_model(path: Path) -> GivenModel:
    """Return what belongs to a chat model, without loading it.

    Raises `EngineFailed` with a `FileFault` as reason; the detail names the files that are missing.
    """
    if first_piece(path) != path:
        raise EngineFailed(reason=FileFault.LATER_PIECE)
    header, _ = read_header(path)
    if header.architecture == _PROJECTOR:
        raise EngineFailed(reason=FileFault.PROJECTOR)
    if header.is_embedding_model:
        raise EngineFailed(reason=FileFault.CANNOT_CHAT)
    pieces = pieces_of(path)
    missing = [each.name for each in pieces if not each.is_file()]
    if missing:
        names = ", ".join(missing[:_NAMED]) + (", …" if len(missing) > _NAMED else "")
        raise EngineFailed(names, reason=FileFault.PIECE_MISSING)
    size = sum(each.stat().st_size for each in pieces)
    return GivenModel(pieces, size, label_of(path), _projector_beside(path))


def _projector_beside(path: Path) -> Path | None:
    """Return the part that sees pictures if one lies in the folder of a model."""
    try:
        found = sorted(each for each in path.parent.iterdir() if _PROJECTOR_NAME.search(each.name))
    except OSError:
        return None
    for each in found[:_LOOKED_AT]:
        with suppress(EngineFailed):
            if read_header(each)[0].architecture == _PROJECTOR:
                return each
    return None


def describe_model_file(path: Path) -> ModelInfo:
    """Return the details of a model file without loading it.

    Raises `EngineFailed` with a `FileFault` as reason.
    """
    header, size = read_header(path)
    can_think = thinks(header.chat_template)
    capabilities = {"embedding"} if header.is_embedding_model else {"completion"}
    return ModelInfo(
        name=str(path),
        label=label_of(path),
        capabilities=frozenset(capabilities | ({"thinking"} if can_think else set())),
        family=header.architecture,
        parameters=None if header.is_split else header.parameters,
        active_parameters=None if header.is_split else header.active_parameters,
        quantization=header.quantization,
        context_length=header.context_length,
        cache=header.cache,
        size_on_disk=size,
        thinking_modes=thinking_modes(header.chat_template) if can_think else (),
        temperature=_TEMPERATURE,
        off_changes_prompt=off_changes_prompt(header.chat_template),
        sees=False,  # the engine is given no file for pictures
    )


def label_of(path: Path) -> str:
    """Return a readable name for a file: `qwen3-8b-q4_k_m.gguf` is "Qwen3 8B"."""
    if known := own_name(path.name):
        return known
    stem = _PACKING.sub("", PIECE.sub("", path.name.removesuffix(".gguf")))
    return " ".join(re.split(r"[-_ ]+", stem)).strip() or path.name


def _open_regular(path: Path) -> BinaryIO:
    # O_NONBLOCK: opening a pipe that nobody writes to would otherwise wait for ever.
    if path.is_dir():  # which Windows refuses to open, as if the right to do so were lacking
        raise EngineFailed(reason=FileFault.NOT_ORDINARY)
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        descriptor = os.open(path, flags)
    except ValueError as error:  # a name that no file can have, from the settings
        raise EngineFailed(reason=FileFault.GONE) from error
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise EngineFailed(reason=FileFault.NOT_ORDINARY)
    except BaseException:
        os.close(descriptor)
        raise
    return os.fdopen(descriptor, "rb")
