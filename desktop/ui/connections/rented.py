"""The part of the form for a rented computer, and the question if it is the right one, asked with its fingerprint."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.core.connection import Connection, ConnectionKind, SshLogin, SshProof
from desktop.core.connections.ssh_line import SshLine, SshLineError, SshLineFault, line_of, ssh_line
from desktop.core.connections.tunnel import FAR_PORTS
from desktop.core.message import Failure
from desktop.core.place import place_of_host
from desktop.ui.connections.fields import FileField
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_SECTION, GAP_WIDE
from desktop.ui.widgets.form_parts import ChoiceBox, labelled, line_field
from desktop.ui.widgets.labels import Paragraph, PlainLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.widgets.place_badge import PlaceBadge
from desktop.ui.words import fill, say_each


class HostQuestion(QFrame):
    """A frame that is hidden until there is something to ask."""

    confirmed = Signal(str)  # the fingerprint that the user was asked about
    renewed = Signal()  # the fingerprint of before, and the password, are to be forgotten

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_new = True
        self._is_sure = False
        set_look(self, "notice")
        self._words = Paragraph()
        self._fingerprint = PlainLabel("", "strong", wraps=True)
        self._fingerprint.make_selectable()
        self._fingerprint.setAccessibleName(self.tr("Fingerprint"))
        self._yes = QPushButton()
        self._no = QPushButton(self.tr("No"))
        for button in (self._yes, self._no):
            button.setAutoDefault(False)
        column = stack(self._words, self._fingerprint, margins=GAP_WIDE, on=self)
        row = stack(self._yes, self._no, None, across=True)
        column.addLayout(row)
        self._yes.clicked.connect(self._step)
        self._no.clicked.connect(self.hide)
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
        self._no.setText(self.tr("No"))
        self._no.setFocus(Qt.FocusReason.OtherFocusReason)

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
            self._no.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.hide()
            self.renewed.emit()


# What mostly listens at a port, until a test has looked.
_USUAL = {11434: (ConnectionKind.OLLAMA, "custom"), 8000: (ConnectionKind.OPENAI_COMPAT, "vllm")}


class LineField(QLineEdit):
    """A field for the provider's line; a password that was copied along, in a second line, goes to its own field."""

    lines_pasted = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = QApplication.clipboard().text() if event.matches(QKeySequence.StandardKey.Paste) else ""
        if "\n" in text.strip():
            self.lines_pasted.emit(text)
        else:
            super().keyPressEvent(event)


