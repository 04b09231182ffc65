"""The MSI for administrators: the same folder for all users of a computer, for group policies and device management.

Made with wixl from a description that is written here. Every component's identity follows from its path, so that a
newer package knows what an older one has installed, and the package's own from all that is in it: the same content
is the same package, and another content one that takes the place of what is installed, the version being the same.
What wixl cannot express is added to the finished file: it leaves the strings of a package without a code page, ends at
a Chinese letter, draws its package code by lot and writes the hour into the file.
"""

from __future__ import annotations

import hashlib
import mmap
import re
import struct
import uuid
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from xml.sax.saxutils import quoteattr

import system
from documents import DOCUMENTS
from order import Edition, Order, sum_of
from telling import SetupError, say

from windows import launcher, program, signing, work

_OURS = uuid.UUID("0f6f4c0e-5a3b-4d4e-9a52-6b0f0f6b7c11")  # never to change: all identities grow from it
_UPGRADE_CODE = "c7a1b9f2-3d64-4c0b-8f6e-2b6d1e5a9d40"  # never to change: by it a newer version finds an older one
# For each ending: the class of its files, what Windows calls them, and the number of these words in Candor.exe, which
# has them in the language of whoever looks. An ending of two parts is none for Windows.
_OPENED = {
    ".gguf": ("Candor.Model", "Language model", 101),
    ".toml": ("Candor.Recipe", "Candor recipe", 102),
    **dict.fromkeys(DOCUMENTS, ("Candor.Document", "Document", 103)),
}
# In the command for links two strokes end the switches: whatever a link holds, also quotes that its sender did not
# write as links have to, none of it is taken for one.
_LINK_COMMAND = '"[INSTALLDIR]Candor.exe" -- "%1"'
# In Windows' words: another program opens links. Of its command, wine tells only what stands before the second quote.
_BY_ANOTHER = 'LINKCOMMAND AND NOT (LINKCOMMAND ~&gt;&lt; "\\Candor.exe")'
_CLASSES = "Software\\Classes"
_NO_PRODUCT = uuid.UUID(int=0)
# A package has one language. This is the one sentence of it that a user reads, so in the end it stands there in both.
_NEWER_IS_HERE = "A newer version of Candor is installed."
_SENTENCES = {"NOT WIX_DOWNGRADE_DETECTED": f"{_NEWER_IS_HERE} 已安装更新版本的 Candor。"}


# What every Windows reads as English and simplified Chinese. UTF-8 is not for strings that a package shows.
_CODE_PAGE = 936
_FORCE_CODE_PAGE = "\r\n\r\n{}\t_ForceCodepage\r\n"  # the form in which an MSI's tables are handed over
# What is looked for in the registry is looked for where Windows installs, and nowhere else: what was found before, with
# the rights of whoever asked for it, would not be handed over to there.
_SEARCH_ONCE = "DELETE FROM `InstallUISequence` WHERE `Action` = 'AppSearch'"
_LANGUAGES = "x64;1033"  # of the processor, and of the package: an MSI has one language
_SUMMARY = uuid.UUID("f29f85e0-4ff9-1068-ab91-08002b27b3d9").bytes_le  # marks the properties that follow
_BEFORE_SUMMARY = 28  # bytes from where offsets are counted
_TIMES = (12, 13)  # made, and last saved
_A_TIME = 64  # the kind of value that is a time
_TICKS = 10_000_000  # a second
_UNTIL_1970 = 11_644_473_600  # seconds from where Windows begins to count
OLDEST_WIXL = (0, 106)  # the first that reads the condition of a component; upgrades within a version came before it


def build(order: Order) -> Sequence[Path]:
    """Make the package; return its file. Raises SetupError."""
    ensure_wixl()  # before the program is laid out, which takes minutes
    made = program.lay_out(order)
    signing.sign(made.folder / "Candor.exe", is_official=made.is_official)
    scrap = work.fresh_folder("msi")
    output = order.folder / f"{made.name}.msi"
    say("Packing the MSI")
    compile_description(made.folder, output, order.version, order.edition, launcher.make_icon(scrap), scrap)
    signing.sign(output, is_official=made.is_official)
    return [output]


