"""Where in the window something can be typed, and how a user gets there."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QInputMethodEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QPushButton, QWidget

from desktop.core.prompts.prompt import PromptDraft
from desktop.core.recipes.recipe import Blank, BlankKind, recipe_of
from desktop.ui.connections.form import CUSTOM, OLLAMA, RENTED
from desktop.ui.connections.page import ConnectionPage
from desktop.ui.documents.preview_page import PreviewPage
from desktop.ui.guided.sheet import GuidedSheet
from desktop.ui.inputs.long_text import PromptText
from desktop.ui.prompts.panel import PromptPanel
from desktop.ui.prompts.part import Section
from desktop.ui.sidebar.list import ConversationListView, ConversationModel, ask_for_group
from desktop.ui.widgets.buttons import FoldButton
from tests.prompts.test_recipes import folder_at
from tests.support.in_process import OpenProgram
from tests.ui.steps import chips, drop, files_as_data
from tests.ui.test_recipes import choose, list_of, page_of

_Part = TypeVar("_Part", bound=QWidget)
_SETTLED_MS = 500
_RECIPE = recipe_of(
    "Reply",
    PromptDraft(framework="main", texts={"task": "Answer {{mail}} for {{whom}}."}),
    (Blank(name="mail", kind=BlankKind.LONG_TEXT), Blank(name="whom", label="Who it goes to")),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place with fields, and the way there. `passes_on`: the widget with the keyboard passes words on to a field."""

    name: str
    open: Callable[[OpenProgram], object]
    passes_on: Callable[[OpenProgram], tuple[QWidget, TextField]] | None = None


def try_all(opened, window_name, wanted=""):
    """Compose in every field that takes text; those of places whose names hold `wanted`."""
    for place in PLACES:
        if wanted in place.name:
            yield from _try_place(opened, place, window_name)


def _try_place(opened, place, window_name):
    _open(opened, place)
    if place.passes_on is not None:
        holder, field = place.passes_on(opened)
        holder.setFocus(Qt.FocusReason.OtherFocusReason)
        yield _try_one(opened, place.name, field, window_name)
    else:
        # Each field anew: what one has found, begun or sent may be another page.
        for at in range(len(_fields(opened, place))):
            if at:
                _open(opened, place)
            field = _fields(opened, place)[at]
            _empty(field)
            field.setFocus(Qt.FocusReason.OtherFocusReason)
            yield _try_one(opened, f"{place.name}: {field.accessibleName() or at}", field, window_name)
    _leave(opened)


def _try_one(opened, name, field, window_name):
    QTest.qWait(_SETTLED_MS)
    return try_field(name, field, window_name, lambda: len(opened.path))


def _open(opened, place):
    _leave(opened)
    opened.window.show_chat()
    opened.box.setFocus(Qt.FocusReason.OtherFocusReason)
    place.open(opened)
    QTest.qWait(_SETTLED_MS)


def _leave(opened):
    """Close what lies over the window, and go back to an empty box in the conversation."""
    for _ in range(3):
        over = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if over is not None:
            over.close()
    if sheet := opened.window.findChild(GuidedSheet):
        sheet.closed.emit()
    for _ in range(3):
        QTest.keyClick(QApplication.focusWidget() or opened.window, Qt.Key.Key_Escape)
    opened.box.clear()
    panel = opened.window.findChild(PromptPanel)
    if panel is not None and panel.isVisible():
        opened.press("Ctrl+B")
    QTest.qWait(_SETTLED_MS)


def _fields(opened, place):
    """Return what can be typed in, but for secrets and numbers."""
    root = QApplication.activePopupWidget() or QApplication.activeModalWidget() or opened.window
    found: list[TextField] = [*root.findChildren(QLineEdit), *root.findChildren(QPlainTextEdit)]
    fields = [each for each in found if _takes_text(each) and (each is opened.box) == (place.name == "message")]
    return sorted(fields, key=lambda each: each.mapToGlobal(QPoint(0, 0)).y())


def _takes_text(field):
    is_there = field.isVisible() and field.isEnabled() and not field.isReadOnly()
    is_plain = not isinstance(field, QLineEdit) or (
        field.echoMode() is QLineEdit.EchoMode.Normal and field.validator() is None and not field.inputMask()
    )
    return is_there and is_plain and field.focusPolicy() is not Qt.FocusPolicy.NoFocus


def _empty(field):
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)


def _part(opened, kind):
    opened.wait_until(lambda: [each for each in opened.window.findChildren(kind) if each.isVisible()])
    return next(each for each in opened.window.findChildren(kind) if each.isVisible())


