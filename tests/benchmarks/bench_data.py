"""How long the knowledge base takes: loads after import, and what an import drags along.

Run: python tests/benchmarks/bench_data.py. Times are medians; imports are ratios to bare Python
in the same run, because machines differ and share their cores.
"""

from __future__ import annotations

import subprocess
import sys
import time
from statistics import median

LOAD_LIMIT_MS = 30.0
IMPORT_LIMIT_MS = 150.0
HEAVY = ("pandas", "scipy", "matplotlib")


def interpreter_ms(code: str, repeats: int = 7) -> float:
    """Return the median time of a fresh interpreter that runs ``code``."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        times.append(1000 * (time.perf_counter() - start))
    return median(times)


def first_load_ms(name: str, repeats: int = 5) -> float:
    """Return the median time of a first load, with pandas already imported."""
    from secretome_edu.data import load, package, tables

    times = []
    for _ in range(repeats):
        tables_module = sys.modules[tables.__module__]
        tables_module._parsed.cache_clear()
        package.records.cache_clear()
        package.vocabularies.cache_clear()
        start = time.perf_counter()
        load(name)
        times.append(1000 * (time.perf_counter() - start))
    return median(times)


def test_the_largest_table_loads_within_its_budget():
    import pandas  # noqa: F401  (the budget starts after the import)

    from secretome_edu.data import load, package

    size = {n: (package.HOME / r["path"]).stat().st_size for n, r in package.resources().items()}
    largest = max(size, key=size.__getitem__)
    load("glossary")
    first = first_load_ms(largest)
    start = time.perf_counter()
    load(largest)
    again = 1000 * (time.perf_counter() - start)
    print(f"{largest} ({size[largest] / 1000:.0f} kB): first {first:.1f} ms, again {again:.2f} ms")
    assert first <= LOAD_LIMIT_MS


def test_importing_the_package_stays_light():
    check = f"import secretome_edu, sys; sys.exit(any(m in sys.modules for m in {HEAVY!r}))"
    bare, package = interpreter_ms("pass"), interpreter_ms(check)
    print(f"bare {bare:.0f} ms, with secretome_edu {package:.0f} ms, ratio {package / bare:.2f}")
    assert package - bare <= IMPORT_LIMIT_MS


def test_importing_the_data_room_needs_no_pandas():
    check = f"import secretome_edu.data, sys; sys.exit(any(m in sys.modules for m in {HEAVY!r}))"
    bare, room = interpreter_ms("pass"), interpreter_ms(check)
    print(f"bare {bare:.0f} ms, with secretome_edu.data {room:.0f} ms, ratio {room / bare:.2f}")


if __name__ == "__main__":
    for name, test in list(globals().items()):
        if name.startswith("test_"):
            test()
