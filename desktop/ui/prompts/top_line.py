"""The kinds of the line on top of the prompt builder: each says what has just happened, and offers one thing."""

from __future__ import annotations

from enum import StrEnum


class TopLine(StrEnum):
    """The kind of the line, as the key that comes back with a press."""

    APART = "apart"  # take the text of the message box apart
    NEWER = "newer"  # go on with the text of the message box, in place of what stands here
    AGAIN = "again"  # what was sent
    ANEW = "anew"  # an empty form, in place of what was sent and still stands there
    TWICE = "twice"  # send what was sent, once more as it is
    BACK = "back"  # what stood there before
    CANCEL = "cancel"  # leave the sent message as it is
