"""A working day of one explorer: one move every 2 s for 8 hours, without the pauses.

    python tests/benchmarks/soak_explorer.py [--explorer NAME ...] [--view canvas|core] [--moves N]
    python tests/benchmarks/soak_explorer.py --browser [--explorer NAME] [--moves N]

The first form moves the real widget in this process and counts what Python holds (tracemalloc,
objects) and what the process takes (resident memory). ``--browser`` opens it in JupyterLab in
Chromium, moves its sliders as a hand does, and also counts the page's memory after a garbage
collection. ``tests/robustness/test_soak.py`` runs a short one of the first form.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import sys
import time
import tracemalloc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import combinations
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "tests" / "browser"))

import numpy as np  # noqa: E402

from secretome_edu.explore import definition, explorers  # noqa: E402
from secretome_edu.explore.canvas import CanvasExplorer  # noqa: E402
from secretome_edu.explore.controls import Cells, Choice  # noqa: E402
from secretome_edu.explore.core import CoreExplorer  # noqa: E402
from secretome_edu.explore.explorer import Explorer  # noqa: E402
from secretome_edu.figures.scene import Point  # noqa: E402

DAY_MOVES = 8 * 3600 // 2
EVERY = 25  # one move in so many is a preset, a reset or a look at the table
SAMPLES = 12


def moves(explorer: Explorer, seed: int = 2019) -> Iterator[dict[str, Any]]:
    """Yield what a page sends while somebody plays: any control to any stop, at times a button."""
    random = np.random.default_rng(seed)
    number = 0
    while True:
        number += 1
        if number % EVERY == 0:
            yield _button(explorer, number // EVERY)
            continue
        control = explorer.controls[random.integers(len(explorer.controls))]
        if isinstance(control, Cells):
            width, height = control.extent_um
            names = [kind.name for kind in control.kinds]
            value: Any = [
                [str(random.choice(names)), random.uniform(0, width), random.uniform(0, height)]
                for _ in range(random.integers(0, 12))
            ]
        else:
            stops = list(control.options) if isinstance(control, Choice) else control.grid
            value = stops[random.integers(len(stops))]
        yield {"kind": "move", "values": {control.name: value}, "from": ["page", number]}


def _button(explorer: Explorer, number: int) -> dict[str, Any]:
    if number % 3 == 0 and explorer.presets:
        return {"kind": "preset", "label": explorer.presets[number % len(explorer.presets)].label}
    return {"kind": ("reset", "table", "reset")[number % 3]}


class Canvas:
    """The widget of the page, asked as the page asks."""

    def __init__(self, explorer: Explorer):
        self.view = CanvasExplorer(explorer, {})

    def move(self, message: dict[str, Any]) -> None:
        self.view._receive(self.view, message, [])


class Core:
    """The explorer of plain widgets, moved by its own inputs."""

    def __init__(self, explorer: Explorer):
        self.view = CoreExplorer(explorer, {})

    def move(self, message: dict[str, Any]) -> None:
        if message["kind"] == "move":
            for name, value in message["values"].items():
                if name in self.view._inputs:
                    self.view._inputs[name].value = value
                else:
                    self.view.set(**{name: [Point(*cell) for cell in value]})
        elif message["kind"] == "preset":
            self.view.preset(message["label"])
        else:
            self.view.reset()


VIEWS = {"canvas": Canvas, "core": Core}


@contextmanager
def tracing() -> Iterator[None]:
    """Let Python count what it allocates."""
    if tracemalloc.is_tracing():
        yield
        return
    tracemalloc.start()
    try:
        yield
    finally:
        tracemalloc.stop()


def soak(
    played: Any, steps: Iterator[dict[str, Any]], count: int, samples: int = SAMPLES
) -> np.ndarray:
    """Move ``count`` times; return what was held on the way.

    Returns
    -------
    array, shape (4, samples)
        Moves so far, bytes traced by Python, objects, bytes resident.
    """
    held = np.zeros((samples, 4), dtype=np.int64)  # made before, so that it does not count
    marks = [round(count * (i + 1) / samples) for i in range(samples)]
    for number in range(1, count + 1):
        played.move(next(steps))
        if number in marks:
            played.move({"kind": "reset"})  # the same picture each time: pictures differ in size
            gc.collect()
            row = held[marks.index(number)]
            row[:2] = number, tracemalloc.get_traced_memory()[0]
            row[2:] = len(gc.get_objects()), resident()
    return held.T


def resident(process: int | str = "self") -> int:
    """Return the resident memory of a process in bytes (Linux)."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def growth(at: Sequence[int], held: Sequence[int]) -> float:
    """Return how much is added per move: the median of the slopes between all pairs of samples."""
    slopes = [(q - p) / (j - i) for (i, p), (j, q) in combinations(zip(at, held, strict=True), 2)]
    return statistics.median(slopes)


