"""Packages for Linux, the installer without root, and what can be said of the recipe for macOS without a Mac."""

from __future__ import annotations

import ast
import gzip
import os
import plistlib
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import licences
import pytest
from freeze.trim import is_kept, languages
from linux import needs, packing, tree, try_install
from macos import image
from order import Edition, Order
from packaging.licenses import canonicalize_license_expression
from telling import SetupError

from tests.support.missing import do_without

ORDER = Order(Edition.FULL, "1.2.3", Path("/nowhere"))
# There is no home page yet, and one of somebody else's would be worse.
ACCEPTED = {"url-homepage-missing"}


def said_by(checker, *arguments):
    """The lines that a desktop's own checker prints."""
    if shutil.which(checker) is None:
        do_without(f"needs {checker}")
    done = subprocess.run([checker, *arguments], capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).splitlines()


# --- What is frozen -------------------------------------------------------------------------------------------------

KEPT = [
    "PySide6/Qt/plugins/platforms/libqxcb.so",
    "PySide6/Qt/plugins/platforms/libqwayland.so",
    "PySide6/Qt/plugins/platforms/libqoffscreen.so",
    "PySide6/Qt/plugins/platforminputcontexts/libibusplatforminputcontextplugin.so",
    "PySide6/Qt/plugins/wayland-shell-integration/libxdg-shell.so",
    "PySide6/Qt/plugins/iconengines/libqsvgicon.so",
    "PySide6/Qt/lib/libQt6XcbQpa.so.6",
    "PySide6/Qt/translations/qtbase_zh_CN.qm",
    "PySide6\\plugins\\platforms\\qwindows.dll",
    "libxcb-cursor.so.0",
    "resources/i18n/candor_zh_CN.qm",
]
LEFT_OUT = [
    "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
    "PySide6/Qt/plugins/platforms/libqeglfs.so",
    "PySide6/Qt/plugins/tls/libqopensslbackend.so",
    "PySide6/Qt/lib/libQt6Quick.so.6",
    "PySide6/Qt/translations/qtbase_de.qm",
    "libstdc++.so.6",
    "libgio-2.0.so.0",
]


def test_what_the_program_needs_is_frozen_and_nothing_else(tmp_path):
    for each in ("candor_zh_CN.ts", "candor_zh_CN.qm"):
        (tmp_path / each).touch()
    assert [each for each in (*KEPT, *LEFT_OUT) if is_kept(each, languages(tmp_path))] == KEPT


# --- What is brought of Debian --------------------------------------------------------------------------------------


@pytest.fixture
def debian(tmp_path):
    """A system with a package and the licences that it leads to; one of them goes by the name of all versions."""
    documents = tmp_path / "usr/share/doc/libgomp1"
    documents.mkdir(parents=True)
    words = "GCC RUNTIME LIBRARY EXCEPTION: see /usr/share/common-licenses/GPL, /usr/share/common-licenses/GPL-3."
    (documents / "copyright").write_text(words, encoding="utf-8")
    common = tmp_path / "usr/share/common-licenses"
    common.mkdir()
    (common / "GPL-3").write_text("the third version", encoding="utf-8")
    (common / "GPL").symlink_to("GPL-3")
    return tmp_path


def test_a_package_is_told_of_with_its_words_and_those_it_leads_to(debian):
    told: licences.Told = {"parts": [], "texts": {}}
    named = {"libgomp1": {"called": "GNU OpenMP", "licence": "GPL-3.0-or-later", "says": "GCC RUNTIME LIBRARY"}}
    part = needs.part(needs.Brought("libgomp1", "12.2.0-14+deb12u1"), named, debian, told)
    assert [told["texts"][key].split()[0] for key in part["texts"]] == ["GCC", "the"]
    assert (part["name"], part["licence"]) == ("GNU OpenMP (libgomp1)", "GPL-3.0-or-later")


@pytest.mark.parametrize(
    ("name", "said", "why"),
    [
        ("libnew1", "", "describe it in linux/debian.toml"),
        ("libgomp1", "other words", "no longer says “other words”"),
        ("libsilent1", "", "has no words on its licence"),
    ],
)
def test_a_package_whose_words_are_not_known_stops_the_build(debian, name, said, why):
    named = {each: {"called": "It", "licence": "MIT", "says": said} for each in ("libgomp1", "libsilent1")}
    with pytest.raises(SetupError, match=why):
        needs.part(needs.Brought(name, "1"), named, debian, {"parts": [], "texts": {}})


