"""What fills a window, and how much is over."""

from __future__ import annotations

from desktop.core.context.counting import USUAL
from desktop.core.context.filling import (
    FileFilling,
    MessageSize,
    filling_of,
    room_to_keep,
    size_of,
    sum_of,
    with_window,
)
from desktop.core.context.window import Window, WindowRange, WindowSource, window_in_reach
from desktop.core.message import AttachmentPart, ImagePart, Message, ReasoningPart, Role, TextPart, user_message
from desktop.core.request import ChatRequest, Thinking, ThinkingMode
from desktop.core.text.tokens import Letters

LOADED = Window(4_096, WindowSource.LOADED)
QUESTION = MessageSize("q", Letters(400))
SAID = [MessageSize("a", Letters(4_000), (("old.txt", Letters(2_000)),)), MessageSize("b", Letters(wide=100))]


def filled(window=LOADED, counted=None, room=1_024):
    return filling_of(
        window, USUAL, system="Be kind.", earlier=sum_of(SAID), question=QUESTION, room=room, counted=counted
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


def test_a_count_of_the_server_is_shared_out():
    found = filled(counted=2 * filled().prompt)
    assert found.is_counted
    assert abs(found.prompt - 2 * filled().prompt) <= 2
    assert found.files[0].tokens == 1_000


def test_what_does_not_fit_is_over_and_little_room_for_the_answer_is_no_reason():
    small = Window(2_000, WindowSource.LOADED)
    assert filled(small).over == filled().prompt + 500 - 2_000
    assert filled(Window(2_200, WindowSource.LOADED)).over == filled().prompt + 550 - 2_200
    assert filled(Window(2_300, WindowSource.LOADED)).over == 0
    assert filled(Window(2_300, WindowSource.LOADED)).free == 2_300 - filled().prompt - 575


def test_an_unknown_window_is_never_full():
    found = filled(Window())
    assert (found.free, found.over) == (None, 0)


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
