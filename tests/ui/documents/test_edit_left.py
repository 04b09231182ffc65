"""The files of a message that is being changed, when the user leaves its conversation and comes back."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.core.conversation import edit_key
from desktop.core.errors import StoreError
from desktop.core.message import AttachmentPart
from desktop.runtime.files import Attachments
from desktop.runtime.path import ConversationPath
from desktop.store.database import SqliteStore
from desktop.store.files import FileStore
from desktop.ui.message_actions import Ask
from tests.support.waiting import PATIENCE
from tests.ui.steps import asked, chips, drop, files_as_data, wait_for_chips

pytestmark = pytest.mark.window


def names(opened):
    return [chip.file.name for chip in chips(opened)]


def wait_for_files(opened, *wanted):
    """Until these are shown, and nothing more is done with them."""
    items = opened.program.chat.attachments
    opened.wait_until(lambda: names(opened) == list(wanted) and all(each.is_settled for each in items.items))


def begin(opened, contract):
    """Ask about the contract, and begin to change the question; returns the conversation."""
    drop(opened.window, files_as_data(contract))
    wait_for_chips(opened, "contract.txt, 2 pages")
    opened.ask("How high is the rent?")
    opened.drain_store()
    QTest.keyClick(opened.box, Qt.Key.Key_Up)
    wait_for_files(opened, "contract.txt")
    return opened.program.chat.current.id


def give_another(opened, folder):
    other = folder / "offer.txt"
    other.write_text("We offer 3,900.", encoding="utf-8")
    drop(opened.window, files_as_data(other))
    opened.wait_until(lambda: names(opened) == ["contract.txt", "offer.txt"])


def leave(opened):
    opened.window.new_conversation()
    opened.wait_until(lambda: names(opened) == [])
    opened.drain_store()


def come_back(opened, conversation):
    chat = opened.program.chat
    chat.open(conversation)
    opened.wait_until(lambda: chat.current.id == conversation)
    opened.wait_until(lambda: opened.window.composer.is_editing)


def send(opened, server):
    """Send the changed message; returns how the server got it."""
    before = len(server.chats)
    opened.press_enter()
    opened.wait_until(lambda: len(server.chats) == before + 1 and opened.program.chat.generation is None)
    return asked(server)


def claims(opened):
    """How often each kept file is claimed by what has not been sent."""
    opened.drain_store()
    files = opened.program.chat.attachments.files
    assert isinstance(files, FileStore)
    return sorted(files._claims.values())


def test_they_are_there_after_a_restart(open_it, reader, server, contract, tmp_path):
    with open_it() as opened:
        conversation = begin(opened, contract)
        give_another(opened, tmp_path)
        wait_for_files(opened, "contract.txt", "offer.txt")
        opened.write(" In words.")
    with open_it() as opened:
        opened.wait_until(lambda: bool(opened.program.chat.conversations))
        come_back(opened, conversation)
        wait_for_files(opened, "contract.txt", "offer.txt")
        assert opened.window.composer.text() == "How high is the rent? In words."
        sent = send(opened, server)
        assert "4,150" in sent
        assert "3,900" in sent
        leave(opened)
        opened.program.chat.open(conversation)
        opened.wait_until(lambda: opened.program.chat.current.id == conversation)
        opened.drain_store()
        assert not opened.window.composer.is_editing
        assert claims(opened) == []


def test_a_change_that_was_given_up_comes_back_by_undo(opened, server, contract, tmp_path):
    begin(opened, contract)
    give_another(opened, tmp_path)
    wait_for_files(opened, "contract.txt", "offer.txt")
    opened.write(" In words.")
    opened.press("Esc")
    assert (opened.window.composer.text(), names(opened)) == ("", [])
    assert "given up" in opened.notice
    opened.click("Undo", opened.window.notice)
    assert opened.notice == ""
    assert opened.window.composer.is_editing
    wait_for_files(opened, "contract.txt", "offer.txt")
    sent = send(opened, server)
    assert "3,900" in sent
    assert sent.endswith("How high is the rent? In words.")
    assert claims(opened) == []


def test_one_that_is_left_before_its_files_are_read_keeps_them(open_it, reader, contract, monkeypatch):
    with open_it() as opened:
        conversation = begin(opened, contract)
        opened.write(" In words.")
    go, real = threading.Event(), Attachments.take_up_edited

    def take_up(self, identity):
        self._work.run(lambda: go.wait(20))  # the disk is busy when its files are asked for
        real(self, identity)

    monkeypatch.setattr(Attachments, "take_up_edited", take_up)
    with open_it() as opened:
        opened.wait_until(lambda: opened.window.composer.is_editing)
        assert names(opened) == []
        opened.window.new_conversation()
        go.set()
        opened.drain_store()
        come_back(opened, conversation)
        wait_for_files(opened, "contract.txt")
        assert claims(opened) == [1]


def test_arrows_do_not_lose_them_but_without_a_change_or_after_escape_nothing_is_kept(opened, contract, tmp_path):
    conversation = begin(opened, contract)

    def look_in_again():
        leave(opened)
        assert claims(opened) == []
        opened.program.chat.open(conversation)
        opened.wait_until(lambda: opened.program.chat.current.id == conversation)
        assert not opened.window.composer.is_editing
        assert opened.notice == ""

    look_in_again()  # of what was not changed
    QTest.keyClick(opened.box, Qt.Key.Key_Up)
    wait_for_files(opened, "contract.txt")
    give_another(opened, tmp_path)
    wait_for_files(opened, "contract.txt", "offer.txt")
    QTest.keyClick(opened.box, Qt.Key.Key_Down)
    assert opened.window.composer.is_editing
    assert names(opened) == ["contract.txt", "offer.txt"]
    leave(opened)
    come_back(opened, conversation)
    opened.press("Esc")
    wait_for_files(opened)
    look_in_again()
    store, key = opened.program.services.store, edit_key(conversation)
    kept = opened.program.services.work.run(lambda: (store.draft(key), store.draft_files(key)))
    assert kept.future.result(PATIENCE) == ("", [])


def test_a_file_that_is_still_being_copied_comes_too(opened, contract, tmp_path, monkeypatch):
    conversation = begin(opened, contract)
    go, real = threading.Event(), FileStore.keep_file

    def keep_file(*arguments):
        go.wait(20)
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(FileStore, "keep_file", keep_file)
    give_another(opened, tmp_path)
    opened.window.new_conversation()
    go.set()
    come_back(opened, conversation)
    wait_for_files(opened, "contract.txt", "offer.txt")


def test_a_text_of_which_no_file_is_kept_stays_with_the_message(opened, server):
    chat = opened.program.chat
    opened.wait_for_model()
    assert chat.send("What is in it?", (), (AttachmentPart("imported.txt", "text/plain", "The moon is cheese."),))
    opened.wait_until(lambda: bool(chat.path.entries) and chat.generation is None)
    conversation = chat.current.id
    QTest.keyClick(opened.box, Qt.Key.Key_Up)
    wait_for_files(opened, "imported.txt")
    opened.write(" Please.")
    leave(opened)
    come_back(opened, conversation)
    assert "The moon is cheese." in send(opened, server)


def test_an_erased_conversation_leaves_none(opened, contract):
    conversation = begin(opened, contract)
    chat = opened.program.chat
    kept = chat.attachments.files.path_of(chat.attachments.items[0].digest)
    opened.write("!")
    leave(opened)
    assert kept.exists()
    chat.delete(conversation)
    chat.shelf.erase([conversation])
    opened.wait_until(lambda: claims(opened) == [] and not kept.exists())


def test_a_change_without_files_that_the_disk_refused_has_none_of_the_draft(
    opened, server, contract, tmp_path, monkeypatch
):
    begin(opened, contract)
    opened.press("Esc")
    wait_for_files(opened)
    draft = tmp_path / "draft.txt"
    draft.write_text("Not for you.", encoding="utf-8")
    drop(opened.window, files_as_data(draft))
    wait_for_files(opened, "draft.txt")
    opened.window.reading.ask(opened.program.chat.path.entries[0].id, Ask.EDIT)
    wait_for_files(opened, "contract.txt")
    attachments = opened.program.chat.attachments
    attachments.remove(attachments.items[0].id)

    def refuse(self, *arguments):
        raise StoreError("full")

    with monkeypatch.context() as patched:
        patched.setattr(SqliteStore, "begin_reply", refuse)
        opened.press_enter()
        opened.wait_until(lambda: bool(opened.notice))
    assert opened.window.composer.is_editing
    assert names(opened) == []
    assert send(opened, server) == "How high is the rent?"
    wait_for_files(opened, "draft.txt")


def test_they_are_there_when_one_comes_back(opened, server, contract, tmp_path):
    conversation = begin(opened, contract)
    give_another(opened, tmp_path)
    wait_for_files(opened, "contract.txt", "offer.txt")
    attachments = opened.program.chat.attachments
    attachments.remove(attachments.items[0].id)
    for _ in range(2):
        leave(opened)
        come_back(opened, conversation)
        wait_for_files(opened, "offer.txt")
        assert claims(opened) == [1]
    opened.write(" In words, please.")
    assert (
        send(opened, server)
        == '""" offer.txt\n[Page 1]\n\nWe offer 3,900.\n"""\n\nHow high is the rent? In words, please.'
    )
    assert names(opened) == []
    assert claims(opened) == []


def test_one_that_is_left_again_before_its_words_are_read_is_still_there(opened, contract, monkeypatch):
    conversation = begin(opened, contract)
    chat = opened.program.chat
    asked_first, real = chat.path.entries[0].id, ConversationPath.message
    monkeypatch.setattr(
        ConversationPath, "message", lambda path, id: None if id == asked_first else real(path, id)
    )  # as far from the end of a long conversation
    opened.write(" Please.")
    leave(opened)
    go = threading.Event()
    busy = chat.opened.connect(lambda *_: opened.program.services.work.run(lambda: go.wait(20)))
    chat.open(conversation)
    opened.wait_until(lambda: chat.current.id == conversation)
    opened.window.new_conversation()
    chat.opened.disconnect(busy)
    go.set()
    opened.drain_store()
    come_back(opened, conversation)
    assert opened.window.composer.text() == "How high is the rent? Please."
    assert names(opened) == ["contract.txt"]
