"""Answers side by side: how their differences are shown and told, and the whole in the window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from desktop.core.claims.claim import Shown
from desktop.core.claims.differences import agreement, compare, conclude
from desktop.core.errors import StoreError
from desktop.core.prompts.prompt import PromptDraft
from desktop.runtime.compare import Compared
from desktop.store.database import SqliteStore
from desktop.ui.compare.presenter import lines, notes
from desktop.ui.look.theme import IconButton
from desktop.ui.widgets.labels import FittingLabel
from tests.support.scripted_server import Hold
from tests.support.scripts import ndjson, ollama_line, ollama_lines, ollama_script
from tests.ui.window.test_main_window import choose

HEADINGS = ["Before", "Fresh"]


def of_two(old, new):
    return lines(Compared((0, 1), differences=compare(Shown(old), Shown(new))), HEADINGS)


def of_several(*answers):
    found = agreement([Shown(answer) for answer in answers])
    return lines(Compared(tuple(range(len(answers))), agreement=found), [""] * len(answers))


def test_two_answers():
    assert of_two(
        "It was founded in 1998 in Paris, 12 %.", "It was founded in 2001 in Paris. Brandt, says Brandt."
    ) == [
        "Differs: founded 1998 ↔ 2001",
        "Only in “Before”: 12 %",
        "Only in “Fresh”: Brandt",
        "The same: Paris",
    ]
    assert of_two("in Paris", "It is in Paris.") == ["Nothing that can be checked differs.", "The same: Paris"]
    assert of_two("yes", "no") == ["There is nothing in these answers that could be compared by itself."]
    assert of_two("x 7 " * 60_000, "7")[-1].startswith("Only the beginning")


def test_several_answers():
    assert of_several("founded in 1998 in Paris", "since 1998, in Paris", "since 2001, in Paris") == [
        "Not all answers say: 1998 (1, 2) · 2001 (3)",
        "All answers say: Paris",
        "What a model makes up, it seldom makes up twice in the same way.",
    ]
    assert of_several("1998", "1998", "1998")[-1] == "Nothing that can be checked differs."
    assert lines(Compared((0,)), HEADINGS) == []


def concluded(*answers, given=None, left_out=""):
    """The first line about these answers."""
    shown = [Shown(answer) for answer in answers]
    places = tuple(range(len(answers)))
    if len(answers) > 2:
        agreed = agreement(shown)
        compared = Compared(places, agreement=agreed, conclusion=conclude(agreed, given))
    else:
        found = compare(*shown)
        compared = Compared(places, differences=found, conclusion=conclude(found, given))
    said = lines(compared, HEADINGS * len(answers), left_out)
    assert len(said) == len(set(said))
    return said[0]


INVENTED = "These numbers are not in your text, and differ each time: probably made up."


def test_it_ends_in_one_sentence():
    old, new = "It was founded in 1998 in Paris.", "It was founded in 2001 in Paris."
    assert concluded(old, new, given="When was it founded?") == INVENTED
    assert concluded(old, new, "It was founded in 2004 in Paris.", given="When was it founded?") == INVENTED
    assert concluded(old, new, given="Was it 1998 or later?") == "Differs: founded 1998 ↔ 2001"
    assert concluded(old, new) == "Differs: founded 1998 ↔ 2001"
    assert concluded(old, old.replace("It", "Well, it")) == "Both agree."
    assert concluded(old, old, old) == "All of them agree."
    due = "It is due on 3 May 2026.", "It is due on 17 June 2026."
    assert concluded(*due, left_out="Context") == "Leaving out “Context” changed the date."
    assert concluded(old, old, left_out="Context") == "Leaving out “Context” changed nothing that can be checked."
    assert concluded("The fee is 5 euros.", "The fee is 7 euros.", left_out="Role").startswith("Leaving out “Role”")


def test_each_mark_says_what_the_others_say():
    old, new = Shown("It was founded in 1998, 12 %."), Shown("It was founded in 2001.")
    compared = Compared((0, 1), differences=compare(old, new))
    assert notes(compared, 0, HEADINGS) == {"1998": "“Fresh” says: 2001", "12 %": "Not in “Fresh”"}
    assert notes(compared, 1, HEADINGS) == {"2001": "“Before” says: 1998"}
    several = Compared((0, 1, 2), agreement=agreement([old, new, new]))
    assert notes(several, 2, HEADINGS)["2001"] == "Only 2 of 3 answers say this"


STAYS = ndjson([ollama_line("So far.")], then=[Hold()])
DRAFT = PromptDraft(framework="main", texts={"task": "Say it.", "tone": "Warm.", "persona": "A captain."})


def compare_without(opened, choice="With and without “Persona”"):
    """Fill the prompt builder, press its button, and choose what to leave out."""
    opened.wait_for_model()
    opened.window.resize(1300, 760)
    opened.window.parts.prompt.go_to()
    presenter = opened.window.parts.prompt._presenter
    assert presenter is not None
    presenter.panel.show_draft(DRAFT)
    presenter.panel.offer_comparison()
    [menu] = [each for each in presenter.panel.findChildren(QMenu) if each.isVisible()]
    next(each for each in menu.actions() if each.text() == choice).trigger()
    menu.close()
    page = opened.window.parts.comparing.page
    opened.wait_until(lambda: opened.window.parts.comparing.is_in_front)
    return page


def press(within, name):
    [button] = [each for each in within.findChildren(IconButton) if each.isVisible() and each.accessibleName() == name]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def answers(page):
    return [view.source for column in page.columns for _, view in column.transcript.live_views()]


def says(column, words):
    return any(words in each.text() for each in column.findChildren(FittingLabel))


def test_a_prompt_is_sent_with_and_without_a_part_and_one_answer_is_kept(open_it, server):
    with open_it() as opened:
        page = compare_without(opened)
        assert [column.heading for column in page.columns] == ["With everything", "Without the part “Persona”"]
        opened.wait_until(lambda: all(says(column, "Done") for column in page.columns))
        assert answers(page) == ["It is four."] * 2
        opened.wait_until(lambda: page.differences.said == ["Both answers are the same."])
        asked = [each.json["messages"][-1]["content"] for each in server.chats]
        assert sorted("A captain." in each for each in asked) == [False, True]
        assert ["Warm." in each for each in asked] == [True, True]
        opened.click("Keep this answer: Without the part “Persona”")
        opened.wait_until(lambda: opened.page == "chat" and "A captain." not in opened.path[0].text)
        assert [(each.version, each.versions) for each in opened.program.chat.path.entries] == [(2, 2), (1, 1)]
        assert page.columns == []
        assert opened.says("The conversation goes on with this answer: Without the part “Persona”. The other one is")
        opened.click("Back to the comparison")
        assert [column.heading for column in page.columns] == ["With everything", "Without the part “Persona”"]
        press(page, "Back to the conversation")
        opened.wait_until(lambda: opened.page == "chat")
        assert opened.says("The conversation goes on with this answer: Without the part “Persona”.")
        opened.press("Ctrl+N")
        assert not opened.says("The conversation goes on")


def test_escape_stops_both_and_then_goes_back(open_over):
    with open_over(ollama_script(STAYS)) as (opened, _):
        page = compare_without(opened)
        opened.wait_until(lambda: answers(page) == ["So far."] * 2)
        QTest.keyClick(page, Qt.Key.Key_Escape)
        opened.wait_until(lambda: all(says(column, "Stopped") for column in page.columns))
        assert opened.window.parts.comparing.is_in_front
        QTest.keyClick(page, Qt.Key.Key_Escape)
        opened.wait_until(lambda: opened.page == "chat")
        opened.wait_until(lambda: [each.versions for each in opened.program.chat.path.entries] == [2, 1])
        assert "A captain." in opened.path[0].text


def test_one_left_goes_on_and_is_gone_with_its_conversation(open_over):
    with open_over(ollama_script(STAYS)) as (opened, _):
        page = compare_without(opened)
        opened.wait_until(lambda: answers(page) == ["So far."] * 2)
        press(page, "Back to the conversation")
        opened.wait_until(lambda: opened.page == "chat")
        opened.write("And then?")
        opened.press_enter()
        assert "being compared" in opened.notice
        assert opened.box.toPlainText() == "And then?"
        opened.program.chat.stop()
        opened.wait_until(lambda: not opened.program.chat.is_answering)
        opened.press("Ctrl+N")
        page = compare_without(opened)
        opened.wait_until(lambda: answers(page) == ["So far."] * 2)
        opened.program.chat.delete(opened.program.chat.current.id)
        opened.wait_until(lambda: opened.page == "chat")
        assert page.columns == []


@pytest.mark.parametrize("is_left", [False, True])
def test_what_the_disk_did_not_take_is_back_where_it_was_written(open_over, monkeypatch, is_left):
    def refuse(*_):
        raise StoreError("full")

    with open_over(ollama_script(ndjson(ollama_lines("Four.")))) as (opened, _):
        opened.ask("first")
        monkeypatch.setattr(SqliteStore, "begin_reply", refuse)
        compare_without(opened)
        if is_left:
            opened.press("Ctrl+N")  # before the disk has answered
        opened.wait_until(lambda: opened.page == "chat" and not opened.program.chat.is_answering)
        presenter = opened.window.parts.prompt._presenter
        assert presenter is not None
        panel = presenter.panel
        if is_left:
            opened.drain_store()
            assert panel.is_untouched
            choose(opened, "first")
        opened.wait_until(lambda: panel.draft.texts == DRAFT.texts)
