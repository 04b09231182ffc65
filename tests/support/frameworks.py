"""The prompt frameworks that come with the program, read once: their files are many, and no test changes them."""

from __future__ import annotations

import functools

from desktop.prompts.texts import load_frameworks


@functools.cache
def bundled_frameworks():
    """Return them in their order."""
    return load_frameworks()
