"""Keeps PySide from holding the source text of everything that is imported.

PySide replaces Python's import. After each import of any module it reads that module's source, to see if it speaks of
PySide and could want other names for its functions (`__feature__`, which is not used here). Python keeps every text
that was read so: of 300 files, 8 to 10 MiB, for nothing.
"""

from __future__ import annotations

import linecache


def keep_no_source_text() -> None:
    """Import Qt's core and have the imports after it read no source text."""
    import PySide6.QtCore  # noqa: F401
    from shibokensupport import feature  # type: ignore[import-not-found]

    # Private: where another version has no such function, nothing is lost but the memory.
    if hasattr(feature, "_mod_uses_pyside"):
        feature._mod_uses_pyside = lambda module: False
    linecache.clearcache()
