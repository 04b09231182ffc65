"""Wrapped text: nothing lost, links and styles where they belong."""

from __future__ import annotations

from itertools import pairwise

import pytest

from desktop.rendering.markdown.document import MarkdownDocument
from desktop.rendering.page.text_box import TextBox
from desktop.rendering.text.leaves import Leaf, LeafKind
from tests.rendering.painted import WIDTH, style

pytestmark = pytest.mark.usefixtures("qapp")


def box_of(text, spans=(), width=WIDTH):
    return TextBox(Leaf(LeafKind.PARAGRAPH, text, spans), width, style())


def styled(box):
    """The pieces of text that have a format of their own, as Qt sees them."""
    found = []
    units = box._layout.text().encode("utf-16-le")
    for part in box._layout.formats():
        found.append(units[2 * part.start : 2 * (part.start + part.length)].decode("utf-16-le"))
    return found


def test_lines_of_all_scripts_stand_on_the_same_baselines():
    lines = ["North", "北区 120 万", "mixed 北区 and more", "Ελλάδα", "one more"]
    layout = box_of("\n".join(lines))._layout
    baselines = [layout.lineAt(number).y() + layout.lineAt(number).ascent() for number in range(len(lines))]
    assert len({layout.lineAt(number).height() for number in range(len(lines))}) > 1
    steps = [after - before for before, after in pairwise(baselines)]
    assert steps == pytest.approx([style().body_line] * 4, abs=0.1)  # Qt counts in 64ths
    # Cells of one row, each a text of its own.
    assert box_of("北区").first_baseline() == pytest.approx(box_of("North").first_baseline(), abs=0.1)


def test_a_character_stands_in_its_line():
    text = "short\n" + "a line that is broken where the room ends " * 80 + "\n" + "last"
    box = box_of(text)
    lines = [round(box.top_of(offset) / style().body_line) for offset in range(len(text))]
    assert lines == sorted(lines)
    assert lines[: len("short\na")] == [0] * len("short\n") + [1]
    assert set(lines) == set(range(round(box.height / style().body_line)))
    assert lines.count(lines[-1]) == len("last")


def test_a_text_that_is_cut_shorter_loses_its_end():
    """A step of thinking is cut in two once it is long: its first half must not show the second one's words."""
    text = "word " * 1_000
    box = box_of(text)
    box.update(Leaf(LeafKind.PARAGRAPH, text[:2_400]), WIDTH)
    assert box.height == box_of(text[:2_400]).height
    assert box_of("").height == box_of("x").height


def test_styles_stand_behind_emoji_too():
    [leaf] = MarkdownDocument("😀😀 plain **bold 🎉** and `co😀de`, see [a 👩\u200d💻 link](https://a.example/)").leaves
    assert styled(box_of(leaf.text, leaf.spans)) == ["bold 🎉", "co😀de", "a 👩\u200d💻 link"]


def test_a_link_is_hit_behind_emoji_and_only_there():
    [leaf] = MarkdownDocument("😀😀😀😀 [link](https://a.example/) text").leaves
    box = box_of(leaf.text, leaf.spans)
    layout = box._layout
    line = layout.lineAt(0)
    for offset, character in enumerate(leaf.text):
        unit = len(leaf.text[:offset].encode("utf-16-le")) // 2
        x, _ = line.cursorToX(unit)
        hit = box.hit(x + 1, 5)
        assert (hit.href == "https://a.example/") == (5 <= offset < 9), (offset, character)
        assert hit.offset in (offset, offset + 1)
    assert not box.hit(WIDTH - 1, 5).href
    assert not box.hit(5, box.height + 30).href
