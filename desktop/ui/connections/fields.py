"""What the form for a connection is made of: its controls, the questions on a rented computer, the result of a test.

The controls are an address, a secret, a file, a port, and a line that may be pasted with a password. Of a rented
computer is asked if it is the right one, and which server there is meant. A test is told with each step in words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtGui import QIntValidator, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QFileDialog, QFrame, QLineEdit, QWidget

from desktop.core.connection import Connection, ConnectionKind, ProviderPreset, SshLogin, SshProof
from desktop.core.connections import (
    MOST_LETTERS,
    CheckStep,
    ConnectionCheck,
    SshLine,
    SshLineError,
    SshLineFault,
    StepState,
    is_host,
    longest_text,
    plain_form,
    ssh_line,
    strange_letter,
)
from desktop.core.message import Failure
from desktop.core.model import ModelInfo
from desktop.core.outgoing import cannot_reason
from desktop.core.place import Place, PlaceKind, place_of_host
from desktop.core.resources import QT_TRANSLATE_NOOP
from desktop.ui.errors import describe, is_of_server
from desktop.ui.look.stylesheet import GAP_TIGHT, GAP_WIDE, set_look
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.boxes import users_documents
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.form import Field, LineControl, Say, line_field
from desktop.ui.widgets.labels import Paragraph, PlainLabel, speak
from desktop.ui.widgets.layout import empty, stack
from desktop.ui.words import fill, listed, number, say, say_each, translate

_NAMED_OTHERWISE = (
    QT_TRANSLATE_NOOP("providers", "DashScope"),
    QT_TRANSLATE_NOOP("providers", "SiliconFlow"),
    QT_TRANSLATE_NOOP("providers", "Volcengine Ark"),
)


class FileControl(QWidget):
    """A line for the path of a file, and a button to choose one with."""

    def __init__(self, theme: Theme, field: Field, say: Say) -> None:
        super().__init__()
        self._title = name = field.name
        self.line = line_field(name)
        self.line.setPlaceholderText(field.hint)
        self.changed: SignalInstance = self.line.textChanged
        self.begin_with = self.line.setText
        words = self.tr("Choose…")
        choose = button(words, do=self._choose, name=f"{name}: {words}")
        stack((self.line, 1), choose, across=True, on=self)
        self.setFocusProxy(self.line)

    def value(self) -> str:
        """Return the path, without what stands around one that was copied."""
        return self.line.text().strip().strip("\"'")

    def _choose(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self.window(), self._title, str(users_documents()))
        if path:
            self.line.setText(path)
            self.line.textEdited.emit(path)


class PortControl(QLineEdit):
    """A line that takes the number of a port."""

    def __init__(self, theme: Theme, field: Field, say: Say) -> None:
        super().__init__()
        self.setPlaceholderText(field.hint)
        self.setValidator(QIntValidator(1, 65535, self))
        self.changed: SignalInstance = self.textChanged
        self.value = self.text
        self.begin_with = self.setText


class PastedLine(LineControl):
    """A line for that of a provider; a password that was copied along, in a second line, goes to its own field."""

    lines_pasted = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = QApplication.clipboard().text() if event.matches(QKeySequence.StandardKey.Paste) else ""
        if "\n" in text.strip():
            self.lines_pasted.emit(text)
        else:
            super().keyPressEvent(event)


def secret(theme: Theme, field: Field, say: Say) -> QWidget:
    """Return a control for a key or a password."""
    made = LineControl(theme, field, say)
    made.setEchoMode(QLineEdit.EchoMode.Password)
    return made


def provider_name(preset: ProviderPreset) -> str:
    """Return the name of a provider."""
    return translate("providers", preset.name) if preset.name in _NAMED_OTHERWISE else preset.name


def completed_address(typed: str) -> str:
    """Return the address with the usual scheme, which is mostly left out, and without a slash at the end.

    That is https to the internet, else http. Full-width letters and signs take their usual form.
    """
    address = " ".join(plain_form(typed).split())
    if not address or "://" in address or " " in address:
        return address if address.endswith("://") else address.rstrip("/")
    address = address.rstrip("/")
    place = place_of_address(f"//{address}")
    scheme = "https" if place is not None and place.kind is PlaceKind.INTERNET else "http"
    return f"{scheme}://{address}"


def place_of_address(address: str) -> Place | None:
    """Return where words sent to this address go; None while it is no address."""
    host = _host(address)
    return place_of_host(host) if host else None


def is_unencrypted(address: str) -> bool:
    """Return True if words and key would travel through a network where others can read them."""
    place = place_of_address(address)
    return address.lower().startswith("http://") and place is not None and not place.is_local


def unencrypted_words(place: Place | None) -> str:
    """Return who could read what is sent to this place by http."""
    if place is not None and place.kind is PlaceKind.INTERNET:
        return translate(
            "address", "http is not encrypted: anyone on the way can read your words and your key. Use https."
        )
    return translate(
        "address", "http is not encrypted: others in this network may be able to read your words and your key."
    )


def problem_with(address: str) -> str:
    """Return what is wrong with a completed address, in words; empty if nothing is."""
    if not address:
        return translate("address", "Enter the address of the server.")
    if " " in address:
        return translate("address", "This is not an address. It looks like https://server.example.com/v1.")
    scheme = address.partition("://")[0].lower()
    if scheme not in ("http", "https"):
        return translate("address", "The address must begin with http:// or https://.")
    try:
        parts = urlsplit(address)
        port_is_right = parts.port is None or parts.port > 0
        strange = strange_letter(parts.hostname or "")
    except ValueError:
        port_is_right, strange = False, ""
    strange = next((letter for letter in address if not letter.isprintable()), strange)
    if strange:
        shown = strange if strange.isprintable() else f"U+{ord(strange):04X}"
        return fill(translate("address", "There is a “%1” in this address, which no address has."), shown)
    if not port_is_right or not _host(address) or len(address) > MOST_LETTERS:
        return translate("address", "This is not an address. It looks like https://server.example.com/v1.")
    if "@" in parts.netloc:
        return translate("address", "Leave out what stands before the @. The key has a field of its own.")
    if parts.query or parts.fragment:
        return translate("address", "Leave out everything from the ? or # on.")
    return ""


def _host(address: str) -> str:
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return host if is_host(host) else ""


# What mostly listens at a port, until a test has looked.
_USUAL = {11434: (ConnectionKind.OLLAMA, "custom"), 8000: (ConnectionKind.OPENAI_COMPAT, "vllm")}


class HostQuestion(QFrame):
    """A frame that is hidden until there is something to ask."""

    confirmed = Signal(str)  # the fingerprint that the user was asked about
    renewed = Signal()  # the fingerprint of before, and the password, are to be forgotten

    def __init__(self) -> None:
        super().__init__()
        self._then: Callable[[], object] = self.hide  # what "yes" does
        set_look(self, "notice")
        self._words = Paragraph()
        self._fingerprint = PlainLabel("", "strong", wraps=True)
        self._fingerprint.make_selectable()
        self._fingerprint.setAccessibleName(self.tr("Fingerprint"))
        self._yes = button("", do=lambda: self._then())
        self._no = button(self.tr("No"), do=self.hide)
        ways = stack(self._yes, self._no, None, across=True)
        stack(self._words, self._fingerprint, ways, margins=GAP_WIDE, on=self)
        self.hide()

    def ask(self, failure: Failure | None) -> None:
        """Ask about the computer that a failed test has met; hide where a failure is about something else."""
        reason = failure.reason if failure is not None else ""
        self.setVisible(reason in ("ssh_new", "ssh_changed"))
        self._fingerprint.setText(failure.detail if failure is not None else "")
        if reason == "ssh_new":
            words = self.tr(
                "Is this the computer that you rented? If your provider shows a fingerprint, compare it with this"
                " one. Candor remembers it and refuses any other at this address."
            )
            self._put(words, self.tr("Yes, go on"), self._confirm)
        elif reason == "ssh_changed":
            words = self.tr(
                "Providers give an address to the next customer, so this may be a new rental of yours. If it is"
                " not, somebody may be listening in. This is the fingerprint now:"
            )
            self._put(words, self.tr("It is a new rental"), self._make_sure)

    def _put(self, words: str, yes: str, then: Callable[[], object]) -> None:
        self._words.setText(words)
        self._yes.setText(yes)
        self._then = then
        self._no.setFocus()

    def _confirm(self) -> None:
        self.hide()
        self.confirmed.emit(self._fingerprint.text())

    def _make_sure(self) -> None:
        words = self.tr(
            "Then the fingerprint of before and the password are forgotten. Enter the new password, press Test"
            " and confirm the new fingerprint."
        )
        self._put(words, self.tr("Forget both"), self._renew)

    def _renew(self) -> None:
        self.hide()
        self.renewed.emit()


class FoundServers(QWidget):
    """A row of the model servers that were found on a rented computer; hidden where there is nothing to choose."""

    chosen = Signal(object)  # a Connection

    def __init__(self) -> None:
        super().__init__()
        self.found: Sequence[Connection] = ()
        self._row = stack(across=True, on=self)

    def show_servers(self, found: Sequence[Connection]) -> None:
        """Offer these."""
        self.found = found
        empty(self._row)
        for server in found if len(found) > 1 else ():
            words = f"{server.name} ({far_end(server.address)[1]})"
            self._row.addWidget(button(words, do=partial(self.chosen.emit, server)))
        self._row.addStretch(1)
        self.setVisible(len(found) > 1)


def read_line(text: str) -> tuple[SshLine | None, SshLineFault | None]:
    """Return what a line says, or what is wrong with it."""
    try:
        return ssh_line(text), None
    except SshLineError as error:
        return None, SshLineFault(str(error))


def login_filled_in(values: Mapping[str, Any], before: SshLogin | None) -> SshLogin | None:
    """Return the login of a form's values, which may be that of `before`; None while its line is none."""
    line, _ = read_line(values["line"])
    if line is None:
        return None
    proof = SshProof(values["proof"])
    key_file = values["key_file"] if proof is SshProof.KEY_FILE else ""
    login = SshLogin(host=line.host, user=line.user, port=line.port, proof=proof, key_file=key_file)
    same = (login.origin, login.proof, login.key_file)
    return before if before is not None and same == (before.origin, before.proof, before.key_file) else login


