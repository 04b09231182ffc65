"""The pages for those who carry on tell what is there: files that they name, their examples, and titles of faults."""

from __future__ import annotations

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from desktop.backends.presets import read_preset
from desktop.ui.words import said_in
from tests.backends.outcome import AT_ONCE, asking, outcome, run
from tests.exporters.talk import ANSWER, QUESTION, talk
from tests.support.scripted_server import Drip, Reply, ScriptedServer, json_reply, text_reply

ROOT = Path(__file__).resolve().parents[1]
HOW_TO = ROOT / "docs" / "how-to"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / ".github").rglob("*.md")])
FOLDERS = ("desktop", "tests", "packaging", "resources", "docs", ".github", ".ci")
_FILE = re.compile(r"`((?:[\w.-]+/)*\w[\w.-]*\.(?:py|md|toml|ts|svg|yml|json))`")
_LINK = re.compile(r"\]\((?!https?:|#|…)([^)#]+)")
_MADE_UP = re.compile(r"NAME|KIND|XX")


def files():
    """Return all files of the project, by their paths within it."""
    found = {file.name for file in ROOT.iterdir() if file.is_file()}
    for folder in FOLDERS:
        found |= {file.relative_to(ROOT).as_posix() for file in (ROOT / folder).rglob("*") if file.is_file()}
    return found


def leading(path):
    """Return what may be the module in a dotted name: all of it, or all but the last one or two names; no floor."""
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(max(2, len(parts) - 2), len(parts) + 1)]


def example(page, language):
    """Return the first block of code of a how-to in this language."""
    found = re.search(rf"^```{language}\n(.*?)^```", (HOW_TO / page).read_text(encoding="utf-8"), re.S | re.M)
    assert found is not None
    return found[1]


def imported(file, source):
    """Return the module that a source makes."""
    file.write_text(source, encoding="utf-8")
    spec = spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_files_that_pages_name_are_there():
    there = files()
    assert PAGES
    named = {(page, name) for page in PAGES for name in _FILE.findall(page.read_text(encoding="utf-8"))}
    assert named
    gone = [
        f"{page.relative_to(ROOT)}: {name}"
        for page, name in sorted(named)
        if not _MADE_UP.search(name) and not any(path == name or path.endswith(f"/{name}") for path in there)
    ]
    assert gone == []


def test_modules_that_pages_name_are_there():
    modules = {path.removeprefix("desktop/").removesuffix(".py") for path in files() if path.startswith("desktop/")}
    folders = {path.rpartition("/")[0] for path in modules}
    rooms = "|".join(sorted(path.name for path in (ROOT / "desktop").iterdir() if path.is_dir()))
    named = [
        (source, name)
        for source in PAGES
        for name in re.findall(rf"`((?:{rooms})(?:\.\w+)+)(?<!\.py)\b", source.read_text(encoding="utf-8"))
    ]
    assert named
    gone = [
        f"{source.relative_to(ROOT)}: {name}"
        for source, name in named
        if not any(path in modules | folders for path in leading(name.replace(".", "/")))
    ]
    assert gone == []


def test_links_between_pages_lead_somewhere():
    links = [(page, link) for page in PAGES for link in _LINK.findall(page.read_text(encoding="utf-8"))]
    assert links
    assert [f"{page.relative_to(ROOT)}: {link}" for page, link in links if not (page.parent / link).exists()] == []


def test_the_example_of_a_provider_is_one(tmp_path):
    file = tmp_path / "gateway.toml"
    file.write_text(example("provider.md", "toml"), encoding="utf-8")
    assert read_preset(file).name == "Our gateway"


def test_the_example_of_an_exporter_is_one(tmp_path):
    made = imported(tmp_path / "table.py", example("exporter.md", "python"))
    assert (made.NAME, made.ENDING) == ("Table", ".tsv")
    assert "Let me" not in made.write(talk(QUESTION, ANSWER)).decode()
    assert "Let me" in made.write(talk(QUESTION, ANSWER, with_thinking=True)).decode()


def test_the_example_of_a_backend_is_one(tmp_path):
    made = imported(tmp_path / "plain_lines.py", example("backend.md", "python"))

    async def talk_to_it():
        said = Reply([Drip("<think>Hm</think>Vierundvierzig für dich".encode())])
        script = {
            "GET /models": [json_reply(["a"])],
            "POST /say": [text_reply("busy", 503), said, text_reply("no", 400)],
        }
        async with ScriptedServer(script) as server:
            backend = made.PlainLinesBackend(server.url, retries=AT_ONCE)
            assert [model.name for model in await backend.list_models()] == ["a"]
            reply = await outcome(backend, asking())
            assert (reply.text, reply.reasoning) == ("Vierundvierzig für dich", "Hm")
            assert (await outcome(backend, asking())).error.kind == "request_rejected"
            await backend.aclose()

    run(talk_to_it())


def test_each_decision_has_a_number_of_its_own():
    numbers = [page.name[:4] for page in (ROOT / "docs" / "decisions").glob("*.md")]
    assert sorted(numbers) == sorted(set(numbers))


def test_the_page_lists_all_keys():
    read = (ROOT / "docs" / "keys.md").read_text(encoding="utf-8").replace("↑", "Up").replace("↓", "Down")
    bound = {
        keys.replace("Return", "Enter")
        for source in sorted((ROOT / "desktop" / "ui").rglob("*.py"))
        for keys in re.findall(r'"((?:Ctrl|Alt)\+[^"\s]+)"', source.read_text(encoding="utf-8").replace("\\\\", "\\"))
    }
    assert len(bound) > 20
    assert {keys for keys in bound if f"`{keys}`" not in read} <= {"Ctrl+="}  # the plus without Shift


PAGE = Path(__file__).resolve().parents[1] / "docs" / "faults.md"


def test_the_table_of_faults_is_true():
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \|$", PAGE.read_text(encoding="utf-8"), re.M)
    told = set(rows) - {"Candor's title", "---"}
    assert told
    assert told <= {failure["title"]["en"] for failure in said_in("failures").values()}
    assert len(rows) == len(set(rows))
