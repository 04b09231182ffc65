"""Sending, stopping, trying again and starting over, with the real store and the real loop thread."""

from __future__ import annotations

from contextlib import closing

import pytest

from desktop.backends.ollama import OllamaBackend
from desktop.core.bounds import REPLY_LETTERS
from desktop.core.errors import StoreError
from desktop.core.events import (
    Finished,
    FinishReason,
    ReasoningDelta,
    Reclassified,
    Started,
    TextDelta,
)
from desktop.core.message import (
    AttachmentPart,
    Message,
    MessageStatus,
    Role,
    SignKind,
)
from desktop.core.model import ModelChoice
from desktop.core.prompts.prompt import Example, KeptExample
from desktop.core.signs.ending import Loop
from desktop.core.text.pace import Attention
from desktop.runtime.background import gui_task
from desktop.runtime.unsent import Unsent
from desktop.runtime.watches import LoopNoticed, LoopWatch
from tests.runtime.conftest import answer, drain
from tests.support.scripted_backend import Hold, Released, ScriptedBackend
from tests.support.scripted_server import Hold as HoldServer
from tests.support.scripted_server import running_server
from tests.support.scripts import MODEL, ndjson, ollama_line, ollama_script
from tests.support.waiting import PATIENCE

STOP = Finished(FinishReason.STOP)
ANSWER = [Started("scripted"), ReasoningDelta("two and two"), TextDelta("It is "), TextDelta("four."), STOP]
HALF = [TextDelta("half an ans"), Hold()]


def unread(bench):
    return [each.title for each in bench.chat.conversations if each.settings.unread]


def begun(bench, text="question"):
    """A reply of which some words have come."""
    assert bench.chat.send(text)
    generation = bench.running
    bench.wait(lambda: generation.builder.has_text)
    return generation


def refused(bench, *begins):
    """What is given back when the disk refuses what is begun."""
    with bench.signal(bench.chat.not_sent) as told:
        for begin in begins:
            begin()
    text, error = told.args
    assert isinstance(error, StoreError)
    return text


def test_a_new_conversation_sends_nothing_of_the_old_one_nor_what_was_stopped_before_it_was_saved(make_bench):
    bench = make_bench(ANSWER)
    bench.ask("the old secret")
    old = bench.chat.current.id
    bench.chat.new()
    bench.chat.send("question")
    bench.chat.stop()
    bench.drain()
    assert len(bench.backend.requests) == 1
    assert bench.reply.status is MessageStatus.STOPPED
    bench.chat.new()
    bench.ask("hello")
    assert [each.text for each in bench.backend.requests[-1].messages] == ["hello"]
    assert bench.chat.current.id != old


def test_stopping_reaches_the_server_at_once(make_bench):
    with running_server(ollama_script(ndjson([ollama_line("half an ans")], then=[HoldServer()]))) as server:
        bench = make_bench(OllamaBackend(server.url))
        bench.chat.choose_model(ModelChoice("here", MODEL))
        begun(bench)
        reply = bench.reply_to(lambda: bench.chat.stop() is None)
        assert server.chats[0].closed.wait(PATIENCE)  # which is silent: no next word could have been waited for
    assert (reply.text, reply.status) == ("half an ans", MessageStatus.STOPPED)


def test_what_is_announced_adds_up_to_the_reply(make_bench):
    bench = make_bench([ReasoningDelta("\n a"), *[TextDelta(f"{n} ") for n in range(500)], STOP])
    bench.chat.send("count")
    seen = []
    bench.running.advanced.connect(lambda advance: seen.append((advance.reasoning, advance.text)))
    reply = bench.ended()
    assert "".join(reasoning for reasoning, _ in seen) == reply.reasoning == "a"
    assert "".join(text for _, text in seen) == reply.text
    assert len(seen) < 100  # bundled, not one by one


