"""No words of the program's own are shortened or clipped: languages × themes × sizes of text × windows."""

from __future__ import annotations

from itertools import product

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from desktop.core.place import Place, PlaceKind
from desktop.ui.chat.page import ChatPage
from desktop.ui.compare.page import ComparePage
from desktop.ui.connections.page import ConnectionPage
from desktop.ui.models.page import ModelsPage
from desktop.ui.prompts.panel import PromptPanel
from desktop.ui.recipes.page import RecipePage
from desktop.ui.sidebar.place import SidebarPlace
from desktop.ui.trust.page import LedgerPage
from tests.ui.cut import cut_words
from tests.ui.gallery import SCENES
from tests.ui.languages import LANGUAGES, speaking

pytestmark = pytest.mark.window

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


@pytest.mark.parametrize("make", [_whole, lambda theme: SCENES["settings"](theme, 1000)], ids=["window", "settings"])
def test_all_words_have_their_room(make, theme, qapp):
    found: dict[str, list[str]] = {}
    for language in LANGUAGES:
        with speaking(qapp, language):
            theme.set_text_scale(1.0)
            theme.apply_to(qapp)
            whole = make(theme)
            whole.show()
            for mode in ("light", "dark"):
                theme.set_mode(mode)
                for scale in SCALES:
                    theme.set_text_scale(scale)
                    for size in SIZES:
                        whole.resize(*size)
                        for place in PLACES:
                            for page in whole.findChildren(ChatPage):
                                page.header.set_place(place)
                            if cut := _cut_at_rest(whole):
                                found[f"{language} {mode} {scale} {size} {place.kind.value}"] = cut
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


@pytest.mark.parametrize("name", PAGES)
def test_pages_have_room_for_their_words_at_the_usual_and_the_largest_text(name, theme, qapp):
    kind, sizes = PAGES[name]
    found: dict[str, list[str]] = {}
    for scale, language in product((SCALES[0], SCALES[-1]), LANGUAGES):
        theme.set_text_scale(scale)
        theme.apply_to(qapp)
        with speaking(qapp, language):
            whole = SCENES[name](theme, 760)
            page = whole if isinstance(whole, kind) else whole.findChild(kind)
            page.setParent(None)
            page.show()
            for size in sizes:
                page.resize(*size)
                if cut := _cut_at_rest(page):
                    found[f"{language} {scale} {size}"] = cut
            page.close()
            page.deleteLater()
            whole.deleteLater()
    theme.set_text_scale(1.0)
    assert found == {}


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