def test_each_licence_of_debian_has_a_name_and_what_it_rests_on():
    named = tomllib.loads(Path(needs.__file__).with_name("debian.toml").read_text(encoding="utf-8"))
    for name, said in named.items():
        assert said["says"], name
        assert said["called"], name
        licence = said.get("licence")
        assert canonicalize_license_expression(licence) == licence if licence else said["licence_name"], name


# --- Packages -------------------------------------------------------------------------------------------------------


def test_one_edition_takes_the_place_of_the_other():
    told = packing.control(ORDER, "candor-full", ["libc6"], 1024)
    found = dict(line.split(": ", 1) for line in told.splitlines() if ": " in line and not line.startswith(" "))
    assert (found["Package"], found["Version"], found["Installed-Size"]) == ("candor-full", "1.2.3", "1024")
    assert found["Conflicts"] == found["Replaces"] == found["Provides"] == "candor"


def test_the_rpm_names_libraries_not_packages():
    text = packing.description(ORDER, "candor-full", ["libEGL.so.1", "libc.so.6", "libc.so.6(GLIBC_2.35)"])
    wanted = ["libEGL.so.1()(64bit)", "libc.so.6()(64bit)", "libc.so.6(GLIBC_2.35)(64bit)"]
    assert re.findall(r"^Requires: (lib.*)$", text, re.MULTILINE) == wanted
    assert "Conflicts: candor\n" in text
    assert try_install.library_names("\n".join([*wanted, "rpmlib(X) <= 5.2-1"])) == ["libEGL.so.1", "libc.so.6"]


@pytest.fixture
def icons(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    folder = tmp_path / "icons"
    (folder / "48x48" / "apps").mkdir(parents=True)
    (folder / "48x48" / "apps" / "candor.png").write_bytes(b"picture")
    return folder


@pytest.fixture
def installed(tmp_path, icons):
    frozen = tmp_path / "frozen"
    (frozen / "_internal" / "resources").mkdir(parents=True)
    (frozen / "candor").write_bytes(b"program")
    (frozen / "candor").chmod(0o700)
    (frozen / "_internal" / "libx.so.1").write_bytes(b"library")
    (frozen / "_internal" / "libx.so.1").chmod(0o777)
    debian = {"name": "OpenSSL (libssl3)", "version": "3.0.1-1", "purl": "deb/debian/libssl3"}
    licences.write({"parts": [{"name": "Candor", "version": ""}, debian], "texts": {}}, frozen / licences.IN_FROZEN)
    tree.lay_out(tmp_path / "tree", frozen, icons, "1.2.3", "candor")
    return tmp_path / "tree"


def test_files_have_the_modes_and_the_time_of_installed_files(installed):
    modes = {path.name: path.stat().st_mode & 0o777 for path in installed.rglob("*") if path.is_file()}
    assert modes.pop("candor") == 0o755
    assert set(modes.values()) == {0o644}
    assert {path.lstat().st_mtime for path in installed.rglob("*")} == {1000000000}
    assert os.path.samefile(installed / "usr/bin/candor", installed / "usr/lib/candor/candor")
    named = [line.split("  ", 1)[1] for line in packing.sums_of(installed).splitlines()]
    assert "usr/lib/candor/candor" in named
    assert len(named) == len(set(named))
    assert all((installed / name).is_file() for name in named)


def test_version_day_and_licences_are_filled_in(installed):
    metainfo = (installed / tree.PLACES["candor.metainfo.xml"]).read_text(encoding="utf-8")
    assert '<release version="1.2.3" date="2001-09-09"/>' in metainfo
    manual = gzip.decompress((installed / "usr/share/man/man1/candor.1.gz").read_bytes()).decode()
    assert manual.startswith('.TH CANDOR 1 "2001-09-09" "Candor 1.2.3"')
    told = (installed / "usr/share/doc/candor/copyright").read_text(encoding="utf-8")
    led_to = re.search(r"^ /(usr/\S+/licences\.json)\.", told, re.MULTILINE)
    assert led_to
    assert (installed / led_to[1]).is_file()
    assert "\n  libssl3 3.0.1-1\n" in told
    assert "@" not in told


def test_the_manual_tells_all_that_can_be_said():
    manual = (tree.SHARE / "candor.1").read_text(encoding="utf-8").replace("\\", "")
    said = subprocess.run([sys.executable, "-m", "desktop", "--help"], capture_output=True, text=True, check=True)
    for option in re.findall(r"^  .*?(--[a-z]+)", said.stdout, re.MULTILINE):
        assert option in manual


def test_the_menu_entry_names_no_files_when_started_without_any():
    entry = (tree.SHARE / "candor.desktop").read_text(encoding="utf-8")
    assert try_install.menu_command(entry) == ["candor"]
    assert try_install.menu_command('Exec="/home/anna/my programs/candor" %u\n') == ["/home/anna/my programs/candor"]


def test_models_are_offered_to_those_that_can_open_them(tmp_path):
    entry = tree.filled("candor.desktop", "1.2.3")
    assert "MimeType=application/x-candor-recipe;" in tree.offered(entry, tmp_path)
    (tmp_path / "_internal" / "xllamacpp").mkdir(parents=True)
    assert "application/x-gguf;" in tree.offered(entry, tmp_path)


def test_the_desktops_checkers_find_no_mistake(tmp_path):
    for name in ("candor.desktop", "zz-candor.desktop"):
        assert said_by("desktop-file-validate", tree.SHARE / name) == []
    for script in tree.SHARE.glob("*.sh"):
        assert said_by("shellcheck", script) == []
    # As it lies in an installed system, since its name has to fit what it says.
    for name in ("candor.desktop", "candor.metainfo.xml"):
        file = tmp_path / tree.PLACES[name]
        file.parent.mkdir(parents=True)
        file.write_text(tree.filled(name, "1.0"), encoding="utf-8")
    said = said_by("appstreamcli", "validate-tree", "--no-net", "--no-color", tmp_path)
    assert any("Validation" in line for line in said), said
    found = [match for line in said if (match := re.match(r"\s*[EW]: .*?: ([a-z0-9-]+)", line))]
    assert {match[1] for match in found} <= ACCEPTED, said


# --- The installer without root -------------------------------------------------------------------------------------


@pytest.fixture
def unpacked(tmp_path, icons):
    """What the installer unpacks, with a program that only says its name."""
    frozen = tmp_path / "frozen"
    frozen.mkdir()
    (frozen / "candor").write_text("#!/bin/sh\necho candor\n", encoding="utf-8")
    (frozen / "candor").chmod(0o755)
    packing.lay_out_installer(tmp_path / "unpacked", frozen, icons, "1.2.3", "2.3")
    return tmp_path / "unpacked"


@pytest.fixture
def prefix(tmp_path):
    return tmp_path / "prefix"


def sh(*arguments, path=None):
    """Run a script; programs in `path` stand before the computer's own."""
    places = os.pathsep.join([*([str(path)] if path else []), os.environ["PATH"]])
    command = ["sh", *map(str, arguments)]
    environment = {**os.environ, "PATH": places}
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environment)


