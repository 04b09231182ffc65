"""Names of people in Chinese texts: behind a word that says that one follows, in lists of such, and alone in a cell.

Names of other kinds are `claims.names`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from desktop.core.claims.claim import Finding, Kind
from desktop.core.text.scripts import HAN, NO_PEOPLE, SURNAMES

_NAME = rf"[{SURNAMES}][{HAN}]{{1,2}}?"
_BEFORE = (
    "联系人|负责人|经办人?|责任人|主持人?|记录人?|参会人员|出席人员|出席|列席|缺席|代表|记者|作者|经理|主任|局长|院长|教授|站长|校长|组长|班长|店长"
    "|董事长|总裁|总监|主管|部长|处长|科长|主席|秘书|委员|专员|顾问|讲师|主讲人?|工程师|业主|法定代表人|申请人|审批人|审核人?|编制人?|制表人?|计票人?"
    "|监票人?|批准|签发|收件人|签字|姓名|人力资源部|财务部|联系|由|报"
)
_DEEDS = (
    "汇报|报告|表示|认为|指出|说|负责|介绍|主持|发言|撰写|提出|补充|强调|审批|签批|审核|批准|确认|同意|牵头|主讲|组织|签署|签收|签|对接|跟进|提交|编制"
    "|接任|答复|回复|的?调查显示"
)
_BEHIND = rf"(?=$|[^{HAN}]|[和与及、在]|{_DEEDS}|先生|女士|老师|的调查)"
_LED = re.compile(
    rf"(?:(?:{_BEFORE})(?:是|为|由)?|[{HAN}][人员长](?:是|为|[：:\s]))[：:\s]*(?P<names>{_NAME}(?:[、，,和与及]\s?{_NAME})*){_BEHIND}"
)
_ACTING = re.compile(
    rf"(?:^|(?<=[\s。；;，,、“”\n]))(?P<names>{_NAME})(?=(?:{_DEEDS}|[：:]))",
    re.MULTILINE,
)
# Before an address or a telephone.
_REACHED = re.compile(rf"(?<=\s)(?P<names>{_NAME})(?=[\s，,（(]+(?:[\w.]+@|0?\d{{3,4}}[- ]|分机))")
_NAMED = re.compile(rf"(?<=[{HAN}][：:])\s?(?P<names>[{SURNAMES}][{HAN}]{{2}})(?=[，,。；;、（(\s]|$)")
_ALONE = re.compile(rf"(?:^|(?<=[|\t]))\s*(?P<names>{_NAME})\s*(?=$|[|\t])", re.MULTILINE)
_ONE = re.compile(rf"{_NAME}(?=$|[、，,和与及\s])")


def people_in(text: str) -> list[Finding]:
    """Return the people that a Chinese text names, in order."""
    found: dict[int, Finding] = {}
    for pattern in (_LED, _ACTING, _REACHED, _NAMED, _ALONE):
        for match in pattern.finditer(text):
            for thing in _names(match):
                found.setdefault(thing.start, thing)
    return [found[at] for at in sorted(found)]


def _names(match: re.Match[str]) -> Iterator[Finding]:
    names = match["names"]
    for one in _ONE.finditer(names):
        if one[0] in NO_PEOPLE:
            continue
        start = match.start("names") + one.start()
        yield Finding(Kind.NAME, one[0], start, start + len(one[0]), (one[0],))
