"""The sheet of guided mode above the message box: one question at a time, and what was answered so far.

Beside it the prompt grows. It is told what to ask, and emits what was answered; what that comes to in the prompt is
the presenter's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QSizePolicy, QWidget

from desktop.core.prompts.prompt import Language, Wording
from desktop.core.tasks.guiding import MATERIAL, Guiding
from desktop.core.tasks.kinds import OfficeTask
from desktop.core.tasks.office import GuideAnswer, GuideMaterial, GuideQuestion
from desktop.ui.composer.above_text import task_name
from desktop.ui.inputs.long_text import PromptText
from desktop.ui.look.stylesheet import GAP, GAP_SECTION, GAP_TIGHT, GAP_WIDE, set_look
from desktop.ui.look.theme import IconButton, Theme
from desktop.ui.prompts.part import Strokes
from desktop.ui.prompts.preview import PromptPreview
from desktop.ui.widgets.buttons import ChoiceRow, KeyButton, LabelledButton, button
from desktop.ui.widgets.keys import TypingAhead, claim_escape, on_keys
from desktop.ui.widgets.labels import FittingLabel, PlainLabel, key_hint, set_tooltip
from desktop.ui.widgets.layout import FlowLayout, be_as_high_as_needed, drop, empty, scroll_down, stack
from desktop.ui.words import fill, number, plain_action, prompt_language, say, short

_LOW_PX = 640  # a window lower than that has no room for second lines and for what was answered
_ROOMY_PX = 520  # wide: room for the keys beside the buttons
_LONGEST_CHIP = 40  # characters
_LEAST_PX = 60
_BOX_LINES = 3
_LONGEST_ANSWER = 2_000  # letters in one line
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ScrolledBody(QScrollArea):
    """A column as high as its content, or as the room that a low window or large text leaves.

    What gets the keyboard is scrolled into sight.
    """

    def __init__(self) -> None:
        super().__init__()
        inner = QWidget()
        inner.setMinimumWidth(1)  # as narrow as the sheet: what is in it breaks its lines
        self.column = stack(on=inner)
        scroll_down(self, inner, "card ground")
        be_as_high_as_needed(self, QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        inner.installEventFilter(self)

    @property
    def is_cut(self) -> bool:
        """There is less room than its content needs."""
        return self.height() < self.heightForWidth(self.width())

    # Qt's own methods

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return max(self.column.totalHeightForWidth(width), self.column.totalMinimumSize().height())

    def sizeHint(self) -> QSize:
        return QSize(self.column.totalSizeHint().width(), self.heightForWidth(max(1, self.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.column.totalMinimumSize().width(), _LEAST_PX)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()  # the arrows walk through the answers

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


class GuidedAnswers(QWidget):
    """The answers to one question, if there are any, and a line for one's own.

    A press or a number answers; what has the keyboard is shown in the prompt.
    """

    answered = Signal(object)  # a GuideAnswer, or the user's own words
    looked_at = Signal(object)  # the same, while it is not given yet
    written = Signal(str)  # the user's own words so far

    def __init__(self) -> None:
        super().__init__()
        self._answers: tuple[GuideAnswer, ...] = ()
        self.rows: list[ChoiceRow] = []
        self.is_explained = True  # the second lines of the answers are seen
        self._looked_at: GuideAnswer | str = ""
        self._list = stack(gap=GAP_TIGHT)
        self.own = QLineEdit()
        self.own.setMaxLength(_LONGEST_ANSWER)
        self.own.setAccessibleName(self.tr("Answer in your own words"))
        self.own.textEdited.connect(self._look_at)
        self.own.textEdited.connect(self.written)
        self.own.installEventFilter(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # until an answer is given
        self.setAccessibleName(self.tr("Answers"))
        TypingAhead(self, lambda: self.own)
        stack(self._list, self.own, on=self)

    def ask(self, guiding: Guiding, question: GuideQuestion) -> None:
        """Show the answers to a question, with the one that was given."""
        before, self.rows, self._answers = self.rows, [], question.answers
        self._looked_at = ""
        chosen = guiding.chosen(question)
        for key, answer in enumerate(question.answers, start=1):
            row = ChoiceRow(key, said(answer.label), said(answer.about))
            row.setChecked(answer is chosen)
            row.clicked.connect(partial(self._give, answer))
            row.installEventFilter(self)
            TypingAhead(row, lambda: self.own)
            self.rows.append(row)
            self._list.addWidget(row)
            row.show()  # at once: it is to get the keyboard
        self.own.setText(guiding.own_words(question))
        self.own.setPlaceholderText(_placeholder_of(guiding.language))
        self.show_explained(self.is_explained)
        if any(each.hasFocus() for each in (*before, self.own, self)):
            self.focus_first()  # before what has the keyboard goes, and passes it on to anything
        drop(*before)

    def show_explained(self, shall: bool) -> None:
        """Show the second line of each answer, or leave it out for want of height."""
        self.is_explained = shall
        for row in self.rows:
            row.show_explained(shall, is_compact=not shall)

    def focus_first(self) -> None:
        """Focus the answer that was given, or else none: what nobody chose is not sent."""
        at = next((at for at, row in enumerate(self.rows) if row.isChecked()), -1)
        if self.own.text() or not self.rows:
            self.own.setFocus()
        elif at < 0:
            self.setFocus()
        else:
            self._look_at(self._answers[at])  # as it is told where the keyboard comes only now
            self.rows[at].setFocus()

    def give(self) -> None:
        """Answer with what had the keyboard last."""
        self.answered.emit(self._looked_at)

    def pass_over(self) -> None:
        """Leave the question open."""
        self.answered.emit("")

    def take_key(self, event: QKeyEvent) -> bool:
        """Answer by a number or Enter, walk by the arrows, and write or paste. Return False for any other key."""
        key, count = event.key(), len(self._answers)
        stops = [*self.rows, self.own]
        at = next((at for at, stop in enumerate(stops) if stop.hasFocus()), -1)
        if 0 <= key - Qt.Key.Key_1 < count:
            self.answered.emit(self._answers[key - Qt.Key.Key_1])
        elif key in _ENTER and (0 <= at < count or self.hasFocus()):
            if not event.isAutoRepeat():
                self.answered.emit(self._answers[at] if at >= 0 else "")
        elif event.matches(QKeySequence.StandardKey.Paste) and at < count:
            self.own.setFocus()
            self.own.paste()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = -1 if key == Qt.Key.Key_Up else 1
            stops[max(0, min(len(stops) - 1, at + step))].setFocus()
        elif event.text().isprintable() and event.text().strip() and at < count:
            self.own.setFocus()
            self.own.insert(event.text())
            self.own.textEdited.emit(self.own.text())
        else:
            return False
        return True

    def _give(self, answer: GuideAnswer, _: bool = False) -> None:
        self.answered.emit(answer)

    def _look_at(self, answer: GuideAnswer | str) -> None:
        self._looked_at = answer
        self.looked_at.emit(answer)

    # Qt's own methods

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._look_at("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_own = watched is self.own
        if event.type() is QEvent.Type.FocusIn:
            at = next((at for at, row in enumerate(self.rows) if row is watched), -1)
            if is_own or at >= 0:
                self._look_at(self.own.text() if is_own else self._answers[at])
        if is_own and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and event.key() in _ENTER:
            # A line's own signal lets the key go on, to the first answer of the question that comes next.
            self.answered.emit(self.own.text().strip())
            return True
        return super().eventFilter(watched, event)


class GuidedMaterial(QWidget):
    """The box for what a task is done with, or a file in its place."""

    answered = Signal(object)  # the text, here and below, handed on as it is
    written = Signal(object)  # so far

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.text = PromptText(theme, "material")
        self.text.keep_long_texts()
        self.text.box.takes_files = True
        self.text.box.set_least_lines(_BOX_LINES)
        self.text.changed.connect(self.written)
        self.file = LabelledButton(theme, "attach", self.tr("Attach a file"))
        self._takes_files = True
        self._file_row = QWidget()
        or_drop = PlainLabel(self.tr("or drop one anywhere in the window"), "small", wraps=True)
        stack(self.file, (or_drop, 1), across=True, on=self._file_row)
        stack(self.text, self._file_row, on=self)
        on_keys(self, self.give, "Ctrl+Return")

    def take_files(self, shall: bool) -> None:
        """Set if a file can stand in the place of the text."""
        self._takes_files = shall  # the box still hears of one, to say why it is not taken
        self._file_row.setVisible(shall)

    def ask(self, material: GuideMaterial, text: str) -> None:
        """Ask for the material, of which `text` is there."""
        hint = said(material.hint) if self._takes_files else self.tr("Paste its text here.")
        self.text.describe(said(material.question), said(material.why), hint)
        self.text.set_text(text)

    def focus_first(self) -> None:
        """Focus the box."""
        self.text.setFocus()

    def give(self) -> None:
        """Answer with what stands there."""
        self.answered.emit(self.text.text())

    pass_over = give  # what stands there stays

    def take_key(self, event: QKeyEvent) -> bool:
        """Answer by Enter, at a button. Return False for any other key."""
        if event.key() in _ENTER:
            self.give()
        return event.key() in _ENTER


class GuidedSheet(QFrame):
    """A sheet hidden until a question is asked; Escape and its cross close it, and nothing is lost."""

    went_back = Signal()
    revisited = Signal(str)  # the key of a question that is answered
    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._has_chips = False
        set_look(self, "card")
        self._title = PlainLabel("", "strong")
        self._bars = Strokes(theme, (24, 4), GAP_TIGHT)
        self._count = FittingLabel("small")
        close = IconButton(
            theme, "close", self.tr("Leave the questions; nothing is lost (Esc)"), token="muted", do=self.close_sheet
        )
        self._body = ScrolledBody()
        self._fitted_to = QSize()  # of the window
        self._tightening = QTimer(self, singleShot=True)
        self._tightening.timeout.connect(self._tighten)
        self._chips = QWidget()
        self._flow = FlowLayout(self._chips)
        self._question = PlainLabel("", "title", wraps=True)
        self._why = PlainLabel("", "small", wraps=True)
        self.answers = GuidedAnswers()
        self.material = GuidedMaterial(theme)
        self._asked: GuidedAnswers | GuidedMaterial = self.answers
        self.growing = QWidget()
        self.preview = PromptPreview(theme)
        self.parts = button(self.tr("Edit as a form"), "muted")
        stack((self.preview, 1), (self.parts, Qt.AlignmentFlag.AlignTop), across=True, on=self.growing)
        self._back = LabelledButton(theme, "chevron-left", self.tr("Back"), do=self.went_back.emit)
        self._skip = button(self.tr("Skip"), "quiet", lambda: self._asked.pass_over())
        self._next = KeyButton("", "Enter", fill="accent")
        self._next.clicked.connect(self.go_on)
        self._keys = QWidget()
        hints = key_hint(self.tr("choose"), "1–3"), key_hint(self.tr("leave"), "Esc")
        stack(*hints, across=True, on=self._keys)
        body = self._body.column
        body.addWidget(self._chips)
        body.addLayout(stack(self._question, self._why, gap=GAP_TIGHT, margins=(0, GAP, 0, GAP_TIGHT)))
        for part in (self.answers, self.material, self.growing):
            body.addWidget(part)
        head = stack(self._title, self._bars, (self._count, 1), close, gap=GAP_WIDE, across=True)
        foot = stack(self._back, self._skip, None, self._keys, self._next, across=True)
        stack(head, self._body, foot, margins=(GAP_SECTION, GAP_WIDE, GAP_SECTION, GAP_SECTION), on=self)
        self.material.text.box.long_text_pasted.connect(lambda _: self._next.setFocus())
        self.hide()

    def ask(self, guiding: Guiding, key: str, *, may_go_back: bool) -> None:
        """Ask a question of a guide; without a key all are answered, and that is said."""
        question, material = guiding.question(key), guiding.guide.material if key == MATERIAL else None
        self._asked = self.answers if material is None else self.material
        self._title.setText(_title_of(guiding))
        self._show_progress(guiding, key)
        self._show_chips(guiding, key)
        self.answers.setVisible(question is not None)
        self.material.setVisible(material is not None)
        words, why = self.tr("Ready to send"), self.tr("Enter sends it. Each answer above can still be changed.")
        if question is not None:
            words, why = said(question.question), said(question.why)
            self.answers.ask(guiding, question)
        elif material is not None:
            words, why = said(material.question), said(material.why)
            texts = guiding.draft.materials_of(guiding.framework.task.key)
            self.material.ask(material, texts[0].text if texts else "")
        self._question.setText(words)
        self._why.setText(why)
        self.setAccessibleName(words)
        self.setAccessibleDescription(why)
        is_last = not [each for each in guiding.open_steps if each != key]
        on_key = "Ctrl+Enter" if material is not None else "Enter"  # in the box Enter begins a line
        self._next.show_words(self.tr("Done") if is_last else self.tr("Next"), on_key)
        for part in (self._skip, self._next):
            part.setVisible(bool(key))
        self._back.setVisible(may_go_back)
        self.show()
        self._fit()

    def focus_answers(self, *, has_file: bool = False) -> None:
        """Focus what the question is answered with; with a file for an answer, the way on."""
        if has_file and self._asked is self.material:
            self._next.setFocus()
        else:
            self._asked.focus_first()

    def close_sheet(self) -> None:
        """Hide it."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def _show_progress(self, guiding: Guiding, key: str) -> None:
        steps = guiding.steps
        at = steps.index(key) + 1 if key in steps else len(steps)
        self._bars.show_filled(at, len(steps), lambda: self._theme.color("accent"))
        forms = (self.tr("Question %1 of %2"), self.tr("%1 of %2", "which question")) if key else ("",)
        self._count.show_forms([fill(form, number(at), number(len(steps))) for form in forms])

    def _show_chips(self, guiding: Guiding, key: str) -> None:
        """Show a chip for each question that is answered, or need not be asked."""
        empty(self._flow)
        stated = [each for each in guiding.stated if guiding.is_stated(each)]
        answered = [each for each in guiding.steps if each in guiding.draft.answers]
        settled = [each for each in (*stated, *answered) if each != key]
        for each in settled:
            words = _chip_words(guiding, each)
            shown = words if len(words) <= _LONGEST_CHIP else f"{words[: _LONGEST_CHIP - 1]}…"
            icon = "check" if _is_answered(guiding, each) else "minus"
            revisit = partial(self.revisited.emit, each)
            chip = LabelledButton(self._theme, icon, plain_action(short(shown)), "filter", do=revisit)
            chip.setAccessibleName(fill(self.tr("%1, change"), words))
            set_tooltip(chip, words)
            self._flow.addWidget(chip)
        self._has_chips = bool(settled)

    def go_on(self) -> None:
        """Take what stands there as the answer, as *Next* does."""
        self._asked.give()

    def _fit(self) -> None:
        """Leave out, where room is short, what can be done without."""
        self._fitted_to = self.window().size()
        is_low, is_asking = self._fitted_to.height() < self._theme.px(_LOW_PX), not self._next.isHidden()
        is_roomy = self.width() > self._theme.px(_ROOMY_PX)
        self.answers.show_explained(not is_low)
        self._why.show()
        self._chips.setVisible(self._has_chips and not (is_low and is_asking))
        self._keys.setVisible(is_roomy and is_asking and self._asked is self.answers and bool(self.answers.rows))
        self._next.show_key(is_roomy)
        self._tightening.start(0)

    def _tighten(self) -> None:
        """Leave out one thing after another until nothing of the answers is cut, beside a message of many lines."""
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)  # what was left out has made room by then
        if self.isHidden() or not self._body.is_cut:
            return
        if self.answers.is_explained and not self.answers.isHidden():
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
        if event.type() is QEvent.Type.Resize:
            if self._fitted_to != self.window().size():
                self._fit()
            else:
                self._tightening.start(0)
        return claim_escape(event) or super().event(event)  # here it closes the sheet, and stops no reply

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_left = event.key() == Qt.Key.Key_Left and bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if event.key() == Qt.Key.Key_Escape:
            self.close_sheet()
        elif event.key() == Qt.Key.Key_Backspace or is_left:
            self._back.click()
        elif self._asked.isHidden() or not self._asked.take_key(event):
            super().keyPressEvent(event)


