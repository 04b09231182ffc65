"""A program that sends queued texts until it is killed: `python -m tests.store.queueing_program FILE`.

Prints how many have been sent, after each.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from desktop.core.message import QueuedText
from desktop.store.database import open_store
from tests.store.messages import turn

TEXTS = [QueuedText(f"text {number}") for number in range(5000)]


def main() -> None:
    store = open_store(Path(sys.argv[1]))
    conversation, asked, reply = turn("How does a queue survive?", "Whole.")
    store.begin_reply(conversation, [asked, reply])
    store.save_queue(conversation.id, TEXTS)
    for number, text in enumerate(TEXTS):
        _, asked, reply = turn(text.text, "Yes.")
        store.begin_reply(conversation, [asked, reply], TEXTS[number + 1 :])
        os.write(sys.stdout.fileno(), b"%d\n" % (number + 1))


if __name__ == "__main__":
    main()
