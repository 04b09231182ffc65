"""Blocks: named cases, and agreement with markdown-it-py's own block rules."""

from __future__ import annotations

import pytest

from desktop.rendering.markdown.block_rules import DEEPEST
from desktop.rendering.markdown.leaves import normalize, parse
from desktop.rendering.text.leaves import ContainerKind, LeafKind


def outline(text):
    """Each leaf in a line: containers, kind, text."""
    return [_described(leaf) for leaf in parse(text)]


def _described(leaf):
    around = "".join(">" if each.kind is ContainerKind.QUOTE else f"[{each.marker}]" for each in leaf.containers)
    kind = leaf.kind.value + (str(leaf.level) if leaf.level else "")
    return f"{around}{kind} {leaf.text!r}"


CASES = {
    "": [],
    " \n\t\n": [],
    "a\nb\n\nc": ["paragraph 'a\\nb'", "paragraph 'c'"],
    "# a #\n## b\n#c\n": ["heading1 'a'", "heading2 'b'", "paragraph '#c'"],
    "a\nb\n===\nc\n---": ["heading1 'a\\nb'", "heading2 'c'"],
    "- - -\n***\n": ["rule ''", "rule ''"],
    "```\na\n\n": ["code 'a\\n'"],
    "```a`b\nc": ["paragraph '```a`b\\nc'"],
    "~~~ py x\na\n~~~~\nb": ["code 'a'", "paragraph 'b'"],
    "    a\n\n\n      b\n\nc": ["code 'a\\n\\n\\n  b'", "paragraph 'c'"],
    "a\n    b": ["paragraph 'a\\nb'"],
    "1. a\n1. b\n1. c": ["[1.]paragraph 'a'", "[2.]paragraph 'b'", "[3.]paragraph 'c'"],
    "7) a\n\n9) b\n- c": ["[7)]paragraph 'a'", "[8)]paragraph 'b'", "[•]paragraph 'c'"],
    "- a\n\n  b\n- c": ["[•]paragraph 'a'", "[]paragraph 'b'", "[•]paragraph 'c'"],
    "- - a\n  - b": ["[•][•]paragraph 'a'", "[][•]paragraph 'b'"],
    "-\n- \n-\n\n  a": ["[•]paragraph ''", "[•]paragraph ''", "[•]paragraph ''", "paragraph 'a'"],
    "- [ ] a\n- [x] b\n- [X]\n1. [x] c": [
        "[☐]paragraph 'a'",
        "[☑]paragraph 'b'",
        "[•]paragraph '[X]'",
        "[1. ☑]paragraph 'c'",
    ],
    "- [ ] \n": ["[☐]paragraph ''"],
    "a\n- b\n2. c": ["paragraph 'a'", "[•]paragraph 'b'", "[2.]paragraph 'c'"],
    "a\n2. b\n-\n": ["heading2 'a\\n2. b'"],
    "> a\nb\n> - c\nd\n\ne": [">paragraph 'a\\nb'", ">[•]paragraph 'c\\nd'", "paragraph 'e'"],
    "> ```\n> a\nb": [">code 'a'", "paragraph 'b'"],
    "- ```\n  a\n\n  b\n c": ["[•]code 'a\\n\\nb'", "paragraph 'c'"],
    "-\ta\n\n\tb": ["[•]paragraph 'a'", "[]paragraph 'b'"],
    ">\t\tcode": [">code '  code'"],
    "<div>\n*a*\n</div>": ["paragraph '<div>\\na\\n</div>'"],
    "[a]: /u\n\n[a]: /v": [],
    "- [a]: /u\n- b": ["[•]paragraph ''", "[•]paragraph 'b'"],
    "[a]\n\n[a]: https://x.y": ["paragraph 'a'"],
    "a | b\n--|--\n": ["table ''"],
    "a | b\n--|--|--\n": ["paragraph 'a | b\\n--|--|--'"],
    "c\na | b\n--|--\nx\n\ny": ["paragraph 'c'", "table ''", "paragraph 'y'"],
    "a[^1], b[^12], [^n] [^1](u)\n[^1]: c\nd\n\n    e\n[^n]: f\ng": [
        "paragraph 'a¹, b¹², [^n] ^1 (u)'",
        "[¹]paragraph 'c\\nd'",
        "[]paragraph 'e'",
        "[[^n]]paragraph 'f\\ng'",
    ],
    "> [^2]: - a\n>     - b\n\n[^3]:\n\nc": [
        ">[²][•]paragraph 'a'",
        ">[][•]paragraph 'b'",
        "[³]paragraph ''",
        "paragraph 'c'",
    ],
    "    a | b\n--|--": ["code 'a | b'", "paragraph '--|--'"],
}


@pytest.mark.parametrize(("text", "leaves"), CASES.items())
def test_blocks(text, leaves):
    assert outline(text) == leaves


