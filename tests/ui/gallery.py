"""The window's parts in their states, for looking at: in both themes, languages, sizes and scales.

    python -m tests.ui.gallery [--scene NAME]                   opens them, one at a time
    python -m tests.ui.gallery FOLDER [--scene NAME] [--all]    photographs them

Needs a display (Xvfb will do for pictures). Without `--all` only the smaller matrix is taken: each theme in one
language. `dev.py gallery` calls it. Not a test: nothing is compared.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from difflib import get_close_matches
from itertools import product
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QPoint, Qt, QTimer
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QWidget

from desktop import __version__
from desktop.backends.presets import load_presets
from desktop.core.connection import Connection, ConnectionKind
from desktop.core.connections import CheckedModel, ConnectionCheck
from desktop.core.conversation import Conversation, ConversationSettings
from desktop.core.message import Failure, MessageStatus, QueuedText
from desktop.core.model import ModelChoice, ModelInfo
from desktop.core.models.facts import facts_of
from desktop.core.models.file import FileFault, OpenedFile
from desktop.core.models.place import with_own_names
from desktop.core.place import PlaceKind
from desktop.runtime.models.directory import Listing
from desktop.store.models import load_catalogue
from desktop.ui.chat.page import ChatPage
from desktop.ui.chat.sending import trouble_with
from desktop.ui.connections.first_run import FirstRun
from desktop.ui.connections.page import ConnectionPage
from desktop.ui.errors import describe
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.message_actions import Ask, PanelPreference
from desktop.ui.models.dialogs import unusable_model_box
from desktop.ui.sidebar.column import Sidebar
from desktop.ui.transcript.footer import MessageFooter
from desktop.ui.widgets.keys import step
from desktop.ui.window.about import AboutDialog
from desktop.ui.window.settings_dialog import SettingsDialog, SettingsGroup
from tests.ui.connection_scenes import connection_scenes, model_menu_scenes, policy_scenes, rented_scenes
from tests.ui.evidence_scenes import answer_scenes, compare_scenes, evidence_scenes
from tests.ui.evidence_scenes import sign_scenes as sign_scenes
from tests.ui.file_scenes import document_scenes, each_file_scenes, folder_scenes
from tests.ui.gallery_window import GalleryWindow
from tests.ui.languages import LANGUAGES, speaking
from tests.ui.page_scenes import fresh_comparison_scenes as fresh_comparison_scenes
from tests.ui.page_scenes import fresh_scenes, help_scenes, keeping_scenes, ledger_scenes
from tests.ui.prompt_scenes import guided_scenes, prompt_scenes, recipe_scenes
from tests.ui.reading_scenes import letter_scenes, search_scenes
from tests.ui.reading_scenes import thinking_scenes as thinking_scenes
from tests.ui.steps import Noted, paste
from tests.ui.transcript.page_bench import KnownPath, mine, reply

NOW = 1_790_000_000.0
SIZES = ((1000, 700), (760, 560), (1600, 1000))
OLLAMA = Connection(kind=ConnectionKind.OLLAMA, name="Ollama", address="http://127.0.0.1:11434", id="o")
COMPANY = Connection(
    kind=ConnectionKind.OPENAI_COMPAT, name="GPU server", address="http://gpu-server:8000/v1", id="g", has_key=True
)
CLOUD = Connection(
    kind=ConnectionKind.OPENAI_COMPAT, name="DeepSeek", address="https://api.deepseek.com/v1", preset="deepseek", id="d"
)
STARTER = ModelInfo("smollm2", label="SmolLM2 135M", parameters=135_000_000, size_on_disk=98_000_000)
QWEN = ModelInfo(
    "qwen3:4b", capabilities=frozenset({"completion", "thinking"}), parameters=4_000_000_000, size_on_disk=2_600_000_000
)
GROUPS = [
    Listing(OLLAMA, with_own_names([QWEN, ModelInfo("gemma3:12b", size_on_disk=8_100_000_000)])),
    Listing(COMPANY, failure=Failure("unreachable", host="gpu-server", reason="dns")),
    Listing(
        CLOUD, [ModelInfo("deepseek-chat"), ModelInfo("a-provider/with-a-very-long-name-of-a-model-instruct-2507-fp8")]
    ),
]
TITLES = (
    "Quarterly report, first draft",
    "供应商合同的要点",
    "A long title that says what the whole conversation with the supplier was about and more",
    "<img src=/etc/passwd> & co",
    "",
)


def conversations():
    ages = (0, 0, 1, 3, 5, 40, 90, 91, 92, 93, 94, 95)
    return [
        Conversation(
            title=TITLES[at % len(TITLES)],
            id=str(at),
            updated_at=NOW - age * 86_400 - at,
            pinned=at in (5, 8),
            settings=ConversationSettings(unread=at == 2),
        )
        for at, age in enumerate(ages)
    ]


def side(theme):
    """A sidebar with conversations in all states."""
    sidebar = Sidebar(theme, clock=lambda: NOW)
    sidebar.setFixedWidth(theme.px(260))
    sidebar.show_conversations(conversations())
    sidebar.select("1")
    sidebar.set_running({"0"})
    return sidebar


class _Window(QWidget):
    """Walks as the program's own window does."""

    def focusNextPrevChild(self, next):
        return step(self, forward=next)


