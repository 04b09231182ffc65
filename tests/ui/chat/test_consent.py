"""Words go to a host on the internet, or further than they have been, only after the user has agreed."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop.core.conversation import Conversation, ConversationSettings
from desktop.core.message import AttachmentPart, Message, Role, TextPart
from desktop.core.place import THIS_COMPUTER, Place, PlaceKind
from desktop.ui.chat.sending import Consent, SendingConsent
from tests.support.scripts import FORWARDED, MODEL, ndjson, ollama_lines, ollama_script
from tests.support.tasks import AtOnce
from tests.ui.connections.test_forwarded_models import choose
from tests.ui.steps import Noted, answering

pytestmark = pytest.mark.window

FAR = Place(PlaceKind.INTERNET, "api.example.com")
OTHER = Place(PlaceKind.INTERNET, "other.example.com")
NEAR = Place(PlaceKind.PRIVATE_NETWORK, "gpu-server")


class Path:
    """The path of a conversation, all of it in memory."""

    def __init__(self, messages):
        self.ids = [each.id for each in messages]
        self._messages = {each.id: each for each in messages}
        self.work = AtOnce()

    def message(self, identity):
        return self._messages.get(identity)

    async def read(self, ids):
        return {each: self._messages[each] for each in ids}


class Talk:
    """A conversation with a model at `place`, and who asks for consent in it."""

    def __init__(self, parent, place, *said, hosts=None):
        self.noted = Noted(asked_hosts=tuple(hosts or ()))
        self.path = Path(list(said))
        settings = ConversationSettings(system="Be formal.") if said else ConversationSettings()
        self.models = SimpleNamespace(is_offline=False, place_of=lambda _: self.place)
        services = SimpleNamespace(models=self.models, settings=self.noted)
        chat = SimpleNamespace(current=Conversation(settings=settings), path=self.path, services=services)
        self.place = place
        self.agreed: list[Place] = []
        self._consent = SendingConsent(parent, chat, self.agreed.append)

    def ask(self, words="words"):
        return self._consent.ask(words, None, self.path.ids)


def turn(place):
    """A question with a file, and an answer from a place."""
    file = AttachmentPart("prices.txt", "text/plain", "4,150 a month")
    return [
        Message(role=Role.USER, parts=(TextPart("What is the rent?"), file)),
        Message(role=Role.ASSISTANT, parts=(TextPart("4,150."),), model="m", place=place),
    ]


@pytest.fixture
def parent(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    return made


def test_it_shows_where_to_and_what(parent):
    talk = Talk(parent, FAR)
    with answering("Send") as question:
        assert talk.ask("<b>my</b> words %1") is Consent.SEND
    assert "api.example.com" in question.text
    assert question.detail == "<b>my</b> words %1"
    assert question.text_format is Qt.TextFormat.PlainText
    assert question.default == "Cancel"
    assert talk.noted.changes == [{"asked_hosts": ("api.example.com",)}]
    with answering("Cancel") as question:
        assert talk.ask() is Consent.SEND
        assert not question.was_asked
        talk.place = OTHER
        assert talk.ask() is Consent.NO
    assert question.was_asked


def test_all_that_is_sent_is_shown_whole(parent):
    talk = Talk(parent, FAR, *turn(THIS_COMPUTER))
    with answering("Send") as question:
        talk.ask("word " * 10_000)
    talk.models.is_offline = True  # under the lock nothing is asked
    with answering("Cancel") as locked:
        assert talk.ask() is Consent.SEND
    assert not locked.was_asked
    for words in ("Be formal.", "What is the rent?", "4,150 a month", "4,150.", "word " * 9_999):
        assert words in question.detail.replace("\n", "")  # a long line is broken where it is shown
    assert "2 earlier messages" in question.text


@pytest.mark.parametrize(
    ("been", "place", "is_asked"),
    [
        (THIS_COMPUTER, NEAR, True),
        (THIS_COMPUTER, FAR, True),
        (NEAR, FAR, True),
        (NEAR, Place(PlaceKind.PRIVATE_NETWORK, "gpu-2"), True),
        (OTHER, FAR, True),
        (FAR, FAR, False),
        (FAR, NEAR, False),
        (None, FAR, True),  # of another program
        (None, NEAR, False),
    ],
)
def test_going_further_is_asked_once_even_to_a_host_that_is_known(parent, been, place, is_asked):
    talk = Talk(parent, place, *turn(been), hosts={"api.example.com", "other.example.com"})
    with answering("Send") as question:
        assert talk.ask() is Consent.SEND
    assert question.was_asked is is_asked
    with answering("Cancel") as question:
        assert talk.ask() is Consent.SEND
    assert not question.was_asked


def test_start_fresh_there_takes_the_question_along_and_nothing_else(open_over):
    with open_over(ollama_script(ndjson(ollama_lines("It is four.")), forwarded=[FORWARDED])) as (opened, server):
        choose(opened, MODEL)
        opened.ask("My secret plan")
        first = opened.program.chat.current.id
        choose(opened, FORWARDED)
        with answering("Start fresh there") as question:
            opened.ask("What is two and two?")
        assert "2 earlier messages to ollama.com" in question.text
        assert "My secret plan" in question.detail
        assert opened.program.chat.current.id != first
        asked = server.chats[-1].json
        assert asked["model"] == FORWARDED
        assert [each["content"] for each in asked["messages"]] == ["What is two and two?"]
        with answering("Cancel") as question:
            opened.ask("And three?")  # nothing goes further here
        assert not question.was_asked
