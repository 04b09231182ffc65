"""The check of an answer against what was given: each thing that can be looked up, with what became of it.

By rules alone, without a connection: `RULES` are asked one after another, and the first that knows something tells.
Whether what stands in a file is true is not judged.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from desktop.core.claims.claim import LOOKED_AT, Finding, Kind, Shown, blanked
from desktop.core.claims.finding import figures_in, findings_in, known_names
from desktop.core.claims.numbers import decimal_of, decimal_sign
from desktop.core.evidence.attachment import Match, Said, is_slip, match
from desktop.core.evidence.checked import Calculation, Checked, Evidence, Instead, SourcePlace, Verdict
from desktop.core.evidence.clauses import references_in
from desktop.core.evidence.computed import Formula, comes_to, computed_of, formulas_in, in_words, total_of
from desktop.core.evidence.given import Given, SourceIndex, Standing, bare
from desktop.core.evidence.passages import SENTENCE_END, Contexts, Passage, passages_in, read_in
from desktop.core.evidence.referring import Statement, looked_up, referred, words_of_statement
from desktop.core.evidence.words import words_in
from desktop.core.text.scripts import has_han, squeezed

_SMALL = 12  # numbers up to this, without a unit, are steps and points as often as facts
_SURE, _BET, _LEAD_OF_DATE = 0.3, 1.2, 1.0  # leads of another value
_DOUBT, _LEAD, _SLIGHT_DOUBT = 1.0, 0.5, 0.22
_HALF, _MOST, _NEARLY_ALL, _NEARLY = 0.5, 0.65, 0.7, 0.1  # of the words beside it
_LEAST_DIGITS = 3  # of a code that is looked for
_NAMED = 0.5  # closeness of words that tell which of several files is meant
_MOST_TERMS = 16  # on each side of what may be computed of them
_COUNTED = frozenset("份楼期款票类卷批幢栋辆台套间场")
_FAR = 600  # characters; what stands further away is not of the same sentence
_MOST_ABOVE = 40  # rows or lines above a total
_SENTENCE_END = re.compile(rf"{SENTENCE_END}|\n")
_PART_END = re.compile(rf"{SENTENCE_END}|[;；\n]")
_TERM_END = re.compile(rf"{SENTENCE_END}|[;；\n\t，]|,(?=\s)")
_LEAD_IN = 24  # characters before a reference that lead to it
_FEW_WORDS = 2  # before a reference: "On notice, clause 12 says …"
_CONSTANTS = frozenset(("2", "3", "4", "7", "12", "24", "30", "52", "60", "100", "365", "1000"))
_KNOWN = (Verdict.FOUND, Verdict.COMPUTED, Verdict.FROM_QUESTION)
# What is supposed, proposed, or left over of another: "the remaining three"
_SUPPOSED = re.compile(
    r"\b(?:examples?|e\.g\.|suppos\w+|assum\w+|say|propos\w+|suggest\w*|recommend\w*|instead of"
    r"|without|except|excluding|apart from|remaining|the other|the rest)\b"
    r"|例如|假设|假如|比如|建议|拟定|提议|改为|其余|其他|剩余|剩下|扣除|除了|不含|不计",
    re.IGNORECASE,
)
_ASKED = re.compile(r"\b(?:please|could|would|like|mind|ask|hope)\b|希望|恳请|[请望]|能否|可否", re.IGNORECASE)
_WANTS_NEW = re.compile(
    r"\b(?:propos|suggest|recommend|negotiat|counter|imagin|invent|ideas?\b|example)|建议|提议|方案|谈判|还价|协商|举例",
    re.IGNORECASE,
)
# What is reckoned with a calculation may stand before it ("twice 4,200 + 1,500"), and more of its result behind.
_BELONGS = re.compile(r"\b(?:twice|double|half|each|every|times|of)\b|[√^×/倍半每双]|[-–−+(（]$", re.IGNORECASE)
_GOES_ON = re.compile(r"[^.,;。，；\n\t(（]{0,20}\d|\s?(?:dozen|pairs?|remainder|打|对|余)")
_RESULT = re.compile(r"(?:[=＝≈→]|\b(?:so|thus|i\.e\.|that is|makes))\s?(?:约|(?:about|at) )?$")
_APART = re.compile(r"\s?(?:less|more|higher|lower|cheaper|longer|shorter|above|below|fewer)\b")
_AFFIX = re.compile(r"^[A-Z]+ (?=\S*\d)|(?:先生|女士|老师|教授|博士|医生|经理|总监)$")  # PO 4500071832, 林芷女士
_FIGURE_IN_CODE = re.compile(r"\d[\d.,]+\d")  # of three signs at least: no index, no small count
_SIGNED = re.compile(r"[A-Z][\w'’-]+(?: [A-Z][\w'’-]*\.?){1,3}")  # a name alone on its line


def check(
    answer: Shown, given: Given, question: str = "", earlier: str = "", without: Collection[str] = ()
) -> Evidence:
    """Return the evidence for an answer.

    `question` is the user's last message, in their own words, without material; `earlier`: those before it. `without`:
    the names of rules that are not asked.
    """
    if not given.indexes:
        return Evidence()
    reading = _Reading(answer, given, question, earlier)
    for rule in RULES:
        open_ones = [at for at, each in enumerate(reading.findings) if at not in reading.checked]
        for at in open_ones if rule.name not in without else ():
            told = rule.tell(reading, at) if reading.findings[at].kind in rule.kinds else None
            if told is not None:
                reading.checked[at] = told
    every = tuple(sorted(reading.checked.values(), key=lambda each: (each.start, -each.end)))
    sources = tuple(index.source for index in given.indexes)
    has_code = any(_FIGURE_IN_CODE.search(answer.text, start, end) for start, end in answer.code)
    return Evidence(every, sources, reading.is_whole, answer.blocks, question, has_code)


class _Reading:
    """One answer while it is checked: its findings, where each stands, and what was told so far."""

    def __init__(self, answer: Shown, given: Given, question: str, earlier: str) -> None:
        self.text = answer.text[:LOOKED_AT]
        self.is_whole = answer.is_whole and len(answer.text) <= LOOKED_AT
        self.given = given
        self.question = question
        names = "\n".join(index.source.name for index in given.indexes)
        every_word = f"{earlier}\n\n{names}\n\n{question}"
        self.question_at = len(every_word) - len(question)
        decimal = decimal_sign(self.text, every_word)
        self.passages = passages_in(self.text, are_cells_tabbed=True)
        self._starts = [passage.start for passage in self.passages]
        visible = blanked(answer.text, answer.code)[:LOOKED_AT]
        known = known_names(visible).union(*(index.known_names for index in given.indexes))
        references = references_in(visible, given.dotted)
        findings = findings_in(Shown(self.text, answer.code, answer.links), decimal, known, references)
        self.findings = self._placed(_apart(findings, self._people(visible)))
        self._thing_starts = [each.start for each in self.findings]
        self.said_by_user = figures_in(every_word, decimal)
        self.squeezed_question, self.squeezed_words = squeezed(question), squeezed(every_word)
        self.formulas = formulas_in(self.text, self.findings)
        self.operands = {number.start for each in self.formulas for number in each.numbers}
        self.formula_of = {each.result.start: each for each in self.formulas}
        self.checked: dict[int, Checked] = {}
        self._said: dict[int, Said] = {}
        self._matches: dict[int, Match] = {}
        self._places: dict[int, tuple[SourcePlace, ...]] = {}

    def _placed(self, findings: list[Finding]) -> list[Finding]:
        """Return the findings, those of each passage with what stands above them."""
        placed: dict[int, list[Finding]] = defaultdict(list)
        for each in findings:
            placed[max(0, bisect_right(self._starts, each.start) - 1)].append(each)
        return [each for at, those in placed.items() for each in read_in(self.text, self.passages[at], those)]

    def _people(self, visible: str) -> list[Finding]:
        """Return the people that the answer names: by its own words, and those that the files name."""
        found: list[Finding] = []
        if self.given.people and has_han(visible):
            names = sorted(self.given.people, key=len, reverse=True)
            for found_name in re.finditer("|".join(map(re.escape, names)), visible):
                found.append(Finding(Kind.NAME, found_name[0], found_name.start(), found_name.end(), (found_name[0],)))
        for passage in self.passages:
            words = self.text[passage.start : passage.end]
            if not passage.cells and _SIGNED.fullmatch(words) and self.written(words):
                found.append(Finding(Kind.NAME, words, passage.start, passage.end, (words.lower(),)))
        return found

    def passage_of(self, finding: Finding) -> Passage:
        return self.passages[max(0, bisect_right(self._starts, finding.start) - 1)]

    def indexes_in(self, start: int, end: int) -> range:
        """Return which of the findings stand in a stretch."""
        return range(bisect_left(self._thing_starts, start), bisect_left(self._thing_starts, end))

    def sentence(self, at: int) -> tuple[int, int]:
        """Return where the sentence of a finding begins and ends; of a table it is the row."""
        finding, passage = self.findings[at], self.passage_of(self.findings[at])
        first, last = max(passage.start, finding.start - _FAR), min(passage.end, finding.end + _FAR)
        ends = [each.end() for each in _SENTENCE_END.finditer(self.text, first, finding.start)]
        behind = _SENTENCE_END.search(self.text, finding.end, last)
        return ends[-1] if ends else first, behind.start() if behind else last

    def file_before(self, thing: Finding) -> int | None:
        """Return the file whose name is written before a finding, in its sentence or in brackets behind it."""
        before = self.text[max(0, thing.start - _FAR) : thing.start].lower().rpartition("\n")[2]
        ends = {
            index.number: before.rfind(index.source.name.lower()) for index in self.given.indexes if index.source.name
        }
        last = max(ends.values(), default=-1)
        return next((number for number, end in ends.items() if end == last), None) if last >= 0 else None

    def is_beside_name(self, thing: Finding, source: int) -> bool:
        """Return True if the name of a file is written in the passage of a finding, or there is no other file."""
        passage, name = self.passage_of(thing), self.given.indexes[source].source.name.lower()
        is_named = bool(name) and name in self.text[passage.start : passage.end].lower()
        return is_named or len(self.given.indexes) == 1

    def said(self, at: int) -> Said:
        """Return a finding with the words that it is attached to."""
        if at not in self._said:
            passage = self.passage_of(self.findings[at])
            inside = self.indexes_in(passage.start, passage.end)
            contexts = Contexts(self.text, passage, self.findings[inside.start : inside.stop])
            beside: dict[tuple[Kind, str], list[Said]] = defaultdict(list)
            for which, other in enumerate(inside):
                context = contexts.of(which)
                source = self.given.named_source(context.words, _NAMED)
                self._said[other] = Said(self.findings[other], context, passage, self.text, beside, source)
                for value in bare(self.findings[other]):
                    beside[self.findings[other].kind, value].append(self._said[other])
        return self._said[at]

    def match(self, at: int) -> Match:
        """Return where a finding stands, and what it is attached to there."""
        if at not in self._matches:
            said = self.said(at)
            near = self.given.nearness(said.context.words)
            in_row = bool(said.passage.cells) or said.finding.start in self.operands
            standing = self.given.with_value(said.finding, near, in_row=in_row)
            self._matches[at] = match(said, standing, self.given, near)
        return self._matches[at]

    def places(self, at: int) -> tuple[SourcePlace, ...]:
        """Return the places of a finding, the closest first: of a name or a code also those where it is a part."""
        if at not in self._places:
            finding = self.findings[at]
            indexes = self.given.indexes
            own = tuple(indexes[each.source].place(each.thing.start, each.thing.end) for each in self.match(at).places)
            if finding.kind not in _FIGURES:
                words = finding.value if finding.kind is Kind.ADDRESS else finding.text
                own = (*own, *(place for place in self.written(_AFFIX.sub("", words)) if place not in own))
            self._places[at] = own
        return self._places[at]

    def written(self, words: str) -> tuple[SourcePlace, ...]:
        small = squeezed(words)
        return tuple(
            index.place(*span)
            for index in self.given.indexes
            for span in index.squeezed.places(small, whole_words=True)
        )

    def told(self, at: int, verdict: Verdict, places: tuple[SourcePlace, ...] = (), **more: Any) -> Checked:
        """Return what is told of a finding; `more` as in `Checked`."""
        return Checked.of(self.findings[at], verdict, places, **more)

    def terms(self, others: Sequence[int], at: int) -> list[Finding]:
        """Return those findings that are known: that stand in a file, are the user's, or were computed of such."""
        return [self.findings[other] for other in others if other != at and self.is_known(other)]

    def is_known(self, at: int) -> bool:
        """Return True for what stands in a file, is the user's, was computed of such, or counts months, days, hours."""
        is_told = at in self.checked and self.checked[at].verdict in _KNOWN
        return is_told or (not self.findings[at].unit and self.findings[at].value in _CONSTANTS)