def window(
    theme,
    width,
    place,
    *,
    has_sidebar=True,
    preference=PanelPreference.AUTO,
):
    """A sidebar, where there is room, and the page of a conversation."""
    whole = _Window()
    set_look(whole, "page")
    row = QHBoxLayout(whole)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(0)
    if width >= 800 and has_sidebar:
        row.addWidget(side(theme))
    page = ChatPage(theme, preference)
    page.reading.register(dict.fromkeys(Ask, lambda *_: None))  # all that is offered in the program
    page.header.set_sidebar_shown(width >= 800 and has_sidebar)
    page.header.set_title(TITLES[2])
    connection = {PlaceKind.THIS_COMPUTER: OLLAMA, PlaceKind.PRIVATE_NETWORK: COMPANY, PlaceKind.INTERNET: CLOUD}
    chosen = connection[place.kind]
    name = {"o": "qwen3:4b", "g": "llama-3.3-70b", "d": (GROUPS[2].models or [])[1].name}[chosen.id]
    page.header.show_models(GROUPS, ModelChoice(chosen.id, name))
    page.composer.send_button.set_place(place)
    row.addWidget(page, 1)
    return whole, page


def empty(theme, width):
    whole, page = window(theme, width, OLLAMA.server_place)
    catalogue = load_catalogue().catalogue
    page.empty.known_of = lambda model: facts_of(model, catalogue.find_row(model.title))
    page.empty.show_model(STARTER, OLLAMA.server_place)
    return whole


def writing(theme, width):
    whole, page = window(theme, width, CLOUD.server_place)
    page.empty.show_model(QWEN, CLOUD.server_place)
    page.composer.set_text("Please check this contract.\n\n请检查这份合同的付款条款。\nThird line")
    for text in ("x" * 5_000_000, "y" * 45_000):
        paste(page.composer, text)
    return whole


def running(theme, width):
    whole, page = window(theme, width, COMPANY.server_place)
    page.empty.show_model(None, COMPANY.server_place, "llama-3.3-70b")
    page.composer.set_running(True)
    for sidebar in whole.findChildren(Sidebar):
        sidebar.undo.announce("“Rent contract” was moved to the bin")
    return whole


def finding(theme, width):
    whole, page = window(theme, width, OLLAMA.server_place)
    messages = [
        mine("Is the contract for delivery valid?"),
        reply(
            "## The contract\n\nThe **con**tract is valid. 合同有效。\n\n| contract | price |\n|---|---:|\n| A | 9 |"
        ),
    ]
    page.transcript.show_path(KnownPath(messages))
    page.show_transcript(True)
    bar = page.find_bar
    bar.room_changed.connect(page.transcript.keep_free)
    bar.open("contract")
    bar.show_position(1234, 5678)
    page.transcript.search.set_marks("contract", with_reasoning=False)
    page.transcript.search.go_to(messages[1].id, in_reasoning=False, at=len("## The contract\n\n"), which=0)
    return whole


