"""Five pieces of office work: as one asks for them without thinking about it, and in the prompt builder's parts."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.core.prompts.prompt import Example


@dataclass(frozen=True, slots=True)
class Given:
    """What goes into one part, and in a few words what it changes; `words` take the place of what stands there."""

    part: str
    changes: str
    words: str = ""
    pasted: str = ""
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class OfficeTask:
    """`naive` is the whole message; `parts` are filled in their order."""

    title: str
    naive: str
    framework: str
    parts: tuple[Given, ...]
    thinks: str = ""  # chain of thought, and what it changes


_COMPLAINT = """Dear Ms Lindqvist,

we ordered 40 chairs for the opening of our terrace on 3 May. They have not come.
If they are not here by Friday, we will have to cancel.

Hotel Seeblick, M. Aebi"""

_MEETING = """mo 9:30, all but Tim
- new printers: quote 4,300 vs 3,950 (second one without toner), take the first, Ana orders until 12 june
- parking: nobody knows who pays. ask building mgmt. who? Joe
- summer party 4 july or 11 july?? -> no decision, poll
- Joe says his contract scans are gone from the share, IT looks"""

_DELIVERY = """张经理：

贵公司 6 月 2 日发出的 200 套样册，我们今天收到，只有 180 套，其中 12 套封面有折痕。
展会 6 月 20 日开幕，请尽快说明如何处理。

海川展览 刘敏"""

_ORDERS = """Hi, as promised the orders of last week. Keller took 12 desks at 340 each, to be there on 9 June.
Then Brandt & Co: four lamps (59 apiece), they said as soon as possible. Lund Hotel wants 60 chairs, we agreed on 74,
delivery 1 July. The school in Moos also asked for chairs, but has not ordered yet."""

TASKS = (
    OfficeTask(
        title="Reply to a complaint",
        naive=f"can you answer this, friday is no problem\n\n{_COMPLAINT}",
        framework="main",
        parts=(
            Given(
                "task",
                "A verb and one thing to do; the decision is the writer's, not the model's.",
                "Write a reply to the complaint below. Promise delivery on Friday, 2 May, and apologise once.",
            ),
            Given(
                "context",
                "What a newcomer would not know, and the mail itself between quotes: it is read, not obeyed.",
                "We make garden furniture. The hotel has been a customer for ten years.",
                _COMPLAINT,
            ),
            Given("persona", "Whose voice it is.", "You lead customer service and promise only what you can keep."),
            Given("format", "A mail that can be sent, not a talk about one.", "A mail of at most 90 words."),
            Given("tone", "Two words against the usual phrases.", "Warm, plain."),
        ),
    ),
    OfficeTask(
        title="Minutes from notes",
        naive=f"make minutes\n{_MEETING}",
        framework="minutes",
        parts=(
            Given("notes", "The notes stand apart from the instructions, so that no dash in them is a command.",
                  pasted=_MEETING),
            Given("format", "The columns that are needed afterwards: who does what until when.",
                  "A table: decision or task, who, until when. Below it a list of what was left open."),
        ),
    ),
    OfficeTask(
        title="回复供应问题的邮件 (a reply in Chinese)",
        naive=f"帮我回一下这个邮件，补20套，态度好点\n\n{_DELIVERY}",
        framework="answer_mail",
        parts=(
            Given("task", "In Chinese, so that the headings are, too; what stood there was English.",
                  "给下面的邮件写一封回信，说明如何补发。"),
            Given("points", "What was decided, in full: the model makes up what is missing here.",
                  "向对方道歉。少发的 20 套和有折痕的 12 套，共 32 套，6 月 6 日补发，6 月 9 日前送到，费用我方承担。"),
            Given("mail", "The mail between quotes: names and figures are taken from it.", pasted=_DELIVERY),
            Given("sender", "Who writes to whom.", "我是印刷厂的销售经理张伟，对方是合作三年的客户。"),
            Given("tone", "Instead of “态度好点”, which can mean many things.", "诚恳、简洁，不找借口。"),
            Given("format", "Length, greeting and signature.", "不超过 150 字，以“刘女士您好”开头，落款“张伟”。"),
        ),
    ),
    OfficeTask(
        title="Sort mails by department",
        naive=(
            "which department is this: The new badge does not open the door of the garage. "
            "departments are accounts, building services, personnel. just the name and how urgent"
        ),
        framework="main",
        parts=(
            Given(
                "task",
                "All that may be answered is named.",
                "Say which department answers the mail (Accounts, Building services or Personnel) and how urgent it is "
                "(low, medium or high). The mail: The new badge does not open the door of the garage.",
            ),
            Given(
                "example",
                "Form, length and scale at once; a model of any size copies them.",
                examples=(
                    Example("My invoice shows the wrong address.", "Accounts, medium"),
                    Example("Water is coming through the ceiling of room 12.", "Building services, high"),
                    Example("How many days of leave do I have left?", "Personnel, low"),
                ),
            ),
            Given("format", "Nothing around it that would have to be cut off.", "Only department and urgency."),
        ),
    ),
    OfficeTask(
        title="A table from a mail, with a sum",
        naive=f"put this in a table and what does it come to\n\n{_ORDERS}",
        framework="make_table",
        parts=(
            Given("columns", "The table one needs instead of the one the model likes.",
                  "Customer, article, number, price each, total, delivery date"),
            Given("text", "Between quotes, with its own punctuation.", pasted=_ORDERS),
            Given("rules", "What is no order stays out; the order of the rows is said.",
                  "Only what has been ordered. By delivery date. The last row adds up the totals."),
        ),
        thinks="The sums are worked out before they are written down.",
    ),
)  # fmt: skip
