"""What can be said of the recipe for macOS without a Mac: its files are whole, its scripts without known mistakes."""

from __future__ import annotations

import ast
import plistlib
import re
import subprocess
from pathlib import Path

import pytest
from macos import image

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


def test_the_window_of_the_image_shows_both_icons():
    names: dict[str, object] = {"defines": {"app": "/build/Candor.app"}}
    exec(compile((FOLDER / "image_settings.py").read_text(encoding="utf-8"), "image_settings.py", "exec"), names)
    assert names["files"] == ["/build/Candor.app"]
    assert set(names["icon_locations"]) == {"Candor.app", *names["symlinks"]}


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
