"""Evidence for the tests and scenes of the pane, found by the program's own rules."""

from __future__ import annotations

from desktop.core.claims.claim import Shown
from desktop.core.documents.document import Block, Document, Run, Section, SectionKind
from desktop.core.documents.selection import WHOLE, attachment
from desktop.core.evidence.checked import GivenText
from desktop.core.evidence.checking import check
from desktop.core.evidence.given import Given
from desktop.core.evidence.sources import sources_of
from desktop.core.message import user_message

CONTRACT = (
    (
        ("Clause 4  Rent",),
        ("(1) The rent is 4,150 a month. It is due on the third working day of each month.",),
        ("(2) The rent is paid to the account that the landlord names in writing.",),
    ),
    (
        ("Clause 7  Deposit",),
        (
            "(1) Before the keys are handed over, the tenant pays a deposit of 12,500. It may be paid in three equal "
            "parts, the first of them with the beginning of the tenancy.",
        ),
        (
            "(2) The landlord keeps the deposit apart from his own money, on an account that bears interest at the "
            "usual rate for savings with a notice of three months.",
        ),
        ("Clause 8  Insurance",),
        ("(1) The landlord insures the building against fire, water from pipes, storm and hail.",),
    ),
)
ANSWER = (
    "Rent: 12,500 a month, due on the third working day (clause 4). The deposit is paid in three equal parts. For late "
    "payment it asks for interest of 7 % a year. The yearly rent is 12 × 4,150 = 49,800."
)


def contract(name="Rental contract.docx", kind=SectionKind.CHAPTER):
    """A contract of two chapters, or pages."""
    sections = []
    for number, blocks in enumerate(CONTRACT, start=1):
        made = tuple(Block((Run(words),), str(at), 2 if at == 0 else 0) for at, (words,) in enumerate(blocks))
        sections.append(Section(kind, number, blocks=made))
    return Document(name, "application/pdf" if kind is SectionKind.PAGE else "text/plain", tuple(sections))


def given(document, selection=WHOLE, digest="d1"):
    """What is sent of a document."""
    return attachment(document, selection, digest)


def evidence(answer, *files, said=""):
    """What the rules find for an answer over these files; `said` may hold material, too."""
    sources = sources_of([user_message(said, attached=files)])
    return check(Shown(answer), Given(sources.given), sources.question)


def index_of(found, text):
    """Where a thing stands among those of an answer."""
    return next(at for at, each in enumerate(found.checked) if each.text == text)


def text_given(text, name=""):
    """A text without a file."""
    return GivenText(name, text)


def make_way(whole, page, width):
    """Fold the sidebar of a scene, as the window does for the pane where there is no room for both."""
    row = whole.layout()
    first = row.itemAt(0).widget() if row is not None else None
    if width < 1_100 and first is not None and first is not page:
        first.hide()
        page.header.set_sidebar_shown(False)