def compile_description(folder: Path, output: Path, version: str, edition: Edition, picture: Path, scrap: Path) -> None:
    """Make the package of a program's folder. Raises SetupError."""
    names = sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())
    key = _key(folder, names, version, edition, picture)
    source = scrap / "candor.wxs"
    product = uuid.uuid5(_OURS, f"product {key}")
    source.write_text(description(folder, names, version, picture, product), encoding="utf-8")
    work.run(["wixl", "--arch", "x64", "--output", output, source])
    finish(output, uuid.uuid5(_OURS, f"package {key}"), _SENTENCES, scrap)


def _key(folder: Path, names: Sequence[str], version: str, edition: Edition, picture: Path) -> str:
    """Return what tells this package from every other one: all that goes into it, but not where that lies."""
    told = description(Path(), names, version, Path())
    lines_of_sums = [f"{name} {sum_of(folder / name)}" for name in names]
    lines = "\n".join([version, edition, str(sorted(_SENTENCES.items())), sum_of(picture), *lines_of_sums, told])
    return hashlib.sha256(lines.encode()).hexdigest()


def description(
    folder: Path, names: Sequence[str], version: str, picture: Path, product: uuid.UUID = _NO_PRODUCT
) -> str:
    """Return the package in WiX's language.

    What is installed goes first, in the same transaction, whatever its edition. Since Windows decides before that which
    files are to be copied, and leaves out those that are there in the same version or a later one, it is told to copy
    all (`amus`): else the libraries that both have would be gone.
    """
    numbers = ".".join(map(str, launcher.four_numbers(version)[:3]))
    components = [_identifier(name) for name in names]
    return f"""<?xml version="1.0" encoding="utf-8"?>
<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
  <Product Id="{product}" Name="Candor" Language="1033" Version="{numbers}" Manufacturer="Candor"
           UpgradeCode="{_UPGRADE_CODE}">
    <Package InstallerVersion="500" Compressed="yes" InstallScope="perMachine"
             Description="Candor" Comments="A desktop chat client for private language models"/>
    <MajorUpgrade AllowSameVersionUpgrades="yes" DowngradeErrorMessage="{_NEWER_IS_HERE}"/>
    <InstallExecuteSequence>
      <RemoveExistingProducts After="InstallInitialize"/>
      <Custom Action="LeaveLinks" After="AppSearch">{_BY_ANOTHER}</Custom>
    </InstallExecuteSequence>
{_search_of_links()}
    <Property Id="REINSTALLMODE" Value="amus"/>
    <Media Id="1" Cabinet="candor.cab" EmbedCab="yes"/>
    <Icon Id="candor.ico" SourceFile={quoteattr(str(picture))}/>
    <Property Id="ARPPRODUCTICON" Value="candor.ico"/>
    <Property Id="ARPNOMODIFY" Value="1"/>
    <Directory Id="TARGETDIR" Name="SourceDir">
      <Directory Id="ProgramFiles64Folder">
        <Directory Id="INSTALLDIR" Name="Candor">
{_tree(folder, names)}
          <Component Id="Association" Guid="{_guid("association")}" Win64="yes">
{_association()}
          </Component>
          <Component Id="Links" Guid="{_guid("links")}" Win64="yes">
            <Condition>REMOVE OR NOT ({_BY_ANOTHER})</Condition>
{_links()}
          </Component>
        </Directory>
      </Directory>
      <Directory Id="ProgramMenuFolder">
        <Component Id="MenuEntry" Guid="{_guid("menu entry")}" Win64="yes">
          <Shortcut Id="Candor" Name="Candor" Target="[INSTALLDIR]Candor.exe" WorkingDirectory="INSTALLDIR"
                    Icon="candor.ico" IconIndex="0"/>
          <RegistryValue Root="HKLM" Key="Software\\Candor" Name="InstallFolder" Type="string" Value="[INSTALLDIR]"
                         KeyPath="yes"/>
        </Component>
      </Directory>
    </Directory>
    <Feature Id="Candor" Level="1">
{chr(10).join(f'      <ComponentRef Id="{each}"/>' for each in [*components, "Association", "Links", "MenuEntry"])}
    </Feature>
  </Product>
</Wix>
"""


