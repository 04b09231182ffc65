"""The presenter between the shelf of recipes and their places in the window: the page, the sidebar, the prompt builder.

The page is made when recipes are first wanted. What a recipe comes to is worked out in `core`, where it is kept in
`runtime`; here is who is asked for what, where a filled prompt goes, and how a recipe is passed on: as a file, as a
link, or in a folder that a company shares. Links are followed one at a time, the newest wins: whoever writes them
must not be able to fill the screen. The words about faults of recipes, files and folders stand first.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox, QPushButton, QWidget

from desktop.core.conversation import example_key
from desktop.core.errors import StoreError
from desktop.core.prompts.prompt import KeptExample, Language, PromptDraft, at_home
from desktop.core.recipes import recipe as recipes
from desktop.core.recipes.link import LinkFault, link_to
from desktop.core.recipes.recipe import (
    MOST_BLANKS,
    MOST_CHOICES,
    MOST_EXAMPLES,
    MOST_MATERIALS,
    Blank,
    BlankKind,
    BlankProblem,
    FileProblem,
    FileReason,
    Recipe,
    RecipeChanged,
    RecipeFault,
    RecipeTooLarge,
    ShelvedRecipe,
    exported_name,
    files_in,
    recipe_of,
)
from desktop.core.tasks.case import AskedAnew, BlankNames, Case
from desktop.core.tasks.office import Guide
from desktop.runtime.background import gui_task
from desktop.runtime.recipes import FolderState, RecipeShelf
from desktop.ui.inputs.plain_paste import RecipeDrop
from desktop.ui.prompts.dock import PromptDock
from desktop.ui.recipes.list import Ask, PinnedRecipes
from desktop.ui.start import StartRecipes
from desktop.ui.widgets.boxes import OneBox, QuestionBox, users_documents
from desktop.ui.widgets.page import PageStack
from desktop.ui.words import fill, number, prompt_language, say, say_each, shown_name, size

if TYPE_CHECKING:
    from desktop.ui.recipes.form import RecipeForm
    from desktop.ui.recipes.page import RecipePage


def blank_problem(blank: Blank, problem: BlankProblem) -> str:
    """Return why a blank cannot be filled, and what would help."""
    if problem is BlankProblem.MISSING and blank.kind is BlankKind.CHOICE:
        return say("recipes.please_choose_one")
    return say_each("recipes.blank_problem", problem)


def names_of_case(language: Language) -> BlankNames:
    """Return the names of blanks for what nothing else names, with the language of the others."""
    text, file = say("recipes.text"), say("recipes.file")
    return BlankNames(text=text, file=file, language=language)


def fault(found: RecipeFault) -> str:
    """Return what a recipe lacks."""
    most = {
        "blanks": number(MOST_BLANKS),
        "choices": number(MOST_CHOICES),
        "materials": number(MOST_MATERIALS),
        "examples": number(MOST_EXAMPLES),
    }
    return say_each("recipes.fault", found, **most)


def folder_state(state: FolderState, is_shared: bool, was_read: bool = True) -> str:
    """Return the state of a folder in words; empty if there is nothing to say.

    `was_read`: something is known of it.
    """
    if state is FolderState.READ:
        return ""
    if state is FolderState.READING:
        return say("recipes.reading")
    if not is_shared:
        return say_each("recipes.own_folder", state)
    return say_each("recipes.shared_folder", state) if was_read else say_each("recipes.unread_folder", state)


def failure(error: Exception) -> str:
    """Return why a recipe could not be saved, imported, or moved."""
    match error:
        case FileProblem():
            return _no_recipe(error)
        case RecipeTooLarge():
            return say("recipes.a_recipe_may_be_so_large", most=size(error.most))
        case StoreError(reason="full"):
            return say("recipes.the_disk_is_full_nothing_was")
        case StoreError(reason="read_only"):
            return say("recipes.candor_may_not_write_there_nothing")
        case _:
            return say("recipes.the_disk_did_not_take_it")


def reason_words(reason: FileReason) -> str:
    """Return what is wrong with a file that was written by hand; names that stand in it stay as they are."""
    return say_each("recipes.file_fault", reason.fault, **dict(zip(("first", "second"), reason.values, strict=False)))


def file_problem(problem: FileProblem) -> str:
    """Return what is wrong with a file and where."""
    name, reason = shown_name(problem.file.name), reason_words(problem.reason)
    if problem.line:
        return say("recipes.broken_line", name=name, line=number(problem.line), reason=reason)
    return say("recipes.broken_file", name=name, reason=reason)


def _no_recipe(problem: FileProblem) -> str:
    """Return the sentence that a file cannot be used as a recipe, with what is wrong where."""
    name, reason = shown_name(problem.file.name), reason_words(problem.reason)
    if problem.line:
        return say("recipes.cannot_be_used_for_a_line", name=name, line=number(problem.line), reason=reason)
    return say("recipes.cannot_be_used", name=name, reason=reason)


T = TypeVar("T")


class RecipePresenter(QObject):
    """The presenter of recipes. `places`: of some in the sidebar and on the start page."""

    def __init__(
        self,
        dock: PromptDock,
        shelf: RecipeShelf,
        stack: PageStack,
        places: tuple[PinnedRecipes, StartRecipes],
        load_guide: Callable[[str], Guide],
    ) -> None:
        super().__init__(stack)
        self._dock, self._shelf, self._stack, self._load_guide = dock, shelf, stack, load_guide
        self._pins, self._start = pins, start = places
        self._examples = examples = dock.chat.examples
        self._preferences = dock.chat.services.settings
        self._pinned = list(self._preferences.now.pinned_recipes)  # keys, in the order of the sidebar
        self._page: RecipePage | None = None
        self._edited: ShelvedRecipe | None = None  # None while a new one is made
        self._opened: Recipe | None = None  # as it was when the editor was opened
        self._is_saving = False
        self._deleted: Path | KeptExample | None = None
        examples.changed.connect(self._show_examples)
        shelf.changed.connect(self._show)
        start.use = self.use
        for chosen in (pins.chosen, dock.recipe_chosen):
            chosen.connect(self.use)
        for requested in (pins.all_requested, start.all_requested, dock.recipes_requested):
            requested.connect(self.show_list)
        dock.save_recipe_requested.connect(self._begin_new)
        dock.recipes_dropped.connect(self._import)

    def show_pinned(self) -> None:
        """Show the pinned ones in the sidebar, and some on the start page, as soon as they have been read."""
        self._shelf.start_watching()

    def show_list(self) -> None:
        """Show the list."""
        if self._may_go_on():
            self._come_in_front().show_list()

    def use(self, key: str) -> None:
        """Ask for the blanks of a recipe, or fill it in at once if it has none."""
        entry = self._shelf.find(key)
        if not self._may_go_on():
            return
        if entry is None:
            self.show_list()
        elif entry.recipe.blanks:
            self._come_in_front().show_form(entry)
        else:
            self._fill_in(entry, {})

    @property
    def is_in_front(self) -> bool:
        return self._stack.is_in_front(self._page)

    @property
    def form(self) -> RecipeForm | None:
        """The form on the page of recipes, visible or not, or None."""
        return self._page.form if self._page is not None else None

    def show_form(self, entry: ShelvedRecipe) -> bool:
        """Ask for the blanks of a recipe that a link leads to; nothing is filled in before the user agrees.

        Return False if something typed stands there: it is shown and stays, however often a link is followed.
        """
        if self._page is not None and self._page.is_written_in:
            self._come_in_front()
            return self.form is not None and self.form.recipe == entry.recipe
        self._come_in_front().show_form(entry)
        return True

    @gui_task
    async def look_at(self, file: Path) -> None:
        """Show a recipe from any place, to be kept or not; one that is among the recipes already is used."""
        await self._go_on(self._shelf.look_at(file), self._show_found)

    def _may_go_on(self) -> bool:
        """Return True if nothing typed would be lost; otherwise show that, and the next attempt succeeds."""
        if self._page is None or self._page.may_be_left():
            return True
        self._come_in_front()
        return False

    # What is in sight

    def _made_page(self) -> RecipePage:
        if self._page is None:
            from desktop.ui.recipes.page import RecipePage

            self._page = page = RecipePage(self._dock.theme)
            page.closed.connect(self._stack.show_home)
            page.filled.connect(self._fill_in)
            page.save_requested.connect(self._save)
            page.list.asked.connect(self._do)
            page.list.import_button.clicked.connect(self._ask_what_to_import)
            page.list.undo_bar.undone.connect(lambda: self._restore())
            page.list.example_wanted.connect(self._use_example)
            page.list.example_deleted.connect(self._delete_example)
            page.list.choose_button.clicked.connect(self._ask_for_folder)
            page.list.forget_button.clicked.connect(lambda: self._use_folder(""))
            RecipeDrop(page).dropped.connect(self._import)
            self._show()
            self._show_examples()
            self._examples.read()
        return self._page

    def _come_in_front(self) -> RecipePage:
        self._shelf.start_watching()
        page = self._made_page()
        page.enter()
        self._stack.show_page(page)
        return page

    def _show(self) -> None:
        pinned = [entry for key in self._pinned if (entry := self._shelf.find(key)) is not None]
        self._pins.show_recipes(pinned)
        self._dock.show_recipes(pinned)
        self._start.show_recipes([*pinned, *(each for each in self._shelf.recipes if each.key not in self._pinned)])
        if self._page is None:
            return
        own, *others = self._shelf.folders
        state = folder_state(own.state, is_shared=False)
        shared = [folder_state(each.state, is_shared=True, was_read=bool(each.content.recipes)) for each in others]
        problems = [file_problem(each) for folder in (own, *others) for each in folder.content.problems]
        self._page.list.show_recipes(self._shelf.recipes, self._pinned)
        self._page.list.show_folders(state, self._shelf.shared_path, "".join(shared), problems, self._shelf.fixed_by)
        if self._is_saving and self._page.editor is not None and own.state is FolderState.NOT_ANSWERING:
            self._page.editor.show_failure(state)

    def _show_examples(self) -> None:
        if self._page is not None:
            self._page.list.show_examples(self._examples.all)

    def _say(self, said: str, *, is_trouble: bool = False) -> None:
        self._come_in_front().say(said, is_trouble=is_trouble)

    async def _go_on(self, work: Awaitable[T], then: Callable[[T], object]) -> None:
        """Go on with what the disk has done, or say why it has not."""
        try:
            done = await work
        except Exception as error:
            self._say(failure(error), is_trouble=True)
        else:
            then(done)

    # What is asked for at one

    def _do(self, entry: ShelvedRecipe, ask: Ask) -> None:
        doers: dict[Ask, Callable[[ShelvedRecipe], object]] = {
            Ask.USE: lambda each: self.use(each.key),
            Ask.EDIT: lambda each: self._open_editor(self.tr("Edit the recipe"), each.recipe, each),
            Ask.DUPLICATE: self._duplicate,
            Ask.PIN: self._pin,
            Ask.EXPORT: self._export,
            Ask.COPY_LINK: self._copy_link,
            Ask.DELETE: self._delete,
        }
        doers[ask](entry)

    def _fill_in(self, entry: ShelvedRecipe, values: Mapping[str, str]) -> None:
        draft = recipes.fill(entry.recipe, values)
        files = [Path(path) for path in files_in(entry.recipe, values)]
        self._stack.show_home()
        said = fill(self.tr("Filled in from “%1”."), shown_name(entry.recipe.name))
        self._dock.open().fill_in(at_home(draft, self._dock.framework(draft.framework)), said, files)

    def _pin(self, entry: ShelvedRecipe) -> None:
        others = [key for key in self._pinned if key != entry.key]
        self._pinned = others if entry.key in self._pinned else [*others, entry.key]
        self._preferences.change(pinned_recipes=tuple(self._pinned))
        self._show()

    def _duplicate(self, entry: ShelvedRecipe) -> None:
        recipe = replace(entry.recipe, name=self._shelf.free_name(entry.recipe.name))
        self._open_editor(self.tr("Duplicate the recipe"), recipe, None)

    @gui_task
    async def _export(self, entry: ShelvedRecipe) -> None:
        """Ask where a recipe is to be written, and write it there."""
        names = self.tr("Recipes (*.candor.toml *.toml)")
        begin = str(users_documents() / exported_name(entry))
        path, _ = QFileDialog.getSaveFileName(self._page, self.tr("Export the recipe"), begin, names)
        if path:
            said = fill(self.tr("Exported to %1"), shown_name(Path(path).name))
            await self._go_on(self._shelf.export(entry, Path(path)), lambda _: self._say(said))

    def _copy_link(self, entry: ShelvedRecipe) -> None:
        """Copy a link to a recipe, and say for whom it opens it."""
        QGuiApplication.clipboard().setText(link_to(entry.recipe.name))
        said = self.tr(
            "The link is copied. It opens this recipe for all who have one of this name: "
            "give them the exported file as well, or put that into the folder of your company."
        )
        if entry.is_shared:
            said = self.tr("The link is copied. It opens this recipe for all who use the folder of your company.")
        self._say(said)

    @gui_task
    async def _delete(self, entry: ShelvedRecipe) -> None:
        def offer_undo(deleted: Path) -> None:
            self._deleted = deleted
            self._come_in_front().offer_undo(fill(self.tr("“%1” was deleted."), shown_name(entry.recipe.name)))

        await self._go_on(self._shelf.change(lambda own: own.delete(entry)), offer_undo)

    def _use_example(self, kept: KeptExample) -> None:
        self._stack.show_home()
        self._dock.open().take_over_with(kept.example)

    @gui_task
    async def _delete_example(self, kept: KeptExample) -> None:
        def offer_undo(_: None) -> None:
            self._deleted = kept
            self._come_in_front().offer_undo(self.tr("The example was deleted."))

        await self._go_on(self._examples.delete(kept), offer_undo)

    @gui_task
    async def _restore(self) -> None:
        deleted, self._deleted = self._deleted, None
        if isinstance(deleted, KeptExample):
            self._examples.keep(replace(deleted, key=example_key()))
            self._say(self.tr("It is back."))
        elif deleted is not None:
            restoring = self._shelf.change(lambda own: own.restore(deleted))
            await self._go_on(restoring, lambda _: self._say(self.tr("It is back.")))

    def _ask_for_folder(self) -> None:
        """Ask which folder has the recipes of the user's company, and watch it from now on."""
        title = self.tr("A folder of your company's recipes")
        folders = self._shelf.folders
        # A dialog that begins in a folder that does not answer would hold up the window.
        start = self._shelf.shared_path if len(folders) > 1 and folders[1].is_current else str(users_documents())
        path = QFileDialog.getExistingDirectory(self._page, title, start)
        if path and Path(path) == self._shelf.own_path:
            self._say(self.tr("That is the folder of your own recipes."), is_trouble=True)
        elif path:
            self._use_folder(path)

    def _use_folder(self, path: str) -> None:
        self._shelf.share(path)
        self._preferences.change(recipes_folder=path)

    # Making and changing

    def _begin_new(self, draft: PromptDraft) -> None:
        framework = self._dock.framework(draft.framework)
        guide = self._load_guide(draft.guide) if draft.guide else None
        case = Case(at_home(draft, framework), framework, names_of_case(prompt_language()), guide)
        case.take_out()
        recipe = recipe_of("", case.draft, tuple(each.blank for each in case.asked))
        self._open_editor(self.tr("Save as recipe"), recipe, None, case.asked)

    def _open_editor(
        self, title: str, recipe: Recipe, edited: ShelvedRecipe | None, asked: Sequence[AskedAnew] = ()
    ) -> None:
        if not self._may_go_on():
            return
        self._edited, self._opened, self._is_saving = edited, recipe, False
        framework = self._dock.framework(recipe.draft.framework)
        recipe = replace(recipe, draft=at_home(recipe.draft, framework))
        self._come_in_front().show_editor(title, recipe, framework, prompt_language(), asked)

    @gui_task
    async def _save(self, recipe: Recipe) -> None:
        page, editor = self._made_page(), self._made_page().editor
        if self._is_saving or editor is None:
            return
        self._is_saving = True
        try:
            entry, said = await self._saved(recipe, self._edited)
        except Exception as error:
            if page.editor is editor:  # a disk may take its time, and something else be in front by then
                self._is_saving = False
                self._come_in_front()
                editor.show_failure(failure(error))
            else:
                self._say(failure(error), is_trouble=True)
            return
        if page.editor is editor:
            self._is_saving = False
            if editor.recipe == recipe:
                page.show_list()
                page.list.focus_recipe(entry.key)
            else:
                self._edited = entry  # more was written meanwhile, and is still to be saved
        page.say(fill(said, shown_name(entry.recipe.name)))

    async def _saved(self, recipe: Recipe, edited: ShelvedRecipe | None) -> tuple[ShelvedRecipe, str]:
        """Return the entry of a recipe that has been saved, and what is said of that."""
        if edited is not None:
            with suppress(RecipeChanged):
                return await self._shelf.change(lambda own: own.save(edited, recipe)), self.tr("Saved: %1")
        entry, said = await self._shelf.add_recipe(recipe), self.tr("Saved: %1")
        if edited is not None:
            said = self.tr("Another program has changed that recipe meanwhile. Yours is kept beside it: %1")
        return entry, said

    # From elsewhere

    @property
    def _is_writing(self) -> bool:
        """True if the page holds something that no file may replace, however often it is opened."""
        page = self._page
        return page is not None and (page.editor is not None or page.is_written_in)

    def _import(self, files: Iterable[Path]) -> None:
        if not self._is_writing:
            self.show_list()
        for file in files:
            self._import_file(file)

    @gui_task
    async def _import_file(self, file: Path) -> None:
        def tell(entry: ShelvedRecipe) -> None:
            self._say(fill(self.tr("Imported: %1"), shown_name(entry.recipe.name)))

        await self._go_on(self._shelf.import_file(file), tell)

    def _ask_what_to_import(self) -> None:
        names = self.tr("Recipes (*.toml);;All files (*)")
        paths, _ = QFileDialog.getOpenFileNames(self._page, self.tr("Import recipes"), str(users_documents()), names)
        if paths:
            self._import(map(Path, paths))

    def _show_found(self, recipe: Recipe) -> None:
        kept = next((each for each in self._shelf.recipes if each.recipe == recipe), None)
        if not self._is_writing and kept is not None:
            self.use(kept.key)
        elif not self._is_writing:
            self._open_editor(self.tr("Import the recipe"), recipe, None)
        elif recipe == (self.form.recipe if self.form is not None else self._opened):
            self._come_in_front()
        else:
            words = say("recipes.what_is_written_here_stays_when", name=shown_name(recipe.name))
            self._say(words, is_trouble=True)