class RentedPart(QWidget):
    """The fields of a rented computer; hidden for all other connections."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._far_host = "localhost"
        self._found: list[Connection] = []
        self._edited: SshLogin | None = None
        self._make_fields(theme)
        self._lay_out()
        self.lines: tuple[QLineEdit, ...] = (self._line, self._secret, self._key_file.line, self._port)
        self._line.lines_pasted.connect(self._take_lines)
        self._line.textChanged.connect(self._take_line)
        self._proof.activated.connect(self._show_proof)
        for field in self.lines:
            field.textChanged.connect(self.changed)
        self._proof.activated.connect(self.changed)

    def _make_fields(self, theme: Theme) -> None:
        self._line = LineField()
        self._line.setAccessibleName(self.tr("Line of the provider"))
        self._line.setPlaceholderText("ssh -p 12345 root@region-1.example.com")
        self._said = PlainLabel("", "small", wraps=True)
        self._badge = PlaceBadge(theme)
        self._proof = ChoiceBox(theme)
        self._proof.setAccessibleName(self.tr("Sign in with"))
        self._proof.addItem(self.tr("Password"), SshProof.PASSWORD)
        self._proof.addItem(self.tr("Key file"), SshProof.KEY_FILE)
        self._proof.addItem(self.tr("Keys of this computer's SSH agent"), SshProof.AGENT)
        self._secret = line_field(self.tr("Password"))
        self._secret.setEchoMode(QLineEdit.EchoMode.Password)
        self._secret_words = PlainLabel("", "small", wraps=True)
        self._key_file = FileField(self.tr("Key file"))
        self._port = line_field(self.tr("Port of the model server"))
        self._port.setValidator(QIntValidator(1, 65535, self._port))
        ports = ", ".join(map(str, FAR_PORTS))
        self._port.setPlaceholderText(fill(self.tr("Test looks for it: %1"), ports))
        self._servers = QWidget()
        self._server_row = QHBoxLayout(self._servers)
        self._server_row.setContentsMargins(0, 0, 0, 0)
        self._server_row.setSpacing(GAP)

    def _lay_out(self) -> None:
        column = stack(
            labelled(self.tr("&Line of the provider"), self._line, self._said, self._badge),
            labelled(self.tr("Sign in &with"), self._proof),
            gap=GAP_SECTION,
            on=self,
        )
        self._file_rows = labelled(self.tr("Key &file"), self._key_file)
        self._secret_title = PlainLabel("", "strong")
        self._secret_rows = QWidget()
        secrets = QVBoxLayout(self._secret_rows)
        secrets.setContentsMargins(0, 0, 0, 0)
        for widget in (self._secret_title, self._secret, self._secret_words):
            secrets.addWidget(widget)
        column.addWidget(self._file_rows)
        column.addWidget(self._secret_rows)
        column.addWidget(labelled(self.tr("P&ort of the model server there"), self._port, self._servers))

    def begin_with(self, connection: Connection | None) -> None:
        """Show the login of a connection, or an empty one."""
        login = connection.ssh if connection is not None else None
        self._edited = login
        self._found = []
        self._far_host = "localhost"
        self._line.setText(line_of(login) if login is not None else "")
        self._show_line()  # also where the line stays as empty as it was
        self._proof.setCurrentIndex(self._proof.findData(login.proof if login is not None else SshProof.PASSWORD))
        self._key_file.line.setText(login.key_file if login is not None else "")
        self._secret.clear()
        self._port.clear()
        if login is not None and connection is not None and connection.address:
            host, port = _far_end(connection.address)
            self._far_host = host
            self._port.setText(port)
            self._found = [connection]
        self._show_found()
        self._show_proof()

    @property
    def secret(self) -> str:
        """The password or passphrase that was typed, as it is: spaces may belong to it."""
        return self._secret.text() if self._proof.currentData() is not SshProof.AGENT else ""

    @property
    def is_complete(self) -> bool:
        """True if a computer can be asked; the port may still be looked for."""
        return self._said_line() is not None and (self._proof_chosen is not SshProof.KEY_FILE or bool(self._file))

    @property
    def has_port(self) -> bool:
        return bool(self._port.text())

    def forget_secret(self) -> None:
        """Erase the password from the form once it has been handed on."""
        self._secret.clear()

    def login(self) -> SshLogin | None:
        """Return the login as it is filled in; None while the line is none."""
        line = self._said_line()
        if line is None:
            return None
        has_file = self._proof_chosen is SshProof.KEY_FILE
        login = SshLogin(
            host=line.host, user=line.user, port=line.port, proof=self._proof_chosen, key_file=self._file * has_file
        )
        return self._edited if self._edited is not None and self._is_same(login) else login

    def connection(self, name: str, identity: str) -> Connection:
        """Return the connection; its address is empty while the port of its server is not known."""
        port = int(self._port.text() or 0)
        address = f"http://{self._far_host}:{port}" if port else ""
        found = next((each for each in self._found if _far_end(each.address) == (self._far_host, str(port))), None)
        kind, preset = (found.kind, found.preset) if found else _USUAL.get(port, (ConnectionKind.OPENAI_COMPAT, ""))
        if address and kind is ConnectionKind.OPENAI_COMPAT:
            address += "/v1"
        return Connection(
            kind=kind, name=name, address=address, preset=preset or "custom", ssh=self.login(), id=identity
        )

    def show_problem(self) -> None:
        """Say what is missing or wrong, and go there."""
        if self._said_line() is None:
            self._said.setText(say_each("connections.line", _fault_of(self._line.text()) or SshLineFault.HOST))
            set_look(self._said, "danger")
            self._said.show()
            self._line.setFocus()
        else:
            self._key_file.setFocus()

    def show_servers(self, found: Sequence[Connection]) -> bool:
        """Offer the model servers that were found; return True if there is one, which is taken."""
        self._found = list(found)
        if len(found) == 1:
            self._take(found[0])
        self._show_found()
        return len(found) == 1

    def _take(self, server: Connection) -> None:
        self._far_host, port = _far_end(server.address)
        self._port.setText(port)

    def _show_found(self) -> None:
        while (item := self._server_row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for server in self._found if len(self._found) > 1 else ():
            button = QPushButton(f"{server.name} ({_far_end(server.address)[1]})")
            button.setAutoDefault(False)
            button.clicked.connect(lambda _=False, each=server: self._take(each))
            self._server_row.addWidget(button)
        self._server_row.addStretch(1)
        self._servers.setVisible(len(self._found) > 1)

    @property
    def _proof_chosen(self) -> SshProof:
        return SshProof(self._proof.currentData())

    @property
    def _file(self) -> str:
        return self._key_file.path()

    def _is_same(self, login: SshLogin) -> bool:
        before = self._edited
        same = (login.origin, login.proof, login.key_file)
        return before is not None and same == (before.origin, before.proof, before.key_file)

    def _said_line(self) -> SshLine | None:
        try:
            return ssh_line(self._line.text())
        except SshLineError:
            return None

    def _take_lines(self, text: str) -> None:
        try:
            said = ssh_line(text)
        except SshLineError:
            self._line.setText(" ".join(text.split()))
            return
        self._line.setText(text.strip().splitlines()[0].strip())
        if said.password:
            self._secret.setText(said.password)

    def _take_line(self) -> None:
        """Say what the line is understood as, and fill in what it tells besides the login."""
        self._show_line()
        line = self._said_line()
        if line is not None and line.far_port:
            self._far_host = line.far_host
            self._port.setText(str(line.far_port))
        if line is not None and line.key_file:
            self._key_file.line.setText(line.key_file)
            self._proof.setCurrentIndex(self._proof.findData(SshProof.KEY_FILE))
        self._show_proof()

    def _show_line(self) -> None:
        """Say what the line is understood as; of no line, also not where words would go."""
        line = self._said_line()
        self._badge.setVisible(line is not None)
        if line is None:
            fault = _fault_of(self._line.text()) or SshLineFault.HOST
            self._said.setText(say_each("connections.line", fault))
            self._said.setVisible(fault is not SshLineFault.EMPTY)
            set_look(self._said, "danger")
            return
        self._badge.show_place(place_of_host(line.host))
        words = fill(self.tr("%1 at %2, port %3"), line.user, line.host, str(line.port))
        ignored = ", ".join(line.ignored)
        more = fill(self.tr("Without effect here: %1"), ignored) if ignored else ""
        self._said.setText("\n".join(filter(None, (words, more))))
        self._said.show()
        set_look(self._said, "small")

    def _show_proof(self) -> None:
        proof = self._proof_chosen
        self._file_rows.setVisible(proof is SshProof.KEY_FILE)
        self._secret_rows.setVisible(proof is not SshProof.AGENT)
        is_password = proof is SshProof.PASSWORD
        title = self.tr("Password") if is_password else self.tr("Passphrase of the key file")
        self._secret_title.setText(title)
        self._secret.setAccessibleName(title)
        login = self.login()
        keeps = login is not None and login.has_secret
        usual = "" if is_password else self.tr("Only if the key has one")
        self._secret.setPlaceholderText(self.tr("Empty: the saved one stays") if keeps else usual)
        self._secret_words.setText(
            self.tr(
                "It is kept in this computer's keyring, and sent to the rented computer alone. Where there is no "
                "keyring, Candor keeps it until you close it."
            )
            if is_password
            else self.tr(
                "It is kept in this computer's keyring, and sent to nobody; the key file stays where it is. Where "
                "there is no keyring, Candor keeps it until you close it."
            )
        )


def _far_end(address: str) -> tuple[str, str]:
    """Return host and port of an address at the rented computer."""
    host, _, port = address.partition("://")[2].partition("/")[0].rpartition(":")
    return host, port


def _fault_of(text: str) -> SshLineFault | None:
    try:
        ssh_line(text)
    except SshLineError as error:
        return SshLineFault(str(error))
    return None