# Each rule tells what it knows of a finding, or None.


def _quotation(reading: _Reading, at: int) -> Checked | None:
    checked = looked_up(reading.findings[at], reading.given.indexes)
    if checked.verdict is not Verdict.FOUND and squeezed(checked.text) in reading.squeezed_words:
        return reading.told(at, _of_user(reading, at) or Verdict.UNCHECKED)
    return checked


def _are_terms_known(reading: _Reading, formula: Formula) -> bool:
    inside = reading.indexes_in(formula.numbers[0].start, formula.numbers[-1].end)
    return all(reading.is_known(other) for other in inside if reading.findings[other].kind is Kind.NUMBER)


def _is_plain(reading: _Reading, formula: Formula) -> bool:
    """Return True for a calculation of one unit and an exact result, to which nothing beside it can belong."""
    units = {number.unit for number in formula.numbers if number.unit not in ("", "%")}
    if formula.is_about or len(units) > 1 or (units and formula.result.unit not in ("", *units)):
        return False
    end = formula.numbers[0].start
    start = max(reading.passage_of(formula.numbers[0]).start, end - _FAR)
    start = max([start, *(each.end() for each in _TERM_END.finditer(reading.text, start, end))])
    belongs = _BELONGS.search(reading.text[start:end].rstrip("(（ ")) is not None
    belongs |= any(reading.findings[at].kind in _FIGURES for at in reading.indexes_in(start, end))
    is_reckoned = any(sign in ("×", "+", "/") for sign in formula.signs)
    return is_reckoned and not belongs and not _GOES_ON.match(reading.text, formula.result.end)


