"""Drafts for which advice must be given, and such for which it must not, in both languages."""

from __future__ import annotations

from desktop.core.advice.piece import AdviceKey as Key
from desktop.core.advice.piece import PromptSetting
from desktop.core.model import ModelInfo
from desktop.core.place import THIS_COMPUTER, Place, PlaceKind
from desktop.core.prompts.prompt import Example, Material, PromptDraft
from desktop.core.request import ThinkingMode

INTERNET = PromptSetting(place=Place(PlaceKind.INTERNET, "api.example.com"))
HERE = PromptSetting(place=THIS_COMPUTER)
LATER = PromptSetting(is_first=False)
PLAIN = ModelInfo("llama3", capabilities=frozenset({"completion"}), context_length=4_096)
QWEN = ModelInfo("qwen3", capabilities=frozenset({"completion", "thinking"}), thinking_modes=(ThinkingMode.OFF,))
SWITCHED = ModelInfo("qwen3", thinking_modes=(ThinkingMode.ON, ThinkingMode.OFF))
R1 = ModelInfo("deepseek-r1:7b", capabilities=frozenset({"completion", "thinking"}))
R1_LATER = ModelInfo("deepseek-ai/DeepSeek-R1-0528")


def to(model: ModelInfo, **more: object) -> PromptSetting:
    return PromptSetting(model=model, window=model.context_length, **more)  # type: ignore[arg-type]


def draft(
    task: str = "",
    material: str | tuple[str, ...] = (),
    examples: tuple[tuple[str, str], ...] = (),
    thinks: bool = False,
    **texts: str,
) -> PromptDraft:
    materials = (material,) if isinstance(material, str) else material
    return PromptDraft(
        framework="main",
        texts={"task": task, **texts},
        materials=tuple(Material("task", each) for each in materials),
        examples=tuple(Example(*each) for each in examples),
        chain_of_thought=thinks,
    )


LONG = "The board met on Tuesday and spoke about the new warehouse in Leipzig and its costs. " * 12
LATE = "The goods are late and it was on the way to the hall for a week."
LONG_ZH = "董事会周二开会，讨论了新仓库的位置和费用，还听取了销售部门的情况汇报。" * 12
MOVED = "Write to our customers that we move to the new hall in May."
PAIR = ("a", "b")

Case = tuple[PromptDraft, PromptSetting]
NONE = PromptSetting()

