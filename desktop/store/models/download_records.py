"""The downloads of models as they stand in the file of settings, and back."""

from __future__ import annotations

from typing import Any

from desktop.core.model import ModelChoice
from desktop.core.models.download import KeptDownload

_MOST = 1 << 53  # bytes
_KEPT = 50


def downloads_of(value: Any) -> tuple[KeptDownload, ...]:
    """Return the downloads in a list of records. Raises TypeError, ValueError or KeyError for what is none."""
    if not isinstance(value, list):
        raise TypeError
    return tuple(_download(each) for each in value)


def download_records(downloads: tuple[KeptDownload, ...], _: Any) -> list[Any]:
    """Return the downloads as values of JSON; the reverse of `downloads_of`."""
    return [
        {
            "connection_id": each.choice.connection_id,
            "model": each.choice.model,
            "expected": each.expected,
            "done": each.done,
            "total": each.total,
            "min_version": each.min_version,
        }
        for each in downloads[-_KEPT:]
    ]


def _download(record: Any) -> KeptDownload:
    connection_id, model, version = (record[name] for name in ("connection_id", "model", "min_version"))
    if not all(isinstance(each, str) for each in (connection_id, model, version)):
        raise TypeError
    expected, done, total = (_bytes(record[name]) for name in ("expected", "done", "total"))
    return KeptDownload(ModelChoice(connection_id, model), expected, done or 0, total, version)


def _bytes(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError
    if not 0 <= value <= _MOST:
        raise ValueError
    return value