def runs(prefix):
    return subprocess.run([prefix / "bin/candor"], capture_output=True, text=True, check=True).stdout == "candor\n"


def test_it_is_installed_without_root_and_leaves_what_is_not_its_own(unpacked, tmp_path):
    prefix = tmp_path / "我的 $ '程序'"
    (prefix / "bin").mkdir(parents=True)
    (prefix / "bin" / "other").write_text("other")
    for _ in range(2):  # the second is an upgrade
        done = sh(unpacked / "install.sh", "--prefix", prefix)
        assert done.returncode == 0, done.stderr
    assert runs(prefix)
    entry = (prefix / "share/applications/candor.desktop").read_text(encoding="utf-8")
    assert f'Exec="{str(prefix).replace("$", chr(92) * 2 + "$")}/lib/candor-program/candor" %u\n' in entry
    assert sh("-c", done.stdout.splitlines()[-1].removeprefix("To remove it: ")).returncode == 0
    assert not (prefix / "lib/candor-program").exists()
    assert not (prefix / "bin/candor").is_symlink()
    assert (prefix / "bin" / "other").read_text() == "other"


@pytest.mark.parametrize(
    ("place", "status"),
    [("lib/candor-program/notes.txt", 1), ("bin/candor", 1), ("share/applications/candor.desktop", 0)],
)
def test_what_is_somebody_elses_is_left_alone(unpacked, prefix, place, status):
    theirs = prefix / place
    theirs.parent.mkdir(parents=True)
    theirs.write_text("[Desktop Entry]\nName=Mine\n")
    done = sh(unpacked / "install.sh", "--prefix", prefix)
    assert done.returncode == status
    assert str(theirs if "lib" not in place else theirs.parent) in done.stderr
    if status == 0:
        assert sh(prefix / "lib/candor-program/uninstall.sh").returncode == 0
        assert not (prefix / "share/applications/zz-candor.desktop").exists()
    assert theirs.read_text() == "[Desktop Entry]\nName=Mine\n"


