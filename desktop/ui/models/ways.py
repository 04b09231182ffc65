"""The ways to a model other than getting one: what the window can do besides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WaysToAModel:
    """Ways to a model, as what each button does."""

    look_again: Callable[[], None]
    connect: Callable[[], None]
    open_file: Callable[[], None]
    use_starter: Callable[[], None]
