"""One part of a prompt: its name, how much it matters and why, its words, and its material. It can be folded."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from desktop.core.documents.attachment import Attachment
from desktop.core.prompts.prompt import FieldKind, Language, PromptDraft, PromptField
from desktop.ui.documents.file_chips import FileChips
from desktop.ui.inputs.long_text import PromptText
from desktop.ui.inputs.plain_paste import PasteKind
from desktop.ui.look.icons import IconButton
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_TIGHT
from desktop.ui.prompts.form.file_requests import FileRequests
from desktop.ui.prompts.form.material import Materials
from desktop.ui.prompts.form.weight_bar import WeightBar
from desktop.ui.widgets.buttons import FoldButton, LabelledButton
from desktop.ui.widgets.file_drop import FilesPlace
from desktop.ui.widgets.labels import ElidedLabel, PlainLabel
from desktop.ui.widgets.layout import ChipRow, stack
from desktop.ui.words import about_tokens, amount_of_text, fill, number

# Parts that are said in a few words. A passage that is pasted there is set apart all the same.
_WITHOUT_MATERIAL = frozenset(
    {FieldKind.PERSONA, FieldKind.FORMAT, FieldKind.TONE, FieldKind.AUDIENCE, FieldKind.EXAMPLES}
)


class _Amount(ElidedLabel):
    """An amount of text, which would be wider than a narrow panel where it is huge. Its tooltip is its owner's."""

    def _explain(self) -> None:
        pass


