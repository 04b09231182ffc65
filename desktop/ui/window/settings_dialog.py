"""The settings of the whole program, in four groups: look, privacy, conversations, help while writing.

What is chosen holds at once. What belongs to a conversation is set there.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QLocale, QSignalBlocker, QSize, Qt, SignalInstance
from PySide6.QtWidgets import (
    QFrame,
    QMenu,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QWidget,
)

from desktop.core.message import SignKind, kinds_off
from desktop.core.policy.fixed import Policy
from desktop.core.resources import resource_path
from desktop.core.text import size as text_size
from desktop.runtime.services import SettingsKeeper
from desktop.ui.look.stylesheet import GAP, GAP_SECTION
from desktop.ui.look.theme import Theme
from desktop.ui.policy import FixedNote
from desktop.ui.widgets.boxes import Dialog
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.form import ChoiceControl, Field, Form, choice, switch
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import FlowLayout, stack
from desktop.ui.words import fill, number

_TEXT_SCALES = (text_size.SMALLEST, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, text_size.LARGEST)
_BIN_DAYS = (7, 30, 90)
_SIZE = QSize(560, 505)
_TAB = Qt.FocusPolicy.TabFocus


class SettingsGroup(IntEnum):
    """Group of settings, in the order of their buttons."""

    LOOK = 0
    PRIVACY = 1
    CONVERSATIONS = 2
    WRITING = 3


def _languages() -> list[tuple[str, str]]:
    """Return the languages that have a file, each in its own words, so that those find it who read no other."""
    codes = (file.stem.removeprefix("candor_") for file in resource_path("i18n").glob("candor_*.qm"))
    return [("en", "English"), *((code, QLocale(code).nativeLanguageName()) for code in sorted(codes) if code != "en")]


class SettingsDialog(Dialog):
    """A dialog of settings. `is_answering`: a reply runs, which a change of the language would end.

    `spoken` is the window's language, as the program was started in. Dialogs that it leads to stand above it.
    """

    def __init__(
        self,
        theme: Theme,
        preferences: SettingsKeeper,
        *,
        spoken: str = "",
        is_answering: bool = False,
        policy: Policy | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._preferences = preferences
        self._policy = policy or Policy()
        self.setWindowTitle(self.tr("Settings"))
        self._buttons: list[QPushButton] = []
        self._groups = QStackedWidget()
        self._pages: list[QScrollArea] = []
        head = FlowLayout()
        for group, words, parts in (
            (SettingsGroup.LOOK, self.tr("Look"), self._make_look(spoken)),
            (SettingsGroup.PRIVACY, self.tr("Privacy"), self._make_privacy()),
            (SettingsGroup.CONVERSATIONS, self.tr("Conversations"), self._make_conversations()),
            (SettingsGroup.WRITING, self.tr("Help while writing"), self._make_writing()),
        ):
            head.addWidget(self._add_group(group, words, parts))
        close = button(self.tr("Close"), do=self.reject)
        self.column.addWidget(PlainLabel(self.tr("Settings"), "title"))
        self.column.addLayout(head)
        self.column.addWidget(self._groups, 1)
        self.add_foot((), (close,), default=close)
        self.set_answering(is_answering)
        self.show_group(SettingsGroup.LOOK)
        # Queued: the boxes have the new size only when they have been told of it, too.
        theme.changed.connect(self._fit, Qt.ConnectionType.QueuedConnection)
        self._fit()

    def show_group(self, group: SettingsGroup) -> None:
        """Show one of the groups, with the keyboard at its first setting."""
        self._choose(group)
        controls = (each for each in self._pages[group].findChildren(QWidget) if each.focusPolicy() & _TAB)
        next(each for each in controls if each.isEnabled() and each.isVisibleTo(self._pages[group])).setFocus(
            Qt.FocusReason.TabFocusReason
        )

    def _choose(self, group: SettingsGroup) -> None:
        for at, each in enumerate(self._buttons):
            with QSignalBlocker(each):
                each.setChecked(at == group)
        self._groups.setCurrentIndex(group)

    def set_answering(self, is_answering: bool) -> None:
        """Set if a reply runs, which a change of the language would end."""
        self.language.setEnabled(not is_answering)
        self._waits.setVisible(is_answering)

    def _fit(self) -> None:
        self.fit(QSize(self._theme.px(_SIZE.width()), self._theme.px(_SIZE.height())))

    # The groups

    def _make_look(self, spoken: str) -> list[QWidget]:
        now, system = self._preferences.now, self.tr("As the system")
        languages = [(system, ""), *((name, code) for code, name in _languages())]
        is_spoken_once = spoken not in ("", now.language)  # as the program was told at its start
        named = spoken if spoken in {code for _, code in languages} else QLocale(spoken).name()
        themes = [(system, "system"), (self.tr("Light"), "light"), (self.tr("Dark"), "dark")]
        nearest = min(_TEXT_SCALES, key=lambda scale: abs(scale - self._theme.text_scale))
        sizes = [(fill(self.tr("%1 %"), number(round(100 * scale))), scale) for scale in _TEXT_SCALES]
        self.look = self._form(
            Field("language", self.tr("Language"), choice, named if is_spoken_once else now.language, languages),
            Field("theme", self.tr("Colours"), choice, now.theme, themes),
            Field("text_scale", self.tr("Text size"), choice, nearest, sizes),
            Field("names_models", self.tr("Name model and place at an answer"), switch, now.names_models),
            names_models=self.tr("Only where they differ from those of the answer before."),
            language=self.tr("For this start alone, as it was asked for. Choose one to keep it.") * is_spoken_once,
        )
        self.language = self.look.fields["language"].control
        waits = self.tr("The language can be changed when the answer has ended.")
        self._waits = PlainLabel(waits, "small", wraps=True)
        self.look.fields["language"].put_below(self._waits)
        return [self.look]

    def _make_privacy(self) -> list[QWidget]:
        lock = self.tr("Offline lock: only this computer")
        form = self._form(
            Field("offline_lock", lock, switch, self._preferences.now.offline_lock),
            offline_lock=self.tr("Requests to servers elsewhere then end at once, with a sentence that says why."),
        )
        self.offline = form.fields["offline_lock"].control
        if self._policy.offline_lock is not None:
            self.offline.setEnabled(False)
            form.fields["offline_lock"].put_below(FixedNote(self._theme, self._policy))
        self.ledger = button(self.tr("Where did my words go…"), do=self.reject)
        self.ledger_requested: SignalInstance = self.ledger.clicked
        self.fixed = button(self.tr("What is fixed…"))
        self.policy_requested: SignalInstance = self.fixed.clicked
        row = _row(self.ledger, self.fixed)
        self.fixed.setVisible(self._policy.is_there)  # in its place by now: before, it would open a window
        return [form, row]

    def _make_conversations(self) -> list[QWidget]:
        now, never = self._preferences.now, (self.tr("Until I delete them for good"), 0)
        days = [*((fill(self.tr("For %1 days"), number(each)), each) for each in _BIN_DAYS), never]
        titles = self.tr("Let models on this computer write titles")
        form = self._form(
            Field("bin_days", self.tr("Keep deleted conversations"), choice, now.bin_days, days),
            Field("names_conversations", titles, switch, now.names_conversations),
            names_conversations=self.tr(
                "After its first answer, by the model that gave it. Not on battery. Titles that you write stay."
            ),
        )
        self.backups = button(self.tr("Backups…"))
        self.backups_requested: SignalInstance = self.backups.clicked
        self.imports = button(self.tr("Import…"))
        sources = QMenu(self.imports)
        self.import_file = sources.addAction(self.tr("From a file…"), self.reject)
        self.import_folder = sources.addAction(self.tr("From a folder…"), self.reject)
        self.imports.setMenu(sources)
        programs = self.tr(
            "Import… reads what ChatGPT, Claude, Open WebUI, Jan, LM Studio, Cherry Studio or Candor has exported."
        )
        return [form, _row(self.backups, self.imports), PlainLabel(programs, "small", wraps=True)]

    def _make_writing(self) -> list[QWidget]:
        now = self._preferences.now
        are_signs_on = not set(SignKind) <= kinds_off(now.signs_off)
        form = self._form(
            Field("names_tasks", self.tr("Name the task as I write, offer a form"), switch, now.names_tasks),
            Field("holds_for_text", self.tr("Hold a message whose text is missing"), switch, now.holds_for_text),
            Field("model_hints", self.tr("Offer a model that suits the task"), switch, now.model_hints),
            Field("signs", self.tr("Say below an answer what looks wrong"), switch, are_signs_on),
            holds_for_text=self.tr("Once a conversation: a model without the contract invents one."),
            model_hints=self.tr("One that thinks for a calculation, a quicker one for a letter. Of those you have."),
            signs=self.tr("Found on this computer, without a model. Where Candor is not sure, it says nothing."),
        )
        self.signs = form.fields["signs"].control
        self.instructions = button(self.tr("Instructions…"))
        self.instructions_requested: SignalInstance = self.instructions.clicked
        return [form, _row(self.instructions)]

    def _form(self, *fields: Field, **explained: str) -> Form:
        """Return a form of settings, each kept as soon as it is chosen; `explained`: what is said of some."""
        form = Form(self._theme, fields)
        for key, words in explained.items():
            if words:
                form.fields[key].put_below(PlainLabel(words, "small", wraps=True))
                form.fields[key].spoken.setAccessibleDescription(words)
        for key, each in form.fields.items():
            made = each.control
            # Of a box also what it shows is chosen, which may be kept otherwise.
            chosen = made.activated if isinstance(made, ChoiceControl) else made.changed
            chosen.connect(lambda _, key=key: self._keep(key, form.value(key)))
        return form

    def _keep(self, key: str, value: Any) -> None:
        if key == "signs":
            self._switch_signs(value)
        else:
            self._preferences.change(**{key: value})

    def _switch_signs(self, is_on: bool) -> None:
        """Want all kinds of signs, or none; kinds that only a newer version knows stay as they are."""
        unknown = set(self._preferences.now.signs_off) - set(SignKind)
        off = unknown if is_on else unknown | {kind.value for kind in SignKind}
        self._preferences.change(signs_off=tuple(sorted(off)))

    # What they are made of

    def _add_group(self, group: SettingsGroup, words: str, parts: Sequence[QWidget]) -> QPushButton:
        """Add the page of a group, which scrolls where it has no room, and return the button that shows it."""
        inside = QWidget()
        stack(*parts, None, gap=GAP_SECTION, margins=(0, GAP, GAP, GAP), on=inside)
        page = QScrollArea()
        page.setWidgetResizable(True)
        page.setFrameShape(QFrame.Shape.NoFrame)
        page.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page.setWidget(inside)
        page.viewport().setAutoFillBackground(False)
        self._pages.append(page)
        inside.setAutoFillBackground(False)
        chosen = button(words, "filter")
        chosen.setCheckable(True)
        self._groups.insertWidget(group, page)
        chosen.toggled.connect(lambda _: self._choose(group))  # a screen reader toggles it and clicks nothing
        self._buttons.append(chosen)
        return chosen


def _row(*buttons: QPushButton) -> QWidget:
    row = QWidget()
    flow = FlowLayout(row)
    for each in buttons:
        flow.addWidget(each)
    return row
