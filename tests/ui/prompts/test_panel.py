"""The prompt builder in a user's hands: keys, pasting, examples, advice, preview, and what a screen reader hears."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.core.model import ModelInfo
from desktop.core.place import Place, PlaceKind
from desktop.core.prompts.prompt import Example, Material, PromptDraft
from desktop.ui.inputs.message_input import PastedTextChip
from desktop.ui.look.theme import IconButton
from desktop.ui.prompts.panel import PromptPanel
from tests.support.frameworks import bundled_frameworks

pytestmark = pytest.mark.window

INTERNET = Place(PlaceKind.INTERNET, "api.example.com")
REASONING = ModelInfo("deepseek-r1:8b", capabilities=frozenset({"completion", "thinking"}))


@pytest.fixture
def panel(theme, qtbot):
    made = PromptPanel(theme, bundled_frameworks())
    qtbot.addWidget(made)
    made.begin_writing()
    made.resize(360, 900)
    with qtbot.waitExposed(made):
        made.show()
    with qtbot.waitActive(made):
        made.activateWindow()
    return made


def test_nothing_of_it_opens_as_a_window_of_its_own(theme, qtbot, monkeypatch):
    shown = []
    monkeypatch.setattr(IconButton, "showEvent", lambda each, _: shown.append(each.isWindow()))
    qtbot.addWidget(PromptPanel(theme, bundled_frameworks()))
    assert not any(shown)


def part(panel, key):
    found = panel.fields.part(key)
    assert found is not None
    return found


def type_into(panel, key, text):
    part(panel, key).focus_words()
    QTest.keyClicks(QApplication.focusWidget(), text)
    settle()


def settle():
    """Let what was put off until after the key happen."""
    for _ in range(3):
        QCoreApplication.processEvents()


def paste(box, text):
    QApplication.clipboard().setText(text)
    box.setFocus()
    QTest.keySequence(box, QKeySequence(QKeySequence.StandardKey.Paste))
    settle()


def focused_name():
    focused = QApplication.focusWidget()
    return focused.accessibleName() if focused is not None else ""


class TestWriting:
    def test_words_of_an_input_method_are_sent_too(self, panel):
        panel.fields.focus_part()
        box = QApplication.focusWidget()
        QCoreApplication.sendEvent(box, QInputMethodEvent("总结报告", []))
        QTest.keyClick(box, Qt.Key.Key_Return)
        assert panel.draft.text("task") == ""
        panel.send()
        assert panel.draft.text("task") == "总结报告"

    def test_words_whose_framework_or_field_has_gone_stand_in_the_task(self, panel):
        gone = PromptDraft(framework="gone", texts={"task": "Sum up", "columns": "Name, price"})
        for draft in (gone, replace(gone, framework="main")):
            panel.show_draft(draft.with_material("rows", "a;1"))
            assert panel.framework.key == "main"
            assert "Name, price" in panel.prompt.text
            assert "a;1" in panel.prompt.text
            assert part(panel, "task").words.text() == "Sum up\n\nName, price"

    def test_another_framework_is_chosen_from_a_list_and_keeps_the_words(self, panel):
        type_into(panel, "task", "Summarise the report")
        QTest.mouseClick(panel.chooser, Qt.MouseButton.LeftButton)
        chosen = panel.chooser.list
        lines = chosen.list.rows
        assert [each.title for each in lines if not each.about] == ["For the office", "For anything", "Recipes…"]
        keys = [each.key for each in lines if each.about]
        assert (keys[0], keys[-4:]) == ("answer_mail", ["main", "co_star", "rtf", "crispe"])
        assert chosen.list.current.title == "Six parts"
        QTest.keyClick(chosen.list, Qt.Key.Key_Down)
        QTest.keyClick(chosen.list, Qt.Key.Key_Return)
        settle()
        assert (panel.framework.key, chosen.isVisible()) == ("co_star", False)
        assert panel.chooser.words.startswith("CO-STAR")
        assert panel.draft.text(panel.framework.task.key) == "Summarise the report"
        assert focused_name() == part(panel, panel.framework.task.key).words.box.accessibleName()

    def test_a_task_in_the_six_parts_leads_to_the_form_that_is_made_for_it(self, panel):
        type_into(panel, "task", "write the minutes of Tuesday, for the board")
        panel.show_advice()
        assert panel.advice.shown[0].words == "There is a form for this: Minutes of a meeting."
        panel.advice.rows[0].fix.click()
        settle()
        assert panel.framework.key == "minutes"
        assert "Tuesday" in panel.draft.text("task")
        panel.chooser.chosen.emit("main")
        panel.dismiss_advice("framework_fits")
        assert "framework_fits" not in [each.key for each in panel.advice.shown]
        asked = PromptDraft(framework="main", texts={"task": "write the minutes of Tuesday"})
        for guide, offered in (("", True), ("minutes", False)):  # whose questions were answered
            panel.show_draft(replace(asked, guide=guide))
            assert ("framework_fits" in [each.key for each in panel.advice.shown]) is offered

    def test_a_grey_send_says_what_is_missing_and_leads_there(self, panel):
        type_into(panel, "task", "minutes, short")
        panel.chooser.chosen.emit("minutes")
        settle()
        assert panel.draft.text("task") == f"{panel.framework.task.start.en}\nminutes, short"
        assert panel.foot.missing.isVisible()
        assert panel.foot.missing.words == "Still missing: Notes"
        assert panel.foot.missing.words in panel.foot.send.toolTip()
        part(panel, "task").focus_words()
        QTest.mouseClick(panel.foot.missing, Qt.MouseButton.LeftButton)
        QTest.keyClicks(QApplication.focusWidget(), "AR: budget again")
        settle()
        assert panel.draft.materials == (Material("notes", "AR: budget again"),)
        assert not panel.foot.missing.isVisible()
        assert panel.foot.send.isEnabled()


class TestMaterial:
    def test_what_was_pasted_is_taken_back_and_pasted_again_in_order_with_words(self, panel):
        def undo(keys="Ctrl+Z"):
            QTest.keySequence(QApplication.focusWidget(), QKeySequence(keys))
            settle()
            return (panel.draft.text("context"), *(each.text.replace(long, "long") for each in panel.draft.materials))

        again, long, passage = "Ctrl+Shift+Z", "Lorem ipsum. " * 2_000, "Dear Sir,\nthe goods are late.\nYours"
        type_into(panel, "context", "A")
        paste(part(panel, "context").words.box, passage)
        QTest.keyClicks(QApplication.focusWidget(), "!")  # in the block, which has the keyboard
        part(panel, "context").focus_words()
        paste(part(panel, "context").words.box, long)
        assert panel.findChildren(PastedTextChip)
        assert undo() == ("A", f"{passage}!")
        assert undo(again) == ("A", f"{passage}!", "long")
        assert undo() == ("A", f"{passage}!")
        block = part(panel, "context").blocks[0]
        block.words.setFocus()
        assert [undo(), undo(), undo()] == [("A", passage), ("A",), ("",)]
        assert [undo(again), undo(again)] == [("A",), ("A", passage)]
        part(panel, "context").focus_words()
        QTest.keyClicks(QApplication.focusWidget(), "B")
        assert [undo(), undo(), undo()] == [("A", passage), ("A",), ("",)]
        # In a block: a chip in place of its empty box, taken out by its cross, and a block that is taken out whole.
        begun = part(panel, "context")
        begun.begin_material()
        paste(begun.blocks[0].words.box, long)
        QTest.mouseClick(panel.findChildren(PastedTextChip)[-1]._remove, Qt.MouseButton.LeftButton)
        assert [undo(), undo(), undo(again)] == [("", "long"), ("", ""), ("", "long")]
        QTest.mouseClick(begun.blocks[0].remove, Qt.MouseButton.LeftButton)
        assert [undo("Ctrl+A"), undo()] == [("",), ("", "long")]
        panel.show_draft(None)
        assert [undo(), undo(again)] == [("",), ("",)]

    def test_a_pasted_name_and_ones_own_words_stay_words(self, panel):
        box = part(panel, "task").words.box
        paste(box, "Hotel Seeblick")
        assert (panel.draft.text("task"), panel.draft.materials) == ("Hotel Seeblick", ())
        box.clear()
        box.insertPlainText("one\ntwo\nthree\nfour")
        box.selectAll()
        QTest.keySequence(box, QKeySequence(QKeySequence.StandardKey.Cut))
        QTest.keySequence(box, QKeySequence(QKeySequence.StandardKey.Paste))
        assert (panel.draft.text("task"), panel.draft.materials) == ("one\ntwo\nthree\nfour", ())

    def test_undo_of_a_removed_material_leaves_what_was_written_in_others_since(self, panel):
        task = part(panel, "task")
        for words in ("alpha", "beta"):
            task.begin_block()
            QTest.keyClicks(QApplication.focusWidget(), words)
        QTest.mouseClick(task.blocks[1].remove, Qt.MouseButton.LeftButton)
        task.blocks[0].words.setFocus()
        QTest.keyClicks(QApplication.focusWidget(), " and more")
        task.words.setFocus()
        QTest.keySequence(task.words.box, QKeySequence(QKeySequence.StandardKey.Undo))
        assert sorted(task.materials) == ["alpha and more", "beta"]

    def test_material_can_be_added_claimed_as_words_and_removed(self, panel):
        text = 'First """this"""\n{{name}}\n"""\n# Task\nobey'
        paste(part(panel, "task").words.box, text)
        assert panel.draft.materials == (Material("task", text),)
        assert text in panel.prompt.text
        [block] = part(panel, "task").blocks
        QTest.mouseClick(block.claim, Qt.MouseButton.LeftButton)
        assert (panel.draft.text("task"), panel.draft.materials) == (text, ())
        QTest.mouseClick(part(panel, "context").add_material, Qt.MouseButton.LeftButton)
        QTest.keyClicks(QApplication.focusWidget(), "a list")
        assert panel.draft.materials_of("context")[0].text == "a list"
        [block] = part(panel, "context").blocks
        QTest.mouseClick(block.remove, Qt.MouseButton.LeftButton)
        assert panel.draft.materials == ()


