"""The ledger in words: what was sent, how it was protected, when, and all that is known of one entry."""

from __future__ import annotations

from PySide6.QtCore import QDateTime, QLocale

from desktop.core.models import naming
from desktop.core.trust.ledger import Count, Ending, Entry, Errand, Purpose
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.words import clauses, duration, say, size


def protection_words(entry: Entry) -> str:
    """Return how an exchange was protected on its way, or why nothing was sent."""
    match entry.ending:
        case Ending.LOCKED:
            return say("trust.not_sent_offline_lock")
        case Ending.FORBIDDEN:
            return say("trust.not_sent_not_allowed_on_this")
        case Ending.ELSEWHERE:
            return say("trust.not_sent_leads_further_away")
    if entry.purpose.errand is Errand.LOGIN:
        return say("trust.encrypted_by", by="SSH")
    if entry.peer.certificate:
        by = show_invisible(entry.peer.issuer)
        return say("trust.encrypted_by", by=by) if by else say("trust.encrypted")
    if entry.peer.address in ("127.0.0.1", "::1"):
        return say("trust.not_needed")
    return say("trust.not_encrypted")


def moment(at: float, now: float) -> str:
    """Return a time in words: "Today, 10:42", else with its date."""
    then, today = QDateTime.fromMSecsSinceEpoch(int(at * 1000)), QDateTime.fromMSecsSinceEpoch(int(now * 1000))
    time = QLocale().toString(then.time(), QLocale.FormatType.ShortFormat)
    match then.date().daysTo(today.date()):
        case 0:
            return say("trust.today", time=time)
        case 1:
            return say("trust.yesterday", time=time)
    return clauses((QLocale().toString(then.date(), QLocale.FormatType.ShortFormat), time))


def details(entry: Entry, now: float) -> list[tuple[str, str]]:
    """Return what is known of an entry beside its row: names and values. `now` in seconds since 1970."""
    peer, purpose = entry.peer, entry.purpose
    found = [(say("trust.how_it_was_protected"), protection_words(entry))]
    if purpose.messages:
        found.append((say("trust.what_went"), clauses((_went(purpose), size(entry.sent)))))
        if along := _went_along(purpose):
            found.append((say("trust.along_with_it"), along))
    where = show_invisible(entry.host)
    if peer.address:
        where = say("trust.at_the_address_port", where=where, address=peer.address, port=str(peer.port))
    if entry.is_through_proxy:
        where = say("trust.through_your_networks_proxy", where=where)
    found.append((say("trust.to"), where))
    if purpose.asked_at:
        asked = say("trust.you_were_asked_if_your_words", moment=moment(purpose.asked_at, now))
        found.append((say("trust.agreed"), asked))
    if purpose.model:
        found.append((say("trust.model"), shown_model(purpose.model)))
    if peer.certificate:
        found.append((say("trust.certificate_sha_256"), peer.certificate))
    match entry.ending:
        case Ending.DONE:
            end = say("trust.came_in", received=size(entry.received), seconds=duration(entry.seconds))
        case Ending.BROKEN:
            end = say("trust.broke_off_or_was_stopped_after", seconds=duration(entry.seconds))
        case Ending.OPEN:
            end = say("trust.not_ended_or_candor_ended_first")
        case Ending.LOCKED | Ending.FORBIDDEN | Ending.ELSEWHERE:
            return found
    found.append((say("trust.came_back"), end))
    return found


def amount_sent(entry: Entry) -> str:
    """Return how much was sent: words as far as they were counted, else bytes."""
    purpose = entry.purpose
    words = purpose.words + purpose.earlier_words + purpose.instruction_words
    return say("trust.words", words) if words and entry.sent else size(entry.sent)


def shown_model(name: str) -> str:
    """Return the name of a model, of a file without its folders."""
    return show_invisible(naming.shown_name(name))


def _went(purpose: Purpose) -> str:
    """Return what went: how many words, as far as they were counted, and how many files."""
    files = say("trust.files", purpose.files) if purpose.files else ""
    is_counted = purpose.words or purpose.earlier_words or purpose.instruction_words
    if not is_counted or purpose.errand is Errand.TITLE:
        return clauses((say("trust.messages", purpose.messages), files))
    return clauses((say("trust.your_message", purpose.words), files or say("trust.no_file")))


def _went_along(purpose: Purpose) -> str:
    """Return what went along with a message, as far as it was counted; empty for nothing."""
    found = []
    if purpose.earlier_words:
        words = say("trust.words", purpose.earlier_words)
        found.append(say("trust.earlier_messages", purpose.messages - 1, words=words))
    if purpose.instruction_words:
        found.append(say("trust.your_instructions", purpose.instruction_words))
    return clauses(found)


def without_words(count: Count) -> str:
    """Return what went to a kind of place without words of the user's; empty for nothing."""
    downloads = say("trust.downloads", count.downloads) if count.downloads else ""
    return clauses((downloads, say("trust.requests_without_words", count.others) if count.others else ""))
