"""Words by which a sentence of the user is a question, small talk, or takes something back, in English and Chinese."""

from __future__ import annotations

import re

SMALL_TALK = re.compile(
    r"(?:(?:many |ok(?:ay)?,? )?thanks?(?: you)?(?: very much| a lot| so much)?|thx|ok(?:ay)?|great|perfect|super|nice"
    r"|good|cool|yes|no|nope|(?:(?:that|this|it)(?:'s| is) )?(?:wrong|incorrect|not (?:true|right|correct))"
    r"|hi|hello|hey|good (?:morning|afternoon|evening)|bye|well done|i see"
    r"|(?:好的?|好吧|嗯+|行|可以|对的?|是的|谢谢|多谢|非常感谢|感谢|谢谢你|谢谢您|你好|您好|辛苦了|再见|明白了?|知道了|不错|很好|不对|错了|不是|没有)+"
    r"[了啊呀吧哈]?)[\s.!,~。！，～]*",
    re.IGNORECASE,
)
# "When I was 20 I smoked." and "Do not use tables." ask nothing, and "Summer" is not "sum".
QUESTION = re.compile(
    r"(?:please(?! (?:do not|don['’]t|never|note)\b)|can you|could you|would you|will you|what|why|how|which"
    r"|(?:when|where|who)(?:['’]s|\s+(?:is|are|was|were|am|do|does|did|can|could|should|would|will|has|have|had|must"
    r"|may|might|to|else)\b)|is|are|do(?! not\b)|does|did|should"
    r"|write|make|give|list|show|tell|explain|summari[sz]e|sum|translate|check|compare|find|draft|calculate|help"
    r"|turn|put|reply|answer|rewrite|rephrase|proofread|shorten|extract|convert|prepare|plan|sort|create|fix|correct)\b"
    r"|请(?![假客])|帮我|帮忙|麻烦|能不能|能否|可否|可以帮|为什么|怎么(?![都也])|如何|什么(?!都)|哪(?!怕)|谁(?!都)|多少(?!有)|是否"
    r"|写(?!字楼|着|了|的)|列出|总结|翻译(?!公司|员|了)|检查(?!结果|报告|了)|解释(?!了)|计算(?!机)"
    r"|[把将](?![手握来要会])|(?:回复|答复|整理|润色|校对|核对|起草|改写|缩短|提取|概括|拟)(?![了得过])"
    r"|比较(?!好|贵|便宜|大|小|多|少|高|低|忙|难|容易|喜欢|适合|重要)",
    re.IGNORECASE,
)
ENDS_ASKING = re.compile(r"(?:[?？]|[吗么呢])[\s\"”’」』）)。.!！]*$")
FORGET = re.compile(
    r"(?:(?:please )?(?:forget|ignore|scratch|drop|disregard) (?:that|this|it|what i (?:just )?said|my last (?:message"
    r"|question))|never ?mind|(?:算了|忘掉|忘了)(?:它|这个|那个|吧)?|当我没说|(?:请)?忽略(?:上面|前面|刚才|上一)"
    r"(?:的?[^，。]{0,8})|刚才(?:的|说的)(?:不算|作废))[\s.!,。！，]*",
    re.IGNORECASE,
)
CORRECTS = re.compile(
    r"(?:(?:no|sorry|wait|oops)[,.:]? (?:i (?:meant|mean)|not\b)|(?:sorry|wait|oops)[,.:]? it(?:'s| is) |i meant\b"
    r"|correction[:,]|rather[:,]|(?:说错了|抱歉)[，,。：:]\s*(?:我(?:是说|的意思是|说的是))?"
    r"|(?:(?:不对|不是|错了)[，,。：:]\s*)?我(?:是说|的意思是|说的是)|(?:改成|改为|应该是|更正[:：]))",
    re.IGNORECASE,
)
CLAUSE_END = re.compile(r"[，,。.!！?？;；\n]")
MARKUP = re.compile(r"^\s*(?:#{1,6}\s+|>\s*|[-*+•]\s+|\d{1,3}[.)、]\s*)+|\*\*|__|`")
