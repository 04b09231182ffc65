"""Files as tests and scenes of the gallery give them to a message."""

from __future__ import annotations

from dataclasses import replace

from desktop.core.documents.attachment import Attachment, AttachmentState, FileProgress
from desktop.core.documents.document import Aside, Block, Document, Remark, RemarkKind, Run, Section, SectionKind
from desktop.core.documents.document import table_row as row
from desktop.core.documents.reading import ReadingError
from desktop.core.documents.selection import WHOLE, attachment
from desktop.core.message import ImagePart

CLAUSES = (
    ("Parties and premises", "The landlord lets the rooms on the first floor to the tenant."),
    ("Term and extension", "The contract runs from 1 July 2026 for three years. It may be extended twice by a year."),
    ("Use of the rooms", "The rooms are used as an office. Another use needs the landlord's consent in writing."),
    (
        "Rent and how it is paid",
        "(1) The basic rent is 4,150 a month. Value added tax is added at the rate of the day.\n"
        "(2) The rent is due in advance, on the third working day of each month at the latest. What counts is the day"
        " on which the money arrives.\n"
        "(3) Rent, running costs and deposit are paid to the account that the landlord names in writing. A change of"
        " the account is valid only with the signature of both managing directors.",
    ),
    ("Running costs", "They are settled once a year, by the share of the area."),
    ("Repairs", "Small repairs up to 150 are the tenant's."),
    (
        "Deposit",
        "(1) Before the keys are handed over, the tenant pays a deposit of 12,500. It may be paid in three equal parts,"
        " the first of them with the beginning of the tenancy.\n"
        "(2) The landlord keeps it apart from his own money, on an account that bears interest.\n"
        "(3) When the tenancy ends, it is paid back within six months.",
    ),
    ("Insurance", "Each side insures what is its own."),
    ("Increase of the rent", "Not before the third year."),
    ("Alterations", "None without consent."),
    ("Subletting", "A part of the rooms may be sublet."),
    ("Notice", "Six months to the end of a quarter."),
    ("Return of the rooms", "Clean, with all keys."),
    ("Annex: list of the rooms", "Four rooms, a kitchen, an archive."),
)


def contract(name="Rental contract.pdf"):
    """A contract of 14 pages, with footnotes and a comment."""
    sections = []
    for number, (title, text) in enumerate(CLAUSES, start=1):
        blocks = [Block((Run(f"Clause {number}  {title}"),), level=2)]
        blocks += [Block((Run(line),)) for line in text.split("\n")]
        if number in (4, 7):
            blocks.append(Block((Run("See annex 2.", Aside.FOOTNOTE),)))
        if number == 4:
            blocks.append(Block((Run("Check with the bank.", Aside.COMMENT, by="Li Na"),)))
        sections.append(Section(SectionKind.PAGE, number, title, tuple(blocks)))
    return Document(name, "application/pdf", tuple(sections))


def prices(rows=310, name="Price list 2026.xlsx"):
    """A workbook of two sheets."""
    lines = [row(["Number", "Article", "Unit", "Price"])]
    lines += [row([str(1000 + at), f"Maintenance, class {at % 7}", "visit", f"{at * 1.5:.2f}"]) for at in range(rows)]
    table = Block((Run("\n".join(lines)),), is_table=True)
    notes = Block((Run("Prices without value added tax."),))
    sections = (
        Section(SectionKind.SHEET, 1, "Prices", (table,)),
        Section(SectionKind.SHEET, 2, "Notes", (notes,)),
    )
    return Document(name, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", sections)


def notes(text="Call the landlord.\n\nAsk for the annex.", name="notes.txt"):
    """A plain text."""
    section = Section(SectionKind.WHOLE, 1, blocks=tuple(Block((Run(each),)) for each in text.split("\n\n")))
    remarks = (Remark(RemarkKind.ENCODING, detail="GB18030"),)
    return Document(name, "text/plain", (section,), remarks, encoding="gb18030")


def ready(document, selection=WHOLE):
    """A file that has been read."""
    part = attachment(document, selection, "d1")
    return Attachment(
        document.name, state=AttachmentState.READY, document=document, selection=selection, part=part, digest="d1"
    )


def reading(done=12, of=300):
    """A file that is being read."""
    document = replace(contract("Handbook of the building.pdf"), sections=contract().sections[:done])
    return Attachment(
        document.name, state=AttachmentState.READING, document=document, progress=FileProgress(done, of), digest="d2"
    )


def failed(problem, name="Accounts.pdf"):
    """A file that could not be read."""
    return Attachment(name, state=AttachmentState.FAILED, problem=ReadingError(problem, name=name), digest="d3")


def picture(content, name="Front door.jpg"):
    """A picture; `content` is a small PNG."""
    part = ImagePart(name, "image/jpeg", "d4", 1568, 1045)
    return Attachment(name, state=AttachmentState.READY, part=part, thumbnail=content, digest="d4")
