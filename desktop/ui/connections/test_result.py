"""The result of testing a connection, below the form that asked for it, with each step in words."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame

from desktop.core.connections.check import CheckStep, ConnectionCheck, StepState, longest_text
from desktop.core.message import Failure
from desktop.core.model import ModelInfo
from desktop.core.outgoing import cannot_reason
from desktop.ui.errors import describe, is_of_server
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.tokens import GAP_TIGHT, GAP_WIDE
from desktop.ui.widgets.labels import Paragraph, PlainLabel, speak
from desktop.ui.widgets.layout import stack
from desktop.ui.words import fill, listed, number, say, say_each

_MARKS = {
    StepState.PASSED: ("✓", "small ink"),
    StepState.FAILED: ("✗", "small danger"),
    StepState.NOTED: ("·", "small"),
}
_MARKS_AHEAD = {StepState.PENDING: "…", StepState.NOT_REACHED: "–"}
_OF_THE_CERTIFICATE = tuple(
    f"tls_{each}" for each in ("expired", "not_yet", "name", "other", "self_signed", "unknown", "chain")
)
_NAMED = 5


def step_words(step: CheckStep, state: StepState, check: ConnectionCheck) -> str:
    """Return how a step went; empty where there is no such step, as for the name of an address in numbers."""
    is_rented, known = check.connection.ssh is not None, check.checked
    reason = check.failure.reason if check.failure is not None else ""
    title = " ".join(known.model.title.split()) if known is not None else ""
    longest = number(longest_text(known.model) or 0) if known is not None else ""
    match step, state:
        case _, StepState.NOT_REACHED | StepState.PENDING:
            return say_each("connections.step", step) if _is_taken(step, check) else ""
        case CheckStep.CERTIFICATE, StepState.PASSED if not check.is_encrypted:
            if check.connection.server_place.is_local:
                return ""
            return say("connections.encrypted_by_ssh") if is_rented else say("connections.not_encrypted")
        case _, StepState.PASSED if not _is_taken(step, check):
            return ""
        case CheckStep.ANSWER, _ if is_rented:
            return say_each("connections.rented_answer", state)
        case CheckStep.ANSWER, StepState.FAILED if reason in ("offline", "policy"):
            return say("connections.not_asked")
        case CheckStep.ANSWER, StepState.FAILED if reason.startswith("proxy"):
            return say("connections.proxy_leads_nowhere")
        case CheckStep.CERTIFICATE, _ if reason.startswith(("ca_", "own_")):
            return say("connections.unusable_file_of_certificates")
        case CheckStep.CERTIFICATE, _ if reason in _OF_THE_CERTIFICATE:
            return say("connections.wrong_certificate")
        case CheckStep.KEY, StepState.PASSED if not check.has_key:
            return say("connections.no_key_needed")
        case CheckStep.STREAMING, StepState.FAILED if known is not None and known.failure is not None:
            return say("connections.no_answer", title=title, sentence=describe(known.failure).sentence)
        case CheckStep.THINKING, StepState.NOTED if known is not None and cannot_reason(known.model):
            return say("connections.cannot_think")
        case _, StepState.PASSED:
            count = number(len(check.talking))
            return say_each("connections.passed", step, count=count, title=title, longest=longest)
        case _, StepState.NOTED:
            return say_each("connections.noted", step, title=title)
        case _:
            return say_each("connections.failed", step)


def _is_taken(step: CheckStep, check: ConnectionCheck) -> bool:
    is_rented = check.connection.ssh is not None
    match step:
        case CheckStep.NAME:
            return check.has_name
        case CheckStep.FINGERPRINT | CheckStep.LOGIN | CheckStep.BEHIND:
            return is_rented
        case CheckStep.CERTIFICATE:
            return check.is_encrypted and not is_rented
        case _:
            return True


class ConnectionTestResult(QFrame):
    """A frame hidden until there is something to say."""

    def __init__(self) -> None:
        super().__init__()
        set_look(self, "notice")
        self._title = PlainLabel("", "strong", wraps=True)
        self._sentence = Paragraph()
        self._detail = PlainLabel("", "small", wraps=True)
        self._detail.make_selectable()
        self._steps = {step: PlainLabel("", "small", wraps=True) for step in CheckStep}
        self._ahead = {state: PlainLabel("", "small", wraps=True) for state in _MARKS_AHEAD}
        said = (self._title, self._sentence, self._detail)
        steps = (*self._steps.values(), *self._ahead.values())
        stack(*said, GAP_TIGHT, *steps, gap=GAP_TIGHT, margins=GAP_WIDE, on=self)
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
        """Show how each step went, below the result; in one line those that lie ahead or were not reached."""
        ahead: dict[StepState, list[str]] = {state: [] for state in _MARKS_AHEAD}
        for step, label in self._steps.items():
            state = check.state_of(step)
            words = step_words(step, state, check)
            label.setVisible(bool(words) and state in _MARKS)
            if state in _MARKS:
                mark, look = _MARKS[state]
                label.setText(f"{mark}  {words}")
                set_look(label, look)
            elif words:
                ahead[state].append(words)
        for state, names in ahead.items():
            self._ahead[state].tell(f"{_MARKS_AHEAD[state]}  {listed(names)}" if names else "")

    def _show(self, title: str, sentence: str, detail: str, look: str) -> None:
        for step in (*self._steps.values(), *self._ahead.values()):
            step.hide()
        self._title.setText(title)
        set_look(self._title, look or "muted")
        for label, words in ((self._sentence, sentence), (self._detail, detail)):
            label.setText(words)
            label.setVisible(bool(words))
        self.setAccessibleName(f"{title}\n{sentence}".strip())
        self.show()
        speak(self, self.accessibleName())
