"""Features by which a line is told to lack a text that it speaks of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from desktop.core.text.features import english_features

# What a request may call the text that it is about.
ENGLISH_TEXT = (
    r"complaints?|e-?mails?|mails?|letters?|messages?|contracts?|agreements?|lease|clauses?|polic(?:y|ies)|tables?|lists?"
    r"|notes?|spreadsheets?|minutes|transcripts?|recordings?|reports?|articles?|documents?|docs?|files?|pdf|texts?|speech"
    r"|paragraphs?|stud(?:y|ies)|papers?|offers?|quotes?|quotations?|bids?|invoices?|statements?|feedback"
    r"|survey|comments|reviews|slides|deck|cvs?|r[ée]sum[ée]s?|drafts?|terms|t&cs|handbook|manual|regulations?|rules"
    r"|guidelines?|instructions|specifications?|specs?|tender|figures|numbers|newsletters?|brochures?|leaflets?|memos?"
    r"|threads?|(?:e-?mail |mail )chain|circulars?|attachments?|price list|rate sheet|nda|warranty|logs?|applications?"
    r"|proposals?|judge?ment|by-?laws?|code of conduct|board pack"
)
_DOCUMENT = re.compile(
    rf"(?:{ENGLISH_TEXT}|certificates?|register|results?|data|sheet|diary|calendar|budget|plan|schedule|rota|timetable"
    r"|bill|receipts?|website|page|section|chapter|column|row|photo|picture|scan|form|questionnaire|presentation|essay"
    r"|thesis|translation|summary|abstract|intro|ending|wording|title|headline|poem|sermon|blog|post|advert|record"
    r"|entries|bookings?|order|prescription|verdict|will|deed)",
)
_OWN = {"the", "this", "that", "these", "those", "my", "our", "your", "his", "her", "their", "its", "both", "attached"}
_POINTS = {"tl", "tldr", "this", "that", "these", "those", "it", "they", "them", "he", "she", "below", "above", "here"}
_WORD_OR_MARK = re.compile(r"[A-Za-z']+|[?.,:;!]")
_ANY = {"a", "an", "any", "some", "no", "every", "each"}


def lacking_features(line: str) -> Sequence[str]:
    """Return the features that tell whether an English line lacks a text.

    Beside the others: pairs and triples in which all texts have one name, as have the words that point at them, and
    all proper names: what the Warren report says is widely known.
    """
    written = _WORD_OR_MARK.findall(line.replace("’", "'"))
    words = [word.lower() for word in written]
    kinds = [_kind_or_name(word, before) for before, word in pairwise([".", *written])]
    found = [f"y{first} {second}" for first, second in pairwise(kinds)]
    found += [f"z{first} {second} {third}" for first, second, third in zip(kinds, kinds[1:], kinds[2:], strict=False)]
    found += [f"k{first} {second}" for first, second in zip(words, words[2:], strict=False)]
    for at, kind in enumerate(kinds):
        if kind == "TEXT":
            before = [each for each in kinds[max(0, at - 3) : at] if each in ("OWN", "ANY")]
            found.append(f"d{before[-1] if before else ''}")
    return tuple(dict.fromkeys((*english_features(line), *found)))


def names_text(line: str) -> bool:
    """Return True if an English line names a text, or has a word that points at something."""
    words = _WORD_OR_MARK.findall(line.lower().replace("’", "'"))
    return any(_kind_of(word) == "TEXT" or word in _POINTS for word in words)


def _kind_or_name(word: str, before: str) -> str:
    """Return the kind of a word as it is written: with a capital it is a name, unless a sentence begins there."""
    kind = _kind_of(word.lower())
    is_name = kind == word.lower() and word[:1].isupper() and (before not in ".?!:" or word[1:2].isupper())
    return "NAME" if is_name and word != "I" and not word.startswith("I'") else kind


def _kind_of(word: str) -> str:
    if word in _OWN or word.endswith("'s"):
        return "OWN"
    if word in _ANY:
        return "ANY"
    return "TEXT" if _DOCUMENT.fullmatch(word) else word
