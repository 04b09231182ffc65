"""The rules by which passages of a folder are found and chosen, beyond how they are ranked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from desktop.core.folders.folder import MOST_PASSAGES, Found, Passage
from desktop.core.text.terms import terms_in

_WORD_OF_NAME = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])|_")
LEAST_OF_QUESTION = 0.4  # of the weight of its words, which one passage at least has to have
LEAST_OF_WORDS, LEAST_TO_OFFER = 0.16, 0.1  # the same of words that a model named; for what is sent only if chosen
_OF_FILE_AGAIN = 0.85  # what a further passage of a file counts for beside the one before it
_OF_PARTS_AGAIN = 0.5  # what one counts for that has only such parts of the question as were found before
_LONGEST_PIECE = 8  # signs
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


def terms_in_name(path: str) -> list[str]:
    """Return what stands for the path of a file: "LeaseMillRoad2024_v2.pdf" has words, too."""
    return terms_in(_WORD_OF_NAME.sub(" ", path))


def is_about_everything(text: str) -> bool:
    """Return True for a question on all files, which a few passages cannot answer."""
    return _EVERYTHING.search(text) is not None


def words_within(word: str, files_with: Callable[[str], int]) -> dict[str, int]:
    """Return in how many files each part of a Chinese word stands that stands in none as a whole.

    Nothing tells where its words end: of all ways to take it apart, this is the one that leaves the fewest signs, with
    the fewest parts. What is left is told as well where it may be a word.
    """
    ways: list[tuple[int, int, tuple[tuple[int, int], ...]]] = [(0, 0, ())]
    for end in range(1, len(word) + 1):
        left, parts, taken = ways[-1]
        found = [(left + 1, parts, taken)]
        for start in range(max(0, end - _LONGEST_PIECE), end - 1):
            if files_with(word[start:end]):
                left, parts, taken = ways[start]
                found.append((left, parts + 1, (*taken, (start, end))))
        ways.append(min(found))
    counts: dict[str, int] = {}
    at = 0
    for start, end in (*ways[-1][2], (len(word), len(word))):
        if start - at > 1:
            counts[word[at:start]] = 0
        if end > start:
            counts[word[start:end]] = files_with(word[start:end])
        at = end
    return counts


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
