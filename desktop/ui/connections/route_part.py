"""The part of the form on the way to a server: by which proxy it is reached, and which certificates count.

Only what can matter is shown: no proxy for servers nearby, no certificates for plain http. Reads no file.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from desktop.core.connection import ProxyMode, Route
from desktop.core.connections.addresses import parted_from_login, plain_form
from desktop.core.message import Failure
from desktop.core.place import Place, PlaceKind
from desktop.core.policy.fixed import Policy
from desktop.ui.connections.fields import FileField
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_SECTION
from desktop.ui.policy.fixed_note import FixedNote
from desktop.ui.widgets.form_parts import ChoiceBox, labelled, line_field
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import stack

_BUNDLES = (".p12", ".pfx")  # that hold the key of a certificate as well


class RoutePart(QWidget):
    """The part of proxy and certificates. `lines` are those that are typed into."""

    changed = Signal()

    def __init__(self, theme: Theme, policy: Policy, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._policy = policy
        self._make_fields(theme)
        self._proxy_rows = self._group(
            labelled(self.tr("Pro&xy"), self._proxy, self._proxy_note),
            *([FixedNote(theme, policy)] if policy.proxy else []),
            self._proxy_address_row,
            self._login_rows,
        )
        self._certificate_rows = self._group(
            labelled(self.tr("Certificates to &trust as well"), self._trusted, self._everywhere),
            labelled(self.tr("&Your certificate"), self._own, self._own_note),
            self._own_key_row,
            self._own_password_row,
        )
        stack(self._proxy_rows, self._certificate_rows, gap=GAP_SECTION, on=self)
        self._connect()

    def _make_fields(self, theme: Theme) -> None:
        self._proxy = ChoiceBox(theme)
        self._proxy.setAccessibleName(self.tr("Proxy"))
        self._proxy.addItem(self.tr("As set on this computer"), ProxyMode.SYSTEM)
        self._proxy.addItem(self.tr("No proxy"), ProxyMode.NONE)
        self._proxy.addItem(self.tr("By hand"), ProxyMode.MANUAL)
        self._proxy.setEnabled(not self._policy.proxy)
        self._proxy_note = PlainLabel(
            self.tr("For servers on the internet. Those of this computer and of your network are reached directly."),
            "small",
            wraps=True,
        )
        self._proxy_address = line_field(self.tr("Address of the proxy"))
        self._proxy_address.setPlaceholderText("http://proxy.example.com:3128")
        self._proxy_address.setReadOnly(bool(self._policy.proxy))
        self._proxy_address_row = labelled(self.tr("A&ddress of the proxy"), self._proxy_address)
        self._user = line_field(self.tr("Name for the proxy"))
        self._user.setPlaceholderText(self.tr("Only if the proxy asks for one"))
        self._password = self._secret(self.tr("Password for the proxy"))
        self._login_rows = self._group(
            labelled(self.tr("Name for the proxy"), self._user),
            labelled(self.tr("Password for the proxy"), self._password),
        )
        self._trusted = FileField(
            self.tr("Certificates to trust as well"), self.tr("A .pem, .crt or .cer file of your company")
        )
        self._everywhere = QCheckBox(self.tr("At all connections"))
        self._everywhere.setAccessibleName(self._everywhere.text())
        hint = self.tr("A .pem, .p12 or .pfx file, only if the server asks for one")
        self._own = FileField(self.tr("Your certificate"), hint)
        self._own_note = PlainLabel(
            self.tr(
                "Its file stays where it is. The password is kept in this computer's keyring. Where there is none, "
                "Candor keeps it until you close it."
            ),
            "small",
            wraps=True,
        )
        self._own_key = FileField(self.tr("Key of your certificate"), self.tr("Only if it is in a file of its own"))
        self._own_password = self._secret(self.tr("Password of your certificate"))
        self._own_key_row = labelled(self.tr("Key of your certificate"), self._own_key)
        self._own_password_row = labelled(self.tr("Password of your certificate"), self._own_password)
        files = (self._trusted.line, self._own.line, self._own_key.line)
        self.lines = (self._proxy_address, self._user, self._password, *files, self._own_password)

    def _secret(self, name: str) -> QLineEdit:
        field = line_field(name)
        field.setEchoMode(QLineEdit.EchoMode.Password)
        return field

    def _group(self, *rows: QWidget) -> QWidget:
        group = QWidget()
        stack(*rows, gap=GAP_SECTION, on=group)
        return group

    def _connect(self) -> None:
        self._proxy.activated.connect(self._take_change)
        self._everywhere.clicked.connect(self._take_change)
        for line in self.lines:
            line.textChanged.connect(self._take_change)
        self._proxy_address.editingFinished.connect(self._part_login)

    def begin_with(self, route: Route, trusted_everywhere: str = "") -> None:
        """Show a way; a file that is trusted at all connections stands for that of a connection without one."""
        shown = self._policy.route_of(route)
        self._proxy.setCurrentIndex(max(0, self._proxy.findData(shown.proxy)))
        self._proxy_address.setText(parted_from_login(shown.proxy_address)[0])
        self._user.setText(route.proxy_user)
        self._trusted.line.setText(route.ca_file or trusted_everywhere)
        self._everywhere.setChecked(bool(trusted_everywhere) and not route.ca_file)
        self._own.line.setText(route.certificate)
        self._own_key.line.setText(route.certificate_key)
        stays = self.tr("Empty: the saved password stays")
        self._password.setPlaceholderText(stays if route.has_proxy_password else "")
        self._own_password.setPlaceholderText(stays if route.has_certificate_password else "")
        self.forget_secrets()
        self._show_rows()

    def route(self) -> Route:
        """Return the way that is shown, as it holds for this connection alone."""
        has_own = bool(self._own.path())
        address, user, _ = self._proxy_parts
        is_manual = self._proxy.currentData() == ProxyMode.MANUAL
        has_key_file = has_own and not self._own.path().lower().endswith(_BUNDLES)
        return Route(
            proxy=ProxyMode(self._proxy.currentData()) if not self._policy.proxy else ProxyMode.SYSTEM,
            proxy_address=address if is_manual and not self._policy.proxy else "",
            proxy_user=user if is_manual else "",
            ca_file=self._trusted.path(),
            certificate=self._own.path(),
            certificate_key=self._own_key.path() if has_key_file else "",
        )

    @property
    def trusted_everywhere(self) -> str:
        """The file that is to be trusted at all connections; empty for none."""
        return self._trusted.path() if self._everywhere.isChecked() else ""

    @property
    def passwords(self) -> tuple[str, str]:
        """The passwords that were typed, for the proxy and of the certificate; empty: the saved ones stay."""
        return self._proxy_parts[2], self._own_password.text()

    def forget_secrets(self) -> None:
        """Erase the passwords once they have been handed on."""
        self._part_login()
        self._password.clear()
        self._own_password.clear()

    def show_for(self, place: Place | None, *, is_encrypted: bool) -> None:
        """Show what can matter for a server at this place, with https or without."""
        is_far = place is not None and place.kind is PlaceKind.INTERNET
        self._proxy_rows.setVisible(is_far)
        self._certificate_rows.setVisible(is_encrypted)
        self.setVisible(is_far or is_encrypted)

    @staticmethod
    def can_mend(failure: Failure) -> bool:
        """Return True if something here can help where a test has failed so."""
        return failure.reason in _MENDED_HERE or failure.reason.startswith(("ca_", "own_", "proxy"))

    @property
    def _proxy_parts(self) -> tuple[str, str, str]:
        """The proxy's address, name and password; a login in the address counts, as if typed into its fields."""
        address, name, password = parted_from_login(plain_form(self._proxy_address.text()))
        return address, name or self._user.text().strip(), password or self._password.text()

    def _part_login(self) -> None:
        """Move a login out of the address, where its password could be seen, into its own fields."""
        if "@" in plain_form(self._proxy_address.text()):
            address, name, password = self._proxy_parts
            self._proxy_address.setText(address)
            self._user.setText(name)
            self._password.setText(password)

    def _take_change(self) -> None:
        self._show_rows()
        self.changed.emit()

    def _show_rows(self) -> None:
        is_manual = self._proxy.currentData() == ProxyMode.MANUAL
        self._proxy_address_row.setVisible(is_manual)
        self._login_rows.setVisible(is_manual)
        self._everywhere.setEnabled(bool(self._trusted.path()))
        path = self._own.path()
        self._own_key_row.setVisible(bool(path) and not path.lower().endswith(_BUNDLES))
        self._own_password_row.setVisible(bool(path))


_MENDED_HERE = frozenset({"tls_unknown", "tls_chain", "tls_self_signed", "tls_client", "tls_client_refused"})
