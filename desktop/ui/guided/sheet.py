"""The sheet of guided mode above the message box: one question at a time, and what was answered so far.

It is told what to ask, and emits what was answered; what that comes to in the prompt is the presenter's business.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.core.tasks.guiding import MATERIAL, Guiding
from desktop.ui.guided.answers import GuidedAnswers, GuidedMaterial
from desktop.ui.guided.preview import GuidedPreviewLine
from desktop.ui.guided.progress import ProgressBars
from desktop.ui.guided.scrolled_body import ScrolledBody
from desktop.ui.guided.words import chip_words, said, title_of
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_SECTION, GAP_TIGHT, GAP_WIDE
from desktop.ui.widgets.buttons import KeyButton, LabelledButton
from desktop.ui.widgets.labels import FittingLabel, PlainLabel, set_tooltip
from desktop.ui.widgets.layout import FlowLayout
from desktop.ui.words import fill, number, plain_action, short

_LOW_PX = 640  # a window lower than that has no room for second lines and for what was answered
_LOWEST_PX = 480  # lower still, none for why a question is asked either
_ROOMY_PX = 520  # wide: room for the keys beside the buttons
_LONGEST_CHIP = 40  # characters


class GuidedSheet(QFrame):
    """A sheet hidden until a question is asked; Escape and its cross close it, and nothing is lost."""

    material_done = Signal()
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._asks_material = False
        self.revisit: Callable[[str], None] = lambda _: None  # called with the key of an answered question
        set_look(self, "card")
        self._title = PlainLabel("", "strong")
        self._bars = ProgressBars(theme)
        self._body = ScrolledBody()
        self._fitted_to = QSize()  # of the window
        self._tightening = QTimer(self)
        self._tightening.setSingleShot(True)
        self._tightening.timeout.connect(self._tighten)
        self._count = FittingLabel("small")
        self._chips = QWidget()
        self._flow = FlowLayout(self._chips)
        self._question = PlainLabel("", "title", wraps=True)
        self._why = PlainLabel("", "small", wraps=True)
        self.answers = GuidedAnswers()
        self.material = GuidedMaterial(theme)
        self.preview = GuidedPreviewLine(theme)
        self._back = LabelledButton(theme, "chevron-left", self.tr("Back"))
        self._skip = QPushButton(self.tr("Skip"))
        self._keys = QWidget()
        self._next = KeyButton(self.tr("Next"), "Enter")
        self._lay_out()
        self._connect()
        self.hide()

    def _lay_out(self) -> None:
        close = IconButton(self._theme, "close", self.tr("Leave the questions; nothing is lost (Esc)"), token="muted")
        close.clicked.connect(self.close_sheet)
        head = QHBoxLayout()
        head.setSpacing(GAP_WIDE)
        head.addWidget(self._title)
        head.addWidget(self._bars)
        head.addWidget(self._count, 1)
        head.addWidget(close)
        self._skip.setAutoDefault(False)
        set_look(self._skip, "quiet")
        keys = QHBoxLayout(self._keys)
        keys.setContentsMargins(0, 0, 0, 0)
        keys.setSpacing(GAP_TIGHT)
        for key, words in (("1–3", self.tr("choose")), ("Esc", self.tr("leave"))):
            keys.addWidget(PlainLabel(key, "key"), 0, Qt.AlignmentFlag.AlignVCenter)
            keys.addWidget(PlainLabel(words, "tiny"), 0, Qt.AlignmentFlag.AlignVCenter)
            keys.addSpacing(GAP)
        foot = QHBoxLayout()
        foot.setSpacing(GAP)
        foot.addWidget(self._back)
        foot.addWidget(self._skip)
        foot.addStretch(1)
        foot.addWidget(self._keys, 0, Qt.AlignmentFlag.AlignVCenter)
        foot.addWidget(self._next)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_SECTION, GAP_WIDE, GAP_SECTION, GAP_SECTION)
        column.setSpacing(GAP)
        column.addLayout(head)
        asked = QVBoxLayout()
        asked.setContentsMargins(0, GAP, 0, GAP_TIGHT)
        asked.setSpacing(GAP_TIGHT)
        asked.addWidget(self._question)
        asked.addWidget(self._why)
        body = self._body
        body.column.setSpacing(GAP)
        body.column.addWidget(self._chips)
        body.column.addLayout(asked)
        for part in (self.answers, self.material, self.preview):
            body.column.addWidget(part)
        column.addWidget(body)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.file_wanted: SignalInstance = self.material.file_wanted
        self.files_given: SignalInstance = self.material.files_given  # GivenFiles
        self.material.text.box.long_text_pasted.connect(lambda _: self._next.setFocus())
        done = QShortcut(QKeySequence("Ctrl+Return"), self.material)
        done.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        done.activated.connect(self._go_on)
        self.parts_wanted: SignalInstance = self.preview.parts_wanted
        self.went_back: SignalInstance = self._back.clicked
        self._skip.clicked.connect(self._pass_over)
        self._next.clicked.connect(self._go_on)

    def ask(self, guiding: Guiding, key: str, *, may_go_back: bool) -> None:
        """Ask a question of a guide; without a key all are answered, and that is said."""
        question, material = guiding.question(key), guiding.guide.material
        self._asks_material = key == MATERIAL and material is not None
        self._title.setText(title_of(guiding))
        self._show_progress(guiding, key)
        self._show_chips(guiding, key)
        self.answers.setVisible(question is not None)
        self.material.setVisible(self._asks_material)
        if question is not None:
            self._say(said(question.question), said(question.why))
            self.answers.ask(guiding, question)
        elif self._asks_material and material is not None:
            self._say(said(material.question), said(material.why))
            texts = guiding.draft.materials_of(guiding.framework.task.key)
            self.material.ask(material, texts[0].text if texts else "")
        else:
            self._say(self.tr("Ready to send"), self.tr("Enter sends it. Each answer above can still be changed."))
        is_asking = question is not None or self._asks_material
        self._next.set_key("Ctrl+Enter" if self._asks_material else "Enter")  # in the box Enter begins a line
        for part in (self._skip, self._next):
            part.setVisible(is_asking)
        self._back.setVisible(may_go_back)
        self.show()
        self._fit()

    def focus_answers(self) -> None:
        """Focus what the question is answered with."""
        if self._asks_material:
            self.material.text.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.answers.focus_first()

    def show_preview_line(self, shall: bool) -> None:
        """Show the prompt as a line of the sheet, where it has no place beside the conversation."""
        self.preview.setVisible(shall)

    def close_sheet(self) -> None:
        """Hide it."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def _say(self, question: str, why: str) -> None:
        self._question.setText(question)
        self._why.setText(why)
        self.setAccessibleName(question)
        self.setAccessibleDescription(why)

    def _show_progress(self, guiding: Guiding, key: str) -> None:
        steps = guiding.steps
        at = steps.index(key) + 1 if key in steps else len(steps)
        self._bars.show_progress(at, len(steps))
        forms = (self.tr("Question %1 of %2"), self.tr("%1 of %2", "which question")) if key else ("",)
        self._count.show_forms([fill(form, number(at), number(len(steps))) for form in forms])

    def _show_chips(self, guiding: Guiding, key: str) -> None:
        while (item := self._flow.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        stated = [each for each in guiding.stated if guiding.is_stated(each)]
        answered = [each for each in guiding.steps if each in guiding.draft.answers]
        settled = [each for each in (*stated, *answered) if each != key]
        for each in settled:
            words = chip_words(guiding, each)
            shown = words if len(words) <= _LONGEST_CHIP else f"{words[: _LONGEST_CHIP - 1]}…"
            chip = LabelledButton(self._theme, "check", plain_action(short(shown)), "filter")
            chip.setAccessibleName(fill(self.tr("%1, change"), words))
            set_tooltip(chip, words)
            chip.clicked.connect(partial(self._revisit, each))
            self._flow.addWidget(chip)
        self._chips.setProperty("filled", bool(settled))

    def _revisit(self, key: str, _: bool = False) -> None:
        self.revisit(key)

    def _go_on(self) -> None:
        if self._asks_material:
            self.material_done.emit()
        else:
            self.answers.give_looked_at()

    def _pass_over(self) -> None:
        if self._asks_material:
            self.material_done.emit()
        else:
            self.answers.pass_over()

    def _fit(self) -> None:
        """Leave out, where room is short, what can be done without."""
        self._fitted_to = self.window().size()
        is_low = self.window().height() < self._theme.px(_LOW_PX)
        self.answers.show_explained(not is_low)
        self._why.setVisible(self.window().height() >= self._theme.px(_LOWEST_PX))
        is_asking = not self._next.isHidden()
        self._chips.setVisible(bool(self._chips.property("filled")) and not (is_low and is_asking))
        is_roomy = self.width() > self._theme.px(_ROOMY_PX)
        self._keys.setVisible(is_roomy and is_asking and not self._asks_material and self.answers.has_choices)
        self._next.show_key(is_roomy)
        self._tightening.start(0)

    def _tighten(self) -> None:
        """Leave out one thing after another until nothing of the answers is cut, beside a message of many lines."""
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)  # what was left out has made room by then
        if self.isHidden() or not self._body.is_cut:
            return
        if self.answers.is_explained:
            self.answers.show_explained(False)
        elif not self._chips.isHidden() and not self._next.isHidden():
            self._chips.hide()
        elif not self._why.isHidden():
            self._why.hide()
        else:
            return
        self._tightening.start(0)

    # Qt's own methods

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride:
            event.setAccepted(event.key() == Qt.Key.Key_Escape)  # here it closes the sheet, and stops no reply
            return event.isAccepted()
        if event.type() is QEvent.Type.Resize:
            if self._fitted_to != self.window().size():
                self._fit()
            else:
                self._tightening.start(0)
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_back = event.key() == Qt.Key.Key_Backspace or (
            event.key() == Qt.Key.Key_Left and bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        )
        if event.key() == Qt.Key.Key_Escape:
            self.close_sheet()
        elif is_back:
            self._back.click()
        elif self._asks_material and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.material_done.emit()
        elif self.answers.isHidden() or not self.answers.take_key(event):
            super().keyPressEvent(event)
