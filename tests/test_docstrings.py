"""The form of docstrings in desktop/ and packaging/, as far as a program can tell it from the syntax tree.

It keeps the program readable for newcomers: a docstring names a thing or an action first, in the field's words. The
imperative of functions is checked by ruff (D401).
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("desktop", "packaging")

QUESTION = re.compile(r"(?:What|Whether|Where|How|Which|Why|Who|When)\b")
MOST_QUESTIONS = 0.03  # of the docstrings of functions and classes
PERSON = re.compile(r"\bthe person\b", re.IGNORECASE)
# As a verb whose subject is the function: at the beginning of a clause, with an object behind it.
ANSWERS = re.compile(
    r"(?:^|[.;]\s+|\band\s+)answers\s+"
    r"(?:(?:the|its|their|it|them|a|an|as|what|whether|where|which|who|how|from|None|True|False)\b|`)",
    re.IGNORECASE,
)
# Verbs alone: "Looks", "Runs" and "Turns" may be nouns.
THIRD_PERSON = re.compile(
    r"(?:Adds|Answers|Asks|Becomes|Begins|Brings|Builds|Collects|Compares|Decides|Does|Draws|Feeds|Finds|Follows"
    r"|Gathers|Gets|Gives|Has|Holds|Is|Keeps|Knows|Lays|Lets|Lies|Listens|Lives|Makes|Merges|Offers|Opens|Paints|Puts"
    r"|Reads|Remembers|Replaces|Says|Searches|Sends|Shows|Stands|Takes|Tells|Waits|Walks|Watches|Writes)\b"
)


@dataclass(frozen=True)
class Docstring:
    """Text of a docstring, of what it is (`module`, `class` or `function`), and where it stands."""

    where: str
    kind: str
    text: str


def docstrings_in(source: str, name: str) -> Iterator[Docstring]:
    """Yield the docstrings of a module's source; `name` is what its file is called in a failure."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Module():
                kind, label = "module", name
            case ast.ClassDef():
                kind, label = "class", f"{name}:{node.lineno} {node.name}"
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                kind, label = "function", f"{name}:{node.lineno} {node.name}"
            case _:
                continue
        if text := ast.get_docstring(node):
            yield Docstring(label, kind, text)


def comments_in(source: str, name: str) -> Iterator[tuple[str, str]]:
    """Yield where each comment of a module's source stands, and its text."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield f"{name}:{token.start[0]}", token.string


def questions_in(docstrings: list[Docstring]) -> list[str]:
    """Return where functions and classes begin with a question word."""
    return [each.where for each in docstrings if each.kind != "module" and QUESTION.match(each.text)]


def house_words_in(docstrings: list[Docstring]) -> list[str]:
    """Return where a docstring says "the person", or "answers" of a function that returns something."""
    return [
        each.where
        for each in docstrings
        if PERSON.search(each.text) or (each.kind == "function" and ANSWERS.search(each.text))
    ]


def verbs_in(docstrings: list[Docstring]) -> list[str]:
    """Return where a class begins with a verb instead of a noun."""
    return [each.where for each in docstrings if each.kind == "class" and THIRD_PERSON.match(each.text)]


@pytest.fixture(scope="module")
def sources() -> dict[str, str]:
    """Return the program's modules: their text by their path."""
    found = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*.py"))
    }
    assert all(any(name.startswith(f"{folder}/") for name in found) for folder in FOLDERS)
    return found


@pytest.fixture(scope="module")
def docstrings(sources: dict[str, str]) -> list[Docstring]:
    found = [each for name, source in sources.items() for each in docstrings_in(source, name)]
    kinds = [each.kind for each in found]
    for kind, least in (("module", 300), ("class", 300), ("function", 1_500)):
        assert kinds.count(kind) > least, f"{kinds.count(kind)} docstrings of a {kind} were found"
    return found


def test_docstrings_do_not_begin_with_a_question(docstrings: list[Docstring]) -> None:
    found = questions_in(docstrings)
    assert len(found) <= MOST_QUESTIONS * sum(each.kind != "module" for each in docstrings), "\n".join(found)


def test_docstrings_have_the_words_of_the_field(docstrings: list[Docstring]) -> None:
    assert not house_words_in(docstrings)


def test_comments_speak_of_users(sources: dict[str, str]) -> None:
    comments = [each for name, source in sources.items() for each in comments_in(source, name)]
    assert len(comments) > 500
    assert not [where for where, text in comments if PERSON.search(text)]


def test_classes_begin_with_a_noun(docstrings: list[Docstring]) -> None:
    assert not verbs_in(docstrings)


@pytest.mark.parametrize(
    "text",
    [
        "Lay out the page; answers from where on it looks different. It answers the person.",
        "Run a command and answers its exit status.",
        "Answers the top of the change.",
        "Text of the person.",
    ],
)
def test_a_house_word_is_found(text: str) -> None:
    assert house_words_in(list(docstrings_in(f'def run():\n    """{text}"""\n', "module.py")))


@pytest.mark.parametrize(
    "text",
    [
        "Return the answers of a model, the answers that differ first.",
        "Server that answers. All methods run on the loop thread.",
        "Return the id of the message that `message_id` answers, or is.",
        "Return True if an answer begins with a yes; answers to other questions have None.",
        "Return a text without a person's name.",
    ],
)
def test_other_words_are_let_through(text: str) -> None:
    assert not house_words_in(list(docstrings_in(f'def run():\n    """{text}"""\n', "module.py")))


def test_questions_and_verbs_are_found() -> None:
    source = (
        '"""What it is."""\nclass A:\n    """Keeps a text."""\n    def is_whole(self):\n        """Whether it is."""\n'
    )
    found = list(docstrings_in(source, "module.py"))
    assert questions_in(found) == ["module.py:4 is_whole"]
    assert verbs_in(found) == ["module.py:2 A"]
