"""The text of a folder, in a file of its own: its files as they were read, their passages, and the words of these.

It is made from the folder and can be made from it again: one that is damaged is begun anew, and no backup has it. A
look at the folder tells which files it has, and which are to be read: nothing is opened, and no link is followed. It
waits for the disk, which may be a drive that does not answer.
"""

from __future__ import annotations

import heapq
import json
import os
import sqlite3
import stat
import zlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from heapq import nlargest
from itertools import islice
from mimetypes import MimeTypes
from pathlib import Path
from typing import Any

from desktop.core.converting import as_dict, converted
from desktop.core.documents.document import Document, ReadingProblem, Section
from desktop.core.documents.passages import Candidate, question_of, ranked, rarity_of
from desktop.core.folders import (
    LARGEST_FILE,
    LEAST_SHARE,
    LEAST_TO_OFFER,
    LEAST_WEIGHT,
    MOST_FILES,
    SURE_SHARE,
    FolderFile,
    Found,
    Passage,
    Piece,
    folder_id,
    is_about_everything,
    merged,
    pieces_of,
    terms_in_name,
    words_within,
)
from desktop.core.text.clean_text import encodable
from desktop.core.text.scripts import has_han, is_chinese
from desktop.core.text.terms import terms_in
from desktop.store.disk import (
    OpenedAtUse,
    connect,
    delete_database,
    disk_failures,
    is_damage,
    make_private_file,
    make_private_folder,
    transaction,
    value_of,
)

FOLDERS = "folders"  # the folder of these files
_MOST_LOOKED_AT = 120  # passages of a question, whose words are counted
_MOST_OF_LANGUAGES = 40  # files whose language is looked at
_MOST_WORDS, _MOST_SIGNS = 20, 40  # of a question, and of a Chinese word of it, that are told to stand in no file
_MOST_COUNTED = 20_000  # places of the words of a question
_VERSION = 2
_PAGE = 1024  # bytes: with more, half of what is kept of a small folder is empty
# What passages have in common, which each is packed with.
_OFTEN = (
    b'"above":[{"runs":[{"text":"{"section":{"kind":"sheet","number":2,"title":"{"section":{"kind":"page","number":1,'
    b'"blocks":[{"runs":[{"text":""}],"place":"0","level":1},{"runs":[{"text":""}],"place":"1"},{"runs":[{"text":""}],'
    b'"place":"1","is_table":true}]}}'
)
_TABLES = (
    "CREATE TABLE notes (name TEXT PRIMARY KEY, value)",
    # Passages are numbered without gaps, a file by its first: so the index of their words takes the least room.
    "CREATE TABLE files (id INTEGER PRIMARY KEY, path TEXT UNIQUE, size INTEGER, modified INTEGER, is_read INTEGER,"
    " problem TEXT, sections INTEGER, media_type TEXT)",
    "CREATE TABLE passages (id INTEGER PRIMARY KEY, piece BLOB)",
    "CREATE VIRTUAL TABLE words USING fts5(terms, content='', detail='none', columnsize=0,"
    " tokenize='unicode61 remove_diacritics 0')",
    "INSERT INTO words (words, rank) VALUES ('automerge', 2)",  # its segments have each word once more
    "CREATE VIRTUAL TABLE temp.terms USING fts5vocab('main', 'words', 'row')",
)
_OF_FILE = "WHERE id >= :file AND id < ifnull((SELECT min(id) FROM files WHERE id > :file), id + 1)"
_FILE = "path, size, modified, is_read, problem, sections, media_type"


class _AnotherVersionError(Exception):
    """What is in a file was put there by another version, and is as good as damaged."""


