"""The policy of a computer in words: what each of its lines does, what is wrong with it, and whom to ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from desktop.core.policy.fixed import KeySource, Policy, PolicyFault, PolicyProblem
from desktop.core.policy.statements import PolicyStatement, statements_of
from desktop.core.text.translatable import QT_TRANSLATE_NOOP
from desktop.ui.words import fill, translate


def sentences_of(policy: Policy) -> list[str]:
    """Return what a policy fixes, a sentence for each."""
    said = [_sentence(path, value) for path, value in policy.said]
    for each in policy.connections:
        said.append(connection_sentence(each.connection.name, each.connection.address, each.key))
    return [each for each in said if each]


def connection_sentence(name: str, address: str, key: KeySource) -> str:
    """Return that a connection is set up for everybody, and where its key comes from."""
    match key:
        case KeySource.NONE:
            words = translate("policy", "The connection %1 is set up: %2. It has no key.")
        case KeySource.ASK:
            words = translate("policy", "The connection %1 is set up: %2. Each user enters a key.")
        case KeySource.COMMAND:
            words = translate("policy", "The connection %1 is set up: %2. A program of this computer gives its key.")
    return fill(words, name, address)


def problem_words(problem: PolicyProblem) -> str:
    """Return what is wrong with a policy, and what follows from that."""
    line = str(problem.line)
    match problem.fault:
        case PolicyFault.UNREADABLE:
            return fill(translate("policy", "It cannot be read: %1."), problem.detail)
        case PolicyFault.UNSAFE:
            words = translate("policy", "Others than administrators can write to %1, so what it says is not obeyed.")
            return fill(words, problem.detail)
        case PolicyFault.NOT_TOML:
            words = translate("policy", "Line %1 is not written as TOML asks for: %2")
            whole = translate("policy", "It is not written as TOML asks for: %1")
            return fill(words, line, problem.detail) if problem.line else fill(whole, problem.detail)
        case PolicyFault.NO_VERSION:
            return translate("policy", "It must say “version = 1” at its beginning.")
        case PolicyFault.NEWER:
            return fill(translate("policy", "It is of form %1, for a newer version of Candor."), problem.detail)
        case PolicyFault.NO_END:
            return translate("policy", "Its end is missing: the last line must be “[end]”.")
        case PolicyFault.UNKNOWN:
            words = translate("policy", "Line %1: Candor knows no “%2”. Look for a slip of the pen.")
            return fill(words, line, problem.name)
        case PolicyFault.VALUE:
            words = translate("policy", "Line %1: “%2” has a value that cannot be used (%3). The strictest one holds.")
            return fill(words, line, problem.name, problem.detail)


def closed_words(policy: Policy) -> str:
    """Return what a user is told where a policy cannot be used."""
    words = translate(
        "policy",
        "The rules that this computer's administrator has set for Candor cannot be used. Until they can, Candor reaches"
        " nothing but this computer.",
    )
    return f"{words} {whom_to_tell(policy)}".strip()


def whom_to_tell(policy: Policy) -> str:
    """Return whom to tell that something is wrong; empty where nobody is named."""
    return fill(translate("policy", "Please tell %1."), policy.contact) if policy.contact else ""


def explained(text: str, policy: Policy) -> list[str]:
    """Return the lines of a policy with their numbers, each with what it does or what is wrong with it below."""
    wrong: dict[int, list[PolicyProblem]] = {}
    for problem in policy.problems:
        wrong.setdefault(problem.line if problem.fault in _OF_A_LINE else 0, []).append(problem)
    lines: list[str] = []
    for statement in statements_of(text):
        lines += _numbered(statement)
        told = [f"✗ {problem_words(each)}" for each in wrong.pop(statement.line, ())]
        told = told or [f"→ {each}" for each in (_sentence_of(statement),) if each]
        lines += [f"        {each}" for each in told]
    lines += [""]
    lines += [f"✗ {problem_words(each)}" for several in wrong.values() for each in several]
    return [*lines, _verdict(policy)]


_OF_A_LINE = (PolicyFault.NOT_TOML, PolicyFault.UNKNOWN, PolicyFault.VALUE)


def _numbered(statement: PolicyStatement) -> list[str]:
    numbers = range(statement.line, statement.line + len(statement.text.splitlines() or [""]))
    return [f"{at:5}  {line}".rstrip() for at, line in zip(numbers, statement.text.splitlines() or [""], strict=True)]


def _sentence_of(statement: PolicyStatement) -> str:
    if not statement.name:
        return ""
    if statement.path == "version":
        return translate("policy", "The form of this file.")
    value = tuple(statement.value) if isinstance(statement.value, list) else statement.value
    return _sentence(statement.path, value)


def _sentence(path: str, value: Any) -> str:
    """Return what a name with its value does; empty where that needs no words."""
    if isinstance(value, bool):
        both = _SWITCHES.get(path)
        return translate("policy", both[value]) if both is not None else ""
    words = _CHOICES.get(f"{path}.{value}") or _VALUES.get(path, "")
    return fill(translate("policy", words), _shown(value)) if words else ""


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, Sequence) and not isinstance(value, str) else str(value)


def _verdict(policy: Policy) -> str:
    if policy.is_closed:
        return translate("policy", "This policy cannot be used: Candor reaches nothing but this computer.")
    if policy.problems:
        return translate("policy", "This policy is used, with the strictest value where one cannot be used.")
    return translate("policy", "This policy can be used as it stands.")


# For true and for false: what each switch does. In the order of Python's index of a truth value: false, true.
_SWITCHES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "network.require_https": (
            QT_TRANSLATE_NOOP("policy", "Servers may be reached without encryption, too."),
            QT_TRANSLATE_NOOP("policy", "Servers on other computers are reached over https alone."),
        ),
        "network.offline_lock": (
            QT_TRANSLATE_NOOP("policy", "The offline lock is off and cannot be switched on."),
            QT_TRANSLATE_NOOP("policy", "The offline lock is on and cannot be switched off."),
        ),
        "network.update_notice": (
            QT_TRANSLATE_NOOP("policy", "Candor asks nobody for new versions, whatever this says."),
            QT_TRANSLATE_NOOP("policy", "Candor asks nobody for new versions, whatever this says."),
        ),
        "connections.own": (
            QT_TRANSLATE_NOOP("policy", "Users add no connections of their own; those that they had are not used."),
            QT_TRANSLATE_NOOP("policy", "Users may add connections of their own."),
        ),
        "connections.found_on_this_computer": (
            QT_TRANSLATE_NOOP("policy", "Model servers on this computer are not looked for."),
            QT_TRANSLATE_NOOP("policy", "Model servers on this computer are looked for."),
        ),
        "connections.model_files": (
            QT_TRANSLATE_NOOP("policy", "Model files of the user's are not opened."),
            QT_TRANSLATE_NOOP("policy", "Users may open model files."),
        ),
        "features.export": (
            QT_TRANSLATE_NOOP("policy", "Conversations cannot be exported or printed."),
            QT_TRANSLATE_NOOP("policy", "Conversations may be exported and printed."),
        ),
        "features.import": (
            QT_TRANSLATE_NOOP("policy", "Conversations cannot be imported."),
            QT_TRANSLATE_NOOP("policy", "Conversations may be imported."),
        ),
        "features.pull": (
            QT_TRANSLATE_NOOP("policy", "Models cannot be got or deleted."),
            QT_TRANSLATE_NOOP("policy", "Models may be got and deleted."),
        ),
        "features.clear_ledger": (
            QT_TRANSLATE_NOOP("policy", "The record of where words went cannot be cleared."),
            QT_TRANSLATE_NOOP("policy", "The record of where words went may be cleared."),
        ),
    }
)
_CHOICES: Mapping[str, str] = MappingProxyType(
    {
        "network.farthest.this_computer": QT_TRANSLATE_NOOP("policy", "Nothing but this computer is reached."),
        "network.farthest.private_network": QT_TRANSLATE_NOOP(
            "policy", "Words go no further than this computer and the private network; never to the internet."
        ),
        "network.farthest.internet": QT_TRANSLATE_NOOP("policy", "Words may go to the internet."),
        "network.proxy.none": QT_TRANSLATE_NOOP("policy", "No proxy is used."),
        "network.proxy.system": QT_TRANSLATE_NOOP("policy", "The proxy is that of the system."),
        "records.keep.forever": QT_TRANSLATE_NOOP("policy", "Conversations are kept until the user deletes them."),
        "records.keep.until_closed": QT_TRANSLATE_NOOP(
            "policy", "Conversations are not written to the disk and end with the program."
        ),
        "records.keep.days": QT_TRANSLATE_NOOP("policy", "Conversations are erased when they have grown old."),
    }
)
_VALUES: Mapping[str, str] = MappingProxyType(
    {
        "organization": QT_TRANSLATE_NOOP("policy", "This policy is from %1."),
        "contact": QT_TRANSLATE_NOOP("policy", "Who has a question asks %1."),
        "network.allowed_hosts": QT_TRANSLATE_NOOP("policy", "Of other computers only these are reached: %1."),
        "network.private_networks": QT_TRANSLATE_NOOP("policy", "These networks count as private: %1."),
        "network.proxy": QT_TRANSLATE_NOOP("policy", "The internet is reached by the proxy %1."),
        "network.extra_ca_file": QT_TRANSLATE_NOOP(
            "policy", "Certificates that are signed by those in %1 are trusted, beside those of the system."
        ),
        "models.default": QT_TRANSLATE_NOOP("policy", "The model to begin with is %1."),
        "models.default_connection": QT_TRANSLATE_NOOP("policy", "It is that of the connection “%1”."),
        "models.instructions": QT_TRANSLATE_NOOP("policy", "Each new conversation begins with: “%1”"),
        "models.catalogue": QT_TRANSLATE_NOOP("policy", "More models are proposed from the list %1."),
        "recipes.folder": QT_TRANSLATE_NOOP("policy", "The shared recipes are those in %1."),
        "records.keep_days": QT_TRANSLATE_NOOP("policy", "That is after %1 days in which nothing was said in them."),
        "connections.set.id": QT_TRANSLATE_NOOP("policy", "A connection for all users, called “%1” in this file."),
        "connections.set.name": QT_TRANSLATE_NOOP("policy", "Its name in the window."),
        "connections.set.kind": QT_TRANSLATE_NOOP("policy", "The language that its server speaks."),
        "connections.set.preset": QT_TRANSLATE_NOOP("policy", "What kind of server it is."),
        "connections.set.address": QT_TRANSLATE_NOOP("policy", "Where its server is."),
        "connections.set.key": QT_TRANSLATE_NOOP("policy", "Where its key comes from."),
        "connections.set.key_command": QT_TRANSLATE_NOOP(
            "policy", "The first line that this program prints is the key. It stays in memory: %1"
        ),
    }
)
