"""The form for one connection: address, key and a test, and where words and key would go; the rest is folded.

It checks what can be seen from what is filled in; testing and saving are done by its listeners.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from desktop.core.connection import (
    Connection,
    ConnectionKind,
    ProviderPreset,
    ProxyMode,
    Route,
    Secrets,
    SshLogin,
    SshProof,
)
from desktop.core.connections import FAR_PORTS, ConnectionCheck, SshLineFault, line_of, parted_from_login, plain_form
from desktop.core.message import Failure, new_id
from desktop.core.model import ModelInfo
from desktop.core.models.place import forwarding_host
from desktop.core.place import Place, PlaceKind, place_of_host
from desktop.core.policy.fixed import Policy
from desktop.ui.connections.fields import (
    ConnectionTestResult,
    FileControl,
    FoundServers,
    HostQuestion,
    PastedLine,
    PortControl,
    completed_address,
    far_end,
    is_unencrypted,
    login_filled_in,
    place_of_address,
    problem_with,
    provider_name,
    read_line,
    rented_connection,
    secret,
    unencrypted_words,
)
from desktop.ui.look.stylesheet import GAP_SECTION, set_look
from desktop.ui.look.theme import Theme
from desktop.ui.policy import FixedNote
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.form import Field, Form, choice, switch
from desktop.ui.widgets.labels import Paragraph, PlaceBadge, PlainLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.words import fill, say_each

OLLAMA = "ollama"
CUSTOM = "custom"
RENTED = "rented"  # a computer that is reached through SSH, whatever its model server speaks
_OLLAMA_ADDRESS = "http://127.0.0.1:11434"
_LONGEST = 8_192  # letters, and more than any key has
_BUNDLES = (".p12", ".pfx")  # that hold the key of a certificate as well
_SECRETS = ("key", "password", "passphrase", "proxy_password", "certificate_password")
_MENDED_BY_ROUTE = ("tls_unknown", "tls_chain", "tls_self_signed", "tls_client", "tls_client_refused")


class ConnectionForm(QFrame):
    """A form that begins with `begin_new` or `begin_edit`; emits what to test and what to save."""

    test_requested = Signal(object, object)  # a Connection and the Secrets typed, empty ones: those that are saved
    save_requested = Signal(object, object)
    host_confirmed = Signal(object, str)  # SshLogin: its computer is the one with this fingerprint
    host_renewed = Signal(object)  # SshLogin: at its address is another computer now
    result_shown = Signal()  # of a test, or a question that has come of it
    trust_requested = Signal(str)  # before a save: the file of certificates to trust at all connections has changed

    def __init__(self, theme: Theme, presets: list[ProviderPreset], policy: Policy) -> None:
        super().__init__()
        self._theme = theme
        self._presets = {preset.id: preset for preset in presets}
        self._policy = policy
        self._trusted_everywhere = self._everywhere_at_first = ""
        self._edited: Connection | None = None
        self._new_id = new_id()
        self._is_filling = False  # by the form itself
        self._is_testing = False
        self._is_fixed = False  # all but the key
        self._is_key_first = False
        self._has_typed = False  # what would be lost without a word
        self._own = {"name": "", "address": ""}  # filled in by the form itself, free to change with the provider
        self._recognised = ""  # the provider that was chosen by the form itself, since its address was typed
        self._ollama_address = _OLLAMA_ADDRESS
        self._far_host = "localhost"  # at the rented computer
        self._key_is_kept = self.tr(
            "The key is kept in this computer's keyring. Where there is none, Candor keeps it until you close it."
        )
        set_look(self, "card")
        self._title = PlainLabel("", "heading", wraps=True)
        self.fields = Form(theme, [*self._first_fields(), *self._network_fields()])
        self._put_below()
        self._result = ConnectionTestResult()
        self._question = HostQuestion()
        self._discard_note = PlainLabel(self.tr("Leave once more to discard what you typed."), "muted", wraps=True)
        self._discard_note.hide()
        asked = self.tr("Ask the server which models it has, and one of them for a word. Nothing of yours is sent.")
        self._test = button(self.tr("Test"), do=lambda: self._submit(is_save=False), hint=asked)
        self._save = button(self.tr("Save"), "filled", lambda: self._submit(is_save=True), fill="accent")
        self._cancel = button(self.tr("Cancel"))
        self.cancelled: SignalInstance = self._cancel.clicked
        foot = stack(self._test, None, self._cancel, self._save, across=True)
        # Below the buttons, which stay where they are while these come and go.
        news = (self._unencrypted, self._result, self._question, self._discard_note)
        parts = (self._title, self.fields, foot, *news, None)
        stack(*parts, gap=GAP_SECTION, margins=GAP_SECTION, on=self)
        self._connect()
        self.begin_new()

    # What it is made of

    def _first_fields(self) -> list[Field]:
        proofs = (
            (self.tr("Password"), SshProof.PASSWORD),
            (self.tr("Key file"), SshProof.KEY_FILE),
            (self.tr("Keys of this computer's SSH agent"), SshProof.AGENT),
        )
        providers = [
            (self.tr("Company server, or any other"), CUSTOM),
            (self.tr("Ollama"), OLLAMA),
            (self.tr("Rented computer (SSH)"), RENTED),
        ]
        for preset in sorted(self._presets.values(), key=lambda one: one.name.casefold()):
            if preset.id != CUSTOM:
                providers.append((provider_name(preset), preset.id))
        line = "ssh -p 12345 root@region-1.example.com"
        ports = fill(self.tr("Test looks for it: %1"), ", ".join(map(str, FAR_PORTS)))
        kept = self.tr(
            "It is kept in this computer's keyring, and sent to the rented computer alone. Where there is no keyring,"
            " Candor keeps it until you close it."
        )
        kept_here = self.tr(
            "It is kept in this computer's keyring, and sent to nobody; the key file stays where it is. Where there is"
            " no keyring, Candor keeps it until you close it."
        )
        beyond = self.tr("Only for a gateway, such as LiteLLM, that sends your words on to the internet: where to.")
        return [
            Field("address", self.tr("&Address"), longest=_LONGEST),
            Field("line", self.tr("&Line of the provider"), PastedLine, hint=line, longest=_LONGEST),
            Field("proof", self.tr("Sign in &with"), choice, SshProof.PASSWORD, proofs),
            Field("key_file", self.tr("Key &file"), FileControl),
            Field("password", self.tr("Password"), secret, note=kept, longest=_LONGEST),
            Field(
                "passphrase",
                self.tr("Passphrase of the key file"),
                secret,
                hint=self.tr("Only if the key has one"),
                note=kept_here,
                longest=_LONGEST,
            ),
            Field("port", self.tr("P&ort of the model server there"), PortControl, hint=ports),
            Field("key", self.tr("&Key"), secret, longest=_LONGEST),
            Field("provider", self.tr("&Provider"), choice, CUSTOM, providers, more=True),
            Field("name", self.tr("&Name in Candor"), longest=80, more=True),
            Field("passes_on", self.tr("Passes &on to"), hint="api.example.com", note=beyond, more=True),
        ]

    def _network_fields(self) -> list[Field]:
        proxies = [(say_each("connections.proxy", each), each) for each in ProxyMode]
        login, trusted = self.tr("Only if the proxy asks for one"), self.tr("A .pem, .crt or .cer file of your company")
        own = self.tr("A .pem, .p12 or .pfx file, only if the server asks for one")
        apart = self.tr("Only if it is in a file of its own")
        address = "http://proxy.example.com:3128"
        far = self.tr("For servers on the internet. Those of this computer and of your network are reached directly.")
        stays = self.tr(
            "Its file stays where it is. The password is kept in this computer's keyring. Where there is none, Candor"
            " keeps it until you close it."
        )
        return [
            Field("proxy", self.tr("Pro&xy"), choice, ProxyMode.SYSTEM, proxies, note=far, more=True),
            Field("proxy_address", self.tr("A&ddress of the proxy"), hint=address, more=True),
            Field("proxy_user", self.tr("Name for the proxy"), hint=login, more=True),
            Field("proxy_password", self.tr("Password for the proxy"), secret, more=True),
            Field("trusted", self.tr("Certificates to &trust as well"), FileControl, hint=trusted, more=True),
            Field("everywhere", self.tr("At all connections"), switch, False, more=True),
            Field("certificate", self.tr("&Your certificate"), FileControl, hint=own, note=stays, more=True),
            Field("certificate_key", self.tr("Key of your certificate"), FileControl, hint=apart, more=True),
            Field("certificate_password", self.tr("Password of your certificate"), secret, more=True),
        ]

    def _put_below(self) -> None:
        """Put below some fields what is shown of their values."""
        self._badges = {key: PlaceBadge(self._theme) for key in ("address", "line")}
        room = self._badges["address"].sizePolicy()
        room.setRetainSizeWhenHidden(True)
        self._badges["address"].setSizePolicy(room)
        self._unencrypted, self._servers = Paragraph("", "internet"), FoundServers()
        for key, badge in self._badges.items():
            self.fields.fields[key].put_below(badge)
        self.fields.fields["port"].put_below(self._servers)
        if self._policy.proxy:
            self.fields.fields["proxy"].put_below(FixedNote(self._theme, self._policy))

    def _connect(self) -> None:
        self.fields.changed.connect(self._on_changed)
        self.fields.entered.connect(lambda: self._submit(is_save=True))
        self._control("address").editingFinished.connect(self._complete_address)
        self._control("proxy_address").editingFinished.connect(self._part_proxy_login)
        self._control("line").lines_pasted.connect(self._take_lines)
        self._servers.chosen.connect(self._take_server)
        self._question.confirmed.connect(lambda shown: self.host_confirmed.emit(self._login(), shown))
        self._question.renewed.connect(self._renew_host)
        for each in self.findChildren(QLineEdit):
            each.textEdited.connect(lambda _: self._note_typing())
        if self._policy.proxy:
            self._control("proxy").setEnabled(False)
            self._control("proxy_address").setReadOnly(True)

    def _control(self, key: str) -> Any:
        return self.fields.fields[key].control

    # How it begins

    def begin_new(self) -> None:
        """Show an empty form for a new connection."""
        is_offered = self._ollama_address != _OLLAMA_ADDRESS  # by the settings of this computer
        kind = ConnectionKind.OLLAMA if is_offered else ConnectionKind.OPENAI_COMPAT
        self._edited = None
        self._begin(Connection(kind=kind, name="", address=""), self.tr("Add a connection"))
        self._take_provider()

    def begin_edit(self, connection: Connection, *, key_only: bool = False, refused: Failure | None = None) -> None:
        """Show the form for an existing connection; an empty key leaves the saved one as it is.

        `key_only`: nothing else of it can be changed. `refused`: why its key was not accepted.
        """
        self._edited = connection
        self._begin(connection, fill(self.tr("Edit %1"), connection.name), key_only=key_only)
        self._is_key_first = key_only or refused is not None
        self._show()
        if refused is not None:
            self._result.show_failure(refused)

    def _begin(self, connection: Connection, title: str, *, key_only: bool = False) -> None:
        self._has_typed = False
        self._discard_note.hide()
        self.fields.set_open(False)
        self._title.setText(title)
        self._own = {"name": "", "address": ""}
        self._is_key_first, self._is_fixed = False, key_only
        for key in ("address", "passes_on", "name"):
            self._control(key).setReadOnly(key_only)
        self._control("provider").setEnabled(not key_only)
        login, route, everywhere = connection.ssh, connection.route, self._trusted_everywhere
        shown = self._policy.route_of(route)
        self._everywhere_at_first = "" if route.ca_file else everywhere
        is_rented, provider = login is not None and bool(connection.address), connection.preset
        if login is not None or connection.kind is ConnectionKind.OLLAMA:
            provider = RENTED if login is not None else OLLAMA
        self._far_host, far_port = far_end(connection.address) if is_rented else ("localhost", "")
        self._servers.show_servers([connection] if is_rented else [])
        self._fill(
            **dict.fromkeys(_SECRETS, ""),
            provider=provider,
            name=connection.name,
            passes_on=connection.passes_on_to,
            address=connection.address,
            line=line_of(login) if login is not None else "",
            proof=login.proof if login is not None else SshProof.PASSWORD,
            key_file=login.key_file if login is not None else "",
            port=far_port,
            proxy=shown.proxy,
            proxy_address=parted_from_login(shown.proxy_address)[0],
            proxy_user=route.proxy_user,
            trusted=route.ca_file or everywhere,
            everywhere=bool(self._everywhere_at_first),
            certificate=route.certificate,
            certificate_key=route.certificate_key,
        )
        stays = self.tr("Empty: the saved password stays")
        for key, has_one in (
            ("proxy_password", route.has_proxy_password),
            ("certificate_password", route.has_certificate_password),
        ):
            self._control(key).setPlaceholderText(stays if has_one else "")

    def _fill(self, **values: Any) -> None:
        """Write into fields what the user has not typed."""
        before, self._is_filling = self._is_filling, True
        for key, value in values.items():
            self.fields.begin_with(key, value)
        self._is_filling = before

    def offer_address(self, address: str) -> None:
        """Set Ollama's address if it is not the usual one; fills an untouched form."""
        self._ollama_address = address
        if self._edited is None and not self._has_typed:
            self._fill(provider=OLLAMA)
            self._take_provider()

    def show_key_storage(self, storage: str) -> None:
        """Show where a key will be kept: `keyring` or `session`."""
        if storage == "session":
            self._key_is_kept = self.tr("The key is not in a keyring: it is kept until you close Candor.")
        else:
            self._key_is_kept = self.tr("The key is kept in this computer's keyring, not in Candor's files.")
        self._show_key()

    def leave_out_rented(self) -> None:
        """Offer no rented computers, where the program has no part that could reach them."""
        box = self._control("provider")
        box.removeItem(box.findData(RENTED))

    def set_trusted_everywhere(self, file: str) -> None:
        """Take note of the file of certificates that is trusted at all connections."""
        self._trusted_everywhere = file

    def focus_first(self) -> None:
        """Focus the first field that can be changed."""
        self.fields.focus("key" if self._is_key_first else "line" if self._is_rented else "address")

    # What is filled in

    @property
    def _provider(self) -> str:
        return str(self.fields.value("provider"))

    @property
    def _is_rented(self) -> bool:
        return self._provider == RENTED

    @property
    def _address(self) -> str:
        return completed_address(self.fields.value("address"))

    @property
    def _place(self) -> Place | None:
        """The place of the server; None while it is no address. A rented computer's is that of its login."""
        return None if self._is_rented else place_of_address(self._address)

    @property
    def _is_complete(self) -> bool:
        """True if a server can be asked; the port at a rented computer may still be looked for."""
        if not self._is_rented:
            return not problem_with(self._address)
        needs_file = self.fields.value("proof") == SshProof.KEY_FILE
        return self._login() is not None and (not needs_file or bool(self.fields.value("key_file")))

    @property
    def _may_be_saved(self) -> bool:
        return self._is_complete and (not self._is_rented or bool(self.fields.value("port")))

    def _login(self) -> SshLogin | None:
        return login_filled_in(self.fields.values(), self._edited.ssh if self._edited is not None else None)

    def _usual_name(self) -> str:
        is_any = self._provider == CUSTOM
        return self.tr("Company server") if is_any else str(self._control("provider").currentText())

    def _beyond(self) -> str:
        """Return the host that a server nearby passes words on to, without what stands around it."""
        typed, place = plain_form(self.fields.value("passes_on")), self._place
        is_near = place is not None and place.kind is not PlaceKind.INTERNET
        return forwarding_host(typed) if typed and is_near else ""

    @property
    def _proxy_parts(self) -> tuple[str, str, str]:
        """The proxy's address, name and password; a login in the address counts, as if typed into its fields."""
        values = self.fields.values()
        address, name, password = parted_from_login(plain_form(values["proxy_address"]))
        return address, name or values["proxy_user"].strip(), password or values["proxy_password"]

    def _route(self) -> Route:
        """Return the way that is shown, as it holds for this connection alone."""
        values, (address, user, _) = self.fields.values(), self._proxy_parts
        if not self._has_way:
            return Route()
        is_manual, is_fixed = values["proxy"] == ProxyMode.MANUAL, bool(self._policy.proxy)
        return Route(
            proxy=ProxyMode.SYSTEM if is_fixed else ProxyMode(values["proxy"]),
            proxy_address=address if is_manual and not is_fixed else "",
            proxy_user=user if is_manual else "",
            ca_file=values["trusted"],
            certificate=values["certificate"],
            certificate_key=values["certificate_key"] if self._has_key_apart else "",
        )

    @property
    def _has_certificates(self) -> bool:
        return not self._is_rented and not self._is_fixed and self._address.lower().startswith("https:")

    @property
    def _has_way(self) -> bool:
        """True if proxy or certificates can matter for what is filled in."""
        is_far = self._place is not None and self._place.kind is PlaceKind.INTERNET
        return is_far or self._has_certificates

    @property
    def _has_key_apart(self) -> bool:
        certificate = self.fields.value("certificate")
        return bool(certificate) and not certificate.lower().endswith(_BUNDLES)

    def _connection(self) -> Connection:
        name = " ".join(self.fields.value("name").split()) or self._usual_name()
        identity = self._edited.id if self._edited else self._new_id
        if self._is_rented:
            far_port = int(self.fields.value("port") or 0)
            return rented_connection(name, identity, self._login(), self._far_host, far_port, self._servers.found)
        is_ollama = self._provider == OLLAMA
        return Connection(
            kind=ConnectionKind.OLLAMA if is_ollama else ConnectionKind.OPENAI_COMPAT,
            name=name,
            address=self._address,
            preset=CUSTOM if is_ollama else self._provider,
            passes_on_to=self._beyond(),
            route=self._route(),
            id=identity,
        )

    # What is shown of it

    def _on_changed(self, key: str) -> None:
        if self._is_filling:
            return
        if key == "name":
            self._save.setEnabled(self._may_be_saved)
            return
        if key == "provider":
            self._take_provider()
        elif key == "line":
            self._take_line()
        elif key == "address":
            self._recognise_provider()
        self._show()

    def _take_provider(self) -> None:
        """Fill in what is known of the provider."""
        self._new_id = new_id()
        preset = self._presets.get(self._provider)
        address = self._ollama_address if self._provider == OLLAMA else preset.address if preset else ""
        self._propose(address=address, name=self._usual_name())
        self._show()

    def _propose(self, **values: str) -> None:
        """Fill these in over what the form itself had filled in before."""
        for key, value in values.items():
            if self.fields.value(key) == self._own[key]:
                self._fill(**{key: value})
                self._own[key] = value

    def _recognise_provider(self) -> None:
        """Choose the provider whose address is typed, and any other again where it is no longer."""
        host = self._place.host if self._place is not None else ""
        hosts = {urlsplit(each.address).hostname: each.id for each in self._presets.values() if each.needs_key}
        found = hosts.get(host, CUSTOM)
        if not self._is_fixed and found != self._provider and self._provider in (CUSTOM, self._recognised):
            self._recognised = found
            self._fill(provider=found)
            self._propose(name=self._usual_name())

    def _take_line(self) -> None:
        """Fill in what the line of a provider tells besides the login."""
        line, _ = read_line(self.fields.value("line"))
        if line is not None and line.far_port:
            self._far_host = line.far_host
            self._fill(port=str(line.far_port))
        if line is not None and line.key_file:
            self._fill(key_file=line.key_file, proof=SshProof.KEY_FILE)

    def _take_lines(self, text: str) -> None:
        """Take a line that was pasted with a password below it."""
        line, _ = read_line(text)
        if line is None:
            self.fields.begin_with("line", " ".join(text.split()))
            return
        self.fields.begin_with("line", text.strip().splitlines()[0].strip())
        if line.password:
            self._fill(password=line.password)

    def _take_server(self, server: Connection) -> None:
        self._far_host, far_port = far_end(server.address)
        self.fields.begin_with("port", far_port)

    def _show(self) -> None:
        """Show what matters for what is filled in; results of tests and checks before it do not hold for it."""
        self._is_testing = False
        self._result.hide()
        self._question.hide()
        values, place, provider, is_rented = self.fields.values(), self._place, self._provider, self._is_rented
        is_far = place is not None and place.kind is PlaceKind.INTERNET
        is_manual = is_far and values["proxy"] == ProxyMode.MANUAL
        has_file = is_rented and values["proof"] == SshProof.KEY_FILE
        has_certificates = self._has_certificates
        is_elsewhere = place is not None and not place.is_local
        for key, is_of_use in {
            "address": not is_rented,
            "line": is_rented,
            "proof": is_rented,
            "key_file": has_file,
            "password": is_rented and values["proof"] == SshProof.PASSWORD,
            "passphrase": has_file,
            "port": is_rented,
            "key": provider != OLLAMA or is_elsewhere or self._is_fixed,
            "passes_on": place is not None and not is_far,
            "proxy": is_far,
            "proxy_address": is_manual,
            "proxy_user": is_manual,
            "proxy_password": is_manual,
            "trusted": has_certificates,
            "everywhere": has_certificates,
            "certificate": has_certificates,
            "certificate_key": has_certificates and self._has_key_apart,
            "certificate_password": has_certificates and bool(values["certificate"]),
        }.items():
            self.fields.fields[key].setVisible(is_of_use)
        usual, all_of_it = self.tr("More: provider and name"), self.tr("More: provider, name and network")
        self.fields.name_rest(all_of_it if self._has_way else usual)
        self._control("everywhere").setEnabled(bool(values["trusted"]))
        self._test.setEnabled(self._is_complete)
        self._save.setEnabled(self._may_be_saved)
        self._show_address()
        self._show_line()
        self._show_key()

    def _show_address(self) -> None:
        """Show where words go: to where the server sends them on, else to the address itself."""
        address, place, beyond = self._address, self._place, self._beyond()
        is_whole = ("://" in address or " " in address) and len(address) > len("https://")
        self.fields.fields["address"].say(problem_with(address) if is_whole else "")
        self._badges["address"].setVisible(place is not None)
        if place is not None:
            self._badges["address"].show_place(Place(PlaceKind.INTERNET, beyond) if beyond else place)
        self._unencrypted.tell(unencrypted_words(place) if is_unencrypted(address) else "")

    def _show_line(self) -> None:
        """Say what the line is understood as; of no line, also not where words would go."""
        line, fault = read_line(self.fields.value("line"))
        problem = say_each("connections.line", fault) if fault not in (None, SshLineFault.EMPTY) else ""
        self.fields.fields["line"].say(problem)
        self._badges["line"].setVisible(line is not None)
        note = ""
        if line is not None:
            self._badges["line"].show_place(place_of_host(line.host))
            words = fill(self.tr("%1 at %2, port %3"), line.user, line.host, str(line.port))
            ignored = fill(self.tr("Without effect here: %1"), ", ".join(line.ignored)) if line.ignored else ""
            note = "\n".join(filter(None, (words, ignored)))
        self.fields.fields["line"].note.tell(note)
        login = self._login()
        keeps, stays = login is not None and login.has_secret, self.tr("Empty: the saved one stays")
        self._control("password").setPlaceholderText(stays if keeps else "")
        self._control("passphrase").setPlaceholderText(stays if keeps else self.tr("Only if the key has one"))

    def _show_key(self) -> None:
        """Say what becomes of a key that is entered, and of a saved one, which belongs to its address."""
        preset, saved = self._presets.get(self._provider), self._edited
        page = preset.keys_page if preset is not None else ""
        words, hint = self._key_is_kept, ""
        if saved is None or not saved.has_key:
            if page:
                hint = fill(self.tr("You get a key at %1"), page.partition("://")[2])
            elif preset is None or not preset.needs_key:
                hint = self.tr("Only if the server asks for one")
        elif saved.origin == self._connection().origin:
            hint = self.tr("Empty: the saved key stays")
        else:
            words = self.tr("A saved key belongs to the address it was entered for. Enter a key for this address.")
        self.fields.fields["key"].note.tell(words)
        self._control("key").setPlaceholderText(hint)

    def _complete_address(self) -> None:
        """Write what was left out into the field as well, unless nothing may be typed there."""
        completed = self._address
        if completed and completed != self.fields.value("address") and not self._control("address").isReadOnly():
            self.fields.begin_with("address", completed)

    def _part_proxy_login(self) -> None:
        """Move a login out of the proxy's address, where its password could be seen, into its own fields."""
        if "@" in plain_form(self.fields.value("proxy_address")):
            address, name, password = self._proxy_parts
            self._fill(proxy_address=address, proxy_user=name, proxy_password=password)

    # Testing and saving

    def _submit(self, *, is_save: bool) -> None:
        self._complete_address()
        if not self._is_complete:
            self._say_what_is_missing()
            return
        if (is_save and not self._may_be_saved) or (self._is_testing and not is_save):
            return
        connection = self._connection()
        everywhere = self.fields.value("trusted") if self.fields.value("everywhere") else ""
        if is_save and self._has_way:
            if everywhere != self._everywhere_at_first:
                self._trusted_everywhere = everywhere
                self.trust_requested.emit(everywhere)
            if everywhere:
                connection = replace(connection, route=replace(connection.route, ca_file=""))
        key = "" if self.fields.fields["key"].isHidden() else "".join(self.fields.value("key").split())
        proof = {SshProof.PASSWORD: "password", SshProof.KEY_FILE: "passphrase"}.get(self.fields.value("proof"), "")
        secrets = Secrets(
            key,
            self._proxy_parts[2],
            self.fields.value("certificate_password"),
            login=self.fields.value(proof) if self._is_rented and proof else "",
        )
        if not is_save:
            self.show_testing()
        (self.save_requested if is_save else self.test_requested).emit(connection, secrets)

    def _say_what_is_missing(self) -> None:
        if not self._is_rented:
            problem = {"address": problem_with(self._address)}
        elif (fault := read_line(self.fields.value("line"))[1]) is not None:
            problem = {"line": say_each("connections.line", fault)}
        else:
            self.fields.focus("key_file")
            return
        self.fields.say(problem)

    def forget_key(self) -> None:
        """Erase key and passwords from the form once they have been handed on."""
        self._part_proxy_login()
        self._fill(**dict.fromkeys(_SECRETS, ""))

    def may_be_left(self) -> bool:
        """Return True if nothing typed would be lost; otherwise show that, and return True the second time."""
        if not self._has_typed or self._discard_note.isVisibleTo(self):
            return True
        self._discard_note.show()
        return False

    def _note_typing(self) -> None:
        self._has_typed = True
        self._discard_note.hide()

    @property
    def part_to_see(self) -> QWidget:
        """What a test has to ask or to say, if one was made; else the form."""
        shown = (each for each in (self._question, self._result) if each.isVisibleTo(self))
        return next(shown, self)

    @property
    def way_on(self) -> QWidget:
        """The button that is pressed next."""
        return self._save

    def show_testing(self) -> None:
        """Show that the server has not answered yet."""
        self._is_testing = True
        self._result.show_testing()  # the button stays enabled: a disabled one would pass the keyboard on

    def show_test_result(self, models: list[ModelInfo] | None, failure: Failure | None) -> None:
        """Show the server's models, or why there are none. Ignored if no test runs any more."""
        if not self._is_testing:
            return
        self._is_testing = False
        if failure is not None:
            reason = failure.reason
            self._result.show_failure(failure)
            if reason in _MENDED_BY_ROUTE or reason.startswith(("ca_", "own_", "proxy")):
                self.fields.set_open(True)
            self._question.ask(failure)
        else:
            self._result.show_models(models or [])
            if self._test.hasFocus():
                self._save.setFocus()
        self.result_shown.emit()

    def show_check(self, check: ConnectionCheck) -> None:
        """Show how each step of the test went; ignored if something else stands in the form by now."""
        if self._result.isVisibleTo(self) and check.connection.address == self._connection().address:
            self._result.show_check(check)
            self.result_shown.emit()

    def show_servers(self, found: list[Connection]) -> None:
        """Show the model servers on a rented computer; where there is one, go on with that.

        Ignored if no test runs any more: they are not on the computer that stands in the form by now.
        """
        if not self._is_testing:
            return
        self._is_testing = False
        self._servers.show_servers(found)
        if len(found) == 1:
            self._take_server(found[0])
            self.test_again()
        else:
            self._result.hide()

    def test_again(self) -> None:
        """Test once more what stands in the form."""
        self._submit(is_save=False)

    def _renew_host(self) -> None:
        login = self._login()
        self._fill(password="", passphrase="")
        self.host_renewed.emit(login)
