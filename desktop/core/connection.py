"""Connections: the servers that the user has set up, without their secrets, and what is known of their providers.

A key is bound to an origin (scheme, host, port) and lives in the keyring; it is never part of a connection. The presets
of providers are TOML files in `resources/providers/`; `backends/presets.py` reads them into `ProviderPreset`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Annotated
from urllib.parse import quote, urlsplit

from desktop.core.converting import UNKEPT, Within
from desktop.core.message import new_id
from desktop.core.place import THIS_COMPUTER, Place, PlaceKind, place_of_host, place_of_url


class ConnectionKind(StrEnum):
    """Protocol of a connection."""

    BUILT_IN = "built_in"  # the engine that comes with the program; `address` is the path of a .gguf file
    OLLAMA = "ollama"
    OPENAI_COMPAT = "openai_compat"


class ProxyMode(StrEnum):
    """Way to servers on the internet; those of this computer and of private networks are always reached directly."""

    SYSTEM = "system"
    NONE = "none"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Way to a server, as the user has set it: the proxy, what is trusted, and what is shown to the server.

    `proxy_address` and `proxy_user` count in mode MANUAL. `ca_file` holds certificates that are trusted beside the
    system's, `certificate` and `certificate_key` those of the user, in one file or two. The two passwords are in the
    keyring, where `has_…` says so.
    """

    proxy: ProxyMode = ProxyMode.SYSTEM
    proxy_address: str = ""
    proxy_user: str = ""
    has_proxy_password: bool = False
    ca_file: str = ""
    certificate: str = ""
    certificate_key: str = ""
    has_certificate_password: bool = False

    @property
    def proxy_origin(self) -> str:
        """The name under which the password of its proxy is kept: it goes to no other."""
        return f"proxy+{origin_of(self.proxy_address)}" if self.proxy is ProxyMode.MANUAL else ""


@dataclass(frozen=True, slots=True)
class Secrets:
    """The secrets of a connection, in memory; empty where there is none, or where the kept one stays.

    `login` is the password for its rented computer, or the passphrase of the key file for that.
    """

    key: str = field(default="", repr=False)
    proxy_password: str = field(default="", repr=False)
    certificate_password: str = field(default="", repr=False)
    login: str = field(default="", repr=False)


class SshProof(StrEnum):
    """Means by which a user proves at a rented computer who they are."""

    PASSWORD = "password"
    KEY_FILE = "key_file"
    AGENT = "agent"  # a program on this computer that holds keys, and signs with them


