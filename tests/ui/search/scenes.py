"""Scenes of the gallery with the search in everything that was said."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.core.place import THIS_COMPUTER, Place, PlaceKind
from desktop.core.search import Choices, ConversationCard, HitKind, SearchBatch, SearchHit, marks_in
from desktop.ui.chat.page import ChatPage
from desktop.ui.look.theme import Theme
from desktop.ui.search.page import SearchPage
from desktop.ui.search.words import count_words

MakeWindow = Callable[[Theme, int], tuple[QWidget, ChatPage]]
NOW = 1_790_000_000.0
_DAY = 86_400.0
GPU = Place(PlaceKind.PRIVATE_NETWORK, "gpu-server")
FAR = Place(PlaceKind.INTERNET, "api.provider.example")
CARDS = (
    ConversationCard("rent", "Rental contract and prices", NOW, "qwen3:8b", THIS_COMPUTER),
    ConversationCard("wording", "Wording of the notice", NOW - _DAY, "qwen3:32b", GPU),
    ConversationCard("suppliers", "Table of suppliers, and what was agreed", NOW - 20 * _DAY, "deepseek-chat", FAR),
    ConversationCard("zh", "供应商合同的要点", NOW - 400 * _DAY, "/home/li/Qwen3-4B-Q4_K_M.gguf", THIS_COMPUTER),
)
SAID = (
    (HitKind.TITLE, "wording", "Wording of the notice"),
    (HitKind.QUESTION, "rent", "… running costs and the notice? Please name the clauses."),
    (HitKind.ANSWER, "rent", "Notice: six months to the end of a quarter (clause 12)"),
    (HitKind.FILE, "rent", "(1) The notice must be given in writing and reach the other side before the quarter …"),
    (HitKind.QUESTION, "wording", "Write a notice that we end the cleaning contract on 31 March."),
    (HitKind.ANSWER, "wording", "We hereby give notice of the end of our contract of 2 May 2024 …"),
    (HitKind.ANSWER, "suppliers", "Supplier, article, price, notice period, contact"),
    (HitKind.THINKING, "zh", "The user asks in Chinese about 通知期限, which is the notice period of a contract. …"),
)

_FILE = (("", 0), ("contract.pdf", 12))


def filled(theme):
    """The page with what was found for "notice"."""
    page = SearchPage(theme, clock=lambda: NOW)
    page.line.setText("notice")
    hits = tuple(
        SearchHit(kind, owner, text, marks_in(text, ["notice"]), "m", "", *_FILE[kind is HitKind.FILE])
        for kind, owner, text in SAID
    )
    recipe = "Notice to a supplier, with date and contract number"
    page.results.add_recipes([SearchHit(HitKind.RECIPE, "own/notice.toml", recipe, marks_in(recipe, ["notice"]))])
    page.results.add(SearchBatch(hits, CARDS))
    page.narrowing.show_choices(Choices(("qwen3:8b", "qwen3:32b"), tuple(PlaceKind)))
    page.show_rows()
    page.show_count(count_words(7, 4, 1, is_more=False))
    return page


def search_scenes(make_window):
    """The scenes by their names."""

    def scene(fill):
        def made(theme, width):
            whole, page = make_window(theme, width)
            layout = whole.layout()
            assert isinstance(layout, QHBoxLayout)
            layout.removeWidget(page)
            page.hide()
            shown = fill(theme)
            layout.addWidget(shown, 1)
            shown.focus_field()
            return whole

        return made

    def nothing(theme):
        page = SearchPage(theme, clock=lambda: NOW)
        page.line.setText("zanzibar")
        page.show_nothing()
        return page

    def begun(theme):
        page = SearchPage(theme, clock=lambda: NOW)
        page.show_begin()
        return page

    return {"searching": scene(filled), "searching_nothing": scene(nothing), "searching_begun": scene(begun)}
