"""Fresh conversations and the pages about keeping, what was sent, and help in the gallery."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock, Mock

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.core.claims.differences import Agreement, agreement, compare, conclude
from desktop.core.conversation import Backup, Conversation
from desktop.core.exporting import BrokenConversation, FoundConversation, ImportedFile, ImportFault
from desktop.core.fresh_start import FreshStart, OutgoingDraft, brief_of
from desktop.core.message import AttachmentPart, Message, Role, TextPart, user_message
from desktop.core.place import THIS_COMPUTER, Place, PlaceKind
from desktop.core.policy.fixed import Policy
from desktop.core.prompts.prompt import PromptDraft
from desktop.core.request import Errand
from desktop.core.teaching import HelpDoor
from desktop.core.trust import Count, Ending, Entry, Peer, Purpose
from desktop.exporters import formats
from desktop.prompts.texts import load_help
from desktop.rendering.page.shown_claims import shown_in
from desktop.runtime.compare import Compared
from desktop.runtime.exporting import ImportOffer
from desktop.ui.chat.outgoing import InstructionsDialog, OutgoingDialog
from desktop.ui.chat.sending import ConsentDialog, all_that_is_sent
from desktop.ui.compare.page import ComparePage
from desktop.ui.compare.presenter import lines, notes
from desktop.ui.exporting.importing import ImportDialog
from desktop.ui.exporting.presenter import ExportDialog, ExportScope
from desktop.ui.fresh_start.presenter import ContinuedLine, FreshComparisonBar, OriginLine
from desktop.ui.fresh_start.sheet import FreshSheet
from desktop.ui.keeping import BackupsDialog
from desktop.ui.message_actions import PanelPreference
from desktop.ui.policy import FixedNote
from desktop.ui.prompts.dock import SideWords
from desktop.ui.sidebar.column import Sidebar
from desktop.ui.teaching import HelpDoors, HelpPage, HelpSection, shortcuts_of
from desktop.ui.transcript.footer import MessageFooter
from desktop.ui.trust import LedgerPage
from desktop.ui.widgets.buttons import FoldButton
from desktop.ui.widgets.page import PageStack
from desktop.ui.window.acts import SHORTCUTS, add_shortcuts
from desktop.ui.window.bin_page import BinPage
from tests.ui.steps import Noted
from tests.ui.transcript.page_bench import KnownPath, mine, reply

QUESTION = "Which payment terms does the contract with Nordlicht GmbH name? Please give the number of the clause."
QUESTION_ZH = "合同里的付款期限是多少天？请指出是第几条。"
TALK = (
    mine(QUESTION),
    reply("Payment is due **45 days** after the invoice (clause 7.2), with 3 % discount within 10 days."),
    mine(QUESTION_ZH),
    reply("付款期限为收到发票后 45 天（第 7.2 条）。"),
)
CONTRACT = AttachmentPart("Nordlicht, framework contract.pdf", "application/pdf", "Clause 4.1: within 30 days. " * 400)


def fresh_scenes(make_window, here, far):
    """`make_window` makes the window's other parts for a width and a place."""

    def talking(theme, width, place):
        whole, page = make_window(theme, width, place)
        page.transcript.show_path(KnownPath(TALK))
        page.show_transcript(True)
        return whole, page

    def sheet(start, place=here, *, is_taught=True, is_running=False):
        def make(theme, width):
            whole, page = talking(theme, width, place)
            made = FreshSheet(theme, page, page.header)
            made.show_place(place, 1024)

            def open_it():
                made.open(start, FreshStart, is_taught=is_taught)
                made.show_running(is_running)
                made.show_brief(brief_of(TALK))
                if start is FreshStart.CARRY_OVER and is_running:
                    made.findChild(FoldButton).click()
                made.show_question(OutgoingDraft(QUESTION, (CONTRACT,) if is_running else ()))

            QTimer.singleShot(0, made, open_it)
            return whole

        return make

    def linked(theme, width):
        whole, page = talking(theme, width, here)
        origin, continued = OriginLine(theme), ContinuedLine(theme)
        page.put_above(origin)
        page.put_below(continued)
        origin.show_origin(Conversation(title="Payment terms of Nordlicht GmbH"), is_fresh=True, can_undo=True)
        continued.show_continued([Conversation(title="供应商合同的要点 " * 12), Conversation(title="Another one")])
        QTimer.singleShot(0, page, lambda: [each.set_pointed_at(True) for each in whole.findChildren(MessageFooter)])
        return whole

    return {
        "fresh_ask_again": sheet(FreshStart.ASK_AGAIN, far),
        "fresh_carry_over": sheet(FreshStart.CARRY_OVER),
        "fresh_links": linked,
    }


