"""The lazy loader of the prompt builder, and the little of it that is needed before it is first opened.

The panel and what drives it are loaded and made at its first opening: a start does without them. Needed before are the
words of comparisons, and the answers that are kept as examples: corrected first, then offered beside the next request
of the same kind.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtWidgets import QWidget

from desktop.core.conversation import is_temporary
from desktop.core.message import Message, Role
from desktop.core.prompts.prompt import Example, KeptExample, PromptFramework, draft_of, example_from
from desktop.core.prompts.render import RenderedPrompt, heading_lines
from desktop.core.recipes.recipe import ShelvedRecipe
from desktop.core.tasks.office import recognised_task
from desktop.runtime.background import gui_task
from desktop.runtime.chat import Chat
from desktop.ui.chat.conversation_presenter import ConversationPresenter
from desktop.ui.chat.files_presenter import FilesPresenter
from desktop.ui.chat.page import ChatPage
from desktop.ui.inputs.message_input import TypedText
from desktop.ui.inputs.plain_paste import RecipeDrop
from desktop.ui.look.stylesheet import GAP, GAP_TIGHT, set_look
from desktop.ui.look.theme import Theme
from desktop.ui.message_actions import Ask
from desktop.ui.widgets.boxes import Dialog
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.widgets.page import PanePlace
from desktop.ui.widgets.quiet_line import QuietLine
from desktop.ui.words import fill, prompt_language, say, say_each, short

if TYPE_CHECKING:
    from desktop.core.prompts.variants import Variant
    from desktop.ui.prompts.presenter import PromptPresenter


@dataclass(frozen=True, slots=True)
class SideWords:
    """The heading over an answer and, if it is to be shown, the prompt.

    `marked` are the keys of the prompt's parts that the others do not have; `left_out` is the name of the part that
    this one lacks.
    """

    heading: str
    prompt: RenderedPrompt | None = None
    marked: frozenset[str] = frozenset()
    left_out: str = ""


def offered(variant: Variant) -> str:
    """Return the words of a choice in the menu."""
    return say_each("prompts.compare", variant.omission, label=_label(variant))


def asked_without(variant: Variant) -> str:
    """Return the words of the button that asks again with something left out."""
    return say_each("prompts.ask", variant.omission, label=_label(variant))


def compared_sides(variant: Variant, prompts: Sequence[RenderedPrompt]) -> list[SideWords]:
    """Return the words over the answers to the whole prompt and to the other one; `prompts` are these two."""
    (whole, other), label = prompts, _label(variant)
    return [
        SideWords(say("prompts.with_everything"), whole, variant.left_out),
        SideWords(say_each("prompts.without", variant.omission, label=label), other, left_out=label),
    ]


def sides_of(names: Sequence[str], questions: Sequence[Message]) -> list[SideWords]:
    """Return the words over the answers to questions that are no prompts of the builder, each with what is asked."""
    prompts = [RenderedPrompt(each.text, prompt_language()) for each in questions]
    return [SideWords(name, prompt) for name, prompt in zip(names, prompts, strict=True)]


def _label(variant: Variant) -> str:
    return variant.field.label.of(prompt_language()) if variant.field is not None else ""


class PromptDock(QObject):
    """The owner of the prompt builder, which stands in `place`, at the right of the page of a conversation."""

    compared = Signal(object, str, object)  # Comparison, what is asked in short, a list of SideWords
    left = Signal()  # what stands in it is on its way: the conversation matters now
    recipe_chosen = Signal(str)  # its key
    recipes_requested = Signal()
    save_recipe_requested = Signal(object)  # the PromptDraft to make one of
    recipes_dropped = Signal(list)  # of files

    def __init__(
        self,
        theme: Theme,
        page: ChatPage,
        place: PanePlace,
        conversation: ConversationPresenter,
        chat: Chat,
        load_frameworks: Callable[[], Sequence[PromptFramework]],
    ) -> None:
        super().__init__(page)
        self.theme, self.page, self.place = theme, page, place
        self.conversation, self.chat = conversation, chat
        self.files: FilesPresenter  # who gives files to it; set before the builder is made
        self.guide: Callable[[], None] = lambda: None  # has the user asked about the prompt in the builder
        self._load_frameworks = load_frameworks
        self._presenter: PromptPresenter | None = None
        self._may_make = False  # the builder as soon as it is in sight
        self._recipes: Sequence[ShelvedRecipe] = ()
        place.beside_changed.connect(lambda shown: chat.services.settings.change(prompt_open=shown))
        place.width_changed.connect(lambda width: chat.services.settings.change(prompt_width=width))
        place.shown_changed.connect(self._on_shown)
        for changed in (
            chat.generation_started,
            chat.generation_ended,
            chat.opened,
            place.shown_changed,
            place.narrowed,
        ):
            changed.connect(lambda *_: self._show_over())
        page.reading.headings = lambda: {line for each in self.frameworks for line in heading_lines(each)}
        page.header.prompt.clicked.connect(self.toggle)
        page.composer.banner.builder_requested.connect(lambda message_id: self.open().reopen(message_id))
        conversation.edit_began.connect(self._on_edit_began)

    @cached_property
    def frameworks(self) -> Sequence[PromptFramework]:
        return self._load_frameworks()

    def fill(self) -> None:
        """Make the builder if it is visible, and from now on as soon as it is."""
        self._may_make = True
        if self.place.is_shown:
            self.made()

    def toggle(self) -> None:
        """Open the builder with the focus in it, or close it."""
        if self.place.is_shown:
            self.place.toggle()
        else:
            self.go_to()

    def go_to(self) -> None:
        """Focus the builder, opening it if it is closed."""
        self.open().start_writing()

    def open(self) -> PromptPresenter:
        """Open the builder, if it is closed, and return it."""
        self.place.open()
        return self.made()

    def leave(self) -> None:
        """Go back to the conversation, which a panel over it would hide."""
        self.place.uncover()
        self.page.composer.setFocus()
        self.left.emit()

    def made(self) -> PromptPresenter:
        """Return the builder, made now if it is not there yet."""
        if self._presenter is None:
            from desktop.ui.prompts.presenter import PromptPresenter

            self._presenter = made = PromptPresenter(self)
            panel = made.panel
            panel.head.close_button.clicked.connect(self.place.toggle)
            panel.head.guide.clicked.connect(lambda: self.guide())
            panel.foot.stop_pressed.connect(self.chat.stop)
            panel.chooser.pinned = self._recipes
            panel.recipe_chosen.connect(self.recipe_chosen)
            panel.recipes_requested.connect(self.recipes_requested)
            panel.save_recipe_requested.connect(lambda: self.save_recipe_requested.emit(panel.draft))
            RecipeDrop(panel).dropped.connect(self.recipes_dropped)
            self.place.put_in(panel)
            self._show_over()
        return self._presenter

    def framework(self, key: str) -> PromptFramework:
        """Return the framework of this key; the first one if it does not exist."""
        return next((each for each in self.frameworks if each.key == key), self.frameworks[0])

    def show_recipes(self, pinned: Sequence[ShelvedRecipe]) -> None:
        """Offer these recipes beside the frameworks."""
        self._recipes = pinned
        if self._presenter is not None:
            self._presenter.panel.chooser.pinned = pinned

    def keep_draft(self) -> None:
        """Save its content, before the window closes."""
        if self._presenter is not None:
            self._presenter.keep_draft()

    def _on_shown(self, shown: bool) -> None:
        if not shown:
            self.page.composer.setFocus()
        elif self._may_make:
            self.made()

    def _show_over(self) -> None:
        """Have the builder show if it lies over the conversation, and stop an answer whose own button it hides."""
        if self._presenter is not None:
            self._presenter.panel.head.show_over(self.place.is_narrow)
            self._presenter.panel.foot.offer_stop(self.place.is_over and self.chat.is_answering)
            self._presenter.box.share_send()

    @gui_task
    async def _on_edit_began(self, message_id: str) -> None:
        """Offer the builder for a message that was sent from it."""
        composer = self.page.composer
        composer.banner.offer_builder("")
        draft = await self.chat.unsent.read_prompt(self.chat.current.id, message_id)
        if draft and composer.is_editing:
            composer.banner.offer_builder(message_id)


_SIZE = QSize(600, 520)
_LONGEST = 6_000  # characters; a longer text is a document, and no task is looked for in it while it is written


class ExampleDialog(Dialog):
    """A dialog with a question and its answer, both of which can be changed before they are kept."""

    def __init__(self, theme: Theme, example: Example, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keep as example"))
        self.question = self._box(self.tr("The question"), example.input)
        self.answer = self._box(self.tr("The answer, as it should be"), example.output)
        self.keep = button(self.tr("Keep"), "filled", self.accept, fill="accent")
        lead = self.tr("Correct what you would have corrected anyway: the next answer of this kind follows it.")
        self.column.addWidget(PlainLabel(self.windowTitle(), "title"))
        self.column.addWidget(PlainLabel(lead, "muted", wraps=True))
        for box, share in ((self.question, 1), (self.answer, 2)):
            self.column.addLayout(stack(PlainLabel(box.accessibleName(), "strong"), (box, 1), gap=GAP_TIGHT), share)
        self._discards = PlainLabel(self.tr("Leave once more to discard what you typed."), "muted", wraps=True)
        self._discards.hide()
        self.column.addWidget(self._discards)
        self.add_foot((), (button(self.tr("Cancel"), do=super().reject), self.keep), default=self.keep)
        self.fit(QSize(theme.px(_SIZE.width()), theme.px(_SIZE.height())))
        self.answer.textChanged.connect(lambda: self.keep.setEnabled(bool(self.answer.toPlainText().strip())))
        self.answer.setFocus()
        self._began_with = self._texts()

    def _texts(self) -> tuple[str, str]:
        return self.question.toPlainText(), self.answer.toPlainText()

    def _box(self, name: str, text: str) -> TypedText:
        box = TypedText()
        box.setPlainText(text)
        box.setTabChangesFocus(True)
        box.setAccessibleName(name)
        box.document().setDocumentMargin(GAP)
        set_look(box, "framed")
        return box

    # Qt's own method

    def reject(self) -> None:
        """Leave by Esc or the window's frame; over what was typed, only the second time."""
        if self._texts() != self._began_with and self._discards.isHidden():
            self._discards.show()
        else:
            super().reject()


