"""A model that an Ollama on this computer forwards is shown, asked about and locked as one on the internet."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu

from desktop.core.fresh_start import FreshStart
from desktop.core.message import MessageStatus
from desktop.core.model import ModelChoice
from desktop.core.place import THIS_COMPUTER, Place, PlaceKind
from desktop.ui.composer.card import SendButton
from desktop.ui.exporting.presenter import ExportDialog
from desktop.ui.fresh_start.presenter import FreshComparisonBar
from desktop.ui.fresh_start.sheet import WAYS, FreshSheet
from desktop.ui.widgets.labels import PlaceBadge
from desktop.ui.window.settings_dialog import SettingsDialog
from tests.support.in_process import open_program
from tests.support.scripted_server import Hold, Reply, Script, json_reply, running_server
from tests.support.scripts import (
    FORWARDED,
    MODEL,
    forwarded_entry,
    ndjson,
    ollama_lines,
    ollama_script,
)
from tests.ui.steps import answering, lines_of, row_of
from tests.ui.steps import choose as choose_in_menu

pytestmark = pytest.mark.window

HELLO = ndjson(ollama_lines("It is four."))
CLOUD = Place(PlaceKind.INTERNET, "ollama.com")
SCRIPT = ollama_script(HELLO, forwarded=[FORWARDED])
STAYS = "stays on this computer"


def menu_lines(opened):
    """The lines of the model menu."""
    return lines_of(opened.window.header.menu)


def can_choose(opened, model):
    return not row_of(opened.window.header.menu, model).is_pale


def ready(opened):
    """Wait until the servers have answered and the first page has been decided."""

    def is_ready():
        is_settled = opened.program.services.connections.is_settled
        if opened.page == "first_run" and is_settled:
            opened.program.services.connections.look()  # a server may be missed on a busy computer
        return opened.page != "first_run" and is_settled and bool(opened.program.services.models.listings)

    opened.wait_until(is_ready)


def choose(opened, model):
    """Pick a model in the menu."""
    ready(opened)
    choose_in_menu(opened.window.header, model)


def compared(opened):
    """Begin a comparison with a fresh answer from the sheet; the bar with what else can be asked."""
    opened.press("Ctrl+Shift+N")
    sheet = opened.window.findChild(FreshSheet)
    assert isinstance(sheet, FreshSheet)
    opened.wait_until(sheet.isVisible)
    key = 1 + list(WAYS).index(FreshStart.COMPARE)
    QTest.keyClick(QApplication.focusWidget(), str(key))
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    opened.wait_until(lambda: opened.window.findChild(FreshComparisonBar) is not None)
    bar = opened.window.findChild(FreshComparisonBar)
    assert isinstance(bar, FreshComparisonBar)
    opened.wait_until(bar.isEnabled)
    return bar


def menu_of(bar):
    """The other models that can be asked."""
    [menu] = [each for each in bar.findChildren(QMenu) if "another model" in each.accessibleName()]
    return menu.actions()


def badge(opened):
    found = opened.window.header.findChild(PlaceBadge)
    assert isinstance(found, PlaceBadge)
    return found.words if found.isVisible() else ""


def send_colour(opened):
    found = opened.window.composer.findChild(SendButton)
    assert isinstance(found, SendButton)
    return found.property("fill")


def shown_for(requests):
    """The models that the server was asked about by themselves."""
    return [each.json["model"] for each in requests if each.path == "/api/show"]


def lock(home):
    (home / "settings.json").write_text(json.dumps({"offline_lock": True}))


def switch_lock(opened):
    """Switch the offline lock on, or off, as in the settings."""
    opened.window.settings_requested.emit()
    dialog = next(each for each in opened.window.findChildren(SettingsDialog) if each.isVisible())
    dialog.offline.click()
    dialog.close()


class TestDefault:
    def test_the_newest_in_the_list_is_not_taken_and_its_place_is_shown_where_it_is_chosen(self, open_over):
        with open_over(SCRIPT) as (opened, server):
            ready(opened)
            choice = opened.program.chat.current.settings.choice
            assert choice is not None
            assert choice.model == MODEL
            assert (badge(opened), send_colour(opened)) == ("On this computer", "here")
            assert opened.says(STAYS)
            assert FORWARDED not in shown_for(server.requests)
            choose(opened, FORWARDED)
            assert (badge(opened), send_colour(opened)) == ("Internet (ollama.com)", "internet")
            assert opened.says("What you write goes over the internet to ollama.com.")
            assert not opened.says(STAYS)
            choose(opened, MODEL)
            assert (badge(opened), send_colour(opened)) == ("On this computer", "here")

    def test_where_nothing_is_near_the_user_is_asked_to_choose(self, open_over):
        with open_over(ollama_script(HELLO, models=[], forwarded=[FORWARDED])) as (opened, server):
            ready(opened)
            opened.wait_until(lambda: opened.says("Choose a model above to begin."))
            assert opened.program.chat.current.settings.choice is None
            assert not opened.says(STAYS)
            opened.write("Hello?")
            opened.press_enter()
            opened.drain_store()
            assert server.chats == []
            assert opened.window.composer.text() == "Hello?"

    def test_one_that_is_talked_to_on_the_internet_does_not_become_it(self, open_over):
        """A conversation of earlier, in which it was not the user who chose it."""
        with open_over(SCRIPT) as (opened, _):
            ready(opened)
            choice = opened.program.chat.current.settings.choice
            assert choice is not None
            opened.program.chat.choose_model(ModelChoice(choice.connection_id, FORWARDED))
            with answering("Send"):
                assert opened.ask("Hello?").model == FORWARDED
            assert opened.program.services.settings.now.default_choice is None


class TestPlace:
    def test_is_told_before_the_list_has_come_where_the_name_says_it(self, qapp, candor_home, monkeypatch):
        saved_choice(candor_home, "http://127.0.0.1:9", FORWARDED)
        monkeypatch.setenv("OLLAMA_HOST", "http://127.0.0.1:9")
        with open_program(qapp, candor_home) as opened:
            opened.wait_until(lambda: badge(opened) == "Internet (ollama.com)")
            assert send_colour(opened) == "internet"


class TestConsent:
    def test_is_asked_for_before_the_first_words(self, open_over, monkeypatch, tmp_path):
        with open_over(SCRIPT) as (opened, server):
            choose(opened, FORWARDED)
            with answering("Cancel") as question:
                opened.write("My secret")
                opened.press_enter()
            assert "ollama.com" in question.text
            assert question.detail == "My secret"
            opened.drain_store()
            assert (server.chats, opened.path) == ([], [])
            assert opened.window.composer.text() == "My secret"
            with answering("Send"):
                reply = opened.ask("")
            assert (reply.text, reply.place) == ("It is four.", CLOUD)
            assert server.chats[0].json["model"] == FORWARDED
            assert FORWARDED not in shown_for(server.requests)
            file = tmp_path / "talk.md"
            monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
            opened.window.sidebar.export_requested.emit(opened.program.chat.current.id)
            dialog = next(each for each in opened.window.findChildren(ExportDialog) if each.isVisible())
            dialog.form.setCurrentIndex(dialog.form.findData(".md"))
            dialog.export.click()
            opened.wait_until(lambda: str(file) in opened.notice)
            assert "Internet (ollama.com)" in file.read_text(encoding="utf-8")
            opened.drain_store()
        store = opened.stored()
        [conversation] = store.conversations()
        assert store.path(conversation.id)[-1].place == CLOUD
        store.close()

    def test_is_asked_for_before_one_answers_beside_another(self, open_over):
        with open_over(SCRIPT) as (opened, server):
            assert opened.ask("When was it founded?").place == THIS_COMPUTER
            bar = compared(opened)
            [far] = [action for action in menu_of(bar) if action.data().startswith(FORWARDED)]
            assert far.text().endswith("\tInternet (ollama.com)")
            with answering("Cancel") as question:
                far.trigger()
            assert "ollama.com" in question.text
            assert question.detail == "When was it founded?"
            assert len(server.chats) == 2
            with answering("Send"):
                far.trigger()
            opened.wait_until(lambda: len(server.chats) == 3)
            assert server.chats[2].json["model"] == FORWARDED

    def test_no_words_go_where_the_list_that_comes_too_late_would_have_said_it(self, qapp, candor_home, monkeypatch):
        """Copied under a name of one's own, chosen the last time, and sent to before this start's list has come."""
        tags = json_reply({"models": [forwarded_entry("copied:latest")]})
        script: Script = dict(ollama_script(HELLO)) | {"GET /api/tags": [Reply([Hold()]), tags]}
        with running_server(script) as server:
            saved_choice(candor_home, server.url, "copied:latest")
            monkeypatch.setenv("OLLAMA_HOST", server.url)
            with open_program(qapp, candor_home) as opened:
                reply = opened.ask("My secret")
                assert reply.status is MessageStatus.FAILED
                assert opened.card.startswith("This model is on the internet\n")
                assert server.chats == []
                opened.wait_until(lambda: badge(opened) == "Internet (ollama.com)")
                with answering("Send"):
                    opened.click("Try again", opened.window.transcript)
                opened.wait_until(lambda: opened.path[-1].status is MessageStatus.COMPLETE)
                assert opened.path[-1].place == CLOUD


class TestLock:
    def test_a_forwarded_model_cannot_be_chosen_and_one_that_was_is_told_and_refused(self, open_over, candor_home):
        lock(candor_home)
        with open_over(SCRIPT) as (opened, server):
            ready(opened)
            assert not can_choose(opened, FORWARDED)
            assert can_choose(opened, MODEL)
            assert "Candor's offline lock is on" in menu_lines(opened)
            switch_lock(opened)
            assert can_choose(opened, FORWARDED)
            choose(opened, FORWARDED)
            switch_lock(opened)
            assert not can_choose(opened, FORWARDED)
            assert opened.says("offline")
            before = len(server.requests)
            with answering("Cancel") as question:
                reply = opened.ask("My secret")
            assert not question.was_asked
            assert (reply.status, reply.place) == (MessageStatus.FAILED, CLOUD)
            assert reply.failure is not None
            assert (reply.failure.reason, reply.failure.host) == ("offline", "ollama.com")
            assert {each.path for each in server.requests[before:]} <= {"/api/tags", "/"}
            assert FORWARDED not in shown_for(server.requests)


def saved_choice(home, address, model):
    """A connection and a model that the user chose the last time."""
    connection = {"kind": "ollama", "name": "Ollama", "address": address, "id": "ours"}
    choice = {"connection_id": "ours", "model": model}
    (home / "settings.json").write_text(json.dumps({"connections": [connection], "default_choice": choice}))