OLD = (
    "The bridge was **opened on 14 July 1889** and is 321 m long. It was built by *Anna Berg*, who said: “Nothing "
    "holds like stone.”\n\n| What | Value |\n| --- | --- |\n| Length | 321 m |\n| Cost | 7,500,000 crowns |\n\n"
    "See `plan.pdf`."
)
FRESH = (
    "The bridge was opened on 10 May 1889 and is 321 metres long. It was built by Nils Lund.\n\n"
    "| What | Value |\n| --- | --- |\n| Length | 321 m |\n| Cost | 7.5 million crowns |"
)


def fresh_comparison_scenes():
    """By name."""
    return {
        "fresh_compared": _scene((OLD, FRESH)),
    }


def _scene(answers):
    def make(theme, width):
        page, bar = ComparePage(theme), FreshComparisonBar(theme, print)
        several = len(answers) > 2
        headings = ["The answer before", *(["Fresh answer"] * (len(answers) - 1))]
        if several:
            headings = [f"{at} · {heading}" for at, heading in enumerate(headings, 1)]
        page.make_columns(
            "When was the bridge opened, and by whom was it built?",
            list(map(SideWords, headings)),
            PanelPreference.AUTO,
            bar,
        )
        page.show_running(False)
        shown = [shown_in(answer) for answer in answers]
        places = tuple(range(len(answers)))
        found = agreement(shown) if several else compare(*shown)
        two, many = (None, found) if isinstance(found, Agreement) else (found, None)
        compared = Compared(places, two, many, conclude(found, given="When was the bridge opened?"))
        page.differences.say(lines(compared, headings))
        for place, (column, answer) in enumerate(zip(page.columns, answers, strict=True)):
            message = reply(answer)
            column.show_ended(message, KnownPath([message]))
            column.transcript.differences.mark(notes(compared, place, headings))
        return page

    return make


NOW = 1_790_000_000.0
_DAY = 86_400.0
_TITLES = (
    "Notice to a supplier",
    "供应商合同的要点",
    "lease.pdf – Which notice?",
    "Price list 2026",
    "Travel costs of October",
)


def _conversations():
    made = [Conversation(title=title, id=title, updated_at=NOW - at * _DAY) for at, title in enumerate(_TITLES)]
    folders = ("", "", "Contracts", "Contracts", "Accounts")
    return [
        replace(each, settings=replace(each.settings, folder=folder), pinned=at == 1)
        for at, (each, folder) in enumerate(zip(made, folders, strict=True))
    ]


def keeping_scenes(make_window):
    """The scenes by their names."""

    def bin_of_deleted(theme, width):
        whole, page = make_window(theme, width)
        layout = whole.layout()
        assert isinstance(layout, QHBoxLayout)
        layout.removeWidget(page)
        page.hide()
        shown = BinPage(theme, Mock(), Mock(), clock=lambda: NOW)
        shown.show_days(30)
        shown.show_binned([(each, NOW - at * 6 * _DAY) for at, each in enumerate(_conversations())])
        layout.addWidget(shown, 1)
        return whole

    def temporary(theme, width):
        whole, page = make_window(theme, width)
        page.header.set_title("", is_stored=False, is_temporary=True)
        page.empty.show_temporary(True)
        return whole

    def folders(theme, width):
        whole, _ = make_window(theme, 1000)
        for sidebar in whole.findChildren(Sidebar):
            sidebar.show_conversations(_conversations())
        return whole

    return {
        "bin": bin_of_deleted,
        "temporary": temporary,
        "folders": folders,
        "restore": _restore,
        "import": _import,
        "export": lambda theme, width: ExportDialog(
            theme, [ExportScope("The whole conversation")], formats(), ".docx", frozenset(), None
        ),
    }


