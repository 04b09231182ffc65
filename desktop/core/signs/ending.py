"""Signs in how a reply came and ended: cut off, nothing but thinking, begun again, or getting nowhere.

One that gets nowhere goes round in circles, says an earlier answer once more, or has blanks where words should stand.
Pieces are repeated without an end, from two letters to a paragraph, also in a text that is still growing. Only
letters, digits and the ends of sentences are compared, so that spaces and the numbers of list items make no
difference. Forms and blanks to fill in repeat themselves rightly: no repetition goes on across them.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from desktop.core.claims.claim import Shown
from desktop.core.claims.finding import claims_of
from desktop.core.claims.numbers import decimal_of
from desktop.core.message import MessageStatus, Sign, SignKind, excerpt, tail_excerpt
from desktop.core.reply import ReplyPhase, phase_of
from desktop.core.signs.exchange import LOOKED_AT, Exchange
from desktop.core.text.markdown import open_fence
from desktop.core.text.scripts import HAN, jaccard, squeezed, weight
from desktop.core.text.tokens import estimate_tokens

# What is shorter may be a telegram: "Yes, and" is no sentence that was cut.
_LEAST_SENTENCE = 60
# Words after which something must follow. Those that can end a sentence ("in", "on", "up") are not among them.
_GOES_ON = re.compile(
    r"(?:[\w)\]”\"’'%]\s*[,，、]|(?<![\w-])(?:and|or|but|the|an|because|which|whose|than|if|their|our|your|its|"
    r"such as|as well as|以及|并且|或者|但是|因为|如果|由于|和|与|及|或|根据|对于|关于))$",
    re.IGNORECASE,
)
# With what a mail ends that its sender signs by hand.
_CLOSING = re.compile(
    r"[^\n.!?]{0,30}\b(?:regards|wishes|thanks|greetings|best|cheers|sincerely|faithfully|truly|cordially|grüßen?"
    r"|gruß)"
    r"(?: \w+)?[,，]|(?:此致|敬礼|祝好|顺颂商祺|谢谢|[^\n。，]{0,6}敬上)[,，]",
    re.IGNORECASE,
)
# Something was wanted that may end in the middle.
_ASKS_FOR_BEGINNING = re.compile(
    r"\b(?:first (?:half|part|line|words?)|beginning|opening (?:line|words?)|complete (?:this|the) sentence|fill in|"
    r"salutation|greeting|sentence starters?|phrases?|salutations|list of words)\b|开头|前半|上半|称呼|起句|补全"
    r"|填空",
    re.IGNORECASE,
)

# No vocabulary makes half as few tokens of plain words as are estimated; what is left out is below the price of doubt.
_SHARE = 0.5
_LEAST_MISSING = 600  # tokens: about a page
_ENOUGH = 4.0  # times what was counted: the case is clear
_PIECE = 50_000  # characters that are looked at together
# Characters in a row that are cheap for any vocabulary: spaces, rules of dashes, filling.
_RUNS = re.compile(r"\s{2,}|([^\w\s])\1{2,}|(\w)\2{5,}")


def context_cut(exchange: Exchange) -> Sign | None:
    """Return a sign where the server counted fewer tokens than half of what the messages must be.

    Some servers drop the oldest messages without a word when a conversation outgrows their context. One that has held
    as much before cuts nothing: it counts only what is new.
    """
    usage = exchange.reply.usage
    if usage is None or not usage.prompt_tokens:
        return None
    counted = usage.counted_prompt
    sent = _least_sent(exchange, enough=max(_ENOUGH * (counted + _LEAST_MISSING), exchange.held + _LEAST_MISSING))
    if counted >= sent * _SHARE or sent - counted < _LEAST_MISSING or sent < exchange.held + _LEAST_MISSING:
        return None
    return Sign(SignKind.CONTEXT_CUT, counts=(counted, round(sent)))


def _least_sent(exchange: Exchange, enough: float) -> float:
    """Return the tokens of the messages before the reply; counted backwards, and no further than is enough."""
    sent = 0.0
    texts = exchange.sent if exchange.sent is not None else [said.text for said in exchange.earlier]
    for text in (*reversed(texts), exchange.system):
        for at in range(0, len(text), _PIECE):
            sent += estimate_tokens(_RUNS.sub(" ", text[at : at + _PIECE]))
            if sent >= enough:
                return sent
    return sent


def cut_off(exchange: Exchange) -> Sign | None:
    """Return a sign where it ran into the length limit, or is complete by its server and ends where nothing can end."""
    reply, text = exchange.reply, exchange.reply.text
    if not text.strip():
        return None
    if reply.status is MessageStatus.CUT_OFF:
        return Sign(SignKind.CUT_OFF, answer_limit=exchange.answer_limit)
    if reply.status is not MessageStatus.COMPLETE or weight(text[-1000:]) < _LEAST_SENTENCE:
        return None
    if _ASKS_FOR_BEGINNING.search(exchange.request.own):
        return None
    last_line = text.rstrip().rpartition("\n")[2]
    is_in_code = len(text) <= LOOKED_AT and open_fence(text) is not None
    goes_on = _GOES_ON.search(last_line[-60:]) and not _CLOSING.fullmatch(last_line.strip())
    return Sign(SignKind.CUT_OFF, tail_excerpt(text.rstrip())) if is_in_code or goes_on else None


def began_again(exchange: Exchange) -> Sign | None:
    """Return a sign where the model was to go on with its reply, and wrote it anew."""
    return Sign(SignKind.BEGAN_AGAIN, excerpt(exchange.reply.text)) if exchange.began_again else None


def no_answer(exchange: Exchange) -> Sign | None:
    """Return a sign where it thought, and then said nothing, or nothing that has a letter or a digit."""
    reply, text = exchange.reply, exchange.reply.text
    has_ended = reply.status in (MessageStatus.COMPLETE, MessageStatus.CUT_OFF)
    says_nothing = len(text) < 40 and not re.search(r"[^\W_]|[^\x00-\x7f]", text)
    if phase_of(reply) is ReplyPhase.NO_ANSWER or (has_ended and reply.reasoning.strip() and says_nothing):
        return Sign(SignKind.NO_ANSWER)
    return None


_GRAM = 8  # letters that must be the same before a repetition is followed
_REACH = 4096  # letters: the longest round that is noticed; no more than twice as many are remembered
_ROUNDS, _LEAST_LETTERS = 4, 40
_LONG_ROUND = 150  # nobody says so much three times in a row
_MANY_ROUNDS, _FEWER_LETTERS = 14, 28  # two letters so often are no laughter
_SHORT_VALUE = 12  # letters: "null, null, null"
_LEAST_DIGITS = 400  # that follow each other, as in a fraction
# Code, tables and songs repeat lines for longer, calculations sentences in which the numbers alone are others.
_STRICT_ROUNDS, _STRICT_LEAST, _STRICT_ROUND = 5, 120, 12
_COUNTED_ROUNDS, _LEAST_COUNTED_ROUND, _MOST_NUMBERS = 24, 24, 1 / 8
_GRAM_MASK, _LETTER_BITS = (1 << 21 * _GRAM) - 1, 21
_BETWEEN_VALUES, _SEEN_MARKS = frozenset(",;"), "_,;.!?。！？"
_AFTER_ITEM, _BEFORE_ITEM, _FORM = ".)、）:：", " \t-*>#(（", "□☐▢"


@dataclass(frozen=True, slots=True)
class Loop:
    """First round of a loop, and how long it is, in characters: `text[start : start + length]` is repeated."""

    start: int
    length: int


class LoopDetector:
    """Detector that is fed a text as it grows. A loop that goes on is told once.

    `start` is the position of the first character that will be fed, where the text began before.
    """

    def __init__(self, start: int = 0) -> None:
        self._at = start
        self._exact, self._counted = _Rounds(), _Rounds()
        self._item = ""  # a number at the head of a line, which may be that of a list item
        self._begins_line = True
        self._last = "\n"
        self._fence = ""
        self._is_code = self._is_row = False

    def feed(self, text: str) -> Loop | None:
        """Return the first loop that this piece has made certain."""
        noticed = None
        for sign in text:
            found = self._take(sign)
            noticed = noticed or found
            self._last = sign
            self._at += 1
        return noticed

    def _take(self, sign: str) -> Loop | None:
        if sign == "\n":
            if self._last == "：":
                self._break()
            self._fence, self._item, self._begins_line, self._is_row = "", "", True, False
        elif sign == "`":
            self._fence += sign
            if self._fence == "```":
                self._is_code = not self._is_code
                self._break()
        elif sign == "|":
            self._is_row = True
        elif sign in _FORM or sign == self._last == "_":
            self._break()
        elif not self._begins_line:
            return self._see(sign) if sign.isalnum() or sign in _SEEN_MARKS else None
        elif sign.isdecimal() and len(self._item) < 4:
            self._item += sign
        elif self._item and sign in _AFTER_ITEM:
            self._item, self._begins_line = "", False
        elif sign not in _BEFORE_ITEM:
            self._begins_line = False
            held, self._item = self._item, ""
            return next((loop for each in (*held, sign) if each.isalnum() and (loop := self._see(each))), None)
        return None

    def _break(self) -> None:
        self._exact.forget()
        self._counted.forget()

    def _see(self, letter: str) -> Loop | None:
        exact, counted = self._exact, self._counted
        exact.add(letter, self._at)
        if not (letter.isdecimal() and self._last.isdecimal()):
            counted.add("0" if letter.isdecimal() else letter, self._at)
        is_strict = self._is_code or self._is_row
        if is_strict:
            rounds, least, shortest = _STRICT_ROUNDS, _STRICT_LEAST, _STRICT_ROUND
        else:
            rounds, least, shortest = _ROUNDS, _LEAST_LETTERS, 1
        if found := exact.loop(rounds, least, shortest):
            return found
        is_calm = not is_strict and not exact.was_told
        return counted.loop(_COUNTED_ROUNDS, 0, _LEAST_COUNTED_ROUND, _MOST_NUMBERS) if is_calm else None


class _Rounds:
    """Letters, and how many of the last ones are the same as those one round, `distance` letters, before."""

    def __init__(self) -> None:
        self._letters: list[str] = []
        self._places: list[int] = []
        self._gram = 0
        self._seen: dict[int, int] = {}  # where a gram last ended, counted from the first letter of all
        self._gone = 0  # letters that are no longer remembered
        self._distance = 0
        self._same = 0
        self.was_told = False

    def forget(self) -> None:
        """Begin anew: what follows repeats nothing that was before."""
        self._gone += len(self._letters)
        self._letters, self._places, self._seen = [], [], {}
        self._gram = self._distance = self._same = 0
        self.was_told = False

    def add(self, letter: str, place: int) -> None:
        letters = self._letters
        letters.append(letter)
        self._places.append(place)
        now = self._gone + len(letters)
        self._gram = (self._gram << _LETTER_BITS | ord(letter)) & _GRAM_MASK
        if self._distance and letters[-1 - self._distance] == letter:
            self._same += 1
        else:
            before = self._seen.get(self._gram, 0) if len(letters) > _GRAM else 0
            # A round that begins while another is told is the same loop with a letter amiss.
            self._distance = now - before if before and now - before <= _REACH else 0
            self._same, self.was_told = _GRAM, False
        self._seen[self._gram] = now
        if len(letters) > 3 * _REACH:
            self._gone += _REACH
            del letters[:_REACH], self._places[:_REACH]
            self._seen = {gram: at for gram, at in self._seen.items() if at > self._gone + _GRAM}

    def loop(self, rounds: int, least: int, shortest: int, most_numbers: float = 1.0) -> Loop | None:
        """Return the first round once there are so many, of so many letters in all."""
        distance, together = self._distance, self._same + self._distance
        if distance >= _LONG_ROUND:
            rounds = min(rounds, _ROUNDS - 1)
        if 1 < distance <= _FEWER_LETTERS // _MANY_ROUNDS and least > _FEWER_LETTERS and rounds == _ROUNDS:
            rounds, least = _MANY_ROUNDS, _FEWER_LETTERS
        if self.was_told or distance < max(1, shortest) or together < max(least, rounds * distance):
            return None
        letters = self._letters[-distance:]
        numbers = sum(map(str.isdecimal, letters))
        first = max(0, len(self._places) - together)
        # It begins with a word, not with the end of the sentence before.
        head = self._letters[first : first + min(_GRAM, distance)]
        first += max((at + 1 for at, letter in enumerate(head) if not letter.isalnum()), default=0) % distance
        start = self._places[first]
        are_values = distance <= _SHORT_VALUE and not _BETWEEN_VALUES.isdisjoint(letters) and "." not in letters
        are_digits = "_" not in letters and not any(map(str.isalpha, letters))
        is_one_number = self._places[-1] - start < together and together >= _LEAST_DIGITS
        if numbers > most_numbers * distance or are_values or (are_digits and not is_one_number):
            return None
        self.was_told = True
        return Loop(start, self._places[first + distance] - start)


# A model that does not find its way out ends in its loop. Looked at are so many characters of each side's end.
_LOOPED_AT = 40_000
_MOST_ANSWERS = 40
_COMPARED = 20_000  # characters of each
# "Done, thank you for asking." may be said twice.
_LEAST_WEIGHT = 80
_SAME_REQUEST = 0.6
_LEAST_BLANKS = 3

# Pieces of sentences, rows of tables; of forms and of tables of words lines are the same rightly.
_CLAUSE = re.compile(r"[ \t]*\|[^\n]*|[^.!?;,。！？；，、\n|]+[.!?;,。！？；，、]?")
_LINE_OF_FORM = re.compile(r"[:：_][ \t]*$|^[ \t]*\|[^\d\n]*$", re.MULTILINE)
_CUT_ROW = re.compile(r"\n\|(?:[^|\n]+\|){2,}[ \t]*\n\|[^|\n]*(?:\|[^|\n]*)?\Z")
_LEAST_PIECE = 8  # letters: no values between commas
_AGAIN, _LEAST_AGAIN = 1.25, 120  # times each at the end, and letters in all
_ORDINAL = re.compile(
    r"^\s*(?:第?[一二三四五六七八九十百\d]{1,4}[是则、.)）]|首先|其次|再次|最后|此外|另外|同时"
    r"|(?:first|second|third|fourth|final|last)(?:ly)?\b|moreover|furthermore|in addition)",
    re.IGNORECASE,
)

_WANTS_REPETITION = re.compile(
    r"\b(?:repeat\w*|(?:\d+|two|three|four|five|six|ten|twelve|twenty|fifty|a hundred|many|several) times"
    r"|over and over"
    r"|lorem ipsum|filler|dummy|test data|mantra|numbered|chants?)\b"
    r"|重复|[\d一二三四五六十百两多][遍次]|反复|占位|编号|测试数据|口号",
    re.IGNORECASE,
)
_WANTS_IT_AGAIN = re.compile(
    r"\b(?:again|repeat|once more|same|resend|copy|as it was|complete|full|whole|revert|undo|go back|original|"
    r"previous|paste|continue)\b|再|重复|重新|一样|原样|复制|全文|完整|恢复|撤销|原来|上一版|刚才|继续|还是",
    re.IGNORECASE,
)
_WANTS_NONE = re.compile(
    r"\b(?:no|not an?|without(?: any)?|don['’]t \w+(?: any| an?)?|do not \w+(?: any| an?)?) (?:templates?|placeholders?"
    r"|blanks?|brackets?)|(?:不要|不用|别用?|不是|不留)(?:模板|模版|空白|占位\w*)",
    re.IGNORECASE,
)
_WANTS_BLANKS = re.compile(
    r"\b(?:templates?|placeholders?|blanks?|brackets?|form|forms|boilerplate|skeleton|fill(?:ed)? in|fillable|sample"
    r"|reusable|format|look like|generic|outline|myself|leave [^.]{1,60} open)\b"
    r"|格式|怎么写|模板|模版|范本|范文|样本|空着|留空|空白|占位|填空"
    r"|[去来自己再]填"
    r"|表(?![示明达演现扬])|通用|框架|【|\[",
    re.IGNORECASE,
)
# No task to do, no footnote, no link; a heading in such brackets stands at the head of its line.
_BLANK = re.compile(
    r"\[(?!\d+\]|\.+\]|sic\])([^\[\]\n]{2,60})\](?![(:])|【([^【】\n]{1,30})】|<[A-Z][\w' ]{1,30}>"
    rf"|\{{\{{[\w ]{{2,30}}\}}\}}|(?<=[{HAN}，])_{{3,}}|_{{3,}}(?=[{HAN}])"
    r"|(?<![A-Za-z])X(?:X+|(?=[年月日]))(?![A-Za-z])|×{2,}"
)
_HEADING = re.compile(
    r"^[ \t>*#]*【[^【】\n]{1,30}】(?=[ \t]*\S)|^[ \t>*#]*【[^【】\n]{1,30}】[ \t*]*\n(?=[^\n【])", re.MULTILINE
)


def loop(exchange: Exchange) -> Sign | None:
    """Return a sign where it says the same over and over, in its answer or in its thinking."""
    reply = exchange.reply
    was_wanted = _WANTS_REPETITION.search(exchange.request.own) is not None or _are_copies(exchange)
    for in_thinking, text in ((False, "" if was_wanted else reply.text), (True, reply.reasoning)):
        end = text[-_LOOPED_AT:]
        if found := LoopDetector().feed(end):
            again = end[found.start : found.start + found.length]
            return Sign(SignKind.LOOP, excerpt(again), in_thinking=in_thinking)
    if not was_wanted and (piece := _said_again(exchange.prose)):
        return Sign(SignKind.LOOP, excerpt(piece))
    return None


def _said_again(prose: str) -> str:
    """Return a piece of the end, where all that stands there was said before, in whatever order."""
    if _CUT_ROW.search(prose):  # a table that broke off is no form: its cells should bring something new
        pieces = [cell for cell in re.split(r"[|\n]", prose) if cell.strip()]
    else:
        pieces = [each for each in _CLAUSE.findall(_LINE_OF_FORM.split(prose)[-1]) if weight(each) >= _LEAST_PIECE]
    keys = [squeezed(_ORDINAL.sub("", each)) for each in pieces]
    keys[-1:] = [next((key for key in keys if key.startswith(last)), last) for last in keys[-1:]]  # it may be cut off
    firsts = {key: at for at, key in reversed(tuple(enumerate(keys)))}
    last_new = max(firsts.values(), default=0)
    end = keys[last_new + 1 :]
    is_again = len(end) >= _AGAIN * len(set(end)) and weight("".join(end)) >= _LEAST_AGAIN
    return pieces[last_new + 1].strip() if is_again else ""


def _are_copies(exchange: Exchange) -> bool:
    """Return True if a line of the user's stands there as often as they wanted it."""
    lines = Counter(line.strip() for line in exchange.answer.splitlines() if line.strip())
    ((line, count),) = lines.most_common(1) or [("", 0)]
    own = exchange.request.own
    is_wanted = count > 1 and squeezed(line) in squeezed(own)
    return is_wanted and count in {decimal_of(claim) for claim in claims_of([Shown(own)])[0]}


