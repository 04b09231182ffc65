"""Connections, rented computers, models and a policy over them in the gallery."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from desktop.backends.presets import load_presets
from desktop.core.connection import Connection, ConnectionKind, ProxyMode, Route, Secrets, SshLogin
from desktop.core.connections import ConnectionCheck, TunnelState
from desktop.core.message import Failure
from desktop.core.model import ModelChoice, ModelInfo
from desktop.core.models.fit import GIB, CardKind, Computer, GraphicsCard
from desktop.core.models.keeping import Download, DownloadState, KeepingPhase
from desktop.core.models.place import with_own_names
from desktop.core.policy.fixed import Policy
from desktop.core.policy.parse import read_policy
from desktop.core.request import ThinkingMode
from desktop.diagnosis import text_of
from desktop.runtime.models.advice import ModelAdvice, ModelTrial
from desktop.runtime.models.directory import Listing, ModelDirectory
from desktop.runtime.services import Services
from desktop.store.models import load_catalogue
from desktop.ui.chat.header import Header
from desktop.ui.chat.page import ChatPage
from desktop.ui.connections.form import RENTED
from desktop.ui.connections.page import ConnectionPage
from desktop.ui.keeping import DiagnosticsDialog, FaultSheet
from desktop.ui.models.menu import ThinkingChoice
from desktop.ui.models.offers import ModelOffers
from desktop.ui.models.page import ModelsPage
from desktop.ui.policy import PolicyDialog
from desktop.ui.widgets.page import PageStack
from desktop.ui.window.settings_dialog import SettingsDialog, SettingsGroup
from tests.core.test_policy import WHOLE
from tests.support.tasks import AtOnce
from tests.ui.steps import Noted, go_to

FAR = Connection(
    kind=ConnectionKind.OPENAI_COMPAT, name="Company server", address="https://ai.example.com/v1", id="c", has_key=True
)
PROXY = Route(proxy=ProxyMode.MANUAL, proxy_address="http://proxy.example.com:3128", proxy_user="anna.li")
FAILED: dict[str, tuple[Failure, Route]] = {
    "expired": (
        Failure("unreachable", "2026-10-31T23:59:59+00:00", "ai.example.com", reason="tls_expired"),
        Route(),
    ),
    "proxy": (Failure("unreachable", host="proxy.example.com:3128", reason="proxy_login_wrong"), PROXY),
    "key": (Failure("auth_rejected", "Incorrect API key provided", "ai.example.com", 401), Route()),
}


def failed(name):
    def make(theme, width):
        failure, route = FAILED[name]
        page = ConnectionPage(theme, list(load_presets().values()))
        page.edit(replace(FAR, route=route))
        page.form.show_testing()
        page.form.show_test_result(None, failure)
        page.form.show_check(ConnectionCheck(connection=FAR, has_key=True, failure=failure))
        QTimer.singleShot(300, page, lambda: page.ensureWidgetVisible(page.form.part_to_see, 0, 20))
        return page

    return make


def way(theme, width):
    page = ConnectionPage(theme, list(load_presets().values()))
    page.form.set_trusted_everywhere("/home/anna/Example Root CA.crt")
    page.edit(replace(FAR, route=replace(PROXY, certificate="/home/anna/anna.li.pem")))
    page.form.fields.set_open(True)
    QTimer.singleShot(300, page, lambda: page.ensureWidgetVisible(page.form.way_on, 0, 20))
    return page


def connection_scenes():
    """All of them, by name."""
    return {"connection_way": way, **{f"failed_test_{name}": failed(name) for name in FAILED}}


HOST = "region-1.rented.example"
LOGIN = SshLogin(host=HOST, user="root", port=12345, has_secret=True)
CONNECTION = Connection(
    kind=ConnectionKind.OPENAI_COMPAT, name="Rented GPU", address="http://localhost:6006/v1", ssh=LOGIN, id="r"
)
FINGERPRINT = "SHA256:oPGhJo3fG26aoQPWgApb+XM5yTJuNSjblBACi3HCMaQ (ED25519)"


def _page(theme):
    return ConnectionPage(theme, list(load_presets().values()))


def refused(theme, width):
    page = _page(theme)
    page.form.fields.begin_with("provider", RENTED)
    page.form.fields.begin_with("line", f"ssh -p 12345 root@{HOST} -i ~/.ssh/id_ed25519 nvidia-smi")
    return page


def asked(theme, width):
    page = _page(theme)
    page.edit(CONNECTION)
    page.form.show_testing()
    failure = Failure("unreachable", FINGERPRINT, HOST, None, "ssh_new")
    page.form.show_test_result(None, failure)
    page.form.show_check(ConnectionCheck(connection=CONNECTION, failure=failure))
    bar = page.verticalScrollBar()
    bar.rangeChanged.connect(lambda least, most: bar.setValue(most))
    return page


def listed(theme, width):
    page = _page(theme)
    states = dict(zip("abc", (TunnelState.CONNECTED, TunnelState.CONNECTING, TunnelState.LOST), strict=True))
    logins = {each: SshLogin(host=HOST, user=each) for each in states}
    page.show_connections(
        [
            Connection(
                kind=ConnectionKind.OLLAMA, name=f"GPU {each}", address="http://localhost:11434", ssh=login, id=each
            )
            for each, login in logins.items()
        ],
        set(states),
    )
    page.show_ways(lambda login: states[login.user])
    return page


def rented_scenes():
    """All of them, by name."""
    return {
        "rented: a line that is refused": refused,
        "rented: a new fingerprint": asked,
        "rented: how the ways stand": listed,
    }


OLLAMA = Connection(kind=ConnectionKind.OLLAMA, name="Ollama", address="http://127.0.0.1:11434", id="o")
COMPANY = Connection(kind=ConnectionKind.OPENAI_COMPAT, name="GPU server", address="http://gpu-server:8000/v1", id="g")
CLOUD = Connection(kind=ConnectionKind.OPENAI_COMPAT, name="DeepSeek", address="https://api.deepseek.com/v1", id="d")
RTX = GraphicsCard(CardKind.NVIDIA, "RTX 4090", 24 * GIB, 23 * GIB, 1008e9)
COMPUTERS = {
    "8": Computer(8 * GIB, 5 * GIB, cores=4),
    "16": Computer(16 * GIB, 11 * GIB, cores=8),
    "24": Computer(64 * GIB, 50 * GIB, cores=16, cards=(RTX,)),
}
THINKS = frozenset({"completion", "thinking"})
SWITCH = (ThinkingMode.AUTO, ThinkingMode.OFF)
INSTALLED = with_own_names(
    [
        ModelInfo("qwen3.5:4b", thinking_modes=SWITCH, size_on_disk=3_400_000_000, sees=True),
        ModelInfo("qwen3:8b", thinking_modes=SWITCH, size_on_disk=5_200_000_000),
        ModelInfo("deepseek-r1:7b", capabilities=THINKS, size_on_disk=4_700_000_000),
        ModelInfo("gemma4:e2b-it-qat", size_on_disk=4_300_000_000, sees=True),
        ModelInfo("gpt-oss:20b", capabilities=THINKS, size_on_disk=13_800_000_000),
        ModelInfo("qwen3.6:27b", thinking_modes=SWITCH, size_on_disk=17_000_000_000),
        ModelInfo("house-style:latest", size_on_disk=2_000_000_000, family="llama", parameters=3_200_000_000),
    ]
)
FORWARDED = ModelInfo("kimi-k2:1t-cloud", capabilities=THINKS, forwarded_to="ollama.com")
GROUPS = [
    Listing(CLOUD, with_own_names([ModelInfo("deepseek-chat"), ModelInfo("deepseek-reasoner", capabilities=THINKS)])),
    Listing(COMPANY, with_own_names([ModelInfo("Qwen/Qwen3-32B-AWQ"), ModelInfo("a-maker/with-a-long-name-2507-fp8")])),
    Listing(OLLAMA, [FORWARDED, *INSTALLED]),
]
BROKEN = [
    Listing(OLLAMA, INSTALLED[:2]),
    Listing(COMPANY, failure=Failure("unreachable", host="gpu-server", reason="dns")),
]
CHOSEN = ModelChoice("o", "qwen3.5:4b")
PINNED = (ModelChoice("o", "qwen3:8b"), ModelChoice("d", "deepseek-chat"))


def advice_on(computer, listings):
    """Return the advice on these models on a computer that is as it is told here."""
    work = cast(Any, AtOnce())
    models = ModelDirectory(work, cast(Any, None), lambda _: Secrets())
    models._listings = {each.connection.id: each for each in listings}
    services = Services(work, cast(Any, None), models, cast(Any, None), Policy(), cast(Any, None))
    advice = ModelAdvice(services, lambda: computer, load_catalogue)
    advice.look()
    return advice


def model_menu_scenes(window):
    """Return the scenes by their names."""

    def scene(listings, *, card="", pinned=(), is_offline=False):
        def make(theme, width):
            whole, page = window(theme, width)
            header: Header = page.header
            header.show_models(listings, CHOSEN, is_offline=is_offline)
            header.show_thinking(ThinkingChoice(SWITCH))
            advice = advice_on(COMPUTERS["16"], listings)
            header.menu.join(advice, Noted(pinned_models=pinned), lambda _: None)
            QTimer.singleShot(100, whole, lambda: open_menu(header, card))
            return whole

        return make

    return {
        "model_menu": scene(GROUPS, pinned=PINNED),
        "model_menu_broken": scene(BROKEN),
        "model_menu_locked": scene(GROUPS, is_offline=True),
        "model_menu_card": scene(GROUPS, card="deepseek-r1:7b"),
        "models": lambda theme, width: _with_page(theme, window(theme, width)[0]),
        "models_all": lambda theme, width: _with_page(theme, window(theme, width)[0], is_unfolded=True),
    }


def _with_page(theme, whole, *, is_unfolded=False):
    """Return the window with the page of models in the place of its conversation."""
    talk, row = whole.findChild(ChatPage), whole.layout()
    assert row is not None
    assert isinstance(talk, ChatPage)
    chat, advice = _chat_and_advice()
    downloads = cast(Any, _Downloads())
    offers = ModelOffers(chat, advice, downloads, lambda _: False)
    pages = PageStack(QWidget())
    row.replaceWidget(talk, pages)
    talk.setParent(None)
    trial = ModelTrial(chat.services)
    page = ModelsPage(theme, pages, chat, advice, downloads, trial, offers, lambda _: None)
    page.show_all_models(is_unfolded)
    page.open()
    return whole


class _Downloads(QObject):
    """One that runs, and one that has failed."""

    changed = Signal()
    progressed = Signal(object)

    is_allowed = True
    items = (
        Download(
            ModelChoice("o", "qwen3:8b"), DownloadState.RUNNING, 5_200_000_000, KeepingPhase.FETCHING, 3_200_000_000,
            5_200_000_000, 18e6,
        ),
        Download(
            ModelChoice("o", "someone/tiny"), DownloadState.FAILED, done=3, total=9,
            failure=Failure("pull_failed", reason="no_network"),
        ),
    )  # fmt: skip

    def refusal_of(self, name):
        return None


def _chat_and_advice():
    there = [each for each in INSTALLED if each.name != "qwen3:8b"]
    advice = advice_on(COMPUTERS["16"], [Listing(OLLAMA, [FORWARDED, *there])])
    services = SimpleNamespace(work=AtOnce(), models=advice._models, store=None)
    return SimpleNamespace(services=services, choice=CHOSEN), advice


def open_menu(header, card):
    """Open the menu as a press does, or with the card of a model."""
    header.open_models()
    menu = header.menu
    if card:
        go_to(menu, card)
        QTest.keyClick(menu.list, Qt.Key.Key_F1)


FILE = "/etc/candor/policy.toml"
POLICY = read_policy(WHOLE.replace('key = "command"', 'key = "ask"'), FILE)
BROKEN_POLICY = read_policy(WHOLE.replace("[end]\n", "").replace("farthest", "fartest"), FILE)
FOUND = Connection(kind=ConnectionKind.OLLAMA, name="Ollama", address="http://127.0.0.1:11434", id="o")
DIAGNOSED = {
    "program": {"version": "0.1.0", "frozen": True, "executable": "/opt/candor/candor", "python": "3.11.7"},
    "qt": {"version": "6.11.3", "platform": "xcb", "fonts": 118, "scale": 1.0},
    "policy": {"source": FILE, "closes_network": False, "problems": [], "names": ["organization", "network.farthest"]},
    "keyring": {"backend": "keyring.backends.SecretService.Keyring"},
    "connections": [{"name": "Company server", "error": "unreachable tls", "detail": "", "has_key": True}],
}
FAULT = "AttributeError: 'NoneType' object has no attribute 'text'\n/opt/candor/desktop/ui/chat/page.py:120 in show"


def connections(theme, width):
    page = ConnectionPage(theme, list(load_presets().values()), POLICY)
    set_up = [each.connection for each in POLICY.connections]
    inside = [POLICY.reach.seen(each.server_place) != each.server_place for each in set_up]
    seen = [replace(each, is_inside=found) for each, found in zip(set_up, inside, strict=True)]
    page.show_connections([*seen, FOUND], set())
    return page


def settings(theme, width):
    dialog = SettingsDialog(theme, Noted(), policy=POLICY)
    dialog.show_group(SettingsGroup.PRIVACY)
    return dialog


def diagnostics(theme, width):
    dialog = DiagnosticsDialog(theme)
    dialog.show_text(text_of(DIAGNOSED, {}))
    return dialog


def policy_scenes():
    """All of them, by name."""
    return {
        "policy_connections": connections,
        "policy_settings": settings,
        "policy": lambda theme, width: PolicyDialog(theme, POLICY),
        "policy_broken": lambda theme, width: PolicyDialog(theme, BROKEN_POLICY),
        "diagnostics": diagnostics,
        "fault": lambda theme, width: FaultSheet(theme, FAULT),
    }
