"""What a text is about, for comparing it: beginnings of English words, whole numbers, pairs of Chinese signs.

Which words of a question tell what is looked for, and which texts say no more than doubt: that an answer is wrong, or
whether the model is sure. Doubt says nothing of its own; what is left without its words is what a message is about.
"""

from __future__ import annotations

import re
import unicodedata

from desktop.core.text.scripts import HAN, count_han, has_han, words_of

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


_LONGEST = 120  # letters: who writes more brings reasons
_WORDS = """
a about absolutely actually again all also am an and another answer any are as ask at be been before believe but by
can cannot catch certain certainly check checked checking come confirm correct could did do does doing done double
doubt down either else error even ever exactly false feel feels figure for from get go going got had has have he
hear heard hello her here him his hard harder hm hmm how huh i if in incorrect into is it its just know let like
look looked looking looks made make makes many maybe me mean mind mistake mistaken more much must my nah no nonsense
nope nor not now of off oh ok okay on once one only or our out over people please possible quite read really right
said same say saying says seem seems seriously she should so some something sorry sound sounds still such sure take
tell than thank thanks that the their them then there these they thing think this those though thought time to too
true truth try uh um untrue up us very wait want was we well were what when where which who why will wish with
wondering would wrong yes you your
dont doesnt didnt isnt wasnt tho good pretty positive dunno feeling sworn somebody weird odd low high few little lot
doubts reading
emm emmm eh kidding way lol told remember guessed haha wow ugh believe hmmm hmmmm"""
_OF_DOUBT = frozenset(_WORDS.split())
_OF_DOUBT_ZH = re.compile(
    "第[一二三四五六七八九十\\d]+[个笔条题项点次句段行]?|真的?假的?|胡说(?:八道)?|胡扯|扯淡|离谱"
    "|[瞎乱骗][说写编猜人我]?|编(?:的|造|出来)|"
    "开什么玩笑|开玩笑|矛盾|自相|前后|依据|出处|谢谢|麻烦|材料|原文|仔细|认真|确[定信认]|肯定|应该|正确|准确"
    "|可[以能]|不至于|"
    "居然|竟然|偏[高低大小多少]|奇?怪|反过来|一直|另一?个|别的|其他|"
    "怎么|什么|为什么|哪[里儿个]|多少|几[个天]?|到底|究竟|刚[才刚]|之前|前面|一开始|答案|回答|说法|搞[错混]"
    "|[算查核检看想数问读写说讲记弄搞认][错对查实过得看算想数清一下]*|"
    "觉得|感觉|印象|好像|似乎|一[下遍次]|会(?!议|计|员|场)"
    "|[的了是不我你您他她它们这那有在就也都还要吧吗呢啊么为对没很再嗯哦呀嘛又太错好请能信]"
)
_MARK = re.compile(
    r"\b(?:wrong|incorrect|mistaken|mistake|error|false|untrue|sure|certain|really|seriously|no|nope|nah|nonsense"
    r"|doubt"
    r"|believe|huh|hm+|not (?:right|correct|true|it)|n['’]t|double)\b|n['’]t\b|不对|不是|错|确定|肯定|真的|假的"
    r"|不信|不会|不可能|怎么"
    r"|不至于|玩笑|矛盾|胡|扯|编|骗|离谱",
    re.IGNORECASE,
)
_ASKS = re.compile(r"[?？]|[吗呢么][。！]*$")
_END = re.compile(r"[.!?。！？，,;；\n]")


def subject_of(text: str) -> set[str]:
    """Return what a text is about: its words, and its pairs of ideographs, without those that doubt is made of.

    What is looked for with a question is in `terms.content_of`, which keeps words of doubt: they may stand in files.
    """
    words = {re.split("['’]", word)[0] for word in words_of(text) if len(word) > 1}
    runs = re.findall(rf"[{HAN}]{{2,}}", _OF_DOUBT_ZH.sub(" ", text))
    stems = {
        re.sub(r"(?:s|ed|ing)$", "", word)
        for word in words
        if word.removesuffix("n") not in _OF_DOUBT and word not in _OF_DOUBT
    }
    return stems | {run[at : at + 2] for run in runs for at in range(len(run) - 1)}


def is_doubt(text: str) -> bool:
    """Return True if a text says no more than that something is wrong, or doubted, or to be looked at again."""
    if len(text) > _LONGEST or not _MARK.search(text) or re.search(r"\d", text) or subject_of(text):
        return False
    return count_han(_OF_DOUBT_ZH.sub("", text)) <= 1  # of what doubt is not made of, a measure word at most


def corrects(text: str) -> bool:
    """Return True if a message says that something is wrong, maybe with what is right, and asks nothing."""
    first = _END.split(text.strip(), maxsplit=1)[0]
    return not _ASKS.search(text) and is_doubt(first)
