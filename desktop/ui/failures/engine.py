"""The failures of the built-in engine and of the model files that it reads, by kind and reason."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from desktop.core.models.file import FileFault
from desktop.core.text.translatable import QT_TRANSLATE_NOOP
from desktop.ui.failures.entry import RETRY_OR_CHOOSE, ErrorAction, FailureEntry

_OTHER_MODEL_FILE = (ErrorAction.OPEN_FILE, ErrorAction.CHOOSE_MODEL, ErrorAction.TRY_AGAIN)

ENGINE_FAILURES: Mapping[tuple[str, str], FailureEntry] = MappingProxyType(
    {
        ("engine_failed", ""): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The built-in engine did not start"),
            QT_TRANSLATE_NOOP("errors", "The model on this computer could not be used. The details say why."),
            RETRY_OR_CHOOSE,
        ),
        ("engine_failed", "bad_file"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "This file is not a usable model"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The file is damaged, incomplete, or not a .gguf model that the built-in engine knows. Open another"
                " one, or download it again.",
            ),
            _OTHER_MODEL_FILE,
        ),
        ("engine_failed", FileFault.GONE): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The model's file is not there"),
            QT_TRANSLATE_NOOP(
                "errors",
                "It was moved, renamed or deleted, or the drive that it is on is not connected. Open it where it is"
                " now.",
            ),
            _OTHER_MODEL_FILE,
        ),
        ("engine_failed", FileFault.NOT_LISTED): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The model is not in the list"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Its file is not, or no longer, among the model files that were opened. Open it again, or choose"
                " another model.",
            ),
            _OTHER_MODEL_FILE,
        ),
        ("engine_failed", FileFault.UNREADABLE): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The model's file cannot be read"),
            QT_TRANSLATE_NOOP(
                "errors",
                "You may lack the right to read it, or its drive may have a fault. Copy it into a folder of your own"
                " and open it there.",
            ),
            _OTHER_MODEL_FILE,
        ),
        ("engine_failed", FileFault.NOT_ORDINARY): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "This is not a file"),
            QT_TRANSLATE_NOOP("errors", "A folder or a device has this name. Open the model's file itself."),
            _OTHER_MODEL_FILE,
        ),
        ("engine_failed", FileFault.EMPTY): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The file is empty"),
            QT_TRANSLATE_NOOP(
                "errors",
                "There is nothing in it: its download may have ended before it began. Download or copy it once more.",
            ),
            _OTHER_MODEL_FILE,
        ),
        ("engine_failed", FileFault.NOT_GGUF): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "This is not a model file"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Whatever its name says, something else is in it, such as a web page that was saved in place of the"
                " model. Download the model once more.",
            ),
            _OTHER_MODEL_FILE,
        ),
        ("engine_failed", FileFault.VERSION): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "This kind of model file is not known here"),
            QT_TRANSLATE_NOOP(
                "errors",
                "It was written in a version of the GGUF format that the built-in engine does not read. Look for a"
                " newer file of this model, or a newer Candor.",
            ),
            _OTHER_MODEL_FILE,
        ),
        ("engine_failed", FileFault.CUT_OFF): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The model's file is not whole"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Its end is missing: downloading or copying it was broken off. Download or copy it once more.",
            ),
            _OTHER_MODEL_FILE,
        ),
        ("engine_failed", FileFault.DAMAGED): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The model's file is damaged"),
            QT_TRANSLATE_NOOP("errors", "What stands at its beginning cannot be right. Download or copy it once more."),
            _OTHER_MODEL_FILE,
        ),
        ("engine_failed", FileFault.NO_WEIGHTS): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "There is no model in this file"),
            QT_TRANSLATE_NOOP(
                "errors",
                "It describes a model and lacks the numbers that make one. Open the larger file that has them.",
            ),
            _OTHER_MODEL_FILE,
        ),
        ("engine_failed", FileFault.LATER_PIECE): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "This is a later piece of a model"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The model is spread over several files. Keep them in one folder, and open the first, which has"
                " “00001-of-” in its name.",
            ),
            _OTHER_MODEL_FILE,
        ),
        ("engine_failed", FileFault.PIECE_MISSING): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "A piece of the model is missing"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The model is spread over several files, and not all of them are here: %1. Put them into the same"
                " folder.",
            ),
            _OTHER_MODEL_FILE,
        ),
        ("engine_failed", FileFault.PROJECTOR): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "This is only the part of a model that sees pictures"),
            QT_TRANSLATE_NOOP(
                "errors",
                "It belongs beside the model's own file, which is the larger one. Open that; this one is found there.",
            ),
            _OTHER_MODEL_FILE,
        ),
        ("engine_failed", FileFault.CANNOT_CHAT): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "This model cannot talk"),
            QT_TRANSLATE_NOOP(
                "errors",
                "It is made for searching: it turns texts into numbers and writes no answers. Open a model that is"
                " made for chat.",
            ),
            _OTHER_MODEL_FILE,
        ),
        ("engine_failed", "crashed"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The built-in engine stopped unexpectedly"),
            QT_TRANSLATE_NOOP(
                "errors", "Your conversation is safe, and what had arrived is kept. Try again; the engine starts anew."
            ),
            RETRY_OR_CHOOSE,
        ),
        ("engine_failed", "not_installed"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Model files need the full edition of Candor"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The small one, which is installed here, has no engine to run them. Install the full edition in its"
                " place (conversations and settings stay), or connect to Ollama or to a server.",
            ),
            (ErrorAction.OPEN_CONNECTIONS, ErrorAction.CHOOSE_MODEL, ErrorAction.TRY_AGAIN),
        ),
        ("engine_failed", "processor"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "This computer's processor is too old for the built-in engine"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The engine needs instructions called AVX2, which this processor lacks. Ollama works here, and so does"
                " a server on another computer.",
            ),
            (ErrorAction.OPEN_CONNECTIONS, ErrorAction.CHOOSE_MODEL),
        ),
        ("engine_failed", "template"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "This model's chat template can't be used"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The file says how a conversation is written for its model, and that is faulty or takes more memory"
                " than the engine may have. Get the model from another place, or open another one.",
            ),
            _OTHER_MODEL_FILE,
        ),
        ("engine_failed", "endless_load"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Loading this model came to no end"),
            QT_TRANSLATE_NOOP(
                "errors",
                "It took far longer than the size of the file explains, and was given up. If the file is on a slow or"
                " busy drive, try again; else get the model from another place, or open another one.",
            ),
            _OTHER_MODEL_FILE,
        ),
        ("engine_failed", "out_of_memory"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Not enough memory for this model"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The model is larger than the memory that is free. Close other programs, or open a smaller model.",
            ),
            (ErrorAction.TRY_AGAIN, ErrorAction.OPEN_FILE, ErrorAction.CHOOSE_MODEL),
        ),
    }
)
