"""Recipes: filled prompts that are kept with blanks, `{{recipient}}`, and filled anew each time.

Blanks stand in the user's own words only. In materials and examples `{{` is text, and in words it is where a backslash
stands before it. What is put into a blank is delimited or checked, so that it can never pass for an instruction. Here,
too, are the rules by which a draft becomes a recipe, what a folder of recipes holds, and the faults of files that are
written by hand; the folder itself is `prompts.recipe_folder`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path, PurePath

from desktop.core.prompts.prompt import PromptDraft, PromptFile, Wording
from desktop.core.recipes.link import name_in_link
from desktop.core.text.clean_text import numbered
from desktop.core.text.scripts import is_chinese


class TextFault(StrEnum):
    """Fault of a file of texts, in English, with `%1` and so on for what it is about."""

    NO_FILE = "it is no file"
    UNREADABLE = "it cannot be read: %1"
    TOO_LARGE = "it is larger than %1 KB"
    TOO_MANY_FILES = "only the first %1 of %2 files were read"
    NOT_UTF8 = "it is not written in UTF-8"
    LONG_NAME = "a name in it has too many parts"
    TOO_DEEP = "it is nested too deeply"
    LONG_NUMBER = "a number in it is too long"
    WRONG_SIGN = "a sign stands here that does not belong there; a text has quotes around it"
    NOT_CLOSED = "a text, list or table is not closed"
    SAID_BEFORE = "this name stands there twice"
    NO_VALUE = "this is no value; a text has quotes around it"
    NO_EQUALS = "between name and value there must be ="
    TOO_MUCH_IN_LINE = "something stands behind the value"
    NO_NAME = "this line does not begin with a name"
    BACKSLASH = "a backslash in a text must be written twice"
    NO_TOML = "this is not TOML: %1"
    MISSING = "%1 is missing"
    UNKNOWN_NAME = "unknown name %1; known are %2"
    KIND = "kind must be one of %1"
    TRUE_OR_FALSE = "%1 must be true or false"
    AS_TABLES = "%1 must be written as [[%1]]"
    LIST_OF_TEXTS = "%1 must be a list of texts"
    TABLE_OF_TEXTS = "texts must be a table of texts"
    NO_TEXT = "%1 must be a text"
    TOO_LONG = "%1 is longer than %2 characters"
    TOO_MANY = "more than %1 %2"
    BLANK_TWICE = "the blank %1 stands there twice"
    BLANK_NAME = "name must be of letters, digits, blanks, and . ' - inside"
    FILE_DEFAULT = "a file has no default"
    CHOICES = "choices belong to the kind choice, and to no other"

    def of(self, *values: object) -> FileReason:
        """Return the fault with what it is about."""
        return FileReason(self, tuple(map(str, values)))


@dataclass(frozen=True, slots=True)
class FileReason:
    """Fault with what it is about; as a text it is English."""

    fault: TextFault
    values: tuple[str, ...] = ()

    def __str__(self) -> str:
        return re.sub(r"%([1-3])", lambda found: self.values[int(found[1]) - 1], self.fault.value)


class FileProblem(Exception):
    """Fault of a file, which makes it useless. `line` is 0 where no line is to blame."""

    def __init__(self, file: Path, line: int, reason: FileReason) -> None:
        super().__init__(f"{file.name}, line {line}: {reason}" if line else f"{file.name}: {reason}")
        self.file = file
        self.line = line
        self.reason = reason


# A name is one line without braces; backslashes before the braces count in pairs, an odd one makes them text. A run of
# backslashes is tried from its beginning alone: from each of them, a long run would take the square of its length.
_BLANK = re.compile(r"(?<!\\)(?P<slashes>\\*+)\{\{(?:[ \t]*(?P<name>[^\W_](?:[\w .'-]{0,38}[\w.])?)[ \t]*\}\})?")
_NAME = re.compile(r"[^\W_](?:[\w .'-]{0,38}[\w.])?")
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,10})?")
_QUOTES = (('"', '"'), ("“", "”"), ("«", "»"), ("「", "」"), ("『", "』"), ("‹", "›"))
# What a recipe may have, at most. More is nothing that the user fills in, and would hold up the window that shows it.
MOST_BLANKS = 50
MOST_CHOICES = 500
MOST_MATERIALS = 100
MOST_EXAMPLES = 2_000
LONGEST_NAME = 500  # characters, here and below
LONGEST_LABEL = 300
LONGEST_ABOUT = 2_000
_FILE = Wording("the file %s", "文件%s")
_ONE_TEXT = Wording("the text below", "下面的文本")
_NTH_TEXT = Wording("text %d below", "下面的文本 %d")


class BlankKind(StrEnum):
    """Kind of value that may stand in a blank."""

    TEXT = "text"  # one line
    LONG_TEXT = "long_text"  # becomes material of its part
    CHOICE = "choice"
    NUMBER = "number"
    DATE = "date"
    FILE = "file"  # goes along with the message; its value is its path


class BlankProblem(StrEnum):
    """Reason why a blank cannot be filled with what was given."""

    MISSING = "missing"
    NO_NUMBER = "no_number"
    NO_DATE = "no_date"  # dates are written 2026-05-03
    NO_CHOICE = "no_choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """Blank of a recipe. `label`: what the form asks for; `name` where empty. `choices` for the kind of that name.

    `field`: the part that it belongs to where it stands in no text; what is given then goes below that part's words.
    """

    name: str
    label: str = ""
    kind: BlankKind = BlankKind.TEXT
    default: str = ""
    required: bool = True
    choices: tuple[str, ...] = ()
    field: str = ""

    @property
    def title(self) -> str:
        return self.label or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Draft whose texts have blanks. `blanks` in the order in which the form asks for them."""

    name: str
    draft: PromptDraft
    about: str = ""
    blanks: tuple[Blank, ...] = ()


