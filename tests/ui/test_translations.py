"""Every sentence of the window is translated, and says what it must in every language."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import xml.etree.ElementTree as ElementTree
from functools import lru_cache
from pathlib import Path

import PySide6
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QLocale, Qt
from PySide6.QtWidgets import QAbstractButton, QDialogButtonBox, QFileDialog, QFileSystemModel, QLabel, QPlainTextEdit

from desktop.core import errors as core_errors
from desktop.core.errors import BackendError, StoreError
from desktop.core.message import Failure
from desktop.core.models.file import FileFault
from desktop.core.models.keeping import PullFault
from desktop.core.place import THIS_COMPUTER, Place, PlaceKind
from desktop.core.reply import ReplyPhase
from desktop.core.request import ThinkingMode
from desktop.core.resources import resource_path
from desktop.ui import words
from desktop.ui.errors import ErrorAction, action_words, describe, describe_store
from tests.ui.languages import LANGUAGES, TRANSLATIONS, speaking, speaking_of_qt

_ALL_BUTTONS = QDialogButtonBox.StandardButton(0x0FFFFC00)
_FOLDER = ("QAbstractFileIconProvider", "Folder")
ROOT = Path(__file__).resolve().parents[2]
CHINESE = resource_path("i18n", "candor_zh_CN.ts")
each_translation = pytest.mark.parametrize("file", TRANSLATIONS, ids=lambda file: file.stem)
SPOKEN = (
    "desktop/*.py",
    "desktop/parts/*.py",
    "desktop/ui/**/*.py",
    "desktop/rendering/**/*.py",
    "desktop/exporters/*.py",
)  # where strings for the user are


# One word for one thing in Chinese: what must not be said, as a pattern, and the right word for it.
ONE_WORD = {
    "(?<!（)词元": "token",
    "素材|原料": "材料",
    "栏目": "要素",
    "消息框|输入栏": "输入框",
    "服务提供|提供方|供应方": "服务商",
    "迹象": "可疑之处",
    "专门的标记|(?<!三)引号之间": "三引号",
    "提示语|咒语": "提示词",
    "秘钥|密匙": "密钥",
    "登陆": "登录",
    "装[得不]下": "放得下",
    "提供商": "服务商",
    "本机|计算机": "电脑",
    "[点双单]击": "点按",
    "测试连接": "测试",
    "帐号|帐户": "账号",
    "Enter|回车(?!键)": "回车键",
    "[0-9n] %": "%1%",
    "待定|待补|【】": "待确认",
    "书写": "输入",
    "配方": "模板",
    "留作": "存为",
    "(?<!自定义)指示(?!灯)": "自定义指令",
    "会议(?:的)?笔记": "会议记录",
    "[一上下]题": "步",
    "选哪个模型": "选择模型",
    "去了哪里": "内容去向",
    "约 %[1-9] 词|每秒 %1 词": "字",
    "固定[^的任]|已固定": "置顶",
    "提前回答": "提前作答",
}


def messages(file):
    """Context, source and translation element of each message."""
    for context in ElementTree.parse(file).getroot().iter("context"):  # noqa: S314 - a file of our own
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            yield context.findtext("name", ""), message.findtext("source", ""), translation


def forms(translation):
    plural = [form.text or "" for form in translation.iter("numerusform")]
    return plural or [translation.text or ""]


def blanks(text):
    return set(re.findall(r"%(?:[1-9]|L?n)", text))


@lru_cache
def fresh(file):
    """The texts of a language after the translators' tool has read the program as it is now."""
    copy = Path(tempfile.mkdtemp()) / file.name
    shutil.copy(file, copy)
    tool = next(Path(PySide6.__file__).parent.glob("lupdate*"))
    sources = sorted({str(file) for pattern in SPOKEN for file in ROOT.glob(pattern)})
    assert all(list(ROOT.glob(pattern)) for pattern in SPOKEN)
    subprocess.run([str(tool), *sources, "-no-obsolete", "-locations", "none", "-ts", str(copy)], check=True, cwd=ROOT)
    return copy


@each_translation
def test_every_string_of_the_program_is_translated(file):
    missing = [f"{context}: {source}" for context, source, found in messages(fresh(file)) if found.get("type")]
    assert missing == [], (
        "write these in resources/i18n by hand or by the commands in tests/ui/languages.py, and translate them"
    )


