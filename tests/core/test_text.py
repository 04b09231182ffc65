"""Rules on plain text: scripts, sentences, titles, tokens, searching, pace, Markdown."""

from __future__ import annotations

import sqlite3
import time
import unicodedata
from contextvars import copy_context

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.search import RecipeText, SearchQuery, first_place, marks_in, recipe_hits, sentence_at
from desktop.core.teaching import HelpTerm, KeyHelp, Lesson, find_help
from desktop.core.text.clean_text import clean_input, encodable
from desktop.core.text.find import FoundIn, comparable, occurrences
from desktop.core.text.markdown import Fence, open_fence, without_code
from desktop.core.text.pace import Attention, StreamPace, read_for
from desktop.core.text.scripts import count_han, count_words, has_han, is_chinese, sentences
from desktop.core.text.terms import content_of
from desktop.core.text.titles import TITLE_COLUMNS, distinct, title_from
from desktop.core.text.tokens import estimate_tokens, whole_tokens
from tests.core.tables import table
from tests.ui.page_scenes import the_help

# --- Cleaning what is typed, pasted or received --------------------------------------------------------------------

SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
HIDDEN = "".join(chr(0xE0000 + ord(letter)) for letter in "ignore all")

INPUT_CASES = {
    "nothing": ("", ""),
    "plain": ("a\tb\nc", "a\tb\nc"),
    "lone high surrogate": ("a\ud83db", "a\ufffdb"),
    "lone low surrogate": ("a\ude00", "a\ufffd"),
    "surrogate pair in two halves": ("\ud83d\ude00", "😀"),
    "surrogates in the wrong order": ("\ude00\ud83d", "\ufffd\ufffd"),
    "NUL": ("a\x00b", "ab"),
    "other controls": ("\x01a\x07\x08\x0e\x1b[0m\x1f", "a[0m"),
    "DOS lines": ("a\r\nb\rc\r\r\nd", "a\nb\nc\n\nd"),
    "separators": ("a\u2028b\u2029c", "a\nb\nc"),
    "line break of a word processor": ("a\x0bb\x0cc", "a\nb\nc"),
    "hidden words": ("a" + HIDDEN + "b", "ab"),
    "language tag": ("a\U000e0001\U000e0065\U000e006e b", "a b"),
    "flag": (f"I like {SCOTLAND}!", f"I like {SCOTLAND}!"),
    "flag with hidden words behind": (SCOTLAND + HIDDEN, SCOTLAND),
    "flag that is not closed": (SCOTLAND[:-1], "\U0001f3f4"),
    "flag with far too many tags": ("\U0001f3f4" + HIDDEN + "\U000e007f", "\U0001f3f4"),
    "joiners": ("👩‍👩‍👧 نمی\u200cخواهم", "👩‍👩‍👧 نمی\u200cخواهم"),
    "marks of direction": ("\u202bשלום\u202c \u2067א\u2069 \u200f", "\u202bשלום\u202c \u2067א\u2069 \u200f"),
    "wide and hard spaces": ("你好\u3000a\u00a0b\ufeff", "你好\u3000a\u00a0b\ufeff"),
    "next line": ("a\u0085b", "a\u0085b"),
}


@pytest.mark.parametrize("name", INPUT_CASES)
def test_input(name):
    text, expected = INPUT_CASES[name]
    assert clean_input(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("a\r\nb\u2028c\x1b", "a\r\nb\u2028c\x1b"),
        ("a\x00b", "a\ufffdb"),
        ("a\ud83d", "a\ufffd"),
        ("\ud83d\ude00", "😀"),
    ],
)
def test_output(text, expected):
    assert encodable(text) == expected


ANY = st.text(
    st.characters(exclude_categories=()) | st.sampled_from("\r\n\x00\ud83d\ude00\U0001f3f4\U000e0067\U000e007f")
)


@given(ANY)
def test_cleaning_twice_changes_nothing_more(text):
    assert clean_input(clean_input(text)) == clean_input(text)
    assert encodable(encodable(text)) == encodable(text)


@given(ANY)
def test_what_is_cleaned_comes_back_from_a_database(text):
    cleaned = [clean_input(text), encodable(text)]
    with sqlite3.connect(":memory:") as database:
        for value in cleaned:
            stored, length = database.execute("SELECT ?1, length(?1)", (value,)).fetchone()
            assert (stored, length) == (value, len(value))
    database.close()


