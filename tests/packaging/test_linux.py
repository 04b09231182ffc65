"""What the Linux packages say of themselves, and that the same content gives the same files."""

from __future__ import annotations

import configparser
import gzip
import os
import re
import shutil
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Mapping
from pathlib import Path

import bill_of_materials
import licences
import pytest
from environment import ROOT
from freeze import left_paths
from linux import needs, packing, program, tree, try_install
from order import Edition, Order
from packaging.licenses import canonicalize_license_expression
from telling import SetupError

ORDER = Order(Edition.FULL, "1.2.3", Path("/nowhere"))


def fields(text: str) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in text.splitlines() if ": " in line and not line.startswith(" "))


def test_one_edition_takes_the_place_of_the_other() -> None:
    found = fields(packing.control(ORDER, "candor-full", ["libc6"], 1024))
    assert (found["Package"], found["Version"], found["Installed-Size"]) == ("candor-full", "1.2.3", "1024")
    assert found["Conflicts"] == found["Replaces"] == "candor"
    assert found["Provides"] == "candor"


def test_a_library_without_a_package_stops_the_build() -> None:
    with pytest.raises(SetupError, match=r"libGL\.so\.1"):
        needs.debian_packages(["libc.so.6", "libGL.so.1"], {"libc.so.6": "libc6"})


def test_only_places_beside_the_file_itself_are_looked_at() -> None:
    assert needs.strangers(["$ORIGIN", "$ORIGIN/../lib", "/home/builder/lib", "", "$ORIGINAL"]) == [
        "/home/builder/lib",
        "",  # the folder that the program was called in
        "$ORIGINAL",
    ]