def _keys(keys):
    return lambda opened: QTest.keySequence(opened.box, QKeySequence(keys))


def _rename_row(opened):
    rows = _part(opened, ConversationListView)
    model = rows.model()
    assert isinstance(model, ConversationModel)
    rows.setFocus()
    rows.setCurrentIndex(model.index_of(opened.program.chat.current.id))
    opened.window.sidebar.rename_row()


def _unfold(opened):
    """Open the builder with all that it has to write in."""
    opened.press("Ctrl+Shift+B")
    panel = _part(opened, PromptPanel)
    QTest.qWait(_SETTLED_MS)
    for fold in panel.findChildren(FoldButton):
        is_part = isinstance(fold.parentWidget(), Section)
        if is_part and not any(each.isVisible() for each in fold.parentWidget().findChildren(PromptText)):
            fold.click()
    for button in panel.findChildren(QPushButton):
        if button.isVisible() and button.accessibleName() == "Add material to “Task”":
            button.click()


def _fill_in(opened):
    list_of(opened, _RECIPE.name)[_RECIPE.name].use.click()
    opened.wait_until(lambda: page_of(opened).form is not None)


def _edit_recipe(opened):
    choose(list_of(opened, _RECIPE.name)[_RECIPE.name], "Edit…")
    opened.wait_until(lambda: page_of(opened).editor is not None)


def _connect(kind):
    def open_form(opened):
        opened.press("Ctrl+Shift+O")
        form = _part(opened, ConnectionPage)
        opened.click("Add a connection")
        provider = next(each for each in form.findChildren(QComboBox) if each.accessibleName() == "Provider")
        _choose(provider, kind)
        if kind == CUSTOM:  # on the internet, so that there is a way to be set
            address = next(each for each in form.findChildren(QLineEdit) if each.accessibleName() == "Address")
            address.setText("https://server.example.com/v1")
            _part(opened, FoldButton).click()
        for box in form.findChildren(QComboBox):
            if box.isVisible() and box.accessibleName() == "Proxy":
                box.setCurrentIndex(box.count() - 1)
                box.activated.emit(box.currentIndex())

    return open_form


def _choose(box, data):
    box.setCurrentIndex(box.findData(data))
    box.activated.emit(box.currentIndex())


def _guide(opened):
    opened.press("Ctrl+N")
    opened.write("answer the customer's complaint")
    opened.wait_until(lambda: opened.window.composer.task.isVisible())
    QTest.keyClick(opened.box, Qt.Key.Key_Tab)
    _part(opened, GuidedSheet)


def _guide_on(opened):
    """Open guided mode, and go on to its first question with answers."""
    _guide(opened)
    sheet = _part(opened, GuidedSheet)
    sheet.material.text.box.insertPlainText("Six chairs wobble.")
    QTest.keySequence(sheet.material.text.box, QKeySequence("Ctrl+Return"))
    opened.wait_until(sheet.answers.isVisible)


def _answers(opened):
    answers = _part(opened, GuidedSheet).answers
    return answers.rows[0], answers.own


def _preview(opened):
    notes = Path(opened.folder) / "notes.txt"
    notes.write_text("the price of 4,150\n" * 40, encoding="utf-8")
    if not chips(opened):
        drop(opened.window, files_as_data(notes))
    opened.wait_until(lambda: [each for each in chips(opened) if each.accessibleName().endswith("fits")])
    chips(opened)[0].click()
    part = _part(opened, PreviewPage)
    assert isinstance(part, PreviewPage)
    part.focus_find()


def _menu(opened):
    opened.window.header.open_models()
    QTest.qWait(_SETTLED_MS)
    QTest.keyClick(QApplication.activePopupWidget().focusWidget(), Qt.Key.Key_S)  # which begins to search


def _models(opened):
    menu = opened.window.header.menu
    return menu.list, menu.search


def add_recipe(home):
    """Give the program a recipe with blanks, before it starts."""
    folder_at(home / "recipes").add_recipe(_RECIPE)


