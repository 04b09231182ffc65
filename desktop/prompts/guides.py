"""A reader of the guides of `resources/guides/`: one TOML file for each task, its texts in every language.

The schema is written down in `docs/guides.md`. The last question of the general guide ends every other. In place of a
file that cannot be used stands the general guide, and the log says why.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

from desktop.core.prompts.file_problem import FileProblem, TextFault
from desktop.core.prompts.prompt import NOTHING, FieldKind
from desktop.core.resources import resource_path
from desktop.core.tasks.guide import AS_SAID, GENERAL, PARTS, Guide, GuideAnswer, GuideMaterial, GuideQuestion
from desktop.core.tasks.guiding import MATERIAL, MOST_QUESTIONS
from desktop.prompts.table_reader import TableReader
from desktop.prompts.toml_file import TomlFile, read_toml

_GUIDE_NAMES = {"title", "opening", "material", "questions"}
_MATERIAL_NAMES = {"missing", "short", "question", "why", "hint"}
_QUESTION_NAMES = {"key", "kind", "short", "question", "why", "own", "answers"}
_ANSWER_NAMES = {"label", "about", "text"}
_MOST_ANSWERS = 3  # to a question: as many as can be taken in at a glance
_EMPTY = Guide(key=GENERAL, title=NOTHING, opening=None, material=None, questions=())

_log = logging.getLogger(__name__)


class GuideFolder:
    """The guides of a folder, each read when it is first wanted."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or resource_path("guides")
        self._read: dict[str, Guide] = {}

    def guide(self, key: str) -> Guide:
        """Return the guide for a task; the general one, under the task's key, where it has none of its own."""
        if key not in self._read:
            general, own = self._general(), self._own(key) if key != GENERAL else None
            questions = (*own.questions, *general.questions[-1:]) if own is not None else general.questions
            self._read[key] = replace(own or general, key=key, questions=questions)
        return self._read[key]

    def _general(self) -> Guide:
        return self._own(GENERAL) or _EMPTY

    def _own(self, key: str) -> Guide | None:
        file = self._folder / f"{key}.toml"
        if not file.exists():
            return None
        try:
            return read_guide(file)
        except FileProblem as problem:
            _log.warning("a guide cannot be used: %s", problem)
            return None


def read_guide(file: Path) -> Guide:
    """Return one guide; its key is the file's name. Raises `FileProblem`."""
    content = read_toml(file)
    reader = TableReader(content, content.values, ())
    reader.check_names(_GUIDE_NAMES)
    opening = reader.line("opening", default=NOTHING)
    guide = Guide(
        key=file.stem,
        title=reader.line("title"),
        opening=opening if opening != NOTHING else None,
        material=_material(content),
        questions=tuple(map(_question, reader.tables("questions", required=True))),
    )
    _check(content, guide)
    return guide


def _material(content: TomlFile) -> GuideMaterial | None:
    table = content.values.get("material")
    if table is None:
        return None
    if not isinstance(table, dict):
        raise content.problem(TextFault.A_TABLE.of("material"), "material")
    reader = TableReader(content, table, ("material",))
    reader.check_names(_MATERIAL_NAMES)
    return GuideMaterial(
        missing=reader.line("missing"),
        short=reader.line("short"),
        question=reader.line("question"),
        why=reader.line("why"),
        hint=reader.line("hint"),
    )


def _question(reader: TableReader) -> GuideQuestion:
    reader.check_names(_QUESTION_NAMES)
    own = reader.line("own", default=AS_SAID)
    if not all(each.count("%1") == 1 for each in (own.en, own.zh)):
        raise reader.problem(TextFault.OWN_ONCE.of("%1"), "own")
    kind = reader.choice("kind", FieldKind)
    if kind not in PARTS:
        raise reader.problem(TextFault.KIND.of(", ".join(PARTS)), "kind")
    answers = tuple(map(_answer, reader.tables("answers")))
    if len(answers) > _MOST_ANSWERS:
        raise reader.problem(TextFault.TOO_MANY.of(_MOST_ANSWERS, "answers"), "answers")
    return GuideQuestion(
        key=reader.key(),
        kind=kind,
        short=reader.line("short"),
        question=reader.line("question"),
        why=reader.line("why"),
        answers=answers,
        own=own,
    )


def _answer(reader: TableReader) -> GuideAnswer:
    reader.check_names(_ANSWER_NAMES)
    return GuideAnswer(label=reader.line("label"), about=reader.line("about"), text=reader.line("text"))


def _check(content: TomlFile, guide: Guide) -> None:
    """Raise `FileProblem` for questions that could not be asked one after the other."""
    keys = [each.key for each in guide.questions]
    if len(set(keys)) < len(keys) or MATERIAL in keys:
        raise content.problem(TextFault.QUESTION_KEYS.of(MATERIAL), "questions")
    if len(keys) > MOST_QUESTIONS:
        raise content.problem(TextFault.TOO_MANY.of(MOST_QUESTIONS, "questions"), "questions")