def unfilled(exchange: Exchange) -> Sign | None:
    """Return a sign for three blanks and more in an answer, where nobody spoke of a template, nor gave one."""
    background = _WANTS_NONE.sub(" ", exchange.background)
    if _WANTS_BLANKS.search(background):
        return None
    found = [blank[0] for blank in _BLANK.finditer(_HEADING.sub("", exchange.prose)) if blank[0] not in background]
    return Sign(SignKind.UNFILLED, excerpt(" ".join(found))) if len(found) >= _LEAST_BLANKS else None


def repeats_earlier(exchange: Exchange) -> Sign | None:
    """Return a sign for the very words of an earlier answer, to another question that did not ask for it."""
    own = exchange.request.own
    text = exchange.reply.text[:_COMPARED]
    if weight(text) < _LEAST_WEIGHT or _WANTS_IT_AGAIN.search(own):
        return None
    for question, said in exchange.turns[:_MOST_ANSWERS]:
        if squeezed(said[:_COMPARED]) == squeezed(text) and not _is_same(question, own):
            return Sign(SignKind.REPEATS_EARLIER, excerpt(text), excerpt(question))
    return None


def _is_same(one: str, other: str) -> bool:
    pairs = [{text[at : at + 2] for at in range(len(text) - 1)} for text in (squeezed(one), squeezed(other))]
    return squeezed(one) == squeezed(other) or jaccard(*pairs) >= _SAME_REQUEST
