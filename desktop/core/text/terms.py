"""What stands for a text when it is compared: beginnings of English words, whole numbers, pairs of Chinese signs.

And which words of a question tell what it is about.
"""

from __future__ import annotations

import re
import unicodedata

from desktop.core.text.scripts import HAN, has_han

# Words of a question that tell nothing of what it is about.
EMPTY_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
        a about above after all also an and any are as ask at be been before being between both but by can could did do
        does doing each every explain find for from get give given go had has have having he her here him his how i if
        in into is it its itself just know let list long make many may me mean means more most much must my name need no
        nor not of on once one only or other our out over own page pages please question read say says see shall she
        should show so some such sum summarise summarize tell text than that the their them then there these they this
        those to under up us use very want was we were what when where which while who whom whose why will with within
        would you your document file contract according following
        """,
    )
)
EMPTY_HAN = re.compile(
    r"请问?|帮我|告诉我?|一下|这份|这个|那个|哪些|哪个|哪里|什么|怎么样?|怎样|如何|为什么|多少|是否|有没有|可以|能否|根据|文件|文档|其中|以及|或者"
    r"|(?<![所持拥国公私])有|(?<=所)有(?![人权者])|[的了吗呢吧啊是在和与及或也都就被把对从到给让我你他她它们这那些个]"
)
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
        same new high large big old far great table tables tabular bullets
        """,
    )
)
_EMPTY_ZH = re.compile(
    "(?:(?<![所持拥国公私])有|没有?)人(?![员民身])|的话(?![题费术语])"  # 所有人, 有人身损害, 的话题 are words
    "|分别|各自|各是|几[天日年月个点]|多[久长高大远]|什么时候|何时|一下|应该|需要|必须|没有|怎么办"
    "|[之以][内前后]得?|(?:列|做|整理|改|写)成(?:一?[个张份])?(?:表格?|列表|清单)|用表格"
)
_INSIDE = re.compile(rf"(?<=[{HAN}]{{2}})(?<!公)里面?$")


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


def content_of(text: str) -> dict[str, tuple[str, ...]]:
    """Return the words of a question that tell what it is about, each with its terms."""
    found: dict[str, tuple[str, ...]] = {}
    for word in _WORD.findall(EMPTY_HAN.sub(" ", _EMPTY_ZH.sub(" ", unicodedata.normalize("NFKC", text)))):
        word = _INSIDE.sub("", word)
        low = word.lower()
        if low in EMPTY_WORDS or low in _OF_ORDERS or (len(word) < 2 and not word.isdecimal() and not has_han(word)):
            continue
        found.setdefault(word, tuple(terms_in(word)))
    return found
