"""Tables of cases that stand beside the tests, in TOML."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from types import MappingProxyType

from desktop.core.prompts.prompt import (
    Example,
    FieldKind,
    Material,
    PromptDraft,
    PromptField,
    PromptFile,
    PromptFramework,
    Wording,
)

_TRAINING = Path(__file__).parents[2] / "packaging" / "training"
_NAME = re.compile(r"\{([a-z_]+)\}")
_REPEATED = re.compile(r"\[\[(.+?)\]\]x(\d+)", re.DOTALL)


def table(name):
    """The cases of a file of `tests/core`: "tasks/guiding.toml"."""
    return tomllib.loads((Path(__file__).parent / name).read_text("utf-8"))


def learned(name):
    """The lines of a file of `packaging/training`, which are no measure of what is new."""
    return tomllib.loads((_TRAINING / f"{name}.toml").read_text("utf-8"))


def draft(row):
    """The draft of a row: its parts by their keys, its materials, examples and files as lists."""
    kinds = {"materials": Material, "examples": Example, "files": PromptFile}
    lists = {key: tuple(kind(*each) for each in row.get(key, ())) for key, kind in kinds.items()}
    more = {key: row[key] for key in ("chain_of_thought", "examples_as_turns") if key in row}
    texts = {key: text for key, text in row.items() if key not in {*kinds, *more, "framework"}}
    return PromptDraft(framework=row.get("framework", "main"), texts=texts, **lists, **more)


def whole(text, texts=MappingProxyType({})):
    """A text with its names replaced by what they stand for, and its repetitions written out."""
    named = _NAME.sub(lambda found: texts[found[1]].strip("\n") if found[1] in texts else found[0], text)
    return _REPEATED.sub(lambda found: found[1] * int(found[2]), named)


_FIELDS = (
    ("task", FieldKind.TASK, "Task", "任务"),
    ("context", FieldKind.CONTEXT, "Context", "背景"),
    ("example", FieldKind.EXAMPLES, "Examples", "示例"),
    ("persona", FieldKind.PERSONA, "Persona", "角色"),
    ("format", FieldKind.FORMAT, "Format", "格式"),
    ("tone", FieldKind.TONE, "Tone", "语气"),
)


def framework(key, *fields):
    return PromptFramework(
        key=key,
        name=Wording(key, key),
        about=Wording("For tests.", "用于测试。"),
        fields=tuple(
            PromptField(
                key=name,
                kind=kind,
                label=Wording(en, zh),
                weight=max(1, 5 - at),
                why=Wording("Because.", "因为。"),
                hint=Wording("Like this.", "像这样。"),
                heading=Wording(en, zh),
                required=kind is FieldKind.TASK,
            )
            for at, (name, kind, en, zh) in enumerate(fields)
        ),
    )


MAIN = framework("main", *_FIELDS)
PLAIN = framework(
    "plain",
    ("role", FieldKind.PERSONA, "Role", "角色"),
    ("task", FieldKind.TASK, "Task", "任务"),
    ("document", FieldKind.MATERIAL, "Document", "文档"),
    ("audience", FieldKind.AUDIENCE, "Audience", "受众"),
)
