"""Leads a first message through guided mode without the window: `python -m tests.prompts.lead MESSAGE [ANSWER …]`.

Each ANSWER is for the next question, in order: the number of an answer, `-` to skip, `@FILE` or `@-` (standard input)
to paste what the task is done with, or else one's own words. What is asked is shown up to the first question without an
answer, and then what would be sent at this moment. MESSAGE may be `@FILE`. Not a test: somebody reads what it says.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from desktop.core.prompts.prompt import Language
from desktop.core.prompts.render import render
from desktop.core.tasks.guiding import begin_guiding, written_draft
from desktop.core.tasks.office import GENERAL, guide_for
from desktop.prompts.texts import Guides
from tests.support.frameworks import bundled_frameworks


def lead(message, answers, language, *, task="", pasted=()):
    """Return what is asked and answered, and what would be sent then."""
    key = task or guide_for(message)
    guide = Guides().guide(key or GENERAL)
    framework = next(each for each in bundled_frameworks() if each.key == "main")
    guiding = begin_guiding(guide, framework, written_draft(message, pasted, framework, guide), language)
    said = [f"The guide: {guide.title.of(language)} ({key or 'not offered: nothing is asked for'})"]
    said += [f"  [✓ known: {words}] ({key})" for key, words in guiding.stated.items()]
    for answer in [*answers, ""]:
        key = next(iter(guiding.open_steps), "")
        if not key:
            said.append("\nAll is answered.")
            break
        said += _question(guiding, key, language)
        if not answer:
            break
        said.append(f"> {answer}")
        guiding = _answered(guiding, key, answer)
    return "\n".join([*said, "\n=== What would be sent ===", render(guiding.draft, framework, language).text])


def _question(guiding, key, language):
    question = guiding.question(key)
    if question is None:
        material = guiding.guide.material
        return [
            f"\n[{material.short.of(language)}] {material.question.of(language)} (@FILE or -)",
            material.why.of(language),
        ]
    lines = [f"\n[{question.short.of(language)}] {question.question.of(language)}", question.why.of(language)]
    for number, each in enumerate(question.answers, start=1):
        lines.append(f"  {number} {each.label.of(language)} – {each.about.of(language)}")
    return lines


def _answered(guiding, key, answer):
    question = guiding.question(key)
    text = "" if answer == "-" else _text(answer)
    if question is None:
        return guiding.with_material(text)
    numbers = {str(number): each for number, each in enumerate(question.answers, start=1)}
    return guiding.with_answer(question, guiding.words_of(question, numbers.get(text, text)))


def _text(given):
    if not given.startswith("@"):
        return given
    return sys.stdin.read() if given == "@-" else Path(given[1:]).read_text(encoding="utf-8")


def _main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("message")
    parser.add_argument("answers", nargs="*")
    parser.add_argument("--zh", action="store_true", help="the window is in Chinese")
    parser.add_argument("--task", default="", help="a task chosen on the start page, in place of the one that is named")
    parser.add_argument("--pasted", action="append", default=[], help="file with a long text pasted into the box")
    asked = parser.parse_args()
    language = Language.CHINESE if asked.zh else Language.ENGLISH
    pasted = tuple(Path(each).read_text(encoding="utf-8") for each in asked.pasted)
    print(lead(_text(asked.message), asked.answers, language, task=asked.task, pasted=pasted))  # noqa: T201


if __name__ == "__main__":
    _main()
