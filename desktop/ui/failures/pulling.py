"""The failures to get or import a model, by reason. The computer that is spoken of is the server's."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from desktop.core.models.keeping import PullFault
from desktop.core.text.translatable import QT_TRANSLATE_NOOP
from desktop.ui.failures.entry import RETRY, ErrorAction, FailureEntry

_KIND = "pull_failed"

PULL_FAILURES: Mapping[tuple[str, str], FailureEntry] = MappingProxyType(
    {
        (_KIND, PullFault.LOCKED): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "This would go over the internet"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The offline lock is on, and the server would fetch the model from %1. Turn the lock off for as"
                " long as that takes.",
            ),
            (ErrorAction.OPEN_OFFLINE_LOCK,),
        ),
        (_KIND, PullFault.UNKNOWN_NAME): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "There is no model of this name"),
            QT_TRANSLATE_NOOP("errors", "Check the name letter by letter, with what stands behind the colon."),
            (ErrorAction.CHOOSE_MODEL,),
        ),
        (_KIND, PullFault.INVALID_NAME): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "This cannot be the name of a model"),
            QT_TRANSLATE_NOOP("errors", "Names have letters, digits and - _ . : / in them, and no spaces."),
            (ErrorAction.CHOOSE_MODEL,),
        ),
        (_KIND, PullFault.TOO_OLD): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Ollama is too old for this model"),
            QT_TRANSLATE_NOOP(
                "errors", "Install the newest Ollama over the one that is there, and try again. Its models stay."
            ),
            RETRY,
        ),
        (_KIND, PullFault.NO_NETWORK): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Ollama did not reach the internet"),
            QT_TRANSLATE_NOOP(
                "errors", "See if the computer that Ollama runs on is online, and try again: what has come is kept."
            ),
            RETRY,
        ),
        (_KIND, PullFault.PROXY): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "A proxy stands between Ollama and the internet"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Ollama uses the proxy that was set where it was started, and not Candor's. Ask whoever looks"
                " after your network.",
            ),
            RETRY,
        ),
        (_KIND, PullFault.CERTIFICATE): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Ollama does not trust the connection"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Something on the way uses a certificate that the computer of Ollama does not know. Ask whoever"
                " looks after your network.",
            ),
            RETRY,
        ),
        (_KIND, PullFault.SIGN_IN): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "This model is not open to everybody"),
            QT_TRANSLATE_NOOP(
                "errors",
                "It may want an account, or the name may be wrong. Sign in to Ollama on the computer that it runs on.",
            ),
            RETRY,
        ),
        (_KIND, PullFault.BUSY): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Too many are fetching models just now"),
            QT_TRANSLATE_NOOP("errors", "Try again in a few minutes: what has come is kept."),
            RETRY,
        ),
        (_KIND, PullFault.DISK_FULL): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Ollama has no room left on its disk"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The rest of the model does not fit. Delete a model or other files on its computer, and go on:"
                " what has come is kept.",
            ),
            RETRY,
        ),
        (_KIND, PullFault.NO_ROOM): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "There is not enough room on the disk"),
            QT_TRANSLATE_NOOP(
                "errors", "The model needs more than is free. Delete a model or other files, or choose a smaller one."
            ),
            RETRY,
        ),
        (_KIND, PullFault.DAMAGED): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "What came was not what was asked for"),
            QT_TRANSLATE_NOOP("errors", "A part arrived damaged and was thrown away. Try again: the rest is kept."),
            RETRY,
        ),
        (_KIND, PullFault.NOT_HERE): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "This model is for another kind of computer"),
            QT_TRANSLATE_NOOP("errors", "It was made for Macs with an Apple processor. Choose another one."),
            (ErrorAction.CHOOSE_MODEL,),
        ),
        (_KIND, PullFault.IN_THE_WAY): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Something answered in place of the internet"),
            QT_TRANSLATE_NOOP(
                "errors",
                "A firewall or a page to sign in at stands between Ollama and the internet. Ask whoever looks"
                " after your network.",
            ),
            RETRY,
        ),
        (_KIND, PullFault.BROKE_OFF): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The download broke off"),
            QT_TRANSLATE_NOOP("errors", "Ollama stopped sending. Try again: what has come is kept."),
            RETRY,
        ),
        (_KIND, PullFault.NOT_A_MODEL): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Ollama does not take this file for a model"),
            QT_TRANSLATE_NOOP("errors", "Something else is in it, or a kind of model that this Ollama does not know."),
            (ErrorAction.OPEN_FILE,),
        ),
        (_KIND, PullFault.IN_PIECES): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "This model is spread over several files"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Ollama takes a model as one file only. Open it with the built-in engine, or look for it in one piece.",
            ),
            (ErrorAction.OPEN_FILE,),
        ),
        (_KIND, PullFault.UNREADABLE): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The file cannot be read"),
            QT_TRANSLATE_NOOP("errors", "You may lack the right to read it, or the drive that it is on was taken out."),
            RETRY,
        ),
        (_KIND, PullFault.NOT_WRITTEN): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The copy cannot be written"),
            QT_TRANSLATE_NOOP(
                "errors",
                "You may lack the right to write into Candor's folder, or its disk has a fault. Run the file from where"
                " it is.",
            ),
            RETRY,
        ),
        (_KIND, ""): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The model could not be had"),
            QT_TRANSLATE_NOOP("errors", "Ollama could not do what it was asked for."),
            RETRY,
        ),
    }
)
