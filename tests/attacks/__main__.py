"""`python -m tests.attacks [NAME …]`: attack the program at random, and tell by which seed what did not hold.

Each attack is many cases; a case is a seed, which decides all that is random in it. `--case SEED` runs one again.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

from tests.attacks.trials import ATTACKS


def main():
    parser = argparse.ArgumentParser(prog="dev.py attack", description=__doc__)
    parser.add_argument("name", nargs="*", choices=[[], *ATTACKS], help=f"which: {', '.join(ATTACKS)} (default: all)")
    parser.add_argument("--count", type=int, help="how many cases of each, in place of its own number")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="what the seeds of cases begin with")
    parser.add_argument("--case", help="run this one case")
    choice = parser.parse_args()
    failed = 0
    for name in choice.name or ATTACKS:
        count = choice.count or ATTACKS[name].cases
        seeds = [choice.case] if choice.case else [f"{choice.seed}-{number}" for number in range(count)]
        failed += _attack(name, seeds)
    return int(failed > 0)


def _attack(name, seeds):
    """Run the cases of one attack; return how many did not hold."""
    began, held, fallen = time.monotonic(), Counter[str](), []
    for seed in seeds:
        with tempfile.TemporaryDirectory(prefix="candor-attack-") as folder:
            try:
                held[ATTACKS[name].run(random.Random(f"{name}-{seed}"), Path(folder))] += 1
            except Exception:
                fallen.append(seed)
                sys.stderr.write(f"{name} --case {seed} did not hold:\n{traceback.format_exc(limit=-3)[-3000:]}\n")
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(held.items()))
    seconds = time.monotonic() - began
    sys.stdout.write(f"{name}: {held.total()} of {len(seeds)} held ({kinds}), {seconds:.0f} s")
    sys.stdout.write(f"; not: --case {' '.join(fallen)}\n" if fallen else "\n")
    sys.stdout.flush()
    return len(fallen)


if __name__ == "__main__":
    sys.exit(main())
