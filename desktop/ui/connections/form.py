"""The form for one connection: address, key and a test, and where words and key would go; the rest is folded.

It checks what can be seen from the address alone; testing and saving are done by its listeners.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QFrame, QWidget

from desktop.core.connection import Connection, ConnectionKind, Route, Secrets
from desktop.core.connections.addresses import plain_form
from desktop.core.connections.check import ConnectionCheck
from desktop.core.connections.provider import ProviderPreset
from desktop.core.message import Failure, new_id
from desktop.core.model import ModelInfo
from desktop.core.models.place import forwarding_host
from desktop.core.place import Place, PlaceKind
from desktop.core.policy.fixed import Policy
from desktop.ui.connections.address import AddressPart
from desktop.ui.connections.fields import KeyPart, provider_name
from desktop.ui.connections.rented import HostQuestion, RentedPart
from desktop.ui.connections.route_part import RoutePart
from desktop.ui.connections.test_result import ConnectionTestResult
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_SECTION
from desktop.ui.widgets.buttons import FoldButton, button
from desktop.ui.widgets.form_parts import ChoiceBox, labelled, line_field
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.words import fill

OLLAMA = "ollama"
CUSTOM = "custom"
RENTED = "rented"  # a computer that is reached through SSH, whatever its model server speaks
_OLLAMA_ADDRESS = "http://127.0.0.1:11434"


class ConnectionForm(QFrame):
    """A form that begins with `begin_new` or `begin_edit`; emits what to test and what to save."""

    test_requested = Signal(object, object)  # a Connection and the Secrets typed, empty ones: those that are saved
    save_requested = Signal(object, object)
    host_confirmed = Signal(object, str)  # SshLogin: its computer is the one with this fingerprint
    host_renewed = Signal(object)  # SshLogin: at its address is another computer now
    result_shown = Signal()  # of a test, or a question that has come of it
    trust_requested = Signal(str)  # before a save: the file of certificates to trust at all connections has changed

    def __init__(
        self,
        theme: Theme,
        presets: list[ProviderPreset],
        parent: QWidget | None = None,
        *,
        policy: Policy | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._presets = {preset.id: preset for preset in presets}
        self._route = RoutePart(theme, policy or Policy())
        self._rented = RentedPart(theme)
        self._question = HostQuestion()
        self._trusted_everywhere = ""
        self._edited: Connection | None = None
        self._is_testing = False
        self._is_fixed = False  # all but the key
        self._is_key_first = False
        self._has_typed = False  # what would be lost without a word
        self._own_name = ""  # the name that the form filled in by itself, free to change with the provider
        self._own_address = ""
        self._recognised = ""  # the provider that was chosen by the form itself, since its address was typed
        self._ollama_address = _OLLAMA_ADDRESS
        set_look(self, "card")
        self._title = PlainLabel("", "heading", wraps=True)
        self._make_fields(theme)
        self._result = ConnectionTestResult()
        self._discard_note = PlainLabel(self.tr("Leave once more to discard what you typed."), "muted", wraps=True)
        self._discard_note.hide()
        self._make_buttons()
        self._lay_out()
        self._connect()
        self.begin_new()

    def _make_fields(self, theme: Theme) -> None:
        self._provider = ChoiceBox(theme)
        self._provider.setAccessibleName(self.tr("Provider"))
        self._provider.addItem(self.tr("Company server, or any other"), CUSTOM)
        self._provider.addItem(self.tr("Ollama"), OLLAMA)
        self._provider.addItem(self.tr("Rented computer (SSH)"), RENTED)
        for preset in sorted(self._presets.values(), key=lambda one: one.name.casefold()):
            if preset.id != CUSTOM:
                self._provider.addItem(provider_name(preset), preset.id)
        self._address = AddressPart(theme)
        self._key = KeyPart()
        self._passes_on = line_field(self.tr("Passes on to"))
        self._passes_on.setPlaceholderText("api.example.com")
        self._passes_on_words = PlainLabel(
            self.tr("Only for a gateway, such as LiteLLM, that sends your words on to the internet: where to."),
            "small",
            wraps=True,
        )
        self._name = line_field(self.tr("Name"))
        self._name.setMaxLength(80)

    def _make_buttons(self) -> None:
        asked = self.tr("Ask the server which models it has, and one of them for a word. Nothing of yours is sent.")
        self._test = button(self.tr("Test"), hint=asked)
        self._save = button(self.tr("Save"))
        self._cancel = button(self.tr("Cancel"))
        for each in (self._test, self._save, self._cancel):
            each.setAccessibleName(each.text())
        set_look(self._save, "filled", "accent")

    def _lay_out(self) -> None:
        self._fold = FoldButton(self._theme, self.tr("More: provider, name, network and certificates"))
        self._more = QWidget()
        self._fold.clicked.connect(lambda: self._unfold(self._more.isHidden()))
        self._passes_on_rows = labelled(self.tr("Passes &on to"), self._passes_on, self._passes_on_words)
        stack(
            labelled(self.tr("&Provider"), self._provider),
            labelled(self.tr("&Name in Candor"), self._name),
            self._passes_on_rows,
            self._route,
            gap=GAP_SECTION,
            margins=(0, GAP, 0, 0),
            on=self._more,
        )
        stack(
            self._title,
            self._address,
            self._rented,
            self._key,
            self._result,
            self._question,
            stack(stack(self._fold, None, across=True), self._more, gap=0),
            self._discard_note,
            stack(self._test, None, self._cancel, self._save, across=True),
            gap=GAP_SECTION,
            margins=GAP_SECTION,
            on=self,
        )

    def _unfold(self, shall: bool) -> None:
        """Show what is seldom needed, or fold it up."""
        self._more.setVisible(shall)
        self._fold.show_state(is_open=shall)

    def _connect(self) -> None:
        self._provider.activated.connect(self._take_provider)
        self._address.changed.connect(self._changed)
        self._key.line.textChanged.connect(self._changed)
        self._passes_on.textChanged.connect(self._changed)
        self._name.textChanged.connect(lambda: self._save.setEnabled(self._may_be_saved))
        self._route.changed.connect(self._changed)
        self._rented.changed.connect(self._changed)
        self._question.confirmed.connect(lambda shown: self.host_confirmed.emit(self._rented.login(), shown))
        self._question.renewed.connect(self._renew_host)
        self._test.clicked.connect(lambda: self._submit(self.test_requested))
        self._save.clicked.connect(lambda: self._submit(self.save_requested))
        self.cancelled: SignalInstance = self._cancel.clicked
        own = (self._address.line, self._key.line, self._passes_on, self._name)
        for field in (*own, *self._route.lines, *self._rented.lines):
            field.textEdited.connect(self._note_typing)
            field.returnPressed.connect(lambda: self._submit(self.save_requested))

    def begin_new(self) -> None:
        """Show an empty form for a new connection."""
        self._forget_typing()
        self._unfold(False)
        self._edited = None
        self._title.setText(self.tr("Add a connection"))
        self._own_name = self._own_address = ""
        for field in (self._address.line, self._key.line, self._passes_on, self._name):
            field.clear()
        self._route.begin_with(Route(), self._trusted_everywhere)
        self._rented.begin_with(None)
        self._fix(key_only=False)
        self._is_key_first = False
        is_offered = self._ollama_address != _OLLAMA_ADDRESS  # by the settings of this computer
        self._provider.setCurrentIndex(self._provider.findData(OLLAMA) if is_offered else 0)
        self._take_provider()

    def begin_edit(self, connection: Connection, *, key_only: bool = False, refused: Failure | None = None) -> None:
        """Show the form for an existing connection; an empty key leaves the saved one as it is.

        `key_only`: nothing else of it can be changed. `refused`: why its key was not accepted.
        """
        self._forget_typing()
        self._unfold(False)
        self._edited = connection
        self._title.setText(fill(self.tr("Edit %1"), connection.name))
        preset = OLLAMA if connection.kind is ConnectionKind.OLLAMA else connection.preset
        preset = RENTED if connection.ssh is not None else preset
        self._provider.setCurrentIndex(max(0, self._provider.findData(preset)))
        if self._provider.findData(preset) < 0:
            self._provider.setCurrentIndex(self._provider.findData(CUSTOM))
        self._own_name = self._own_address = ""
        self._key.line.clear()
        self._name.setText(connection.name)
        self._passes_on.setText(connection.passes_on_to)
        self._route.begin_with(connection.route, self._trusted_everywhere)
        self._rented.begin_with(connection if connection.ssh is not None else None)
        self._address.line.setText(connection.address)
        self._changed()
        self._fix(key_only)
        self._is_key_first = key_only or refused is not None
        if refused is not None:
            self._result.show_failure(refused)

    def _fix(self, key_only: bool) -> None:
        self._is_fixed = key_only
        for field in (self._address.line, self._passes_on, self._name):
            field.setReadOnly(key_only)
        self._provider.setEnabled(not key_only)
        self._show_key()

    def offer_address(self, address: str) -> None:
        """Set Ollama's address if it is not the usual one; fills an untouched form."""
        self._ollama_address = address
        if self._edited is None and not self._has_typed:
            self._provider.setCurrentIndex(self._provider.findData(OLLAMA))
            self._take_provider()

    def show_key_storage(self, storage: str) -> None:
        """Show where a key will be kept: `keyring` or `session`."""
        self._key.set_storage(storage)
        self._show_key()

    def focus_first(self) -> None:
        """Focus the first field that can be changed."""
        address = self._rented.lines[0] if self._is_rented else self._address.line
        first = self._key.line if self._is_key_first else address
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_trusted_everywhere(self, file: str) -> None:
        """Take note of the file of certificates that is trusted at all connections."""
        self._trusted_everywhere = file

    @property
    def part_to_see(self) -> QWidget:
        """What a test has to ask or to say, if one was made; else the form."""
        shown = (each for each in (self._question, self._result) if each.isVisibleTo(self))
        return next(shown, self)

    @property
    def way_on(self) -> QWidget:
        """The button that is pressed next."""
        return self._save

    def forget_key(self) -> None:
        """Erase key and passwords from the form once they have been handed on."""
        self._key.line.clear()
        self._route.forget_secrets()
        self._rented.forget_secret()

    def may_be_left(self) -> bool:
        """Return True if nothing typed would be lost; otherwise show that, and return True the second time."""
        if not self._has_typed or self._discard_note.isVisibleTo(self):
            return True
        self._discard_note.show()
        return False

    def _note_typing(self) -> None:
        self._has_typed = True
        self._discard_note.hide()

    def _forget_typing(self) -> None:
        self._has_typed = False
        self._discard_note.hide()

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
            self._result.show_failure(failure)
            if self._route.can_mend(failure):
                self._unfold(True)
            self._question.ask(failure)
        else:
            self._result.show_models(models or [])
            if self._test.hasFocus():
                self._save.setFocus(Qt.FocusReason.OtherFocusReason)
        self.result_shown.emit()

    def show_servers(self, found: list[Connection]) -> None:
        """Show the model servers on a rented computer; where there is one, go on with that."""
        if self._is_testing and self._rented.show_servers(found):
            self._submit(self.test_requested)
        else:
            self._result.hide()

    def leave_out_rented(self) -> None:
        """Offer no rented computers, where the program has no part that could reach them."""
        self._provider.removeItem(self._provider.findData(RENTED))

    def test_again(self) -> None:
        """Test once more what stands in the form."""
        self._submit(self.test_requested)

    def _renew_host(self) -> None:
        login = self._rented.login()
        self._rented.forget_secret()
        self.host_renewed.emit(login)

    def show_check(self, check: ConnectionCheck) -> None:
        """Show how each step of the test went; ignored if something else stands in the form by now."""
        if self._result.isVisibleTo(self) and check.connection.address == self._connection().address:
            self._result.show_check(check)
            self.result_shown.emit()

    def _preset_id(self) -> str:
        return str(self._provider.currentData())

    def _connection(self) -> Connection:
        if self._is_rented:
            name = " ".join(self._name.text().split()) or self._usual_name()
            return self._rented.connection(name, self._edited.id if self._edited else self._new_id)
        preset = self._preset_id()
        is_ollama = preset == OLLAMA
        return Connection(
            kind=ConnectionKind.OLLAMA if is_ollama else ConnectionKind.OPENAI_COMPAT,
            name=" ".join(self._name.text().split()) or self._usual_name(),
            address=self._address.address,
            preset=CUSTOM if is_ollama else preset,
            passes_on_to=self._passes_on_to(),
            route=self._route.route() if not self._route.isHidden() else Route(),
            id=self._edited.id if self._edited else self._new_id,
        )

    def _passes_on_to(self) -> str:
        """Return the host that was named, without what stands around it; empty where the server is on the internet."""
        place, typed = self._address.place, plain_form(self._passes_on.text())
        is_near = place is not None and place.kind is not PlaceKind.INTERNET
        return forwarding_host(typed) if typed and is_near else ""

    def _usual_name(self) -> str:
        return self.tr("Company server") if self._preset_id() == CUSTOM else self._provider.currentText()

    @property
    def _is_rented(self) -> bool:
        return self._preset_id() == RENTED

    def _submit(self, signal: object) -> None:
        self._address.complete()
        if self._is_rented and not self._rented.is_complete:
            self._rented.show_problem()
            return
        if self._is_rented and signal is self.save_requested and not self._rented.has_port:
            return
        if not self._is_complete():
            self._address.show_problem()
            return
        if self._is_testing and signal is self.test_requested:
            return
        key = self._key.key if self._key.isVisibleTo(self) else ""
        connection, everywhere = self._connection(), self._route.trusted_everywhere
        if signal is self.save_requested and not self._route.isHidden():
            if everywhere != self._trusted_everywhere:
                self.trust_requested.emit(everywhere)
            if everywhere:
                connection = replace(connection, route=replace(connection.route, ca_file=""))
        secrets = Secrets(key, *self._route.passwords, login=self._rented.secret if self._is_rented else "")
        signal.emit(connection, secrets)  # type: ignore[attr-defined]

    @property
    def _may_be_saved(self) -> bool:
        return self._is_complete() and (not self._is_rented or self._rented.has_port)

    def _is_complete(self) -> bool:
        return self._rented.is_complete if self._is_rented else self._address.is_complete

    def _take_provider(self) -> None:
        """Fill in what is known of the provider, over what the form itself had filled in before."""
        self._new_id = new_id()
        preset = self._presets.get(self._preset_id())
        address = self._ollama_address if self._preset_id() == OLLAMA else preset.address if preset else ""
        name = self._usual_name()
        if self._address.line.text() == self._own_address:
            self._address.line.setText(address)
            self._own_address = address
        if self._name.text() == self._own_name:
            self._name.setText(name)
            self._own_name = name
        self._changed()

    def _recognise_provider(self) -> None:
        """Choose the provider whose address is typed, and any other again where it is no longer."""
        host = self._address.place.host if self._address.place is not None else ""
        hosts = {urlsplit(each.address).hostname: each.id for each in self._presets.values() if each.needs_key}
        found = hosts.get(host, CUSTOM)
        if self._is_fixed or found == self._preset_id() or self._preset_id() not in (CUSTOM, self._recognised):
            return
        self._recognised = found
        self._provider.setCurrentIndex(self._provider.findData(found))
        if self._name.text() == self._own_name:
            self._own_name = self._usual_name()
            self._name.setText(self._own_name)

    def _show_key(self) -> None:
        """Show the field for a key, which an Ollama on this computer has no use for, and what becomes of one."""
        place = self._address.place
        is_here = place is None or place.is_local
        is_of_use = self._is_rented or self._preset_id() != OLLAMA or not is_here or self._is_fixed
        self._key.setVisible(is_of_use)
        before = self._edited if self._edited is not None and self._edited.has_key else None
        stays = before is not None and before.origin == self._connection().origin
        self._key.show_note(self._presets.get(self._preset_id()), has_saved=before is not None, stays=stays)

    def _changed(self) -> None:
        """Check the new content; results of tests and checks before it do not hold for it."""
        self._is_testing = False
        self._recognise_provider()
        self._result.hide()
        self._question.hide()
        self._address.setVisible(not self._is_rented)
        self._rented.setVisible(self._is_rented)
        is_ready = self._is_complete()
        self._test.setEnabled(is_ready)
        self._save.setEnabled(is_ready and self._may_be_saved)
        place = None if self._is_rented else self._address.place  # a rented computer's place is that of its login
        beyond = self._passes_on_to()
        self._address.show_place(Place(PlaceKind.INTERNET, beyond) if beyond else None)
        self._passes_on_rows.setVisible(place is not None and place.kind is not PlaceKind.INTERNET)
        is_encrypted = not self._is_rented and self._address.is_encrypted and not self._is_fixed
        self._route.show_for(place, is_encrypted=is_encrypted)
        self._show_key()
