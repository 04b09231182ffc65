"""Other words for what a question is about: a model is asked for those that a file which answers it would use."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from desktop.core.text.scripts import is_chinese

MOST_TOKENS: Final = 120  # of the reply
_MOST_WORDS, _LONGEST = 16, 40
_OF_SENTENCE = 4  # spaces of what is no term any more
_BETWEEN = re.compile(r"[,;，；、\n]|(?:^|\s)[-*•·]\s|\d+[.)、]\s*")


def asking_for_words(question: str, languages: Collection[str] = ()) -> str:
    """Return what is asked of a model, in the language of the question: words in those of the files, "en" and "zh"."""
    if is_chinese(question):
        wanted = ("中文和英文" if "zh" in languages else "英文") if "en" in languages else ""
        return (
            "一份能回答下面这个问题的办公文件里，会出现哪些词？请写出最多 12 个词或短语："
            "问题里没有的同义词、这类文件的名称、行业或法律用语。"
            f"只写{wanted}词语，用逗号分隔，不要解释，也不要回答问题。\n\n问题：{question}"
        )
    wanted = (", in English and in Chinese" if "en" in languages else ", in Chinese") if "zh" in languages else ""
    return (
        "Which words would stand in an office document that answers the question below? Name up to 12 words or short "
        "terms that are not in the question: synonyms, what such papers are called, terms of law or trade. Write only "
        f"the words{wanted}, separated by commas; explain nothing, and do not answer the question."
        f"\n\nQuestion: {question}"
    )


def words_in(reply: str) -> tuple[str, ...]:
    """Return the words that a model named; a sentence is none."""
    found = (each.strip(" .。\"'“”*") for each in _BETWEEN.split(reply))
    words = (each for each in found if 1 < len(each) <= _LONGEST and each.count(" ") < _OF_SENTENCE)
    return tuple(dict.fromkeys(words))[:_MOST_WORDS]