class FolderStore(OpenedAtUse):
    """Keeper of one folder's text. A thread of its own uses it, which opens the file at the first use."""

    def __init__(self, home: Path, folder: Path) -> None:
        self.folder = folder
        self.id = folder_id(folder)
        self.file = home / FOLDERS / f"{self.id}.db"
        self._numbers: list[int] = []  # of the files, in order, once a question needs them
        self._in_languages: frozenset[str] | None = None  # that they are in, the same

    # Files

    def files(self) -> dict[str, FolderFile]:
        """Return the files by their paths, those that cannot be read, too. Raises `StoreError`."""
        with self._reading():
            files = (_file(row) for row in self._connection.execute(f"SELECT {_FILE} FROM files"))
            return {file.path: file for file in files}

    def put(self, file: FolderFile, sections: Sequence[Section] = ()) -> None:
        """Keep a file with what was read of it, in the place of what there was. Raises `StoreError`."""
        with self._writing():
            self._remove(file.path)
            last = "SELECT max(ifnull((SELECT max(id) FROM files), 0), ifnull((SELECT max(id) FROM passages), 0))"
            first = value_of(self._connection, last) + 1
            path, kind = _kept(file.path), file.media_type
            values = (first, path, file.size, file.modified, file.is_read, file.problem, file.sections, kind)
            self._connection.execute(f"INSERT INTO files (id, {_FILE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
            for row, piece in enumerate(pieces_of(sections), start=first):
                self._connection.execute("INSERT INTO passages (id, piece) VALUES (?, ?)", (row, _packed(piece)))
                self._connection.execute(
                    "INSERT INTO words (rowid, terms) VALUES (?, ?)", (row, " ".join(_terms_of(file.path, piece)))
                )

    def remove(self, paths: Iterable[str]) -> None:
        """Keep nothing of these files any more. Raises `StoreError`."""
        with self._writing():
            for path in paths:
                self._remove(path)

    def _remove(self, path: str) -> None:
        file = {"file": value_of(self._connection, "SELECT id FROM files WHERE path = ?", _kept(path))}
        for row, written in self._connection.execute(f"SELECT id, piece FROM passages {_OF_FILE}", file).fetchall():
            self._connection.execute(
                "INSERT INTO words (words, rowid, terms) VALUES ('delete', ?, ?)",
                (row, " ".join(_terms_of(path, _piece(written)))),
            )
        self._connection.execute(f"DELETE FROM passages {_OF_FILE}", file)
        self._connection.execute("DELETE FROM files WHERE id = :file", file)

    def document(self, path: str) -> Document | None:
        """Return a file as it was read; None where it was not. Raises `StoreError`."""
        with self._reading():
            found = self._connection.execute(
                "SELECT id, media_type FROM files WHERE path = ?", (_kept(path),)
            ).fetchone()
            query = f"SELECT piece FROM passages {_OF_FILE} ORDER BY id"
            rows = self._connection.execute(query, {"file": found[0]}).fetchall() if found else ()
        if not rows:
            return None
        return Document(
            encodable(path.rpartition("/")[2]), found[1], merged(_piece(written).section for (written,) in rows)
        )

    # Notes

    def note(self, **notes: float | str) -> None:
        """Keep notes on the folder itself, such as when it was asked last. Raises `StoreError`."""
        with self._writing():
            self._connection.executemany("INSERT OR REPLACE INTO notes VALUES (?, ?)", notes.items())

    # Finding

    def find(
        self,
        text: str,
        before: Sequence[str] = (),
        words: Sequence[str] = (),
        gone: frozenset[str] = frozenset(),
    ) -> Found:
        """Return what bears on a question, more than is sent; see `question_of`. Raises `StoreError`.

        `words`: others that a file which answers it may use; what they find stands beside what the question finds.
        `gone`: the paths of files that are not asked any more.
        """
        with self._reading():
            self._know_numbers()
            read = self._connection.execute("SELECT path FROM files WHERE is_read")
            files = sum(_path(path) not in gone for (path,) in read)
            question = question_of(text, before, words)
            holding = self._holding(question.terms)
            passages = value_of(self._connection, "SELECT count(*) FROM passages")
            rarity = rarity_of(question, holding, passages)
            candidates = self._candidates(holding, rarity)
            ranking = ranked(question, (each for each in candidates if each.passage.file.path not in gone), rarity)
            languages = self._languages()
        is_sure = is_near = ranking.share >= LEAST_SHARE
        if words:
            is_sure = ranking.share >= SURE_SHARE or ranking.weight >= LEAST_WEIGHT
            is_near = ranking.weight >= LEAST_TO_OFFER
        found = tuple(replace(each, score=score) for each, score in ranking.passages) if is_sure or is_near else ()
        return Found(found, files, is_about_everything(text), languages, ranking.share, is_sure)

    def word_counts(
        self, text: str, before: Sequence[str] = (), gone: frozenset[str] = frozenset()
    ) -> dict[str, dict[str, int]]:
        """Return in how many files each word of a question stands; of one that stands in none each part of it.

        Of a long question or word its beginning is looked at. Raises `StoreError`.
        """
        question = question_of(text, before)
        with self._reading():
            self._know_numbers()
            known = self._connection.execute("SELECT id, path FROM files") if gone else ()
            away = {id for id, path in known if _path(path) in gone}

            def files_with(terms: Sequence[str]) -> int:
                return len(self._files_with(terms) - away)

            counts: dict[str, dict[str, int]] = {}
            for word, terms in islice(question.words.items(), _MOST_WORDS):
                files = files_with(terms)
                if files or not has_han(word):
                    counts[word] = {word: files}
                else:
                    counts[word] = words_within(word[:_MOST_SIGNS], lambda piece: files_with(terms_in(piece)))
        return counts

    def _know_numbers(self) -> None:
        if not self._numbers:
            self._numbers = [id for (id,) in self._connection.execute("SELECT id FROM files ORDER BY id")]

    def _languages(self) -> frozenset[str]:
        """Return the languages that the newest files begin in, if more than one in ten does."""
        if self._in_languages is None:
            newest = f"SELECT id FROM files WHERE is_read ORDER BY modified DESC LIMIT {_MOST_OF_LANGUAGES}"
            rows = self._connection.execute(f"SELECT piece FROM passages WHERE id IN ({newest})").fetchall()
            texts = ("\n".join(block.text for block in _piece(written).section.blocks) for (written,) in rows)
            counted = Counter("zh" if is_chinese(text) else "en" for text in texts)
            self._in_languages = frozenset(each for each, files in counted.items() if files > len(rows) / 10)
        return self._in_languages

    def _holding(self, terms: Collection[str]) -> dict[str, int]:
        """Return in how many passages each term stands, of those that stand in any."""
        query = f"SELECT term, doc FROM terms WHERE term IN ({', '.join('?' * len(terms))})"
        return dict(self._connection.execute(query, list(terms)).fetchall())

    def _candidates(self, holding: Mapping[str, int], rarity: Mapping[str, float]) -> Iterator[Candidate[Passage]]:
        """Yield the passages that have most of what is rare in the question, themselves or in their file."""
        in_passage: dict[int, set[str]] = {}
        in_file: dict[int, set[str]] = {}
        counted = 0
        for term in sorted(holding, key=lambda each: holding[each]):
            counted += holding[term]
            if in_passage and counted > _MOST_COUNTED:
                break  # what so many have tells little, and takes long
            for row in self._rows_with([term]):
                in_passage.setdefault(row, set()).add(term)
                in_file.setdefault(self._file_of(row), set()).add(term)

        def worth(row: int) -> float:
            own, around = in_passage[row], in_file[self._file_of(row)]
            return sum(rarity[term] if term in own else rarity[term] / 2 for term in around)

        for row in nlargest(_MOST_LOOKED_AT, in_passage, key=worth):
            first = self._file_of(row)
            found = self._connection.execute(f"SELECT {_FILE} FROM files WHERE id = ?", (first,)).fetchone()
            file, piece = (
                _file(found),
                _piece(value_of(self._connection, "SELECT piece FROM passages WHERE id = ?", row)),
            )
            name, heading, body = _words(file.path, piece)
            passage = Passage(self.id, file, row - first, piece.whole)
            yield Candidate(passage, Counter(body), frozenset(heading), frozenset(name), frozenset(in_file[first]))

    def _rows_with(self, terms: Iterable[str]) -> list[int]:
        """Return the numbers of the passages in which all of these stand."""
        wanted = " AND ".join(f'"{term}"' for term in terms)
        return [row for (row,) in self._connection.execute("SELECT rowid FROM words WHERE words MATCH ?", (wanted,))]

    def _files_with(self, terms: Sequence[str]) -> set[int]:
        """Return the files in which a word stands; none where the index does not have each term as one."""
        if self._holding(terms).keys() != set(terms):
            return set()
        return {self._file_of(row) for row in self._rows_with(terms)}

    def _file_of(self, row: int) -> int:
        return self._numbers[bisect_right(self._numbers, row) - 1]

    # The file

    def forget(self) -> None:
        """Delete the file, with all that stands beside it. Raises `StoreError`."""
        self.close()
        with disk_failures(self.file.parent):
            delete_database(self.file)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with disk_failures(self.file.parent):
            try:
                yield
            except sqlite3.DatabaseError as error:
                if is_damage(error):  # all of it can be read again
                    self.forget()
                raise

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._reading(), transaction(self._connection):
            self._numbers, self._in_languages = [], None
            yield

    @property
    def _connection(self) -> sqlite3.Connection:
        if self._opened is None:
            make_private_folder(self.file.parent)
            try:
                self._opened = _connected(self.file)
            except (_AnotherVersionError, sqlite3.DatabaseError) as error:
                if isinstance(error, sqlite3.DatabaseError) and not is_damage(error):
                    raise
                self.forget()
                self._opened = _connected(self.file)
            self._opened.execute("INSERT OR REPLACE INTO notes VALUES ('folder', ?)", (_kept(str(self.folder)),))
        return self._opened


def known_folders(home: Path) -> list[tuple[Path, dict[str, float | str]]]:
    """Return the folders whose text is kept, with their notes, the one that was asked last first.

    A file that does not tell its folder could never be forgotten, and is deleted.
    """
    found: list[tuple[Path, dict[str, float | str]]] = []
    for file in list((home / FOLDERS).glob("*.db")):
        notes: dict[str, float | str] = {}
        try:
            with closing(connect(file)) as connection:
                notes.update(connection.execute("SELECT name, value FROM notes"))
        except sqlite3.Error as error:
            if not is_damage(error) and error.sqlite_errorcode != sqlite3.SQLITE_ERROR:  # no such table
                continue
        folder = Path(_path(notes.get("folder", "")))
        if folder_id(folder) == file.stem:
            found.append((folder, notes))
        else:
            with suppress(OSError):  # tried again at the next start
                delete_database(file)
    return sorted(found, key=lambda each: -float(each[1].get("asked_at", 0.0)))


def _connected(file: Path) -> sqlite3.Connection:
    make_private_file(file)
    pragmas = "secure_delete = ON", "temp_store = MEMORY", "synchronous = NORMAL"
    connection = connect(file, f"page_size = {_PAGE}", *pragmas)  # the size of a new file's
    try:
        version = value_of(connection, "PRAGMA user_version")
        made = value_of(connection, "SELECT count(*) FROM sqlite_master")
        if version != _VERSION and made:
            raise _AnotherVersionError
        with transaction(connection):
            for each in _TABLES[0 if not made else -1 :]:
                connection.execute(each)
            connection.execute(f"PRAGMA user_version = {_VERSION}")
    except BaseException:
        connection.close()
        raise
    return connection


def _words(path: str, piece: Piece) -> tuple[list[str], list[str], list[str]]:
    """Return the terms of a passage: of its file's name, of what it stands under, and its own."""
    heading = "\n".join([piece.section.title, *(block.text for block in piece.above)])
    body = "\n".join(block.text for block in piece.section.blocks)
    return terms_in_name(path), terms_in(heading), terms_in(body)


def _terms_of(path: str, piece: Piece) -> set[str]:
    return {term for terms in _words(path, piece) for term in terms}


def _file(row: Sequence[Any]) -> FolderFile:
    path, size, modified, is_read, problem, sections, media_type = row[:7]
    reason = ReadingProblem(problem) if problem else None
    return FolderFile(_path(path), size, modified, bool(is_read), reason, sections, media_type)


def _kept(path: str) -> str | bytes:
    """Return a path as SQLite takes it: one that is no Unicode, as names of other times may be, in bytes."""
    in_bytes = path.encode("utf-8", "surrogatepass")
    return path if in_bytes == path.encode("utf-8", "replace") else in_bytes


def _path(kept: Any) -> str:
    return kept.decode("utf-8", "surrogatepass") if isinstance(kept, bytes) else str(kept)


def _packed(piece: Piece) -> bytes:
    written = json.dumps(as_dict(piece, without_defaults=True), ensure_ascii=False, separators=(",", ":"))
    packing = zlib.compressobj(zdict=_OFTEN)
    in_bytes = written.encode("utf-8", "replace")  # half a sign, as damaged files have, is none
    return packing.compress(in_bytes) + packing.flush()


def _piece(packed: bytes) -> Piece:
    return converted(Piece, json.loads(zlib.decompressobj(zdict=_OFTEN).decompress(packed)))


_OF_SYSTEM = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "$recycle.bin", "system volume information"})
_HIDDEN_IN_WINDOWS = 0x2 | 0x4  # hidden, system
_ONLINE_IN_WINDOWS = 0x1000 | 0x40000 | 0x400000  # offline, recall on open, recall on data access
_JUNCTION = 0xA0000003
_HIDDEN_ON_MAC, _ONLINE_ON_MAC = 0x8000, 0x40000000
_LATEST = (1 << 63) - 1  # moment that the store can keep: in 2262
_TYPES = MimeTypes()  # without the system's own files
_NO_TEXT = ("image/", "audio/", "video/", "font/")
_NO_TEXT_ENDINGS = (
    ".exe", ".dll", ".so", ".dylib", ".bin", ".iso", ".img", ".dmg", ".msi", ".deb", ".jar", ".pyc", ".7z", ".rar",
    ".gz", ".xz", ".zip", ".webp", ".psd", ".flac", ".ttf", ".otf", ".woff2", ".db", ".sqlite", ".gguf",
)  # fmt: skip
# What may be otherwise although the file is the same.
_MAY_PASS = {ReadingProblem.FORBIDDEN, ReadingProblem.CRASHED, ReadingProblem.GONE}