class TestExamples:
    def fill(self, panel, *pairs):
        panel.fields.focus_part("example")
        for at, (said, wished) in enumerate(pairs):
            if at:
                QTest.mouseClick(panel.fields.examples.add, Qt.MouseButton.LeftButton)
            QTest.keyClicks(QApplication.focusWidget(), said)
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
            QTest.keyClicks(QApplication.focusWidget(), wished)
        settle()

    def test_pairs_are_written_moved_and_removed(self, panel):
        def order():
            return [each.input for each in panel.draft.examples]

        self.fill(panel, ("one", "1"), ("two", "2"), ("three", "3"))
        assert panel.draft.examples == (Example("one", "1"), Example("two", "2"), Example("three", "3"))
        examples = panel.fields.examples
        QTest.keyClick(examples.input.box, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
        assert (order(), examples.input.text()) == (["one", "three", "two"], "three")
        QTest.mouseClick(examples.up, Qt.MouseButton.LeftButton)
        assert order() == ["three", "one", "two"]
        QTest.keyClick(examples.input.box, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
        assert order() == ["one", "three", "two"]
        lines = examples.lines
        lines.setFocus()
        QTest.keyClick(lines, Qt.Key.Key_Down)
        assert examples.input.text() == "two"
        QTest.keyClick(lines, Qt.Key.Key_Delete)
        assert order() == ["one", "three"]
        for left in (["one"], []):
            QTest.mouseClick(examples.remove, Qt.MouseButton.LeftButton)
            assert order() == left
        assert examples.input.text() == ""


class TestAdvice:
    def test_its_button_does_what_it_says(self, panel):
        panel.show_setting(REASONING, INTERNET, is_first=True)
        panel.show_draft(PromptDraft(framework="main", texts={"task": "Write to +49 170 1234567 about the delay"}))
        [line] = [each for each in panel.advice.rows if each.line.key == "personal_data"]
        QTest.mouseClick(line.fix, Qt.MouseButton.LeftButton)
        settle()
        assert "1234567" not in part(panel, "task").words.text()
        assert part(panel, "task").words.text() == panel.draft.text("task")


class TestPreview:
    def test_any_text_is_shown_as_it_is(self, panel):
        panel.preview.set_open(True)
        hostile = "<img src=/etc/passwd><b>bold</b>"
        for text in ("plain 😀 text", "الرسالة אל הלקוח", "引号“和”“\U0001f9d1\u200d\U0001f4bb”", hostile):
            draft = PromptDraft(framework="main", texts={"task": f"before {text}", "tone": "plain"})
            panel.show_draft(replace(draft, examples=(Example(text, text),)))
            assert panel.preview.box.toPlainText() == panel.prompt.text


class TestKeyboard:
    def test_an_input_method_writes_in_the_list_of_tasks(self, panel):
        def compose(words):
            panel.list_tasks()
            QCoreApplication.sendEvent(QApplication.focusWidget(), QInputMethodEvent(words, []))
            assert panel.tasks.isVisible()
            done = QInputMethodEvent()
            done.setCommitString(words)
            QCoreApplication.sendEvent(QApplication.focusWidget(), done)

        compose("minutes")
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        assert panel.framework.key == "minutes"
        panel.show_draft(None)
        compose("纪要")
        assert panel.draft.texts == {"task": "纪要"}
        panel.show_draft(None)
        panel.list_tasks()
        paste(QApplication.focusWidget(), text := "line of words\n" * 4_000)
        assert text.strip() in panel.prompt.text
