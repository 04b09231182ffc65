"""Colours of code, the same when its lines come one by one; and its language, guessed from certain signs only."""

from __future__ import annotations

import time
from unittest.mock import Mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.rendering.code import (
    MOST_LINES,
    CodeColours,
    TokenKind,
    coloured_lines,
    guess_language,
    is_loaded,
)
from tests.support.examples import examples

# --- Colours of code, the same when its lines come one by one; and its language, guessed from certain --------------

SAMPLES = {
    "python": '@cached\nclass A(B):\n    """Text\n    over lines."""\n    def g(self, x=1.5):  # note\n        pass\n',
    "javascript": "/* a\n * b */ const f = async (x) => `one\ntwo ${x + 1}`; // c\nclass A { b() { return null } }\n",
    "typescript": "interface A { b: string }\n/**\n * doc\n */\nexport function f(x: number): void {}\n",
    "java": "/* open\nlines */\n@Override public int f(String s) { return 1; } // end\n",
    "c": '#include <x.h>\n/* a\n b */\nint main(void) { return 0x1F; }\n// "x"\n',
    "cpp": "template <class T>\nauto f(T x) -> int { return 'a'; } /* a\nb */\n",
    "csharp": "/// <summary>x</summary>\npublic class A { /* a\n b */ int x = 1; }\n",
    "go": 'package main\n/* a\nb */\nfunc f(x int) string { return "a" } // c\n',
    "rust": "/* a\nb */ fn f<'a>(x: &'a str) -> u32 { 1 } // c\n#[derive(Debug)]\nstruct A;\n",
    "bash": '#!/bin/sh\nfor f in *.txt; do\n  echo "$f\n  second" # note\ndone\n',
    "html": '<!-- a\nb --><div class="x">text &amp;</div>\n<script>\nlet a = 1;\n</script>\n',
    "css": "/* a\nb */ .x > a:hover { color: #fff; margin: 1px }\n",
    "sql": "-- note\nSELECT a, COUNT(*) FROM b /* a\nb */ WHERE c = 'd';\n",
    "php": "<?php\n/* a\nb */ function f($x) { return 'y'; } // z\n",
    "kotlin": '/* a\nb */ fun f(x: Int): String = "y$x" // z\n',
    "ruby": "def f(x) # note\n  :y if x == 'z'\nend\n",
    "diff": "--- a\n+++ b\n@@ -1 +1 @@\n-old\n+new\n",
    "toml": '[a]\nb = "c" # d\ne = [1, 2]\n',
}


def highlight_lines(code, language):
    """Return the colours of each line, however long reading takes."""
    return coloured_lines(code.split("\n"), language, 60.0)


def grown(code, language, step=1):
    """The colours of lines that came one after another, once the last one is there."""
    lines, colours = code.split("\n"), CodeColours(language)
    for start in range(0, len(lines), step):
        assert colours.find(lines[: start + step], start, min(len(lines), start + step), 60.0, may_grow=True)
    return [colours.of(number) or [] for number in range(len(lines))]


def kinds(code, language):
    """The kind of each coloured stretch, by its text."""
    found = {}
    for line, coloured in zip(code.split("\n"), highlight_lines(code, language), strict=True):
        found.update({line[start:end]: kind.value for start, end, kind in coloured})
    return found


def test_kinds_of_python():
    found = kinds(SAMPLES["python"], "python")
    assert found["@cached"] == "decorator"
    assert found["class"] == "keyword"
    assert found["A"] == "type"
    assert found["g"] == "function"
    assert found["1.5"] == "number"
    assert found["# note"] == "comment"
    assert found['    over lines."""'] == "string"
    found = kinds(SAMPLES["diff"], "diff")
    assert (found["-old"], found["+new"]) == ("deleted", "inserted")


@pytest.mark.parametrize("language", SAMPLES)
def test_line_by_line_is_the_same_but_for_what_was_open(language):
    code = SAMPLES[language] * 3
    whole = highlight_lines(code, language)
    assert any(whole)
    differing = [one for one, other in zip(grown(code, language), whole, strict=True) if one != other]
    assert len(differing) <= 6  # beginnings of strings and comments, which have their colour with the next line


PYTHON = [
    line
    for number in range(400)
    for line in ("", f"def f{number}(x: int) -> int:  # note", f"    return x * {number}", f"    y = 'a{number}'")
]


@settings(max_examples=examples(30), deadline=None)
@given(st.lists(st.integers(0, len(PYTHON) - 41), max_size=12))
def test_the_middle_of_a_long_block_is_right_and_stays_wherever_one_looks_first(places):
    colours, whole = CodeColours("python"), highlight_lines("\n".join(PYTHON[:24]), "python")
    for place in places:
        assert colours.find(PYTHON, place, place + 40, 60.0)
        before = [colours.of(number) for number in range(place, place + 40)]
        assert [len(line or []) for line in before] == [len(whole[number % 4]) for number in range(place, place + 40)]
        assert colours.find(PYTHON, place, place + 40, 60.0)
        assert all(colours.of(number) is known for number, known in enumerate(before, start=place))


@pytest.mark.parametrize("name", ["Python3", "py", "{.python}", "python title=x", "language-python", "py:a"])
def test_names_of_languages(name):
    assert highlight_lines("def f(): pass", name)[0][0] == (0, 3, TokenKind.KEYWORD)
    for unknown in ("", "no-such-language", "../../x", "\ud800", "x" * 1_000, "text"):
        assert highlight_lines("def f\n: pass", unknown) == [[], []]


