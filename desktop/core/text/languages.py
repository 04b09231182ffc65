"""The language of a text: by its script, and by the small words that are everywhere.

For office texts in a handful of languages; what cannot be told apart from a few words is left open.
"""

from __future__ import annotations

import re

from desktop.core.text.plain_compare import words_of
from desktop.core.text.scripts import count_han, is_chinese

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
