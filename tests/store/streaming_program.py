"""A program that streams a reply into a database until it is killed: `python -m tests.store.streaming_program FILE`.

Prints the reply's number of saved pieces after each save, so that the tests know what has been promised.
"""

from __future__ import annotations

import itertools
import os
import sys
from pathlib import Path

from desktop.store.database import open_store
from tests.store.messages import turn


def piece(number: int) -> tuple[str, str]:
    """The piece with this number: thinking first, then the answer."""
    return ("reasoning" if number < 20 else "text", f"<{number}>" + "x" * 50)


def main() -> None:
    store = open_store(Path(sys.argv[1]))
    conversation, asked, reply = turn("How does a store survive?")
    store.begin_reply(conversation, [asked, reply])
    for number in itertools.count():
        store.log_reply(reply.id, [piece(number)])
        os.write(sys.stdout.fileno(), b"%d\n" % (number + 1))


if __name__ == "__main__":
    main()