class ExamplePresenter(QObject):
    """The owner of the line that offers an example for what is written, and of the way to keep one."""

    def __init__(self, dock: PromptDock) -> None:
        super().__init__(dock)
        self._dock = dock
        self._page, self._chat = page, chat = dock.page, dock.chat
        self._offered: KeptExample | None = None
        self._declined: set[str] = set()  # the keys of those that were not wanted, until the window is closed
        self._line = line = QuietLine(dock.theme, PlainLabel(wraps=True))
        line.offer(self.tr("Use it"), do=self._on_use)
        line.offer(self.tr("Not now"), do=self._on_not_now)
        page.put_hint(line)
        page.reading.register({Ask.KEEP_AS_EXAMPLE: lambda message_id, _: self._keep(message_id)})
        useless = page.reading.of_no_use
        page.reading.of_no_use = lambda: useless() | self._of_no_use()
        for changed in (page.composer.draft_changed, page.composer.begun_anew, chat.examples.changed):
            changed.connect(lambda *_: self._follow())
        chat.generation_started.connect(lambda _: self._line.hide())

    def _of_no_use(self) -> frozenset[Ask]:
        """Return that nothing is kept of a conversation that is not kept itself."""
        keeps_none = is_temporary(self._chat.current.id) or self._chat.keeps_nothing
        return frozenset({Ask.KEEP_AS_EXAMPLE}) if keeps_none else frozenset()

    # Keeping one

    @gui_task
    async def _keep(self, message_id: str) -> None:
        """Show a question and its answer, and keep them as the user leaves them."""
        path = self._chat.path
        at, answer = path.index_of(message_id), path.message(message_id)
        if at is None or answer is None:
            return
        asked = next((entry.id for entry in reversed(path.entries[:at]) if entry.role is Role.USER), "")
        question = path.message(asked)
        draft = draft_of(await self._chat.unsent.read_prompt(self._chat.current.id, asked))
        said = question.text if question is not None else ""
        task = draft.guide if draft is not None and draft.guide else recognised_task(said) or ""
        about = example_from(draft, answer).input if draft is not None else ""
        dialog = ExampleDialog(self._dock.theme, Example(about or said, answer.text.strip()), self._page.window())
        dialog.accepted.connect(lambda: self._keep_as_left(dialog, str(task)))
        dialog.finished.connect(lambda _: self._page.composer.setFocus())
        dialog.open()

    def _keep_as_left(self, dialog: ExampleDialog, task: str) -> None:
        example = Example(dialog.question.toPlainText().strip(), dialog.answer.toPlainText().strip())
        self._chat.examples.keep(KeptExample(example, task))
        if task:
            said = self.tr("Kept. It is offered with the next request of this kind, and stands among the recipes.")
        else:
            said = self.tr("Kept. It stands among the recipes.")
        self._page.notice.show_text(said, calmly=True)

    # Offering one

    def _follow(self) -> None:
        """Offer the example of the task that is written, as far as one is kept."""
        composer, examples = self._page.composer, self._chat.examples
        words = composer.words.strip()
        self._offered = None
        if words and len(words) <= _LONGEST and not (composer.is_editing or self._chat.is_answering):
            examples.read()
            self._offered = examples.newest_of(recognised_task(words) or "") if examples.all else None
        if self._offered is None or self._offered.key in self._declined:
            self._line.hide()
            return
        self._line.say(fill(self.tr("Use your example: “%1”"), short(self._offered.example.input)))
        self._line.show()

    def _on_use(self) -> None:
        self._line.hide()
        if self._offered is not None:
            self._dock.open().take_over_with(self._offered.example)

    def _on_not_now(self) -> None:
        self._line.hide()
        if self._offered is not None:
            self._declined.add(self._offered.key)
        self._page.composer.setFocus()
