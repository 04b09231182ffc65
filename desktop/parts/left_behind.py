"""What a window leaves to the one that is made in its place, in another language or after a repair.

Part of the composition root. Values, and two stores that know no part of the window: a program that kept one part kept
them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.store.policy.keys import KeysUnderPolicy
    from desktop.store.temporary import MixedStore


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """Of a window that has been closed: where the user was, and what is nowhere else."""

    conversation: str  # the id of the one in front
    temporary_draft: str  # what was written in a temporary one that nothing was sent in
    outcome: str  # what came of a repair, to be said by the next window; empty: there was none
    keys: KeysUnderPolicy | None  # with those that no keyring has taken: they last until the program ends
    conversations: MixedStore  # closed; the temporary ones are still in it
