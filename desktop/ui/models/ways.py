"""The ways to a model other than getting one: what the window can do besides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class WaysToAModel:
    """Ways to a model, as what each button does."""

    look_again: Callable[[], None]
    connect: Callable[[], None]
    open_file: Callable[[], None]
    use_starter: Callable[[], None]
    pick_file: Callable[[], None]  # to be imported
    take_files: Callable[[Sequence[Path]], None]  # that were dropped to be imported
    set_up_engine: Callable[[], object]
    learn: Callable[[str], None]  # what a term means, by the key of its lesson
