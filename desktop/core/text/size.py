"""The limits of the text size, as multiples of its normal size.

What is kept, what can be chosen and what is shown have these limits. The pixels of the normal size are the theme's.
"""

from __future__ import annotations

from typing import Final

# Smaller text is not read by anybody, and with larger text the window cannot be used to undo it.
SMALLEST: Final = 0.75
LARGEST: Final = 2.0


def nearest(scale: float) -> float:
    """Return the allowed multiple of the normal size that is nearest to this one."""
    return min(LARGEST, max(SMALLEST, scale))
