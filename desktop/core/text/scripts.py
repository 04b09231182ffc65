"""The scripts of a text: Chinese characters, those that are written without spaces between words.

What counts as a character is said here alone, as the inside of a class of characters for patterns elsewhere.
"""

from __future__ import annotations

import re

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
