"""Rules for what a request states by itself, so that no question of a guide asks for it again.

By the question that would be asked. A word that leaves open how much is meant ("short", 别太长) answers nothing.
"""

from __future__ import annotations

import re
from typing import Final

from desktop.core.prompts.prompt import FieldKind, PromptDraft, PromptFramework
from desktop.core.tasks.guide import Guide, GuideQuestion
from desktop.core.text.late_regex import late_regex

_LOOKED_AT: Final = 2_000  # characters of the user's own words

_PEOPLE = (
    r"(?:boss|manager|management|director|directors|ceo|cfo|board|head of \w+|team|colleagues?|co-?workers?"
    r"|staff|employees?"
    r"|everyone|everybody|customers?|clients?|guests?|visitors?|interns?|trainees?|apprentices?|partners?|suppliers?|vendors?|providers?|lawyers?|solicitors?|attorney"
    r"|authorit(?:y|ies)|council|tax office|bank|insurer|insurance|landlord|landlady|tenants?|residents?"
    r"|neighbou?rs?|parents?|students?"
    r"|public|investors?|shareholders|members|committee|hr|beginners?|lay ?(?:men|people)|newcomers?"
    r"|new (?:hires?|starters?)"
    r"|children|kids|buyers?|supervisors?|candidates?|applicants?|accountant|auditors?|professor|teacher|assistant|readers|linkedin|facebook"
    r"|instagram|newsletter|intranet|(?:company )?website|mr|mrs|ms|dr)"
)
_PEOPLE_CHINESE = (
    "(?:领导|老板|上级|主管|经理|总监|董事会|管理层|同事|团队|员工|全员|全体|大家|新人|客户|顾客|客人|买家|访客|供应商|合作方"
    "|合作伙伴|律师|法务|税务局|银行|政府|主管部门|房东|租客|住户|业主|邻居|家长|学生|老师|公众(?!号)|投资人|股东|会员|候选人|应聘者"
    "|HR|财务|审计|采购|人事|外行|小白|参会|参加的|采购部|[\\u4e00-\\u9fff](?:总(?![结共计体是量])|经理|主任|老师|先生|女士))"
)
_FOR_WHOM = (
    rf"\b(?:for|to|tell|inform|remind|ask) (?:(?:my|our|the|an?|all|new|his|her|their|your|whole"
    rf"|entire) )*(?:[\w'’-]+ ){{0,2}}?"
    rf"{_PEOPLE}\b"
    rf"|(?:给|向|跟|对|和|与|发给|发到|报给|通知|邀请|让)[^，。；：\n]{{0,8}}?{_PEOPLE_CHINESE}"
    r"|给(?!我)[^，。；：\n]{1,12}(?:看|读|用|听)|发(?:朋友圈|[^，。\n]{0,3}群|公众号|小红书|微博|抖音)|(?:读者|听众|受众|收件人|对象)(?:是|为|：)"
)
_MANY = r"(?:\d+(?:[-–]\d+)?|an?|one|two|three|four|five|six|seven|eight|ten|twelve|half an?|a few)"
_LENGTH = (
    rf"\b{_MANY}[ -](?:words?|sentences?|lines?|paragraphs?|pages?|bullet points?|bullets?|points|characters|slides"
    r")\b"
    r"|(?<![第点上下])[\d一两二三四五六七八九十百几半]+\s*(?:[-~到至]\d+\s*)?(?:个?字|句话?|(?<!一)条|(?<!一)段话?|页|行)(?![前后])"
)
_SHAPE = (
    r"\b(?:tables?|bullet points?|bullets|numbered list|check-?list|as a list|spreadsheet|headings|side by side|q&a|faq"
    r"|(?:short|action) list|timetable|schedule|show (?:me )?(?:the |your )?(?:working|sums)"
    r"|(?:only|just) the (?:text|corrected|translation|result))\b"
    r"|表格|时间表|明细|列个?表|列表|清单|分条|分点|对照|分栏|小标题|只[给要]"
)
_TONE = (
    r"\b(?:polite|politely|friendly|formal|formally|informal|casual|casually|warm|warmly|firm|firmly|professional|professionally"
    r"|firmer|friendlier|rude|apologetic|sincere|neutral|serious|humorous|funny|respectful|diplomatic|diplomatically|tactful|kind|tone)\b"
    r"|语气|口吻|客气|礼貌|友好|正式|亲切|专业|口语|幽默|严肃|诚恳|委婉|热情|温和|轻松|活泼|庄重|坚定|强硬|真诚|官方|得体|俏皮|官腔"
)
_LANGUAGE = (
    r"(?<!from )\b(?:english|german|french|spanish|chinese|mandarin|japanese|italian|portuguese|russian|korean"
    r"|dutch|polish"
    r"|swedish|turkish|arabic|czech|danish)\b(?! (?:letter|mail|e-?mail|text|contract|version|document|original"
    r"|article))"
    r"|[译翻]成[中英日韩法德俄泰][文语]?|[中英日韩法德俄泰]译[中英日韩法德俄泰]|(?:英|中|日|韩|法|德|俄|泰|越南|葡萄牙|西班牙|意大利|阿拉伯)[文语](?!翻|译|的|邮件|原文|合同|材料|资料|内容|信)|汉语"
)
# What the writer has decided: by their own words, not by what the other side wants.
_DECIDES = (
    r"\b(?:we|i)(?:['’]?(?:ll|d|ve|re|m)| will| would| can(?:no|['’])?t?| could| need| want| have to| are| am"
    r"| do| don['’]t| accept"
    r"| agree| offer)\b|\b(?:no refund|agree to|accept|confirm|decline|reject|refuse|turn (?:it |this "
    r"|them )?down|offer|promise"
    r"|replace|refund|repair|voucher|discount|apologi[sz]e|say (?:yes|no|that)|that we|that i|tell (?:him|her|them))\b"
    r"|同意|接受|婉拒|拒绝|谢绝|答应|不[同接退换赔降能可]|可以(?!吗)|就说|表示|我[们方]?(?:会|要|需要|没|想(?![写给让请])|愿意|打算|已经?)"
    r"|退[款货]|换货|补发|补货|赔偿?|补偿|维修|上门|打折|减价|代金券|改到|推迟|说我|说明|告诉"
)
_OTHER_SIDE = late_regex(
    r"\W*(?:(?:the |our |a |this )?(?:angry )?(?:customer|client|guest|buyer|supplier)\b|he|she|they|it)\b"
    r"|(?:这|那)?[个位]?(?:客户|顾客|客人|买家|对方|他们?|她们?|人家)",
    re.IGNORECASE,
)
_CLAUSES = late_regex(r"(?:\b(?:Mr|Mrs|Ms|Dr|No)\.|(?<=\d)[,.](?=\d)|[^，。；：！？\n,.;:!?])+")

