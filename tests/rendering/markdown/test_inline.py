"""Inline Markdown to text and spans."""

from __future__ import annotations

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.rendering.markdown.inline import parse_inline
from desktop.rendering.text.leaves import Span, Style

B, I, C, S, L, M = Style.BOLD, Style.ITALIC, Style.CODE, Style.STRIKE, Style.LINK, Style.IMAGE  # noqa: E741


def read(source):
    """The text cut at its spans."""
    inline = parse_inline(source)
    runs, position = [], 0
    for span in (*inline.spans, Span(len(inline.text), len(inline.text), Style.PLAIN)):
        if span.start > position:
            runs.append((inline.text[position : span.start], Style.PLAIN, ""))
        if span.end > span.start:
            runs.append((inline.text[span.start : span.end], span.style, span.href))
        position = span.end
    return runs


CASES = {
    "plain": [("plain", Style.PLAIN, "")],
    "a **b** c": [("a ", Style.PLAIN, ""), ("b", B, ""), (" c", Style.PLAIN, "")],
    "**b *both***": [("b ", B, ""), ("both", B | I, "")],
    "~~gone `x`~~": [("gone ", S, ""), ("x", S | C, "")],
    "snake_case_name 2 * 3 * 4": [("snake_case_name 2 * 3 * 4", Style.PLAIN, "")],
    r"\*not\* &amp; &lt;i&gt; <b>html</b>": [("*not* & <i> <b>html</b>", Style.PLAIN, "")],
    "**中文**后面": [("中文", B, ""), ("后面", Style.PLAIN, "")],
    "[a **b**](https://x.y/z)": [("a ", L, "https://x.y/z"), ("b", L | B, "https://x.y/z")],
    "<https://x.y>": [("https://x.y", L, "https://x.y")],
    "<me@x.y>": [("me@x.y", L, "mailto:me@x.y")],
    "[](https://x.y)": [("https://x.y", L, "https://x.y")],
    "[a](javascript:x)": [("a (javascript:x)", Style.PLAIN, "")],
    "[a](src/main.py)": [("a (src/main.py)", Style.PLAIN, "")],
    "[a](#part)": [("a", Style.PLAIN, "")],
    "[\u202eevil](https://x.y)": [("‹U+202E›evil", L, "https://x.y")],
    "`a\u200bb`": [("a‹U+200B›b", C, "")],
    "![](https://x.y/z.png)": [("[image: x.y]", M, "")],
    "![a *b*](https://x.y/z.png)": [("[image: a b – x.y]", M, "")],
    "![a](data:image/png;base64,AA)": [("[image: a]", M, "")],
    "![](//host/share)": [("[image: host]", M, "")],
    "[![a](https://x.y/i)](https://x.y)": [("[image: a – x.y]", M | L, "https://x.y")],
}


@pytest.mark.parametrize(("source", "runs"), CASES.items())
def test_runs(source, runs):
    assert read(source) == runs


BARE = {
    "see https://x.y/a_b_(c)?d=e#f.": ["https://x.y/a_b_(c)?d=e#f"],
    "(https://x.y/a)": ["https://x.y/a"],
    "请看https://x.y/路。谢谢": ["https://x.y/"],
    "**https://x.y**": ["https://x.y"],
    "https://x.y, http://z.w; mailto:a@b.c!": ["https://x.y", "http://z.w", "mailto:a@b.c"],
    "www.x.y/z, (WWW.X.Y) a.b+c@d-e.f.": [
        "http://www.x.y/z",
        "http://www.x.y",
        "mailto:a.b+c@d-e.f",
    ],
    "xhttps://x.y file://x ftp://x //x/y www.x a@b @a react@18.2 git@x.y:z": [],
    "https://user@x.y https:// http://%41": [],
    "`https://x.y`": [],
    "HTTPS://X.Y/Z": ["https://x.y/Z"],
}


@pytest.mark.parametrize(("source", "links"), BARE.items())
def test_bare_addresses(source, links):
    assert [span.href for span in parse_inline(source).spans if span.href] == links


BREAKS = {
    "one\ntwo": "one\ntwo",
    "one \n   two": "one\ntwo",
    "one  \ntwo": "one\ntwo",
    "one\\\ntwo": "one\ntwo",
    "one\n\ttwo": "one\ntwo",
    "*one* \n two": "one\ntwo",
    "中文\n中文\nword\n中文": "中文\n中文\nword\n中文",
    "**中**\n**文**": "中\n文",
    "　　床前明月光，\n　　疑是地上霜。": "　　床前明月光，\n　　疑是地上霜。",
    "한국\n한국": "한국\n한국",
    "`one\ntwo`": "one two",
    "$x_1 +\ny$ or\n\\(a\nb\\)": "$x_1 + y$ or\n\\(a b\\)",
    "![one\ntwo](https://x.y/z.png)": "[image: one two – x.y]",
    "[](<>)\none": "one",
    "one\n[](<>)": "one",
    "one\n[](<>)\ntwo": "one\ntwo",
}


@pytest.mark.parametrize(("source", "text"), BREAKS.items())
def test_line_breaks(source, text):
    assert parse_inline(source).text == text


@pytest.mark.parametrize("line_break", ["\n", "  \n", "\\\n"])
def test_what_goes_over_a_line_break_is_one(line_break):
    assert read(f"**one{line_break}two**") == [("one\ntwo", B, "")]
    assert read(f"[one{line_break}two](https://x.y/z)") == [("one\ntwo", L, "https://x.y/z")]


@given(st.text(alphabet="ab中 \n", max_size=60))
def test_text_without_signs_is_shown_as_it_is_with_them(source):
    """It is not given to markdown-it, to which all else is."""
    source = re.sub(r"\n\s*", "\n", source.strip())
    assert parse_inline("*x*" + source).text == "x" + parse_inline(source).text


@given(st.text(alphabet="ab中 \n*_~`[]()!<>&;\\/:.h\ud800\u202e", max_size=60))
def test_spans_are_in_order_for_any_text(source):
    inline = parse_inline(source)
    position = 0
    for span in inline.spans:
        assert position <= span.start < span.end <= len(inline.text)
        assert span.style
        assert bool(span.href) == bool(span.style & Style.LINK)
        position = span.end


def test_a_long_list_of_sources_keeps_its_looks_and_links():
    found = parse_inline(
        "\n".join(f"[{n}] Mayer: **Title {n}**, see [here](https://example.com/{n})" for n in range(119))
    )
    assert len([span for span in found.spans if span.href]) == 119
    assert "**" not in found.text


def test_nothing_is_kept_of_a_text_that_is_shown_no_more():
    text = "Between **us** alone."
    before = sys.getrefcount(text)
    parse_inline(text)
    assert sys.getrefcount(text) == before
