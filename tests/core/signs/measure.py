"""Measures the signs on conversations whose last answer others have labelled.

    python -m tests.core.signs.measure FILE… [--second FILE] [-v]

A file is a JSON list, maybe packed by xz, of conversations with `id`, `label`, `instructions` and `messages`; the
second reader's file maps ids to labels, and conversations on which the two disagree are left out. Prints what was
noticed under each label, with 95 % Wilson intervals; `-v` lists what was missed and what was called wrongly.
"""

from __future__ import annotations

import argparse
import json
import lzma
import math
import sys
from collections import Counter
from pathlib import Path

from desktop.core.message import Message, Role, TextPart
from desktop.core.signs.exchange import exchange_of
from desktop.core.signs.rules import signs_in

LABELS = {
    "gave_in": "gave_in",
    "opposite": "gave_in",
    "loop": "runaway",
    "repeats_earlier": "runaway",
    "unfilled": "runaway",
    "ungiven": "invented_source",
    "other_language": "wrong_language",
}
NONE = "none"


def signs_of(conversation):
    """The signs beside its last answer, as the window would show them."""
    *path, reply = (
        Message(role=Role(said["role"]), parts=(TextPart(said["text"]),)) for said in conversation["messages"]
    )
    return signs_in(exchange_of(reply, path, is_whole=True, system=conversation.get("instructions", "")))


def interval(part, whole):
    """A share with its 95 % Wilson interval."""
    if not whole:
        return "-"
    z, share = 1.96, part / whole
    middle, spread = share + z * z / (2 * whole), z * math.sqrt(share * (1 - share) / whole + (z / (2 * whole)) ** 2)
    low, high = ((middle + sign * spread) / (1 + z * z / whole) for sign in (-1, 1))
    return f"{part} of {whole} = {share:.1%} ({max(0, low):.1%} to {high:.1%})"


def agreed(files, second):
    other = json.loads(second.read_text(encoding="utf-8")) if second else None
    for file in files:
        text = lzma.decompress(file.read_bytes()) if file.suffix == ".xz" else file.read_bytes()
        for conversation in json.loads(text):
            if other is None or other.get(conversation["id"]) == conversation["label"]:
                yield conversation


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--second", type=Path)
    parser.add_argument("-v", action="store_true", dest="is_verbose")
    options = parser.parse_args()
    table: Counter[tuple[str, str]] = Counter()
    noticed: Counter[str] = Counter()
    number: Counter[str] = Counter()
    lines: list[str] = []
    for conversation in agreed(options.files, options.second):
        label, signs = conversation["label"], signs_of(conversation)
        kinds = [LABELS[sign.kind] for sign in signs if sign.kind in LABELS]
        number[label] += 1
        noticed[label] += bool(kinds)
        table.update((label, kind) for kind in set(kinds) or {NONE})
        if bool(kinds) is (label == NONE) or (kinds and label not in kinds):
            said = "; ".join(f"{sign.kind}: {sign.excerpt!r} {sign.other!r}" for sign in signs) or "nothing"
            lines.append(f"{conversation['id']} {label}: {said}")
    columns = [*dict.fromkeys(LABELS.values()), NONE]
    wrong = sum(count for label, count in number.items() if label != NONE)
    shown = [
        "".join(f"{cell:>16}" for cell in ("label", *columns)),
        *(
            "".join(f"{cell:>16}" for cell in (label, *(table[label, each] for each in columns)))
            for label in sorted(number)
        ),
        f"noticed: {interval(sum(noticed.values()) - noticed[NONE], wrong)}",
        f"false:   {interval(noticed[NONE], number[NONE])}",
    ]
    sys.stdout.write("\n".join([*shown, *(lines if options.is_verbose else [])]) + "\n")


if __name__ == "__main__":
    main()
