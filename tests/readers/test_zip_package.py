"""A zip file that means harm is turned away before it takes memory; one that is well made is read."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from desktop.core.documents.reading import ReadingError, ReadingProblem
from desktop.readers.source import BROKEN, Source, failure_of
from desktop.readers.zip_package import Package, iterparse_xml


def package(tmp_path: Path, **parts: bytes) -> Source:
    path = tmp_path / "file.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return Source(path, "file.zip")


def problem_of(source: Source, part: str = "a") -> ReadingProblem:
    with pytest.raises((ReadingError, *BROKEN)) as caught, Package(source) as opened:
        opened.read(part)
    return failure_of(caught.value).problem


def test_parts_are_found_whatever_their_case_and_slashes(tmp_path: Path) -> None:
    source = package(tmp_path, **{"Word\\Document.xml": b"<a/>"})
    with Package(source) as opened:
        assert "word/document.xml" in opened
        assert opened.read("word/document.xml") == b"<a/>"


def test_a_part_is_read_in_pieces(tmp_path: Path) -> None:
    source = package(tmp_path, a=b"<rows>" + b"<row>x</row>" * 50_000 + b"</rows>")
    with Package(source) as opened:
        rows = 0
        for _, element in opened.iterparse("a"):
            rows += element.tag == "row"
            element.clear()
    assert rows == 50_000


def test_what_grows_out_of_next_to_nothing_is_too_large(tmp_path: Path) -> None:
    assert problem_of(package(tmp_path, a=bytes(100 << 20))) is ReadingProblem.TOO_LARGE


def test_a_directory_that_lies_about_a_size_is_found_out(tmp_path: Path) -> None:
    source = package(tmp_path, a=b"x" * (1 << 20))
    data = source.path.read_bytes()
    told = (1 << 20).to_bytes(4, "little")
    source.path.write_bytes(data.replace(told, (10).to_bytes(4, "little")))
    assert problem_of(source) is ReadingProblem.DAMAGED


def test_a_part_longer_than_its_limit_is_refused_while_it_is_read(tmp_path: Path) -> None:
    source = package(tmp_path, a=b"x" * 1000)
    with Package(source) as opened, pytest.raises(ReadingError) as caught:
        opened.open("a", most=999)
    assert caught.value.problem is ReadingProblem.TOO_LARGE


@pytest.mark.parametrize("cut", [10, 60, 90])
def test_a_file_that_is_cut_off_is_damaged(tmp_path: Path, cut: int) -> None:
    source = package(tmp_path, a=b"some words")
    source.path.write_bytes(source.path.read_bytes()[:cut])
    assert problem_of(source) is ReadingProblem.DAMAGED


def test_a_missing_part_is_damage(tmp_path: Path) -> None:
    assert problem_of(package(tmp_path, b=b"")) is ReadingProblem.DAMAGED


BOMB = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("before", ["", f"<!-- {'x' * 100_000} -->"])
def test_a_doctype_is_turned_away_wherever_it_hides(encoding: str, before: str) -> None:
    data = (before + BOMB).encode(encoding)
    with pytest.raises(BROKEN, match="DOCTYPE"):
        list(iterparse_xml(io.BytesIO(data), "a"))


def test_what_is_no_xml_is_damaged() -> None:
    for data in (b"", b"words", b"<a>", b"<a></b>", b"\xff\xff"):
        with pytest.raises(BROKEN):
            list(iterparse_xml(io.BytesIO(data), "a"))
