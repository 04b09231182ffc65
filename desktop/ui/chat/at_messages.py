"""The steps that are asked for at a message: another try, going on, another version, an answer at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from PySide6.QtCore import QObject

from desktop.core.request import ThinkingMode
from desktop.core.sign import kinds_off
from desktop.core.text.languages import IN_THIS_LANGUAGE
from desktop.runtime.chat import Chat
from desktop.ui.chat.page import ChatPage
from desktop.ui.chat.sending.asking import ConversationAsking
from desktop.ui.errors import ErrorAction
from desktop.ui.message_actions import (
    AskInLanguage,
    Continue,
    Edit,
    HideSignKind,
    KeepAsExample,
    MessageAction,
    OpenFile,
    OpenLink,
    Recover,
    ReplyStep,
    Resplit,
    SaveTable,
    SendAgain,
    SetPanels,
    ShowEvidence,
    ShowVersion,
    StartFresh,
    Stop,
    TakeAlong,
    TakeStep,
    TryAgain,
)


class SignPresenter(QObject):
    """The link between the signs that are found, the settings, and the messages that show them."""

    def __init__(self, page: ChatPage, chat: Chat) -> None:
        super().__init__(page)
        self._page = page
        self._chat = chat
        self._preferences = chat.services.settings
        self.follow_settings()
        chat.signs_found.connect(self._show)
        page.requests.asked.connect(self._on_asked)

    def _on_asked(self, _: str, action: MessageAction) -> None:
        if isinstance(action, HideSignKind):
            self._switch_off(action.kind)

    def _switch_off(self, kind: str) -> None:
        """Switch a kind off at once, and show where it is switched on again, since its line has gone."""
        self._preferences.change(signs_off=tuple(sorted({*self._preferences.now.signs_off, kind})))
        sentence = self.tr("This kind is not shown any more. The switch in the settings brings it back.")
        self._page.notice.show_text(sentence)

    def follow_settings(self) -> None:
        """Show the kinds of signs that are wanted now."""
        self._page.requests.read(signs_off=kinds_off(self._preferences.now.signs_off))

    def _show(self, message_id: str) -> None:
        message = self._chat.path.message(message_id)
        if message is not None and self._page.has_transcript:
            self._page.transcript.show_signs(message_id, message.signs)


class AtMessages(QObject):
    """The doer of what concerns one message and its place in the conversation."""

    def __init__(
        self,
        page: ChatPage,
        chat: Chat,
        asking: ConversationAsking,
        edit: Callable[[str], object],
        send: Callable[[str], None],
        recover: Callable[[ErrorAction], None],
    ) -> None:
        """Keep the dependencies.

        `edit` has a message changed, `send` sends words of the program's, `recover` takes a step that concerns more
        than this conversation.
        """
        super().__init__(page)
        self._page = page
        self._composer = page.composer
        self._notice = page.notice
        self._chat = chat
        self._asking = asking
        self._edit = edit
        self._send = send
        self._recover = recover
        self._is_walking_versions = False  # by keyboard, which is to stay there
        page.requests.asked.connect(self._act_at)
        chat.path_changed.connect(self._on_path_changed)

    def try_again(self, message_id: str | None = None) -> None:
        """Request a reply once more, or the last one."""
        if self._asking.is_answering() or not self._asking.may_ask_again(message_id):
            return
        self._notice.hide()
        self._composer.setFocus()  # before the button under the keyboard goes away
        self._asking.run_user_action(lambda: self._chat.try_again(message_id))

    def _act_at(self, message_id: str, action: MessageAction) -> None:
        """Do what is asked for at a message. What concerns more than the conversation is done by other listeners."""
        match action:
            case TryAgain():
                self.try_again(message_id)
            case Edit():
                self._edit(message_id)
            case Continue():
                self._continue(message_id)
            case TakeStep(step):
                self._take_step(message_id, step)
            case ShowVersion(version):
                self._show_version(message_id, version)
            case Resplit(thinking):
                self._resplit(message_id, thinking)
            case Stop():
                self._chat.stop()
            case Recover(step):
                self._recover(step)
            case AskInLanguage(language):
                self._send(IN_THIS_LANGUAGE.get(language, IN_THIS_LANGUAGE["en"]))
            case SendAgain():
                self._chat.send_again(message_id)
            case (
                StartFresh()
                | OpenLink()
                | OpenFile()
                | ShowEvidence()
                | TakeAlong()
                | KeepAsExample()
                | SaveTable()
                | HideSignKind()
                | SetPanels()
            ):
                pass
            case _:
                assert_never(action)

    def _show_version(self, message_id: str, version: int) -> None:
        if self._asking.is_answering():
            return
        focused = self._page.transcript.focusWidget()
        self._is_walking_versions = focused is not None and focused.hasFocus()
        self._chat.show_version(message_id, version)

    def _on_path_changed(self, same: int) -> None:
        """Leave the keyboard at the versions of the first message that is another one now."""
        view = self._page.transcript.view_at(same)
        if self._is_walking_versions and view is not None:
            view.focus_versions()
        self._is_walking_versions = False

    def _continue(self, message_id: str) -> None:
        if not self._asking.is_answering() and self._asking.may_ask_again(message_id):
            self._notice.hide()
            self._composer.setFocus()
            self._asking.run_user_action(lambda: self._chat.continue_reply(message_id))

    def _take_step(self, message_id: str, step: ReplyStep) -> None:
        if step is ReplyStep.ANSWER_NOW:
            self._answer_now(message_id)
        elif not self._asking.is_answering() and self._asking.may_ask_again(message_id):
            self._notice.hide()
            self._composer.setFocus()
            if step is ReplyStep.MORE_ROOM:
                self._chat.more_room(message_id)
            else:
                self._asking.run_user_action(lambda: self._chat.try_again(message_id, thinking=ThinkingMode.OFF))

    def _answer_now(self, message_id: str) -> None:
        if self._chat.generation is not None or self._asking.may_ask_again(message_id):
            self._composer.setFocus()  # before the button under the keyboard goes away
            self._chat.answer_now(message_id)

    def _resplit(self, message_id: str, thinking: bool) -> None:
        if not self._asking.is_answering():
            self._chat.resplit(message_id, thinking=thinking)
