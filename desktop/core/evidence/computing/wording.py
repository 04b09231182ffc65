"""The words by which an answer says that a number is computed, and how: sum, difference, share, a year's worth."""

from __future__ import annotations

import re
from dataclasses import dataclass

from desktop.core.evidence.thing import Thing
from desktop.core.text.late_regex import late_regex

_SAYS_COMPUTED = late_regex(
    r"\b(?:total\w*|sum|altogether|together|in all|overall|combined|add\w* up|difference|remain\w*|left|leav\w+"
    r"|net|average|per|more|less|cheaper|dearer|higher|lower|exceed\w*|makes?|comes? to|which is|that is|equals?"
    r"|twice|half|a year|yearly|annual\w*|would|then|with the|so|gain|profit|saves?|saving|apart|rises?|rose"
    r"|falls?|fell|drops?|grows?|grew|increase[sd]?|decrease[sd]?|rate|ratio|share|i\.e|each|times|up|down|miss\w*"
    r"|short|beat)\b|合计|总计|共计|一共|总共|共|相加|之和|差额|相差|剩余|还剩|剩|余下|平均|每|多|少|低|高"
    r"|计算|超出|节省|净|人均|等于|即|约合"
    r"|还要|自己付|应付|全年|一年|上涨|增长|增加|下降|减少|上升|降低|折合|优惠|结余|占|贵|便宜|原有|原来|推算|相当于|差|满分",
    re.IGNORECASE,
)
_SAYS_HOW_MUCH = late_regex(
    r"\b(?:total|sum|altogether|together|in all|difference|remain\w*|are left|leav\w+|net"
    r"|cheaper|dearer|more|less|passed"
    r"|longer|shorter|heavier|lighter|gain|makes|comes? to|which is|that is|i\.e|equals?|apart"
    r"|(?:rises?|rose|falls?|fell|drops?|grows?|grew|increase[sd]?|decrease[sd]?) (?:by|of))\b|[=≈]"
    r"|合计|总计|共计|一共|总共|共|相差|差额|还剩|剩|余|少|多|低|高|还要|自己付|差|即|贵|便宜|原有|上涨|增长|增加了|下降|减少了|上升|降低",
    re.IGNORECASE,
)
_SAYS_SHARE = late_regex(
    r"\b(?:of|rate|ratio|share|percentage|by|per cent|makes?|increase|decrease|rise|fall|drop|growth|up|down|more|less"
    r"|higher|lower|cheaper)\b|[占比率的为达]|增长|下降|上涨|提高|降低",
    re.IGNORECASE,
)
_SAYS_QUOTIENT = late_regex(
    r"\b(?:per|each|averag\w+|half|halves|quarter\w*|monthly|a (?:year|month|week|day|head)|times|share|rate|ratio"
    r"|divided|split)\b|[平每均折倍半]|相当",
    re.IGNORECASE,
)
_SAYS_SUM = late_regex(
    r"\b(?:total\w*|sum|altogether|together|in all|combined|add\w* up)\b|合计|总计|共计|一共|总共|之和|共",
    re.IGNORECASE,
)
_SAYS_DIFFERENCE = late_regex(
    r"\b(?:more|less|cheaper|dearer|higher|lower|longer|shorter|difference|left|remain\w*|apart)\b"
    r"|[差少多低高剩]|余(?!额)",
    re.IGNORECASE,
)
_SAYS_TERM = late_regex(
    r"\b(?:until|till|therefore|thus|hence|i\.e|that is|earliest|latest|by|ends?|so|would|from|before|after|then"
    r"|expires?|deadline|at the end|runs?|renew\w*)\b|即|最迟|最早|因此|也就是|前|后|到期|止|至|截|以前|之前",
    re.IGNORECASE,
)
_SUM = late_regex(
    r"\b(?:total\w*|sum|altogether|together|in all|overall|combined|add\w*|plus|both|gross|makes?|comes?)\b"
    r"|合计|总计|共|总|之和|加|一起|含",
    re.IGNORECASE,
)
_DIFFERENCE = late_regex(
    r"\b(?:difference|remain\w*|left|rest|net|more|less|fewer|cheaper|dearer|higher|lower|longer|shorter|exceed\w*|over"
    r"|gain|profit|saves?|saving\w*|apart|ris(?:es?|en|ing)|rose|f[ae]ll\w*|drop\w*|gr[eo]w\w*|growth|increas\w*"
    r"|decreas\w*|up|down|short\w*|beat|gap|minus|chang\w*|since|deduct\w*|lost|loss|unused|still|only|surplus|ahead"
    r"|behind|above|below|vs|compared|than|other)\b|[+−±Δ]\s?$"
    r"|差|剩|余|多|少|低|高|超|节省|净|增|减|降|升|涨|跌|扣|比|贵|便宜|盈|亏|抵|缺|还|其他|较",
    re.IGNORECASE,
)
_PRODUCT = late_regex(
    r"\b(?:times|each|per|every|for|at|a|would|costs?|comes? to|makes?|yearly|annual\w*|year|altogether|total|in all"
    r"|whole|all|so|i\.e|that is|which is|amounts? to|worth|equals?)\b|[×xX*=]"
    r"|每|各|共|需|费用|总|全|即|合|按|金额|折",
    re.IGNORECASE,
)
_QUOTIENT = late_regex(
    r"\b(?:per|each|every|averag\w+|half|halves|third|quarter\w*|monthly|daily|weekly|hourly|a (?:\w+ )?(?:year|month"
    r"|week|day|head|hour|piece|person|night)|times|share|rate|ratio|divided|split|speed|an? \w+ costs?|on average)\b"
    r"|[平每均折倍半]|相当|单价|时速|人均",
    re.IGNORECASE,
)
_SHARE = late_regex(
    r"\b(?:of|rate|ratio|share|percent\w*|by|per cent|makes?|growth|cover\w*|discount|vat|tax|deduct\w*|chang\w*|vs"
    r"|target|proportion|increas\w*|decreas\w*|ris\w*|rose|f[ae]ll\w*|drop\w*|up|down|more|less|higher|lower|cheaper"
    r"|gross|net|interest|late|penalty|fee|deposit|commission|reach\w*|achiev\w*)\b|[%％]"
    r"|[占比率的为达至]|增|降|涨|提|折|税|息|优惠|违约|定金|扣|完成",
    re.IGNORECASE,
)
_TIME = late_regex(
    r"\b(?:year|annual|yearly|month|monthly|week|weekly|day|daily|hour|hourly|quarter|half|double|twice)\w*\b|km/h"
    r"|[年月周日天时季半双倍]",
    re.IGNORECASE,
)
# Words beside which a number is hardly ever one that a file gives.
_COMPUTED = late_regex(
    r"\b(?:i\.e|(?:that|this)(?: is|'s)|these are|that makes|which (?:is|makes|means|gives|comes)|totals?"
    r"|altogether|together|in all|sum|adds? up|difference|remain\w*|left over|(?:is|are) left|average|averag\w+"
    r"|comes? to|amounts? to|works? out|equals?|covers?|makes? up|account\w* for|saves?|saving\w*|surplus|profit"
    r"|gain|shortfall|gap|growth|more than|cheaper|less than (?:in|the|for)|dearer|(?:longer|shorter|higher"
    r"|lower) than|fewer|apart|times (?:as|more)|twice|therefore|thus|hence|equivalent|ratio|vs|exceed\w*"
    r"|calculat\w+|pays? off|net (?:cost|price|result|amount|profit)s?|speed|still|(?:rise|rises|rose|risen"
    r"|increas\w+|decreas\w+|gr[eo]w\w*|f[ae]ll\w*|drop\w*|chang\w*|up|down)(?: \w+){0,2} (?:by|of)|would (?:cost"
    r"|be|come|go|make|save|pay|have)|rate of|since the|so (?:about|an?|the)|over the (?:whole )?term|(?:costs?"
    r"|pays?|comes?|needs?) (?:about|around|roughly))\b|[=≈±Δ]|[(（]\s?[+−]|[+−]\s?$|合计|总计|共计|一共|总共"
    r"|总(?:额|价|成本|费用|收入|支出)[约为是：:\s共]*$|小计|平均|人均|日均|均价|时速|相差|差额|差距|还差|剩"
    r"|余(?![额款])|结余|盈余|节省|(?<![立随])即(?![将时使])|也就是|相当于|等于|计算|推算|折合|约合|增幅|降幅|涨幅"
    r"|跌幅|(?:增长|增加|上涨|下降|减少|降低)(?![到至为])|占(?![用地位])|超出|多[了出]|少了|低了|高了|高出|贵|便宜"
    r"|还需|还要|还余|还剩|扣除|其余|倍|净|比.{0,12}[多少高低快慢]|每[^，。；\d]{0,16}约|每[^，。；\d]{1,12}[：:]"
    r"|率[：:为是约]"
    r"|共(?=[约\d€£$¥￥]|$)",
    re.IGNORECASE,
)
_REST = late_regex(
    r"\b(?:rest|remain\w*|other\w*|left|balance|else|not|without|instead)\b|其余|其他|剩|余下|另外|未|不"
    r"|没有|差",
    re.IGNORECASE,
)
_RISE = late_regex(
    r"\b(?:increas\w+|ris\w+|rose|gr[eo]w\w*|growth|up|more|higher)\b|增|涨|提高|上升|高|多", re.IGNORECASE
)
_FALL = late_regex(
    r"\b(?:decreas\w+|f[ae]ll\w*|drop\w*|down|less|lower|fewer|cheaper|reduc\w+|declin\w+|cut)\b|[−-]\s?\d"
    r"|减|降|跌|下滑|低|少|便宜",
    re.IGNORECASE,
)
# Behind a number, and as the head of a column.
_COMPUTED_BEHIND = late_regex(
    r"[^.;,]{0,24}\b(?:more|less|fewer|cheaper|dearer|higher|lower|longer|shorter|left|remain\w*|in (?:all|total)"
    r"|altogether|together|on average|apart|of all|(?:of|from) the (?:total|whole|fleet|sum|payment)|times (?:as"
    r"|more))\b"
    r"|[^，。；]{0,6}[倍]",
    re.IGNORECASE,
)
_COMPUTED_HEAD = late_regex(
    r"\W*(?:[+−±Δ]|change|increase|growth|difference|share|per\b|vs\b|total|annual|average|saving"
    r"|增|占比|同比|环比|变化|差|小计|合计|人均)",
    re.IGNORECASE,
)
# Bounds that are set, and hardly come of anything.
_BOUND_BEFORE = late_regex(
    r"\b(?:within|at (?:most|least)|no later than|not more than|m(?:ax|in)imum of|must not exceed|up to)\s?[€£$¥]?$"
    r"|(?:不超过|不少于|至少|最多|最低|最高|不得[低高]于|不低于|不高于|以下|不得超过|连续)[^\d，。；]{0,7}$",
    re.IGNORECASE,
)
_BOUND_BEHIND = late_regex(r"\s?(?:以内|之内|内(?!科))")
_SHARES = late_regex(r"\b(?:makes? up|account\w* for|covers?|shares?|breakdown)\b|占", re.IGNORECASE)
_THAT_IS = late_regex(r"\b(?:i\.e\.|that is|thus|so)[^.;]{0,12}$|即|也就是", re.IGNORECASE)
_ROUGHLY = late_regex(
    r"(?:\b(?:about|around|roughly|approximately|approx\.?|almost|nearly|just (?:under|over)|ca\.|a good"
    r"|some|close to)\s?|[约近]为?|大约|将近|接近|[~≈]\s?)[€£$¥￥]?$",
    re.IGNORECASE,
)
_LONGEST_POSITION = 24
_FOR_EACH = late_regex(r"(?:每\S{0,4}|\b(?:per|each|every) )$")  # each 1 yuan spent
_POSITION = late_regex(
    r"\b(?:months?|weeks?|days?|years?|phases?|stages?|steps?|levels?|lots?|rounds?|no\.|option|scenario)"
    r"[ ](?:\d{1,3}[ ]?(?:[–—-]|to|and)[ ]?)?$|第(?:\d{1,3}\s?(?:[–—~～至到、-])\s?)?$",
    re.IGNORECASE,
)
_LONGEST_SUPPOSED = 120
_SUPPOSES = late_regex(
    r"\b(?:for example|for instance|example|e\.g\.|assum\w+|suppos\w+|say|imagine|hypothetical\w*)"
    r"|例如|举例|比如|假设|假如|假定|设想"
    r"|(?:如果|若)[^，。]{0,8}[为是有]\s?$"
    r"|\bif (?:you|we|the \w+) (?:need|have|has|order|weighs?|are|is|use) (?:about )?$",
    re.IGNORECASE,
)


