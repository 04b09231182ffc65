"""Numbers, places and phases in words, in both languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.place import THIS_COMPUTER, Place, PlaceKind
from desktop.core.reply import ReplyPhase
from desktop.core.request import ThinkingMode
from desktop.ui import words
from tests.ui.languages import LANGUAGES, speaking

GPU = Place(PlaceKind.PRIVATE_NETWORK, "gpu-server")


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(-1, "0 s"), (0.9, "0 s"), (12.7, "12 s"), (65, "1 min 5 s"), (3600, "1 h 0 min"), (3725, "1 h 2 min")],
)
def test_durations(qapp, seconds, expected):
    with speaking(qapp, "en"):
        assert words.duration(seconds) == expected


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (1, "1 byte"),
        (999, "999 bytes"),
        (1_000, "1.0 KB"),
        (999_400, "999.4 KB"),
        (999_999, "1.0 MB"),
        (5_000_000, "5.0 MB"),
    ],
)
def test_sizes(qapp, count, expected):
    with speaking(qapp, "en"):
        assert words.size(count) == expected


def test_counts_have_a_singular(qapp):
    with speaking(qapp, "en"):
        assert words.token_count(1) == "1 token"
        assert words.token_count(1431) == "1,431 tokens"
    with speaking(qapp, "zh_CN"):
        assert words.token_count(1) == "1 个 token"


def test_a_length_is_told_so_that_it_can_be_seen(qapp):
    with speaking(qapp, "en"):
        told = [words.amount_of_text(each) for each in (12, 120, 320, 640, 1_950)]
        assert told == ["a few words", "a few lines", "about half a page", "about 1 page", "about 3 pages"]
        assert words.about_tokens(1).startswith("1 token. A token is")
    with speaking(qapp, "zh_CN"):
        assert [words.amount_of_text(each) for each in (230, 450)] == ["约半页", "约 1 页"]


def test_the_lines_of_a_thought(qapp):
    with speaking(qapp, "en"):
        assert words.thinking(12) == "Thinking… 12 s"
        assert words.thought(12) == "Thought for 12 s"
        assert words.thought(0.4) == "Thought for 1 s"
        assert words.thought(None) == "Thought"
        assert words.size_of_thought(431, 0.634) == "Thinking: 431 tokens, 63 % of this reply"
        assert words.size_of_thought(1, 0.001) == "Thinking: 1 token, less than 1 % of this reply"
        assert words.size_of_thought(431) == "431 tokens"
        assert words.size_of_thought(0) == ""
    with speaking(qapp, "zh_CN"):
        assert words.thought(72) == "思考了 1 分 12 秒"
        assert words.size_of_thought(431, 0.63) == "思考：431 个 token，占全部内容的 63%"


def test_a_running_turn(qapp):
    with speaking(qapp, "en"):
        assert words.running(ReplyPhase.CONNECTING, 1) == "Connecting…"
        assert words.running(ReplyPhase.CONNECTING, 5) == "Connecting… 5 s"
        assert words.running(ReplyPhase.LOADING, 12) == "Loading the model… 12 s"
        assert words.running(ReplyPhase.WAITING, 7) == "Waiting for another answer… 7 s"
        assert words.running(ReplyPhase.READING, 1) == "Reading your message…"
        assert words.running(ReplyPhase.READING, 1, fraction=0.4) == "Reading your message… 40 %"
        assert words.running(ReplyPhase.READING, 1, files=["a.txt"]) == "Reading a.txt…"
        assert words.running(ReplyPhase.READING, 1, 0.51, ["a.txt"]) == "Reading a.txt… 51 %"
        assert words.running(ReplyPhase.READING, 1, 0.51, ["a.txt", "b.txt"]) == "Reading your files… 51 %"
        assert words.running(ReplyPhase.READING, 1, files=["a.txt", "b.txt"]) == "Reading your files…"
        assert words.running(ReplyPhase.READING, 1, pages=1) == "Reading your message…"
        assert words.running(ReplyPhase.READING, 1, pages=6) == "Reading your message, about 6 pages…"
        assert words.running(ReplyPhase.READING, 1, 0.4, pages=6) == "Reading your message… 40 %"
        assert words.running(ReplyPhase.READING, 1, files=["a.txt"], pages=6) == "Reading a.txt, about 6 pages…"
        assert words.running(ReplyPhase.READING, 1, files=["a", "b"], pages=6) == "Reading your files, about 6 pages…"
        assert words.running(ReplyPhase.GETTING_READY, 12) == "Getting ready… 12 s"
        assert words.running(ReplyPhase.THINKING, 12) == "Thinking… 12 s"
        assert words.running(ReplyPhase.STOPPED, 0) == "Stopped"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phase_has_words_of_its_own(qapp, language):
    with speaking(qapp, language):
        assert len({words.running(phase, 1) for phase in ReplyPhase}) == len(ReplyPhase)
        assert len({words.phase_words(phase) for phase in ReplyPhase}) == len(ReplyPhase)


@pytest.mark.parametrize("language", LANGUAGES)
def test_places_name_their_host(qapp, language):
    with speaking(qapp, language):
        for say in (words.place_name, words.place_sentence):
            assert "gpu-server" in say(GPU)
            assert "api.example.com" in say(Place(PlaceKind.INTERNET, "api.example.com"))
            assert say(THIS_COMPUTER)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_thinking_mode_has_a_word(qapp, language):
    with speaking(qapp, language):
        assert len({words.thinking_mode(mode) for mode in ThinkingMode}) == len(ThinkingMode)


@pytest.mark.parametrize(
    ("template", "value", "filled"),
    [
        ("在 %1 中核对了", "您给的文字", "在您给的文字中核对了"),
        ("在 %1 中核对了", "合同 v2.pdf", "在合同 v2.pdf 中核对了"),
        ("在 %1 中核对了", "Agreement.pdf", "在 Agreement.pdf 中核对了"),
        ("found in %1 so far", "合同", "found in 合同 so far"),
    ],
)
def test_a_blank_stands_only_beside_foreign_words(template, value, filled):
    assert words.fill(template, value) == filled


def test_as_many_words_or_chinese_characters_as_tokens_make(qapp):
    said = []
    for language in ("en", "zh_CN"):
        with speaking(qapp, language):
            said.append(words.words_in(40))
    assert said == [30, 60]


@given(st.text(), st.text())
def test_what_is_filled_in_is_never_filled_in_again(one, other):
    assert words.fill("[%1|%2]", one, other) == f"[{one}|{other}]"


@pytest.mark.parametrize("fraction", [-1, 0, 0.004, 0.996, 2])
def test_shares_stay_between_0_and_100(qapp, fraction):
    with speaking(qapp, "en"):
        assert words.percent(fraction) in ("0 %", "100 %")


def test_foreign_text_is_harmless_in_tooltips_and_menus():
    assert words.plain_tooltip("<img src=x>") == "<span>&lt;img src=x&gt;</span>"
    assert words.plain_tooltip("") == ""
    assert words.plain_action("R&D\tmodel") == "R&&D model"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Reply to a complaint", "Reply to a complaint"),
        ("a\u202eb", "a‹U+202E›b"),
        ("Qwen3-30B-A3B-UD-IQ3_XXS.gguf", "Qwen3-30B-A3B-UD\u200b-IQ3_XXS.gguf"),
        ("x" * 300 + ".gguf", "\u200b".join(["x" * 16, "x" * 16, "x" * 8 + "…" + "x" * 7, "x" * 8 + ".gguf"])),
    ],
)
def test_a_name_fits_into_a_sentence(name, shown):
    assert words.shown_name(name) == shown
