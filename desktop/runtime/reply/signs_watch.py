"""A search for signs of trouble in a reply when it has ended, on the store's thread; they are stored with it.

What counts as a sign is `core.signs`; which are shown, and how, is the window's. A bounded part of the conversation is
read.
"""

from __future__ import annotations

import logging
from itertools import count

from PySide6.QtCore import QObject, Signal

from desktop.core.conversation import Conversation
from desktop.core.message import Message
from desktop.core.repository import ConversationStore
from desktop.core.sign import Sign
from desktop.runtime.threads.background_tasks import BackgroundTasks

_log = logging.getLogger(__name__)


class SignsWatch(QObject):
    """A checker of replies that have ended, told again when their words change: the last check counts."""

    found = Signal(str, object)  # the id of a reply, tuple[Sign, ...]; also where there are none

    def __init__(self, work: BackgroundTasks, store: ConversationStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._store = store
        self._numbers = count(1)
        self._looks: dict[str, int] = {}  # number of the last look at a reply, by its id, while it lasts

    def look(
        self,
        conversation: Conversation,
        reply: Message,
        answer_limit: int | None = None,
        *,
        began_again: bool = False,
        is_without_loops: bool = False,
    ) -> None:
        """Check a reply whose present form is on its way to the disk; what else is given is as in `Exchange`."""
        store, number = self._store, next(self._numbers)
        self._looks[reply.id] = number

        def find() -> tuple[Sign, ...]:
            # A start without replies does not need the rules.
            from desktop.core.signs.exchange import MOST_EARLIER, exchange_of
            from desktop.core.signs.rules import signs_in

            path = store.path_end(conversation.id, MOST_EARLIER + 1, reply.id)[:-1]
            is_whole = not path or path[0].parent_id is None
            system = conversation.settings.system
            exchange = exchange_of(
                reply,
                path,
                is_whole=is_whole,
                system=system,
                answer_limit=answer_limit,
                began_again=began_again,
                is_without_loops=is_without_loops,
            )
            signs = signs_in(exchange)
            if signs != reply.signs:
                store.save_signs(reply.id, signs)
            return signs

        def tell(signs: tuple[Sign, ...]) -> None:
            if self._looks.get(reply.id) == number:
                del self._looks[reply.id]
                self.found.emit(reply.id, signs)

        self._work.run_on_store(find, tell, _note)


def _note(error: Exception) -> None:
    """Log that signs could not be looked for; what keeps the disk from being read is reported elsewhere."""
    _log.warning("signs of trouble could not be looked for: %s", error)
