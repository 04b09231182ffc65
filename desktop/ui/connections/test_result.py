"""The result of testing a connection, below the form that asked for it, with each step in words."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QWidget

from desktop.core.connections.check import CheckStep, ConnectionCheck, StepState, longest_text
from desktop.core.message import Failure
from desktop.core.model import ModelInfo
from desktop.core.outgoing.asking import cannot_reason
from desktop.ui.errors import describe, is_of_server
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.tokens import GAP_TIGHT, GAP_WIDE
from desktop.ui.widgets.labels import Paragraph, PlainLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.words import fill, listed, number, say, translate

_MARKS = {
    StepState.PASSED: ("✓", "small ink"),
    StepState.FAILED: ("✗", "tiny danger"),
    StepState.NOTED: ("·", "small"),
    StepState.PENDING: ("…", "small"),
    StepState.NOT_REACHED: ("–", "small"),
}


_OF_THE_CERTIFICATE = frozenset(
    f"tls_{each}" for each in ("expired", "not_yet", "name", "other", "self_signed", "unknown", "chain")
)


class CheckSteps(QWidget):
    """A column of lines, hidden until there are some."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = stack(gap=GAP_TIGHT, margins=(0, GAP_TIGHT, 0, 0), on=self)
        self._labels = {step: PlainLabel("", "small", wraps=True) for step in CheckStep}
        for label in self._labels.values():
            self._column.addWidget(label)
        self.hide()

    def show_check(self, check: ConnectionCheck) -> None:
        """Show how far a test has come."""
        for step, label in self._labels.items():
            state = check.state_of(step)
            mark, look = _MARKS[state]
            words = step_words(step, state, check)
            label.setText(f"{mark}  {words}")
            set_look(label, look)
            label.setVisible(bool(words))
        self.show()


def step_words(step: CheckStep, state: StepState, check: ConnectionCheck) -> str:
    """Return how a step went; empty where there is no such step, as for the name of an address in numbers."""
    if state in (StepState.NOT_REACHED, StepState.PENDING):
        return _name_of(step) if _is_taken(step, check) else ""
    has_passed = state is StepState.PASSED
    match step:
        case CheckStep.ADDRESS:
            return _either(
                has_passed,
                translate("steps", "The address can be understood."),
                translate("steps", "The address cannot be understood."),
            )
        case CheckStep.NAME:
            passed = translate("steps", "The server's name is known in this network.")
            words = _either(has_passed, passed, translate("steps", "The server's name was not found in this network."))
            return words if _is_taken(step, check) or not has_passed else ""
        case CheckStep.ANSWER:
            rented = check.connection.ssh is not None
            return _rented_words(step, has_passed) if rented else _answer_words(has_passed, check)
        case CheckStep.CERTIFICATE:
            return _certificate_words(has_passed, check)
        case CheckStep.FINGERPRINT | CheckStep.LOGIN | CheckStep.BEHIND:
            return _rented_words(step, has_passed) if _is_taken(step, check) else ""
        case CheckStep.KEY:
            return _key_words(has_passed, check)
        case CheckStep.MODELS:
            return _models_words(has_passed, check)
        case CheckStep.STREAMING | CheckStep.THINKING | CheckStep.LENGTH:
            return _words_of_model(step, state, check)


def _name_of(step: CheckStep) -> str:
    return {
        CheckStep.ADDRESS: translate("steps", "Address"),
        CheckStep.NAME: translate("steps", "Name"),
        CheckStep.ANSWER: translate("steps", "Server"),
        CheckStep.CERTIFICATE: translate("steps", "Certificate"),
        CheckStep.FINGERPRINT: translate("steps", "Fingerprint"),
        CheckStep.LOGIN: translate("steps", "Login"),
        CheckStep.BEHIND: translate("steps", "Model server"),
        CheckStep.KEY: translate("steps", "Key"),
        CheckStep.MODELS: translate("steps", "Models"),
        CheckStep.STREAMING: translate("steps", "Answer"),
        CheckStep.THINKING: translate("steps", "Thinking"),
        CheckStep.LENGTH: translate("steps", "Longest text"),
    }[step]


def _is_taken(step: CheckStep, check: ConnectionCheck) -> bool:
    if step is CheckStep.NAME:
        return check.has_name
    is_rented = check.connection.ssh is not None
    if step in (CheckStep.FINGERPRINT, CheckStep.LOGIN, CheckStep.BEHIND):
        return is_rented
    return step is not CheckStep.CERTIFICATE or (check.is_encrypted and not is_rented)


def _either(has_passed: bool, passed: str, failed: str) -> str:
    return passed if has_passed else failed


def _answer_words(has_passed: bool, check: ConnectionCheck) -> str:
    if has_passed:
        return translate("steps", "A server answers there.")
    reason = check.failure.reason if check.failure is not None else ""
    if reason in ("offline", "policy"):
        return translate("steps", "The server was not asked: Candor may not reach it.")
    if reason.startswith("proxy"):
        return translate("steps", "The proxy leads to no server.")
    return translate("steps", "No server answers there.")


