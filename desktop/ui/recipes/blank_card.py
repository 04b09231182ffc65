"""The card for one blank of a recipe in the making: its name, what the form asks, its kind, and its default."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.core.recipes.edit import RecipeFault
from desktop.core.recipes.recipe import LONGEST_LABEL, Blank, BlankKind, is_blank_name
from desktop.core.tasks.case import AskedAnew
from desktop.ui.inputs.long_text import PromptText
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_WIDE
from desktop.ui.recipes.blank_field import Input, make_input
from desktop.ui.recipes.words import fault, kind_name
from desktop.ui.widgets.form_parts import ChoiceBox, labelled, line_field
from desktop.ui.widgets.labels import ElidedLabel, PlainLabel
from desktop.ui.words import fill

_EXCERPT = 200  # characters of what stood there


class BlankCard(QFrame):
    """A card for one blank, whose name may change."""

    changed = Signal()
    rename_requested = Signal(str)

    def __init__(
        self, theme: Theme, blank: Blank, asked: AskedAnew | None = None, parent: QWidget | None = None
    ) -> None:
        """`asked`: what stood in its place."""
        super().__init__(parent)
        self._theme = theme
        self._name = blank.name
        self.field = blank.field
        self.asked = asked
        self._default: Input | None = None
        set_look(self, "advice")
        self._make_controls(blank)
        self._lay_out()
        self._show_kind(blank.default)
        self._show_name()
        self._connect()

    @property
    def name(self) -> str:
        return self._name

    @property
    def blank(self) -> Blank:
        """The blank as it is now."""
        kind = self._kind_chosen()
        return Blank(
            name=self._name,
            label=self.label_line.text().strip(),
            kind=kind,
            default=self._default.value().strip() if self._default is not None else "",
            required=self.required.isChecked(),
            choices=self._choices_written() if kind is BlankKind.CHOICE else (),
            field=self.field,
        )

    def focus_name(self) -> None:
        """Focus the name, all of it selected."""
        self.name_line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.name_line.selectAll()

    def take_name(self, name: str) -> None:
        """Show the new name."""
        self._name = name
        self._show_name()

    def show_fault(self, found: RecipeFault | None) -> None:
        """Show what is wrong with it; None: nothing."""
        self._say(fault(found) if found else "")
        if found is RecipeFault.NO_CHOICES:
            self.choices.setFocus(Qt.FocusReason.OtherFocusReason)
        elif found is not None and self._default is not None:
            self._default.setFocus(Qt.FocusReason.OtherFocusReason)

    def _make_controls(self, blank: Blank) -> None:
        self.name_line = line_field(self.tr("Name of the blank"))
        self.kind = ChoiceBox(self._theme)
        self.kind.setAccessibleName(self.tr("Kind of the blank"))
        for each in BlankKind:
            self.kind.addItem(kind_name(each), each.value)
        self.kind.setCurrentIndex(self.kind.findData(blank.kind.value))
        self._not_a_blank: QAbstractButton
        if self.asked is None:
            self._not_a_blank = IconButton(self._theme, "close", self.tr("Not a blank: keep it as text"), token="muted")
        else:
            self._not_a_blank = QPushButton(self.tr("Put it back"))
            self._not_a_blank.setToolTip(self.tr("No blank: always the same words"))
            self._not_a_blank.setAutoDefault(False)
            set_look(self._not_a_blank, "advice")
        self.label_line = line_field(self.tr("What the form asks"))
        self.label_line.setMaxLength(LONGEST_LABEL)
        self.label_line.setText(blank.label)
        self.choices = PromptText(self._theme)
        self.choices.describe(self.tr("Choices, one a line"), "", self.tr("short\nlong"))
        self.choices.set_text("\n".join(blank.choices))
        self.required = QCheckBox(self.tr("Must be filled in"))
        self.required.setChecked(blank.required)
        self._problem = PlainLabel("", "danger", wraps=True)
        self._problem.hide()

    def _lay_out(self) -> None:
        names = QHBoxLayout()
        names.setSpacing(GAP)
        names.addWidget(labelled(self.tr("Name"), self.name_line), 1)
        names.addWidget(labelled(self.tr("Kind"), self.kind), 1)
        self._choices_group = labelled(self.tr("Choices, one a line"), self.choices)
        self._default_column = QVBoxLayout()
        self._default_column.setContentsMargins(0, 0, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_WIDE, GAP_WIDE, GAP_WIDE, GAP_WIDE)
        column.setSpacing(GAP)
        if self.asked is None:
            names.addWidget(self._not_a_blank, 0, Qt.AlignmentFlag.AlignTop)
        else:
            before = QHBoxLayout()
            stood = " ".join(self.asked.words[:_EXCERPT].split())
            before.addWidget(ElidedLabel(fill(self.tr("Here stood: %1"), stood), "small"), 1)
            before.addWidget(self._not_a_blank)
            column.addLayout(before)
        column.addLayout(names)
        column.addWidget(labelled(self.tr("What the form asks"), self.label_line))
        column.addWidget(self._choices_group)
        column.addLayout(self._default_column)
        column.addWidget(self.required)
        column.addWidget(self._problem)

    def _connect(self) -> None:
        self.name_line.editingFinished.connect(self._ask_for_name)
        self.kind.currentIndexChanged.connect(lambda _: self._change_kind())
        self.choices.changed.connect(lambda _: self._change_kind())
        self.label_line.textChanged.connect(lambda _: self._change())
        self.required.toggled.connect(lambda _: self._change())
        self.taken_out: SignalInstance = self._not_a_blank.clicked  # it is to be mere text

    def _kind_chosen(self) -> BlankKind:
        return BlankKind(self.kind.currentData())

    def _choices_written(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.strip() for each in self.choices.text().split("\n") if each.strip()))

    def _change_kind(self) -> None:
        self._show_kind(self._default.value() if self._default is not None else "")
        self._change()

    def _show_kind(self, default: str) -> None:
        """Show a control for the default that suits the kind, and the choices if it has some."""
        kind = self._kind_chosen()
        self._choices_group.setVisible(kind is BlankKind.CHOICE)
        self._default = None
        while (item := self._default_column.takeAt(0)) is not None:
            old = item.widget()
            assert old is not None
            old.hide()
            old.deleteLater()
        if kind is BlankKind.FILE:
            return  # whoever uses the recipe has other files
        blank = Blank(name=self._name, kind=kind, choices=self._choices_written(), required=False)
        self._default = make_input(self._theme, blank, self.tr("What stands there from the start"))
        if isinstance(self._default, PromptText):
            self._default.box.set_least_lines(1)
        self._default.begin_with(default)
        self._default.changed.connect(self._change)
        self._default_column.addWidget(labelled(self.tr("What stands there from the start"), self._default))

    def _show_name(self) -> None:
        self.name_line.setText(self._name)
        self.label_line.setPlaceholderText(self._name)
        self.setAccessibleName(fill(self.tr("Blank “%1”"), self._name))

    def _ask_for_name(self) -> None:
        name = self.name_line.text().strip()
        if name == self._name:
            return
        if is_blank_name(name):
            self.rename_requested.emit(name)
        else:
            self._say(self.tr("A name has letters, digits and spaces, at most 40 of them."))
            self._show_name()

    def _change(self) -> None:
        self._say("")
        self.changed.emit()

    def _say(self, words: str) -> None:
        self._problem.setText(words)
        self._problem.setVisible(bool(words))
