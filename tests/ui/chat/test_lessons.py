"""What is learned by doing: give the text, keep a corrected answer as an example, ask three times where it matters."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from desktop.rendering.text.shown_text import Position
from desktop.ui.inputs.pasted_text import FULLEST_BOX
from desktop.ui.look.icons import IconButton
from desktop.ui.message_actions import Ask
from desktop.ui.prompts.kept_examples import ExampleDialog
from desktop.ui.text.selection import Channel
from desktop.ui.transcript.footer import MessageFooter
from desktop.ui.words import short
from tests.support.next_events import process_next_events
from tests.support.scripted_server import Hold
from tests.support.scripts import ndjson, ollama_line, ollama_lines, ollama_script

pytestmark = pytest.mark.window


@pytest.mark.parametrize("what", ["a folder", "a file", "a long text"])
def test_what_holds_a_message_goes_once_its_text_is_given(open_over, tmp_path, what):
    (tmp_path / "Lease.txt").write_text("The notice is three months.")
    with open_over(ollama_script()) as (opened, _):
        opened.wait_for_model()
        opened.write("What's the notice period in our lease?")
        opened.press_enter()
        assert "does not have the lease" in opened.notice
        if what == "a folder":
            opened.window.parts.folders.give(tmp_path)
        elif what == "a file":
            opened.program.chat.attachments.add_bytes(b"The notice is three months.", "Lease.txt")
        else:
            opened.window.composer.take_files(False)  # as in a temporary conversation
            opened.paste("Notice: three months. " * (FULLEST_BOX // 20))
            assert opened.window.composer.pasted_texts
        opened.wait_until(lambda: not opened.notice)
        assert opened.window.composer.text().startswith("What's the notice period in our lease?")


def test_what_holds_a_message_offers_the_folder_that_was_asked_last(open_over, tmp_path):
    (tmp_path / "Leases").mkdir()
    with open_over(ollama_script()) as (opened, _):
        opened.wait_for_model()
        folder = opened.program.services.folders.give(tmp_path / "Leases")
        opened.write("What's the notice period in our lease?")
        opened.press_enter()
        opened.click("Ask Leases")
        assert opened.program.chat.current.settings.folders == (folder,)
        assert "does not have the lease" not in opened.notice


def test_a_message_whose_text_is_missing_is_held_once(open_over):
    with open_over(ollama_script(ndjson(ollama_lines("One month.")))) as (opened, server):
        chat, composer = opened.program.chat, opened.window.composer
        question = "What does our contract say on notice?"
        opened.wait_for_model()
        opened.write(question)
        opened.press_enter()
        assert "does not have the contract" in opened.notice
        assert opened.box.hasFocus()
        QTest.keyClick(opened.box, Qt.Key.Key_Escape)
        assert not opened.notice
        assert composer.text() == question
        assert chat.path.is_empty
        opened.press_enter()
        opened.wait_until(lambda: len(opened.path) == 2 and not chat.is_answering)
        opened.ask("Summarise the report")  # what follows is clear from what was said, or was held for already

        chat.new()
        opened.write(question)
        opened.press_enter()
        process_next_events()  # the buttons of the first time go
        QApplication.clipboard().setText("Either side may end it with a notice of three months.")
        opened.click("Paste")
        assert composer.text() == f"{question}\n\nEither side may end it with a notice of three months."
        assert not opened.notice
        opened.press_enter()
        opened.wait_until(lambda: len(opened.path) == 2 and not chat.is_answering)

        chat.new()
        opened.write(question)
        opened.press_enter()
        process_next_events()
        opened.click("Ask anyway")
        opened.wait_until(lambda: len(opened.path) == 2 and not chat.is_answering)

        chat.new()
        chat.attachments.add_bytes(b"Notice: three months.", "contract.txt")
        opened.wait_until(lambda: not chat.attachments.is_reading)
        opened.ask(question)

        chat.new()
        opened.program.services.settings.change(holds_for_text=False)
        opened.ask("总结一下这份合同")
        assert len(server.chats) == 6


def test_a_corrected_answer_is_kept_and_offered_with_the_next_of_its_kind(open_it):
    asked, again = "Write a mail to our landlord about the heating", "Write a mail to our landlord about the lift"
    with open_it() as opened:
        opened.ask(asked)
        dialog = kept_as_example(opened)
        QTest.keyClick(dialog, Qt.Key.Key_Escape)  # nothing was typed
        assert not dialog.isVisible()
        opened.wait_until(lambda: opened.window.focusWidget() is opened.box)
        dialog.deleteLater()
        process_next_events()
        dialog = kept_as_example(opened)
        assert dialog.question.toPlainText() == asked
        assert dialog.answer.toPlainText() == "It is four."
        dialog.answer.setPlainText("")
        assert not dialog.keep.isEnabled()
        QTest.keyClicks(dialog.answer, "Dear Ms Hale, it is cold.")
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert dialog.isVisible()  # what was typed goes the second time only
        opened.click("Keep", dialog)
        assert "next request of this kind" in opened.notice
        opened.drain_store()
    with open_it() as opened:
        opened.wait_for_model()
        opened.program.chat.new()
        opened.write(again)
        opened.wait_until(lambda: opened.says("Use your example"))
        opened.click("Use it")
        opened.wait_until(lambda: opened.window.parts.prompt.made().panel.draft.examples)
        sent: list[object] = []
        opened.program.chat.generation_ended.connect(sent.append)
        opened.window.parts.prompt.made().sending.send()
        opened.wait_until(lambda: sent)
        assert again in opened.path[0].text
        assert asked in opened.path[0].text
        assert "Dear Ms Hale, it is cold." in opened.path[0].text

        opened.window.parts.recipes.show_list()
        opened.wait_until(lambda: opened.says("Your examples"))
        delete(opened, asked)
        opened.wait_until(lambda: not opened.says("Your examples"))
        opened.click("Undo")
        opened.wait_until(lambda: opened.says("Your examples"))
        delete(opened, asked)
        opened.wait_until(lambda: not opened.says("Your examples"))
        opened.program.chat.new_temporary()
        opened.window.show_chat()
        opened.ask("Write a mail")
        assert not opened.window.reading.offers(Ask.KEEP_AS_EXAMPLE)
    store = opened.stored()
    assert store.kept_examples() == []
    store.close()


def test_figures_that_rest_on_nothing_are_asked_for_twice_more(open_over):
    rents = iter(["1,240", "1,250", *["1,240"] * 4, "", "", "1,240"])  # none: the server goes silent
    hints = set()
    held = [ollama_line("The rent is "), Hold()]

    def answer(_):
        rent = next(rents)
        return ndjson(ollama_lines(f"The rent is {rent} euros, paid on 3 May.") if rent else held)

    with open_over(ollama_script(answer)) as (opened, server):
        chat, transcript = opened.program.chat, opened.window.transcript
        opened.ask("How high is the usual rent of an office in Leith?")
        opened.wait_until(lambda: opened.says("It takes about"))
        assert len(server.chats) == 1
        opened.click("Ask twice more")
        assert opened.says("Asking twice more…")
        chat.generation_ended.connect(lambda _: hints.add(opened.window.composer._box._hint))
        opened.wait_until(lambda: opened.says("2 of 3 say 1,240 euros"))
        assert hints
        assert not any("queues" in each for each in hints)  # what is written beside several answers waits for none
        assert not opened.says("3 May.,")
        assert len({str(each.json["messages"]) for each in server.chats}) == 1
        opened.wait_until(lambda: chat.path.entries[-1].versions == 3)
        assert [each.text for each in opened.path] == [opened.path[0].text, "The rent is 1,240 euros, paid on 3 May."]
        surface = dict(transcript.live_views()[1][1].surfaces())[Channel.ANSWER]
        assert surface.marked.differing_at(Position(0, 13)) == "1,240 euros"
        buttons = opened.window.findChildren(QAbstractButton)
        next(each for each in buttons if each.isVisible() and each.accessibleName() == "Close this notice").click()
        assert not surface.marked.differing_at(Position(0, 13))

        opened.ask("And in Fife?")
        assert not opened.says("It takes about")  # offered once a conversation; the menu has it
        opened.window.reading.ask(opened.path[-1].id, Ask.ASK_TWICE_MORE)
        opened.click("Ask twice more")
        opened.wait_until(lambda: opened.says("All three answers have the same figures."))
        opened.window.reading.ask(opened.path[-1].id, Ask.ASK_TWICE_MORE)
        opened.click("Ask twice more")
        opened.wait_until(lambda: len(server.chats) == 8)
        opened.press("Esc")
        opened.wait_until(lambda: opened.says("The answers did not all come."))
        assert not chat.is_answering

        answer_id = opened.path[-1].id
        opened.window.reading.ask(answer_id, Ask.ASK_TWICE_MORE)
        assert opened.says("It takes about")
        chat.show_version(answer_id, 2)
        opened.wait_until(lambda: chat.path.index_of(answer_id) is None)
        assert not opened.says("It takes about")  # it was about an answer that is not shown any more
        assert chat.comparisons.ask_again(answer_id, 2) is None

        chat.new()
        chat.attachments.add_bytes(b"The rent is 1,240 euros.", "rent.txt")
        opened.wait_until(lambda: not chat.attachments.is_reading)
        opened.ask("How high is the rent?")
        assert not opened.window.reading.offers(Ask.ASK_TWICE_MORE)


def kept_as_example(opened):
    """The dialog, opened by what the menu of the last answer offers."""
    view = opened.window.transcript.view_at(1)
    assert view is not None
    footer = view.findChild(MessageFooter)
    assert isinstance(footer, MessageFooter)
    next(each for each in footer.menu().actions() if each.text() == "Keep as example…").trigger()
    opened.wait_until(lambda: opened.window.findChild(ExampleDialog))
    dialog = opened.window.findChild(ExampleDialog)
    assert isinstance(dialog, ExampleDialog)
    return dialog


def delete(opened, asked):
    name = f"Delete the example “{short(asked)}”"
    next(each for each in opened.window.findChildren(IconButton) if each.accessibleName() == name).click()
