"""Before any test or notebook kernel starts: no network, no progress file, a fixed environment."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

GUARD = Path(__file__).parent / "tests" / "network_guard.py"


def _prepare_environment() -> None:
    os.environ["SECRETOME_EDU_STORE"] = "memory:"
    os.environ["SECRETOME_EDU_CI"] = "1"
    os.environ.setdefault("PYTHONHASHSEED", "0")
    os.environ["JUPYTER_PLATFORM_DIRS"] = "1"
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        os.environ.pop(name, None)
        os.environ.pop(name.upper(), None)
    # Kernels load the guard as an IPython start-up file.
    profile = Path(tempfile.mkdtemp(prefix="secretome-ipython-"))
    startup = profile / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00-no-network.py").write_text(GUARD.read_text(encoding="utf-8"))
    os.environ["IPYTHONDIR"] = str(profile)


_prepare_environment()


@pytest.fixture(autouse=True, scope="session")
def _no_network():
    exec(compile(GUARD.read_text(encoding="utf-8"), str(GUARD), "exec"), {"__name__": "guard"})


# -- in CI a skipped check is a failure ---------------------------------------------------------

MAY_SKIP = (
    "reference file",  # published files that are not ours to ship
    "only root can become",
)
_skipped: list[str] = []


def pytest_runtest_logreport(report):
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if not any(words in reason for words in MAY_SKIP):
            _skipped.append(f"{report.nodeid}: {reason}")


def pytest_sessionfinish(session, exitstatus):
    on_worker = hasattr(session.config, "workerinput")
    if os.environ.get("SECRETOME_EDU_REQUIRE_ALL") and _skipped and not on_worker:
        session.exitstatus = exitstatus or 1


def pytest_terminal_summary(terminalreporter):
    if os.environ.get("SECRETOME_EDU_REQUIRE_ALL") and _skipped:
        terminalreporter.section("skipped, which counts as failed here")
        for line in _skipped:
            terminalreporter.line(line)