def _swapped(reading: _Reading, at: int) -> Checked | None:
    """The file has it, but another value in the row and column, or beside the words, that it is given to."""
    finding, found = reading.findings[at], reading.match(at)
    if _is_row_named(reading, at):
        return None  # both suit
    is_told = _is_telling(finding) and found.lead >= _BET and found.coverage >= _MOST
    if found.is_rival_in_same_cell:  # in a sentence each of the two is often for a part of what the label names
        passage = reading.passage_of(finding)
        label = reading.text[passage.start : finding.start].rstrip()
        is_label = label.endswith((":", "：")) and found.coverage >= _NEARLY_ALL
        is_told |= found.lead >= _SURE and found.coverage >= _HALF
        is_told &= bool(passage.cells) or is_label
    return _otherwise(reading, at) if found.places and is_told else None


def _another(reading: _Reading, at: int) -> Checked | None:
    """It does not stand in the file; another value stands there instead, or one that is it but for a digit."""
    finding, found = reading.findings[at], reading.match(at)
    is_told = found.is_rival_in_same_cell and found.coverage >= _NEARLY_ALL
    if found.rival is not None and is_slip(finding, found.rival.thing):
        is_told = (
            True
            if finding.kind is Kind.IDENTIFIER
            else found.lead >= _SURE and (finding.unit != "%" or found.coverage >= _HALF)
        )
    if finding.kind is Kind.DATE:
        is_told |= found.lead >= _LEAD_OF_DATE and found.coverage >= _MOST
    is_told &= not found.places and not reading.written(finding.text)
    return _otherwise(reading, at) if is_told else None


