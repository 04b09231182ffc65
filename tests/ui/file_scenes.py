"""Files and folders in the gallery: given, read, asked, and one question for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QBuffer, QCoreApplication, QIODevice, QObject, QTimer, Signal
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.core.context import ChosenPages, FileFilling, Filling, InPieces, LargerWindow, Passages
from desktop.core.documents.attachment import Attachment, AttachmentState, FileProgress
from desktop.core.documents.document import (
    Aside,
    Block,
    Document,
    ReadingProblem,
    Remark,
    RemarkKind,
    Run,
    Section,
    SectionKind,
)
from desktop.core.documents.document import table_row as row
from desktop.core.documents.selection import WHOLE, Cut, Selection, attachment
from desktop.core.evidence.checked import Verdict, sources_of
from desktop.core.evidence.checking import check
from desktop.core.evidence.given import Given
from desktop.core.folders import (
    FileRow,
    FileRun,
    FolderFile,
    FolderState,
    Found,
    LookedUp,
    Passage,
    RowState,
    folder_id,
)
from desktop.core.message import Failure, ImagePart, user_message
from desktop.core.model import ModelChoice
from desktop.core.models.window import Window, WindowSource
from desktop.core.place import THIS_COMPUTER
from desktop.rendering.page.shown_claims import shown_in
from desktop.runtime.folders import part_of
from desktop.ui.chat.filling import ChoiceSheet, how_much_fits
from desktop.ui.chat.folders_presenter import FolderLine, FolderSheet
from desktop.ui.documents.preview_page import PreviewPage
from desktop.ui.each_file.page import EachFilePage
from desktop.ui.widgets.buttons import FoldButton
from desktop.ui.words import listed
from tests.ui.transcript.page_bench import KnownPath, reply

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


def picture(content, name="Front door.jpg"):
    """A picture; `content` is a small PNG."""
    part = ImagePart(name, "image/jpeg", "d4", 1568, 1045)
    return Attachment(name, state=AttachmentState.READY, part=part, thumbnail=content, digest="d4")


ASKED = "How long does the contract run, and is maintenance in the rent?"
ANSWERED = (
    "The contract runs from 1 July 2026 for three years and may be extended twice by one year. Maintenance is not in"
    " the rent: it is paid for each visit, by the price list of the year."
)
QUESTION = "What would we pay in the first year, with maintenance four times a year?"


def _word(words):
    """A word of the program in the language that it speaks now."""
    return QCoreApplication.translate("ContextPresenter", words)


def small_picture():
    image = QImage(160, 120, QImage.Format.Format_RGB32)
    for y in range(120):
        for x in range(160):
            image.setPixelColor(x, y, QColor.fromHsv((x * 2) % 360, 120, 120 + y))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def document_scenes(make_window):
    """The scenes by their names."""

    def preview(document, selection, query=""):
        def made(theme, width):
            whole, page = make_window(theme, width)
            shown = PreviewPage(theme)
            layout = whole.layout()
            assert layout is not None
            layout.removeWidget(page)
            page.hide()
            layout.addWidget(shown)
            shown.show_document(document, selection)
            if query:
                shown.find_bar.open(query)
            return whole

        return made

    def conversation(theme, width):
        whole, page = make_window(theme, width)
        pasted = "\n".join(f"{number}. A line of a protocol that somebody has pasted." for number in range(400))
        parts = [file.part for file in (ready(contract()), ready(prices())) if file.part is not None]
        shot = ImagePart("Front door.jpg", "image/jpeg", "d4", 1568, 1045)
        page.reading.load_picture = lambda _, show: show(QImage.fromData(small_picture()))
        said = [
            user_message("What would we pay in the first year?", attached=[*parts, shot]),
            reply("49,800, and maintenance on top."),
            user_message(pasted),
            reply("It says the same thing 400 times."),
        ]
        page.transcript.show_path(KnownPath(said))
        page.show_transcript(True)
        return whole

    def choosing(theme, width):
        """The sheet of choices above a message that does not fit."""
        whole, page = make_window(theme, width)
        fits = [ready(contract()), ready(prices())]
        page.composer.set_text(QUESTION)
        page.composer.show_files(fits)
        sizes = zip(fits, (3_800, 7_700), (2_850, 5_775), strict=True)
        taken = [FileFilling(each.name, tokens, True, words) for each, tokens, words in sizes]
        window = Window(12_000, WindowSource.LOADED)
        filling = Filling(window, 60, tuple(taken), 1_600, 30, 2_600, False, 1_200, 22, 13_130)
        page.composer.files.show_fit(fits[0].id, _word("fits"), is_trouble=False)
        page.composer.files.show_fit(fits[1].id, how_much_fits(taken[1], filling.over), is_trouble=True)
        page.header.meter.show_filling(filling)
        sheet = ChoiceSheet(theme)
        page.put_below(sheet)
        page.composer.hold_send(True)
        name = taken[1].name
        choices = [
            LargerWindow(26_000, 15.0, 1_200_000_000),
            Passages((name,), 3_800),
            ChosenPages(name),
            InPieces(3, 3_000, 230.0),
        ]
        sheet.offer(choices, filling, THIS_COMPUTER)
        page.transcript.show_path(KnownPath([user_message(ASKED), reply(ANSWERED)]))
        page.show_transcript(True)
        return whole

    chosen = Selection(frozenset({4, 7, 12}), frozenset({Aside.COMMENT}), (Cut(4, 3, 0, 60),))
    return {
        "files_sent": conversation,
        "files_choosing": choosing,
        "preview": preview(contract(), chosen),
    }


def answered(path, answer, things, places, *, missing=(), is_seen=False):
    looked_up = [LookedUp(each, Verdict.FOUND) for each in things]
    looked_up += [LookedUp(each, Verdict.NOT_FOUND) for each in missing]
    looked_up.sort(key=lambda each: answer.index(each.text))
    kept = {"sections": 9, "things": tuple(looked_up), "places": places, "is_seen": is_seen}
    return FileRow(path, RowState.ANSWERED, answer, **kept)


_ANSWERS = [
    answered(
        "Offices/Amendment 2, Harbour Street 4.pdf",
        "Earliest end 30 June 2028. Notice now nine months.",
        ["30 June 2028", "nine months"],
        (1,),
        is_seen=True,
    ),
    answered(
        "Offices/Lease Canal Row 2.pdf",
        "31 December 2028. Notice of six months to the end of a quarter, in writing, by registered post, to both.",
        ["31 December 2028", "six months"],
        (3, 7),
        is_seen=True,
    ),
    answered("Offices/Lease Castle Court 11.pdf", "No fixed end. Notice of three months.", ["three months"], (2,)),
    answered(
        "Offices/Lease Elm Park 7.pdf",
        "31 March 2027. Notice of twelve months to that day.",
        ["31 March 2027"],
        (4,),
        missing=["twelve months"],
    ),
    FileRow("Other/Lease Ferry Lane, parking.pdf", RowState.SAYS_NOTHING, sections=9),
    FileRow("Offices/Lease Mill Lane 18, 1998.pdf", RowState.NOT_ASKED, problem=ReadingProblem.WITHOUT_TEXT),
    FileRow("Storage/Lease Kiln Yard 3.pdf", RowState.FAILED, failure=Failure("overloaded", host="gpu-server")),
]
_QUESTION_FOR_EACH = "Until when does it run, and what notice must we give?"


def each_file_scenes(make_sidebar):
    """The scenes by their names."""
    waits = tuple(FileRow(f"Offices/Lease Inner Ring {number}.pdf") for number in range(22, 28))
    run = FileRun(conversation="c", folder="f", question=_QUESTION_FOR_EACH, choice=ModelChoice("here", "qwen3:8b"))

    def scene(rows, *, is_running):
        def make(theme, width):
            whole = QWidget()
            row = QHBoxLayout(whole)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(0)
            if width >= 800:
                row.addWidget(make_sidebar(theme))
            page = EachFilePage(theme)
            row.addWidget(page, 1)
            page.show_of("Leases", THIS_COMPUTER, can_save=True)
            left = 660.0 if is_running else None
            page.show_run(replace(run, rows=rows), left, (1, 3), is_running=is_running, hindrance="")
            return whole

        return make

    return {
        "each file runs": scene((*_ANSWERS, *waits), is_running=True),
        "each file done": scene(tuple(_ANSWERS), is_running=False),
    }


UNREAD = (
    FolderFile("Leases/Lease Harbour Street 4, signed.pdf", 1, 1, problem=ReadingProblem.WITHOUT_TEXT),
    FolderFile("Suppliers/Bank details of suppliers.xlsx", 1, 1, problem=ReadingProblem.NEEDS_PASSWORD),
    FolderFile("Offers/Offer Castellan, first draft.docx", 1, 1, problem=ReadingProblem.DAMAGED),
    FolderFile("Offers 2026/Terms.pdf", 1, 1, problem=ReadingProblem.TOO_LARGE),
)


def folder_at(path: Path, **what: object) -> FolderState:
    """Return a folder as it is after its first look: 203 of 212 files read."""
    state = FolderState(folder_id(path), path, files=212, read=203, unread=9, looked_at=1_790_000_000.0)
    return replace(state, **what)


class ToldFolders(QObject):
    """Folders that are as they are told to be; what is asked of them is noted."""

    changed = Signal(str)

    def __init__(self, *_: object) -> None:
        super().__init__()
        self.states: dict[str, FolderState] = {}
        self.asked: list[tuple[str, str]] = []
        self.is_allowed = True

    def tell(self, state: FolderState) -> FolderState:
        self.states[state.id] = state
        self.changed.emit(state.id)
        return state

    def known(self) -> list[FolderState]:
        return list(self.states.values()) if self.is_allowed else []

    def state(self, folder: str) -> FolderState | None:
        return self.states.get(folder) if self.is_allowed else None

    def give(self, path: Path) -> str:
        return self.tell(self.states.get(folder_id(path)) or folder_at(path, read=0, is_reading=True)).id

    def set_paused(self, folder: str, is_paused: bool) -> None:
        self.asked.append(("pause" if is_paused else "go_on", folder))
        self.tell(replace(self.states[folder], is_paused=is_paused, is_reading=not is_paused))

    def open_with(self, folder: str, file: FolderFile, password: str) -> None:
        self.asked.append((file.path, password))

    def forget(self, folder: str) -> None:
        self.asked.append(("forget", folder))
        del self.states[folder]
        self.changed.emit(folder)

    def _do_nothing(self, *_: object) -> None: ...

    load = follow_policy = hold = forget_old = note_asked = end = _do_nothing

    async def loaded(self) -> None: ...

    async def find(self, folders: Sequence[str], *_: object, looks: bool = True) -> Found:
        return Found((Passage(folders[0], UNREAD[0], 0, Section(SectionKind.PAGE, 1), 1.0),))

    async def parts(self, _: Sequence[Passage], *, keeps: bool = True) -> tuple[()]:
        return ()

    async def unread(self, folder: str) -> Sequence[FolderFile]:
        return UNREAD if folder in self.states else ()


_HOME = Path.home() / "Documents" / "Purchasing"


def folder_scenes(make_window):
    """The scenes by their names."""
    contracts = folder_at(_HOME / "Contracts")
    reading = replace(contracts, read=131, is_reading=True, seconds_left=120.0, outside=3)

    def page_with(theme, width, folders):
        whole, page = make_window(theme, width)
        page.show_transcript(False)
        names = listed(each.name for each in folders)
        page.composer.show_folders(folders, {}, names)
        page.empty.show_folders(names)
        return whole, page

    def given(theme, width):
        whole, page = page_with(theme, width, [reading])
        sheet = FolderSheet(theme)
        page.put_below(sheet)
        sheet.open_for(reading)
        sheet.show_unread(UNREAD)
        line = FolderLine()
        page.put_below(line)
        line.show_first([reading])
        return whole

    def three(theme, width):
        minutes = folder_at(_HOME / "Minutes 2026", files=48, read=48, unread=0)
        return page_with(theme, width, [contracts, minutes, folder_at(_HOME / "Policies", is_there=False)])[0]

    def answered(theme, width):
        whole, page = page_with(theme, width, [contracts])
        parts = tuple(part_of([each]) for each in _passages(contracts.id))
        question, answer = user_message(_QUESTION, attached=parts), reply(_ANSWER)
        sources = sources_of([question])
        evidence = check(shown_in(_ANSWER), Given(sources.given), sources.question)
        page.reading.folder_state = lambda _: contracts
        page.reading.find_evidence = lambda message: page.transcript.evidence.show(message.id, evidence)
        page.show_transcript(True)
        page.transcript.show_path(KnownPath([question, answer]))
        QTimer.singleShot(0, page, lambda: [each.click() for each in page.transcript.findChildren(FoldButton)])
        return whole

    return {"folder given": given, "folders": three, "folder answer": answered}


_QUESTION = "What notice must we give for Harbour Street 4, and what is the rent now?"
_ANSWER = "**Nine months**, by clause 2 of the amendment (6 May 2026); before, it was six. The rent is 4,150 a month."
_PAGES = {
    "Leases/Amendment 2, Harbour Street 4.pdf": (
        1,
        "Amendment of 6 May 2026. Clause 2: In place of six months, nine months' notice is given, in writing.",
    ),
    "Leases/Lease Harbour Street 4.pdf": (7, "Clause 12: Either side may end the lease with six months' notice."),
    "Rents 2026.xlsx": (1, "Harbour Street 4: 4,150 a month, paid in advance."),
    "Leases/Lease Mill Lane 18.pdf": (5, "Clause 9: Notice is given three months before the end of a quarter."),
}


def _passages(folder):
    for path, (page, text) in _PAGES.items():
        section = Section(SectionKind.PAGE, page, blocks=(Block((Run(text),)),))
        yield Passage(
            folder, FolderFile(path, 1, 1, is_read=True, sections=9, media_type="application/pdf"), 0, section
        )
