"""First lines of requests as people in offices type them, each with its task, and such that are none."""

from __future__ import annotations

from desktop.core.tasks.kinds import OfficeTask

_TABLE = """
answer_complaint|帮我回复客户投诉|回复一下这个客户的差评|客户投诉送货太慢，写个回复|处理一个投诉，语气诚恳一点
answer_complaint|对这条差评写个回应|给客人道歉，房间没打扫
answer_complaint|reply to the complaint|answer an angry customer about the late delivery
answer_complaint|write a response to this complaint|help me deal with a complaint from a guest
answer_complaint|apologise to the customer for the broken chair
answer_mail|帮我回复这封邮件|回一下客户的邮件|回复领导的微信|这封来信怎么回复，帮我写|婉拒供应商的报价|回复一个询价
answer_mail|answer this email|reply to my boss|respond to the supplier's mail|write a reply to the landlord
answer_mail|decline the invitation politely|confirm the appointment on Friday
minutes|写会议纪要|整理一下会议记录|把今天的会议内容整理成纪要|会议纪要帮我做一下|根据笔记出一份会议纪要
minutes|write minutes of the meeting|turn my notes into minutes|minutes from these meeting notes please
minutes|write up the meeting|draft the minutes for Tuesday's board meeting
translate|翻译合同条款|把合同翻译成英文|翻译一下|译成中文|帮我把这段话翻成英语|把这封信译成德文
translate|translate the clause|translate this into English|please translate the mail to German|put this into french
translate|I need a translation of the manual
check_contract|检查合同有没有风险|审一下这份租约|看看这份协议有什么坑|合同里有哪些风险|帮忙审核合同条款
check_contract|check the contract for risks|review our lease|look through the agreement and tell me the traps
check_contract|go through the NDA|what are the risks in this contract
check_figures|核对一下对账单的金额|算一下总共多少钱|检查发票上的数字|计算三年的费用|帮我把这几个数加起来，算出合计
check_figures|check the numbers in the offer|calculate the total with 19 % VAT|add up these amounts
check_figures|check the invoice|verify the sums
check_facts|核实一下这些说法|查证这条消息|这个说法是否属实，帮我核查
check_facts|fact-check this paragraph|check whether these statements are true|verify the claims in the article
check_facts|check the facts
compare|比较两份报价|对比一下新旧合同|哪家供应商更合适|这两个方案有什么区别
compare|compare the two offers|what is the difference between these versions
compare|comparison of three phones for the field team|compare the old and the new policy
make_table|把文字整理成表格|整理一下表格|做成Excel表格|把名单列成表|帮我把这个报价表整理一下
make_table|put the data into a table|make a table of these dates|turn the list into a spreadsheet|clean up the table
make_table|tabulate the results
explain_policy|解释一下报销制度|公司的年假政策解释一下|解读新的税收政策|看懂这个规定
explain_policy|explain our travel policy|what does the new regulation mean|explain the home office rules to the team
explain_policy|interpret the guideline
ask_document|根据这份合同回答几个问题|从报告里找交货日期|这份文件里付款期限是多少
ask_document|find the notice period in the contract
ask_document|what does the contract say about deposits according to the document
proofread|校对新闻稿|检查错别字|看看有没有语病|改一下语法错误
proofread|proofread my letter|check the spelling|correct my english text|fix the grammar of this mail
proofread|check this for typos
summarise|总结这份报告|概括一下这篇文章|提炼要点|写个摘要|归纳问卷的意见
summarise|summarise this|sum up the report in five points|give me a summary of the article
summarise|tl;dr of this thread
rewrite|把这段话改得正式一点|缩短这篇文章|换个说法|改写这封邮件
rewrite|rewrite this more politely|polish my speech|shorten the report to one page|make this mail friendlier
rewrite|rephrase the second paragraph
weekly_report|写一份周报|帮我写日报|本周工作总结|做个月报|写一份工作汇报
weekly_report|write my weekly report|status report for the project|monthly update for my boss
weekly_report|progress report on the warehouse|draft the sales report for March
yearly_review|帮我写一份年终总结|写个人年度总结|总结今年的工作|写自我评价|上半年工作总结
yearly_review|write my year-end review|self-assessment for my appraisal|annual report on my work
yearly_review|draft my performance review
slides|做一个PPT大纲|写汇报提纲|准备一份幻灯片，讲安全生产|做个演示文稿
slides|make slides about safety|outline for a presentation on sales|power point for the board
slides|create a deck with ten slides
notice|写一份放假通知|发个公告，周五停电|起草一份公文|通知全体员工周五开会|写个请示
notice|write a notice about the new parking rules|announce the new opening hours|memo on home office
notice|inform all staff that the lift is out of order|draft a press release
invitation|写一份邀请函|邀请客户参加展会
invitation|write an invitation to the summer party|invite our customers to the trade fair
invitation|invitation letter for a visa
speech|写一份发言稿|年会致辞|准备婚礼的祝酒词|写一篇演讲稿
speech|write a speech for the anniversary|draft opening remarks for the conference
speech|a toast for my colleague, please write it|speech for a retirement party
job_advert|写招聘启事|写会计的岗位职责|写个前台JD
job_advert|write a job description for an accountant|job ad for a driver|draft a job posting for the warehouse
product_text|写完美日记的产品介绍|想一句广告语|写一条朋友圈文案|写公众号推文
product_text|write a product description for a lamp|ad copy for our bakery
product_text|LinkedIn post about the new hall, write it|write a flyer for the open day
contract_clause|写一份劳动合同|起草保密协议|拟一条违约条款|写授权书
contract_clause|draft a contract for a freelancer|write an NDA|draft a clause on late payment
contract_clause|write a power of attorney
formula|写个Excel公式统计人数|VLOOKUP怎么用来匹配两张表|用函数算工龄，给我公式
formula|excel formula that sums column B|write a formula for working days|vlookup over two sheets
formula|write a regex for phone numbers
questions|设计一份问卷|出十道安全考题|准备面试问题|做一份客户满意度问卷
questions|write interview questions for a buyer|create a survey on the canteen
questions|ten quiz questions on data protection, make them|questions to ask a supplier
names|起个名字|给新产品取几个名字|帮我想十个活动名称|想一个邮件标题
names|names for our newsletter|find headlines for the article|subject line ideas for the mailing
names|title for my talk, suggestions
ideas|想几个团建的点子|有什么好主意提高出勤|头脑风暴一下促销活动
ideas|brainstorm ways to save paper|ideas for the team event|come up with gifts for clients
ideas|suggestions for a better canteen
plan|制定一份培训计划|安排一下出差行程|策划一场年会|做个排班方案
plan|plan a workshop for 12 people|agenda for the kick-off, please draft a plan|draw up a plan for the move
plan|project plan for the new website
write_mail|给客户写一封邮件，说周五发货|写请假条|写封感谢信|催客户付款|写一封道歉信给供应商
write_mail|write a mail to our customers about the move|draft a letter to the tax office
write_mail|email to boss about sick leave|write a reminder to the supplier|write to my landlord about the heating
explain|解释一下增值税|用大白话讲讲区块链|给新同事讲一下报销怎么走|科普一下社保
explain|explain how VAT works|explain mixture of experts in simple words|describe how a lease works
explain|accounting for beginners
"""
_ROWS = [row.split("|") for row in _TABLE.strip().splitlines()]
PHRASES = [(OfficeTask(key), phrase) for key, *phrases in _ROWS for phrase in phrases]

SILENT = (
    """
你好|谢谢|今天天气怎么样|我觉得这个方案不错|为什么发票上没有税|明天几点开会|怎么才能写好报告
如何做好会议纪要|你是谁|他昨天翻译得很好吗？|张总的电话|嗯|第二点再说详细些|继续|好的，就这样|我昨天写了周报|哈哈哈
人民币汇率|多少钱|hello there|thanks a lot|how do I write a report?|why is the sky blue
who is the CEO of Bosch|I had a meeting yesterday|yes, that is right|is there a faster way?|five minutes later
没问题|我有个问题|问你个问题|可以帮我吗？|试试看|重新开始|测试一下|what is up|welcome back|well done
test message|not really|one more question|can we talk|let's talk|many thanks for your help|contract|translation
the weather in Vienna|I like the second version|when was the wall built|go on|more please
Guten Tag, wie geht es Ihnen?|Schreiben Sie bitte einen Brief an den Kunden|Traduisez ce texte en anglais
Escribe una carta para el cliente|メールを書いてください|def main(): pass|import numpy as np|<p>write a mail</p>
{{recipient}}|12345|😀😀😀|https://example.com/report
""".strip()
    .replace("\n", "|")
    .split("|")
)
