"""The rules by which passages of a folder are found: the words of a question, and which passages bear on it.

Beginnings of English words and pairs of Chinese signs are compared, never meanings.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from desktop.core.documents.passages import EMPTY_HAN, EMPTY_WORDS
from desktop.core.folders.folder import MOST_PASSAGES, Found, Passage
from desktop.core.text.scripts import HAN, has_han

_STEM = 6  # letters of an English word that are compared
_WORD = re.compile(rf"[{HAN}]+|\d[\d.,:/-]*\d|(?:(?![{HAN}])[^\W_])+")
_WORD_OF_NAME = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])|_")
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
        same new high large big old far great
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
_IN_NAME, _IN_HEADING, _IN_FILE = 1.6, 1.3, 0.5  # what a word counts for there
_SHARE_OF_FILE = 0.3
_SATURATION, _LENGTH_SHARE = 1.2, 0.5
_MEAN = 120  # words of a passage
_LEAST_SHARE = 0.2  # of the best score, for what goes along
LEAST_OF_QUESTION = 0.4  # of the weight of its words, which one passage at least has to have
LEAST_OF_WORDS, LEAST_TO_OFFER = 0.25, 0.1  # the same of words that a model named; for what is sent only if chosen
_OF_FILE_AGAIN = 0.85  # what a further passage of a file counts for beside the one before it
_OF_PARTS_AGAIN = 0.5  # what one counts for that has only such parts of the question as were found before
_FILES = "files|documents|contracts|agreements|leases"
_PAPERS = f"{_FILES}|invoices|offers|quotes|reports|letters|e-?mails|minutes|suppliers|customers|policies"
_FILES_ZH, _PAPERS_ZH = "文件|文档|资料|合同|协议|租约", "发票|报价单?|报告|邮件|纪要|供应商|客户|制度"
_EVERYTHING = re.compile(
    # How many contracts, which of the leases, in each contract
    rf"\b(?:how many|number of) (?:of (?:the|our|these) )?(?:\S+ )?(?:{_FILES}|invoices|offers|quotes|e-?mails)\b"
    rf"|\bwhich (?:of (?:the|our|my|these) )?(?:\w+ )?(?:contracts|agreements|leases|files)\b"
    rf"|\b(?:of|in|from|for|across|through|compare|summari[sz]e) (?:all|each|every)(?: of)?(?: the| our| my| these)?"
    rf" (?:\w+ )?(?:{_FILES}|contract|agreement|lease|file|document)\b"
    r"|\b(?:each|every) (?:contract|agreement|lease|file|document)\b"
    # Summarise everything, list all suppliers
    r"|\A\W*(?:please )?(?:summari[sz]e|sum up|list|compare|show(?: me)?|go through|give me) "
    rf"(?:everything|them all|all(?: of)?(?: the| our| my| these)? (?:\w+ )?(?:{_PAPERS})\b)"
    r"|\b(?:summar\w+|overview|whole|entire|what(?: is|'s) in)\b.{0,20}\bfolder\b"
    rf"|(?:所有|全部|每一?[个份]|各个?)[^，。？?]{{0,4}}(?:{_FILES_ZH})"
    rf"|(?:列出|总结|概括|汇总|归纳|比较|统计)[^，。？?]{{0,2}}(?:所有|全部|每一?[个份家封张])[^，。？?]{{0,4}}(?:{_PAPERS_ZH})"
    rf"|[有共](?:多少|几)[个份封家张]?[^，。？?]{{0,4}}(?:{_FILES_ZH}|{_PAPERS_ZH})|哪(?:些|几[个份])[^，。？?]{{0,4}}(?:合同|协议|租约)"
    r"|(?:整个|这个|本)文件夹|(?:总结|概括|汇总)(?:一?下)?(?:全部|所有|整个)",
    re.IGNORECASE,
)
_EMPTY_ZH = re.compile("分别|各自|各是|几[天日年月个]|多[久长高大远]|什么时候|何时|一下|应该|需要|必须")


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


def terms_in_name(path: str) -> list[str]:
    """Return what stands for the path of a file: "LeaseMillRoad2024_v2.pdf" has words, too."""
    return terms_in(_WORD_OF_NAME.sub(" ", path))


def _stem(word: str) -> str:
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    if len(word) > 4 and word.endswith("ie"):
        word = f"{word[:-2]}y"
    return word[:_STEM]


@dataclass(frozen=True, slots=True)
class Part:
    """Part of a question: any of these terms stands for it. `weight`: 1 for a word, less for one of a question before.

    Of a Chinese word each sign is a part, by the pairs that it is in, since nothing tells where its words end.
    """

    terms: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for, and the words of it that tell what it is about, as they were typed, with their terms."""

    parts: tuple[Part, ...]
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def terms(self) -> dict[str, float]:
        """The terms that are looked for, each with the weight of its part."""
        return {term: part.weight for part in reversed(self.parts) for term in part.terms}


def question_of(text: str, before: Sequence[str] = ()) -> Question:
    """Return what is looked for with a question; a short one leans on those before it, the newest last."""
    own = _content(text)
    parts = [part for word in own for part in _parts_of(word)]
    earlier = list(before) if leans(text) else []
    while earlier:
        words = _content(earlier.pop())
        known = {part.terms for part in parts}
        weight = _EARLIER if own else 1.0
        parts += [each for word in words for each in _parts_of(word, weight) if each.terms not in known]
        if len(words) > 1:
            break
    return Question(tuple(dict.fromkeys(parts)), own)