_RECKONED_BY, _RECKONS = late_regex(r"[按以]\D{0,6}$"), late_regex(r"[^\d，。；\n]{0,6}(?:计算|估算|来算|算|计)")


@dataclass(frozen=True, slots=True)
class Hints:
    """What the words beside a number say of how it came about."""

    is_sum: bool
    is_difference: bool
    is_product: bool
    is_quotient: bool
    is_share: bool
    is_of_time: bool
    is_rest: bool
    is_rise: bool
    is_fall: bool

    @property
    def is_reckoned(self) -> bool:
        """True for words that speak of a sum, a difference or a quotient."""
        return self.is_sum or self.is_difference or self.is_quotient

    @classmethod
    def of(cls, words: str) -> Hints:
        """Return what some words say."""
        rises, falls = _RISE.search(words) is not None, _FALL.search(words) is not None
        return cls(
            is_sum=_SUM.search(words) is not None,
            is_difference=_DIFFERENCE.search(words) is not None,
            is_product=_PRODUCT.search(words) is not None,
            is_quotient=_QUOTIENT.search(words) is not None,
            is_share=_SHARE.search(words) is not None,
            is_of_time=_TIME.search(words) is not None,
            is_rest=_REST.search(words) is not None,
            is_rise=rises and not falls,
            is_fall=falls and not rises,
        )


