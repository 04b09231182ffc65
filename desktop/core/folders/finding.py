"""The rules by which passages of a folder are found: the words of a question, and which passages bear on it.

Beginnings of English words and pairs of Chinese signs are compared, never meanings.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from desktop.core.documents.passages import EMPTY_HAN, EMPTY_WORDS
from desktop.core.folders.folder import MOST_PASSAGES, Found, Passage
from desktop.core.text.scripts import HAN, has_han

_STEM = 6  # letters of an English word that are compared
_WORD = re.compile(rf"[{HAN}]+|\d[\d.,:/-]*\d|(?:(?![{HAN}])[^\W_])+")
_MARKS = re.compile(r"[.,:/-]")
# Words of a question that tell what is to be done, not what it is about.
_OF_ORDERS = frozenset(
    re.findall(
        r"\S+",
        """
        look looking check compare difference differences different happen happens happened much often soon still
        information details thing things anything something everything anyone someone anybody time way ways kind sort
        actually currently now today thanks hello hi needs needed wanted we i'm i've us ours yours theirs got getting
        come comes came go goes went take takes took put lets shows gives work works working uses again another others
        same new
        """,
    )
)
_EARLIER = 0.35  # what a word of an earlier question weighs beside one of this
_SHORT = 5  # words of a follow-up, at most, that leans on the question before it
_LEANS = re.compile(
    r"\A\W*(?:and|or|but|so|then|ok|what about|how about)\b"
    r"|\b(?:it|its|that|this|those|they|them|there|one|ones|his|her)\b"
    r"|\A(?:那么?|还有|另外|以及|呢|再|它|他们?|她)|呢[?？]?\Z|[它他她这那](?:[个些家份边里]|的)?",
    re.IGNORECASE,
)
_IN_NAME, _IN_HEADING = 1.6, 1.3  # what a word counts for there
_SATURATION, _LENGTH_SHARE = 1.2, 0.5
_MEAN = 120  # words of a passage
_LEAST_SHARE = 0.3  # of the best score, for what goes along
_LEAST_COVERED = 0.42  # of the weight of the question's words, in the file of the best passage
_OF_FILE_AGAIN = 0.85  # what a further passage of a file counts for beside the one before it
_NEAR = 0.9  # a newer file with so much of the score stands first
_EVERYTHING = re.compile(
    r"\b(?:how many|count|number of) (?:(?!days|months|years|weeks|hours|people|times|percent)\w+ ){0,2}?"
    r"(?:files?|documents?|contracts?|agreements?|leases?|invoices?|offers?|quotes?|reports?|letters?|e-?mails?"
    r"|minutes|suppliers?|customers?|tenants?|policies|projects?)\b"
    r"|\b(?:all|every|each|any) (?:of )?(?:the |our |these |my )?(?:\w+ )?(?:files?|documents?|contracts?|agreements?"
    r"|leases?|invoices?|offers?|reports?|letters?|e-?mails|minutes|suppliers|customers|policies)\b"
    r"|\A\W*(?:please )?(?:summari[sz]e|sum up|list|overview of) (?:everything|all|the (?:whole )?folder|them all)\b"
    r"|\bwhole folder\b"
    r"|(?:所有|全部|每一?[个份封家张]|各[个份家]|一共|总共|共)[^，。？?]{0,6}(?:文件|合同|协议|发票|报价单?|报告|邮件|纪要|供应商|客户|资料|制度)"
    r"|(?:有?多少|几)[个份封家张]?(?:文件|合同|协议|发票|报价单?|报告|邮件|纪要|供应商|客户)|整个文件夹|(?:总结|概括|汇总)(?:一?下)?(?:全部|所有|整个)",
    re.IGNORECASE,
)


def terms_in(text: str) -> list[str]:
    """Return what stands for a text when passages are compared, in its order: stems, numbers, pairs of signs."""
    found: list[str] = []
    for word in _WORD.findall(unicodedata.normalize("NFKC", text).lower()):
        if has_han(word):
            found += [word[at : at + 2] for at in range(len(word) - 1)] or [word]
        elif word[0].isdecimal():
            found.append(_MARKS.sub("", word))
        else:
            found.append(_stem(word))
    return found


def _stem(word: str) -> str:
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    if len(word) > 4 and word.endswith("ie"):
        word = f"{word[:-2]}y"
    return word[:_STEM]


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for: the terms with what each weighs, and the words that they stand for, as they were typed."""

    terms: Mapping[str, float]
    words: Mapping[str, tuple[str, ...]]


