"""Evidence for answers, looked for when one has ended and for old ones when they are shown; pages with a place marked.

Short answers are looked up on a thread, long ones in a process, so that the window has the interpreter for itself.
Pages of PDF files are drawn by a process, too. The rules are `core.evidence`; nothing is stored.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, cast

from PySide6.QtCore import QObject, Signal

from desktop.core.claims.claim import Shown
from desktop.core.conversation import Conversation
from desktop.core.documents.document import (
    Document,
    PageBox,
    PageDrawer,
    PagePicture,
    ReadingError,
    ReadingProblem,
    WordsOnPage,
)
from desktop.core.documents.selection import attachment
from desktop.core.errors import StoreError
from desktop.core.evidence.checked import NO_EVIDENCE, Checked, Evidence, Sources, Verdict, sources_of
from desktop.core.message import AttachmentPart, Message, Part
from desktop.runtime.background import NO_TASK, BackgroundTasks, Task, gui_task
from desktop.runtime.services import Services, WithServices
from desktop.store.files import FileStore

if TYPE_CHECKING:
    from desktop.core.evidence.given import Indexes

_log = logging.getLogger(__name__)

# Messages before an answer, at most, whose files it is looked up in.
MOST_EARLIER = 200
_MOST_KEPT = 100  # answers whose evidence is kept
# Characters of files and answer together that are looked up on a thread, in some 30 ms: a process takes 300 to start.
_SHORT = 12_000
_MOST_MISSING = 5  # things of an answer that are looked for in the rest of a folder, and files that are found there
_MANY = 120  # numbers of an answer, from which on even a short one takes long: each may come of all the others
_NUMBER = re.compile(r"\d+")
_MOST_PAGES = 8  # whose pictures are kept: some megabytes each


class LookUps(Protocol):
    """Finder of evidence in a process of its own; runs on the loop thread."""

    async def look_up(self, answer: str, sources: Sources) -> Evidence:
        """Return the evidence for an answer, as its Markdown was written. Raises `ReadingError`.

        For an empty answer, which is still being written, what was given is made ready.
        """
        ...


class EvidenceWatch(WithServices):
    """A finder of evidence for the answers of conversations, kept while the program runs."""

    found = Signal(str, object)  # the id of a reply, Evidence; also where there is nothing to look up
    failed = Signal(str)  # the id of a reply that could not be looked up

    def __init__(
        self,
        services: Services,
        shown_in: Callable[[str], Shown],
        look_ups: LookUps | None = None,
    ) -> None:
        """Keep the dependencies. `shown_in` turns an answer's Markdown into its visible text, on the worker thread.

        Without `look_ups` long answers are looked up on that thread, too.
        """
        super().__init__(services)
        self._shown_in = shown_in
        self._look_ups = look_ups
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
        looked_up, task = self._looks.get(reply.id, (None, NO_TASK))
        if looked_up == reply.text:
            return  # it is on its way
        task.cancel()
        self._looks[reply.id] = reply.text, self._look(conversation, reply)

    @gui_task
    async def _look(self, conversation: Conversation, reply: Message) -> None:
        evidence = None
        try:
            path = await self._path(conversation, reply.id, leaf=reply.id)
            evidence = await self.check(reply.text, await self._sources(conversation, path))
            for look_further in (self._with_whole_files, self._with_other_files) if path and path[-1].passages else ():
                if missing := evidence.of(Verdict.NOT_FOUND):
                    path = [*path[:-1], await look_further(path[-1], missing)]
                    further = await self.check(reply.text, await self._sources(conversation, path))
                    if len(further.amiss) <= len(evidence.amiss):  # else something stands there by chance
                        evidence = further
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
        if self._look_ups is None:
            return
        try:
            sources = await self._sources(conversation, await self._path(conversation, reply))
            if _is_long("", sources):
                await self._work.on_loop(self._look_ups.look_up("", sources))
        except (StoreError, ReadingError) as error:
            _log.info("evidence could not be made ready: %s", error)

    async def _path(self, conversation: Conversation, reply: str, leaf: str | None = None) -> list[Message]:
        """Return the messages before a reply. One that was left out itself was made before anything was."""
        left_out = () if leaf in conversation.settings.left_out else conversation.settings.left_out
        path = await self._work.run(self._store.path_end, conversation.id, MOST_EARLIER + 1, leaf)
        return [message for message in path if message.id not in (reply, *left_out)]

    async def _sources(self, conversation: Conversation, above: Sequence[Message]) -> Sources:
        system = conversation.settings.system
        return await self._work.compute(lambda: sources_of(above, system, self.services.guide_lines()))

    async def _with_whole_files(self, question: Message, _: Sequence[Checked]) -> Message:
        """Return a question with the files that its passages are from, as these are now."""
        whole: dict[Part, Part] = {}
        for part in question.passages:
            document = await self.services.folders.document(part.folder, part.path)
            if document is not None:
                named = replace(document, name=part.name)
                sent = await self._work.compute(partial(attachment, named, digest=part.digest))
                whole[part] = replace(sent, folder=part.folder, path=part.path)
        return replace(question, parts=tuple(whole.get(part, part) for part in question.parts))

    async def _with_other_files(self, question: Message, missing: Sequence[Checked]) -> Message:
        """Return a question with what is found in its folders for things that are not in those files."""
        known = {(part.folder, part.path) for part in question.passages}
        folders = sorted({folder for folder, _ in known})
        found: dict[tuple[str, str], AttachmentPart] = {}
        for thing in missing[:_MOST_MISSING]:
            for passage in (await self.services.folders.find(folders, thing.text, ())).passages:
                key, file = (passage.folder, passage.file.path), passage.file
                if key not in known and len(found) < _MOST_MISSING:
                    part = attachment(Document(file.name, file.media_type, (passage.section,)))
                    found[key] = replace(part, folder=passage.folder, path=file.path)
        return replace(question, parts=(*question.parts, *found.values()))

    def _tell(self, reply: str, evidence: Evidence | None) -> None:
        if evidence is None:
            self.failed.emit(reply)
        else:
            self.found.emit(reply, evidence)

    async def check(self, answer: str, sources: Sources) -> Evidence:
        """Look an answer up where that holds nothing up."""
        if self._look_ups is not None and _is_long(answer, sources):
            try:
                return await self._work.on_loop(self._look_ups.look_up(answer, sources))
            except ReadingError as error:
                if error.problem is not ReadingProblem.CRASHED:
                    raise
                _log.info("the process that looks answers up ended: %s", error)
        return await self._work.compute(lambda: self._evidence(answer, sources))

    def _evidence(self, answer: str, sources: Sources) -> Evidence:
        """Return the evidence for an answer. Runs on the worker thread."""
        if not sources.given:
            return NO_EVIDENCE
        # What looks words up is 100,000 letters of rules, which a start has no need of.
        from desktop.core.evidence.checking import check
        from desktop.core.evidence.given import Indexes

        self._indexes = self._indexes or Indexes()
        given = self._indexes.of(sources.given)
        return check(self._shown_in(answer), given, sources.question, sources.earlier)


def _is_long(answer: str, sources: Sources) -> bool:
    letters = len(answer) + sum(len(each.text) for each in sources.given)
    return bool(sources.given) and (letters > _SHORT or len(_NUMBER.findall(answer)) > _MANY)


@dataclass(frozen=True, slots=True)
class WantedPage:
    """Page of a kept file, so that its words fill `width` pixels, with the words to mark on it."""

    digest: str
    number: int
    width: int
    sought: WordsOnPage | None = None


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """Picture of a page, in the form that the window shows. Boxes are shares of its size.

    `is_marked` is False while it is not known where they are.
    """

    image: Any
    count: int
    text: PageBox | None = None
    paragraph: tuple[PageBox, ...] = ()
    place: tuple[PageBox, ...] = ()
    is_marked: bool = True


class PagePictures(QObject):
    """A drawer of one page at a time: what is asked for last is drawn, and all else given up."""

    drawn = Signal(object, object)  # WantedPage, DrawnPage; twice where the picture is known and the place is not
    failed = Signal(object, object)  # WantedPage, ReadingProblem

    def __init__(
        self,
        work: BackgroundTasks,
        files: FileStore,
        make_drawer: Callable[[], PageDrawer],
        decode: Callable[[bytes], Any],
    ) -> None:
        """Keep the dependencies. `decode` makes of a PNG file what is shown, on a worker thread; None of none."""
        super().__init__(work)
        self._decode = decode
        self._work = work
        self._files = files
        self._make_drawer = make_drawer
        self._running = NO_TASK
        # By the page, without what is sought there: its picture with each place that was sought, and with none.
        self._pages: OrderedDict[WantedPage, dict[WordsOnPage | None, DrawnPage]] = OrderedDict()

    def request_page(self, wanted: WantedPage) -> None:
        """Have a page drawn, unless it is at hand; told by `drawn` or `failed`, maybe at once."""
        self.stop()
        if not wanted.digest:
            self.failed.emit(wanted, ReadingProblem.GONE)
            return
        known = self._pages.get(replace(wanted, sought=None), {})
        page = known.get(None)
        if page is not None:
            self._pages.move_to_end(replace(wanted, sought=None))
            self.drawn.emit(wanted, known.get(wanted.sought) or replace(page, is_marked=False))
            if wanted.sought in known:
                return
        self._running = self._show(wanted, page)

    def stop(self) -> None:
        """Give up what is being drawn."""
        self._running.cancel()

    @gui_task
    async def _show(self, wanted: WantedPage, known: DrawnPage | None) -> None:
        """Draw a page, tell of it, and keep it for a while."""
        try:
            drawn = await self._work.on_loop(self._draw(self._make_drawer(), wanted, known))
        except ReadingError as error:
            _log.info("a page was not drawn: %s", error.problem)
            self.failed.emit(wanted, error.problem)
            return
        places = self._pages.setdefault(replace(wanted, sought=None), {})
        places |= {None: replace(drawn, paragraph=(), place=()), wanted.sought: drawn}
        if len(self._pages) > _MOST_PAGES:
            self._pages.popitem(last=False)
        self.drawn.emit(wanted, drawn)

    async def _draw(self, drawer: PageDrawer, wanted: WantedPage, known: DrawnPage | None) -> DrawnPage:
        """Return the page with the place marked; of a page that is known, only the place is looked for."""
        pictures = drawer.draw_pages(
            self._files.path_of(wanted.digest),
            (wanted.number,),
            width=0 if known is not None else wanted.width,
            sought=wanted.sought,
        )
        # An iterator that is not closed would leave its process running until it is collected.
        async with aclosing(cast(AsyncGenerator[PagePicture, None], pictures)) as pictures:
            async for picture in pictures:
                image = known.image if known is not None else await asyncio.to_thread(self._decode, picture.png)
                if image is None:
                    break
                return DrawnPage(image, picture.count, picture.text, picture.paragraph, picture.place)
        raise ReadingError(ReadingProblem.CRASHED, "no picture")
