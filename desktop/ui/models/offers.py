"""What the page "Which model" shows: each model once, as a proposal, as installed or coming, or among all others.

The download that is on its way is shown at the foot of the sidebar, too, whatever page is in front: how far it is,
and what can be done.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from pathlib import Path

from PySide6.QtCore import QLocale

from desktop.core.connection import ConnectionKind
from desktop.core.model import ModelChoice, ModelInfo
from desktop.core.models.choosing import Proposal
from desktop.core.models.facts import ModelFacts, Reasoning
from desktop.core.models.fit import Judgement, ModelVerdict
from desktop.core.models.keeping import Download, DownloadState, is_model_name, registry_of
from desktop.core.place import Place, PlaceKind
from desktop.runtime.chat import Chat
from desktop.runtime.models.advice import ModelAdvice
from desktop.runtime.models.connections import BUILT_IN_ID
from desktop.runtime.models.directory import Listing
from desktop.runtime.models.downloads import Downloads
from desktop.ui.errors import describe
from desktop.ui.look.stylesheet import GAP_TIGHT
from desktop.ui.models import words
from desktop.ui.widgets.buttons import ProgressRow, button
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.words import percent, say

# What is shown of several: what goes on, then what the user is to decide.
_FIRST = (
    DownloadState.RUNNING,
    DownloadState.FAILED,
    DownloadState.DONE,
    DownloadState.PAUSED,
    DownloadState.WAITING,
)


class ComingLine(ProgressRow):
    """A download in two or three lines: name, per cent, a bar, how it goes, and what can be done about it.

    Of several the one that matters most is shown; the page, which a press leads to, has all of them.
    """

    def __init__(
        self, downloads: Downloads, title_of: Callable[[ModelChoice], str], use: Callable[[ModelChoice], object]
    ) -> None:
        """`use` has a model answer from now on."""
        super().__init__()
        self._downloads = downloads
        self._title_of = title_of
        self._shown: ModelChoice | None = None
        self._reason = PlainLabel("", "small", wraps=True)
        self._use = button(self.tr("Use it"), "link", partial(self._do, use))
        self._resume = button(self.tr("Go on"), "link", partial(self._do, downloads.resume))
        self._dismiss = button("", "muted", partial(self._do, downloads.dismiss))
        self.column.addWidget(self._reason)
        self.column.addLayout(stack(None, self._dismiss, self._resume, self._use, gap=GAP_TIGHT, across=True))
        downloads.changed.connect(self.show_now)
        downloads.progressed.connect(lambda download: self._show(download) if download.choice == self._shown else None)

    def show_now(self) -> None:
        """Show the download that matters most; nothing where there is none."""
        first = min(self._downloads.items, key=lambda each: _FIRST.index(each.state), default=None)
        self._shown = first.choice if first is not None else None
        if first is not None:
            self._show(first)
        else:
            self.hide()

    def _show(self, download: Download) -> None:
        is_done, title = download.state is DownloadState.DONE, self._title_of(download.choice)
        others, share = len(self._downloads.items) - 1, words.share_of(download)
        how_far = percent(share) if download.size and not is_done else ""
        state = words.joined([words.coming_line(download), say("models.more", others) if others else ""])
        self.show_progress(title, how_far, share, state)
        self._bar.setVisible(not is_done)
        self._reason.tell(words.failure_line(download))
        self.setAccessibleDescription(self._reason.text())
        self.setAccessibleName(words.joined([title, how_far, state]))
        self._dismiss.setText(words.dismissal(download))
        for each, is_offered in (
            (self._use, is_done),
            (self._dismiss, is_done or download.is_refused),
            (self._resume, download.can_go_on),
        ):
            each.setVisible(is_offered)
            each.setAccessibleName(f"{each.text()}: {title}")

    def _do(self, act: Callable[[ModelChoice], object]) -> None:
        if self._shown is not None:
            act(self._shown)


BY_NAME = "by name"  # the offer of a model that no list has
WELL = (ModelVerdict.RUNS_WELL, ModelVerdict.FITS)


class ModelDeed(StrEnum):
    """Deed that a model is offered with: the first ones as buttons, the others in its menu."""

    CANCEL = "cancel"
    DISMISS = "dismiss"
    PAUSE = "pause"
    RESUME = "resume"
    GET = "get"
    USE = "use"
    ABOUT = "about"
    MEASURE = "measure"
    UNLOAD = "unload"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Offer:
    """Model as the page shows it, found there by its `name`.

    `about`: what it is good for, or where it answers. `place`: where it is, None while it is not there; `choice` and
    `model` then say which it is, `row` what the catalogue has on it. `download`: how it comes. `size` in bytes, None
    where it is not known.
    """

    name: str
    title: str
    deeds: tuple[ModelDeed, ...]
    about: str = ""
    judgement: Judgement | None = None
    size: int | None = None
    place: Place | None = None
    is_in_use: bool = False
    download: Download | None = None
    choice: ModelChoice | None = None
    model: ModelInfo | None = None
    row: ModelFacts | None = None


class ModelOffers:
    """The offers as things are now. `is_copy` returns True for a model of the built-in engine that may be deleted."""

    def __init__(self, chat: Chat, advice: ModelAdvice, downloads: Downloads, is_copy: Callable[[str], bool]) -> None:
        self._chat = chat
        self._models = chat.services.models
        self._advice = advice
        self._downloads = downloads
        self._is_copy = is_copy

    def proposals(self) -> list[tuple[Proposal, Offer]]:
        """Return the proposals for this computer, each as it is there, on its way, or to be got."""
        return [(each, self._proposal(each.row)) for each in self._advice.proposals(QLocale().name())]

    def installed(self, proposals: Collection[Offer]) -> list[Offer]:
        """Return what else is there or on its way."""
        shown = {each.choice for each in proposals}
        there = [each for each in map(self._there, self._found()) if each.choice not in shown]
        shown |= {each.choice for each in there}
        coming = [self._coming(each) for each in self._downloads.items if each.choice not in shown]
        return [*coming, *there]

    def others(self, shown: Collection[Offer], text: str, filters: Collection[str], opened: str) -> list[Offer]:
        """Return the models of the catalogue that are not shown above, and a model that is named but in no list.

        `text` is what is looked for, `filters` are the names of those that are on; of the one that is `opened` all is
        shown, and it can be got.
        """
        wanted = [row for row in self._advice.catalogue.rows if self._is_wanted(row, text, filters)]
        above = {each.row.name for each in shown if each.row is not None}
        offers = [self._to_be_got(row, is_opened=row.name == opened) for row in wanted if row.name not in above]
        return [*self._by_name(text.strip(), wanted), *offers]

    @property
    def size_on_disk(self) -> int:
        """The bytes that the models on this computer take."""
        return sum(model.size_on_disk or 0 for listing, model in self._found() if listing.place_of(model.name).is_local)

    @property
    def ollama(self) -> Listing | None:
        """The server that gets models: an Ollama on this computer, else one nearby."""
        servers = (each for each in self._models.listings if each.connection.kind is ConnectionKind.OLLAMA)
        found = [each for each in servers if each.models is not None]
        return min(found, key=lambda each: not each.connection.server_place.is_local, default=None)

    def why_not(self, name: str = "") -> str:
        """Return why a model of this name, or one of the list, cannot be got now; empty where it can."""
        if not self._downloads.is_allowed:
            return say("models.getting_switched_off")
        if self._models.is_offline:
            return say("models.getting_locked")
        if (refused := self._downloads.refusal_of(name)) is not None:
            return describe(refused.as_failure()).sentence
        return say("models.getting_without_ollama") if self.ollama is None else ""

    def title_of(self, choice: ModelChoice) -> str:
        """Return the name of a model that may not be there yet."""
        known = self._advice.catalogue.find_row(choice.model) or self._models.find(choice)
        if known is not None:
            return known.title
        return Path(choice.model).stem if choice.connection_id == BUILT_IN_ID else choice.model

    def _found(self) -> Iterator[tuple[Listing, ModelInfo]]:
        """Yield the models that are there, with whose they are."""
        for listing in self._models.listings:
            yield from ((listing, model) for model in listing.models or () if model.can_chat)

    def _proposal(self, row: ModelFacts) -> Offer:
        uses = words.uses(row)
        for listing, model in self._found():
            choice = ModelChoice(listing.connection.id, model.name)
            if listing.place_of(model.name).is_local and self._advice.row_of(choice) is row:
                return replace(self._there((listing, model)), name=row.name, title=row.title, about=uses)
        for download in self._downloads.items:
            if download.choice.model == row.name:
                return replace(self._coming(download), name=row.name)
        return replace(self._to_be_got(row, is_opened=True), about=uses)

    def _there(self, found: tuple[Listing, ModelInfo]) -> Offer:
        listing, model = found
        choice, place = ModelChoice(listing.connection.id, model.name), listing.place_of(model.name)
        is_in_use, is_away = choice == self._chat.choice, place.kind is PlaceKind.INTERNET
        is_kept = listing.connection.kind is ConnectionKind.OLLAMA and listing.runs_itself(model)
        is_copy = listing.connection.kind is ConnectionKind.BUILT_IN and self._is_copy(model.name)
        return Offer(
            _name(choice),
            model.title,
            _offered(
                {
                    ModelDeed.USE: not is_in_use,
                    ModelDeed.ABOUT: True,
                    ModelDeed.MEASURE: place.is_local,
                    ModelDeed.UNLOAD: is_kept,
                    ModelDeed.DELETE: is_kept or is_copy,
                }
            ),
            say("models.runs_elsewhere", host=place.host) if is_away else "",
            self._advice.judgement_of(choice, QLocale().name()),
            None if is_away else model.size_on_disk,
            place,
            is_in_use,
            choice=choice,
            model=model,
            row=self._advice.row_of(choice),
        )

    def _coming(self, download: Download) -> Offer:
        state, choice = download.state, download.choice
        deeds = {
            ModelDeed.PAUSE: download.given is None and state in (DownloadState.RUNNING, DownloadState.WAITING),
            ModelDeed.RESUME: download.can_go_on,
            ModelDeed.CANCEL: state is not DownloadState.DONE and not download.is_refused,
            ModelDeed.DISMISS: download.is_refused,
            ModelDeed.USE: state is DownloadState.DONE,  # what is imported begins at its beginning, each time
        }
        row = self._advice.catalogue.find_row(choice.model)
        return Offer(_name(choice), self.title_of(choice), _offered(deeds), download=download, choice=choice, row=row)

    def _to_be_got(self, row: ModelFacts, *, is_opened: bool) -> Offer:
        can_be_got = is_opened and not row.for_servers and not self.why_not(row.name)
        deeds = (ModelDeed.GET, ModelDeed.ABOUT) if can_be_got else (ModelDeed.ABOUT,)
        return Offer(
            row.name, row.title, deeds, "", self._advice.judgement_of_row(row, QLocale().name()), row.size, row=row
        )

    def _is_wanted(self, row: ModelFacts, text: str, filters: Collection[str]) -> bool:
        """Return True if a row has these words, and passes the filters of these names."""
        passes = {
            "fits": self._advice.judgement_of_row(row).verdict in (*WELL, ModelVerdict.SLOW),
            "thinks": row.reasoning is not Reasoning.NEVER,
            "sees": row.sees,
            "chinese": "zh" in row.languages,
            "any_use": row.any_use,
        }
        has_words = text.strip().casefold() in f"{row.title} {row.name} {row.licence}".casefold()
        return has_words and all(passes[each] for each in filters)

    def _by_name(self, name: str, found: Collection[ModelFacts]) -> list[Offer]:
        """Return the offer of a model that the list lacks, where the words are a name.

        A single word may be meant to find some.
        """
        is_listed = any(row.name == name for row in found) or (bool(found) and not {"/", ":"} & set(name))
        is_there = any(model.name in (name, f"{name}:latest") for _, model in self._found())
        is_coming = any(each.choice.model == name for each in self._downloads.items)
        if not is_model_name(name) or is_listed or is_there or is_coming:
            return []
        why_not = self.why_not(name)
        from_where = say("models.got_by_name", host=registry_of(name))
        return [Offer(BY_NAME, name, () if why_not else (ModelDeed.GET,), why_not or from_where)]


def _name(choice: ModelChoice) -> str:
    return f"{choice.connection_id}/{choice.model}"


def _offered(deeds: dict[ModelDeed, bool]) -> tuple[ModelDeed, ...]:
    return tuple(deed for deed, is_offered in deeds.items() if is_offered)
