"""The MSI for administrators: the same folder for all users of a computer, for group policies and device management.

Made with wixl from a description that is written here. Every component's identity follows from its path, so that a
newer package knows what an older one has installed.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath
from xml.sax.saxutils import quoteattr

from build import Order
from telling import say

from windows import icon, launcher, program, signing, work

_OURS = uuid.UUID("0f6f4c0e-5a3b-4d4e-9a52-6b0f0f6b7c11")  # never to change: all identities grow from it
_UPGRADE_CODE = "c7a1b9f2-3d64-4c0b-8f6e-2b6d1e5a9d40"  # never to change: by it a newer version finds an older one
# For each ending: the class of its files, and what Windows calls them. An ending of two parts is none for Windows.
_OPENED = {".gguf": ("Candor.Model", "Language model"), ".toml": ("Candor.Recipe", "Candor recipe")}


def build(order: Order) -> Sequence[Path]:
    """Make the package; answers its file. Raises SetupError."""
    made = program.lay_out(order)
    signing.sign(made.folder / "Candor.exe")
    scrap = work.fresh_folder("msi")
    output = order.folder / f"{made.name}.msi"
    say("Packing the MSI")
    compile_description(made.folder, output, order.version, icon.make(scrap), scrap)
    signing.sign(output)
    return [output]


def compile_description(folder: Path, output: Path, version: str, picture: Path, scrap: Path) -> None:
    """Make the package of a program's folder. Raises SetupError."""
    names = sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())
    source = scrap / "candor.wxs"
    source.write_text(description(folder, names, version, picture), encoding="utf-8")
    work.run(["wixl", "--arch", "x64", "--output", output, source])


def description(folder: Path, names: Sequence[str], version: str, picture: Path) -> str:
    """The package in WiX's language."""
    numbers = ".".join(map(str, launcher.four_numbers(version)[:3]))
    components = [_identifier(name) for name in names]
    return f"""<?xml version="1.0" encoding="utf-8"?>
<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
  <Product Id="*" Name="Candor" Language="1033" Version="{numbers}" Manufacturer="Candor" UpgradeCode="{_UPGRADE_CODE}">
    <Package InstallerVersion="500" Compressed="yes" InstallScope="perMachine" Platform="x64"
             Description="Candor" Comments="A desktop chat client for private language models"/>
    <MajorUpgrade DowngradeErrorMessage="A newer version of Candor is installed."/>
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
{chr(10).join(f'      <ComponentRef Id="{each}"/>' for each in [*components, "Association", "MenuEntry"])}
    </Feature>
  </Product>
</Wix>
"""


def _tree(folder: Path, names: Iterable[str]) -> str:
    """The folders with their files, each file a component of its own."""
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
    """The folders that two paths begin with alike."""
    parts = []
    for mine, yours in zip(one.parts, other.parts, strict=False):
        if mine != yours:
            break
        parts.append(mine)
    return PurePosixPath(*parts)


def _association() -> str:
    """Registry values that let models and recipes be opened with Candor, without taking them from another program."""
    classes = "Software\\Classes"
    values: dict[tuple[str, str], str] = {}
    for ending, (name, words) in _OPENED.items():
        values |= {
            (f"{classes}\\{name}", ""): words,
            (f"{classes}\\{name}\\DefaultIcon", ""): "[INSTALLDIR]Candor.exe,0",
            (f"{classes}\\{name}\\shell\\open\\command", ""): '"[INSTALLDIR]Candor.exe" "%1"',
            (f"{classes}\\{ending}\\OpenWithProgids", name): "",
        }
    lines: list[str] = []
    for (key, name), value in values.items():
        named = f" Name={quoteattr(name)}" if name else ""
        # The first one tells Windows whether the component is there.
        mark = ' KeyPath="yes"' if not lines else ""
        lines.append(f'<RegistryValue Root="HKLM" Key="{key}"{named} Type="string" Value={quoteattr(value)}{mark}/>')
    return "\n".join(lines)


def _identifier(name: str) -> str:
    """A name as WiX wants it, the same at every build."""
    return f"I{uuid.uuid5(_OURS, name).hex}"


def _guid(name: str) -> str:
    return str(uuid.uuid5(_OURS, f"component {name}"))