@given(
    st.text(
        st.characters(
            exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="".join(map(chr, range(0xE0000, 0xE0080)))
        )
    )
)
def test_visible_text_is_untouched(text):
    assert clean_input(text) == text
    assert encodable(text) == text


@pytest.mark.parametrize(
    "line", ["The quick brown fox.\n", "很长的一段文字，重复很多次。\n", "a\r\n\x00\u2028\ud83d" + SCOTLAND]
)
def test_five_megabytes_take_no_time_worth_speaking_of(line):
    text = line * (5_000_000 // len(line))
    begin = time.process_time()
    clean_input(text)
    encodable(text)
    # Measured 0.1 s for plain text and 0.7 s for the worst; a loop over characters would take several seconds.
    assert time.process_time() - begin < 4


# --- Finding a query in a text -------------------------------------------------------------------------------------

FOUND = table("text/found.toml")

_LETTERS = st.text(
    st.sampled_from("aAsSzZ ßẞﬁİıǰJeéE\u0301\u0323\u030c가ᄀ\u1161\u11a8\u09c7\u09be合同ＡＢ\u3000\n\t.\U0001f600")
)


@pytest.mark.parametrize(("text", "query", "found"), FOUND["found"])
def test_what_is_found(text, query, found):
    assert [text[start:end] for start, end in occurrences(text, query)] == found


def test_a_long_run_of_accents_ends():
    assert occurrences("ß" + "\u0301" * 200_000 + "a", "a") == [(200_001, 200_002)]


def test_a_message_counts_both_its_texts():
    assert FoundIn("id", in_reasoning=((0, 2),), in_text=((0, 1), (40, 2))).count == 5


@given(_LETTERS, _LETTERS)
def test_places_are_in_order_apart_and_hold_the_query(text, query):
    previous = 0
    for start, end in occurrences(text, query):
        assert previous <= start < end <= len(text)
        previous = end
        wanted, there = ("".join(comparable(each).split()) for each in (query, text[start:end]))
        assert wanted in there


# --- Code in a text of Markdown ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "fence"),
    [
        ("", None),
        ("text", None),
        ("```\na", Fence("```", "")),
        ("```python\na\n", Fence("```", "python")),
        ("```\na\n```\n", None),
        ("```\na\n```\n~~~ c\n", Fence("~~~", "c")),
        ("````\n```\na", Fence("````", "")),
        ("````\n```\n````", None),
        ("- item\n\n  ```js\n  a", Fence("```", "js")),
        ("> ```js\n> a", Fence("```", "js")),
        ("- ```js\n  a", Fence("```", "js")),
        ("a ``` b", None),
        ("```a``` is inline", None),
    ],
)
def test_open_fences(text, fence):
    assert open_fence(text) == fence


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("", ""),
        ("a `b` c", "a  c"),
        ("a\n```py\nb\n```\nc `d`", "a\n\nc "),
        ("a\n  ~~~~\n`b`\n~~~\n~~~~~\nc", "a\n\nc"),
        ("a\n```\nb", "a\n"),
        ("a ``` b", "a ``` b"),
    ],
)
def test_code_is_left_out(text, bare):
    assert without_code(text) == bare


# --- Tests for how often a reply is shown --------------------------------------------------------------------------


def test_a_stream_that_gets_less_attention_is_read_less_often_but_never_left_for_longer_than_it_may_be_lost():
    def pauses():
        now = Attention.IN_FRONT
        read_for(lambda: now)
        pace, found = StreamPace(), {}
        for now in Attention:
            found[now] = pace.pause()
        return found

    found = copy_context().run(pauses)
    assert found[Attention.IN_FRONT] < found[Attention.BESIDE] < found[Attention.UNSEEN] <= 0.5
    assert StreamPace().pause() == found[Attention.IN_FRONT]  # whoever reads for nobody in particular


# --- The scripts of a text -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "han", "chinese"),
    [
        ("", 0, False),
        ("two words", 0, False),
        ("写一封信", 4, True),
        ("㐀", 1, True),
        ("用 Python 写一个程序", 6, True),
        ("What does 你好 mean?", 2, False),
        ("東京へ行きましょう", 3, False),
        ("안녕하세요", 0, False),
    ],
)
def test_chinese(text, han, chinese):
    assert (count_han(text), has_han(text), is_chinese(text)) == (han, han > 0, chinese)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        (" two  words\n", 2),
        ("写一封信", 4),
        ("用Python写一个 good\u3000程序，好", 10),
        ("word " * 20_000, 20_000),
        ("x" * 50_000, 1),
        ("字" * 50_000, 50_000),
        ("这是 a long 句子，" * 5_000, 35_000),
    ],
)
def test_words_are_counted_and_none_twice_in_a_long_text(text, words):
    assert count_words(text) == words