def _certificate_words(has_passed: bool, check: ConnectionCheck) -> str:
    if not has_passed:
        reason = check.failure.reason if check.failure is not None else ""
        if reason.startswith(("ca_", "own_")):
            return translate("steps", "A file of certificates cannot be used, so nothing was sent.")
        if reason in _OF_THE_CERTIFICATE:
            return translate("steps", "The certificate is not right, so nothing was sent.")
        return translate("steps", "The encryption could not be agreed upon, so nothing was sent.")
    if check.is_encrypted:
        return translate("steps", "The connection is encrypted, and the certificate is right.")
    if check.connection.server_place.is_local:
        return ""
    if check.connection.ssh is not None:
        return translate("steps", "The way there is encrypted (SSH).")
    return translate("steps", "The connection is not encrypted (http).")


def _rented_words(step: CheckStep, has_passed: bool) -> str:
    """Return how a step at a rented computer went."""
    match step:
        case CheckStep.ANSWER:
            passed = translate("steps", "The rented computer answers.")
            return _either(has_passed, passed, translate("steps", "The rented computer does not answer as it should."))
        case CheckStep.FINGERPRINT:
            passed = translate("steps", "Its fingerprint is the one that you confirmed.")
            return _either(has_passed, passed, translate("steps", "Its fingerprint is not confirmed."))
        case CheckStep.LOGIN:
            passed = translate("steps", "The login is accepted.")
            return _either(has_passed, passed, translate("steps", "The login is not accepted."))
        case _:
            passed = translate("steps", "A model server listens there.")
            return _either(has_passed, passed, translate("steps", "The model server is not reached there."))


def _key_words(has_passed: bool, check: ConnectionCheck) -> str:
    if not has_passed:
        return translate("steps", "The key is not accepted.")
    if check.has_key:
        return translate("steps", "The key is accepted.")
    return translate("steps", "No key is needed.")


def _models_words(has_passed: bool, check: ConnectionCheck) -> str:
    if not has_passed:
        return translate("steps", "No model to talk to is offered.")
    return fill(translate("steps", "Models to talk to: %1"), number(len(check.talking)))


def _words_of_model(step: CheckStep, state: StepState, check: ConnectionCheck) -> str:
    known = check.checked
    if known is None:
        return ""
    title = " ".join(known.model.title.split())
    has_passed = state is StepState.PASSED
    match step:
        case CheckStep.STREAMING if known.failure is not None:
            said = describe(known.failure)
            return fill(translate("steps", "%1 gives no answer. %2"), title, said.sentence)
        case CheckStep.STREAMING if known.is_slow:
            words = translate("steps", "No answer from %1 yet: a large model is loaded first, which takes a while.")
            return fill(words, title)
        case CheckStep.STREAMING:
            return fill(translate("steps", "%1 answers, word by word."), title)
        case CheckStep.THINKING if has_passed:
            return translate("steps", "It can think, and shows it.")
        case CheckStep.THINKING if cannot_reason(known.model):
            return translate("steps", "It cannot think before it answers.")
        case CheckStep.THINKING:
            return translate("steps", "Nothing is told of thinking.")
        case _ if has_passed:
            longest = longest_text(known.model) or 0
            return fill(translate("steps", "It reads up to %1 tokens at once."), number(longest))
        case _:
            return translate("steps", "It is not told how much it reads at once.")


_NAMED = 5


class ConnectionTestResult(QFrame):
    """A frame hidden until there is something to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "notice")
        self._title = PlainLabel("", "strong", wraps=True)
        self._sentence = Paragraph()
        self._detail = PlainLabel("", "small", wraps=True)
        self._detail.make_selectable()
        column = stack(gap=GAP_TIGHT, margins=GAP_WIDE, on=self)
        self._steps = CheckSteps()
        for label in (self._title, self._sentence, self._detail):
            column.addWidget(label)
        column.addWidget(self._steps)
        self.hide()

    def show_testing(self) -> None:
        """Show that the server has not answered yet."""
        self._show(self.tr("Asking the server which models it has…"), "", "", "")

    def show_models(self, models: list[ModelInfo]) -> None:
        """Show these models of the server, or that it has none to chat with."""
        talking = [" ".join(model.title.split()) for model in models if model.can_chat]
        if not talking:
            self._show(
                self.tr("Connected, but there is no model"),
                self.tr("The server answers but offers no model to talk to. Its administrator can add one."),
                "",
                "warning",
            )
            return
        title = say("connections.it_works_models", len(talking))
        names = listed(talking[:_NAMED])
        more = fill(self.tr("%1, …"), names) if len(talking) > _NAMED else names
        self._show(title, "", more, "here")

    def show_failure(self, failure: Failure) -> None:
        """Show why the test failed."""
        text = describe(failure)
        detail = "" if failure.reason == "refused" else text.detail  # no server spoke, and the address stands above
        if detail and is_of_server(failure):
            detail = fill(self.tr("The server's own words: %1"), detail)
        self._show(text.title, text.sentence, detail, "danger")

    def show_check(self, check: ConnectionCheck) -> None:
        """Show how each step went, below the result."""
        self._steps.show_check(check)

    def _show(self, title: str, sentence: str, detail: str, look: str) -> None:
        self._steps.hide()
        self._title.setText(title)
        set_look(self._title, look or "muted")
        for label, words in ((self._sentence, sentence), (self._detail, detail)):
            label.setText(words)
            label.setVisible(bool(words))
        self.setAccessibleName(f"{title}\n{sentence}".strip())
        self.show()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.accessibleName()))
