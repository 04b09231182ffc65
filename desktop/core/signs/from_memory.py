"""A sign that a reply names a source that nobody gave it: a case, a standard, a page, a study, a book, a quotation.

The model has it from memory, where true and invented ones look alike; so it is never called false. Laws, and what
everybody can be expected to know, are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from desktop.core.message import Role
from desktop.core.sign import Sign, SignKind, excerpt
from desktop.core.signs.exchange import Exchange
from desktop.core.text.plain_compare import squeezed, words_of
from desktop.core.text.scripts import HAN, count_han

_MADE_UP = re.compile(
    r"\b(?:story|novel|poem|fiction(?:al)?|imagin(?:e|ary)|invent(?!or)|placeholder|mock|dummy|made[- ]up"
    r"|fake"
    r"|translate|proofread|role ?play|joke|parody)\w*\b|故事|小说|诗|虚构|想象|编一|占位|翻译"
    r"|校对|扮演|剧本|段子|玩笑|鸡汤",
    re.IGNORECASE,
)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
_NUMBERED = re.compile(
    # Cases, by the reports and the courts that they are counted in.
    r"\[(?:19|20)\d{2}\] (?:\d+ )?(?:UKSC|UKHL|UKPC|UKEAT|EWCA|EWHC|EAT|HCA|FCA|SGCA|HKCFA|NZCA|SCC|CSIH|AC|QB|KB"
    r"|Ch|WLR|All ER"
    r"|ICR|IRLR|Lloyd['’]s Rep)\b(?: (?:Civ|Crim))?[ \d]{0,6}"
    r"|\b\d{1,3} (?:U\.S\.|F\. ?\dd|F\. ?4th|F\. ?Supp\.(?: ?\dd)?|S\. ?Ct\.|A\.\dd|P\.\dd|N\.[EWY]\.\dd"
    r"|Cal\. ?\w+) \d{1,4}\b"
    r"|\b[CT][-‑–]\d{1,4}/\d{2}\b|\b[IVX]{1,4} Z[RB] \d{1,4}/\d{2}\b"
    rf"|\b\d{{1,2}} (?!{_MONTH})[A-Z][A-Za-z]{{1,4}} \d{{1,4}}/\d{{2}}\b"
    r"|\b\d{1,2}:\d{2}-(?:cv|cr|mc)-\d{3,6}\b"
    rf"|[（(〔][12]\d{{3}}[）)〕][{HAN}]{{1,4}}\d{{0,4}}[{HAN}]{{1,6}}第?\d{{1,6}}号|指导(?:性)?案例第?\d+号"
    rf"|[{HAN}]{{1,8}}[〔\[【（(][12]\d{{3}}[〕\]】）)]第?\d{{1,4}}号"
    # Standards, and what a publisher counts.
    r"|\b(?:ISO|IEC|EN|DIN|BS|ANSI|IEEE|ASTM|NIST|AS/NZS|ETSI|ITU|NFPA|VDI)(?:[ /](?:IEC|IEEE|EN|ISO|TS|TR|SP|PAS"
    r"|T)){0,2}[ -]?[A-Z]?\d{2,6}"
    r"(?:[-.:]\d{1,4})*"
    r"|(?<![A-Za-z])(?:GB|GBZ|JGJ|CJJ|QB|SB|YY|HJ|HG|JB|LD|GA|WS|RB|CECS|SL|DL|YD|SJ|JR|LB|DB\d{2}"
    r"|T/[A-Z]{2,9})(?:/[TZ])? ?\d{1,6}(?:\.\d{1,2})?(?:[-—–]\d{4})?"
    r"|\b\d{1,3} ?\(\d{1,3}(?:[-–]\d{1,2})?\)[,:，：] ?(?:pp?\. ?)?\d{1,5} ?[-–—] ?\d{1,5}|\[[JMDRCN](?:/OL)?\]"
    r"|第 ?\d{1,3} ?卷,? ?第? ?\d{1,2} ?期|\b[Vv]ol\. ?\d{1,3},? (?:[Nn]o|[Ii]ssue)\.? ?\d{1,3}"
    r"|\b10\.\d{4,9}/[^\s\"'<>，。；）)\]]+|\barXiv:\s?\d{4}\.\d{4,5}\b|\bISBN[ :-]*[\d-]{10,17}|\bPMID:? ?\d{6,9}\b"
)
# Of a standard: its part, its year, and who else publishes it.
_PART = re.compile(r"(?<=\d)(?:[-—–:.](?:(?:19|20)\d\d|\d{1,2}))+$|/(?:iec|ieee|en|iso|ts|tr|t|z)\b|sp")
_CASE = re.compile(
    r"(?<![\w.])[A-Z][\w.&’'-]{0,30}(?: (?:[A-Z&(][\w.&’')-]{0,30}|of|and|the"
    r"|for)){0,6} v\.? [A-Z][\w.&’'-]{0,30}(?: [A-Z&(][\w.&’')-]{0,30}){0,5}"
    rf"|[{HAN}]{{1,8}}诉[{HAN}]{{2,14}}案"
)
_ADDRESS = re.compile(
    r"(?:https?://|\bwww\.)[^\s<>\"'“”`|，。、；：）】」》\]]+|\b(?:[\w-]{1,40}\.){1,3}(?:com|org|net|gov|edu|int"
    r"|uk|cn|de|eu|io)(?:/[\w%.~-]+){2,}",
    re.IGNORECASE,
)
# A study, with who made it or where it stands; a book, with its author or its year.
_STUDY = re.compile(
    r"\b(?:[Ss]tud(?:y|ies)|[Ss]urvey|[Pp]aper|[Rr]esearch(?:ers)?|[Rr]eport|[Mm]eta-analysis|[Ww]hite ?paper"
    r"|[Tt]rial|[Pp]rofessor|[Jj]ournal|[Rr]eview|Quarterly)\b"
    r"|研究|调查|论文|白皮书|调研|蓝皮书|学报|期刊|报告"
)
_OF_STUDY = re.compile(
    r"\b(?:University|Institute|College|School|Journal|Review|Quarterly|Foundation|Council|Association|Cent(?:re"
    r"|er)|Lab(?:oratory)?"
    r"|et al\.?|vol\.|pp?\.)(?!\w)|\b[A-Z][a-z]+(?:,| and| &) [A-Z][a-z]+ \((?:19|20)\d\d\)"
    r"|[Aa]ccording to (?:the |a )?(?:\d{4} )?(?:(?:[A-Z][\w&’'-]*|of|on|the|and) ){1,7}(?:Report|Survey|Study|Index"
    r"|Review)\b"
    r"|\b(?:Stanford|Harvard|Oxford|Cambridge|Yale|Gallup|Statista|Forrester|McKinsey|Gartner|Deloitte|PwC)\b"
    r"|麦肯锡|盖洛普|德勤|普华永道|哈佛|斯坦福|清华|北大|大学|学院|研究院|研究所|学会|协会|研究中心"
    r"|《[^《》\n]{2,40}(?<![法例定])》|等人"
)
_NAME = re.compile(
    r"\b(?!(?:According|An?|As|At|By|For|From|In|It|On|See|That|The|This|To|Under)\b)[A-Z][A-Za-z]+|\d[\d,.]*\d|《[^《》\n]+》"
)
# By its title, or the number behind a title.
_LAW = re.compile(r"《[^》]*(?:法|条例|规定|办法|标准|规范|公约|规则)|^.?》.*号$")
_BOOK = re.compile(
    r"(?P<en>[*_“\"‘]{1,2}[A-Z][^*_”\"’\n]{5,90}[*_”\"’]{1,2})(?=[^.\n]{0,40}\((?:[^()\n]{3,40},? )?(?:19|20)\d\d"
    r"|[^\n]{0,20}\bp\. ?\d|,? by [A-Z][a-z]+ [A-Z])"
    r"|(?P<zh>《[^《》\n]{2,40}》)(?=[^。\n]{0,20}(?:出版|[（(]?(?:19|20)\d\d|第 ?\d+ ?[页章]))"
)
_QUOTED = r"[“\"「『‘](?P<words>[^“”\"「」『』\n]{10,400})[”\"」』’]"
_QUOTES = re.compile(r"[“\"「『][^“”\"「」『』\n]{5,}[”\"」』]")
_SAID = re.compile(
    rf"(?:(?:[A-Z][a-z]+ (?:[A-Z]\.? ?)?[A-Z][a-z]+)(?: once| famously| also)? (?:said|wrote|observed|remarked"
    rf"|put it|noted|argued)"
    rf"|[{HAN}·]{{2,12}}(?:(?P<work>在《[^《》\n]{{2,30}}》[^，。“\n]{{0,8}}[中里][^。“\n]{{0,4}}[说写道讲云言])|曾|说过|写道"
    rf"|指出|有句|名言)[^。“\n]{{0,14}})[^.“\"\n]{{0,12}}{_QUOTED}"
    rf"|(?:handbook|policy|manual|contract|guidelines?|agreement|员工手册|制度|规定|办法|合同)"
    rf"(?: (?:says|states|reads|provides)(?: that)?|(?:第[^，。“\n]{{1,8}})?(?:规定|写明|明确|载明|约定))"
    rf"[：:，, ]*{_QUOTED.replace('words', 'document')}"
    # Of an article word for word: who knows it by heart?
    rf"|(?:第[一二三四五六七八九十百零\d]{{1,8}}[条款项][^“\"。\n]{{0,14}}"
    rf"|(?:[Aa]rticle|[Ss]ection|[Pp]aragraph|[Cc]lause|§|[Rr]egulation|[Rr]ule) ?[\d(][^“\".\n]{{0,40}})"
    rf"[：:，,][ *]*{_QUOTED.replace('words', 'article')}"
    rf"|{_QUOTED.replace('words', 'before')}[*_]{{0,2}}\s*(?:\n>?\s*)?(?:[-–—―]+ ?"
    rf"|[(（])[*_]{{0,2}}(?:[A-Z][a-z]+ (?:[A-Z]\.? ?)?[A-Z][a-z]+|[{HAN}·]{{2,12}})"
)
# What is written as the ancients wrote is known.
_MODERN = re.compile(r"[的了是我们个这那把被你]")
# What is made up is made up to be fresh; what has been in the reports for so long is in every textbook.
_OLD_CASE = re.compile(r"[\[(]1(?:[0-8]\d|9[0-7])\d[\])]")
_DEEP = re.compile(r"/(?!.*-[0-9a-f]{4}-[0-9a-f]{4}-)[a-z]+(?:-[a-z]\w*){4,}[^/]*$")  # a page's title
_SHORT_PATH = 8  # letters: the place of a topic
_KNOWN_SITE = re.compile(
    r"^(?:eur-lex|ec\.europa|ecfr)\.|^(?:legislation\.gov|law\.cornell|gesetze-im|flk\.npc|iccwbo|gdpr-info|irs\.gov)"
    r"|^(?:docs?|support|help"
    r"|learn|developers?|api|dev|wiki|pypi|packages?)\.|(?:^|\.)(?:wikipedia|wikimedia|wiktionary"
    r"|python|mozilla|microsoft|apple|google|github|gitlab|stackoverflow|stackexchange|readthedocs|debian|ubuntu"
    r"|gnu|kernel"
    r"|apache|oracle|postgresql|sqlite|mysql|nodejs|npmjs|rust-lang|golang|openai|huggingface|ollama|docker"
    r"|kubernetes"
    r"|adobe|iso|ietf|rfc-editor|unicode|w3|youtube|baidu|zhihu)\.|example\.|localhost|your|company\.|domain\."
)
# Of standards, what is made up has five digits and more; shorter ones are as well known as these, and as the codes for
# building, GB 50… and GB 55….
_NUMBERS = """
bs25999 c13112 c31118 c36214 c41593 din18040 din66399 en10204 en12464 en13306 en16931 en50173 en60204 en301549 gb10357
gb11714 gb12801 gb13495 gb13861 gb13869 gb14881 gb15834 gb15835 gb17625 gb18030 gb18401 gb18597 gb18883 gb19001
gb19012 gb22080 gb22239 gb24001 gb27922 gb28001 gb28050 gb29639 gb32100 gb33000 gb33761 gb35273 gb45001 iec60529
iec60601 iec61508 iec62304 iec62443 iso10002 iso10015 iso10075 iso10646 iso11064 iso11228 iso12100 iso12647 iso13485
iso14001 iso14644 iso14971 iso15489 iso16000 iso17025 iso17100 iso18001 iso19005 iso19011 iso20000 iso20121 iso20400
iso21001 iso21500 iso21502 iso22000 iso22301 iso22313 iso26000 iso26262 iso27001 iso27002 iso27005 iso27017 iso27018
iso27701 iso28000 iso30401 iso30414 iso31000 iso32000 iso37001 iso37002 iso37301 iso38500 iso42001 iso45001 iso50001
iso55001 nist80053 nist80061 nist80063 nist800171"""
_KNOWN_NUMBERS = frozenset(_NUMBERS.split())
_WELL_KNOWN_NUMBER = re.compile(r"[a-z]+\d{1,4}|gb5[05]\d{3}")
_KNOWN_NAMES = re.compile(
    r"Donoghue|ParkingEye|Makdessi|Arnold v|Rainy Sky|Pimlico|Harpur|Roffey|Montgomery v|Mencap"
    r"|Carlill|Hadley v|Salomon|Caparo|Rylands|Wednesbury|Foss v|Balfour v|Central London Property|High Trees"
    r"|Marbury|Brown v|Roe v|Miranda|Gideon|Griggs|Chevron|Daubert|Citizens United|Obergefell|Dobbs|Palsgraf|Lochner"
    r"|Schrems|Google Spain|Bosman|Francovich|Van Gend|Costa v|Cassis|Mangold|Uber|Autoclenz|Polkey|Burchell"
    r"|Hedley Byrne"
    r"|Getting Things Done|Seven Habits|7 Habits|Thinking, Fast|Win Friends|Elements of Style|Peopleware|Mythical Man"
    r"|Good to Great|Crucial Conversations|Never Split|Getting to Yes|Radical Candor|Pomodoro|Difficult Conv"
    r"|Thanks for the Feedback|Effective Executive"
    r"|Nonviolent Comm"
    r"|Death by Meeting|Five Dysfunctions|Deep Work|Atomic Habits|Made to Stick|Pyramid Principle|Clean Code|Lean In"
    r"|On Writing Well|Plain English|Design of Everyday|Don['’]t Make Me|Show Your Work|Tufte|Chicago Manual"
    r"|Lean Startup"
    r"|Principles of Scientific|Art of War|Wealth of Nations|Parkinson['’]s Law|Peter Principle"
    r"|Checklist Manifesto"
    r"|Animal Farm|Pride and Prejudice|Hamlet|Macbeth|Bible"
    r"|Attention Is All|Magical Number"
    r"|《[^》]{0,8}(?:七个习惯|卓有成效|金字塔原理|非暴力沟通|快与慢|论语|孟子|荀子|韩非子|礼记|大学|诗经|周易|尚书|左传|菜根谭|传习录|劝学|师说|岳阳楼记|出师表|孙子兵法|道德经|红楼梦|西游记|三国|水浒|史记|资治通鉴"
    r"|人性的弱点|搞定|关键对话|番茄工作法|刻意练习|深度工作|影响力|穷查理|围城|平凡的世界|三体|麦肯锡方法|人月神话|代码大全|清单革命"
    r"|新华字典|现代汉语词典|从优秀到卓越|谈判力|掌控习惯|原子习惯)|财税〔2016〕36|指导案例24"
)


def ungiven(exchange: Exchange) -> Sign | None:
    """Return a sign for a source that the model can have from its memory only."""
    if not exchange.knows_everything or _MADE_UP.search(exchange.request.own):
        return None
    users = "\n".join((exchange.system, *(said.text for said in exchange.earlier if said.role is Role.USER)))
    given = squeezed(users)
    for found in _sources(exchange, _names_in(users.title())):
        shown = " ".join(found.split()).strip(" *_,.;:，。")
        if squeezed(re.sub(r"^https?://(?:www\.)?", "", shown)) not in given:
            return Sign(SignKind.UNGIVEN, excerpt(shown))
    return None


def _sources(exchange: Exchange, given: set[str]) -> Iterator[str]:
    """Yield the sources that an answer names, without those that everybody knows, or that have but names given."""
    prose, told = exchange.prose, squeezed(exchange.background)
    is_rewritten = _QUOTES.search(exchange.request.own) is not None
    for pattern in (_NUMBERED, _CASE, _BOOK):
        for match in pattern.finditer(prose):
            around = prose[max(0, match.start() - 60) : match.end() + 60]
            key = squeezed(_PART.sub("", match[0].strip().casefold()))
            is_number = key in _KNOWN_NUMBERS or _WELL_KNOWN_NUMBER.fullmatch(key)
            is_known = is_number or _KNOWN_NAMES.search(around) or _names_in(match[0]) <= given
            is_old = pattern is not _BOOK and _OLD_CASE.search(around)
            if not is_known and not is_old and not _LAW.search(prose[max(0, match.start() - 2) : match.end()]):
                yield match[0]
    for match in _ADDRESS.finditer(prose):
        host, _, path = re.sub(r"^(?:https?://)?(?:www\.)?", "", match[0].rstrip(".,;:!?*_)").casefold()).partition("/")
        is_page = ("/" in path.strip("/") and len(path) > _SHORT_PATH) or re.search(r"\d|\.\w+$", path)
        if path and is_page and (_DEEP.search(path) or not _KNOWN_SITE.search(host)):
            yield match[0].rstrip(".,;:!?*_)")
    for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z*“\"])|[。！？\n]", prose):
        of_study = _OF_STUDY.search(sentence)
        is_own = _names_in(sentence) <= given
        if of_study and _STUDY.search(sentence) and not is_own and not _KNOWN_NAMES.search(sentence):
            yield sentence
    for match in _SAID.finditer(prose):
        of_text = match["document"] or match["article"]
        words = match["words"] or of_text or match["before"]
        is_foreign = of_text or match["work"] or _MODERN.search(words)
        is_long = len(words_of(words)) >= 5 or (count_han(words) >= 7 and is_foreign)
        is_famous = match["work"] and _KNOWN_NAMES.search(match["work"])
        if is_long and not is_rewritten and not is_famous and squeezed(words) not in told:
            yield words


def _names_in(text: str) -> set[str]:
    """Return the names, the numbers and, if there are none, the text."""
    return {each.casefold() for each in _NAME.findall(text)} or {text}
