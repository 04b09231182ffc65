"""Keeps a start from doing and holding what nobody has need of, in places that only Python and PySide themselves reach.

Private names are replaced. Where another version has no such name, nothing is lost but time and memory.
"""

from __future__ import annotations

import gc
import linecache


def begin() -> None:
    """Import Qt's core, and have the imports after it cost less. To be called before those."""
    # Whatever lives then will live on: nothing is found until the window collects for the first time.
    gc.disable()
    _keep_no_source_text()


def _keep_no_source_text() -> None:
    """Have PySide read no source text.

    It replaces Python's import. After each import of any module it reads that module's source, to see if it speaks of
    PySide and could want other names for its functions (`__feature__`, which is not used here). Python keeps every text
    that was read so: of 300 files, 8 to 10 MiB, for nothing.
    """
    import PySide6.QtCore  # noqa: F401
    from shibokensupport import feature  # type: ignore[import-not-found]

    if hasattr(feature, "_mod_uses_pyside"):
        feature._mod_uses_pyside = lambda module: False
    linecache.clearcache()
