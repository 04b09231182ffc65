"""The ledger in words: what was sent, how it was protected, when, and all that is known of one entry."""

from __future__ import annotations

from PySide6.QtCore import QDateTime, QLocale, QObject

from desktop.core.models import naming
from desktop.core.trust.ledger import Count, Ending, Entry, Errand, Purpose
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.words import clauses, duration, fill, size, translate


def errand_words(errand: Errand) -> str:
    """Return what a request was made for."""
    match errand:
        case Errand.QUESTION:
            return translate("ledger", "Question")
        case Errand.FILE:
            return translate("ledger", "Question and file")
        case Errand.TITLE:
            return translate("ledger", "Title")
        case Errand.COUNT:
            return translate("ledger", "Question, to be counted")
        case Errand.TEST:
            return translate("ledger", "Test")
        case Errand.MODELS:
            return translate("ledger", "List of models")
        case Errand.PULL:
            return translate("ledger", "Download of a model")
        case Errand.LOOK:
            return translate("ledger", "Look for servers")
        case Errand.LOGIN:
            return translate("ledger", "Sign in at a rented computer")


def protection_words(entry: Entry) -> str:
    """Return how an exchange was protected on its way, or why nothing was sent."""
    match entry.ending:
        case Ending.LOCKED:
            return translate("ledger", "Not sent: offline lock")
        case Ending.FORBIDDEN:
            return translate("ledger", "Not sent: not allowed on this computer")
        case Ending.ELSEWHERE:
            return translate("ledger", "Not sent: leads further away")
    if entry.purpose.errand is Errand.LOGIN:
        return fill(translate("ledger", "Encrypted (%1)"), "SSH")
    if entry.peer.certificate:
        by = show_invisible(entry.peer.issuer)
        return fill(translate("ledger", "Encrypted (%1)"), by) if by else translate("ledger", "Encrypted")
    if entry.peer.address in ("127.0.0.1", "::1"):
        return translate("ledger", "Not needed")
    return translate("ledger", "Not encrypted")


def moment(at: float, now: float) -> str:
    """Return a time in words: "Today, 10:42", else with its date."""
    then, today = QDateTime.fromMSecsSinceEpoch(int(at * 1000)), QDateTime.fromMSecsSinceEpoch(int(now * 1000))
    time = QLocale().toString(then.time(), QLocale.FormatType.ShortFormat)
    match then.date().daysTo(today.date()):
        case 0:
            return fill(translate("ledger", "Today, %1"), time)
        case 1:
            return fill(translate("ledger", "Yesterday, %1"), time)
    return clauses((QLocale().toString(then.date(), QLocale.FormatType.ShortFormat), time))


def details(entry: Entry, now: float) -> list[tuple[str, str]]:
    """Return what is known of an entry beside its row: names and values. `now` in seconds since 1970."""
    peer, purpose = entry.peer, entry.purpose
    found = [(translate("ledger", "How it was protected"), protection_words(entry))]
    if purpose.messages:
        found.append((translate("ledger", "What went"), clauses((_went(purpose), size(entry.sent)))))
        if along := _went_along(purpose):
            found.append((translate("ledger", "Along with it"), along))
    where = show_invisible(entry.host)
    if peer.address:
        where = fill(translate("ledger", "%1, at the address %2, port %3"), where, peer.address, str(peer.port))
    if entry.is_through_proxy:
        where = fill(translate("ledger", "%1, through your network's proxy"), where)
    found.append((translate("ledger", "To"), where))
    if purpose.asked_at:
        asked = fill(
            translate("ledger", "You were asked if your words may go there: %1"), moment(purpose.asked_at, now)
        )
        found.append((translate("ledger", "Agreed"), asked))
    if purpose.model:
        found.append((translate("ledger", "Model"), shown_model(purpose.model)))
    if peer.certificate:
        found.append((translate("ledger", "Certificate (SHA-256)"), peer.certificate))
    match entry.ending:
        case Ending.DONE:
            end = fill(translate("ledger", "%1, in %2"), size(entry.received), duration(entry.seconds))
        case Ending.BROKEN:
            end = fill(translate("ledger", "Broke off, or was stopped, after %1"), duration(entry.seconds))
        case Ending.OPEN:
            end = translate("ledger", "Not ended, or Candor ended first")
        case Ending.LOCKED | Ending.FORBIDDEN | Ending.ELSEWHERE:
            return found
    found.append((translate("ledger", "Came back"), end))
    return found


def amount_sent(entry: Entry) -> str:
    """Return how much was sent: words as far as they were counted, else bytes."""
    purpose = entry.purpose
    words = purpose.words + purpose.earlier_words + purpose.instruction_words
    return _Counts().words(words) if words and entry.sent else size(entry.sent)


def shown_model(name: str) -> str:
    """Return the name of a model, of a file without its folders."""
    return show_invisible(naming.shown_name(name))


def _went(purpose: Purpose) -> str:
    """Return what went: how many words, as far as they were counted, and how many files."""
    counts = _Counts()
    is_counted = purpose.words or purpose.earlier_words or purpose.instruction_words
    if not is_counted or purpose.errand is Errand.TITLE:
        return counts.went(purpose.messages, purpose.files)
    files = counts.files(purpose.files) if purpose.files else translate("ledger", "no file")
    return clauses((counts.question(purpose.words), files))


def _went_along(purpose: Purpose) -> str:
    """Return what went along with a message, as far as it was counted; empty for nothing."""
    counts = _Counts()
    earlier = fill(counts.earlier(purpose.messages - 1), counts.words(purpose.earlier_words))
    instructions = counts.instructions(purpose.instruction_words) if purpose.instruction_words else ""
    return clauses((earlier if purpose.earlier_words else "", instructions))


class _Counts(QObject):
    """Counted things; a class since the translators' tool finds plural forms nowhere but in `self.tr`."""

    def went(self, messages: int, files: int) -> str:
        said = self.tr("%Ln messages", "", messages)
        return clauses((said, self.files(files) if files else ""))

    def question(self, words: int) -> str:
        return self.tr("your message (%Ln words)", "", words)

    def earlier(self, messages: int) -> str:
        return self.tr("%Ln earlier messages (%1)", "", messages)

    def instructions(self, words: int) -> str:
        return self.tr("your instructions (%Ln words)", "", words)

    def words(self, count: int) -> str:
        return self.tr("%Ln words", "", count)

    def files(self, count: int) -> str:
        return self.tr("%Ln files", "", count)

    def times(self, count: int) -> str:
        return self.tr("%Ln times with words", "", count)

    def downloads(self, count: int) -> str:
        return self.tr("%Ln downloads", "", count)

    def others(self, count: int) -> str:
        return self.tr("%Ln requests without words", "", count)

    def hosts(self, count: int) -> str:
        return self.tr("%Ln servers", "", count)


def times_words(count: int) -> str:
    """Return how often."""
    return _Counts().times(count)


def without_words(count: Count) -> str:
    """Return what went to a kind of place without words of the user's; empty for nothing."""
    downloads = _Counts().downloads(count.downloads) if count.downloads else ""
    return clauses((downloads, _Counts().others(count.others) if count.others else ""))


def hosts_words(count: int) -> str:
    """Return to how many servers."""
    return _Counts().hosts(count)
