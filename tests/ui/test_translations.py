"""The languages are complete: every string of the program is in the source texts, translated, with the same blanks."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import tempfile
import tomllib
import xml.etree.ElementTree as ElementTree
from functools import lru_cache
from pathlib import Path

import PySide6
import pytest
from PySide6.QtCore import QCoreApplication, QLocale, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialogButtonBox,
    QFileDialog,
    QFileSystemModel,
    QLabel,
    QPlainTextEdit,
)

from desktop.core.resources import resource_path
from tests.ui.languages import TRANSLATIONS, speaking, speaking_of_qt

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


def spoken():
    """What the program says: by which function, which key, and the call."""
    for file in ROOT.glob("desktop/**/*.py"):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(call, ast.Call) and call.args and isinstance(call.args[0], ast.Constant):
                name = getattr(call.func, "id", "")
                if name in ("say", "say_each", "said_in"):
                    yield name, str(call.args[0].value), call


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
def test_no_translation_is_left_over(file):
    now = {(context, source) for context, source, _ in messages(fresh(file))}
    assert [f"{context}: {source}" for context, source, _ in messages(file) if (context, source) not in now] == []


@each_translation
def test_a_file_is_of_the_language_that_it_is_named_after(file):
    assert ElementTree.parse(file).getroot().get("language") == file.stem.removeprefix("candor_")  # noqa: S314
    assert QLocale(file.stem.removeprefix("candor_")).language() is not QLocale.Language.C


def test_contexts_are_those_that_the_program_asks_for():
    """`someone.tr` asks for the class of `someone`, but the tool writes down the variable's name."""
    code = "\n".join(file.read_text(encoding="utf-8") for file in ROOT.glob("desktop/**/*.py"))
    classes = set(re.findall(r"^class (\w+)", code, re.MULTILINE))
    named = set(re.findall(r'(?:translate|QT_TRANSLATE_NOOP)\(\s*"(\w+)"', code))
    assert {context for context, _, _ in messages(fresh(CHINESE))} <= classes | named


@pytest.mark.parametrize("file", TRANSLATIONS, ids=lambda file: file.stem)
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


def test_the_translation_reaches_the_window(qapp):
    with speaking(qapp, "zh_CN"):
        assert QCoreApplication.translate("Sidebar", "New conversation") == "新对话"
    assert QCoreApplication.translate("Sidebar", "New conversation") == "New conversation"
