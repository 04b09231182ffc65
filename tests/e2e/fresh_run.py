"""A fresh start with the built-in engine, from the question to the comparison, written down as it happened.

    python -m tests.e2e.fresh_run docs/fresh-comparison.md

Not a test: what a model says differs each time. It needs the starter model, and no display.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop

from desktop.backends.built_in import BuiltInBackend
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.presets import load_presets
from desktop.core.backend import Backend
from desktop.core.claims.differences import agreement, compare
from desktop.core.connection import Connection, ConnectionKind, Secrets
from desktop.core.engine import EngineAddress
from desktop.core.model import ModelChoice
from desktop.core.policy.fixed import Policy
from desktop.engine.model_file import describe_model_file
from desktop.engine.process import EngineProcess
from desktop.rendering.page.shown_claims import shown_in
from desktop.rendering.pictures.preparing import prepare_picture
from desktop.runtime.chat import Chat
from desktop.runtime.compare.answer_differences import Compared
from desktop.runtime.documents.attachments import Attachments
from desktop.runtime.fresh_start.comparisons import FreshComparison
from desktop.runtime.models.directory import ModelDirectory
from desktop.runtime.services import Services
from desktop.runtime.threads.background_tasks import BackgroundTasks
from desktop.runtime.threads.loop_thread import LoopThread
from desktop.store.database import SqliteStore
from desktop.store.paths import starter_model
from desktop.ui.compare.difference_words import lines
from tests.support.scripted_reader import ScriptedReader
from tests.support.waiting import PATIENCE

_SECONDS = 180.0
ASKED = (
    "Our supplier in Lund is called Nordlicht. It makes lamps.",
    "When was the Eiffel Tower in Paris opened, and how tall is it in metres? Answer in one sentence.",
)

PAGE = """# A fresh answer beside the old one

A model that is not sure goes on with whatever stands in its context. This page shows a run of the starter model, which
is tiny and makes things up readily, on the built-in engine. `python -m tests.e2e.fresh_run docs/fresh-comparison.md`
makes it anew; each run comes out differently.

![A fresh answer beside the old one](screenshots/fresh-compared-light.png)

The page [in the dark, in Chinese](screenshots/fresh-compared-zh-dark.png), and
[with three answers in a small window](screenshots/fresh-compared-three-narrow-dark.png).

## The conversation

{talk}

## The last question again, in an empty context

What was sent: the question alone. Of {prompt} tokens that the engine read, {cached} were taken from its memory.

{fresh}

What the page says above the two answers:

{two}

## Asked three times

{three}

What the page says above the four answers (1 is the old one):

{several}

(The tower was inaugurated on 31 March 1889, and is 330 m high today.)
"""


def main() -> None:
    """Hold the conversation, compare, and write the page."""
    target = Path(sys.argv[1])
    model = starter_model()
    assert model is not None, "the starter model is missing: `python packaging/dev.py starter-model`"
    application = QCoreApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory() as folder:
        run = _Run(Path(folder), model)
        try:
            target.write_text(run.page(), encoding="utf-8")
        finally:
            run.end()
    application.quit()


class _Run:
    """A chat over the engine, without a window."""

    def __init__(self, folder: Path, model: Path) -> None:
        self._loop = LoopThread()
        self._loop.start()
        self._work = BackgroundTasks(self._loop)
        self._store = SqliteStore(folder / "candor.db")
        self._engine = EngineProcess(context_length=2048)
        backend = BuiltInBackend(self._engine, lambda: [model], describe_model_file, _client)
        models = ModelDirectory(self._work, lambda connection, key: backend, lambda connection: Secrets())
        models.set_connections([Connection(kind=ConnectionKind.BUILT_IN, name="Built-in", address="", id="here")])
        attachments = Attachments(self._work, self._store, ScriptedReader, prepare_picture)
        self._chat = Chat(Services(self._work, self._store, models, None, Policy()), attachments)
        self._chat.default_choice = ModelChoice("here", str(model))
        self._chat.new()
        _until(lambda: models.listings[0].models is not None)

    def page(self) -> str:
        for asked in ASKED:
            assert self._chat.send(asked)
            _until(lambda: self._chat.generation is None)
        messages = [self._chat.path.message(entry.id) for entry in self._chat.path.entries]
        talk = [message for message in messages if message is not None]
        first = self._compared(self._chat.fresh_comparisons.ask_again(self._chat.current, talk[-2], talk[-1]))
        usage = first.fresh[0].message.usage
        several = self._compared(self._chat.fresh_comparisons.ask_more(first, [None, None]))
        return PAGE.format(
            talk="\n\n".join(_said("You" if at % 2 == 0 else "Model", each.text) for at, each in enumerate(talk)),
            prompt=usage.prompt_tokens if usage else "?",
            cached=usage.cached_tokens if usage else "?",
            fresh=_said("Model", first.fresh[0].message.text),
            two=_strip(first),
            three="\n\n".join(_said(f"Model, {at}", side.message.text) for at, side in enumerate(several.fresh, 2)),
            several=_strip(several),
        )

    def end(self) -> None:
        self._loop.submit(self._engine.aclose()).result(PATIENCE)
        self._loop.stop()
        self._work.close_store(self._store.close)

    def _compared(self, found: FreshComparison | None) -> FreshComparison:
        assert found is not None
        _until(lambda: not found.comparison.is_running)
        _until(lambda: not self._chat.comparisons.is_comparing(found.conversation_id))
        return found


def _client(address: EngineAddress) -> Backend:
    return OpenAICompatBackend(address.base_url, address.key, load_presets()["llama-server"])


def _strip(found: FreshComparison) -> str:
    answers = [shown_in(side.message.text) for side in found.comparison.sides]
    places = tuple(range(len(answers)))
    compared = (
        Compared(places, differences=compare(*answers))
        if len(answers) == 2
        else Compared(places, agreement=agreement(answers))
    )
    headings = ["The answer before", *("Fresh answer" for _ in found.fresh)]
    return "\n".join(f"- {line}" for line in lines(compared, headings))


def _said(who: str, text: str) -> str:
    quoted = "\n".join(f"> {line}".rstrip() for line in text.strip().splitlines())
    return f"**{who}:**\n\n{quoted}"


def _until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + _SECONDS
    while not is_so():
        assert time.monotonic() < end, "it takes too long"
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)


if __name__ == "__main__":
    main()