def chatting(theme, width):
    """Messages with their rows: as if pointed at, in several versions, the last one cut off."""
    whole, page = window(theme, width, OLLAMA.server_place)
    messages = [
        mine("Please check the payment terms of this contract."),
        reply("Payment is due **30 days** after the invoice.\n\n- Discount: 2 % within 10 days\n- Penalty: none"),
        mine("请把第二段翻译成英文。"),
        reply("The supplier shall deliver the goods no later than", status=MessageStatus.CUT_OFF),
    ]
    for at in (1, 3):
        messages[at] = replace(messages[at], model="qwen3:4b", place=OLLAMA.server_place)
    path = KnownPath(messages)
    path.entries[1] = replace(path.entries[1], version=2, versions=3)
    path.entries[2] = replace(path.entries[2], version=1, versions=2)
    page.show_transcript(True)
    page.transcript.show_path(path)
    page.composer.set_running(True)
    page.composer.queued.show_messages([QueuedText("And the payment terms?")])
    QTimer.singleShot(0, page, lambda: [each.set_pointed_at(True) for each in whole.findChildren(MessageFooter)])
    return whole


def trouble(theme, width):
    listings = [Listing(COMPANY, failure=Failure("auth_rejected", "invalid_api_key", "gpu-server", 401))]
    whole, page = window(theme, width, COMPANY.server_place)
    page.empty.show_model(None, COMPANY.server_place, "llama-3.3-70b")
    page.empty.show_trouble(trouble_with(listings, ModelChoice("g", "llama-3.3-70b")))
    page.composer.send_button.set_place(None)
    page.composer.set_text("Please check this contract.")
    return whole


def first_run(state):
    def make(theme, width):
        page = FirstRun(theme)
        page.offer_address("http://gpu-server:11434")
        page.show_state(state)
        return page

    return make


def connection_list(theme, width):
    page = ConnectionPage(theme, list(load_presets().values()))
    page.show_files(
        [OpenedFile("/media/usb/DeepSeek-R1-Distill-Qwen-7B-Q4_K_M.gguf", False), OpenedFile("/home/li/a.gguf")]
    )
    page.show_connections([OLLAMA, COMPANY, CLOUD], {"g", "d"})
    page._rows[1]._ask()
    return page


def connection_letters(theme, width):
    page = ConnectionPage(theme, list(load_presets().values()))
    page.form.fields.begin_with("address", "https://api、example.com/v1")
    return page


def connection_failed(theme, width):
    page = ConnectionPage(theme, list(load_presets().values()))
    page.edit(COMPANY)
    page.form.show_testing()
    detail = '{"error": {"message": "<b>Incorrect</b> API key provided"}}'
    failure = Failure("auth_rejected", detail, "gpu-server", 401)
    page.form.show_test_result(None, failure)
    page.form.show_check(ConnectionCheck(connection=COMPANY, has_key=True, failure=failure))
    return page


def connection_works(theme, width):
    page = ConnectionPage(theme, list(load_presets().values()))
    page.edit(COMPANY)
    page.form.show_testing()
    models = [QWEN, *(ModelInfo(f"model-{n}") for n in range(11))]
    page.form.show_test_result(models, None)
    checked = CheckedModel(model=replace(QWEN, served_context=32_768))
    page.form.show_check(ConnectionCheck(connection=COMPANY, has_key=True, models=models, checked=checked))
    return page


def about(theme, width):
    QCoreApplication.setApplicationVersion(__version__)
    return AboutDialog(theme)


def settings(group):
    def make(theme, width):
        dialog = SettingsDialog(theme, Noted(), is_answering=group is SettingsGroup.LOOK)
        dialog.show_group(group)
        return dialog

    return make


def unusable_model(reason):
    error = Failure("engine_failed", reason=reason)
    return lambda theme, width: unusable_model_box("/home/li/DeepSeek-R1-Distill-Qwen-7B-Q4_K_M.gguf", describe(error))


