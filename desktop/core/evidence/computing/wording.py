"""The words by which an answer says that a number is computed, and how: sum, difference, share, a year's worth."""

from __future__ import annotations

import re

from desktop.core.evidence.thing import Thing

_SAYS_COMPUTED = re.compile(
    r"\b(?:total\w*|sum|altogether|together|in all|overall|combined|add\w* up|difference|remain\w*|left|leav\w+|net|"
    r"average|per|more|less|cheaper|dearer|higher|lower|exceed\w*|makes?|comes? to|which is|that is|equals?|twice|half|"
    r"a year|yearly|annual\w*|would|then|with the|so|gain|profit|saves?|saving|apart|rises?|rose|falls?|fell|drops?|"
    r"grows?|grew|increase[sd]?|decrease[sd]?|rate|ratio|share|i\.e|each|times|up|down|miss\w*|short|beat)\b"
    r"|合计|总计|共计|一共|总共|共|总额|相加|之和|差额|相差|剩余|还剩|剩|余下|平均|每|多|少|低|高|计算|超出|节省|净|人均|等于|即|约合"
    r"|还要|自己付|应付|全年|一年|上涨|增长|增加|下降|减少|上升|降低|折合|优惠|结余|占|贵|便宜|原有|原来|推算|相当于|差|满分",
    re.IGNORECASE,
)
_SAYS_HOW_MUCH = re.compile(
    r"\b(?:total|sum|altogether|together|in all|difference|remain\w*|are left|leav\w+|net"
    r"|cheaper|dearer|more|less|passed"
    r"|longer|shorter|heavier|lighter|gain|makes|comes? to|which is|that is|i\.e|equals?|apart"
    r"|(?:rises?|rose|falls?|fell|drops?|grows?|grew|increase[sd]?|decrease[sd]?) (?:by|of))\b|[=≈]"
    r"|合计|总计|共计|一共|总共|共|相差|差额|还剩|剩|余|少|多|低|高|还要|自己付|差|即|贵|便宜|原有|上涨|增长|增加了|下降|减少了|上升|降低",
    re.IGNORECASE,
)
_SAYS_SHARE = re.compile(
    r"\b(?:of|rate|ratio|share|percentage|by|per cent|makes?|increase|decrease|rise|fall|drop|growth|up|down|more|less"
    r"|higher|lower|cheaper)\b|[占比率的为达]|增长|下降|上涨|提高|降低",
    re.IGNORECASE,
)
_SAYS_QUOTIENT = re.compile(
    r"\b(?:per|each|averag\w+|half|halves|quarter\w*|monthly|a (?:year|month|week|day|head)|times|share|rate|ratio"
    r"|divided|split)\b|[平每均折倍半]|相当",
    re.IGNORECASE,
)
_SAYS_SUM = re.compile(
    r"\b(?:total\w*|sum|altogether|together|in all|combined|add\w* up)\b|合计|总计|共计|一共|总共|之和|共",
    re.IGNORECASE,
)
_SAYS_BETWEEN = re.compile(r"\b(?:passed|later|between|from|lasted)\b|历时|相隔|之后|过了", re.IGNORECASE)
_SAYS_YEARLY = re.compile(r"\b(?:a|per|each) year\b|\b(?:yearly|annual(?:ly)?)\b|全年|每年|一年", re.IGNORECASE)
_SAYS_DIFFERENCE = re.compile(
    r"\b(?:more|less|cheaper|dearer|higher|lower|longer|shorter|difference|left|remain\w*|apart)\b"
    r"|[差少多低高剩]|余(?!额)",
    re.IGNORECASE,
)
_LONGEST_SUPPOSED = 120
_SUPPOSES = re.compile(
    r"\b(?:for example|for instance|example|e\.g\.|assum\w+|suppos\w+|say|imagine|hypothetical\w*)"
    r"|例如|举例|比如|假设|假如|假定|设想"
    r"|(?:如果|若)[^，。]{0,8}[为是有]\s?$"
    r"|\bif (?:you|we|the \w+) (?:need|have|has|order|weighs?|are|is|use) (?:about )?$",
    re.IGNORECASE,
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


def says_yearly(words: str) -> bool:
    """Return True for words by which a number is that of a whole year."""
    return _SAYS_YEARLY.search(words) is not None


def says_between(words: str) -> bool:
    """Return True for words by which a number of years lies between two dates."""
    return _SAYS_BETWEEN.search(words) is not None


def is_supposed(text: str, thing: Thing) -> bool:
    """Return True for a round amount that an answer only supposes, to show how something is reckoned."""
    value = re.sub(r"\D", "", thing.value).strip("0")
    start = max(0, thing.start - _LONGEST_SUPPOSED)
    before = re.split(r"[.!?](?=\s)|[。！？\n]", text[start : thing.start])[-1]
    return (
        len(value) <= 2
        and (len(thing.value) > 2 or thing.unit not in ("", "%"))
        and _SUPPOSES.search(before) is not None
    )
