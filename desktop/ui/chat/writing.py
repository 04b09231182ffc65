"""What is written in the message box: the draft, or the new words of an earlier message; and who follows it.

A draft is kept with its conversation, and so are the changes of a message that is being edited. While a question is
typed, the model reads its files ahead, its task is named, and a model that does such a task better is offered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QLocale, QTimer, Signal

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
from desktop.runtime.background import gui_task
from desktop.runtime.chat import Chat
from desktop.runtime.generation import Generation
from desktop.runtime.models.advice import ModelAdvice
from desktop.ui.chat.page import ChatPage, PagePresenter
from desktop.ui.chat.sending import PendingMessage
from desktop.ui.composer.above_text import text_below
from desktop.ui.message_actions import Ask
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.quiet_line import QuietLine
from desktop.ui.words import duration, prompt_language, say, say_each, short


class Writing(PagePresenter):
    """The keeper of what is written in the message box: a draft, or a message of the user that is being edited.

    What is written while a conversation is awaited belongs to that one, if it comes: until then it is nobody's.
    """

    edit_began = Signal(str)  # the id of the message

    def __init__(self, page: ChatPage, chat: Chat) -> None:
        super().__init__(page, chat)
        self.kept = ""  # what the composer held when it was last saved or filled
        self._found = ""  # the draft of the conversation that does not exist yet, while another one is awaited
        self.id = ""  # of the message whose words are in the composer
        self._as_it_was: Message | None = None  # that message; None where only its new words are known
        self._given_up: tuple[str, str, str] | None = None  # conversation, message, and the words that were given up
        page.reading.register({Ask.EDIT: lambda message_id, _: self.edit(message_id)})
        for changed in (self._composer.draft_changed, self._composer.draft_overdue):
            changed.connect(self.save)
            changed.connect(lambda _: self.keep())
        self._composer.earlier_wanted.connect(lambda: self._walk(-1))
        self._composer.later_wanted.connect(lambda: self._walk(1))
        self._composer.edit_cancelled.connect(self._give_up)
        chat.leaving.connect(self.save_now)
        chat.leaving.connect(self._leave)
        for erased in (chat.shelf.erasing, chat.retention.erased):
            erased.connect(self._forget)
        chat.draft_found.connect(self._on_found)
        page.waiting_ended.connect(self._on_waiting_ended)

    def save(self, text: str) -> None:
        """Save a text as the draft, unless it is that already."""
        if text != self.kept and not self._page.is_awaiting:
            self.kept = text
            self._chat.keep_draft(text)

    def save_now(self) -> None:
        """Save what is written, the last words of an input method too."""
        self._composer.finish_composing()
        self.save(self._composer.draft)

    def save_again(self) -> None:
        """Save the field's draft again, which sending something else has forgotten."""
        self.kept = ""
        self.save(self._composer.draft)

    def show_draft(self, draft: str) -> None:
        """Show the draft of a conversation that has been opened."""
        if self._page.is_awaiting and self._chat.is_stored:  # the one that has been awaited
            self._found = ""
            if self._composer.text():
                self._put_above(draft)
                return
        self._composer.open_draft(draft)
        self.kept = draft

    def _put_above(self, draft: str) -> None:
        """Show a draft from the last time above what has been written since the start."""
        if draft:
            written = self._composer.text()
            self._composer.open_draft(text_below(draft, written) if written else draft)
        self.kept = draft
        self.save(self._composer.draft)

    def _on_found(self, draft: str) -> None:
        if self._page.is_awaiting:
            self._found = draft
        else:
            self._put_above(draft)

    def _on_waiting_ended(self) -> None:
        found, self._found = self._found, ""
        if found:
            self._put_above(found)
        else:
            self.save(self._composer.draft)

    # A message that is being edited

    @gui_task
    async def edit(self, message_id: str, words: str | None = None) -> None:
        """Have a message changed, as soon as its words have been read; `words`: those of a change that goes on."""
        path = self._chat.path
        message = (await path.read([message_id])).get(message_id)
        if path is not self._chat.path or (self.id and words is not None):
            return  # the user is elsewhere, or changes another message by now
        if message is not None:
            self._edit_message(message, words)
        else:
            self._forget([self._chat.current.id])

    @gui_task
    async def go_on(self) -> None:
        """Go on with the change of a message in which the user has left this conversation, or the program."""
        path, written = self._chat.path, self._composer.text()
        kept = await self._chat.unsent.read_edit(self._chat.current.id)
        # Not under the fingers of whoever has begun to write; it is still there the next time.
        if kept is not None and path is self._chat.path and not self.id and self._composer.text() == written:
            self.edit(*kept)

    def begin_edit(self, message_id: str, text: str) -> None:
        """Have a message changed whose files are shown already; `text` are its new words so far."""
        if self._as_it_was is not None and self._as_it_was.id != message_id:
            self._as_it_was = None
        self._show(message_id, text)
        self.keep()

    def keep(self) -> None:
        """Keep the new words and files of the message with its conversation, if they are new."""
        conversation = self._chat.current.id
        if self.id and (self._is_changed() or self._chat.unsent.has_edit(conversation)):
            self._chat.unsent.keep_edit(conversation, self.id, self._composer.text())
            self._chat.attachments.keep_edited(conversation)

    def _show(self, message_id: str, text: str) -> None:
        self.mark(message_id)
        self._composer.begin_edit(text)
        self.edit_began.emit(message_id)
        self.save(self._composer.draft)  # which may have been typed a moment ago

    def end_edit(self) -> None:
        """Have the draft's files back where those of the message were; nothing of the change is kept."""
        self.mark("")
        self._chat.attachments.return_to_draft()
        self._forget([self._chat.current.id])

    def drop_given_up(self) -> None:
        """Keep nothing any more of the change that was given up last."""
        if self._given_up is not None:
            conversation, self._given_up = self._given_up[0], None
            self._chat.attachments.forget_edited(conversation)
            self._notice.hide_text(self._words_of_giving_up())

    def mark(self, message_id: str) -> None:
        """Show at a message that it is being edited; "" for none."""
        self.id = message_id
        self._page.reading.read(edited=message_id)

    def _edit_message(self, message: Message, words: str | None) -> None:
        if words is None:
            self.drop_given_up()
            self._chat.attachments.show_message_files(message.files)
        else:
            self._chat.attachments.take_up_edited(self._chat.current.id)
        self._as_it_was = message
        self._show(message.id, message.text)
        if words is not None:
            self._composer.set_text(words)

    def _give_up(self, words: str) -> None:
        """End the edit as the user wants; what was changed can be had back for a while."""
        conversation, message_id = self._chat.current.id, self.id
        is_there = self._chat.path.index_of(message_id) is not None
        if not is_there or not self._differs(words):
            self.end_edit()
            return
        self.drop_given_up()
        self.mark("")
        self._chat.attachments.put_edited_aside(conversation)
        self._chat.unsent.forget_edit(conversation)
        self._given_up = conversation, message_id, words
        self._notice.show_text(self._words_of_giving_up(), [(self.tr("Undo"), self._bring_back)], calmly=True)

    def _bring_back(self) -> None:
        """Go on with the change that was given up."""
        if self._given_up is None:
            return
        (_, message_id, words), self._given_up = self._given_up, None
        self._notice.hide_text(self._words_of_giving_up())
        self.edit(message_id, words)
        self.keep()

    def _words_of_giving_up(self) -> str:
        return self.tr("The change was given up. The message is as it was.")

    def _leave(self) -> None:
        """Keep the change for when the user comes back, if there is any."""
        self.drop_given_up()
        if not self.id:
            return
        conversation = self._chat.current.id
        if self._is_changed():
            self.keep()
            self._chat.attachments.put_edited_aside(conversation)
        else:
            self._forget([conversation])

    def _is_changed(self) -> bool:
        return self._differs(self._composer.text())

    def _differs(self, words: str) -> bool:
        """Return True if the message would be another one with these words and the files that are shown."""
        before = self._as_it_was
        return before is None or words != before.text or not self._has_same_files()

    def _has_same_files(self) -> bool:
        """Return True if what is sent with the message is what was sent with it before."""
        sent = () if self._as_it_was is None else self._as_it_was.without_passages.files
        return [each.to_send for each in self._chat.attachments.items] == list(sent)

    def _forget(self, ids: Sequence[str]) -> None:
        """Give up what is kept of changes in these conversations."""
        for each in ids:
            if self._chat.unsent.has_edit(each):
                self._chat.unsent.forget_edit(each)
                self._chat.attachments.forget_edited(each)

    def _walk(self, step: int) -> None:
        """Edit the user's message before or after the one in the composer; after the last comes the draft.

        Not where the files of this one are others by now, which would be lost.
        """
        if self.id and not self._has_same_files():
            return
        mine = [entry.id for entry in self._chat.path.entries if entry.role is Role.USER]
        at = mine.index(self.id) if self.id in mine else len(mine)
        if at + step >= len(mine):
            self._composer.cancel_edit()
        elif at + step >= 0:
            self.edit(mine[at + step])


