"""Markdown: blocks, words and links as they are read."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.rendering.markdown.inline import parse_inline
from desktop.rendering.markdown.leaves import DEEPEST, normalize, parse
from desktop.rendering.markdown.links import host_in_letters, safe_href, shown_host, split_address
from desktop.rendering.text.leaves import ContainerKind, LeafKind, Span, Style

# --- Blocks --------------------------------------------------------------------------------------------------------


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


# --- Inline Markdown to text and spans -----------------------------------------------------------------------------

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


INLINE = {
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


@pytest.mark.parametrize(("source", "runs"), INLINE.items())
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


# --- Which addresses may be clicked --------------------------------------------------------------------------------

ALLOWED = {
    "https://example.com": "https://example.com",
    "HTTP://Example.COM/Path?q=1#part": "http://example.com/Path?q=1#part",
    "http://example.com:8080/a": "http://example.com:8080/a",
    "http://127.0.0.1:11434/": "http://127.0.0.1:11434/",
    "http://[::1]:8080/x": "http://[::1]:8080/x",
    "https://example.com/a b/ü?q=ö#ß": "https://example.com/a%20b/%C3%BC?q=%C3%B6#%C3%9F",
    "https://example.com/100%25/%7Eme": "https://example.com/100%25/%7Eme",
    "https://例え.jp/": "https://xn--r8jz45g.jp/",
    "https://раypal.com/": "https://xn--ypal-43d9g.com/",  # Cyrillic letters: shown as what they are
    "https://a_b.example.com/": "https://a_b.example.com/",
    "http://192.168.0.10/": "http://192.168.0.10/",
    "https://example.com:/": "https://example.com/",
    "https://ｅxample.com/": "https://example.com/",  # letters of full width: shown as what they come to
    "https://exam\u00adple.com/": "https://example.com/",
    "https://example.com/\u202egpj.exe": "https://example.com/%E2%80%AEgpj.exe",
    "https://google.com.evil.example/": "https://google.com.evil.example/",
    "mailto:someone@example.com": "mailto:someone@example.com",
    "MAILTO:someone@example.com?subject=Hello%20there": "mailto:someone@example.com?subject=Hello%20there",
}

REFUSED = [
    "",
    "   ",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    " javascript:alert(1)",
    "vbscript:x",
    "data:text/html,<script>alert(1)</script>",
    "data:image/png;base64,AAAA",
    "file:///etc/passwd",
    "file://server/share/x",
    "ftp://example.com/x",
    "smb://server/share",
    "ms-msdt:/id",
    "search-ms:query=x",
    "vscode://file/x",
    "tel:+123",
    "//server/share/x",
    "\\\\server\\share",
    "/etc/passwd",
    "page.html",
    "#part",
    "%5C%5Cserver/share",
    "http:example.com",
    "http:///path",
    "http://",
    "https://user:secret@example.com/",
    "https://bank.example@evil.example/",
    "https://example.com\\@evil.example/",
    "https://example.com/\x00",
    "https://example.com/\r\nHost: evil",
    "https://exa mple.com/",
    "https://example.com:99999/",
    "https://example.com:x/",
    "https://exam%70le.com/",
    "https://a..b/",
    "https://-a-/",
    "https://[::1",
    "https://[fe80::1%25eth0]/",
    "https://[fe80::1%eth0]/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://1.2.3.4./",
    "https://exam\u200bple.com\u202e/\\",
    "https:///evil.example/",
    "https:evil.example",
    "https:\\\\evil.example",
    "https://good.example:443@evil.example/",
    "https://good.example%2f@evil.example/",
    "https://example.com:-1/",
    "https://example.com:8 0/",
    "java%73cript:alert(1)",
    "%6aavascript:alert(1)",
    "about:blank",
    "blob:https://example.com/x",
    "view-source:https://example.com/",
    "mailto:a@example.com?cc=b@example.com",
    "mailto:%22a%22%0A@example.com",
    "mailto:a%0Ab@example.com",
    "https://evil.example／path",
    "https://\ud800.example/",
    "ｈｔｔｐ://example.com",
    "mailto:a@example.com,b@example.com",
    "mailto:a@example.com?attach=/etc/passwd",
    "mailto:a@example.com?subject=x&attach=/etc/passwd",
    "mailto:a@example.com?subject=x%0ABcc:b@example.com",
    "mailto:a@example.com?body=x",
    "mailto:",
    "mailto://example.com",
    "https://example.com/" + "a" * 10_000,
]


@pytest.mark.parametrize(("written", "safe"), ALLOWED.items())
def test_clickable(written, safe):
    assert safe_href(written) == safe
    assert safe_href(safe) == safe


@pytest.mark.parametrize("written", REFUSED)
def test_not_clickable(written):
    assert safe_href(written) == ""


@pytest.mark.parametrize(
    ("href", "parts"),
    [
        ("https://example.com:8080/a?b=//c", ("https://", "example.com:8080", "/a?b=//c")),
        ("http://[::1]:8080/x", ("http://", "[::1]:8080", "/x")),
        ("https://example.com", ("https://", "example.com", "")),
        ("https://example.com?q=a/b", ("https://", "example.com", "?q=a/b")),
        ("https://example.com#a", ("https://", "example.com", "#a")),
        ("mailto:a@example.com?subject=x", ("mailto:", "a@example.com", "?subject=x")),
        ("mailto:a@example.com?subject=//x", ("mailto:", "a@example.com", "?subject=//x")),
    ],
)
def test_parts(href, parts):
    assert split_address(href) == parts
    assert "".join(parts) == href


def test_a_host_as_it_is_shown():
    assert shown_host("api.deepseek.com") == "api.deepseek.com"
    assert shown_host("аpi.deepseek.com") == "xn--pi-6kc.deepseek.com"
    assert shown_host("\u202emoc.evil") == "‹U+202E›moc.evil"
    assert shown_host("::1") == "::1"


def test_a_host_in_its_own_letters():
    assert host_in_letters("https://xn--ypal-43d9g.com/") == "раypal.com"
    assert host_in_letters("https://example.com/xn--x") == ""
    assert host_in_letters("https://xn--a-ecp.example/") in ("", "a‹U+00AD›.example", "xn--a-ecp.example")


@given(st.text(max_size=60) | st.from_regex(r"(https?|mailto|x):(//)?.{0,40}"))
def test_what_is_clickable_is_plain_ascii_of_three_schemes(written):
    href = safe_href(written)
    assert href == "" or (href.isascii() and href.isprintable() and "\\" not in href and " " not in href)
    assert href == "" or href.startswith(("http://", "https://", "mailto:"))
