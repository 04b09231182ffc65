"""What can be pressed in a lesson, as what the program works with: a draft of a prompt, messages, an open page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from desktop.core.message import Message, ReasoningPart, TextPart, user_message
from desktop.core.prompts.prompt import Example, Language, PromptDraft
from desktop.core.teaching import (
    BuilderTry,
    CardTry,
    CompareTry,
    ConversationTry,
    DoorTry,
    HelpDoor,
    LessonTry,
    PreparedMessage,
)


@dataclass(frozen=True, slots=True)
class HelpDoors:
    """The ways out of the help into the program, as what each does."""

    fill_in: Callable[[PromptDraft, str], None]  # with what the line on top of the builder says
    compare: Callable[[Sequence[Message], str, Sequence[str]], None]  # the questions, in short, their names
    converse: Callable[[str, Sequence[Message]], object]  # title, messages
    show_card: Callable[[str], None]  # of a model of the catalogue
    pages: Mapping[HelpDoor, Callable[[], None]]
    diagnostics: Callable[[], None]
    about: Callable[[], None]


def take(chosen: LessonTry, doors: HelpDoors, language: Language, words: str) -> None:
    """Have the program do what was pressed. `words`: how the builder speaks of a prompt from a lesson."""
    match chosen:
        case BuilderTry():
            doors.fill_in(draft_of(chosen, language), words)
        case CompareTry(_, question, sides):
            asked = [user_message(side.words.of(language)) for side in sides]
            doors.compare(asked, question.of(language), [side.name.of(language) for side in sides])
        case ConversationTry(_, title, messages):
            said = [message_of(each, language) for each in messages]
            doors.converse(title.of(language), said)
        case CardTry(_, model):
            doors.show_card(model)
        case DoorTry(_, door):
            doors.pages[door]()
        case _ as never:
            assert_never(never)


def draft_of(chosen: BuilderTry, language: Language) -> PromptDraft:
    """Return the prompt that a lesson puts into the builder."""
    return PromptDraft(
        framework=chosen.framework,
        texts={key: text.of(language) for key, text in chosen.texts.items()},
        examples=tuple(Example(each.input.of(language), each.output.of(language)) for each in chosen.examples),
        chain_of_thought=chosen.chain_of_thought,
    )


def message_of(prepared: PreparedMessage, language: Language) -> Message:
    """Return a message of a prepared conversation."""
    thinking = prepared.thinking.of(language)
    parts = (TextPart(prepared.words.of(language)),)
    return Message(role=prepared.role, parts=(ReasoningPart(thinking), *parts) if thinking else parts)
