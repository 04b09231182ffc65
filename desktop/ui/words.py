"""Numbers, places and states in the user's language. Words only: no widget, no colour, no error (see `errors.py`)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QLocale

from desktop.core.message import EarlyAnswer
from desktop.core.models.fit import page_tokens_in
from desktop.core.models.place import shown_name as name_of_model
from desktop.core.place import Place, PlaceKind
from desktop.core.request import ThinkingLimit, ThinkingMode
from desktop.core.resources import resource_path
from desktop.core.text.scripts import HAN, has_han
from desktop.rendering.text.letters import show_invisible

if TYPE_CHECKING:
    from desktop.core.prompts.prompt import Language
    from desktop.core.reply import ReplyPhase

translate = QCoreApplication.translate

_LONGEST_NAME = 60  # characters; a link or a file may bring any number
_NAME_END = 20  # of them, by which files are told apart that begin alike
_WORDS_A_TOKEN, _CHARACTERS_A_TOKEN = 0.75, 1.5
_LONG_WORD = re.compile(r"\S{16}(?=\S)")

# A connection that takes longer than this is worth a number; before it, a number would only flicker.
_SECONDS_BEFORE_COUNTING = 3.0
_SEVERAL_PAGES = 2  # of a text: so many take their time to be read


def fill(template: str, *values: str) -> str:
    """Return `template` with `%1`, `%2`, … replaced in one pass, so that a value that holds a "%2" stays as it is."""
    return _filled(r"%([1-9])", template, {str(at): each for at, each in enumerate(values, 1)})


def _filled(blank: str, template: str, values: Mapping[str, str]) -> str:
    """A Chinese value has no blank between it and the Chinese words around it, where a foreign name has one."""

    def value(found: re.Match[str]) -> str:
        text = values[found[2]]
        before = "" if has_han(text[:1]) else found[1] or ""
        after = "" if has_han(text[-1:]) else found[3] or ""
        return f"{before}{text}{after}"

    return re.sub(rf"((?<=[{HAN}]) )?{blank}( (?=[{HAN}]))?", value, template)


def say(key: str, count: int | None = None, /, **values: str) -> str:
    """Return the sentence of a key, such as "signs.the_answer_repeats", from `resources/words`.

    `count` decides between one and more, and is `{n}` in the sentence. What stands in a value stays as it is.
    """
    room, _, name = key.partition(".")
    return in_words(said_in(room)[name], count, **values)


def say_each(group: str, member: Enum, count: int | None = None, /, **values: str) -> str:
    """Return the sentence of a member of an enumeration, of a group that has one for each: "documents.page_of"."""
    room, _, name = group.partition(".")
    return in_words(said_in(room)[name][member.name.lower()], count, **values)


def in_words(entry: Mapping[str, Any], count: int | None = None, /, **values: str) -> str:
    """Return an entry of `resources/words` in the user's language."""
    text = entry["zh" if QLocale().language() is QLocale.Language.Chinese else "en"]
    if isinstance(text, dict):
        text = text["one" if count == 1 else "other"]
    if count is not None:
        values["n"] = number(count)
    return _filled(r"\{(\w+)\}", text, values)


@cache
def said_in(room: str) -> dict[str, Any]:
    """Return the entries of one file of `resources/words`, which is read when it is first asked for."""
    return tomllib.loads(resource_path("words", f"{room}.toml").read_text(encoding="utf-8"))


def listed(names: Iterable[str]) -> str:
    """Return names one after the other, with what stands between them in the language."""
    return translate("words", ", ", "between names").join(names)


def clauses(parts: Iterable[str]) -> str:
    """Return pieces of a sentence one after the other; empty ones are left out."""
    return translate("words", ", ", "between pieces of a sentence").join(filter(None, parts))


