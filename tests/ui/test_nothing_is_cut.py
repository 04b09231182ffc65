"""Every scene of the gallery in every language and size: no word is cut, however long a name is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QStyle,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QToolButton,
    QWidget,
)

from desktop.core.connection import Connection, ConnectionKind
from desktop.core.model import ModelChoice, ModelInfo
from desktop.core.place import Place, PlaceKind
from desktop.runtime.models.directory import Listing
from desktop.ui.chat.page import ChatPage
from desktop.ui.compare.page import ComparePage
from desktop.ui.connections.page import ConnectionPage
from desktop.ui.inputs.message_input import MessageInput
from desktop.ui.models.menu import ModelMenu
from desktop.ui.models.page import ModelsPage
from desktop.ui.prompts.panel import PromptPanel
from desktop.ui.recipes.page import RecipePage
from desktop.ui.sidebar.column import SidebarPlace
from desktop.ui.trust import LedgerPage
from desktop.ui.widgets.buttons import AFTER_ICON, ElidedButton, LabelledButton, MenuButton, WrappingButton
from desktop.ui.widgets.labels import ElidedLabel, FittingLabel, Paragraph, PlaceBadge, name_entry
from desktop.ui.words import short, short_path
from tests.ui.gallery import SCENES
from tests.ui.languages import LANGUAGES, speaking

SIZES = ((1000, 700), (760, 560))
SCALES = (1.0, 1.5, 2.0)
_NO_LIMIT = (1 << 24) - 1  # Qt's own QWIDGETSIZE_MAX
PLACES = (Place(PlaceKind.THIS_COMPUTER), Place(PlaceKind.INTERNET, "api.deepseek.com"))


def _whole(theme):
    """Return a window as the program has it, with an answer: sidebar, header, messages, composer."""
    chatting = SCENES["chatting"](theme, 1000)
    page = chatting.findChild(ChatPage)
    sidebar = next(each for each in chatting.children() if isinstance(each, QWidget) and each is not page)
    sidebar.setMinimumWidth(0)
    sidebar.setMaximumWidth(_NO_LIMIT)
    place = SidebarPlace(theme, sidebar, page)
    place.shown_changed.connect(page.header.set_sidebar_shown)
    place.restore(True)
    page.composer.set_running(False)
    chatting.deleteLater()
    return place


@pytest.mark.window
@pytest.mark.parametrize("make", [_whole, lambda theme: SCENES["settings"](theme, 1000)], ids=["window", "settings"])
def test_all_words_have_their_room(make, theme, qapp):
    found: dict[str, list[str]] = {}
    for language in LANGUAGES:
        with speaking(qapp, language):
            theme.set_text_scale(1.0)
            theme.apply_to(qapp)
            whole = make(theme)
            whole.show()
            for scale in SCALES:
                theme.set_text_scale(scale)
                for size in SIZES:
                    whole.resize(*size)
                    for place in PLACES:
                        for page in whole.findChildren(ChatPage):
                            page.header.set_place(place)
                        if cut := _cut_at_rest(whole):
                            found[f"{language} {scale} {size} {place.kind.value}"] = cut
            whole.close()
            whole.deleteLater()
    theme.set_text_scale(1.0)
    assert found == {}


PAGES: dict[str, tuple[type[QWidget], tuple[tuple[int, int], ...]]] = {
    "connection_letters": (ConnectionPage, ((740, 700), (760, 560))),
    "ledger": (LedgerPage, ((740, 700), (760, 560))),
    "compare_narrow": (ComparePage, ((740, 700), (760, 560))),
    "models": (ModelsPage, ((740, 700), (760, 560))),
    "recipe_new": (RecipePage, ((740, 700), (760, 560))),
    "prompt_ready_made": (PromptPanel, ((380, 600), (760, 500))),
}  # with the room that a window of 1,000 or 760 pixels has for them


@pytest.mark.window
@pytest.mark.parametrize("name", PAGES)
def test_pages_have_room_for_their_words_at_the_largest_text(name, theme, qapp):
    kind, sizes = PAGES[name]
    found: dict[str, list[str]] = {}
    theme.set_text_scale(SCALES[-1])
    theme.apply_to(qapp)
    for language in LANGUAGES:
        with speaking(qapp, language):
            whole = SCENES[name](theme, 760)
            page = whole if isinstance(whole, kind) else whole.findChild(kind)
            page.setParent(None)
            page.show()
            for size in sizes:
                page.resize(*size)
                if cut := _cut_at_rest(page):
                    found[f"{language} {size}"] = cut
            page.close()
            page.deleteLater()
            whole.deleteLater()
    theme.set_text_scale(1.0)
    assert found == {}


@pytest.mark.window
@pytest.mark.parametrize("group", ["", "_privacy", "_conversations", "_writing"])
def test_settings_of_the_largest_text_do_not_scroll_across(group, theme, qapp):
    theme.set_text_scale(SCALES[-1])
    theme.apply_to(qapp)
    for language in LANGUAGES:
        with speaking(qapp, language):
            dialog = SCENES[f"settings{group}"](theme, 760)
            dialog.resize(760, 560)
            dialog.show()
            _settle()
            areas = [each for each in dialog.findChildren(QScrollArea) if each.isVisible()]
            assert areas
            assert [each.horizontalScrollBar().maximum() for each in areas] == [0] * len(areas)
            dialog.close()
            dialog.deleteLater()
    theme.set_text_scale(1.0)


@pytest.mark.window
def test_what_is_cut_is_found(theme, qtbot):
    whole = QWidget()
    qtbot.addWidget(whole)
    row = QHBoxLayout(whole)
    for part in (QLabel("a label with words"), QPushButton("a button with words"), QLabel("short")):
        row.addWidget(part)
    whole.show()
    _settle()
    assert cut_words(whole) == []
    whole.findChildren(QLabel)[0].setFixedWidth(40)
    whole.findChild(QPushButton).setFixedSize(60, 12)
    _settle()
    assert [each.split("”")[0] for each in cut_words(whole)] == [
        "QLabel “a label with words",
        "QPushButton “a button with words",
    ]


def _cut_at_rest(page):
    """Return what is cut, and still is a turn later: what has just come to a page is laid out after it has come."""
    _settle()
    if not cut_words(page):
        return []
    _settle()
    return cut_words(page)


def _settle():
    """Let layouts that are put off happen."""
    for _ in range(4):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        QCoreApplication.processEvents()


_AFTER_ICON_PX = 4  # what Qt leaves between icon and words
_SLACK = 1  # of a pixel's rounding
_MANY = 10_000
_UNBREAKABLE = re.compile(r"[!-~]+")  # Chinese may be broken anywhere


def cut_words(page):
    """Return what is cut: each with the kind of its widget, and how."""
    found = []
    for widget in page.findChildren(QWidget):
        if not widget.isVisibleTo(page) or widget.visibleRegion().isEmpty() or not _words(widget):
            continue
        if how := _lacks_room(widget) or _is_clipped(widget, page):
            found.append(f"{type(widget).__name__} “{_words(widget)[:60]}”: {how}")
    return found


def _words(widget):
    match widget:
        case PlaceBadge() | MenuButton() | WrappingButton() | FittingLabel():
            return widget.words
        case LabelledButton():
            return widget.text().removeprefix(AFTER_ICON)
        case QLabel() | QPushButton() | QCheckBox() | QRadioButton():
            return widget.text()
        case QToolButton():
            shows = widget.toolButtonStyle().name != "ToolButtonIconOnly"
            return widget.text() if shows else ""
        case QComboBox():
            return widget.currentText()
        case QLineEdit():
            return widget.placeholderText() if not widget.text() else ""
        case MessageInput():
            return widget.placeholderText() if not widget.toPlainText() else ""
        case _:
            return ""


def _lacks_room(widget):
    """Return how the words have no room in their own widget; empty where they have, or where they are foreign ones."""
    match widget:
        case ElidedLabel() | ElidedButton() | MenuButton():
            return ""  # made for names and titles of any length, with all of it in a tooltip
        case FittingLabel():
            return _wide(widget.fontMetrics().horizontalAdvance(widget.words), widget.width())
        case Paragraph():
            return _low(widget.heightForWidth(widget.width()), widget.height())
        case QLabel() if widget.wordWrap():
            room = widget.contentsRect()
            needed = widget.heightForWidth(widget.width())
            longest = max(map(widget.fontMetrics().horizontalAdvance, _UNBREAKABLE.findall(widget.text())), default=0)
            return _low(needed, widget.height()) or _wide(longest, room.width())
        case QLabel():
            room = widget.contentsRect()
            lines = widget.text().split("\n")
            widest = max(map(widget.fontMetrics().horizontalAdvance, lines))
            return _wide(widest, room.width()) or _low(widget.fontMetrics().height() * len(lines), room.height())
        case PlaceBadge():
            return _wide(widget.sizeHint().width(), widget.width())
        case WrappingButton():
            return _low(widget.heightForWidth(widget.width()), widget.height())
        case QPushButton():
            return _cut_in_button(widget)
        case QToolButton() | QCheckBox() | QRadioButton():
            wide = _wide(widget.sizeHint().width(), widget.width())
            return wide or _low(widget.fontMetrics().tightBoundingRect(widget.text()).height(), widget.height())
        case QComboBox():
            option = QStyleOptionComboBox()
            widget.initStyleOption(option)
            field = widget.style().subControlRect(
                QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, widget
            )
            return _wide(widget.fontMetrics().horizontalAdvance(widget.currentText()), field.width())
        case QLineEdit():
            return _wide(
                widget.fontMetrics().horizontalAdvance(widget.placeholderText()), widget.contentsRect().width()
            )
        case MessageInput():
            margin = 2 * round(widget.document().documentMargin())
            hint = widget.fontMetrics().boundingRect(
                QRect(0, 0, widget.viewport().width() - margin, _MANY), 0x1000, widget.placeholderText()
            )
            return _low(hint.height() + margin, widget.height())
    return ""


def _cut_in_button(button):
    option = QStyleOptionButton()
    button.initStyleOption(option)
    contents = button.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, button)
    icon = 0 if button.icon().isNull() else button.iconSize().width() + _AFTER_ICON_PX
    words = button.text().replace("&&", "&")
    return _wide(button.fontMetrics().horizontalAdvance(words) + icon, contents.width()) or _low(
        button.fontMetrics().tightBoundingRect(words).height(), contents.height()
    )


def _is_clipped(widget, page):
    """Return how it is cut by what it stands in; what can be scrolled may be cut above and below."""
    part = QRect(QPoint(0, 0), widget.size())
    parent = widget.parentWidget()
    at = widget
    while parent is not None and at is not page:
        part.translate(at.pos())
        area = parent.parentWidget()
        room = parent.rect()
        if isinstance(area, QAbstractScrollArea) and parent is area.viewport():
            room = QRect(room.left(), part.top(), room.width(), part.height())
        if not room.contains(part):
            over = part.size() - (part & room).size()
            return f"{over.width()} × {over.height()} px clipped by {type(parent).__name__}"
        part &= parent.rect()
        at, parent = parent, parent.parentWidget()
    return ""


def _wide(needed, room):
    return f"{needed:.0f} px in {room:.0f}" if needed > room + _SLACK else ""


def _low(needed, room):
    return f"{needed:.0f} px high in {room:.0f}" if needed > room + _SLACK else ""


LONG = "a_maker_" + "and_a_name_without_a_place_to_break_it_" * 9 + "Q4_K_M.gguf"
NARROWEST = 760


@pytest.fixture
def menu(theme, qtbot):
    made = ModelMenu(theme)
    qtbot.addWidget(made)
    connection = Connection(
        kind=ConnectionKind.OLLAMA, name=LONG.replace("break", "stop"), address="http://127.0.0.1:11434", id="o"
    )
    models = [ModelInfo(LONG, size_on_disk=2_600_000_000), *(ModelInfo(f"model-{number}") for number in range(14))]
    made.show_models([Listing(connection, models)], ModelChoice("o", LONG))
    return made


@pytest.mark.window
def test_a_long_name_keeps_its_beginning_and_its_end():
    assert short("qwen3:4b") == "qwen3:4b"
    assert short("two\n lines") == "two lines"
    assert short(LONG).startswith("a_maker_and")
    assert short(LONG).endswith("Q4_K_M.gguf")
    assert len(short(LONG)) < len(LONG)
    assert short_path(Path("/home/li", LONG)) == str(Path("/home/li", short(LONG)))
    assert short_path(Path("/home/li/a  b.md")) == "/home/li/a  b.md"
    assert short_path(Path("/home/li", " " * 100)) == "/home/li"


@pytest.mark.window
def test_entries_of_menus_are_shortened_and_explained(theme, qtbot):
    action = QAction()
    name_entry(action, theme, "qwen3 & co", "2.6 GB", about="what it is for")
    assert (action.text(), action.toolTip()) == ("qwen3 && co\t2.6 GB", "<span>what it is for</span>")
    name_entry(action, theme, LONG, about="what it is for")
    assert "…" in action.text()
    assert action.text().endswith("Q4_K_M.gguf")
    assert (action.data(), action.toolTip()) == (LONG, f"<span>{LONG}</span>")


@pytest.mark.window
def test_the_menu_of_models_is_not_wider_than_the_window_and_finds_all_of_a_name(menu):
    menu.open_below(QWidget(menu))
    assert menu.width() < NARROWEST
    menu.search.setText("place_to_break_it_and_a_name")
    assert [each.title for each in menu.list.rows if not each.is_heading] == [LONG]
    menu.hide()
