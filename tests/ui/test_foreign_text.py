"""Text of models, servers and files in labels, tips, menus and questions: words, never HTML that reads a file.

A red picture is named everywhere; no window may show a point of it.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QTimer
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from desktop.core.connection import Connection, ConnectionKind
from desktop.core.conversation import Conversation
from desktop.core.message import Failure
from desktop.core.model import ModelChoice, ModelInfo
from desktop.core.place import Place, PlaceKind
from desktop.runtime.models.directory import Listing
from desktop.ui.chat.header import Header
from desktop.ui.chat.sending import ConsentDialog
from desktop.ui.errors import describe
from desktop.ui.models.menu import ModelMenu
from desktop.ui.sidebar.column import Sidebar
from desktop.ui.widgets.quiet_line import ErrorCard, NoticeBar
from desktop.ui.words import plain_tooltip
from tests.ui.steps import answering, lines_of

RED = QColor(255, 0, 0)
SOURCES = sorted(Path("desktop").rglob("*.py"))
assert SOURCES, "run from the project's folder"


@pytest.fixture
def attack(tmp_path):
    """HTML with a red picture, as Qt would show it where it is let."""
    picture = QImage(60, 60, QImage.Format.Format_RGB32)
    picture.fill(RED)
    file = tmp_path / "red.png"
    assert picture.save(str(file))
    return f'<img src="{file}"><b>bold</b><table background="{file}"><tr><td>cell</td></tr></table>'


def header(theme, attack):
    made = Header(theme)
    made.set_title(attack)
    made.show_models(listings(attack), ModelChoice("o", attack))
    return made


def sidebar(theme, attack):
    made = Sidebar(theme)
    made.show_conversations([Conversation(title=attack, id="1"), Conversation(title=f"a\n{attack}", id="2")])
    made.undo.announce(attack)
    return made


def model_menu(theme, attack):
    made = ModelMenu(theme)
    made.show_models(listings(attack), ModelChoice("o", attack))
    made.open_below(QWidget(made))
    return made


def error_card(theme, attack):
    made = ErrorCard()
    made.show_error(describe(Failure("rejected", attack, attack, 400)))
    return made


def notice_bar(theme, attack):
    made = NoticeBar(theme)
    made.show_text(attack)
    return made


def listings(attack):
    connection = Connection(kind=ConnectionKind.OLLAMA, name=attack, address="http://127.0.0.1:11434", id="o")
    return [
        Listing(connection, [ModelInfo(attack, label=attack), ModelInfo(f"b{attack}")]),
        Listing(connection, failure=Failure("unreachable", attack, attack)),
    ]


@pytest.mark.parametrize("make", [header, sidebar, model_menu, error_card, notice_bar])
def test_it_is_shown_as_words(qtbot, theme, attack, make):
    widget = make(theme, attack)
    qtbot.addWidget(widget)
    if not isinstance(widget, ModelMenu):
        widget.resize(700, 400)
        widget.show()
    qtbot.waitUntil(widget.isVisible)
    assert not has_red(widget)
    for part in [widget, *widget.findChildren(QWidget)]:
        tip = part.toolTip()
        assert "<img" not in tip.removeprefix("<span>")
    widget.hide()


def test_the_check_sees_what_it_looks_for(qtbot, theme, attack):
    from PySide6.QtWidgets import QLabel

    label = QLabel(attack)
    qtbot.addWidget(label)
    label.show()
    assert has_red(label)


def test_a_tip_is_words(qtbot, theme, attack):
    holder = QWidget()
    qtbot.addWidget(holder)
    holder.show()
    QToolTip.showText(holder.mapToGlobal(QPoint(5, 5)), plain_tooltip(attack), holder)
    (tip,) = [each for each in QApplication.topLevelWidgets() if each.inherits("QTipLabel") and each.isVisible()]
    assert not has_red(tip)
    QToolTip.hideText()


def test_the_question_before_sending_shows_words(qtbot, theme, attack):
    parent = QWidget()
    qtbot.addWidget(parent)
    seen: list[bool] = []

    def look():
        box = QApplication.activeModalWidget()
        if isinstance(box, ConsentDialog) and box.isVisible():
            seen.append(has_red(box))

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(0)
    with answering("Cancel") as question:
        dialog = ConsentDialog(parent, Place(PlaceKind.INTERNET, "аpi.deepseek.com"), earlier=0, is_new_host=True)
        dialog.show_detail(attack)
        dialog.exec()
    timer.stop()
    assert attack in question.detail
    assert "xn--pi-6kc.deepseek.com" in question.text
    assert seen
    assert not any(seen)


def test_what_hides_in_names_and_titles_is_shown(qtbot, theme):
    head = Header(theme)
    qtbot.addWidget(head)
    head.set_title("invoice\u202efdp.exe")
    assert head.title.text() == "invoice‹U+202E›fdp.exe"
    head.show_models(listings("qwen\u200b3"), None)
    head.open_models()
    assert any("qwen‹U+200B›3" in line for line in lines_of(head.menu))
    head.menu.hide()


@cache
def calls_in(file):
    """Every call in a file, by the name of the function or method."""
    found: dict[str, list[ast.Call]] = {}
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
            found.setdefault(name, []).append(node)
    return found


def calls(name):
    """Every call of a function or a method of this name in the program."""
    named = [file for file in SOURCES if name in file.read_text(encoding="utf-8")]
    return [(file, node) for file in named for node in calls_in(file).get(name, [])]


def test_links_open_in_one_place():
    places = {(file.as_posix(), ast.unparse(node.args[0]).partition("(")[0]) for file, node in calls("openUrl")}
    assert places == {
        ("desktop/ui/widgets/boxes.py", "QUrl"),
        ("desktop/app.py", "QUrl.fromLocalFile"),
        ("desktop/start.py", "QUrl.fromLocalFile"),  # the folder of an earlier state
        ("desktop/ui/exporting/presenter.py", "QUrl.fromLocalFile"),  # what was just written
        ("desktop/ui/widgets/boxes.py", "QUrl.fromLocalFile"),  # its folder
    }
    for words in ("os.system(", "os.startfile(", "os.popen("):
        assert not any(words in file.read_text(encoding="utf-8") for file in SOURCES)
    assert not any("webbrowser" in file.read_text(encoding="utf-8") for file in SOURCES)


# HTML that the program has written itself, of a text whose every sign is escaped.
OWN_HTML = {
    ("setHtml", "desktop/rendering/printed.py"),  # a document that loads no resource, for paper
    ("setHtml", "desktop/ui/text/content.py"),  # handed to other programs, read by none of ours
}


@pytest.mark.parametrize("name", ["QTextEdit", "QTextBrowser", "setHtml", "setMarkdown", "fromHtml", "insertHtml"])
def test_nothing_reads_html_or_resources(name):
    assert [file.as_posix() for file, _ in calls(name) if (name, file.as_posix()) not in OWN_HTML] == []


def test_questions_show_plain_text():
    made = [file for file, _ in calls("QMessageBox")]
    plain = [file for file, node in calls("setTextFormat") if ast.unparse(node.args[0]).endswith("PlainText")]
    assert set(made) <= set(plain)


def has_red(widget):
    """Whether a point of the picture is seen; the program's own colours hold no such red."""
    image = widget.grab().toImage()
    return any(image.pixelColor(x, y) == RED for y in range(0, image.height(), 4) for x in range(0, image.width(), 4))
