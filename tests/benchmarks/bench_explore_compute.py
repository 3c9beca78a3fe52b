"""What the kernel does for one move of each explorer: model, description and packing.

    python tests/benchmarks/bench_explore_compute.py [--write]

Every slider is moved through ten stops; medians in milliseconds. ``--write`` puts the table into
docs/performance.md.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from secretome_edu.explore import definition, explorers  # noqa: E402
from secretome_edu.explore.controls import Slider  # noqa: E402
from secretome_edu.explore.wire import frame  # noqa: E402

START, END = "<!-- compute table -->", "<!-- end of compute table -->"


def slider_times(name: str) -> dict[str, float]:
    """Return slider -> median time of a move (ms)."""
    explorer = definition(name)
    explorer.compute(explorer.defaults())  # imports and caches
    found = {}
    for control in explorer.controls:
        if not isinstance(control, Slider):
            continue
        stops = control.grid[:: max(1, len(control.grid) // 10)]
        times = []
        for stop in stops:
            values = {**explorer.defaults(), control.name: stop}
            begin = time.perf_counter()
            frame(explorer, values, explorer.compute(values))
            times.append(1000 * (time.perf_counter() - begin))
        found[control.name] = statistics.median(times)
    return found


def main() -> None:
    """Measure, print, and write the table if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    lines = ["| explorer | typical slider ms | slowest slider ms |", "|---|---|---|"]
    for name in explorers():
        times = slider_times(name)
        typical, slowest = statistics.median(times.values()), max(times, key=times.__getitem__)
        cells = (name, f"{typical:.1f}", f"{times[slowest]:.1f} ({slowest})")
        lines.append(f"| {' | '.join(cells)} |")
        print(lines[-1], flush=True)
    if chosen.write:
        target = ROOT / "docs" / "performance.md"
        before, _, rest = target.read_text(encoding="utf-8").partition(START)
        after = rest.partition(END)[2]
        text = "\n".join(lines)
        target.write_text(f"{before}{START}\n{text}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