# --- A text is cut behind the end of each of its sentences ---------------------------------------------------------

MANY = 300_000


@pytest.mark.parametrize(
    "found",
    [
        ["Dr. Weber came at 5 p.m. by train, e.g. from Bonn.", "J. Smith left!"],
        ["No...", "I stay.", "Wait...what?", "Really?!", "Yes."],
        ['He said "Go. Now" to us.', "“No. Never” was all.", "(Or so.)", "Good."],
        ["1. First things.", "3.5 tons."],
        ["他来了。", "真的？！", "“好。走吧”，他说。", "等等...。", "完了"],
        ["See page " + "." * MANY + "12", "“" + "." * MANY + " " + "。" * MANY + "”"],
    ],
)
def test_each_sentence_ends_where_a_reader_would_stop(found):
    line = "".join(found) if "他来了。" in found else " ".join(found)
    assert sentences(line if len(line) < MANY else "\n".join(found)) == found


# --- Titles of conversations, made from their first message --------------------------------------------------------

TITLES = table("text/titles.toml")


@pytest.mark.parametrize("text", TITLES)
def test_title(text):
    assert title_from(text) == TITLES[text]


def columns(text):
    return sum(
        2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
        if unicodedata.category(character)[0] not in "MC"
    )


@given(st.text() | st.text(st.sampled_from('ab好。.!? \n#*_`"[](:：>-1é\u0301👩\u200d🇩你早上'), max_size=150))
def test_title_is_one_short_line_and_never_empty(text):
    title = title_from(text)
    assert bool(title) == bool(text)
    assert "\n" not in title
    assert title == title.strip()
    assert columns(title) <= TITLE_COLUMNS


@pytest.mark.parametrize(
    "text", ["word " * 1_000_000, " " * 5_000_000, "*_`[" * 1_250_000, "好" * 5_000_000, "a\n" * 99]
)
def test_long_message_takes_no_time(text):
    begin = time.process_time()
    assert title_from(text)
    assert time.process_time() - begin < 1


def test_a_title_that_is_taken_gets_a_number():
    assert distinct("Due date", []) == "Due date"
    assert distinct("Due date", ["Due date", "(2) Due date", "Other"]) == "(3) Due date"


# --- The estimate of tokens ----------------------------------------------------------------------------------------


def test_estimate_is_near_what_tokenisers_count():
    english = "The quick brown fox jumps over the lazy dog near the bank of the river. "
    chinese = "今天天气很好，我们一起去公园散步吧。"
    assert 14 <= estimate_tokens(english) <= 20  # 17 in the vocabularies of Qwen and Llama
    assert 9 <= estimate_tokens(chinese) <= 14
    assert estimate_tokens("") == 0


@given(st.lists(st.text(st.characters() | st.sampled_from("a好가")), max_size=10))
def test_pieces_add_up(pieces):
    assert sum(map(estimate_tokens, pieces)) == pytest.approx(estimate_tokens("".join(pieces)))


@pytest.mark.parametrize(("estimate", "whole"), [(0, 0), (0.25, 1), (0.5, 1), (1.4, 1), (1.6, 2), (430.7, 431)])
def test_no_text_is_counted_as_nothing(estimate, whole):
    assert whole_tokens(estimate) == whole


# --- Recipes are found by their names first, then by their words ---------------------------------------------------

SHELF = (
    RecipeText("own/a.toml", "Letter", "Write a letter.\nMention the notice period."),
    RecipeText("own/b.toml", "Notice to a supplier", "Write it for {{supplier}}."),
    RecipeText("own/c.toml", "Minutes", "Nothing."),
)


def test_names_come_first_and_words_with_their_sentence():
    found = recipe_hits(SearchQuery("notice"), SHELF)
    assert [(hit.owner, hit.sentence) for hit in found] == [
        ("own/b.toml", "Notice to a supplier"),
        ("own/a.toml", "Letter: Mention the notice period."),
    ]
    assert [hit.sentence[slice(*hit.marks[0])] for hit in found] == ["Notice", "notice"]