def is_blank_name(name: str) -> bool:
    return _NAME.fullmatch(name) is not None


def escaped(text: str) -> str:
    """Return the text so that it stands in a recipe as it is, braces and all."""
    return _BLANK.sub(lambda found: f"{found['slashes'] * 2}\\{found[0][len(found['slashes']) :]}", text)


def blank_names(text: str) -> list[str]:
    """Return the blanks of a text, each once, in their order."""
    return list(dict.fromkeys(name for _, name in _pieces(text) if name))


def _with_pieces(text: str, change: Callable[[str], str | None]) -> str:
    """Return the text with each blank as `change` has it, given its name; None leaves it as it stands."""

    def changed(found: re.Match[str]) -> str:
        slashes, name = found["slashes"], found["name"]
        new = change(name) if name and len(slashes) % 2 == 0 else None
        return found[0] if new is None else slashes + new

    return _BLANK.sub(changed, text)


def recipe_of(name: str, draft: PromptDraft, blanks: tuple[Blank, ...] = (), about: str = "") -> Recipe:
    """Return a recipe of a draft. Blanks that stand in its texts and are not described are lines of text."""
    described = {each.name: each for each in blanks}
    found = dict.fromkeys(each for text in draft.texts.values() for each in blank_names(text))
    blanks = tuple(replace(each, field="") if each.name in found else each for each in blanks)
    others = tuple(Blank(name=each) for each in found if each not in described)
    return Recipe(
        name=name, draft=replace(draft, dismissed=frozenset(), files=()), about=about, blanks=(*blanks, *others)
    )


def check(recipe: Recipe, values: Mapping[str, str]) -> dict[str, BlankProblem]:
    """Return the problems of the values, by the names of blanks; empty where the recipe can be filled."""
    found = ((each.name, _problem_of(each, _value(each, values))) for each in recipe.blanks)
    return {name: problem for name, problem in found if problem}


def _value(blank: Blank, values: Mapping[str, str]) -> str:
    """Return what was given, also where that is nothing: a default that was taken out shall not come back."""
    return values.get(blank.name, blank.default)


def _problem_of(blank: Blank, value: str) -> BlankProblem | None:
    """Return why this cannot stand in the blank; None where it can."""
    bare = value.strip()
    if not bare:
        return BlankProblem.MISSING if blank.required else None
    match blank.kind:
        case BlankKind.NUMBER if not _NUMBER.fullmatch(bare):
            return BlankProblem.NO_NUMBER
        case BlankKind.DATE if not _is_date(bare):
            return BlankProblem.NO_DATE
        case BlankKind.CHOICE if bare not in blank.choices:
            return BlankProblem.NO_CHOICE
        case _:
            return None


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def fill(recipe: Recipe, values: Mapping[str, str]) -> PromptDraft:
    """Return the draft with its blanks filled. Raises `ValueError` where `check` finds something.

    A line of a text stands between quotes; a long text becomes material, and the words point to it. Of a file the words
    have its name. Numbers, dates and choices are checked, and stand as they are. A line whose blanks are all empty is
    left out. What belongs to a part without standing in its text becomes its material or its file, else its last line.
    """
    if problems := check(recipe, values):
        raise ValueError(f"blanks cannot be filled: {problems}")
    blanks = {each.name: each for each in recipe.blanks}
    draft = recipe.draft
    for blank in recipe.blanks:
        if blank.field and _value(blank, values).strip():
            draft = _with_value(draft, blank, _value(blank, values))
    for key, text in recipe.draft.texts.items():
        long = {name: _value(blanks[name], values) for name in blank_names(text) if _is_long(blanks.get(name))}
        long = {name: value for name, value in long.items() if value.strip()}
        before, count = len(draft.materials_of(key)), len(draft.materials_of(key)) + len(long)
        chinese = is_chinese(recipe.draft.text(key))
        words = {name: _pointer(before + at, count, chinese) for at, name in enumerate(long, start=1)}
        for name, blank in blanks.items():
            words.setdefault(name, _inserted(blank, _value(blank, values), chinese=chinese))
        below = draft.text(key)[len(text) :]
        draft = draft.with_text(key, "\n".join(_filled_lines(text, words)) + below)
        for value in long.values():
            draft = draft.with_material(key, value)
        given = [name for name in blank_names(text) if name in blanks and blanks[name].kind is BlankKind.FILE]
        paths = [path for name in given if (path := _value(blanks[name], values))]
        draft = replace(draft, files=(*draft.files, *(PromptFile(key, file_name(path)) for path in paths)))
    return draft


