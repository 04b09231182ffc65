"""A text is cut behind the end of each of its sentences."""

from __future__ import annotations

import pytest

from desktop.core.text.sentences import sentences

MANY = 300_000


@pytest.mark.parametrize(
    "found",
    [
        ["Dr. Weber came at 5 p.m. by train, e.g. from Bonn.", "J. Smith left!"],
        ["No...", "I stay.", "Wait...what?", "Really?!", "Yes."],
        ['He said "Go. Now" to us.', "“No. Never” was all.", "(Or so.)", "Good."],
        ["1. First things.", "3.5 tons."],
        ["他来了。", "真的？！", "“好。走吧”，他说。", "等等...。", "完了"],
        ["See page " + "." * MANY + "12", "“" + "." * MANY + " " + "。" * MANY + "”"],
    ],
)
def test_each_sentence_ends_where_a_reader_would_stop(found):
    line = "".join(found) if "他来了。" in found else " ".join(found)
    assert sentences(line if len(line) < MANY else "\n".join(found)) == found
