"""About: which version this is, what it is made of, and where it is opened from."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.ui.look.tokens import RADIUS
from desktop.ui.window.about import AboutDialog, parts

pytestmark = pytest.mark.window


@pytest.fixture
def dialog(theme, qtbot):
    QCoreApplication.setApplicationVersion("1.2.3")
    made = AboutDialog(theme)
    qtbot.addWidget(made)
    return made


def listed(dialog):
    return [dialog.list.item(row).text() for row in range(dialog.list.count())]


def marked(dialog):
    return [item.text() for item in dialog.list.selectedItems()]


def show(dialog, name):
    row = next(row for row, part in enumerate(parts()) if part.name == name)
    dialog.list.setCurrentRow(row)
    return dialog.text.toPlainText()


def test_all_parts_are_named_with_the_words_of_their_licence(dialog):
    lines = listed(dialog)
    assert lines[0].startswith("Candor")
    for name in ("Qt", "llama.cpp", "SmolLM2", "STIX Two Math", "keyring", "httpcore", "Python", "PCRE2", "BoringSSL"):
        assert any(line.startswith(name) for line in lines), name
    for part in parts():
        shown = show(dialog, part.name)
        assert shown.startswith(f"{part.line}\n\n")
        assert part.copyright in shown
        assert part.texts
        assert all(text in shown for text in part.texts)


def test_a_part_says_what_it_is_inside_of(dialog):
    assert "\n\nInside Qt.\n\n" in show(dialog, "PCRE2")
    assert "d3-array" in show(dialog, "D3")


def test_libraries_of_qt_say_how_to_replace_them(dialog):
    for name in ("Qt", "pyside6-essentials", "shiboken6"):
        assert "put other builds of the same version in their place" in show(dialog, name), name
    assert "put other builds" not in show(dialog, "httpcore")


def test_typing_finds_parts_by_name_licence_and_what_they_hold(dialog):
    everything = listed(dialog)
    QTest.keyClicks(dialog.filter, "mpl-2.0")
    assert {line.partition(" ")[0] for line in listed(dialog)} == {"certifi", "DOMPurify", "The"}
    assert dialog.text.toPlainText().startswith("certifi")  # the first of them, as what was shown is not among them
    dialog.filter.setText("d3-array")
    assert listed(dialog) == [line for line in everything if line.startswith(("D3 ", "D3,"))]
    dialog.filter.setText("qt unicode")
    assert all("Unicode" in line for line in listed(dialog))
    QTest.keyClick(dialog.filter, Qt.Key.Key_Escape)
    assert listed(dialog) == everything


def test_what_is_shown_stays_while_it_is_among_those_found(dialog):
    before = show(dialog, "httpcore")
    dialog.filter.setText("http")
    assert len(listed(dialog)) > 1
    assert dialog.text.toPlainText() == before
    assert marked(dialog) == [before.partition("\n")[0]]


def test_words_that_no_part_has_are_answered(dialog):
    dialog.filter.setText("no such thing")
    assert not listed(dialog)
    assert not marked(dialog)
    assert dialog.text.toPlainText() == "No part has these words in its name or licence."
    dialog.filter.clear()
    assert dialog.text.toPlainText().startswith("Candor")
    assert marked(dialog) == listed(dialog)[:1]


@pytest.mark.parametrize("breadth", [100, 130])
def test_lines_of_a_licence_are_broken_where_its_writers_did_and_longer_ones_by_the_box(dialog, breadth):
    """Whichever font the system has, also one with broader letters than those that are common."""
    font = dialog.text.font()
    font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, breadth)
    dialog.text.setFont(font)
    dialog.resize(dialog._wanted_size())
    dialog.show()
    document = dialog.text.document()
    measure = QFontMetricsF(dialog.text.font())
    box = dialog.text.viewport().width() - 2 * document.documentMargin()
    columns = 80 * measure.horizontalAdvance("0")
    assert columns <= box
    broken: list[str] = []
    for name in ("Candor", "httpcore", "Python", "ICU"):
        show(dialog, name)
        for block in (document.findBlockByNumber(number) for number in range(document.blockCount())):
            document.documentLayout().blockBoundingRect(block)  # what is not in sight has not been laid out yet
            # Where a letter comes from another font, and where no font here has letters of one width, more is needed.
            width = measure.horizontalAdvance(block.text().expandtabs(8).rstrip())
            if block.lineCount() > 1:
                broken.append(block.text())
                assert width > columns
            else:
                assert width <= box + 1
        assert dialog.text.horizontalScrollBar().maximum() == 0
    assert broken


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_part_that_is_shown_is_marked_in_the_list(dialog, theme, mode):
    theme.set_mode(mode)
    dialog.show()
    row = dialog.list.visualItemRect(dialog.list.item(0))
    ground = dialog.list.viewport().grab().toImage().pixelColor(row.right() - RADIUS, row.center().y())
    assert ground == theme.color("selection")


def test_the_keyboard_goes_from_the_field_to_the_list(dialog, qtbot):
    with qtbot.waitActive(dialog):
        dialog.show()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Return):
        dialog.filter.setFocus()
        QTest.keyClick(dialog.filter, key)
        assert QApplication.focusWidget() is dialog.list
        assert dialog.isVisible()


def test_the_version_can_be_copied(dialog):
    dialog.copy.click()
    assert QApplication.clipboard().text().startswith("Candor 1.2.3\nPython 3.")
