"""The bounds of what comes from outside, in one table. Reaching one is said in a sentence, with what can be done."""

from __future__ import annotations

MEBIBYTE = 1024 * 1024

# A reply: longer than any model writes on purpose, thinking included. What came before the bound is kept.
REPLY_LETTERS = 4 * MEBIBYTE
# What is shown of one message, and of its thinking; copying, exporting and finding have all of it.
SHOWN_LETTERS = MEBIBYTE
# The body of one answer of a server; a reply of full length, sent a token at a time, takes some 300 MiB of it.
BODY_BYTES = 512 * MEBIBYTE
# One line or one value of such a body, and a body that is read whole.
LINE_BYTES = 32 * MEBIBYTE
# What the engine's process may take beyond twice what its model and window need; a chat template can be a program that
# takes all there is. Held by Linux.
ENGINE_ROOM_BYTES = 2048 * MEBIBYTE
# Seconds in which an engine has neither read nor written by its own progress, after which it is asked if it is there;
# and those in which it has to answer that; and those after which it is ended although it answers, as where a chat
# template runs for ever. A picture, or a part of a text whose weights come from a slow disk, takes some minutes.
ENGINE_SILENCE = 20.0
ENGINE_STUCK = 600.0
# Memory of a process that reads a file, and of the one that looks long answers up, in bytes.
READER_BYTES = 700 * MEBIBYTE
LOOK_UP_BYTES = 1024 * MEBIBYTE
# Seconds of such a process without a piece of news, and in all for one order.
READER_SILENCE, READER_SECONDS = 30.0, 300.0
LOOK_UP_SILENCE, LOOK_UP_SECONDS = 120.0, 150.0
# A file that is read, one whose format is held in memory as a whole, and one of text, which is more words than any
# model could be sent.
FILE_BYTES = 512 * MEBIBYTE
WHOLE_FILE_BYTES = 200 * MEBIBYTE
TEXT_FILE_BYTES = 64 * MEBIBYTE
# A file that is packed: its parts, their bytes when unpacked, those of a part that is held at once, and how many times
# all of it may grow, which matters from a size on; tables of real files grow 10 to 30 times.
PACKED_PARTS = 50_000
UNPACKED_BYTES = 1024 * MEBIBYTE
PART_BYTES = 200 * MEBIBYTE
GROWTH, GROWTH_FROM_BYTES = 100, 64 * MEBIBYTE
# Elements in each other: what Word and LibreOffice take; and on a web page, where deeper ones stand side by side.
XML_DEPTH, HTML_DEPTH = 256, 150
# Cells and letters of a workbook: 100,000 rows of 20 columns; rows of a table of text; pages of a PDF file.
SHEET_CELLS, SHEET_LETTERS = 2_000_000, 32 * MEBIBYTE
TABLE_ROWS = 300_000
PDF_PAGES = 10_000
# What is attached to a mail, and how deep mails may be attached to mails.
ATTACHED_FILES, ATTACHED_BYTES, ATTACHED_DEPTH = 200, 100 * MEBIBYTE, 3
