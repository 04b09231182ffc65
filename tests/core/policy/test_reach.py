"""Which hosts a policy lets words go to: by name before anything is resolved, by address once that is known."""

from __future__ import annotations

import pytest

from desktop.core.place import Place, PlaceKind, place_of_host
from desktop.core.policy.reach import NO_REACH, Reach, ReachRefusal

HOUSE = Reach(farthest=PlaceKind.PRIVATE_NETWORK)
LISTED = Reach(hosts=("gpu.example.com", "*.models.example.com", "10.1.0.0/16", "192.168.7.4"))
CAMPUS = Reach(farthest=PlaceKind.PRIVATE_NETWORK, private_networks=("141.20.0.0/16",))
NAMED = Reach(farthest=PlaceKind.PRIVATE_NETWORK, hosts=("gpu.example.com",))
SAFE = Reach(require_https=True)


@pytest.mark.parametrize(
    ("reach", "host", "refused"),
    [
        (Reach(), "api.example.org", None),
        (NO_REACH, "127.0.0.1", None),
        (NO_REACH, "192.168.7.4", ReachRefusal.TOO_FAR),
        (NO_REACH, "api.example.org", ReachRefusal.TOO_FAR),
        (HOUSE, "gpu-server", None),
        (HOUSE, "api.example.org", ReachRefusal.TOO_FAR),
        (LISTED, "GPU.example.com.", None),
        (LISTED, "a.models.example.com", None),
        (LISTED, "models.example.com.evil.org", None),  # a name whose address may be in an allowed network
        (LISTED, "10.1.2.3", None),
        (LISTED, "10.2.2.3", ReachRefusal.HOST),
        (LISTED, "192.168.7.4", None),
        (Reach(hosts=("gpu.example.com",)), "gpu.example.com.evil.org", ReachRefusal.HOST),
        (Reach(hosts=("*.example.com",)), "example.com", ReachRefusal.HOST),
        (CAMPUS, "141.20.3.4", None),
        (CAMPUS, "141.21.3.4", ReachRefusal.TOO_FAR),
        (CAMPUS, "gpu.uni.example", None),  # may turn out to be on the campus
        (NAMED, "gpu.example.com", None),  # a public name, mostly of an address in the house
        (NAMED, "other.example.com", ReachRefusal.TOO_FAR),
    ],
)
def test_a_host_is_refused_by_its_name(reach, host, refused):
    assert reach.refusal(place_of_host(host)) is refused


@pytest.mark.parametrize(
    ("reach", "host", "kind"),
    [
        (CAMPUS, "141.20.3.4", PlaceKind.PRIVATE_NETWORK),
        (CAMPUS, "141.21.3.4", PlaceKind.INTERNET),
        (CAMPUS, "gpu.uni.example", PlaceKind.INTERNET),  # nobody has said that this one is on the campus
        (NAMED, "gpu.example.com", PlaceKind.PRIVATE_NETWORK),
        (NAMED, "other.example.com", PlaceKind.INTERNET),
        (LISTED, "gpu.example.com", PlaceKind.INTERNET),  # allowed wherever it is
        (Reach(private_networks=("141.20.0.0/16",)), "141.20.3.4", PlaceKind.PRIVATE_NETWORK),
        (CAMPUS, "192.168.7.4", PlaceKind.PRIVATE_NETWORK),
        (CAMPUS, "127.0.0.1", PlaceKind.THIS_COMPUTER),
    ],
)
def test_what_is_inside_by_the_policy_is_shown_so(reach, host, kind):
    assert reach.seen(place_of_host(host)).kind is kind
    forwarded = Place(PlaceKind.INTERNET, "127.0.0.1")  # a model that a server here forwards
    assert reach.seen(forwarded) == forwarded


@pytest.mark.parametrize(
    ("reach", "host", "address", "refused"),
    [
        (NO_REACH, "gpu.local", "127.0.0.1", None),
        (NO_REACH, "gpu.local", "10.0.0.1", ReachRefusal.TOO_FAR),
        (HOUSE, "gpu-server", "8.8.4.4", ReachRefusal.TOO_FAR),
        (HOUSE, "gpu-server", "::ffff:8.8.4.4", ReachRefusal.TOO_FAR),
        (LISTED, "models.example.com.evil.org", "203.0.113.7", ReachRefusal.HOST),
        (LISTED, "other.example.com", "10.1.9.9", None),
        (LISTED, "gpu.example.com", "203.0.113.7", None),
        (CAMPUS, "gpu.uni.example", "141.20.9.9", None),
        (NAMED, "gpu.example.com", "10.0.0.7", None),
        (NAMED, "gpu.example.com", "8.8.8.8", ReachRefusal.TOO_FAR),
        (CAMPUS, "gpu.uni.example", "203.0.113.7", ReachRefusal.TOO_FAR),
    ],
)
def test_a_host_is_refused_by_its_address(reach, host, address, refused):
    if address == "203.0.113.7" and reach is CAMPUS:
        address = "8.8.8.8"  # what is reserved for examples counts as private
    assert reach.refusal_of_peer(host, address) is refused


def test_a_model_that_a_near_server_forwards_is_on_the_internet():
    forwarded = Place(PlaceKind.INTERNET, "ollama.com")
    assert HOUSE.refusal(forwarded) is ReachRefusal.TOO_FAR
    assert HOUSE.refusal(Place(PlaceKind.INTERNET, "127.0.0.1")) is ReachRefusal.TOO_FAR


def test_http_is_refused_where_https_is_demanded():
    there = place_of_host("gpu-server")
    assert SAFE.refusal(there, is_encrypted=False) is ReachRefusal.NOT_ENCRYPTED
    assert SAFE.refusal(there, is_encrypted=True) is None
    assert SAFE.refusal(place_of_host("localhost"), is_encrypted=False) is None