def in_process(name: str, view: str, count: int) -> str:
    """Play for ``count`` moves here; return a row of the table."""
    with tracing():
        played, steps = VIEWS[view](definition(name)), moves(definition(name))
        soak(played, steps, max(300, count // 10), 1)  # fills caches, which have an upper bound
        began = time.monotonic()
        at, traced, objects, mib = soak(played, steps, count)
    took = time.monotonic() - began
    first, last = mib[[0, -1]] / 2**20
    return (
        f"| {name} | {view} | {count} | {took:.0f} | {first:.1f} | {last:.1f} | "
        f"{growth(at, traced):+.2f} | {growth(at, objects):+.4f} |"
    )


HEAD = (
    "| explorer | view | moves | s | resident MiB at first | at last | traced bytes a move | "
    "objects a move |\n|---|---|---|---|---|---|---|---|"
)

# One move: a random slider or list to a random stop, and wait until the kernel has answered it.
PLAY = """async ([count, seed]) => {
  let state = seed;
  const random = (n) => { state = (1103515245 * state + 12345) % 2147483648; return Math.floor(state / 65536) % n; };
  const root = document.querySelector('.se-x');
  const inputs = [...root.querySelectorAll('.se-x-controls input, .se-x-controls select')];
  const buttons = [...root.querySelectorAll('.se-x-body button')].filter((b) => b.textContent !== 'Play');
  const readouts = root.querySelector('.se-x-readouts');
  let late = 0;
  for (let i = 1; i <= count; i++) {
    const answered = new Promise((done) => {
      const seen = new MutationObserver(() => { seen.disconnect(); clearTimeout(out); done(); });
      const out = setTimeout(() => { seen.disconnect(); late++; done(); }, 5000);
      seen.observe(readouts, { childList: true });
    });
    if (i % 25 === 0) buttons[random(buttons.length)].click();
    else {
      const input = inputs[random(inputs.length)];
      if (input.tagName === 'SELECT') input.selectedIndex = random(input.options.length);
      else input.value = random(Number(input.max) + 1);
      input.dispatchEvent(new Event(input.tagName === 'SELECT' ? 'change' : 'input'));
    }
    await answered;
  }
  return late;
}"""  # noqa: E501
COUNTED = """
import os
import secretome_edu as se
moved = 0
def count(values, description):
    global moved
    moved += 1
view = se.explore({name!r})
view.on_move(count)
view
"""
SAY = """async (code) => {
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const future = kernel.requestExecute({ code });
  let text = '';
  future.onIOPub = (m) => { if (m.header.msg_type === 'stream') text += m.content.text; };
  await future.done;
  return text;
}"""


def in_browser(name: str, count: int) -> None:
    """Play for ``count`` moves in JupyterLab in Chromium; print a table on the way."""
    import tempfile

    import nbformat.v4 as v4
    from lab import Lab

    with tempfile.TemporaryDirectory() as folder:
        lab = Lab(Path(folder) / "lab", SECRETOME_EDU_STORE="memory:", SECRETOME_EDU_UI="rich")
        try:
            cell = v4.new_code_cell(COUNTED.format(name=name))
            page = lab.open(v4.new_notebook(cells=[cell]), "soak.ipynb")
            page.set_default_timeout(0)
            if errors := lab.run_all(page):
                raise SystemExit(str(errors))
            page.wait_for_selector(".se-x canvas")
            kernel = page.evaluate(SAY, "print(os.getpid())").strip()
            tools = page.context.new_cdp_session(page)
            print("| moves | s | page heap MiB | nodes | listeners | kernel resident MiB |")
            print("|---|---|---|---|---|---|")
            late, began = page.evaluate(PLAY, [100, 7]), time.monotonic()  # what is made once
            rows = []
            for part in range(SAMPLES + 1):
                if part:
                    late += page.evaluate(PLAY, [count // SAMPLES, part])
                page.wait_for_timeout(800)  # the description settles
                for _ in range(2):
                    tools.send("HeapProfiler.collectGarbage")
                heap = tools.send("Runtime.getHeapUsage")["usedSize"]
                there = tools.send("Memory.getDOMCounters")
                rows.append((part * (count // SAMPLES), heap))
                print(
                    f"| {rows[-1][0]} | {time.monotonic() - began:.0f} | {heap / 2**20:.2f} | "
                    f"{there['nodes']} | {there['jsEventListeners']} | "
                    f"{resident(kernel) / 2**20:.1f} |",
                    flush=True,
                )
            moved = page.evaluate(SAY, "print(moved)").strip()
            at, held = (list(column) for column in zip(*rows, strict=True))
            print(f"Page: {growth(at, held):+.1f} bytes a move; the kernel moved {moved} times.")
            print(f"{late} moves unanswered after 5 s; problems on the page: {page.problems}")
        finally:
            lab.close()


def main() -> None:
    """Play, and print what was held."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--explorer", action="append", choices=explorers())
    parser.add_argument("--view", choices=VIEWS, default="canvas")
    parser.add_argument("--moves", type=int, default=DAY_MOVES)
    parser.add_argument("--browser", action="store_true")
    chosen = parser.parse_args()
    names = chosen.explorer or ["field"]
    if chosen.browser:
        in_browser(names[0], chosen.moves)
        return
    print(HEAD)
    for name in names:
        print(in_process(name, chosen.view, chosen.moves), flush=True)


if __name__ == "__main__":
    main()
