"""Messages as people write them, taken apart by rules; and that no word of them is lost."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.prompts.freeform_parser import take_apart, taken_apart
from desktop.core.prompts.prompt import Example, Material, PromptDraft, tidied
from desktop.core.prompts.render import render
from tests.core.prompts.frameworks import MAIN, PLAIN

Parts = dict[str, object]

# Message → texts by field; `material`, `examples` and `thinks` where there are some.
MESSAGES: dict[str, Parts] = {
    "Fix the spelling.": {"task": "Fix the spelling."},
    # What is to be worked on goes between fences, all of it and nothing else, wherever the order stands.
    "pls proofread\nWe are exited to open our store on monday.": {
        "task": "pls proofread",
        "material": ["We are exited to open our store on monday."],
    },
    "Ann - budget ok, 20k\nBen calls the supplier\nmake minutes out of this": {
        "task": "make minutes out of this",
        "material": ["Ann - budget ok, 20k\nBen calls the supplier"],
    },
    "make a table:\nMiller 12\nJones 4\nadd a total row": {
        "task": "make a table:\nadd a total row",
        "material": ["Miller 12\nJones 4"],
    },
    "Compare these offers, price matters most\n\nOffer A: 40 laptops, 890 each\nOffer B: 40 laptops, 835 each": {
        "task": "Compare these offers, price matters most",
        "material": ["Offer A: 40 laptops, 890 each\nOffer B: 40 laptops, 835 each"],
    },
    'Is this clause ok for us? "The landlord may adjust the rent at any time."': {
        "task": "Is this clause ok for us?",
        "material": ["The landlord may adjust the rent at any time."],
    },
    "甲方应在30日内付款，逾期按日万分之五支付违约金。\n翻译成英文": {
        "task": "翻译成英文",
        "material": ["甲方应在30日内付款，逾期按日万分之五支付违约金。"],
    },
    "市场部 王芳 打车 86\n研发部 赵敏 高铁 553\n做成表格，最后加合计": {
        "task": "做成表格，最后加合计",
        "material": ["市场部 王芳 打车 86\n研发部 赵敏 高铁 553"],
    },
    "核对一下这几个数\n一月 3200\n合计 3200": {"task": "核对一下这几个数", "material": ["一月 3200\n合计 3200"]},
    "照下面的样子写：\n尊敬的客户：\n您的订单已发货。\n写一封催款函给恒达公司，欠款8万": {
        "task": "照下面的样子写：\n写一封催款函给恒达公司，欠款8万",
        "examples": [("", "尊敬的客户：\n您的订单已发货。")],
    },
    "参考上次的：“周五下午消防演练，请准时集合。”帮我写一条停电通知": {
        "task": "帮我写一条停电通知",
        "examples": [("", "“周五下午消防演练，请准时集合。”")],
    },
    "比较这两个方案哪个好：A方案一次性18万，每年维护2万；B方案每年6.5万，含升级。我们打算用五年": {
        # Own words go on in the line of the text: where it ends is not plain, so it stays where it was typed.
        "task": "比较这两个方案哪个好：A方案一次性18万，每年维护2万；B方案每年6.5万，含升级。",
        "context": "我们打算用五年",
    },
    "客户问为什么涨价，怎么回？\n\n你好，上个月还是28一箱，这个月怎么31了？": {
        "task": "客户问为什么涨价，怎么回？",
        "material": ["你好，上个月还是28一箱，这个月怎么31了？"],
    },
    "王总：\n附件是采购清单，请审批。\n小张\n\n帮我把这个改得更正式": {
        "task": "帮我把这个改得更正式",
        "material": ["王总：\n附件是采购清单，请审批。\n小张"],
    },
    "这个条款对我们有利吗？“甲方有权随时调整服务价格。”我们是乙方": {
        "task": "这个条款对我们有利吗？",
        "context": "我们是乙方",
        "material": ["甲方有权随时调整服务价格。"],
    },
    "Dear Sir,\nI was charged twice.\nP. Novak\n\ncustomer mail, please write an answer: we refund it": {
        "task": "customer mail, please write an answer: we refund it",
        "material": ["Dear Sir,\nI was charged twice.\nP. Novak"],
    },
    "Subject: Leak\n\nDear Manager,\nwater drips.\nDiane\n\nPlease draft a reply. The plumber comes on Thursday "
    "from 9 to 11, and we are sorry for the silence. Max 80 words.": {
        "material": ["Subject: Leak\n\nDear Manager,\nwater drips.\nDiane"],
        "task": "Please draft a reply. The plumber comes on Thursday from 9 to 11, and we are sorry for the silence.",
        "format": "Max 80 words.",
    },
    "Translate the following into French: The pump ships on Monday. Please prepare the import papers.": {
        "task": "Translate the following into French:",
        "material": ["The pump ships on Monday. Please prepare the import papers."],
    },
    # What is told stands apart from what is to be done, and who the model is holds no order.
    "回复客户投诉：客户说空调漏水，我们周六上门维修，语气诚恳，150字以内": {
        "task": "回复客户投诉",
        "context": "客户说空调漏水，我们周六上门维修",
        "tone": "语气诚恳",
        "format": "150字以内",
    },
    "请你作为一名财务，帮我看看这张报销单": {"persona": "请你作为一名财务", "task": "帮我看看这张报销单"},
    "回邮件：同意他们来参观，但人数控制在6个以内": {"task": "回邮件：同意他们来参观，但人数控制在6个以内"},
    "fix this text": {"task": "fix this text"},
    "What is the capital of Australia?": {"task": "What is the capital of Australia?"},
    "You are a lawyer. Check the contract for risks.": {
        "persona": "You are a lawyer.",
        "task": "Check the contract for risks.",
    },
    "Act as an experienced recruiter, write a job ad for a welder.": {
        "persona": "Act as an experienced recruiter",
        "task": "write a job ad for a welder.",
    },
    "As a teacher, explain fractions to a child.": {
        "persona": "As a teacher",
        "task": "explain fractions to a child.",
    },
    "Summarise this report:\n\nThe board met on Tuesday.\nIt decided to buy.": {
        "task": "Summarise this report:",
        "material": ["The board met on Tuesday.\nIt decided to buy."],
    },
    "Translate this: Guten Tag, wie geht es Ihnen?": {
        "task": "Translate this:",
        "material": ["Guten Tag, wie geht es Ihnen?"],
    },
    'Correct the mistakes in the mail. """Dear Sirs, we has a problem."""': {
        "task": "Correct the mistakes in the mail.",
        "material": ["Dear Sirs, we has a problem."],
    },
    "Explain this code.\n```python\nprint(1)\n```\nKeep it short.": {
        "task": "Explain this code.",
        "material": ["print(1)"],
        "format": "Keep it short.",
    },
    "<document>\nLease from 3 May.\n</document>\nWhen does the lease begin?": {
        "material": ["Lease from 3 May."],
        "task": "When does the lease begin?",
    },
    "We sell garden furniture. Write a mail to a hotel. Use a friendly tone.": {
        "context": "We sell garden furniture.",
        "task": "Write a mail to a hotel.",
        "tone": "Use a friendly tone.",
    },
    "Write a mail to a hotel. The tone should be friendly. At most 100 words.": {
        "task": "Write a mail to a hotel.",
        "tone": "The tone should be friendly.",
        "format": "At most 100 words.",
    },
    "# Task\nWrite a speech.\n\n## Context\nSummer party, 80 people.\n\n## Tone\nCheerful": {
        "task": "Write a speech.",
        "context": "Summer party, 80 people.",
        "tone": "Cheerful",
    },
    "Task: Write a slogan\nFormat: one line\nTone: dry": {
        "task": "Write a slogan",
        "format": "one line",
        "tone": "dry",
    },
    "**Role:** You are an editor\n**Goal:** Name our newsletter\n**Output format:** five names": {
        "persona": "You are an editor",
        "task": "Name our newsletter",
        "format": "five names",
    },
    "1. Task: Plan the move.\n2. Background: 60 people.\n3. Format: a table": {
        "task": "Plan the move.",
        "context": "60 people.",
        "format": "a table",
    },
    "Write product names.\nExample: Alba, the lamp": {
        "task": "Write product names.",
        "examples": [("", "Alba, the lamp")],
    },
    "Sort the mails.\nInput: Where is my parcel?\nOutput: delivery\nInput: I want my money\nOutput: refund": {
        "task": "Sort the mails.",
        "examples": [("Where is my parcel?", "delivery"), ("I want my money", "refund")],
    },
    'Sort.\nExamples:\nInput:\n"""\nWhere?\n"""\nOutput:\n"""\ndelivery\n"""': {
        "task": "Sort.",
        "examples": [("Where?", "delivery")],
    },
    "How much do 7 pens at 1.20 cost? Think step by step.": {
        "task": "How much do 7 pens at 1.20 cost?",
        "thinks": True,
    },
    "Answer in a table with three columns. Compare the two offers.": {
        "format": "Answer in a table with three columns.",
        "task": "Compare the two offers.",
    },
    "Write a mail with these points:\n- new date\n- no costs": {
        "task": "Write a mail with these points:\n- new date\n- no costs",
    },
    "The supplier is a week late. The customer opens on 3 May. What should we offer?": {
        "context": "The supplier is a week late. The customer opens on 3 May.",
        "task": "What should we offer?",
    },
    "Audience: the board\nTask: sum up the year": {"context": "the board", "task": "sum up the year"},
    "My printer does not work.": {"task": "My printer does not work."},
    "Dr. Weber asked for a date, e.g. Friday. Write a reply.": {
        "task": "Dr. Weber asked for a date, e.g. Friday. Write a reply.",
    },
    "帮我改一下这段文字": {"task": "帮我改一下这段文字"},
    "你是一名律师。检查合同的风险。": {"persona": "你是一名律师。", "task": "检查合同的风险。"},
    "作为一名老师，请解释分数。": {"persona": "作为一名老师", "task": "请解释分数。"},
    "请总结下面的报告：\n董事会周二开会。\n决定购买。": {
        "task": "请总结下面的报告：",
        "material": ["董事会周二开会。\n决定购买。"],
    },
    "把下面的话翻译成英文：今天下午的会议取消。": {
        "task": "把下面的话翻译成英文：",
        "material": ["今天下午的会议取消。"],
    },
    "任务：写一封道歉信\n背景：交货晚了一周\n语气：诚恳\n格式：不超过200字": {
        "task": "写一封道歉信",
        "context": "交货晚了一周",
        "tone": "诚恳",
        "format": "不超过200字",
    },
    "【角色】\n资深编辑\n【任务】\n给内刊起名\n【输出格式】\n五个名字": {
        "persona": "资深编辑",
        "task": "给内刊起名",
        "format": "五个名字",
    },
    "我们卖户外家具。给酒店写一封邮件。语气要亲切。不超过150字。": {
        "context": "我们卖户外家具。",
        "task": "给酒店写一封邮件。",
        "tone": "语气要亲切。",
        "format": "不超过150字。",
    },
    '校对这封邮件。\n"""\n尊敬的客户,您好\n"""': {"task": "校对这封邮件。", "material": ["尊敬的客户,您好"]},
    "给产品起名字。\n例如：随光，一盏跟着你走的灯": {
        "task": "给产品起名字。",
        "examples": [("", "随光，一盏跟着你走的灯")],
    },
    "Add up.\nInput: 12 × 340\nReasoning: 12 × 340 = 4,080\nOutput: 4,080": {
        "task": "Add up.",
        "examples": [("12 × 340", "4,080")],
        "thinks": True,
    },
    "给邮件分类。\n输入：包裹在哪里？\n输出：物流": {"task": "给邮件分类。", "examples": [("包裹在哪里？", "物流")]},
    "七支笔每支一元二角，一共多少钱？请一步一步思考。": {"task": "七支笔每支一元二角，一共多少钱？", "thinks": True},
    "请用表格形式输出。比较这两份报价。": {"format": "请用表格形式输出。", "task": "比较这两份报价。"},
    "客户五月三日开业。供应商晚了一周。我们应该怎么回复？": {
        "context": "客户五月三日开业。供应商晚了一周。",
        "task": "我们应该怎么回复？",
    },
    # Chinese says all in one sentence, by clauses.
    "帮我回复客户投诉，态度好一点，不超过150字，客户是合作三年的老客户": {
        "task": "帮我回复客户投诉",
        "tone": "态度好一点",
        "format": "不超过150字",
        "context": "客户是合作三年的老客户",
    },
    "给客户写一封邮件，说明我们要晚一周交货，语气诚恳，300字以内，用表格列出补发计划": {
        "task": "给客户写一封邮件，说明我们要晚一周交货",
        "tone": "语气诚恳",
        "format": "300字以内，用表格列出补发计划",
    },
    "你是一名资深律师，擅长劳动法，请检查合同的风险，分三点说明": {
        "persona": "你是一名资深律师，擅长劳动法",
        "task": "请检查合同的风险",
        "format": "分三点说明",
    },
    "客户很生气，说要去消协，帮我写一封道歉信，别太长": {
        "context": "客户很生气，说要去消协",
        "task": "帮我写一封道歉信",
        "format": "别太长",
    },
    "今年完成了1,200万，帮我写年终总结，语气谦虚但不要太低调": {
        "context": "今年完成了1,200万",
        "task": "帮我写年终总结",
        "tone": "语气谦虚但不要太低调",
    },
    "写一封催款信，对方欠款三个月；措辞委婉，但要坚定": {
        "task": "写一封催款信",
        "context": "对方欠款三个月",
        "tone": "措辞委婉，但要坚定",
    },
    "用表格整理下面的数据，按日期排序": {"task": "用表格整理下面的数据，按日期排序"},
    "对比两份报价，用表格，重点看交货期": {"task": "对比两份报价，重点看交货期", "format": "用表格"},
    "把合同翻译成英文，保留编号，数字不要改": {"task": "把合同翻译成英文，保留编号，数字不要改"},
    "写一份通知，告诉大家“五一，放假三天”，正式一点": {
        "task": "写一份通知，告诉大家“五一，放假三天”",
        "tone": "正式一点",
    },
    "公司的报销政策解释一下": {"task": "公司的报销政策解释一下"},
    "Reply to the complaint, politely, at most 150 words": {
        "task": "Reply to the complaint",
        "tone": "politely",
        "format": "at most 150 words",
    },
    # What was pasted without a mark.
    "写会议纪要\n张总：预算要再看\n小李：下周三前给供应商回话\n场地未定": {
        "task": "写会议纪要",
        "material": ["张总：预算要再看\n小李：下周三前给供应商回话\n场地未定"],
    },
    "写会议纪要：张总说预算要再看；小李下周三前给供应商回话；场地未定": {
        "task": "写会议纪要：",
        "material": ["张总说预算要再看；小李下周三前给供应商回话；场地未定"],
    },
    "整理成表格：\n- 苹果 3 斤 12 元\n- 梨 2 斤 8 元": {
        "task": "整理成表格：",
        "material": ["- 苹果 3 斤 12 元\n- 梨 2 斤 8 元"],
    },
    "会议记录如下：\n1. 预算\n2. 场地\n请整理成纪要": {
        "context": "会议记录如下：",
        "material": ["1. 预算\n2. 场地"],
        "task": "请整理成纪要",
    },
    "把条款翻译成中文，语言要正式\n\nThe Supplier shall deliver the goods within thirty days.": {
        "task": "把条款翻译成中文",
        "tone": "语言要正式",
        "material": ["The Supplier shall deliver the goods within thirty days."],
    },
    "Translate into English\n\n今天下午的会议取消，改到周五上午。": {
        "task": "Translate into English",
        "material": ["今天下午的会议取消，改到周五上午。"],
    },
    "帮我回复，语气客气一点\n\n尊敬的王经理：\n订单 1182 没有收到。\n李明": {
        "task": "帮我回复",
        "tone": "语气客气一点",
        "material": ["尊敬的王经理：\n订单 1182 没有收到。\n李明"],
    },
    "From: a@b.c\nSubject: chairs\nWhere are our chairs?\n\nPlease reply politely.": {
        "material": ["From: a@b.c\nSubject: chairs\nWhere are our chairs?"],
        "task": "Please reply politely.",
    },
    "Write the minutes\n\nAR: budget again\nTW: hall from May\nLN asks by Wed": {
        "task": "Write the minutes",
        "material": ["AR: budget again\nTW: hall from May\nLN asks by Wed"],
    },
    "总结这份报告\n不超过200字\n给领导看": {"task": "总结这份报告", "format": "不超过200字", "context": "给领导看"},
    # An example within a line does not swallow the task.
    "把留言分成投诉和咨询，例如：输入：包裹在哪里？输出：物流": {
        "task": "把留言分成投诉和咨询",
        "examples": [("包裹在哪里？", "物流")],
    },
    "例如：输入包裹在哪里，输出物流。请把下面的留言分类": {
        "task": "请把下面的留言分类",
        "examples": [("包裹在哪里", "物流")],
    },
    # What no rule knows stays as it is.
    "🙂🙂🙂": {"task": "🙂🙂🙂"},
    "مرحبا، اكتب رسالة إلى العميل": {"task": "مرحبا، اكتب رسالة إلى العميل"},
    "{{客户名称}}": {"task": "{{客户名称}}"},
}


@pytest.mark.parametrize("message", MESSAGES)
def test_a_message_is_taken_apart(message: str) -> None:
    wanted = dict(MESSAGES[message])
    draft = take_apart(message, MAIN)
    assert [each.text for each in draft.materials] == wanted.pop("material", [])
    assert [(each.input, each.output) for each in draft.examples] == wanted.pop("examples", [])
    assert draft.chain_of_thought is wanted.pop("thinks", False)
    assert dict(draft.texts) == wanted


# A block ends where own words go on: behind a signature or a quote, with a remark, below rows, in another language.
BLOCKS: dict[str, Parts] = {
    "From: Ann\n\nHi Joe,\n\nwhere is it? Please answer by Friday.\n\nCheers\nAnn\n\n---\nanswer her, no discount": {
        "task": "answer her, no discount",
        "material": ["From: Ann\n\nHi Joe,\n\nwhere is it? Please answer by Friday.\n\nCheers\nAnn"],
    },
    'Explain this to her, please\n\n"The tenant shall pay on demand."\n\nshe is buying, so no advice': {
        "task": "Explain this to her, please\n\nshe is buying, so no advice",
        "material": ['"The tenant shall pay on demand."'],
    },
    "这些弄成表 按人\n\n老王 5月6号 高铁 278\n小刘 5.8 请客 564\n\n老王就是王建军 没票的标一下": {
        "task": "这些弄成表 按人\n\n老王就是王建军 没票的标一下",
        "material": ["老王 5月6号 高铁 278\n小刘 5.8 请客 564"],
    },
    "翻成中文，术语要一致\n\n8.1 Either party may terminate.\n8.2 The fee is not refunded.\n\n就翻": {
        "task": "翻成中文，术语要一致\n\n就翻",
        "material": ["8.1 Either party may terminate.\n8.2 The fee is not refunded."],
    },
    "客户发来下面这封邮件，帮我回复。意思：价格最多再降2%，交期不能短\n\nDear Linda,\nCould you do 35 days?\nMarieke": {
        "task": "客户发来下面这封邮件，帮我回复。意思：价格最多再降2%，交期不能短",
        "material": ["Dear Linda,\nCould you do 35 days?\nMarieke"],
    },
    "让我把这段改成正式通知：\n下周一打卡改8点45，加班要提前申请\n语气别太凶": {
        "task": "让我把这段改成正式通知：\n语气别太凶",
        "material": ["下周一打卡改8点45，加班要提前申请"],
    },
    "Is this clause ok for us? We sell.\n\n9.1 The Customer may cancel any Order at any time.\n\nTell me why": {
        "task": "Is this clause ok for us? We sell.\n\nTell me why",
        "material": ["9.1 The Customer may cancel any Order at any time."],
    },
    # Behind the closing quote the request goes on, whatever it says; a quote above it is not part of it.
    'Reply to this mail:\n"Hi Tom, where is the parcel? Please tell me today. Best, Ann"\nOffer a 5% discount.': {
        "task": "Reply to this mail:\nOffer a 5% discount.",
        "material": ['"Hi Tom, where is the parcel? Please tell me today. Best, Ann"'],
    },
    'Translate this into German.\n"We confirm your order.\nIt leaves on Monday at noon."\nSend it formally.': {
        "task": "Translate this into German.\nSend it formally.",
        "material": ['"We confirm your order.\nIt leaves on Monday at noon."'],
    },
    "回复一下这条差评，别太长\n“等了两个小时才上菜，再也不来了。”\n提供20元代金券，但不退款。": {
        "task": "回复一下这条差评，别太长\n提供20元代金券，但不退款。",
        "material": ["“等了两个小时才上菜，再也不来了。”"],
    },
    "润色这段话，正式一点\n“货晚了一周，我们很不高兴，希望尽快处理。”\n发给客户的。": {
        "task": "润色这段话，正式一点\n发给客户的。",
        "material": ["“货晚了一周，我们很不高兴，希望尽快处理。”"],
    },
    'Draft a reply to this complaint. Keep it short.\n"I waited two hours. I want my money back, all of it."\n'
    "Offer a voucher but no refund.": {
        "task": "Draft a reply to this complaint. Keep it short.\nOffer a voucher but no refund.",
        "material": ['"I waited two hours. I want my money back, all of it."'],
    },
    # A story that goes on between quotes, and one that is longer than its quote.
    "润色这段：\n“你今天怎么来得这么晚？我等了两个小时。”\n他没有说话。\n“算了，走吧。”": {
        "task": "润色这段：\n“你今天怎么来得这么晚？我等了两个小时。”\n他没有说话。\n“算了，走吧。”",
    },
    'Rewrite this:\n"I was late for the third time."\nHe looked at me and said nothing. Then he left.': {
        "task": 'Rewrite this:\n"I was late for the third time."\nHe looked at me and said nothing. Then he left.',
    },
    # In another language, also directly below; but not a name below a letter, nor a text in two.
    "帮我翻译这封信\nDear Mr Wang, could you confirm the price?\nBest regards\nJohn\n客户是日本人，语气客气点": {
        "task": "帮我翻译这封信\n客户是日本人，语气客气点",
        "material": ["Dear Mr Wang, could you confirm the price?\nBest regards\nJohn"],
    },
    "帮我润色\nDear Mr Bauer,\nwe are waiting for the samples, could you send them?\nBest regards\n王芳": {
        "task": "帮我润色",
        "material": ["Dear Mr Bauer,\nwe are waiting for the samples, could you send them?\nBest regards\n王芳"],
    },
    "Translate this letter\n王经理：\n样品已经收到，请确认价格。\nTom Smith": {
        "task": "Translate this letter",
        "material": ["王经理：\n样品已经收到，请确认价格。\nTom Smith"],
    },
    "校对一下\nThe goods are late.\n货物晚到了。\nPlease wait.\n请等候。": {
        "task": "校对一下",
        "material": ["The goods are late.\n货物晚到了。\nPlease wait.\n请等候。"],
    },
    # What stands below the rows of a list, or of figures, and is none.
    "这是会议记录，帮我列个待办表：\n1. 官网改版 小周9月底\n2. 展会 老李10号前\n3. 退货 没定时间\n没时间的写待定": {
        "task": "这是会议记录，帮我列个待办表：\n没时间的写待定",
        "material": ["1. 官网改版 小周9月底\n2. 展会 老李10号前\n3. 退货 没定时间"],
    },
    "帮我看看这个账对不对\n期初 1250\n入库 400\n出库 610\n差了多少，可能是哪里的问题": {
        "task": "帮我看看这个账对不对\n差了多少，可能是哪里的问题",
        "material": ["期初 1250\n入库 400\n出库 610"],
    },
    "根据下面的数据写一段分析：\n8月销售额 42.6万\n客流 9,820人\n退货率 1.8%\n主要说明客流为什么少了，9月建议一两条": {
        "task": "根据下面的数据写一段分析：\n主要说明客流为什么少了，9月建议一两条",
        "material": ["8月销售额 42.6万\n客流 9,820人\n退货率 1.8%"],
    },
    "Put this list into a table: 14/3 Leeds fair - Anna; 2 Feb Hull visit, Tom. Columns date, what, who": {
        "task": "Put this list into a table: 14/3 Leeds fair - Anna; 2 Feb Hull visit, Tom. Columns date, what, who",
    },
    "Please proof read - it goes to print\n\nOPEN DAY\nMeet the animal's on Saturday\nDogs are wellcome": {
        "task": "Please proof read - it goes to print",
        "material": ["OPEN DAY\nMeet the animal's on Saturday\nDogs are wellcome"],
    },
    "请润色：\n本人因家中老人生病，特申请从11月3日起请假两周。\n不要太肉麻，写得像正式请假条就行": {
        "task": "请润色：\n不要太肉麻，写得像正式请假条就行",
        "material": ["本人因家中老人生病，特申请从11月3日起请假两周。"],
    },
    "帮我回一下：\n张老师您好，请问校服什么时候能发？订的时候说9月中旬。\n回：工厂晚了，10月15号发": {
        "task": "帮我回一下：\n回：工厂晚了，10月15号发",
        "material": ["张老师您好，请问校服什么时候能发？订的时候说9月中旬。"],
    },
    'Rewrite this so a client understands it: "Our fees are deducted from damages." She is 19 and nervous.': {
        "task": 'Rewrite this so a client understands it: "Our fees are deducted from damages." She is 19 and nervous.',
    },
    # Offer A is no answer to a question.
    "比较下面两份简历\n\nA：张欣，会计大专，2年经验\nB：刘敏，会计本科，8年经验\n\n我们公司小，预算7000左右": {
        "task": "比较下面两份简历\n\n我们公司小，预算7000左右",
        "material": ["A：张欣，会计大专，2年经验\nB：刘敏，会计本科，8年经验"],
    },
    # Words below a paragraph that may be its last ones: all is left as it was typed.
    "这段话看不懂，讲成人话\n\n养老关系应转移到新参保地，但对男性年满50周岁的，应在原地保留。\n\n她48了": {
        "task": "这段话看不懂，讲成人话\n\n养老关系应转移到新参保地，但对男性年满50周岁的，应在原地保留。\n\n她48了",
    },
    # What has begun is taken whole: its salutation, numbered items, requests to its reader, closing and signature.
    "翻成英文，语气客气但别软：\n\nBauer先生，您好！\n\n一、包装稿还没收到。请在周五前书面确认。\n\n二、尾款逾期，麻烦请财务"
    "尽快安排。\n\n盼复。\n\n立新五金 王芳": {
        "task": "翻成英文，语气客气但别软：",
        "material": [
            "Bauer先生，您好！\n\n一、包装稿还没收到。请在周五前书面确认。\n\n二、尾款逾期，麻烦请财务尽快安排。\n\n盼复。"
            "\n\n立新五金 王芳"
        ],
    },
    "下面是院长的发言，帮我看看错别字，只改错的\n\n各位同事：\n\n大家好！希望再接再励。\n\n谢谢大家！": {
        "task": "下面是院长的发言，帮我看看错别字，只改错的",
        "material": ["各位同事：\n\n大家好！希望再接再励。\n\n谢谢大家！"],
    },
    "两家报价，帮我比较一下\n\n甲店：月租300元，押金500。退租提前一个月说就行。\n\n乙店：月租280元，没有押金。"
    "提前一个月通知就行。\n\n我们每月打6000张": {
        "task": "两家报价，帮我比较一下\n\n我们每月打6000张",
        "material": [
            "甲店：月租300元，押金500。退租提前一个月说就行。\n\n乙店：月租280元，没有押金。提前一个月通知就行。"
        ],
    },
    "Check this bill please. 0.90 per kg.\n\nSent in May:\n\n811 | Cork | 40\n812 | Ulm | 75\n\nI want the total.": {
        "task": "Check this bill please. 0.90 per kg.\n\nI want the total.",
        "material": ["Sent in May:\n\n811 | Cork | 40\n812 | Ulm | 75"],
    },
    'A client asked me what this means for him.\n\n"The Tenant shall yield up the Premises."\n\nCan you explain it?': {
        "task": "A client asked me what this means for him.\n\nCan you explain it?",
        "material": ['"The Tenant shall yield up the Premises."'],
    },
    "我们合同里是这么写的：\n\n“第九条 提前解约的，押金不予退还。”\n\n我想问：押金8000能要回来吗？\n只看合同": {
        "task": "我们合同里是这么写的：\n\n我想问：押金8000能要回来吗？\n只看合同",
        "material": ["“第九条 提前解约的，押金不予退还。”"],
    },
    "帮我把下面这份情况压到200字，数字留着。\n\n关于费用的说明：三季度支出48万元，比二季度多5万元，主要是新购桌椅。"
    "下一步打算更换压缩机，请上级研究。": {
        "task": "帮我把下面这份情况压到200字，数字留着。",
        "material": [
            "关于费用的说明：三季度支出48万元，比二季度多5万元，主要是新购桌椅。下一步打算更换压缩机，请上级研究。"
        ],
    },
    # An order in the middle, and words at the end that may be either's: the message stays as it was typed.
    "Wed meeting\n\n- phones: Tom rings\n- next 19 Nov\n\nPlease turn this into minutes\n\n- biscuits: no": {
        "task": "Wed meeting\n\n- phones: Tom rings\n- next 19 Nov\n\nPlease turn this into minutes\n\n- biscuits: no",
    },
    "Notes of the meeting last night\n\nSue: 918 in bank\n\nplease write them up. rest:\n\nshade: 3 quotes": {
        "task": "Notes of the meeting last night\n\nSue: 918 in bank\n\nplease write them up. rest:\n\nshade: 3 quotes",
    },
    "Summarise this please\n\nThe club ran on 58 mornings.\n\nIt costs more now.\n\nKaren likes short ones": {
        "task": "Summarise this please\n\nThe club ran on 58 mornings.\n\nIt costs more now.\n\nKaren likes short ones",
    },
    # What is to be said in an answer is no mail, and what somebody thinks of a text is none of it.
    "reply to John for me\n\nyes to monday\n10am works\nhe should bring the signed contract": {
        "task": "reply to John for me\n\nyes to monday\n10am works\nhe should bring the signed contract",
    },
    "is this ok to send?\n\nDear all, as from Monday nobody is allowed to eat at their desk. There have been "
    "complaints.\n\nI think its a bit harsh": {
        "task": "is this ok to send?\n\nI think its a bit harsh",
        "material": ["Dear all, as from Monday nobody is allowed to eat at their desk. There have been complaints."],
    },
    "We are two. Give me 12 names for it. Short, 1-3 words. No puns, friendly tone": {
        "task": "We are two. Give me 12 names for it. Short, 1-3 words. No puns, friendly tone",
    },
    "make it softer\n\nHi Jo,\n\nyou have not answered, and the lease ends soon.\n\nI need 20 minutes.\n\nAnn": {
        "task": "make it softer",
        "material": ["Hi Jo,\n\nyou have not answered, and the lease ends soon.\n\nI need 20 minutes.\n\nAnn"],
    },
    "写一封信，内容是研学活动，要求：1、语气亲切；2、600字以内；3、要有回执": {
        "task": "写一封信，内容是研学活动，要求：1、语气亲切；2、600字以内；3、要有回执",
    },
    "有一份请假规定，能不能帮我看看：比赛请假5天要谁批？材料等下发你": {
        "task": "有一份请假规定，能不能帮我看看：比赛请假5天要谁批？材料等下发你",
    },
    "哪些地方对我们不利？\n\n【原来的】\n6.1 合同签订后5个工作日内，支付合同总价的30%": {
        "task": "哪些地方对我们不利？",
        "material": ["【原来的】\n6.1 合同签订后5个工作日内，支付合同总价的30%"],
    },
    "规则：按回款算，不按合同额\n另外写一句话回他，客气点": {
        "task": "规则：按回款算，不按合同额\n另外写一句话回他，客气点"
    },
}


@pytest.mark.parametrize("message", BLOCKS)
def test_own_words_stay_together_and_unchanged(message: str) -> None:
    wanted = dict(BLOCKS[message])
    draft = take_apart(message, MAIN, sorts=False)
    assert [each.text for each in draft.materials] == wanted.pop("material", [])
    assert dict(draft.texts) == wanted


OWN = (
    "Please summarise this for the board.",
    "把下面这封信翻译成英文。",
    "Keep it short, please check it.",
    "只改错别字，别重写。",
)
TEXT = (
    "Dear Ann,",
    "各位同事：",
    "We need it by Friday. Please confirm.",
    "- Tom rings",
    "三、请财务尽快安排。",
    "Best regards\nJo",
)


@given(st.lists(st.sampled_from((*OWN, *TEXT)), min_size=1, max_size=7).map("\n\n".join))
def test_what_was_typed_is_sent_once_and_unbroken_in_its_order(message: str) -> None:
    draft = take_apart(message, MAIN, sorts=False)
    (text,) = [each.text for each in draft.materials] or [""]
    before, found, after = message.partition(text) if text else (message, "", "")
    assert found == text
    assert draft.text("task") == re.sub(r"\n{3,}", "\n\n", f"{before}{after}").strip()


def test_each_piece_of_the_message_is_said_to_go_where_it_goes() -> None:
    message = "客户很生气，帮我回复投诉，别太长。\n例如：输入：晚了 输出：抱歉\n\nWhere are our forty chairs? We wait."
    taken = taken_apart(message, MAIN)
    assert [(each.field, message[each.start : each.end]) for each in taken.pieces] == [
        ("context", "客户很生气"),
        ("task", "帮我回复投诉"),
        ("format", "别太长。"),
        ("example", "例如：输入：晚了 输出：抱歉"),
        ("task", "Where are our forty chairs? We wait."),
    ]
    sent = render(PromptDraft(framework="main", texts={"task": "Do.", "tone": "dry"}), MAIN).text
    assert [sent[each.start : each.end] for each in taken_apart(sent, MAIN).pieces] == ["Do.", "dry"]
    long = taken_apart("Sum it up\n" + "x " * 200_000, MAIN)
    assert [each.start for each in long.pieces] == [0, 9]


def test_parts_without_a_field_find_another_and_material_its_own() -> None:
    draft = take_apart('Context: we move in May.\nTask: write a notice.\nFormat: one page\n"""\nOld notice\n"""', PLAIN)
    assert dict(draft.texts) == {"task": "we move in May.\n\nwrite a notice.\n\none page"}
    assert draft.materials == (Material("document", "Old notice"),)


def test_a_rendered_prompt_comes_back_as_it_was() -> None:
    draft = PromptDraft(
        framework="main",
        texts={"task": "We are here.\n\nTone: none", "format": "You are a list."},
        materials=(Material("context", "Input: x\n# Task\n"),),
        examples=(Example("Output:", "y"),),
        chain_of_thought=True,
    )
    assert take_apart(render(draft, MAIN).text, MAIN) == tidied(draft, MAIN)


def test_a_very_long_message_is_material() -> None:
    draft = take_apart("Summarise it.\n" + "word " * 100_000, MAIN)
    assert draft.text("task") == "Summarise it."
    assert len(draft.materials) == 1
    assert take_apart("word " * 100_000, MAIN).texts == {}


PIECES = [
    "You are a clerk. ",
    "Task: ",
    "\n",
    "\n\n",
    "Write a mail. ",
    "# Context\n",
    '"""',
    "```\n",
    "Input: ",
    "Output: ",
    "We move. ",
    "Tone: ",
    "- point\n",
    "this text: ",
    "你是律师，",
    "写信。",
    "语气客气，",
    "客户很急；",
    "输出：",
    "例如：输入",
    "写纪要：",
    "格式：",
    "<text>",
    "</text>",
    ": ",
    "\r\n",
]
MESSAGE = st.lists(st.one_of(st.sampled_from(PIECES), st.from_regex(r"w[0-9]{3} ", fullmatch=True))).map("".join)