@dataclass(frozen=True, slots=True)
class Look:
    """Files of a folder by their paths, how many stay outside, and how many beyond the most that are read.

    `failed`: beginnings of the paths at which the drive failed, so that nothing is known of what stands there.
    """

    files: Mapping[str, FolderFile]
    outside: int = 0
    beyond: int = 0
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """Files that are to be read, the newest last, and how many of the others were read.

    `unread`: paths of those that cannot be. `gone`: paths of files that were read and are there no longer.
    """

    waiting: list[FolderFile]
    read: int
    unread: list[str]
    gone: list[str]


def look_at(root: Path) -> Look:
    """Return the files of a folder. Raises OSError where it is not there, or no longer. Waits for the disk."""
    files: list[FolderFile] = []
    failed: list[str] = []
    outside = seen = 0
    folders = [""]

    def note(path: str, error: OSError) -> None:
        nonlocal outside
        outside += not isinstance(error, FileNotFoundError)  # which has gone meanwhile
        if not isinstance(error, FileNotFoundError | NotADirectoryError | PermissionError):
            failed.append(path)

    while folders:
        above = folders.pop()
        try:
            with os.scandir(root / above) as entries:
                found = list(entries)
        except OSError as error:
            if not above:
                raise
            note(above, error)
            continue
        for entry in found:
            name = entry.name
            try:
                told = entry.stat(follow_symlinks=False)
            except OSError as error:
                note(above + name, error)
                continue
            if _is_outside(name, told):
                outside += 1
            elif stat.S_ISDIR(told.st_mode):
                folders.append(f"{above}{name}/")
            else:
                seen += 1
                problem = _problem_of(name, told)
                files.append(FolderFile(above + name, told.st_size, min(told.st_mtime_ns, _LATEST), problem=problem))
        if len(files) > 2 * MOST_FILES:
            files = _newest(files)
    root.stat()  # a drive that was taken away meanwhile has fewer files than there are
    kept = _newest(files)
    return Look({each.path: each for each in kept}, outside, seen - len(kept), tuple(failed))


