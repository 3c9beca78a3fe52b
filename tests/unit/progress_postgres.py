"""A real PostgreSQL server for the length of a test, from the programs Debian installs."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path


def programs() -> Path | None:
    """Return the folder of the newest installed server's programs, if there is one."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda p: p.parts[4])
    return found[-1].parent if found else None


@dataclass
class Server:
    """A running server: its URL, and the means to stop and start it."""

    folder: Path
    user: str | None
    bin_folder: Path

    @property
    def url(self) -> str:
        return f"postgresql://teacher@/postgres?host={self.folder}"

    def run(self, program: str, *words: str) -> None:
        subprocess.run(
            [self.bin_folder / program, "-D", self.folder / "data", *words], user=self.user,
            cwd=self.folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={"LC_ALL": "C.UTF-8"},
        )  # fmt: skip

    def start(self) -> None:
        options = f"-c listen_addresses= -k {self.folder} -c max_connections=60"
        self.run("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        self.run("pg_ctl", "-m", "immediate", "-w", "stop")


@contextmanager
def temporary_server() -> Iterator[Server]:
    """Start an empty server that only a socket in a private folder leads to.

    PostgreSQL refuses to run as root, so root starts it as the user ``postgres``, which Debian's
    package creates.
    """
    bin_folder = programs()
    assert bin_folder is not None
    user = "postgres" if os.getuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="secretome-edu-pg-", dir="/tmp"))  # short: socket path
    if user:
        shutil.chown(folder, user)
    server = Server(folder, user, bin_folder)
    try:
        server.run("initdb", "-U", "teacher", "-A", "trust", "-E", "UTF8")
        server.start()
        yield server
    finally:
        with suppress(subprocess.CalledProcessError):  # a test may have stopped it
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)
