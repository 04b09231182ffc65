"""First lines as they are typed in offices, each with what should be said of it first; None: nothing of these."""

from __future__ import annotations

from desktop.core.advice.piece import AdviceKey as Key

# What costs the user most is said first: the text that the task speaks of is not there.
MISSING = """
帮我回复客户投诉|回复一下这个客户|翻译合同条款|把合同翻译成英文|翻译一下|润色一下|整理一下表格|给下面的投诉写一封回信
公司的报销政策解释一下|别墅装修报价整理成表格|帮我把这个报价表整理一下，算一下总共多少钱，态度好一点|写会议纪要
解释一下我们公司的年假政策|帮我回复客户投诉，态度好一点，不超过150字，客户是合作三年的老客户|检查合同有没有风险
比较一下两份报价|分析一下数据|改一下这封邮件|提取发票号码|总结这份报告|请润色我的讲话稿|把会议记录整理成纪要|核对一下对账单
帮忙看一下这份合同|缩短这篇文章|把简历改得更突出|根据差评写回复，对差评作出回应|概括一下这篇论文|回复客户的邮件|审阅一下协议
翻译成英文|校对新闻稿|归纳问卷的意见|汇总各部门周报|解读一下新的规定
translate the clause|Translate the contract into English.|reply to the complaint|proofread my letter
Write a reply to the customer's complaint, politely.|write minutes of the meeting|explain the policy
explain our travel policy to new colleagues|turn my notes into minutes|compare the two offers|check the numbers
clean up the table|answer the mail|edit the text|analyse the survey answers|review my cv|shorten the report
summarise the meeting notes|Could you proofread the press article?|respond to the inquiry|correct my draft
put the figures into a table|review our lease|convert the table to csv|polish my speech|sum up the transcript
"""

# Nothing is missing that could be pasted: the words themselves are the task.
NOT_MISSING = """
翻译“你好，很高兴认识你”|用Excel公式算年龄|写一个Python脚本整理文件夹|帮我想十个活动名称|写一份请假条|什么是应收账款？
怎么回复客户的投诉邮件比较好？|制定一份培训计划|做一个PPT大纲|给高端客户写邀请函|写一份周报|解释一下增值税|解释合同的概念
给客户写一封道歉信|写一份劳动合同|起个名字|禁止吸烟的通知写一份|总结一下上半年的工作|整理会议室预定流程|给新同事解释报销流程
如何写好一份报告？|合同法是什么|推荐几本管理类的书|帮我写一份年终总结|把“请尽快付款”改得客气一些|回复：周五下午可以，请把地址发给我们
Write a mail to our customers about the move|draft a contract for a freelancer|make slides about safety
what is a contract?|how do I answer a complaint?|Explain how VAT works for a trainee.
Find three names for our newsletter
write a job description for an accountant|Write a formula that sums column B if column A says paid
Summarise the discussion about VAT in the EU|Plan a workshop for 12 people|write a report about our energy use
Write an email to the team: we meet at 9 tomorrow|reword this sentence: We regret to inform you of the delay
What should stand in minutes of a meeting?|Invent ten questions for a survey|write an invitation to the summer party
explain mixture of experts in two sentences|list the steps of a stocktaking|which is better, a lease or a loan?
"""

# Advice that was wrong on these once.
WRONG_ONCE: list[tuple[str, str, Key]] = [
    ("给高端客户写邀请函", "", Key.VAGUE_WORD),
    ("给优质客户写一封信", "", Key.VAGUE_WORD),
    ("写完美日记的产品介绍", "", Key.VAGUE_WORD),
]


def phrases(table: str) -> list[str]:
    """Return the phrases of a table."""
    return [each for line in table.strip().splitlines() for each in line.split("|")]