def _otherwise(reading: _Reading, at: int) -> Checked | None:
    found, start = reading.match(at), reading.findings[at].start
    is_users = bool(_said_by_user(reading, reading.findings[at]))
    if found.instead is None or is_users or _is_proposed(reading, at):
        return None
    before, behind = reading.text[max(0, start - _LEAD_IN) : start], reading.findings[at].end
    if _RESULT.search(before) or _APART.match(reading.text, behind):
        return None  # it is reckoned
    words = {"stands_as": found.stands_as, "said_as": found.instead.label, "instead": found.instead}
    return reading.told(at, Verdict.ELSEWHERE, reading.places(at), **words)


def _is_telling(finding: Finding) -> bool:
    """Return True for what hardly stands somewhere by chance: a day, or a number with a unit or of three digits."""
    return (finding.kind is Kind.DATE and not _is_month(finding)) or (
        finding.kind is Kind.NUMBER and (finding.unit not in ("", "th") or len(finding.value) >= _LEAST_DIGITS)
    )


def _is_month(finding: Finding) -> bool:
    return finding.value[0] == finding.value[-1] == "?"


def _doubtful(reading: _Reading, at: int) -> Checked | None:
    """The file has it, and another value is much closer to what the answer gives it to."""
    found = reading.match(at)
    finding = reading.findings[at]
    if not reading.places(at) or found.rival is None or _is_row_named(reading, at):
        return None
    is_telling = finding.kind not in _FIGURES or _is_telling(finding)
    if found.lead >= _DOUBT - (_DOUBT - _LEAD) * (found.coverage if is_telling else 0.0):
        return reading.told(at, Verdict.NOT_FOUND, reading.places(at), instead=found.instead)
    least = _LEAD if finding.kind in (Kind.NAME, Kind.DATE) else _SLIGHT_DOUBT
    return reading.told(at, Verdict.UNCHECKED) if found.lead >= least and found.coverage >= _NEARLY else None