PLACES = (
    Place("message", _keys("Ctrl+L")),
    Place("page of messages", lambda _: None, lambda opened: (opened.window.transcript, opened.box)),
    Place("prompt builder", _unfold),
    Place("find in this conversation", _keys("Ctrl+F")),
    Place("find anything", _keys("Ctrl+K")),
    Place("title", _keys("F2")),
    Place("row of the list", _rename_row),
    Place("new group", lambda opened: ask_for_group(opened.window, lambda _: None)),
    Place("recipes", _keys("Ctrl+Shift+R")),
    Place("form of a recipe", _fill_in),
    Place("editor of a recipe", _edit_recipe),
    Place("start fresh", _keys("Ctrl+Shift+N")),
    Place("connection to Ollama", _connect(OLLAMA)),
    Place("connection to another server", _connect(CUSTOM)),
    Place("connection to a rented computer", _connect(RENTED)),
    Place("instructions", lambda opened: opened.window.header.place.instructions_requested.emit()),
    Place("help", _keys("F1")),
    Place("which model", lambda opened: opened.window.sidebar.models_requested.emit()),
    Place("where did my words go", lambda opened: opened.window.sidebar.ledger_pressed.emit()),
    Place("menu of models", _menu),
    Place("list of models in the menu", lambda opened: opened.window.header.open_models(), _models),
    Place("guided mode, material", _guide),
    Place("guided mode, on an answer", _guide_on, _answers),
    Place("guided mode, a question", _guide_on),
    Place("preview of a file", _preview),
)


_PAUSE_MS = 150
_WORD, _MORE = "世界", "我们"  # as both methods propose them first

TextField = QPlainTextEdit | QLineEdit


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of composing in one field; each is what a user expects."""

    field: str
    is_composed: bool  # the letters were taken up by the method, not by the field
    hint_is_hidden: bool
    candidates_are_free: bool  # over our window, and not over the line that is written
    enter_only_commits: bool
    words_arrive: bool
    undo_takes_a_word: bool
    escape_only_gives_up: bool

    @property
    def is_right(self):
        return all(getattr(self, name) for name in self.__slots__ if name != "field")


class Composing(QObject):
    """A watch on what an input method composes in a widget."""

    def __init__(self, widget):
        super().__init__(widget)
        self.preedit = ""
        widget.installEventFilter(self)

    def eventFilter(self, watched, event):
        if isinstance(event, QInputMethodEvent):
            self.preedit = event.preeditString()
        return False


def press(*keys):
    """Press keys as on a keyboard, so that they come by way of the display and the input method."""
    for key in keys:
        subprocess.run(["xdotool", "key", key], check=True)
        QTest.qWait(_PAUSE_MS)


def candidates(name):
    """Return where the method's windows stand that can be seen and hold something."""
    found = []
    tree = subprocess.run(["xwininfo", "-root", "-tree"], capture_output=True, text=True, check=True).stdout
    for line in tree.splitlines():
        if f'"{name}' not in line:
            continue
        number = line.split()[0]
        about = subprocess.run(["xwininfo", "-id", number], capture_output=True, text=True, check=True).stdout
        values = dict(part.strip().split(": ", 1) for part in about.splitlines() if ": " in part)
        place = [int(values[each]) for each in ("Absolute upper-left X", "Absolute upper-left Y", "Width", "Height")]
        if values["Map State"] == "IsViewable" and place[2] > 100:
            found.append(QRect(*place))
    return found


def text_of(field):
    """Return what stands in a field."""
    return field.toPlainText() if isinstance(field, QPlainTextEdit) else field.text()


def try_field(name, field, window_name, sent):
    """Compose in an empty field, or where something else has the keyboard and passes words on to it.

    `sent`: how many messages there are.
    """
    composing, before = Composing(field), sent()
    press(*"nihao")
    is_composed = bool(composing.preedit) and not text_of(field)
    is_hidden = isinstance(field, QLineEdit) or not field.placeholderText()
    caret: QRect | QRectF = field.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle)
    line = QRectF(caret).toRect().adjusted(0, 2, 0, -2).translated(field.mapToGlobal(QPoint(0, 0)))
    shown = candidates(window_name)
    press("Return")
    is_held = sent() == before and text_of(field) == "nihao" and field.isVisible()
    press(*"shijie", "space", *"women", "space")
    arrived = text_of(field) == f"nihao{_WORD}{_MORE}"
    press("ctrl+z")
    undone = text_of(field) == f"nihao{_WORD}"
    press(*"ni", "Escape")
    is_kept = field.isVisible() and field.hasFocus() and text_of(field) == f"nihao{_WORD}"
    press("ctrl+a", "Delete")
    return Tried(
        field=name,
        is_composed=is_composed,
        hint_is_hidden=is_hidden,
        candidates_are_free=bool(shown) and not any(each.intersects(line) for each in shown),
        enter_only_commits=is_held,
        words_arrive=arrived,
        undo_takes_a_word=undone,
        escape_only_gives_up=is_kept,
    )
