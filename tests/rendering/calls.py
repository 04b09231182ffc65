"""What work costs in calls of functions: a measure that does not depend on the machine or on what else it does."""

from __future__ import annotations

import sys


def count_calls(work):
    count = 0

    def count_call(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(count_call)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count