def duration(seconds: float) -> str:
    """Return a length of time in words: "12 s", "1 min 5 s", "2 h 3 min"."""
    whole = max(0, int(seconds))
    if whole < 60:
        return fill(translate("words", "%1 s", "seconds"), number(whole))
    if whole < 3600:
        return fill(translate("words", "%1 min %2 s"), number(whole // 60), number(whole % 60))
    return fill(translate("words", "%1 h %2 min"), number(whole // 3600), number(whole % 3600 // 60))


def number(value: int) -> str:
    """Return a whole number with the separators of the language."""
    return QLocale().toString(value)


def size(count: int) -> str:
    """Return a size in bytes in words: "5.0 MB"."""
    units = (
        (1_000_000_000, translate("words", "%1 GB")),
        (1_000_000, translate("words", "%1 MB")),
        (1_000, translate("words", "%1 KB")),
    )
    for unit, template in units:
        if count >= unit * 0.9995:
            return fill(template, QLocale().toString(count / unit, "f", 1))
    return say("counts.bytes", count)


def token_count(count: int) -> str:
    """Return a number of tokens in words: "431 tokens"."""
    return say("counts.tokens", count)


def amount_of_text(tokens: int) -> str:
    """Return a number of tokens as a length that can be seen: "a few lines", "about half a page"."""
    pages = tokens / tokens_of_a_page()
    if pages < 0.06:
        return translate("words", "a few words")
    if pages < 0.3:
        return translate("words", "a few lines")
    if pages < 0.75:
        return translate("words", "about half a page")
    return say("counts.about_pages", round(pages))


def about_tokens(tokens: int) -> str:
    """Return what a length comes to in tokens, and what these are."""
    page = number(tokens_of_a_page())
    told = translate("words", "%1. A token is a short word or a piece of a long one; a page has about %2.")
    return fill(told, token_count(tokens), page)


def percent(fraction: float) -> str:
    """Return a share from 0 to 1 in words: "40 %"."""
    return fill(translate("words", "%1 %"), number(round(100 * min(1.0, max(0.0, fraction)))))


def share(fraction: float) -> str:
    """Return a share from 0 to 1 in words: "40 %"; it is not nothing or all unless it is: "less than 1 %"."""
    if fraction < 0.005:
        return translate("words", "less than 1 %")
    return translate("words", "more than 99 %") if 0.995 <= fraction < 1 else percent(fraction)


def place_name(place: Place) -> str:
    """Return the name of a place: "On this computer", "Private network (gpu-server)", "Internet (api.example.com)"."""
    match place.kind:
        case PlaceKind.THIS_COMPUTER:
            return translate("words", "On this computer")
        case PlaceKind.PRIVATE_NETWORK:
            return fill(translate("words", "Private network (%1)"), place.host)
        case PlaceKind.INTERNET:
            return fill(translate("words", "Internet (%1)"), place.host)


def place_word(kind: PlaceKind) -> str:
    """Return a kind of place in a word or two."""
    match kind:
        case PlaceKind.THIS_COMPUTER:
            return translate("words", "On this computer")
        case PlaceKind.PRIVATE_NETWORK:
            return translate("words", "Private network")
        case PlaceKind.INTERNET:
            return translate("words", "Internet")


def origin_words(model: str, place: Place | None) -> str:
    """Return which model has answered, and where; empty where neither is known."""
    name = show_invisible(name_of_model(model)) if model else ""
    return " · ".join(filter(None, (name, place_name(place) if place is not None else "")))


def place_sentence(place: Place) -> str:
    """Return a place as a sentence, which is the promise of an empty conversation."""
    match place.kind:
        case PlaceKind.THIS_COMPUTER:
            return translate("words", "What you write stays on this computer.")
        case PlaceKind.PRIVATE_NETWORK:
            return fill(translate("words", "What you write goes to %1 in your private network."), place.host)
        case PlaceKind.INTERNET:
            return fill(translate("words", "What you write goes over the internet to %1."), place.host)


def running(
    phase: ReplyPhase, seconds: float, fraction: float | None = None, files: Sequence[str] = (), pages: int = 0
) -> str:
    """Return the state of a running reply in words.

    `seconds` in this phase, `fraction` read so far (0 to 1) if told, `files` that are read, and the `pages` that
    all of it has.
    """
    from desktop.core.reply import ReplyPhase

    match phase:
        case ReplyPhase.CONNECTING if seconds < _SECONDS_BEFORE_COUNTING:
            return say("reply.connecting")
        case ReplyPhase.CONNECTING | ReplyPhase.WAITING | ReplyPhase.LOADING | ReplyPhase.GETTING_READY:
            return say_each("reply.running", phase, time=duration(seconds))
        case ReplyPhase.READING:
            return _reading(fraction, files, pages)
        case ReplyPhase.THINKING:
            return thinking(seconds)
        case ReplyPhase.ANSWERING:
            return say("reply.answering")
        case _:
            return phase_words(phase)


def _reading(fraction: float | None, files: Sequence[str], pages: int) -> str:
    """Return that a message is read, and which file, since that is what takes the time.

    How far that is, or how long it is where that is not told.
    """
    share = percent(fraction) if fraction is not None else ""
    length = say("counts.about_pages", pages) if pages >= _SEVERAL_PAGES and not share else ""
    match files:
        case [name] if share:
            return fill(translate("words", "Reading %1… %2", "a file, and how much of it"), shown_name(name), share)
        case [name] if length:
            return fill(translate("words", "Reading %1, %2…", "a file, and its pages"), shown_name(name), length)
        case [name]:
            return fill(translate("words", "Reading %1…", "a file"), shown_name(name))
        case [_, *_] if share:
            return fill(translate("words", "Reading your files… %1"), share)
        case [_, *_] if length:
            return fill(translate("words", "Reading your files, %1…", "pages"), length)
        case [_, *_]:
            return translate("words", "Reading your files…")
        case _ if share:
            return fill(translate("words", "Reading your message… %1"), share)
        case _ if length:
            return fill(translate("words", "Reading your message, %1…", "pages"), length)
        case _:
            return translate("words", "Reading your message…")


def phase_words(phase: ReplyPhase) -> str:
    """Return a phase in words without numbers, as a screen reader says it, or how a reply ended."""
    return say_each("reply.phase", phase)


def thinking(seconds: float) -> str:
    """Return the line over a running thought: "Thinking… 12 s"."""
    return fill(translate("words", "Thinking… %1"), duration(seconds))


def thought(seconds: float | None) -> str:
    """Return the line over a finished thought: "Thought for 12 s". None: it is not known how long."""
    if seconds is None:
        return translate("words", "Thought")
    return fill(translate("words", "Thought for %1"), duration(max(1, seconds)))


def size_of_thought(tokens: int, part: float | None = None) -> str:
    """Return how much was thought, for those who ask; `part` of the reply's tokens from 0 to 1, once it is known."""
    if part is None:
        return token_count(tokens) if tokens > 0 else ""
    return fill(translate("words", "Thinking: %1, %2 of this reply"), token_count(tokens), share(part))


def answered_early(early: EarlyAnswer) -> str:
    """Return how an answer was got from unfinished thinking, and if a limit demanded it."""
    if early.by_limit:
        return say_each("reply.limit_reached", early.way)
    return say_each("reply.answered_early", early.way)


def thinking_limit(limit: ThinkingLimit) -> str:
    """Return how long a model may think: "2 min", "4,000 tokens"."""
    if limit.seconds is None:
        return token_count(limit.tokens or 0)
    if limit.seconds % 60 == 0:
        return fill(translate("words", "%1 min"), number(limit.seconds // 60))
    return duration(limit.seconds)


def thinking_mode(mode: ThinkingMode) -> str:
    """Return the name of a choice of the thinking control."""
    return say_each("reply.thinking_mode", mode)


def thinking_mode_explained(mode: ThinkingMode) -> str:
    """Return the effect of a choice as a sentence, for the menu."""
    return say_each("reply.thinking_mode_explained", mode)


def think_first() -> str:
    """Return the name of the thinking control's choice for a model that does not reason by itself."""
    return translate("words", "think first", "thinking")


def think_first_explained() -> str:
    """Return the effect of that choice as a sentence, for the menu."""
    return translate("words", "Think first: it is asked in words to think before it answers")


def prompt_language() -> Language:
    """Return the language that prompts are worded in for this user."""
    from desktop.core.prompts.prompt import Language

    return Language.CHINESE if QLocale().language() is QLocale.Language.Chinese else Language.ENGLISH


def short(name: str) -> str:
    """Return a foreign name in one line: of a long one, the beginning and the end."""
    line = " ".join(name.split())
    if len(line) <= _LONGEST_NAME:
        return line
    return f"{line[: _LONGEST_NAME - _NAME_END]}…{line[-_NAME_END:]}"


def title_of(title: str) -> str:
    """Return a conversation's title on one line, invisible characters shown; words of our own if it has none."""
    return show_invisible(" ".join(title.split())) or translate("conversation_list", "New conversation")


def short_path(path: Path) -> str:
    """Return a path with a short file name; its folders are whole, since a line can be broken between them."""
    return str(path.parent / short(path.name)) if len(path.name) > _LONGEST_NAME else str(path)


def shown_name(name: str) -> str:
    """Return a foreign name as a sentence quotes it: short, invisible characters shown, breakable within."""
    return _LONG_WORD.sub("\\g<0>\u200b", short(show_invisible(name)))


def plain_tooltip(text: str) -> str:
    """Return foreign text for a tooltip: tooltips guess HTML, and HTML can read files. For a widget: `set_tooltip`."""
    # Not `html.escape`, which brings two thousand names of characters along.
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")
    return f"<span>{escaped}</span>" if text else ""


def plain_action(text: str) -> str:
    """Return foreign text for a menu or a button: an ampersand in it is no keyboard shortcut."""
    return text.replace("&", "&&").replace("\t", " ")


def words_in(tokens: float) -> float:
    """Return about how many words so many tokens are; in Chinese, how many characters."""
    is_chinese = QLocale().language() is QLocale.Language.Chinese
    return tokens * (_CHARACTERS_A_TOKEN if is_chinese else _WORDS_A_TOKEN)


def tokens_of_a_page() -> int:
    """Return the tokens by which all pages are told, whatever they are pages of."""
    return page_tokens_in(QLocale().name())
