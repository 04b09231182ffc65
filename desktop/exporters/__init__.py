"""Exports of conversations to files, for other programs and for readers: one module a format. Writes nothing itself.

Each module is a `core.exporting.ExportFormat`, and is offered because it lies here: `docs/how-to/exporter.md`.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import cast

from desktop.core.exporting import ExportFormat

_ORDER = (".docx", ".pdf", ".html", ".md", ".txt", ".xlsx", ".json")  # the most wanted first


def formats() -> tuple[ExportFormat, ...]:
    """Return all formats, in the order in which they are offered."""
    modules = [import_module(f"{__name__}.{each.name}") for each in pkgutil.iter_modules(__path__)]
    found = [cast(ExportFormat, module) for module in modules]
    return tuple(sorted(found, key=lambda each: (_place(each.ENDING), each.NAME)))


def _place(ending: str) -> int:
    return _ORDER.index(ending) if ending in _ORDER else len(_ORDER)