def _is_row_named(reading: _Reading, at: int) -> bool:
    """Return True for the first cell of a row, and for a figure of the file's row with the same first cell."""
    found, cells = reading.match(at), reading.said(at).passage.cells
    if not cells or reading.findings[at].end <= cells[0][1]:
        return bool(cells)
    called = squeezed(reading.text[slice(*cells[0])])

    def is_called_so(each: Standing) -> bool:
        text, its_cells = reading.given.indexes[each.source].visible, each.passage.cells
        return bool(its_cells) and squeezed(text[slice(*its_cells[0])]) == called

    return any(map(is_called_so, found.places)) and not (found.rival is not None and is_called_so(found.rival))


def _standing(reading: _Reading, at: int) -> Checked | None:
    places = reading.places(at)
    if not places:
        return None
    return reading.told(at, Verdict.FOUND, places, instead=_of_another_file(reading, at))


def _rounded(reading: _Reading, at: int) -> Checked | None:
    """What stands near the same words comes to it, where it is written less exactly: 61.11万元 for 611,092.16."""
    finding, given, found = reading.findings[at], reading.given, reading.match(at)
    near = given.nearest(given.nearness(reading.said(at).context.words))
    if len(finding.value.strip("-0.").replace(".", "")) < _LEAST_DIGITS:
        near = [found.rival] if found.rival is not None and found.is_rival_in_same_cell else []
    for each in near:
        value = decimal_of(each.thing)
        if value is not None and finding.unit in ("", each.thing.unit) and comes_to(value, finding):
            place = given.indexes[each.source].place(each.thing.start, each.thing.end)
            return reading.told(at, Verdict.FOUND, (place,))
    return None


