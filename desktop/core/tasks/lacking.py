"""What a request speaks of and does not bring along: the mail that is to be answered, the contract it asks about.

How far a request lacks something is learned from such requests (`core/text/weights.py`), as its task is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Final

from desktop.core.prompts.pasted import begins_with_order
from desktop.core.resources import resource_path
from desktop.core.tasks.kinds import OfficeTask
from desktop.core.tasks.office import OfficeLanguage, recognised_task
from desktop.core.text.scripts import IN_THIS_LANGUAGE, LANGUAGES, LANGUAGES_ZH, count_han, is_chinese, is_english
from desktop.core.text.terms import subject_of
from desktop.core.text.weights import LearnedWeights, chinese_features, english_features

# What a request may call the text that it is about, and what else may be the matter of one.
_NAMES_OF_TEXTS = (
    "complaint|email|e-mail|mail|letter|message|contract|agreement|lease|clause|policy|policies|table|list|note"
    "|spreadsheet|minutes|transcript|recording|report|article|document|doc|file|pdf|text|speech|paragraph|study|studies"
    "|paper|offer|quote|quotation|bid|invoice|statement|feedback|survey|comments|reviews|slides|deck|cv|resume|résumé"
    "|draft|terms|t&cs|handbook|manual|regulation|rules|guideline|instructions|specification|spec|tender|figures|numbers"
    "|newsletter|brochure|leaflet|memo|thread|mail chain|email chain|circular|attachment|price list|rate sheet|nda"
    "|warranty|log|application|proposal|judgement|judgment|by-law|bylaw|code of conduct|board pack"
)
_ENGLISH_TEXT = f"(?:{_NAMES_OF_TEXTS})s?"
_OTHER_NAMES = (
    "certificate|register|result|data|sheet|diary|calendar|budget|plan|schedule|rota|timetable|bill|receipt|website|page"
    "|section|chapter|column|row|photo|picture|scan|form|questionnaire|presentation|essay|thesis|translation|summary"
    "|abstract|intro|ending|wording|title|headline|poem|sermon|blog|post|advert|record|entries|booking|order"
    "|prescription|verdict|will|deed"
)
_DOCUMENT = re.compile(rf"(?:{_NAMES_OF_TEXTS}|{_OTHER_NAMES})s?")
_OWN = {"the", "this", "that", "these", "those", "my", "our", "your", "his", "her", "their", "its", "both", "attached"}
_POINTS = {"tl", "tldr", "this", "that", "these", "those", "it", "they", "them", "he", "she", "below", "above", "here"}
_WORD_OR_MARK = re.compile(r"[A-Za-z']+|[?.,:;!]")
_ANY = {"a", "an", "any", "some", "no", "every", "each"}


def _lacking_features(line: str) -> Sequence[str]:
    """Return the features that tell whether an English line lacks a text.

    Beside the others: pairs and triples in which all texts have one name, as have the words that point at them, and
    all proper names: what the Warren report says is widely known.
    """
    written = _WORD_OR_MARK.findall(line.replace("’", "'"))
    words = [word.lower() for word in written]
    kinds = [_kind_or_name(word, before) for before, word in pairwise([".", *written])]
    found = [f"y{first} {second}" for first, second in pairwise(kinds)]
    found += [f"z{first} {second} {third}" for first, second, third in zip(kinds, kinds[1:], kinds[2:], strict=False)]
    found += [f"k{first} {second}" for first, second in zip(words, words[2:], strict=False)]
    for at, kind in enumerate(kinds):
        if kind == "TEXT":
            before = [each for each in kinds[max(0, at - 3) : at] if each in ("OWN", "ANY")]
            found.append(f"d{before[-1] if before else ''}")
    return tuple(dict.fromkeys((*english_features(line), *found)))


def _names_text(line: str) -> bool:
    """Return True if an English line names a text, or has a word that points at something."""
    words = _WORD_OR_MARK.findall(line.lower().replace("’", "'"))
    return any(_kind_of(word) == "TEXT" or word in _POINTS for word in words)


def _kind_or_name(word: str, before: str) -> str:
    """Return the kind of a word as it is written: with a capital it is a name, unless a sentence begins there."""
    kind = _kind_of(word.lower())
    is_name = kind == word.lower() and word[:1].isupper() and (before not in ".?!:" or word[1:2].isupper())
    return "NAME" if is_name and word != "I" and not word.startswith("I'") else kind


def _kind_of(word: str) -> str:
    if word in _OWN or word.endswith("'s"):
        return "OWN"
    if word in _ANY:
        return "ANY"
    return "TEXT" if _DOCUMENT.fullmatch(word) else word


_LONGEST: Final = 360  # characters, a Chinese one counting three times; a longer request may bring what it speaks of
LIKELY, _SURE = 0.5, 0.6
LACKING_FEATURES: Final = {OfficeLanguage.ENGLISH: _lacking_features, OfficeLanguage.CHINESE: chinese_features}
_BRINGS_ITS_TEXT = re.compile(
    r"[:：]\s{0,8}(?:\S.{8}|(?!要|语气|口气|字数|请|不|别|用)[\u4e00-\u9fff]{5})"
    r"|\n\s{0,8}\S.{20}",
    re.DOTALL,
)
_COLON: Final = re.compile(r"[:：](?<!\d:)\s*(?=\S)")
_FIGURES: Final = ("", "figures", "numbers")  # what stands behind a colon can be these, as can one word, or a few
# What a request may call the text that it is about.
_CHINESE_TEXT = (
    "投诉信?|差评|来信|来函|邮件|短信|消息|聊天记录|合同|协议|条款|政策|制度|规定|规章|规则|办法|手册|说明书|报价单|价格表|发票"
    "|账单|对账单|流水|清单|名单|会议记录|记录|会议纪要|纪要|笔记|录音|报告|文章|稿子?|讲话稿?|初稿|草稿|文案|文档|文件|材料|资料"
    "|简历|通知|公告|反馈|意见|问卷|评论|留言|方案|标书|申请书?|论文|摘要|周报|月报|章程|公文|附录|白皮书|招股书"
)
_CHINESE_POINTS = re.compile(f"[这那它原我咱俺表单图文稿函书信证册守志录案]|附件|[上下]面|{_CHINESE_TEXT}")
_ENGLISH_NAMED = re.compile(
    r"\b(?:(?P<own>the|this|that|these|those|both|our|my|their|his|her|its|your|attached|enclosed|following|from|in)"
    rf" (?:(?!(?:and|or|to|for|that|of|in|on|a|an)\b)[\w'’&-]+ ){{0,3}}?)?(?P<text>{_ENGLISH_TEXT})\b",
    re.IGNORECASE,
)
_CHINESE_NAMED = re.compile(
    rf"(?P<own>(?:这|该|本|上述|下面|以下|下列|我们?|公司|从|根据|按照?|把)[^，。！？,\n]{{0,8}}?)?(?P<text>{_CHINESE_TEXT})"
)

# What offers a text, or help: a clause of its own that says nothing of the task.
_OFFERING = (
    r"(?:i(?:['’]ll| will| can| could)|happy to|shall i|(?:do you )?want me to)\b[^.!?,\n]{0,40}?"
    r"\b(?:paste\b|(?:send|give|show) you(?: (?:it|them|the|that|those|my|all|more|a copy)\b|(?= *[.!?,\n])|\Z)"
    r")[^.!?,\n]{0,40}"
    r"|(?:具体|情况|材料|内容|原[文稿]|全文|文[字章]|记录|录音|稿子|有?需要|要不?要?|的话|等下|稍后|待?会儿?|一会儿?|马上|我|可以|再|先"
    r"|就|也|都|把|这)*[发贴传][给到]?(?:[你您](?:看看?)?|[上过出]来)(?:了|吧|行吗)?"
)
_OFFERS = re.compile(
    rf"[,，;；]\s*(?:{_OFFERING})(?=[,.!?，。！？\n]|\Z)"
    rf"|(?:\A|(?<=[.!?。！？…\n])|(?<=[.!?] ))(?:{_OFFERING})(?:[,，](?:{_OFFERING}))*"
    r"(?:[.!?。！？]+|[,，]\s*(?:and |then |so )?|(?=\n)|\Z)[ \t]*",
    re.IGNORECASE,
)
_NO_MORE = re.compile(
    r"\A(?:nothing (?:else|more)|that['’]?s (?:all|it)"
    r"|没有?(?:别的|其他|什么)的?(?:要求|需要)?了?)"
    r"(?:[,，.。;；!！]\s*|\Z)|(?:(?<=[.!?。！？])|[,，\n])\s*"
    r"(?:(?:many )?(?:thanks|thank you)(?: a lot| so much| in advance)?|(?:谢谢|麻烦)[你您]?了?)[!.！。]*\s*\Z",
    re.IGNORECASE,
)
# What only refers back to what was written: a clause of its own.
_REFERS = re.compile(
    r"(?:\A|(?<=[,.;，。；\n]))(?P<gap>\s*)(?:"
    r"(?:(?:that['’]?s|it['’]?s|just|only|all|exactly|simply) )*(?:as|like|what|(?:(?:all )?(?:the|those|these) \w+))"
    r" (?:i|we)(?:['’]ve)? (?:already )?(?:wrote|written|said|told you|listed|gave you|mentioned)"
    r"(?: (?:above|before|already))?"
    r"|(?:(?:it['’]?s|just|all|as|see|is) )+(?:above|in there|up there)(?: already)?"
    r"|[就都]?(?:(?:按照?|照着?|像|如)我?|我)(?:刚才|上面|前面|之前)?[写说讲列]的(?:那(?:些|样|几[列项条个]))?(?:来|做|办|就行|就好|就可以|即可)?了?"
    r")"
    r"[ \t]*(?:[,.;，。；!！]\s*|(?=\n)|\Z)",
    re.IGNORECASE,
)

_ON_A_TEXT = (OfficeTask.TRANSLATE, OfficeTask.REWRITE, OfficeTask.SUMMARISE, OfficeTask.MAKE_TABLE, OfficeTask.EXPLAIN)
# What is said of the form of an answer, and tells nothing of what it is about.
_NUMBERS = r"one|two|three|four|five|six|seven|eight|nine|ten|\d+"
_FORM = re.compile(
    r"\b(?:translate|rewrite|reword|rephrase|paraphrase|shorten|lengthen|expand|condense|summari[sz]e|sum|explain"
    r"|proofread|fix|polish|improve|simplify|format|put|turn|list|continue|keep|spelling|grammar|punctuation|tone"
    r"|short(?:er)?|long(?:er)?|half|twice|simpl[ey]r?|plain(?:er)?|clear(?:er)?|brief(?:er|ly)?|concise(?:ly)?"
    r"|detail(?:s|ed)?|(?:in)?formal(?:ly)?|polite(?:r|ly)?|friendl(?:y|ier)|bit|less|bullets?|bulleted|numbered"
    r"|(?:more|less) (?:casual|direct|elegant|exact|factual|matter-of-fact|natural|neutral|official|personal|precise"
    r"|professional|readable|relaxed|serious|specific|technical|vivid|warm)"
    # "Two lines" are of the form, "line 7" and "columns B and C" of what it is about.
    rf"|(?:(?:{_NUMBERS})[ -](?:bullet )?)?(?:points?|sentences?|words?|paragraphs?|lines?|columns?)"
    rf"(?! (?:number )?(?:{_NUMBERS}|(?-i:[A-Z]))\b)"
    r"|(?:as |into |in )?an? (?:short |formal )?(?:tables?|lists?|e-?mail|letter|memo)|tables? form|tabular"
    rf"|{LANGUAGES})\b",
    re.IGNORECASE,
)
_FORM_ZH = re.compile(
    "(?:(?:翻?译|改写?|写|变|做|列|整理|换|转|总结|概括|归纳)?[成为]|用)(?:一?[个份张封段])?"
    "(?:表格?|列表|清单|要点|邮件|信(?!用|息))|(?:翻?译|改写?|写)成?"
    f"(?=(?:{LANGUAGES_ZH})[文语])|(?:{LANGUAGES_ZH})[文语]"
    "|翻译|总结|概括|归纳|润色|改写|重写|缩写|扩写|缩短|精简|提炼|解释|说明(?!书)|继续|重新|只要"
    r"|(?<![第前一二两三四五六七八九十\d])[一二两三四五六七八九十\d]+(?:句话?|[点条段行]|个?字)(?:以内)?"
    "|更?正式|简[短洁单练明]|口语化?|通俗(?:易懂)?|礼貌|客气|友好|详细|语气|[写改说讲]*[短长少多细]一?[点些]|一[点些下]"
    "|[上前]面|上文|以上|内容|文字"
)
_NTH = re.compile(r"第[一二两三四五六七八九十百零\d]+")
# What stands behind a word that points back: the name of a text or figures, or nothing of its own.
_TEXT_BACK = r"answer|repl(?:y|ies)|text|list|table|summary|draft|version|letter|e-?mail|points?|figures|numbers|prices"
_BACK_ALONE = (
    r"(?=\W*\Z|[,.;:!]|\W+(?:a|an|all|again|as|at|by|down|for|from|in|into|like|more|less|on|out|please|so|to|under|up"
    r"|using|with|without|shorter|simpler|clearer|better|briefly|simply|formally|politely)\b)"
)
_TEXT_BACK_ZH = "话|文字|内容|回答|答案|结果|译文|列表|清单|表格?|信|邮件|总结|草稿|要点|数字|数据"
_BACK_ALONE_ZH = "(?=\\W|\\Z|翻|译|改|写|重|缩|扩|精|润|整理|概括|归纳|总结|提炼|变|转成|换成|[做列排按]|成)"
_POINTS_BACK = re.compile(
    r"\A\W*(?:(?:please|now|then|can you|could you) )*\w+ (?:up )?(?:all )?(?:it|them|(?:of )?(?:this|that|these|those)"
    rf"(?: (?:\w+ )?(?:{_TEXT_BACK}))?){_BACK_ALONE}"
    rf"|\b(?:the|what is|what was said|as) (?:(?:{_TEXT_BACK}) )?above\b(?! (?:average|\W?\d))"
    r"|\A(?:请|帮我|麻烦|再)*(?:把|将|用)?(?:(?:[上前]面|上文|以上|刚才)"
    rf"|(?:[这那][个些份段篇封几一两二三四五六七八九十\d]*|它们?)(?:{_TEXT_BACK_ZH})?{_BACK_ALONE_ZH})",
    re.IGNORECASE,
)


def lacks_material(words: str) -> bool:
    """Return True if a request likely speaks of a thing, or points at one, that does not stand in its own words."""
    return _lack_of(words) >= LIKELY


def missing_text(words: str, least: float = _SURE) -> str:
    """Return what a request calls the text that it needs and does not bring along; empty if it lacks none.

    "text" or "原文" where nothing tells what it is called. `least`: how sure that has to be, from 0 to 1.
    """
    return (named_text(words) or ("原文" if is_chinese(words) else "text")) if _lack_of(words) >= least else ""


def _lack_of(words: str) -> float:
    """Return how likely a request lacks what it speaks of, from 0 to 1."""
    words = words.strip()
    if len(words) + 2 * count_han(words) > _LONGEST or _brings_little(words):
        return 0.0
    if not _points(words) or not (is_chinese(words) or is_english(words)):
        return 0.0
    language = OfficeLanguage.CHINESE if is_chinese(words) else OfficeLanguage.ENGLISH
    return _weights(language).likelihood(LACKING_FEATURES[language](words))


def _brings_little(words: str) -> bool:
    """Return True if what an order is about stands behind its colon, though brief: "Add these up: 5, 3 and 9".

    It does not where a text is named, as behind "Shorten the report" comes how long it may be.
    """
    colon = _COLON.search(words)
    if colon is None:
        return False
    before, behind = words[: colon.start()], words[colon.end() :]
    return _points(before) and named_text(before) in _FIGURES and not named_text(behind)


def _points(words: str) -> bool:
    """Return True if something in a request can be the text that it lacks, or it is an order that needs one."""
    if begins_with_order(words):
        return True
    return _CHINESE_POINTS.search(words) is not None if is_chinese(words) else _names_text(words)


@cache
def _weights(language: OfficeLanguage) -> LearnedWeights:
    return LearnedWeights.from_bytes(resource_path("tasks", f"{language}_lacking.weights").read_bytes())


def named_text(words: str) -> str:
    """Return what a request calls the text that it is about: the first it points at, or the only one; else nothing."""
    found = list((_CHINESE_NAMED if is_chinese(words) else _ENGLISH_NAMED).finditer(words))
    names = [each["text"] for each in found if each["own"]] or [each["text"] for each in found[:1] if len(found) == 1]
    if not names:
        return ""
    return names[0] if names[0].isupper() else names[0].lower()


def brings_text(words: str) -> bool:
    """Return True if words hold what is to be worked on: behind a colon, or in a paragraph of its own."""
    brought = _BRINGS_ITS_TEXT.search(words)
    return brought is not None and not begins_with_order(words[brought.start() + 1 :].lstrip())


def without_offers(words: str) -> str:
    """Return words without what offers a text."""
    return _OFFERS.sub("", words).strip()


def without_ends(words: str) -> str:
    """Return words without thanks, or that there is no more to say."""
    return _NO_MORE.sub("", words).strip()


def without_references(words: str) -> str:
    """Return an answer without clauses that say no more than that it was said before: "just what I wrote"."""
    return _REFERS.sub(r"\g<gap>", words).strip(" ,;，；")


def is_about_answer(words: str) -> bool:
    """Return True for a message on the answer above it, which asks no file: "Translate that", "More formal", "Thanks".

    It is no question, and tells nothing but the form of what is wanted; the third clause is none of its form.
    """
    if words in IN_THIS_LANGUAGE.values():
        return True
    if _NTH.search(words):
        return False
    return not words.rstrip().endswith(("?", "？")) and not subject_of(_FORM_ZH.sub(" ", _FORM.sub(" ", words)))


def points_back(words: str) -> bool:
    """Return True for an order to work on what was said before, maybe with words of its own: "Put that in a letter"."""
    return _POINTS_BACK.search(words) is not None and recognised_task(words) in _ON_A_TEXT
