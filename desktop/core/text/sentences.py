"""The sentences of a text, in English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator

# A period alone behind these ends no sentence; nor does that of an initial or of a number that begins a line.
_ABBREVIATIONS = (
    *("Dr", "Mr", "Mrs", "Ms", "Prof", "St", "No", "Nr", "Fig", "vs", "cf", "ca", "approx", "bzw"),
    *("e.g", "E.g", "i.e", "I.e", "a.m", "p.m", "z.B"),
)
_ENDS_THERE = re.compile(
    r"(?=[.!?…]{2})|"
    + "".join(rf"(?<!\b{re.escape(each)})" for each in _ABBREVIATIONS)
    + r"(?<!\b[A-HJ-Z])(?<!^\d)(?<!^\d\d)"
)
# Begins with one set of characters, which Python looks for quickly; what stands before is looked at only then. Periods
# within a word are found, too, without the group, so that a row of them is read only once.
SENTENCE_END = re.compile(r"[.!?…。！？](?:(?<=[.!?…])[.!?…]*([\"'”’)]*(?=\s|$))?|(?<=[。！？])[。！？]*[”’」』）]*)")
# Words of somebody else, which stay whole whatever ends within them.
_QUOTED = re.compile(
    r"“[^“”]*”|「[^「」]*」|『[^『』]*』|《[^《》]*》|„[^„“”]*[“”]|«[^«»]*»|(?<!\w)\"[^\"]*\"(?!\w)|（[^（）]*）"
)


def sentences_of(line: str) -> Iterator[str]:
    """Yield a line, cut behind the end of each sentence, but never within a quotation; nothing is left out."""
    begin, at = 0, 1
    quoted = [found.span() for found in _QUOTED.finditer(line)]
    while found := SENTENCE_END.search(line, at):
        at = found.end()
        while quoted and quoted[0][1] < found.end():
            quoted.pop(0)
        if quoted and quoted[0][0] < found.start() and found.end() < quoted[0][1]:
            continue
        if found[0][0] in "。！？" or (found[1] is not None and _ENDS_THERE.match(line, found.start())):
            yield line[begin : found.end()]
            begin, at = found.end(), found.end() + 1
    if begin < len(line):
        yield line[begin:]


def sentences(text: str) -> list[str]:
    """Return the sentences of all lines, in order."""
    return [found for line in text.split("\n") for each in sentences_of(line) if (found := each.strip())]