def _tree(folder: Path, names: Iterable[str]) -> str:
    """Return the folders with their files, each file a component of its own."""
    lines: list[str] = []
    here = PurePosixPath()
    for name in sorted(names, key=lambda name: (PurePosixPath(name).parent.parts, name)):
        parent = PurePosixPath(name).parent
        shared = _shared(here, parent)
        lines += ["</Directory>"] * (len(here.parts) - len(shared.parts))
        for depth in range(len(shared.parts), len(parent.parts)):
            path = PurePosixPath(*parent.parts[: depth + 1])
            lines.append(f'<Directory Id="{_identifier(f"{path}/")}" Name={quoteattr(path.name)}>')
        here = parent
        lines.append(f'<Component Id="{_identifier(name)}" Guid="{_guid(name)}" Win64="yes">')
        source = quoteattr(str(folder / name))
        lines.append(f'<File Id="F{_identifier(name)}" Name={quoteattr(PurePosixPath(name).name)} Source={source}')
        lines.append('KeyPath="yes"/></Component>')
    lines += ["</Directory>"] * len(here.parts)
    return "\n".join(lines)


def _shared(one: PurePosixPath, other: PurePosixPath) -> PurePosixPath:
    """Return the folders that two paths begin with alike."""
    parts = []
    for mine, yours in zip(one.parts, other.parts, strict=False):
        if mine != yours:
            break
        parts.append(mine)
    return PurePosixPath(*parts)


def _association() -> str:
    """Return registry values that let files be opened with Candor, and take them from no other program."""
    values: dict[tuple[str, str], str] = {}
    for ending, (name, words, number) in _OPENED.items():
        values |= {
            (f"{_CLASSES}\\{name}", ""): words,
            (f"{_CLASSES}\\{name}", "FriendlyTypeName"): f"@[INSTALLDIR]Candor.exe,-{number}",
            (f"{_CLASSES}\\{name}\\DefaultIcon", ""): "[INSTALLDIR]Candor.exe,0",
            (f"{_CLASSES}\\{name}\\shell\\open\\command", ""): '"[INSTALLDIR]Candor.exe" "%1"',
            (f"{_CLASSES}\\{ending}\\OpenWithProgids", name): "",
        }
    return _registry_values(values)


def _search_of_links() -> str:
    """Return the search, before anything is changed, for another program that opens links that begin with `candor:`.

    LINKCOMMAND is empty where none does. Where another one does, ours get a key under which there is nothing: a key
    with a property in it is looked up when it is removed as when it is written, so that what has been taken from us
    since stays with who took it. wixl wants a name also where the value has none.
    """
    return f"""    <Property Id="LINKCLASS" Value="candor"/>
    <Property Id="LINKCOMMAND">
      <RegistrySearch Id="LinkCommand" Root="HKLM" Key="{_CLASSES}\\candor\\shell\\open\\command" Name="" Type="raw"
                      Win64="yes"/>
    </Property>
    <CustomAction Id="LeaveLinks" Property="LINKCLASS" Value="Candor.NoLinks"/>"""


def _links() -> str:
    """Return registry values that let links that begin with `candor:` be opened."""
    key = f"{_CLASSES}\\[LINKCLASS]"
    return _registry_values(
        {
            ("Software\\Candor", "Links"): "candor",  # by which Windows tells whether they were installed
            (key, ""): "URL:Candor",
            (key, "URL Protocol"): "",
            (f"{key}\\DefaultIcon", ""): "[INSTALLDIR]Candor.exe,0",
            (f"{key}\\shell\\open\\command", ""): _LINK_COMMAND,
        }
    )


