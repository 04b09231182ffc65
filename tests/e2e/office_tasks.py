"""`python -m tests.e2e.office_tasks`: office tasks asked naively and with the prompt builder, on the built-in engine.

The real window is driven: words are written into the message box and into the panel's fields, passages are pasted, Send
is pressed. The requests are taken from the wire, the answers from the conversation; both go into the page that is named
(`docs/prompt-builder.md`), below its mark. Needs the starter model; takes some minutes. Not a test.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

from PySide6.QtGui import QInputMethodEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.core.engine import EngineAddress
from desktop.core.message import Message, MessageStatus
from desktop.engine import process as engine_process
from desktop.engine.process import EngineProcess
from desktop.store.paths import starter_model
from desktop.ui.prompts.builder.panel import PromptPanel
from tests.e2e.office_page import Asked, Outcome, written
from tests.e2e.office_work import TASKS, Given, OfficeTask
from tests.support.in_process import OpenProgram, open_program
from tests.support.relay import Relay
from tests.virtual_display import missing_programs, virtual_display

PAGE = Path(__file__).parents[2] / "docs" / "prompt-builder.md"
_LONGEST_ANSWER_MS = 25_000  # the starter model may go on for ever; then Stop is pressed
_LOOK_AGAIN_MS = 20


class WatchedEngine:
    """The built-in engine, with a relay before it."""

    def __init__(self) -> None:
        self._engine = EngineProcess()
        self._relay: Relay | None = None
        self._address = EngineAddress("", "")

    def would_load(self, model: Path, window: int | None = None) -> bool:
        return self._engine.would_load(model, window)

    async def ensure(self, model: Path, window: int | None = None) -> EngineAddress:
        real = await self._engine.ensure(model, window)
        if self._relay is None:
            self._relay = Relay(real.base_url)
            self._address = EngineAddress(await self._relay.open(), real.key)
        return self._address

    async def end_frozen(self, cause: str) -> None:
        raise AssertionError(cause)

    async def failure(self) -> str:
        return await self._engine.failure()

    async def aclose(self) -> None:
        if self._relay is not None:
            self._relay.close()
        await self._engine.aclose()

    def asked(self) -> list[Asked]:
        """The messages of every request so far."""
        bodies = self._relay.bodies("/chat/completions") if self._relay is not None else []
        return [tuple((each["role"], each["content"]) for each in body["messages"]) for body in bodies]


class Office:
    """Somebody at the window, who does one task after the other."""

    def __init__(self, opened: OpenProgram, engine: WatchedEngine) -> None:
        self._opened = opened
        self._engine = engine

    def naively(self, task: OfficeTask) -> Outcome:
        """As one asks without thinking about it: everything in one message."""
        self._begin()
        self._opened.write(task.naive)
        return self._answer(self._opened.press_enter)

    def built(self, task: OfficeTask) -> Outcome:
        """The same in the panel's parts."""
        self._begin()
        panel = self._panel()
        panel.chooser.framework_chosen.emit(task.framework)
        for given in task.parts:
            self._fill(panel, given)
        if task.thinks:
            panel.fields.thinks.click()
        return self._answer(panel.commands.send)

    def _begin(self) -> None:
        self._opened.press("Ctrl+N")
        self._opened.wait_until(lambda: self._opened.program.chat.path.is_empty)

    def _panel(self) -> PromptPanel:
        found = self._opened.window.findChild(PromptPanel)
        if found is None:
            self._opened.press("Ctrl+B")
            found = self._opened.window.findChild(PromptPanel)
        assert isinstance(found, PromptPanel)
        return found

    def _fill(self, panel: PromptPanel, given: Given) -> None:
        for each in given.examples:
            if panel.draft.examples:
                panel.fields.examples.add.click()
            panel.fields.focus_part("example")
            _write(each.input)
            panel.fields.examples.output.setFocus()
            _write(each.output)
        if given.words:
            panel.fields.focus_part(given.part)
            _select_all()
            _write(given.words)
        if given.pasted:
            panel.fields.focus_part(given.part)
            _paste(given.pasted)

    def _answer(self, send: Callable[[], None]) -> Outcome:
        opened, before = self._opened, len(self._engine.asked())
        ended: list[object] = []
        chat = opened.program.chat
        chat.generation_ended.connect(ended.append)
        send()
        opened.wait_until(lambda: chat.generation is not None or ended)
        for _ in range(_LONGEST_ANSWER_MS // _LOOK_AGAIN_MS):
            if ended:
                break
            QTest.qWait(_LOOK_AGAIN_MS)
        chat.stop()
        opened.wait_until(lambda: ended)
        chat.generation_ended.disconnect(ended.append)
        [asked] = self._engine.asked()[before:]
        reply: Message = opened.path[-1]
        return Outcome(asked, reply.text, was_stopped=reply.status is MessageStatus.STOPPED)


def _write(words: str) -> None:
    """As an input method does, which any language can be written with."""
    event = QInputMethodEvent()
    event.setCommitString(words)
    QApplication.sendEvent(QApplication.focusWidget(), event)


def _select_all() -> None:
    QTest.keySequence(QApplication.focusWidget(), QKeySequence(QKeySequence.StandardKey.SelectAll))


def _paste(text: str) -> None:
    QApplication.clipboard().setText(text)
    QTest.keySequence(QApplication.focusWidget(), QKeySequence(QKeySequence.StandardKey.Paste))


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.e2e.office_tasks", description=__doc__)
    parser.add_argument("page", nargs="?", type=Path, default=PAGE, help="the page to write into")
    page = parser.parse_args().page
    missing = [*missing_programs(), *([] if starter_model() else ["the starter model"])]
    if missing:
        print(f"Not there: {', '.join(missing)}.")  # noqa: T201
        return 1
    with virtual_display() as display, tempfile.TemporaryDirectory() as home:
        os.environ.update(
            DISPLAY=display, QT_QPA_PLATFORM="xcb", LC_ALL="C.UTF-8", CANDOR_HOME=home, OLLAMA_HOST="127.0.0.1:9"
        )
        pairs = _work(Path(home))
    page.write_text(written(page.read_text(encoding="utf-8"), TASKS, pairs), encoding="utf-8")
    return 0


def _work(home: Path) -> list[tuple[Outcome, Outcome]]:
    app = QApplication(sys.argv[:1])
    engine, model = WatchedEngine(), starter_model()
    # The composition root makes its engine when it needs one, from what this module has.
    with patch.object(engine_process, "EngineProcess", lambda: engine), open_program(app, home, str(model)) as opened:
        opened.window.resize(1200, 800)
        opened.wait_for_model()
        office = Office(opened, engine)
        pairs = []
        for task in TASKS:
            pairs.append((office.naively(task), office.built(task)))
            print(f"{task.title}: done", flush=True)  # noqa: T201
        return pairs


if __name__ == "__main__":
    raise SystemExit(main())