def test_one_thing_has_one_word_in_chinese():
    told = [(source, form) for _, source, found in messages(CHINESE) for form in forms(found)]
    told += [(key, re.sub(r"{n}", "%n", entry["zh"])) for key, entry in said()]
    for file in [*resource_path("help").rglob("*.toml"), *resource_path("guides").rglob("*.toml")]:
        told += [(file.name, line) for line in file.read_text("utf-8").splitlines() if ".zh = " in line]
    wrong = [
        f"{form} ({source}): {right}"
        for pattern, right in ONE_WORD.items()
        for source, form in told
        if re.search(pattern, re.sub(r"%[1-9] %[1-9]", "", form))
    ]
    assert wrong == []


def test_whoever_reads_is_addressed_in_one_way_in_chinese():
    assert [form for *_, found in messages(CHINESE) for form in forms(found) if "你" in form] == []
    assert [key for key, entry in said() if "你" in entry["zh"]] == []


def test_dialogs_of_qt_speak_chinese(qapp):
    with speaking_of_qt(qapp, "zh_CN"), speaking(qapp, "zh_CN"):  # ours is asked first
        dialog = QFileDialog(None, "打开", str(ROOT / "docs"), "模板 (*.toml)")
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        field, box = QPlainTextEdit("x"), QDialogButtonBox(_ALL_BUTTONS)
        told = [
            *(each.text() for each in dialog.findChildren(QLabel)),
            *(each.text() for each in dialog.findChildren(QAbstractButton)),
            *(each.text() for each in box.buttons()),
            *(each.text().partition("\t")[0] for each in field.createStandardContextMenu().actions()),
            *(str(QFileSystemModel().headerData(at, Qt.Orientation.Horizontal)) for at in range(4)),
            *(QCoreApplication.translate(*each) for each in (("QPrintSettingsOutput", "Page &Set:"), _FOLDER)),
        ]
        english = [each for each in told if re.search("[A-Za-z]{3}", each)]
        assert (english, len(told) > 40) == ([], True)
        dialog.deleteLater()


def said():
    """The key of each sentence of `resources/words`, and the sentence in each language."""

    def below(key, entry):
        if "en" in entry:
            yield key, entry
            return
        for name, within in entry.items():
            if isinstance(within, dict):
                yield from below(f"{key}.{name}", within)

    for file in resource_path("words").glob("*.toml"):
        yield from below(file.stem, tomllib.loads(file.read_text("utf-8")))


@lru_cache
def spoken():
    """What the program says: by which function, which key, and the call."""
    found = []
    for file in ROOT.glob("desktop/**/*.py"):
        code = file.read_text("utf-8")
        if "say(" not in code and "say_each(" not in code and "said_in(" not in code:
            continue
        for call in ast.walk(ast.parse(code)):
            if isinstance(call, ast.Call) and call.args and isinstance(call.args[0], ast.Constant):
                name = getattr(call.func, "id", "")
                if name in ("say", "say_each", "said_in"):
                    found.append((name, str(call.args[0].value), call))
    return found


def test_each_sentence_is_said_somewhere_and_each_that_is_said_is_there():
    keys = {key for name, key, _ in spoken() if name == "say"}
    groups = tuple(f"{key}." for name, key, _ in spoken() if name != "say")
    there = {key for key, _ in said()}
    assert keys - there == set()
    assert [key for key in there - keys if not key.startswith(groups)] == []
    assert [each for each in groups if not any(key.startswith(each) for key in there)] == []


def test_each_blank_of_a_sentence_is_filled():
    entries = dict(said())
    for name, key, call in spoken():
        given = {each.arg for each in call.keywords} | ({"n"} if len(call.args) > 1 + (name == "say_each") else set())
        keys = [key] if name == "say" else [each for each in entries if each.startswith(f"{key}.")]
        for each in keys if name != "said_in" and None not in given else ():
            assert set(re.findall(r"{(\w+)}", entries[each]["zh"])) <= given, each


def test_a_sentence_has_the_same_blanks_in_all_languages():
    for key, entry in said():
        english = entry["en"]["other"] if isinstance(entry["en"], dict) else entry["en"]
        assert isinstance(entry["zh"], str), key
        assert entry["zh"].strip(), key
        assert set(re.findall(r"{\w+}", entry["zh"])) == set(re.findall(r"{\w+}", english)), key


