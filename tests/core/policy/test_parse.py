"""What a policy says, and that whatever is wrong with one makes it stricter and never freer."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.core.connection import ConnectionKind
from desktop.core.place import PlaceKind, place_of_host
from desktop.core.policy.fixed import Feature, Keeping, KeySource, Policy, PolicyFault
from desktop.core.policy.parse import read_policy
from desktop.core.policy.reach import NO_REACH, ReachRefusal
from desktop.core.policy.statements import statements_of

WHOLE = """\
version = 1
organization = "Example Ltd"
contact = "it@example.com"

[network]
farthest = "private_network"
allowed_hosts = [
    "gpu.example.com",   # in Berlin
    "10.20.0.0/16",
]
private_networks = ["141.20.0.0/16"]
require_https = true
offline_lock = false
proxy = "http://proxy.example.com:3128"
extra_ca_file = "/etc/ssl/certs/example.pem"
update_notice = false

[connections]
own = false
found_on_this_computer = false
model_files = false

[[connections.set]]
id = "company"
name = "Company server"
preset = "vllm"
address = "https://gpu.example.com"
key = "command"
key_command = ["/usr/local/bin/candor-key", "gpu"]

[[connections.set]]
id = "small"
kind = "ollama"
address = "ollama.example.com"

[models]
default = "qwen3-32b"
default_connection = "company"
instructions = "Answer in formal German."
catalogue = "/etc/candor/models.toml"

[recipes]
folder = "//files/recipes"

[records]
keep = "days"
keep_days = 90

[features]
export = false
pull = false

[end]
"""


def read(text: str) -> Policy:
    return read_policy(text, "/etc/candor/policy.toml")


def test_a_whole_policy_is_read() -> None:
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


def test_the_sample_for_administrators_is_obeyed_and_so_are_names_of_earlier_versions() -> None:
    page = (Path(__file__).parents[3] / "docs" / "administrators.md").read_text(encoding="utf-8")
    sample = page.split("```toml\n", 1)[1].split("```", 1)[0]
    policy = read(sample.replace("[connections]", "update_notice = true\n[connections]", 1))
    assert policy.problems == ()
    assert not policy.is_closed


def test_the_least_policy_leaves_everything_to_the_user() -> None:
    policy = read("\ufeffversion = 1\r\n[end]\r\n".removeprefix("\ufeff"))
    assert policy == Policy(source=policy.source)
    assert not policy.reach.is_limited


@pytest.mark.parametrize(
    ("text", "fault", "line", "name"),
    [
        ("", PolicyFault.NO_VERSION, 0, ""),
        ("version = 1\n", PolicyFault.NO_END, 1, ""),
        ('version = "1"\n[end]\n', PolicyFault.NO_VERSION, 1, ""),
        ("version = 2\n[end]\n", PolicyFault.NEWER, 1, ""),
        ("version = 1\n[end]\n[network]\nrequire_https = true\n", PolicyFault.NO_END, 4, ""),
        ("version = 1\n[end]\nmore = 1\n", PolicyFault.NO_END, 3, ""),
        ('version = 1\n[network]\nfartest = "internet"\n[end]\n', PolicyFault.UNKNOWN, 3, "network.fartest"),
        ("version = 1\n[netwrok]\n[end]\n", PolicyFault.UNKNOWN, 2, "netwrok"),
        ("version = 1\n[features]\nexprt = false\n[end]\n", PolicyFault.UNKNOWN, 3, "features.exprt"),
        ("version = 1\nfarthest\n[end]\n", PolicyFault.NOT_TOML, 2, ""),
        ("version = 1\nversion = 1\n[end]\n", PolicyFault.NOT_TOML, 0, ""),
        ("{" * 5000, PolicyFault.NOT_TOML, 1, ""),
    ],
)
def test_what_cannot_be_understood_closes_the_network(text: str, fault: PolicyFault, line: int, name: str) -> None:
    policy = read(text)
    assert any((each.fault, each.line, each.name) == (fault, line, name) for each in policy.problems), policy.problems
    assert policy.is_closed
    assert policy.reach == NO_REACH
    assert not policy.own_connections


@pytest.mark.parametrize("length", range(0, len(WHOLE) - len("\n"), 7))
def test_half_a_policy_closes_the_network(length: int) -> None:
    assert read(WHOLE[:length]).reach == NO_REACH


@pytest.mark.parametrize(
    ("line", "holds"),
    [
        ('[network]\nfarthest = "moon"', lambda policy: policy.reach.farthest is PlaceKind.THIS_COMPUTER),
        ("[network]\nfarthest = 3", lambda policy: policy.reach.farthest is PlaceKind.THIS_COMPUTER),
        (
            '[network]\nallowed_hosts = "gpu.example.com"',
            lambda policy: policy.reach.refusal(place_of_host("gpu.example.com")) is ReachRefusal.TOO_FAR,
        ),
        ('[network]\nrequire_https = "no"', lambda policy: policy.reach.require_https),
        ("[network]\noffline_lock = 0", lambda policy: policy.offline_lock is True),
        ('[network]\nproxy = "proxy:3128"', lambda policy: policy.reach.farthest is PlaceKind.PRIVATE_NETWORK),
        ('[network]\nproxy = "http://me:secret@proxy"', lambda policy: policy.proxy == ""),
        ("[connections]\nown = 1", lambda policy: not policy.own_connections),
        ("[connections]\nmodel_files = []", lambda policy: not policy.model_files),
        ('[features]\nexport = "off"', lambda policy: not policy.allows(Feature.EXPORT)),
        ('[models]\ncatalogue = "models.toml"', lambda policy: policy.catalogue == ""),
        ('[records]\nkeep = "short"', lambda policy: policy.keep is Keeping.FOREVER),
        ('[[connections.set]]\nid = "a"', lambda policy: policy.connections == ()),
        ('[[connections.set]]\nid = "a"\naddress = "ftp://x"', lambda policy: policy.connections == ()),
        (
            '[[connections.set]]\nid = "a"\naddress = "x"\nkey = "command"\nkey_command = ["relative"]',
            lambda policy: policy.connections == (),
        ),
        ("connections.set = 3", lambda policy: policy.connections == ()),
    ],
)
def test_a_value_that_cannot_be_used_is_the_strictest(line: str, holds: object) -> None:
    policy = read(f"version = 1\n{line}\n[end]\n")
    (problem,) = policy.problems
    assert problem.fault is PolicyFault.VALUE
    assert problem.line
    assert not policy.is_closed
    assert holds(policy)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(WHOLE) - 1), st.text("abc[]\"'=\n#0 ", max_size=3), st.integers(0, 12))
def test_no_damage_makes_it_freer(at: int, put: str, out: int) -> None:
    """A letter more or less may change a name or a value, but never lifts what limits the network."""
    policy = read(WHOLE[:at] + put + WHOLE[at + out :])
    assert policy.is_closed or policy.problems or policy.reach.is_limited


def test_who_can_be_asked_is_known_of_a_broken_policy_too() -> None:
    policy = read(WHOLE.replace("[features]", "[features"))
    assert policy.is_closed
    assert (policy.organization, policy.contact) == ("Example Ltd", "it@example.com")


def test_statements_have_the_number_of_their_first_line() -> None:
    found = {each.path: each.line for each in statements_of(WHOLE) if each.path}
    assert found["network.allowed_hosts"] == 7
    assert found["network.private_networks"] == 11
    assert found["features.pull"] == WHOLE.splitlines().index("pull = false") + 1
    assert "\n".join(each.text for each in statements_of(WHOLE)) == WHOLE.rstrip("\n")
