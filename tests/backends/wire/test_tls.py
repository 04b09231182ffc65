"""Each thing that can be wrong with a server's certificate or encryption is told apart, and nothing is sent."""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta

import pytest

from desktop.backends.wire.http import HttpClient, HttpSettings
from desktop.backends.wire.network import reason_of
from desktop.backends.wire.tls import Handshake, named
from desktop.core.connection import Route, Secrets
from desktop.core.errors import BackendError, Unreachable
from desktop.ui.errors import describe
from tests.backends.outcome import run
from tests.backends.wire.asking import answer, asked, error_at
from tests.support.certificates import Authority, context_of
from tests.support.missing import on_unix
from tests.support.scripted_server import Reply, ScriptedServer
from tests.support.waiting import PATIENCE

DAY = timedelta(days=1)
GOOD = {"GET /v1/models": [Reply(["{}"])]}
OLD = [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1]
pytestmark = pytest.mark.filterwarnings("ignore:.*TLSVersion.*:DeprecationWarning")


def day(*, days):
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def _with_root(trust, folder):
    stranger = Authority("Unknown Trust")
    return context_of(folder, *stranger.issued(), stranger.pem)


def _with_expired_intermediate(trust, folder):
    between = Authority("Example Issuing 8", trust, starts=-5 * DAY, ends=-3 * DAY)
    return context_of(folder, *between.issued(), between.pem)


def _newest_alone(trust, folder):
    context = context_of(folder, *trust.issued(starts=-5 * DAY, ends=-3 * DAY))
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context


def _without_intermediate(trust, folder):
    return context_of(folder, *Authority("Example Issuing 7", trust).issued())


