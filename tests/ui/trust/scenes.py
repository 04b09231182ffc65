"""Scenes of the gallery with the page *Where did my words go*."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from unittest.mock import AsyncMock, Mock

from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.core.message import AttachmentPart, Message, Role, TextPart, user_message
from desktop.core.place import THIS_COMPUTER, Place, PlaceKind
from desktop.core.policy.fixed import Policy
from desktop.core.trust import Count, Ending, Entry, Errand, Peer, Purpose
from desktop.ui.chat.consent import ConsentDialog, all_that_is_sent
from desktop.ui.chat.instructions import InstructionsDialog, OutgoingDialog
from desktop.ui.chat.page import ChatPage
from desktop.ui.look.theme import Theme
from desktop.ui.policy.fixed_note import FixedNote
from desktop.ui.trust.page import LedgerPage

MakeWindow = Callable[[Theme, int], tuple[QWidget, ChatPage]]
NOW = 1_790_000_000.0
GPU = Place(PlaceKind.PRIVATE_NETWORK, "gpu-server")
FAR = Place(PlaceKind.INTERNET, "api.provider.example")
TITLES = {"rent": "Rental contract and prices", "suppliers": "Table of suppliers", "zh": "供应商合同的要点"}


def entry(ago, errand, conversation="", place=THIS_COMPUTER, **more):
    """An exchange some seconds before `NOW`."""
    far = place.kind is not PlaceKind.THIS_COMPUTER
    peer = Peer(address="203.0.113.20", port=443, certificate="5f" * 32, issuer="Example Trust")
    near = Peer(address="127.0.0.1", port=11434)
    said = errand in (Errand.QUESTION, Errand.FILE)
    asks = said or errand is Errand.TEST
    made = Entry(
        at=NOW - ago,
        purpose=Purpose(
            errand=errand,
            conversation=conversation,
            model="qwen3:8b" if asks else "",
            messages=3 if said else int(asks),
            files=int(errand is Errand.FILE),
            words=38 if said else 0,
            earlier_words=210 if said else 0,
            instruction_words=24 if said else 0,
            asked_at=NOW - ago - 60 if said and far else 0.0,
        ),
        host=place.host or "127.0.0.1",
        place=place,
        peer=peer if far else near,
        sent=41_000,
        received=6_000,
        seconds=6.4,
        ending=Ending.DONE,
    )
    return replace(made, **more)


ENTRIES = [
    entry(60, Errand.FILE, "rent"),
    entry(120, Errand.MODELS, sent=200, received=3_000),
    entry(600, Errand.QUESTION),
    entry(700, Errand.TEST, "", GPU, peer=Peer(address="10.0.0.7", port=8000)),
    entry(4_000, Errand.QUESTION, "suppliers", FAR),
    entry(90_000, Errand.QUESTION, "zh", GPU, peer=Peer(address="10.0.0.7", port=8000)),
    entry(91_000, Errand.QUESTION, "gone", FAR, peer=Peer(), sent=0, received=0, ending=Ending.LOCKED),
    entry(500_000, Errand.PULL, "", Place(PlaceKind.INTERNET, "registry.ollama.ai"), received=5_200_000_000),
]
WRITTEN = "I work in purchasing. Answer in formal German."
SAID = [
    user_message(
        "What is the rent?", attached=(AttachmentPart("Rental contract.pdf", "application/pdf", "4,150 a month"),)
    ),
    Message(role=Role.ASSISTANT, parts=(TextPart("Die Miete beträgt 4.150 EUR im Monat."),), model="qwen3:8b"),
]
POLICY = Policy(source="x", organization="Example Ltd", contact="it@example.com", instructions="Answer formally.")
COUNTS = [Count("this_computer", 214, 1), Count("private_network", 38, 1), Count("internet", 3, 2, 1, 12)]


def filled(theme):
    """The page with something sent to each kind of place; the third row is open."""
    chat: Any = Mock(conversations=())
    keeper: Any = Mock(read=AsyncMock(return_value=(ENTRIES, COUNTS)))
    page = LedgerPage(theme, Mock(), chat, keeper, 90, clock=lambda: NOW)
    page.set_conversation("rent", is_chosen=False)
    page.show_entries(ENTRIES, TITLES, is_cut=False)
    page.show_counts(COUNTS)
    page.tree.expandItem(page.tree.topLevelItem(2))
    return page


def consent():
    """The question before two earlier messages go further than they have been."""
    dialog = ConsentDialog(None, FAR, earlier=2, is_new_host=True)
    dialog.show_detail(all_that_is_sent(WRITTEN, SAID, "And what would it be from May on?"))
    return dialog


def outgoing(theme, width):
    dialog = OutgoingDialog(theme, "Qwen3 8B", FAR, None)
    dialog.show_detail(all_that_is_sent(WRITTEN, SAID, "And what would it be from May on?"))
    return dialog


def ledger_scenes(make_window):
    """The scenes by their names."""

    def beside_conversations(theme, width):
        whole, chat_page = make_window(theme, width)
        row = whole.layout()
        assert isinstance(row, QHBoxLayout)
        row.removeWidget(chat_page)
        chat_page.hide()
        row.addWidget(filled(theme), 1)
        return whole

    return {
        "ledger": beside_conversations,
        "consent": lambda theme, width: consent(),
        "instructions": lambda theme, width: InstructionsDialog(
            theme, WRITTEN, WRITTEN, FixedNote(theme, POLICY), None
        ),
        "outgoing": outgoing,
    }
