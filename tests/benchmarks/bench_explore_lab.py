"""Slider to picture in JupyterLab: our explorer against the usual ways, in one run.

    python tests/benchmarks/bench_explore_lab.py [--rounds 3] [--peers FOLDER] [--write]

Measured in the page: from the key press on the slider to the last change of the picture (canvas
calls, new or decoded images, changed SVG). A drag is 20 presses at 30 per second; its lag is the
time from the last press to the last change. Rounds go over all paths in turn, so that a busy
machine is busy for all of them; read the ratios. ``--peers`` names a folder made with
``pip install --target FOLDER --no-deps ipympl plotly``; without it they are left out. ``--write``
puts the table into docs/performance.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "browser"), str(Path(__file__).parent)]

from bench_explore_notebooks import PATHS, notebook  # noqa: E402
from quiz_lab import Lab  # noqa: E402

MOVES, DRAG = 20, 20
OURS, PEER = "explorer (canvas)", "interact + inline matplotlib"
START, END = "<!-- slider table -->", "<!-- end of slider table -->"

# Notes the time of every change that can be seen, and of every key press.
WATCH = """(where) => {
  window.seen = []; window.pressed = [];
  const note = () => window.seen.push(performance.now());
  const drawing = ['stroke', 'fill', 'fillRect', 'drawImage', 'putImageData', 'fillText'];
  for (const name of drawing) {
    const old = CanvasRenderingContext2D.prototype[name];
    CanvasRenderingContext2D.prototype[name] = function (...args) {
      note(); return old.apply(this, args); };
  }
  const image = (img) => img.decode().then(note, () => {});
  const images = (n) => n.tagName === 'IMG' ? [n] : [...n.querySelectorAll?.('img') ?? []];
  new MutationObserver((list) => { for (const m of list) {
    const node = m.target.nodeType === 1 ? m.target : m.target.parentElement;
    if (!node || !node.closest('.jp-OutputArea')) continue;
    if (node.tagName === 'IMG') image(node);
    for (const added of m.addedNodes) images(added).forEach(image);
    if (node.closest('svg, .js-plotly-plot')) note();
  }}).observe(document.body,
    { subtree: true, childList: true, attributes: true, characterData: true });
  document.addEventListener('keydown', () => window.pressed.push(performance.now()), true);
}"""
# Waits for a change after the last press, then until `quiet` ms pass without one; at most 8 s.
SETTLE = """async (quiet) => { const start = performance.now();
  for (;;) { await new Promise((r) => setTimeout(r, 25)); const now = performance.now();
    const seen = window.seen.at(-1) ?? 0, pressed = window.pressed.at(-1) ?? 0;
    if ((seen > pressed && now - seen > quiet) || now - start > 8000) return; } }"""
LAST = """() => { const from = window.pressed.at(-1), after = window.seen.filter((t) => t > from);
  return after.length ? after.at(-1) - from : null; }"""
DRAG_KEYS = 1000 / 30


def measure(lab: Lab, name: str, extra: str | None, turn: int) -> dict[str, Any]:
    """Return the latencies and the lag of one path in one round (ms)."""
    cells, focus, picture = PATHS[name]
    page = lab.open(notebook(cells, extra), f"{turn}-{list(PATHS).index(name)}.ipynb")
    errors = lab.run_all(page)
    if errors:
        raise RuntimeError(f"{name}: {errors}")
    page.wait_for_selector(picture, timeout=60000)
    page.wait_for_timeout(1500)
    page.evaluate(WATCH, picture)
    page.locator(focus).first.focus()
    latencies = []
    for move in range(MOVES + 2):
        page.keyboard.press("ArrowRight")
        page.evaluate(SETTLE, 600)
        found = page.evaluate(LAST)
        if found is None:
            raise RuntimeError(f"{name}: the picture did not change")
        if move >= 2:  # the first two warm caches up
            latencies.append(found)
    start = page.evaluate("performance.now()")
    for press in range(DRAG):
        page.keyboard.press("ArrowLeft")
        ahead = start + (press + 1) * DRAG_KEYS - page.evaluate("performance.now()")
        if ahead > 0 and press < DRAG - 1:
            page.wait_for_timeout(ahead)
    page.evaluate(SETTLE, 1000)
    lag = page.evaluate(LAST)
    took = page.evaluate("window.pressed.at(-1) - window.pressed.at(-20)")
    page.context.close()
    return {"latencies": latencies, "lag": lag or 0.0, "drag": took}


def run(rounds: int, peers: str | None) -> dict[str, list[dict[str, Any]]]:
    """Measure every path ``rounds`` times, in turn."""
    names = [n for n in PATHS if peers or n not in ("ipympl", "plotly FigureWidget")]
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    environment = {"SECRETOME_EDU_STORE": "memory:"}
    if peers:
        environment["JUPYTER_PATH"] = str(Path(peers) / "share" / "jupyter")
    with tempfile.TemporaryDirectory() as folder:
        lab = Lab(Path(folder) / "lab", **environment)
        try:
            for turn in range(rounds):
                for name in names:
                    found[name].append(measure(lab, name, peers, turn))
                    print(
                        name,
                        {k: v for k, v in found[name][-1].items() if k != "latencies"},
                        round(statistics.median(found[name][-1]["latencies"]), 1),
                        flush=True,
                    )
        finally:
            lab.close()
    return found


def table(found: dict[str, list[dict[str, Any]]]) -> str:
    """Return the results as a Markdown table with the ratio to the explorer, round by round."""
    head = (
        "path",
        "median ms",
        "90th percentile ms",
        "lag of a drag ms, by round",
        "drag took ms",
        "times the canvas, by round",
    )
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    ours = [statistics.median(r["latencies"]) for r in found[OURS]]
    for name, rounds in found.items():
        every = [v for r in rounds for v in r["latencies"]]
        p90 = statistics.quantiles(every, n=10)[-1]
        ratios = [statistics.median(r["latencies"]) / o for r, o in zip(rounds, ours, strict=True)]
        shown = ", ".join(f"{ratio:.1f}" for ratio in ratios)
        lags = ", ".join(f"{r['lag']:.0f}" for r in rounds)
        took = statistics.median(r["drag"] for r in rounds)
        cells = (name, f"{statistics.median(every):.0f}", f"{p90:.0f}", lags, f"{took:.0f}", shown)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Run, print, and write the table if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers")
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    text = table(run(chosen.rounds, chosen.peers))
    print(text)
    if chosen.write:
        target = ROOT / "docs" / "performance.md"
        before, _, rest = target.read_text(encoding="utf-8").partition(START)
        after = rest.partition(END)[2]
        load = f"{os.getloadavg()[0]:.0f} at the end" if hasattr(os, "getloadavg") else "unknown"
        machine = f"{os.cpu_count()} cores, Python {platform.python_version()}"
        where = f"{machine}, {chosen.rounds} rounds, load average {load}."
        target.write_text(f"{before}{START}\n{where}\n\n{text}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