def test_what_is_too_long_is_plain():
    assert coloured_lines(["x = 1;" * 2_000, "var a"], "js") == [[], [(0, 3, TokenKind.KEYWORD)]]


HOSTILE = {
    "quotes": '"' * 100_000,
    "lines of quotes": ('"' * 3_000 + "\n") * 30,
    "brackets": ("(" * 3_000 + "\n") * 30,
    "comments": "/*\n" * 30_000,
    "backslashes": ("\\" * 3_000 + "\n") * 30,
    "tags": ("<a " * 1_000 + "\n") * 30,
    "spaces": (" " * 3_000 + "\n") * 30,
    "letters": ("a" * 3_000 + "\n") * 30,
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("language", ["python", "html", "bash", "markdown", "cpp"])
def test_hostile_code_in_a_bounded_time(name, language):
    began = time.process_time()
    lines = HOSTILE[name].split("\n")
    assert len(coloured_lines(lines, language)) == len(lines)
    assert time.process_time() - began < 8


@given(
    st.text(alphabet="ab1 \n\t\"'`/*#<>-{}()[]:;=\\$@\ud800\u202e中", max_size=80),
    st.sampled_from([*SAMPLES, "json", "yaml", "markdown", "console", "perl"]),
    st.integers(1, 3),
)
@settings(max_examples=examples(200), deadline=None)
def test_any_code_is_coloured_within_its_lines(code, language, step):
    lines = code.split("\n")
    for coloured in (highlight_lines(code, language), grown(code, language, step)):
        assert len(coloured) == len(lines)
        for line, stretches in zip(lines, coloured, strict=True):
            position = 0
            for start, end, _ in stretches:
                assert position <= start < end <= len(line)
                position = end


def test_a_language_whose_lexer_fails_is_plain(monkeypatch):
    monkeypatch.setattr("pygments.lexers.get_lexer_by_name", Mock(side_effect=ImportError("half of it is gone")))
    assert is_loaded("x-of-a-failed-lexer", 60)
    assert highlight_lines("let x = 1", "x-of-a-failed-lexer") == [[]]


CERTAIN = {
    "#!/usr/bin/env python3\n": "python",
    "#!/bin/bash\nset -e\n": "bash",
    "<?php echo 1;": "php",
    '<?xml version="1.0"?>\n<a/>': "xml",
    "<!DOCTYPE html>\n<html>": "html",
    '<div class="x">\n</div>': "html",
    "#include <stdio.h>\nint main() {}": "cpp",
    "# a comment\n\nasync def f(x: int) -> str:\n    pass": "python",
    "class A(B):\n    pass": "python",
    "from pathlib import Path\n": "python",
    "import os\nimport sys": "python",
    "SELECT name\nFROM people": "sql",
    "select a from b where c": "sql",
    "CREATE TABLE a (b int)": "sql",
    '{\n  "name": "x",\n  "n": 1\n}': "json",
    '[{"a": 1}]': "json",
    "function f(x) {\n}": "javascript",
    "const x = 1;": "javascript",
    "export const f = async () => 1": "javascript",
    "import a from 'b';": "javascript",
    "using System.Text;\n": "csharp",
    "import java.util.List;\n": "java",
    "public static void main(String[] args) {": "java",
    "package main\n\nfunc main() {": "go",
    "fn main() {\n}": "rust",
    ".box {\n  color: red;\n}": "css",
    "FROM python:3.11 AS base\nRUN x": "docker",
    "\\begin{document}": "tex",
    "$ ls -l\ntotal 0": "console",
    "pip install candor": "bash",
    "--- a/x.py\n+++ b/x.py": "diff",
    "graph TD\n  A --> B": "mermaid",
    "sequenceDiagram\n  A->>B: hi": "mermaid",
}

UNCERTAIN = [
    "",
    "Dear Sir or Madam,\nplease select an offer from our list.",
    "Function of the contract: to agree",
    "the class of 2024:",
    "a = b + c",
    "合同的付款期限是三十天。",
    "2026-11-24 12:00 INFO started",
    "┌──┐\n│a │\n└──┘",
    "import the goods from China",
    "let me know",
    "from here on, import nothing",
    "(graph)",
    "Use the sign # include it",
    "x" * 10_000,
]


@pytest.mark.parametrize(("text", "language"), CERTAIN.items())
def test_certain(text, language):
    assert guess_language(text.split("\n")) == language


@pytest.mark.parametrize("text", UNCERTAIN)
def test_uncertain_stays_plain(text):
    assert guess_language(text.split("\n")) == ""


@pytest.mark.parametrize("language", sorted(set(CERTAIN.values()) - {"mermaid"}))
def test_what_is_guessed_has_colours(language):
    codes = [text.split("\n") for text, guessed in CERTAIN.items() if guessed == language]
    assert any(line for code in codes for line in coloured_lines(code, language))


@pytest.mark.parametrize("line", ["(" * 300, "a " * 5_000, "select " * 2_000, '"' * 300, "const {" * 200, "<" * 300])
def test_hostile_lines_take_no_time(line):
    began = time.process_time()
    guess_language([line] * MOST_LINES)
    assert time.process_time() - began < 0.1
