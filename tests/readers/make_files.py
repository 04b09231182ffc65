"""Makes the files below `files/` out of those in `files/sources/`, by `python -m tests.readers.make_files [NAME …]`.

It needs LibreOffice, Chromium, pdfLaTeX and the fonts Noto Sans CJK and DejaVu. The files are kept in the repository,
since not every computer has these programs; what they hold is known from the sources. All but those of pdfLaTeX are
packed afterwards: `qpdf --object-streams=generate --recompress-flate --compression-level=9 --replace-input FILE`.
"""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

FILES = Path(__file__).with_name("files")
SOURCES = FILES / "sources"
_UNTAGGED = 'pdf:writer_web_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"false"}}'
_TAGGED = 'pdf:writer_web_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'
_BY_LATEX = ("report", "columns")
_BY_QT = ("chinese", "report")
_UNTAGGED_TOO = ("report", "invoice", "chinese", "arabic")


def main(names):
    """Make the files of the sources of these names, or of all."""
    for source in sorted(SOURCES.glob("*.html")):
        if names and source.stem not in names:
            continue
        if source.stem != "japanese":  # whose letters would take much room
            by_chromium(source, FILES / f"{source.stem}-chromium.pdf")
        if source.stem != "columns":  # which LibreOffice does not divide
            by_libreoffice(source, FILES / f"{source.stem}-libreoffice.pdf", _TAGGED)
        if source.stem in _UNTAGGED_TOO:
            by_libreoffice(source, FILES / f"{source.stem}-untagged.pdf", _UNTAGGED)
        if source.stem in _BY_LATEX:
            by_latex(source, FILES / f"{source.stem}-latex.pdf")
        if source.stem in _BY_QT:
            by_qt(source, FILES / f"{source.stem}-qt.pdf")


def by_chromium(source, target):
    """Print a page by Chromium."""
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    with tempfile.TemporaryDirectory() as folder:
        options.append(f"--user-data-dir={folder}")
        _run(["chromium", *options, f"--print-to-pdf={target}", source.as_uri()])


def by_libreoffice(source, target, kind):
    """Convert a file by LibreOffice."""
    with tempfile.TemporaryDirectory() as folder:
        profile = f"-env:UserInstallation=file://{folder}/profile"
        _run(["soffice", profile, "--headless", "--convert-to", kind, "--outdir", folder, str(source)])
        [made] = [each for each in Path(folder).iterdir() if each.stem == source.stem]
        shutil.copy(made, target)


def by_latex(source, target):
    """Set a page by pdfLaTeX, in two columns if its name says so."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "page.tex")
        file.write_text(_latex_of(source), encoding="utf-8")
        _run(["pdflatex", "-interaction=nonstopmode", "-output-directory", folder, str(file)])
        shutil.copy(file.with_suffix(".pdf"), target)


def by_qt(source, target):
    """Print a page by Qt."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtGui import QGuiApplication, QPageSize, QPdfWriter, QTextDocument

    app = QGuiApplication.instance() or QGuiApplication([])
    writer = QPdfWriter(str(target))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    document = QTextDocument()
    document.setHtml(source.read_text(encoding="utf-8"))
    document.print_(writer)
    del app


def _latex_of(source):
    page = source.read_text(encoding="utf-8")
    kind = "twocolumn" if source.stem == "columns" else ""
    body = page[page.index("<body>") + len("<body>") : page.index("</body>")]
    for letter in "&%$#_":
        body = re.sub(rf"{re.escape(letter)}(?!\w+;)", rf"\\{letter}", body)
    body = html.unescape(body)
    for pattern, written in (
        (r"<h1>(.*?)</h1>", r"\\section*{\1}"),
        (r"<h2>(.*?)</h2>", r"\\subsection*{\1}"),
        (r"</?div[^>]*>", ""),
        (r"<ul>", r"\\begin{itemize}"),
        (r"</ul>", r"\\end{itemize}"),
        (r"<ol>", r"\\begin{enumerate}"),
        (r"</ol>", r"\\end{enumerate}"),
        (r"<li>(.*?)</li>", r"\\item \1\n"),
        (r"<p>(.*?)</p>", r"\1\n\n"),
        (r"</t[dh]>\s*<t[dh][^>]*>", " & "),
        (r"<tr>\s*<t[dh][^>]*>(.*?)</t[dh]>\s*</tr>", r"\1 \\\\ \n"),
        (r"</table>", r"\\end{tabular}\n\n"),
        (r"€", r"\\texteuro{}"),
        (r"°", r"\\textdegree{}"),
    ):
        body = re.sub(pattern, written, body, flags=re.DOTALL)
    columns = page.count("<th>")
    widths = "l" + "p{%.2f\\textwidth}" % (0.72 / max(1, columns - 1)) * max(0, columns - 1)
    body = re.sub(r"<table[^>]*>", lambda _: rf"\noindent\begin{{tabular}}{{{widths}}}", body)
    return (
        rf"\documentclass[{kind}]{{article}}\usepackage[T1]{{fontenc}}\usepackage[utf8]{{inputenc}}"
        rf"\usepackage{{textcomp}}\usepackage{{lmodern}}"
        rf"\begin{{document}}{body}\end{{document}}"
    )


def _run(command):
    subprocess.run(command, check=True, capture_output=True, timeout=180)


if __name__ == "__main__":
    main(sys.argv[1:])
