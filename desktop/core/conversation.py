"""Conversations: a tree of messages with one active leaf, the settings that the user has chosen, and how they are kept.

They are kept in the order of the list, in backups, and as far as a damaged file can be read.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

from desktop.core.message import new_id
from desktop.core.model import ModelChoice
from desktop.core.request import Thinking, ThinkingLimit

_TEMPORARY = "temporary-"  # how the ids of temporary conversations begin
EXAMPLE = "example-"  # how the keys of kept examples begin
_EDIT = " edit"  # no id ends so
FOLDERS_OF_NEW = " folders"  # the key, beside those of drafts, of what the conversation asks that does not exist yet
BIN_DAYS = 30  # in the bin, until a deleted conversation is erased, if the user has not chosen otherwise


def temporary_id() -> str:
    """Return a new id for a conversation of which nothing is ever written to a disk."""
    return _TEMPORARY + new_id()


def is_temporary(conversation_id: str) -> bool:
    """Return True for the id of a conversation that ends with the program."""
    return conversation_id.startswith(_TEMPORARY)


def example_key() -> str:
    """Return a new key, beside those of drafts, for an example that is kept: it is erased as a conversation is."""
    return EXAMPLE + new_id()


def edit_key(conversation_id: str) -> str:
    """Return the key, beside that of its draft, of the message of a conversation that is being changed."""
    return conversation_id + _EDIT


def is_edit_key(key: str) -> bool:
    """Return True for the key of a message that is being changed."""
    return key.endswith(_EDIT)


@dataclass(frozen=True, slots=True)
class ConversationSettings:
    """Choices and notes that belong to one conversation; `choice` is None until a model has been picked.

    `thinking_limit`: the limit at which the program itself asks for the answer; None leaves the model all the time it
    takes. `temperature`: None leaves the server's own. `fresh_suggested`: that a fresh start would help has been said
    here. `unread`: a reply has come here while another conversation was open. `left_out` are ids of messages that are
    not sent any more, because the user chose so. `asks_places`: messages ask for the page of each statement, where the
    conversation has a file with pages. `folder`: the group that the conversation is listed in; empty: none. `folders`:
    the ids of the folders that its questions are answered from.
    """

    choice: ModelChoice | None = None
    system: str = ""
    thinking: Thinking = field(default_factory=Thinking)
    thinking_limit: ThinkingLimit | None = None
    temperature: float | None = None
    fresh_suggested: bool = False
    unread: bool = False
    left_out: tuple[str, ...] = ()
    asks_places: bool = False
    folder: str = ""
    folders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Conversation without its messages.

    `head_id` is the active leaf: the path from it to the root is what is shown and sent. `origin` is the id of the
    conversation that this one was started fresh from. Times are seconds since the epoch.
    """

    title: str = ""
    id: str = field(default_factory=new_id)
    head_id: str | None = None
    origin: str | None = None
    settings: ConversationSettings = field(default_factory=ConversationSettings)
    created_at: float = field(default_factory=time.time)
    updated_at: float = field(default_factory=time.time)
    pinned: bool = False


READ_FIRST = 500  # are read alone, so that a list of a hundred thousand is there as soon as one of a hundred


def list_order(conversation: Conversation) -> tuple[float, str]:
    """Return the key by which conversations are listed: the newest first, those of one moment by their ids."""
    return -conversation.updated_at, conversation.id


@dataclass(frozen=True, slots=True)
class Backup:
    """Copy of the whole file of conversations.

    `made_at` in seconds since the epoch, `size` in bytes on the disk. `conversations` and `messages` are the numbers
    that it holds; None where they were not noted. `before_update`: made before a newer version changed the file.
    `is_too_old`: made by an earlier state of the program, which this one does not read.
    """

    path: Path
    made_at: float
    size: int
    conversations: int | None = None
    messages: int | None = None
    before_update: bool = False
    is_too_old: bool = False


@dataclass(frozen=True, slots=True)
class Repaired:
    """Numbers of what could be read of a damaged file, and the place where that file was put aside."""

    conversations: int
    messages: int
    aside: Path