@each_translation
def test_no_translation_is_left_over_or_of_another_language(file):
    assert ElementTree.parse(file).getroot().get("language") == file.stem.removeprefix("candor_")  # noqa: S314
    assert QLocale(file.stem.removeprefix("candor_")).language() is not QLocale.Language.C
    now = {(context, source) for context, source, _ in messages(fresh(file))}
    assert [f"{context}: {source}" for context, source, _ in messages(file) if (context, source) not in now] == []


def test_contexts_are_those_that_the_program_asks_for():
    """`someone.tr` asks for the class of `someone`, but the tool writes down the variable's name."""
    code = "\n".join(file.read_text(encoding="utf-8") for file in ROOT.glob("desktop/**/*.py"))
    classes = set(re.findall(r"^class (\w+)", code, re.MULTILINE))
    named = set(re.findall(r'(?:translate|QT_TRANSLATE_NOOP)\(\s*"(\w+)"', code))
    assert {context for context, _, _ in messages(fresh(CHINESE))} <= classes | named


@each_translation
def test_blanks_are_kept(file):
    for context, source, translation in messages(file):
        for form in forms(translation):
            assert form.strip(), f"{context}: {source} has no words"
            assert blanks(form) == blanks(source), f"{context}: {source}"


def test_chinese_has_chinese_punctuation():
    told = [(source, form) for _, source, translation in messages(CHINESE) for form in forms(translation)]
    for source, form in [*told, *((key, entry["zh"]) for key, entry in said())]:
        assert not re.search(r"[\u4e00-\u9fff][,;!?]|[\u4e00-\u9fff]\.(?:\s|$)", form), f"{source} → {form}"


def test_what_is_counted_stands_with_the_sentences():
    assert [source for _, source, found in messages(CHINESE) if list(found.iter("numerusform"))] == []


GPU = Place(PlaceKind.PRIVATE_NETWORK, "gpu-server")


@pytest.mark.parametrize(
    ("say", "told"),
    [
        (
            words.duration,
            {-1: "0 s", 0.9: "0 s", 12.7: "12 s", 65: "1 min 5 s", 3600: "1 h 0 min", 3725: "1 h 2 min"},
        ),
        (
            words.size,
            {
                1: "1 byte",
                999: "999 bytes",
                1_000: "1.0 KB",
                999_400: "999.4 KB",
                999_999: "1.0 MB",
                5_000_000: "5.0 MB",
            },
        ),
        (words.percent, {-1: "0 %", 0: "0 %", 0.004: "0 %", 0.996: "100 %", 2: "100 %"}),
    ],
)
def test_durations_sizes_and_shares(qapp, say, told):
    with speaking(qapp, "en"):
        assert {value: say(value) for value in told} == told


def test_counts_have_a_singular(qapp):
    with speaking(qapp, "en"):
        assert words.token_count(1) == "1 token"
        assert words.token_count(1431) == "1,431 tokens"
    with speaking(qapp, "zh_CN"):
        assert words.token_count(1) == "1 个 token"


def test_a_length_is_told_so_that_it_can_be_seen(qapp):
    with speaking(qapp, "en"):
        told = [words.amount_of_text(each) for each in (12, 120, 320, 640, 1_950)]
        assert told == ["a few words", "a few lines", "about half a page", "about 1 page", "about 3 pages"]
        assert words.about_tokens(1).startswith("1 token. A token is")
    with speaking(qapp, "zh_CN"):
        assert [words.amount_of_text(each) for each in (230, 450)] == ["约半页", "约 1 页"]


def test_the_lines_of_a_thought(qapp):
    with speaking(qapp, "en"):
        assert words.thinking(12) == "Thinking… 12 s"
        assert words.thought(12) == "Thought for 12 s"
        assert words.thought(0.4) == "Thought for 1 s"
        assert words.thought(None) == "Thought"
        assert words.size_of_thought(431, 0.634) == "Thinking: 431 tokens, 63 % of this reply"
        assert words.size_of_thought(1, 0.001) == "Thinking: 1 token, less than 1 % of this reply"
        assert words.size_of_thought(431) == "431 tokens"
        assert words.size_of_thought(0) == ""
    with speaking(qapp, "zh_CN"):
        assert words.thought(72) == "思考了 1 分 12 秒"
        assert words.size_of_thought(431, 0.63) == "思考：431 个 token，占全部内容的 63%"


