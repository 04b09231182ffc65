"""The text of a folder: what is kept of its files, what a question finds, and that nothing of it stays in the end."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

import pytest

from desktop.core.documents.document import Block, ReadingProblem, Run, Section, SectionKind
from desktop.core.folders import FolderFile, asking_for_words, chosen, words_in
from desktop.store import folders as module
from desktop.store.folders import FolderStore, known_folders

FILES = {
    "Leases/Lease Harbour Street 4.pdf": [
        "Clause 1. The landlord lets the second floor of Harbour Street 4 to the tenant.",
        "Clause 12. The tenant gives notice of six months to the end of a quarter.",
    ],
    "Leases/Amendment 2, Harbour Street 4.pdf": [
        "Clause 2 Notice. In clause 12 of the lease, in place of six months, nine months' notice is given."
    ],
    "Suppliers/Framework agreement Brightwater 2024.pdf": [
        "Brightwater delivers coffee machines. The guarantee is 24 months from the day of delivery."
    ],
    "合同/供货合同 明州.pdf": [
        "甲方向乙方采购医用手套，交货期为三十日。",
        "逾期交货的，每日支付合同价款千分之三的违约金。",
    ],
    "Contracts/C-17-100.pdf": [
        "Service agreement between Marlow Instruments and Albatross Marine.",
        "Clause 7. This service agreement may be cancelled by a letter that arrives two weeks before.",
    ],
    "Contracts/C-19-114.pdf": [
        "Service agreement between Marlow Instruments and Corvid Analytics.",
        "Clause 7. This service agreement may be cancelled by a letter that arrives five weeks before.",
    ],
    "Minutes/Minutes March.pdf": ["The kitchen on the third floor is painted in May. Ms Okafor orders the colour."],
}


def sections(pages):
    return [
        Section(SectionKind.PAGE, number, "", (Block((Run(text),), "0"),)) for number, text in enumerate(pages, start=1)
    ]


def filled(store):
    for at, (path, pages) in enumerate(FILES.items()):
        store.put(FolderFile(path, 100, at, True, None, len(pages), "application/pdf"), sections(pages))
    return store


@pytest.fixture
def store(tmp_path):
    store = filled(FolderStore(tmp_path, Path("/srv/Contracts")))
    yield store
    store.close()


# A question, those before it, and the file and page that is found first; None where nothing bears on it.
QUESTIONS = {
    "in the words of the text": ("What notice does the tenant give?", (), "Lease Harbour Street 4.pdf", 2),
    "in other forms of them": ("guarantees on a coffee machine", (), "Framework agreement Brightwater 2024.pdf", 1),
    "by the file's name": ("what is in the Brightwater framework agreement", (), None, 1),
    "on a party that another page names": ("By which letter is Corvid cancelled?", (), "C-19-114.pdf", 2),
    "on another party": ("By which letter is Albatross cancelled?", (), "C-17-100.pdf", 2),
    "in Chinese, by words that run together": ("手套交货期分别是几日？", (), "供货合同 明州.pdf", 1),
    "in Chinese": ("逾期交货要付多少违约金？", (), "供货合同 明州.pdf", 2),
    "that leans on the one before": (
        "and in the amendment?",
        ("What notice must we give for Harbour Street 4?",),
        "Amendment 2, Harbour Street 4.pdf",
        1,
    ),
    "on what no file names": ("Which parking spaces did we rent at the airport?", (), "", 0),
    "on what no file names, in Chinese": ("员工食堂的补贴标准是多少？", (), "", 0),
    "without a word that tells anything": ("What is it?", (), "", 0),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_finds_what_bears_on_it(question, store):
    asked, before, name, page = QUESTIONS[question]
    found = store.find(asked, before)
    first = [(each.file.name, each.section.number) for each in found.passages[:1]]
    if name is None:
        assert first[0][0].startswith("Framework agreement")
    else:
        assert first == ([(name, page)] if name else [])
    assert found.files == len(FILES)


BEFORE = ["What notice must the tenant of Harbour Street 4 give?"]


@pytest.mark.parametrize(
    ("question", "files"),
    [
        ("List the guarantees in a table", {"Framework agreement Brightwater 2024.pdf"}),
        ("and the second one?", {"Lease Harbour Street 4.pdf", "Amendment 2, Harbour Street 4.pdf"}),
        ("那第二个呢", {"Lease Harbour Street 4.pdf", "Amendment 2, Harbour Street 4.pdf"}),
    ],
)
def test_a_short_question_finds_what_it_is_about_itself_else_what_the_one_before_is_about(store, question, files):
    assert {each.file.name for each in store.find(question, BEFORE).passages} == files


def test_words_of_a_model_find_what_the_question_does_not(store):
    question = "May the flat on the water be handed back early?"
    assert not store.find(question).passages
    found = store.find(question, words=["lease", "notice", "tenant", "termination", "months"])
    assert (found.passages[0].file.name, found.passages[0].section.number) == ("Lease Harbour Street 4.pdf", 2)
    assert found.is_sure
    few = store.find(
        "Which dogs are allowed?", words=["pets", "animals", "kennel", "leash", "paw", "breed", "kitchen", "colour"]
    )
    assert [each.file.name for each in few.passages] == ["Minutes March.pdf"]
    assert not few.is_sure
    assert not store.find("Which dogs are allowed?", words=["pets", "animals", "kennel"]).passages
    of_both = store.find(
        "Which dogs are allowed?", words=["six months notice", "end of a quarter", "逾期交货"]
    ).passages
    assert {each.file.name for each in of_both} >= {"Lease Harbour Street 4.pdf", "供货合同 明州.pdf"}


def test_other_words_may_find_more_where_the_best_passage_has_little_of_a_question(store):
    questions = ("What notice does the tenant give?", "Which quarter has the yearly picnic?", "Which dogs are allowed?")
    assert [store.find(each).is_little for each in questions] == [False, True, True]


@pytest.mark.parametrize(
    ("question", "languages", "asked_for"),
    [
        ("What is the penalty?", {"en", "zh"}, "the words, each in English and in Chinese,"),
        ("What is the penalty?", {"zh"}, "the words, in Chinese,"),
        ("What is the penalty?", {"en"}, "the words, separated"),
        ("违约金是多少？", {"en", "zh"}, "只写词语，中文和英文各写一遍"),
        ("违约金是多少？", {"en"}, "只写词语，用英文"),
        ("违约金是多少？", {"zh"}, "只写词语，用逗号"),
    ],
)
def test_a_model_is_asked_for_words_in_the_languages_of_the_files(tmp_path, question, languages, asked_for):
    store = FolderStore(tmp_path, Path("/srv/Contracts"))
    for path, pages in FILES.items():
        if ("zh" if path.startswith("合同") else "en") in languages:
            store.put(FolderFile(path, 100, 1, True, None, len(pages), "application/pdf"), sections(pages))
    assert asked_for in asking_for_words(question, store.find(question).languages)
    store.forget()


def test_it_tells_where_each_word_stands_but_for_a_file_that_is_gone_from_the_disk(store):
    counts = store.word_counts("Which parking spaces has Brightwater?")
    assert counts == {each: {each: each == "Brightwater"} for each in ("parking", "spaces", "Brightwater")}
    assert store.find("How many contracts do we have?").is_about_everything
    lease = "Leases/Lease Harbour Street 4.pdf"
    assert store.find("Which notice?", gone=frozenset({lease})).files == len(FILES) - 1
    (counted,) = store.word_counts("tenant")["tenant"].values()
    assert store.word_counts("tenant", gone=frozenset({lease})) == {"tenant": {"tenant": counted - 1}}


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("食堂周五采购什么菜？", {"食堂周五": 0, "采购": 1}),
        ("仓库里有人着火，多久之内得有消防到场？", {"仓库": 0, "着火": 0, "消防": 0}),
        ("医用手套里有没有过敏源检测？", {"医用手套": 1, "过敏源检测": 0}),
        ("甲方年会抽奖的违约金", {"甲方": 1, "年会抽奖": 0, "违约金": 1}),
    ],
)
def test_it_tells_the_words_that_stand_within_chinese_that_runs_together(store, question, words):
    counts = store.word_counts(question)
    assert {piece: files for each in counts.values() for piece, files in each.items()} == words


def test_what_stands_nowhere_of_a_very_long_word_costs_little(store):
    began = time.process_time()
    [pieces] = store.word_counts("仓库着火消防年会" * 500).values()
    assert len("".join(pieces)) <= 40
    assert time.process_time() - began < 1.0


def test_a_few_passages_are_sent_of_several_files(store):
    found = store.find("notice months clause lease Harbour Street")
    sent = chosen(found, 10_000, lambda _: 100)
    assert {each.file.name for each in sent} == {"Lease Harbour Street 4.pdf", "Amendment 2, Harbour Street 4.pdf"}
    assert len(chosen(found, 250, lambda _: 100)) == 2
    assert chosen(found, 50, lambda _: 100) == ()


def test_a_file_is_kept_whole_replaced_and_removed(store):
    path = "Leases/Lease Harbour Street 4.pdf"
    document = store.document(path)
    assert [each.blocks[0].text for each in document.sections] == FILES[path]
    store.put(FolderFile(path, 1, 9, True, None, 1, "application/pdf"), sections(["The tenant may keep a parrot."]))
    assert store.find("Which parrot may the tenant keep?").passages[0].file.modified == 9
    assert "six" not in store.document(path).sections[0].blocks[0].text
    store.remove([path])
    assert store.document(path) is None
    assert not store.find("Which parrot?").passages
    assert path not in store.files()


def test_odd_names_half_signs_and_blocks_that_say_the_same_are_kept(store):
    store.put(
        FolderFile("Old/caf\udce9.txt", 1, 1, True, None, 1, "text/plain"), sections(["The plumber\ud800 comes."])
    )
    assert store.find("When does the plumber come?").passages[0].file.path == "Old/caf\udce9.txt"
    document = store.document("Old/caf\udce9.txt")
    assert document.name == "caf\ufffd.txt"  # which can be sent
    assert document.sections[0].blocks[0].text == "The plumber? comes."
    page = Section(SectionKind.PAGE, 1, "", (Block((Run("Signed: the landlord. " * 20),)),) * 5)
    store.put(FolderFile("Signatures.pdf", 1, 1, True, None, 1, "application/pdf"), [page])
    assert store.document("Signatures.pdf").sections == (page,)


def test_a_file_that_was_read_anew_and_those_around_it_keep_their_own_passages(store):
    paths = list(FILES)
    store.put(FolderFile("Scan.pdf", 5, 5, problem=ReadingProblem.DAMAGED))
    store.put(FolderFile(paths[1], 5, 9, True, None, 2), sections(["The carport is blue.", "The cellar is dry."]))
    store.remove([paths[3]])
    store.put(FolderFile("New.pdf", 5, 9, True, None, 1), sections(["The attic is warm."]))
    read = {paths[0]: FILES[paths[0]], paths[1]: ["The carport is blue.", "The cellar is dry."]}
    read |= {paths[2]: FILES[paths[2]], paths[4]: FILES[paths[4]], "New.pdf": ["The attic is warm."]}
    for path, pages in read.items():
        assert [each.blocks[0].text for each in store.document(path).sections] == pages
    assert [store.document(paths[3]), store.document("Scan.pdf")] == [None, None]
    asked = ("Is the cellar dry?", "Is the attic warm?", "Which guarantee has Brightwater?")
    assert [store.find(each).passages[0].file.path for each in asked] == [paths[1], "New.pdf", paths[2]]
    assert store.find("Is the cellar dry?").passages[0].number == 1


def test_a_folder_is_known_until_it_is_forgotten(store, tmp_path):
    store.note(asked_at=12.0)
    assert known_folders(tmp_path) == [(Path("/srv/Contracts"), {"asked_at": 12.0, "folder": "/srv/Contracts"})]
    assert store.file.stat().st_mode & 0o077 == 0
    store.forget()
    assert known_folders(tmp_path) == []
    everything = b"".join(each.read_bytes() for each in tmp_path.rglob("*") if each.is_file())
    assert b"Harbour" not in everything
    assert list(store.file.parent.iterdir()) == []


@pytest.mark.parametrize("content", [b"the tenant's text" * 1000, b""])
def test_a_file_that_does_not_tell_its_folder_is_deleted(content, store, tmp_path):
    for ending in ("", "-wal"):
        (store.file.parent / f"0123456789abcdef.db{ending}").write_bytes(content)
    assert [path for path, _ in known_folders(tmp_path)] == [store.folder]
    assert not list(store.file.parent.glob("0123456789abcdef*"))


def test_a_file_that_another_program_holds_stays(store, tmp_path, monkeypatch):
    def refuse(_):
        error = sqlite3.OperationalError("database is locked")
        error.sqlite_errorcode = sqlite3.SQLITE_BUSY
        raise error

    monkeypatch.setattr(module, "connect", refuse)
    assert known_folders(tmp_path) == []
    assert store.file.exists()


@pytest.mark.parametrize("fault", ["no database", "another version", "damaged in the middle"])
def test_a_file_that_cannot_be_used_is_begun_anew(fault, store):
    store.close()
    if fault == "another version":
        with sqlite3.connect(store.file) as connection:
            connection.execute("PRAGMA user_version = 99")
    elif fault == "no database":
        store.file.write_bytes(b"no database at all" * 1000)
    else:
        store.file.write_bytes(store.file.read_bytes()[:1024] + b"\xff" * 60_000)
    for _ in range(2):
        try:
            assert store.files() == {}
        except Exception:
            continue
    filled(store)
    assert store.find("notice of the tenant").passages


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ("tenancy, notice to quit, lease.", ("tenancy", "notice to quit", "lease")),
        ("1. 保险单\n2. 保额\n3. 投保", ("保险单", "保额", "投保")),
        ("The files do not say.", ()),
        ("lease", ("lease",)),
    ],
)
def test_words_are_taken_from_a_list_alone(reply, words):
    assert words_in(reply) == words
