"""The context of a conversation: its window, what fills it, and what one can do about it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.core.context import (
    USUAL,
    ChosenPages,
    FileFilling,
    FileNeed,
    Filling,
    FreshConversation,
    InPieces,
    LargerWindow,
    LeaveOut,
    MessageSize,
    Passages,
    Situation,
    Weights,
    choices,
    filling_of,
    letters_of_request,
    room_to_keep,
    size_of,
    sum_of,
    weights_from,
    with_count,
    with_window,
)
from desktop.core.message import AttachmentPart, ImagePart, Message, ReasoningPart, Role, TextPart, user_message
from desktop.core.model import CacheShape, Measures, ModelInfo, PromptCount
from desktop.core.models.window import Window, WindowRange, WindowSource, window_in_reach, window_of, window_range
from desktop.core.request import ChatRequest, PartialReply, Thinking, ThinkingMode
from desktop.core.text.tokens import Letters, letters_in

# --- What can be done about a request that does not fit ------------------------------------------------------------

QWEN = ModelInfo("qwen3:8b", context_length=40_960, cache=CacheShape(147_456))
MEASURED = Measures(load_seconds=15.0, read_per_second=100.0)
WINDOW = Window(8_192, WindowSource.LOADED)
PAGES = FileFilling("report.pdf", 12_000, is_new=True)
FULL = Filling(WINDOW, 20, (PAGES,), 0, 100, 1_024)
FIXED = Situation(FULL, QWEN, MEASURED, USUAL)
GROWING = replace(FIXED, windows=WindowRange(8_192, None, 8_192, 32_768))
SAID = [MessageSize(str(at), Letters(8_000)) for at in range(6)]  # 2,005 tokens each
TALK = Filling(WINDOW, 20, (), 12_030, 100, 1_024)


def test_what_fits_needs_no_choice():
    assert choices(replace(GROWING, filling=replace(FULL, files=()))) == []


def test_a_long_load_comes_after_the_passages():
    slow = replace(GROWING, measures=Measures(load_seconds=90.0))
    assert [type(each) for each in choices(slow)] == [Passages, LargerWindow, InPieces]


def test_no_window_is_offered_that_would_not_do():
    huge = replace(FULL, files=(replace(PAGES, tokens=90_000),))
    assert not any(isinstance(each, LargerWindow) for each in choices(replace(GROWING, filling=huge)))
    assert not any(isinstance(each, LargerWindow) for each in choices(FIXED))


def test_what_needs_all_of_a_file_is_not_offered_its_passages_first():
    with_pages = replace(FIXED, many_sections=frozenset({"report.pdf"}))
    of_gist = choices(replace(with_pages, need=FileNeed.GIST))
    assert [type(each) for each in of_gist] == [InPieces, ChosenPages, Passages]
    of_wording = choices(replace(with_pages, need=FileNeed.WORDING))
    assert [type(each) for each in of_wording] == [ChosenPages, InPieces, Passages]
    slow = replace(GROWING, measures=Measures(load_seconds=90.0), need=FileNeed.GIST)
    assert [type(each) for each in choices(slow)] == [LargerWindow, InPieces, Passages]


def test_nothing_is_read_in_pieces_that_would_not_fit_afterwards_either():
    second = FileFilling("second.pdf", 8_900, is_new=True)
    two = replace(FIXED, filling=replace(FULL, files=(PAGES, second)))
    assert [type(each) for each in choices(two)] == [Passages]
    long = replace(FULL, files=(FileFilling("note.txt", 1_000, is_new=True),), earlier=12_000)
    assert not any(isinstance(each, InPieces) for each in choices(replace(FIXED, filling=long)))


def test_of_a_conversation_its_oldest_messages_no_more_than_is_needed():
    situation = Situation(TALK, QWEN, MEASURED, USUAL, earlier=SAID)
    leave, fresh = choices(situation)
    assert leave == LeaveOut(("0", "1", "2"), 6_015)  # 4,982 are over
    assert fresh == FreshConversation()


def test_an_answer_is_left_out_with_its_question():
    said = [replace(each, is_reply=at % 2 == 1) for at, each in enumerate(SAID)]
    leave, _ = choices(Situation(TALK, QWEN, MEASURED, USUAL, earlier=said))
    assert leave == LeaveOut(("0", "1", "2", "3"), 8_020)


# --- The estimate of a request's tokens, and how it learns ---------------------------------------------------------

TRUE = Weights(30.0, 4.0, 0.22, 1.7, 1.0)


def counted(letters, messages, weights=TRUE):
    return PromptCount(letters, messages, round(weights.prompt_tokens(letters, messages)))


def test_a_very_long_text_is_measured_by_samples():
    text = "The rent of 1,250 is due. 租金应于每月支付。" * 20_000
    letters, exact = letters_in(text), letters_in(text[:35_000])
    assert letters.total == len(text)
    assert letters.wide / letters.total == pytest.approx(exact.wide / exact.total, rel=0.02)
    assert letters.digits / letters.total == pytest.approx(exact.digits / exact.total, rel=0.02)


def test_a_request_counts_with_all_that_goes_out_and_nothing_else():
    said = user_message("abc", attached=[AttachmentPart("n.txt", "text/plain", "12")])
    thought = Message(role=Role.ASSISTANT, parts=(ReasoningPart("never sent"), TextPart("de")))
    request = ChatRequest("m", (said, thought), system="f", partial_reply=PartialReply("g", "h"))
    letters, messages = letters_of_request(request)
    assert messages == 4
    assert letters.digits == 2
    assert letters_of_request(ChatRequest("m", (user_message("abc"), thought)))[0] == Letters(5)


@pytest.mark.parametrize("kind", ["other", "wide", "digits"])
def test_three_turns_are_enough(kind):
    counts: tuple[PromptCount, ...] = ()
    for turn, length in enumerate((120, 900, 1_600)):
        counts = with_count(counts, counted(Letters(**{kind: length}), 2 * turn + 1))
    letters = Letters(**{kind: 4_000})
    assert weights_from(counts).prompt_tokens(letters, 7) == pytest.approx(TRUE.prompt_tokens(letters, 7), rel=0.05)


def test_each_language_keeps_its_own_counts():
    counts = with_count((), counted(Letters(wide=500), 1))
    for turn in range(20):
        counts = with_count(counts, counted(Letters(other=300 * turn + 100), turn + 1))
    assert counts[0].letters.wide == 500
    assert len(counts) == 7
    assert counts[-1].letters.other == 5_800


@pytest.mark.parametrize("share", [0.2, 9.0])
def test_a_count_of_something_else_is_not_learnt_from(share):
    letters = Letters(other=4_000)
    assert with_count((), PromptCount(letters, 1, round(share * USUAL.prompt_tokens(letters, 1)))) == ()


# --- What fills a window, and how much is over ---------------------------------------------------------------------

LOADED = Window(4_096, WindowSource.LOADED)
QUESTION = MessageSize("q", Letters(400))
SAID_BEFORE = [MessageSize("a", Letters(4_000), (("old.txt", Letters(2_000)),)), MessageSize("b", Letters(wide=100))]


def filled(window=LOADED, counted=None, room=1_024):
    return filling_of(
        window, USUAL, system="Be kind.", earlier=sum_of(SAID_BEFORE), question=QUESTION, room=room, counted=counted
    )


def test_each_part_has_its_share():
    found = filled()
    assert found.files == (FileFilling("old.txt", 500, is_new=False, words=333),)
    assert (found.earlier, found.question, found.room) == (1_077, 105, 1_024)
    assert found.instructions == 15
    assert found.prompt == 15 + 500 + 1_077 + 105
    assert found.free == 4_096 - found.prompt - 1_024
    assert found.over == 0
    assert not found.is_counted


def test_what_does_not_fit_is_over_and_little_room_for_the_answer_is_no_reason():
    small = Window(2_000, WindowSource.LOADED)
    assert filled(small).over == filled().prompt + 500 - 2_000
    assert filled(Window(2_200, WindowSource.LOADED)).over == filled().prompt + 550 - 2_200
    assert filled(Window(2_300, WindowSource.LOADED)).over == 0
    assert filled(Window(2_300, WindowSource.LOADED)).free == 2_300 - filled().prompt - 575


def test_the_size_of_a_message_is_that_of_what_is_sent():
    file, picture = AttachmentPart("a.txt", "text/plain", "12 words"), ImagePart("p.png", "image/png", 1, 1)
    message = Message(role=Role.USER, parts=(ReasoningPart("not sent"), TextPart("Hi"), file, picture))
    size = size_of(message)
    assert (size.words, size.pictures) == (Letters(2), 1)
    [(name, letters)] = size.files
    assert name == "a.txt"
    assert letters.total > len(file.text)  # with its fence


def test_room_is_kept_for_what_the_model_will_do():
    assert room_to_keep(Thinking(ThinkingMode.OFF)) == 1_024
    assert room_to_keep(Thinking(), can_think=False) == 1_024
    assert room_to_keep(Thinking()) == 3_072
    assert room_to_keep(Thinking(budget=500), max_tokens=300) == 800


def test_a_request_asks_for_the_window_that_holds_it_and_its_reply():
    windows = WindowRange(None, None, 16_384, 32_768)
    short, long = (ChatRequest("m", (user_message("a" * length),), cannot_reason=True) for length in (400, 20_000))
    assert with_window(short, windows, USUAL).params.context_length is None
    assert with_window(long, windows, USUAL).params.context_length == 8_192
    assert with_window(long, windows, USUAL).params.largest_context == 16_384
    assert with_window(long, None, USUAL) == long


def test_the_window_in_reach_is_the_one_that_will_be_asked_for():
    cold, warm = WindowRange(None, None, 16_384, 32_768), WindowRange(4_096, None, 16_384, 32_768)
    trained = Window(40_960, WindowSource.TRAINED)
    assert window_in_reach(trained, cold, 3_000) == Window(4_096, WindowSource.ASKED)
    assert window_in_reach(trained, cold, 9_000) == Window(16_384, WindowSource.ASKED)
    assert window_in_reach(LOADED, warm, 3_000) == LOADED
    assert window_in_reach(LOADED, warm, 99_000) == Window(16_384, WindowSource.ASKED)
    assert window_in_reach(trained, None, 99_000) == trained  # a server that cannot be asked


# --- Who says how much a model holds, and what its server may be asked for -----------------------------------------

TOLD = ModelInfo("m", context_length=40_960, served_context=32_768, loaded_context=4_096)


def test_what_counts_is_the_memory_then_the_wish_then_the_server_and_last_the_training():
    cold = replace(TOLD, loaded_context=None)
    assert window_of(TOLD, 16_384) == Window(4_096, WindowSource.LOADED)
    assert window_of(cold, 16_384) == Window(16_384, WindowSource.ASKED)
    assert window_of(cold) == Window(32_768, WindowSource.SERVED)
    assert window_of(ModelInfo("m", context_length=40_960)) == Window(40_960, WindowSource.TRAINED)
    assert window_of(ModelInfo("m")) == window_of(None) == Window(None, WindowSource.UNKNOWN)


GIB = 1 << 30
SHORT_QWEN = ModelInfo("qwen3:8b", context_length=40_960, size_on_disk=5 * GIB, cache=CacheShape(147_456))


@pytest.mark.parametrize(
    ("loaded", "asked", "tokens", "window"),
    [
        (None, None, 3_000, None),  # what every server holds is left to it
        (None, None, 9_000, 16_384),
        (32_768, None, 9_000, None),  # it holds enough by itself
        (8_192, 8_192, 3_000, 8_192),  # a smaller one would load it again
        (4_096, 8_192, 3_000, 8_192),  # another program had it loaded with less
        (16_384, 8_192, 3_000, 16_384),  # or with more
        (8_192, 8_192, 9_000, 16_384),
        (None, 65_536, 3_000, 65_536),  # the user wanted so much
        (None, 999_999, 3_000, 131_072),  # and the memory has become less
        (None, None, 99_000, 32_768),  # no more by itself
    ],
)
def test_the_window_that_is_asked_for(loaded, asked, tokens, window):
    assert WindowRange(loaded, asked, 32_768, 131_072).window_for(tokens) == window


@pytest.mark.parametrize(
    ("loaded", "free", "unasked", "most"),
    [
        (None, 16 * GIB, 16_384, 40_960),  # 10 GiB beside the weights: 1.1 GiB for 8,192 tokens
        (None, 8 * GIB, 4_096, 8_192),
        (None, 5 * GIB, 4_096, 4_096),  # a server is asked for no less than it takes by itself
        (8_192, 9 * GIB, 16_384, 40_960),  # the weights and the present window are there already
        (32_768, 1 * GIB, 32_768, 32_768),
        (None, None, 32_768, 40_960),  # the memory of another computer is not known
    ],
)
def test_memory_limits_it(loaded, free, unasked, most):
    found = window_range(replace(SHORT_QWEN, loaded_context=loaded), Measures(), free)
    assert (found.unasked, found.most) == (unasked, most)


def test_a_load_that_one_waits_for_is_not_begun_without_being_asked_for():
    slow = Measures(load_seconds=40.0)
    assert window_range(replace(SHORT_QWEN, loaded_context=8_192), slow, 32 * GIB) == WindowRange(
        8_192, None, 8_192, 40_960
    )
    assert window_range(SHORT_QWEN, slow, 32 * GIB).unasked == 40_960
