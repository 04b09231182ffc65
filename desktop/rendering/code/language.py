"""The language of code without a label, where a line near its beginning leaves no doubt.

A few certain signs, no statistics: a wrong guess colours keywords in a letter, no guess leaves code plain. The first
line with a sign decides, so a block that still grows changes its language once at most.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

MOST_LINES = 30
_LONGEST_LINE = 300

# In order: the first that matches a line decides. Each must be rare in prose, in logs and in other languages.
_SIGNS: Final = tuple(
    (re.compile(sign), language)
    for sign, language in (
        (r"#!.*\bpython", "python"),
        (r"#!.*\b(?:ba|z|k|da)?sh\b", "bash"),
        (r"#!.*\b(?:node|deno|bun)\b", "javascript"),
        (r"#!.*\bperl\b", "perl"),
        (r"#!.*\bruby\b", "ruby"),
        (r"<\?php\b", "php"),
        (r"<\?xml\b", "xml"),
        (r"(?i)\s*<!doctype html\b", "html"),
        (r"\s*</?(?:html|head|body|div|span|script|style|table|ul|p|a|h[1-6])(?:\s+[\w-]+=.*)?>", "html"),
        (r"\s*<svg\s", "xml"),
        (r"\s*#\s*include\s*[<\"]", "cpp"),
        (r"(?:diff --git |--- a/|@@ -\d+(?:,\d+)? \+\d)", "diff"),
        (r"\s*(?:async )?def \w+\(.*\)(?: -> .+)?:\s*(?:#.*)?$", "python"),
        (r"\s*class \w+(?:\([\w., =]*\))?:\s*$", "python"),
        (r"from [\w.]+ import [\w(*]", "python"),
        (r"import \w+(?:\.\w+)*(?: as \w+)?\s*$", "python"),
        (r"\s*(?:export )?(?:default )?(?:async )?function\b\s*\*?\s*\w*\s*\(", "javascript"),
        (r"\s*(?:export )?(?:const|let) [\w$]+\s*(?::[^=]+)?= ?\S", "javascript"),
        (r"\s*(?:const|let) [{\[].*[}\]] = ", "javascript"),
        (r"\s*import .+ from ['\"].+['\"];?\s*$", "javascript"),
        (r"\s*console\.(?:log|error)\(", "javascript"),
        (r"using [A-Z]\w*(?:\.\w+)*;\s*$", "csharp"),
        (r"import [a-z]\w*(?:\.[\w*]+)+;\s*$", "java"),
        (r"\s*(?:public|private|protected) (?:static |final |abstract )*(?:class|interface|void|int|String)\b", "java"),
        (r"package \w+\s*$", "go"),
        (r"func (?:\(\w+ \*?\w+\) )?\w+\(.*\{\s*$", "go"),
        (r"\s*(?:pub )?fn \w+(?:<.*>)?\(", "rust"),
        (r"use (?:std|crate|super)::", "rust"),
        (r"\s*(?:SELECT|INSERT INTO|CREATE (?:TABLE|VIEW|INDEX)|DELETE FROM|ALTER TABLE)\s+\S", "sql"),
        (r"(?i)\s*select\s.+\sfrom\s", "sql"),
        (r"\s*\[?\s*{?\s*\"[\w $./@-]+\"\s*:\s*(?:[\[{\"\d-]|true|false|null)", "json"),
        (r"(?:\.[\w-]+|#[\w-]+|@media .+|body|:root)\s*\{\s*$", "css"),
        (r"FROM [\w./-]+(?::[\w.-]+)?(?: AS \w+)?\s*$", "docker"),
        (r"\\(?:documentclass|begin\{|usepackage)", "tex"),
        (r"\$ \w", "console"),
        (r"(?:sudo|apt|apt-get|pip3?|npm|npx|git|docker|curl|cd|mkdir|brew) [\w./~-]", "bash"),
        (r"(?:graph|flowchart) (?:TD|TB|LR|RL|BT)\b|(?:sequence|class|state|er)Diagram(?:-v2)?\s*$", "mermaid"),
    )
)


def guess_language(lines: Sequence[str]) -> str:
    """Return a name as it could stand after a fence, or an empty string. Only whole lines may be given."""
    for line in lines[:MOST_LINES]:
        for sign, language in _SIGNS:
            if sign.match(line[:_LONGEST_LINE]):
                return language
    return ""