def test_switching_away_and_back_while_a_reply_runs_and_as_it_ends(make_bench):
    bench = make_bench(HALF)
    generation = begun(bench)
    running = bench.chat.current.id
    assert generation.attention is Attention.IN_FRONT
    bench.chat.new()
    assert bench.chat.generation is None
    assert generation.attention is Attention.UNSEEN
    bench.chat.generations.follow(Attention.BESIDE)
    assert generation.attention is Attention.UNSEEN
    with bench.signal(bench.chat.generation_started) as started:
        bench.chat.open(running)
    assert started.args == [generation]
    assert generation.attention is Attention.BESIDE
    assert bench.reply.text == "half an ans"
    bench.chat.new()
    with bench.signal(bench.chat.opened):
        bench.chat.open(running)
        bench.work.run(int).future.result(PATIENCE)  # it has been read, but not yet shown
        generation.stop()
    assert (bench.reply.text, bench.reply.status) == ("half an ans", MessageStatus.STOPPED)


def test_thinking_in_a_closed_panel_comes_less_often_and_at_once_when_it_is_opened(make_bench):
    go_on = Released()
    bench = make_bench([ReasoningDelta("Two "), go_on, ReasoningDelta("and two"), Hold()])
    bench.chat.send("question")
    generation = bench.running
    seen = []
    generation.advanced.connect(lambda advance: seen.append(advance.reasoning))
    generation.follow_thinking(Attention.CLOSED)
    assert generation.attention is Attention.IN_FRONT  # it may answer at once
    bench.wait(lambda: generation.builder.has_reasoning)
    assert generation.attention is Attention.CLOSED
    bench.chat.generations.follow(Attention.UNSEEN)
    assert generation.attention is Attention.UNSEEN
    go_on.release()
    bench.wait(lambda: generation._flush_timer.isActive() or len(seen) > 1)
    bench.chat.generations.follow(Attention.IN_FRONT)  # seen, but closed
    generation.follow_thinking(Attention.IN_FRONT)
    assert generation.attention is Attention.IN_FRONT
    assert "".join(seen) == "Two "  # who asks may be showing words just now: those that waited come behind them
    bench.wait(lambda: "".join(seen) == "Two and two")
    bench.chat.stop()


def test_a_stopped_message_that_cannot_be_saved_comes_back(make_bench):
    bench = make_bench(ANSWER)
    chat = bench.chat
    bench.database.mkdir()
    troubles = []
    chat.store_failed.connect(troubles.append)

    def send_more():
        assert not chat.send("more")  # not behind a message that may not be there

    assert refused(bench, lambda: chat.send("precious words"), chat.stop, send_more) == "precious words"
    assert bench.path == []
    assert chat.conversations == []
    bench.drain()
    troubles.clear()  # of the draft
    bench.database.rmdir()  # now there is room
    chat.unsaved.save_again()
    bench.drain()
    assert troubles == []
    bench.ask("once more")
    assert bench.texts == ["once more", "It is four."]


def test_a_conversation_that_cannot_be_deleted_stays(make_bench):
    bench = make_bench(ANSWER)
    bench.ask("keep me")
    kept = bench.chat.current
    bench.refuse("UPDATE OF deleted_at ON conversations")
    with bench.signal(bench.chat.store_failed):
        bench.chat.delete(kept.id)
        assert bench.chat.conversations == []
    assert bench.chat.conversations == [kept]
    bench.open(kept.id)
    assert bench.texts == ["keep me", "It is four."]


def test_words_that_were_not_sent_wait_in_their_own_conversation(make_bench, qtbot):
    bench = make_bench(ANSWER)
    bench.ask("first")
    first = bench.chat.current.id
    bench.refuse("INSERT ON messages")
    with qtbot.assertNotEmitted(bench.chat.not_sent), bench.signal(bench.chat.store_failed):
        bench.chat.send("precious words")
        bench.chat.new()
    assert bench.open(first) == "precious words"
    assert bench.texts == ["first", "It is four."]


