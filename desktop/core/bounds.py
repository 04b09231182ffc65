"""The bounds of what comes from outside, in one table. Reaching one is said in a sentence, with what can be done."""

from __future__ import annotations

MEBIBYTE = 1024 * 1024

# A reply: longer than any model writes on purpose, thinking included. What came before the bound is kept.
REPLY_LETTERS = 4 * MEBIBYTE
# The body of one answer of a server; a reply of full length, sent a token at a time, takes some 300 MiB of it.
BODY_BYTES = 512 * MEBIBYTE
# One line or one value of such a body, and a body that is read whole.
LINE_BYTES = 32 * MEBIBYTE
