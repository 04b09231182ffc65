"""Adding, testing, changing and removing connections on their page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QPushButton

from desktop.core.connection import Connection, ConnectionKind, ProviderPreset, ProxyMode, Route, Secrets
from desktop.core.connections import CheckedModel, ConnectionCheck, api_address
from desktop.core.message import Failure
from desktop.core.model import ModelInfo
from desktop.core.place import PlaceKind
from desktop.core.policy.fixed import Policy
from desktop.core.request import ThinkingMode
from desktop.runtime.models.directory import Listing
from desktop.ui.connections.page import ConnectionPage, told_apart
from desktop.ui.widgets.buttons import FoldButton
from desktop.ui.widgets.labels import PlaceBadge
from tests.support.examples import examples
from tests.ui.steps import words_on

PRESETS = [
    ProviderPreset(id="custom", name="Other", address="", needs_key=False),
    ProviderPreset(
        id="deepseek", name="DeepSeek", address="https://api.deepseek.com/v1", keys_page="https://platform.deepseek.com"
    ),
    ProviderPreset(id="vllm", name="vLLM", address="http://127.0.0.1:8000/v1", needs_key=False),
]
OLLAMA = Connection(kind=ConnectionKind.OLLAMA, name="Ollama", address="http://127.0.0.1:11434", id="o")
COMPANY = Connection(
    kind=ConnectionKind.OPENAI_COMPAT, name="GPU", address="https://gpu-server:8000/v1", id="g", has_key=True
)


@pytest.fixture
def page(theme, qtbot):
    page = ConnectionPage(theme, PRESETS)
    qtbot.addWidget(page)
    page.resize(700, 900)
    with qtbot.waitExposed(page):
        page.show()
    return page


def field(page, name):
    return next(each for each in page.findChildren(QLineEdit) if each.accessibleName() == name)


def button(page, name):
    found = [each for each in page.findChildren(QAbstractButton) if each.isVisible()]
    (one,) = [each for each in found if name in (each.accessibleName(), each.text())]
    return one


def press(page, name):
    QTest.mouseClick(button(page, name), Qt.MouseButton.LeftButton)


def answer(page, models, failure):
    """Have a test end with these models, or fail."""
    page.form.show_testing()
    page.form.show_test_result(models, failure)


def save(page):
    """Press Save, and return the connection and its secrets."""
    return pressed(page, "Save", page.save_requested)


def ask(page):
    """Press Test, and return the connection that is to be asked and its secrets."""
    return pressed(page, "Test", page.form.test_requested)


def pressed(page, name, signal):
    said: list[Any] = []
    heard = signal.connect(lambda *given: said.append(given))
    press(page, name)
    page.disconnect(heard)
    return said[-1]


def combo(page, name):
    return next(each for each in page.findChildren(QComboBox) if each.accessibleName() == name)


def choose(box, value):
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())  # what a user's choice emits


def choose_provider(page, preset):
    choose(combo(page, "Provider"), preset)


@pytest.mark.parametrize(
    ("address", "others", "name"),
    [
        ("https://gpu-2:8000/v1", [], "GPU"),
        ("https://gpu-2:8000/v1", ["GPU"], "GPU (gpu-2)"),
        ("https://gpu-2:8000/v1", ["gpu ", "GPU (gpu-2)"], "GPU (2)"),
        ("https://gpu-2:8000/v1", ["GPU", "GPU (gpu-2)", "GPU (2)"], "GPU (3)"),
    ],
)
def test_no_two_connections_go_by_one_name(address, others, name):
    added = replace(COMPANY, id="new", address=address)
    known = [replace(COMPANY, id=f"{at}", name=each) for at, each in enumerate(others)]
    assert told_apart(added, [*known, added]).name == name


def test_the_place_and_what_http_means_are_shown_at_once(page):
    choose_provider(page, "custom")
    address = field(page, "Address")
    address.setText("http://gpu-server:8000")
    assert "not encrypted" in words_on(page)
    address.setText("http://api.example.com")
    assert "Use https" in words_on(page)
    address.setText("https://api.example.com")
    assert "not encrypted" not in words_on(page)


def test_enter_says_what_is_wrong_and_goes_there(page, qtbot):
    choose_provider(page, "custom")
    field(page, "Name in Candor").setFocus()
    with qtbot.assertNotEmitted(page.save_requested):
        qtbot.keyClick(field(page, "Name in Candor"), Qt.Key.Key_Enter)
    assert "Enter the address of the server." in words_on(page)
    assert field(page, "Address").hasFocus()


@settings(max_examples=examples(150), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(typed=st.text(max_size=60) | st.text(alphabet="ａ１．：／。，、（[]:/.@%-_xn ", max_size=30))
def test_whatever_is_typed_is_refused_in_words_or_is_an_address(page, typed):
    form = page.form
    form.begin_new()
    choose_provider(page, "custom")
    saved: list[Connection] = []
    connected = form.save_requested.connect(lambda connection, key: saved.append(connection))
    field(page, "Address").setText(typed)
    QTest.keyClick(field(page, "Address"), Qt.Key.Key_Return)
    form.disconnect(connected)
    problems = [each.text() for each in form.findChildren(QLabel) if each.property("look") == "danger"]
    if saved:
        assert api_address(saved[0].address)
        assert saved[0].server_place.kind in PlaceKind
    else:
        assert any(problems)


def test_the_keyboard_stays_on_test_and_goes_on_to_save(page, qtbot):
    choose_provider(page, "ollama")
    button(page, "Test").setFocus()
    press(page, "Test")
    page.form.show_testing()
    assert button(page, "Test").hasFocus()
    with qtbot.assertNotEmitted(page.form.test_requested):
        press(page, "Test")
    page.resize(760, 420)
    page.form.show_test_result(None, Failure("unreachable"))
    assert button(page, "Test").hasFocus()
    # What came is scrolled to, and the buttons above it stay in sight.
    qtbot.waitUntil(lambda: button(page, "Save").visibleRegion().boundingRect() == button(page, "Save").rect())
    answer(page, [ModelInfo("qwen")], None)
    assert button(page, "Save").hasFocus()


def test_stepping_back_does_not_silently_lose_what_was_typed(page, qtbot):
    qtbot.keyClicks(field(page, "Name in Candor"), "x")
    with qtbot.assertNotEmitted(page.closed):
        page.take_step_back()
    assert "Leave once more" in words_on(page)
    qtbot.keyClicks(field(page, "Name in Candor"), "y")
    assert "Leave once more" not in words_on(page)
    page.take_step_back()
    with qtbot.waitSignal(page.closed):
        page.take_step_back()


def test_a_test_tells_the_models_or_why_not(page):
    choose_provider(page, "ollama")
    answer(page, [ModelInfo("<b>qwen</b>"), ModelInfo("e", capabilities=frozenset({"embedding"}))], None)
    assert "It works: 1 model" in words_on(page)
    assert "<b>qwen</b>" in words_on(page)
    answer(page, [], None)
    assert "there is no model" in words_on(page)
    answer(page, None, Failure("auth_rejected", "<i>bad</i> key", "gpu-server", 401))
    assert "The key was not accepted" in words_on(page)
    assert "<i>bad</i> key" in words_on(page)
    assert button(page, "Test").isEnabled()


def test_saving_lists_the_connection(page, qtbot):
    choose_provider(page, "deepseek")
    field(page, "Key").setText("sk-CANARY")
    saved = save(page)
    assert saved[0].name == "DeepSeek"
    assert saved[1] == Secrets("sk-CANARY")
    assert "Saved: DeepSeek" in words_on(page)
    assert field(page, "Key").text() == ""
    assert saved[0].address in words_on(page)
    page.show_answers([Listing(saved[0], failure=Failure("unreachable", reason="refused", detail="x"))])
    assert "Does not answer: " in words_on(page)
    page.show_answers([Listing(saved[0], models=[ModelInfo("deepseek-chat")])])
    assert "It answers" in words_on(page)
    with qtbot.waitSignal(page.closed):
        press(page, "Done")


def test_editing_keeps_the_id_and_the_key_of_the_same_origin(page, qtbot):
    page.show_connections([OLLAMA, COMPANY], {"o", "g"})
    press(page, "Edit GPU")
    assert field(page, "Address").text() == COMPANY.address
    assert "stays" in field(page, "Key").placeholderText()
    field(page, "Address").setText("https://gpu-server:8000/v2")
    assert "stays" in field(page, "Key").placeholderText()
    field(page, "Address").setText("https://other-server:8000/v2")
    assert field(page, "Key").placeholderText() == ""
    assert "belongs to the address" in words_on(page)
    saved = save(page)
    assert saved[0].id == "g"
    assert saved[1] == Secrets()


def test_the_key_cannot_be_read_or_copied(page, qtbot):
    choose_provider(page, "deepseek")
    key = field(page, "Key")
    key.setText("sk-CANARY")
    assert key.displayText() != "sk-CANARY"
    QApplication.clipboard().setText("before")
    key.selectAll()
    key.copy()
    qtbot.keyClick(key, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert key.text() == "sk-CANARY"
    key.cut()
    assert QApplication.clipboard().text() == "before"


def test_where_a_key_is_kept_is_said_plainly(page):
    choose_provider(page, "deepseek")
    page.show_key_storage("session")
    assert "The key is not in a keyring: it is kept until you close Candor." in words_on(page)
    page.show_key_storage("keyring")
    assert "kept in this computer's keyring" in words_on(page)


def test_removing_asks_in_the_row(page, qtbot):
    page.show_connections([OLLAMA, COMPANY], {"o", "g"})
    with qtbot.assertNotEmitted(page.remove_requested):
        press(page, "Remove GPU")
        press(page, "Keep GPU")
    press(page, "Remove GPU")
    assert pressed(page, "Remove GPU and its key", page.remove_requested) == ("g",)


def test_what_was_found_is_not_removed(page, qtbot):
    page.show_connections([OLLAMA, COMPANY], {"g"})
    names = [each.accessibleName() for each in page.findChildren(QAbstractButton) if each.isVisible()]
    assert ("Remove Ollama" in names, "Remove GPU" in names, "Edit Ollama" in names) == (False, True, True)
    assert words_on(page).count("Found on this computer") == 1
    press(page, "Edit Ollama")
    press(page, "Save")
    assert "Found on this computer" not in words_on(page)
    assert button(page, "Remove Ollama").isVisible()


def test_an_ollama_elsewhere_may_have_a_key_too(page):
    choose_provider(page, "ollama")
    assert not field(page, "Key").isVisible()
    field(page, "Address").setText("https://ollama.example.com")
    assert field(page, "Key").isVisible()


def test_a_key_that_nobody_uses_any_more_is_removed_after_asking(page, qtbot):
    page.show_connections([COMPANY], {"g"})
    page.ask_about_key("https://old.example.com:443")
    assert "https://old.example.com:443" in words_on(page)
    with qtbot.assertNotEmitted(page.key_unwanted):
        press(page, "Keep it")
    page.ask_about_key("https://old.example.com:443")
    assert pressed(page, "Remove it", page.key_unwanted) == ("https://old.example.com:443",)


FAILED_STEPS = [
    (Failure("unreachable", reason="dns"), "✗  The server's name", "–  Server"),
    (Failure("unreachable", reason="refused"), "✗  No server answers there.", "✓  The server's name is known"),
    (Failure("unreachable", reason="tls"), "✗  The encryption could not be agreed upon", "✓  A server answers there."),
    (
        Failure("unreachable", reason="tls_client"),
        "✗  The encryption could not be agreed",
        "✓  A server answers there.",
    ),
    (Failure("unreachable", reason="ca_pkcs7"), "✗  A file of certificates cannot be used", "–  Key"),
    (Failure("unreachable", reason="proxy_login"), "✗  The proxy leads to no server.", "–  Name, Certificate"),
    (Failure("unreachable", reason="offline"), "✗  The server was not asked", "–  Name"),
    (Failure("auth_rejected"), "✗  The key is not accepted.", "✓  The connection is encrypted"),
    (
        Failure("protocol_error", reason="html"),
        "✗  No model to talk to is offered.",
        "–  Answer, Thinking, Longest text",
    ),
]


@pytest.mark.parametrize(("failure", "failed", "beside"), FAILED_STEPS)
def test_a_test_says_which_step_failed(page, failure, failed, beside):
    field(page, "Address").setText("https://gpu.example.com/v1")
    answer(page, None, failure)
    page.form.show_check(
        ConnectionCheck(connection=replace(COMPANY, address="https://gpu.example.com/v1"), failure=failure)
    )
    said = words_on(page)
    assert failed in said
    assert beside in said
    assert said.count("✗") == 1


def test_a_test_that_went_well_says_all_steps(page):
    there = replace(COMPANY, address="http://10.0.0.7:8000/v1")
    model = ModelInfo("qwen3", served_context=32768, thinking_modes=(ThinkingMode.ON,))
    field(page, "Address").setText(there.address)
    answer(page, [model], None)
    check = ConnectionCheck(connection=there, has_key=True, models=[model])
    page.form.show_check(check)
    assert "…  Answer" in words_on(page)
    page.form.show_check(replace(check, checked=CheckedModel(model=model)))
    said = words_on(page)
    for each in (
        "not encrypted (http)",
        "The key is accepted.",
        "Models to talk to: 1",
        "qwen3 answers",
        "reads up to 32",
    ):
        assert each in said
    assert "name is known" not in said  # there is none to look up
    page.form.show_check(replace(check, checked=CheckedModel(model=ModelInfo("q"), is_slow=True)))
    assert "a large model is loaded first" in words_on(page)
    field(page, "Address").setText("http://10.0.0.8:8000/v1")
    page.form.show_check(replace(check, checked=CheckedModel(model=model)))
    assert "qwen3 answers" not in words_on(page)


def test_a_gateway_is_told_to_pass_words_on(page, qtbot):
    form = page.form
    form.begin_edit(COMPANY)
    beyond = field(page, "Passes on to")
    form.findChild(FoldButton).click()
    assert beyond.isVisibleTo(form)
    beyond.setText(" https://API.example.com/v1 ")
    badges = [each.words for each in form.findChildren(PlaceBadge) if each.isVisibleTo(form)]
    assert badges == ["Internet (api.example.com)"]
    with qtbot.waitSignal(form.save_requested) as saved:
        QTest.keyClick(beyond, Qt.Key.Key_Return)
    assert saved.args[0].passes_on_to == "api.example.com"
    field(page, "Address").setText("https://api.deepseek.com/v1")
    assert not beyond.isVisibleTo(form)
    assert [each.words for each in form.findChildren(PlaceBadge) if each.isVisibleTo(form)] == [
        "Internet (api.deepseek.com)"
    ]


def test_address_key_and_test_are_enough_and_a_provider_is_known_by_its_address(page, qtbot):
    assert field(page, "Address").isVisible()
    assert not combo(page, "Provider").isVisible()
    assert not field(page, "Name in Candor").isVisible()
    QTest.keyClicks(field(page, "Address"), "https://api.deepseek.com/v1")
    assert combo(page, "Provider").currentData() == "deepseek"
    assert field(page, "Key").placeholderText() == "You get a key at platform.deepseek.com"
    QTest.keyClicks(field(page, "Address"), "x")
    field(page, "Address").setText("https://api.deepseek.com.example/v1")
    assert combo(page, "Provider").currentData() == "custom"
    field(page, "Address").setText("https://api.deepseek.com/v1")
    saved = save(page)
    assert (saved[0].preset, saved[0].name) == ("deepseek", "DeepSeek")


def test_the_way_to_a_server(theme, page, qtbot):
    """Proxy and certificates stand under a fold, each only where it can matter; what is typed is handed on and gone."""
    press(page, "More: provider and name, folded")
    for address, is_there in (("http://10.0.0.7:8000", False), ("https://127.0.0.1:9", True), ("https://gpu", True)):
        field(page, "Address").setText(address)
        assert field(page, "Certificates to trust as well").isVisible() == is_there
    assert not combo(page, "Proxy").isVisible()
    assert field(page, "Certificates to trust as well").isVisible()
    for key, name in ((Qt.Key.Key_T, "Certificates to trust as well"), (Qt.Key.Key_Y, "Your certificate")):
        qtbot.keyClick(page, key, Qt.KeyboardModifier.AltModifier)
        assert QApplication.focusWidget() is field(page, name)
    field(page, "Address").setText("https://api.example.com/v1")
    assert not field(page, "Address of the proxy").isVisible()
    assert not field(page, "Password of your certificate").isVisible()
    choose(combo(page, "Proxy"), ProxyMode.MANUAL)
    typed = {
        "Address of the proxy": "ｐroxy.example:3128",
        "Name for the proxy": "anna",
        "Password for the proxy": "CANARY one",
        "Certificates to trust as well": "/etc/house.pem",
        "Your certificate": "/home/me.pem",
        "Key of your certificate": "/home/me.key",
        "Password of your certificate": "CANARY two",
    }
    for name, text in typed.items():
        field(page, name).setText(text)
        assert field(page, name).isVisible()
    route = Route(
        proxy=ProxyMode.MANUAL,
        proxy_address="proxy.example:3128",
        proxy_user="anna",
        ca_file="/etc/house.pem",
        certificate="/home/me.pem",
        certificate_key="/home/me.key",
    )
    tested = ask(page)
    assert tested[0].route == route
    assert tested[1] == Secrets("", "CANARY one", "CANARY two")
    field(page, "Your certificate").setText("/home/me.PFX")
    assert not field(page, "Key of your certificate").isVisible()
    button(page, "At all connections").click()
    saved: list[Any] = []
    page.form.trust_requested.connect(saved.append)
    page.save_requested.connect(lambda connection, secrets: saved.append(connection))
    press(page, "Save")
    kept = replace(route, certificate="/home/me.PFX", certificate_key="", ca_file="")
    assert [saved[0], saved[1].route] == ["/etc/house.pem", kept]
    assert not any("CANARY" in each.text() for each in page.findChildren(QLineEdit))
    page.form.set_trusted_everywhere("/etc/house.pem")
    page.edit(replace(saved[1], route=replace(kept, has_proxy_password=True)))
    assert field(page, "Certificates to trust as well").text() == "/etc/house.pem"
    assert field(page, "Password for the proxy").placeholderText() == "Empty: the saved password stays"
    answer(page, None, Failure("unreachable", host="proxy.example:3128", reason="proxy_login_wrong"))
    assert field(page, "Password for the proxy").isVisible()


@pytest.mark.parametrize(
    ("address", "own", "typed", "asked"),
    [
        ("https://gpu/v1", "", "", [""]),
        ("https://api.example.com/v1", "", "", [""]),
        ("https://gpu/v1", "", "/etc/other.pem", ["/etc/other.pem"]),
        ("https://gpu/v1", "", "/etc/house.pem", []),
        ("https://gpu/v1", "/etc/own.pem", "/etc/own.pem", []),  # of this connection alone
        ("http://10.0.0.7:8000/v1", "", "", []),  # without certificates
    ],
)
def test_what_is_trusted_at_all_connections_is_taken_back_by_emptying_its_field(
    page, qtbot, address, own, typed, asked
):
    page.form.set_trusted_everywhere("/etc/house.pem")
    page.edit(replace(COMPANY, address=address, route=Route(ca_file=own)))
    heard: list[str] = []
    page.form.trust_requested.connect(heard.append)
    field(page, "Certificates to trust as well").setText(typed)
    saved = save(page)
    assert (heard, saved[0].route) == (asked, Route(ca_file=own))


@pytest.mark.parametrize("is_left", [True, False], ids=["left", "saved at once"])
def test_a_login_in_the_address_of_a_proxy_goes_to_its_own_fields(page, qtbot, is_left):
    field(page, "Address").setText("https://api.example.com/v1")
    press(page, "More: provider, name and network, folded")
    choose(combo(page, "Proxy"), ProxyMode.MANUAL)
    address = field(page, "Address of the proxy")
    address.setText("http://anna:CANARY%20one@proxy.example:3128")
    if is_left:
        address.editingFinished.emit()
        assert address.text() == "http://proxy.example:3128"
        assert field(page, "Name for the proxy").text() == "anna"
    saved = save(page)
    route = Route(proxy=ProxyMode.MANUAL, proxy_address="http://proxy.example:3128", proxy_user="anna")
    assert (saved[0].route, saved[1]) == (route, Secrets("", "CANARY one"))
    assert not any("CANARY" in each.text() for each in page.findChildren(QLineEdit))


def test_a_proxy_that_a_policy_fixes(theme, qtbot):
    """Its address cannot be changed; the login can be entered."""
    page = ConnectionPage(theme, PRESETS, Policy(source="x", organization="ACME", proxy="http://proxy.corp:3128"))
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    field(page, "Address").setText("https://api.example.com/v1")
    press(page, "More: provider, name and network, folded")
    assert field(page, "Address of the proxy").text() == "http://proxy.corp:3128"
    assert field(page, "Address of the proxy").isReadOnly()
    assert not combo(page, "Proxy").isEnabled()
    assert "Set by ACME." in words_on(page)
    field(page, "Name for the proxy").setText("anna")
    saved = save(page)
    assert saved[0].route == Route(proxy_user="anna")


def test_a_refused_key_is_entered_anew_from_the_list(page, qtbot):
    page.show_connections([COMPANY], {"g"})
    for failure, is_refused in ((Failure("unreachable"), False), (Failure("auth_rejected", "", "gpu-server"), True)):
        page.show_answers([Listing(COMPANY, failure=failure)])
        assert any(each.isVisible() and each.text() == "Enter the key" for each in page.findChildren(QPushButton)) is (
            is_refused
        )
    press(page, "Enter the key")
    assert page.window().focusWidget() is field(page, "Key")
    assert "The key was not accepted" in words_on(page)
    page.take_step_back()
    page.show_answers([Listing(COMPANY, models=[ModelInfo("one")])])
    press(page, "Edit GPU")
    assert page.window().focusWidget() is field(page, "Address")


@pytest.mark.parametrize("name", ["Address", "Key", "Name in Candor"])
def test_enter_in_a_field_saves(page, qtbot, name):
    choose_provider(page, "custom")
    field(page, "Address").setText("gpu-server:8000/v1")
    field(page, name).setFocus()
    with qtbot.waitSignal(page.save_requested) as saved:
        qtbot.keyClick(field(page, name), Qt.Key.Key_Return)
    assert saved.args[0].address == "http://gpu-server:8000/v1"