def test_what_was_erased_is_gone_from_the_bin_although_another_could_not_be(make_bench):
    bench = make_bench(ANSWER)
    shelf = bench.chat.shelf
    for text in ("first", "second"):
        bench.ask(text)
        bench.chat.delete(bench.chat.current.id)
    with bench.signal(shelf.bin_found) as found:
        shelf.look_into_bin()
    second, first = (conversation.id for conversation, _ in found.args[0])
    bench.refuse(f"DELETE ON conversations WHEN OLD.id = '{second}'")
    left = []
    shelf.bin_found.connect(lambda each: left.append([conversation.title for conversation, _ in each]))
    with bench.signal(shelf.bin_found, bench.chat.store_failed):
        shelf.erase([first, second])
    assert left == [["second"]]


def test_what_is_done_before_the_disk_was_read_is_added_to_what_it_has(make_bench):
    bench = make_bench(ANSWER)
    bench.ask("first")
    wanted = bench.chat.current.id
    bench.chat.new()
    bench.chat.keep_draft("a long letter")
    again = make_bench(ANSWER)
    again.chat.open(wanted)
    assert again.chat.is_opening
    again.chat.keep_draft("h")
    again.chat.keep_draft("hm")
    found = []
    again.chat.draft_found.connect(found.append)
    with again.signal(again.chat.opened):
        again.chat.load()
    assert (again.chat.current.id, again.chat.is_opening, found) == (wanted, False, ["a long letter"])
    third = make_bench(ANSWER)
    with third.signal(third.chat.draft_found) as told:
        third.chat.load()
    assert told.args == ["a long letter\n\nhm"]
    again.chat.open("not there")
    assert not again.chat.is_opening


# A reply without end: it is ended at the bound, kept, and said; the connection is closed.