def rented_connection(
    name: str, identity: str, login: SshLogin | None, far_host: str, far_port: int, found: Sequence[Connection]
) -> Connection:
    """Return the connection; its address is empty while the port of its server is not known."""
    known = next((each for each in found if far_end(each.address) == (far_host, str(far_port))), None)
    kind, preset = _USUAL.get(far_port, (ConnectionKind.OPENAI_COMPAT, "custom"))
    if known is not None:
        kind, preset = known.kind, known.preset or "custom"
    path = "/v1" if kind is ConnectionKind.OPENAI_COMPAT else ""
    address = f"http://{far_host}:{far_port}{path}" if far_port else ""
    return Connection(kind=kind, name=name, address=address, preset=preset, ssh=login, id=identity)


def far_end(address: str) -> tuple[str, str]:
    """Return host and port of an address at the rented computer."""
    host, _, port = address.partition("://")[2].partition("/")[0].rpartition(":")
    return host, port


_MARKS = {
    StepState.PASSED: ("✓", "small ink"),
    StepState.FAILED: ("✗", "small danger"),
    StepState.NOTED: ("·", "small"),
    StepState.PENDING: ("…", "small"),
    StepState.NOT_REACHED: ("–", "small"),
}
_AHEAD = (StepState.PENDING, StepState.NOT_REACHED)
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
        self._steps = stack(gap=GAP_TIGHT)
        said = (self._title, self._sentence, self._detail)
        stack(*said, GAP_TIGHT, self._steps, gap=GAP_TIGHT, margins=GAP_WIDE, on=self)
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
        empty(self._steps)
        states = {step: check.state_of(step) for step in CheckStep}
        told = [(state, words) for step, state in states.items() if (words := step_words(step, state, check))]
        lines = [each for each in told if each[0] not in _AHEAD]
        lines += [(state, listed(words for each, words in told if each is state)) for state in _AHEAD]
        for state, words in lines:
            if words:
                mark, look = _MARKS[state]
                line = PlainLabel(f"{mark}  {words}", look, wraps=True)
                self._steps.addWidget(line)
                line.show()

    def _show(self, title: str, sentence: str, detail: str, look: str) -> None:
        empty(self._steps)
        self._title.setText(title)
        set_look(self._title, look or "muted")
        for label, words in ((self._sentence, sentence), (self._detail, detail)):
            label.setText(words)
            label.setVisible(bool(words))
        self.setAccessibleName(f"{title}\n{sentence}".strip())
        self.show()
        speak(self, self.accessibleName())
