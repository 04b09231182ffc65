"""Evidence for answers, looked for when one has ended, and for old ones when they are shown.

Short ones are looked up on a thread of their own, long ones, where there is one, in a process, so that the window has
the interpreter for itself. The rules are `core.evidence`. Nothing is stored: it is found anew from files and messages.
"""

from __future__ import annotations

import logging
import sys
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal

from desktop.core.claims.claim import Shown
from desktop.core.conversation import Conversation
from desktop.core.documents.reading import ReadingError, ReadingProblem
from desktop.core.message import Message
from desktop.core.repository import StoreError
from desktop.core.text.late_regex import late_regex
from desktop.runtime.background import Task, gui_task
from desktop.runtime.services import Services

if TYPE_CHECKING:  # a start without answers does not need the rules
    from desktop.core.evidence.checked import Evidence
    from desktop.core.evidence.given import Indexes
    from desktop.core.evidence.sources import Sources

_log = logging.getLogger(__name__)

# Messages before an answer, at most, whose files it is looked up in.
MOST_EARLIER = 200
# Seconds. The rules are all Python: the GUI thread would wait for the usual five milliseconds each time that it comes
# back from Qt, which is many times a frame.
_SWITCH_EVERY = 0.001
_MOST_KEPT = 100  # answers whose evidence is kept
# Characters of files and answer together that are looked up on a thread, in some 30 ms: a process takes 300 to start.
_SHORT = 12_000
_MANY = 120  # numbers of an answer, from which on even a short one takes long: each may come of all the others
_NUMBER = late_regex(r"\d+")


class LookUps(Protocol):
    """Finder of evidence in a process of its own; runs on the loop thread."""

    async def look_up(self, answer: str, sources: Sources) -> Evidence:
        """Return the evidence for an answer, as its Markdown was written. Raises `ReadingError`.

        For an empty answer, which is still being written, what was given is made ready.
        """
        ...


class EvidenceWatch(QObject):
    """A finder of evidence for the answers of conversations, kept while the program runs."""

    found = Signal(str, object)  # the id of a reply, Evidence; also where there is nothing to look up
    failed = Signal(str)  # the id of a reply that could not be looked up

    def __init__(
        self,
        services: Services,
        shown_in: Callable[[str], Shown],
        make_look_ups: Callable[[], LookUps] | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Keep the dependencies. `shown_in` turns an answer's Markdown into its visible text, on the worker thread.

        Without `make_look_ups` long answers are looked up on that thread, too.
        """
        super().__init__(parent)
        self._work = services.work
        self._store = services.store
        self._shown_in = shown_in
        self._make_look_ups = make_look_ups
        self._process: LookUps | None = None  # begun with the first long answer
        self._looks: dict[str, tuple[str, Task]] = {}  # the answers that are looked up, by the id of the reply
        # With the answer, by the id of the reply; None of one that could not be looked up.
        self._kept: OrderedDict[str, tuple[str, Evidence | None]] = OrderedDict()
        self._indexes: Indexes | None = None  # of the worker thread alone

    def look(self, conversation: Conversation, reply: Message) -> None:
        """Look for the evidence of a reply that has ended, unless it is known; told by `found` or `failed`."""
        text, known = self._kept.get(reply.id, (None, None))
        if text == reply.text:
            self._kept.move_to_end(reply.id)
            self._tell(reply.id, known)
            return
        looked_up, task = self._looks.get(reply.id, ("", None))
        if task is not None:
            if looked_up == reply.text:
                return  # it is on its way
            task.cancel()
        left_out = frozenset(conversation.settings.left_out)
        if reply.id in left_out:  # it was made before anything was
            left_out = frozenset()
        self._looks[reply.id] = reply.text, self._look(conversation, reply, left_out)

    @gui_task
    async def _look(self, conversation: Conversation, reply: Message, left_out: frozenset[str]) -> None:
        evidence = None
        try:
            path = await self._work.run(self._store.path_end, conversation.id, MOST_EARLIER + 1, reply.id)
            above = [message for message in path if message.id != reply.id and message.id not in left_out]
            sources = await self._work.compute(lambda: _sources(above, conversation.settings.system))
            evidence = await self._check(reply.text, sources)
        except Exception as error:
            _log.warning("evidence could not be looked for", exc_info=error)
        del self._looks[reply.id]
        self._kept[reply.id] = reply.text, evidence
        while len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        self._tell(reply.id, evidence)

    @gui_task
    async def prepare(self, conversation: Conversation, reply: str) -> None:
        """Have what was given made ready, where it is long, while a reply is being written; `reply` is its id."""
        if self._make_look_ups is None:
            return
        left_out = {*conversation.settings.left_out, reply}
        try:
            path = await self._work.run(self._store.path_end, conversation.id, MOST_EARLIER + 1)
            above = [message for message in path if message.id not in left_out]
            sources = await self._work.compute(lambda: _sources(above, conversation.settings.system))
            if _is_long("", sources):
                await self._work.on_loop(self._look_ups.look_up("", sources))
        except (StoreError, ReadingError) as error:
            _log.info("evidence could not be made ready: %s", error)

    @property
    def _look_ups(self) -> LookUps:
        if self._process is None:
            assert self._make_look_ups is not None
            self._process = self._make_look_ups()
        return self._process

    def _tell(self, reply: str, evidence: Evidence | None) -> None:
        if evidence is None:
            self.failed.emit(reply)
        else:
            self.found.emit(reply, evidence)

    async def _check(self, answer: str, sources: Sources) -> Evidence:
        """Look an answer up where that holds nothing up."""
        if self._make_look_ups is not None and _is_long(answer, sources):
            try:
                return await self._work.on_loop(self._look_ups.look_up(answer, sources))
            except ReadingError as error:
                if error.problem is not ReadingProblem.CRASHED:
                    raise
                _log.info("the process that looks answers up ended: %s", error)
        return await self._work.compute(lambda: self._giving_way(answer, sources))

    def _giving_way(self, answer: str, sources: Sources) -> Evidence:
        """Return the evidence for an answer, and let other threads run often meanwhile. Runs on the worker thread."""
        usual = sys.getswitchinterval()
        sys.setswitchinterval(_SWITCH_EVERY)
        try:
            return self._evidence(answer, sources)
        finally:
            sys.setswitchinterval(usual)

    def _evidence(self, answer: str, sources: Sources) -> Evidence:
        """Return the evidence for an answer."""
        from desktop.core.evidence.checked import NO_EVIDENCE

        if not sources.given:
            return NO_EVIDENCE
        from desktop.core.evidence.checking import check  # long, and most conversations were given nothing
        from desktop.core.evidence.given import Indexes

        if self._indexes is None:
            self._indexes = Indexes()
        given = self._indexes.of(sources.given)
        return check(self._shown_in(answer), given, sources.question, sources.earlier)


def _sources(above: Sequence[Message], system: str) -> Sources:
    """Return what was given before a reply. Runs on the worker thread."""
    from desktop.core.evidence.sources import sources_of

    return sources_of(above, system)


def _is_long(answer: str, sources: Sources) -> bool:
    if not sources.given:
        return False
    if len(answer) + sum(len(each.text) for each in sources.given) > _SHORT:
        return True
    return len(_NUMBER.findall(answer)) > _MANY