def _restore(theme, width):
    dialog = BackupsDialog(theme)
    made = [(0.3, 14_200_000, 612), (1.3, 13_900_000, 601), (2.4, 13_100_000, 574)]
    dialog.show_backups(
        [Backup(Path("b"), NOW - age * _DAY, size, 42 - at, count) for at, (age, size, count) in enumerate(made)]
    )
    return dialog


def _import(theme, width):
    found = tuple(FoundConversation(each, 4 + 3 * at) for at, each in enumerate(_conversations()))
    broken = (BrokenConversation("Minutes of May", ImportFault.EMPTY), BrokenConversation("", ImportFault.BROKEN))
    offer = ImportOffer(Path("x"), ImportedFile(("Claude", "LM Studio"), found, broken), frozenset({_TITLES[3]}))
    return ImportDialog(theme, offer)


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
    made = replace(made, **more)
    if made.requests > 1:
        made = replace(made, purpose=replace(made.purpose, run="each", files=made.requests))
    return made


ENTRIES = [
    entry(60, Errand.FILE, "rent"),
    entry(120, Errand.MODELS, sent=200, received=3_000),
    entry(600, Errand.QUESTION),
    entry(700, Errand.TEST, "", GPU, peer=Peer(address="10.0.0.7", port=8000)),
    entry(4_000, Errand.QUESTION, "suppliers", FAR),
    entry(90_000, Errand.QUESTION, "zh", GPU, peer=Peer(address="10.0.0.7", port=8000)),
    entry(91_000, Errand.QUESTION, "gone", FAR, peer=Peer(), sent=0, received=0, ending=Ending.LOCKED),
    entry(92_000, Errand.FILE, "suppliers", GPU, peer=Peer(address="10.0.0.7", port=8000), requests=58),
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


@cache
def the_help():
    """The help as it comes with the program."""
    return load_help()


class Went:
    """The ways out of the help, which only note who went where."""

    def __init__(self):
        self.drafts: list[PromptDraft] = []
        self.compared: list[tuple[str, list[str]]] = []
        self.said: list[tuple[str, list[Message]]] = []
        self.to: list[str] = []

    def doors(self):
        return HelpDoors(
            lambda draft, _: self.drafts.append(draft),
            lambda asked, question, names: self.compared.append((question, [*names, *(each.text for each in asked)])),
            lambda title, messages: self.said.append((title, list(messages))),
            self.to.append,
            {door: lambda door=door: self.to.append(door.value) for door in HelpDoor},
            lambda: self.to.append("diagnostics"),
            lambda: self.to.append("about"),
        )


def keys():
    """The shortcuts of the window, which do nothing here."""
    window = QWidget()
    add_shortcuts(window, dict.fromkeys(SHORTCUTS, lambda: None))
    return shortcuts_of(window)


def help_scenes(make_window):
    """The scenes by their names."""

    def scene(show):
        def make(theme, width):
            whole, chat_page = make_window(theme, width)
            row = whole.layout()
            assert isinstance(row, QHBoxLayout)
            row.removeWidget(chat_page)
            stack = PageStack(chat_page)
            row.addWidget(stack, 1)
            noted = Noted(lessons_read=("parts", "quotes"))
            made = HelpPage(theme, stack, the_help(), keys, Went().doors(), noted)
            made.open()
            show(made)
            return whole

        return make

    lessons = {
        f"lesson_{each.key}": scene(lambda help_, key=each.key: help_.show_topic(key)) for each in the_help().lessons
    }
    return {
        "help": scene(lambda help_: None),
        "help_words": scene(lambda help_: help_.show_topic("token")),
        "help_keys": scene(lambda help_: help_.show_section(HelpSection.KEYS)),
        "help_found": scene(lambda help_: help_.search.setText("r1")),
        **lessons,
    }
