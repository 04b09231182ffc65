"""A link opens only after its whole address has been shown, and only when it is a web or mail address."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, Qt, QTimer, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from desktop.ui.widgets.outside import ask_and_open
from tests.ui.answering import answering

SCHEMES = ("https", "http", "mailto", "file", "javascript")


class Browser(QObject):
    """Stands in the system's place and remembers what it was told to open."""

    def __init__(self):
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def open_url(self, url):
        self.opened.append(bytes(url.toEncoded().data()).decode())


@pytest.fixture
def browser(qapp):
    made = Browser()
    for scheme in SCHEMES:
        QDesktopServices.setUrlHandler(scheme, made, "open_url")
    yield made
    for scheme in SCHEMES:
        QDesktopServices.unsetUrlHandler(scheme)


@pytest.fixture
def parent(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    return made


def test_the_whole_address_is_shown_before_it_opens(browser, parent, qapp):
    for href, shown in (
        ("https://example.com/a?b=c#d", "https://example.com/a?b=c#d"),
        ("https://аpple.com/", "https://xn--pple-43d.com/"),
        ("mailto:a@example.com", "mailto:a@example.com"),
    ):
        for answer in ("Cancel", "", "Copy the address", "Open"):
            assert browser.opened == []
            with answering(answer) as question:
                ask_and_open(parent, href)
            assert (question.more.split("\n")[0], question.default) == (shown, "Cancel")
            assert ("“аpple.com”" in question.more) is ("apple" not in href and "pple" in href)  # a look-alike
            assert (shown.startswith("mailto:")) == ("mail program" in question.text)
            assert question.text_format is Qt.TextFormat.PlainText
        assert qapp.clipboard().text() == shown
        assert browser.opened == [shown]
        browser.opened.clear()


@pytest.mark.parametrize(
    "href", ["file:///etc/passwd", "javascript:alert(1)", "//host/share", "https://user:key@example.com/", "", "x"]
)
def test_anything_else_is_not_even_asked(browser, parent, href):
    with answering("Open") as question:
        ask_and_open(parent, href)
    assert not question.was_asked
    assert browser.opened == []


def test_a_very_long_address_is_shown_whole_on_the_screen(browser, parent, qapp):
    address = "https://example.com/?q=" + "a" * 1_990
    sizes = []
    timer = QTimer()
    timer.timeout.connect(lambda: sizes.extend(box.size() for box in [qapp.activeModalWidget()] if box is not None))
    timer.start(0)
    with answering("Open") as question:
        ask_and_open(parent, address)
    timer.stop()
    assert question.more.replace("\n", "") == address
    assert browser.opened == [address]
    assert sizes[-1].width() < 900
    assert sizes[-1].height() < 800