_SHOWN_BARE: Final = ("reader", "audience", "length", "size", "form", "language")  # what is found says enough

# By the guide and the question, or by the question alone.
_STATED: Final = {
    key: late_regex(words, re.IGNORECASE)
    for key, words in {
        "reader": _FOR_WHOM,
        "audience": _FOR_WHOM,
        "length": _LENGTH,
        "size": _LENGTH,
        "form": (
            rf"{_MANY}[ -]minutes?\b|[\d一两二三四五六七八九十几]+\s*分钟(?![前后])"
            rf"|[给出].?.?[\d两三]个方案|{_LENGTH}|{_SHAPE}"
        ),
        "rewrite.form": rf"\b(?:versions?|only the|just the)\b|版本|只[要给]|说明改|{_LENGTH}|{_SHAPE}",
        "proofread.form": (
            r"\b(?:table|track(?:ed)? changes|mark(?:ed)?|only the|just the)\b|表格|标出|标注"
            r"|只[要给]|说明"
        ),
        "tone": _TONE,
        "sender": (
            r"\bsign(?:ed)?:? (?:(?:off|by|it|as|mrs?|ms|dr)\b|(?-i:[A-Z]))|\bsignature\b"
            r"|\bfrom (?:(?:mrs?|ms|dr|me)\b|(?-i:[A-Z]\w+ [A-Z]\w+,))|落款|签名|署名"
        ),
        "notice.reader": (
            rf"{_FOR_WHOM}|\ball (?:staff|employees|residents|tenants|colleagues|customers)\b|{_PEOPLE_CHINESE}"
            rf"|各位"
        ),
        "answer_mail.decision": _DECIDES,
        "answer_complaint.outcome": _DECIDES,
        "answer_complaint.known": (
            r"\b(?:because|our (?:fault|mistake|error)|no admission|admit|liab\w+|caused|due to|courier|carrier"
            r"|supplier)\b"
            r"|因为|由于|原因|责任|承认|我们?(?:弄|发|搞|装|送|漏|算)(?:错|漏)|快递|物流|供应商"
        ),
        "translate.language": _LANGUAGE,
        "translate.terms": (
            r"\b(?:keep|unchanged|as (?:it is|they are)|side by side|layout|line by line|do not translate"
            r"|don['’]t translate)\b"
            r"|保持|不变|保留|不[要用]?[译翻]|对照|编号|术语|版式|格式|逐行"
        ),
        "make_table.columns": (
            r"\bcolumns?\b|\bwith (?:\w+, )+|\b(?:by|per) (?:name|date|department|month|person)\b"
            r"|列[为：:]|列[是有]|[几\d一二三四五六七]列|列名|表头|分为|按.{1,8}[分列]|按[人月日]"
        ),
        "make_table.use": rf"{_FOR_WHOM}|\bfor (?:the|my|our|a) \w+|用于|用来",
        "make_table.gaps": r"\b(?:empty|blank|missing|dash|guess)\b|留空|空着|没[写票有]|缺的|不要猜",
        "make_table.order": (
            r"\b(?:sums?|totals?|add up|sort(?:ed)?|order(?:ed)? by|alphabetical\w*)\b|合计|总计|小计|求和|排序"
            r"|按.{1,8}排"
        ),
        "minutes.kind": (
            r"\b(?:decisions?|action items|to-?dos?|tasks|who said|discussion)\b|决定|决议|任务|待办|行动项"
            r"|讨论|简报"
        ),
        "minutes.form": _SHAPE,
        "minutes.gaps": r"\b(?:unclear|left open|guess)\b|待定|待确认|不清楚|没定",
        "proofread.depth": (
            r"\b(?:only|just) (?:the )?(?:mistakes|errors|typos|spelling|grammar)|\b(?:spelling|grammar|typos?"
            r"|punctuation|style)\b"
            r"|错别字|语病|病句|只改|通顺|标点|语法|不[要用]?改"
        ),
        "rewrite.aim": (
            r"\b(?:shorter|shorten|cut|longer|politer|clearer|simpler|simplify|plain|friendlier|warmer|stronger|tone"
            r"|less \w+|more \w+|in my (?:own )?voice|sound)\b|短|简|更|精炼|正式|客气|委婉|清楚|通俗|口语|亲切"
            r"|官方|得体|太[冲硬重]|幽默|朋友圈|有[力趣]|生动|活泼"
        ),
        "summarise.purpose": (
            r"\b(?:decisions?|decide|to-?dos?|action items|risks?|main points|key points|what (?:it"
            r"|they) says?)\b|要点|决定|决策|待办|结论|风险|重点"
        ),
        "explain_policy.matter": (
            r"\b(?:what|when|how|who|which|whether|can we|may we|changes?)\b|多少|几[天个]|怎么|能不能|是否|哪"
            r"|变化|区别"
        ),
        "ask_document.matter": (
            r"\b(?:what|when|how|who|which|whether|is there|find)\b|多少|几[天个]|怎么|能不能|是否|哪|有没有|找"
        ),
        "check_contract.search": (
            r"\b(?:risks?|traps?|penalt\w+|liabilit\w+|deadlines?|payment|notice period|unfair|missing)\b|风险"
            r"|坑|陷阱|违约|不利|期限|付款|缺|漏洞"
        ),
        "check_contract.side": (
            r"\b(?:we are|we['’]re|i am|i['’]m|as (?:(?:the|an?) )?(?:buyer|tenant|seller|supplier|landlord"
            r"|employee|employer))\b|我[们方司]?是|[甲乙]方|租客|承租|买方|卖方"
        ),
        "check_figures.deed": (
            r"\b(?:check|verify|add up|sum|total|recalculate|compare|calculate|right|correct)\b|核对|核算|验算"
            r"|合计|总共|加起来|对不对|有没有错|算"
        ),
        "check_figures.rules": r"\b(?:vat|tax|net|gross|round\w*|percent)\b|含税|税率|税|四舍五入|小数",
        "check_facts.base": r"\b(?:against|with the|by the|each other)\b|对照|根据|依据|按照",
        "compare.view": (
            r"\b(?:price|cost|costs|cheaper|quality|terms|changed|changes|differences?|better|most important"
            r"|matters?)\b|价格|价钱|划算|便宜|质量|条款|改了|不同|区别|看重|重点|哪个|性价比"
        ),
        "compare.needs": (
            r"\b(?:we|i) (?:need|want|plan)\b|我们?(?:需要|要|打算|想|是|公司"
            r"|用|看重|最)|最看重"
        ),
        "explain.depth": (
            r"\b(?:briefly|in simple|simple terms|in detail|step by step|with an? example|basics?)\b|通俗"
            r"|大白话|简单|详细|举[个例]|步骤"
        ),
        "slides.aim": (
            r"\b(?:convince|persuade|decide|approve|approval|train\w*|progress|results?|introduce|sell|pitch)\b"
            r"|说服|批准|争取|培训|进展|汇报|介绍|总结|推介"
        ),
        "plan.goal": (
            r"\b(?:by (?:\w+day|the end|\d|\w+ \d)|until|deadline|within|budget|at most|max)\b|之前|前完成|月底"
            r"|年底|预算|不超过|期限|目标"
        ),
        "plan.means": (
            r"\b(?:we (?:have|are)|i have|team of|\d+ people|alone|budget)\b|[\d一两二三四五六七八九十几]个?人"
            r"|预算|我一个人|团队|小组"
        ),
        "write_mail.aim": (
            r"\b(?:ask\w*|requests?\w*|want\w*|confirm\w*|remind\w*|invit\w+|inform\w*|tell\w*|know|that"
            r"|thank (?!you)\w+|apologi\w+)\b|要求|请|催|希望|询问|问|通知|告诉|告知|提醒|邀请|申请|感谢|确认|商量|谈"
            r"|约|说|道歉"
        ),
        "notice.matter": (
            r"\b(?:that|about|for the|closed|closing|moved?|new|changes?|from|on|next|tomorrow|meeting)\b|关于"
            r"|[\u4e00-\u9fff]{3,}的(?:通知|公告)|(?:通知|公告)[^。\n]{4,}|原因|停|放假|开会|会议|活动|调整|搬"
            r"|改|下周|明天|[\d一二三四五六日]月?[日号点]|通知[，：,:]"
        ),
        "aim": (
            r"\b(?:(?:a|first|rough) draft|several|three|options|proposals|ideas|versions|names|(?:about|some) \d+"
            r"|ready to use)\b|草稿|初稿|版本|[给出想取起要][^，。]{0,3}?[几\d两三五八十]+个"
        ),
    }.items()
}