def leans(text: str) -> bool:
    """Return True for a question that may be understood only with those before it."""
    return len(_content(text)) <= _SHORT or _LEANS.search(text) is not None


def question_of_words(words: Iterable[str]) -> Question:
    """Return what is looked for with words that a file may use which answers a question."""
    parts = (part for each in words for word in _content(each) for part in _parts_of(word))
    return Question(tuple(dict.fromkeys(parts)))


def _content(text: str) -> dict[str, tuple[str, ...]]:
    """Return the words of a question that tell what it is about, each with its terms."""
    found: dict[str, tuple[str, ...]] = {}
    for word in _WORD.findall(EMPTY_HAN.sub(" ", _EMPTY_ZH.sub(" ", unicodedata.normalize("NFKC", text)))):
        low = word.lower()
        if low in EMPTY_WORDS or low in _OF_ORDERS or (len(word) < 2 and not word.isdecimal() and not has_han(word)):
            continue
        found.setdefault(word, tuple(terms_in(word)))
    return found


def _parts_of(word: str, weight: float = 1.0) -> Iterator[Part]:
    terms = terms_in(word)
    if not has_han(word):
        yield Part(tuple(terms), weight)
        return
    for at in range(len(word)):
        yield Part(tuple(terms[max(0, at - 1) : at + 1]), weight / 2)


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
    file: frozenset[str]  # those of the question that stand anywhere in its file


def rarity_of(question: Question, holding: Mapping[str, int], of: int) -> dict[str, float]:
    """Return what each term of a question tells, by in how many of all `of` passages it stands."""
    return {term: math.log(1 + of / (holding.get(term, 0) + 0.5)) for term in question.terms}


def ranked(
    question: Question, candidates: Iterable[Candidate], rarity: Mapping[str, float], least: float
) -> tuple[list[Passage], float]:
    """Return the passages that bear on a question, the best first, and the share of it that the best of them has.

    There are none where none has the `least` share. `rarity`: of each term, as `rarity_of` says. What stands elsewhere
    in the file counts, since the parties of a contract, say, are named on its first page alone.
    """
    worth = {part: part.weight * min(rarity[term] for term in part.terms) for part in question.parts}
    total = sum(worth.values())
    scored: list[tuple[float, Passage]] = []
    best_share = 0.0
    for each in candidates:
        length = 1 - _LENGTH_SHARE + _LENGTH_SHARE * each.body.total() / _MEAN
        own: set[str] = set()
        score = 0.0
        for term, weight in question.terms.items():
            count = each.body[term]
            part = count * (_SATURATION + 1) / (count + _SATURATION * length)
            part += _IN_HEADING * (term in each.heading) + _IN_NAME * (term in each.name)
            if part:
                own.add(term)
            elif term in each.file:
                part = _IN_FILE
            score += weight * rarity[term] * part
        parts = {part.terms: worth[part] for part in worth if not own.isdisjoint(part.terms)}
        share = sum(parts.values())
        around = sum(worth[part] for part in worth if not each.file.isdisjoint(part.terms)) - share
        share, around = share / total, max(0, around) / total
        best_share = max(best_share, share + _SHARE_OF_FILE * around)
        scored.append((score * (0.25 + share + _IN_FILE * around), replace(each.passage, parts=parts)))
    if best_share < least:
        return [], best_share
    best = max(score for score, _ in scored)
    kept = [(score, passage) for score, passage in scored if score >= _LEAST_SHARE * best]
    kept.sort(key=lambda each: -each[0])
    return [replace(passage, score=score) for score, passage in kept], best_share


def best_of_each(first: Sequence[Passage], second: Sequence[Passage]) -> list[Passage]:
    """Return two rankings as one, in which the best of both have the same score, and each passage its better one."""
    if not first or not second:
        return [*first, *second]
    scale = first[0].score / second[0].score
    found = {(each.file.path, each.number): each for each in first}
    for each in second:
        known = found.get((each.file.path, each.number))
        if known is None or known.score < scale * each.score:
            found[each.file.path, each.number] = replace(each, score=scale * each.score)
    return sorted(found.values(), key=lambda each: -each.score)


def chosen(found: Found, room: float, cost: Callable[[Passage], float]) -> tuple[Passage, ...]:
    """Return the passages that are sent: those that fit into `room` tokens, of several files before many of one.

    What has another part of the question goes before more of the same. `cost` gives the tokens of a passage. Those of
    one file stand together in its order, and the newest file first: what changes another is later than that.
    """
    taken: list[Passage] = []
    of_file: Counter[tuple[str, str]] = Counter()
    had: set[tuple[str, ...]] = set()

    def worth(each: Passage) -> float:
        again = sum(weight for part, weight in each.parts.items() if part in had) / (sum(each.parts.values()) or 1)
        again_of_file = _OF_FILE_AGAIN ** of_file[each.folder, each.file.path]
        return each.score * again_of_file * (1 - (1 - _OF_PARTS_AGAIN) * again)

    left = list(found.passages)
    while left and len(taken) < MOST_PASSAGES:
        best = max(left, key=worth)
        left.remove(best)
        price = cost(best)
        if price <= room:
            room -= price
            taken.append(best)
            of_file[best.folder, best.file.path] += 1
            had.update(best.parts)
    return tuple(sorted(taken, key=lambda each: (-each.file.modified, each.folder, each.file.path, each.number)))
