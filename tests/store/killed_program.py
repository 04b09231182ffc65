"""Programs that save until they are killed: `python -m tests.store.killed_program CASE FILE`.

Each prints how many pieces, texts or files it has saved, after each, so that the tests know what has been promised.
"""

from __future__ import annotations

import itertools
import os
import sys
from pathlib import Path

from desktop.core.documents.attachment import DraftFile
from desktop.core.message import AttachmentPart, QueuedText, user_message
from desktop.store.database import open_store
from tests.store.conftest import say, turn

TEXTS = [QueuedText(f"text {number}") for number in range(1000)]


def piece(number):
    """The piece of a reply with this number: thinking first, then the answer."""
    return ("reasoning" if number < 20 else "text", f"<{number}>" + "x" * 50)


def content(number):
    return b"file %d " % number * 2000


def tell(number):
    os.write(sys.stdout.fileno(), b"%d\n" % (number + 1))


def streaming(file):
    store = open_store(file)
    _, _, reply = say(store, "How does a store survive?")
    for number in itertools.count():
        store.log_reply(reply.id, [piece(number)])
        tell(number)


def queueing(file):
    store = open_store(file)
    conversation, *_ = say(store, "How does a queue survive?", "Whole.")
    store.save_queue(conversation.id, TEXTS)
    for number, text in enumerate(TEXTS):
        _, asked, reply = turn(text.text, "Yes.")
        store.begin_reply(conversation, [asked, reply], TEXTS[number + 1 :])
        tell(number)


def attaching(file):
    """Give files to messages; every other one is sent."""
    store = open_store(file)
    given: list[DraftFile] = []
    for number in range(5000):
        kept = store.files.keep_bytes(content(number))
        given.append(DraftFile(f"{number}.txt", kept.digest, kept.size))
        store.save_draft_files("", given)
        tell(number)
        if number % 2:
            sent = given.pop(0)
            conversation, _, reply = turn("Read it", "Done.")
            message = user_message("Read it", attached=[AttachmentPart(sent.name, "text/plain", "x", sent.digest)])
            store.begin_reply(conversation, [message, reply])
            store.save_draft_files("", given)
            store.files.release(sent.digest)


if __name__ == "__main__":
    globals()[sys.argv[1]](Path(sys.argv[2]))