def _of_another_file(reading: _Reading, at: int) -> Instead | None:
    """Return what another file gives for the very same, if the answer names neither it nor the file that it means."""
    found, said = reading.match(at), reading.said(at)
    if found.rival is None or said.source is not None or found.lead < -_NEARLY * found.closeness:
        return None
    if found.rival.source in {each.source for each in found.places}:
        return None
    values = set(found.rival.thing.values)
    is_named = any(not values.isdisjoint(each.values) for each in reading.findings)
    return None if is_named else found.instead


def _own_words(reading: _Reading, at: int) -> Checked | None:
    """The user's last message has it, value and unit; what they said before is left alone."""
    verdict = _of_user(reading, at)
    return reading.told(at, verdict) if verdict else None


def _of_user(reading: _Reading, at: int) -> Verdict | None:
    """Return what is told of what the user wrote. A bare number may count what theirs does: 45, for 45 guests."""
    finding = reading.findings[at]
    if finding.kind not in _FIGURES:
        small = squeezed(finding.text)
        if small in reading.squeezed_question:
            return Verdict.FROM_QUESTION
        return Verdict.UNCHECKED if small in reading.squeezed_words else None
    same = _said_by_user(reading, finding)
    if any(each.start >= reading.question_at and each.unit == finding.unit for each in same):
        return Verdict.FROM_QUESTION
    return Verdict.UNCHECKED if any(finding.unit in ("", each.unit) for each in same) else None


def _said_by_user(reading: _Reading, finding: Finding) -> list[Finding]:
    values = set(finding.values)
    return [each for each in reading.said_by_user if each.kind is finding.kind and not values.isdisjoint(each.values)]


def _calculation(reading: _Reading, at: int) -> Checked | None:
    """A calculation that is written out, of terms that are known, and comes to it or to something else."""
    formula = reading.formula_of.get(reading.findings[at].start)
    if formula is None or formula.value is None or not _are_terms_known(reading, formula):
        return None
    if not formula.is_right and not _is_plain(reading, formula):
        return None
    verdict = Verdict.COMPUTED if formula.is_right else Verdict.MISCOMPUTED
    return reading.told(at, verdict, calculation=Calculation(formula.shown, in_words(formula.value)))


def _total(reading: _Reading, at: int) -> Checked | None:
    """The total of the column or the list above it."""
    above = _numbers_above(reading, at)
    terms = reading.terms(above, at)
    calculation = total_of(reading.findings[at], terms) if len(terms) == len(above) else None
    return reading.told(at, Verdict.COMPUTED, calculation=calculation) if calculation else None


def _numbers_above(reading: _Reading, at: int) -> list[int]:
    """Return the numbers above one in its column, or those that the lines of its list end with."""
    start = reading.findings[at].start
    number = bisect_right(reading._starts, start) - 1
    passage = reading.passages[number]
    column = bisect_right(passage.cells, (start, 1 << 60)) - 1
    found: list[int] = []
    for row in reversed(reading.passages[max(0, number - _MOST_ABOVE) : number]):
        if passage.cells:
            is_other = row.paragraph != passage.paragraph or not row.header
            span = row.cells[column] if column < len(row.cells) else (0, 0)
        else:
            is_other, span = bool(row.cells) or row.heading != passage.heading, (row.start, row.end)
        numbers = [each for each in reading.indexes_in(*span) if reading.findings[each].kind is Kind.NUMBER]
        if is_other or not (numbers or passage.cells):
            break
        found = [*numbers[-1:], *found]
    return found