@dataclass(frozen=True, slots=True, kw_only=True)
class SshLogin:
    """Login at a computer through which its model server is reached.

    `has_secret`: a password, or the passphrase of `key_file`, was given for it, and is kept under `secret_origin`.
    """

    host: str
    user: str
    port: Annotated[int, Within(1, 65535)] = 22
    proof: SshProof = SshProof.PASSWORD
    key_file: str = ""
    has_secret: bool = False

    @property
    def origin(self) -> str:
        """The origin of all that is behind it: `ssh://user@host:port`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return origin_of(f"ssh://{self.user}@{host}:{self.port}")

    @property
    def secret_origin(self) -> str:
        """The name under which its secret is kept: a passphrase opens its file here, and is no password over there."""
        if self.proof is SshProof.KEY_FILE:
            return f"{self.origin}/key+{quote(self.key_file, errors='replace')}"
        return self.origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """Server, or model file, that the user can talk to. `preset` names a file of `resources/providers/`.

    `has_key` says that a key was given for it, so that a keyring is only ever opened when there is something in it.
    `passes_on_to` is the host on the internet that its server, a gateway, sends words on to, as the user has said;
    empty: it keeps them. `is_inside`: it is in the house whatever its address looks like, as the policy of this
    computer says; never kept. With `ssh`, the address is the one that its server has over there, at that computer.
    """

    kind: ConnectionKind
    name: str
    address: str
    preset: str = "custom"
    has_key: bool = False
    passes_on_to: str = ""
    route: Route = field(default_factory=Route)
    ssh: SshLogin | None = None
    is_inside: bool = field(default=False, metadata=UNKEPT)
    id: str = field(default_factory=new_id)

    @property
    def server_place(self) -> Place:
        """The place of its server; a model of it may be further away, see `models.place.place_of`."""
        if self.kind is ConnectionKind.BUILT_IN:
            return THIS_COMPUTER
        place = place_of_host(self.ssh.host) if self.ssh is not None else place_of_url(self.address)
        return Place(PlaceKind.PRIVATE_NETWORK, place.host) if self.is_inside and not place.is_local else place

    @property
    def origin(self) -> str:
        """The origin that a key is bound to: `scheme://host:port`, behind that of the login if there is one."""
        own = origin_of(self.address)
        return f"{self.ssh.origin}/{own.partition('://')[2]}" if self.ssh is not None else own

    @property
    def has_secrets(self) -> bool:
        """True if a keyring has to be asked for it."""
        has_login = self.ssh is not None and self.ssh.has_secret
        return self.has_key or self.route.has_proxy_password or self.route.has_certificate_password or has_login

    @property
    def certificate_origin(self) -> str:
        """The name under which the password of its client certificate is kept."""
        return f"certificate://{self.id}"


def origin_of(url: str) -> str:
    """Return `scheme://host:port` of an http or https address, with the default port written out, in lower case.

    Of an ssh address the user belongs to it, and the server behind. Without a scheme it is http. Empty for an address
    without a readable host or port: to such a one nothing can be sent, and no key must be bound to it.
    """
    try:
        parts = urlsplit(url if "://" in url else f"http://{url.strip()}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if not host:
        return ""
    if ":" in host:
        host = f"[{host}]"
    if parts.scheme == "ssh":  # whose users differ by capital letters, too
        return f"ssh://{parts.username or ''}@{host}:{port or 22}{parts.path.rstrip('/')}"
    return f"{parts.scheme}://{host}:{port or (443 if parts.scheme == 'https' else 80)}".lower()


class ThinkingSwitch(StrEnum):
    """Request field that turns thinking on and off."""

    NONE = "none"  # the provider has no switch, or none is known: nothing is sent
    THINKING_TYPE = "thinking_type"  # "thinking": {"type": "enabled" | "disabled"}
    ENABLE_THINKING = "enable_thinking"  # "enable_thinking": true | false
    TEMPLATE_KWARGS = "chat_template_kwargs"  # "chat_template_kwargs": {"enable_thinking": true | false}
    REASONING_OBJECT = "reasoning_object"  # "reasoning": {"enabled": …, "effort": …, "max_tokens": …}
    REASONING_EFFORT = "reasoning_effort"  # "reasoning_effort": "none" | …


class ContinueWay(StrEnum):
    """Way to ask for the rest of a reply that was cut off: the field beside its beginning, the last message."""

    ASK = "ask"  # nothing is known: a further message asks the model to go on
    FINAL_MESSAGE = "continue_final_message"  # "continue_final_message": true, "add_generation_prompt": false
    PREFIX = "prefix"  # "prefix": true, in the message
    PARTIAL = "partial"  # "partial": true, in the message


class ApiFamily(StrEnum):
    """OpenAI protocol, of two, for a provider's models that think."""

    CHAT = "chat_completions"
    RESPONSES = "responses"  # shows their thinking where the other protocol hides it


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRule:
    """Facts about some models of a provider that does not tell them itself.

    `names` are patterns as of `fnmatch`, in lower case; `efforts` takes the place of the preset's. Without any, the
    models do not think.
    """

    names: tuple[str, ...]
    efforts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderPreset:
    """Facts about one provider. Field names are written on the wire as they stand here; empty: there is none."""

    id: str
    name: str
    address: str
    needs_key: bool = True
    keys_page: str = ""  # where the user gets a key, shown as text
    thinking_switch: ThinkingSwitch = ThinkingSwitch.NONE
    effort_field: str = ""  # for how much is thought
    efforts: tuple[str, ...] = ()  # the words that it takes, the weakest first; "none" among them is off
    template_switches: tuple[str, ...] = ("enable_thinking",)  # the names that TEMPLATE_KWARGS sets
    budget_field: str = ""  # for the most tokens of thinking
    budget_range: tuple[int, int] | None = None  # tokens that the provider accepts
    max_tokens_field: str = "max_tokens"  # for the longest answer
    max_tokens_includes_thinking: bool = True  # that number counts the thinking as well
    extra_body: Mapping[str, bool | int | str] = field(default_factory=dict)  # always sent
    fresh_body: Mapping[str, bool | int | str] = field(default_factory=dict)  # with the first request of a fresh one
    fresh_salt_field: str = ""  # the same, with a random text: keeps the server from finding what it has read before
    stream_usage: bool = True  # understands stream_options.include_usage
    omitted: tuple[str, ...] = ()  # common fields that the provider refuses
    api: ApiFamily = ApiFamily.CHAT
    models: tuple[ModelRule, ...] = ()  # the first that fits a name counts
    tokenize_path: str = ""  # where prompts can be had for given variables of the chat template, beside /v1
    details_path: str = ""  # where the server tells what each model can do, beside /v1
    continue_way: ContinueWay = ContinueWay.ASK
    continue_path: str = ""  # where such requests go instead of /v1, e.g. "/beta"
    control_path: str = ""  # where the thinking of a running reply can be ended, e.g. "/chat/completions/control"
    continue_thinking: bool = False  # takes "reasoning_content" in the beginning; else thinking is off for the rest

    def for_model(self, model: str) -> ProviderPreset:
        """Return the preset as it applies to one model."""
        name = model.lower()
        rule = next((each for each in self.models if any(fnmatchcase(name, one) for one in each.names)), None)
        if rule is None:
            return self
        if rule.efforts:
            return replace(self, efforts=rule.efforts)
        return replace(self, thinking_switch=ThinkingSwitch.NONE, effort_field="", efforts=(), budget_field="")
