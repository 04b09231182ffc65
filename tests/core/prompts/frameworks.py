"""Frameworks for tests of the prompt's rules: the main one's shape, and one without a field for examples."""

from __future__ import annotations

from desktop.core.prompts.prompt import FieldKind, PromptField, PromptFramework, Wording

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