def is_roughly(before: str) -> bool:
    """Return True if the words before a number say that it is rounded."""
    return _ROUGHLY.search(before) is not None


def says_result(before: str, behind: str = "", head: str = "") -> bool:
    """Return True for words beside which a number is hardly ever one that a file gives; `head`: of its column."""
    return (
        _COMPUTED.search(before) is not None
        or _COMPUTED_BEHIND.match(behind) is not None
        or _COMPUTED_HEAD.match(head) is not None
    )


def says_shares(words: str) -> bool:
    """Return True for words that make all percentages of a sentence shares of one whole."""
    return _SHARES.search(words) is not None


def is_bound(text: str, start: int, end: int) -> bool:
    """Return True for a number that is a bound: within so many days, at most so much."""
    if _THAT_IS.search(text, max(0, start - 24), start):
        return False
    return (
        _BOUND_BEFORE.search(text, max(0, start - 24), start) is not None or _BOUND_BEHIND.match(text, end) is not None
    )


def says_computed(words: str) -> bool:
    """Return True for words beside which most numbers are computed."""
    return _SAYS_COMPUTED.search(words) is not None


def says_how_much(words: str) -> bool:
    """Return True for words by which a small number is the sum or difference of others."""
    return _SAYS_HOW_MUCH.search(words) is not None


