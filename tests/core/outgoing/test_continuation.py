"""Where the rest of a reply joins its beginning: a table of cases, and what holds for any text however it is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.outgoing.continuation import MOST_REPEATED, Joint, asking_to_go_on, last_words

FOX = "The quick brown fox jumps over the lazy dog, and then the fox"
CODE = "Here it is:\n\n```python\ndef double(x):\n    y = 2 * x\n    retu"
LINES = "```python\na = 1\nb = 2\n"

# before, what the model writes, the whole
ASKED = {
    "goes on": (FOX, " sleeps.", " sleeps."),
    "repeats the last words": (FOX, "and then the fox sleeps.", " sleeps."),
    "repeats behind a line break": (FOX, "\n\nand then the fox sleeps.", " sleeps."),
    "repeats behind dots": (FOX, "...and then the fox sleeps.", " sleeps."),
    "repeats behind a character for dots": (FOX, "… and then the fox sleeps.", " sleeps."),
    "repeats all of it": (FOX, f"{FOX} sleeps.", " sleeps."),
    "repeats nothing but that": (FOX, "and then the fox", ""),
    "dots and nothing new": (FOX, "... sleeps.", " sleeps."),
    "the space is missing": (FOX, "sleeps.", " sleeps."),
    "a capital in mid-sentence": (FOX, "Sleeps.", " Sleeps."),
    "behind a full stop": (f"{FOX}.", "It sleeps.", " It sleeps."),
    "behind a comma": (f"{FOX},", "who is tired.", " who is tired."),
    "a number goes on": ("Pi is 3.", "14", "14"),
    "a name goes on": ("See example.", "com for it.", "com for it."),
    "half a word": ("The international committee is inter", "nal to us.", "nal to us."),
    "half a word again": ("The committee is an intern", "international one.", "ational one."),
    "a short word again is meant": ("Ha, said he, ha", " ha ha!", " ha ha!"),
    "the end of a longer word": ("That is a misunderstanding", "understanding comes.", "understanding comes."),
    "line break kept": ("One paragraph.\n\n", "Another one.", "Another one."),
    "a heading": (f"{FOX}.", "## Sleep\n\nIt sleeps.", "\n\n## Sleep\n\nIt sleeps."),
    "Chinese": ("春天的风吹过田野,", "带来了花香。", "带来了花香。"),
    "Chinese again": ("春天的风吹过田野,", "春天的风吹过田野,带来了花香。", "带来了花香。"),
    "Chinese, some of it again": ("春天到了。春天的风吹过田野,带来", "吹过田野,带来了花香。", "了花香。"),
    "Chinese, two characters may be meant": ("他说好,", "好,我们走。", "好,我们走。"),
    "Chinese with English": ("我们用 Python", "来写程序。", "来写程序。"),
    "list item again": ("1. apples\n2. ban", "2. bananas\n3. pears", "anas\n3. pears"),
    "next list item": ("1. apples\n2. bananas", "3. pears", "\n3. pears"),
    "list item goes on": ("- apples\n- ban", "anas\n- pears", "anas\n- pears"),
    "bullet again": ("- red apples\n- green app", "- green apples\n- pears", "les\n- pears"),
    "table row again": ("| a | b |\n|---|---|\n| one | t", "| one | two |\n| three | four |", "wo |\n| three | four |"),
    "next table row": ("| a | b |\n|---|---|\n| one | two |", "| three | four |", "\n| three | four |"),
    "table goes on": ("| a | b |\n|---|---|\n| one | t", "wo |", "wo |"),
    "dashes are no words": ("| a | b |\n| ----------", "------ | --- |\n", "------ | --- |\n"),
    "code goes on": (CODE, "rn y\n```\n", "rn y\n```\n"),
    "code again with a fence": (CODE, "```python\n    return y\n```\n", "rn y\n```\n"),
    "code again with a bare fence": (CODE, "```\n    return y\n```\n", "rn y\n```\n"),
    "code again without": (CODE, "    return y\n```\n", "rn y\n```\n"),
    "two lines of code again": (CODE, "```python\n    y = 2 * x\n    return y\n```\n", "rn y\n```\n"),
    "the next line, the fence again": (LINES, "```python\nc = 3\n```", "c = 3\n```"),
    "the fence closes": (LINES, "```\n\nThat is all.", "```\n\nThat is all."),
    "a line again": (LINES, "b = 2\nc = 3\n", "c = 3\n"),
    "indented code": ("```\nif x:\n", "    y()\n```", "    y()\n```"),
}  # fmt: skip

# The server goes on by itself: everything is meant.
EXACT = {
    "goes on": (FOX, " sleeps.", " sleeps."),
    "half a word": ("The qui", "ck fox", "ck fox"),
    "a repetition": ("```\n0 0 0 0 0 0 0\n", "0 0 0 0 0 0 0\n0 1", "0 0 0 0 0 0 0\n0 1"),
    "words again": (FOX, "and then the fox sleeps.", "and then the fox sleeps."),
    "line break": (FOX, "\n\nEnd.", "\n\nEnd."),
    "a second space": ("The quick ", " brown fox", "brown fox"),
    "spaces in code": ("```\nx = ", "  5", "  5"),
    "a hard break": ("One line  ", " ", " "),
    "the server gives all of it": (FOX, f"{FOX} sleeps.", " sleeps."),
    "the fence is opened again": (CODE, "```python\n    return y\n```", "rn y\n```"),
    "the fence closes": (LINES, "```\nEnd.", "```\nEnd."),
    "the fence closes on a line of its own": (CODE, "\n```\nEnd.", "\n```\nEnd."),
}


def joined(before: str, pieces: list[str], *, asked: bool) -> str:
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


@pytest.mark.parametrize("case", ASKED)
def test_a_model_that_was_asked(case: str) -> None:
    before, written, expected = ASKED[case]
    assert joined(before, [written], asked=True) == expected
    assert joined(before, list(written), asked=True) == expected


@pytest.mark.parametrize("case", EXACT)
def test_a_server_that_goes_on(case: str) -> None:
    before, written, expected = EXACT[case]
    assert joined(before, [written], asked=False) == expected
    assert joined(before, list(written), asked=False) == expected


def test_words_are_shown_as_soon_as_they_cannot_be_a_repetition() -> None:
    joint = Joint(FOX, asked=False)
    assert joint.feed(" sleeps") == " sleeps"
    joint = Joint(FOX, asked=True)
    assert joint.feed("zzz, it says while it sleeps in the sun and dreams") != ""
    assert joint.feed(" of hens") == " of hens"
    assert joint.close() == ""


def test_without_a_beginning_nothing_is_held_back() -> None:
    joint = Joint("", asked=True)
    assert joint.feed("\n") == "\n"
    assert joint.close() == ""


TEXTS = st.text(st.sampled_from("ab .\n`|-#1春风,Aé~"), max_size=60)


@given(TEXTS, TEXTS, st.booleans(), st.data())
def test_the_pieces_do_not_matter(before: str, written: str, asked: bool, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(written)), max_size=6)))
    pieces = [written[start:end] for start, end in zip([0, *cuts], [*cuts, len(written)], strict=True)]
    assert joined(before, pieces, asked=asked) == joined(before, [written], asked=asked)


@given(TEXTS, TEXTS, st.booleans())
def test_only_the_start_is_ever_changed(before: str, written: str, asked: bool) -> None:
    added = joined(before, [written], asked=asked)
    assert added.lstrip() == "" or written.endswith(added.lstrip())


WORDS = st.lists(
    st.sampled_from(["spring", "wind", "over", "field", "sings", "never", "again"]), min_size=9, max_size=30
)


@given(WORDS, st.integers(8, 40), st.integers(13, 60))
def test_a_text_that_is_cut_anywhere_is_whole_again(words: list[str], cut: int, repeated: int) -> None:
    """Cut at any letter; the model repeats some whole words before the cut. No two neighbours the same, no rhythm."""
    text = " ".join(f"{word}{number}" for number, word in enumerate(words))
    cut = min(cut, len(text) - 1)
    before = text[:cut]
    start = before.rfind(" ", 0, max(0, cut - repeated)) + 1
    assert before + joined(before, list(text[start:]), asked=True) == text


@given(WORDS, st.integers(1, 100))
def test_a_server_that_goes_on_is_never_changed(words: list[str], cut: int) -> None:
    text = " ".join(f"{word}{number}" for number, word in enumerate(words))
    before, rest = text[:cut].rstrip(), text[len(text[:cut].rstrip()) :]
    assert before + joined(before, list(rest), asked=False) == text


def test_the_request_is_in_the_language_of_the_conversation() -> None:
    assert "cut off" in asking_to_go_on("Tell me a story", "Once upon")
    assert "截断" in asking_to_go_on("讲个故事", "从前有座山")
    assert "截断" in asking_to_go_on("用 Python 写一个快速排序的程序", "```python\ndef sort(x):")
    assert "cut off" in asking_to_go_on("What does 你好 mean in English, please?", "It means")
    assert "cut off" in asking_to_go_on("お話をしてください", "むかしむかし、あるところに")
    assert "code block" in asking_to_go_on("Code!", "```\na = 1")
    assert "代码块" in asking_to_go_on("写一段代码", "```\na = 1")
    assert asking_to_go_on("Tell me", f"Line.\n{FOX}").endswith("\nfox jumps over the lazy dog, and then the fox")


def test_last_words() -> None:
    assert last_words("One\ntwo three\n\n") == "two three"
    assert last_words("词" * 100) == "词" * 48
    assert last_words("") == ""
