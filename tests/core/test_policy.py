"""What a policy file says, and what is out of reach under it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.core.connection import ConnectionKind
from desktop.core.place import Place, PlaceKind, place_of_host
from desktop.core.policy.fixed import NO_REACH, Feature, Keeping, KeySource, Policy, PolicyFault, Reach, ReachRefusal
from desktop.core.policy.parse import read_policy, statements_of
from tests.core.tables import table

# --- What a policy says, and that whatever is wrong with one makes it stricter and never freer ---------------------

CASES = table("policy/parse.toml")
WHOLE: str = CASES["whole"]


def read(text):
    return read_policy(text, "/etc/candor/policy.toml")


def test_a_whole_policy_is_read():
    policy = read(WHOLE)
    assert policy.problems == ()
    assert (policy.organization, policy.contact) == ("Example Ltd", "it@example.com")
    assert policy.reach.farthest is PlaceKind.PRIVATE_NETWORK
    assert policy.reach.hosts == ("gpu.example.com", "10.20.0.0/16")
    assert policy.reach.require_https
    assert policy.offline_lock is False
    assert (policy.own_connections, policy.found_connections, policy.model_files) == (False, False, False)
    company, small = policy.connections
    assert (company.connection.address, company.connection.preset) == ("https://gpu.example.com/v1", "vllm")
    assert (company.key, company.command) == (KeySource.COMMAND, ("/usr/local/bin/candor-key", "gpu"))
    assert (small.connection.kind, small.connection.address) == (
        ConnectionKind.OLLAMA,
        "http://ollama.example.com:11434",
    )
    assert (small.key, small.connection.has_key) == (KeySource.NONE, False)
    assert policy.connection_with(policy.default_connection) is company
    assert (policy.keep, policy.keep_days) == (Keeping.DAYS, 90)
    assert not policy.allows(Feature.EXPORT)
    assert policy.allows(Feature.IMPORT)


def test_the_sample_for_administrators_is_obeyed_and_so_are_names_of_earlier_versions():
    page = (Path(__file__).parents[2] / "docs" / "administrators.md").read_text(encoding="utf-8")
    sample = page.split("```toml\n", 1)[1].split("```", 1)[0]
    policy = read(sample.replace("[connections]", "update_notice = true\n[connections]", 1))
    assert policy.problems == ()
    assert not policy.is_closed


def test_the_least_policy_leaves_everything_to_the_user():
    policy = read("\ufeffversion = 1\r\n[end]\r\n".removeprefix("\ufeff"))
    assert policy == Policy(source=policy.source)
    assert not policy.reach.is_limited


@pytest.mark.parametrize(("text", "fault", "line", "name"), [*CASES["faults"], ("{" * 5000, "not_toml", 1, "")])
def test_what_cannot_be_understood_closes_the_network(text, fault, line, name):
    policy = read(text)
    assert any((each.fault, each.line, each.name) == (fault, line, name) for each in policy.problems), policy.problems
    assert policy.is_closed
    assert policy.reach == NO_REACH
    assert not policy.own_connections


@pytest.mark.parametrize("length", range(0, len(WHOLE) - len("\n"), 7))
def test_half_a_policy_closes_the_network(length):
    assert read(WHOLE[:length]).reach == NO_REACH


@pytest.mark.parametrize(("line", "name", "value"), CASES["values"])
def test_a_value_that_cannot_be_used_is_the_strictest(line, name, value):
    policy = read(f"version = 1\n{line}\n[end]\n")
    (problem,) = policy.problems
    assert problem.fault is PolicyFault.VALUE
    assert problem.line
    assert not policy.is_closed
    seen = {
        "farthest": policy.reach.farthest,
        "refusal": policy.reach.refusal(place_of_host("gpu.example.com")),
        "https": policy.reach.require_https,
        "export": policy.allows(Feature.EXPORT),
        "folders": policy.allows(Feature.FOLDERS),
        "connections": list(policy.connections),
    }
    assert (seen[name] if name in seen else getattr(policy, name)) == value


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(WHOLE) - 1), st.text("abc[]\"'=\n#0 ", max_size=3), st.integers(0, 12))
def test_no_damage_makes_it_freer(at, put, out):
    """A letter more or less may change a name or a value, but never lifts what limits the network."""
    policy = read(WHOLE[:at] + put + WHOLE[at + out :])
    assert policy.is_closed or policy.problems or policy.reach.is_limited


def test_who_can_be_asked_is_known_of_a_broken_policy_too():
    policy = read(WHOLE.replace("[features]", "[features"))
    assert policy.is_closed
    assert (policy.organization, policy.contact) == ("Example Ltd", "it@example.com")


def test_statements_have_the_number_of_their_first_line():
    found = {each.path: each.line for each in statements_of(WHOLE) if each.path}
    assert found["network.allowed_hosts"] == 7
    assert found["network.private_networks"] == 11
    assert found["features.pull"] == WHOLE.splitlines().index("pull = false") + 1
    assert "\n".join(each.text for each in statements_of(WHOLE)) == WHOLE.rstrip("\n")


# --- Which hosts a policy lets words go to -------------------------------------------------------------------------

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
