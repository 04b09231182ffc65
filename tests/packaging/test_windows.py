"""The recipes for Windows: what goes into the program, signatures, and what the uninstaller deletes when asked to."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import hashlib
import io
import logging
import os
import sqlite3
import subprocess
import sys
import tarfile
import zipfile
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from telling import SetupError
from windows import launcher, packages, runtime, setup, signing, work

from desktop.core.documents.document import ReadingError
from desktop.core.errors import StoreError
from desktop.core.prompts.prompt import PromptDraft
from desktop.core.recipes.recipe import recipe_of
from desktop.logs import keep_log
from desktop.prompts.recipe_folder import RecipeFolder
from desktop.store.database import open_store
from desktop.store.disk import disk_failures, write_or_refuse
from desktop.store.files import FileStore
from desktop.store.keys import KnownHosts
from desktop.store.ledger import Ledger
from desktop.store.models import ModelCopies
from desktop.store.paths import KNOWN_HOSTS, LEDGER, InstanceLock, data_dir
from desktop.store.schema import OLDEST
from desktop.store.settings import Settings
from tests.store.conftest import turn

KEPT = [
    "PySide6/QtCore.pyd",
    "PySide6/Qt6Widgets.dll",
    "PySide6/plugins/platforms/qwindows.dll",
    "PySide6/translations/qtbase_zh_CN.qm",
    "shiboken6/Shiboken.pyd",
    "xllamacpp/xllamacpp.pyd",
    "httpx-0.28.1.dist-info/METADATA",
    "keyring/backends/Windows.py",
]
LEFT_OUT = [
    "PySide6/Qt6Quick.dll",
    "PySide6/opengl32sw.dll",
    "PySide6/designer.exe",
    "PySide6/qml/QtQuick/qmldir",
    "PySide6/msvcp140.dll",
    "shiboken6/include/shiboken.h",
    "psutil/tests/test_all.py",
    "bin/httpx.exe",
    "olefile/olefile2.py",
    "httpx-0.28.1.dist-info/RECORD",
]


def test_what_the_program_needs_is_kept_and_nothing_else():
    assert [each for each in (*KEPT, *LEFT_OUT) if packages.is_kept(each, ("en", "zh_CN"))] == KEPT


def test_the_launcher_names_its_folders_before_it_loads_anything():
    source = (Path(launcher.__file__).parent / "launcher" / "candor.c").read_text(encoding="utf-8")
    assert source.index("SetDefaultDllDirectories(LOAD_LIBRARY_SEARCH_SYSTEM32") < source.index("LoadLibraryExW(")
    assert source.count("LoadLibrary") == 1
    assert "LoadLibraryExW(library, NULL, LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_SYSTEM32)" in source
    assert not any(call in source for call in ("CreateProcess", "ShellExecute", "system(", "getenv"))


def test_python_is_taken_only_with_its_sum(tmp_path):
    file = tmp_path / runtime.read_pinned().official.file
    file.write_bytes(b"another one")
    with pytest.raises(SetupError, match="not the pinned file"):
        runtime.compare(file, runtime.read_pinned().official.sha256)
    with pytest.raises(SetupError, match="cannot be read"):
        runtime.compare(tmp_path / "absent.zip", "")


def source_package(folder, ran):
    """A source package that says so in the file `ran` when its own builder is called."""
    project = '[build-system]\nrequires = []\nbuild-backend = "builder"\nbackend-path = ["."]\n'
    builder = f"open({str(ran)!r}, 'w').close()\n"
    about = "Metadata-Version: 2.1\nName: candor-trial\nVersion: 1.0\n"
    files = {"pyproject.toml": project, "builder.py": builder, "PKG-INFO": about, "inner/python.zip": "an archive"}
    file = folder / "candor_trial-1.0.tar.gz"
    with tarfile.open(file, "w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(f"candor_trial-1.0/{name}")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return file


def test_nothing_of_a_source_package_with_another_sum_is_unpacked_or_run(tmp_path, monkeypatch):
    ran = tmp_path / "ran"
    package = source_package(tmp_path, ran)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    right = hashlib.sha256(package.read_bytes()).hexdigest()
    inside = hashlib.sha256(b"an archive").hexdigest()
    wanted = runtime.TestPython("candor-trial", "1.0", right, "inner/python.zip", inside, "")
    file = tmp_path / "python" / "python.zip"
    monkeypatch.setattr(runtime, "_bare_python", lambda folder: Path(sys.executable))  # which takes long to make
    with pytest.raises(SetupError, match="Expected sha256"):
        runtime.fetch(dataclasses.replace(wanted, sha256=64 * "0"), file)
    assert not ran.exists()
    assert not file.exists()
    runtime.fetch(wanted, file)
    assert file.read_bytes() == b"an archive"


def test_python_looks_for_modules_in_the_program_alone(tmp_path):
    archive = tmp_path / "python.zip"
    with zipfile.ZipFile(archive, "w") as files:
        for name in ("python313.dll", "python.exe", "python313._pth", "deeper/python313.dll"):
            files.writestr(f"cp313/{name}", "")
    folder = tmp_path / "Candor" / "runtime"
    runtime.unpack(runtime.Archive(archive, "cp313", is_official=False), folder)
    assert sorted(file.name for file in folder.iterdir()) == ["python313._pth", "python313.dll"]
    searched = (folder / "python313._pth").read_bytes()
    assert searched == b"python313.zip\r\n.\r\n..\\lib\r\n..\\app\r\n"


def test_a_file_is_signed_whole_and_a_test_build_only_with_a_certificate_to_throw_away(
    throw_away_certificate, windows_program, tmp_path, monkeypatch
):
    certificate, password, authority = throw_away_certificate
    monkeypatch.setenv(signing.CERTIFICATE, str(certificate))
    monkeypatch.setenv(signing.PASSWORD_FILE, str(password))
    monkeypatch.delenv(signing.TIME_SERVER, raising=False)
    monkeypatch.delenv(signing.THROW_AWAY, raising=False)
    before = windows_program.read_bytes()
    with pytest.raises(SetupError, match="test build"):
        signing.sign(windows_program)
    with pytest.raises(SetupError, match="test build"):
        signing.uninstaller_command(tmp_path)
    assert windows_program.read_bytes() == before
    monkeypatch.setenv(signing.THROW_AWAY, "yes")
    assert signing.uninstaller_command(tmp_path)
    assert signing.sign(windows_program)
    verify(windows_program, authority)
    content = bytearray(windows_program.read_bytes())
    content[0x200] ^= 0xFF
    windows_program.write_bytes(content)
    with pytest.raises(SetupError):
        verify(windows_program, authority)
    monkeypatch.delenv(signing.PASSWORD_FILE)
    with pytest.raises(SetupError, match=signing.PASSWORD_FILE):
        signing.sign(windows_program)
    monkeypatch.delenv(signing.CERTIFICATE)
    assert not signing.sign(windows_program)
    assert signing.uninstaller_command(tmp_path) == ""


def verify(file, authority):
    work.run(["osslsigncode", "verify", "-CAfile", authority, "-in", file])


@pytest.fixture
def throw_away_certificate(tmp_path):
    """A certificate that vouches for itself, its password, and the certificate alone."""
    key, alone, both, password = (tmp_path / name for name in ("key.pem", "alone.pem", "both.p12", "password"))
    password.write_text("only for tests", encoding="ascii")
    run = subprocess.run
    run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Candor test"),
            *("-addext", "extendedKeyUsage=codeSigning", "-keyout", key, "-out", alone),
        ],
        check=True,
        capture_output=True,
    )
    command = ["openssl", "pkcs12", "-export", "-inkey", key, "-in", alone, "-out", both]
    run([*command, "-passout", f"file:{password}"], check=True, capture_output=True)
    return both, password, alone


@pytest.fixture
def windows_program(tmp_path):
    """A program for Windows: which one is of no matter."""
    script, program = tmp_path / "nothing.nsi", tmp_path / "program.exe"
    script.write_text(f'OutFile "{program}"\nSection\nSectionEnd\n', encoding="ascii")
    subprocess.run(["makensis", "-V1", script], check=True, capture_output=True)
    return program


@pytest.fixture
def written(candor_home, monkeypatch):
    """The files in the program's folder after everything that writes there has done so, while the program runs."""
    folder = data_dir()
    lock = InstanceLock(folder / "candor.lock")
    assert lock.acquire()
    database = folder / "candor.db"
    open_store(database).close()
    set_version(database, OLDEST)
    store = open_store(database)  # brings it along, with a backup
    conversation, asked, reply = turn("a question", "an answer")
    store.begin_reply(conversation, [asked, reply])
    store.check()
    backup = store.back_up_if_due()
    assert backup is not None
    for suffix in ("-wal", "-shm"):  # what a crash leaves beside the file
        (folder / f"candor.aside-20260101-000000-1.db{suffix}").touch()
    for part in ("candor.restoring.part-wal", "backups/candor.copy.part-journal"):
        (folder / part).touch()
    (folder / "backups" / ".erased.a.part").touch()
    store.repair()
    store.conversations()
    store.search_index.fill()
    (folder / "settings.json").write_text("no settings", encoding="utf-8")
    Settings.load(folder / "settings.json")
    Settings().save(folder / "settings.json")
    (folder / LEDGER).write_text("no ledger", encoding="utf-8")
    ledger = Ledger(folder / LEDGER)
    ledger.write([])
    for _ in range(2):  # the second finds it full
        keep_log(folder)
        handler = logging.getLogger().handlers[-1]
        handler.handle(logging.makeLogRecord({"msg": "x" * 600_000}))
        handler.handle(logging.makeLogRecord({"msg": "and more"}))
        logging.getLogger().removeHandler(handler)
        handler.close()
    hosts = KnownHosts(folder / KNOWN_HOSTS)
    hosts.remember("h", 22, "ssh-ed25519 AAAA")
    files = FileStore(folder / "files")
    files.keep_bytes(b"a contract")
    asyncio.run(copy_model(ModelCopies(folder / "models"), folder / "settings.json"))
    recipes = RecipeFolder(folder / "recipes", write_or_refuse, disk_failures)
    kept, deleted = (recipes.add_recipe(recipe_of(name, PromptDraft(framework="main"))) for name in ("Letter", "写信"))
    recipes.delete(deleted)
    with monkeypatch.context() as broken:
        for name in ("replace", "unlink"):
            broken.setattr(os, name, refuse)
        with pytest.raises(ReadingError):
            files.keep_bytes(b"a price list")
        broken.setattr(Path, "unlink", refuse)
        with pytest.raises(StoreError):
            Settings().save(folder / "settings.json")
        with pytest.raises(StoreError):
            recipes.save(kept, kept.recipe)
        with pytest.raises(StoreError):
            hosts.remember("h", 23, "ssh-ed25519 AAAA")
        set_version(database, OLDEST)
        with pytest.raises((StoreError, OSError)):
            open_store(database)
    yield {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}
    ledger.close()
    store.close()
    lock.release()


