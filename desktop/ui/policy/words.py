"""The policy of a computer in words: what each of its lines does, what is wrong with it, and whom to ask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from desktop.core.policy.fixed import KeySource, Policy, PolicyFault, PolicyProblem
from desktop.core.policy.parse import PolicyStatement, statements_of
from desktop.ui.words import in_words, said_in, say, say_each


def sentences_of(policy: Policy) -> list[str]:
    """Return what a policy fixes, a sentence for each."""
    said = [_sentence(path, value) for path, value in policy.said]
    for each in policy.connections:
        said.append(connection_sentence(each.connection.name, each.connection.address, each.key))
    return [each for each in said if each]


def connection_sentence(name: str, address: str, key: KeySource) -> str:
    """Return that a connection is set up for everybody, and where its key comes from."""
    return say_each("policy.connection", key, name=name, address=address)


def problem_words(problem: PolicyProblem) -> str:
    """Return what is wrong with a policy, and what follows from that."""
    line = str(problem.line)
    match problem.fault:
        case PolicyFault.UNREADABLE:
            return say("policy.it_cannot_be_read", detail=problem.detail)
        case PolicyFault.UNSAFE:
            return say("policy.others_than_administrators_can_write_to", detail=problem.detail)
        case PolicyFault.NOT_TOML:
            if problem.line:
                return say("policy.line_is_not_written_as_toml", line=line, detail=problem.detail)
            return say("policy.it_is_not_written_as_toml", detail=problem.detail)
        case PolicyFault.NO_VERSION:
            return say("policy.it_must_say_version_1_at")
        case PolicyFault.NEWER:
            return say("policy.it_is_of_form_for_a", detail=problem.detail)
        case PolicyFault.NO_END:
            return say("policy.its_end_is_missing_the_last")
        case PolicyFault.UNKNOWN:
            return say("policy.line_candor_knows_no_look_for", line=line, name=problem.name)
        case PolicyFault.VALUE:
            return say("policy.line_has_a_value_that_cannot", line=line, name=problem.name, detail=problem.detail)


def closed_words(policy: Policy) -> str:
    """Return what a user is told where a policy cannot be used."""
    words = say("policy.the_rules_that_this_computers_administrator")
    return f"{words} {whom_to_tell(policy)}".strip()


def whom_to_tell(policy: Policy) -> str:
    """Return whom to tell that something is wrong; empty where nobody is named."""
    return say("policy.please_tell", contact=policy.contact) if policy.contact else ""


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
        return say("policy.the_form_of_this_file")
    value = tuple(statement.value) if isinstance(statement.value, list) else statement.value
    return _sentence(statement.path, value)


def _sentence(path: str, value: Any) -> str:
    """Return what a name with its value does; empty where that needs no words."""
    lines, shown = said_in("policy_lines"), _shown(value)
    entry = lines.get(f"{path} {shown.lower()}") or lines.get(path)
    return in_words(entry, value=shown) if entry is not None else ""


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, Sequence) and not isinstance(value, str) else str(value)


def _verdict(policy: Policy) -> str:
    if policy.is_closed:
        return say("policy.this_policy_cannot_be_used_candor")
    if policy.problems:
        return say("policy.this_policy_is_used_with_the")
    return say("policy.this_policy_can_be_used_as")