def said(wording: Wording) -> str:
    """Return a guide's text in the language of the window."""
    return wording.of(prompt_language())


def _short_of(guiding: Guiding, key: str) -> str:
    """Return the few words that a question is called by."""
    asked = guiding.guide.material if key == MATERIAL else guiding.question(key)
    return said(asked.short) if asked is not None else ""


def _title_of(guiding: Guiding) -> str:
    """Return the name of a task as a heading: the guide's own, or that of the task that the general one stands for."""
    key = guiding.guide.key
    if guiding.guide.opening is None and key in list(OfficeTask):
        name = task_name(OfficeTask(key))
        return name[:1].upper() + name[1:]
    return said(guiding.guide.title)


def _is_answered(guiding: Guiding, key: str) -> bool:
    """Return False for a question that was passed over."""
    given = guiding.has_material if guiding.question(key) is None else bool(guiding.draft.answers.get(key))
    return guiding.is_stated(key) or given


def _chip_words(guiding: Guiding, key: str) -> str:
    """Return what was answered to a question, or what is known without."""
    if guiding.is_stated(key):
        return say("guided.known", stated=short(guiding.stated[key]))
    question = guiding.question(key)
    if question is None:
        answer = say("guided.given") if guiding.has_material else say("guided.none")
    else:
        chosen = guiding.chosen(question)
        given = said(chosen.label) if chosen is not None else short(guiding.own_words(question))
        answer = given or say("guided.left_open")
    return say("guided.joined", short_of=_short_of(guiding, key), answer_words=answer)


