"""Scenes of the gallery with the evidence pane."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.core.documents.document import Document, Section
from desktop.core.documents.reading import Opened, ReadingProblem
from desktop.readers import formats
from desktop.readers.pdf.picture import pictures_of
from desktop.readers.source import Source
from desktop.readers.wire import Drawing
from desktop.runtime.evidence import DrawnPage, PagePictures
from desktop.ui.chat.page import ChatPage
from desktop.ui.evidence.pane import EvidencePane
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from tests.readers.conftest import FILES
from tests.ui.documents.files import prices
from tests.ui.evidence.showing import ANSWER, contract, evidence, given, index_of, make_way


class DrawnAtOnce(PagePictures):
    """A drawer of pages that nobody has to wait for: they are drawn in this very process."""

    def __init__(self):
        QObject.__init__(self)

    def request_page(self, wanted):
        path = FILES / wanted.digest
        if not path.is_file():
            self.failed.emit(wanted, ReadingProblem.GONE)
            return
        drawing = Drawing((wanted.number,), 0, wanted.width, wanted.sought)
        [picture] = pictures_of(Source(path, path.name, "", ""), drawing)
        image = QImage.fromData(picture.png)
        self.drawn.emit(wanted, DrawnPage(image, picture.count, picture.text, picture.paragraph, picture.place))

    def stop(self):
        pass


def of_file(name):
    """What is sent of one of the readers' files; its digest is its name."""
    events = list(formats.read(Source(FILES / name, name, "", "")))
    sections = tuple(each for each in events if isinstance(each, Section))
    opened = next(each for each in events if isinstance(each, Opened))
    return given(Document(name, opened.media_type, sections), digest=name)


MakeWindow = Callable[[Theme, int], tuple[QWidget, ChatPage]]
Scene = Callable[[Theme, int], QWidget]


def evidence_scenes(make_window):
    """The scenes by their names."""

    def pane(answer, text, *files, said=""):
        def made(theme, width):
            whole, page = make_window(theme, width)
            make_way(whole, page, width)
            shown = EvidencePane(theme, DrawnAtOnce())
            set_look(shown, "dock")
            shown.setFixedWidth(theme.px(420 if width > 800 else 400))
            layout = whole.layout()
            assert isinstance(layout, QHBoxLayout)
            layout.addWidget(shown)
            found = evidence(answer, *files, said=said)
            QTimer.singleShot(0, shown, lambda: shown.show_thing(found, index_of(found, text)))
            return whole

        return made

    text = given(contract())
    report, invoice = of_file("report-latex.pdf"), of_file("invoice-libreoffice.pdf")
    wells = "At the chapel it was 13.8 °C on the second visit; thirty-six of the wells hold water throughout the year."
    gone = replace(invoice, digest="gone")
    return {
        "evidence_pdf": pane(wells, "thirty-six", report),
        "evidence_pdf_table": pane(wells, "13.8 °C", report),
        "evidence_sheet": pane("Article 1207 is 310.50 a visit.", "310.50", given(prices())),
        "evidence_pdf_gone": pane("The hose is 31.90.", "31.90", gone),
        "evidence_elsewhere": pane(ANSWER, "12,500", text),
        "evidence_not_found": pane(ANSWER, "7 %", text),
        "evidence_own_words": pane("For 17 people it is dear.", "17 people", text, said="We are 17 people. Dear?"),
        "evidence_computed": pane(ANSWER, "49,800", text),
        "evidence_miscomputed": pane("The yearly rent is 12 × 4,150 = 48,900.", "48,900", text),
    }