def stated_length(words: str) -> str:
    """Return the length that words ask for; empty where they ask for none."""
    match = _STATED["length"].search(words)
    return match[0].strip() if match is not None else ""


def stated_answers(guide: Guide, written: PromptDraft, framework: PromptFramework) -> dict[str, str]:
    """Return the keys of the questions that what is written answers, each with the words that do."""
    found: dict[str, str] = {}
    for question in guide.questions:
        words = _stated(guide, question, written, framework)
        if words:
            found[question.key] = words
    return found


def _stated(guide: Guide, question: GuideQuestion, written: PromptDraft, framework: PromptFramework) -> str:
    fields = framework.of_kind(question.kind)
    if question.kind in (FieldKind.TONE, FieldKind.PERSONA) and fields and written.text(fields[0].key).strip():
        return written.text(fields[0].key).strip(" 。.\n")
    pattern = _STATED.get(f"{guide.key}.{question.key}") or _STATED.get(question.key)
    if pattern is None:
        return ""
    said = "\n".join(written.text(each.key) for each in framework.fields if each.kind is not FieldKind.PERSONA)[
        :_LOOKED_AT
    ]
    if pattern is _STATED["answer_complaint.outcome"] or pattern is _STATED["answer_mail.decision"]:
        said = "\n".join(each[0] for each in _CLAUSES.finditer(said) if not _OTHER_SIDE.match(each[0]))
    match = pattern.search(said)
    if match is None:
        return ""
    if question.key in _SHOWN_BARE:
        return match[0].strip()
    clause = next(each[0].strip() for each in _CLAUSES.finditer(said) if each.end() > match.start())
    return clause