@given(MESSAGE)
def test_no_word_is_lost(message: str) -> None:
    taken = taken_apart(message, MAIN)
    draft, ends = taken.draft, [each.end for each in taken.pieces]
    assert ends == sorted(ends)
    kept = [*draft.texts.values(), *(each.text for each in draft.materials)]
    kept += [text for each in draft.examples for text in (each.input, each.output)]
    assert sorted(re.findall(r"w\d{3}", "\n".join(kept))) == sorted(re.findall(r"w\d{3}", message))


HOSTILE = [
    '"""' * 60_000,
    "a" * 190_000,
    "Text: " * 30_000,
    "\n" * 190_000,
    "Input:\n" * 25_000,
    "这段" * 90_000,
    "We are. " * 20_000,
    "<text>" * 30_000,
    "```\n" * 40_000,
    "this text: x\n" * 14_000,
    "not " * 45_000,
    "**" * 90_000,
    "Act as a " * 20_000,
    "“" * 190_000,
    "Write it. " + "." * 189_000,
    "1" * 190_000,
    "this text:\n- a\n" * 12_000,
    '"""" """ ' * 20_000,
]


@pytest.mark.parametrize("message", HOSTILE, ids=lambda message: repr(message[:12]))
def test_the_time_grows_no_faster_than_the_message(message: str) -> None:
    quarter = seconds_for(message[: len(message) // 4])
    assert seconds_for(message) < 8 * quarter + 0.1  # were it by the square of the length: 16


def seconds_for(message: str) -> float:
    """The processor's time for taking a message apart, which other work on the computer does not lengthen."""
    began = time.thread_time()
    take_apart(message, MAIN)
    return time.thread_time() - began
