"""The steps that are asked for at a message: another try, going on, another version, an answer at once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from desktop.core.request import ThinkingMode
from desktop.core.sign import kinds_off
from desktop.core.text.languages import IN_THIS_LANGUAGE
from desktop.runtime.chat import Chat
from desktop.ui.chat.page import ChatPage
from desktop.ui.chat.sending.asking import ConversationAsking
from desktop.ui.message_actions import Ask


class SignPresenter(QObject):
    """The link between the signs that are found, the settings, and the messages that show them."""

    def __init__(self, page: ChatPage, chat: Chat) -> None:
        super().__init__(page)
        self._page = page
        self._chat = chat
        self._preferences = chat.services.settings
        self.follow_settings()
        chat.signs_found.connect(self._show)
        page.reading.register({Ask.HIDE_SIGN_KIND: self._switch_off})

    def _switch_off(self, _: str, kind: str) -> None:
        """Switch a kind off at once, and show where it is switched on again, since its line has gone."""
        self._preferences.change(signs_off=tuple(sorted({*self._preferences.now.signs_off, kind})))
        sentence = self.tr("This kind is not shown any more. The switch in the settings brings it back.")
        self._page.notice.show_text(sentence)

    def follow_settings(self) -> None:
        """Show the kinds of signs that are wanted now."""
        self._page.reading.read(signs_off=kinds_off(self._preferences.now.signs_off))

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
        send: Callable[[str], None],
    ) -> None:
        """Keep the dependencies. `send` sends words of the program's."""
        super().__init__(page)
        self._page = page
        self._composer = page.composer
        self._notice = page.notice
        self._chat = chat
        self._asking = asking
        self._send = send
        self._is_walking_versions = False  # by keyboard, which is to stay there
        page.reading.register(
            {
                Ask.TRY_AGAIN: lambda message_id, _: self.try_again(message_id),
                Ask.CONTINUE: lambda message_id, _: self._ask_again(
                    message_id, lambda: chat.continue_reply(message_id)
                ),
                Ask.WITHOUT_THINKING: lambda message_id, _: self._ask_again(
                    message_id, lambda: chat.try_again(message_id, thinking=ThinkingMode.OFF)
                ),
                Ask.MORE_ROOM: lambda message_id, _: self._ask_again(message_id, lambda: chat.more_room(message_id)),
                Ask.ANSWER_NOW: self._answer_now,
                Ask.SHOW_VERSION: self._show_version,
                Ask.RESPLIT: self._resplit,
                Ask.STOP: lambda *_: chat.stop(),
                Ask.IN_LANGUAGE: lambda _, language: self._send(IN_THIS_LANGUAGE.get(language, IN_THIS_LANGUAGE["en"])),
                Ask.SEND_AGAIN: lambda message_id, _: chat.send_again(message_id),
            }
        )
        chat.path_changed.connect(self._on_path_changed)

    def try_again(self, message_id: str | None = None) -> None:
        """Request a reply once more, or the last one."""
        self._ask_again(message_id, lambda: self._chat.try_again(message_id))

    def _ask_again(self, message_id: str | None, ask: Callable[[], object]) -> None:
        """Ask a model about the messages before a reply, once more or for more of it."""
        if not self._asking.is_answering() and self._asking.may_ask_again(message_id):
            self._notice.hide()
            self._composer.setFocus()  # before the button under the keyboard goes away
            self._asking.run_user_action(ask)

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

    def _answer_now(self, message_id: str, _: object) -> None:
        if self._chat.generation is not None or self._asking.may_ask_again(message_id):
            self._composer.setFocus()  # before the button under the keyboard goes away
            self._chat.answer_now(message_id)

    def _resplit(self, message_id: str, thinking: bool) -> None:
        if not self._asking.is_answering():
            self._chat.resplit(message_id, thinking=thinking)
