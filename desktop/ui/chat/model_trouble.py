"""The reason why the chosen model, or any, cannot be used, as far as it is known before something is sent.

Only picks the words; asking the servers is the list of models' business (`runtime.models`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from desktop.core.connection import ConnectionKind
from desktop.core.message import Failure
from desktop.core.model import ModelChoice
from desktop.core.models.file import FileFault
from desktop.core.models.place import shown_name as name_of_model
from desktop.runtime.models.directory import Listing
from desktop.ui.errors import ErrorAction, ErrorText, describe
from desktop.ui.words import fill, shown_name, translate

_AGAIN_OR_CONNECT = (ErrorAction.TRY_AGAIN, ErrorAction.OPEN_CONNECTIONS)


def trouble_with(
    listings: list[Listing],
    choice: ModelChoice | None,
    opened_files: Collection[str] = (),
    *,
    is_offline: bool = False,
) -> ErrorText | None:
    """Return what prevents the use of the chosen model or, with none chosen, of any. None: nothing that is known.

    `opened_files` are the paths of the model files that the built-in engine is to offer. `is_offline`: the offline lock
    is on, under which only this computer's models answer, and none that it forwards.
    """
    if choice is not None:
        listing = next((each for each in listings if each.connection.id == choice.connection_id), None)
        if listing is not None and is_offline and not (place := listing.place_of(choice.model)).is_local:
            return describe(Failure("unreachable", host=place.host, reason="offline"))
        trouble = _trouble_of(listing, choice, opened_files) if listing is not None else None
        others = [each for each in listings if each is not listing]
        return _with_others(trouble, others) if trouble is not None else None
    failed = [each.failure for each in listings if each.failure is not None]
    if failed:
        return _in_words(failed[0])
    if any(model.can_chat for each in listings for model in each.models or []):
        return None
    answered = [each for each in listings if each.models is not None and not each.is_loading]
    return _no_models(answered[0]) if answered else None


def connection_gone(choice: ModelChoice) -> ErrorText:
    """Return that the chosen model is at none of the servers that are known now, as after it was moved or removed."""
    sentence = translate(
        "errors", "%1 is at none of the servers that are there now. Choose another model, or set up its server again."
    )
    title, name = translate("errors", "The model is not there"), shown_name(name_of_model(choice.model))
    return ErrorText(title, fill(sentence, name), (ErrorAction.CHOOSE_MODEL, ErrorAction.OPEN_CONNECTIONS))


def nowhere_a_model() -> ErrorText:
    """Return that there is nothing to choose from, to whoever wants to send something."""
    sentence = translate(
        "errors", "Your message is kept. Set up a server, or open a model file; then send it with Enter."
    )
    actions = (ErrorAction.OPEN_CONNECTIONS, ErrorAction.OPEN_FILE)
    return ErrorText(translate("errors", "There is no model to ask yet"), sentence, actions)


def _with_others(trouble: ErrorText, others: list[Listing]) -> ErrorText:
    """Return the trouble with the step to another model, where one of these offers any."""
    if not any(model.can_chat for each in others for model in each.models or []):
        return trouble
    return replace(trouble, actions=tuple(dict.fromkeys((*trouble.actions, ErrorAction.CHOOSE_MODEL))))


def _trouble_of(listing: Listing, choice: ModelChoice, opened_files: Collection[str]) -> ErrorText | None:
    if listing.failure is not None:
        return _in_words(listing.failure)
    if listing.models is None or listing.is_loading or any(model.name == choice.model for model in listing.models):
        return None
    if listing.connection.kind is ConnectionKind.BUILT_IN:
        fault = FileFault.GONE if choice.model in opened_files else FileFault.NOT_LISTED
        return _in_words(Failure("engine_failed", reason=fault))
    if not any(model.can_chat for model in listing.models):
        return _no_models(listing)
    return describe(Failure("model_missing", host=_name_of(listing)))


def _in_words(failure: Failure) -> ErrorText:
    """Return the failure in words; its likeliest step stays first.

    Asking again and the connections are always offered.
    """
    text = describe(failure)
    return replace(text, actions=tuple(dict.fromkeys((text.actions[0], *_AGAIN_OR_CONNECT))))


def _no_models(listing: Listing) -> ErrorText:
    sentence = translate(
        "errors", "%1 answers but offers no model to talk to. Add one there, or connect to another server."
    )
    return ErrorText(translate("errors", "No model there yet"), fill(sentence, _name_of(listing)), _AGAIN_OR_CONNECT)


def _name_of(listing: Listing) -> str:
    return shown_name(listing.connection.name)
