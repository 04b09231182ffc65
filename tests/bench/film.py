"""`python -m tests.bench.film`: how often a running reply is shown, seen from the screen, and the pictures of it.

A reply of each pace is streamed into the program's window in front, and a camera takes what the X server shows. Then
the quickest one is streamed under a turning wheel, into a window behind another program's, a minimised and a hidden
one. `--sheet FILE` lays successive pictures of all paces beside each other.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.bench.measure import DrivenProgram, driven, told_by_lines
from tests.bench.stream_server import Answer, StreamServer
from tests.bench.surroundings import add_options, home, run, say
from tests.bench.table import Row
from tests.bench.texts import SHAPES, tokens_of

RATES: Final = (20.0, 60.0, 200.0, 400.0)
_SIZE: Final = (760, 560)
_PAGE: Final = 6 * 1024  # bytes of an answer that comes first, so that the page is full
_LEAD: Final = 2.5  # seconds of a stream that come before what is watched, and
_TAIL: Final = 6.0  # after it
_PATIENCE: Final = 60.0
_STRIP: Final = 150  # pixels of the transcript's end


@dataclass(slots=True)
class _Set:
    """What takes part in a film."""

    program: DrivenProgram
    camera: DrivenProgram
    server: StreamServer
    shape: str
    seconds: float
    area: list[int] = field(default_factory=list)
    reels: list[list[str]] = field(default_factory=list)  # their names and titles

    async def stream(self, rate: float, *watched: Any) -> list[Any]:
        """Stream a reply, and return what those that watch it in its middle report."""
        tokens = tokens_of(SHAPES[self.shape](round(rate * (self.seconds + _LEAD + _TAIL)) * 4))
        answer = Answer([], tokens, rate)
        self.server.answers = [answer]
        self.program.send()
        await asyncio.sleep(_LEAD)
        reports = await asyncio.gather(*(watch() for watch in watched))
        await self.program.said("finished", _PATIENCE + len(tokens) / rate)
        return reports

    async def paints(self, wheel: bool = False) -> dict[str, Any]:
        """Count the paints of the transcript."""
        return await self.program.do("count_paints", _PATIENCE, seconds=self.seconds, wheel=wheel)

    async def watch(self, reel: str, area: Sequence[int]) -> dict[str, Any]:
        """Have the camera take pictures."""
        return await self.camera.do("watch", _PATIENCE, reel=reel, area=list(area), seconds=self.seconds)


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.bench.film", description=__doc__)
    parser.add_argument("--rates", type=lambda text: [float(each) for each in text.split(",")], default=RATES)
    parser.add_argument("--seconds", type=float, default=4.0, help="of each reply that are watched")
    parser.add_argument("--shape", choices=SHAPES, default="mixed")
    parser.add_argument("--scale", type=float, default=1.0, help="of the program's screen, as QT_SCALE_FACTOR")
    parser.add_argument("--sheet", type=Path, help="lay the pictures in this file, a column for each pace")
    parser.add_argument("--rows", type=int, default=8, help="of the sheet")
    parser.add_argument("--whole", action="store_true", help="take the whole window instead of the transcript's end")
    parser.add_argument("--skip-others", action="store_true", help="only the window in front")
    add_options(parser)
    choice = parser.parse_args()
    screen = f"{round(1000 * choice.scale)}x{round(700 * choice.scale)}x24"
    return run(lambda environment, rows: _measure(environment, rows, choice), choice, screen)


async def _measure(environment: dict[str, str], rows: list[Row], choice: argparse.Namespace) -> None:
    server = StreamServer()
    await server.start()
    scaled = {**environment, "QT_SCALE_FACTOR": str(choice.scale)}
    with home() as folder:
        async with (
            driven(server.address, folder, scaled, watch_stalls=False) as program,
            told_by_lines("tests.bench.camera", [], environment) as camera,
        ):
            film = _Set(program, camera, server, choice.shape, choice.seconds)
            server.answers = [Answer([], tokens_of(SHAPES[choice.shape](_PAGE)), 1000.0)]
            await program.ask(_PATIENCE)
            film.area = (await program.do("place", width=_SIZE[0], height=_SIZE[1]))["area"]
            await _in_front(film, rows, choice)
            if not choice.skip_others:
                await _otherwise(film, rows, max(choice.rates))
    await server.stop()


async def _in_front(film: _Set, rows: list[Row], choice: argparse.Namespace) -> None:
    x, y, width, height = film.area
    strip = height if choice.whole else round(_STRIP * choice.scale)
    area = [x, y + height - strip, width, strip]
    for rate in choice.rates:
        say(f"{rate:.0f} tokens a second, in front")
        seen, painted = await film.stream(rate, lambda rate=rate: film.watch(f"{rate}", area), film.paints)  # type: ignore[misc]
        name = f"{rate:.0f} tokens/s"
        a_second = len(seen["times"]) / film.seconds
        rows += [
            Row(f"{name}: pictures a second", a_second, ""),
            Row(f"{name}: paints a second", len(painted["times"]) / painted["seconds"], ""),
            *_gaps(name, seen["times"]),
        ]
        film.reels.append([f"{rate}", f"{rate:.0f} tokens a second: {a_second:.1f} pictures"])
    if choice.sheet:
        shown = {"rows": choice.rows, "crop": [width, strip], "scale": 0.75 / choice.scale}
        await film.camera.do("lay", file=str(choice.sheet.absolute()), columns=film.reels, **shown)


async def _otherwise(film: _Set, rows: list[Row], rate: float) -> None:
    x, y, width, height = film.area
    name = f"{rate:.0f} tokens/s"
    say(f"{name}, under the wheel")
    strip = [x, y + height - _STRIP, width, _STRIP]  # a small part, so that the camera is quick enough
    seen, painted = await film.stream(rate, lambda: film.watch("wheel", strip), lambda: film.paints(wheel=True))
    turned = painted["notches"] / painted["seconds"]
    rows.append(Row(f"{name}, wheel: turns a second", turned, ""))
    rows.append(Row(f"{name}, wheel: paints a second", len(painted["times"]) / painted["seconds"], ""))
    rows.append(Row(f"{name}, wheel: pictures a second", len(seen["times"]) / film.seconds, ""))
    rows += _gaps(f"{name}, wheel", seen["times"])
    beside = [x + width + 40, y, 200, 100]
    for how in ("another program in front", "minimised", "hidden"):
        say(f"{name}, {how}")
        if how == "another program in front":
            await film.camera.do("cover", area=beside)
        else:
            await film.program.do("stand", how=how)
        seen, painted = await film.stream(rate, lambda: film.watch("other", film.area), film.paints)
        rows.append(Row(f"{name}, {how}: paints a second", len(painted["times"]) / painted["seconds"], ""))
        rows.append(Row(f"{name}, {how}: pictures a second", len(seen["times"]) / film.seconds, ""))
        await film.camera.do("cover", area=[])
        await film.program.do("stand", how="front")


def _gaps(name: str, times: list[float]) -> list[Row]:
    """Return the time between two pictures: of most of them, and the longest."""
    gaps = sorted((later - earlier) * 1000 for earlier, later in itertools.pairwise(times))
    if len(gaps) < 2:
        return []
    return [
        Row(f"{name}: between two pictures, median", statistics.median(gaps), "ms"),
        Row(f"{name}: of 95 in 100 at most", gaps[int(len(gaps) * 0.95)], "ms"),
        Row(f"{name}: at most", gaps[-1], "ms"),
    ]


if __name__ == "__main__":
    sys.exit(main())