def test_a_folder_of_the_builder_is_found_in_whatever_it_is_packed_into(tmp_path: Path) -> None:
    (tmp_path / "clean.txt").write_bytes(b"/usr/lib")
    (tmp_path / "library.so").write_bytes(b"\x7fELF\0/build/here/x.c\0")
    with zipfile.ZipFile(tmp_path / "library.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("module.pyc", b"/build/here/module.py" * 100)
        archive.writestr("other.pyc", b"module.py")
    assert list(left_paths.telling(tmp_path, [b"/build/here"])) == ["library.so", "library.zip: module.pyc"]


def test_libraries_of_one_package_name_it_once() -> None:
    owners = {"libc.so.6": "libc6", "libm.so.6": "libc6", "libEGL.so.1": "libegl1"}
    assert needs.debian_packages(owners, owners) == ["libc6", "libegl1"]


class TestBroughtOfDebian:
    @pytest.fixture
    def debian(self, tmp_path: Path) -> Path:
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

    NAMED: Mapping[str, Mapping[str, str]] = {
        "libgomp1": {"called": "GNU OpenMP", "licence": "GPL-3.0-or-later", "says": "GCC RUNTIME LIBRARY EXCEPTION"}
    }

    def test_packages_are_known_by_their_files(self) -> None:
        owners = {"libssl.so.3": "libssl3", "libcrypto.so.3": "libssl3", "libpython3.11.so.1.0": "libpython3.11"}
        versions = {"libssl3": "3.0.1-1+deb12u2", "libpython3.11": "3.11.2-6", "libpython3.11-stdlib": "3.11.2-6"}
        found = needs.brought([*owners, "libQt6Core.so.6"], owners, versions)
        assert [each.name for each in found] == ["libpython3.11", "libpython3.11-stdlib", "libssl3"]

    def test_a_package_is_told_of_with_its_words_and_those_it_leads_to(self, debian: Path) -> None:
        told: licences.Told = {"parts": [], "texts": {}}
        part = needs.part(needs.Brought("libgomp1", "12.2.0-14+deb12u1"), self.NAMED, debian, told)
        assert [told["texts"][key].split()[0] for key in part["texts"]] == ["GCC", "the"]
        told["parts"] = [{"name": "Candor", "licence": "Apache-2.0", "version": "", "copyright": ""}, part]
        bill = bill_of_materials.bill_of(told, "deb", "linux", "1.2.3")
        address = "pkg:deb/debian/libgomp1@12.2.0-14%2Bdeb12u1?arch=amd64&distro=debian-12"
        assert bill["components"][0]["purl"] == address
        assert bill["components"][0]["licenses"] == [{"expression": "GPL-3.0-or-later"}]
        assert bill["dependencies"] == [{"ref": "Candor", "dependsOn": ["GNU OpenMP (libgomp1)"]}]

    @pytest.mark.parametrize(
        ("name", "said", "why"),
        [
            ("libnew1", "", "describe it in linux/debian.toml"),
            ("libgomp1", "other words", "no longer says “other words”"),
            ("libsilent1", "", "has no words on its licence"),
        ],
    )
    def test_a_package_whose_words_are_not_known_stops_the_build(
        self, debian: Path, name: str, said: str, why: str
    ) -> None:
        libraries = ("libgomp1", "libsilent1")
        named = {each: {"called": "It", "licence": "MIT", "says": said} for each in libraries}
        with pytest.raises(SetupError, match=why):
            needs.part(needs.Brought(name, "1"), named, debian, {"parts": [], "texts": {}})

    def test_a_library_that_nobody_owns_stops_the_build(self) -> None:
        module = "_cffi_backend.cpython-311-x86_64-linux-gnu.so"
        needs.unowned([module, "libssl.so.3"], {"libssl.so.3": "libssl3"})
        with pytest.raises(SetupError, match=r"owns libstray\.so\.1"):
            needs.unowned([module, "libstray.so.1"], {})

    def test_each_licence_has_a_name_and_what_it_rests_on(self) -> None:
        named = tomllib.loads(Path(needs.__file__).with_name("debian.toml").read_text(encoding="utf-8"))
        for name, said in named.items():
            assert said["says"], name
            assert said["called"], name
            if "licence" in said:
                assert canonicalize_license_expression(said["licence"]) == said["licence"]
            else:
                assert said["licence_name"], name


def test_the_oldest_c_library_is_read_out_of_the_files(tmp_path: Path) -> None:
    (tmp_path / "a.so").write_bytes(b"\x7fELF..GLIBC_2.17..GLIBC_2.35..")
    (tmp_path / "notes.txt").write_bytes(b"GLIBC_2.99")
    assert needs.oldest_glibc(tmp_path) == "2.35"


def test_what_is_frozen_is_named_with_its_sums() -> None:
    for lock in program.LOCKS:
        packages = [line for line in lock.read_text(encoding="utf-8").splitlines() if not line.startswith(" ")]
        assert packages
        assert all(re.fullmatch(r"[a-z0-9-]+==\S+ \\", line) for line in packages)
        assert lock.read_text(encoding="utf-8").count("--hash=sha256:") >= len(packages)


def test_the_manual_tells_all_that_can_be_said() -> None:
    manual = (tree.SHARE / "candor.1").read_text(encoding="utf-8").replace("\\", "")
    said = subprocess.run([sys.executable, "-m", "desktop", "--help"], capture_output=True, text=True, check=True)
    for option in re.findall(r"^  .*?(--[a-z]+)", said.stdout, re.MULTILINE):
        assert option in manual


def test_the_menu_entry_names_no_files_when_started_without_any() -> None:
    entry = (tree.SHARE / "candor.desktop").read_text(encoding="utf-8")
    assert try_install.menu_command(entry) == ["candor"]
    assert try_install.menu_command('Exec="/home/anna/my programs/candor" %u\n') == ["/home/anna/my programs/candor"]


def test_the_entry_opens_what_is_described_as_its_types() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.read_string((tree.SHARE / "candor.desktop").read_text(encoding="utf-8"))
    types = set(entry["Desktop Entry"]["MimeType"].strip(";").split(";"))
    described = ET.fromstring((tree.SHARE / "candor.xml").read_text(encoding="utf-8"))  # noqa: S314 - our own file
    assert types - {"x-scheme-handler/candor"} == {each.attrib["type"] for each in described}
    told = ET.fromstring((tree.SHARE / "candor.metainfo.xml").read_text(encoding="utf-8"))  # noqa: S314
    assert types <= {each.text for each in told.iter("mediatype")}


def test_the_desktop_may_hand_over_links_as_well_as_files() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.read_string((tree.SHARE / "candor.desktop").read_text(encoding="utf-8"))
    assert entry["Desktop Entry"]["Exec"].split()[1:] == ["%u"]


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    frozen = tmp_path / "frozen"
    (frozen / "_internal").mkdir(parents=True)
    (frozen / "candor").write_bytes(b"program")
    (frozen / "candor").chmod(0o700)
    (frozen / "_internal" / "libx.so.1").write_bytes(b"library")
    (frozen / "_internal" / "libx.so.1").chmod(0o777)
    (frozen / "_internal" / "resources").mkdir()
    debian = {"name": "OpenSSL (libssl3)", "version": "3.0.1-1", "purl": "deb/debian/libssl3"}
    licences.write({"parts": [{"name": "Candor", "version": ""}, debian], "texts": {}}, frozen / licences.IN_FROZEN)
    icons = tmp_path / "icons"
    (icons / "48x48" / "apps").mkdir(parents=True)
    (icons / "48x48" / "apps" / "candor.png").write_bytes(b"picture")
    target = tmp_path / "tree"
    tree.lay_out(target, frozen, icons, "1.2.3", "candor")
    return target


def test_files_have_the_modes_and_the_time_of_installed_files(installed: Path) -> None:
    modes = {path.name: path.stat().st_mode & 0o777 for path in installed.rglob("*") if path.is_file()}
    assert modes["candor"] == 0o755
    assert {mode for name, mode in modes.items() if name != "candor"} == {0o644}
    assert {path.lstat().st_mtime for path in installed.rglob("*")} == {1000000000}


def test_the_command_leads_to_the_program(installed: Path) -> None:
    assert os.path.samefile(installed / "usr/bin/candor", installed / "usr/lib/candor/candor")


def test_version_and_day_are_filled_in(installed: Path) -> None:
    metainfo = (installed / tree.PLACES["candor.metainfo.xml"]).read_text(encoding="utf-8")
    assert '<release version="1.2.3" date="2001-09-09"/>' in metainfo
    manual = gzip.decompress((installed / "usr/share/man/man1/candor.1.gz").read_bytes()).decode()
    assert manual.startswith('.TH CANDOR 1 "2001-09-09" "Candor 1.2.3"')


def test_the_copyright_file_leads_to_all_licences_and_names_what_is_of_debian(installed: Path) -> None:
    told = (installed / "usr/share/doc/candor/copyright").read_text(encoding="utf-8")
    led_to = re.search(r"^ /(usr/\S+/licences\.json)\.", told, re.MULTILINE)
    assert led_to
    assert (installed / led_to[1]).is_file()
    assert "\n  libssl3 3.0.1-1\n" in told
    assert "@" not in told


def test_the_list_for_verifying_names_each_file_once(installed: Path) -> None:
    named = [line.split("  ", 1)[1] for line in packing.sums_of(installed).splitlines()]
    assert "usr/lib/candor/candor" in named
    assert len(named) == len(set(named))
    assert all((installed / name).is_file() for name in named)


def test_the_rpm_names_libraries_not_packages() -> None:
    text = packing.description(ORDER, "candor-full", ["libEGL.so.1", "libc.so.6", "libc.so.6(GLIBC_2.35)"])
    assert [line for line in text.splitlines() if line.startswith("Requires: lib")] == [
        "Requires: libEGL.so.1()(64bit)",
        "Requires: libc.so.6()(64bit)",
        "Requires: libc.so.6(GLIBC_2.35)(64bit)",
    ]
    assert "Conflicts: candor\n" in text


def test_the_libraries_among_what_an_rpm_requires_are_named_once() -> None:
    said = "libEGL.so.1()(64bit)\nlibc.so.6()(64bit)\nlibc.so.6(GLIBC_2.35)(64bit)\nrpmlib(PayloadIsXz) <= 5.2-1\n"
    assert try_install.library_names(said) == ["libEGL.so.1", "libc.so.6"]


@pytest.fixture
def unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the installer without root unpacks, with a program that only says its name."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    frozen, icons = tmp_path / "frozen", tmp_path / "icons"
    frozen.mkdir()
    (frozen / "candor").write_text("#!/bin/sh\necho candor\n", encoding="utf-8")
    (frozen / "candor").chmod(0o755)
    (icons / "48x48" / "apps").mkdir(parents=True)
    (icons / "48x48" / "apps" / "candor.png").write_bytes(b"picture")
    target = tmp_path / "unpacked"
    packing.lay_out_installer(target, frozen, icons, "1.2.3", "2.3")
    return target


def sh(*arguments: object, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a script; programs in `path` stand before the computer's own."""
    places = os.pathsep.join([*([str(path)] if path else []), os.environ["PATH"]])
    command = ["sh", *map(str, arguments)]
    environment = {**os.environ, "PATH": places}
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environment)


def test_it_is_installed_without_root_and_leaves_what_is_not_its_own(unpacked: Path, tmp_path: Path) -> None:
    prefix = tmp_path / "我的 $ '程序'"
    (prefix / "bin").mkdir(parents=True)
    (prefix / "bin" / "other").write_text("other")
    for _ in range(2):  # the second is an upgrade
        done = sh(unpacked / "install.sh", "--prefix", prefix)
        assert done.returncode == 0, done.stderr
    assert subprocess.run([prefix / "bin/candor"], capture_output=True, text=True, check=True).stdout == "candor\n"
    entry = (prefix / "share/applications/candor.desktop").read_text(encoding="utf-8")
    assert f'Exec="{str(prefix).replace("$", chr(92) * 2 + "$")}/lib/candor-program/candor" %u\n' in entry
    assert sh("-c", done.stdout.splitlines()[-1].removeprefix("To remove it: ")).returncode == 0
    assert not (prefix / "lib/candor-program").exists()
    assert not (prefix / "bin/candor").is_symlink()
    assert (prefix / "bin" / "other").read_text() == "other"


def test_a_plain_path_stands_without_quotes_which_some_desktops_do_not_read(unpacked: Path, tmp_path: Path) -> None:
    assert sh(unpacked / "install.sh", "--prefix", tmp_path / "local").returncode == 0
    entry = (tmp_path / "local/share/applications/candor.desktop").read_text(encoding="utf-8")
    assert f"Exec={tmp_path}/local/lib/candor-program/candor %u\n" in entry


def test_a_folder_of_somebody_else_is_left_alone(unpacked: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "prefix" / "lib" / "candor-program"
    theirs.mkdir(parents=True)
    (theirs / "notes.txt").write_text("mine")
    assert sh(unpacked / "install.sh", "--prefix", tmp_path / "prefix").returncode == 1
    assert (theirs / "notes.txt").read_text() == "mine"


def test_a_command_of_somebody_else_is_left_alone(unpacked: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "prefix" / "bin" / "candor"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("mine")
    done = sh(unpacked / "install.sh", "--prefix", tmp_path / "prefix")
    assert (done.returncode, str(theirs) in done.stderr) == (1, True)
    assert theirs.read_text() == "mine"
    assert not (tmp_path / "prefix" / "lib" / "candor-program").exists()


def test_a_menu_entry_of_somebody_else_is_left_alone(unpacked: Path, tmp_path: Path) -> None:
    prefix = tmp_path / "prefix"
    theirs = prefix / "share/applications/candor.desktop"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("[Desktop Entry]\nName=Mine\n")
    for _ in range(2):
        done = sh(unpacked / "install.sh", "--prefix", prefix)
        assert (done.returncode, str(theirs) in done.stderr) == (0, True)
    assert sh(prefix / "lib/candor-program/uninstall.sh").returncode == 0
    assert theirs.read_text() == "[Desktop Entry]\nName=Mine\n"
    assert not (prefix / "share/mime/packages/candor.xml").exists()
    assert not (prefix / "share/applications/zz-candor.desktop").exists()


def test_a_folder_is_meant_from_where_the_person_is(unpacked: Path, tmp_path: Path) -> None:
    started = ("-c", 'cd /tmp && export USER_PWD=$1 && shift && exec sh "$@"', "sh", tmp_path)
    assert sh(*started, unpacked / "install.sh", "--prefix", "mine").returncode == 0
    assert (tmp_path / "mine/bin/candor").is_symlink()


@pytest.mark.parametrize(
    ("program", "answer", "words"),
    [
        ("df", "Filesystem 1024-blocks Used Available\nx 1000 999 1", "where 0 MiB are free"),
        ("mkdir", "", "Nothing can be written to"),
    ],
)
def test_a_disk_that_takes_no_more_is_told_in_a_sentence(
    unpacked: Path, tmp_path: Path, program: str, answer: str, words: str
) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / program).write_text(f"#!/bin/sh\nprintf '{answer}\n'\n" + ("exit 1\n" if not answer else ""))
    (tools / program).chmod(0o755)
    done = sh(unpacked / "install.sh", "--prefix", tmp_path / "prefix", path=tools)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert words in done.stderr
    assert not list(tmp_path.rglob("candor-program*"))


def test_a_folder_may_be_named_in_two_ways(unpacked: Path, tmp_path: Path) -> None:
    assert sh(unpacked / "install.sh", f"--prefix={tmp_path / 'other'}").returncode == 0
    assert (tmp_path / "other/bin/candor").is_symlink()


@pytest.mark.parametrize("words", [["--prefix"], ["--prefix="], ["--perfix", "x"], ["x"]])
def test_what_is_not_understood_installs_nothing(unpacked: Path, tmp_path: Path, words: list[str]) -> None:
    home = tmp_path / "home"
    home.mkdir()
    done = sh("-c", 'HOME=$1 && export HOME && shift && exec sh "$@"', "sh", home, unpacked / "install.sh", *words)
    assert (done.returncode, "--prefix FOLDER" in done.stderr) == (2, True)
    assert list(home.iterdir()) == []


@pytest.mark.parametrize(("program", "answer"), [("getconf", "glibc 2.2.5"), ("getconf", ""), ("uname", "aarch64")])
def test_a_system_that_is_too_old_or_another_is_told_so(
    unpacked: Path, tmp_path: Path, program: str, answer: str
) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / program).write_text(f"#!/bin/sh\necho '{answer}'\n")
    (tools / program).chmod(0o755)
    done = sh(unpacked / "install.sh", "--prefix", tmp_path / "prefix", path=tools)
    assert done.returncode == 1
    assert "GNU C library 2.3 or newer" in done.stderr
    assert not (tmp_path / "prefix").exists()


def test_an_upgrade_that_breaks_off_leaves_the_old_one_whole(unpacked: Path, tmp_path: Path) -> None:
    prefix = tmp_path / "prefix"
    assert sh(unpacked / "install.sh", "--prefix", prefix).returncode == 0
    (unpacked / "candor" / "large").write_bytes(bytes(1_000_000))
    done = sh("-c", 'ulimit -f 8 && exec sh "$@"', "sh", unpacked / "install.sh", "--prefix", prefix)
    assert done.returncode != 0
    assert [each.name for each in (prefix / "lib").iterdir()] == ["candor-program"]
    assert subprocess.run([prefix / "bin/candor"], capture_output=True, text=True, check=True).stdout == "candor\n"


def test_an_open_candor_is_upgraded_but_not_removed(unpacked: Path, tmp_path: Path) -> None:
    shutil.copy(shutil.which("sleep") or "", unpacked / "candor" / "candor")
    prefix = tmp_path / "prefix"
    assert sh(unpacked / "install.sh", "--prefix", prefix).returncode == 0
    with subprocess.Popen([prefix / "lib/candor-program/candor", "60"]) as opened:
        try:
            done = sh(prefix / "lib/candor-program/uninstall.sh")
            assert (done.returncode, done.stderr) == (1, "Close Candor first.\n")
            assert "the next time" in sh(unpacked / "install.sh", "--prefix", prefix).stdout
        finally:
            opened.kill()
    assert sh(prefix / "lib/candor-program/uninstall.sh").returncode == 0


@pytest.mark.parametrize(
    ("version", "ordered"),
    [("1.2.0", "1.2.0"), ("1.2.0rc1", "1.2.0~rc1"), ("1.2.0.dev3", "1.2.0~dev3"), ("1.2.0b2", "1.2.0~b2")],
)
def test_a_trial_of_a_version_comes_before_it(version: str, ordered: str) -> None:
    assert tree.ordered(version) == ordered


def test_the_time_of_files_is_known_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert tree.build_time() == int((ROOT / "CHANGELOG.md").stat().st_mtime)


def test_models_are_offered_to_those_that_can_open_them(tmp_path: Path) -> None:
    entry = tree.filled("candor.desktop", "1.2.3")
    assert "MimeType=application/x-candor-recipe;" in tree.offered(entry, tmp_path)
    (tmp_path / "_internal" / "xllamacpp").mkdir(parents=True)
    assert "application/x-gguf;" in tree.offered(entry, tmp_path)