def _of_two(reading: _Reading, at: int) -> Checked | None:
    """The sum, the difference, the product, the share of two figures of its sentence or row; days between two dates."""
    inside = reading.indexes_in(*reading.sentence(at))
    terms = reading.terms(range(max(inside.start, at - _MOST_TERMS), min(inside.stop, at + _MOST_TERMS)), at)
    calculation = computed_of(reading.findings[at], terms)
    return reading.told(at, Verdict.COMPUTED, calculation=calculation) if calculation else None


def _is_proposed(reading: _Reading, at: int) -> bool:
    """Return True where the answer supposes something, or proposes it as it was asked to: what is new is expected."""
    start, end = reading.sentence(at)
    if _SUPPOSED.search(reading.text, start, reading.findings[at].start):
        return True
    is_said_so = _SUPPOSED.search(reading.text, start, end) or _ASKED.search(reading.text, start, end)
    return _WANTS_NEW.search(reading.question) is not None and is_said_so is not None


def _small_number(reading: _Reading, at: int) -> Checked | None:
    """A small number that counts nothing named: a step, a point, one of two."""
    finding = reading.findings[at]
    is_small = finding.unit in ("", "th", "person") and finding.value.isdigit() and int(finding.value) <= _SMALL
    if is_small and finding.unit == "" and reading.text[finding.end : finding.end + 1] in _COUNTED:
        return None
    return reading.told(at, Verdict.UNCHECKED) if is_small else None


def _no_name(reading: _Reading, at: int) -> Checked | None:
    """A word that the files write in small letters, too."""
    words, small = reading.findings[at].text, f" {reading.findings[at].text.lower()} "
    is_word = words[0].isupper() and any(small in index.text for index in reading.given.indexes)
    return reading.told(at, Verdict.UNCHECKED) if is_word else None


def _vague_name(reading: _Reading, at: int) -> Checked | None:
    """A single word, one of which the files or the user have each word, or a name in other letters than theirs."""
    words, indexes = reading.findings[at].text, reading.given.indexes
    if any(index.is_chinese == has_han(words) for index in indexes):
        pieces = [squeezed(piece) for piece in re.split(r"[\s-]+", words)]
        known = (piece in reading.squeezed_words or _stands(piece, indexes) for piece in pieces if len(piece) > 2)
        if has_han(words) or (len(pieces) > 1 and not all(known)):
            return None
    return reading.told(at, Verdict.UNCHECKED)


def _stands(word: str, indexes: Sequence[SourceIndex]) -> bool:
    stems = (word, word[:-1]) if len(word) > 4 and word.endswith("s") else (word, word + "s")
    return any(index.squeezed.places(stem, whole_words=True) for index in indexes for stem in stems)


def _reference(reading: _Reading, at: int) -> Checked | None:
    """A clause or a page, which exists or not, and holds what it is given for or not."""
    thing = reading.findings[at]
    source = reading.file_before(thing)
    source = reading.said(at).source if source is None else source
    statements = [_given_for(reading, *span) for span in _statements(reading, thing)]
    telling = [each for each in statements if each.words or each.things] or statements
    told = [referred(thing, each, reading.given, source) for each in telling]
    order = (Verdict.FOUND, Verdict.UNCHECKED, Verdict.NOT_FOUND, Verdict.ELSEWHERE)
    best = min(told, key=lambda each: order.index(each.verdict))
    written = reading.written(thing.text) if best.verdict in (Verdict.UNCHECKED, Verdict.NOT_FOUND) else ()
    # "Table 2", by its very words, where the file has no parts of the kind.
    return replace(best, verdict=Verdict.FOUND, places=written) if written and not best.places else best