def _registry_values(values: Mapping[tuple[str, str], str]) -> str:
    """Return values by their keys and names, in WiX's language."""
    lines: list[str] = []
    for (key, name), value in values.items():
        named = f" Name={quoteattr(name)}" if name else ""
        # The first one tells Windows whether the component is there.
        mark = ' KeyPath="yes"' if not lines else ""
        lines.append(f'<RegistryValue Root="HKLM" Key="{key}"{named} Type="string" Value={quoteattr(value)}{mark}/>')
    return "\n".join(lines)


def _identifier(name: str) -> str:
    """Return a name as WiX wants it, the same at every build."""
    return f"I{uuid.uuid5(_OURS, name).hex}"


def _guid(name: str) -> str:
    return str(uuid.uuid5(_OURS, f"component {name}"))


def finish(file: Path, package_code: uuid.UUID, sentences: dict[str, str], scrap: Path) -> None:
    """Give the file its code, its code page, the steady time, one search of the registry, and other sentences.

    `sentences` has by each launch condition what is said where it does not hold. Raises SetupError.
    """
    code_page = scrap / "code_page.idt"
    code_page.write_text(_FORCE_CODE_PAGE.format(_CODE_PAGE), encoding="ascii", newline="")
    work.run(["msibuild", file, "-i", code_page])
    for condition, sentence in sentences.items():
        change = f"UPDATE `LaunchCondition` SET `Description` = '{sentence}' WHERE `Condition` = '{condition}'"
        work.run(["msibuild", file, "-q", change])
    work.run(["msibuild", file, "-q", _SEARCH_ONCE])
    work.run(["msibuild", file, "-s", "Candor", "Candor", _LANGUAGES, f"{{{str(package_code).upper()}}}"])
    set_times(file, work.STEADY_TIME)


def set_times(file: Path, seconds: int) -> None:
    """Write a time, in seconds since 1970, in the place of the hour of building. Raises SetupError."""
    ticks = struct.pack("<Q", (seconds + _UNTIL_1970) * _TICKS)
    with file.open("r+b") as opened, mmap.mmap(opened.fileno(), 0) as content:
        mark = content.find(_SUMMARY)
        if mark < 0 or content.find(_SUMMARY, mark + 1) >= 0:
            raise SetupError(f"{file.name} has no summary where one is expected.")
        section = mark - _BEFORE_SUMMARY + _number(content, mark + len(_SUMMARY))
        for each in range(_number(content, section + 4)):
            name, offset = struct.unpack_from("<II", content, section + 8 + 8 * each)
            if name in _TIMES:
                if _number(content, section + offset) != _A_TIME:
                    raise SetupError(f"The summary of {file.name} is not in one piece.")
                content[section + offset + 4 : section + offset + 12] = ticks


def _number(content: mmap.mmap, offset: int) -> int:
    return int.from_bytes(content[offset : offset + 4], "little")


def ensure_wixl() -> None:
    """Have wixl in a version that will do. Raises SetupError, also where only an older one is to be had."""
    system.ensure({"wixl": work.BUILD_PROGRAMS["wixl"]})
    if sentence := too_old(work.run(["wixl", "--version"])):
        raise SetupError(sentence)


def too_old(told: str) -> str:
    """Return a sentence when this is not enough, else an empty text; `told` is what wixl tells of its version.

    Raises SetupError when it tells none.
    """
    found = re.search(r"\b(\d+)\.(\d+)", told)
    if found is None:
        raise SetupError(f"wixl does not tell its version but: {told.strip()[-200:]}")
    if (int(found[1]), int(found[2])) >= OLDEST_WIXL:
        return ""
    needed = ".".join(map(str, OLDEST_WIXL))
    return f"An MSI is made with wixl {needed} or newer, which Debian 13 has; this computer's is {found[0]}."
