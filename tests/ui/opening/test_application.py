"""What macOS hands over, as events to the application: files and links, before there is a window and after."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QFileOpenEvent

from desktop import backend_factory
from desktop.core.model import ModelChoice
from desktop.core.recipes.link import link_to
from desktop.runtime.models.connections import BUILT_IN_ID
from desktop.ui.opening.application import Application, HandedOver
from tests.prompts.test_recipe_folder import folder_at
from tests.support.gguf_file import gguf_bytes
from tests.support.in_process import open_program
from tests.ui.recipes.test_links import REPLY, box_of, form_is_shown


def system_opens(app, *given):
    """As Finder does: a file by its path, a link by its address. The copy is made by Qt, as the system's events are."""
    for each in given:
        assert QCoreApplication.sendEvent(app, QFileOpenEvent(each).clone())


@pytest.fixture
def handed_over(qapp):
    assert isinstance(qapp, Application)
    made = HandedOver(parent=qapp)
    qapp.handed_over.connect(made.hand_on)
    return made


@pytest.mark.parametrize(
    ("event", "text"),
    [
        ("/Users/li/模型 1.gguf", "/Users/li/模型 1.gguf"),
        ("/Users/li/100%25.candor.toml", "/Users/li/100%25.candor.toml"),
        (QUrl("file:///Users/li/%E6%A8%A1%E5%9E%8B%201.gguf"), "/Users/li/模型 1.gguf"),
        (QUrl("file://files/recipes/a.toml"), "file://files/recipes/a.toml"),
        (QUrl("candor:recipe/%E5%9B%9E%E5%A4%8D%20a%2Fb%3F"), "candor:recipe/%E5%9B%9E%E5%A4%8D%20a%2Fb%3F"),
        (QUrl("candor://recipe/回复"), "candor://recipe/%E5%9B%9E%E5%A4%8D"),
        (QUrl("candor:recipe/%zz"), "candor:recipe/%25zz"),  # as Qt mends it
    ],
)
def test_an_event_names_a_path_or_an_address(qapp, handed_over, event, text):
    taken: list[str] = []
    handed_over.hand_on_to(taken.append)
    system_opens(qapp, event)
    assert taken == [text]


def test_what_comes_before_the_window_waits_for_it_in_its_order(qapp, handed_over):
    taken: list[str] = []
    system_opens(qapp, "/b.gguf", "/a.toml", "/b.gguf")
    handed_over.hand_on_to(taken.append)
    system_opens(qapp, "/a.toml")
    assert taken == ["/b.gguf", "/a.toml", "/a.toml"]
    handed_over.pause()  # as while the window is made anew in another language
    system_opens(qapp, QUrl("candor:recipe/x"))
    assert len(taken) == 3
    handed_over.hand_on_to(taken.append)
    assert taken[3:] == ["candor:recipe/x"]


def test_what_the_command_line_says_is_not_opened_twice(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    taken: list[str] = []
    queue = HandedOver("a.gguf", ["--language", "zh_CN", "a.gguf"])
    for each in ("zh_CN", "a.gguf", str(tmp_path / "a.gguf"), "/b.gguf"):  # Cocoa takes any of its words for files
        queue.hand_on(each)
    queue.hand_on_to(taken.append)
    assert taken == [str(tmp_path / "a.gguf"), "/b.gguf"]
    queue.hand_on(str(tmp_path / "a.gguf"))  # somebody has opened it once more
    assert len(taken) == 3


@pytest.mark.window
def test_the_window_opens_what_is_handed_over_before_and_after_it_is_there(
    qapp,
    candor_home,
    tmp_path,
    monkeypatch,
    server,
    handed_over,
):
    monkeypatch.setenv("OLLAMA_HOST", server.url)
    monkeypatch.setenv("XDG_CACHE_HOME", str(candor_home / "empty"))
    folder_at(candor_home / "recipes").add_recipe(REPLY)
    monkeypatch.setattr(backend_factory, "engine_is_installed", lambda: True)
    model = tmp_path / "模型.gguf"
    model.write_bytes(gguf_bytes())
    system_opens(qapp, str(model), QUrl(link_to(REPLY.name)))
    with open_program(qapp, candor_home, handed_over=handed_over) as opened:
        opened.wait_until(lambda: form_is_shown(opened))
        built_in = ModelChoice(BUILT_IN_ID, str(model))
        opened.wait_until(lambda: opened.program.chat.current.settings.choice == built_in)
        assert form_is_shown(opened)  # though the model was ready after it, perhaps
        opened.window.showMinimized()
        notes = tmp_path / "notes.txt"
        notes.write_text("Call back.", encoding="utf-8")
        system_opens(qapp, str(notes))
        opened.wait_until(lambda: [each.name for each in opened.program.chat.attachments.items] == ["notes.txt"])
        assert not opened.window.isMinimized()
        system_opens(qapp, QUrl("candor:send/Hello"))
        assert "does not know" in box_of(opened).text()
        box_of(opened).reject()
        assert server.chats == []
    system_opens(qapp, "/too/late.gguf")  # nobody takes it, and nothing breaks
