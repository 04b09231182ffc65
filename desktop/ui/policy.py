"""What an administrator has fixed on this computer: by whom, from where, each thing in a sentence, and whom to ask.

Told in a dialog, and in a note below each control that is fixed, with a shield. What is wrong with a policy is said
in words, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QWidget

from desktop.core.policy.fixed import KeySource, Policy, PolicyFault, PolicyProblem
from desktop.core.policy.parse import PolicyStatement, statements_of
from desktop.ui.look.stylesheet import GAP, GAP_TIGHT, set_look
from desktop.ui.look.theme import Theme, pixmap
from desktop.ui.widgets.boxes import Dialog
from desktop.ui.widgets.labels import Paragraph, PlainLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.words import fill, in_words, said_in, say, say_each, translate


def sentences_of(policy: Policy) -> list[str]:
    """Return what a policy fixes, a sentence for each."""
    said = [_sentence(path, value) for path, value in policy.said]
    for each in policy.connections:
        said.append(connection_sentence(each.connection.name, each.connection.address, each.key))
    return [each for each in said if each]


def connection_sentence(name: str, address: str, key: KeySource) -> str:
    """Return that a connection is set up for everybody, and where its key comes from."""
    return say_each("policy.connection", key, name=name, address=address)


def problem_words(problem: PolicyProblem) -> str:
    """Return what is wrong with a policy, and what follows from that."""
    line = str(problem.line)
    match problem.fault:
        case PolicyFault.UNREADABLE:
            return say("policy.it_cannot_be_read", detail=problem.detail)
        case PolicyFault.UNSAFE:
            return say("policy.others_than_administrators_can_write_to", detail=problem.detail)
        case PolicyFault.NOT_TOML:
            if problem.line:
                return say("policy.line_is_not_written_as_toml", line=line, detail=problem.detail)
            return say("policy.it_is_not_written_as_toml", detail=problem.detail)
        case PolicyFault.NO_VERSION:
            return say("policy.it_must_say_version_1_at")
        case PolicyFault.NEWER:
            return say("policy.it_is_of_form_for_a", detail=problem.detail)
        case PolicyFault.NO_END:
            return say("policy.its_end_is_missing_the_last")
        case PolicyFault.UNKNOWN:
            return say("policy.line_candor_knows_no_look_for", line=line, name=problem.name)
        case PolicyFault.VALUE:
            return say("policy.line_has_a_value_that_cannot", line=line, name=problem.name, detail=problem.detail)


def closed_words(policy: Policy) -> str:
    """Return what a user is told where a policy cannot be used."""
    words = say("policy.the_rules_that_this_computers_administrator")
    return f"{words} {whom_to_tell(policy)}".strip()


def whom_to_tell(policy: Policy) -> str:
    """Return whom to tell that something is wrong; empty where nobody is named."""
    return say("policy.please_tell", contact=policy.contact) if policy.contact else ""


def explained(text: str, policy: Policy) -> list[str]:
    """Return the lines of a policy with their numbers, each with what it does or what is wrong with it below."""
    wrong: dict[int, list[PolicyProblem]] = {}
    for problem in policy.problems:
        wrong.setdefault(problem.line if problem.fault in _OF_A_LINE else 0, []).append(problem)
    lines: list[str] = []
    for statement in statements_of(text):
        lines += _numbered(statement)
        told = [f"✗ {problem_words(each)}" for each in wrong.pop(statement.line, ())]
        told = told or [f"→ {each}" for each in (_sentence_of(statement),) if each]
        lines += [f"        {each}" for each in told]
    lines += [""]
    lines += [f"✗ {problem_words(each)}" for several in wrong.values() for each in several]
    return [*lines, _verdict(policy)]


_OF_A_LINE = (PolicyFault.NOT_TOML, PolicyFault.UNKNOWN, PolicyFault.VALUE)


def _numbered(statement: PolicyStatement) -> list[str]:
    numbers = range(statement.line, statement.line + len(statement.text.splitlines() or [""]))
    return [f"{at:5}  {line}".rstrip() for at, line in zip(numbers, statement.text.splitlines() or [""], strict=True)]


def _sentence_of(statement: PolicyStatement) -> str:
    if not statement.name:
        return ""
    if statement.path == "version":
        return say("policy.the_form_of_this_file")
    value = tuple(statement.value) if isinstance(statement.value, list) else statement.value
    return _sentence(statement.path, value)


def _sentence(path: str, value: Any) -> str:
    """Return what a name with its value does; empty where that needs no words."""
    lines, shown = said_in("policy_lines"), _shown(value)
    entry = lines.get(f"{path} {shown.lower()}") or lines.get(path)
    return in_words(entry, value=shown) if entry is not None else ""


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, Sequence) and not isinstance(value, str) else str(value)


def _verdict(policy: Policy) -> str:
    if policy.is_closed:
        return say("policy.this_policy_cannot_be_used_candor")
    if policy.problems:
        return say("policy.this_policy_is_used_with_the")
    return say("policy.this_policy_can_be_used_as")


_ICON_PX = 14


def fixed_words(policy: Policy) -> str:
    """Return by whom something is fixed, and whom to ask about it."""
    if policy.organization and policy.contact:
        return fill(translate("policy", "Set by %1. Questions: %2"), policy.organization, policy.contact)
    if policy.organization:
        return fill(translate("policy", "Set by %1."), policy.organization)
    if policy.contact:
        return fill(translate("policy", "Set by this computer's administrator. Questions: %1"), policy.contact)
    return translate("policy", "Set by this computer's administrator.")


def switched_off_words(policy: Policy) -> str:
    """Return that something cannot be done here, and by whose choice."""
    switched_off = translate("policy", "This is switched off on this computer.")
    return f"{switched_off} {fixed_words(policy)}"


class FixedNote(QWidget):
    """A line that says why a control cannot be changed."""

    def __init__(self, theme: Theme, policy: Policy, what: str = "") -> None:
        """Build the line. `what`: a sentence that stands before by whom it is fixed."""
        super().__init__()
        self._theme = theme
        self._what = what
        self._shield = QLabel()
        self.label = PlainLabel("", "small", wraps=True)
        self.show_policy(policy)
        self.label.make_selectable()
        stack((self._shield, Qt.AlignmentFlag.AlignTop), (self.label, 1), gap=GAP_TIGHT, across=True, on=self)
        self._draw()

    def show_policy(self, policy: Policy) -> None:
        """Say by whom it is fixed now."""
        self.label.setText(f"{self._what} {fixed_words(policy)}".strip())

    def _draw(self) -> None:
        ratio = self.devicePixelRatioF()
        self._shield.setPixmap(pixmap("shield", self._theme.tokens.muted, self._theme.px(_ICON_PX), ratio))

    # Qt's own methods

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._draw()


_WIDTH, _HEIGHT = 560, 460


class PolicyDialog(Dialog):
    """A dialog to read and to copy; nothing in it can be changed."""

    def __init__(self, theme: Theme, policy: Policy, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._policy = policy
        self.setWindowTitle(self.tr("What is fixed on this computer"))
        self._problems = [problem_words(each) for each in policy.problems]
        self._sentences = sentences_of(policy)
        self.copy = QPushButton(self.tr("Copy"))
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text))
        self._close = QPushButton(self.tr("Close"))
        self._close.clicked.connect(self.reject)
        self._lay_out()
        self.fit(QSize(theme.px(_WIDTH), theme.px(_HEIGHT)))

    @property
    def text(self) -> str:
        """All of it as plain text."""
        head = [fixed_words(self._policy), self._policy.source]
        return "\n".join([*head, "", *self._problems, *self._sentences])

    def _lay_out(self) -> None:
        inside = QWidget()
        lines = stack(margins=(0, 0, GAP, 0), on=inside)
        if self._policy.is_closed:
            lines.addWidget(Paragraph(closed_words(self._policy), "internet"))
        for words in self._problems:
            lines.addWidget(_selectable(words, "danger"))
        for words in self._sentences:
            lines.addWidget(_selectable(words))
        if not self._sentences and not self._problems:
            lines.addWidget(PlainLabel(self.tr("Nothing is fixed.")))
        lines.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setAccessibleName(self.windowTitle())
        set_look(inside, "page")
        set_look(scroll, "page")
        self.column.addWidget(PlainLabel(self.windowTitle(), "title", wraps=True))
        self.column.addWidget(PlainLabel(fixed_words(self._policy), wraps=True))
        self.column.addWidget(_selectable(fill(self.tr("Read from %1"), self._policy.source), "small"))
        self.column.addWidget(scroll, 1)
        self.add_foot((self.copy,), (self._close,), default=self._close)


def _selectable(words: str, look: str = "") -> PlainLabel:
    label = PlainLabel(words, look, wraps=True)
    label.make_selectable()
    return label
