"""The failure of a store, as the rest of the program knows it."""

from __future__ import annotations


class StoreError(Exception):
    """Refusal of the disk to take what was given.

    `reason` is full | read_only | newer_version | earlier_state | damaged | locked | policy | other; policy: that of
    this computer has no new words kept.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = reason
        self.detail = detail