def test_a_folder_is_meant_from_where_the_person_is_and_a_plain_path_stands_without_quotes(unpacked, tmp_path):
    started = ("-c", 'cd /tmp && export USER_PWD=$1 && shift && exec sh "$@"', "sh", tmp_path)
    assert sh(*started, unpacked / "install.sh", "--prefix", "mine").returncode == 0
    assert (tmp_path / "mine/bin/candor").is_symlink()
    entry = (tmp_path / "mine/share/applications/candor.desktop").read_text(encoding="utf-8")
    assert f"Exec={tmp_path}/mine/lib/candor-program/candor %u\n" in entry


@pytest.mark.parametrize(
    ("program", "answer", "words"),
    [
        ("df", "Filesystem 1024-blocks Used Available\nx 1000 999 1", "where 0 MiB are free"),
        ("mkdir", "", "Nothing can be written to"),
        ("getconf", "glibc 2.2.5", "GNU C library 2.3 or newer"),
        ("uname", "aarch64", "GNU C library 2.3 or newer"),
    ],
)
def test_where_it_cannot_be_installed_it_says_so_and_leaves_nothing(unpacked, prefix, tmp_path, program, answer, words):
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / program).write_text(f"#!/bin/sh\nprintf '{answer}\n'\n" + ("exit 1\n" if not answer else ""))
    (tools / program).chmod(0o755)
    done = sh(unpacked / "install.sh", "--prefix", prefix, path=tools)
    assert done.returncode == 1
    assert words in done.stderr
    assert not list(tmp_path.rglob("candor-program*"))


