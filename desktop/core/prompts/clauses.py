"""The clauses of a sentence, sorted by what they say of themselves: who asks, for whom, in which form and tone.

Chinese says all of a request in one sentence with commas between; English adds its wishes at the end. What a clause
does not say stays with the clause before it.
"""

from __future__ import annotations

import re

from desktop.core.prompts.freeform_lexicon import EXAMPLE, PERSONA
from desktop.core.prompts.prompt import FieldKind
from desktop.core.text.scripts import is_chinese

_LONGEST = 600  # characters of a sentence; a longer one is no request
# Quoted passages are one piece; a comma between digits ("1,200") parts nothing.
_CLAUSE = re.compile(
    r"(?:“[^”]{0,200}”|「[^」]{0,200}」|《[^》]{0,100}》|（[^）]{0,200}）|\"[^\"]{0,200}\"|(?<=\d),(?=\d)|[^，；,])+"
    r"(?:[，；,]+\s*|\Z)"
)
_ENGLISH_CLAUSE = re.compile(r"(?:\"[^\"]{0,200}\"|“[^”]{0,200}”|(?<=\d),(?=\d)|[^,;])+(?:[,;]\s*|\Z)")
_ENDS = "，；,; \t"
_ASKED = "(?:请|要|希望|尽量|务必|注意|整体|并且?|而且|但是?|同时|最好|另外|写得|回得|说得|保持|稍微?|略|更|比较|再)*"
_MANNERS = (
    "客气|礼貌|有礼|友好|正式|亲切|专业|口语化|幽默|严肃|诚恳|委婉|热情|温和|轻松|活泼|庄重|谦虚|坚定|坚决|真诚"
    "|平和|柔和"
    "|不卑不亢|不失礼貌|生硬|官腔|自然|大方|得体|通俗易懂|通俗|易懂|浅显|接地气"
)
_TONE = re.compile(
    rf"{_ASKED}(?:简短|简洁)[而又、]?(?:{_MANNERS})[。！!]?\Z|{_ASKED}(?:语气|口吻|态度|措辞|文风|风格|用词|口气)"
    rf"|{_ASKED}(?:语言|用语|文字|表达|说法)(?:要|尽量|更|比较|保持|应该?)*(?:{_MANNERS})"
    rf"|{_ASKED}(?:不要|别|不能|不)?(?:太|那么|过于)?(?:{_MANNERS})(?:一?[点些]|一下)?"
    rf"(?:[、但而又和且]*(?:不要|别|不)?(?:太|过于)?(?:{_MANNERS})(?:一?[点些])?){{0,3}}[。！!]?\Z"
)
_MANY = r"[\d一二两三四五六七八九十百千几]{1,6}"
_FORMAT = re.compile(
    rf"(?!.{{0,6}}(?:人数|人员|预算|费用|价格|金额|数量|成本)){_ASKED}(?:字数|篇幅|全文|长度|总长|总共|每[条点段句]|正文|标题)?.{{0,4}}?(?:不超过|不要超过|别超过|不少于"
    rf"|不多于|不低于|控制在|限制?在"
    rf"|最多|至少|最少)"
    rf"|{_ASKED}(?:大概|大约|约)?{_MANY}\s*个?(?:字|词|条|点|句话?|段|页|行)(?:以内|以下|左右|上下|以上|之内"
    rf"|内)?(?:就行|即可|就好)?[。！!]?\Z"
    rf"|{_ASKED}(?:分|列)(?:成|为)?{_MANY}(?:个?部分|条|点|段|步|栏)"
    rf"|{_ASKED}(?:用|以|按|做成|列成|整理成|写成|输出|排成|改成).{{0,12}}?(?:表格|列表|清单|要点|格式|形式|JSON"
    rf"|Markdown|CSV|分段"
    r"|小标题|编号)"
    rf"|{_ASKED}(?:分点|分条|分段|分行|分步|列表|一句话)(?:$|[^，。]{{0,8}}\Z)"
    rf"|{_ASKED}(?:简短|简洁|简练|精炼|精简|言简意赅|详细|短)(?:一?[点些]|为主|就行|即可)?[。！!]?\Z"
    rf"|{_ASKED}(?:不要|别|不用)(?:太|写得?太?)?(?:长|短|啰嗦|复杂)"
    rf"|{_ASKED}(?:不要|别|请勿|切勿|避免|不得|不能|不许)(?:再|使|出现|去)?(?:用|写|提|带|加|有|出现|重复)"
    rf"|{_ASKED}(?:带|附|有|加|写)上?(?:一?个)?(?:标题|主题|落款|编号|小标题|目录|表头|称呼)",
    re.IGNORECASE,
)
_AUDIENCE = re.compile(
    r"(?:这?是|主要)?(?:写|发|讲|说|读|拿)?给.{1,14}?(?:看|听|读|用)的?[。！!]?\Z|(?:读者|受众|对象|收件人"
    r"|听众)(?:是|为|：)|面向.{1,16}\Z"
)
_ORDERS = re.compile(
    r"(?:请|帮忙|麻烦|给我|替我|先|再|然后|接着|并且?|最后|同时|另外|还要?|顺便|我?想要?|需要|能否|可否|能不能|可以"
    r"|你)*(?:帮我|请你?|给我)?"
    r"(?:把|将|给.{1,14}?(?:写|发|做|回|起草|讲|解释|准备|拟|起)|写|起草|草拟|拟|做|制作|准备|出|回复|答复"
    r"|回一?[封个下]|回(?:邮件|信|微信|消息)|翻译|译|总结|概括"
    r"|归纳|整理|梳理|提炼|提取|列[个一]|改|润色|校对|检查|核对|审|看看|看一?下|分析|比较|对比|解释|说明|介绍|列出|列举|计算|算|生成|设计"
    r"|制定|安排|推荐"
    r"|起[个一]|想[个一几]|画|查|找|告诉|教|用.{1,10}?(?:写|列出|整理|汇总|对比|比较|展示|说明|解释|概括|总结|介绍))"
    r"|.{0,40}?(?:一下|一遍)[吧。！!]?\Z|.{0,20}?(?:整理|翻译|汇总|概括|总结|归纳|改|做|写|列)成"
)
_TELLS = re.compile(
    r"(?:我们|咱们|我|他们?|她们?|对方|客户|顾客|客人|买家|卖家|公司|本公司|我司|贵司|供应商|项目|会议|活动|产品"
    r"|订单|合同|收件人|老板|领导"
    r"|员工|同事|部门|学员|学生|甲方|乙方|货物?|原因|背景|情况|事情|这[个次家位封份]?.{0,6})"
    r".{0,12}?(?:是|有|在|已|因|要|将|会|刚|不|没|做|卖|负责|准备|打算|计划|对|很|都|最近|目前|本来|原定|晚|提|说"
    r"|投诉|抱怨|嫌|觉得|反映|希望|生气|合作"
    r"|了|开|下|买|用|想|来|到|前|欠|拖|缺|丢|坏|等|收|付|叫)"
    r"|(?:因为|由于|鉴于|目前|现在|最近|之前|此前|原定|上周|上个?月|昨天|今天|明天|下周|下个?月|本周|本月|去年|今年"
    r"|已知|其中|为了|\d{1,2}月\d{1,2}[日号]|(?:\d{1,2}[日号点]|周[一二三四五六日末]|星期.)(?!前|之前))"
)
_ABLE = re.compile(
    r"有|擅长|熟悉|精通|专[门注长]|负责|从事|做[过了]|曾|具[有备]|了解|懂|拥有|工作|在|来自|并且?|也|习惯|喜欢|只"
)
_SAYS = re.compile(r"就说|说我|说明|告诉|回复?说|[，；]说|要求")
_QUESTION = re.compile(r"[？?]|[吗呢][。]?\Z|怎么|怎样|如何|什么|多少|是否|哪[个些里]|要不要|能不能")
_WANTS = re.compile(r"(?:我们?|咱们)?(?:想|需要|希望)(?:要|请|让|你|一[份个篇封])")

