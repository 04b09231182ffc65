"""A program that gives files to messages until it is killed: `python -m tests.store.attaching_program FILE`.

Prints how many have been given, after each; every other one is sent.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from desktop.core.documents.keeping import DraftFile
from desktop.core.message import AttachmentPart, user_message
from desktop.store.database import open_store
from tests.store.messages import turn


def content(number: int) -> bytes:
    return b"file %d " % number * 2000


def main() -> None:
    store = open_store(Path(sys.argv[1]))
    given: list[DraftFile] = []
    for number in range(5000):
        kept = store.files.keep_bytes(content(number))
        given.append(DraftFile(f"{number}.txt", kept.digest, kept.size))
        store.save_draft_files("", given)
        os.write(sys.stdout.fileno(), b"%d\n" % (number + 1))
        if number % 2:
            sent = given.pop(0)
            conversation, _, reply = turn("Read it", "Done.")
            message = user_message("Read it", attached=[AttachmentPart(sent.name, "text/plain", "x", sent.digest)])
            store.begin_reply(conversation, [message, reply])
            store.save_draft_files("", given)
            store.files.release(sent.digest)


if __name__ == "__main__":
    main()