def _newest(files: list[FolderFile]) -> list[FolderFile]:
    return heapq.nlargest(MOST_FILES, files, key=lambda each: each.modified) if len(files) > MOST_FILES else files


def _is_outside(name: str, told: os.stat_result) -> bool:
    """Return True for what is hidden or the system's, links, pipes and devices, and files that are too large."""
    attributes, flags = getattr(told, "st_file_attributes", 0), getattr(told, "st_flags", 0)
    is_hidden = name.startswith((".", "~$")) or name.lower() in _OF_SYSTEM
    if is_hidden or attributes & _HIDDEN_IN_WINDOWS or flags & _HIDDEN_ON_MAC:
        return True
    if stat.S_ISDIR(told.st_mode):
        return getattr(told, "st_reparse_tag", 0) == _JUNCTION
    return not stat.S_ISREG(told.st_mode) or told.st_size > LARGEST_FILE


def _problem_of(name: str, told: os.stat_result) -> ReadingProblem | None:
    """Return why a file is not even opened: it would be fetched from elsewhere, or is of a kind that has no text."""
    attributes, flags = getattr(told, "st_file_attributes", 0), getattr(told, "st_flags", 0)
    if attributes & _ONLINE_IN_WINDOWS or flags & _ONLINE_ON_MAC:
        return ReadingProblem.ONLINE_ONLY
    if name.lower().endswith(_NO_TEXT_ENDINGS) or (_TYPES.guess_type(name)[0] or "").startswith(_NO_TEXT):
        return ReadingProblem.UNKNOWN_KIND
    return None


def compared(look: Look, store: FolderStore, *, is_first: bool) -> Compared:
    """Compare the files of a folder with its store. `is_first`: since the start.

    Raises FileNotFoundError where nothing is left of what was there, as in the empty place of a drive that is gone.
    """
    known = store.files()
    if known and not look.files:
        raise FileNotFoundError
    gone = {path for path in known.keys() - look.files.keys() if not path.startswith(look.failed)}
    waiting = [each for path, each in look.files.items() if _is_to_be_read(each, known.get(path), is_first=is_first)]
    to_read = {each.path for each in waiting}
    rest = [each for path, each in known.items() if path not in gone and path not in to_read]
    unread = [each.path for each in rest if not each.is_read]
    return Compared(sorted(waiting, key=lambda each: each.modified), len(rest) - len(unread), unread, sorted(gone))


def _is_to_be_read(file: FolderFile, known: FolderFile | None, *, is_first: bool) -> bool:
    if known is None or (known.size, known.modified) != (file.size, file.modified):
        return True
    if known.problem is ReadingProblem.ONLINE_ONLY:
        return file.problem is None
    return is_first and known.problem in _MAY_PASS
