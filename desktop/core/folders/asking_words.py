"""Other words for what a question is about: a model is asked for those that a file which answers it would use."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from desktop.core.text.scripts import is_chinese

MOST_TOKENS: Final = 160  # of the reply
_MOST_WORDS, _LONGEST = 16, 40
_OF_SENTENCE = 4  # spaces of what is no term any more
_BETWEEN = re.compile(r"[,;，；、\n]|(?:^|\s)[-*•·]\s|\d+[.)、]\s*")


def asking_for_words(question: str, languages: Collection[str] = (), before: str = "") -> str:
    """Return what is asked of a model, in the language of the question: words in those of the files, "en" and "zh".

    `before`: the question that this one leans on. Words that many files have find what does not bear on it, so that
    the model is asked for none.
    """
    if is_chinese(question):
        wanted = ("，中文和英文各写一遍" if "zh" in languages else "，用英文") if "en" in languages else ""
        asked = f"前一个问题：{before}\n问题：{question}" if before else f"问题：{question}"
        return (
            "一份能回答下面这个问题的办公文件，标题和条款里会出现哪些词？"
            "请写出最多 12 个问题里没有的词或短语，最能说明问题的在前："
            "这件事在合同、制度、行业或法律里的叫法。不要写许多文件都有的词，如制度、员工、福利、费用、申请。"
            f"只写词语{wanted}，用逗号分隔，不要解释，也不要回答问题。\n\n{asked}"
        )
    wanted = (", each in English and in Chinese" if "en" in languages else ", in Chinese") if "zh" in languages else ""
    asked = f"The question before: {before}\nQuestion: {question}" if before else f"Question: {question}"
    return (
        "Which words would stand in the headings and clauses of an office document that answers the question below? "
        "Name up to 12 words or short terms that are not in the question, the most telling first: what this matter is "
        "called in contracts, rules, law or trade. None that many documents have, such as policy, staff, benefits, "
        f"cost or apply. Write only the words{wanted}, separated by commas; explain nothing, and do not answer the "
        f"question.\n\n{asked}"
    )


def words_in(reply: str) -> tuple[str, ...]:
    """Return the words that a model named; a sentence is none."""
    found = (each.strip(" .。\"'“”*") for each in _BETWEEN.split(reply))
    words = (each for each in found if 1 < len(each) <= _LONGEST and each.count(" ") < _OF_SENTENCE)
    return tuple(dict.fromkeys(words))[:_MOST_WORDS]
