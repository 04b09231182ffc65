"""A conversation as a web page: whole in one file, and nothing in it that a browser would fetch or run."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

from desktop.core.message import TextPart, user_message
from desktop.exporters.web_page import write
from tests.exporters.talk import ANSWER, QUESTION, talk


class Page(HTMLParser):
    """Reads a page and gathers its tags and their attributes."""

    def __init__(self, source):
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs


def test_all_that_was_said_stands_under_the_title():
    page = write(talk(QUESTION, ANSWER, title="Terms & co", with_thinking=True)).decode()
    assert "<title>Terms &amp; co</title>" in page
    assert "<h1>Terms &amp; co</h1>" in page
    assert "<b>qwen3:4b</b> · 2026-" in page
    assert "<summary>Thinking</summary>Let me\n\n&gt; see</details>" in page
    assert "<p><b>45 days</b></p>" in page


def test_a_formula_is_mathml():
    page = write(talk(replace(ANSWER, parts=(TextPart("so $x^2$ and $\\nosuchthing$"),)))).decode()
    assert '<math display="inline"' in page
    assert "<msup>" in page
    assert r"<code>$\nosuchthing$</code>" in page


def test_one_answer_stands_by_itself():
    page = write(talk(replace(ANSWER, parts=(TextPart("# Terms"),)))).decode()
    assert page.count("<h1>") == 1
    assert "<h1>Terms</h1>" in page


def test_nothing_is_run_and_nothing_is_fetched():
    bad = '<script>x()</script> <img src="http://x.example/a"> ![b](http://x.example/b.png) [c](javascript:x) <!-- -->'
    source = write(talk(user_message(bad), replace(ANSWER, parts=(TextPart(bad),)), title=bad)).decode()
    page = Page(source)
    assert "default-src 'none'" in source
    assert not {"script", "img", "link", "iframe"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name in ("src", "onclick", "onerror")]
    assert {value for name, value in page.attributes if name == "href"} <= {"http://x.example/a"}