def _with_value(draft: PromptDraft, blank: Blank, value: str) -> PromptDraft:
    """Return the draft with what was given for a blank that belongs to a part."""
    match blank.kind:
        case BlankKind.LONG_TEXT:
            return draft.with_material(blank.field, value)
        case BlankKind.FILE:
            return replace(draft, files=(*draft.files, PromptFile(blank.field, file_name(value))))
        case _:
            words = draft.text(blank.field)
            said = _inserted(blank, value, chinese=is_chinese(words))
            return draft.with_text(blank.field, f"{words}\n{said}" if words else said)


def files_in(recipe: Recipe, values: Mapping[str, str]) -> list[str]:
    """Return the paths that were given for blanks of the kind file."""
    return [path for each in recipe.blanks if each.kind is BlankKind.FILE and (path := _value(each, values))]


def file_name(path: str) -> str:
    """Return the name of a file that was given for a blank."""
    return PurePath(path).name or path


def _is_long(blank: Blank | None) -> bool:
    return blank is not None and blank.kind is BlankKind.LONG_TEXT


def _pointer(number: int, count: int, chinese: bool) -> str:
    wording = _ONE_TEXT if count == 1 else _NTH_TEXT
    words = wording.zh if chinese else wording.en
    return words % number if count > 1 else words


def _inserted(blank: Blank, value: str, *, chinese: bool) -> str:
    """Return what stands in the words for a value; nothing for an empty one."""
    bare = " ".join(value.split())
    if blank.kind is BlankKind.LONG_TEXT or not bare:
        return ""
    if blank.kind is BlankKind.FILE:
        wording = _FILE.zh if chinese else _FILE.en
        return wording % _quoted(" ".join(file_name(value).split()), chinese=chinese)
    return _quoted(bare, chinese=chinese) if blank.kind is BlankKind.TEXT else bare


def _quoted(bare: str, *, chinese: bool) -> str:
    """Return words between quotes that they do not hold themselves; in Chinese, straight ones come last."""
    for opening, closing in sorted(_QUOTES, key=lambda each: chinese and each is _QUOTES[0]):
        if opening not in bare and closing not in bare:
            return f"{opening}{bare}{closing}"
    return f'"{bare.translate({ord(mark): "’" for mark in _QUOTES[0]})}"'


