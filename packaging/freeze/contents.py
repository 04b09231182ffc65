"""The contents of the frozen program on every system. Read by the specs for PyInstaller, within it.

The edition is said by CANDOR_EDITION, the folder with the starter model by CANDOR_MODEL.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from PyInstaller.utils.hooks import collect_data_files, collect_submodules

from freeze import trim

HAS_ENGINE = os.environ.get("CANDOR_EDITION", "full") == "full"


def of(sources: Path) -> dict[str, Any]:
    """Return what `Analysis` is told; `sources` is the project's folder."""
    data = [(str(sources / "resources"), "resources")]
    for package in ("ziamath", "ziafont", "latex2mathml"):  # fonts and tables of formulas
        data += collect_data_files(package)
    if model := os.environ.get("CANDOR_MODEL"):
        data += [(str(Path(model, each)), "resources/models") for each in ("*.gguf", "*.LICENSE.txt")]
    return {
        "scripts": [str(sources / "desktop" / "__main__.py")],
        "pathex": [str(sources)],
        "datas": data,
        # Exporters, importers and the like are found by walking their folders.
        "hiddenimports": collect_submodules("desktop") + (["xllamacpp"] if HAS_ENGINE else []),
        "excludes": [*trim.MODULES, *([] if HAS_ENGINE else ["xllamacpp"])],
    }
