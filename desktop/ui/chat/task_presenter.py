"""The presenter of the line that names the task: what is written in the message box, and when to say nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QLocale, Signal

from desktop.core.advice import HintKind, TaskHint, TaskKind, hint_after, hint_before, kind_of_task
from desktop.core.message import Message, MessageStatus, Role
from desktop.core.model import ModelChoice
from desktop.core.models.choosing import Candidate, quicker_one, thinking_one
from desktop.core.models.facts import ModelFacts, Reasoning
from desktop.core.outgoing import cannot_reason
from desktop.core.request import Thinking, ThinkingMode
from desktop.core.tasks.lacking import lacks_material, named_text
from desktop.core.tasks.office import Guide, guide_for
from desktop.rendering.text.letters import show_invisible
from desktop.runtime.chat import Chat
from desktop.runtime.generation import Generation
from desktop.runtime.models.advice import ModelAdvice
from desktop.ui.chat.page import ChatPage, PagePresenter
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.quiet_line import QuietLine
from desktop.ui.words import duration, prompt_language, say, say_each, short


class TaskModelPresenter(PagePresenter):
    """The owner of the line. What the user took for a kind of task is offered first the next time."""

    compare_wanted = Signal(object)  # the ModelChoice that is to answer the last question, too

    def __init__(
        self,
        page: ChatPage,
        chat: Chat,
        advice: ModelAdvice,
    ) -> None:
        super().__init__(page, chat)
        self._advice = advice
        # The models that were taken before, by kind of task.
        self._taken: dict[str, ModelChoice] = dict(self._settings.now.task_models)
        self._kind: TaskKind | None = None  # of what is written, or was answered last
        self._answer: Message | None = None  # to what was asked last
        self._hint: TaskHint | None = None
        self._silent: set[TaskKind] = set()  # in this conversation
        self._offered: ModelChoice | None = None
        # What was taken for a task of one conversation, and what answered there before.
        self._lent: tuple[ModelChoice | None, ModelChoice | None] = (None, None)
        self._line = line = QuietLine(self._theme, PlainLabel(wraps=True))
        self._compare = line.offer(self.tr("Compare both"), do=self._on_compare)
        self._use = line.offer(self.tr("Use it here"), do=self._on_use)
        self._think = line.offer(self.tr("Step by step"), do=lambda: self._set_thinking(ThinkingMode.ON))
        self._switch_off = line.offer(self.tr("Switch thinking off"), do=lambda: self._set_thinking(ThinkingMode.OFF))
        line.offer(self.tr("Not now"), do=self._on_not_now)
        page.put_hint(line)
        page.composer.draft_changed.connect(self._on_written)
        page.header.menu.chosen.connect(self._on_picked)
        chat.generation_started.connect(lambda _: line.hide())
        chat.generation_ended.connect(self._on_answered)
        chat.opened.connect(self._on_opened)
        advice.changed.connect(self._show)

    # What happens

    def _on_opened(self) -> None:
        self._silent.clear()
        self._kind = None
        self._line.hide()
        lent, before = self._lent
        if lent is not None and self._chat.path.is_empty and self._chat.choice == lent:
            self._lent = (None, None)  # a new conversation takes over the model of the one before
            self._take(before)

    def _on_written(self, text: str) -> None:
        if not text.strip() and self._answer is not None:
            return  # the line on the answer stays until something is written
        self._answer = None
        self._kind = kind_of_task(text) if self._settings.now.model_hints else None
        self._show()

    def _on_answered(self, generation: Generation) -> None:
        entries = self._chat.path.entries
        is_here = generation.conversation.id == self._chat.current.id and len(entries) >= 2
        if not (is_here and self._settings.now.model_hints):
            return
        answer, question = self._chat.path.message(entries[-1].id), self._chat.path.message(entries[-2].id)
        if answer is None or question is None or question.role is not Role.USER:
            return
        if answer.status is not MessageStatus.COMPLETE or self._composer.text().strip():
            return
        self._answer = answer
        self._kind = kind_of_task(question.text)
        self._show()

    def _on_picked(self, choice: ModelChoice) -> None:
        """Remember what the user picks by hand for a task that was recognised."""
        if self._kind is not None:
            self._remember(self._kind, choice)
        self._line.hide()

    def _on_use(self) -> None:
        choice, kind = self._offered, self._kind
        if choice is None or kind is None:
            return
        self._lent = (choice, self._chat.choice)
        self._remember(kind, choice)
        self._line.hide()
        self._take(choice)
        self._composer.setFocus()

    def _take(self, choice: ModelChoice | None) -> None:
        """Have a model answer in this conversation alone."""
        self._chat.change_settings(lambda settings: replace(settings, choice=choice))
        self._models.describe(choice)

    def _on_compare(self) -> None:
        self._line.hide()
        self.compare_wanted.emit(self._offered)

    def _set_thinking(self, mode: ThinkingMode) -> None:
        """Have the model think from now on in this conversation, or not."""
        self._line.hide()
        self._chat.set_thinking(Thinking(mode))
        self._composer.setFocus()

    def _on_not_now(self) -> None:
        if self._kind is not None:
            self._silent.add(self._kind)
        self._line.hide()
        self._composer.setFocus()

    def _remember(self, kind: TaskKind, choice: ModelChoice) -> None:
        if self._taken.get(kind.value) != choice:
            self._taken[kind.value] = choice
            self._settings.change(task_models=tuple(self._taken.items()))

    # What is shown

    def _show(self) -> None:
        """Show the line where there is a better model for the task, and hide it where there is none."""
        kind = self._kind
        is_busy = self._chat.is_answering or self._composer.is_editing
        if kind is None or kind in self._silent or is_busy:
            self._line.hide()
            return
        if not self._advice.is_known:
            self._advice.look()  # and comes back here
            return
        choice = self._chat.choice
        facts = self._advice.facts_of(choice) if choice is not None else None
        other = self._other(kind)
        self._offered = other.choice if other is not None else None
        self._hint = self._hint_on(kind, facts) if facts is not None else None
        if facts is None or (other is None and self._hint is None):
            self._line.hide()
            return
        said = self._hint.kind if self._hint is not None else None
        can_switch_off = said is HintKind.NO_THINKING and facts.reasoning is Reasoning.SWITCHED
        self._compare.setVisible(other is not None and self._answer is not None and not can_switch_off)
        self._use.setVisible(other is not None and not can_switch_off)
        self._think.setVisible(said is HintKind.THINK_FIRST)
        self._switch_off.setVisible(can_switch_off)
        self._line.say(self._said(kind, other, facts))
        self._line.show()

    def _hint_on(self, kind: TaskKind, facts: ModelFacts) -> TaskHint | None:
        """Return what can be said of the present model."""
        if self._answer is not None:
            return hint_after(kind, self._answer)
        settings = self._chat.current.settings
        hint = hint_before(kind, facts, settings.thinking.mode)
        can_think_first = cannot_reason(self._models.find(settings.choice))  # then it can be asked to
        return hint if hint is None or hint.kind is not HintKind.THINK_FIRST or can_think_first else None

    def _said(self, kind: TaskKind, other: Candidate | None, facts: ModelFacts) -> str:
        hint = self._hint
        if hint is not None and (other is None or hint.kind is HintKind.NO_THINKING):
            return self._on_hint(kind, hint, facts)
        if other is None:
            return ""
        words = say_each("composer.better", kind, name=show_invisible(short(other.facts.title)))
        is_usual = self._taken.get(kind.value) == other.choice
        return say("composer.taken_last_time", words=words) if is_usual else words

    def _on_hint(self, kind: TaskKind, hint: TaskHint, facts: ModelFacts) -> str:
        told = {"thinking": duration(hint.thinking), "total": duration(hint.total)}
        match hint.kind, kind:
            case HintKind.NO_THINKING, TaskKind.TRANSLATION:
                return say("composer.a_translation_needs_no_thinking", **told)
            case HintKind.NO_THINKING, TaskKind.SUMMARY:
                return say("composer.a_summary_needs_no_thinking", **told)
            case _:
                teacher = facts.distilled.teacher if facts.distilled is not None else ""
                name = show_invisible(short(facts.title))
                return say_each("composer.hint", hint.kind, name=name, teacher=teacher, **told)

    def _other(self, kind: TaskKind) -> Candidate | None:
        choice = self._chat.choice
        language = QLocale().name()
        current = self._advice.candidate_of(choice, language) if choice is not None else None
        if current is None or choice == self._taken.get(kind.value):
            return None  # it is the one that the user takes for this
        others = self._advice.candidates_near(current.place, language)
        choose = thinking_one if kind.wants_thinking else quicker_one
        return choose(current, others, self._taken.get(kind.value))


_LONGEST = 6_000  # characters; a longer text is a document, and no order is looked for in it while it is written


class TaskPresenter(PagePresenter):
    """The owner of the task line: it follows the text after each pause, and is silent once it was for this text."""

    def __init__(self, page: ChatPage, chat: Chat, load_guide: Callable[[str], Guide]) -> None:
        super().__init__(page, chat)
        self._load_guide = load_guide
        self._is_silent = False
        page.composer.draft_changed.connect(self._follow)
        page.composer.begun_anew.connect(self._begin_anew)
        page.composer.task.silenced.connect(self._silence)
        chat.attachments.changed.connect(self._follow_files)

    def fall_silent(self) -> None:
        """Name no task until another text is begun: the user is being asked about it."""
        self._is_silent = True
        self._composer.task.show_task("")

    def speak_again(self) -> None:
        """Name the task of the text once more."""
        self._is_silent = False
        self._follow()

    def _follow(self) -> None:
        words = self._composer.words.strip()
        if not self._composer.text().strip():
            self._is_silent = False
        if (
            not self._settings.now.names_tasks
            or self._is_silent
            or not self._chat.path.is_empty  # what follows is mostly clear from what was said before
            or self._composer.is_editing
            or len(words) > _LONGEST
        ):
            self._composer.task.show_task("")
            return
        guide = guide_for(words)
        self._composer.task.show_task(guide, self._missing(guide, words) if guide else "")

    def _follow_files(self) -> None:
        """Say anew what the named task lacks, which a file may have brought."""
        if self._composer.task.guide:
            self._follow()

    def _missing(self, guide: str, words: str) -> str:
        """Return the name of what a task is to be done with and lacks; empty if it lacks nothing."""
        has_material = self._composer.pasted_texts or self._chat.attachments.items
        if has_material or not lacks_material(words):
            return ""
        material = self._load_guide(guide).material
        return material.missing.of(prompt_language()) if material is not None else named_text(words)

    def _begin_anew(self) -> None:
        """Follow another text: none yet, or what was written in another conversation or before the last end."""
        self._is_silent = False
        self._follow()

    def _silence(self) -> None:
        self.fall_silent()
        self._composer.setFocus()