def set_version(database, version):
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")


async def copy_model(copies, file):
    """Copy any file as a model, and once more until the program ends in the middle."""
    folder = copies.place_for(file).parent
    async for _ in copies.import_file(str(folder / "a.gguf"), file):
        pass
    (folder / "b.gguf.part").touch()


def refuse(*_, **__):
    """As if the process had ended before this."""
    raise OSError("ended")


def matches(name, folder, pattern):
    parent, _, own = name.rpartition("/")
    return fnmatchcase(parent, folder) and fnmatchcase(own, pattern)


def test_all_that_the_program_writes_is_deleted_when_that_is_asked_for(written):
    """And nothing that the program does not write."""
    patterns = [(folder, pattern) for folder, each in setup.data().items() for pattern in each]
    assert [name for name in sorted(written) if not any(matches(name, *pattern) for pattern in patterns)] == []
    assert [pattern for pattern in patterns if not any(matches(name, *pattern) for name in written)] == []


def test_what_others_put_there_stays():
    names = "candor.db.mine settings-of-mine.json recipes/contract.docx backups/mine.zip recipes/old/a.toml cache/a"
    for name in (*names.split(), "files/mine.pdf", "files/ab/mine.pdf"):
        assert not any(matches(name, folder, pattern) for folder, each in setup.data().items() for pattern in each)