READING = ReplyPhase.READING


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ((ReplyPhase.CONNECTING, 1), "Connecting…"),
        ((ReplyPhase.CONNECTING, 5), "Connecting… 5 s"),
        ((ReplyPhase.LOADING, 12), "Loading the model… 12 s"),
        ((READING, 1), "Reading your message…"),
        ((READING, 1, 0.4), "Reading your message… 40 %"),
        ((READING, 1, None, ["a.txt"]), "Reading a.txt…"),
        ((READING, 1, 0.51, ["a.txt", "b.txt"]), "Reading your files… 51 %"),
        ((READING, 1, None, [], 1), "Reading your message…"),
        ((READING, 1, None, [], 6), "Reading your message, about 6 pages…"),
        ((READING, 1, None, ["a.txt"], 6), "Reading a.txt, about 6 pages…"),
    ],
)
def test_a_running_turn(qapp, told, said):
    with speaking(qapp, "en"):
        assert words.running(*told) == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_words_of_its_own_and_places_name_their_host(qapp, language):
    with speaking(qapp, language):
        for kinds, say in (
            (ReplyPhase, lambda phase: words.running(phase, 1)),
            (ReplyPhase, words.phase_words),
            (ThinkingMode, words.thinking_mode),
            (ErrorAction, action_words),
        ):
            told = {say(each) for each in kinds}
            assert len(told) == len(kinds)
            assert "" not in told
        for name in (words.place_name, words.place_sentence):
            assert "gpu-server" in name(GPU)
            assert "api.example.com" in name(Place(PlaceKind.INTERNET, "api.example.com"))
            assert name(THIS_COMPUTER)


@pytest.mark.parametrize(
    ("template", "value", "filled"),
    [
        ("在 %1 中核对了", "您给的文字", "在您给的文字中核对了"),
        ("在 %1 中核对了", "合同 v2.pdf", "在合同 v2.pdf 中核对了"),
        ("在 %1 中核对了", "Agreement.pdf", "在 Agreement.pdf 中核对了"),
        ("found in %1 so far", "合同", "found in 合同 so far"),
    ],
)
def test_a_blank_stands_only_beside_foreign_words(template, value, filled):
    assert words.fill(template, value) == filled


@given(st.text(), st.text())
def test_what_is_filled_in_is_never_filled_in_again(one, other):
    assert words.fill("[%1|%2]", one, other) == f"[{one}|{other}]"


def test_foreign_text_is_harmless_in_tooltips_and_menus():
    assert words.plain_tooltip("<img src=x>") == "<span>&lt;img src=x&gt;</span>"
    assert words.plain_tooltip("") == ""
    assert words.plain_action("R&D\tmodel") == "R&&D model"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Reply to a complaint", "Reply to a complaint"),
        ("a\u202eb", "a‹U+202E›b"),
        ("Qwen3-30B-A3B-UD-IQ3_XXS.gguf", "Qwen3-30B-A3B-UD\u200b-IQ3_XXS.gguf"),
        ("x" * 300 + ".gguf", "\u200b".join(["x" * 16, "x" * 16, "x" * 8 + "…" + "x" * 7, "x" * 8 + ".gguf"])),
    ],
)
def test_a_name_fits_into_a_sentence(name, shown):
    assert words.shown_name(name) == shown


def documented_failures():
    """One failure of each kind and reason that the docstring of `core.errors` names, and of reasons kept elsewhere."""
    kinds = {cls.__name__: cls.kind for cls in BackendError.__subclasses__()}
    found = []
    for line in re.findall(r"^ {6}(.*(?:\n {26,}.*)*)", core_errors.__doc__ or "", re.MULTILINE):
        name, words = line.split(None, 1)
        reasons = re.search(r"`reason` is\s+([\w\s|]+)", words)
        for reason in reasons[1].split("|") if reasons else [""]:
            found.append(Failure(kinds[name], "its own words", "gpu.example.com", None, reason.strip()))
    found += [Failure("engine_failed", reason=fault) for fault in (*FileFault, "processor")]
    found += [Failure("pull_failed", reason=fault) for fault in PullFault]
    return found