GIVEN: dict[Key, list[Case]] = {
    Key.PERSONAL_DATA: [
        (draft("Write to anna.berg@example.com about the order."), INTERNET),
        (draft("Answer the mail.", "Call me: +49 30 1234567"), INTERNET),
        (draft("Answer the mail.", "IBAN DE89 3704 0044 0532 0130 00"), INTERNET),
        (draft("Write a reply to Ms Berg."), INTERNET),
        (draft("Write a reply.", examples=(("Dr. Weiss asks for a date", "Dear …"),)), INTERNET),
        (draft("给王经理写一封邮件。"), INTERNET),
        (draft("把下面的信息整理成表格。", "张伟先生，手机 13812345678"), INTERNET),
        (draft("核对身份证号 11010519491231002X。"), INTERNET),
    ],
    Key.TOO_LONG: [
        (draft("Summarise the report.", "word " * 5_000), to(PLAIN)),
        (draft("概括报告。", "报告" * 4_000), to(PLAIN)),
        (draft("Summarise it.", "word " * 2_000), to(PLAIN, system="rule " * 2_000)),
    ],
    Key.MATERIAL_WITHOUT_TASK: [
        (draft("", LONG), NONE),
        (draft("", LONG_ZH), NONE),
    ],
    Key.PLACEHOLDER_LEFT: [
        (draft("Write a mail to {{recipient}} about the delay."), NONE),
        (draft("Write a mail to [name]."), NONE),
        (draft("Write a mail to XXX about the delay."), NONE),
        (draft("Write a mail.", context="The order is for [your company]."), NONE),
        (draft("Write to ____ about the delay."), NONE),
        (draft("给【姓名】写一封邮件。"), NONE),
        (draft("给某某公司写一封邮件。"), NONE),
        (draft("给（客户名称）写一封通知。"), NONE),
    ],
    Key.TEXT_MISSING: [
        (draft("Write a reply to the complaint."), NONE),
        (draft("Translate the contract into English."), NONE),
        (draft("Answer the mail.", context="The customer is angry."), NONE),
        (draft("帮我回复客户投诉", context="客户很生气"), NONE),
        (draft("翻译一下"), NONE),
        (draft("Fix this text"), NONE),
        (draft("Translate it into English."), NONE),
        (draft("Can you shorten that for me?"), NONE),
        (draft("Summarise the text below in three sentences."), NONE),
        (draft("总结这段文字"), NONE),
        (draft("请翻译它"), NONE),
        (draft("帮我改一下这份合同"), NONE),
    ],
    Key.THINKS_BY_ITSELF: [
        (draft("Calculate the costs.", thinks=True), to(QWEN)),
        (draft("Calculate the costs. Think step by step."), to(QWEN)),
        (draft("计算费用。", thinks=True), to(R1)),
        (draft("请一步一步计算费用。"), to(SWITCHED)),
    ],
    Key.CONTRADICTION: [
        (draft("Write a short notice in great detail."), NONE),
        (draft("Write a mail.", tone="formal", format="casual, like a chat"), NONE),
        (draft("Explain VAT.", tone="in plain words", format="with technical terms"), NONE),
        (draft("Explain VAT briefly.", format="A comprehensive text."), NONE),
        (draft("写一封正式的邮件。", tone="口语化一点"), NONE),
        (draft("简短说明项目情况。", format="详细的报告"), NONE),
        (draft("写通知。", tone="严肃", format="幽默的短文"), NONE),
    ],
    Key.EXAMPLE_INCOMPLETE: [
        (draft("Sort the mails.", examples=(PAIR, ("only input", ""))), NONE),
        (draft("给邮件分类。", examples=(("", "只有输出"), PAIR)), NONE),
    ],
    Key.LANGUAGE_UNSAID: [
        (draft("Summarise the report in three points.", LONG_ZH), NONE),
        (draft("用三点概括这份报告。", LONG), NONE),
    ],
    Key.SAME_LANGUAGE: [
        (draft("Translate the text into English.", LATE), NONE),
        (draft("把下面的文字翻译成英文，不增不减。", LATE), NONE),
        (draft("把下面的文字翻译成中文。", "货物晚到了一个星期，请尽快处理，谢谢您的配合。"), NONE),
    ],
    Key.NO_CONTEXT: [
        (draft("Write a mail to our customers."), NONE),
        (draft("Draft a speech for the summer party."), NONE),
        (draft("写一份发言稿。"), NONE),
    ],
    Key.VAGUE_WORD: [
        (draft("Make my text better.", "Teh"), NONE),
        (draft("Write a notice.", tone="nice"), NONE),
        (draft("把邮件写得好一点。", "你好"), NONE),
        (draft("优化一下这封邮件。", "你好"), NONE),
    ],
}  # fmt: skip