def says_difference(words: str) -> bool:
    """Return True for words by which a number is the difference of others."""
    return _SAYS_DIFFERENCE.search(words) is not None


def says_share(words: str) -> bool:
    """Return True for words by which a percentage is the share, or the change, of two numbers."""
    return _SAYS_SHARE.search(words) is not None


def says_quotient(words: str) -> bool:
    """Return True for words by which a number is one divided by another."""
    return _SAYS_QUOTIENT.search(words) is not None


def says_sum(words: str) -> bool:
    """Return True for words by which a number is a sum."""
    return _SAYS_SUM.search(words) is not None


def says_term(words: str) -> bool:
    """Return True for words by which a day is reckoned from another one."""
    return _SAYS_TERM.search(words) is not None


def is_position(text: str, thing: Thing) -> bool:
    """Return True for a number that says which one in a row is meant, months 13–18, or for each one."""
    forms = (_POSITION, _FOR_EACH) if thing.value == "1" else (_POSITION,)
    start = max(0, thing.start - _LONGEST_POSITION)
    return thing.value.isdigit() and any(each.search(text, start, thing.start) for each in forms)


def is_supposed(text: str, thing: Thing) -> bool:
    """Return True for a round amount that an answer only supposes, to show how something is reckoned."""
    value = re.sub(r"\D", "", thing.value).strip("0")
    start = max(0, thing.start - _LONGEST_SUPPOSED)
    before = re.split(r"[.!?](?=\s)|[。！？\n]", text[start : thing.start])[-1]
    if _RECKONED_BY.search(before) and _RECKONS.match(text, thing.end):
        return True
    return (
        len(value) <= 2
        and (len(thing.value) > 2 or thing.unit not in ("", "%"))
        and _SUPPOSES.search(before) is not None
    )
