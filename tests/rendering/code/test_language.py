"""A guess is made from certain signs only, and does not depend on how much of the code has come."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.rendering.code.highlight import MOST_LINES, coloured_lines, guess_language

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
def test_certain(text: str, language: str) -> None:
    assert guess_language(text.split("\n")) == language


@pytest.mark.parametrize("text", UNCERTAIN)
def test_uncertain_stays_plain(text: str) -> None:
    assert guess_language(text.split("\n")) == ""


@given(st.lists(st.sampled_from([line for text in [*CERTAIN, *UNCERTAIN] for line in text.split("\n")]), max_size=40))
def test_a_guess_stays_as_lines_come(lines: list[str]) -> None:
    guesses = [guess_language(lines[:count]) for count in range(len(lines) + 1)]
    changes = sum(before != after for before, after in itertools.pairwise(guesses))
    assert changes <= 1


@pytest.mark.parametrize("language", sorted(set(CERTAIN.values()) - {"mermaid"}))
def test_what_is_guessed_has_colours(language: str) -> None:
    codes = [text.split("\n") for text, guessed in CERTAIN.items() if guessed == language]
    assert any(line for code in codes for line in coloured_lines(code, language))


@pytest.mark.parametrize("line", ["(" * 300, "a " * 5_000, "select " * 2_000, '"' * 300, "const {" * 200, "<" * 300])
def test_hostile_lines_take_no_time(line: str) -> None:
    began = time.process_time()
    guess_language([line] * MOST_LINES)
    assert time.process_time() - began < 0.1
