"""Every code cell of every notebook, run again and compared with what is stored, network off.

The rules of pytest's set-up at the top of the checkout hold: no network in kernels, no progress
file, clocks and addresses aside.
"""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from secretome_edu.ui.messages import CourseError

CHECKOUT = Path(__file__).resolve().parents[2]
NBVAL = ("--nbval", "--nbval-current-env", "--nbval-cell-timeout=120")


def run_notebooks(folder: Path) -> int:
    """Run strict nbval over a folder of notebooks; return pytest's exit code, 0 if all agree.

    Raises
    ------
    CourseError
        This is no checkout of the course, or nbval is not installed.
    """
    rules = CHECKOUT / "tests" / "sanitize.cfg"
    missing = [str(file) for file in (rules, CHECKOUT / "conftest.py") if not file.exists()]
    missing += [name for name in ("pytest", "nbval") if find_spec(name) is None]
    if missing:
        raise CourseError(
            f"The notebooks cannot be run again: {', '.join(missing)} is missing. Run this in a "
            "checkout of the course, or add --quick to leave the notebooks out."
        )
    side_by_side = ["-n", "auto", "--dist", "loadfile"] if find_spec("xdist") else []
    command = [sys.executable, "-m", "pytest", "-q", "-o", "addopts=", *NBVAL, *side_by_side]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    return subprocess.run(
        [*command, f"--nbval-sanitize-with={rules}", str(folder)], cwd=CHECKOUT, env=environment
    ).returncode
