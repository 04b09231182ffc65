"""The setup: it takes away what it brought and nothing else, starts nothing that others could have put in its way."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import icons
import pytest
from windows import launcher, setup, signing

HERE = Path(setup.__file__).parent
SCRIPT = (HERE / "setup.nsi").read_text(encoding="utf-8")
NAMES = ("Candor.exe", "app/candor.py", "app/资源/$1.txt")
# Libraries that Windows keeps in memory or in its own store: no file of theirs beside a setup is ever looked at.
OF_WINDOWS = {"ADVAPI32.dll", "COMCTL32.dll", "GDI32.dll", "KERNEL32.dll", "SHELL32.dll", "USER32.dll", "ole32.dll"}


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """A folder with some files, and pictures beside it."""
    folder = tmp_path_factory.mktemp("setup") / "one" / "Candor"
    for name in NAMES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
    (folder.parent / "candor.ico").write_bytes(icons.ico({16: icons.png(16), 32: icons.png(32)}))
    (folder.parent / "side.bmp").write_bytes(launcher.bitmap(bytes(164 * 314 * 4), 164, 314))
    return folder


@pytest.fixture(scope="module")
def content(program):
    """The setup made of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(signing.CERTIFICATE, raising=False)
        return packed(program)


def packed(program):
    output = program.parent / "candor-setup.exe"
    setup.compile_script(program, output, "1.2.3", program.parent, left_out=["lib/engine.pyd"])
    return output.read_bytes()


def lines_of(text):
    """Its lines without comments and indentation."""
    return [line for each in text.splitlines() if (line := each.strip()) and not line.startswith(";")]


def blocks():
    """The script's functions, sections and macros by their names."""
    found = re.findall(
        r"^(?:Function|Section|!macro) \"?([\w.]+)\"?.*?\n(.*?)^(?:FunctionEnd|SectionEnd|!macroend)",
        SCRIPT,
        re.M | re.S,
    )
    return {name: lines_of(body) for name, body in found}


def test_the_same_content_gives_the_same_setup_wherever_it_is_built(program, content):
    elsewhere = program.parents[1] / "other" / "Candor"
    shutil.copytree(program.parent, elsewhere.parent)
    for name in (
        "candor.ico",
        "side.bmp",
    ):  # made anew for each build, unlike the program's files, whose times are steady
        os.utime(elsewhere.parent / name, (1, 1))
    assert packed(elsewhere) == content


def test_the_setup_loads_libraries_of_windows_alone(content):
    named = {name.decode() for name in re.findall(rb"\b([A-Za-z0-9_]+\.dll)\0", content)}
    assert named == OF_WINDOWS
    assert b"SetDefaultDllDirectories" in content  # what it loads later, it looks for in Windows' own folder


def test_each_file_is_removed_by_its_name_and_folders_only_when_empty():
    lines = setup.remove_lines(["app/desktop/a.py", "app/candor.py", "Candor.exe"])
    assert lines == [
        'Delete "$INSTDIR\\app\\desktop\\a.py"',
        'Delete "$INSTDIR\\app\\candor.py"',
        'Delete "$INSTDIR\\Candor.exe"',
        'RMDir "$INSTDIR\\app\\desktop"',
        'RMDir "$INSTDIR\\app"',
    ]


def test_only_named_data_is_deleted_the_deepest_folder_first():
    assert setup.data_lines({"": ["candor.db"], "recipes": ["*.toml"], "recipes/deleted": ["*.toml"]}) == [
        'Delete "$LOCALAPPDATA\\candor\\recipes\\deleted\\*.toml"',
        'RMDir "$LOCALAPPDATA\\candor\\recipes\\deleted"',
        'Delete "$LOCALAPPDATA\\candor\\recipes\\*.toml"',
        'RMDir "$LOCALAPPDATA\\candor\\recipes"',
        'Delete "$LOCALAPPDATA\\candor\\candor.db"',
        'RMDir "$LOCALAPPDATA\\candor"',
    ]