def documented_store_errors():
    reasons = re.search(r"`reason` is ([\w |]+)", StoreError.__doc__ or "")
    assert reasons is not None
    return [StoreError(reason.strip()) for reason in reasons[1].split("|")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_failure_has_words_of_its_own(qapp, language):
    with speaking(qapp, language):
        texts = [describe(failure) for failure in documented_failures()]
        of_disk = {error.reason: describe_store(error) for error in documented_store_errors()}
    assert of_disk.pop("policy").actions == (), "what an administrator has set is changed by no button"
    texts += of_disk.values()
    assert all(text.title.strip() and text.sentence.strip() and text.actions for text in texts)
    assert len({text.title for text in texts}) == len(texts)
    assert len({text.sentence for text in texts}) == len(texts)
    assert not any("%1" in text.sentence for text in texts)


def test_chinese_is_not_english(qapp):
    for failure in documented_failures():
        english = describe(failure)
        with speaking(qapp, "zh_CN"):
            chinese = describe(failure)
        assert english.title != chinese.title
        assert english.sentence != chinese.sentence
        assert ("gpu.example.com" in english.sentence) == ("gpu.example.com" in chinese.sentence)


def test_unknown_kinds_and_reasons_still_get_words():
    assert describe(Failure("unreachable", reason="gremlins")).title == "No connection"
    assert describe(Failure("from a later version")).title == "Something went wrong"
    assert describe_store(StoreError("gremlins")).title == describe_store(StoreError("other")).title


def test_what_happened_on_this_computer_is_told_apart():
    here, there = (
        describe(Failure("unreachable", host=host, reason="refused")) for host in ("127.0.0.1", "gpu-server")
    )
    assert "Ollama" in here.sentence
    assert "gpu-server" in there.sentence
    here, there = (
        describe(Failure("request_rejected", host=host, reason="out_of_memory")) for host in ("127.0.0.1", "gpu-server")
    )
    assert "this computer" in here.title
    assert "gpu-server" in there.sentence
    assert here.actions[0] is there.actions[0] is ErrorAction.CHOOSE_MODEL
    assert "%1<b>" in describe(Failure("overloaded", host="%1<b>")).sentence


@pytest.mark.parametrize(
    ("failure", "title", "detail"),
    [
        (Failure("request_rejected", "bad", "gpu-server", 400), "The server refused the request", "bad"),
        (Failure("request_rejected", "CUDA error", "gpu-server", 500), "Something failed in the server", "CUDA error"),
        (Failure("request_rejected", "", "gpu-server", 500), "Something failed in the server", ""),
        (Failure("unreachable", "[Errno -2] Name or service not known", reason="dns"), "", ""),
        (Failure("unreachable", "[Errno 111] refused", reason="refused"), "", ""),
        (Failure("unreachable", "Company: http://gpu:80", "gpu", reason="refused"), "", "Company: http://gpu:80"),
    ],
)
def test_the_servers_words_are_a_detail_only(failure, title, detail):
    text = describe(failure)
    assert text.title == title or not title
    assert text.detail == detail
    assert not detail or detail not in text.title + text.sentence
    assert ("if anything" in text.sentence) is (failure.status is not None)  # no words are promised
    assert (ErrorAction.CHOOSE_MODEL in text.actions) or failure.reason != "refused"


def test_the_words_of_a_server_do_not_turn_their_line():
    said = "pay \u202e001 rof"
    told = describe(Failure("request_rejected", said, host=said, status=400))
    assert "\u202e" not in told.detail + told.sentence
    assert "‹U+202E›" in told.detail


_DATE_SHOWN = """
from PySide6.QtCore import QCoreApplication, QDate, QLocale
from desktop.start import install_texts
app = QCoreApplication([])
install_texts(app, "en")
print(QLocale().toString(QDate(2025, 6, 15), QLocale.FormatType.ShortFormat))
"""


@pytest.mark.parametrize(
    ("system", "shown"), [("en_GB.UTF-8", "15/06/2025"), ("de_DE.UTF-8", "15/06/2025"), ("C", "6/15/25")]
)
def test_a_chosen_language_keeps_the_dates_of_the_country(system, shown):
    environment = {**os.environ, "LC_ALL": system}
    done = subprocess.run(
        [sys.executable, "-c", _DATE_SHOWN], env=environment, capture_output=True, text=True, cwd=ROOT
    )
    assert done.stdout.strip() == shown
