"""Every failure that the seams document has words of its own, in both languages."""

from __future__ import annotations

import re

import pytest

from desktop.core import errors as core_errors
from desktop.core.errors import BackendError, PullFailed
from desktop.core.message import Failure
from desktop.core.models.file import FileFault
from desktop.core.models.keeping import PullFault
from desktop.core.repository import StoreError
from desktop.ui.errors import ErrorAction, ErrorText, action_words, describe, describe_store
from tests.ui.languages import LANGUAGES, speaking


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


def test_the_docstring_names_every_kind():
    assert {failure.kind for failure in documented_failures()} == {cls.kind for cls in BackendError.__subclasses__()}
    assert len(documented_failures()) > 20
    assert len(documented_store_errors()) >= 6


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


@pytest.mark.parametrize("failure", documented_failures(), ids=lambda failure: f"{failure.kind}-{failure.reason}")
def test_chinese_is_not_english(qapp, failure):
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


def test_a_server_that_is_off_on_this_computer_is_told_apart():
    here = describe(Failure("unreachable", host="127.0.0.1", reason="refused"))
    there = describe(Failure("unreachable", host="gpu-server", reason="refused"))
    assert "Ollama" in here.sentence
    assert "gpu-server" in there.sentence


def test_a_model_too_large_for_this_computer_is_told_apart():
    here = describe(Failure("request_rejected", host="127.0.0.1", reason="out_of_memory"))
    there = describe(Failure("request_rejected", host="gpu-server", reason="out_of_memory"))
    assert "this computer" in here.title
    assert "gpu-server" in there.sentence
    assert here.actions[0] is there.actions[0] is ErrorAction.CHOOSE_MODEL


def test_a_host_is_put_in_as_it_is():
    text = describe(Failure("overloaded", host="%1<b>"))
    assert "%1<b>" in text.sentence


def test_the_servers_words_are_a_detail_only():
    text = describe(Failure("request_rejected", "secret sauce missing"))
    assert text.detail == "secret sauce missing"
    assert "sauce" not in text.title + text.sentence
    assert describe(Failure("unreachable", "[Errno -2] Name or service not known", reason="dns")).detail == ""


def test_a_fault_of_the_server_is_no_refusal_and_promises_no_words_that_are_not_there():
    told = describe(Failure("request_rejected", "CUDA error", "gpu-server", 500))
    silent = describe(Failure("request_rejected", "", "gpu-server", 500))
    assert told.title == silent.title == "Something failed in the server"
    assert (told.detail, silent.detail) == ("CUDA error", "")
    assert "if anything" in silent.sentence
    assert describe(Failure("request_rejected", "bad", "gpu-server", 400)).title == "The server refused the request"


def test_a_server_that_does_not_listen_is_named_and_another_model_offered():
    text = describe(Failure("unreachable", "Company: http://gpu-server:8000", "gpu-server", reason="refused"))
    assert text.detail == "Company: http://gpu-server:8000"
    assert ErrorAction.CHOOSE_MODEL in text.actions
    assert describe(Failure("unreachable", "[Errno 111] refused", reason="refused")).detail == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_action_has_words(qapp, language):
    with speaking(qapp, language):
        words = [action_words(action) for action in ErrorAction]
    assert all(words)
    assert len(set(words)) == len(words)


def test_actions_are_values():
    assert ErrorText("a", "b", (ErrorAction.QUIT,)) == ErrorText("a", "b", (ErrorAction.QUIT,))


@pytest.mark.parametrize("fault", PullFault)
def test_every_fault_of_a_pull_has_its_own_sentence(fault):
    general = describe(PullFailed(reason="").as_failure())
    text = describe(PullFailed("the server's words", reason=fault, host="registry.ollama.ai").as_failure())
    assert text.title != general.title
    assert text.sentence
    assert text.detail == "the server's words"


def test_the_words_of_a_server_do_not_turn_their_line():
    said = "pay \u202e001 rof"
    told = describe(Failure("request_rejected", said, host=said, status=400))
    assert "\u202e" not in told.detail + told.sentence
    assert "‹U+202E›" in told.detail