def _filled_lines(text: str, words: Mapping[str, str]) -> Iterator[str]:
    for line in text.split("\n"):
        pieces = list(_pieces(line))
        known = [name for _, name in pieces if name in words]
        if known and not any(words[name] for name in known):
            continue
        yield "".join(words.get(name, said) if name else said for said, name in pieces)


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield the text in stretches: what is said, and the name where it is a blank."""
    at = 0
    for found in _BLANK.finditer(text):
        yield text[at : found.start()], ""
        slashes, name = found["slashes"], found["name"]
        braces = found[0][len(slashes) :]
        is_text = len(slashes) % 2 == 1 or name is None
        yield "\\" * (len(slashes) // 2), ""
        yield braces, "" if is_text else name
        at = found.end()
    yield text[at:], ""


_LONGEST_LINE = 200  # characters of what is rather a line than a text


class RecipeFault(StrEnum):
    """Fault that keeps a recipe from being of use."""

    NO_NAME = "no_name"
    NO_CHOICES = "no_choices"
    BAD_DEFAULT = "bad_default"  # it could not be put into its own blank
    TOO_MUCH = "too_much"  # nobody could read it again


def blank_text(name: str) -> str:
    """Return a blank as it stands in a text."""
    return f"{{{{{name}}}}}"


def names_in(texts: Mapping[str, str]) -> list[str]:
    """Return the blanks of all texts, each once, in the order in which they stand."""
    return list(dict.fromkeys(name for text in texts.values() for name in blank_names(text)))


def free_blank_name(stem: str, taken: Iterable[str]) -> str:
    """Return a name that no blank has: "blank", "blank 2"."""
    others = set(taken)
    return next(each for each in numbered(stem, "") if each not in others)


def guessed_kind(words: str) -> BlankKind:
    """Return the kind of blank that these words would stand in."""
    bare = words.strip()
    if "\n" in bare or len(bare) > _LONGEST_LINE:
        return BlankKind.LONG_TEXT
    for kind in (BlankKind.DATE, BlankKind.NUMBER):
        if bare and _problem_of(Blank(name="x", kind=kind), bare) is None:
            return kind
    return BlankKind.TEXT


def renamed(texts: Mapping[str, str], old: str, new: str) -> dict[str, str]:
    """Return the texts with a blank under another name. Raises `ValueError` where that can be none."""
    if not is_blank_name(new):
        raise ValueError(f"no name of a blank: {new!r}")
    return _changed(texts, lambda name: blank_text(new) if name == old else None)


def with_words_for(texts: Mapping[str, str], gone: str, words: str = "") -> dict[str, str]:
    """Return the texts with these words in place of a blank; without words it is mere text, braces and all."""
    return _changed(texts, lambda name: escaped(words or blank_text(gone)) if name == gone else None)


def _changed(texts: Mapping[str, str], change: Callable[[str], str | None]) -> dict[str, str]:
    return {key: _with_pieces(text, change) for key, text in texts.items()}


def made_recipe(name: str, about: str, draft: PromptDraft, described: Iterable[Blank]) -> Recipe:
    """Return the recipe of what stands in an editor: blanks that belong to a part, then those of the texts in order."""
    by_name = {each.name: each for each in described}
    names = names_in(draft.texts)
    of_parts = [each for each in by_name.values() if each.field and each.name not in names]
    blanks = (*of_parts, *(by_name.get(each, Blank(name=each)) for each in names))
    return recipe_of(" ".join(name.split()), draft, blanks, about.strip())


def faults(recipe: Recipe) -> dict[str, RecipeFault]:
    """Return the faults of a recipe, by the names of blanks; under an empty name that of the recipe itself."""
    found: dict[str, RecipeFault] = {}
    if not recipe.name:
        found[""] = RecipeFault.NO_NAME
    elif (
        len(recipe.blanks) > MOST_BLANKS
        or len(recipe.draft.materials) > MOST_MATERIALS
        or len(recipe.draft.examples) > MOST_EXAMPLES
    ):
        found[""] = RecipeFault.TOO_MUCH
    for blank in recipe.blanks:
        if blank.kind is BlankKind.CHOICE and not blank.choices:
            found[blank.name] = RecipeFault.NO_CHOICES
        elif len(blank.choices) > MOST_CHOICES:
            found[blank.name] = RecipeFault.TOO_MUCH
        elif blank.default.strip() and _problem_of(blank, blank.default) is not None:
            found[blank.name] = RecipeFault.BAD_DEFAULT
    return found


@dataclass(frozen=True, slots=True)
class ShelvedRecipe:
    """Recipe and the file that it stands in. `version` is of the file's content when it was read."""

    file: Path
    recipe: Recipe
    version: str
    is_shared: bool = False  # of a folder that others keep: for use and for copies
    is_writable: bool = True

    @property
    def key(self) -> str:
        """The name of it among all recipes, wherever the folders come to lie."""
        return f"{'shared' if self.is_shared else 'own'}/{self.file.name}"


@dataclass(frozen=True, slots=True)
class FolderContent:
    """Content of a folder: recipes by name, and what is wrong with the files that could not be read."""

    recipes: tuple[ShelvedRecipe, ...] = ()
    problems: tuple[FileProblem, ...] = ()


class RecipeChanged(Exception):
    """Change of the file by another program since it was read."""


class RecipeTooLarge(Exception):
    """Refusal of a recipe that would be a file larger than `most` bytes, which nobody could read again."""

    def __init__(self, most: int) -> None:
        super().__init__(f"larger than {most} bytes")
        self.most = most


def exported_name(entry: ShelvedRecipe) -> str:
    """Return the name of a file for handing on a recipe: its ending tells the system to open it with Candor."""
    return f"{entry.file.stem.removesuffix('.candor')}.candor.toml"


def free_name(name: str, taken: Iterable[str]) -> str:
    """Return `name`, or with the first number behind it that nobody has: "Reply", "Reply 2"."""
    others = {each.casefold() for each in taken}
    return next(each for each in numbered(name, "") if each.casefold() not in others)


def named(name: str, entries: Iterable[ShelvedRecipe]) -> ShelvedRecipe | None:
    """Return the recipe of a name as the user sees it: written just so, or else in other capitals.

    The first of several.
    """
    wanted = name_in_link(name)
    names = [(each, name_in_link(each.recipe.name)) for each in entries]
    for fold in (str, str.casefold):
        for each, said in names:
            if fold(said) == fold(wanted):
                return each
    return None
