"""Where the rest of a reply joins its beginning: a table of cases, and what holds for any text however it is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.outgoing.continuation import MOST_REPEATED, Joint, asking_to_go_on, begins_again, last_words
from tests.core.tables import table

CASES = table("outgoing/continuation.toml")

FOX, STORY = (CASES["texts"][name] for name in ("fox", "story"))


def whole(row):
    """A row with its texts in their places."""
    for name, text in CASES["texts"].items():
        row = [each.replace(f"{{{name}}}", text) for each in row]
    return row


def joined(before, pieces, *, asked):
    """What is added in all; checks on the way that no more is held back than is allowed."""
    joint = Joint(before, asked=asked)
    added = ""
    fed = 0
    for piece in pieces:
        fed += len(piece)
        given = joint.feed(piece)
        added += given
        assert added or fed - len(piece) <= max(MOST_REPEATED, len(before)) + 100, "held back too long"
    return added + joint.close()


@pytest.mark.parametrize("case", CASES["asked"])
def test_a_model_that_was_asked(case):
    before, written, expected = whole(CASES["asked"][case])
    assert joined(before, [written], asked=True) == expected
    assert joined(before, list(written), asked=True) == expected


@pytest.mark.parametrize("case", CASES["exact"])
def test_a_server_that_goes_on(case):
    before, written, expected = whole(CASES["exact"][case])
    assert joined(before, [written], asked=False) == expected
    assert joined(before, list(written), asked=False) == expected


@pytest.mark.parametrize(("text", "start"), [whole(row) for row in CASES["again"]])
def test_a_new_beginning_is_seen_in_whatever_pieces_it_comes(text, start):
    assert begins_again(text, start, asked=False, is_whole=True)
    joint = Joint(text, asked=False)
    came = "".join(joint.feed(letter) for letter in f"{start} and so it went on for a while") + joint.close()
    assert joint.began_again
    assert came == f"{start} and so it went on for a while"


@pytest.mark.parametrize(("text", "start"), [whole(row) for row in CASES["goes_on"]])
def test_a_rest_is_not_taken_for_one(text, start):
    joint = Joint(text, asked=False)
    came = "".join(joint.feed(letter) for letter in start) + joint.close()
    assert not joint.began_again
    assert came.strip()
    assert start.endswith(came)


@pytest.mark.parametrize(
    ("start", "began_again"),
    CASES["one_that_was_asked_for_the_rest_may_repeat_its_end"],
)
def test_one_that_was_asked_for_the_rest_may_repeat_its_end(start, began_again):
    joint = Joint(STORY, asked=True)
    came = "".join(joint.feed(letter) for letter in start) + joint.close()
    assert joint.began_again is began_again
    assert (came == start) is began_again or not began_again


def test_words_are_shown_as_soon_as_they_cannot_be_a_repetition():
    joint = Joint(FOX, asked=False)
    assert joint.feed(" sleeps") == " sleeps"
    joint = Joint(FOX, asked=True)
    assert joint.feed("zzz, it says while it sleeps in the sun and dreams") != ""
    assert joint.feed(" of hens") == " of hens"
    assert joint.close() == ""


def test_without_a_beginning_nothing_is_held_back():
    joint = Joint("", asked=True)
    assert joint.feed("\n") == "\n"
    assert joint.close() == ""


TEXTS = st.text(st.sampled_from("ab .\n`|-#1春风,Aé~"), max_size=60)


@given(TEXTS, TEXTS, st.booleans(), st.data())
def test_the_pieces_do_not_matter(before, written, asked, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(written)), max_size=6)))
    pieces = [written[start:end] for start, end in zip([0, *cuts], [*cuts, len(written)], strict=True)]
    assert joined(before, pieces, asked=asked) == joined(before, [written], asked=asked)


@given(TEXTS, TEXTS, st.booleans())
def test_only_the_start_is_ever_changed(before, written, asked):
    added = joined(before, [written], asked=asked)
    assert added.lstrip() == "" or written.endswith(added.lstrip())


WORDS = st.lists(
    st.sampled_from(["spring", "wind", "over", "field", "sings", "never", "again"]), min_size=9, max_size=30
)


@given(WORDS, st.integers(8, 40), st.integers(13, 60))
def test_a_text_that_is_cut_anywhere_is_whole_again(words, cut, repeated):
    """Cut at any letter; the model repeats some whole words before the cut. No two neighbours the same, no rhythm."""
    text = " ".join(f"{word}{number}" for number, word in enumerate(words))
    cut = min(cut, len(text) - 1)
    before = text[:cut]
    start = before.rfind(" ", 0, max(0, cut - repeated)) + 1
    assert before + joined(before, list(text[start:]), asked=True) == text


@given(WORDS, st.integers(1, 100))
def test_a_server_that_goes_on_is_never_changed(words, cut):
    text = " ".join(f"{word}{number}" for number, word in enumerate(words))
    before, rest = text[:cut].rstrip(), text[len(text[:cut].rstrip()) :]
    assert before + joined(before, list(rest), asked=False) == text


def test_the_request_is_in_the_language_of_the_conversation():
    assert "cut off" in asking_to_go_on("Tell me a story", "Once upon")
    assert "截断" in asking_to_go_on("讲个故事", "从前有座山")
    assert "截断" in asking_to_go_on("用 Python 写一个快速排序的程序", "```python\ndef sort(x):")
    assert "cut off" in asking_to_go_on("What does 你好 mean in English, please?", "It means")
    assert "cut off" in asking_to_go_on("お話をしてください", "むかしむかし、あるところに")
    assert "code block" in asking_to_go_on("Code!", "```\na = 1")
    assert "代码块" in asking_to_go_on("写一段代码", "```\na = 1")
    assert asking_to_go_on("Tell me", f"Line.\n{FOX}").endswith("\nfox jumps over the lazy dog, and then the fox")


def test_last_words():
    assert last_words("One\ntwo three\n\n") == "two three"
    assert last_words("词" * 100) == "词" * 48
    assert last_words("") == ""