def _given_for(reading: _Reading, start: int, end: int) -> Statement:
    within = [
        reading.checked[other]
        for other in reading.indexes_in(start, end)
        if other in reading.checked and reading.findings[other].kind is not Kind.REFERENCE
    ]
    inside = reading.indexes_in(max(0, start - _FAR), end)
    findings = reading.findings[inside.start : inside.stop]
    return Statement(words_of_statement(reading.text, start, end, findings), tuple(within))


def _statements(reading: _Reading, thing: Finding) -> Iterator[tuple[int, int]]:
    """Yield the stretches of the answer that a reference may be given for: what stands before it, and what behind."""
    passage = reading.passage_of(thing)
    start, last = max(passage.start, thing.start - _FAR), min(passage.end, thing.end + _FAR)
    if passage.cells or (passage.label is not None and thing.start < passage.label[1]):
        yield start, last  # the row, or what a line is called by
        return
    for found in _SENTENCE_END.finditer(reading.text, start, thing.start):
        between = reading.text[found.end() : thing.start].strip()
        if between not in ("(", "（"):  # which stand for the sentence before them
            start = found.end()
    ends = _PART_END.search(reading.text, thing.end, last)
    end = ends.start() if ends else last
    said_before = sum(1 for _ in words_in(reading.text, start, thing.start))
    said_before += _FEW_WORDS * len(reading.indexes_in(start, thing.start))
    if said_before >= _FEW_WORDS or not any(words_in(reading.text, thing.end, end)):
        yield start, thing.start
    if said_before < _FEW_WORDS:
        yield thing.end, end


def _not_found(reading: _Reading, at: int) -> Checked | None:
    """It stands nowhere. Something else is told of the file that the answer names beside it, where it counts alike."""
    finding = reading.findings[at]
    found = reading.match(at) if finding.kind is not Kind.QUOTATION else Match()
    is_alike = found.rival is not None and found.rival.thing.unit == finding.unit
    is_of_named = found.rival is not None and reading.is_beside_name(finding, found.rival.source)
    return reading.told(at, Verdict.NOT_FOUND, instead=found.instead if is_alike and is_of_named else None)


_FIGURES = (Kind.NUMBER, Kind.DATE)
_VALUES = (*_FIGURES, Kind.NAME, Kind.IDENTIFIER, Kind.ADDRESS)


@dataclass(frozen=True, slots=True)
class Rule:
    """Rule by its name, for findings of some kinds."""

    name: str
    tell: Callable[[_Reading, int], Checked | None]
    kinds: Collection[Kind] = field(default=_VALUES)


# In the order in which they are asked: each of all findings before the next one.
RULES = (
    Rule("quotation", _quotation, (Kind.QUOTATION,)),
    Rule("no name", _no_name, (Kind.NAME,)),
    Rule("swapped", _swapped),
    Rule("doubtful", _doubtful),
    Rule("standing", _standing),
    Rule("rounded", _rounded, (Kind.NUMBER,)),
    Rule("own words", _own_words),
    Rule("calculation", _calculation, (Kind.NUMBER,)),
    Rule("total", _total, (Kind.NUMBER,)),
    Rule("of two", _of_two, _FIGURES),
    Rule("another value", _another),
    Rule("small number", _small_number, (Kind.NUMBER,)),
    Rule("vague name", _vague_name, (Kind.NAME,)),
    Rule("reference", _reference, (Kind.REFERENCE,)),
    Rule("not found", _not_found),
)


def _apart(findings: list[Finding], people: list[Finding]) -> list[Finding]:
    """Return all in order, the people that are not named among the others already."""
    taken = [(each.start, each.end) for each in findings if each.kind is not Kind.QUOTATION]
    found = list(findings)
    for each in people:
        if not any(each.start < end and start < each.end for start, end in taken):
            found.append(each)
            taken.append((each.start, each.end))
    return sorted(found, key=lambda each: (each.start, -each.end))


def _place(finding: Finding) -> int:
    return finding.start
