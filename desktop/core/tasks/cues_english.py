"""Cues by which a task of the office is recognised in an English line: what it speaks of, and what it wants done.

Each has a weight; those that a line has are added up for each task (`office.py`). Three is enough. A cue of three or
more therefore stands for a task by itself, as a line that only names what is wanted does ("force majeure clause,
please"); what many tasks have in common gets less.
"""

from __future__ import annotations

from typing import Final

ENGLISH: Final[dict[str, tuple[tuple[float, str], ...]]] = {
    "answer_complaint": (
        (
            2,
            r"complain(?:t|ts|s|ed|ing|er)?|angry|furious|irate|unhappy|upset|dissatisfied|moaning"
            r"|annoyed|disgruntled|grievance|ombudsman|wants (?:her|his|their) money back|threatening"
            r"|never showed up|hair in|disappointed|negative feedback|customer is (?:mad|cross)",
        ),
        (
            2,
            r"(?:bad|negative|nasty|[1-2]|one|two)[- ]?(?:star )?(?:\w+ )?review|warranty claim"
            r"|tripadvisor|1 star",
        ),
        (
            1,
            r"refund|damaged|broken|late|rude|charged twice|customers?|cust|guest|client|apolog\w+"
            r"|goodwill|voucher|tenant|lady|passenger|patient|shipped to the wrong|goods|delivery",
        ),
        (
            2,
            r"repl(?:y|ies)|respond|response|answer(?! key)|write back|get back to|comeback|turn down"
            r"|declin(?:e|ing)|say no"
            r"|what (?:do|should|can|could|would) (?:i|we) (?:say|write|answer|reply)",
        ),
        (
            1.5,
            r"apologi[sz]e to|apology|apologetic|appease|calm (?:him|her|them|the)|deal with|handle"
            r"|make up for|write back|write (?:something nice )?to (?:him|her|them|the)"
            r"|help me apologi[sz]e|formal reply|smooth things over",
        ),
        (3, r"apologi[sz]e to (?:the|a|our|my) (?:customer|client|guest|tenant|patient)"),
        (
            2.5,
            r"complain[\w ,'-]{0,60}(?:reply|respon|answer|write back)"
            r"|(?:reply|respon\w*|answer)[\w ,'-]{0,60}(?:complain\w*|review|angry|unhappy)",
        ),
    ),
    "answer_mail": (
        (
            2,
            r"repl(?:y|ies)|respond|response|answer(?! key)|write back|get back to|comeback|turn down"
            r"|declin(?:e|ing)|say no"
            r"|what (?:do|should|can|could|would) (?:i|we) (?:say|write|answer|reply)"
            r"|tell (?:him|her|them|sandra) (?:that )?(?:we|i|yes|no)|noncommittal response"
            r"|write the answer",
        ),
        (
            1.5,
            r"e-?mails?|mails?|letters?|messages?|msg|slack|whatsapp|linkedin|inquiry|enquiry|dm"
            r"|texted|recruiter|inbox|by email|rfq|got this from|wrote this|sent this",
        ),
        (
            1,
            r"offers?|requests?|invitations?|proposals?|him|her|them|supplier|boss|customer|client"
            r"|sent me|wrote|wants to know|she's asking|he's asking|asks (?:for|whether|if)",
        ),
        (
            3,
            r"^re(?:ply)?:|what (?:do|should|would|can) i (?:answer|reply|say) (?:to|back|here)"
            r"|polite comeback|confirm the (?:appointment|meeting|date|order)"
            r"|decline (?:the|this|his|her|their) (?:invitation|offer|request)"
            r"|(?:answer|reply|response) to (?:the|this|my|our|a) (?:\w+ ){0,3}(?:letter|mail|email|message"
            r"|office)"
            r"|answer (?:them|him|her)|compose a reply"
            r"|(?:friendly|polite|short|noncommittal|quick|firm) (?:\w+ ){0,2}(?:reply|response|answer)"
            r"|reply to the below|interested but",
        ),
        (
            3,
            r"how (?:do|can|should) i (?:say no|reply|answer|respond|decline|turn)"
            r"|write (?:an?|the) (?:\w+ ){0,2}reply",
        ),
        (1.5, r"accept|confirm|decline|turn down|agree|say (?:yes|no)|that i (?:agree|can't|cannot|will)"),
    ),
    "minutes": (
        (
            3,
            r"minutes of|meeting minutes|the minutes|minutes (?:from|for|please|pls)|\bmom\b"
            r"|meeting notes|protocol with|proper minutes|take the minutes|need minutes"
            r"|make[^.?!]{0,20}minutes|protocol of|record of the (?:[a-z]+ ){0,3}(?:session|meeting)"
            r"|(?:minutes|notes) (?:from|out) of|into (?:proper )?minutes",
        ),
        (
            3,
            r"(?:write|type|tidy|clean) (?:up|out)[^.?!]{0,30}(?:meeting|call|kick-?off|stand-?up|workshop"
            r"|notes)"
            r"|minute the",
        ),
        (
            2,
            r"meeting|call|kick-?off|stand-?up|conference|workshop|board|jour fixe|transcript|debrief"
            r"|standup|committee|parents' evening|agm|session|recording|council|assembly|sync",
        ),
        (
            1.5,
            r"notes|decisions?|action items?|agreed|decided|write-?up|protocol|circulate|record of"
            r"|to-?dos|transcript|transcribed|keywords|discussion|resolution|present:|scribbled",
        ),
        (1, r"turn[^.?!]{0,20}into|write up|readable|tidy|sum up|structure"),
    ),
    "translate": (
        (
            3,
            r"translat\w*|tra?nsl?ate?\w*|tranlsat\w*|render (?:\w+ ){0,4}(?:in|into)|localis\w+"
            r"|localiz\w+|(?:english|german|chinese|mandarin|french|spanish)[^.?!]{0,12}(?:->|→|>)"
            r"|bilingual version"
            r"|(?:german|english|french|chinese|spanish|turkish|polish|dutch|italian|japanese|arabic) version"
            r"|what is (?:he|she) saying"
            r"|(?:have|need) [^.?!]{3,40} in (?:turkish|arabic|polish|german|english|french|spanish|chinese)"
            r"|what does (?:this|it|that) say in (?:english|german|french|chinese)",
        ),
        (
            3,
            r"(?:into|to|in|from) (?:(?:idiomatic|good|proper|british|american|simple|plain) )*(?:english"
            r"|german|french|spanish|chinese|mandarin|italian|dutch|polish|portuguese|russian|japanese|korean"
            r"|arabic|turkish|czech|swedish|danish|vietnamese|thai|hindi|greek)(?: (?:please|pls"
            r"|too))?(?=[\W]*$|[:,.])",
        ),
        (
            3,
            r"what does[^?]{1,60}mean in (?:english|german|french|chinese)"
            r"|\b(?:en|de|fr|es|it|pl|zh|cn) ?(?:>|->|to|→) ?(?:en|de|fr|es|it|pl|zh|cn)\b"
            r"|how do you say|speak a word of it"
            r"|don't (?:speak|understand) (?:\w+ )?(?:german|french|italian|chinese|spanish|dutch)"
            r"|say (?:this|that|it) in",
        ),
        (
            1.5,
            r"is in (?:italian|german|french|chinese|spanish|dutch|polish|japanese|russian)"
            r"|original is|(?:english|german|french|chinese|spanish|bilingual) version",
        ),
        (1, r"^translate|word for word"),
    ),
    "proofread": (
        (
            3,
            r"proof-?read\w*|typos?|spelling|spell-?check|gramm[ae]r|punctuation|grammatically"
            r"|misspell\w*|commas?|language errors|full of errors|spot the mistakes"
            r"|sentences are wrong|correct (?:all )?(?:the )?(?:errors|mistakes)|read (?:this|it) over"
            r"|look over the rest|mark every change"
            r"|check (?:my|the) (?:english|german|french|language|text)|error-free|orthograph\w+"
            r'|is it ".{2,30}" or|is this sentence (?:right|correct|ok)|correct it|read through my'
            r"|this sentence right",
        ),
        (
            3,
            r"(?:any|are there|find|correct|fix)[^.?!]{0,16}(?:mistakes?|errors?)(?! in the (?:calc|sum))"
            r"|final read|read-through",
        ),
        (
            2.5,
            r"sound (?:right|ok|okay|natural|correct)|correct (?:my|this|the|it)|run your eye"
            r"|before (?:i send|it goes)",
        ),
        (
            2,
            r"(?:check|look|go) (?:over|through|at)?[^.?!]{0,20}(?:my|the|this) (?:text|letter|mail|email"
            r"|english|german|brochure|draft|application|cv|thesis|wording)"
            r"|to print|dictation|lector|copy-?edit|for (?:language )?errors"
            r"|any (?:mistakes|errors|typos)",
        ),
        (1, r"wording|english|german|text|letter|mistakes?|errors?|proof"),
    ),
    "check_contract": (
        (
            2,
            r"contracts?|agreements?|lease|nda|terms (?:and|of)|t&cs?|small print|fine print|clauses?"
            r"|tenancy|signing|to sign|sign this|licen[cs]e terms|in (?:here|it) that favou?rs|unusual"
            r"|against us|favou?rs? the other|hidden (?:costs|clauses)|what am i signing"
            r"|deal ?breakers?|problematic|burdensome|enforceable|look (?:out )?for|loan agreement|jv"
            r"|employment contract|rental contract|purchase contract|agb|warranty terms|offer letter",
        ),
        (
            2,
            r"risks?|red flags?|traps?|pitfalls?|unfair|fair|disadvantag\w*|critical\w*|negotiate"
            r"|worried|loopholes?|one-?sided|ok to sign|safe to sign|before (?:i|we|signing)|watch out"
            r"|catches|catch in|liabilit\w+|obligations|missing",
        ),
        (
            1.5,
            r"check|review|look (?:at|over|through|for)|go (?:over|through)|examine|analy[sz]e|read"
            r"|vet|scan|assess|list all|find the traps|traps|red flags|pitfalls|maintenance contract",
        ),
        (3, r"can i sign (?:this|it)|(?:should|shall) (?:i|we) sign"),
    ),
    "check_figures": (
        (
            3,
            r"add (?:up|these|the|them|all)|(?:do|does)[^?.]{0,30}add up|sum of"
            r"|sum up (?:these|all|column|the (?:\w+ )?(?:numbers|figures|column|amounts|invoices|costs"
            r"|hours))"
            r"|tot(?:al)? up|casting errors|arithmetic\w*|recalculat\w+|what's the sum"
            r"|check (?:the|my|these|whether the) (?:maths?|sums?|figures|numbers)"
            r"|calculated (?:correctly|right)|computed correctly|reconcil\w+|come to \d+|off by \d+"
            r"|recalc\w*|is the (?:commission|total|sum|vat|tax|discount|percentage) right"
            r"|mixed up gross|add up correctly|double-check (?:the )?(?:numbers|figures|sums|totals)"
            r"|sum up column|do the maths?|maths? (?:check|right)"
            r"|totals? (?:in|on) (?:this|the|my) \w+ (?:make sense|right|correct)|make sense\?"
            r"|i get [\d.,]+",
        ),
        (
            2,
            r"calculate|compute|work out (?:the )?(?:vat|total|sum|percentage|average|margin|interest)"
            r"|how much [^?]*\d|consistent with|stock count|growth rates?|balance|commission|gross|net"
            r"|quarterly figures|returns of|discount|overtime|inventory",
        ),
        (
            2,
            r"numbers?|figures?|sums?|totals?|percent(?:age)?s?|vat|invoice|budget|payroll|amounts?"
            r"|costs?|calculations?",
        ),
        (
            1.5,
            r"check|verify|validate|review|look (?:at|over|through|into|for)|go (?:over|through)"
            r"|examine|audit|inspect|test|control|cross-?check|double-?check|read|spot|find|see if"
            r"|flag|wrong|error|match|correct|consistent|right",
        ),
    ),
    "check_facts": (
        (
            3,
            r"fact[- ]?check\w*"
            r"|(?:is|are) (?:it|this|that|these|the following)[^?.]{0,24}(?:true|correct|accurate)\b"
            r"|can that be right|is there anything to it|hoax|fake news|true or (?:false|not)"
            r"|hold water|confirm or refute|supported by evidence|really by"
            r"|is this (?:quote|true|claim)|can you confirm|unsupported|misinformation|debunk"
            r"|check (?:the )?(?:facts|dates|names|claims|sources|quotes|references)|made up\??$"
            r"|evidence for|(?:dates|names|facts|claims) (?:and \w+ )?in my text"
            r"|factual(?:ly)?(?: mistakes| errors)?|wrong claims"
            r"|what (?:this|the|it) (?:brochure|article|text|website|he"
            r"|she) says (?:\w+ ){0,4}(?:is )?(?:correct|true|right)"
            r"|is correct$|any wrong",
        ),
        (
            2,
            r"claims?|assertions?|statements?|facts?|historical|sources?|doubtful|insists?|says? that"
            r"|believe that|whatsapp|quotes?|references|study says|reflect|correctly reflect",
        ),
        (
            1.5,
            r"check|verify|confirm|true|correct|right|accurate|doubtful|flag|plausible|substantiat\w+"
            r"|evidence|wrong|points|quote|dates and names|first in|embarrass",
        ),
    ),
    "compare": (
        (
            3,
            r"compar(?:e|es|ing|ison)"
            r"|differ(?:s|ences?)?(?: between)?\b[^?.]{0,30}(?:offers?|versions?|contracts?|plans?|drafts?"
            r"|documents?|files?|quotes?)"
            r"|pros and cons|weigh (?:them|up|the)|side by side|what(?:'s| has) changed|what changed"
            r"|what has changed|spot the differences|contrast|deviations?|says the same as"
            r"|help me decide|should (?:we|i) take[^?]{3,60}or|against (?:this|last) year"
            r"|pick (?:the|between)|what stands out|better offer|cheaper,|stack up|similarit\w+"
            r"|versions? \d and|three quotes|which (?:one )?should (?:we|i) take"
            r"|what(?:'?s| is| has) changed|between the old and the new",
        ),
        (
            3,
            r"which (?:\w+ ){0,3}(?:is|one is|of (?:the|these|my) (?:two|three|\w+))[^?.]{0,30}(?:better|best"
            r"|cheaper|suit\w*|reads)"
            r"|better deal|choose between|decide between|\bvs\.?\b|versus|old (?:and|vs\.?) new"
            r"|gaps?\b",
        ),
        (
            2,
            r"match (?:the|our|each)|how do[^?.]{1,40}differ|differences?"
            r"|two (?:offers|versions|quotes|drafts|candidates|cvs)|both",
        ),
        (1, r"offers?|versions?|quotes?|documents|plans|drafts|candidates"),
        (1.5, r"supplier a|option a|signed version|cheaper|faster"),
    ),
    "make_table": (
        (
            3,
            r"(?:in|into|as|to|a) (?:\w+ ){0,2}(?:table|tabular|columns|spreadsheet|csv|matrix|grid)\b"
            r"|tabulate|list with columns|^csv|^matrix|^table (?:of|with)"
            r"|excel (?:table|sheet|list) (?:of|from|with)|draw up a (?:chart|table)|table pls"
            r"|rows and columns|\d columns|columns:|one sheet:|make one sheet|as a list with"
            r"|in table form|into (?:excel|a sheet|one sheet)|tabular|markdown table|overview table"
            r"|comparison table|clean up (?:the|this|my) (?:table|list|spreadsheet)"
            r"|tidy (?:up )?the (?:table|list|spreadsheet)",
        ),
        (1, r"arrange|put|turn|convert|bring|make|columns|rows|sort(?:ed)?|list|separator|totals"),
    ),
    "summarise": (
        (
            3,
            r"summar(?:y|ies|i[sz]e\w*)|sum (?:it |this |that )?up\b(?! the (?:figures|numbers))"
            r"|tl;?dr|abstract of|digest|recap"
            r"|(?:key|main|most important) (?:points?|messages?|findings|takeaways?|facts)"
            r"|boil (?:\w+ )?down|nutshell|gist|condense|short version|executive summary"
            r"|in a few (?:sentences|words)|bottom line|break down this|one-pager|overview of what"
            r"|what (?:customers|people|they) said in|outline the argument"
            r"|sum up the (?:email|mail|thread|text|article|report|discussion|meeting)|the essentials"
            r"|in (?:three|five|3|5|ten|10) (?:sentences|bullet points|lines|points)"
            r"|bullet point summary|cliff ?notes|management summary|synopsis|what is important"
            r"|time to read",
        ),
        (
            2,
            r"shorten|no time to read|too long|what's in it|what is it about|takeaways?"
            r"|main (?:point|idea)s?|essence|overview of",
        ),
        (
            1,
            r"report|article|paper|study|chat|thread|pages|document|one paragraph|bullet points?"
            r"|^(?:summari[sz]e|sum up|outline|boil)",
        ),
    ),
    "explain_policy": (
        (
            2,
            r"polic(?:y|ies)|regulations?|rules?|statute|law|act|guidelines?|guidance|directive|scheme"
            r"|circular|ordinance|gdpr|bylaws?|handbook|provisions?|paragraph|section \d+|compliance"
            r"|terms of (?:use|service)|tax authority|decree|code of conduct|gift rule|dinner invite"
            r"|section \d|packaging act|works agreement|collective agreement|travel policy"
            r"|expense policy|terms and conditions|data protection law|house rules|interpret|cover"
            r"|does (?:the|this)[^?]{3,50}(?:cover|allow|apply|mean)|in plain|walk me through"
            r"|boil down|is it allowed|do (?:i|we) have to",
        ),
        (
            2,
            r"explain|clarify|make sense of|understand|simple words|plain (?:words|english|language)"
            r"|what (?:does|do|are|is)|apply|applies|am i (?:allowed|entitled)"
            r"|are we (?:allowed|obliged)|can i|may i|must|qualify|entitled|allowed"
            r"|break[^.?!]{1,30}down|in which cases|mean for|means? for|confus\w+|obligations",
        ),
        (1, r"leave|bonus|expenses|travel|part-?timers|our (?:new )?|part time|home office|staff"),
        (3, r"interpret (?:the|this|our) (?:guideline|rule|policy|regulation|law|section|clause)"),
        (1.5, r"gift policy|tell me what it says|new (?:\w+ )?policy"),
    ),
    "ask_document": (
        (
            3,
            r"according to (?:the|this|my|our|attached)"
            r"|answer[^.?!]{0,24}(?:from|based on|using) (?:the|this)"
            r"|mentioned? (?:anywhere|in (?:the|this))|with page references?"
            r"|is there anything (?:about|on|in)[^?.]{1,60}(?:in|file|mail|document)?"
            r"|based on (?:the|this|my)|find the passage|where does it say|which page"
            r"|what reasons does the author|i uploaded|quote the (?:line|passage|sentence)"
            r"|who signed it|look in the|look up in the"
            r"|in the (?:document|file|pdf|attachment)[,:]? (?:what|where|who|when|how)"
            r"|does the author|according to section|answer my questions"
            r"|questions about the (?:report|document|file)"
            r"|does the (?:contract|manual|report|document|policy|lease|offer) (?:say|mention|contain)"
            r"|say anything about",
        ),
        (
            2,
            r"(?:in|from|of) (?:the|this|my|our) (?:attached |following |pasted )?(?:manual|report|pdf"
            r"|document|contract|file|guide|study|protocol|minutes|handbook|offer|text|cv|paper|article|mail)"
            r"|in there\b|the (?:report|study|manual|document) (?:say|says|mention)"
            r"|have a look at this|user guide",
        ),
        (
            2,
            r"where (?:does|do|is|are)|what (?:does|do|is|are)[^?.]{1,40}(?:say|says)"
            r"|how (?:long|many|much|often)|who (?:signed|is|wrote)|does (?:the|it|this)"
            r"|has (?:he|she)|which (?:tasks|page)|question:|when (?:is|does|was)|tell me what"
            r"|find (?:the|out)",
        ),
        (1, r"deadline|turnover|warranty|certificates|clause|page"),
    ),
    "rewrite": (
        (
            3,
            r"re-?write|re-?phrase|re-?word|paraphrase|reformulate|humani[sz]e|simplify|polish"
            r"|tone (?:it )?down"
            r"|more (?:polite|formal|friendly|concise|professional|natural|diplomatic|elegant|appealing)"
            r"|(?:less|too) (?:formal|harsh|blunt|stiff|wordy)"
            r"|(?:say|put|word|phrase|write) (?:it|this|that)(?: \w+)? (?:nicer|better|nicely|differently"
            r"|politely|more|in other)"
            r"|(?:other|different|better) ways? to (?:word|say|put|phrase)"
            r"|sounds? (?:like a robot|too|rude|stiff|harsh|clumsy)"
            r"|make (?:it|this|that|my|the|our)(?: \w+){0,3} (?:shorter|nicer|friendlier|sound|clearer"
            r"|simpler|more|less|polite)"
            r"|liven up|tone this down|active voice|passive voice|half as long|drop the jargon|jazz up"
            r"|write it again|friendlier|in (?:a )?(?:nicer|better|friendlier|more \w+) (?:tone|way)"
            r"|gender-neutral|plain language|less (?:boring|aggressive|salesy)"
            r"|more (?:persuasive|convincing|casual|warm)|to sound (?:more|less|nicer|better)"
            r"|make it sound|shorten (?:this|the|my|it)|reword|make it better"
            r"|improve the (?:wording|style|text)|shorten the (?:following|text)|this text is boring",
        ),
        (
            1.5,
            r"shorten|shorter|adapt|improve|nicer|friendlier|clearer|smoother|style|tone|wording"
            r"|sentence|this",
        ),
        (1, r"^(?:re-?write|reformulate|rephrase|adapt|reword|polish)|^(?:can you )?shorten|^improve"),
    ),
    "weekly_report": (
        (
            3,
            r"(?:weekly|monthly|daily|activity|status|progress|tour|trip|quarterly|friday"
            r"|end[- ]of[- ](?:month|week|day)) (?:work )?(?:report|update|wrap-?up|summary|review)"
            r"|report (?:of|on|for) (?:the|this|last|my) (?:week|month|work)|wrap[- ]up for"
            r"|what i(?:'ve| have) (?:been up to|done)|report of the week|work report"
            r"|done ?/ ?in progress|project status|status report|(?:this|last) sprint"
            r"|progress (?:note|report|update)|report to head office|fortnightly"
            r"|sprint (?:review|report)|what (?:my|our) team (?:got done|did)|daily update"
            r"|shift report|visit report|sales report (?:for|of)|green on budget",
        ),
        (
            1.5,
            r"this week|last week|all week|this month|tickets|to my boss|for my boss|in progress"
            r"|blocked",
        ),
        (1, r"report|update|march|april|may|visits|risks|team"),
        (2, r"progress note|fortnightly"),
    ),
    "yearly_review": (
        (
            3,
            r"(?:year(?:ly)?|annual)(?:[- ]end)? (?:review|summary|appraisal|retrospective|reflection"
            r"|self-?assessment|in review|wrap-?up)"
            r"|year in review|end[- ]of[- ](?:the[- ])?year (?:review|reflection|summary|letter)"
            r"|self[- ]?(?:appraisal|assessment|eval\w*|review)|perf(?:ormance)? review"
            r"|looking back on the year|appraisal|annual talk|statement of accomplishments"
            r"|past financial year|probation (?:period )?(?:ends|review)|summary of my performance"
            r"|evaluation of my employee|performance (?:summary|evaluation|so far)"
            r"|year-end (?:summary|report|review|letter)|kpis|self-?evaluation"
            r"|promotion (?:case|packet|document)|chairman's review|my achievements|reference year"
            r"|annual report on my|my year|half[- ]year review",
        ),
        (
            1.5,
            r"this year|the year|my own work|achievements|accomplishments|annual|yearly|in 20\d\d"
            r"|promotion|exceeded|employee|performance",
        ),
        (1.5, r"review of|review|retrospective|reflection|goals|bragging"),
    ),
    "slides": (
        (
            3,
            r"slides?|power-?point|ppt|pptx|deck|keynote"
            r"|presentation (?:about|on|for|of|outline|structure)"
            r"|(?:outline|structure|build up|prepare|make|create|draft)[^.?!]{0,20}presentation"
            r"|i have to present|pitch deck|titles and contents|talk with charts"
            r"|bullets for (?:a|the|my) (?:talk|presentation)|presentation for|speaker notes|storyline"
            r"|(?:\d+|ten|five)[- ]minute (?:talk|presentation)|power ?point",
        ),
        (1, r"outline|structure|presentation|present|board|points"),
    ),
    "notice": (
        (
            3,
            r"(?:notice|announcement|memo|circular|notification|intranet post|poster|bulletin)\b(?! period)"
            r"|sign for the|announce (?:that|the|our)"
            r"|inform (?:all|the|our|everyone|staff|employees|tenants|parents)"
            r"|let (?:everyone|everybody|all staff) know|door sign|all[- ]staff"
            r"|write something for the board|sign on (?:our|the)"
            r"|for the (?:notice ?board|black board|bulletin board)"
            r"|closed for (?:renovation|holidays|lunch)|no smoking|position announcement|please don't"
            r"|out of order|new opening hours|door (?:sign|notice)|reminder to all"
            r"|to all (?:staff|employees|colleagues|tenants)",
        ),
        (
            1,
            r"staff|all employees|colleagues|tenants|residents|parents|shareholders|please|polite"
            r"|closed|kitchen|fridge",
        ),
        (3.5, r"press release"),
    ),
    "invitation": (
        (
            3,
            r"invit(?:e|es|ing|ation|ations)\b|save[- ]the[- ]date|rsvp"
            r"|ask[^.?!]{0,24}to (?:come|join) (?:us|to|our)|come[- ]to[- ]our"
            r"|invite (?:the|all|our|my|a|mr|ms|mrs|guests|customers|press|to)|come to our"
            r"|ask (?:him|her|them|everyone) (?:to|for) (?:dinner|lunch|the party)|guest list text"
            r"|please join us",
        ),
        (
            1.5,
            r"party|bbq|barbecue|dinner|lunch|anniversary|opening|webinar|fair|event|60th|bowling"
            r"|wedding|reception|gala|booth",
        ),
        (1, r"write|draft|guests|bring kids|folks come|^invite"),
    ),
    "speech": (
        (
            3,
            r"speech\w*|eulogy|toast (?:for|to)|opening words|welcoming (?:words|address)"
            r"|welcome (?:words|address)|laudatio|closing remarks|elevator pitch|short talk"
            r"|words of (?:welcome|thanks)|a few words (?:for|at|to)|address (?:at|for|to) the"
            r"|say[^.?!]{1,40}in front of|say something at|remarks for|speak for the team"
            r"|motivational talk|podium|to be read at|after-dinner|ribbon-cutting|words at (?:the|my)"
            r"|turns (?:40|50|60|65)|talk to the (?:sales )?team|say a few words|town hall about"
            r"|funeral|roast for|text to be read at|talking points",
        ),
        (
            1,
            r"farewell|retire\w*|jubilee|wedding|award|best man|opening|minutes|spoken|funny|boss"
            r"|christmas party|minister|town hall",
        ),
    ),
    "job_advert": (
        (
            3,
            r"job (?:ad|advert\w*|posting|description|offer|vacancy)|vacanc(?:y|ies)"
            r"|(?:ad|advert|advertisement) (?:for|to find|aimed|looking)|help wanted"
            r"|we(?:'re| are) (?:hiring|looking for)|hiring"
            r"|recruit(?:ing|ment)? (?:ad|text|post|flyer)"
            r"|want(?:ed)?:? an? \w+ (?:rep|manager|driver|cook|nurse|clerk|engineer|assistant)"
            r"|position (?:of|as)|seeking an?|position announcement|vacancy notice|deputy|wanted:"
            r"|staff wanted|closing date"
            r"|we need an? (?:\w+ )?(?:cook|driver|clerk|nurse|developer|manager|assistant|waiter|accountant)"
            r"|find (?:us )?an? new (?:\w+)|recruitment (?:ad|post|text)"
            r"|volunteer (?:treasurer|needed|wanted)|job for an?|posting for an?|stellenanzeige"
            r"|internship (?:posting|ad|in)",
        ),
        (
            1.5,
            r"apprentices?|trainees?|temp staff|successor|candidates|applicants|full[- ]time"
            r"|part[- ]time|staff for|experienced",
        ),
        (1.5, r"\bad\b|advert\w*|flyer|posting|position|offer"),
        (1, r"post of|m/f/d|salary|benefits|newsletter|hiring|vacancy notice|job ad"),
    ),
    "product_text": (
        (
            3,
            r"product (?:text|description|page|copy|launch)"
            r"|(?:ad|advert|advertisement|flyer|brochure|leaflet|promo) (?:text|copy)|catalogue copy"
            r"|sales (?:text|copy|pitch)"
            r"|(?:linkedin|facebook|instagram|social media|blog|newsletter|insta|fb|twitter) post"
            r"|radio spot|tv spot|landing page|press release|marketing (?:text|copy|mail)|\bad for\b"
            r"|promo|teaser|(?:introduce|introduction of|advertise|sell) (?:our|this|my)|blurb"
            r"|flyer for|website text|benefits of our|newsletter (?:about|for|on)|instagram caption"
            r"|caption for|listing text|etsy|amazon bullet|web text|booking\.com|tiktok|advertise on"
            r"|describe our (?:b&b|hotel|shop|product|service|restaurant|company)"
            r"|bullet points for an?|catchy (?:text|copy|web|ad)|about us|homepage text|google ads?"
            r"|product launch|menu text|label text|packaging text|campaign (?:text|idea)"
            r"|advertising text|text for (?:our|the|my) (?:website|homepage|shop|flyer)|website about",
        ),
        (1, r"product|new|sale|% off|customers|shop|launch|homeowners|catchy|dealers"),
    ),
    "contract_clause": (
        (
            3,
            r"(?:force majeure|confidentiality|non-?compete|penalty|liability|termination|warranty"
            r"|retention of title|data protection) clause"
            r"|clause (?:on|for|about|that|saying|which)"
            r"|(?:add|insert|draft|write|formulate|word|compose) (?:an?|the|me|us)?[^.?!]{0,24}(?:clause"
            r"|addendum|amendment|non-?compete|nda|agreement|waiver|power of attorney|contract)"
            r"|amendment to|addendum|legal (?:language|wording)|settlement (?:wording|agreement)"
            r"|home office agreement|rule out liability|disclaimer|word a (?:penalty|clause|provision)"
            r"|sentence for the contract|nda template|provision (?:tied|on|for|that)"
            r"|arbitration clause|reformulate clause|price adjustment|risk passes|power of attorney"
            r"|deed|letter of intent|non-?disclosure|side letter|contract (?:template|wording|text)"
            r"|t&cs? for|consent form|lease extension|liability limitation|limitation of liability"
            r"|add a paragraph to the|paragraph to the (?:lease|contract)|termination clause",
        ),
        (1.5, r"clauses?|wording|legal|contracts?|agreement|liability"),
        (1, r"draft|add|rule out|formulate|template|party|supplier|^(?:draft|add)"),
    ),
    "formula": (
        (
            3,
            r"excel|vba|macro|regex|regular expression|google sheets|libre-?office|spreadsheets?"
            r"|formula|vlookup|xlookup|sumifs?|countifs?|pivot|power query|conditional format\w*"
            r"|in one cell"
            r"|=\w+\(|sheets?, |sql query|what function|function (?:that|which|gives)|pattern (?:which|that"
            r"|to) match\w*|explain pivot|script (?:to|that)|query (?:to|that|for)|matches (?:invoice|phone"
            r"|email)|drop-?down|column [a-z]\b[^.?!]{0,20}(?:if|contains|and|=)",
        ),
        (1, r"cells?|columns?|rows?|count|calculate|working days|highlight|rounds?"),
    ),
    "questions": (
        (
            3,
            r"questionnaire|survey"
            r"|(?:interview|quiz|exam(?:ination)?|test|audit|survey|trivia|feedback|poll) questions?"
            r"|questions (?:for|to ask|i can|on|about)|quiz|poll on"
            r"|(?:what|which questions) should (?:i|we) ask|set of (?:\w+ )?questions"
            r"|multiple[- ]choice|\bpoll\b|icebreakers?|things to ask|feedback form|questions may"
            r"|what to ask|what do i ask|test for|with solutions|reference check|exit interview"
            r"|questions[^.?!]{0,20}ask|evaluation form|q&a for|faq (?:for|on)"
            r"|ask (?:the|a) (?:candidate|supplier|landlord|applicant|former)",
        ),
        (
            1.5,
            r"interview(?:ing)?|candidate|\bq\b|questions?|give me (?:\d+|ten|some) good ones"
            r"|with answers|max \d+|flat viewing|apprentices",
        ),
    ),
    "names": (
        (
            3,
            r"(?:project|product|company|brand|team|event|file|code|domain|shop|band|room|account) names?"
            r"|names? for|name (?:the|our|my|this)"
            r"|(?:better|good|new|catchy|cool) (?:name|title|headline|slogan)|titles? for"
            r"|headlines? for|subject lines?|slogans?|tag ?lines?|mottos?|claim for|event title"
            r"|title this|call (?:our|the|it|this)|heading for|how should i (?:title|call|name)"
            r"|designation for|hashtag for|(?:product )?line names|username|subject line"
            r"|title suggestions|(?:catchy|good) (?:title|name|headline)|band name|naming"
            r"|what (?:could|should|shall) (?:we|i) call|a name\b|acronym for|nickname|title for my"
            r"|titles? for (?:a|the|our)",
        ),
        (1, r"catchy|cool|short|funny|starts with|suggest|come up with|ideas|^names?\b|^titles?\b"),
    ),
    "ideas": (
        (
            3,
            r"brainstorm\w*|ideas?\b|inspiration|creative ways|suggestions?|thoughts on"
            r"|how (?:could|might|can) we\b|what could|possible (?:measures|ways|uses)|ways to"
            r"|come up with|gift for|present for (?:a|my|our)|themes? for"
            r"|what can we (?:give|do|offer)|think up|blog topics|topics for|possible reasons|spitball"
            r"|options for|(?:\d+|some|new|fresh) (?:topics|ideas|ways)|what else (?:could|can)"
            r"|alternatives to"
            r"|how (?:else )?(?:could|can|to) (?:we|i)? ?(?:make|get|attract|improve|motivate|reduce|increase)"
            r"|activities for|team ?building|mind ?map",
        ),
        (
            1,
            r"creative|fun|party|open day|office|list|more people|^suggestions|how might we|ideas\b"
            r"|come up with ideas",
        ),
    ),
    "plan": (
        (
            3,
            r"(?:project|work|training|onboarding|action|business|marketing|social media|content|study"
            r"|learning|shift|travel|seating) (?:plan|calendar|schedule)"
            r"|schedule|timetable|itinerary|agenda|road-?map|checklist|to-?do list|time ?line"
            r"|plan (?:a|an|the|our|my|for|out|of)|planning the|contingency plan|put them in order"
            r"|prioriti[sz]e|what needs to be done|rota\b|content calendar|milestones"
            r"|step[- ]by[- ]step plan|packing list|emergency plan"
            r"|steps to (?:organi[sz]e|open|launch|get)|roll-?out plan"
            r"|(?:roll-?out|launch|migration|recovery|meal|staffing|visit) (?:plan|schedule)"
            r"|trip [A-Z]|be back by|day by day|week by week|plan[- ]|prepare for (?:the|our|my)"
            r"|list of tasks|who does what",
        ),
        (1, r"organi[sz]e|weeks?|months?|days?|next|move|preparation|before we|deadline|order"),
    ),
    "write_mail": (
        (
            2,
            r"e-?mails?|mails?|letters?|messages?|msg|text (?:message|to)|note to|notes?\b(?= to)"
            r"|whatsapp|write (?:to|him|her|them)|sms",
        ),
        (
            1.5,
            r"write|draft|compose|prepare|create|make|produce|put together|give me|need|formulate|word"
            r"|phrase|do me|devise|generate|compile|design|wording|text|help me with|send"
            r"|how do i (?:write|tell|ask|say)|how (?:can|should) i (?:write|tell|ask)",
        ),
        (
            3,
            r"thank[- ]you (?:note|letter|mail|card)|cover(?:ing)? letter"
            r"|letter of (?:recommendation|resignation|reference|intent|complaint)|resignation"
            r"|sick note|(?:payment )?reminder (?:to|for|about)|recommendation for|reference for"
            r"|congratulate|condolences?|chase (?:up )?(?:the|our|my|a)"
            r"|remind (?:the|our|my|mr|ms|him|her|them)|how do i (?:tell|ask|break it to)"
            r"|^(?:e-?mail|mail|message|letter|msg|text)(?: to\b|:)|birthday wishes|get well"
            r"|write to (?:my|our|the|mr|ms|mrs|all|a|hr|it)\b|cold e?-?mail|request for quotation"
            r"|out of office|(?:second|third|first|final|payment) reminder|formal letter|letter to"
            r"|apologi[sz]e to the team|mail to|message to|text to|fundraising letter"
            r"|cancellation (?:letter|of)|termination letter|follow[- ]up (?:mail|email|to)"
            r"|note to (?:my|the|our)|greeting card|inquiry to|complain to|letter of|newsletter to"
            r"|linkedin message|ask (?:my|the|our) \w+ (?:for|to|whether|if)",
        ),
        (
            1,
            r"ask(?:ing)? (?:my|the|for|him|her|jenny|them)|tell (?:my|the|our)|inform|days off|late"
            r"|printer|till|until|by (?:friday|monday)|boss|client|landlord",
        ),
    ),
    "explain": (
        (
            3,
            r"explain\b(?! (?:to|the) (?:customer|delay))|elucidate|teach me"
            r"""|what(?:'s| is| are)(?: an?| the)? [\w" -]{2,40}\?*$|what does ["\w -]{1,30} mean"""
            r"|how (?:does|do)(?: an?| the)? [\w -]{2,40} works?|meaning of|what's meant by"
            r"|what is meant|difference between|in simple (?:words|terms|english)"
            r"|for (?:a )?(?:beginners?|dummies)|what are these things|eli5|the concept of|notion of"
            r"|what the (?:hell|heck) is|good for$|don't understand what"
            r"|how is [\w ]{3,30} (?:measured|calculated|done|taxed)|example of|what's an?"
            r"|everyday example|explain the|keeps saying it|can you explain|what exactly is|stand for"
            r"|describe how|explain how",
        ),
        (1, r"example|understand|simple|concept|term|never understood|keep reading"),
        (1.5, r"^explain|how does an? [\w ]+ work"),
    ),
}
