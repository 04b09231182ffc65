"""The forms in which words, quotations and figures of an answer and of a file are compared.

Latin words lose their endings, Chinese comes in twos, since a character alone says little. A quotation is found by
letters and digits alone, over lines and pages. A figure has the digits as its key that remain whatever its scale, its
separators and its zeros: they lead to the passages in which it may stand, and those are read.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from desktop.core.claims.claim import Finding, Kind
from desktop.core.claims.dates import MONTHS_BY_NAME
from desktop.core.claims.numbers import PARTS, durations_in, numbers_in, other_values
from desktop.core.text.number_words import CHINESE_DIGITS, ENGLISH_NUMBERS, SHARES, chinese_value, english_number
from desktop.core.text.scripts import HAN, squeezed

# P2 and D-110 tell one row from another, and are words of their own; so are the 3 of "level 3" never.
_WORD = re.compile(
    r"(?:[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth) [Qq]uarter(?![a-z])|"
    rf"(?<=[a-z] )[A-Z](?![\w'’.&])|[A-Za-z]{{1,4}}-?\d[\dA-Za-z-]*|[A-Za-zÀ-ÖØ-öø-ÿ]+(?:['’][a-z]+)?|[{HAN}]+"
)
_STOP_WORDS = (
    "the an in on at by for from to of with and or is was are were be been being it its this that these those"
    " as has have had he she they you your we our us their his her about around over under than more less most"
    " least some all only also into up per which who whom whose when where what there then so but if not no do"
    " does did done can could may might must shall should will would just very each every any other another"
    " such both either same own out off too again once here how why after before until since between during"
    " within through says said say states stated means following follows reads file document text answer"
    " according please date amount amounts total one two three first second third given gives give get gets set sets"
    " named names called i.e e.g etc via der die das und ein eine"
)
_STOP = frozenset(_STOP_WORDS.split())
_HAN_STOP = frozenset(
    "的了是在和与及或于有为以按从由对向将被把其该本此这那各每并而也都就则即可应须需请您我你他她它们个之所"
)
_BOUNDS = frozenset(("以上", "以下", "以内", "以外", "以前", "以后"))
_LONG, _STEM = 6, 5  # of longer words the beginning is compared: insured, insurance, insurer
# What is called by different words in offices, each group one word.
_SAME = {
    word: group.split()[0]
    for group in (
        "notic cancel terminat termination",
        "start begin begins began beginn commenc commence",
        "end ends ended expir expire expires ending",
        "price cost costs fee fees charg charge prices",
        "phone tel telep extension exten",
        "pay paid payme payment",
        "buy purch",
    )
    for word in group.split()
}

# Words of offices, English and Chinese, by which an answer is compared with a file in the other language.
_CHINESE_WORDS = (
    "rent 租金 房租|deposit 押金 保证 定金|notice 通知|contract 合同|agreement 协议|buyer 买方 甲方|seller 卖方 乙方|"
    "landlord 出租|tenant 承租|pay 付款 支付|price 价格 单价 报价 价款|tax 税费 含税 税额|vat 增值|invoice 发票|"
    "delivery 交货 交付 送货|freight 运费|insurance 保险|premium 保费|claim 理赔 索赔|warranty 质保 保修|"
    "acceptance 验收|installation 安装|training 培训|penalty 违约 罚款|interest 利息 利率|loan 贷款 借款|"
    "balance 余额 余款 结余|advance 预付|overtime 加班|leave 休假 年假 请假|holiday 假期 节假|salary 工资 薪酬 月薪|"
    "bonus 奖金 年终|allowance 津贴 补贴|probation 试用|employee 员工 职工|attendance 出勤 考勤|late 迟到 逾期|"
    "absence 缺勤 缺席|department 部门|manager 经理|meeting 会议|budget 预算|cost 成本 费用|revenue 收入 营收|"
    "profit 利润 盈利|margin 毛利|growth 增长 增速|increase 增加 上涨 提高|decrease 减少 下降 降低|quarter 季度|"
    "annual 年度 全年 每年|month 每月 月度|day 每日 每天|sales 销售|customer 客户|complaint 投诉|supplier 供应|"
    "project 项目|milestone 里程|deadline 期限 截止|complete 完成 竣工|construction 施工|equipment 设备|"
    "quantity 数量|weight 重量 体重|height 身高 高度|dimension 尺寸|warehouse 仓库|stock 库存|order 订单 订购|"
    "return 退货 退款 退还|discount 折扣 优惠|hotel 住宿 酒店|travel 差旅|lunch 午餐|meal 用餐 餐费|"
    "transport 交通 运输|parking 停车 车位|area 面积|floor 楼层|elevator 电梯|owner 业主|property 物业|"
    "vote 投票 表决 票数|approve 批准 审批 同意|against 反对|abstain 弃权|sign 签订 签署 签字|effective 生效|"
    "expire 到期 届满|renew 续租 续约 续签|terminate 解除 终止|arbitration 仲裁|court 法院|liability 责任|"
    "confidential 保密|bank 银行|account 账号 账户|statement 对账 账单|service 服务|maintenance 维护 维修 保养|"
    "response 响应|repair 修复 报修|fault 故障|test 测试 检测|operation 运行 运营|data 数据|software 软件|"
    "hardware 硬件|network 网络|user 用户|system 系统|student 学生|teacher 教师 老师|school 学校|course 课程|"
    "exam 考试 体检|register 报名 登记 注册|hospital 医院|doctor 医生|pressure 血压 压力|glucose 血糖|nodule 结节|"
    "thyroid 甲状|liver 肝脏|gallbladder 胆囊|risk 风险|fund 基金 资金|invest 投资|yield 收益|redeem 赎回|"
    "subscribe 申购 认购|benchmark 基准|share 份额|loss 亏损 损失|bid 投标|tender 招标|score 评分 得分 分数|"
    "qualification 资格 资质|certificate 证书|guarantee 保函 担保|performance 履约 绩效|safety 安全|noise 噪声 噪音|"
    "temperature 温度|energy 能源 节能 能耗|electricity 电费 用电|water 用水 水费|gas 燃气|efficiency 效率|"
    "capacity 容量 产能|speed 速度|distance 距离|staff 人员 人数|team 团队 班组|recruit 招聘|position 岗位 职位|"
    "interview 面试|candidate 候选|grade 职级 等级|pension 养老|store 门店|goods 货物 商品|package 包装 套餐|"
    "truck 货车 整车|route 线路|punctual 准点 准时|damage 破损 货损 损坏|compensation 赔付 补偿 赔偿|deductible 免赔|"
    "limit 限额 上限|minimum 最低 至少|maximum 最高 最多|average 平均|opening 期初|closing 期末|report 报告|"
    "plan 计划|target 目标|actual 实际|previous 上年 上期 上月|participant 参会 参加|chair 主持|responsible 负责|"
    "contact 联系|phone 电话|email 邮箱|address 地址|version 版本|downtime 停机|backup 备份|migration 迁移|"
    "interface 接口|requirement 需求 要求|change 变更 调整|phase 阶段|online 上线|pilot 试点|subsidy 补助|night 夜间|"
    "weekend 周末 休息|public 公共 公示|garage 车库|lighting 照明|charging 充电|security 保安|cleaning 保洁 清洁|"
    "resident 居民 住户|household 户数 住宅|shop 商铺|board 董事|committee 委员|material 材料 物料|quality 质量|"
    "labor 人工|design 设计|visit 接待 访问|exhibition 展览 展会|speaker 演讲|article 文章|author 作者|law 法律 法规|"
    "permit 许可|inspection 检查 检验|replace 更换|pump 水泵|reservoir 水库|road 道路|community 社区 小区|"
    "elderly 老人|volunteer 志愿|donation 捐赠|library 图书|member 会员 成员|card 卡片|product 产品|sample 样品|"
    "color 颜色|currency 货币|exchange 汇率|export 出口|import 进口|market 市场|brand 品牌|promotion 促销 推广|"
    "agent 代理|exclusive 独家|territory 区域|rebate 返利|channel 渠道|accident 事故|death 身故|disease 疾病|"
    "treatment 治疗|bed 床位|hospitalization 住院|waiting 等待|beneficiary 受益|insured 被保|surrender 退保|"
    "cash 现金|grace 宽限|cooling 犹豫|"
)


def words_in(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, str]]:
    """Yield each word of content with its place in the text, between two places of it."""
    for match in _WORD.finditer(text, start, len(text) if end is None else end):
        word = match[0]
        if word[0] >= "\u3400":
            for offset, two in _twos(word):
                yield match.start() + offset, two
        elif stem := _FORMS[word]:
            yield match.start(), stem


class _Forms(dict[str, str]):
    """The compared form of each Latin word that was met."""

    def __missing__(self, word: str) -> str:
        if len(self) > _MOST_FORMS:
            self.clear()
        form = self[word] = _compared(word)
        return form


_MOST_FORMS = 100_000
_QUARTERS = {"fi": "q1", "se": "q2", "th": "q3", "fo": "q4"}
_FORMS = _Forms()


def raw_words(text: str) -> list[str]:
    """Return the words of a text as they are written; Chinese in runs."""
    return _WORD.findall(text)


def word_set(text: str) -> set[str]:
    """Return the words of content of a text."""
    return compared(raw_words(text))


def compared(raw: Iterable[str]) -> set[str]:
    """Return the words of content among words as they are written."""
    words = list(raw)
    latin = [word for word in words if word < "\u3400"]
    found = set(map(_FORMS.__getitem__, latin))
    if len(latin) < len(words):
        found.update(*(_two_set(word) for word in words if word >= "\u3400"))
    found.discard("")
    return found


def _compared(word: str) -> str:
    """Return the compared form of what is written without Chinese."""
    if " " in word:
        return _QUARTERS[word[:2].lower()]
    if any(map(str.isdigit, word)):
        return word.lower().replace("-", "")
    return _stem_of(word)


def _stem_of(word: str) -> str:
    """Return the compared form of a Latin word; empty for one that stands beside everything."""
    small = word.lower().partition("'")[0].partition("’")[0]
    if len(word) == 1 and word.isupper():
        return small  # Workshop A
    if len(small) < 2 or small in _STOP:
        return ""
    if len(small) > 3 and small.endswith("s") and not small.endswith("ss"):
        small = small[:-1]
    if len(small) >= _LONG:
        small = small[:_STEM]
        if small[-1] == "d":
            small = small[:-1] + "s"  # decide, decision
    return _SAME.get(small, small)


@lru_cache(maxsize=20_000)
def _two_set(run: str) -> frozenset[str]:
    return frozenset(two for _, two in _twos(run))


@lru_cache(maxsize=20_000)
def _twos(run: str) -> tuple[tuple[int, str], ...]:
    """Return the twos of a run of Chinese characters, each with its place in it."""
    if len(run) == 1:
        return () if run in _HAN_STOP else ((0, run),)
    return tuple(
        (offset, _ENGLISH.get(run[offset : offset + 2], run[offset : offset + 2]))
        for offset in range(len(run) - 1)
        if (run[offset] not in _HAN_STOP and run[offset + 1] not in _HAN_STOP) or run[offset : offset + 2] in _BOUNDS
    )


_ENGLISH = {
    chinese: _stem_of(english)
    for english, *every in (row.split() for row in _CHINESE_WORDS.split("|") if row)
    for chinese in every
}


_RUN = re.compile(r"[^\W_]+")
_MOST = 40  # places of the same words


class SqueezedText:
    """Squeezed form of a text, made once, passage by passage; the way back is made where it is gone."""

    def __init__(self, text: str, passages: Sequence[tuple[int, int]]) -> None:
        self._whole = text
        self._passages = passages
        pieces = [squeezed(text[start:end]) for start, end in passages]
        self._at = array("l")  # where each passage begins here
        length = 0
        for piece in pieces:
            self._at.append(length)
            length += len(piece)
        self.text = "".join(pieces)
        self._runs: dict[int, list[tuple[int, int, int]]] = {}

    def places(self, words: str, *, whole_words: bool = False) -> list[tuple[int, int]]:
        """Return where squeezed words stand in the text itself; `whole_words`: not as a part of others."""
        found: list[tuple[int, int]] = []
        at = self.text.find(words) if words else -1
        while at >= 0 and len(found) < _MOST:
            end = at + len(words)
            if not whole_words or (self._is_edge(at) and self._is_edge(end)):
                found.append((self._original(at), self._original(end - 1) + 1))
            at = self.text.find(words, at + 1)
        return found

    def _is_edge(self, at: int) -> bool:
        """Return True if a word or number begins or ends here; Chinese has no spaces, and may do so anywhere."""
        if not 0 < at < len(self.text) or not _joined(self.text[at - 1], self.text[at]):
            return True
        return any(begins == at for begins, _, _ in self._runs_of(self._passage_of(at)))

    def _passage_of(self, at: int) -> int:
        return bisect_right(self._at, at) - 1

    def _original(self, at: int) -> int:
        """Return the place in the text of a letter of the squeezed one."""
        runs = self._runs_of(self._passage_of(at))
        begins, start, end = runs[bisect_right(runs, (at, 1 << 60, 0)) - 1]
        return min(start + at - begins, end - 1)

    def _runs_of(self, passage: int) -> list[tuple[int, int, int]]:
        """Return the runs of letters of a passage: where each begins here, and its place in the text."""
        known = self._runs.get(passage)
        if known is None:
            known = self._runs[passage] = []
            at = self._at[passage]
            for match in _RUN.finditer(self._whole, *self._passages[passage]):
                known.append((at, match.start(), match.end()))
                at += len(match[0]) if match[0].isascii() else len(_folded(match[0]))
        return known


def _folded(run: str) -> str:
    return squeezed(unicodedata.normalize("NFKC", run))


def _joined(before: str, behind: str) -> bool:
    """Return True if two letters beside each other belong to one word or number."""
    return before.isascii() and behind.isascii() and before.isdigit() == behind.isdigit()


_DIGITS = re.compile(r"\d+")
_RUNS = re.compile(r"\d+(?:[.,'’ \u00a0\u2009\u202f]\d+)*")
_MIXED = re.compile(r"(?<!\d)\d++(?:[万亿千百]\d*+)+")  # from each digit on, a long run would be gone through again
_HAN = re.compile(rf"[{''.join(CHINESE_DIGITS)}十百千万亿拾佰仟]+(?:点[{''.join(CHINESE_DIGITS)}]+)?")
_IN_WORDS = re.compile(rf"\b(?:{'|'.join(ENGLISH_NUMBERS)})(?:(?:-| and | )(?:{'|'.join(ENGLISH_NUMBERS)}))*\b")
_ENGLISH_WORDS = frozenset(way for word in ENGLISH_NUMBERS for way in (word, word.capitalize(), word.upper()))
_NOON = 12
_SHARE = re.compile("|".join(SHARES))
_TIME_KEYS = {"noon": "12", "midnight": "0"}
_WORDS_OF_SHARES = frozenset(
    (
        *_TIME_KEYS,
        *[
            "quarter",
            "quarters",
            "third",
            "thirds",
            "fifth",
            "fifths",
            "tenth",
            "sixth",
            "eighth",
            "twelfth",
            "half",
            "Half",
            "ten",
            "five",
            "twenty",
        ],
    )
) | {"twice", "Twice", "dozen", "fortnight"}
_NO_DIGITS = re.compile(r"\D+")


def keys_in(text: str, words: Iterable[str]) -> set[str]:
    """Return the keys of all figures of a text; `words` are its words as they are written."""
    found: set[str] = {str(MONTHS_BY_NAME[word]) for word in words if word in MONTHS_BY_NAME}
    is_ascii = text.isascii()
    if not is_ascii:
        for sign, part in PARTS.items():
            text = text.replace(sign, f"{part}"[1:])
    runs = _RUNS.findall(text)
    for run in runs:
        if run.isdecimal():
            found.add(run.strip("0") or "0")
        else:
            found.update(map(_key, _DIGITS.findall(run)))
            found.add(_key(_NO_DIGITS.sub("", run)))
    if runs:
        found.update(_key(each.value) for each in durations_in(text))
    if runs and not is_ascii:
        found.update(_key(_NO_DIGITS.sub("", run)) for run in _MIXED.findall(text))
    if not is_ascii:
        found.update(map(_han_key, _HAN.findall(text)))
        found.discard("")
    if not _ENGLISH_WORDS.isdisjoint(words):
        found |= _english_keys(text)
    if not _WORDS_OF_SHARES.isdisjoint(words) or (not is_ascii and ("半" in text or "刻钟" in text)):
        found.update(_key(_NO_DIGITS.sub("", SHARES[each][0])) for each in _SHARE.findall(text.lower()))
        found.update(_TIME_KEYS[word] for word in words if word in _TIME_KEYS)
    if not is_ascii and ("分之" in text or "折" in text):
        found.update(_key(_NO_DIGITS.sub("", each.value)) for each in numbers_in(text) if each.unit == "%")
    return found


@lru_cache(maxsize=10_000)
def _han_key(run: str) -> str:
    head, _, decimals = run.partition("点")
    if not head:
        return ""
    return _key(f"{chinese_value(head)}{''.join(str(CHINESE_DIGITS[sign]) for sign in decimals)}")


def _english_keys(text: str) -> set[str]:
    found: set[str] = set()
    for run in _IN_WORDS.findall(text.lower()):
        words = re.split(r"[- ]", run)
        at = 0
        while at < len(words):
            if words[at] == "and":
                at += 1
                continue
            value, at = english_number(words, at)
            found.add(_key(str(value)))
            found.add(_key(f"{value}5"))  # and a half
    return found


def keys_of(thing: Finding) -> Iterator[str]:
    """Yield a key for each value of a figure; passages without it need not be read."""
    for value in thing.values:
        if thing.kind is Kind.DATE:
            if ":" in value:
                yield _key(value.replace(":", "").lstrip("0"))
            if ":" in value and int(value[:2]) > _NOON:
                yield _key(str(int(value[:2]) - _NOON))
            day, month = value.rpartition("-")[2].strip("?"), value[2:4] if value[0] == "?" else value[:4]
            yield _key(value.rpartition(":")[0] or day or month)
        else:
            yield _key(_NO_DIGITS.sub("", value))
    for value in other_values(thing):
        yield _key(_NO_DIGITS.sub("", value))


def _key(digits: str) -> str:
    return digits.strip("0") or "0"
