"""The presenter between the shelf of recipes and their places in the window: the page, the sidebar, the prompt builder.

The page is made when recipes are first wanted. What a recipe comes to is worked out in `core`, where it is kept in
`runtime`; here is who is asked for what, and where a filled prompt goes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from desktop.core.preferences import Preferences
from desktop.core.prompts.prompt import PromptDraft, at_home
from desktop.core.recipes.folder import RecipeChanged, ShelvedRecipe
from desktop.runtime.background import gui_task
from desktop.runtime.recipes import FolderState, RecipeShelf, WatchedFolder
from desktop.ui import words
from desktop.ui.inputs.picked_folder import users_documents
from desktop.ui.look.theme import Theme
from desktop.ui.prompts.dock import PromptDock
from desktop.ui.recipes.pinned import PinnedRecipes
from desktop.ui.start.recipes import StartRecipes
from desktop.ui.widgets.file_drop import RecipeDrop
from desktop.ui.widgets.page import PageStack

if TYPE_CHECKING:
    from desktop.core.recipes.recipe import Recipe
    from desktop.core.tasks.case import AskedAnew
    from desktop.core.tasks.guide import Guide
    from desktop.ui.recipes.editor import RecipeEditor
    from desktop.ui.recipes.form import RecipeForm
    from desktop.ui.recipes.page import RecipePage
    from desktop.ui.recipes.row import RecipeRow
    from desktop.ui.recipes.sharing import RecipeSharing


class RecipePresenter(QObject):
    """The presenter of recipes. `places`: of some in the sidebar and on the start page."""

    came_in_front = Signal()

    def __init__(
        self,
        theme: Theme,
        shelf: RecipeShelf,
        stack: PageStack,
        dock: PromptDock,
        places: tuple[PinnedRecipes, StartRecipes],
        preferences: Preferences,
        load_guide: Callable[[str], Guide],
    ) -> None:
        super().__init__(stack)
        self._load_guide = load_guide
        self._theme = theme
        self._shelf = shelf
        self._stack = stack
        self._dock = dock
        self._pins, self._start = pins, start = places
        self._preferences = preferences
        self._pinned: list[str] = list(preferences.now.pinned_recipes)  # keys, in the order of the sidebar
        self._page: RecipePage | None = None
        self._sharing: RecipeSharing  # made with the page
        self._edited: ShelvedRecipe | None = None  # None while a new one is made
        self._opened: Recipe | None = None  # as it was when the editor was opened
        self._is_saving = False
        self._deleted: Path | None = None
        shelf.changed.connect(self._show)
        pins.chosen.connect(self.use)
        pins.all_requested.connect(self.show_list)
        start.use = self.use
        start.all_requested.connect(self.show_list)
        dock.recipe_chosen.connect(self.use)
        dock.recipes_requested.connect(self.show_list)
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

    def take_escape(self) -> bool:
        """Take back one thing on the page of recipes, or leave it. Return False if it is not shown."""
        if self._page is None or not self.is_in_front:
            return False
        self._page.step_back()
        return True

    def may_close(self) -> bool:
        """Return True if nothing typed would be lost with the window; else show it, and return True the next time."""
        if self._page is None or self._page.may_be_left():
            return True
        self._stack.show_page(self._page)
        return False

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
        try:
            found = await self._shelf.look_at(file)
        except Exception as error:
            self._say_failure(error)
        else:
            self._show_found(found)

    @property
    def _is_writing(self) -> bool:
        """True if the page holds something that no file may replace, however often it is opened."""
        page = self._page
        return page is not None and (page.editor is not None or page.is_written_in)

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

            self._page = RecipePage(self._theme)
            self._connect(self._page)
            self._show()
        return self._page

    def _come_in_front(self) -> RecipePage:
        self._shelf.start_watching()
        page = self._made_page()
        page.enter()
        self._stack.show_page(page)
        self.came_in_front.emit()
        return page

    def _connect(self, page: RecipePage) -> None:
        from desktop.ui.recipes.sharing import RecipeSharing

        self._sharing = sharing = RecipeSharing(self._shelf, self._preferences, page, self._say, self._say_failure)
        page.closed.connect(self._stack.show_home)
        page.filled.connect(self._fill_in)
        page.save_requested.connect(self._save)
        page.keep_both_requested.connect(self._save_as_another)
        page.overwrite_requested.connect(lambda recipe: self._save(recipe, overwriting=True))
        page.list.row_made.connect(self._connect_row)
        page.list.import_requested.connect(self._ask_what_to_import)
        page.list.undo_requested.connect(self._restore)
        if self._shelf.fixed_by:
            page.list.shared.show_fixed(self._shelf.fixed_by)
        page.list.shared.choose_requested.connect(sharing.ask_for_folder)
        page.list.shared.forget_requested.connect(lambda: sharing.use_folder(""))
        RecipeDrop(page).dropped.connect(self._import)

    def _connect_row(self, row: RecipeRow) -> None:
        entry = row.entry
        row.use_requested.connect(lambda: self.use(entry.key))
        row.edit_requested.connect(lambda: self._edit(entry))
        row.duplicate_requested.connect(lambda: self._duplicate(entry))
        row.pin_requested.connect(lambda shall: self._pin(entry, shall))
        row.export_requested.connect(lambda: self._sharing.export(entry))
        row.link_requested.connect(lambda: self._sharing.copy_link(entry))
        row.delete_requested.connect(lambda: self._delete(entry))

    def _show(self) -> None:
        pinned = [entry for key in self._pinned if (entry := self._shelf.find(key)) is not None]
        self._pins.show_recipes(pinned)
        self._dock.show_recipes(pinned)
        self._start.show_recipes([*pinned, *(each for each in self._shelf.recipes if each.key not in self._pinned)])
        if self._page is None:
            return
        from desktop.ui.prompts.file_words import file_problem
        from desktop.ui.recipes.words import folder_state

        folders = self._shelf.folders
        own = folder_state(folders[0].state, is_shared=False) if folders else ""
        shared = _shared_state(folders[1]) if len(folders) > 1 else ""
        problems = [file_problem(each) for folder in folders for each in folder.content.problems]
        self._page.list.show_recipes(self._shelf.recipes, self._pinned)
        self._page.list.show_folders(own, self._shelf.shared_path, shared, problems)
        if self._is_saving and self._page.editor is not None and folders[0].state is FolderState.NOT_ANSWERING:
            self._page.editor.show_failure(own)

    def _say(self, said: str, *, is_trouble: bool = False) -> None:
        self._come_in_front().say(said, is_trouble=is_trouble)

    def _say_failure(self, error: Exception) -> None:
        from desktop.ui.recipes.words import failure

        self._say(failure(error), is_trouble=True)

    # Using

    def _fill_in(self, entry: ShelvedRecipe, values: Mapping[str, str]) -> None:
        from desktop.core.recipes.recipe import files_in, fill  # not needed before the first recipe is

        draft = fill(entry.recipe, values)
        files = [Path(path) for path in files_in(entry.recipe, values)]
        framework = self._dock.framework(draft.framework)
        self._stack.show_home()
        if framework is None:
            self._dock.go_to()  # which says what is missing
        else:
            said = words.fill(self.tr("Filled in from “%1”."), words.shown_name(entry.recipe.name))
            self._dock.fill_in(at_home(draft, framework), said, files)

    def _pin(self, entry: ShelvedRecipe, shall: bool) -> None:
        others = [key for key in self._pinned if key != entry.key]
        self._pinned = [*others, entry.key] if shall else others
        self._preferences.change(pinned_recipes=tuple(self._pinned))
        self._show()

    # Making and changing

    def _begin_new(self, draft: PromptDraft) -> None:
        from desktop.core.recipes.recipe import recipe_of
        from desktop.core.tasks.case import Case
        from desktop.ui.recipes.words import names_of_case

        framework = self._dock.framework(draft.framework)
        if framework is None:
            return  # there is no builder then
        guide = self._load_guide(draft.guide) if draft.guide else None
        case = Case(at_home(draft, framework), framework, names_of_case(words.prompt_language()), guide)
        case.take_out()
        recipe = recipe_of("", case.draft, tuple(each.blank for each in case.asked))
        self._open_editor(self.tr("Save as recipe"), recipe, None, case.asked)

    def _edit(self, entry: ShelvedRecipe) -> None:
        self._open_editor(self.tr("Edit the recipe"), entry.recipe, entry)

    def _duplicate(self, entry: ShelvedRecipe) -> None:
        recipe = replace(entry.recipe, name=self._shelf.free_name(entry.recipe.name))
        self._open_editor(self.tr("Duplicate the recipe"), recipe, None)

    def _open_editor(
        self, title: str, recipe: Recipe, edited: ShelvedRecipe | None, asked: Sequence[AskedAnew] = ()
    ) -> None:
        if not self._may_go_on():
            return
        self._edited, self._opened, self._is_saving = edited, recipe, False
        framework = self._dock.framework(recipe.draft.framework)
        if framework is None:
            self._stack.show_home()
            self._dock.go_to()  # which says what is missing
            return
        recipe = replace(recipe, draft=at_home(recipe.draft, framework))
        self._come_in_front().show_editor(title, recipe, framework, words.prompt_language(), asked)

    @gui_task
    async def _save(self, recipe: Recipe, *, overwriting: bool = False) -> None:
        editor = self._page.editor if self._page is not None else None
        if self._is_saving or editor is None:
            return
        self._is_saving = True
        try:
            if self._edited is None:
                entry = await self._shelf.add_recipe(recipe)
            else:
                edited = self._edited
                entry = await self._shelf.change(lambda own: own.save(edited, recipe, overwriting=overwriting))
        except Exception as error:
            self._on_not_saved(editor, error)
        else:
            self._on_saved(editor, recipe, entry)

    def _save_as_another(self, recipe: Recipe) -> None:
        self._edited = None
        self._save(recipe)

    def _on_saved(self, editor: RecipeEditor, saved: Recipe, entry: ShelvedRecipe) -> None:
        page = self._made_page()
        if page.editor is editor:  # a disk may take its time, and something else be in front by then
            self._is_saving = False
            if editor.recipe == saved:
                page.show_list()
            else:
                self._edited = entry  # more was written meanwhile, and is still to be saved
        page.say(words.fill(self.tr("Saved: %1"), words.shown_name(entry.recipe.name)))

    def _on_not_saved(self, editor: RecipeEditor, error: Exception) -> None:
        if self._made_page().editor is not editor:
            self._say_failure(error)
            return
        self._is_saving = False
        self._come_in_front()
        if isinstance(error, RecipeChanged):
            editor.show_conflict(error.theirs)
        else:
            from desktop.ui.recipes.words import failure

            editor.show_failure(failure(error))

    @gui_task
    async def _delete(self, entry: ShelvedRecipe) -> None:
        try:
            self._deleted = await self._shelf.change(lambda own: own.delete(entry))
        except Exception as error:
            self._say_failure(error)
        else:
            name = words.shown_name(entry.recipe.name)
            self._come_in_front().offer_undo(words.fill(self.tr("“%1” was deleted."), name))

    @gui_task
    async def _restore(self) -> None:
        if self._deleted is None:
            return
        deleted, self._deleted = self._deleted, None
        try:
            await self._shelf.change(lambda own: own.restore(deleted))
        except Exception as error:
            self._say_failure(error)
        else:
            self._say(self.tr("It is back."))

    # From elsewhere

    def _import(self, files: Iterable[Path]) -> None:
        if not self._is_writing:
            self.show_list()
        for file in files:
            self._import_file(file)

    @gui_task
    async def _import_file(self, file: Path) -> None:
        try:
            entry = await self._shelf.import_file(file)
        except Exception as error:
            self._say_failure(error)
        else:
            self._say(words.fill(self.tr("Imported: %1"), words.shown_name(entry.recipe.name)))

    def _show_found(self, recipe: Recipe) -> None:
        kept = next((each for each in self._shelf.recipes if each.recipe == recipe), None)
        if self._is_writing:
            self._keep_in_front(recipe)
        elif kept is not None:
            self.use(kept.key)
        else:
            self._open_editor(self.tr("Import the recipe"), recipe, None)

    def _keep_in_front(self, other: Recipe) -> None:
        if other == (self.form.recipe if self.form is not None else self._opened):
            self._come_in_front()
        else:
            from desktop.ui.recipes.words import unfinished

            self._say(unfinished(other.name), is_trouble=True)

    def _ask_what_to_import(self) -> None:
        names = self.tr("Recipes (*.toml);;All files (*)")
        paths, _ = QFileDialog.getOpenFileNames(self._page, self.tr("Import recipes"), str(users_documents()), names)
        if paths:
            self._import(map(Path, paths))


def _shared_state(folder: WatchedFolder) -> str:
    """Return the state of the shared folder in words."""
    from desktop.ui.recipes.words import folder_state

    return folder_state(folder.state, is_shared=True, was_read=bool(folder.content.recipes))