class PartHeader(QWidget):
    """The line over a part: a button that folds it, its weight, and while it is folded the beginning of its words.

    Below it, at a press, one sentence on what the part is for.
    """

    def __init__(
        self,
        theme: Theme,
        label: str,
        why: str,
        weight: int = 0,
        colour: int = 0,
        note: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.button = FoldButton(theme, label)
        self.why = PlainLabel(why, "small", wraps=True)
        self.why.hide()
        self.ask_why = IconButton(theme, "help", fill(self.tr("What “%1” is for"), label), token="muted")
        self.ask_why.setToolTip(why)
        self.ask_why.clicked.connect(lambda: self.why.setVisible(self.why.isHidden()))
        self._excerpt = ElidedLabel("", "small")
        self._note = note
        self._count = _Amount(note, "tiny")
        bar = [WeightBar(theme, weight, colour)] if weight else []
        # The excerpt takes the room where there are words to show in it.
        row = stack(self.button, (self._excerpt, 1000), None, self._count, *bar, self.ask_why, across=True)
        stack(row, self.why, gap=0, on=self)
        self.toggled: SignalInstance = self.button.clicked

    def show_tokens(self, tokens: int) -> None:
        """Show how long the part is; while it has no tokens, if it may be left out."""
        self._count.setText(amount_of_text(tokens) if tokens else self._note)
        self._count.setToolTip(about_tokens(tokens) if tokens else "")

    def show_state(self, is_open: bool, excerpt: str) -> None:
        self.button.show_state(is_open=is_open)
        self._excerpt.show_text("" if is_open else excerpt)
        self._excerpt.setHidden(is_open or not excerpt)
        self.ask_why.setVisible(is_open)  # folded, it shows the sentence
        self.why.hide()


class PromptPart(QWidget):
    """A part of a draft, told which draft to show; emits what the user has written in it."""

    text_changed = Signal(str, object)  # the field's key, its words: a str that may have megabytes
    materials_changed = Signal(str, object)  # the field's key, tuple[str, ...]
    paste_refused = Signal(PasteKind)
    cursor_moved = Signal(object)  # the box in which it has moved

    def __init__(
        self,
        theme: Theme,
        field: PromptField,
        language: Language,
        colour: int,
        requests: FileRequests,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.field = field
        self._requests = requests
        self._added: QWidget | None = None
        self._is_material = field.kind is FieldKind.MATERIAL
        label, hint = field.label.of(language), field.hint.of(language)
        note = self.tr("required") if field.required else ""
        self.header = PartHeader(theme, label, field.why.of(language), field.weight, colour, note)
        self._body = QWidget()
        self.words = PromptText(theme)
        self.words.box.sets_material_apart = True
        self._files_row = ChipRow(("files",))
        self.files = FileChips(theme, self._files_row, "files")
        self.words.describe(label, self._description(field, language), hint)
        self.materials = Materials(
            theme,
            label,
            hint if self._is_material else "",
            self.words.box,
            lambda given: requests.take(field.key, given),
            is_whole_part=self._is_material,
        )
        self._add = LabelledButton(theme, "add", self.tr("Add material"), "muted")
        self._add.setToolTip(self.tr("A text to work on, set between quotes. Pasted passages go there by themselves."))
        self._add.setAccessibleName(fill(self.tr("Add material to “%1”"), label))
        self._attach = LabelledButton(theme, "attach", self.tr("Attach files"), "muted")
        self._attach.setToolTip(self.tr("The file goes along with the message, and this part refers to it."))
        self._attach.setAccessibleName(fill(self.tr("Attach files to “%1”"), label))
        self._lay_out()
        self._connect()
        self._shows_pairs = field.kind is FieldKind.EXAMPLES  # and words of its own only where there are some
        if self._is_material or self._shows_pairs:
            self.words.hide()
        else:
            self._body.setFocusProxy(self.words)  # when the last chip goes that had the focus
        if field.kind in _WITHOUT_MATERIAL:
            self._add.hide()
            self._attach.hide()
        else:
            self.words.box.takes_files = True
            FilesPlace(self, label).given.connect(lambda given: requests.take(field.key, given))
        self._is_open = True
        self.set_open(field.required or field.weight >= 4)

    @property
    def is_open(self) -> bool:
        return self._is_open

    def set_open(self, is_open: bool) -> None:
        """Unfold or fold it. Folded, it shows the beginning of what is written, or why it matters."""
        self._is_open = is_open
        self._body.setVisible(is_open)
        written = " ".join([self.words.text()[:200], *(text[:200] for text in self.materials.texts())]).strip()
        self.header.show_state(is_open, written or self.header.why.text())

    def show_draft(self, draft: PromptDraft) -> None:
        """Show the draft's content of this part; present content is left alone, with its cursor and undo steps."""
        self.words.set_text(draft.text(self.field.key))
        if self._shows_pairs and draft.text(self.field.key):
            self.words.show()
        texts = tuple(each.text for each in draft.materials_of(self.field.key))
        if texts != self.materials.texts():
            self.materials.show_texts(texts)
        has_words = bool(draft.text(self.field.key).strip() or any(text.strip() for text in texts))
        if has_words and not self._is_open:
            self.set_open(True)

    def forget_steps(self) -> None:
        """Have nothing that can be undone or made again: what stands here is another prompt's."""
        self.words.box.forget_steps()
        self.materials.forget_steps()

    def show_files(self, files: Sequence[Attachment]) -> None:
        """Show the files that were given to this part."""
        self.files.show_files(files)
        if files and not self._is_open:
            self.set_open(True)

    @property
    def texts(self) -> list[PromptText]:
        """Its words, and each of its materials."""
        return [self.words, *(block.words for block in self.materials.blocks)]

    def focus_words(self) -> None:
        """Focus the box to write in."""
        self.set_open(True)
        where = self.materials.blocks[0].words if self._is_material else self.words
        where.setFocus(Qt.FocusReason.OtherFocusReason)

    def begin_material(self) -> None:
        """Open a box for material, and focus it."""
        self.set_open(True)
        if self._is_material:
            self.focus_words()
        else:
            self.materials.begin_one()

    def add_to_body(self, widget: QWidget) -> None:
        """Add a widget to this part, below its words."""
        self._added = widget
        self._column.insertWidget(self._column.indexOf(self.materials), widget)

    def _description(self, field: PromptField, language: Language) -> str:
        weight = fill(self.tr("Weight %1 of 5"), number(field.weight))
        return f"{field.why.of(language)} {weight}"

    def _lay_out(self) -> None:
        buttons = stack(self._add, self._attach, None, across=True)
        rows = (self.words, self._files_row, self.materials, buttons)
        self._column = stack(*rows, gap=GAP_TIGHT, margins=(0, 0, 0, GAP_TIGHT), on=self._body)
        stack(self.header, self._body, gap=GAP_TIGHT, on=self)

    def _connect(self) -> None:
        key = self.field.key
        self.header.toggled.connect(self._toggle)
        self.words.changed.connect(lambda text: self.text_changed.emit(key, text))
        self.words.long_text_pasted.connect(self.materials.begin_one)
        self.words.paste_refused.connect(self.paste_refused)
        self.words.cursor_moved.connect(lambda: self.cursor_moved.emit(self.words.box))
        self.materials.changed.connect(lambda texts: self.materials_changed.emit(key, texts))
        self.materials.claimed.connect(self._claim)
        self.materials.paste_refused.connect(self.paste_refused)
        self.materials.cursor_moved.connect(self.cursor_moved)
        self._add.clicked.connect(lambda: self.materials.begin_one())
        self._attach.clicked.connect(lambda: self._requests.pick(key))
        self.words.box.files_pasted.connect(lambda given: self._requests.take(key, given))
        self.files.asked.connect(lambda file_id, action: self._requests.act(file_id, action))

    def _toggle(self) -> None:
        """Fold it, or unfold it with the keyboard in it: what is typed next is meant for it."""
        self.set_open(not self._is_open)
        if self._is_open and not self._shows_pairs:
            self.focus_words()

    def _claim(self, text: str) -> None:
        written = self.words.text()
        self.words.set_text(f"{written}\n\n{text}" if written.strip() else text)
        self.text_changed.emit(self.field.key, self.words.text())
        self.words.setFocus(Qt.FocusReason.OtherFocusReason)

    # Qt's own method

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Undo and redo what was pasted where the keyboard is at none of the boxes, but at a button beside them."""
        if event.matches(QKeySequence.StandardKey.Undo):
            self.materials.undo()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.materials.redo()
        else:
            super().keyPressEvent(event)