NOT_GIVEN: dict[Key, list[Case]] = {
    Key.PERSONAL_DATA: [
        (draft("Write to anna.berg@example.com about the order."), HERE),
        (draft("Write to anna.berg@example.com about the order."), NONE),
        (draft("Write a reply. The order 2024-05-03 has the number 1182-44.", "Invoice 20240503"), INTERNET),
        (draft("Compare the versions 1.12.3456 and 10.0.19045.4291."), INTERNET),
        (draft("IBAN DE89 3704 0044 0532 0130 02 is wrong: explain why."), INTERNET),
        (draft("Explain what the mr command does."), INTERNET),
        (draft("写一封邮件给采购部的高级经理。"), INTERNET),
        (draft("2024 年 5 月 3 日的订单 20240503 是否送达？"), INTERNET),
    ],
    Key.TOO_LONG: [
        (draft("Summarise the report.", "word " * 2_000), to(PLAIN)),
        (draft("Summarise the report.", "word " * 9_000), NONE),
        (draft("概括报告。", "报告" * 1_000), to(PLAIN)),
    ],
    Key.MATERIAL_WITHOUT_TASK: [
        (draft("the warehouse", LONG), NONE),
        (draft("仓库的事", LONG_ZH), NONE),
        (draft("Summarise.", LONG), NONE),
        (draft("Which costs are named?", LONG), NONE),
        (draft("Bericht zusammenfassen und übersetzen, für den Vorstand", LONG), NONE),
        (draft("概括一下。", LONG_ZH), NONE),
        (draft("有哪些费用？", LONG_ZH), NONE),
    ],
    Key.PLACEHOLDER_LEFT: [
        (draft("Explain what {{ x }} in the template means".replace("{{ x }}", "a blank")), NONE),
        (draft("Explain the template.", "Dear {{name}}, [name] XXX"), NONE),
        (draft("Explain the template:\nDear [name], thank you for XXX"), NONE),
        (draft("Mark it with [x] and cite as [1]."), NONE),
        (draft("Explain SIXXX and the [link](address)."), NONE),
        (draft("解释模板（见附录）。", "尊敬的【姓名】"), NONE),
    ],
    Key.TEXT_MISSING: [
        (draft("Write a reply to the complaint.", "Dear Sirs"), NONE),
        (draft("Write a reply to the complaint."), LATER),
        (draft("Write a mail to our customers about the move."), NONE),
        (draft("How do I answer a complaint?"), NONE),
        (draft("is it legal to read the mails of staff"), NONE),
        (draft("钉钉和企业微信比较一下"), NONE),
        (draft("翻译合同条款", "甲方"), NONE),
        (draft("翻译：甲方应当在三十天之内付款。"), NONE),
        (draft("写一份劳动合同。"), NONE),
        (draft("Fix this text", "Teh text"), NONE),
        (draft("Translate it into English."), LATER),
        (draft("Translate this: Guten Tag, wie geht es Ihnen?"), NONE),
        (draft("Write a mail about the delay. Keep it short."), NONE),
        (draft("写一份这个月的工作计划。"), NONE),
        (draft("把下面的话翻译成英文：今天下午的会议改到明天上午十点。"), NONE),
    ],
    Key.THINKS_BY_ITSELF: [
        (draft("Calculate the costs.", thinks=True), to(PLAIN)),
        (draft("Calculate the costs."), to(R1)),
        (draft("Calculate the costs.", thinks=True), NONE),
        (draft("计算费用。", thinks=True), to(SWITCHED, thinking_off=True)),
    ],
    Key.CONTRADICTION: [
        (draft("Write a short summary of the detailed report."), NONE),
        (draft("Write a mail.", tone="formal, not casual"), NONE),
        (draft("Write a mail.", tone="Formal", context="They were casual and wrote in great detail."), NONE),
        (draft("Write a short text instead of a comprehensive one."), NONE),
        (draft("How do I tell him? Two versions, one casual and one formal."), NONE),
        (draft("怎么跟她说？给我两种说法，一种轻松一点，一种正式一点"), NONE),
        (draft("Reply formally:\nHi, we keep it casual here."), NONE),
        (draft("写一封正式的邮件。", tone="正式，不要口语化"), NONE),
        (draft("简短说明。", context="对方写得很详细。"), NONE),
    ],
    Key.EXAMPLE_INCOMPLETE: [
        (draft("Sort the mails.", examples=(PAIR, PAIR)), NONE),
        (draft("写邮件。", examples=(("", "尊敬的客户：……"),)), NONE),
    ],
    Key.LANGUAGE_UNSAID: [
        (draft("Summarise the report in English.", LONG_ZH), NONE),
        (draft("Translate the report.", LONG_ZH), NONE),
        (draft("Summarise the report.", LONG), NONE),
        (draft("把这份报告翻译过来。", LONG), NONE),
        (draft("用中文概括这份报告。", LONG), NONE),
    ],
    Key.SAME_LANGUAGE: [
        (
            draft("Translate the text into Chinese.", LATE),
            NONE,
        ),
        (draft("Translate the text into English."), NONE),
        (draft("Summarise it in English.", LATE), NONE),
        (draft("把下面的文字翻译成英文。", "货物晚到了一个星期，请尽快处理，谢谢您的配合。"), NONE),
        (draft("用中文总结一下。", "货物晚到了一个星期，请尽快处理，谢谢您的配合。"), NONE),
    ],
    Key.NO_CONTEXT: [
        (draft("Write a mail to our customers.", context="We move in May."), NONE),
        (draft("Write a reply.", "Dear Sirs, …"), NONE),
        (draft("Which day is the third Friday of May?"), NONE),
        (draft("Write a mail to our customers."), LATER),
        (draft("写一份发言稿。", context="夏季聚会。"), NONE),
        (draft("帮我写个请假条，明天下午去医院"), NONE),
        (draft("Write an apology to a customer whose order we got wrong (lemon, not vanilla)."), NONE),
        (draft("Write Python code that reverses a list"), NONE),
        (draft("explain VLOOKUP like I'm five"), NONE),
    ],
    Key.VAGUE_WORD: [
        (draft("Say which offer is better for us.", LONG), NONE),
        (draft("Write a good mail to the supplier."), NONE),
        (draft("Write a catchy headline for the newsletter."), NONE),
        (draft("做一张高大上的海报文案。"), NONE),
        (draft("Reply to this:\nHi Sam, I hope you had a good weekend. We need it soon."), NONE),
        (draft("What is a nicer word for cheap?"), NONE),
        (draft("帮我回一下\n\n王总，画册做得很漂亮，请尽快发货。"), NONE),
        (draft("Write a mail that begins with good morning."), NONE),
        (draft("Write a mail.", context="They are good customers."), NONE),
        (draft("Schreib einen nice Text für den Newsletter und die Kunden"), NONE),
        (draft("哪份报价更便宜？", LONG_ZH), NONE),
    ],
}
