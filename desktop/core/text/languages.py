"""The language of a text, and runs of a script in it: by scripts and by the small words that are everywhere.

For office texts in a handful of languages; what cannot be told apart from a few words is left open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from desktop.core.text.late_regex import late_regex
from desktop.core.text.plain_compare import words_of
from desktop.core.text.scripts import HAN, count_han

_SAMPLE = 4_000  # characters
_LEAST_SHARE = 0.12  # of small words among all
_LEAST_FOUND = 3

_SMALL_WORDS = {
    "en": "the of and to in is that for it with as was on are be this by not have from or at which you we what how can",
    "de": "der die das und ist nicht mit ein eine den dem des von zu für auf sich auch es an werden bei wir sie wird",
    "fr": "le la les des et est pas une un dans que qui pour sur avec au du ce ne vous nous il elle sont cette ou",
    "es": "el la los las de y es que en un una por con para no se del al como más su lo son está esta",
}
_WORDS = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}


@dataclass(frozen=True, slots=True)
class Script:
    """Script of a language.

    `is_wordy`: its runs are as long as sentences before they count, since names and terms of it are everywhere.
    """

    name: str
    pattern: re.Pattern[str]
    is_wordy: bool = False

    def size(self, run: str) -> int:
        """Return the length of a run: in Latin words, in ideographs without the digits between, else in characters."""
        match self.name:
            case "latin":
                return len(words_of(run))
            case "han":
                return count_han(run)
        return sum(map(len, run.split()))


SCRIPTS = (
    Script("han", late_regex(f"[{HAN}，。、；：！？“”（）0-9]{{6,}}"), is_wordy=True),
    Script("latin", late_regex("[A-Za-zÀ-ÖØ-öø-ÿ][A-Za-zÀ-ÖØ-öø-ÿ0-9 ,.;:'’()%-]{20,}"), is_wordy=True),
    Script("cyrillic", late_regex("[\u0400-\u04ff]{3,}(?: [\u0400-\u04ff]+)*")),
    Script("hangul", late_regex("[\uac00-\ud7af]{2,}(?: [\uac00-\ud7af]+)*")),
    Script("kana", late_regex("[\u3041-\u30fb]{3,}")),
    Script("arabic", late_regex("[\u0600-\u06ff]{3,}(?: [\u0600-\u06ff]+)*")),
    Script("thai", late_regex("[\u0e00-\u0e7f]{4,}")),
)
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
_BY_SCRIPT = {"cyrillic": "ru", "hangul": "ko", "kana": "ja", "arabic": "ar", "thai": "th"}


def runs_of(script: Script, text: str) -> Iterator[str]:
    """Return the stretches of a text in a script that are longer than a name."""
    return (found[0] for found in script.pattern.finditer(text))


def language_of(text: str) -> str:
    """Return two letters for the language of a text; empty where it is too short or too mixed to tell."""
    sample = text[:_SAMPLE]
    words = words_of(sample)
    for script in SCRIPTS:
        if script.name in _BY_SCRIPT and sum(map(len, runs_of(script, sample))) * 3 > len(sample):
            return _BY_SCRIPT[script.name]
    han = count_han(sample)
    if han >= 4 and han > 2 * len(words):
        return "zh"
    if not words or han * 4 > len(words):
        return ""
    found = {language: sum(word in small for word in words) for language, small in _WORDS.items()}
    best = max(found, key=lambda each: found[each])
    others = max(count for language, count in found.items() if language != best)
    is_clear = found[best] >= _LEAST_FOUND and found[best] >= _LEAST_SHARE * len(words) and found[best] >= 1.5 * others
    return best if is_clear else ""