MILLION = 1 << 20
WITHOUT_END = {
    "many pieces": [*[TextDelta("word " * (MILLION // 5))] * 5, Hold()],
    "one piece": [TextDelta("a" * (REPLY_LETTERS + 1)), Hold()],
    "thinking and answer": [ReasoningDelta("a" * 3 * MILLION), TextDelta("b" * 3 * MILLION), Hold()],
}


@pytest.mark.parametrize("case", WITHOUT_END)
def test_a_reply_without_end_is_ended_and_kept(case, make_bench):
    backend = ScriptedBackend(WITHOUT_END[case])
    bench = make_bench(backend)
    reply = bench.ask("Tell me everything.")
    assert (reply.status, reply.failure and reply.failure.reason) == (MessageStatus.FAILED, "too_long")
    assert len(reply.text) + len(reply.reasoning) == REPLY_LETTERS
    assert backend.was_cancelled
    bench.drain()
    store = bench.stored()
    assert store.path(store.conversations()[0].id)[-1].text == reply.text


# Drafts of the prompt builder are kept with their conversation.


def test_what_was_kept_last_is_found(make_bench):
    bench = make_bench(ANSWER)
    prompts = bench.chat.unsent
    prompts.keep_prompt("first", "some")
    prompts.keep_prompt("second", "some")
    prompts.keep_prompt("sent", "some", "message")
    found = [bench.awaited(prompts.read_prompt(*key)) for key in (("some",), ("some", "message"), ("other",))]
    assert found == ["second", "sent", ""]


def test_a_folder_that_was_taken_out_before_those_of_the_last_time_were_read_stays_out(make_bench):
    bench = make_bench(ANSWER)
    chat = bench.chat
    chat.unsent.keep_folders(("last",))
    restarted = Unsent(chat.services, chat.shelf, chat.unsaved)

    @gui_task
    async def find(_):
        await restarted.find_folders()

    finding = find(chat)
    restarted.keep_folders(("another",))
    restarted.keep_folders(())
    bench.wait(lambda: not finding.is_running)
    assert restarted.folders_of_new == ()


def test_an_example_that_the_disk_refused_is_not_written_once_it_is_deleted(make_bench):
    bench = make_bench(ANSWER)
    examples, kept = bench.chat.examples, KeptExample(Example("asked", "answered"))
    bench.ask("question")
    bench.refuse("INSERT ON prompt_drafts")
    with bench.signal(bench.chat.unsaved.refused):
        examples.keep(kept)
    bench.awaited(examples.delete(kept))
    bench.on_disk("DROP TRIGGER refuse")
    bench.chat.unsaved.save_again_quietly()
    drain(bench.work)
    with closing(bench.stored()) as store:
        assert store.kept_examples() == []
    assert bench.chat.unsaved.is_settled


def test_examples_that_could_not_be_read_are_read_the_next_time(make_bench, monkeypatch):
    bench = make_bench(ANSWER)
    examples, kept = bench.chat.examples, KeptExample(Example("asked", "answered"))
    store = bench.chat.services.store

    def refuse():
        raise StoreError("full")

    bench.chat.unsent.keep_prompt(kept.as_draft, kept.key)
    with monkeypatch.context() as broken, bench.signal(bench.work.failed):
        broken.setattr(store, "kept_examples", refuse)
        examples.read()
    with bench.signal(examples.changed):
        examples.read()
    assert examples.all == [kept]


ROUND = "Let me check the second clause again. "
LOOP = ROUND * 22
LENGTH = len(ROUND)


@pytest.mark.parametrize(
    ("script", "noticed"),
    [
        ([ReasoningDelta("So. "), ReasoningDelta(LOOP)], LoopNoticed(True, Loop(4, LENGTH))),
        ([ReasoningDelta("Hm."), TextDelta(LOOP)], LoopNoticed(False, Loop(0, LENGTH))),
        ([TextDelta(ROUND), Reclassified(), ReasoningDelta(LOOP)], LoopNoticed(True, Loop(0, LENGTH))),
    ],
)
def test_a_running_turn_says_it(make_bench, script, noticed):
    hold = Hold()
    bench = make_bench([*script, hold, Finished(FinishReason.STOP)])
    assert bench.chat.send("What?")
    generation = bench.running
    with bench.signal(generation.loop_noticed) as said:
        pass
    assert said.args == [noticed]
    generation.stop()


def test_much_that_comes_at_once_is_looked_at_in_many_turns(qapp):
    watch, told = _watch_of(Message(role=Role.ASSISTANT))
    rows = "".join(f"| {number} | {number * 7} |\n" for number in range(4_000))
    watch.accept_words("", rows[: len(rows) // 2])
    watch.accept_words("", rows[len(rows) // 2 :] + LOOP)
    turns = 0
    while watch.is_behind:
        qapp.processEvents()
        turns += 1
    assert turns > len(rows) / 4_000  # a turn that looks at more than twice a page would be felt
    assert told == [LoopNoticed(False, Loop(len(rows), LENGTH))]


def _watch_of(message):
    watch = LoopWatch(message)
    told = []
    watch.noticed.connect(told.append)
    return watch, told


# Signs of trouble are looked for when a reply has ended, told, and stored with it.


def test_an_answer_that_now_says_what_the_file_says_did_not_give_in(make_bench, qtbot):
    text = "2. Rent. The monthly rent is EUR 1,700.\n\n3. Deposit. The deposit is EUR 5,100, or three months' rent."
    bench = make_bench(answer("The monthly rent is **EUR 1,850**. The deposit is EUR 5,100."))
    bench.ask("What are the monthly rent and the deposit?", attached=[AttachmentPart("Lease.txt", "text/plain", text)])
    with qtbot.assertNotEmitted(bench.chat.signs_found):
        bench.say("That is wrong, please check", "You are right, I apologise. The monthly rent is EUR 1,700.")
    with bench.signal(bench.chat.signs_found):
        bench.say("That is wrong, please check", "You are right, I apologise. The monthly rent is EUR 1,850.")
    assert [sign.kind for sign in bench.reply.signs] == [SignKind.GAVE_IN]
