"""What the policy of a computer allows, held by the one way out: nothing else is looked up, connected to or sent."""

from __future__ import annotations

import ssl
from pathlib import Path

import httpcore
import pytest

from desktop.backends.wire.http import HttpClient, HttpSettings
from desktop.backends.wire.proxies import ProxyChoice
from desktop.core.connection import ProxyMode
from desktop.core.errors import BackendError
from desktop.core.place import Place, PlaceKind
from desktop.core.policy.reach import NO_REACH, Reach
from desktop.core.trust.ledger import Ending
from tests.backends.outcome import run
from tests.backends.wire.test_network import STRANGER, Kept, Names, error_at
from tests.support.certificates import untrusted_tls
from tests.support.proxies import Proxy
from tests.support.scripted_server import Reply, ScriptedServer

HOUSE = Reach(farthest=PlaceKind.PRIVATE_NETWORK)


@pytest.mark.parametrize(
    ("reach", "url"),
    [
        (NO_REACH, "http://gpu-server:8000/v1"),
        (HOUSE, "https://api.test.example/v1"),
        (Reach(hosts=("gpu.test.example",)), "https://other.test.example/v1"),
        (Reach(require_https=True), "http://gpu-server:8000/v1"),
    ],
)
def test_what_is_not_allowed_is_not_even_looked_up(reach: Reach, url: str) -> None:
    names, kept = Names("127.0.0.1"), Kept()
    error = run(error_at(url, reach=reach, resolve=names, record=kept))
    assert (error.kind, error.reason) == ("unreachable", "policy")
    assert names.asked == []
    assert [(each.ending, each.sent) for each in kept] == [(Ending.FORBIDDEN, 0)]


@pytest.mark.parametrize("address", [STRANGER, "10.9.0.1"])
def test_a_name_that_leads_out_of_the_allowed_network_gets_nothing(address: str) -> None:
    """It may be tried, since nobody knows its address before: but the first byte waits for that."""
    written: list[bytes] = []

    class Stream(httpcore.AsyncNetworkStream):
        async def write(self, buffer: bytes, timeout: float | None = None) -> None:
            written.append(buffer)

        async def aclose(self) -> None:
            pass

        def get_extra_info(self, info: str) -> object:
            return (address, 443) if info == "server_addr" else None

    async def dial(host: str, port: int, told: Place, timeout: float | None) -> httpcore.AsyncNetworkStream:
        return Stream()

    kept = Kept()
    error = run(error_at("https://api.test.example/v1", reach=Reach(hosts=("10.1.0.0/16",)), dial=dial, record=kept))
    assert (error.reason, error.detail, written) == ("policy", address, [])
    assert [each.ending for each in kept] == [Ending.FORBIDDEN]


@pytest.mark.parametrize(
    ("reach", "reason"),
    [
        (Reach(farthest=PlaceKind.PRIVATE_NETWORK, hosts=("llm.corp.example",)), "elsewhere"),
        (Reach(farthest=PlaceKind.PRIVATE_NETWORK, private_networks=("10.9.0.0/16",)), "policy"),
        (Reach(hosts=("10.1.0.0/16",)), "policy"),
    ],
)
def test_no_proxy_gets_what_only_an_address_can_allow(reach: Reach, reason: str) -> None:
    async def work() -> tuple[str, list[str]]:
        async with Proxy() as proxy:
            choice = ProxyChoice(ProxyMode.MANUAL, f"http://{proxy.address}")
            error = await error_at("http://llm.corp.example/v1", reach=reach, resolve=Names(STRANGER), proxy=choice)
            return error.reason, proxy.asked

    assert run(work()) == (reason, [])


@pytest.mark.parametrize("form", ["pem", "pem with a mark", "der", "none", "not there", "no certificate"])
def test_certificates_in_an_extra_file_are_trusted(tmp_path: Path, form: str) -> None:
    context = untrusted_tls(tmp_path)
    pem = (tmp_path / "server.pem").read_text()
    certificate = "-----BEGIN CERTIFICATE" + pem.partition("-----BEGIN CERTIFICATE")[2]
    contents = {
        "pem": pem.encode(),
        "pem with a mark": b"\xef\xbb\xbf" + certificate.encode(),
        "der": ssl.PEM_cert_to_DER_cert(certificate.strip()),
        "no certificate": b"-----BEGIN CERTIFICATE-----\nnothing",
    }
    file = tmp_path / f"{form}.crt"
    if form in contents:
        file.write_bytes(contents[form])

    async def work() -> str:
        async with ScriptedServer({"GET /v1/models": [Reply(["{}"])]}, tls=context) as server:
            client = HttpClient(server.url, settings=HttpSettings(extra_ca_file="" if form == "none" else str(file)))
            try:
                await client.json("GET", "/v1/models")
            except BackendError as error:
                return error.reason
            finally:
                await client.aclose()
            return "trusted"

    assert run(work()) == ("trusted" if form in ("pem", "pem with a mark", "der") else "tls_self_signed")
