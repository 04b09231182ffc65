"""Text for XML and HTML: escaped, and without what no such file may hold; and the files of Office, which are XML."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from string import Template

from desktop.core.resources import resource_path

# Control characters, lone surrogates and non-characters: XML has no way of writing them, and Word refuses the file.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})
_MOMENT = (1980, 1, 1, 0, 0, 0)  # of each part: the same conversation makes the same file


def allowed(text: str) -> str:
    """Return the text with a replacement character for each that XML cannot hold."""
    return _FORBIDDEN.sub("\ufffd", text)


def xml_text(text: str) -> str:
    """Return the text as it stands between tags, or between the quotes of an attribute."""
    return allowed(text).translate(_ESCAPES)


def office_file(kind: str, values: Mapping[str, str], more: Mapping[str, str] | None = None) -> bytes:
    """Return the file that the parts in `resources/` make: "word" or "excel", with values put in, and more parts."""
    folder = resource_path(kind)
    parts = {
        file.relative_to(folder).as_posix(): Template(file.read_text("utf-8")).substitute(values)
        for file in sorted(folder.rglob("*"))
        if file.name.endswith((".xml", ".rels"))  # and not what a file manager or an editor left there
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in (parts | dict(more or {})).items():
            package.writestr(zipfile.ZipInfo(name, _MOMENT), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()
