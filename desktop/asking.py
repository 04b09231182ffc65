"""`--ask TEXT`: the window asks the starter model a question by itself, prints the answer, keeps a picture, and ends.

For a first look from a terminal and for trials. It types and presses Send as a user does, but for the choice of the
model: a question from a terminal goes to no server. Part of the composition root, since it drives the whole program.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from desktop.app import Program
from desktop.backend_factory import engine_is_installed
from desktop.core.message import MessageStatus
from desktop.core.model import ModelChoice
from desktop.runtime.generation import Generation
from desktop.runtime.models.connections import BUILT_IN_ID
from desktop.store.paths import starter_model
from desktop.ui.composer.card import SendButton
from desktop.ui.errors import describe

# The longest answer of the starter model, at the few tokens a second of a computer that is busy with other work.
_PATIENCE_MS = 240_000
# Formulas and colours come after the last word; without a word from them, this long is waited for the picture.
_SETTLING_MS = 500
# At most, for what is said of an answer that was cut off.
_SIGNS_MS = 5_000


class Asking(QObject):
    """One question on its way through the window of a program that has just been opened."""

    def __init__(self, app: QApplication, program: Program, question: str, picture: str) -> None:
        """`picture` is the file for a picture of the window; empty: none is wanted."""
        super().__init__(program)
        self._app = app
        self._program = program
        self._question = question
        self._picture = picture
        self._is_over = False
        # What is used here says nothing about the user's choice.
        self._default = program.services.settings.now.default_choice
        once = Qt.ConnectionType.SingleShotConnection
        program.services.connections.settled.connect(self._begin, once)
        program.chat.generation_ended.connect(self._on_generation_ended)
        QTimer.singleShot(_PATIENCE_MS, self, lambda: self._fail(f"no answer came within {_PATIENCE_MS // 1000} s."))

    def conclude(self, status: int) -> int:
        """Return the exit code once the program has ended; a window that was closed early has told nothing yet."""
        if self._is_over:
            return status
        self._fail("the window was closed before the answer came.")
        return 1

    def _begin(self) -> None:
        """Choose the model, now that it is known which there are, and ask."""
        file, chat = starter_model(), self._program.chat
        choice = ModelChoice(BUILT_IN_ID, str(file))
        if not engine_is_installed():
            self._fail("the built-in engine is not installed here.")
        elif file is None:
            self._fail("the starter model is not on this computer.")
        elif self._program.services.models.find(choice) is None:
            self._fail(f"the starter model is not offered: {file}")
        else:
            chat.new()  # the last conversation may be full
            chat.choose_model(choice)
            # The likeliest words, so that each run answers the same.
            chat.change_settings(lambda settings: replace(settings, temperature=0.0))
            self._program.window.show_chat()
            QTimer.singleShot(0, self, self._ask)

    def _ask(self) -> None:
        composer = self._program.window.composer
        draft = composer.take_text()
        composer.type_on(self._question)
        for button in composer.findChildren(SendButton):
            button.click()
        if self._program.chat.generation is None:
            self._fail("the question could not be sent.")
        if draft.strip():
            composer.add_text(draft)  # what was written the last time is not lost

    def _on_generation_ended(self, generation: Generation) -> None:
        chat = self._program.chat
        if generation.conversation.id != chat.current.id:
            return
        limit, wait = generation.answer_limit_reached, _SETTLING_MS
        if generation.builder.message.status is MessageStatus.CUT_OFF:
            wait = _SIGNS_MS
            chat.signs_found.connect(lambda _: QTimer.singleShot(_SETTLING_MS, self, lambda: self._tell(limit)))
        QTimer.singleShot(wait, self, lambda: self._tell(limit))

    def _tell(self, limit: int | None) -> None:
        """Print what has come of it, and end; `limit` is the one for answers of very small models, if it was met."""
        reply = self._program.chat.path.last
        if self._is_over or reply is None:
            return
        is_answered = reply.status in (MessageStatus.COMPLETE, MessageStatus.CUT_OFF) and reply.text.strip()
        if reply.failure is not None:
            self._fail(describe(reply.failure).sentence)
        elif not is_answered:
            self._fail("the answer was stopped, or is empty.")
        elif self._picture and not self._program.window.grab().save(self._picture):
            self._fail(f"the picture {self._picture} could not be written.")
        else:
            lines = [f"Asked:   {self._question}", f"Answer:  {reply.text.strip()}"]
            if limit is not None:
                lines.append("         (ended at the limit for answers of so small a model)")
            if self._picture:
                lines.append(f"Picture: {Path(self._picture).absolute()}")
            self._end(0, sys.stdout, "\n".join(lines))

    def _fail(self, sentence: str) -> None:
        if not self._is_over:
            self._end(1, sys.stderr, f"candor: {sentence}")

    def _end(self, status: int, stream: TextIO | None, said: str) -> None:
        if stream is not None:  # a window program on Windows has none
            print(said, file=stream, flush=True)
        self._is_over = True
        self._program.services.settings.change(default_choice=self._default)
        self._app.exit(status)
