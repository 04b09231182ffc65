"""The folder in which an Ollama on this computer keeps its models, as far as the room on its disk is concerned.

It does not tell where that is: the usual places are tried. Of a server elsewhere nothing can be known.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

_OF_SERVICE = Path("/usr/share/ollama/.ollama/models")  # where its installer for Linux has it run as a user of its own


def free_for_models(environ: Mapping[str, str], home: Path | None = None, service: Path = _OF_SERVICE) -> int | None:
    """Return the bytes that are free where an Ollama on this computer keeps its models; None where that is not known.

    Where several folders are there, the one with the least room counts.
    """
    named = environ.get("OLLAMA_MODELS", "").strip()
    own = (home or Path.home()) / ".ollama" / "models"
    places = [Path(named)] if named else [own, *([service] if sys.platform == "linux" else [])]
    free = [room for place in places if (room := _free(place)) is not None]
    return min(free) if free else None


def _free(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free if folder.is_dir() else None
    except OSError:
        return None