def test_lists_name_files_below_our_own_folders_and_clear_no_folder(program, content):
    lists = (program.parent / "lists.nsh").read_text(encoding="utf-8-sig")
    assert 'Delete "$INSTDIR\\lib\\engine.pyd"' in lists  # also what only the other edition has
    for line in lines_of(lists):
        command, _, rest = line.partition(" ")
        if command in ("Delete", "RMDir", "SetOutPath", "IfFileExists"):
            rest = rest.removesuffix(" found")
            assert re.fullmatch(r'"\$(?:INSTDIR|LOCALAPPDATA\\candor)(?:\\[^"]+)?"', rest), line
            assert not {"..", "/r"} & set(re.split(r'[\\" ]', rest)), line
            assert "*" not in rest or "$LOCALAPPDATA" in rest, line
        elif command in ("WriteRegStr", "DeleteRegValue", "DeleteRegKey"):
            key = r'(?:/ifempty )?HKCU "\$\{CLASSES\}\\\.[a-z0-9]+(?:\\OpenWithProgids" .*|[^ ]*")'
            assert re.fullmatch(key, rest), line
            assert command != "DeleteRegKey" or rest.startswith("/ifempty "), line
        else:
            assert command in ("!macro", "!macroend", "File"), line


def test_the_setup_has_left_a_folder_before_it_removes_it():
    seen = 0
    for name, lines in blocks().items():
        for at, line in enumerate(lines):
            if line.startswith("RMDir"):
                seen += 1
                assert 'SetOutPath "$TEMP"' in lines[:at], f"{name}: {line}"
    assert seen >= 3
    assert "/r" not in SCRIPT.lower().split()  # which clears a folder with all that is in it
    assert "/REBOOTOK" not in SCRIPT


def test_nothing_is_started_by_a_bare_name_or_by_way_of_a_shell():
    started = [line for line in lines_of(SCRIPT) if re.match(r"(?:Exec|nsExec|ExecDos|ExecShell|ShellExec)", line)]
    assert started == ["ExecWait '\"$Earlier\\uninstall.exe\" /S _?=$Earlier' $2"]
    assert '!define MUI_FINISHPAGE_RUN "$INSTDIR\\Candor.exe"' in SCRIPT
    # Of libraries, only those that the setup has loaded from Windows anyway.
    assert set(re.findall(r"System::Call '(\w+)::", SCRIPT)) == {"kernel32", "shell32"}


def test_windows_knows_how_to_remove_what_is_half_installed():
    section = blocks()["Candor"]
    at = section.index("!insertmacro InstallFiles")
    assert 'WriteUninstaller "$INSTDIR\\uninstall.exe"' in section[:at]
    assert any("UninstallString" in line for line in section[:at])
    assert section.index("Call CheckFolder") < section.index("Call RemoveEarlier") < at
    assert "AllowSkipFiles off" in lines_of(SCRIPT)


def test_a_folder_is_looked_at_before_anything_in_it_is_changed_and_ours_is_marked_first_and_last():
    found = blocks()
    assert found["CheckFolder"][0] == "Call CheckOwner"
    assert "StrCpy $R9 6" in found["CheckOwner"]
    for name in ("CheckOwner", "un.onInit"):
        assert '!insertmacro FindWhetherOurs "$INSTDIR"' in found[name]
    section, removal = found["Candor"], found["Uninstall"]
    marked = section.index('FileOpen $0 "$INSTDIR\\${MARK}" w')
    assert section.index("Call RemoveEarlier") < marked < section.index("!insertmacro InstallFiles")
    first_write = next(at for at, line in enumerate(section) if line.startswith(("Write", "File ")))
    assert marked < first_write
    assert removal.index('Delete "$INSTDIR\\${MARK}"') > removal.index("!insertmacro RemoveFiles")


def test_every_exit_code_is_told_where_it_is_looked_for():
    told = dict(re.findall(r"(\d) (?:\(when removing\) )?(\w+)", re.findall(r"; Exit codes: (.*)", SCRIPT)[0]))
    used = set(re.findall(r"SetErrorLevel (\d)", SCRIPT)) | set(re.findall(r"StrCpy \$R9 (\d)", SCRIPT))
    assert used <= told.keys()
    page = (HERE.parents[1] / "docs" / "installing-windows.md").read_text(encoding="utf-8")
    assert all(re.search(rf"^\| {code} \|", page, re.M) for code in told), "docs/installing-windows.md has the table"


def test_every_sentence_of_the_setup_is_there_in_both_languages_and_used():
    lines = (HERE / "texts.nsh").read_text(encoding="utf-8").splitlines()
    strings = [line.split()[1:3] for line in lines if line.startswith("LangString")]
    english = {name for name, language in strings if language == "${LANG_ENGLISH}"}
    assert english == {name for name, language in strings if language == "${LANG_SIMPCHINESE}"}
    assert len(strings) == 2 * len(english)
    assert {name for name in english if f"$({name})" not in SCRIPT} == set()
