"""Evidence for answers, looked for on a thread of its own when one has ended, and for old ones when they are shown.

The rules are `core.evidence`; which answers are in view is the window's business. Nothing is stored: files and messages
are, and from them it is found anew.
"""

from __future__ import annotations

import logging
import sys
from collections import OrderedDict
from collections.abc import Callable, Sequence
from itertools import count
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.claims.claim import Shown
from desktop.core.conversation import Conversation
from desktop.core.message import Message
from desktop.core.repository import ConversationStore
from desktop.runtime.threads.background_tasks import BackgroundTasks
from desktop.runtime.threads.daemon_executor import DaemonExecutor

if TYPE_CHECKING:  # a start without answers does not need the rules
    from desktop.core.evidence.checked import Evidence, GivenText
    from desktop.core.evidence.given import Given
    from desktop.core.evidence.sources import Sources

_log = logging.getLogger(__name__)

# Messages before an answer, at most, whose files it is looked up in.
MOST_EARLIER = 200
# Seconds. The rules are all Python: the GUI thread would wait for the usual five milliseconds each time that it comes
# back from Qt, which is many times a frame.
_SWITCH_EVERY = 0.001
_MOST_KEPT = 100  # answers whose evidence is kept
_MOST_INDEXES = 2  # conversations in turn, each with all its files


class EvidenceWatch(QObject):
    """A finder of evidence for the answers of conversations, kept while the program runs."""

    found = Signal(str, object)  # the id of a reply, Evidence; also where there is nothing to look up

    def __init__(
        self,
        work: BackgroundTasks,
        store: ConversationStore,
        shown_in: Callable[[str], Shown],
        parent: QObject | None = None,
    ) -> None:
        """Keep the dependencies. `shown_in` turns an answer's Markdown into its visible text, on the worker thread."""
        super().__init__(parent)
        self._work = work
        self._store = store
        self._shown_in = shown_in
        self._thread = DaemonExecutor("evidence")
        self._numbers = count(1)
        self._looks: dict[str, int] = {}  # number of the last look at a reply, by its id, while it lasts
        self._kept: OrderedDict[str, tuple[str, Evidence]] = OrderedDict()  # with the answer, by the id of the reply
        self._indexes: OrderedDict[tuple[GivenText, ...], Given] = OrderedDict()  # of the worker thread alone

    def look(self, conversation: Conversation, reply: Message) -> None:
        """Look for the evidence of a reply that has ended, unless it is known; told by `found` in either case."""
        kept = self._kept.get(reply.id)
        if kept is not None and kept[0] == reply.text:
            self._kept.move_to_end(reply.id)
            self.found.emit(reply.id, kept[1])
            return
        if reply.id in self._looks and kept is None:
            return  # it is on its way
        number = self._looks[reply.id] = next(self._numbers)
        store, identity, system = self._store, conversation.id, conversation.settings.system

        def read() -> Sequence[Message]:
            return store.path_end(identity, MOST_EARLIER + 1, reply.id)

        def check(path: Sequence[Message]) -> None:
            above = [message for message in path if message.id != reply.id]
            self._work.run_on(self._thread, lambda: self._giving_way(above, reply.text, system), tell, fail)

        def tell(evidence: Evidence) -> None:
            if self._looks.get(reply.id) != number:
                return
            del self._looks[reply.id]
            self._kept[reply.id] = reply.text, evidence
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
            self.found.emit(reply.id, evidence)

        def fail(error: Exception) -> None:
            self._looks.pop(reply.id, None)
            _log.warning("evidence could not be looked for", exc_info=error)

        self._work.run_on_store(read, check, fail)

    def _giving_way(self, above: Sequence[Message], answer: str, system: str) -> Evidence:
        """Return the evidence for an answer, and let other threads run often meanwhile. Runs on the worker thread."""
        usual = sys.getswitchinterval()
        sys.setswitchinterval(_SWITCH_EVERY)
        try:
            return self._evidence(above, answer, system)
        finally:
            sys.setswitchinterval(usual)

    def _evidence(self, above: Sequence[Message], answer: str, system: str) -> Evidence:
        """Return the evidence for an answer."""
        from desktop.core.evidence.checked import NO_EVIDENCE
        from desktop.core.evidence.sources import sources_of

        sources = sources_of(above, system)
        if not sources.given:
            return NO_EVIDENCE
        from desktop.core.evidence.checking import check  # long, and most conversations were given nothing

        return check(self._shown_in(answer), self._index(sources), sources.question)

    def _index(self, sources: Sources) -> Given:
        """Return the index of all that was given, which is the same for each answer below it."""
        from desktop.core.evidence.given import Given

        index = self._indexes.pop(sources.given, None)
        if index is None:
            # A further file or text leaves those before it at their places, which are long to index.
            same = [known for known in self._indexes.values() if known.indexes[0].source == sources.given[0]]
            index = Given(sources.given, same[-1].indexes if same else ())
        self._indexes[sources.given] = index
        while len(self._indexes) > _MOST_INDEXES:
            self._indexes.popitem(last=False)
        return index
