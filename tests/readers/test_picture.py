"""Pages of PDF files as pictures: in their size and colours, drawn by the reader's process."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtGui import QImage

from desktop.readers.pdf.picture import png_of
from desktop.readers.process import ReaderProcess
from tests.readers.pdf_making import drawn, pages


def pictures(path: Path, numbers: list[int], dpi: int = 72) -> dict[int, QImage]:
    async def run() -> dict[int, QImage]:
        drawing = ReaderProcess().draw_pages(path, numbers, dpi=dpi)
        return {picture.number: QImage.fromData(picture.png, "PNG") async for picture in drawing}

    return asyncio.run(run())


def test_pages_are_drawn_in_their_size_and_colours(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pages([drawn((60, 700, "words")), "1 0 0 rg 0 0 595 842 re f"]))
    first, second = pictures(path, [1, 2], 144).values()
    assert (first.width(), first.height()) == (1190, 1684)
    assert first.isGrayscale()
    assert second.pixelColor(600, 800).getRgb() == (255, 0, 0, 255)


def test_a_page_as_large_as_a_wall_is_drawn_smaller(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pages([drawn((60, 700, "words"))]).replace(b"[0 0 595 842]", b"[0 0 9999 9999]"))
    [picture] = pictures(path, [1], 300).values()
    assert picture.width() == picture.height()
    assert 3900 < picture.width() <= 4001


def test_lines_of_a_picture_may_stand_apart() -> None:
    image = QImage.fromData(png_of(2, 2, 8, memoryview(b"\t\t\t\xc8\0\0\1\1\7\7\7\5\5\5\1\1")))
    colours = [[image.pixelColor(x, y).getRgb()[:3] for x in range(2)] for y in range(2)]
    assert colours == [[(9, 9, 9), (200, 0, 0)], [(7, 7, 7), (5, 5, 5)]]
