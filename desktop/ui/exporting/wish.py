"""A wish to take words along: which messages, as what, and what goes with them. Values only."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.core.exporting.format import ExportFormat, ExportPart


@dataclass(frozen=True, slots=True)
class ExportScope:
    """Messages that can be taken along, by their ids and in words; no ids: the whole conversation."""

    words: str
    message_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportWish:
    """The choices of the dialog."""

    scope: ExportScope
    form: ExportFormat
    parts: frozenset[ExportPart]
