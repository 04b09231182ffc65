"""By which words a sentence of a person is a question, small talk, or takes something back, in English and Chinese."""

from __future__ import annotations

import re

SMALL_TALK = re.compile(
    r"(?:(?:many |ok(?:ay)?,? )?thanks?(?: you)?(?: very much| a lot| so much)?|thx|ok(?:ay)?|great|perfect|super|nice"
    r"|good|cool|yes|hi|hello|hey|good (?:morning|afternoon|evening)|bye|well done|i see"
    r"|(?:好的?|好吧|嗯+|行|可以|对的?|是的|谢谢|多谢|非常感谢|感谢|谢谢你|谢谢您|你好|您好|辛苦了|再见|明白了?|知道了|不错|很好)+"
    r"[了啊呀吧哈]?)[\s.!,~。！，～]*",
    re.IGNORECASE,
)
QUESTION = re.compile(
    r"(?:please|can you|could you|would you|will you|what|why|how|when|where|who|which|is|are|do|does|did|should"
    r"|write|make|give|list|show|tell|explain|summari[sz]e|sum|translate|check|compare|find|draft|calculate|help"
    r"|请|帮我|帮忙|麻烦|能不能|能否|可否|可以帮|为什么|怎么|如何|什么|哪|谁|多少|是否|写|列出|总结|翻译|检查|解释|计算|比较)",
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
    r"(?:(?:no|sorry|wait|oops)[,.:]? (?:i (?:meant|mean)|not\b|it(?:'s| is) )|i meant\b|correction[:,]|rather[:,]"
    r"|(?:不对|不是|错了|说错了|抱歉)[，,。：:]|(?:不对)?[，,]?我(?:是说|的意思是|说的是)|(?:改成|改为|应该是|更正[:：]))",
    re.IGNORECASE,
)
SENTENCE = re.compile(r".+?(?:[.!?…]+[\"'”’)]*(?=\s|$)|[。！？；]+[”’」』）]*|$)")
MARKUP = re.compile(r"^\s*(?:#{1,6}\s+|>\s*|[-*+•]\s+|\d{1,3}[.)、]\s*)+|\*\*|__|`")
CODE = re.compile(r"^(```|~~~).*?(?:^\1|\Z)", re.MULTILINE | re.DOTALL)
