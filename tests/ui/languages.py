"""Lets a test speak one of the program's languages, from the source texts, so that no build step is needed first.

After a change of words, bring the source texts up to date and fill in what is unfinished:

    export PATH="$PWD/.venv/bin:$PATH"; cd resources/i18n
    spoken=$(find ../../desktop/*.py ../../desktop/{parts,ui,rendering,exporters} -name "*.py" | sort)
    pyside6-lupdate $spoken -no-obsolete -locations none -ts candor_zh_CN.ts
    python ../../packaging/dev.py translations
"""

from __future__ import annotations

import subprocess
import tempfile
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import PySide6
from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator

from desktop.core.resources import resource_path

TRANSLATIONS = sorted(resource_path("i18n").glob("candor_*.ts"))
LANGUAGES = ("en", *(file.stem.removeprefix("candor_") for file in TRANSLATIONS))


@lru_cache
def compiled(language):
    """The texts of a language as Qt reads them."""
    tool = next(Path(PySide6.__file__).parent.glob("lrelease*"))
    source = resource_path("i18n", f"candor_{language}.ts")
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "made.qm")
        subprocess.run([str(tool), "-silent", str(source), "-qm", str(made)], check=True)
        return made.read_bytes()


@contextmanager
def speaking(app, language):
    """Within this block the program speaks `language`; widgets made in it show its words."""
    before = QLocale()
    translator = QTranslator()
    assert language == "en" or translator.load(compiled(language))
    app.installTranslator(translator)
    QLocale.setDefault(QLocale(language))
    try:
        yield
    finally:
        app.removeTranslator(translator)
        QLocale.setDefault(before)


@contextmanager
def speaking_of_qt(app, language):
    """Within this block Qt's own dialogs speak `language`, where nothing of ours says it otherwise."""
    translator = QTranslator()
    assert translator.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    app.installTranslator(translator)
    try:
        yield
    finally:
        app.removeTranslator(translator)