# Faults of links that are meant to lead to a recipe, as a look at the list may help with.
_OF_RECIPE_LINKS = frozenset((LinkFault.UNREADABLE, LinkFault.UNKNOWN, LinkFault.NAMELESS))
_Role = QMessageBox.ButtonRole


class RecipeLinks(QObject):
    """A follower of links whose boxes stand over `window`, whatever that shows."""

    def __init__(self, shelf: RecipeShelf, recipes: RecipePresenter, window: QWidget) -> None:
        super().__init__(window)
        self._shelf = shelf
        self._recipes = recipes
        self._window = window
        self._box = OneBox(window)

    @gui_task
    async def follow(self, name: str) -> None:
        """Show the form of the recipe of this name, as soon as it is found."""
        title = say("recipes.looking_for_the_recipe", name=shown_name(name))
        look = self._box.start_search(
            title, say("recipes.the_folder_of_recipes_takes_its"), say("recipes.stop_looking")
        )
        entry = await self._shelf.seek(name)
        if self._box.is_awaited(look):
            self._box.take_back()
            self._show(name, entry)

    def refuse(self, fault: LinkFault) -> None:
        """Show why nothing can be opened by a link, or by another address."""
        box = notice_box(say_each("recipes.link", fault), say_each("recipes.about_link", fault), self._window)
        self._say(box, leads_to_list=fault in _OF_RECIPE_LINKS)

    def _show(self, name: str, entry: ShelvedRecipe | None) -> None:
        if entry is None:
            has_shared, is_all_read = bool(self._shelf.shared_path), self._shelf.is_all_read
            self._say(missing_box(name, self._window, has_shared=has_shared, is_all_read=is_all_read))
        elif not self._recipes.show_form(entry):
            sentence = say("recipes.it_stays_as_it_is_when", name=shown_name(name))
            box = notice_box(say("recipes.you_are_writing_something_here"), sentence, self._window)
            self._say(box, leads_to_list=False)

    def _say(self, box: QMessageBox, *, leads_to_list: bool = True) -> None:
        if leads_to_list:
            offer_list(box).clicked.connect(self._recipes.show_list)
        self._box.say(box)


def notice_box(title: str, sentence: str, parent: QWidget | None = None) -> QMessageBox:
    """Return a box with what has happened and what to do next, which Enter closes."""
    box = QuestionBox(parent, title, sentence, warns=True)
    # Who is just typing may press Enter, and shall not be led away by it. Qt's own button has a black picture.
    box.setDefaultButton(box.addButton(say("recipes.close"), _Role.RejectRole))
    return box


def missing_box(name: str, parent: QWidget | None = None, *, has_shared: bool, is_all_read: bool) -> QMessageBox:
    """Return the notice that no recipe of this name is known."""
    title = say("recipes.there_is_no_recipe_named_here", name=shown_name(name))
    if not is_all_read:
        title = say("recipes.no_recipe_named_was_found", name=shown_name(name))
        sentence = say("recipes.not_all_that_lies_in_the")
    elif has_shared:
        sentence = say("recipes.it_is_neither_among_your_own")
    else:
        sentence = say("recipes.ask_whoever_gave_you_the_link")
    return notice_box(title, sentence, parent)


def offer_list(box: QMessageBox) -> QPushButton:
    """Add a button to the list of recipes."""
    return box.addButton(say("recipes.show_the_recipes"), _Role.ActionRole)
