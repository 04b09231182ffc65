"""The scripts of a text, its language, its sentences in English and Chinese, and what of it counts in a comparison.

What counts as a character is said here alone, as the inside of a class of characters for patterns elsewhere. The
language is told by the script, and by the small words that are everywhere, for office texts in a handful of
languages; what cannot be told apart from a few words is left open. Compared is what remains when case, spaces,
punctuation and marks of Markdown do not count: to find out whether the same was said, word for word, never whether it
means the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# The languages that are named in offices, as alternatives for patterns; in Chinese without the sign for a language.
_NAMES_OF_LANGUAGES = (
    "English Chinese Mandarin German French Spanish Italian Japanese Korean Russian Portuguese Arabic Dutch Polish"
    " Turkish Thai Vietnamese Swedish Danish Czech"
)
LANGUAGES = _NAMES_OF_LANGUAGES.replace(" ", "|")
LANGUAGES_ZH = "英 中 汉 德 法 日 韩 俄 泰 西班牙 葡萄牙 意大利 阿拉伯 荷兰 波兰 越南".replace(" ", "|")
# Chinese characters in use; the rare ones beyond the first plane are left out.
HAN = "\u3400-\u4dbf\u4e00-\u9fff"
# Characters of about the width of two letters: Chinese, Japanese, Korean, with their punctuation.
WIDE = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
# The characters with which nearly all Chinese names of people begin, as the inside of a class.
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文鲁施严华季俞章倪柯翁苗凌冷单邬贝荣聂殷"
    "樊葛牛童阮柳齐尤甘焦耿詹关岳管祝左涂骆解房车卓谷沙桂霍甄佟褚晏臧温庄辛裴屈茅巴老莫欧蒲戚洪颜梅盛刁虞卜穆湛祁狄庞纪舒蓝闵"
    "娄裘缪郁杭吉嵇邢滑荀曲封芮储靳牧仲伊宫仇栾厉祖景池闻翟屠蒙姬冉雍桑尚柴瞿茹艾匡寇沃蔚隆晁敖阚简饶巢荆竺桓"
)
# Words that begin as a name does.
_NO_PEOPLE_WORDS = (
    "单价 单位 单号 方式 方法 方案 方向 方面 金额 温度 高度 安排 安全 时间 时长 程度 成本 成绩 任务 任何 任课 应付"
    " 应收 应用 余额 余款 周期 周一 周二 周三 周四 周五 周六 周日 车型 车位 车间 房租 房型 房号 房产 路线 路程 常用"
    " 常务 毛利 毛重 毛利率 水费 万元 万一 金属 金融 康复 毕业 管理 管理费 管理员 简介 计划 计算 白天 高级 高峰 全部"
    " 全年 关键 关键词 施工 支付 支出 华东 华南 华北 华中 董事 董事长 董事会 江苏 江西 江南 石油 钱款"
)
NO_PEOPLE = frozenset(_NO_PEOPLE_WORDS.split())
_HAN = re.compile(f"[{HAN}]")
_HAN_RUN = re.compile(f"[{HAN}]+")
_AMID_WORD = re.compile(rf"[^\s{HAN}]{{2}}")
_KANA = re.compile("[\u3040-\u30ff]")
_LATIN_WORD = re.compile("[A-Za-z]+")
_PIECE = 16_384  # characters in one go: while a pattern is at work, no other thread is


def count_han(text: str) -> int:
    """Return the number of Chinese characters in a text."""
    return 0 if text.isascii() else len(_HAN.findall(text))


def count_words(text: str) -> int:
    """Return the number of words in a text, where each Chinese character counts as one, as offices count them."""
    edges = range(_PIECE, len(text), _PIECE)
    twice = sum(_AMID_WORD.match(text, edge - 1) is not None for edge in edges)
    return sum(_words_in(text[start : start + _PIECE]) for start in (0, *edges)) - twice


def _words_in(piece: str) -> int:
    if piece.isascii():
        return len(piece.split())
    rest, runs = _HAN_RUN.subn(" ", piece)
    return len(piece) - len(rest) + runs + len(rest.split())


def has_han(text: str) -> bool:
    """Return True if a text has a Chinese character; which language it is in is not said by that."""
    return _HAN.search(text) is not None


def is_chinese(text: str) -> bool:
    """Return True for more Chinese characters than Latin words, and few of the syllables that only Japanese has."""
    han = count_han(text)
    return han > 0 and han > len(_LATIN_WORD.findall(text)) and han > 5 * len(_KANA.findall(text))


_BESIDES = re.compile(r"[\W_]+")
_ASCII_BESIDES = {at: None for at in range(128) if not chr(at).isalnum()}
# Characters at a time: Python lets no other thread run while one pattern goes through a text, nor the window paint.
_PIECE_COMPARED = 50_000
# An ideograph says about as much as three letters.
_WEIGHT_OF_IDEOGRAPH = 3
_WORD = re.compile("[A-Za-zÀ-ÖØ-öø-ÿ0-9][A-Za-zÀ-ÖØ-öø-ÿ0-9'’-]*")


def squeezed(text: str) -> str:
    """Return the letters and digits alone, of one form and case."""
    return "".join(_squeezed(text[at : at + _PIECE_COMPARED]) for at in range(0, len(text), _PIECE_COMPARED))


def _squeezed(piece: str) -> str:
    if piece.isascii():
        return piece.lower().translate(_ASCII_BESIDES)
    piece = unicodedata.normalize("NFKC", piece)
    return _BESIDES.sub("", piece.casefold())


def weight(text: str) -> int:
    """Return how much a text says, in letters."""
    stripped = text.strip()
    return len(stripped) + (_WEIGHT_OF_IDEOGRAPH - 1) * count_han(stripped)


def words_of(text: str) -> list[str]:
    """Return the words of a Latin alphabet, and numbers, in small letters."""
    return [found.casefold() for found in _WORD.findall(text)]


def jaccard(one: set[str], other: set[str]) -> float:
    """Return the part of two sets that they have in common, from 0 to 1."""
    together = one | other
    return len(one & other) / len(together) if together else 0.0


_SAMPLE = 4_000  # characters
_LEAST_SHARE = 0.12  # of small words among all

_ENGLISH_WORDS = re.compile(
    r"\b(?:the|an?|of|to|for|and|in|on|with|my|our|your|this|is|about|from|by|at|please)\b", re.IGNORECASE
)
_OTHER_WORDS = re.compile(
    r"\b(?:der|die|das|und|den|dem|eine?|für|bitte|nicht|ich|ist|wie|zum|zur|auf|le|la|les|des|une|et|pour|ce|cet|cette"
    r"|je|mon|ma|votre|el|los|una|para|por|os|uma|duas|il|di|che|per|gli|questa|questo|een|het|voor|deze|nie|jest)\b",
    re.IGNORECASE,
)
_SMALL_WORDS = {
    "en": "the of and to in is that for it with as was on are be this by not have from or at which you we what how can "
    "a i no but they has will do if so your my me all out up more about when who its their then there",
    "de": "der die das und ist nicht mit ein eine den dem des von zu für auf sich auch es an werden bei wir sie wird",
    "fr": "le la les des et est pas une un dans que qui pour sur avec au du ce ne vous nous il elle sont cette ou",
    "es": "el la los las de y es que en un una por con para no se del al como más su lo son está esta",
    "it": "il la di che e è un una per con non del della si sono gli le da nel alla come più anche questo",
    "pt": "o a os as de e é que em um uma por com para não se do da no na como mais são você está",
    "nl": "de het een en van is dat niet met op te voor zijn in aan ook er als bij naar wordt u deze",
}
_WORDS = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}
# Of scripts that stand for a language; Japanese before Chinese, whose characters it shares.
_BY_SCRIPT = {
    "ja": re.compile("[\u3041-\u30fb]"),
    "ko": re.compile("[\uac00-\ud7af]"),
    "ru": re.compile("[\u0400-\u04ff]"),
    "ar": re.compile("[\u0600-\u06ff]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
}
_LEAST_OF_SCRIPT = 0.2  # of the characters: names in another script are rarer
# How one asks for a language, in that language.
IN_THIS_LANGUAGE = {
    "zh": "请用中文回答。",
    "en": "Please answer in English.",
    "de": "Bitte antworte auf Deutsch.",
    "fr": "Réponds en français, s'il te plaît.",
    "es": "Responde en español, por favor.",
    "ru": "Ответь, пожалуйста, по-русски.",
    "ko": "한국어로 답해 주세요.",
    "ja": "日本語で答えてください。",
    "ar": "أجب باللغة العربية من فضلك.",
    "th": "กรุณาตอบเป็นภาษาไทย",
}


def language_of(text: str, least_found: int = 3) -> str:
    """Return two letters for the language of a text; empty where it is too short or too mixed to tell.

    `least_found`: how many of a language's commonest words must be there, of those that are written in Latin letters.
    """
    sample = text[:_SAMPLE]
    words, han = words_of(sample), count_han(sample)
    if not sample.isascii():
        for language, letters in _BY_SCRIPT.items():
            if len(letters.findall(sample)) > _LEAST_OF_SCRIPT * len(sample):
                return language
    if han >= 4 and han > 2 * len(words):
        return "zh"
    if not words or han * 4 > len(words):
        return ""
    found = {language: sum(word in small for word in words) for language, small in _WORDS.items()}
    best = max(found, key=lambda each: found[each])
    others = max(count for language, count in found.items() if language != best)
    is_clear = found[best] >= max(least_found, _LEAST_SHARE * len(words), 1.5 * others)
    return best if is_clear else ""


def is_english(text: str) -> bool:
    """Return True if English rules may be applied: a Latin text without the small words of other languages."""
    letters = [each for each in text[:2_000] if each.isalpha()]
    if not letters or is_chinese(text) or sum(map(str.isascii, letters)) < 0.9 * len(letters):
        return False
    return len(_OTHER_WORDS.findall(text[:2_000])) <= len(_ENGLISH_WORDS.findall(text[:2_000]))


# A period alone behind these ends no sentence; nor does that of an initial or of a number that begins a line.
_ABBREVIATIONS = (
    *("Dr", "Mr", "Mrs", "Ms", "Prof", "St", "No", "Nr", "Fig", "vs", "cf", "ca", "approx", "bzw"),
    *("e.g", "E.g", "i.e", "I.e", "a.m", "p.m", "z.B"),
)
_ENDS_THERE = re.compile(
    r"(?=[.!?…]{2})|"
    + "".join(rf"(?<!\b{re.escape(each)})" for each in _ABBREVIATIONS)
    + r"(?<!\b[A-HJ-Z])(?<!^\d)(?<!^\d\d)"
)
# Begins with one set of characters, which Python looks for quickly; what stands before is looked at only then. Periods
# within a word are found, too, without the group, so that a row of them is read only once.
SENTENCE_END = re.compile(r"[.!?…。！？](?:(?<=[.!?…])[.!?…]*([\"'”’)]*(?=\s|$))?|(?<=[。！？])[。！？]*[”’」』）]*)")
# Words of somebody else, which stay whole whatever ends within them.
_QUOTED = re.compile(
    r"“[^“”]*”|「[^「」]*」|『[^『』]*』|《[^《》]*》|„[^„“”]*[“”]|«[^«»]*»|(?<!\w)\"[^\"]*\"(?!\w)|（[^（）]*）"
)


def sentences_of(line: str) -> Iterator[str]:
    """Yield a line, cut behind the end of each sentence, but never within a quotation; nothing is left out."""
    begin, at = 0, 1
    quoted = [found.span() for found in _QUOTED.finditer(line)]
    while found := SENTENCE_END.search(line, at):
        at = found.end()
        while quoted and quoted[0][1] < found.end():
            quoted.pop(0)
        if quoted and quoted[0][0] < found.start() and found.end() < quoted[0][1]:
            continue
        if found[0][0] in "。！？" or (found[1] is not None and _ENDS_THERE.match(line, found.start())):
            yield line[begin : found.end()]
            begin, at = found.end(), found.end() + 1
    if begin < len(line):
        yield line[begin:]


def sentences(text: str) -> list[str]:
    """Return the sentences of all lines, in order."""
    return [found for line in text.split("\n") for each in sentences_of(line) if (found := each.strip())]
