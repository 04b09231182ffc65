"""What a form asks of a rented computer beside its fields: if it is the right one, and which server there is meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from desktop.core.connection import Connection, ConnectionKind, SshLogin, SshProof
from desktop.core.connections.ssh_line import SshLine, SshLineError, SshLineFault, ssh_line
from desktop.core.message import Failure
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.tokens import GAP_WIDE
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import Paragraph, PlainLabel
from desktop.ui.widgets.layout import stack

# What mostly listens at a port, until a test has looked.
_USUAL = {11434: (ConnectionKind.OLLAMA, "custom"), 8000: (ConnectionKind.OPENAI_COMPAT, "vllm")}


class HostQuestion(QFrame):
    """A frame that is hidden until there is something to ask."""

    confirmed = Signal(str)  # the fingerprint that the user was asked about
    renewed = Signal()  # the fingerprint of before, and the password, are to be forgotten

    def __init__(self) -> None:
        super().__init__()
        self._is_new = True
        self._is_sure = False
        set_look(self, "notice")
        self._words = Paragraph()
        self._fingerprint = PlainLabel("", "strong", wraps=True)
        self._fingerprint.make_selectable()
        self._fingerprint.setAccessibleName(self.tr("Fingerprint"))
        self._yes = button("", do=self._step)
        self._no = button(self.tr("No"), do=self.hide)
        ways = stack(self._yes, self._no, None, across=True)
        stack(self._words, self._fingerprint, ways, margins=GAP_WIDE, on=self)
        self.hide()

    def ask(self, failure: Failure | None) -> None:
        """Ask about the computer that a failed test has met; hide where a failure is about something else."""
        reason = failure.reason if failure is not None else ""
        is_asked = reason in ("ssh_new", "ssh_changed")
        self.setVisible(is_asked)
        if failure is None or not is_asked:
            return
        self._is_new, self._is_sure = reason == "ssh_new", False
        self._fingerprint.setText(failure.detail)
        if self._is_new:
            self._words.setText(
                self.tr(
                    "Is this the computer that you rented? If your provider shows a fingerprint, compare it with this"
                    " one. Candor remembers it and refuses any other at this address."
                )
            )
            self._yes.setText(self.tr("Yes, go on"))
        else:
            self._words.setText(
                self.tr(
                    "Providers give an address to the next customer, so this may be a new rental of yours. If it is"
                    " not, somebody may be listening in. This is the fingerprint now:"
                )
            )
            self._yes.setText(self.tr("It is a new rental"))
        self._no.setFocus()

    def _step(self) -> None:
        if self._is_new:
            self.hide()
            self.confirmed.emit(self._fingerprint.text())
        elif not self._is_sure:
            self._is_sure = True
            self._words.setText(
                self.tr(
                    "Then the fingerprint of before and the password are forgotten. Enter the new password, press Test"
                    " and confirm the new fingerprint."
                )
            )
            self._yes.setText(self.tr("Forget both"))
            self._no.setFocus()
        else:
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
        while (item := self._row.takeAt(0)) is not None:
            if (earlier := item.widget()) is not None:
                earlier.deleteLater()
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
