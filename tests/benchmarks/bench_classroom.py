"""A class of 300 learners and 150,000 events: merged, graded, analyzed, drawn and written.

Run ``python tests/benchmarks/bench_classroom.py``; it prints seconds and fails above 15. The class
is simulated and written to hand-ins first, which is not counted; neither are the imports, which a
cold start adds. CPU seconds are printed beside wall-clock seconds, as other work on the machine
changes the latter only.
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from secretome_edu.classroom import page
from secretome_edu.classroom.course_facts import this_course
from secretome_edu.classroom.report import class_report
from secretome_edu.classroom.simulate import simulate, write_hand_ins

LEARNERS, EVENTS, MOST_SECONDS = 300, 150_000, 15.0


def main() -> int:
    """Measure once, print, and return 1 if it took too long."""
    course = this_course()
    with tempfile.TemporaryDirectory() as folder:
        start = datetime(2026, 9, 1, tzinfo=UTC)
        learners = simulate(course, LEARNERS, seed=1, start=start, events_each=EVENTS // LEARNERS)
        hand_ins = Path(folder) / "hand-ins"
        write_hand_ins(hand_ins, learners)
        megabytes = sum(path.stat().st_size for path in hand_ins.iterdir()) / 1e6
        wall, cpu = time.perf_counter(), time.process_time()
        report = class_report(hand_ins, now=datetime(2027, 6, 1, tzinfo=UTC))
        merged = time.perf_counter() - wall, time.process_time() - cpu
        page.write(report, Path(folder) / "report.html")
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    assert len(report.learners) == LEARNERS
    assert report.found.events >= EVENTS
    print(f"{len(report.learners)} learners, {report.found.events} events, {megabytes:.0f} MB")
    print(f"merged, graded and analyzed: {merged[0]:.1f} s (CPU {merged[1]:.1f} s)")
    print(f"with pictures, page and CSV: {wall:.1f} s (CPU {cpu:.1f} s); bound {MOST_SECONDS} s")
    return int(wall > MOST_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
