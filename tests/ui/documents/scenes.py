"""Scenes of the gallery with files: chips in the composer, the preview, files in the transcript."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QBuffer, QCoreApplication, QIODevice
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget

from desktop.core.context.choices import ChosenPages, InPieces, LargerWindow, Passages
from desktop.core.context.filling import FileFilling, Filling
from desktop.core.context.window import Window, WindowSource
from desktop.core.documents.document import Aside
from desktop.core.documents.naming_places import places_in
from desktop.core.documents.reading import ReadingProblem
from desktop.core.documents.selection import WHOLE, Cut, Selection
from desktop.core.message import ImagePart, QueuedText, user_message
from desktop.core.place import THIS_COMPUTER
from desktop.ui.chat.choice_sheet import ChoiceSheet
from desktop.ui.chat.filling_words import how_much_fits
from desktop.ui.chat.page import ChatPage
from desktop.ui.documents.preview_page import PreviewPage
from desktop.ui.look.theme import Theme
from tests.ui.composer.composing import paste
from tests.ui.documents.files import contract, failed, notes, picture, prices, reading, ready
from tests.ui.transcript.page_bench import KnownPath, reply

MakeWindow = Callable[[Theme, int], tuple[QWidget, ChatPage]]
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

    def composer(files, text, pasted=""):
        def made(theme, width):
            whole, page = make_window(theme, width)
            page.composer.set_text(text)
            page.composer.show_files(files)
            page.header.place.show_places(places_in(each.part for each in files if each.part), is_asked=bool(pasted))
            if pasted:
                paste(page.composer, pasted)
            return whole

        return made

    long_text = "word " * 4000
    files = [ready(contract()), ready(prices())]
    many = [
        *files,
        reading(),
        failed(ReadingProblem.NEEDS_PASSWORD),
        failed(ReadingProblem.DAMAGED, "A very long name of a file that somebody has saved for the third time.docx"),
        picture(small_picture()),
        ready(notes()),
    ]

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

    def metered(theme, width):
        """A conversation that has half filled the model's window."""
        whole, page = make_window(theme, width)
        part = ready(contract()).part
        assert part is not None
        said = [user_message(ASKED, attached=[part]), reply(ANSWERED)]
        page.transcript.show_path(KnownPath(said))
        page.show_transcript(True)
        taken, window = FileFilling(part.name, 3_800, False, 2_850), Window(12_000, WindowSource.LOADED)
        page.header.meter.show_filling(Filling(window, 60, (taken,), 900, 30, 2_600, False, 675, 22, 4_730))
        return whole

    def left_out(theme, width):
        """Messages that are not sent any more, and a message with a file that waits."""
        whole, page = make_window(theme, width)
        part = ready(contract()).part
        assert part is not None
        said = [
            user_message(ASKED, attached=[part]),
            reply(ANSWERED),
            user_message("And what if we leave earlier?"),
            reply("Six months' notice to the end of a quarter, by clause 12."),
        ]
        page.transcript.show_path(KnownPath(said))
        page.reading.read(unsent=frozenset(each.id for each in said[:2]))
        page.show_transcript(True)
        page.composer.set_running(True)
        page.composer.queued.show_messages([QueuedText(QUESTION, (part,))])
        return whole

    chosen = Selection(frozenset({4, 7, 12}), frozenset({Aside.COMMENT}), (Cut(4, 3, 0, 60),))
    return {
        "files_sent": conversation,
        "files_choosing": choosing,
        "files_metered": metered,
        "files_left_out": left_out,
        "preview": preview(contract(), chosen),
        "preview_sheet": preview(prices(), Selection(columns_off=frozenset({(1, 2)}))),
        "preview_text": preview(notes(), WHOLE),
        "files_chips": composer(files, QUESTION),
        "files_many": composer(many, "", long_text),
        "files_none": composer([], QUESTION),
    }