_ENGLISH_TONE = re.compile(
    r"(?:and |but |please |keep it |make it |be |stay |sound )*(?:in an? (?:[\w-]+(?: and | but |, )?){1,4} (?:tone"
    r"|voice|style|way)|(?:[\w-]+ (?:and|but) )?[\w-]+ tone"
    r"|(?:(?:short|brief|clear|simple) (?:and|but) )?(?:very |more |rather |a bit |not too )?(?:polite(?:ly)?"
    r"|friendly|formal(?:ly)?|informal(?:ly)?"
    r"|casual(?:ly)?|warm(?:ly)?"
    r"|professional(?:ly)?|neutral(?:ly)?|respectful(?:ly)?|firm(?:ly)?|kind(?:ly)?|positive|upbeat|sincere"
    r"|apologetic|relaxed)(?:,? (?:but"
    r"|and) (?:\w+ ?){1,2})?)(?: please)?[.!]?",
    re.IGNORECASE,
)
_ENGLISH_FORMAT = re.compile(
    r"(?:and |but |please |keep it |make it |in |with )*(?:(?:at most|no more than|not more than|max(?:imum|\.)?"
    r"|up to|under|below"
    r"|less than|about|around|roughly) )*(?:\d{1,5}|one|two|three|four|five|six|ten) (?:words?|sentences?|lines?"
    r"|paragraphs?"
    r"|points?|pages?|bullets?|bullet points?|characters?)(?: (?:at most|max|or less|or so|long|in all))?[.!]?"
    r"|(?:and |please )*(?:as|in) (?:an? )?(?:[\w-]+ )?(?:table|list|bullet points?|bullets|json|csv|markdown"
    r"|outline)"
    r"(?: with .{1,60})?[.!]?|(?:and |but |please )*(?:keep it |as )?(?:short|brief|concise)(?: as possible"
    r"| and clear)?[.!]?",
    re.IGNORECASE,
)
_ENGLISH_REFUSAL = re.compile(
    r"(?:and |but |please )*(?:do not|don't|never|avoid|no) (?:us(?:e|ing)|writ(?:e|ing)|add(?:ing)?|mention(?:ing)?"
    r"|repeat(?:ing)?|includ(?:e|ing)|jargon|abbreviations|bullet points|headings|emojis?|hashtags"
    r"|exclamation marks)\b",
    re.IGNORECASE,
)
_ENGLISH_TAIL = re.compile(
    r" (?P<wish>(?:in |with )?(?:at most|no more than|not more than|up to) \w+"
    r" (?:words?|sentences?|lines?|points?|pages?)[.!]?"
    r"|and (?:please )?(?:do not|don't) (?:use|write|add|mention|include|repeat) [^,;]{3,60})\Z",
    re.IGNORECASE,
)
_LEAST_ORDER = 12  # characters of an English order that a wish may follow


