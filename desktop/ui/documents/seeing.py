"""Words and offers for what only a model that sees can take: a picture, and a file whose pages are pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from desktop.core.documents.attachment import Attachment, AttachmentState
from desktop.core.documents.document import Document, SectionKind
from desktop.core.documents.pictures import FIRST_PAGES
from desktop.core.message import ImagePart
from desktop.core.model import Sight
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.documents.file_actions import FileAction, OpenPreview, SendPages, SwitchModel
from desktop.ui.documents.words import kind_of, pages_as_pictures
from desktop.ui.errors import ErrorText
from desktop.ui.words import fill, listed, plain_action, short, translate

_PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class FileOffer:
    """Way on that a button offers."""

    words: str
    action: FileAction


@dataclass(frozen=True, slots=True)
class Unseen:
    """File that can't go as it is, why in words, and the ways on."""

    said: ErrorText
    offers: tuple[FileOffer, ...]


def can_be_drawn(document: Document) -> bool:
    """Return True if the pages of a document can be sent as pictures."""
    return document.media_type == _PDF and kind_of(document) is SectionKind.PAGE


def is_unseen(file: Attachment, sight: Sight) -> bool:
    """Return True for a picture that the chosen model can't look at."""
    return file.state is AttachmentState.READY and isinstance(file.part, ImagePart) and sight.is_blind


def unseen(file: Attachment, sight: Sight) -> Unseen | None:
    """Return what is said of a file that needs a model that sees; None if nothing is to be said."""
    document = file.document
    if is_unseen(file, sight):
        show = FileOffer(translate("documents", "Show the picture"), OpenPreview())
        return Unseen(ErrorText(_cannot(sight), _who_could(sight), ()), (*_switches(sight), show))
    if file.state is not AttachmentState.READY or document is None or not document.is_empty:
        return None
    if not can_be_drawn(document):
        return None
    title = translate("documents", "No text in it")
    sentence = translate("documents", "Its pages are pictures, such as a scan. A model that sees can look at them.")
    if sight.is_blind:
        said = fill(translate("documents", "%1 can't."), _name(sight.title))
        return Unseen(ErrorText(title, f"{sentence}\n{said} {_who_could(sight)}", ()), _switches(sight))
    if sight.title and sight.sees is None:
        unknown = fill(translate("documents", "It is not known if %1 does."), _name(sight.title))
        sentence = f"{sentence} {unknown}"
    return Unseen(ErrorText(title, sentence, ()), tuple(_sending(document)))


def _sending(document: Document) -> Iterator[FileOffer]:
    numbers = tuple(section.number for section in document.sections)
    first = numbers[:FIRST_PAGES]
    yield FileOffer(pages_as_pictures(len(first), of=len(numbers)), SendPages(first))
    if len(numbers) > 1:
        yield FileOffer(translate("documents", "Choose pages…"), OpenPreview())


def _switches(sight: Sight) -> tuple[FileOffer, ...]:
    template = translate("documents", "Switch to %1")
    return tuple(
        FileOffer(plain_action(fill(template, _name(each.title))), SwitchModel(each.choice)) for each in sight.others
    )


def _cannot(sight: Sight) -> str:
    return fill(translate("documents", "%1 can't see pictures"), _name(sight.title))


def _who_could(sight: Sight) -> str:
    """Return who can look at pictures, as a sentence."""
    match [_name(each.title) for each in sight.others]:
        case []:
            return translate("documents", "None of the models that are here can. Add one that sees.")
        case [only]:
            return fill(translate("documents", "“%1” would see them."), only)
        case names:
            return fill(translate("documents", "These would see them: %1."), listed(names))


def _name(title: str) -> str:
    return short(show_invisible(title))