def question_of(text: str, before: Sequence[str] = (), words: Sequence[str] = ()) -> Question:
    """Return what is looked for with a question.

    `before`: the questions before it, the newest last, on which a short one leans. `words`: others that a file which
    answers it may use.
    """
    own = _content(text)
    terms = {term: 1.0 for word in own.values() for term in word}
    earlier = list(before)
    while earlier and (len(own) <= _SHORT or _LEANS.search(text)):
        for word in _content(earlier[-1]).values():
            for term in word:
                terms.setdefault(term, _EARLIER)
        if len(_content(earlier.pop())) > 1:
            break
    for each in words:
        for term in terms_in(each):
            terms.setdefault(term, 0.5)
    return Question(terms, own)


def _content(text: str) -> dict[str, tuple[str, ...]]:
    """Return the words of a question that tell what it is about, each with its terms."""
    found: dict[str, tuple[str, ...]] = {}
    for word in _WORD.findall(EMPTY_HAN.sub(" ", unicodedata.normalize("NFKC", text))):
        low = word.lower()
        if low in EMPTY_WORDS or low in _OF_ORDERS or (len(word) < 2 and not word.isdecimal() and not has_han(word)):
            continue
        found.setdefault(word, tuple(terms_in(word)))
    return found


def is_about_everything(text: str) -> bool:
    """Return True for a question on all files, which a few passages cannot answer."""
    return _EVERYTHING.search(text) is not None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Passage with its terms, by where they stand."""

    passage: Passage
    body: Counter[str]
    heading: frozenset[str]
    name: frozenset[str]


def ranked(question: Question, candidates: Iterable[Candidate], holding: Mapping[str, int], of: int) -> list[Passage]:
    """Return the passages that bear on a question, the best first; none where nothing does.

    `holding`: in how many of all `of` passages each term stands.
    """
    rarity = {term: math.log(1 + of / (holding.get(term, 0) + 0.5)) for term in question.terms}
    total = sum(weight * rarity[term] for term, weight in question.terms.items() if weight == 1.0)
    scored: list[tuple[float, float, Passage]] = []
    for each in candidates:
        length = 1 - _LENGTH_SHARE + _LENGTH_SHARE * each.body.total() / _MEAN
        score = covered = 0.0
        for term, weight in question.terms.items():
            count = each.body[term]
            part = count * (_SATURATION + 1) / (count + _SATURATION * length)
            part += _IN_HEADING * (term in each.heading) + _IN_NAME * (term in each.name)
            score += weight * rarity[term] * part
            if part and weight == 1.0:
                covered += rarity[term]
        share = covered / total if total else 0.0
        scored.append((score * (0.25 + share), share, each.passage))
    best = max((score for score, _, _ in scored), default=0.0)
    if max((share for _, share, _ in scored), default=0.0) < _LEAST_COVERED:
        return []
    kept = [(score, passage) for score, _, passage in scored if score >= _LEAST_SHARE * best]
    kept.sort(key=lambda each: -each[0])
    return [replace(passage, score=score) for score, passage in kept]


def chosen(found: Found, room: float, cost: Callable[[Passage], float]) -> tuple[Passage, ...]:
    """Return the passages that are sent: those that fit into `room` tokens, of several files before many of one.

    `cost` gives the tokens of a passage. Those of one file stand together in its order, the file of the best passage
    first, and a newer file before an older one that bears on the question about as much.
    """
    taken: list[Passage] = []
    of_file: Counter[tuple[str, str]] = Counter()
    left = list(found.passages)
    while left and len(taken) < MOST_PASSAGES:
        best = max(left, key=lambda each: each.score * _OF_FILE_AGAIN ** of_file[each.folder, each.file.path])
        left.remove(best)
        price = cost(best)
        if price <= room:
            room -= price
            taken.append(best)
            of_file[best.folder, best.file.path] += 1
    top: dict[tuple[str, str], float] = {}
    for each in taken:
        top.setdefault((each.folder, each.file.path), each.score)
    files = sorted(top, key=lambda each: -top[each])
    changed = {(each.folder, each.file.path): each.file.modified for each in taken}
    for at in range(len(files) - 1):
        one, other = files[at], files[at + 1]
        if changed[other] > changed[one] and top[other] >= _NEAR * top[one]:
            files[at], files[at + 1] = other, one
    order = {file: at for at, file in enumerate(files)}
    return tuple(sorted(taken, key=lambda each: (order[each.folder, each.file.path], each.number)))
