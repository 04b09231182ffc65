"""What can be done about a request that does not fit: the table of situations, the best choice first."""

from __future__ import annotations

from dataclasses import replace

from desktop.core.context.choices import (
    ChosenPages,
    FileNeed,
    FreshConversation,
    InPieces,
    LargerWindow,
    LeaveOut,
    Passages,
    Situation,
    choices,
)
from desktop.core.context.counting import USUAL
from desktop.core.context.filling import FileFilling, Filling, MessageSize
from desktop.core.context.window import Window, WindowRange, WindowSource
from desktop.core.model import CacheShape, Measures, ModelInfo
from desktop.core.text.tokens import Letters

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


def test_a_larger_window_is_first_with_what_it_costs():
    assert choices(GROWING)[0] == LargerWindow(16_384, 15.0, 8_192 * 147_456)
    unknown = replace(GROWING, model=ModelInfo("m"), measures=Measures())
    assert choices(unknown)[0] == LargerWindow(16_384)


def test_a_long_load_comes_after_the_passages():
    slow = replace(GROWING, measures=Measures(load_seconds=90.0))
    assert [type(each) for each in choices(slow)] == [Passages, LargerWindow, InPieces]


def test_no_window_is_offered_that_would_not_do():
    huge = replace(FULL, files=(replace(PAGES, tokens=90_000),))
    assert not any(isinstance(each, LargerWindow) for each in choices(replace(GROWING, filling=huge)))
    assert not any(isinstance(each, LargerWindow) for each in choices(FIXED))


def test_of_a_file_its_passages_its_pages_and_its_pieces():
    found = choices(replace(FIXED, many_sections=frozenset({"report.pdf"})))
    assert found[0] == Passages(("report.pdf",), 12_000 - FULL.over)
    assert found[1] == ChosenPages("report.pdf")
    pieces = found[2]
    assert isinstance(pieces, InPieces)
    assert pieces.piece < 8_192
    assert pieces.pieces == 2
    assert pieces.seconds is not None
    assert 120 < pieces.seconds < 240  # two minutes to read, and what it writes
    assert [type(each) for each in choices(FIXED)] == [Passages, InPieces]


def test_what_needs_all_of_a_file_is_not_offered_its_passages_first():
    with_pages = replace(FIXED, many_sections=frozenset({"report.pdf"}))
    of_gist = choices(replace(with_pages, need=FileNeed.GIST))
    assert [type(each) for each in of_gist] == [InPieces, ChosenPages, Passages]
    of_wording = choices(replace(with_pages, need=FileNeed.WORDING))
    assert [type(each) for each in of_wording] == [ChosenPages, InPieces, Passages]
    slow = replace(GROWING, measures=Measures(load_seconds=90.0), need=FileNeed.GIST)
    assert [type(each) for each in choices(slow)] == [LargerWindow, InPieces, Passages]


def test_only_the_longest_file_is_read_in_pieces_in_what_the_server_holds_unasked():
    short = FileFilling("short.txt", 3_000, is_new=True)
    two = replace(FIXED, filling=replace(FULL, files=(PAGES, short)))  # whose rest fits beside the notes
    assert next(each for each in choices(two) if isinstance(each, InPieces)).pieces == 2
    windows = WindowRange(8_192, None, 16_384, 16_384)
    assert next(each for each in choices(replace(two, windows=windows)) if isinstance(each, InPieces)).pieces == 1


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


def test_leaving_out_is_not_offered_where_it_is_not_enough():
    small = Filling(Window(1_024, WindowSource.LOADED), 20, (), 2_005, 1_000, 256)
    assert choices(Situation(small, QWEN, MEASURED, USUAL, earlier=SAID[:0])) == []
    file = replace(FULL, earlier=2_005)
    found = choices(replace(FIXED, filling=file, earlier=SAID[:1]))
    assert [type(each) for each in found] == [Passages, InPieces, FreshConversation]


def test_an_answer_is_left_out_with_its_question():
    said = [replace(each, is_reply=at % 2 == 1) for at, each in enumerate(SAID)]
    leave, _ = choices(Situation(TALK, QWEN, MEASURED, USUAL, earlier=said))
    assert leave == LeaveOut(("0", "1", "2", "3"), 8_020)