def clauses_of(sentence: str) -> list[str]:
    """Return the clauses of a sentence, each with the comma behind it; the sentence alone where it is long."""
    if len(sentence) > _LONGEST:
        return [sentence]
    return (_CLAUSE if is_chinese(sentence) else _ENGLISH_CLAUSE).findall(sentence) or [sentence]


def kind_of(clause: str, *, has_task: bool = True) -> FieldKind | None:
    """Return the part that a Chinese clause belongs to; None where it says nothing of that.

    `has_task`: something to do has been said already; then a form that is asked for is a wish, else it is the task.
    """
    said = clause.strip(_ENDS)
    if PERSONA.match(said):
        return FieldKind.PERSONA
    if EXAMPLE.fullmatch(said):
        return FieldKind.EXAMPLES
    if _AUDIENCE.match(said):
        return FieldKind.AUDIENCE
    if _TONE.match(said):
        return FieldKind.TONE
    orders = _ORDERS.match(said) is not None or _QUESTION.search(said) is not None or _WANTS.match(said) is not None
    if orders and not has_task:
        return FieldKind.TASK
    if _FORMAT.match(said):
        return FieldKind.FORMAT
    if orders:
        return FieldKind.TASK
    return FieldKind.CONTEXT if _TELLS.match(said) else None


def sorted_clauses(sentence: str, *, has_task: bool) -> list[tuple[FieldKind, str]]:
    """Return the stretches of a Chinese sentence that belong together, in their order, each with its part."""
    order, colon, rest = sentence.partition("：")
    if colon and len(clauses_of(rest)) > 1 and kind_of(order) is FieldKind.TASK and kind_of(rest) is FieldKind.CONTEXT:
        return [(FieldKind.TASK, order), *sorted_clauses(rest, has_task=True)]
    found: list[tuple[FieldKind, str]] = []
    for clause in clauses_of(sentence):
        kind = kind_of(clause, has_task=has_task or any(each is FieldKind.TASK for each, _ in found))
        before = found[-1][0] if found else FieldKind.TASK
        if kind is None:
            goes_on = before is FieldKind.CONTEXT or (before is FieldKind.PERSONA and _ABLE.match(clause))
            kind = before if goes_on else FieldKind.TASK
        if found and kind is FieldKind.CONTEXT and before is FieldKind.TASK and _SAYS.search(found[-1][1]):
            kind = FieldKind.TASK  # it goes on with what is to be said
        if found and kind is before:
            found[-1] = (kind, found[-1][1] + clause)
        else:
            found.append((kind, clause))
    *before_last, (last, text) = found
    end = text if last is FieldKind.TASK else text.rstrip(_ENDS)  # what follows may go on with the task
    return [*((kind, said.rstrip(_ENDS)) for kind, said in before_last), (last, end)]


def english_wishes(sentence: str) -> list[tuple[FieldKind, str]]:
    """Return an English sentence without the wishes at its end, and these; empty if it has none."""
    clauses = clauses_of(sentence)
    wishes: list[tuple[FieldKind, str]] = []
    while len(clauses) > 1 and (kind := _wish(clauses[-1].strip(_ENDS))):
        wishes.insert(0, (kind, clauses.pop().rstrip(_ENDS)))
    task = "".join(clauses).rstrip(_ENDS)
    while tail := _ENGLISH_TAIL.search(task, _LEAST_ORDER):  # without a comma before it
        wishes.insert(0, (FieldKind.FORMAT, tail["wish"]))
        task = task[: tail.start()]
    return [(FieldKind.TASK, task), *wishes] if wishes else []


def _wish(said: str) -> FieldKind | None:
    """Return the part that a clause at the end of an English sentence belongs to; None for one that orders."""
    if EXAMPLE.fullmatch(said):
        return FieldKind.EXAMPLES
    if _ENGLISH_TONE.fullmatch(said):
        return FieldKind.TONE
    return FieldKind.FORMAT if _ENGLISH_FORMAT.fullmatch(said) or _ENGLISH_REFUSAL.match(said) else None