HOST = "api.test.example"
# By the reason; the host that is asked, if another one, and the beginning of what is told beyond it: words, or a day so
# many days from now.
CASES = {
    "tls_expired": (lambda trust, folder: context_of(folder, *trust.issued(starts=-5 * DAY, ends=-3 * DAY)), "", -3),
    "tls_expired below": (_with_expired_intermediate, "", -3),
    "tls_expired new": (_newest_alone, "", -3),
    "tls_not_yet": (lambda trust, folder: context_of(folder, *trust.issued(starts=3 * DAY, ends=5 * DAY)), "", 3),
    "tls_name": (lambda trust, folder: context_of(folder, *trust.issued(address="127.0.0.9")), "", "127.0.0.9"),
    "tls_name near": (
        lambda trust, folder: context_of(folder, *trust.issued(name="www.test.example")),
        HOST,
        "www.test.example",
    ),
    # As where the page of a hotel's network answers for every server.
    "tls_other": (
        lambda trust, folder: context_of(folder, *trust.issued(name="wifi.hotel.example.net")),
        HOST,
        "wifi.hotel.example.net",
    ),
    "tls_self_signed": (lambda trust, folder: context_of(folder, *Authority("nobody").own), "", ""),
    "tls_unknown": (_with_root, "", "Unknown Trust"),
    "tls_chain": (_without_intermediate, "", "Example Issuing 7"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_bad_certificate_is_named_and_nothing_is_sent(case, trust, tmp_path):
    make, host, told = CASES[case]

    async def nearby(host, port):
        return ["127.0.0.1"]

    error, server = asked(GOOD, tls=make(trust, tmp_path), host=host or "127.0.0.1", resolve=nearby)
    assert (error.reason, server.requests) == (case.partition(" ")[0], [])
    told = day(days=told) if isinstance(told, int) else told
    assert error.detail.startswith(told)
    assert bool(error.detail) == bool(told)
    words = describe(error.as_failure())
    assert words.title != describe(Unreachable(reason="tls").as_failure()).title
    assert "%" not in words.sentence
    if error.reason in ("tls_name", "tls_unknown", "tls_chain"):
        assert told in words.sentence


def _old(context):
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version, context.maximum_version = OLD


def _odd(context):
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    # Known to the library, but chosen neither by Python itself nor by the systems that Python leaves the choice to.
    context.set_ciphers("ECDHE-ECDSA-CAMELLIA128-SHA256")


def _wants_certificate(context):
    context.verify_mode = ssl.CERT_REQUIRED


def _wants_certificate_early(context):
    context.verify_mode = ssl.CERT_REQUIRED
    context.maximum_version = ssl.TLSVersion.TLSv1_2


ENCRYPTION = [
    (_old, "tls_old"),
    (_odd, "tls_handshake"),
    (_wants_certificate, "tls_client"),
    (_wants_certificate_early, "tls_client"),
]


@pytest.mark.parametrize(("change", "reason"), ENCRYPTION)
def test_a_server_that_says_what_it_wants(change, reason, trust, tmp_path):
    """One that sends alerts, which those on asyncio do not."""
    context = context_of(tmp_path, *trust.issued())
    change(context)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            while True:
                try:
                    caller, _ = listener.accept()
                except OSError:
                    return
                with context.wrap_socket(caller, server_side=True, do_handshake_on_connect=False) as inside:
                    with contextlib.suppress(OSError):
                        inside.do_handshake()
                    with contextlib.suppress(OSError):  # what is closed while words wait is reset, and its alert lost
                        while os.read(inside.fileno(), 4096):
                            pass

        threading.Thread(target=serve, daemon=True).start()
        error = run(error_at(f"https://127.0.0.1:{listener.getsockname()[1]}"))
        listener.shutdown(socket.SHUT_RDWR)
    assert error.reason == reason


@pytest.mark.parametrize(("change", "reason"), ENCRYPTION)
def test_a_server_that_hangs_up_without_a_word(change, reason, trust, tmp_path):
    """As those on asyncio do: only a second handshake can tell."""
    context = context_of(tmp_path, *trust.issued())
    change(context)

    error, server = asked(GOOD, tls=context)
    assert (error.reason, error.retryable, server.requests) == (reason, False, [])


FORMS = {
    "pem": lambda house: house.pem,
    "with a mark": lambda house: b"\xef\xbb\xbf" + house.pem,
    "der": lambda house: ssl.PEM_cert_to_DER_cert(house.pem.decode()),
    "with others": lambda house: Authority("Other").pem + house.pem,
    "no certificate": lambda house: b"-----BEGIN CERTIFICATE-----\nnothing",
}


@pytest.mark.parametrize("of", ["policy", "connection"])
@pytest.mark.parametrize("form", FORMS)
def test_a_file_of_certificates_is_trusted_beside_those_of_the_computer(form, of, tmp_path):
    house, file = Authority("House"), tmp_path / "house.crt"
    file.write_bytes(FORMS[form](house))
    files = {"extra_ca_file": str(file)} if of == "policy" else {"trusted_file": str(file)}

    tls = context_of(tmp_path, *house.issued())
    first = asked(GOOD, tls=tls, **files)[0]
    assert asked(GOOD, tls=tls)[0].reason == "tls_chain"
    if form == "no certificate":
        assert first.reason == ("tls_chain" if of == "policy" else "ca_none")
    else:
        assert first == {}


@pytest.mark.parametrize("of", ["policy", "connection"])
async def test_a_file_that_comes_late_or_is_renewed_is_read_without_a_new_start(of, tmp_path):
    file, old, new = tmp_path / "house.pem", Authority("House"), Authority("House 2")
    settings = HttpSettings(extra_ca_file=str(file)) if of == "policy" else HttpSettings(trusted_file=str(file))

    found = []
    tls = context_of(tmp_path, *old.issued())
    async with ScriptedServer({"GET /v1/models": [Reply(["{}"])] * 3}, tls=tls) as server:
        client = HttpClient(server.url, settings=settings)
        for authority in (None, new, old):
            if authority is not None:
                file.write_bytes(authority.pem)
            try:
                found.append(await client.json("GET", "/v1/models"))
            except BackendError as error:
                found.append(error.reason)
        await client.aclose()
    assert found == ["tls_chain" if of == "policy" else "ca_file", "tls_chain", {}]


@on_unix
@pytest.mark.parametrize("of", ["policy", "connection"])
def test_a_disk_that_does_not_answer_is_not_waited_for_for_ever(of, tmp_path):
    """As that of a network which hangs: a pipe cannot be opened for reading until somebody writes into it."""
    far = tmp_path / "far.pem"
    os.mkfifo(far)
    files = {"extra_ca_file": str(far)} if of == "policy" else {"trusted_file": str(far)}

    async def work():
        return {(await error_at("https://127.0.0.1:9", connect_timeout=0.01, **files)).reason for _ in range(3)}

    at_last = threading.Timer(PATIENCE, far.write_bytes, [b""])
    at_last.start()
    assert run(work()) == {"ca_file"}
    assert at_last.is_alive()  # nobody has waited for it, nor does the end of the loop
    at_last.cancel()


def _pkcs7(authority):
    from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
    from cryptography.x509 import load_pem_x509_certificate

    return pkcs7.serialize_certificates([load_pem_x509_certificate(authority.pem)], Encoding.DER)


def test_a_file_that_holds_nothing_to_trust(tmp_path):
    bundle = _pkcs7(Authority("House"))
    contents = {"ca_none": b"nothing", "ca_pkcs7": bundle, "ca_pkcs7 pem": b"-----BEGIN PKCS7-----\nMIAG"}
    for case, content in contents.items():
        file = tmp_path / "house.crt"
        file.write_bytes(content)
        error = run(error_at("https://127.0.0.1:9", trusted_file=str(file)))
        assert (error.reason, error.detail, error.host) == (case.split()[0], str(file), "127.0.0.1")
        file.unlink()
    assert run(error_at("https://127.0.0.1:9", trusted_file=str(tmp_path / "gone"))).reason == "ca_file"


PASSWORD = "käse 1"


class Mine:
    """The user's certificate in all the forms that it can have, and a server that wants it."""

    def __init__(self, trust, folder):
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.serialization import pkcs12
        from cryptography.x509 import load_pem_x509_certificate

        certificate, bare = trust.issued()
        key = serialization.load_pem_private_key(bare, None)
        locked = serialization.BestAvailableEncryption(PASSWORD.encode())
        encrypted = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, locked)
        read = load_pem_x509_certificate(certificate)
        contents = {
            "both.pem": certificate + bare,
            "locked.pem": encrypted + certificate,
            "certificate.pem": certificate,
            "key.pem": bare,
            "other.pem": certificate + trust.issued()[1],
            "mine.p12": pkcs12.serialize_key_and_certificates(b"me", key, read, None, locked),
            "open.p12": pkcs12.serialize_key_and_certificates(b"me", key, read, None, serialization.NoEncryption()),
            "empty.p12": b"nothing",
        }
        self.folder = folder
        for name, content in contents.items():
            (folder / name).write_bytes(content)
        self.server = context_of(folder, *trust.issued())
        self.server.verify_mode = ssl.CERT_REQUIRED
        self.server.load_verify_locations(cadata=trust.pem.decode())

    def own(self, file, password="", key=""):
        route = Route(certificate=str(self.folder / file), certificate_key=str(self.folder / key) if key else "")
        return {"route": route, "secrets": Secrets(certificate_password=password)}


async def test_a_certificate_of_ones_own(trust, tmp_path, capfd):
    """In every form it opens the door; nothing is asked on a terminal, and no bare key lies on the disk afterwards."""
    mine = Mine(trust, tmp_path)
    right = [("both.pem",), ("locked.pem", PASSWORD), ("certificate.pem", "", "key.pem")]
    right += [("mine.p12", PASSWORD), ("open.p12",)]
    wrong = {
        ("locked.pem", "other"): "own_password",
        ("locked.pem",): "own_password",
        ("mine.p12", "other"): "own_password",
        ("empty.p12",): "own_file",
        ("certificate.pem",): "own_key",
        ("other.pem",): "own_key",
        ("key.pem",): "own_file",
        ("gone.pem",): "own_file",
        ("stranger.pem",): "tls_client_refused",
    }
    (tmp_path / "stranger.pem").write_bytes(b"".join(Authority("Unknown Trust").issued()))
    written = tmp_path / "written"
    written.mkdir()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tempfile.tempdir", str(written))
        async with ScriptedServer(GOOD, tls=mine.server) as server:
            taken = [await answer(server.url, **mine.own(*each)) for each in right]
            refusals = {each: (await error_at(server.url, **mine.own(*each))).reason for each in wrong}
    assert taken == [{}] * len(right)
    assert refusals == wrong
    assert len(server.requests) == len(right)
    assert list(written.iterdir()) == []
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("code", "told", "reason"),
    [
        (0x800B0101, (-5, -3), "tls_expired"),
        (0x800B0101, (3, 5), "tls_not_yet"),
        (0x800B010F, (-1, 1), "tls_other"),
        (-67602, (-1, 1), "tls_other"),
        (-67843, None, "tls_self_signed"),
        (0x800B010A, (-1, 1), "tls_chain"),
    ],
)
def test_the_codes_of_windows_and_macos_are_told_apart_by_what_is_shown(code, told, reason):
    """Which have one code for several faults; `told`: the days from and until which a certificate is valid."""
    authority, error = Authority("Somebody"), ssl.SSLCertVerificationError("in the user's language")
    error.verify_code = code
    starts, ends = told or (-1, 1)
    made = authority.issued(starts=starts * DAY, ends=ends * DAY) if told else authority.own
    shown = Handshake(version="TLSv1.3", chain=[ssl.PEM_cert_to_DER_cert(made[0].decode())])
    assert named(reason_of(error), "api.test.example", shown)[0] == reason