def test_what_is_not_understood_installs_nothing(unpacked, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    for words in (["--prefix"], ["--prefix="], ["--perfix", "x"], ["x"]):
        done = sh("-c", 'HOME=$1 && export HOME && shift && exec sh "$@"', "sh", home, unpacked / "install.sh", *words)
        assert (done.returncode, "--prefix FOLDER" in done.stderr) == (2, True)
    assert list(home.iterdir()) == []


def test_an_upgrade_that_breaks_off_leaves_the_old_one_whole(unpacked, prefix):
    assert sh(unpacked / "install.sh", "--prefix", prefix).returncode == 0
    (unpacked / "candor" / "large").write_bytes(bytes(1_000_000))
    done = sh("-c", 'ulimit -f 8 && exec sh "$@"', "sh", unpacked / "install.sh", "--prefix", prefix)
    assert done.returncode != 0
    assert [each.name for each in (prefix / "lib").iterdir()] == ["candor-program"]
    assert runs(prefix)


def test_an_open_candor_is_upgraded_but_not_removed(unpacked, prefix):
    shutil.copy(shutil.which("sleep") or "", unpacked / "candor" / "candor")
    assert sh(unpacked / "install.sh", "--prefix", prefix).returncode == 0
    with subprocess.Popen([prefix / "lib/candor-program/candor", "60"]) as opened:
        try:
            done = sh(prefix / "lib/candor-program/uninstall.sh")
            assert (done.returncode, done.stderr) == (1, "Close Candor first.\n")
            assert "the next time" in sh(unpacked / "install.sh", "--prefix", prefix).stdout
        finally:
            opened.kill()
    assert sh(prefix / "lib/candor-program/uninstall.sh").returncode == 0


FOLDER = Path(image.__file__).parent


def test_no_exception_from_the_hardened_runtime_is_asked_for():
    assert plistlib.loads((FOLDER / "entitlements.plist").read_bytes()) == {}


@pytest.mark.parametrize("script", ["keychain.sh", "sign.sh", "notarize.sh"])
def test_scripts_have_no_known_mistake(script):
    done = subprocess.run(["shellcheck", FOLDER / script], capture_output=True, text=True, check=False)
    assert done.stdout == ""
    assert (FOLDER / script).stat().st_mode & 0o100


def information():
    """What stands in the program's Info.plist, as macOS reads it."""
    words = ast.walk(ast.parse((FOLDER / "candor.spec").read_text(encoding="utf-8")))
    [said] = [each.value for each in words if isinstance(each, ast.keyword) and each.arg == "info_plist"]
    return plistlib.loads(plistlib.dumps(ast.literal_eval(ast.unparse(said).replace("VERSION", "'1.0'"))))


def test_no_file_is_taken_from_what_opens_it_and_names_belong_to_nobody_else():
    told = information()
    assert told["LSMinimumSystemVersion"] == "13.0"
    for each in told["CFBundleDocumentTypes"]:
        assert (each["LSHandlerRank"], each["CFBundleTypeRole"]) == ("Alternate", "Viewer")
        # A type that is named makes macOS look at no ending.
        assert ("LSItemContentTypes" in each) != ("CFBundleTypeExtensions" in each)
    ours = {name for each in told["CFBundleDocumentTypes"] for name in each.get("LSItemContentTypes", ())}
    described = {each["UTTypeIdentifier"] for each in told["UTImportedTypeDeclarations"]}
    assert ours == described
    names = [each["CFBundleURLName"] for each in told["CFBundleURLTypes"]]
    names += re.findall(r'bundle_identifier="(.*)"', (FOLDER / "candor.spec").read_text(encoding="utf-8"))
    assert all(name.startswith("localhost.candor.") for name in (*names, *described))


SECRETS = {
    "CANDOR_MAC_CERTIFICATE_BASE64": "Y2VydGlmaWNhdGU=",
    "CANDOR_MAC_CERTIFICATE_PASSWORD": "a word",
    "CANDOR_MAC_NOTARY_KEY": "key",
    "CANDOR_MAC_NOTARY_KEY_ID": "KEY1",
    "CANDOR_MAC_NOTARY_ISSUER": "issuer",
}
# In the place of Apple's programs: it writes down how it was called, and answers as they do.
FAKE = """#!/bin/sh
echo "$(basename "$0") $*" >> "$CALLS"
case $* in
    create-keychain*) : > "$4" ;;
    delete-keychain*) rm "$2" ;;
    import*) cat "$2" > "$CALLS.certificate" ;;
    find-identity*) printf '%s\\n' "$FOUND" '     1 valid identities found' ;;
esac
"""


class Mac:
    """A keychain in a folder, with fakes of Apple's programs."""

    def __init__(self, folder):
        self.keychain, self.calls, self.programs = folder / "k", folder / "calls", folder / "bin"
        self.temporary = folder / "tmp"
        self.programs.mkdir()
        self.temporary.mkdir()
        for name in ("security", "xcrun"):
            (self.programs / name).write_text(FAKE, encoding="utf-8")
            (self.programs / name).chmod(0o755)

    def run(self, what, found='  1) AB12 "Developer ID Application: Ann (TEAM1)"', **secrets):
        told = {"PATH": f"{self.programs}:/usr/bin:/bin", "CALLS": str(self.calls), "TMPDIR": str(self.temporary)}
        command = [str(FOLDER / "keychain.sh"), what, str(self.keychain)]
        return subprocess.run(
            command, env={**told, "FOUND": found, **secrets}, capture_output=True, text=True, check=False
        )


@pytest.fixture
def mac(tmp_path):
    return Mac(tmp_path)


def test_a_release_has_a_keychain_of_its_own(mac):
    done = mac.run("open", **SECRETS)
    assert done.returncode == 0, done.stderr
    assert dict(line.split("=", 1) for line in done.stdout.splitlines()) == {
        image.IDENTITY: "Developer ID Application: Ann (TEAM1)",
        image.PROFILE: "candor-release",
        image.KEYCHAIN: str(mac.keychain),
    }
    assert mac.calls.with_suffix(".certificate").read_text(encoding="utf-8") == "certificate"
    calls = mac.calls.read_text(encoding="utf-8").splitlines()
    assert all(str(mac.keychain) in call for call in calls)
    assert "--key-id KEY1 --issuer issuer" in calls[-2]
    assert list(mac.temporary.iterdir()) == []  # neither certificate nor key is left lying about
    assert mac.keychain.exists()
    assert mac.run("close").returncode == 0
    assert not mac.keychain.exists()
    assert mac.run("close").returncode == 0


@pytest.mark.parametrize("missing", SECRETS)
def test_without_a_secret_nothing_is_handed_out(missing, mac):
    done = mac.run("open", **SECRETS | {missing: ""})
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == f"Unsigned images are not handed out: {missing} is empty.\n"
    assert not mac.calls.exists()


def test_a_certificate_of_another_kind_is_refused(mac):
    done = mac.run("open", found='  1) AB12 "Apple Development: Ann (TEAM1)"', **SECRETS)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.endswith("The certificate is no valid Developer ID Application.\n")