_PAUSE_MS = 1000  # of changes, before anything is read that may be taken away again


class AheadPresenter(PagePresenter):
    """The presenter of what is read while a question is typed."""

    def __init__(self, page: ChatPage, chat: Chat, written: Callable[[], PendingMessage]) -> None:
        """Keep the dependencies. `written` returns what stands in the message box."""
        super().__init__(page, chat)
        self._written = written
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._look)
        for signal in (chat.attachments.changed, chat.settings_changed, chat.generation_ended):
            signal.connect(self._pause.start)
        page.composer.writing_begun.connect(lambda by_user: self._load() if by_user else None)
        page.composer.draft_changed.connect(lambda _: self._load())
        chat.opened.connect(self._leave)

    def _load(self) -> None:
        self._chat.ahead.load(self._chat.current)

    def _look(self) -> None:
        files = self._chat.attachments
        is_settled = bool(files.items) and all(each.is_settled for each in files.items)
        has_begun = bool(self._chat.path.entries)
        pending = self._written()
        if not is_settled or has_begun or self._chat.fitting.filling(self._chat.said, pending.as_message).over:
            self._chat.ahead.forget_files()
        else:
            self._chat.ahead.follow(self._chat.current, pending.files)

    def _leave(self) -> None:
        """Give up what was read of a conversation that is left, and look at the other one."""
        self._chat.ahead.forget_files()
        self._pause.start()


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