SCENES: dict[str, Callable[[Theme, int], QWidget]] = {
    "empty": empty,
    "writing": writing,
    "running": running,
    "chatting": chatting,
    "finding": finding,
    "trouble": trouble,
    "first_run_nothing": first_run("nothing"),
    "about": about,
    "settings": settings(SettingsGroup.LOOK),
    "settings_privacy": settings(SettingsGroup.PRIVACY),
    "settings_conversations": settings(SettingsGroup.CONVERSATIONS),
    "settings_writing": settings(SettingsGroup.WRITING),
    "unusable_model": unusable_model(FileFault.NOT_GGUF),
    "connections": connection_list,
    "connection_letters": connection_letters,
    "connection_failed": connection_failed,
    "connection_works": connection_works,
    **model_menu_scenes(lambda theme, width: window(theme, width, OLLAMA.server_place)),
    **evidence_scenes(lambda theme, width: window(theme, width, OLLAMA.server_place)),
    **document_scenes(lambda theme, width: window(theme, width, OLLAMA.server_place)),
    **folder_scenes(lambda theme, width: window(theme, width, OLLAMA.server_place)),
    **guided_scenes(lambda theme, width: window(theme, width, OLLAMA.server_place, has_sidebar=False)),
    **rented_scenes(),
    **policy_scenes(),
    **connection_scenes(),
    **search_scenes(lambda theme, width: window(theme, width, OLLAMA.server_place)),
    **keeping_scenes(lambda theme, width: window(theme, width, OLLAMA.server_place)),
    **help_scenes(lambda theme, width: window(theme, width, OLLAMA.server_place)),
    **ledger_scenes(lambda theme, width: window(theme, width, OLLAMA.server_place)),
    **recipe_scenes(lambda theme, width: window(theme, width, OLLAMA.server_place)),
    **letter_scenes(lambda theme, width: window(theme, width, OLLAMA.server_place), NOW),
    **fresh_scenes(window, OLLAMA.server_place, CLOUD.server_place),
    **fresh_comparison_scenes(),
    **compare_scenes(side),
    **each_file_scenes(side),
    **prompt_scenes(window, OLLAMA.server_place),
    **answer_scenes(lambda theme, width: window(theme, width, OLLAMA.server_place)),
    **sign_scenes(lambda theme, width: window(theme, width, OLLAMA.server_place)),
    **thinking_scenes(lambda theme, how: window(theme, 0, OLLAMA.server_place, has_sidebar=False, preference=how)),
}


def photograph(app, folder, names, matrix, scale):
    """Take one picture of each scene in each theme, language and size."""
    for mode, language in matrix:
        theme = Theme("dark" if mode == "dark" else "light")
        theme.apply_to(app)
        with speaking(app, language):
            for name, (width, height) in product(names, SIZES):
                scene = SCENES[name](theme, width)
                if isinstance(scene, QMenu):
                    scene.popup(QPoint(20, 20))
                else:
                    scene.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
                    scene.resize(width, height)
                    scene.show()
                for _ in range(4):
                    app.processEvents()
                scene.grab().save(str(folder / f"{name}_{mode}_{language}_{width}_x{scale}.png"))
                scene.close()
        theme.deleteLater()


def show(names):
    """Open the scenes, to be looked at and tried; the exit status."""
    app = QApplication(sys.argv[:1])
    window = GalleryWindow(app, SCENES, names, SIZES)
    window.show()
    window.open_scene()
    return app.exec()


def unknown(name):
    """Return the sentence on a scene that there is not."""
    near = get_close_matches(name, SCENES) or [scene for scene in SCENES if name in scene]
    likely = f" Did you mean {', '.join(near)}?" if near else ""
    return f"The gallery has no scene {name}.{likely} All are named by: python3 packaging/dev.py gallery --list"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="for pictures; without it the scenes are opened")
    parser.add_argument("--scene", action="append", default=[], help="one of those that --list names (default: all)")
    parser.add_argument("--list", action="store_true", help="name the scenes, and open none")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--scale")
    options = parser.parse_args()
    if options.list:
        sys.stdout.write("\n".join([*SCENES, ""]))
        return
    for name in options.scene:
        if name not in SCENES:
            parser.exit(2, f"{unknown(name)}\n")
    names = options.scene or list(SCENES)
    if options.folder is None:
        sys.exit(show(names))
    options.folder.mkdir(parents=True, exist_ok=True)
    if options.scale is None:
        for scale in ("1", "2") if options.all else ("1",):
            environment = {**os.environ, "QT_SCALE_FACTOR": scale}
            subprocess.run([sys.executable, "-m", "tests.ui.gallery", *sys.argv[1:], "--scale", scale], env=environment)
        return
    app = QApplication(sys.argv[:1])
    matrix = product(("light", "dark"), LANGUAGES) if options.all else zip(("light", "dark"), LANGUAGES, strict=False)
    photograph(app, options.folder, names, iter(matrix), options.scale)


if __name__ == "__main__":
    main()