def _placeholder_of(language: Language) -> str:
    """Return the hint of the field for words of the user's own, which go out in the language of the prompt."""
    if language is prompt_language():
        return say("guided.in_your_own_words")
    is_chinese = language is Language.CHINESE
    return say("guided.in_your_own_words_in_chinese") if is_chinese else say("guided.in_your_own_words_in_english")


class GuidedPreview(QWidget):
    """The pane, in a window that has room for it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Prompt preview"))
        self.close_button = IconButton(theme, "close", self.tr("Close the preview; the questions stay"))
        self._about = PlainLabel("", "small", wraps=True)
        self.prompt = PromptPreview(theme, fills=True)
        self._next = PlainLabel("", "small", wraps=True)
        hint = self.tr("The same prompt as a form: nothing is lost either way")
        self.parts = button(self.tr("Edit as a form"), hint=hint)
        self.copy = IconButton(theme, "copy", self.tr("Copy the text"))
        head = stack((PlainLabel(self.accessibleName(), "heading"), 1), self.close_button, across=True)
        foot = stack(self.parts, self.copy, None, across=True)
        parts = (head, self._about, (self.prompt, 1), self._next, foot)
        stack(*parts, margins=(GAP_WIDE, GAP, GAP_WIDE, GAP_WIDE), on=self)

    def show_next(self, guiding: Guiding, coming: Sequence[str], *, is_proposing: bool) -> None:
        """Show which questions will be asked next, and if an answer stands in the prompt that is not given yet."""
        about = self.tr("It grows as you answer, and can be sent at any time.")
        if is_proposing:
            about = self.tr("It grows as you answer, and can be sent at any time; what is grey is not in it yet.")
        self._about.setText(about)
        names = " · ".join(_short_of(guiding, key) for key in coming)
        self._next.tell(fill(self.tr("Still to be asked: %1"), names) if coming else "")