def test_words_may_be_spread_over_name_and_text():
    assert [hit.owner for hit in recipe_hits(SearchQuery("letter period"), SHELF)] == ["own/a.toml"]
    assert recipe_hits(SearchQuery(""), SHELF) == recipe_hits(SearchQuery("absent"), SHELF) == []


# --- The sentence around what was found is short, on one line, without Markdown, and marks just what was -----------

CASES = table("search/sentences.toml")


def shown(text, query):
    """The sentence, with what is marked in brackets."""
    asked = SearchQuery(query)
    place = first_place(text, query, asked.words)
    assert place is not None
    sentence, marks = sentence_at(text, place, asked.words)
    for start, end in reversed(marks):
        sentence = f"{sentence[:start]}[{sentence[start:end]}]{sentence[end:]}"
    return sentence


@pytest.mark.parametrize(("text", "query", "sentence"), CASES["sentences"])
def test_sentences(text, query, sentence):
    assert shown(text, query) == sentence


def test_a_long_line_is_cut_on_both_sides():
    found = shown("x " * 100 + "notice" + " y" * 300, "notice")
    assert found == "… " + "x " * 29 + "[notice]" + " y" * 100 + " …"


@given(st.text(max_size=300), st.text(max_size=20))
def test_whatever_is_found_has_a_sentence_on_one_line(text, typed):
    query = SearchQuery(typed)
    if query.is_empty or not query.is_in(comparable(text)):
        return
    place = first_place(text, typed, query.words)
    if place is None:  # letters of a word that are one with an accent after them, elsewhere in the text
        return
    sentence, marks = sentence_at(text, place, query.words)
    assert "\n" not in sentence
    assert all(0 <= start < end <= len(sentence) for start, end in marks)
    assert list(marks) == sorted(marks)


def test_marks_that_touch_are_one():
    assert marks_in("The notebook", ["notebook", "book", "tebo"]) == ((4, 12),)
    assert marks_in("aab", ["aa", "ab"]) == ((0, 3),)


def test_a_query_is_words_and_nothing_else():
    assert SearchQuery('  "Notice"  AND\tstraße notice" ').words == ('"notice"', "and", "strasse", 'notice"')
    assert SearchQuery("\ud800\x00 ").words == ("\ufffd\ufffd",)
    assert SearchQuery(" \n ").is_empty
    assert len(SearchQuery(" ".join(map(str, range(10_000)))).words) == 64


HELP = table("teaching/finding.toml")


KEYS = [KeyHelp("新建对话", "New conversation", "Ctrl+N"), KeyHelp("重新开始", "Start fresh", "Ctrl+Shift+N")]


def names(text):
    found = find_help(text, the_help(), KEYS)
    return [each.key if isinstance(each, Lesson | HelpTerm) else each.keys for each in found]


@pytest.mark.parametrize(
    ("text", "first"),
    HELP["the_best_hit_stands_first_in_either_language"],
)
def test_the_best_hit_stands_first_in_either_language(text, first):
    assert names(text)[0] == first


def test_all_words_are_wanted_and_none_finds_nothing():
    assert "places" in names("ollama vllm")
    assert names("ollama zebra") == []
    assert names("  ") == []


# --- What a question is about ----------------------------------------------------------------------------------------

ABOUT = {
    "车辆所有人的证件": ["车辆所有人", "证件"],
    "所有人是谁？": ["所有人", "谁"],
    "房屋所有权人": ["房屋所有权人"],
    "所有合同": ["所", "合同"],
    "持有人的义务": ["持有人", "义务"],
    "国有人民医院": ["国有人民医院"],
    "公有制": ["公有制"],
    "本公司有人员编制吗": ["本公司", "人员编制"],
    "负有人身损害赔偿责任": ["负", "人身损害赔偿责任"],
    "有人负责消防吗": ["负责消防"],
    "有没有人负责消防？": ["负责消防"],
    "没有人签字": ["签字"],
    "没人值班": ["值班"],
    "员工的话费标准": ["员工", "话费标准"],
    "会议的话题": ["会议", "话题"],
    "退押金的话退多少？": ["退押金", "退"],
}


@pytest.mark.parametrize("question", ABOUT)
def test_a_chinese_word_stays_whole_that_has_one_without_meaning_in_it(question):
    assert list(content_of(question)) == ABOUT[question]
