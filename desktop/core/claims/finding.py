"""All that can be checked in an answer, in the order in which it stands there."""

from __future__ import annotations

import re

from desktop.core.claims.claim import LOOKED_AT, Finding, Shown, blanked
from desktop.core.claims.dates import dates_in
from desktop.core.claims.names import known_names, names_in
from desktop.core.claims.numbers import decimal_sign, numbers_in
from desktop.core.claims.quoted import code_in, links_in, quotations_in

_ADDRESS = re.compile(r"\S*[./@]\S*")


def claims_of(answers: list[Shown]) -> list[list[Finding]]:
    """Return the claims of each answer.

    The answers are read together: what one leaves open, another may make plain.
    """
    visible = [blanked(answer.text, answer.code)[:LOOKED_AT] for answer in answers]
    decimal = decimal_sign(*visible)
    known = frozenset[str]().union(*map(known_names, visible))
    return [_claims(answer, text, decimal, known) for answer, text in zip(answers, visible, strict=True)]


def _claims(answer: Shown, visible: str, decimal: str, known: frozenset[str]) -> list[Finding]:
    links = sorted(links_in(answer, visible), key=lambda claim: claim.start)
    # The numbers in an address are no claims of their own; the words that a link is written with may be.
    words = blanked(visible, [(claim.start, claim.end) for claim in links if _ADDRESS.fullmatch(claim.text)])
    dates = dates_in(words)
    rest = blanked(words, [(claim.start, claim.end) for claim in dates])
    quoted = quotations_in(words)
    # A name between quotes is told as what is quoted, and not once more without the quotes.
    whole = {(claim.start + 1, claim.value) for claim in quoted}
    names = [claim for claim in names_in(rest, known) if (claim.start, claim.value) not in whole]
    found = [*code_in(answer), *links, *quoted, *dates, *numbers_in(rest, decimal), *names]
    return sorted(found, key=lambda claim: (claim.start, -claim.end))
