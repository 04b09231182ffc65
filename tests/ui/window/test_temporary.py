"""Temporary conversations: they work like all others, and no word of them is ever on the disk."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QPlainTextEdit, QWidget

from desktop.core.message import MessageStatus

pytestmark = pytest.mark.window

SECRET = "the merger with Zyxwv Holdings"


def on_disk(home, words):
    """Return the files below the program's folder that hold these words."""
    return [each.name for each in home.rglob("*") if each.is_file() and words.encode() in each.read_bytes()]


def words_of_labels(opened):
    """Return what can be read or pressed on the page of messages, and the hints of its boxes."""
    parts = [each for each in opened.window.chat_page.findChildren(QWidget) if each.isVisible()]
    said = [each.text() for each in parts if isinstance(each, QLabel | QAbstractButton)]
    hints = [each.placeholderText() for each in parts if isinstance(each, QPlainTextEdit)]
    return [*said, *hints, *(each.accessibleDescription() for each in parts)]


def has_answered(opened, count):
    return len(opened.path) == count and opened.path[-1].status is MessageStatus.COMPLETE


def test_no_word_reaches_the_disk(open_it, candor_home, server):
    with open_it() as opened:
        opened.wait_for_model()
        opened.press("Ctrl+Shift+T")
        assert opened.window.empty.isVisible()
        opened.write(SECRET)
        opened.press("Ctrl+N")  # a slip: what was written is in the next temporary one, and nowhere else
        assert opened.window.composer.text() == ""
        opened.press("Ctrl+Shift+T")
        assert opened.window.composer.text() == SECRET
        opened.press_enter()
        opened.wait_until(lambda: has_answered(opened, 2))
        opened.write(f"more on {SECRET}")
        opened.press_enter()
        opened.wait_until(lambda: has_answered(opened, 4))
        assert len(server.chats[-1].json["messages"]) >= 3  # what was said goes along
        opened.write(f"unsent: {SECRET}")
        identity = opened.program.chat.current.id
        for keys in ("Ctrl+N", "Ctrl+Shift+T"):
            opened.press(keys)
            assert opened.window.composer.text() == ""
        opened.program.chat.open(identity)
        opened.wait_until(lambda: opened.window.composer.text() == f"unsent: {SECRET}")
        assert [each.text for each in opened.path][::2] == [SECRET, f"more on {SECRET}"]
        opened.drain_store()
        assert on_disk(candor_home, "Zyxwv") == []
    assert on_disk(candor_home, "Zyxwv") == []
    with open_it() as opened:
        opened.drain_store()
        assert opened.program.chat.conversations == []
        assert opened.window.composer.text() == ""


def test_it_is_marked_and_listed_apart(open_it):
    with open_it() as opened:
        opened.wait_for_model()
        opened.press("Ctrl+Shift+T")
        opened.write("a question")
        opened.press_enter()
        opened.wait_until(lambda: has_answered(opened, 2))
        assert opened.window.header._temporary.isVisible()
        opened.press("Ctrl+Shift+T")
        assert opened.window.composer.text() == ""  # it was sent
        opened.press("Ctrl+N")
        assert not opened.window.header._temporary.isVisible()


def test_a_draft_of_a_kept_conversation_stays(open_it):
    with open_it() as opened:
        opened.wait_for_model()
        opened.write("half a thought")
        opened.press("Ctrl+Shift+T")
        assert opened.window.composer.text() == ""
        opened.write("something else")
        opened.press("Ctrl+N")
        opened.wait_until(lambda: opened.window.composer.text() == "half a thought")


def test_a_fresh_start_from_it_is_temporary_too(open_it, candor_home):
    with open_it() as opened:
        opened.wait_for_model()
        opened.press("Ctrl+Shift+T")
        opened.write(SECRET)
        opened.press_enter()
        opened.wait_until(lambda: has_answered(opened, 2))
        before = opened.program.chat.current.id
        opened.program.chat.fresh.start_conversation()
        assert opened.program.chat.current.id != before
        opened.write(f"again {SECRET}")
        opened.press_enter()
        opened.wait_until(lambda: has_answered(opened, 2))
        opened.drain_store()
        assert on_disk(candor_home, "Zyxwv") == []


def test_it_takes_no_files(open_it, tmp_path):
    file = tmp_path / "plan.txt"
    file.write_text(SECRET)
    with open_it() as opened:
        opened.wait_for_model()
        opened.press("Ctrl+Shift+T")
        assert not [each for each in words_of_labels(opened) if "file" in each and "no files" not in each]
        opened.window.empty.guide_wanted.emit("ask_document")
        opened.wait_until(lambda: "Which document is it?" in words_of_labels(opened))
        assert not [each for each in words_of_labels(opened) if "file" in each]
        opened.press("Escape")
        opened.window.files.pick()  # says so at once, and asks for no file
        assert "temporary conversation" in opened.notice
        opened.window.files.attach([file])
        opened.wait_until(lambda: "plan.txt" in opened.notice)
        assert "temporary conversation" in opened.notice
        opened.program.chat.attachments.add_bytes(b"picture", "Picture")
        assert opened.program.chat.attachments.items == []
        opened.drain_store()
        assert not [each for each in (opened.folder / "files").rglob("*") if each.is_file()]


def test_deleting_it_leaves_nothing_in_the_bin(open_it):
    with open_it() as opened:
        opened.wait_for_model()
        opened.press("Ctrl+Shift+T")
        opened.write("a question")
        opened.press_enter()
        opened.wait_until(lambda: has_answered(opened, 2))
        opened.program.chat.delete(opened.program.chat.current.id)
        found: list[object] = []
        opened.program.chat.shelf.bin_found.connect(found.extend)
        opened.program.chat.shelf.look_into_bin()
        opened.drain_store()
        assert found == []
        assert opened.program.chat.conversations == []
