"""Prints, for each request of a file, the advice that would be shown beside it; whether it is right, a reader judges.

    python -m tests.core.advice.measure FILE

The file is a JSON list of requests: texts, or objects with `id` and `text`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from desktop.core.advice import MOST_SHOWN, PromptSetting, advise
from desktop.core.model import ModelInfo
from desktop.ui.prompts.frame import advice_line
from tests.core.tables import MAIN, draft

SETTING = PromptSetting(model=ModelInfo("qwen2.5:7b", family="qwen2", capabilities=frozenset({"completion"})))


def main(file):
    pieces = 0
    for number, request in enumerate(json.loads(file.read_text(encoding="utf-8")), start=1):
        text = request if isinstance(request, str) else request["text"]
        name = number if isinstance(request, str) else request.get("id", number)
        found = advise(draft({"task": text}), MAIN, SETTING)[:MOST_SHOWN]
        pieces += len(found)
        shown = [f"    {each.key}: {advice_line(each).words}\n" for each in found]
        sys.stdout.write("".join([f"{name}  {text}\n", *shown]))
    sys.stdout.write(f"{pieces} pieces of advice\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
