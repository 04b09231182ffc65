"""The card for one blank of a recipe in the making: its name, what the form asks, and folded its kind and default."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QFrame

from desktop.core.recipes.recipe import LONGEST_LABEL, Blank, BlankKind, RecipeFault, is_blank_name
from desktop.core.tasks.case import AskedAnew
from desktop.ui.inputs.long_text import PromptText
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_WIDE
from desktop.ui.recipes.form import LongTextControl, field_of
from desktop.ui.recipes.words import fault
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.form import Field, Form, choice, switch
from desktop.ui.widgets.labels import ElidedLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.words import fill, say_each

_EXCERPT = 200  # characters of what stood there


class BlankCard(QFrame):
    """A card for one blank, whose name may change."""

    changed = Signal()
    rename_requested = Signal(str)
    taken_out = Signal()  # it is to be mere text

    def __init__(self, theme: Theme, blank: Blank, asked: AskedAnew | None = None) -> None:
        """`asked`: what stood in its place."""
        super().__init__()
        self._theme = theme
        self.name = blank.name
        self.field = blank.field
        self.asked = asked
        set_look(self, "advice")
        kinds = [(say_each("recipes.kind_of_blank", each), each.value) for each in BlankKind]
        choices, hint = "\n".join(blank.choices), self.tr("short\nlong")
        self.form = Form(
            theme,
            (
                Field("name", self.tr("Name of the blank"), value=blank.name),
                Field("label", self.tr("What the form asks"), value=blank.label, longest=LONGEST_LABEL),
                Field("required", self.tr("Must be filled in"), switch, blank.required),
                Field("kind", self.tr("Kind of the blank"), choice, blank.kind.value, kinds, more=True),
                Field("choices", self.tr("Choices, one a line"), LongTextControl, choices, hint=hint, more=True),
            ),
            self.tr("Kind and default"),
        )
        self._show_kind(blank.default)
        self.take_name(blank.name)
        self._lay_out()
        self.form.changed.connect(self._on_changed)
        self.form.fields["name"].control.editingFinished.connect(self._ask_for_name)

    @property
    def blank(self) -> Blank:
        """The blank as it is now."""
        kind, form = self._kind, self.form
        return Blank(
            name=self.name,
            label=form.value("label").strip(),
            kind=kind,
            default="" if kind is BlankKind.FILE else form.value("default").strip(),
            required=form.value("required"),
            choices=self._choices if kind is BlankKind.CHOICE else (),
            field=self.field,
        )

    def focus_name(self) -> None:
        """Focus the name, all of it selected."""
        self.form.focus("name")
        self.form.fields["name"].control.selectAll()

    def take_name(self, name: str) -> None:
        """Show the new name."""
        self.name = name
        self.form.begin_with("name", name)
        self.form.fields["label"].control.setPlaceholderText(name)
        self.setAccessibleName(fill(self.tr("Blank “%1”"), name))

    def show_fault(self, found: RecipeFault | None) -> None:
        """Show what is wrong with it; None: nothing."""
        place = "choices" if found is RecipeFault.NO_CHOICES else "default"
        self.form.say({place: fault(found)} if found else {})

    def _lay_out(self) -> None:
        keep: QAbstractButton
        if self.asked is None:
            keep = IconButton(self._theme, "close", self.tr("Not a blank: keep it as text"), token="muted")
            row = stack((self.form, 1), keep, margins=GAP_WIDE, across=True, on=self)
            row.setAlignment(keep, Qt.AlignmentFlag.AlignTop)
        else:
            keep = button(self.tr("Put it back"), "advice", hint=self.tr("No blank: always the same words"))
            stood = " ".join(self.asked.words[:_EXCERPT].split())
            top = stack((ElidedLabel(fill(self.tr("Here stood: %1"), stood), "small"), 1), keep, across=True)
            stack(top, self.form, margins=GAP_WIDE, on=self)
        keep.clicked.connect(self.taken_out)

    @property
    def _kind(self) -> BlankKind:
        return BlankKind(self.form.value("kind"))

    @property
    def _choices(self) -> tuple[str, ...]:
        lines = (each.strip() for each in self.form.value("choices").split("\n"))
        return tuple(dict.fromkeys(each for each in lines if each))

    def _show_kind(self, default: str) -> None:
        """Show a control for the default that suits the kind, and the choices if it has some."""
        kind = self._kind
        shown = BlankKind.TEXT if kind is BlankKind.FILE else kind  # whoever uses the recipe has other files
        blank = Blank(name=self.name, kind=shown, choices=self._choices, default=default, required=False)
        self.form.put(field_of(blank, "default", self.tr("What stands there from the start"), more=True))
        self.form.fields["default"].setHidden(kind is BlankKind.FILE)
        self.form.fields["choices"].setVisible(kind is BlankKind.CHOICE)
        for each in ("choices", "default"):
            control = self.form.fields[each].control
            if isinstance(control, PromptText):
                control.box.set_least_lines(1)

    def _on_changed(self, key: str) -> None:
        if key in ("kind", "choices"):
            self._show_kind(self.form.value("default"))
        if key != "name":
            self.changed.emit()

    def _ask_for_name(self) -> None:
        name = self.form.value("name").strip()
        if name == self.name:
            return
        if is_blank_name(name):
            self.rename_requested.emit(name)
        else:
            self.take_name(self.name)
            self.form.say({"name": self.tr("A name has letters, digits and spaces, at most 40 of them.")})
