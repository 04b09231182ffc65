"""Each line of a policy is explained in words, and what is wrong stands below the line that it is about."""

from __future__ import annotations

from desktop.core.policy.names import NAMES, SET_NAMES
from desktop.core.policy.parse import read_policy
from desktop.policy import check_policy
from desktop.ui.policy.words import explained, sentences_of
from tests.core.test_policy import WHOLE


def lines_of(text):
    return explained(text, read_policy(text, "policy.toml"))


def test_all_lines_of_a_whole_policy_are_explained():
    lines = lines_of(WHOLE)
    shown = [line[7:] for line in lines if line[:5].strip().isdigit()]
    assert shown == [line.rstrip() for line in WHOLE.splitlines()]
    for statement in WHOLE.split("\n\n"):
        for name in (line.partition(" = ")[0] for line in statement.splitlines() if " = " in line):
            at = next(at for at, line in enumerate(lines) if line[7:].startswith(f"{name} ="))
            told = next(line for line in lines[at + 1 :] if line.startswith("        ") or line[:5].strip())
            assert "→" in told or name == "allowed_hosts", name
    assert lines[-1] == "This policy can be used as it stands."
    assert any("10.20.0.0/16" in each for each in sentences_of(read_policy(WHOLE, "x")))


def test_no_name_is_without_words():
    values = ("true", '"a"', '["a"]', "3", '"internet"', '"days"', '"none"', '"/a"', '["/a"]')
    for path in [*NAMES, *SET_NAMES]:
        table, _, name = path.rpartition(".")
        said = ["\n".join(lines_of((f"[{table}]\n" if table else "") + f"{name} = {value}\n")) for value in values]
        assert any("→" in each for each in said), path


def test_what_is_wrong_stands_below_its_line():
    lines = lines_of('version = 1\n[network]\nfartest = "internet"\nrequire_https = 3\n[end]\n')
    at = lines.index('    3  fartest = "internet"')
    assert "“network.fartest”" in lines[at + 1]
    assert "strictest" in lines[lines.index("    4  require_https = 3") + 1]
    assert lines[-1] == "This policy cannot be used: Candor reaches nothing but this computer."


def test_the_command_returns_if_all_can_be_used(tmp_path, capsys):
    file = tmp_path / "policy.toml"
    assert check_policy(file) == 2
    file.write_text(WHOLE)
    assert check_policy(file) == 0
    assert "Example Ltd" in capsys.readouterr().out
    file.write_bytes(b"\xff")
    assert check_policy(file) == 1