FORMULAS = {
    "$$ x $$": ["formula 'x'"],
    "a\n$$\nx = y\n- 3\n# 4\n\n= 5 $$\nb": ["paragraph 'a'", "formula 'x = y\\n- 3\\n# 4\\n= 5'", "paragraph 'b'"],
    "- a\n  $$\n  x\n  $$\n- \\[ x_1 \\]": ["[•]paragraph 'a'", "[]formula 'x'", "[•]formula 'x_1'"],
    "> \\[\n> x^2\n> \\]\nb": [">formula 'x^2'", "paragraph 'b'"],
    "| a |\n|--|\n$$\nx\n$$": ["table ''", "formula 'x'"],
    "$$ a\n$$ b\n$$": ["paragraph '$$ a'", "formula 'b'"],
    # None of these is a formula that stands by itself.
    "$$\nx": ["paragraph '$$\\nx'"],
    "$$\n- a\n# b": ["paragraph '$$'", "[•]paragraph 'a'", "heading1 'b'"],
    "- $$\n- a": ["[•]paragraph '$$'", "[•]paragraph 'a'"],
    "\\[see below\\]": ["paragraph '[see below]'"],
    "a\n\\[b](c)\n\nd": ["paragraph 'a\\n[b](c)'", "paragraph 'd'"],
    "$$x$$ and *y*": ["paragraph '$$x$$ and y'"],
    "$$\n\n\n\n\n- a\n$$": ["paragraph '$$'", "[•]paragraph 'a\\n$$'"],
    "$$$$": ["paragraph '$$$$'"],
    "    $$\n    x\n    $$": ["code '$$\\nx\\n$$'"],
}


@pytest.mark.parametrize(("text", "leaves"), FORMULAS.items())
def test_formulas(text, leaves):
    assert outline(text) == leaves


def test_a_stray_dollar_sign_does_not_swallow_an_answer():
    kinds = [leaf.kind for leaf in parse("$$\n" + "- a\n" * 300)]
    assert kinds == [LeafKind.PARAGRAPH] * 301


def test_tables():
    (leaf,) = parse("| a | *b* | c | d\n|:-|-:|:-:|-|\n| 1 \\| 2 |\n| x | y | z | u | v |\n")
    assert leaf.table is not None
    assert leaf.table.aligns == ("left", "right", "center", "")
    assert [[cell.text for cell in row] for row in leaf.table.rows] == [
        ["a", "b", "c", "d"],
        ["1 | 2", "", "", ""],
        ["x", "y", "z", "u"],
    ]


def test_languages():
    assert [leaf.language for leaf in parse("```python title=x\n```\n~~~\n~~~\n``` \u202ec\n```")] == [
        "python",
        "",
        "‹U+202E›c",
    ]


def test_code_shows_what_hides_in_it():
    (leaf,) = parse("```\nif a\u202e b\u200b:\n\U000e0041\ufeff\n```")
    assert leaf.text == "if a‹U+202E› b‹U+200B›:\n‹U+E0041›‹U+FEFF›"


def test_source_ranges_are_whole_lines():
    text = "# a\n\n- b\n  c\n\n  ```\n  d\n  ```\n> e\nf\n\n| g | h |\n|-|-|\n| i | j |\n\nk\n===\n"
    assert [text[slice(*leaf.source)] for leaf in parse(text)] == [
        "# a",
        "- b\n  c",
        "  ```\n  d\n  ```",
        "> e\nf",
        "| g | h |\n|-|-|\n| i | j |",
        "k\n===",
    ]


def test_depth_is_bounded_and_nothing_is_lost():
    (quote,) = parse("> " * 4_000 + "end")
    assert len(quote.containers) == DEEPEST
    assert quote.text.endswith("> end")
    assert quote.text.count(">") == 4_000 - DEEPEST
    parts = parse("> " * 20_000 + "end")
    assert {len(part.containers) for part in parts} == {DEEPEST}
    assert sum(part.text.count(">") for part in parts) == 20_000 - DEEPEST
    levels = parse("".join("  " * level + f"- level{level}\n" for level in range(500)))
    shown = " ".join(leaf.text for leaf in levels)
    assert all(f"level{level}" in shown for level in range(500))


def test_long_emphasis_is_bounded():
    """A construct that stays open for thousands of characters is text; what follows is read afresh."""
    (leaf,) = parse("**" + "word " * 1_600 + "*end*")
    assert leaf.text.startswith("**word")
    assert leaf.text.endswith("end")
    assert [span.start for span in leaf.spans] == [len(leaf.text) - 3]


def test_line_ends_of_every_system():
    assert normalize("a\r\nb\rc\n\0") == "a\nb\nc\n\ufffd"
    assert outline("a\r\n\r\n- b\r- c") == ["paragraph 'a'", "[•]paragraph 'b'", "[•]paragraph 'c'"]
