"""What was handed over: a file by its ending, a file by its address, a link, or nothing that can be opened."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.recipes.given_file import GivenFile, LocalPath, given_file, read_given, whole
from desktop.core.recipes.link import LinkFault, RecipeLink

on_unix = pytest.mark.skipif(sys.platform == "win32", reason="paths of Unix")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/models/a b.gguf", GivenFile.MODEL),
        ("C:\\models\\A.GGUF", GivenFile.MODEL),
        ("reply.candor.toml", GivenFile.RECIPE),
        ("reply.TOML", GivenFile.RECIPE),
        ("notes.pdf", GivenFile.OTHER),
        ("/tmp", GivenFile.OTHER),
        (".gguf", GivenFile.OTHER),
        ("", GivenFile.OTHER),
    ],
)
def test_the_ending_says_what_it_is(path, kind):
    assert given_file(path) is kind


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/models/a b.gguf", LocalPath("/models/a b.gguf")),
        ("a%20b.gguf", LocalPath("a%20b.gguf")),  # a path is no address: nothing in it is decoded
        ("C:\\models\\A.GGUF", LocalPath("C:\\models\\A.GGUF")),
        ("c://models/a.gguf", LocalPath("c://models/a.gguf")),
        ("./candor:notes.toml", LocalPath("./candor:notes.toml")),
        ("a\0b", LinkFault.NO_FILE),
        ("https://company.example/reply.candor.toml", LinkFault.ELSEWHERE),
        ("smb://files/recipes/reply.candor.toml", LinkFault.ELSEWHERE),
        ("file://files/recipes/reply.candor.toml", LinkFault.ELSEWHERE),
        ("file:////files/recipes/reply.candor.toml", LinkFault.ELSEWHERE),
        ("file:///%5C%5Cfiles%5Creply.candor.toml", LinkFault.ELSEWHERE),
        ("file:///%2Ffiles/reply.candor.toml", LinkFault.ELSEWHERE),
        ("file:", LinkFault.NO_FILE),
        ("file:reply.toml", LinkFault.NO_FILE),  # from which folder?
        ("file:///a%zz.toml", LinkFault.NO_FILE),
        ("file:///a%00.toml", LinkFault.NO_FILE),
        ("candor:recipe/Reply", RecipeLink("Reply")),
    ],
)
def test_what_a_text_leads_to(text, found):
    assert read_given(text) == found


@on_unix
@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("file:///home/li/%E5%9B%9E%E5%A4%8D%20a.candor.toml", "/home/li/回复 a.candor.toml"),
        ("file:///home/li/回复.candor.toml", "/home/li/回复.candor.toml"),
        ("FILE://LocalHost/home/li/a.gguf", "/home/li/a.gguf"),
        ("file:/home/li/a.gguf", "/home/li/a.gguf"),
        ("file:///home/li/100%25%23%3F%0A.gguf", "/home/li/100%#?\n.gguf"),
        ("file:///home/li/%FF.gguf", os.fsdecode(b"/home/li/\xff.gguf")),
        ("file:///C:/a.gguf", "/C:/a.gguf"),
    ],
)
def test_an_address_of_a_file_is_its_path(address, path):
    assert read_given(address) == LocalPath(path)


@on_unix
@given(st.binary(min_size=1, max_size=80).filter(lambda name: not {0, 0x2F} & set(name)))
def test_any_name_on_a_disk_comes_back_from_its_address(name):
    path = b"/home/" + name
    assert read_given(f"file://{quote(path)}") == LocalPath(os.fsdecode(path))


@given(st.text(max_size=60) | st.from_regex(r"(?i)file:/{0,4}[^\n]*"))
def test_any_text_is_read(text):
    assert isinstance(read_given(text), LocalPath | RecipeLink | LinkFault)


@pytest.mark.parametrize("text", ["candor:recipe/Reply", "CANDOR:x", "file:///a%20b", "FILE:/a", "smb://files/a"])
def test_an_address_is_handed_on_as_it_is(text):
    assert whole(text) == text


def test_a_path_is_handed_on_from_the_root_on():
    assert whole("a.gguf") == str(Path.cwd() / "a.gguf")
